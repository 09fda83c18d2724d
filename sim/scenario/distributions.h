/*
 * distributions.h: how long something takes, as a scenario says it: a duration, or a distribution of them.
 */
#ifndef EPSIM_SCENARIO_DISTRIBUTIONS_H
#define EPSIM_SCENARIO_DISTRIBUTIONS_H

#include "scenario/bind.h"

/* The mapping, for the reference. */
extern const struct schema distributions_schema;

/* Into a struct distribution; points of an empirical one are in the binder's arena. */
void bind_distribution(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);
/* Into an int64_t of nanoseconds, at most the field's `max`. */
void bind_duration_up_to(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);

#endif
