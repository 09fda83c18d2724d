/*
 * expect.h: what a scenario says will be so: the items of `expect`.
 */
#ifndef EPSIM_SCENARIO_EXPECT_H
#define EPSIM_SCENARIO_EXPECT_H

#include "scenario/bind.h"

/* The field_bind of `expect`; the target is the struct scenario. */
void expect_bind(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);
/* at, service, namespace and the columns; for the reference. */
extern const struct schema expect_schema;

#endif
