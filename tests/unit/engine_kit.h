/*
 * engine_kit.h: a small cluster for the tests of the engine: pods, Services and nodes in a line each, and the
 * objects that the controllers made of them as texts to compare.
 *
 * Everything is in namespace "default" and starts at KIT_TIME. Requests are kept as they are sent.
 */
#ifndef EPSIM_TESTS_UNIT_ENGINE_KIT_H
#define EPSIM_TESTS_UNIT_ENGINE_KIT_H

#include "model_kit.h"

#include "base/text.h"
#include "engine/engine.h"
#include "engine/repack.h"
#include "kernel/clock.h"
#include "model/store.h"

struct kit {
    struct clock clock;
    struct store *store;
    struct catalog *catalog;
    struct engine *engine;
    struct engine_config config;
    sym namespace;
    struct text log; /* one request a line: controller verb object endpoints +added -removed */
    struct text rows;
    struct write last;
};

static inline void kit_on_write(void *self, const struct write *write)
{
    struct kit *kit = self;
    kit->last = *write;
    text_printf(&kit->log, "%s %s %u+%u-%u\n", controller_text(write->controller), verb_text(write->verb),
        write->endpoints, write->endpoints_added, write->endpoints_removed);
}

static inline void kit_on_state(void *self, const struct service_state *state)
{
    struct kit *kit = self;
    text_printf(&kit->rows, "%s#%u%s pods=%u ready=%u ep=%u omitted=%u%s slices=%u ideal=%u in=%u\n",
        catalog_text(kit->catalog, state->name), state->service_number, state->deleted ? " deleted" : "",
        state->pods, state->ready, state->ep_addresses, state->ep_omitted,
        state->ep_truncated ? " truncated" : "", state->slices, state->slices_ideal, state->slice_endpoints);
}

/* `per_slice` 0: the default. The engine is started by the first kit_run. */
static inline void kit_init(struct kit *kit, uint32_t per_slice)
{
    *kit = (struct kit){.config = engine_config_default()};
    clock_init(&kit->clock, 1, 0);
    kit->store = store_create(&kit->clock, KIT_TIME);
    kit->catalog = store_catalog(kit->store);
    kit->namespace = catalog_sym(kit->catalog, "default");
    if (per_slice)
        kit->config.endpoints_per_slice_max = per_slice;
}

static inline void kit_start(struct kit *kit)
{
    if (kit->engine)
        return;
    kit->engine = engine_create(kit->store, &kit->config);
    engine_observe(kit->engine,
        &(struct engine_observer){.self = kit, .on_write = kit_on_write, .on_state = kit_on_state});
    engine_start(kit->engine);
}

/* Everything that is due now, or up to `seconds` of simulated time. */
static inline void kit_run_until(struct kit *kit, int64_t seconds)
{
    kit_start(kit);
    clock_run(&kit->clock, seconds * NS_PER_S);
}

static inline void kit_run(struct kit *kit)
{
    kit_start(kit);
    clock_run(&kit->clock, clock_now(&kit->clock));
}

static inline void kit_fini(struct kit *kit)
{
    engine_destroy(kit->engine);
    store_destroy(kit->store);
    clock_fini(&kit->clock);
    text_fini(&kit->log);
    text_fini(&kit->rows);
}

static inline sym kit_sym(struct kit *kit, const char *text)
{
    return catalog_sym(kit->catalog, text);
}

/* --- nodes ----------------------------------------------------------------------------------- */

static inline void kit_node(struct kit *kit, const char *name, const char *zone)
{
    struct node *node = node_create(kit->catalog);
    node->meta.name = kit_sym(kit, name);
    node->ready = CONDITION_TRUE;
    node->pods_max = UINT32_MAX;
    if (*zone)
        node->meta.labels = labels_with(
            kit->catalog, node->meta.labels, catalog_word(kit->catalog, WORD_ZONE), kit_sym(kit, zone));
    store_put_node(kit->store, node);
}

/* --- pods ------------------------------------------------------------------------------------ */

/* Running, ready since KIT_TIME + `since`, label app=`app`, one address, on node-1. */
static inline struct pod *kit_draft(
    struct kit *kit, const char *name, const char *ip, const char *app, bool ready, int64_t since)
{
    struct pod *pod = pod_create(kit->catalog,
        target_create(
            kit->catalog, kit->namespace, name, (uint32_t)strlen(name), store_new_uid(kit->store), NULL),
        store_now_s(kit->store));
    pod->phase = POD_RUNNING;
    pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    pod_set_ready_since(pod, KIT_TIME + since);
    pod->node_name = kit_sym(kit, "node-1");
    pod_set_labels(pod, labels_with(kit->catalog, pod_labels(pod), kit_sym(kit, "app"), kit_sym(kit, app)));
    if (*ip)
        pod_set_ip(pod, ip_parse(ip, strlen(ip)));
    return pod;
}

