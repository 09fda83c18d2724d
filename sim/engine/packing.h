/*
 * packing.h: which slice takes which endpoint (S-40 to S-49, S-71), for one address type of one Service.
 *
 * The incremental sync and the full one find out in different ways what is wanted, what stays where and what
 * is gone; then both run this code. It decides and changes nothing: the result is a list of requests. Steps 2
 * and 3 (S-43, S-44), where endpoints find their slices, are a policy's (packing_policy.h).
 */

// clang-format off
/*
 * CANONICAL ORDERS AND DRAWS. Go's map order is replaced by fixed orders, and by draws (choices.h) where the
 * order decides something. A reconciler that shares the orders and draws in the same sequence gets the same
 * slices, names and requests. For one sync of one Service:
 *
 * Address types  one after the other, as the Service lists spec.ipFamilies; IPv4 before IPv6 if it lists none
 *                and both are supported (S-10). All that follows is for one address type. Each type is planned
 *                and written (creates, updates, deletes) before the next one is looked at.
 * Slices         by creation in the store (endpointslice.sequence). An endpoint that is stored twice stays in
 *                the first slice of this order (ND-2).
 * Pods           by creation in the store (store_each's order, target.sequence): the order of D (ND-1).
 * Port keys      by the 16 raw bytes of their hash (S-20, S-21 of the configured release), ascending (ND-4).
 *
 * taking one     take(list, point): with n candidates left, draw k = choices_pick(point, n); the result is the
 *                k-th of those left; then the *first* one left moves into its place and the list loses its
 *                head. (So FIXED, where k is always 0, takes them in their order.) n = 1 draws nothing.
 *
 * Per desired port key, in order, with D = its wanted endpoints that no slice keeps, in the order of pods:
 * 1. ND-6        While D is not empty and update slices are left that have room: the candidates are the longest
 *                of those (all of equal length), in the order of slices; pick one of t by CHOICE_UPDATE_TIE,
 *                fill it up to M with take(D, CHOICE_ENDPOINT), and it is out of the round. Slices of M
 *                endpoints or more are passed over without a draw.
 * 2. ND-7        While D is not empty: if |D| < M, the candidates are the unchanged slices with the least room
 *                that is enough, in the order of slices; pick one of t by CHOICE_FILL_TIE and append all of D
 *                by take(D, CHOICE_ENDPOINT). Without a candidate, or if |D| >= M: a new slice takes
 *                min(M, |D|) by take(D, CHOICE_ENDPOINT).
 *
 * Lists of the address type
 * creates        by port key; within a key in the order in which they were opened (the full ones first).
 * updates        by port key; within a key in the order of slices, whether they changed, were relabelled or
 *                were filled; then those that are written for their hints alone (H-4, T-3), in the order of
 *                slices; then the recycled ones in the order of recycling.
 * deletes        slices without our owner, in the order of slices (S-15); then by desired port key those that
 *                keep nothing, in the order of slices (S-41); then by port key no longer desired, in the order
 *                of slices (S-47).
 * S-48, S-49     the placeholder is decided after these lists are made; it is the only create then.
 * ND-8           S-71, while creates and eligible deletes (owned; their type is the same here) are left: the
 *                last create recycles take(eligible deletes, CHOICE_RECYCLE), candidates in the order of the
 *                list. What remains of the deletes is sent in the order of the list.
 * S-11           slices of unsupported types are deleted last of all, in the order of slices, without a draw.
 *
 * Nothing else draws. Slices that are merely filled keep their labels (S-52).
 *
 * All this is the policy `upstream`. Others take D elsewhere, with the same draws and these orders:
 * best-fit-all   the longest written slice with room, picked by CHOICE_UPDATE_TIE in the order of slices, or
 *                the longest unchanged one if that is longer, picked by CHOICE_FILL_TIE; new ones as in 2.
 * rebalance      emptied slices are deletes behind those of S-41, in the order in which they were emptied;
 *                D is then what they held, in their order, by take(D, CHOICE_ENDPOINT) again. Of equally
 *                short ones new slices come before written ones, those before unchanged ones, and of each the
 *                first. Of equally roomy ones the first; of equally fitting ones as in 2.
 * one-slice-per-zone   keys are pairs of port key and zone, by port key and then by the zone's hash.
 */
// clang-format on

#ifndef EPSIM_ENGINE_PACKING_H
#define EPSIM_ENGINE_PACKING_H

#include "base/text.h"
#include "engine/engine_private.h"

/* A wanted endpoint on its way into a slice. */
struct wanted_endpoint {
    struct member *member;
    struct endpoint *endpoint; /* one reference */
};

