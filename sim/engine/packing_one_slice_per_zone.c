/*
 * packing_one_slice_per_zone.c: a what-if. Endpoints of a zone have slices of their own: zones never mix in a
 * slice, for consumers that want to read their own zone's slices and no others. Within a zone all is as
 * upstream; M still bounds a slice. Endpoints without a zone share slices among themselves.
 *
 * Worst cost: one slice more for each zone but one, as each zone's last slice may hold a single endpoint; a
 * sync writes slices of as many zones as it has endpoints of.
 */
#include "engine/packing_policy.h"

static sym zone_of(const struct endpoint *endpoint)
{
    return endpoint_flags(endpoint) & ENDPOINT_ZONE ? endpoint_zone(endpoint) : SYM_EMPTY;
}

static void place(struct slice_plan *plan, struct plan_key *key)
{
    packing_upstream.place(plan, key);
}

const struct packing_policy packing_one_slice_per_zone = {.place = place, .share = zone_of};
