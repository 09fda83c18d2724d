/*
 * endpoints.h: the Endpoints object (v1).
 *
 * It is held in one of two forms:
 *
 * grouped    as the Endpoints controller writes it. Pods that resolve a Service's ports alike are
 *            one *group* of addresses, *all* of them, also those that truncation leaves out. As long as
 *            everything is listed, nobody needs their order, and one pod is one O(1) change; what is too
 *            long to be listed is kept in order, and one pod is one O(log n) change.
 *            Subsets, their order and the truncated lists follow from the groups and are made when
 *            somebody looks (engine/repack.h).
 * explicit   as anybody may have written it by hand: a list of subsets, kept as sent (E-78).
 */
#ifndef EPSIM_MODEL_ENDPOINTS_H
#define EPSIM_MODEL_ENDPOINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ostree.h"
#include "base/vec.h"
#include "model/endpoint.h"
#include "model/field_owners.h"
#include "model/meta.h"

#define ENDPOINTS_CAPACITY_DEFAULT 1000

struct subset {
    VEC(struct endpoint *) addresses; /* one reference each */
    VEC(struct endpoint *) not_ready_addresses;
    const struct port_list *ports; /* in wire order */
};

struct subset_list {
    VEC(struct subset) items;
};

void subset_fini(struct subset *subset);
void subset_list_fini(struct subset_list *list);
/* Sum of len(addresses) + len(notReadyAddresses) over all subsets (E-55). */
uint32_t subset_list_address_count(const struct subset_list *list);

/* The addresses whose pods resolve the ports alike; one reference each. An address is ready or not as its
 * record says, and stands in one place for as long as it is listed. */
struct address_group {
    const struct port_list *ports; /* resolved ports in the order of the Service's ports */
    uint32_t counts[2];            /* by readiness: 1 is ready */
    uint64_t bytes[2];             /* sums of address_bytes */
    VEC(uint32_t) places;          /* numbers of endpoints; a free place: the highest bit and the next one */
    uint32_t free_place;           /* from 1; 0: none */
    bool is_ordered;
    struct ostree order; /* by E-41, weighted by address_bytes, in classes by readiness; if it is ordered */
};

/* `catalog` must outlive the group: it puts addresses in order. */
struct address_group *address_group_create(const struct catalog *catalog, const struct port_list *ports);
/* With all references it holds. */
void address_group_destroy(struct address_group *group);
/* Takes over the reference. *out_rank, if not NULL: its rank among those of its readiness; 0 when the group
 * is not ordered. Returns its place. O(1), O(log n) in order. */
uint32_t address_group_add(struct address_group *group, struct endpoint *address, uint32_t *out_rank);
/* Gives up the reference; returns the rank that it had. */
uint32_t address_group_remove(struct address_group *group, uint32_t place);
/* Another record of the same IP and uid takes the place, ready or not; takes over the reference. *out_rank:
 * the rank of the one before; returns the new one's. */
uint32_t address_group_replace(
    struct address_group *group, uint32_t place, struct endpoint *address, uint32_t *out_rank);
/* From now on it is kept in order, or not. O(n log n). */
void address_group_set_ordered(struct address_group *group, bool is_ordered);

static inline bool endpoint_is_ready(const struct endpoint *endpoint)
{
    return endpoint_ready(endpoint) == CONDITION_TRUE;
}
static inline uint32_t address_group_count(const struct address_group *group)
{
    return group->counts[0] + group->counts[1];
}
static inline struct endpoint *address_group_at(const struct address_group *group, uint32_t place)
{
    const struct catalog *catalog = pool_owner_of(group);
    return pool_record(&catalog->pools->endpoints, group->places.items[place]);
}

/* Addresses in order (E-41), borrowed. */
struct address_list {
    VEC(struct endpoint *) items;
};
/* Appends the first `count` that are ready, or that are not; all of them when there are no more. O(n log n),
 * of a group in order O(addresses before the last one). */
void address_group_list(
    const struct address_group *group, bool ready, uint32_t count, struct address_list *out);
/* Puts a list into order. O(n log n). */
void address_list_sort(struct address_list *list);

struct endpoints {
    struct meta meta;
    sym manager;                 /* of managedFields; SYM_EMPTY: kube-controller-manager */
    struct field_owners *fields; /* NULL: all fields are that manager's; kept by the store */
    bool over_capacity;          /* annotation endpoints.kubernetes.io/over-capacity: truncated */
    bool is_explicit;
    bool had_subsets; /* managedFields has f:subsets (O-46): kept by the store, true while there are any */
    struct subset_list subsets;         /* explicit form */
    VEC(struct address_group *) groups; /* grouped form, none of them empty */
    /* Of the grouped form: as the object shows itself, kept by whoever changes the groups. */
    uint32_t capacity;      /* limit that was applied; UINT32_MAX: none */
    uint32_t address_count; /* addresses listed, over all subsets */
    uint32_t omitted_count; /* addresses left out by truncation */
    uint64_t subsets_bytes; /* protobuf records of all subsets, tags and lengths included */
    struct size_memo sized; /* for who reports the writes (engine/requests.h) */
    void *controller_state; /* for the engine, which watches it; NULL: it does not know it */
};

struct endpoints *endpoints_create(const struct catalog *catalog);
void endpoints_destroy(struct endpoints *endpoints);
/* The object has at least one subset, be it empty of addresses (E-58). */
bool endpoints_has_subsets(const struct endpoints *endpoints);

#endif
