/*
 * cluster_player.h: plays the steps of a recording through the whole pipeline: store, informers, controllers.
 *
 * Each request of a step has an instant of its own, and everything that follows from it is over before the
 * next; a pod that is removed is seen to terminate first, which makes two changes (C-19a). Several changes
 * may be put together in groups, as if they had met the controllers at once. Then the controllers' clocks run
 * on for as long as the recorder waited, so that what failed is tried again.
 */
#ifndef EPSIM_TESTS_CONFORMANCE_CLUSTER_PLAYER_H
#define EPSIM_TESTS_CONFORMANCE_CLUSTER_PLAYER_H

#include "conformance/cluster_recording.h"
#include "engine/engine_private.h"

/* Requests by who sent them, and Events. */
struct cluster_counts {
    uint32_t endpoints[VERB_COUNT]; /* of Endpoints, by controllers */
    uint32_t slices[VERB_COUNT];    /* of slices, by controllers */
    uint32_t events;
    uint64_t slice_sync_errors;
};

/* A request of the step, or the second half of a pod's removal. */
struct cluster_change {
    size_t request;
    bool finishes;
};
/* Changes of one instant. */
struct cluster_group {
    uint32_t first, count;
};

/* Of a request that watchers were told of, by whoever sent it. */
struct cluster_write {
    bool is_slice;
    int64_t after_ns; /* the step's first request */
};

struct cluster_player {
    struct cluster_recording *recording; /* borrowed */
    int64_t step_ns, next_ns;            /* length of a step; when the next one begins */
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct catalog *catalog;
    sym namespace;
    json_t *slice_names; /* of the recording: ours */
    /* Of the present step. */
    const json_t *step;
    VEC(struct cluster_change) changes;
    VEC(struct cluster_group) groups;
    int64_t began_ns;
    struct cluster_counts counts;
    VEC(struct cluster_write) writes; /* in their order */
    struct text problems;             /* empty: none */
};

/* Starts at the creation of the recording's first object, with the choices of `seed`. From the first change
 * of a step to that of the next it is `step_ns`, or longer if the step has so many. */
struct cluster_player *cluster_player_create(
    struct cluster_recording *recording, uint64_t seed, int64_t step_ns);
void cluster_player_destroy(struct cluster_player *player);

/* Plays a step, from 0, after the recording has advanced to it. `groups`: a digit for each of the first
 * groups, how many changes it has; those that follow are alone. */
void cluster_player_step(struct cluster_player *player, uint32_t step, const char *groups);

/* An object as JSON, without managedFields; a new reference. */
json_t *cluster_player_endpoints(struct cluster_player *player, const struct endpoints *endpoints);
json_t *cluster_player_slice(struct cluster_player *player, const struct endpointslice *slice);

#endif
