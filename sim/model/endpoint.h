/*
 * endpoint.h: one backend as Endpoints and EndpointSlices list it; an immutable, counted record.
 *
 * The same record serves as an address of an Endpoints subset (v1.EndpointAddress) and as an
 * endpoint of a slice (discovery.Endpoint): a pod that is in both is one record with two holders.
 * Its encoded sizes are computed once (O-10, O-15), so lists only keep sums (O-60).
 */
#ifndef EPSIM_MODEL_ENDPOINT_H
#define EPSIM_MODEL_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "model/catalog.h"
#include "model/pod.h"
#include "model/target.h"

enum endpoint_flag {
    ENDPOINT_SLICE_NODE_NAME = 1,   /* nodeName is non-nil in a slice (S-30) */
    ENDPOINT_ADDRESS_NODE_NAME = 2, /* nodeName is non-nil in an Endpoints address (E-13) */
    ENDPOINT_ZONE = 4,              /* zone is non-nil */
    ENDPOINT_HOSTNAME = 8,          /* hostname is non-nil in a slice */
};

/* What only hand-written endpoints, endpoints of several addresses and topology hints have. Owned by the
 * endpoint: it and each of its arrays come from mem_alloc or the like. */
struct endpoint_extra {
    uint32_t address_count;  /* texts as written; the first may be no IP (FQDN) */
    sym *addresses;          /* when 0, the one address is `ip` */
    bool first_is_canonical; /* addresses[0] is the canonical text of `ip`; set by endpoint_create */
    bool has_hints;
    uint64_t sort_key; /* of addresses[0], unless that is canonical; set by endpoint_create */
    const struct labels *deprecated_topology;
    uint32_t zone_hint_count, node_hint_count;
    sym *zone_hints, *node_hints;
};

/* All that an endpoint says: to make one that no pod's revision speaks for, and to read one as a whole. */
struct endpoint_draft {
    uint8_t ready, serving, terminating; /* enum condition; ABSENT: nil */
    uint8_t flags;
    struct ip ip;
    sym hostname, node_name, zone;
    struct target *target;        /* NULL: no targetRef */
    struct endpoint_extra *extra; /* NULL for almost all */
};

/* How a pod looks as an endpoint, beside what its revision says. From LOOK_IP_INDEX_SHIFT on stands which of
 * its IPs is meant. */
enum endpoint_look {
    LOOK_READY = 1,
    LOOK_SERVING = 2,
    LOOK_TERMINATING = 4,
    LOOK_CONDITIONS = 7,
    LOOK_HOSTNAME = 8, /* the pod's */
    LOOK_WRITTEN = 16, /* none of a pod */
    LOOK_IP_INDEX_SHIFT = 5,
};
#define LOOK_BITS 12

/*
 * 16 bytes; a million of them are the size to keep in mind. Almost all are of a pod: address, node, hostname
 * and target are those of a revision, of which the record holds a reference. What somebody wrote by hand,
 * what was mirrored, what has hints or several addresses is a *written* one, and stands in full elsewhere.
 * Fields are read by functions alone.
 */
struct endpoint {
    uint32_t refs_ : 32 - LOOK_BITS;
    uint32_t look_ : LOOK_BITS;
    uint32_t source_;                      /* number of the revision, or of what is written */
    sym zone_;                             /* of a pod's node; SYM_EMPTY: nil */
    uint16_t address_bytes_, slice_bytes_; /* of a pod's; 0: not measured yet */
};
_Static_assert(sizeof(struct endpoint) == ENDPOINT_BYTES, "catalog.h has their pool");

/* What is written of one. */
struct endpoint_written {
    struct endpoint_draft said;
    uint32_t address_bytes, slice_bytes;
};
_Static_assert(sizeof(struct endpoint_written) == ENDPOINT_WRITTEN_BYTES, "catalog.h has their pool");

static inline bool endpoint_is_written(const struct endpoint *endpoint)
{
    return endpoint->look_ & LOOK_WRITTEN;
}
static inline const struct endpoint_written *endpoint_written(const struct endpoint *endpoint)
{
    return pool_record(&((const struct catalog *)pool_owner_of(endpoint))->pools->written, endpoint->source_);
}
/* Of one that is not written. */
static inline const struct pod *endpoint_pod(const struct endpoint *endpoint)
{
    return pool_record(&((const struct catalog *)pool_owner_of(endpoint))->pools->pods, endpoint->source_);
}

