/*
 * informer.c: see informer.h.
 *
 * A pod event costs O(its labels x Services that share one, its members), a Service event O(pods that it
 * selects), a node event O(its pods). Of one Service the Endpoints key is enqueued first.
 */
#include "engine/informer.h"

#include "engine/collector.h"
#include "engine/label_index.h"
#include "engine/members.h"
#include "engine/mirroring_controller.h"
#include "engine/ports.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"
#include "engine/slice_hints.h"
#include "engine/state.h"
#include "engine/topology.h"
#include "engine/trigger_time.h"

static void enqueue(struct service_entry *entry)
{
    for (int c = 0; c < SYNC_COUNT; c++)
        workqueue_add(&entry->items[c]);
}

/* Among many Services an event is of records that nobody touched for long, each a miss to memory or several.
 * What the Service's syncs will look at is asked for as soon as one can know where it is: so the misses
 * overlap, and nobody waits for one after the other. */
static void prefetch_service(const struct service_entry *entry)
{
    mem_prefetch(entry, SERVICE_ENTRY_USUAL_BYTES);
}

static void prefetch_objects(const struct service_entry *entry)
{
    mem_prefetch(entry->object, sizeof *entry->object);
    mem_prefetch(entry->service, sizeof *entry->service);
    if (entry->slices.count)
        mem_prefetch(entry->slices.items, sizeof *entry->slices.items);
    if (entry->families[0].groups.count)
        mem_prefetch(entry->families[0].groups.items, sizeof *entry->families[0].groups.items);
}

static void tell_waiting(struct service_entry *entry)
{
    static const enum controller controllers[SYNC_COUNT] = {
        [SYNC_ENDPOINTS] = CONTROLLER_ENDPOINTS, [SYNC_SLICES] = CONTROLLER_ENDPOINTSLICE};
    for (int c = 0; c < SYNC_COUNT; c++) {
        if (entry->engine->batch_period_ns[c] > 0)
            decision_tell(entry, controllers[c],
                (struct decision){.kind = DECISION_WAITS, .until_ns = entry->items[c].timer_at_ns});
    }
}

/* After a pod event (C-11). */
static void enqueue_after_batch(struct service_entry *entry)
{
    prefetch_objects(entry);
    for (int c = 0; c < SYNC_COUNT; c++)
        workqueue_add_after(&entry->items[c], entry->engine->batch_period_ns[c]);
    if (decisions_are_watched(entry->engine))
        tell_waiting(entry);
}

/* --- pods ------------------------------------------------------------------------------------ */

static void pod_added(struct engine *engine, const struct pod *now)
{
    struct pod_entry *pod = pod_entry_create(engine, now);
    label_index_join(engine, pod);
    const struct service_list *services = label_index_services(engine, pod);
    for (uint32_t i = 0; i < services->items.count; i++) {
        prefetch_service(services->items.items[i]);
        member_add(services->items.items[i], pod);
        enqueue_after_batch(services->items.items[i]);
    }
}

static void pod_deleted(struct engine *engine, struct pod_entry *pod)
{
    while (pod->members) {
        struct member *member = pod_entry_members(pod);
        struct service_entry *service = member_service(member);
        prefetch_service(service);
        mem_prefetch(placement_slice(&member->first), sizeof(struct slice_entry));
        member_remove(member, pod_entry_pod(pod));
        enqueue_after_batch(service);
    }
    label_index_leave(engine, pod);
    pod_entry_destroy(engine, pod);
}

/* podChanged of C-15. */
static bool pod_changed(const struct pod *old, const struct pod *now)
{
    if (pod_is_terminating(old) || pod_is_terminating(now) || pod_is_ready(old) != pod_is_ready(now))
        return true;
    uint32_t count = pod_ip_count(now);
    if (count != pod_ip_count(old))
        return true;
    for (uint32_t i = 0; i < count; i++) {
        if (!ip_equal(pod_ip(old, i), pod_ip(now, i)))
            return true;
        if (pod_ip_raw(old, i) != pod_ip_raw(now, i))
            return true;
    }
    return false;
}

/* Members of Services that select the pod as before. */
static void members_changed(struct pod_entry *pod, const struct pod *old, bool changed)
{
    for (struct member *member = pod_entry_members(pod); member; member = member_next(member)) {
        prefetch_service(member_service(member));
        mem_prefetch(placement_slice(&member->first), sizeof(struct slice_entry));
        member_mark(member, MARK_ALL, old);
        member_count_ready(member);
        if (changed)
            enqueue_after_batch(member_service(member));
    }
}

