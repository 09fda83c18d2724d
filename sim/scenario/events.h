/*
 * events.h: what happens: the items of `events`.
 */
#ifndef EPSIM_SCENARIO_EVENTS_H
#define EPSIM_SCENARIO_EVENTS_H

#include "scenario/bind.h"

/* `replay` is read as an event and becomes a struct trace; of `together` only its events are left. */
#define EVENT_REPLAY (EVENT_CHURN + 1)
#define EVENT_TOGETHER (EVENT_CHURN + 2)
#define EVENT_VERB_COUNT (EVENT_CHURN + 3)

/* The field_bind of `events`; the target is the struct scenario. */
void events_bind(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);

/* Verbs (FIELD_VERB) and parameters; for the reference. */
extern const struct schema event_schema;
/* What a verb's reference may be of, as REFERENCE_BITs; 0 for apply, together and replay. */
uint32_t event_verb_kinds(int32_t verb);

#endif
