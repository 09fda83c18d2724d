/*
 * catalog.h: what repeats, stored once: strings, label maps, port lists.
 *
 * Everything a catalog hands out is immutable, interned by content and lives as long as the
 * catalog: equal content is the same pointer, so comparing is comparing pointers. It grows with the
 * number of *different* things, not with events. Each simulation has its own catalog.
 */
#ifndef EPSIM_MODEL_CATALOG_H
#define EPSIM_MODEL_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/sym.h"
#include "base/uuid.h"
#include "base/vec.h"
#include "kernel/random.h"

/* --- maps of strings: labels, annotations, selectors ------------------------------------------ */

struct label {
    sym key;
    sym value;
};

/* Sorted by the text of the key, keys are unique. */
struct labels {
    uint32_t id; /* from 0 in the order of first sight; the empty map has 0 */
    uint32_t count;
    /* Sum over entries of 1 + v(m) + m (O-20): the whole map field with a one-byte tag. */
    uint32_t payload_bytes;
    uint32_t keys_bytes; /* sum of the keys' lengths */
    struct label items[];
};

/* --- port lists --------------------------------------------------------------------------------- */

enum port_field { PORT_NAME = 1, PORT_PROTOCOL = 2, PORT_NUMBER = 4, PORT_APP_PROTOCOL = 8 };

/* A port of a subset or a slice, or a container's port. `set`: which fields are present (slices
 * written by others may leave any of them out); ports made by controllers have the first three. */
struct port {
    sym name;
    sym protocol;
    sym app_protocol;
    int32_t number;
    uint8_t set;
};

struct port_list {
    uint32_t id; /* from 0; the empty list has 0 */
    uint32_t count;
    uint32_t slice_bytes; /* protobuf records of all ports in a slice */
    struct port items[];  /* in the order given */
};

/* --- shapes ------------------------------------------------------------------------------------- */

/* What the pods of one template have in common. */
struct pod_shape {
    uint32_t id; /* from 0; that of the empty shape is 0 */
    sym hostname;
    sym subdomain;
    uint32_t owner; /* the workload that made it, a number of the scenario; 0: none */
    const struct labels *labels;
    /* Containers in order, then restartable init containers (E-22). */
    const struct port_list *container_ports;
};

/* Shapes that were asked for not long ago are found without a hash: of how many that is kept in mind. */
#define SHAPES_LATEST 32

/* --- the catalog -------------------------------------------------------------------------------- */

/* Words that the controllers write, interned at creation. */
#define CATALOG_WORDS(X) \
    X(POD, "Pod") \
    X(SERVICE, "Service") \
    X(V1, "v1") \
    X(TCP, "TCP") \
    X(NONE, "None") \
    X(DEFAULT, "default") \
    X(TRUNCATED, "truncated") \
    X(SERVICE_NAME, "kubernetes.io/service-name") \
    X(SLICE_MANAGED_BY, "endpointslice.kubernetes.io/managed-by") \
    X(SLICE_CONTROLLER, "endpointslice-controller.k8s.io") \
    X(MIRRORING_CONTROLLER, "endpointslicemirroring-controller.k8s.io") \
    X(ENDPOINTS_MANAGED_BY, "endpoints.kubernetes.io/managed-by") \
    X(ENDPOINTS_CONTROLLER, "endpoint-controller") \
    X(HEADLESS, "service.kubernetes.io/headless") \
    X(TRIGGER_TIME, "endpoints.kubernetes.io/last-change-trigger-time") \
    X(OVER_CAPACITY, "endpoints.kubernetes.io/over-capacity") \
    X(LEADER, "control-plane.alpha.kubernetes.io/leader") \
    X(ZONE, "topology.kubernetes.io/zone") \
    X(HOSTNAME, "kubernetes.io/hostname") \
    X(POD_TEMPLATE_HASH, "pod-template-hash") \
    X(STATEFULSET_POD_NAME, "statefulset.kubernetes.io/pod-name") \
    X(POD_INDEX, "apps.kubernetes.io/pod-index") \
    X(ENDPOINTS, "Endpoints") \
    X(SKIP_MIRROR, "endpointslice.kubernetes.io/skip-mirror") \
    X(TRUE, "true") \
    X(LAST_APPLIED, "kubectl.kubernetes.io/last-applied-configuration") \
    X(CONTROL_PLANE, "node-role.kubernetes.io/control-plane") \
    X(MASTER, "node-role.kubernetes.io/master")

enum catalog_word {
#define X(name, text) WORD_##name,
    CATALOG_WORDS(X)
#undef X
        WORD_COUNT
};

/* Every event says who its pods are, which are often those of a moment ago. */
#define UIDS_SEEN 1024
struct uid_seen {
    uint64_t place; /* from 1; 0: none */
    struct uuid uid;
};