/* The labels differ: Services may let go of the pod, keep it, or find it, in the order of their numbers.
 * Those that keep it are enqueued only if the pod changed as well (C-17). */
static void members_relabelled(
    struct engine *engine, struct pod_entry *pod, const struct pod *old, bool changed)
{
    const struct service_list *services = label_index_services(engine, pod);
    struct member *member = pod_entry_members(pod);
    uint32_t i = 0;
    while (member || i < services->items.count) {
        struct service_entry *next = i < services->items.count ? services->items.items[i] : NULL;
        if (member && (!next || member_service(member)->number < next->number)) {
            struct member *gone = member;
            member = member_next(member);
            struct service_entry *service = member_service(gone);
            member_remove(gone, old);
            enqueue_after_batch(service);
        } else if (!member || next->number < member_service(member)->number) {
            member_add(next, pod);
            enqueue_after_batch(next);
            i++;
        } else {
            member_mark(member, MARK_ALL, old);
            member_count_ready(member);
            if (changed)
                enqueue_after_batch(next);
            member = member_next(member);
            i++;
        }
    }
}

static void pod_updated(struct engine *engine, struct pod_entry *pod, const struct pod *now)
{
    const struct pod *old = pod_ref(pod_entry_pod(pod));
    bool changed = pod_changed(old, now);
    bool relabelled = pod_labels(old) != pod_labels(now);
    if (relabelled)
        label_index_leave(engine, pod);
    pod_entry_set(engine, pod, now);
    if (relabelled) {
        label_index_join(engine, pod);
        members_relabelled(engine, pod, old, changed);
    } else {
        members_changed(pod, old, changed);
    }
    pod_unref((struct pod *)old);
}

static void on_pod(struct engine *engine, const struct pod *old, const struct pod *now)
{
    const struct pod *known = old ? old : now;
    struct pod_entry *pod = known ? pod_entry_of(engine, known) : NULL;
    if (!now) {
        if (pod)
            pod_deleted(engine, pod);
    } else if (!pod) {
        pod_added(engine, now);
    } else if (pod_entry_pod(pod) != now) {
        pod_updated(engine, pod, now);
    }
}

/* --- nodes ----------------------------------------------------------------------------------- */

/* Whoever looks at a pod looks at its node (S-27, S-30), but no node event enqueues a Service (C-12), other
 * than by way of its topology hints (H-11). */
static void on_node(struct engine *engine, const struct node *old, const struct node *now)
{
    struct node_entry *entry = node_entry_get(engine, (now ? now : old)->meta.name);
    const struct node *before = entry->node;
    if (before == now)
        return;
    bool changed = !before || !now || node_zone(before, engine->catalog) != node_zone(now, engine->catalog);
    entry->node = node_ref(now);
    topology_node_changed(engine, entry, before, now);
    node_unref((struct node *)before);
    for (uint32_t i = 0; changed && i < entry->pods.count; i++) {
        const struct pod_entry *pod = node_pod(entry, i);
        for (struct member *member = pod_entry_members(pod); member; member = member_next(member))
            member_mark(member, 1u << SYNC_SLICES, pod_entry_pod(pod));
    }
}

/* --- Services -------------------------------------------------------------------------------- */

static void select_pod(struct service_entry *entry, struct pod_entry *pod)
{
    if (!member_of(pod, entry))
        member_add(entry, pod);
}

static void service_set(struct service_entry *entry, const struct service *now)
{
    const struct service *old = entry->service;
    entry->service = service_ref(now);
    service_unref((struct service *)old);
    entry->slice_labels = NULL;
    entry->endpoints_labels = NULL;
    if (now) {
        entry->hints = hint_mode_of(entry->engine->catalog, now);
        if (entry->hints == HINTS_TOPOLOGY)
            topology_use(entry->engine);
        ports_reset(entry);
    }
    for (int c = 0; c < SYNC_COUNT; c++)
        entry->rescan[c] = true;
    state_touch(entry);
}

static void service_added(struct engine *engine, const struct service *now)
{
    struct service_entry *entry = engine_entry(engine, now->meta.namespace, now->meta.name, true);
    entry->number = engine->by_number.count;
    entry->has_row = false;
    entry->created_fraction_ns = trigger_time_fraction_ns(engine, now->meta.created_s);
    vec_push(&engine->by_number, entry);
    service_set(entry, now);
    collector_owner_lives(engine, &now->meta);
    label_index_add_service(entry);
    label_index_pods(entry, select_pod);
    enqueue(entry);
    mirroring_service_changed(entry, NULL, now);
}

