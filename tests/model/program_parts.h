/*
 * program_parts.h: what the files of program.h share.
 */
#ifndef EPSIM_TESTS_MODEL_PROGRAM_PARTS_H
#define EPSIM_TESTS_MODEL_PROGRAM_PARTS_H

#include <stdio.h>

#include "model/program.h"

#define PROGRAM_PODS 44
#define PROGRAM_NODES 5

/* splitmix64, so that a fault in kernel/random.c cannot hide itself. */
uint64_t program_random(uint64_t *state);
uint32_t program_below(uint64_t *state, uint32_t bound);
bool program_chance(uint64_t *state, uint32_t percent);
/* 0: default, 1: other. */
sym program_namespace(struct catalog *catalog, uint32_t number);

sym program_node_name(struct catalog *catalog, uint32_t node);
/* `pairs`: keys and values in turn; at most 8. */
const struct labels *program_make_labels(struct catalog *catalog, const char *const *pairs, uint32_t count);

void program_apply_pod(struct program_world *world, const struct program_event *event, struct text *out);
void program_apply_service(struct program_world *world, const struct program_event *event, struct text *out);
/* Edits of Endpoints and slices by others than the controllers. */
void program_apply_foreign(struct program_world *world, const struct program_event *event, struct text *out);

#endif