/* --- what an endpoint says ------------------------------------------------------------------- */

#define ENDPOINT_SAYS(type, name, of_pod) \
    static inline type endpoint_##name(const struct endpoint *endpoint) \
    { \
        return endpoint_is_written(endpoint) ? endpoint_written(endpoint)->said.name : (of_pod); \
    }
ENDPOINT_SAYS(uint8_t, ready, endpoint->look_ &LOOK_READY ? CONDITION_TRUE : CONDITION_FALSE)
ENDPOINT_SAYS(uint8_t, serving, endpoint->look_ &LOOK_SERVING ? CONDITION_TRUE : CONDITION_FALSE)
ENDPOINT_SAYS(uint8_t, terminating, endpoint->look_ &LOOK_TERMINATING ? CONDITION_TRUE : CONDITION_FALSE)
ENDPOINT_SAYS(sym, zone, endpoint->zone_)
ENDPOINT_SAYS(sym, node_name, endpoint_pod(endpoint)->node_name)
ENDPOINT_SAYS(
    sym, hostname, endpoint->look_ &LOOK_HOSTNAME ? pod_hostname(endpoint_pod(endpoint)) : SYM_EMPTY)
ENDPOINT_SAYS(struct target *, target, pod_self(endpoint_pod(endpoint)))
ENDPOINT_SAYS(const struct endpoint_extra *, extra, NULL)
ENDPOINT_SAYS(struct ip, ip, pod_ip(endpoint_pod(endpoint), endpoint->look_ >> LOOK_IP_INDEX_SHIFT))
#undef ENDPOINT_SAYS
static inline uint8_t endpoint_flags(const struct endpoint *endpoint)
{
    if (endpoint_is_written(endpoint))
        return endpoint_written(endpoint)->said.flags;
    return (uint8_t)(ENDPOINT_ADDRESS_NODE_NAME |
                     (endpoint_pod(endpoint)->node_name != SYM_EMPTY ? ENDPOINT_SLICE_NODE_NAME : 0) |
                     (endpoint->zone_ != SYM_EMPTY ? ENDPOINT_ZONE : 0) |
                     (endpoint->look_ & LOOK_HOSTNAME ? ENDPOINT_HOSTNAME : 0));
}
/* Protobuf record in a subset, tag and length included (O-10). */
static inline uint32_t endpoint_address_bytes(const struct endpoint *endpoint)
{
    return endpoint_is_written(endpoint) ? endpoint_written(endpoint)->address_bytes
                                         : endpoint->address_bytes_;
}
/* Protobuf record in a slice, tag and length included (O-15). */
static inline uint32_t endpoint_slice_bytes(const struct endpoint *endpoint)
{
    return endpoint_is_written(endpoint) ? endpoint_written(endpoint)->slice_bytes : endpoint->slice_bytes_;
}
/* All of it; target and extra are borrowed. */
static inline struct endpoint_draft endpoint_read(const struct endpoint *endpoint)
{
    if (endpoint_is_written(endpoint))
        return endpoint_written(endpoint)->said;
    const struct pod *pod = endpoint_pod(endpoint);
    return (struct endpoint_draft){
        .ready = endpoint_ready(endpoint),
        .serving = endpoint_serving(endpoint),
        .terminating = endpoint_terminating(endpoint),
        .flags = endpoint_flags(endpoint),
        .ip = pod_ip(pod, endpoint->look_ >> LOOK_IP_INDEX_SHIFT),
        .hostname = endpoint->look_ & LOOK_HOSTNAME ? pod_hostname(pod) : SYM_EMPTY,
        .node_name = pod->node_name,
        .zone = endpoint->zone_,
        .target = pod_self(pod),
    };
}

