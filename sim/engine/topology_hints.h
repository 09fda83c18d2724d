/*
 * topology_hints.h: topology-aware hints of one address type of one Service, after packing (H-3, H-13 to
 * H-22). O(endpoints) a sync.
 */
// clang-format off
/*
 * CANONICAL ORDERS AND DRAWS. Zones are in the order of their bytes, unchanged slices in that of their creation.
 * H-19: the zones of equal surplus, or need, that is the greatest: pick by CHOICE_ZONE; the giver is drawn
 * before the receiver. H-20: of the zones that still receive, pick by CHOICE_ZONE.
 */
// clang-format on
#ifndef EPSIM_ENGINE_TOPOLOGY_HINTS_H
#define EPSIM_ENGINE_TOPOLOGY_HINTS_H

#include "engine/packing.h"

/* 1 / (1 + the overload threshold), in IEEE double. */
#define OVERLOAD_FACTOR (1.0 / (1.0 + 0.2))

/* Gives hints to the plan's creates and updates, and moves unchanged slices to the updates where needed; or
 * takes all hints away. The plan says which Event follows. */
void topology_hints_decide(struct slice_plan *plan);

#endif
