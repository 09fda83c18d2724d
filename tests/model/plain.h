/*
 * plain.h: the naive twin of the engine: all three controllers from scratch, straight from the numbered
 * rules.
 *
 * One call is one sync of one Service: it reads everything, computes what there should be, and answers
 * with the requests that the real controller would send and the objects as the API server has them
 * afterwards. Arrays, loops and qsort; O(pods^2) where that is simpler. It keeps nothing from one call to
 * the next but what the real controllers keep too: trigger times (C-60) and, in the test's world, the
 * generation tracker (S-55). It shares the model's structs and the choice oracle with the engine, and
 * nothing else: hash texts, order of ports, repacking, truncation and packing are its own.
 *
 * Caches are always up to date here (profile `instant`), so the staleness guards E-70 and S-6 never fire.
 */
#ifndef EPSIM_TESTS_MODEL_PLAIN_H
#define EPSIM_TESTS_MODEL_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "engine/choices.h"
#include "model/catalog.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

struct plain_config {
    uint32_t endpoints_per_slice_max;
    uint32_t endpoints_capacity; /* UINT32_MAX: none */
    uint32_t kube_minor;         /* 34 to 37 */
    uint32_t mirroring_endpoints_per_subset_max;
};

/* Zones that tests use, at most. */
#define PLAIN_ZONES_MAX 16

/* Shares of cpu by zone, by the bytes of the zone; none: there is not enough information (H-10). */
struct plain_topology {
    uint32_t count;
    struct plain_zone {
        sym zone;
        const char *name;
        int64_t cpu_milli;
        double ratio;
    } zones[PLAIN_ZONES_MAX];
};

/* What the topology cache knows of one Service (H-12, H-21). Start from {0}. */
struct plain_hint_cache {
    bool had_hints;
    struct plain_zone_counts {
        uint32_t count;
        sym zones[PLAIN_ZONES_MAX];
        int counts[PLAIN_ZONES_MAX];
    } by_type[2];
};

void plain_topology_compute(struct plain_topology *topology, struct catalog *catalog,
    const struct node *const *nodes, uint32_t count);
/* H-12. */
bool plain_hints_overloaded(const struct plain_topology *topology, const struct plain_hint_cache *cache);

/* Everything that a sync reads. All of it is borrowed. */
struct plain_input {
    struct catalog *catalog;
    struct plain_config config;
    sym namespace, name;           /* the key */
    const struct service *service; /* NULL: it was deleted */
    const struct pod *const *pods; /* all of the namespace, in the order of creation */
    uint32_t pod_count;
    const struct node *const *nodes;
    uint32_t node_count;
    const struct endpoints *endpoints;         /* the stored object in explicit form; NULL: none */
    const struct endpointslice *const *slices; /* all of the namespace, in the order of creation */
    uint32_t slice_count;
    const struct plain_topology *topology; /* of the EndpointSlice controller */
    struct plain_hint_cache *hint_cache;   /* which it keeps up; never NULL for it */
    int64_t trigger_s;                     /* what C-63 gave; TIME_NONE: nothing */
    int64_t now_s;                         /* creation times */
    uint64_t resource_version;             /* the last one that the server gave out */
    /* Names a new slice, as the server would (S-50). */
    sym (*name_slice)(void *context, sym generate_name);
    void *context;
};

enum plain_verb { PLAIN_CREATE, PLAIN_UPDATE, PLAIN_DELETE };

struct plain_request {
    enum plain_verb verb;
    bool noop; /* an update that changed nothing (O-50) */
    sym name;
    /* As the server has it afterwards; NULL for a delete and for the other controller. Owned. */
    struct endpoints *endpoints;
    struct endpointslice *slice;
};

/* Start from {0}. */
struct plain_result {
    bool error;                         /* the sync ends in an error and will be retried (S-27) */
    VEC(struct plain_request) requests; /* in the order sent */
    uint64_t resource_version;          /* the last one given out after all this */
    VEC(char *) events;                 /* "type reason message"; owned */
    VEC(sym) untouched;                 /* slices that mirroring looked at and left alone (M-22) */
};

void plain_result_fini(struct plain_result *result);

/* E-*. */
void plain_sync_endpoints(const struct plain_input *input, struct plain_result *result);
/* S-*. */
void plain_sync_slices(const struct plain_input *input, struct choices *choices, struct plain_result *result);

/* M-*. */
void plain_sync_mirroring(
    const struct plain_input *input, struct choices *choices, struct plain_result *result);
/* The Endpoints object's own wish (M-1b), the whole of M-1, and whose a slice is. */
bool plain_mirror_skips(struct catalog *catalog, const struct endpoints *endpoints);
bool plain_is_mirrored(const struct plain_input *input);
bool plain_mirror_manages(struct catalog *catalog, const struct endpointslice *slice);

/* True when the sync comes as far as computing the trigger time: the Service is there, not ExternalName,
 * with a selector (E-2 to E-6, S-2 to S-7). */
bool plain_is_reconciled(const struct service *service);
bool plain_selects(const struct service *service, const struct pod *pod);

/* --- trigger times of one Service (C-60) --- */

/* Start from {0}. To be cleared when the Service is deleted (C-62). */
struct plain_trigger {
    bool known;
    int64_t service_s;
    VEC(struct plain_pod_time) pods;
};

struct plain_pod_time {
    char *name;
    int64_t time_s;
};

void plain_trigger_clear(struct plain_trigger *trigger);
/* C-63 over the selected ones of `pods`; TIME_NONE: nothing to report. */
int64_t plain_trigger_call(struct plain_trigger *trigger, const struct service *service,
    const struct pod *const *pods, uint32_t pod_count);

#endif
