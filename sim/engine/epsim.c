/*
 * epsim.c: the public interface (epsim.h) over clock, store and engine. It checks what comes from outside, so
 * that nothing that a caller passes reaches an assertion, and translates between plain texts and the model.
 */
#include "epsim.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "engine/repack.h"
#include "kernel/clock.h"
#include "model/names.h"
#include "model/store.h"

#define START_S_DEFAULT INT64_C(1767225600) /* 2026-01-01T00:00:00Z */

struct epsim {
    struct clock clock;
    struct store *store;
    struct engine *engine;
    enum order_hash order_hash;
    bool started;
    void (*on_write)(void *context, const struct epsim_write *write);
    void *on_write_context;
};

/* A function of the caller's that waits for its time. */
struct user_call {
    struct epsim *sim;
    void (*call)(void *context, struct epsim *sim);
    void *context;
};

const char *epsim_status_text(enum epsim_status status)
{
    switch (status) {
    case EPSIM_OK:
        return "success";
    case EPSIM_INVALID:
        return "an argument is out of range or not a valid name, address or label";
    case EPSIM_NOT_FOUND:
        return "no object of that name";
    case EPSIM_PAST:
        return "the time is before now";
    }
    return "unknown status";
}

const char *epsim_version(void)
{
    return EPSIM_VERSION;
}

struct epsim_config epsim_config_default(void)
{
    const struct engine_config engine = engine_config_default();
    return (struct epsim_config){
        .seed = 1,
        .start_s = START_S_DEFAULT,
        .endpoints_per_slice_max = engine.endpoints_per_slice_max,
        .endpoints_capacity = engine.endpoints_capacity,
        .kube_minor = engine.kube_minor,
        .endpoints_watchers = EPSIM_WATCHERS_DEFAULT,
        .endpointslice_watchers = EPSIM_WATCHERS_DEFAULT,
    };
}

static void forward_write(void *self, const struct write *write)
{
    const struct epsim *sim = self;
    if (!sim->on_write)
        return;
    const struct catalog *catalog = store_catalog(sim->store);
    sim->on_write(sim->on_write_context, &(struct epsim_write){
                                             .at_ns = write->at_ns,
                                             .controller = controller_text(write->controller),
                                             .verb = verb_text(write->verb),
                                             .namespace_name = catalog_text(catalog, write->namespace),
                                             .service = catalog_text(catalog, write->service),
                                             .object = catalog_text(catalog, write->object),
                                             .endpoints = write->endpoints,
                                             .bytes = write->bytes,
                                             .watch_bytes = write->watch_bytes,
                                         });
}

struct epsim *epsim_create(const struct epsim_config *config)
{
    struct engine_config engine = engine_config_default();
    engine.endpoints_per_slice_max = config->endpoints_per_slice_max;
    engine.endpoints_capacity = config->endpoints_capacity;
    engine.choices = config->choices_fixed ? CHOICE_FIXED : CHOICE_RANDOM;
    engine.kube_minor = config->kube_minor;
    engine.endpoints_watchers = config->endpoints_watchers;
    engine.endpointslice_watchers = config->endpointslice_watchers;
    engine.endpoint_updates_batch_period_ns = config->endpoint_updates_batch_period_ns;
    engine.endpointslice_updates_batch_period_ns = config->endpointslice_updates_batch_period_ns;
    if (engine_config_check(&engine))
        return NULL;

    struct epsim *sim = mem_zalloc(sizeof *sim);
    clock_init(&sim->clock, config->seed, config->run);
    sim->store = store_create(&sim->clock, config->start_s);
    sim->engine = engine_create(sim->store, &engine);
    sim->order_hash = config->kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128;
    engine_observe(sim->engine, &(struct engine_observer){.self = sim, .on_write = forward_write});
    return sim;
}

void epsim_destroy(struct epsim *sim)
{
    if (!sim)
        return;
    /* Calls that were never made. */
    struct event event;
    while (event_queue_next(sim->clock.queue, &event)) {
        if (event.kind == EVENT_USER)
            free(event.subject);
    }
    engine_destroy(sim->engine);
    store_destroy(sim->store);
    clock_fini(&sim->clock);
    free(sim);
}

/* --- texts to the model
 * --------------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool namespace_of(const struct epsim *sim, const char *text, sym *out)
{
    const char *name = text && *text ? text : "default";
    if (name_check_label(name, strlen(name)))
        return false;
    *out = catalog_sym(store_catalog(sim->store), name);
    return true;
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

/* --- the cluster
 * ------------------------------------------------------------------------------------------------ */