/* catalog.c's own; it stands here for what is asked for in every size and every digest. */
struct catalog {
    struct symtab *symbols;
    struct arena arena;
    struct map labels_by_hash;
    struct map ports_by_hash;
    uint32_t labels_count;
    uint32_t ports_count;
    const struct labels *empty_labels;
    const struct port_list *empty_ports;
    struct map shapes_by_hash;
    const struct pod_shape *latest_shapes[SHAPES_LATEST]; /* by labels and owner; or NULL */
    VEC(const struct pod_shape *) shapes;                 /* by id */
    /* An endpoint's number -> its JSON lengths in a subset and, from bit 32, in a slice, without commas; 0:
     * not yet known. Only of those for which somebody asked (encode_json.h). */
    struct map json_bytes;
    uint64_t
        endpoints_made;    /* so far: while it stays the same, an endpoint's pointer stands for its content */
    struct map pod_extras; /* a revision's number -> what most revisions do not have (pod.h) */
    struct map far_times;  /* a target's number -> a time of creation that it has no room for (target.h) */
    /* From which uids are drawn, none of them yet: the store's (store_draw_uid). NULL without a store. */
    const struct random_stream *uids;
    struct uid_seen uids_seen[UIDS_SEEN]; /* those that somebody asked for last, by their places */
    /* Records that come and go: it is theirs to take and give back. Pools do not move. */
    struct catalog_pools *pools;
};

/* Identities of pods take a whole number of 8-byte units, names included. There are pools for all names that
 * Kubernetes accepts; hand-written ones may be longer, and stand alone. */
#define TARGET_UNITS_MAX 42

/* Records of other modules, of which no more than their size is known here; they assert it. */
#define POD_BYTES 32
#define ENDPOINT_BYTES 16
#define ENDPOINT_WRITTEN_BYTES 64
#define ADDRESS_GROUP_BYTES 64

struct catalog_pools {
    struct pool pods;                          /* owned by the catalog */
    struct pool targets[TARGET_UNITS_MAX + 1]; /* by units: a family, whose head is the first */
    struct pool endpoints;
    struct pool written; /* what endpoints say that are no pod's (endpoint.h) */
    struct pool address_groups;
};

struct catalog *catalog_create(void);
void catalog_destroy(struct catalog *catalog);

struct symtab *catalog_symbols(struct catalog *catalog);
/* Shorthands over the symbol table. */
sym catalog_sym(struct catalog *catalog, const char *text);
static inline const char *catalog_text(const struct catalog *catalog, sym symbol)
{
    return sym_text(catalog->symbols, symbol);
}
static inline uint32_t catalog_length(const struct catalog *catalog, sym symbol)
{
    return sym_length(catalog->symbols, symbol);
}
static inline uint64_t catalog_hash(const struct catalog *catalog, sym symbol)
{
    return sym_hash(catalog->symbols, symbol);
}
/* The uid at a place of the catalog's stream of uids, from 0. O(1): the stream is counter-based. */
struct uuid catalog_uid(struct catalog *catalog, uint64_t place);
/* Words are the first symbols of every catalog. */
static inline sym word_sym(enum catalog_word word)
{
    return (sym)word + 1;
}
static inline sym catalog_word(const struct catalog *catalog, enum catalog_word word)
{
    (void)catalog;
    return word_sym(word);
}

/* `items` in any order; of equal keys the last wins. O(n log n). */
const struct labels *labels_intern(struct catalog *catalog, const struct label *items, uint32_t count);
static inline const struct labels *labels_empty(const struct catalog *catalog)
{
    return catalog->empty_labels;
}
/* The map with one entry set, or taken away. O(n). */
const struct labels *labels_with(struct catalog *catalog, const struct labels *labels, sym key, sym value);
const struct labels *labels_without(struct catalog *catalog, const struct labels *labels, sym key);
/* True when the key is there; *out_value may be NULL. O(n): maps are small. */
static inline bool labels_get(const struct labels *labels, sym key, sym *out_value)
{
    for (uint32_t i = 0; i < labels->count; i++) {
        if (labels->items[i].key == key) {
            if (out_value)
                *out_value = labels->items[i].value;
            return true;
        }
    }
    return false;
}
/* Every entry of `selector` is in `labels`. An empty selector matches everything. O(n + m). */
bool labels_match(const struct labels *selector, const struct labels *labels);

const struct port_list *ports_intern(struct catalog *catalog, const struct port *items, uint32_t count);
static inline const struct port_list *ports_empty(const struct catalog *catalog)
{
    return catalog->empty_ports;
}
/* `shape` as it is but for its id. */
const struct pod_shape *shape_intern(struct catalog *catalog, const struct pod_shape *shape);
bool port_equal(const struct port *a, const struct port *b);

#endif
