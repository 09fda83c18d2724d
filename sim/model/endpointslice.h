/*
 * endpointslice.h: the EndpointSlice object (discovery.k8s.io/v1).
 */
#ifndef EPSIM_MODEL_ENDPOINTSLICE_H
#define EPSIM_MODEL_ENDPOINTSLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/endpoint.h"
#include "model/meta.h"
#include "model/owned_fields.h"

#define ENDPOINTS_PER_SLICE_DEFAULT 100
#define ENDPOINTS_PER_SLICE_MAX 1000

enum address_type { ADDRESS_IPV4, ADDRESS_IPV6, ADDRESS_FQDN };

struct endpointslice {
    struct meta meta;
    sym manager;                 /* of managedFields; SYM_EMPTY: kube-controller-manager */
    struct field_owners *fields; /* NULL: all fields are that manager's; kept by the store */
    enum address_type address_type;
    uint32_t owner_count;
    struct owner *owners;          /* owned, from mem_alloc or the like */
    const struct port_list *ports; /* in wire order: port-key order when written by the controller */
    VEC(uint32_t) endpoints;       /* numbers, one reference each, in wire order (endpointslice_at) */
    const struct pool *records;    /* theirs */
    uint64_t endpoints_bytes;      /* sum of slice_bytes */
    uint64_t sequence;             /* order of creation in the store; ties are put in order by it */
    /* managedFields has f:endpoints, f:ports (O-46); set by the store, for good. */
    bool had_endpoints, had_ports;
    bool ports_nil, endpoints_nil; /* nil lists as a controller's empty lists are after the wire (O-42) */
    struct size_memo sized;        /* for who reports the writes (engine/requests.h) */
    /* For the controller that keeps it up; NULL when it does not know it. */
    void *controller_state;
};

struct endpointslice *endpointslice_create(const struct catalog *catalog);
void endpointslice_destroy(struct endpointslice *slice);
/* The i-th endpoint. */
static inline struct endpoint *endpointslice_at(const struct endpointslice *slice, uint32_t i)
{
    return pool_record(slice->records, slice->endpoints.items[i]);
}
/* Another one in the place of the i-th; references and the sum of bytes are the caller's affair. */
static inline void endpointslice_put(struct endpointslice *slice, uint32_t i, const struct endpoint *endpoint)
{
    slice->endpoints.items[i] = pool_number(endpoint);
}
/* Appends and takes over one reference. */
void endpointslice_append(struct endpointslice *slice, struct endpoint *endpoint);
/* "IPv4", "IPv6" or "FQDN". */
const char *address_type_text(enum address_type type);

#endif
