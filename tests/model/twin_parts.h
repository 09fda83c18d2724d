/*
 * twin_parts.h: what the files of twin.h share.
 */
#ifndef EPSIM_TESTS_MODEL_TWIN_PARTS_H
#define EPSIM_TESTS_MODEL_TWIN_PARTS_H

#include "model/plain_parts.h"
#include "model/twin.h"

/* A key in one controller's queue. */
struct twin_item {
    struct twin_key *key;
    int controller;
    bool queued;
    uint64_t queue_sequence;
    uint32_t failures;
    bool timed;
    sim_time timer_ns;
    uint64_t timer_sequence;
};

struct twin_key {
    sym namespace, name;
    const struct service *service; /* the revision that watchers saw last; a reference, or NULL */
    struct twin_item items[TWIN_QUEUES];
    struct plain_trigger triggers[2];
    struct plain_hint_cache hint_cache;  /* outlives the Service */
    VEC(struct twin_tracked) tracked[2]; /* of slices and of mirroring; see twin_tracker */
};

/* The key's entry, made at first sight. */
struct twin_key *twin_key_of(struct twin *twin, sym namespace, sym name);
/* Calendar time now; the twin may be behind the clock. */
int64_t twin_calendar_s(const struct twin *twin);
enum twin_tracker { TRACKER_SLICES, TRACKER_MIRRORING };

/* A mirroring sync that could only clean up what is not there is not run (mirroring_controller.h). */
bool twin_has_mirroring(struct twin *twin, struct twin_key *key);
void twin_enqueue_mirroring(struct twin *twin, struct twin_key *key);
/* Adds to the item's queue, unless it waits there already (C-20), or nobody has started yet. */
void twin_enqueue(struct twin *twin, struct twin_item *item);
/* The same when the controller's batch period is over (C-11, C-21). */
void twin_enqueue_after_batch(struct twin *twin, struct twin_item *item);

/* --- twin_store.c --- */

struct twin_slice *twin_find_slice(const struct twin *twin, sym namespace, sym name);
/* No watcher is told of a no-op (O-50). */
void twin_put_endpoints(struct twin *twin, struct endpoints *endpoints, bool is_noop);
/* E-75: whoever deleted it, the key is enqueued. */
void twin_remove_endpoints(struct twin *twin, sym namespace, sym name);
/* The key of the Service that the slice names; NULL: none. */
struct twin_key *twin_service_key(struct twin *twin, const struct endpointslice *slice);
/* Whether the slice is labelled as the controller's whose tracker that is. */
bool twin_manages(const struct twin *twin, enum twin_tracker tracker, const struct endpointslice *slice);
void twin_track(struct twin_key *key, enum twin_tracker tracker, uint64_t id, int64_t generation);
struct twin_tracked *twin_tracked(struct twin_key *key, enum twin_tracker tracker, uint64_t id);
void twin_untrack(struct twin_key *key, enum twin_tracker tracker, uint64_t id);
void twin_erase_slice(struct twin *twin, struct twin_slice *slice);
/* The same, with the delete event of somebody else's deletion (S-58). */
void twin_remove_slice(struct twin *twin, struct twin_slice *slice);

/* --- twin_sync.c --- */

/* All: true when the sync ends in an error. */
bool twin_sync_endpoints(struct twin *twin, struct twin_key *key);
bool twin_sync_slices(struct twin *twin, struct twin_key *key);
bool twin_sync_mirroring(struct twin *twin, struct twin_key *key);
/* H-11: computes the nodes' shares anew, and wakes the Services that are overloaded now. */
void twin_compute_topology(struct twin *twin);
/* Collects everything whose owners are gone, by age (S-2). */
void twin_collect_garbage(struct twin *twin);

#endif
