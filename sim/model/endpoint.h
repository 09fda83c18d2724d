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

/* 64 bytes; a million of them are the size to keep in mind. */
struct endpoint {
    uint32_t refs;
    uint8_t ready, serving, terminating; /* enum condition; ABSENT: nil */
    uint8_t flags;
    struct ip ip;
    sym hostname, node_name, zone;
    uint32_t address_bytes;       /* protobuf record in a subset, tag and length included (O-10) */
    uint32_t slice_bytes;         /* protobuf record in a slice, tag and length included (O-15) */
    struct target *target;        /* NULL: no targetRef */
    struct endpoint_extra *extra; /* NULL for almost all */
};

/* Puts endpoints in the order of their first addresses (ip.h). */
static inline uint64_t endpoint_sort_key(const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint->extra;
    bool is_odd = extra && extra->address_count > 0 && !extra->first_is_canonical;
    return is_odd ? extra->sort_key : ip_sort_key(endpoint->ip);
}

/* Takes over `draft` by value (its references too) and computes sizes; one reference. With
 * extra addresses, `ip` becomes the first of them; one that is canonical moves into `ip` altogether, so
 * that equal endpoints look equal. O(length). */
struct endpoint *endpoint_create(const struct catalog *catalog, const struct endpoint *draft);
/* The same where an endpoint is there that differs from the draft in its conditions at most: sizes are
 * taken from it. Falls back on endpoint_create where it differs in more. `like` may be NULL. O(1). */
struct endpoint *endpoint_create_like(
    const struct catalog *catalog, const struct endpoint *draft, const struct endpoint *like);
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
