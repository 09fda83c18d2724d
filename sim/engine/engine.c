/*
 * engine.c: the engine's life: queues, entries, and the controllers' workers.
 */
#include "engine/engine.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/check.h"
#include "engine/collector.h"
#include "engine/endpoints_controller.h"
#include "engine/endpointslice_controller.h"
#include "engine/flight.h"
#include "engine/informer.h"
#include "engine/label_index.h"
#include "engine/members.h"
#include "engine/mirroring_controller.h"
#include "engine/packing_policy.h"
#include "engine/ports.h"
#include "engine/slice_cache.h"

/* Back-off of retries (C-40, C-41). */
#define ENDPOINTS_BACKOFF_BASE_NS INT64_C(5000000)
#define SLICES_BACKOFF_BASE_NS INT64_C(1000000000)
#define BACKOFF_CAP_NS INT64_C(1000000000000)
/* C-42. */
#define MIRRORING_BACKOFF_BASE_NS INT64_C(1000000000)
#define MIRRORING_BACKOFF_CAP_NS INT64_C(100000000000)

struct engine_config engine_config_default(void)
{
    return (struct engine_config){
        .endpoints_per_slice_max = ENDPOINTS_PER_SLICE_DEFAULT,
        .endpoints_capacity = ENDPOINTS_CAPACITY_DEFAULT,
        .mirroring_endpoints_per_subset_max = MIRRORING_ENDPOINTS_PER_SUBSET_DEFAULT,
        .packing_policy = PACKING_UPSTREAM,
        .rebalance_slack_percent = REBALANCE_SLACK_PERCENT_DEFAULT,
        .choices = CHOICE_RANDOM,
        .kube_minor = KUBE_MINOR_DEFAULT,
        .size_model = SIZE_PROTOBUF,
        .endpoints_watchers = WATCHERS_DEFAULT,
        .endpointslice_watchers = WATCHERS_DEFAULT,
        .timing = timing_instant(),
    };
}

const char *engine_config_check(const struct engine_config *config)
{
    if (config->endpoints_per_slice_max < 1 || config->endpoints_per_slice_max > ENDPOINTS_PER_SLICE_MAX)
        return "maxEndpointsPerSlice must be between 1 and 1,000";
    if (config->endpoints_capacity < 1)
        return "endpointsCapacity must be at least 1, or none";
    if (config->mirroring_endpoints_per_subset_max < 1 ||
        config->mirroring_endpoints_per_subset_max > MIRRORING_ENDPOINTS_PER_SUBSET_MAX)
        return "mirroringMaxEndpointsPerSubset must be between 1 and 1,000";
    if (config->packing_policy >= PACKING_POLICY_COUNT)
        return "packingPolicy must be one of those that there are";
    if (config->rebalance_slack_percent > REBALANCE_SLACK_PERCENT_MAX)
        return "rebalanceSlackPercent must be between 0 and 10,000";
    if (config->kube_minor < KUBE_MINOR_MIN || config->kube_minor > KUBE_MINOR_MAX)
        return "kube must be between 1.34 and 1.37";
    const int64_t periods_ns[] = {config->endpoint_updates_batch_period_ns,
        config->endpointslice_updates_batch_period_ns,
        config->mirroring_endpointslice_updates_batch_period_ns};
    for (size_t i = 0; i < sizeof periods_ns / sizeof periods_ns[0]; i++) {
        if (periods_ns[i] < 0 || periods_ns[i] > BATCH_PERIOD_MAX_NS)
            return "a batch period must be between 0 and 24h";
    }
    return timing_check(&config->timing);
}

/* --- entries --------------------------------------------------------------------------------- */

struct service_entry *engine_entry(struct engine *engine, sym namespace, sym name, bool create)
{
    uint64_t key = (uint64_t) namespace << 32 | name;
    struct service_entry *entry = map_get_ptr(&engine->services_by_name, key);
    if (entry || !create)
        return entry;
    entry = pool_take(&engine->records.services);
    *entry = (struct service_entry){.engine = engine, .namespace = namespace, .name = name};
    for (int c = 0; c < SYNC_COUNT; c++) {
        workqueue_item_init(&entry->items[c], &engine->queues[c], engine->services.count);
        entry->rescan[c] = true;
        entry->trigger[c].service_s = TIME_NONE;
    }
    workqueue_item_init(&entry->mirror_item, &engine->mirroring_queue, engine->services.count);
    map_put_ptr(&engine->services_by_name, key, entry);
    vec_push(&engine->services, entry);
    return entry;
}

