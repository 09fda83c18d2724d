/*
 * engine_private.h: the engine as its own files see it.
 */
#ifndef EPSIM_ENGINE_ENGINE_PRIVATE_H
#define EPSIM_ENGINE_ENGINE_PRIVATE_H

#include "engine/decision.h"
#include "engine/engine.h"
#include "engine/foresight.h"
#include "engine/hearing.h"
#include "engine/service_entry.h"
#include "engine/topology.h"

#define OBSERVERS_MAX 8

/* Numbers of the engine's events in the digest. */
enum engine_event {
    EVENT_ENDPOINTS_QUEUE = EVENT_ENGINE, /* and its timer, + 1 */
    EVENT_SLICES_QUEUE = EVENT_ENGINE + 2,
    EVENT_COLLECT = EVENT_ENGINE + 4,
    EVENT_ROWS = EVENT_ENGINE + 5,
    EVENT_MIRRORING_QUEUE = EVENT_ENGINE + 6, /* and its timer, + 1 */
    EVENT_TOPOLOGY_QUEUE = EVENT_ENGINE + 8,
    EVENT_HEARD = EVENT_ENGINE + 10,
    EVENT_FLIGHT = EVENT_ENGINE + 11,
};

struct flight;
struct packing_policy;

/* An object that owns slices, or did (collector.h). */
struct owner_entry;

/* How many label sets without pods are kept (label_index.c). */
#define LABEL_SETS_RESTING 16

/* What the label index found last, by the labels' id: as long as the epoch is the engine's, these Services
 * select the pods of the set. */
#define FOUND_SERVICES 8
struct found_services {
    struct label_set *set; /* NULL: none */
    uint64_t epoch;
    struct service_list list;
};

struct engine {
    struct store *store;
    struct clock *clock;
    struct catalog *catalog;
    struct engine_config config;
    int64_t batch_period_ns[SYNC_COUNT]; /* as the configuration has them */
    enum order_hash order;
    const struct packing_policy *packing;
    struct choices choices;
    struct port_keys port_keys;
    struct workqueue queues[SYNC_COUNT];
    struct workqueue mirroring_queue;
    struct topology topology;
    bool started;
    /* Mirroring syncs that can only clean up what is not there are run too (M-41): for whoever counts them.
     */
    bool mirrors_idly;

    struct map services_by_name;           /* namespace << 32 | name -> service_entry */
    VEC(struct service_entry *) services;  /* every entry, in the order of first sight */
    VEC(struct service_entry *) by_number; /* by service number; NULL: gone */
    VEC(struct node_entry *) nodes;
    VEC(struct label_set *) label_sets; /* by the labels' id, those of other namespaces behind the first */
    struct label_set *resting[LABEL_SETS_RESTING]; /* without pods: by the labels' id, the latest; or NULL */
    struct map label_buckets;                      /* hash of (namespace, key, value) -> label_bucket */
    VEC(struct label_bucket *) buckets;
    struct map ready_fractions_ns;       /* a pod's number -> nanoseconds (trigger_time.h) */
    struct member *lone_tombstone;       /* one that is not in the map: mostly there is just one */
    struct map tombstones;               /* hash of (Service, pod's name) -> member */
    struct map owners;                   /* hash of a uid -> owner_entry */
    VEC(struct owner_entry *) ownerless; /* whose slices are to be collected */

    struct records records;
    struct foresight foresight;
    struct slice_plan *plan; /* packing.h; NULL before the first one */
    /* Of the present sync, and of the present pod event; their room is used again. */
    struct member_list sync_members;
    struct found_services found[FOUND_SERVICES];
    uint64_t selectors_epoch; /* raised when any Service comes into the label index, or leaves it */

    struct engine_observer observers[OBSERVERS_MAX];
    uint32_t observer_count;
    bool rows_are_watched, decisions_are_watched; /* by one of them */
    struct engine_totals totals;
    uint64_t write_sequence;
    enum controller deleting;                 /* who sent the present DELETE */
    const struct service_entry *deleting_for; /* of a slice: for which Service (requests.h) */
    sim_time slice_trigger_ns;                /* of the present sync of slices (trigger_time.h) */
    uint64_t content_hash;                    /* of the endpoints that the present request changes */
    struct { /* the endpoint looked at last: mostly both controllers write it */
        const struct endpoint *endpoint;
        uint64_t endpoints_made; /* it is still that one while this is the catalog's */
        uint64_t hash;
    } content_seen;
    VEC(struct service_entry *) touched; /* Services whose rows may be due */
    VEC(struct service_state) deleted_rows;
    bool rows_scheduled;

    bool is_timed;                /* something takes time: syncs are flights (flight.h) */
    bool may_lag;                 /* ... or waits for a batch period: slices can be behind (lag.h) */
    int64_t slice_event_delay_ns; /* S-58 */
    struct hearing hearing;
    struct flight *flights;
    struct token_bucket clients[TIMED_COUNT]; /* C-1 */
    struct random_stream write_streams[TIMED_COUNT], answer_streams[TIMED_COUNT], collect_stream;
};

/* Whether somebody wants to know why (decision.h). */
static inline bool decisions_are_watched(const struct engine *engine)
{
    return __builtin_expect(engine->decisions_are_watched, false);
}

/* The entry of a key; created when `create`, else NULL if there is none. */
struct service_entry *engine_entry(struct engine *engine, sym namespace, sym name, bool create);
/* Tells of the end, and the worker is free. */
void engine_end_sync(
    struct service_entry *entry, struct workqueue_item *item, enum controller controller, bool success);

#endif