static void start(struct epsim *sim)
{
    if (sim->started)
        return;
    sim->started = true;
    engine_start(sim->engine);
}

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
    if (!namespace_of(sim, in->namespace_name, &namespace) || name_check_service(name, strlen(name)) ||
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

    start(sim);
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
    start(sim);
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

static const struct port_list *container_ports_of(struct catalog *catalog, const struct epsim_pod *in)
{
    VEC(struct port) list = {0};
    for (size_t i = 0; i < in->container_port_count; i++) {
        const struct epsim_port *port = &in->container_ports[i];
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
    if (!namespace_of(sim, in->namespace_name, &namespace) || name_check_subdomain(name, strlen(name)) ||
        (*node && name_check_subdomain(node, strlen(node))) || !addresses_of(in, ips, &ip_count))
        return EPSIM_INVALID;
    for (size_t i = 0; i < in->container_port_count; i++) {
        if (!port_is_valid(&in->container_ports[i], false))
            return EPSIM_INVALID;
    }
    const struct labels *labels = labels_of(sim, in->labels, in->label_count);
    if (!labels)
        return EPSIM_INVALID;

    start(sim);
    const int64_t now_s = store_now_s(sim->store);
    const struct pod *old = store_pod(sim->store, namespace, name);
    struct pod *pod = old ? pod_edit(old)
                          : pod_create(catalog,
                                target_create(catalog, namespace, name, (uint32_t)strlen(name),
                                    store_new_uid(sim->store), NULL),
                                now_s);
    pod_set_labels(pod, labels);
    pod->node_name = catalog_sym(catalog, node);
    pod_set_container_ports(pod, container_ports_of(catalog, in));
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

enum epsim_status epsim_service_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace;
    if (!name || !namespace_of(sim, namespace_name, &namespace))
        return EPSIM_INVALID;
    start(sim);
    const sym found = sym_find(catalog_symbols(store_catalog(sim->store)), name, strlen(name));
    return store_remove_service(sim->store, namespace, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_node_delete(struct epsim *sim, const char *name)
{
    if (!name)
        return EPSIM_INVALID;
    start(sim);
    const sym found = sym_find(catalog_symbols(store_catalog(sim->store)), name, strlen(name));
    return store_remove_node(sim->store, found) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

enum epsim_status epsim_pod_delete(struct epsim *sim, const char *namespace_name, const char *name)
{
    sym namespace;
    if (!name || !namespace_of(sim, namespace_name, &namespace))
        return EPSIM_INVALID;
    start(sim);
    return store_remove_pod(sim->store, namespace, name) ? EPSIM_OK : EPSIM_NOT_FOUND;
}

/* --- time
 * -----------------------------------------------------------------------------------------------------------
 */

int64_t epsim_now_ns(const struct epsim *sim)
{
    return clock_now(&sim->clock);
}

static void run_user_call(void *subject, uint64_t argument)
{
    (void)argument;
    const struct user_call call = *(struct user_call *)subject;
    free(subject);
    call.call(call.context, call.sim);
}

enum epsim_status epsim_at(
    struct epsim *sim, int64_t at_ns, void (*call)(void *context, struct epsim *sim), void *context)
{
    if (at_ns < clock_now(&sim->clock))
        return EPSIM_PAST;
    struct user_call *waiting = mem_alloc(sizeof *waiting);
    *waiting = (struct user_call){sim, call, context};
    clock_at(&sim->clock, at_ns, PHASE_SCENARIO, EVENT_USER, run_user_call, waiting, 0);
    return EPSIM_OK;
}

uint64_t epsim_run(struct epsim *sim, int64_t until_ns)
{
    start(sim);
    const uint64_t before = clock_event_count(&sim->clock);
    clock_run(&sim->clock, until_ns);
    return clock_event_count(&sim->clock) - before;
}

uint64_t epsim_digest(const struct epsim *sim)
{
    return digest_value(&sim->clock.digest);
}

/* --- what comes out
 * --------------------------------------------------------------------------------------------- */

void epsim_on_write(
    struct epsim *sim, void (*call)(void *context, const struct epsim_write *write), void *context)
{
    sim->on_write = call;
    sim->on_write_context = context;
}

/* The symbols of a Service's names; false when no object can have them. */
static bool find_names(
    const struct epsim *sim, const char *namespace_name, const char *name, sym *namespace, sym *out)
{
    if (!name || !namespace_of(sim, namespace_name, namespace))
        return false;
    *out = sym_find(catalog_symbols(store_catalog(sim->store)), name, strlen(name));
    return *out != SYM_EMPTY;
}

enum epsim_status epsim_service_state(
    const struct epsim *sim, const char *namespace_name, const char *name, struct epsim_service_state *out)
{
    sym namespace, service;
    struct service_state state;
    if (!find_names(sim, namespace_name, name, &namespace, &service) ||
        !engine_state(sim->engine, namespace, service, &state))
        return EPSIM_NOT_FOUND;
    *out = (struct epsim_service_state){
        .pods = state.pods,
        .ready = state.ready,
        .ep_addresses = state.ep_addresses,
        .ep_omitted = state.ep_omitted,
        .ep_truncated = state.ep_truncated,
        .slices = state.slices,
        .slices_ideal = state.slices_ideal,
        .slice_endpoints = state.slice_endpoints,
    };
    return EPSIM_OK;
}

typedef void backend_call(void *context, const struct epsim_backend *backend);

static void show_endpoint(const struct catalog *catalog, const char *object, const struct endpoint *endpoint,
    bool ready, backend_call *call, void *context)
{
    char address[IP_TEXT_MAX];
    ip_format(endpoint_ip(endpoint), address);
    call(context, &(struct epsim_backend){
                      .object = object,
                      .address = endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count
                                     ? catalog_text(catalog, endpoint_extra(endpoint)->addresses[0])
                                     : address,
                      .pod = endpoint_target(endpoint) ? endpoint_target(endpoint)->name : "",
                      .node = catalog_text(catalog, endpoint_node_name(endpoint)),
                      .zone = catalog_text(catalog, endpoint_zone(endpoint)),
                      .ready = ready,
                  });
}

/* Walks the slices of one Service. */
struct slice_walk {
    const struct catalog *catalog;
    sym service;
    backend_call *call;
    void *context;
    size_t count;
};

static bool visit_slice(void *context, const void *object)
{
    struct slice_walk *walk = context;
    const struct endpointslice *slice = object;
    sym service;
    if (!labels_get(slice->meta.labels, catalog_word(walk->catalog, WORD_SERVICE_NAME), &service) ||
        service != walk->service)
        return true;
    walk->count += slice->endpoints.count;
    for (uint32_t i = 0; walk->call && i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = slice->endpoints.items[i];
        show_endpoint(walk->catalog, catalog_text(walk->catalog, slice->meta.name), endpoint,
            endpoint_ready(endpoint) == CONDITION_TRUE, walk->call, walk->context);
    }
    return true;
}

size_t epsim_each_slice_endpoint(const struct epsim *sim, const char *namespace_name, const char *service,
    backend_call *call, void *context)
{
    sym namespace;
    struct slice_walk walk = {.catalog = store_catalog(sim->store), .call = call, .context = context};
    if (!find_names(sim, namespace_name, service, &namespace, &walk.service))
        return 0;
    store_each(sim->store, OBJECT_ENDPOINTSLICE, namespace, visit_slice, &walk);
    return walk.count;
}

size_t epsim_each_endpoints_address(const struct epsim *sim, const char *namespace_name, const char *service,
    backend_call *call, void *context)
{
    sym namespace, name;
    if (!find_names(sim, namespace_name, service, &namespace, &name))
        return 0;
    const struct endpoints *endpoints = store_endpoints(sim->store, namespace, name);
    if (!endpoints)
        return 0;
    struct catalog *catalog = store_catalog(sim->store);
    struct subset_list view = {0};
    repack_view(catalog, endpoints, sim->order_hash, &view);
    for (uint32_t i = 0; call && i < view.items.count; i++) {
        const struct subset *subset = &view.items.items[i];
        for (uint32_t k = 0; k < subset->addresses.count; k++)
            show_endpoint(catalog, service, subset->addresses.items[k], true, call, context);
        for (uint32_t k = 0; k < subset->not_ready_addresses.count; k++)
            show_endpoint(catalog, service, subset->not_ready_addresses.items[k], false, call, context);
    }
    const size_t count = subset_list_address_count(&view);
    subset_list_fini(&view);
    return count;
}
