/*
 * what_if.h: which packing policies other than upstream's are among many runs, in the words in which
 * everything that shows these runs says so.
 */
#ifndef EPSIM_EXPERIMENT_WHAT_IF_H
#define EPSIM_EXPERIMENT_WHAT_IF_H

#include <stdint.h>

#include "base/text.h"
#include "experiment/sweep_plan.h"

/* A set with the policy of that name in it; empty for "upstream", NULL and words that are no policy. */
uint32_t what_if_of(const char *policy);
/* Those of the plan's runs, as far as scenarios and parameters say. O(runs x parameters). */
uint32_t what_if_of_plan(const struct sweep_plan *plan);
/* "packing policies best-fit-all and rebalance are what-ifs, the real controller packs as upstream does";
 * nothing of an empty set. */
void what_if_add(struct text *out, uint32_t policies);

#endif
