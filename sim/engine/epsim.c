/*
 * epsim.c: the public interface (epsim.h) over clock, store and engine: configuration, time and what comes
 * out. Objects come in through epsim_apply.c.
 */
#include "epsim.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/epsim_private.h"
#include "engine/repack.h"
#include "model/names.h"

#define START_S_DEFAULT INT64_C(1767225600) /* 2026-01-01T00:00:00Z */

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
        .mirroring_endpoints_per_subset_max = engine.mirroring_endpoints_per_subset_max,
        .rebalance_slack_percent = engine.rebalance_slack_percent,
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

static_assert((int)EPSIM_PACKING_UPSTREAM == (int)PACKING_UPSTREAM &&
                  (int)EPSIM_PACKING_BEST_FIT_ALL == (int)PACKING_BEST_FIT_ALL &&
                  (int)EPSIM_PACKING_REBALANCE == (int)PACKING_REBALANCE &&
                  (int)EPSIM_PACKING_ONE_SLICE_PER_ZONE == (int)PACKING_ONE_SLICE_PER_ZONE &&
                  EPSIM_PACKING_ONE_SLICE_PER_ZONE + 1 == PACKING_POLICY_COUNT,
    "one numbering of packing policies");

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
    engine.mirroring_endpointslice_updates_batch_period_ns =
        config->mirroring_endpointslice_updates_batch_period_ns;
    engine.mirroring_endpoints_per_subset_max = config->mirroring_endpoints_per_subset_max;
    engine.packing_policy = (enum packing_policy_kind)config->packing_policy;
    engine.rebalance_slack_percent = config->rebalance_slack_percent;
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

void epsim_start(struct epsim *sim)
{
    if (sim->started)
        return;
    sim->started = true;
    engine_start(sim->engine);
}

bool epsim_namespace(const struct epsim *sim, const char *text, sym *out)
{
    const char *name = text && *text ? text : "default";
    if (name_check_label(name, strlen(name)))
        return false;
    *out = catalog_sym(store_catalog(sim->store), name);
    return true;
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
    epsim_start(sim);
    const uint64_t before = clock_event_count(&sim->clock);
    clock_run(&sim->clock, until_ns);
    if (until_ns < EPSIM_TIME_END)
        clock_advance(&sim->clock, until_ns);
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
    if (!name || !epsim_namespace(sim, namespace_name, namespace))
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
                      .pod = endpoint_target(endpoint) ? target_name_here(endpoint_target(endpoint)) : "",
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
        const struct endpoint *endpoint = endpointslice_at(slice, i);
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
