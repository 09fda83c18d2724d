/*
 * epsim_apply.c: objects through the public interface (epsim.h). It checks what comes from outside, so that
 * nothing that a caller passes reaches an assertion, and translates plain texts to the model.
 */
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "engine/epsim_private.h"
#include "model/names.h"

/* --- texts to the model ------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* NULL when a key or value is invalid. */
static const struct labels *labels_of(struct epsim *sim, const struct epsim_label *items, size_t count)
{
    struct catalog *catalog = store_catalog(sim->store);
    VEC(struct label) list = {0};
    const struct labels *labels = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *key = or_empty(items[i].key), *value = or_empty(items[i].value);
        if (name_check_label_key(key, strlen(key)) || name_check_label_value(value, strlen(value)))
            goto done;
        vec_push(&list, ((struct label){catalog_sym(catalog, key), catalog_sym(catalog, value)}));
    }
    labels = labels_intern(catalog, list.items, list.count);
done:
    vec_fini(&list);
    return labels;
}

/* "TCP" when absent; NULL when it is no protocol. */
static const char *protocol_of(const struct epsim_port *port)
{
    const char *protocol = port->protocol && *port->protocol ? port->protocol : "TCP";
    const bool known = !strcmp(protocol, "TCP") || !strcmp(protocol, "UDP") || !strcmp(protocol, "SCTP");
    return known ? protocol : NULL;
}

static bool port_is_valid(const struct epsim_port *port, bool name_needed)
{
    const char *name = or_empty(port->name), *target = or_empty(port->target_name);
    return port->port >= 1 && port->port <= 65535 && port->target_port >= 0 && port->target_port <= 65535 &&
           protocol_of(port) && (*name ? !name_check_label(name, strlen(name)) : !name_needed) &&
           (!*target || !name_check_port(target, strlen(target)));
}

/* --- the cluster -------------------------------------------------------------------------------- */

static void set_service_ports(
    struct catalog *catalog, struct service *service, const struct epsim_port *ports)
{
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct epsim_port *port = &ports[i];
        service->ports[i] = (struct service_port){
            .name = catalog_sym(catalog, or_empty(port->name)),
            .protocol = catalog_sym(catalog, protocol_of(port)),
            .target_name = catalog_sym(catalog, or_empty(port->target_name)),
            .port = port->port,
            .target_port = port->target_port ? port->target_port : port->port,
        };
    }
}

enum epsim_status epsim_service_apply(struct epsim *sim, const struct epsim_service *in)
{
    struct catalog *catalog = store_catalog(sim->store);
    sym namespace;
    const char *name = or_empty(in->name);
    if (!epsim_namespace(sim, in->namespace_name, &namespace) || name_check_service(name, strlen(name)) ||
        in->port_count > SERVICE_PORTS_MAX || (in->port_count == 0 && !in->headless))
        return EPSIM_INVALID;
    for (size_t i = 0; i < in->port_count; i++) {
        if (!port_is_valid(&in->ports[i], in->port_count > 1))
            return EPSIM_INVALID;
    }
    const struct labels *labels = labels_of(sim, in->labels, in->label_count);
    const struct labels *selector = labels_of(sim, in->selector, in->selector_count);
    if (!labels || !selector)
        return EPSIM_INVALID;

    epsim_start(sim);
    const sym name_sym = catalog_sym(catalog, name);
    const struct service *old = store_service(sim->store, namespace, name_sym);
    struct service *service =
        old ? service_edit(old, (uint32_t)in->port_count) : service_create(catalog, (uint32_t)in->port_count);
    service->meta.namespace = namespace;
    service->meta.name = name_sym;
    if (!old) {
        service->meta.uid = store_new_uid(sim->store);
        service->meta.created_s = store_now_s(sim->store);
    }
    service->meta.labels = labels;
    service->selector = in->selector_count ? selector : NULL;
    service->cluster_ip = in->headless ? catalog_word(catalog, WORD_NONE)
                                       : catalog_sym(catalog, in->ipv6 ? "fd00:10:96::1" : "10.96.0.1");
    service->families[0] = in->ipv6 ? IP_V6 : IP_V4;
    service->family_count = 1;
    service->publish_not_ready_addresses = in->publish_not_ready_addresses;
    set_service_ports(catalog, service, in->ports);
    store_put_service(sim->store, service);
    return EPSIM_OK;
}