/* An endpoint of a slice that goes (NULL) or is replaced. */
struct slice_change {
    uint32_t index;
    struct endpoint *endpoint; /* one reference */
    struct member *member;
};

/* What a sync does to one slice. */
struct slice_edit {
    struct slice_entry *slice; /* NULL: it is created */
    struct slice_group *group; /* where it belongs afterwards */
    VEC(struct slice_change) changes;
    VEC(struct wanted_endpoint) appended;
    struct slice_edit *next_spare;
    uint32_t kept;   /* endpoints that stay, replaced or not */
    bool changed;    /* S-40: an endpoint went, or is not equal any more */
    bool relabels;   /* labels become those of S-51 */
    bool hints_only; /* the changes are of hints: other records stay as stored */
    bool recycles;   /* S-71: everything is replaced, `appended` is all there is */
};

/* An endpoint that a slice keeps as stored, with the hints that it should have. */
struct slice_hint {
    struct slice_entry *slice;
    struct slice_change change;
    bool writes; /* the slice is written for its sake, if it is not written anyway */
};

/* A slice that keeps all its endpoints as stored; only noted for topology hints. */
struct stored_slice {
    struct slice_entry *slice;
    uint32_t first_member; /* of its endpoints' members in the plan's list */
};

/* A port key that something is done to. */
struct plan_key {
    struct slice_group *group;
    VEC(struct wanted_endpoint) wanted;  /* D, in the order of pods */
    uint32_t taken;                      /* so many of its head are gone */
    uint32_t first_create, first_delete; /* in the plan's lists, of this key */
    VEC(struct slice_edit *) updates;
};

/* The sync of one address type. What is found out comes first, what is decided after it. An engine has one
 * and uses it again and again, with the room of its lists: the usual sync, of few pods, allocates none. */
struct slice_plan {
    struct service_entry *entry;
    uint32_t family;
    uint32_t existing; /* slices of the type, ours or not */
    bool asks_always;  /* the policy is asked for every port key */
    VEC(struct plan_key) keys;
    uint32_t keys_made; /* so many have lists with room, those behind `count` included */
    struct slice_edit *spare_edits;
    VEC(struct slice_entry *) unowned; /* S-15 */
    VEC(struct slice_hint) hints;      /* of slices that keep their endpoints as stored, by slice */

    VEC(struct stored_slice) stored; /* by creation */
    VEC(struct member *) stored_members;

    /* The Event that follows the requests (H-4, H-13, H-21); no reason: none. */
    const char *event_reason;
    bool event_is_warning;
    struct text event_text;

    VEC(struct slice_edit *) creates;
    VEC(struct slice_edit *) updates;
    VEC(struct slice_entry *) deletes;
};

/* The key of a group, opened if need be. Valid until the next one is opened. */
struct plan_key *plan_key_open(struct slice_plan *plan, struct slice_group *group);
/* The edit of a slice in a group, opened if need be: from here on it is not an unchanged slice (S-44). */
struct slice_edit *plan_edit_open(struct slice_plan *plan, struct slice_entry *slice);
/* An unchanged slice that is written for its hints alone: moves to the updates (H-6). */
struct slice_edit *plan_edit_move(struct slice_plan *plan, struct slice_entry *slice);
/* Decides: fills creates, updates and deletes. O((D + requests) x log slices). */
void plan_decide(struct slice_plan *plan);
/* The engine's plan, for the sync of one address type; to be closed before the next one. */
struct slice_plan *plan_open(struct service_entry *entry, uint32_t family);
void plan_close(struct slice_plan *plan);
/* Takes NULL. */
void plan_destroy(struct slice_plan *plan);
void plan_edit_close(struct slice_plan *plan, struct slice_edit *edit);

/* Tells why (decision.h), if somebody listens. `slice`: NULL for one that is not there yet. */
void plan_tell(const struct slice_plan *plan, const struct slice_entry *slice, struct decision decision);

/* Labels of a slice of the Service (S-51). Interned; remembered. */
const struct labels *slice_labels_of(struct service_entry *entry);
/* By port key, then by share. */
int slice_group_compare(const struct slice_group *a, const struct slice_group *b);
/* The group of a port list, created if need be. `nil`, `share`: see slice_group. */
struct slice_group *slice_group_get(
    struct service_entry *entry, uint32_t family, const struct port_list *ports, bool nil, sym share);
/* The group that a slice with these ports belongs to when it is stored: a list without ports comes back as
 * nil. */
struct slice_group *slice_group_of_stored(
    struct service_entry *entry, uint32_t family, const struct port_list *ports, sym share);

#endif