static void entry_destroy(struct service_entry *entry)
{
    for (int c = 0; c < SYNC_COUNT; c++) {
        vec_fini(&entry->marked[c]);
    }
    for (uint32_t f = 0; f < entry->family_count; f++) {
        struct slice_family *family = &entry->families[f];
        for (uint32_t i = 0; i < family->groups.count; i++) {
            ostree_fini(&family->groups.items[i]->slices);
            pool_give(&entry->engine->records.slice_groups, family->groups.items[i]);
        }
        vec_fini(&family->groups);
    }
    ports_fini(entry);
    vec_fini(&entry->members);
    vec_fini(&entry->slices);
    vec_fini(&entry->mirror_tracked);
    topology_cache_destroy(entry->topology);
    service_unref((struct service *)entry->service);
    pool_give(&entry->engine->records.services, entry);
}

/* --- workers --------------------------------------------------------------------------------- */

static struct service_entry *entry_of(struct workqueue_item *item, enum sync_controller c)
{
    return (struct service_entry *)(void *)((char *)item - offsetof(struct service_entry, items) -
                                            c * sizeof(struct workqueue_item));
}

void engine_end_sync(
    struct service_entry *entry, struct workqueue_item *item, enum controller controller, bool success)
{
    struct engine *engine = entry->engine;
    engine->totals.syncs[controller]++;
    if (!success)
        engine->totals.sync_errors[controller]++;
    for (uint32_t i = 0; i < engine->observer_count; i++) {
        const struct engine_observer *observer = &engine->observers[i];
        if (observer->on_sync)
            observer->on_sync(
                observer->self, &(struct sync_end){controller, entry->namespace, entry->name, !success});
    }
    workqueue_done(item, success);
}

/* The sync of slices mostly follows that of Endpoints at once: meanwhile its first slice and group can come
 * from memory. */
static void prefetch_slices(const struct service_entry *entry)
{
    if (entry->slices.count)
        mem_prefetch(entry->slices.items[0]->slice, sizeof(struct endpointslice));
    if (entry->families[0].groups.count)
        mem_prefetch(entry->families[0].groups.items[0], sizeof(struct slice_group));
}

static void work_endpoints(void *controller, struct workqueue_item *item)
{
    (void)controller;
    struct service_entry *entry = entry_of(item, SYNC_ENDPOINTS);
    prefetch_slices(entry);
    if (entry->engine->is_timed)
        flight_start(entry, item, TIMED_ENDPOINTS);
    else
        engine_end_sync(entry, item, CONTROLLER_ENDPOINTS, endpoints_sync(entry));
}

static void work_slices(void *controller, struct workqueue_item *item)
{
    (void)controller;
    struct service_entry *entry = entry_of(item, SYNC_SLICES);
    if (entry->engine->is_timed)
        flight_start(entry, item, TIMED_SLICES);
    else
        engine_end_sync(entry, item, CONTROLLER_ENDPOINTSLICE, endpointslice_sync(entry));
}

static void work_mirroring(void *controller, struct workqueue_item *item)
{
    (void)controller;
    struct service_entry *entry =
        (struct service_entry *)(void *)((char *)item - offsetof(struct service_entry, mirror_item));
    if (entry->engine->is_timed)
        flight_start(entry, item, TIMED_MIRRORING);
    else
        engine_end_sync(entry, item, CONTROLLER_MIRRORING, mirroring_sync(entry));
}

/* --- life ------------------------------------------------------------------------------------ */