enum epsim_status epsim_node_apply(struct epsim *sim, const struct epsim_node *in)
{
    struct catalog *catalog = store_catalog(sim->store);
    const char *name = or_empty(in->name), *zone = or_empty(in->zone);
    if (name_check_subdomain(name, strlen(name)) || name_check_label_value(zone, strlen(zone)))
        return EPSIM_INVALID;
    epsim_start(sim);
    const sym name_sym = catalog_sym(catalog, name);
    const struct node *old = store_node(sim->store, name_sym);
    struct node *node = old ? node_edit(old) : node_create(catalog);
    node->meta.name = name_sym;
    if (!old) {
        node->meta.uid = store_new_uid(sim->store);
        node->meta.created_s = store_now_s(sim->store);
    }
    const sym key = catalog_word(catalog, WORD_ZONE);
    node->meta.labels = *zone ? labels_with(catalog, node->meta.labels, key, catalog_sym(catalog, zone))
                              : labels_without(catalog, node->meta.labels, key);
    node->ready = CONDITION_TRUE;
    node->pods_max = UINT32_MAX;
    store_put_node(sim->store, node);
    return EPSIM_OK;
}

/* The canonical text of each address given, at most one a family; false when one is no address. */
static bool addresses_of(const struct epsim_pod *in, const char *texts[2], uint32_t *count)
{
    uint8_t first_family = IP_NONE;
    *count = 0;
    const char *given[] = {or_empty(in->ip), or_empty(in->ip2)};
    for (int i = 0; i < 2; i++) {
        if (!*given[i])
            continue;
        const struct ip ip = ip_parse(given[i], strlen(given[i]));
        if (ip.family == IP_NONE || ip.family == first_family)
            return false;
        first_family = ip.family;
        texts[(*count)++] = given[i];
    }
    return true;
}

/* Name, protocol and number of each. */
static const struct port_list *ports_of(struct catalog *catalog, const struct epsim_port *items, size_t count)
{
    VEC(struct port) list = {0};
    for (size_t i = 0; i < count; i++) {
        const struct epsim_port *port = &items[i];
        vec_push(&list, ((struct port){
                            .name = catalog_sym(catalog, or_empty(port->name)),
                            .protocol = catalog_sym(catalog, protocol_of(port)),
                            .number = port->port,
                            .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
                        }));
    }
    const struct port_list *ports = ports_intern(catalog, list.items, list.count);
    vec_fini(&list);
    return ports;
}

enum epsim_status epsim_pod_apply(struct epsim *sim, const struct epsim_pod *in)
{
    struct catalog *catalog = store_catalog(sim->store);
    sym namespace;
    const char *name = or_empty(in->name), *node = or_empty(in->node);
    const char *ips[2];
    uint32_t ip_count;
    if (!epsim_namespace(sim, in->namespace_name, &namespace) || name_check_subdomain(name, strlen(name)) ||
        (*node && name_check_subdomain(node, strlen(node))) || !addresses_of(in, ips, &ip_count))
        return EPSIM_INVALID;
    for (size_t i = 0; i < in->container_port_count; i++) {
        if (!port_is_valid(&in->container_ports[i], false))
            return EPSIM_INVALID;
    }
    const struct labels *labels = labels_of(sim, in->labels, in->label_count);
    if (!labels)
        return EPSIM_INVALID;

    epsim_start(sim);
    const int64_t now_s = store_now_s(sim->store);
    const struct pod *old = store_pod(sim->store, namespace, name);
    struct pod *pod = old ? pod_edit(old)
                          : pod_create(catalog,
                                target_create_drawn(catalog, namespace, name, (uint32_t)strlen(name),
                                    store_draw_uid(sim->store)),
                                now_s);
    pod_set_labels(pod, labels);
    pod->node_name = catalog_sym(catalog, node);
    pod_set_container_ports(pod, ports_of(catalog, in->container_ports, in->container_port_count));
    pod_set_ips(pod, catalog, ips, ip_count);
    pod->phase = ip_count ? POD_RUNNING : POD_PENDING;
    const uint8_t ready = in->ready ? CONDITION_TRUE : CONDITION_FALSE;
    if (pod->ready != ready) {
        pod->ready = ready;
        pod_set_ready_since(pod, now_s);
    }
    if (in->terminating && !pod_is_terminating(pod))
        pod_set_deletion(pod, now_s, 0);
    store_put_pod(sim->store, pod);
    return EPSIM_OK;
}

/* --- Endpoints and slices by hand ---------------------------------------------------------------------- */