static inline void kit_pod(struct kit *kit, const char *name, const char *ip, bool ready)
{
    store_put_pod(kit->store, kit_draft(kit, name, ip, "web", ready, 0));
}

/* web-0, web-1, ... with 10.0.X.Y. */
static inline void kit_pods(struct kit *kit, uint32_t first, uint32_t count, bool ready)
{
    for (uint32_t i = first; i < first + count; i++) {
        char name[32], ip[32];
        snprintf(name, sizeof name, "web-%u", i);
        snprintf(ip, sizeof ip, "10.0.%u.%u", i / 250, i % 250 + 1);
        kit_pod(kit, name, ip, ready);
    }
}

static inline struct pod *kit_edit(struct kit *kit, const char *name)
{
    const struct pod *pod = store_pod(kit->store, kit->namespace, name);
    CU_ASSERT_FATAL(pod != NULL);
    return pod_edit(pod);
}

static inline void kit_ready(struct kit *kit, const char *name, bool ready, int64_t since)
{
    struct pod *pod = kit_edit(kit, name);
    pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    pod_set_ready_since(pod, KIT_TIME + since);
    store_put_pod(kit->store, pod);
}

static inline void kit_relabel(struct kit *kit, const char *name, const char *app)
{
    struct pod *pod = kit_edit(kit, name);
    pod_set_labels(pod, labels_with(kit->catalog, pod_labels(pod), kit_sym(kit, "app"), kit_sym(kit, app)));
    store_put_pod(kit->store, pod);
}

static inline void kit_terminate(struct kit *kit, const char *name)
{
    struct pod *pod = kit_edit(kit, name);
    pod_set_deletion(pod, store_now_s(kit->store), 0);
    store_put_pod(kit->store, pod);
}

static inline void kit_remove(struct kit *kit, const char *name)
{
    CU_ASSERT(store_remove_pod(kit->store, kit->namespace, name));
}

/* --- Services -------------------------------------------------------------------------------- */

/* app=web behind http 80 -> 8080, one IPv4 family. To be edited and put. */
static inline struct service *kit_service_draft(struct kit *kit, const char *name, uint32_t ports)
{
    struct service *service = service_create(kit->catalog, ports);
    service->meta.namespace = kit->namespace;
    service->meta.name = kit_sym(kit, name);
    service->meta.created_s = store_now_s(kit->store);
    service->cluster_ip = kit_sym(kit, "10.96.0.10");
    service->families[0] = IP_V4;
    service->family_count = 1;
    service->selector =
        labels_with(kit->catalog, labels_empty(kit->catalog), kit_sym(kit, "app"), kit_sym(kit, "web"));
    for (uint32_t i = 0; i < ports; i++) {
        service->ports[i] = (struct service_port){
            .name = kit_sym(kit, i == 0   ? "http"
                                 : i == 1 ? "https"
                                          : "metrics"),
            .protocol = catalog_word(kit->catalog, WORD_TCP),
            .port = 80 + (int32_t)i,
            .target_port = i == 0   ? 8080
                           : i == 1 ? 8443
                                    : 9090,
        };
    }
    return service;
}

static inline void kit_service(struct kit *kit, const char *name)
{
    store_put_service(kit->store, kit_service_draft(kit, name, 1));
}

static inline struct service *kit_service_edit(struct kit *kit, const char *name)
{
    const struct service *service = store_service(kit->store, kit->namespace, kit_sym(kit, name));
    CU_ASSERT_FATAL(service != NULL);
    return service_edit(service, service->port_count);
}

static inline void kit_service_remove(struct kit *kit, const char *name)
{
    CU_ASSERT(store_remove_service(kit->store, kit->namespace, kit_sym(kit, name)));
}

/* --- what there is --------------------------------------------------------------------------- */

static inline struct endpoints *kit_endpoints(struct kit *kit, const char *name)
{
    return store_endpoints(kit->store, kit->namespace, kit_sym(kit, name));
}

static inline void kit_add_ports(struct kit *kit, struct text *out, const struct port_list *ports)
{
    text_add(out, "[");
    for (uint32_t i = 0; i < ports->count; i++)
        text_printf(out, "%s%s:%d", i ? "," : "", catalog_text(kit->catalog, ports->items[i].name),
            ports->items[i].number);
    text_add(out, "]");
}

static inline void kit_add_names(struct text *out, struct endpoint *const *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        text_printf(out, "%s%s", i ? "," : "",
            endpoint_target(items[i]) ? target_name_here(endpoint_target(items[i])) : "?");
}