/* Two runs that differ in a setting are two runs, also where no event happens to show it. */
static void digest_settings(struct digest *digest, const struct engine_config *config)
{
    digest_add(digest, config->endpoints_per_slice_max);
    digest_add(digest, config->endpoints_capacity);
    digest_add(digest, config->mirroring_endpoints_per_subset_max);
    digest_add(digest, config->choices);
    digest_add(digest, config->kube_minor);
    digest_add(digest, config->size_model);
    digest_add(digest, config->endpoints_watchers);
    digest_add(digest, config->endpointslice_watchers);
    if (config->endpoint_updates_batch_period_ns || config->endpointslice_updates_batch_period_ns ||
        config->mirroring_endpointslice_updates_batch_period_ns) {
        digest_add(digest, (uint64_t)config->endpoint_updates_batch_period_ns);
        digest_add(digest, (uint64_t)config->endpointslice_updates_batch_period_ns);
        digest_add(digest, (uint64_t)config->mirroring_endpointslice_updates_batch_period_ns);
    }
    timing_digest(&config->timing, digest);
    if (config->packing_policy == PACKING_UPSTREAM)
        return; /* as before there were others */
    digest_add(digest, config->packing_policy);
    if (config->packing_policy == PACKING_REBALANCE)
        digest_add(digest, config->rebalance_slack_percent);
}

static uint32_t workers_of(const struct engine_config *config, enum timed_controller controller)
{
    uint32_t workers = config->timing.workers[controller];
    return workers ? workers : WORKQUEUE_WORKERS_ANY;
}

static void timing_start(struct engine *engine)
{
    static const char *const names[TIMED_COUNT][2] = {
        {"delays/write/endpoints", "delays/answer/endpoints"},
        {"delays/write/endpointslice", "delays/answer/endpointslice"},
        {"delays/write/mirroring", "delays/answer/mirroring"},
    };
    const struct engine_timing *timing = &engine->config.timing;
    struct clock *clock = engine->clock;
    uint64_t seed = clock->context.seed;
    engine->is_timed = !timing_is_instant(timing);
    engine->may_lag = engine->is_timed || engine->batch_period_ns[SYNC_SLICES] > 0;
    engine->slice_event_delay_ns = engine->batch_period_ns[SYNC_SLICES];
    if (engine->slice_event_delay_ns < timing->slice_event_delay_min_ns)
        engine->slice_event_delay_ns = timing->slice_event_delay_min_ns;
    if (!engine->is_timed)
        return;
    int64_t interval_ns = timing->requests_per_s ? NS_PER_S / timing->requests_per_s : 0;
    for (int i = 0; i < TIMED_COUNT; i++) {
        engine->clients[i] = token_bucket_full(clock_now(clock), interval_ns, timing->requests_burst);
        random_stream_init(&engine->write_streams[i], seed, clock->run_number, names[i][0]);
        random_stream_init(&engine->answer_streams[i], seed, clock->run_number, names[i][1]);
    }
    random_stream_init(&engine->collect_stream, seed, clock->run_number, "delays/collect");
    hearing_init(engine);
}

struct engine *engine_create(struct store *store, const struct engine_config *config)
{
    EPSIM_ASSERT(!engine_config_check(config));
    struct engine *engine = mem_zalloc(sizeof *engine);
    engine->store = store;
    engine->clock = store_clock(store);
    engine->catalog = store_catalog(store);
    engine->config = *config;
    engine->packing = packing_policy_of(config->packing_policy);
    digest_settings(&engine->clock->digest, config);
    engine->batch_period_ns[SYNC_ENDPOINTS] = config->endpoint_updates_batch_period_ns;
    engine->batch_period_ns[SYNC_SLICES] = config->endpointslice_updates_batch_period_ns;
    timing_start(engine);
    engine->order = config->kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128;
    choices_init(&engine->choices, config->choices, engine->clock->context.seed, engine->clock->run_number);
    port_keys_init(&engine->port_keys, engine->catalog, engine->order);
    records_init(engine);
    foresight_init(&engine->foresight);
    struct workqueue_config queue = {
        .phase = PHASE_SYNC,
        .kind = EVENT_ENDPOINTS_QUEUE,
        .workers_max = workers_of(config, TIMED_ENDPOINTS),
        .backoff_base_ns = ENDPOINTS_BACKOFF_BASE_NS,
        .backoff_cap_ns = BACKOFF_CAP_NS,
    };
    workqueue_init(&engine->queues[SYNC_ENDPOINTS], engine->clock, &queue, work_endpoints, engine);
    queue.kind = EVENT_SLICES_QUEUE;
    queue.workers_max = workers_of(config, TIMED_SLICES);
    queue.backoff_base_ns = SLICES_BACKOFF_BASE_NS;
    workqueue_init(&engine->queues[SYNC_SLICES], engine->clock, &queue, work_slices, engine);
    queue.kind = EVENT_MIRRORING_QUEUE;
    queue.workers_max = workers_of(config, TIMED_MIRRORING);
    queue.backoff_base_ns = MIRRORING_BACKOFF_BASE_NS;
    queue.backoff_cap_ns = MIRRORING_BACKOFF_CAP_NS;
    workqueue_init(&engine->mirroring_queue, engine->clock, &queue, work_mirroring, engine);
    topology_init(engine);
    store_watch(store, informer_change, engine);
    return engine;
}

