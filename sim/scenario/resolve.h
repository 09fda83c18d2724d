/*
 * resolve.h: what can only be judged over the whole scenario: duplicate objects, references that nothing
 * could ever fulfil, and times beyond the end.
 */
#ifndef EPSIM_SCENARIO_RESOLVE_H
#define EPSIM_SCENARIO_RESOLVE_H

#include "scenario/bind.h"

/* `document`: the Scenario document, or NULL. Mistakes are told. O(n) expected in objects and events. */
void resolve(struct binder *binder, const struct yaml_node *document);

#endif
