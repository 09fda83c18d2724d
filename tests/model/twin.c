/*
 * twin.c: the world of the plain reconciler: its life, its queues, what its informers enqueue. See twin.h.
 * What is stored and edited is in twin_store.c, syncs are in twin_sync.c. Linear searches throughout.
 */
#include "model/twin_parts.h"

#include <stdlib.h>
#include <string.h>

#define RETRIES_MAX 15

/* --- life --- */

static void on_change(void *watcher, const struct change *change);

void twin_init(struct twin *twin, struct store *store, const struct plain_config *config,
    enum choice_mode mode, uint64_t seed, uint64_t run)
{
    *twin = (struct twin){.store = store, .catalog = store_catalog(store), .config = *config};
    choices_init(&twin->choices, mode, seed, run);
    store_watch(store, on_change, twin);
}

void twin_fini(struct twin *twin)
{
    for (uint32_t i = 0; i < twin->keys.count; i++) {
        struct twin_key *key = twin->keys.items[i];
        service_unref((struct service *)key->service);
        plain_trigger_clear(&key->triggers[0]);
        plain_trigger_clear(&key->triggers[1]);
        vec_fini(&key->tracked[0]);
        vec_fini(&key->tracked[1]);
        free(key);
    }
    for (uint32_t i = 0; i < twin->endpoints.count; i++)
        endpoints_destroy(twin->endpoints.items[i]);
    for (uint32_t i = 0; i < twin->slices.count; i++)
        endpointslice_destroy(twin->slices.items[i].object);
    vec_fini(&twin->keys);
    vec_fini(&twin->services);
    vec_fini(&twin->endpoints);
    vec_fini(&twin->slices);
    for (int c = 0; c < TWIN_QUEUES; c++)
        vec_fini(&twin->queue[c]);
    for (uint32_t i = 0; i < twin->events.count; i++)
        free(twin->events.items[i]);
    vec_fini(&twin->events);
    vec_fini(&twin->names);
    vec_fini(&twin->uids);
    vec_fini(&twin->requests);
}

struct twin_key *twin_key_of(struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->keys.count; i++)
        if (twin->keys.items[i]->namespace == namespace && twin->keys.items[i]->name == name)
            return twin->keys.items[i];
    struct twin_key *key = mem_zalloc(sizeof *key);
    key->namespace = namespace;
    key->name = name;
    for (int c = 0; c < TWIN_QUEUES; c++)
        key->items[c] = (struct twin_item){.key = key, .controller = c};
    vec_push(&twin->keys, key);
    return key;
}

/* The twin may be behind the clock. */
int64_t twin_calendar_s(const struct twin *twin)
{
    sim_time clock_s = clock_now(store_clock(twin->store)) / NS_PER_S;
    return store_now_s(twin->store) - clock_s + twin->now_ns / NS_PER_S;
}

/* --- queues (C-20 to C-43) --- */

void twin_enqueue(struct twin *twin, struct twin_item *item)
{
    if (item->queued || !twin->started)
        return;
    item->queued = true;
    item->queue_sequence = ++twin->queue_sequence;
    vec_push(&twin->queue[item->controller], item);
}

bool twin_has_mirroring(struct twin *twin, struct twin_key *key)
{
    bool has_slices = key->tracked[TRACKER_MIRRORING].count > 0;
    for (uint32_t i = 0; i < twin->slices.count; i++)
        has_slices |= twin_manages(twin, TRACKER_MIRRORING, twin->slices.items[i].object) &&
                      twin_service_key(twin, twin->slices.items[i].object) == key;
    return has_slices || (key->service && !key->service->selector);
}

void twin_enqueue_mirroring(struct twin *twin, struct twin_key *key)
{
    if (twin_has_mirroring(twin, key))
        twin_enqueue(twin, &key->items[TWIN_MIRRORING]);
}

/* Of a Service's events, which never wait (C-10). */
static void add_both(struct twin *twin, struct twin_key *key)
{
    twin_enqueue(twin, &key->items[TWIN_ENDPOINTS]);
    twin_enqueue(twin, &key->items[TWIN_SLICES]);
}

/* C-21: of two ready times the earlier one counts. */
static void add_after(struct twin *twin, struct twin_item *item, int64_t delay_ns)
{
    sim_time at_ns = twin->now_ns + delay_ns;
    if (item->timed && item->timer_ns <= at_ns)
        return;
    item->timed = true;
    item->timer_ns = at_ns;
    item->timer_sequence = ++twin->timer_sequence;
}

void twin_enqueue_after_batch(struct twin *twin, struct twin_item *item)
{
    if (twin->batch_period_ns[item->controller] == 0)
        twin_enqueue(twin, item);
    else if (twin->started)
        add_after(twin, item, twin->batch_period_ns[item->controller]);
}

