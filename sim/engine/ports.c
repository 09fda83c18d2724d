/*
 * ports.c: see ports.h.
 */
#include "engine/ports.h"

#include <stdlib.h>

#include "engine/engine_private.h"

/* E-22: the first port of that name and protocol, over containers and then sidecars. */
static bool find_port(const struct port_list *container_ports, const struct service_port *port, int32_t *out)
{
    if (port->target_name == SYM_EMPTY) {
        *out = port->target_port;
        return true;
    }
    for (uint32_t i = 0; i < container_ports->count; i++) {
        const struct port *candidate = &container_ports->items[i];
        if (candidate->name == port->target_name && candidate->protocol == port->protocol) {
            *out = candidate->number;
            return true;
        }
    }
    return false;
}

static const struct port_list *resolve(
    struct catalog *catalog, const struct service *service, const struct port_list *container_ports)
{
    struct port on_stack[16];
    struct port *ports =
        service->port_count <= 16 ? on_stack : mem_array(NULL, service->port_count, sizeof *ports);
    uint32_t count = 0;
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port *port = &service->ports[i];
        int32_t number;
        if (!find_port(container_ports, port, &number))
            continue;
        ports[count++] = (struct port){
            .name = port->name,
            .protocol = port->protocol,
            .app_protocol = port->has_app_protocol ? port->app_protocol : SYM_EMPTY,
            .number = number,
            .set = (uint8_t)(PORT_NAME | PORT_PROTOCOL | PORT_NUMBER |
                             (port->has_app_protocol ? PORT_APP_PROTOCOL : 0)),
        };
    }
    const struct port_list *list = ports_intern(catalog, ports, count);
    if (ports != on_stack)
        free(ports);
    return list;
}

void ports_reset(struct service_entry *entry)
{
    struct catalog *catalog = entry->engine->catalog;
    map_clear(&entry->resolved_ports);
    entry->fixed_ports = NULL;
    for (uint32_t i = 0; i < entry->service->port_count; i++) {
        if (entry->service->ports[i].target_name != SYM_EMPTY)
            return;
    }
    entry->fixed_ports = resolve(catalog, entry->service, ports_empty(catalog));
}

void ports_fini(struct service_entry *entry)
{
    map_fini(&entry->resolved_ports);
}

const struct port_list *ports_resolve(struct service_entry *entry, const struct pod *pod)
{
    if (entry->fixed_ports)
        return entry->fixed_ports;
    const struct port_list *known = map_get_ptr(&entry->resolved_ports, pod_container_ports(pod)->id);
    if (known)
        return known;
    known = resolve(entry->engine->catalog, entry->service, pod_container_ports(pod));
    map_put_ptr(&entry->resolved_ports, pod_container_ports(pod)->id, (void *)known);
    return known;
}

bool ports_empty_is_listed(const struct service_entry *entry)
{
    return entry->service->port_count == 0 &&
           entry->service->cluster_ip == catalog_word(entry->engine->catalog, WORD_NONE);
}
