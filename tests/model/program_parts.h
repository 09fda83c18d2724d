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

/* --- all changes of the world; objects are taken over --- */

/* Not the store's, whose uids are for what controllers make. */
struct uuid program_new_uid(struct program_world *world);
void program_put_pod(struct program_world *world, struct pod *pod);
/* Another pod of the name shows as that one changed. */
void program_replace_pod(struct program_world *world, struct pod *pod);
void program_remove_pod(struct program_world *world, const struct pod *pod);
void program_put_service(struct program_world *world, struct service *service);
void program_remove_service(struct program_world *world, sym namespace, sym name);
void program_put_node(struct program_world *world, struct node *node);
void program_remove_node(struct program_world *world, sym name);
/* `writer`: in managedFields. */
void program_write_endpoints(struct program_world *world, struct endpoints *endpoints, sym writer);
void program_delete_endpoints(struct program_world *world, sym namespace, sym name);
void program_write_slice(struct program_world *world, struct endpointslice *slice, sym writer);
void program_delete_slice(struct program_world *world, sym namespace, sym name);

/* --- events, by subject --- */

void program_apply_pod(struct program_world *world, const struct program_event *event, struct text *out);
void program_apply_service(struct program_world *world, const struct program_event *event, struct text *out);
/* Edits of Endpoints and slices by others than the controllers. */
void program_apply_foreign(struct program_world *world, const struct program_event *event, struct text *out);

#endif