/* C-40, C-41. */
static void done(struct twin *twin, struct twin_item *item, bool error)
{
    twin->syncs[item->controller]++;
    twin->sync_errors[item->controller] += error;
    if (!error || item->failures >= RETRIES_MAX) {
        item->failures = 0;
        return;
    }
    int64_t delay_ns = item->controller == TWIN_ENDPOINTS ? 5 * NS_PER_MS : NS_PER_S;
    int64_t cap_ns = (item->controller == TWIN_MIRRORING ? 100 : 1000) * NS_PER_S; /* C-42 */
    for (uint32_t i = 0; i < item->failures && delay_ns < cap_ns; i++)
        delay_ns *= 2;
    item->failures++;
    add_after(twin, item, delay_ns < cap_ns ? delay_ns : cap_ns);
}

/* --- the informers (C-10 to C-17) --- */

static bool selects(const struct twin_key *key, const struct pod *pod)
{
    return pod && key->service->selector && plain_selects(key->service, pod);
}

/* podChanged of C-15. */
static bool pod_changed(const struct pod *old, const struct pod *now)
{
    if (pod_deletion_s(old) != TIME_NONE || pod_deletion_s(now) != TIME_NONE)
        return true;
    if ((old->ready == CONDITION_TRUE) != (now->ready == CONDITION_TRUE))
        return true;
    if (pod_ip_count(old) != pod_ip_count(now))
        return true;
    for (uint32_t i = 0; i < pod_ip_count(now); i++) {
        if (!ip_equal(pod_ip(old, i), pod_ip(now, i)))
            return true;
        if (pod_ip_raw(old, i) != pod_ip_raw(now, i))
            return true;
    }
    return false;
}

static void on_pod(struct twin *twin, const struct pod *old, const struct pod *now)
{
    bool changed = !old || !now || pod_changed(old, now);
    bool relabelled = old && now &&
                      (pod_labels(old) != pod_labels(now) || pod_hostname(old) != pod_hostname(now) ||
                          pod_subdomain(old) != pod_subdomain(now));
    for (uint32_t i = 0; i < twin->services.count; i++) {
        struct twin_key *key = twin->services.items[i];
        bool before = selects(key, old), after = selects(key, now);
        bool concerned = false;
        if (changed && (relabelled || !old || !now)) /* the union (C-17); added, deleted (C-11) */
            concerned = before || after;
        else if (changed)
            concerned = after;
        else if (relabelled) /* the symmetric difference */
            concerned = before != after;
        if (!concerned)
            continue;
        twin_enqueue_after_batch(twin, &key->items[TWIN_ENDPOINTS]);
        twin_enqueue_after_batch(twin, &key->items[TWIN_SLICES]);
    }
}

static void on_service(struct twin *twin, const struct service *old, const struct service *now)
{
    const struct meta *meta = now ? &now->meta : &old->meta;
    struct twin_key *key = twin_key_of(twin, meta->namespace, meta->name);
    for (uint32_t i = 0; !now && i < twin->services.count; i++) {
        if (twin->services.items[i] != key)
            continue;
        for (uint32_t j = i + 1; j < twin->services.count; j++)
            twin->services.items[j - 1] = twin->services.items[j];
        twin->services.count--;
    }
    if (now && !key->service)
        vec_push(&twin->services, key);
    bool had_none = key->service && !key->service->selector, has_none = now && !now->selector;
    bool concerns_mirroring = key->service && now ? had_none != has_none : had_none || has_none; /* M-40 */
    service_unref((struct service *)key->service);
    key->service = service_ref(now);
    add_both(twin, key);
    if (concerns_mirroring)
        twin_enqueue(twin, &key->items[TWIN_MIRRORING]);
}

static sym zone_of(const struct twin *twin, const struct node *node)
{
    sym zone = SYM_EMPTY;
    labels_get(node->meta.labels, catalog_word(twin->catalog, WORD_ZONE), &zone);
    return zone;
}

/* H-11; the recomputing worker comes before all else that a node event wakes. */
static void on_node(struct twin *twin, const struct node *old, const struct node *now)
{
    if (!old || !now || (old->ready == CONDITION_TRUE) != (now->ready == CONDITION_TRUE) ||
        zone_of(twin, old) != zone_of(twin, now))
        twin_compute_topology(twin);
}

