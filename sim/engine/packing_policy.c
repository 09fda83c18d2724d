/*
 * packing_policy.c: the list of policies.
 */
#include "engine/packing_policy.h"

#include "base/check.h"

const struct packing_policy *packing_policy_of(enum packing_policy_kind kind)
{
    static const struct packing_policy *const policies[PACKING_POLICY_COUNT] = {
        [PACKING_UPSTREAM] = &packing_upstream,
        [PACKING_BEST_FIT_ALL] = &packing_best_fit_all,
        [PACKING_REBALANCE] = &packing_rebalance,
        [PACKING_ONE_SLICE_PER_ZONE] = &packing_one_slice_per_zone,
    };
    EPSIM_ASSERT(kind < PACKING_POLICY_COUNT);
    return policies[kind];
}

const char *packing_policy_text(enum packing_policy_kind kind)
{
    static const char *const names[PACKING_POLICY_COUNT] = {
        [PACKING_UPSTREAM] = "upstream",
        [PACKING_BEST_FIT_ALL] = "best-fit-all",
        [PACKING_REBALANCE] = "rebalance",
        [PACKING_ONE_SLICE_PER_ZONE] = "one-slice-per-zone",
    };
    EPSIM_ASSERT(kind < PACKING_POLICY_COUNT);
    return names[kind];
}
