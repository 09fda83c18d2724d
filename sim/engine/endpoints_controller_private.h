/*
 * endpoints_controller_private.h: what endpoints_controller.c (a sync at once) and endpoints_flight.c (one
 * that takes time) share.
 */
#ifndef EPSIM_ENGINE_ENDPOINTS_CONTROLLER_PRIVATE_H
#define EPSIM_ENGINE_ENDPOINTS_CONTROLLER_PRIVATE_H

#include "engine/engine_private.h"
#include "engine/repack.h"

/* What a member contributes (E-10 to E-24). */
struct wanted {
    const struct port_list *ports;
    /* Fresh (endpoint_build.h), one reference, ready as the address is (E-15); NULL: nothing. */
    struct endpoint *address;
};

struct sync {
    struct engine *engine;
    struct service_entry *entry;
    struct endpoints *object; /* NULL: to be created */
    int64_t trigger_s;
    const struct wanted *decided; /* of each marked member, when the sync takes time; else NULL */
    /* Of a full sync: */
    struct endpoints *fresh; /* all that is wanted, links lead into it; NULL: nothing is to be written */
    struct subset_list stored, all_wanted; /* as they compare */
    /* Of the members seen so far: */
    bool changed; /* one of them differed */
    bool visible; /* ... in what a single group shows (see apply_member) */
    uint32_t added, removed;
};

static inline void endpoints_tell(const struct sync *sync, struct decision decision)
{
    if (decisions_are_watched(sync->engine))
        decision_tell(sync->entry, CONTROLLER_ENDPOINTS, decision);
}

static inline void endpoints_unlink_address(struct member *member)
{
    member->group = POOL_NONE;
}

/* A full sync, not one of the marked members alone. */
static inline bool endpoints_needs_all(const struct sync *sync)
{
    return !sync->object || sync->object->is_explicit || sync->entry->rescan[SYNC_ENDPOINTS];
}

/* The Service is gone, and what is known of it goes too. O(marked members). */
void endpoints_forget(struct service_entry *entry);

/* --- the incremental sync --- */

/* `like`: a record that the member may still look like, or NULL. O(1) beside the ports. */
void endpoints_want(
    struct service_entry *entry, const struct member *member, struct endpoint *like, struct wanted *out);
/* From what is listed of it (E-61). O(1). */
bool endpoints_member_differs(const struct member *member, const struct wanted *wanted);
/* Compares the marked members, of which it uses up `decided` if that is there, and writes. O(marked members x
 * log n). */
void endpoints_sync_marked(struct sync *sync);

/* --- the full sync: O(n log n) --- */

/* False: nothing is to be written. Else `fresh` is there, and of an object that is there `stored` and
 * `all_wanted`. */
bool endpoints_decide_all(struct sync *sync);
/* Takes over all three. */
void endpoints_write_all(struct sync *sync);
/* Nothing of `fresh` is written. */
void endpoints_drop_fresh(struct sync *sync);
/* `stored` and `all_wanted`, of an object that is there; and without them again. */
void endpoints_look_at_both(struct sync *sync);
void endpoints_look_away(struct sync *sync);

#endif
