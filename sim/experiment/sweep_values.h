/*
 * sweep_values.h: the parameters of a sweep and their values: lists, ranges and what else YAML can write.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_VALUES_H
#define EPSIM_EXPERIMENT_SWEEP_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/bind.h"

/* Numbers of runs in a database have 23 bits (schema.sql), and 0 is none. */
#define SWEEP_RUNS_MAX UINT32_C(8388607)

/* One value of a parameter. The parameter `seed` is a run's own and no --set: its set is NULL. */
struct sweep_value {
    const char *set;  /* "PATH=VALUE", as for --set; NULL: a seed */
    const char *text; /* VALUE */
    uint64_t seed;
    struct position at;
};

struct sweep_parameter {
    const char *path;
    struct position at;
    struct sweep_value *values;
    uint32_t value_count;
};

/* A row gives several parameters a value at once; not all rows need to have the same. */
struct sweep_row {
    struct position at;
    struct sweep_value *values;
    const char **paths; /* of the values */
    uint32_t value_count;
};

/* Each reads what stands in a sweep file; mistakes are the binder's. Texts and lists live in its arena.
 * O(values). A pair of `parameters`: a path, and a value, a list or a range. */
void sweep_parameter_bind(struct binder *binder, const struct yaml_pair *pair, struct sweep_parameter *out);
/* An item of `rows`. */
void sweep_row_bind(struct binder *binder, const struct yaml_node *node, struct sweep_row *out);
/* A value that is there twice would be a run that is there twice. */
void sweep_values_report_twice(struct binder *binder, const struct sweep_parameter *parameter);
/* A whole number from 0 to 2^64 - 1. */
bool sweep_seed_parse(const char *text, uint64_t *out);

#endif
