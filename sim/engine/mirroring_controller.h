/*
 * mirroring_controller.h: the EndpointSliceMirroring controller: gives hand-written Endpoints of Services
 * without selector their slices (M-*). O(addresses) a sync, and each change rewrites whole slices (M-24).
 *
 * A sync that could only clean up what is not there is not run at all: so Endpoints of Services with a
 * selector, each write of which wakes the real controller (M-41), cost nothing here. Who must count those
 * syncs sets engine->mirrors_idly.
 */
// clang-format off
/*
 * CANONICAL ORDERS AND DRAWS (see packing.h for `take`).
 *
 * Keys (address type and ports)  in the order of the re-packed subsets, of each IPv4 before IPv6; the walk
 *                starts at choices_start(CHOICE_KEYS, keys) and goes round (ND-4, ND-10).
 * Existing slices of a key       by creation; the first is the one that stays (M-22).
 * Endpoints of a key             as they are walked (M-12); one of the same identity takes the place of the one
 *                before it (M-14). A new slice takes its own by take(endpoints, CHOICE_ENDPOINT).
 * Deletes        by key in the order of the walk; then slices of other keys, by creation.
 * Recycling      by address type in the order of the creates, from choices_start(CHOICE_FAMILIES, types) on and
 *                round (M-31, ND-3).
 */
// clang-format on
#ifndef EPSIM_ENGINE_MIRRORING_CONTROLLER_H
#define EPSIM_ENGINE_MIRRORING_CONTROLLER_H

#include "engine/engine_private.h"

/* One sync of the key. False: it ends in an error and is to be retried (M-3, M-31). */
bool mirroring_sync(struct service_entry *entry);

/* --- what the informer tells (M-40 to M-42) --- */

/* `before`, `now`: the Service's revisions; NULL: there is none. The entry has the present one. */
void mirroring_service_changed(
    struct service_entry *entry, const struct service *before, const struct service *now);
/* Whoever wrote the object. `is_gone`: it was deleted. O(1) when its metadata is as before. */
void mirroring_endpoints_changed(
    struct service_entry *entry, const struct endpoints *endpoints, bool is_gone);
/* A slice that somebody else created or changed; `before` as it was filed before (NULL: it is new). */
struct mirroring_filing {
    struct service_entry *service;
    bool mirrored;
};
void mirroring_slice_changed(const struct slice_entry *slice, const struct mirroring_filing *before);
/* It goes; by_us: the controller deleted it itself. */
void mirroring_slice_deleted(const struct slice_entry *slice, bool by_us);
/* At the start every slice is new. */
void mirroring_slice_listed(const struct slice_entry *slice);

#endif
