/*
 * endpoints.h: the Endpoints object (v1).
 *
 * It is held in one of two forms:
 *
 * grouped    as the Endpoints controller writes it. Pods that resolve a Service's ports alike are
 *            one *group* of addresses (address_group.h), *all* of them, also those that truncation
 *            leaves out. Subsets, their order and the truncated lists follow from the groups and are
 *            made when somebody looks (engine/repack.h).
 * explicit   as anybody may have written it by hand: a list of subsets, kept as sent (E-78).
 */
#ifndef EPSIM_MODEL_ENDPOINTS_H
#define EPSIM_MODEL_ENDPOINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/address_group.h"
#include "model/endpoint.h"
#include "model/meta.h"
#include "model/owned_fields.h"

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

struct endpoints {
    struct meta meta;
    sym manager;                 /* of managedFields; SYM_EMPTY: kube-controller-manager */
    struct field_owners *fields; /* NULL: all fields are that manager's; kept by the store */
    bool over_capacity;          /* annotation endpoints.kubernetes.io/over-capacity: truncated */
    bool is_explicit;
    bool had_subsets; /* managedFields has f:subsets (O-46): kept by the store, true while there are any */
    /* The explicit form; of the grouped one, what is shown of several groups after truncation, when there are
     * more addresses than the capacity: the order that it needs is too dear to be found again (E-57). Else
     * empty. */
    struct subset_list subsets;
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

/* What a grouped object of at most one group lists after truncation (E-55 to E-57): so many of the first that
 * are ready, and that are not. O(1). */
struct endpoints_shown {
    uint32_t ready, not_ready;
};
struct endpoints_shown endpoints_shown(const struct endpoints *endpoints);

#endif