static void service_deleted(struct service_entry *entry)
{
    struct engine *engine = entry->engine;
    const struct service *old = service_ref(entry->service);
    label_index_remove_service(entry);
    while (entry->members.count > 0) {
        struct member *member = service_member(entry, entry->members.count - 1);
        member_remove(member, pod_entry_pod(member_pod(member)));
    }
    state_deleted(entry);
    engine->by_number.items[entry->number] = NULL;
    collector_owner_gone(engine, &entry->service->meta);
    service_set(entry, NULL);
    enqueue(entry);
    mirroring_service_changed(entry, old, NULL);
    service_unref((struct service *)old);
}

static void service_updated(struct service_entry *entry, const struct service *now)
{
    const struct service *old = service_ref(entry->service);
    bool reselects = !service_same_selector(old, now);
    if (reselects)
        label_index_remove_service(entry);
    service_set(entry, now);
    if (reselects) {
        label_index_add_service(entry);
        for (uint32_t i = entry->members.count; i > 0; i--) {
            struct member *member = service_member(entry, i - 1);
            const struct pod *pod = pod_entry_pod(member_pod(member));
            if (!entry->bucket || !labels_match(now->selector, pod_labels(pod)))
                member_remove(member, pod);
        }
        label_index_pods(entry, select_pod);
    }
    enqueue(entry);
    mirroring_service_changed(entry, old, now);
    service_unref((struct service *)old);
}

static void on_service(struct engine *engine, const struct service *old, const struct service *now)
{
    const struct meta *meta = now ? &now->meta : &old->meta;
    struct service_entry *entry = engine_entry(engine, meta->namespace, meta->name, false);
    bool is_known = entry && entry->service;
    if (!now) {
        if (is_known)
            service_deleted(entry);
    } else if (!is_known) {
        service_added(engine, now);
    } else if (entry->service != now) {
        service_updated(entry, now);
    }
}

/* --- Endpoints and slices -------------------------------------------------------------------- */

/* The object knows the entry from the first time on that it is seen. */
static struct service_entry *entry_of_endpoints(struct engine *engine, struct endpoints *object)
{
    if (!object->controller_state) {
        object->controller_state = engine_entry(engine, object->meta.namespace, object->meta.name, true);
        ((struct service_entry *)object->controller_state)->object = object;
    }
    return object->controller_state;
}

static void on_endpoints(struct engine *engine, struct endpoints *object, const struct change *change)
{
    struct service_entry *entry = entry_of_endpoints(engine, object);
    state_touch(entry);
    if (!change->now) {
        entry->object = NULL;
        request_endpoints(engine, engine->deleting, VERB_DELETE, object, 0, request_address_count(object));
        entry->rescan[SYNC_ENDPOINTS] = true;
        workqueue_add_after(&entry->items[SYNC_ENDPOINTS], hearing_wait_ns(engine, OBJECT_ENDPOINTS));
        collector_endpoints_gone(engine, &object->meta);
    } else if (change->foreign) {
        entry->rescan[SYNC_ENDPOINTS] = true;
    }
    mirroring_endpoints_changed(entry, object, !change->now);
}

/* After a slice event (S-58), once the caches have heard of it. */
static void enqueue_slices(struct service_entry *entry)
{
    if (entry)
        workqueue_add_after(&entry->items[SYNC_SLICES],
            hearing_wait_ns(entry->engine, OBJECT_ENDPOINTSLICE) + entry->engine->slice_event_delay_ns);
}

static void distrust(struct service_entry *entry)
{
    if (entry)
        entry->rescan[SYNC_SLICES] = true;
}

static void slice_deleted(struct engine *engine, struct endpointslice *slice, bool foreign)
{
    struct slice_entry *entry = slice_entry_of(slice);
    struct service_entry *service = entry->service;
    request_slice(engine, engine->deleting, VERB_DELETE, slice, 0, slice->endpoints.count);
    bool is_news = slice_tracker_deleted(entry);
    bool is_expected = engine->deleting == CONTROLLER_ENDPOINTSLICE && engine->deleting_for == service;
    if (entry->listed && !is_expected)
        distrust(service);
    mirroring_slice_deleted(entry, engine->deleting == CONTROLLER_MIRRORING);
    slice_cache_drop(engine, entry);
    /* The controller's own deletions are expected (S-55): by the Service for which it deletes. Somebody may
     * have given the slice to another one while the request was under way. */
    if (is_news && (foreign || !is_expected))
        enqueue_slices(service);
}

