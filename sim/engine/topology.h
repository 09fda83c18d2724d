/*
 * topology.h: what topology-aware hints are computed from: the nodes' shares of cpu by zone (H-10, H-11), and
 * the hints that each Service has (the topology cache, H-12, H-21).
 *
 * Before the first Service asks for such hints nothing is computed; only which nodes changed since the real
 * controller would have computed is kept, O(1) a node event. From then on a node event costs O(nodes +
 * Services).
 */
#ifndef EPSIM_ENGINE_TOPOLOGY_H
#define EPSIM_ENGINE_TOPOLOGY_H

#include "engine/service_entry.h"

/* A zone's part of all allocatable cpu. */
struct zone_ratio {
    sym zone;
    double ratio;
};

struct topology {
    bool used; /* some Service asks for hints, or did */
    VEC(struct zone_ratio)
    ratios; /* by the bytes of the zone; none: there is not enough information (H-10) */
    VEC(struct node_entry *) outdated; /* changed in a way that wakes nobody, while not used */
    struct workqueue queue;            /* of the one key (H-11) */
    struct workqueue_item item;
};

/* Zones and how many endpoints have a hint to each. */
struct zone_count {
    sym zone;
    int32_t count;
};
struct zone_counts {
    VEC(struct zone_count) items;
};
/* The count of a zone, entered with 0 if it is new. Zones are few. */
int32_t *zone_counts_get(struct zone_counts *counts, sym zone);
/* NULL: the zone is not there. */
const struct zone_count *zone_counts_find(const struct zone_counts *counts, sym zone);

/* What the cache knows of one Service. It outlives the Service, as upstream's does. */
struct topology_cache {
    bool had_hints;               /* for some address type */
    struct zone_counts counts[2]; /* by address type; empty: none */
};

void topology_init(struct engine *engine);
/* Before the nodes go. */
void topology_fini(struct engine *engine);
void topology_cache_destroy(struct topology_cache *cache);
/* A Service asks for hints. */
void topology_use(struct engine *engine);
/* `before`, `now`: the node's revisions; NULL: there is none. */
void topology_node_changed(
    struct engine *engine, struct node_entry *entry, const struct node *before, const struct node *now);
/* The Service has these hints (moves them away), or none, for the address type. */
void topology_cache_set(struct service_entry *entry, enum address_type type, struct zone_counts *counts);
void topology_cache_forget(struct service_entry *entry, enum address_type type);

#endif
