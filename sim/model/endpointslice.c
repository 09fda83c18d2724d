/*
 * endpointslice.c: lifecycle of an EndpointSlice; see endpointslice.h.
 */
#include "model/endpointslice.h"

#include <stdlib.h>

#include "base/mem.h"

struct endpointslice *endpointslice_create(const struct catalog *catalog)
{
    struct endpointslice *slice = mem_zalloc(sizeof *slice);
    meta_init(&slice->meta, catalog);
    slice->ports = ports_empty(catalog);
    slice->records = &catalog->pools->endpoints;
    return slice;
}

void endpointslice_destroy(struct endpointslice *slice)
{
    if (!slice)
        return;
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        endpoint_unref(endpointslice_at(slice, i));
    vec_fini(&slice->endpoints);
    free(slice->owners);
    field_owners_destroy(slice->fields);
    free(slice);
}

void endpointslice_append(struct endpointslice *slice, struct endpoint *endpoint)
{
    vec_push(&slice->endpoints, pool_number(endpoint));
    slice->endpoints_bytes += endpoint_slice_bytes(endpoint);
}

const char *address_type_text(enum address_type type)
{
    switch (type) {
    case ADDRESS_IPV4:
        return "IPv4";
    case ADDRESS_IPV6:
        return "IPv6";
    case ADDRESS_FQDN:
        return "FQDN";
    }
    return "";
}