static bool drop_slice(void *context, const void *object)
{
    const struct endpointslice *slice = object;
    if (slice->controller_state)
        slice_cache_drop(context, slice->controller_state);
    return true;
}

static bool drop_endpoints(void *context, const void *object)
{
    (void)context;
    ((struct endpoints *)object)->controller_state = NULL;
    return true;
}

static void free_nodes(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->nodes.count; i++) {
        struct node_entry *node = engine->nodes.items[i];
        for (uint32_t k = 0; k < node->pods.count; k++) {
            const struct pod *pod = pod_entry_pod(node_pod(node, k));
            pod_self(pod)->informer_state = POOL_NONE;
            pod_unref((struct pod *)pod);
        }
        vec_fini(&node->pods);
        node_unref((struct node *)node->node);
    }
    vec_fini(&engine->nodes);
}

/* Tombstones are in the lists of the controllers that have not seen them. */
static void free_tombstones(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->services.count; i++) {
        for (int c = 0; c < SYNC_COUNT; c++) {
            for (uint32_t k = 0; k < engine->services.items[i]->marked[c].count; k++) {
                struct member *member = engine->services.items[i]->marked[c].items[k].member;
                if (member->pod)
                    continue;
                target_unref(member->target);
                member->target = NULL;
            }
        }
    }
    map_fini(&engine->tombstones);
}

static void free_label_sets(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->nodes.count; i++) {
        for (uint32_t k = 0; k < engine->nodes.items[i]->pods.count; k++)
            label_index_leave(engine, node_pod(engine->nodes.items[i], k));
    }
    label_index_fini(engine);
}

void engine_destroy(struct engine *engine)
{
    if (!engine)
        return;
    flights_fini(engine);
    hearing_fini(engine);
    store_each(engine->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, drop_slice, engine);
    store_each(engine->store, OBJECT_ENDPOINTS, SYM_EMPTY, drop_endpoints, engine);
    collector_fini(engine);
    free_tombstones(engine);
    topology_fini(engine);
    free_label_sets(engine);
    free_nodes(engine);
    for (uint32_t i = 0; i < engine->services.count; i++)
        entry_destroy(engine->services.items[i]);
    vec_fini(&engine->services);
    vec_fini(&engine->by_number);
    vec_fini(&engine->touched);
    vec_fini(&engine->deleted_rows);
    vec_fini(&engine->sync_members.items);
    for (int i = 0; i < FOUND_SERVICES; i++)
        vec_fini(&engine->found[i].list.items);
    plan_destroy(engine->plan);
    map_fini(&engine->services_by_name);
    map_fini(&engine->ready_fractions_ns);
    port_keys_fini(&engine->port_keys);
    records_fini(&engine->records);
    free(engine);
}

void engine_observe(struct engine *engine, const struct engine_observer *observer)
{
    EPSIM_ASSERT(engine->observer_count < OBSERVERS_MAX && !engine->started);
    engine->observers[engine->observer_count++] = *observer;
    engine->rows_are_watched |= observer->on_state != NULL;
    engine->decisions_are_watched |= observer->on_decision != NULL;
}

void engine_start(struct engine *engine)
{
    EPSIM_ASSERT(!engine->started);
    engine->started = true;
    informer_list(engine);
}

const struct engine_totals *engine_totals(const struct engine *engine)
{
    return &engine->totals;
}
