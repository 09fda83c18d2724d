/*
 * packing_policy.h: who decides which slice takes which endpoint.
 *
 * `upstream` is what the real controller does (S-43, S-44) and the only policy that is conformant; it is the
 * default. The others are what-ifs: what would it cost, and save, if the controller did otherwise? Whoever
 * shows results of theirs says so.
 *
 * What a policy is asked. For each address type and port key that a sync does something to: D, the wanted
 * endpoints that no slice keeps; the key's slices as this sync leaves them so far, which are the *written*
 * ones (key->updates: an endpoint of theirs went or changed, so they are sent anyway), the *unchanged* ones
 * (key->group->slices those that have room, by length and then age) and the *new* ones (plan->creates from
 * key->first_create on). Slices that keep nothing are on the list of deletions already (S-41).
 *
 * What it may answer. With the packing_* verbs: append some of D to a slice that has room, written, unchanged
 * or new; empty a slice, whose endpoints are then in D. When it is done D must be empty. And with `share`:
 * what endpoints of one port key must have in common to stand in one slice; each such share is then a key of
 * its own in all that follows.
 *
 * What stays the same under any policy: what is wanted and with which content (S-25 to S-34), what a slice
 * keeps and where (S-40, S-46), deletions of what keeps nothing (S-41, S-47), the placeholder (S-48), hints,
 * recycling (S-71), the order of requests (S-60). Mirroring has rules of its own and no policy.
 */
#ifndef EPSIM_ENGINE_PACKING_POLICY_H
#define EPSIM_ENGINE_PACKING_POLICY_H

#include "engine/packing.h"

struct packing_policy {
    /* Takes all of D to slices; plan->creates and key->updates say where. */
    void (*place)(struct slice_plan *plan, struct plan_key *key);
    /* What an endpoint shares a slice with, beyond its ports; SYM_EMPTY: with whoever has none. NULL: with
     * all. It must follow from the endpoint alone, and of stored slices it is that of their first one. */
    sym (*share)(const struct endpoint *endpoint);
    /* A sync that looks at everything asks for every port key, also one of which nothing changed. */
    bool asks_always;
};

/* Of the engine's configuration. */
const struct packing_policy *packing_policy_of(enum packing_policy_kind kind);

extern const struct packing_policy packing_upstream, packing_best_fit_all, packing_rebalance,
    packing_one_slice_per_zone;

/* --- looking --------------------------------------------------------------------------------- */

/* |D|. */
static inline uint32_t packing_left(const struct plan_key *key)
{
    return key->wanted.count - key->taken;
}
/* M. */
static inline uint32_t packing_max(const struct slice_plan *plan)
{
    return plan->entry->engine->config.endpoints_per_slice_max;
}
/* Endpoints that the slice will have. */
static inline uint32_t packing_length(const struct slice_edit *edit)
{
    return edit->kept + edit->appended.count;
}
static inline uint32_t packing_room(const struct slice_plan *plan, const struct slice_edit *edit)
{
    uint32_t length = packing_length(edit);
    return length < packing_max(plan) ? packing_max(plan) - length : 0;
}
/* Written slices in the order of slices: a qsort comparison. */
int packing_compare_age(const void *a, const void *b);
/* One of the unchanged slices of the greatest length of at most `length_max`, drawn by CHOICE_FILL_TIE; NULL:
 * there is none. *out_tied (may be NULL): among so many. Only good after packing_set_aside. O(log slices). */
struct slice_entry *packing_longest(
    struct slice_plan *plan, struct plan_key *key, uint32_t length_max, uint32_t *out_tied);

/* --- doing ----------------------------------------------------------------------------------- */

/* From here on the group's tree holds unchanged slices alone. O(written x log slices). */
void packing_set_aside(struct plan_key *key);
/* The next `count` of D, 1 to |D|, drawn by CHOICE_ENDPOINT, to the end of the slice (ND-5, S-46). */
void packing_append(struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit, uint32_t count);
/* An unchanged slice becomes a written one. O(log slices). */
struct slice_edit *packing_open(struct slice_plan *plan, struct plan_key *key, struct slice_entry *slice);
/* Why: `count` of D, before they are appended, go to the edit's slice, or to a new one. */
void packing_tell(const struct slice_plan *plan, const struct plan_key *key, const struct slice_edit *edit,
    enum decision_kind kind, uint32_t count, uint32_t tied);
/* A new slice. */
struct slice_edit *packing_create(struct slice_plan *plan, struct plan_key *key);
/* All endpoints of a slice are in D, in the order in which they stood there; the slice is deleted, or never
 * created. Of written and new ones the edit is closed. O(length), and O(endpoints of the Service) for each
 * one that somebody else wrote. */
void packing_empty_edit(struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit);
void packing_empty_slice(struct slice_plan *plan, struct plan_key *key, struct slice_entry *slice);

#endif