/* At a glance: both are of pods, and say the same but for their conditions. False: it takes a closer look. */
static inline bool endpoint_is_alike(const struct endpoint *a, const struct endpoint *b)
{
    if (((a->look_ ^ b->look_) & ~(uint32_t)LOOK_CONDITIONS) || a->zone_ != b->zone_ ||
        endpoint_is_written(a))
        return false;
    if (a->source_ == b->source_)
        return true;
    const struct pool *pods = &((const struct catalog *)pool_owner_of(a))->pools->pods;
    const struct pod *left = pool_record(pods, a->source_), *right = pool_record(pods, b->source_);
    return left->self_ == right->self_ && left->node_name == right->node_name && left->has_ipv4_ &&
           right->has_ipv4_ && left->ipv4_ == right->ipv4_ &&
           (!(a->look_ & LOOK_HOSTNAME) || pod_hostname(left) == pod_hostname(right));
}
/* Of two that are alike. */
static inline bool endpoint_same_conditions(const struct endpoint *a, const struct endpoint *b)
{
    return !((a->look_ ^ b->look_) & LOOK_CONDITIONS);
}
/* Puts endpoints in the order of their first addresses (ip.h). */
static inline uint64_t endpoint_sort_key(const struct endpoint *endpoint)
{
    if (!endpoint_is_written(endpoint)) {
        const struct pod *pod = endpoint_pod(endpoint);
        return pod->has_ipv4_ ? ip_sort_key_v4(pod->ipv4_) : ip_sort_key(endpoint_ip(endpoint));
    }
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    bool is_odd = extra && extra->address_count > 0 && !extra->first_is_canonical;
    return is_odd ? extra->sort_key : ip_sort_key(endpoint_ip(endpoint));
}

/* --- making one ------------------------------------------------------------------------------ */

/* A written one. Takes over `draft` by value (its references too) and computes sizes; one reference. With
 * extra addresses, `ip` becomes the first of them; one that is canonical moves into `ip` altogether, so
 * that equal endpoints look equal. O(length). */
struct endpoint *endpoint_create(const struct catalog *catalog, const struct endpoint_draft *draft);
/* A pod's; one reference: `like` (may be NULL) if that is of the revision and looks so, else a fresh record
 * that is not measured yet: good to be compared, and to be given up or listed after endpoint_measure. `look`:
 * enum endpoint_look; `zone`: its node's. O(1). */
struct endpoint *endpoint_of_pod(
    const struct catalog *catalog, const struct pod *pod, uint32_t look, sym zone, struct endpoint *like);
/* Computes the sizes unless they are known. Takes over the reference and returns one, of the same endpoint or
 * of one that says the same. O(1). */
struct endpoint *endpoint_measure(struct endpoint *endpoint);
/* Takes them from one that is alike and measured. */
static inline struct endpoint *endpoint_measure_alike(struct endpoint *endpoint, const struct endpoint *like)
{
    /* A condition takes the same bytes whatever it says. */
    endpoint->address_bytes_ = like->address_bytes_;
    endpoint->slice_bytes_ = like->slice_bytes_;
    return endpoint;
}
struct endpoint *endpoint_ref(struct endpoint *endpoint);
void endpoint_unref(struct endpoint *endpoint);

/* A copy of `extra` (NULL: all empty) with these hints instead, for a draft; copies the array. */
struct endpoint_extra *endpoint_extra_with_zone_hints(
    const struct endpoint_extra *extra, const sym *zones, uint32_t count);
struct endpoint_extra *endpoint_extra_copy(const struct endpoint_extra *extra);
/* The i-th address as text, in the catalog or formatted into `buffer`. */
uint32_t endpoint_address_count(const struct endpoint *endpoint);
const char *endpoint_address(const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i,
    char buffer[IP_TEXT_MAX], uint32_t *out_length);

/* Identity in a slice: addresses, hostname, target's namespace and name (S-33). */
bool endpoint_same_identity(const struct endpoint *a, const struct endpoint *b);
uint64_t endpoint_identity_hash(const struct endpoint *endpoint);
/* Equal beyond identity (S-34). */
bool endpoint_same_content(const struct endpoint *a, const struct endpoint *b);
/* Equal as an address of Endpoints: ip, hostname, nodeName, targetRef without resourceVersion (E-61). */
bool endpoint_same_address(const struct endpoint *a, const struct endpoint *b);
/* Same hints, nil and empty apart. */
bool endpoint_same_hints(const struct endpoint *a, const struct endpoint *b);
/* Order within a subset (E-41), complete: keys need not be equal. An ostree_compare with a catalog as
 * context. */
int endpoint_compare_address(const void *a, const void *b, const void *catalog);

#endif
