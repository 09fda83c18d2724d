/*
 * twin.h: the naive twin of store plus engine: a world with its own Endpoints, slices, queues and trackers
 * that runs the plain reconciler wherever the rules say that a Service is synced.
 *
 * It watches the store for users' objects (pods, services, nodes), which it trusts, and takes foreign edits
 * from the test. Everything that follows is its own: which keys an event enqueues (C-10 to C-19, S-58),
 * collapsing and back-off (C-20 to C-43), trigger times, the generation tracker (S-55), the garbage
 * collector (S-2). Caches are never behind.
 */
#ifndef EPSIM_TESTS_MODEL_TWIN_H
#define EPSIM_TESTS_MODEL_TWIN_H

#include "model/plain.h"
#include "model/store.h"

enum twin_controller { TWIN_ENDPOINTS, TWIN_SLICES, TWIN_MIRRORING, TWIN_COLLECTOR, TWIN_CONTROLLERS };
/* The first three have queues. */
#define TWIN_QUEUES 3

/* A request as it was sent, for comparing. */
struct twin_request {
    enum twin_controller controller;
    enum plain_verb verb;
    bool noop;
    sym namespace, name;
    uint32_t added, removed; /* endpoints by identity (S-33), addresses by IP and uid (E-31) */
    bool net; /* truncated, or several subsets, before or after: only their difference counts */
};

/* One (namespace, name): the Service while there is one, and what controllers keep for the key. */
struct twin_key;

/* An entry of the generation tracker (S-55). */
struct twin_tracked {
    uint64_t slice; /* twin_slice.id */
    int64_t generation;
};

struct twin_slice {
    uint64_t id; /* stands for the uid */
    struct endpointslice *object;
};

struct twin {
    struct store *store;
    struct catalog *catalog;
    struct plain_config config;
    struct choices choices;
    struct plain_topology topology;
    int64_t batch_period_ns[TWIN_QUEUES]; /* 0, unless set before the start */
    bool forgets;                         /* a fault on purpose: addresses that are not ready, in Endpoints */
    sim_time now_ns;
    bool started;
    VEC(struct twin_key *) keys;                /* in the order of first sight; owned */
    VEC(struct twin_key *) services;            /* those with a Service, in the order of its creation */
    VEC(struct endpoints *) endpoints;          /* explicit; owned */
    VEC(struct twin_slice) slices;              /* in the order of creation; objects owned */
    VEC(struct twin_item *) queue[TWIN_QUEUES]; /* borrowed from keys */
    uint64_t queue_sequence;
    uint64_t slice_ids;
    uint64_t timer_sequence;
    VEC(sym) names; /* of slices that the engine created and the twin did not yet */
    uint32_t names_taken;
    VEC(struct uuid) uids; /* the same of Endpoints: slices name them as their owners */
    uint32_t uids_taken;
    VEC(struct twin_request) requests; /* since they were cleared last */
    VEC(char *) events;                /* of hints and mirroring, since they were cleared last; owned */
    uint64_t syncs[TWIN_QUEUES], sync_errors[TWIN_QUEUES];
};

/* The store and its clock are borrowed. `mode`, `seed` and `run`: the engine's. */
void twin_init(struct twin *twin, struct store *store, const struct plain_config *config,
    enum choice_mode mode, uint64_t seed, uint64_t run);
void twin_fini(struct twin *twin);

/* Lists what is in the store and enqueues it, as controllers do when they start. */
void twin_start(struct twin *twin);
/* The engine created a slice: its name is the next one that the twin's server gives out. */
void twin_name(struct twin *twin, sym name);
/* The Endpoints controller created an object: its uid is the next one. */
void twin_uid(struct twin *twin, struct uuid uid);
/* Works off everything that is due up to and including `until_ns`. */
void twin_run(struct twin *twin, sim_time until_ns);

/* --- foreign edits, as the users' requests; objects are taken over --- */

/* Creates or replaces. Names must be set. */
void twin_apply_endpoints(struct twin *twin, struct endpoints *endpoints);
void twin_apply_slice(struct twin *twin, struct endpointslice *slice);
void twin_delete_endpoints(struct twin *twin, sym namespace, sym name);
void twin_delete_slice(struct twin *twin, sym namespace, sym name);

const struct endpoints *twin_endpoints(const struct twin *twin, sym namespace, sym name);
const struct endpointslice *twin_slice(const struct twin *twin, sym namespace, sym name);
/* Deep copies, for edits. */
struct endpoints *twin_copy_endpoints(const struct twin *twin, const struct endpoints *endpoints);
struct endpointslice *twin_copy_slice(const struct twin *twin, const struct endpointslice *slice);

#endif
