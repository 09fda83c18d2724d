/*
 * service.c: revisions of a Service; see service.h.
 */
#include "model/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

struct service *service_create(const struct catalog *catalog, uint32_t port_count)
{
    EPSIM_ASSERT(port_count <= SERVICE_PORTS_MAX);
    struct service *service = mem_zalloc(sizeof *service);
    service->refs = 1;
    meta_init(&service->meta, catalog);
    service->port_count = port_count;
    if (port_count)
        service->ports = mem_zalloc(port_count * sizeof *service->ports);
    return service;
}

struct service *service_edit(const struct service *service, uint32_t port_count)
{
    EPSIM_ASSERT(port_count <= SERVICE_PORTS_MAX);
    struct service *copy = mem_alloc(sizeof *copy);
    *copy = *service;
    copy->refs = 1;
    copy->port_count = port_count;
    copy->ports = port_count ? mem_zalloc(port_count * sizeof *copy->ports) : NULL;
    uint32_t kept = port_count < service->port_count ? port_count : service->port_count;
    if (kept)
        memcpy(copy->ports, service->ports, kept * sizeof *copy->ports);
    return copy;
}

struct service *service_ref(const struct service *service)
{
    struct service *counted = (struct service *)service;
    if (counted)
        counted->refs++;
    return counted;
}

void service_unref(struct service *service)
{
    if (!service)
        return;
    EPSIM_ASSERT(service->refs > 0);
    if (--service->refs > 0)
        return;
    free(service->ports);
    free(service);
}

bool service_same_selector(const struct service *a, const struct service *b)
{
    uint32_t a_count = a->selector ? a->selector->count : 0;
    uint32_t b_count = b->selector ? b->selector->count : 0;
    return a_count == b_count && (a_count == 0 || a->selector == b->selector);
}

bool service_is_headless(const struct service *service, const struct catalog *catalog)
{
    return service->cluster_ip == SYM_EMPTY || service->cluster_ip == catalog_word(catalog, WORD_NONE);
}
