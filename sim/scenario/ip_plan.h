/*
 * ip_plan.h: how large the cluster's range of pod addresses and each node's share of it are.
 *
 * The rule, for nodes that do not bring a range of their own (spec.podCIDRs wins):
 * 1. A node's share is a /24, unless the scenario says otherwise (nodes.podRangePrefix). Where the pods
 *    that the scenario can have at once, twice over, are more than nodes x 253, it is the smallest range
 *    that holds a node's part of them: so other nodes can take over when half of them fail.
 * 2. Shares come from nodes.podRange, 10.244.0.0/16. When that is left at its default and is too small
 *    for the nodes, it widens to 10.0.0.0/8.
 * 3. Where even that is too small, shares shrink as far as the pods allow (100,000 nodes: a /25 each).
 *    Where it is still too small the scenario is refused.
 * IPv6, when a Service asks for it: /64 a node from fd00:10:244::/48, less when there are too many nodes.
 * Addresses .0, .1 (the gateway) and the last one of a share are never given to pods.
 */
#ifndef EPSIM_SCENARIO_IP_PLAN_H
#define EPSIM_SCENARIO_IP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/text.h"
#include "scenario/scenario.h"

/* More shares than that are not told apart. */
#define IP_PLAN_SHARES_MAX (UINT32_C(1) << 28)

struct ip_plan {
    struct ip_range range, range6;
    uint8_t share_prefix, share_prefix6;
    uint32_t share_count;
    bool dual_stack; /* pods have an IPv6 address too */
};

/* False, with a message for the user in `problem`, when the nodes do not fit. O(scenario). */
bool ip_plan_make(struct ip_plan *plan, const struct scenario *scenario, struct text *problem);

#endif