static bool endpoints_are_valid(const struct epsim_endpoints *in)
{
    const char *name = or_empty(in->name);
    if (name_check_subdomain(name, strlen(name)) || in->address_count > UINT32_MAX ||
        in->port_count > SERVICE_PORTS_MAX)
        return false;
    for (size_t i = 0; i < in->address_count; i++) {
        const char *ip = or_empty(in->addresses[i].ip), *node = or_empty(in->addresses[i].node);
        if (ip_parse(ip, strlen(ip)).family == IP_NONE || (*node && name_check_subdomain(node, strlen(node))))
            return false;
    }
    for (size_t i = 0; i < in->port_count; i++) {
        if (!port_is_valid(&in->ports[i], in->port_count > 1))
            return false;
    }
    return true;
}

static struct endpoint *address_of(struct catalog *catalog, const struct epsim_address *in)
{
    struct endpoint_draft draft = {.node_name = catalog_sym(catalog, or_empty(in->node))};
    draft.flags = draft.node_name != SYM_EMPTY ? ENDPOINT_ADDRESS_NODE_NAME : 0;
    draft.extra = mem_zalloc(sizeof *draft.extra);
    draft.extra->address_count = 1;
    draft.extra->addresses = mem_alloc(sizeof *draft.extra->addresses);
    draft.extra->addresses[0] = catalog_sym(catalog, in->ip);
    return endpoint_create(catalog, &draft);
}

enum epsim_status epsim_endpoints_apply(struct epsim *sim, const struct epsim_endpoints *in)
{
    struct catalog *catalog = store_catalog(sim->store);
    sym namespace;
    if (!epsim_namespace(sim, in->namespace_name, &namespace) || !endpoints_are_valid(in))
        return EPSIM_INVALID;
    const struct labels *labels = labels_of(sim, in->labels, in->label_count);
    if (!labels)
        return EPSIM_INVALID;

    epsim_start(sim);
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->is_explicit = true;
    endpoints->meta.namespace = namespace;
    endpoints->meta.name = catalog_sym(catalog, in->name);
    endpoints->meta.labels = labels;
    /* Who wrote, in managedFields (O-46). */
    const bool is_new = !store_endpoints(sim->store, namespace, endpoints->meta.name);
    endpoints->manager = catalog_sym(catalog, is_new ? "kubectl-create" : "kubectl-replace");
    struct subset subset = {.ports = ports_of(catalog, in->ports, in->port_count)};
    for (size_t i = 0; i < in->address_count; i++) {
        struct endpoint *address = address_of(catalog, &in->addresses[i]);
        if (in->addresses[i].ready)
            vec_push(&subset.addresses, address);
        else
            vec_push(&subset.not_ready_addresses, address);
    }
    if (in->address_count > 0)
        vec_push(&endpoints->subsets.items, subset);
    engine_apply_endpoints(sim->engine, endpoints);
    return EPSIM_OK;
}

/* --- deletions ------------------------------------------------------------------------------------------ */

/* The symbols that an object's names have; its name's is SYM_EMPTY when no object has it. */
static bool names_of(
    struct epsim *sim, const char *namespace_name, const char *name, sym *out_namespace, sym *out_name)
{
    if (!name || !epsim_namespace(sim, namespace_name, out_namespace))
        return false;
    epsim_start(sim);
    *out_name = sym_find(catalog_symbols(store_catalog(sim->store)), name, strlen(name));
    return true;
}

enum epsim_status epsim_service_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace, found;
    if (!names_of(sim, namespace_name, name, &namespace, &found))
        return EPSIM_INVALID;
    return store_remove_service(sim->store, namespace, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_node_delete(struct epsim *sim, const char *name)
{
    sym namespace, found;
    if (!names_of(sim, NULL, name, &namespace, &found))
        return EPSIM_INVALID;
    return store_remove_node(sim->store, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_pod_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace, found;
    if (!names_of(sim, namespace_name, name, &namespace, &found))
        return EPSIM_INVALID;
    return store_remove_pod(sim->store, namespace, name) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_endpoints_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace, found;
    if (!names_of(sim, namespace_name, name, &namespace, &found))
        return EPSIM_INVALID;
    return engine_delete_endpoints(sim->engine, namespace, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_endpointslice_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace, found;
    if (!names_of(sim, namespace_name, name, &namespace, &found))
        return EPSIM_INVALID;
    return engine_delete_endpointslice(sim->engine, namespace, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}
