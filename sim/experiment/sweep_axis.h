/*
 * sweep_axis.h: the values of a parameter in a picture: in order, as numbers where all of them are; durations
 * are seconds.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_AXIS_H
#define EPSIM_EXPERIMENT_SWEEP_AXIS_H

#include "experiment/results.h"

struct sweep_axis {
    int parameter;            /* -1: none; the axis then has one value, without a name */
    VEC(const char *) values; /* distinct, in order; NULL: not set */
    bool is_numeric;
};

/* O(variants log variants). */
void sweep_axis_init(struct sweep_axis *axis, const struct results *results, int parameter);
void sweep_axis_fini(struct sweep_axis *axis);
/* Which value a variant has. O(log values). */
uint32_t sweep_axis_index(const struct sweep_axis *axis, const struct results *results, uint32_t variant);
/* Where it stands: the number itself, or its place from 1. */
double sweep_axis_position(const struct sweep_axis *axis, uint32_t index);
/* "maxEndpointsPerSlice"; "" without a parameter. */
const char *sweep_axis_name(const struct sweep_axis *axis, const struct results *results);
/* "100", "not set". */
const char *sweep_axis_label(const struct sweep_axis *axis, uint32_t index);

#endif