/* "READY|NOT READY[PORTS] ..." of all subsets in their order; names of pods. "none" without an object. */
static inline const char *kit_subsets(struct kit *kit, const char *name, struct text *out)
{
    text_clear(out);
    const struct endpoints *endpoints = kit_endpoints(kit, name);
    if (!endpoints) {
        text_add(out, "none");
        return out->data;
    }
    struct subset_list view = {0};
    repack_view(kit->catalog, endpoints, kit->config.kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128, &view);
    CU_ASSERT_EQUAL(subset_list_address_count(&view),
        endpoints->is_explicit ? subset_list_address_count(&endpoints->subsets) : endpoints->address_count);
    if (!endpoints->is_explicit) {
        CU_ASSERT_EQUAL(endpoints->subsets_bytes, size_subset_list(kit->catalog, &view));
    }
    for (uint32_t i = 0; i < view.items.count; i++) {
        const struct subset *subset = &view.items.items[i];
        if (i)
            text_add(out, " ");
        kit_add_names(out, subset->addresses.items, subset->addresses.count);
        text_add(out, "|");
        kit_add_names(out, subset->not_ready_addresses.items, subset->not_ready_addresses.count);
        kit_add_ports(kit, out, subset->ports);
    }
    text_add(out, "");
    subset_list_fini(&view);
    return out->data ? out->data : "";
}

struct kit_walk {
    struct kit *kit;
    struct text *out;
    sym service;
    uint32_t count;
};

static inline bool kit_visit_slice(void *context, const void *object)
{
    struct kit_walk *walk = context;
    const struct endpointslice *slice = object;
    sym service = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(walk->kit->catalog, WORD_SERVICE_NAME), &service);
    if (service != walk->service)
        return true;
    if (walk->count++)
        text_add(walk->out, " ");
    if (slice->address_type != ADDRESS_IPV4)
        text_add(walk->out, address_type_text(slice->address_type));
    kit_add_ports(walk->kit, walk->out, slice->ports);
    uint64_t bytes = 0;
    text_add(walk->out, "=");
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        text_printf(walk->out, "%s%s%s%s%s", i ? "," : "",
            endpoint_target(endpoint) ? target_name_here(endpoint_target(endpoint)) : "?",
            endpoint_ready(endpoint) == CONDITION_TRUE ? "" : "-",
            endpoint_serving(endpoint) == CONDITION_TRUE ? "" : "!",
            endpoint_terminating(endpoint) == CONDITION_TRUE ? "~" : "");
        bytes += endpoint_slice_bytes(endpoint);
    }
    CU_ASSERT_EQUAL(bytes, slice->endpoints_bytes);
    return true;
}

/* "[PORTS]=pod,pod- ..." of all slices with the Service's label, by creation. A pod that is not ready has a
 * -, one that is not serving a !, a terminating one a ~. */
static inline const char *kit_slices(struct kit *kit, const char *name, struct text *out)
{
    struct kit_walk walk = {.kit = kit, .out = out, .service = kit_sym(kit, name)};
    text_clear(out);
    text_add(out, "");
    store_each(kit->store, OBJECT_ENDPOINTSLICE, kit->namespace, kit_visit_slice, &walk);
    return out->data ? out->data : "";
}

static inline bool kit_visit_size(void *context, const void *object)
{
    struct kit_walk *walk = context;
    const struct endpointslice *slice = object;
    text_printf(walk->out, "%s%u", walk->count++ ? " " : "", slice->endpoints.count);
    return true;
}

/* Lengths of all slices, by creation. */
static inline const char *kit_sizes(struct kit *kit, struct text *out)
{
    struct kit_walk walk = {.kit = kit, .out = out};
    text_clear(out);
    text_add(out, "");
    store_each(kit->store, OBJECT_ENDPOINTSLICE, kit->namespace, kit_visit_size, &walk);
    return out->data ? out->data : "";
}

/* The requests since the last call. */
static inline const char *kit_log(struct kit *kit, struct text *out)
{
    text_clear(out);
    text_add(out, kit->log.data ? kit->log.data : "");
    text_clear(&kit->log);
    return out->data ? out->data : "";
}

#define KIT_TEXT(actual, expected) \
    do { \
        const char *kit_actual_ = (actual); \
        CU_ASSERT_STRING_EQUAL(kit_actual_, (expected)); \
        if (strcmp(kit_actual_, (expected)) != 0) \
            fprintf(stderr, "%s:%d:\n  got  %s\n  want %s\n", __FILE__, __LINE__, kit_actual_, (expected)); \
    } while (0)

#endif