static void slice_changed_by_others(struct engine *engine, struct endpointslice *slice, bool is_new)
{
    struct slice_entry *known = slice_entry_of(slice);
    struct service_entry *before = known ? known->service : NULL;
    bool was_managed = known && known->managed;
    struct mirroring_filing filing = {before, known && known->mirrored};
    distrust(before);
    struct slice_entry *entry = slice_cache_see(engine, slice);
    distrust(entry->service);
    if (!is_new && before != entry->service) {
        enqueue_slices(entry->service);
        enqueue_slices(before);
    } else if ((!is_new && was_managed != entry->managed) ||
               (entry->managed && slice_tracker_should_sync(entry))) {
        enqueue_slices(entry->service);
    }
    mirroring_slice_changed(entry, is_new ? NULL : &filing);
}

static void on_slice(struct engine *engine, struct endpointslice *slice, const struct change *change)
{
    if (!change->now)
        slice_deleted(engine, slice, change->foreign);
    else if (change->foreign)
        slice_changed_by_others(engine, slice, !change->old);
}

/* --- all ------------------------------------------------------------------------------------- */

void informer_hear(struct engine *engine, const struct change *change)
{
    switch (change->kind) {
    case OBJECT_POD:
        on_pod(engine, change->old, change->now);
        break;
    case OBJECT_SERVICE:
        on_service(engine, change->old, change->now);
        break;
    default:
        EPSIM_ASSERT(change->kind == OBJECT_NODE);
        on_node(engine, change->old, change->now);
        break;
    }
}

/* Users' objects are immutable revisions, and the caches may hold older ones. Endpoints and slices are the
 * store's own, so what is known of them is put right at once; who acts on it does so when he hears of it. */
void informer_change(void *watcher, const struct change *change)
{
    struct engine *engine = watcher;
    if (!engine->started)
        return;
    if (engine->hearing.is_late) {
        if (change->kind != OBJECT_ENDPOINTS && change->kind != OBJECT_ENDPOINTSLICE) {
            hearing_change(engine, change);
            return;
        }
        hearing_arrival(engine, change->kind);
    }
    const void *object = change->now ? change->now : change->old;
    switch (change->kind) {
    case OBJECT_POD:
    case OBJECT_SERVICE:
    case OBJECT_NODE:
        informer_hear(engine, change);
        break;
    case OBJECT_ENDPOINTS:
        on_endpoints(engine, (struct endpoints *)object, change);
        break;
    case OBJECT_ENDPOINTSLICE:
        on_slice(engine, (struct endpointslice *)object, change);
        break;
    }
}

static bool list_node(void *context, const void *object)
{
    on_node(context, NULL, object);
    return true;
}

static bool list_service(void *context, const void *object)
{
    on_service(context, NULL, object);
    return true;
}

static bool list_pod(void *context, const void *object)
{
    on_pod(context, NULL, object);
    return true;
}

/* What the list brings are add events, too (S-58). Without a batch period the Service's own event, which
 * comes first, leaves them nothing to do. */
static bool list_slice(void *context, const void *object)
{
    struct engine *engine = context;
    struct slice_entry *entry = slice_cache_see(engine, (struct endpointslice *)object);
    if (entry->managed && engine->slice_event_delay_ns > 0)
        enqueue_slices(entry->service);
    mirroring_slice_listed(entry);
    return true;
}

static bool list_endpoints(void *context, const void *object)
{
    struct engine *engine = context;
    struct endpoints *endpoints = (struct endpoints *)object;
    struct service_entry *entry = entry_of_endpoints(engine, endpoints);
    mirroring_endpoints_changed(entry, endpoints, false);
    if (labels_get(endpoints->meta.annotations, catalog_word(engine->catalog, WORD_LEADER), NULL))
        return true;
    workqueue_add(&entry->items[SYNC_ENDPOINTS]);
    return true;
}

void informer_list(struct engine *engine)
{
    store_each(engine->store, OBJECT_NODE, SYM_EMPTY, list_node, engine);
    store_each(engine->store, OBJECT_SERVICE, SYM_EMPTY, list_service, engine);
    store_each(engine->store, OBJECT_POD, SYM_EMPTY, list_pod, engine);
    store_each(engine->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, list_slice, engine);
    store_each(engine->store, OBJECT_ENDPOINTS, SYM_EMPTY, list_endpoints, engine);
}
