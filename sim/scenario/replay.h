/*
 * replay.h: the event `replay`: pods of a trace come and go.
 */
#ifndef EPSIM_SCENARIO_REPLAY_H
#define EPSIM_SCENARIO_REPLAY_H

#include "scenario/bind.h"

/* pods, file and namespace of `replay`. */
extern const struct schema replay_schema;

/* Reads the rows that an event's `replay` names; their times count from `at_ns`. False, and told, when there
 * are none. */
bool replay_bind(struct binder *binder, const struct yaml_pair *pair, int64_t at_ns, struct trace *out);

#endif