static void on_change(void *watcher, const struct change *change)
{
    struct twin *twin = watcher;
    if (!twin->started)
        return;
    twin->now_ns = clock_now(store_clock(twin->store));
    if (change->kind == OBJECT_POD)
        on_pod(twin, change->old, change->now);
    else if (change->kind == OBJECT_SERVICE)
        on_service(twin, change->old, change->now);
    else if (change->kind == OBJECT_NODE)
        on_node(twin, change->old, change->now);
    /* Endpoints and slices here are the engine's. */
}

static bool start_service(void *context, const void *object)
{
    on_service(context, NULL, object);
    return true;
}

static bool start_pod(void *context, const void *object)
{
    on_pod(context, NULL, object);
    return true;
}

void twin_start(struct twin *twin)
{
    twin->started = true;
    twin_compute_topology(twin);
    store_each(twin->store, OBJECT_SERVICE, SYM_EMPTY, start_service, twin);
    store_each(twin->store, OBJECT_POD, SYM_EMPTY, start_pod, twin);
    for (uint32_t i = 0; i < twin->slices.count; i++) {
        struct twin_key *key = twin_service_key(twin, twin->slices.items[i].object);
        if (!key)
            continue;
        if (twin_manages(twin, TRACKER_SLICES, twin->slices.items[i].object) &&
            twin->batch_period_ns[TWIN_SLICES] > 0)
            twin_enqueue_after_batch(twin, &key->items[TWIN_SLICES]);
        if (twin_manages(twin, TRACKER_MIRRORING, twin->slices.items[i].object) &&
            twin_has_mirroring(twin, key))
            twin_enqueue_after_batch(twin, &key->items[TWIN_MIRRORING]);
    }
    for (uint32_t i = 0; i < twin->endpoints.count; i++) { /* E-76 */
        const struct endpoints *endpoints = twin->endpoints.items[i];
        if (!plain_mirror_skips(twin->catalog, endpoints))
            twin_enqueue_mirroring(twin, twin_key_of(twin, endpoints->meta.namespace, endpoints->meta.name));
        if (!labels_get(endpoints->meta.annotations, catalog_word(twin->catalog, WORD_LEADER), NULL))
            twin_enqueue(twin,
                &twin_key_of(twin, endpoints->meta.namespace, endpoints->meta.name)->items[TWIN_ENDPOINTS]);
    }
}

/* --- running --- */

/* The item that waits longest, over all queues: draws are made in that order. */
static bool sync_next(struct twin *twin)
{
    int controller = -1;
    for (int c = 0; c < TWIN_QUEUES; c++)
        if (twin->queue[c].count > 0 &&
            (controller < 0 ||
                twin->queue[c].items[0]->queue_sequence < twin->queue[controller].items[0]->queue_sequence))
            controller = c;
    if (controller < 0)
        return false;
    struct twin_item *item = twin->queue[controller].items[0];
    for (uint32_t i = 1; i < twin->queue[controller].count; i++)
        twin->queue[controller].items[i - 1] = twin->queue[controller].items[i];
    twin->queue[controller].count--;
    item->queued = false;
    bool error = controller == TWIN_ENDPOINTS ? twin_sync_endpoints(twin, item->key)
                 : controller == TWIN_SLICES  ? twin_sync_slices(twin, item->key)
                                              : twin_sync_mirroring(twin, item->key);
    done(twin, item, error);
    return true;
}

/* Everything that is due now: syncs first, then the collector, until nothing is left. */
static void settle(struct twin *twin)
{
    do {
        while (sync_next(twin))
            ;
        twin_collect_garbage(twin);
    } while (twin->queue[TWIN_ENDPOINTS].count > 0 || twin->queue[TWIN_SLICES].count > 0 ||
             twin->queue[TWIN_MIRRORING].count > 0);
}

/* The item whose timer is the next to fire; NULL: none is set. */
static struct twin_item *next_timer(const struct twin *twin)
{
    struct twin_item *next = NULL;
    for (uint32_t i = 0; i < twin->keys.count; i++) {
        for (int c = 0; c < TWIN_QUEUES; c++) {
            struct twin_item *item = &twin->keys.items[i]->items[c];
            if (item->timed &&
                (!next || item->timer_ns < next->timer_ns ||
                    (item->timer_ns == next->timer_ns && item->timer_sequence < next->timer_sequence)))
                next = item;
        }
    }
    return next;
}

void twin_run(struct twin *twin, sim_time until_ns)
{
    settle(twin);
    for (struct twin_item *item = next_timer(twin); item && item->timer_ns <= until_ns;
         item = next_timer(twin)) {
        twin->now_ns = item->timer_ns;
        while (item && item->timer_ns == twin->now_ns) { /* all of this instant, then the syncs */
            item->timed = false;
            twin_enqueue(twin, item);
            item = next_timer(twin);
        }
        settle(twin);
    }
    twin->now_ns = until_ns;
}
