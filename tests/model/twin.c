/*
 * twin.c: the world of the plain reconciler; see twin.h. Linear searches throughout.
 */
#include "model/twin.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "model/plain_parts.h"

#define RETRIES_MAX 15

/* A key in one controller's queue. */
struct twin_item {
    struct twin_key *key;
    int controller;
    bool queued;
    uint32_t failures;
    bool timed;
    sim_time timer_ns;
    uint64_t timer_sequence;
};

struct twin_key {
    sym namespace, name;
    const struct service *service; /* the revision that watchers saw last; a reference, or NULL */
    struct twin_item items[2];
    struct plain_trigger triggers[2];
    VEC(struct twin_tracked) tracked;
};

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
        vec_fini(&key->tracked);
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
    vec_fini(&twin->queue[0]);
    vec_fini(&twin->queue[1]);
    vec_fini(&twin->names);
    vec_fini(&twin->requests);
}

static struct twin_key *key_of(struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->keys.count; i++)
        if (twin->keys.items[i]->namespace == namespace && twin->keys.items[i]->name == name)
            return twin->keys.items[i];
    struct twin_key *key = mem_zalloc(sizeof *key);
    key->namespace = namespace;
    key->name = name;
    for (int c = 0; c < 2; c++)
        key->items[c] = (struct twin_item){.key = key, .controller = c};
    vec_push(&twin->keys, key);
    return key;
}

/* The twin may be behind the clock. */
static int64_t calendar_s(const struct twin *twin)
{
    sim_time clock_s = clock_now(store_clock(twin->store)) / NS_PER_S;
    return store_now_s(twin->store) - clock_s + twin->now_ns / NS_PER_S;
}

/* --- queues (C-20 to C-43) --- */

static void add(struct twin *twin, struct twin_item *item)
{
    if (item->queued || !twin->started)
        return;
    item->queued = true;
    vec_push(&twin->queue[item->controller], item);
}

static void add_both(struct twin *twin, struct twin_key *key)
{
    add(twin, &key->items[TWIN_ENDPOINTS]);
    add(twin, &key->items[TWIN_SLICES]);
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

/* C-40, C-41. */
static void done(struct twin *twin, struct twin_item *item, bool error)
{
    twin->syncs[item->controller]++;
    twin->sync_errors[item->controller] += error;
    if (!error || item->failures >= RETRIES_MAX) {
        item->failures = 0;
        return;
    }
    int64_t delay_ns = item->controller == TWIN_SLICES ? NS_PER_S : 5 * NS_PER_MS;
    for (uint32_t i = 0; i < item->failures && delay_ns < 1000 * NS_PER_S; i++)
        delay_ns *= 2;
    item->failures++;
    add_after(twin, item, delay_ns < 1000 * NS_PER_S ? delay_ns : 1000 * NS_PER_S);
}

/* --- what is stored --- */

const struct endpoints *twin_endpoints(const struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->endpoints.count; i++) {
        const struct endpoints *endpoints = twin->endpoints.items[i];
        if (endpoints->meta.namespace == namespace && endpoints->meta.name == name)
            return endpoints;
    }
    return NULL;
}

static struct twin_slice *find_slice(const struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->slices.count; i++) {
        struct twin_slice *slice = &twin->slices.items[i];
        if (slice->object->meta.namespace == namespace && slice->object->meta.name == name)
            return slice;
    }
    return NULL;
}

const struct endpointslice *twin_slice(const struct twin *twin, sym namespace, sym name)
{
    const struct twin_slice *slice = find_slice(twin, namespace, name);
    return slice ? slice->object : NULL;
}

static void put_endpoints(struct twin *twin, struct endpoints *endpoints)
{
    for (uint32_t i = 0; i < twin->endpoints.count; i++) {
        struct endpoints *old = twin->endpoints.items[i];
        if (old->meta.namespace == endpoints->meta.namespace && old->meta.name == endpoints->meta.name) {
            endpoints_destroy(old);
            twin->endpoints.items[i] = endpoints;
            return;
        }
    }
    vec_push(&twin->endpoints, endpoints);
}

/* E-75: whoever deleted it, the key is enqueued. */
static void remove_endpoints(struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->endpoints.count; i++) {
        struct endpoints *endpoints = twin->endpoints.items[i];
        if (endpoints->meta.namespace != namespace || endpoints->meta.name != name)
            continue;
        endpoints_destroy(endpoints);
        vec_swap_remove(&twin->endpoints, i);
        add(twin, &key_of(twin, namespace, name)->items[TWIN_ENDPOINTS]);
        return;
    }
}

/* --- the tracker and slice events (S-55 to S-58) --- */

static sym label(const struct twin *twin, const struct endpointslice *slice, enum catalog_word word)
{
    sym value = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(twin->catalog, word), &value);
    return value;
}

/* The key of the Service that the slice names; NULL: none. */
static struct twin_key *service_key(struct twin *twin, const struct endpointslice *slice)
{
    sym name = label(twin, slice, WORD_SERVICE_NAME);
    return name == SYM_EMPTY ? NULL : key_of(twin, slice->meta.namespace, name);
}

static bool managed(const struct twin *twin, const struct endpointslice *slice)
{
    return label(twin, slice, WORD_SLICE_MANAGED_BY) == catalog_word(twin->catalog, WORD_SLICE_CONTROLLER);
}

static struct twin_tracked *tracked(struct twin_key *key, uint64_t id)
{
    for (uint32_t i = 0; key && i < key->tracked.count; i++)
        if (key->tracked.items[i].slice == id)
            return &key->tracked.items[i];
    return NULL;
}

static void track(struct twin_key *key, uint64_t id, int64_t generation)
{
    struct twin_tracked *entry = tracked(key, id);
    if (entry)
        entry->generation = generation;
    else
        vec_push(&key->tracked, ((struct twin_tracked){id, generation}));
}

static void enqueue_slices(struct twin *twin, struct twin_key *key)
{
    if (key)
        add(twin, &key->items[TWIN_SLICES]);
}

static bool is_news(struct twin *twin, const struct twin_slice *slice)
{
    const struct twin_tracked *entry = tracked(service_key(twin, slice->object), slice->id);
    return !entry || slice->object->meta.generation > entry->generation;
}

static void untrack(struct twin_key *key, uint64_t id)
{
    for (uint32_t i = 0; i < key->tracked.count; i++) {
        if (key->tracked.items[i].slice == id) {
            vec_swap_remove(&key->tracked, i);
            return;
        }
    }
}

static void erase_slice(struct twin *twin, struct twin_slice *slice)
{
    endpointslice_destroy(slice->object);
    for (uint32_t i = (uint32_t)(slice - twin->slices.items) + 1; i < twin->slices.count; i++)
        twin->slices.items[i - 1] = twin->slices.items[i];
    twin->slices.count--;
}

/* The delete event of somebody else's deletion. */
static void remove_slice(struct twin *twin, struct twin_slice *slice)
{
    struct twin_key *key = service_key(twin, slice->object);
    const struct twin_tracked *entry = tracked(key, slice->id);
    if (entry && managed(twin, slice->object)) {
        untrack(key, slice->id);
        enqueue_slices(twin, key);
    }
    erase_slice(twin, slice);
}

/* --- the informers (C-10 to C-17) --- */

static bool selects(const struct twin_key *key, const struct pod *pod)
{
    return pod && key->service->selector && plain_selects(key->service, pod);
}

/* podChanged of C-15. */
static bool pod_changed(const struct pod *old, const struct pod *now)
{
    if (old->deletion_s != TIME_NONE || now->deletion_s != TIME_NONE)
        return true;
    if ((old->ready == CONDITION_TRUE) != (now->ready == CONDITION_TRUE))
        return true;
    if (pod_ip_count(old) != pod_ip_count(now))
        return true;
    for (uint32_t i = 0; i < pod_ip_count(now); i++) {
        if (!ip_equal(pod_ip(old, i), pod_ip(now, i)))
            return true;
        if ((old->ips ? old->ips->items[i].raw : SYM_EMPTY) !=
            (now->ips ? now->ips->items[i].raw : SYM_EMPTY))
            return true;
    }
    return false;
}

static void on_pod(struct twin *twin, const struct pod *old, const struct pod *now)
{
    bool changed = !old || !now || pod_changed(old, now);
    bool relabelled =
        old && now &&
        (old->labels != now->labels || old->hostname != now->hostname || old->subdomain != now->subdomain);
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
        if (concerned)
            add_both(twin, key);
    }
}

static void on_service(struct twin *twin, const struct service *old, const struct service *now)
{
    const struct meta *meta = now ? &now->meta : &old->meta;
    struct twin_key *key = key_of(twin, meta->namespace, meta->name);
    for (uint32_t i = 0; !now && i < twin->services.count; i++) {
        if (twin->services.items[i] != key)
            continue;
        for (uint32_t j = i + 1; j < twin->services.count; j++)
            twin->services.items[j - 1] = twin->services.items[j];
        twin->services.count--;
    }
    if (now && !key->service)
        vec_push(&twin->services, key);
    service_unref((struct service *)key->service);
    key->service = service_ref(now);
    add_both(twin, key);
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
    /* Nodes enqueue nothing without topology (C-12); Endpoints and slices here are the engine's. */
}

static bool start_service(void *context, const void *object)
{
    on_service(context, NULL, object);
    return true;
}

void twin_start(struct twin *twin)
{
    twin->started = true;
    store_each(twin->store, OBJECT_SERVICE, SYM_EMPTY, start_service, twin);
    for (uint32_t i = 0; i < twin->endpoints.count; i++) { /* E-76 */
        const struct endpoints *endpoints = twin->endpoints.items[i];
        if (!labels_get(endpoints->meta.annotations, catalog_word(twin->catalog, WORD_LEADER), NULL))
            add(twin, &key_of(twin, endpoints->meta.namespace, endpoints->meta.name)->items[TWIN_ENDPOINTS]);
    }
}

/* --- a sync --- */

struct objects {
    VEC(const void *) items;
};

static bool collect(void *context, const void *object)
{
    struct objects *objects = context;
    vec_push(&objects->items, object);
    return true;
}

void twin_name(struct twin *twin, sym name)
{
    vec_push(&twin->names, name);
}

static sym name_slice(void *context, sym generate_name)
{
    struct twin *twin = context;
    if (twin->names_taken < twin->names.count)
        return twin->names.items[twin->names_taken++];
    /* The engine created fewer: the comparison will say so. */
    struct text text = {0};
    text_printf(&text, "%.58s-twin-%u", catalog_text(twin->catalog, generate_name), twin->slices.count);
    sym name = catalog_sym(twin->catalog, text.data);
    text_fini(&text);
    return name;
}

static void log_request(struct twin *twin, enum twin_controller controller, const struct twin_key *key,
    const struct plain_request *request)
{
    vec_push(&twin->requests,
        ((struct twin_request){controller, request->verb, request->noop, key->namespace, request->name}));
}

/* Fills in what is the same for both controllers. The lists are to be freed by the caller. */
static struct plain_input make_input(
    struct twin *twin, const struct twin_key *key, struct objects *pods, struct objects *nodes)
{
    store_each(twin->store, OBJECT_POD, key->namespace, collect, pods);
    store_each(twin->store, OBJECT_NODE, SYM_EMPTY, collect, nodes);
    return (struct plain_input){
        .catalog = twin->catalog,
        .config = twin->config,
        .namespace = key->namespace,
        .name = key->name,
        .service = key->service,
        .pods = (const struct pod *const *)pods->items.items,
        .pod_count = pods->items.count,
        .nodes = (const struct node *const *)nodes->items.items,
        .node_count = nodes->items.count,
        .trigger_s = TIME_NONE,
        .now_s = calendar_s(twin),
        .name_slice = name_slice,
        .context = twin,
    };
}

static bool sync_endpoints(struct twin *twin, struct twin_key *key)
{
    struct objects pods = {0}, nodes = {0};
    struct plain_input input = make_input(twin, key, &pods, &nodes);
    struct plain_result result = {0};
    input.endpoints = twin_endpoints(twin, key->namespace, key->name);
    if (!key->service)
        plain_trigger_clear(&key->triggers[TWIN_ENDPOINTS]); /* C-62 */
    else if (plain_is_reconciled(key->service))
        input.trigger_s =
            plain_trigger_call(&key->triggers[TWIN_ENDPOINTS], key->service, input.pods, input.pod_count);
    plain_sync_endpoints(&input, &result);
    for (uint32_t i = 0; i < result.requests.count; i++) {
        struct plain_request *request = &result.requests.items[i];
        log_request(twin, TWIN_ENDPOINTS, key, request);
        if (request->verb == PLAIN_DELETE)
            remove_endpoints(twin, key->namespace, key->name);
        else
            put_endpoints(twin, request->endpoints);
        request->endpoints = NULL;
    }
    bool error = result.error;
    plain_result_fini(&result);
    vec_fini(&pods.items);
    vec_fini(&nodes.items);
    return error;
}

/* S-57 over the listed slices. */
static bool is_stale(struct twin *twin, struct twin_key *key)
{
    for (uint32_t t = 0; t < key->tracked.count; t++) {
        bool found = false;
        for (uint32_t i = 0; i < twin->slices.count; i++) {
            const struct twin_slice *slice = &twin->slices.items[i];
            if (slice->id != key->tracked.items[t].slice || service_key(twin, slice->object) != key ||
                !managed(twin, slice->object) || slice->object->meta.deletion_s != TIME_NONE)
                continue;
            found = true;
            if (key->tracked.items[t].generation > slice->object->meta.generation)
                return true;
        }
        if (!found)
            return true;
    }
    return false;
}

/* What the server and the tracker make of a request of the controller's. */
static void apply_request(struct twin *twin, struct twin_key *key, struct plain_request *request)
{
    struct twin_slice *slice = find_slice(twin, key->namespace, request->name);
    if (request->verb == PLAIN_CREATE) {
        request->slice->sequence = ++twin->slice_ids;
        struct twin_slice created = {twin->slice_ids, request->slice};
        vec_push(&twin->slices, created);
        track(key, created.id, request->slice->meta.generation);
    } else if (request->verb == PLAIN_UPDATE) {
        endpointslice_destroy(slice->object);
        slice->object = request->slice;
        track(key, slice->id, slice->object->meta.generation);
    } else {
        /* Expected: the event only drops the tracker's entry. */
        untrack(key, slice->id);
        erase_slice(twin, slice);
    }
    request->slice = NULL;
}

static bool sync_slices(struct twin *twin, struct twin_key *key)
{
    if (!key->service) { /* S-2 */
        plain_trigger_clear(&key->triggers[TWIN_SLICES]);
        vec_clear(&key->tracked);
        return false;
    }
    if (!plain_is_reconciled(key->service))
        return false;
    if (is_stale(twin, key)) /* S-6: the trigger time is not consumed */
        return true;
    struct objects pods = {0}, nodes = {0};
    VEC(const struct endpointslice *) slices = {0};
    for (uint32_t i = 0; i < twin->slices.count; i++)
        if (twin->slices.items[i].object->meta.namespace == key->namespace)
            vec_push(&slices, twin->slices.items[i].object);
    struct plain_input input = make_input(twin, key, &pods, &nodes);
    struct plain_result result = {0};
    input.slices = slices.items;
    input.slice_count = slices.count;
    input.trigger_s =
        plain_trigger_call(&key->triggers[TWIN_SLICES], key->service, input.pods, input.pod_count);
    plain_sync_slices(&input, &twin->choices, &result);
    for (uint32_t i = 0; i < result.requests.count; i++) {
        log_request(twin, TWIN_SLICES, key, &result.requests.items[i]);
        apply_request(twin, key, &result.requests.items[i]);
    }
    bool error = result.error;
    plain_result_fini(&result);
    vec_fini(&slices);
    vec_fini(&pods.items);
    vec_fini(&nodes.items);
    return error;
}

/* --- the garbage collector (S-2) --- */

static bool lives(const struct twin *twin, const struct owner *owner)
{
    if (owner->kind != catalog_word(twin->catalog, WORD_SERVICE) ||
        owner->api_version != catalog_word(twin->catalog, WORD_V1))
        return true;
    for (uint32_t i = 0; i < twin->services.count; i++) {
        const struct meta *meta = &twin->services.items[i]->service->meta;
        if (uid_equal(meta->uid, meta->uid_text, owner->uid, owner->uid_text))
            return true;
    }
    return false;
}

static bool is_garbage(const struct twin *twin, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < slice->owner_count; i++)
        if (lives(twin, &slice->owners[i]))
            return false;
    return slice->owner_count > 0;
}

/* Collects everything whose owners are gone, by age. */
static void collect_garbage(struct twin *twin)
{
    for (uint32_t i = 0; i < twin->slices.count;) {
        struct twin_slice *slice = &twin->slices.items[i];
        if (!is_garbage(twin, slice->object)) {
            i++;
            continue;
        }
        struct twin_request request = {
            TWIN_COLLECTOR, PLAIN_DELETE, false, slice->object->meta.namespace, slice->object->meta.name};
        vec_push(&twin->requests, request);
        remove_slice(twin, slice);
    }
}

/* --- running --- */

static bool sync_next(struct twin *twin, enum twin_controller controller)
{
    if (twin->queue[controller].count == 0)
        return false;
    struct twin_item *item = twin->queue[controller].items[0];
    for (uint32_t i = 1; i < twin->queue[controller].count; i++)
        twin->queue[controller].items[i - 1] = twin->queue[controller].items[i];
    twin->queue[controller].count--;
    item->queued = false;
    bool error =
        controller == TWIN_ENDPOINTS ? sync_endpoints(twin, item->key) : sync_slices(twin, item->key);
    done(twin, item, error);
    return true;
}

/* Everything that is due now: syncs first, then the collector, until nothing is left. */
static void settle(struct twin *twin)
{
    do {
        while (sync_next(twin, TWIN_ENDPOINTS) || sync_next(twin, TWIN_SLICES))
            ;
        collect_garbage(twin);
    } while (twin->queue[TWIN_ENDPOINTS].count > 0 || twin->queue[TWIN_SLICES].count > 0);
}

/* The item whose timer is the next to fire; NULL: none is set. */
static struct twin_item *next_timer(const struct twin *twin)
{
    struct twin_item *next = NULL;
    for (uint32_t i = 0; i < twin->keys.count; i++) {
        for (int c = 0; c < 2; c++) {
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
            add(twin, item);
            item = next_timer(twin);
        }
        settle(twin);
    }
    twin->now_ns = until_ns;
}

/* --- foreign edits --- */

static void copy_list(struct subset *to, const struct subset *from)
{
    for (uint32_t i = 0; i < from->addresses.count; i++)
        vec_push(&to->addresses, endpoint_ref(from->addresses.items[i]));
    for (uint32_t i = 0; i < from->not_ready_addresses.count; i++)
        vec_push(&to->not_ready_addresses, endpoint_ref(from->not_ready_addresses.items[i]));
}

struct endpoints *twin_copy_endpoints(const struct twin *twin, const struct endpoints *endpoints)
{
    struct endpoints *copy = endpoints_create(twin->catalog);
    copy->is_explicit = true;
    copy->meta = endpoints->meta;
    copy->over_capacity = endpoints->over_capacity;
    for (uint32_t i = 0; i < endpoints->subsets.items.count; i++) {
        struct subset subset = {.ports = endpoints->subsets.items.items[i].ports};
        copy_list(&subset, &endpoints->subsets.items.items[i]);
        vec_push(&copy->subsets.items, subset);
    }
    return copy;
}

struct endpointslice *twin_copy_slice(const struct twin *twin, const struct endpointslice *slice)
{
    struct endpointslice *copy = endpointslice_create(twin->catalog);
    copy->meta = slice->meta;
    copy->address_type = slice->address_type;
    plain_set_owners(copy, slice->owners, slice->owner_count);
    copy->ports = slice->ports;
    copy->ports_nil = slice->ports_nil;
    copy->endpoints_nil = slice->endpoints_nil;
    copy->sequence = slice->sequence;
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        endpointslice_append(copy, endpoint_ref(slice->endpoints.items[i]));
    return copy;
}

/* The edit comes now. */
static void arrive(struct twin *twin)
{
    twin->now_ns = clock_now(store_clock(twin->store));
}

void twin_apply_endpoints(struct twin *twin, struct endpoints *endpoints)
{
    arrive(twin);
    const struct endpoints *old = twin_endpoints(twin, endpoints->meta.namespace, endpoints->meta.name);
    if (old && plain_is_noop(twin->catalog, old, endpoints)) {
        endpoints_destroy(endpoints);
        return;
    }
    endpoints->meta.created_s = old ? old->meta.created_s : calendar_s(twin);
    put_endpoints(twin, endpoints); /* nobody but deletions is listened to (E-75) */
}

void twin_delete_endpoints(struct twin *twin, sym namespace, sym name)
{
    arrive(twin);
    remove_endpoints(twin, namespace, name);
}

static bool unchanged(
    const struct twin *twin, const struct endpointslice *old, const struct endpointslice *now)
{
    return plain_same_content(twin->catalog, old, now) && plain_same_owners(old, now) &&
           old->meta.labels == now->meta.labels && old->meta.annotations == now->meta.annotations &&
           old->meta.trigger_s == now->meta.trigger_s && old->meta.generate_name == now->meta.generate_name &&
           old->meta.deletion_s == now->meta.deletion_s;
}

void twin_apply_slice(struct twin *twin, struct endpointslice *object)
{
    arrive(twin);
    struct twin_slice *slice = find_slice(twin, object->meta.namespace, object->meta.name);
    if (slice && slice->object->address_type != object->address_type) {
        remove_slice(twin, slice); /* addressType cannot be changed: another object takes its name */
        slice = NULL;
    }
    object->ports_nil = object->ports->count == 0;
    object->endpoints_nil = object->endpoints.count == 0;
    if (!slice) {
        object->meta.generation = 1;
        object->meta.created_s = calendar_s(twin);
        object->sequence = ++twin->slice_ids;
        vec_push(&twin->slices, ((struct twin_slice){twin->slice_ids, object}));
        slice = &vec_last(&twin->slices);
        if (managed(twin, object) && is_news(twin, slice))
            enqueue_slices(twin, service_key(twin, object));
        return;
    }
    struct endpointslice *old = slice->object;
    if (unchanged(twin, old, object)) {
        endpointslice_destroy(object);
        return;
    }
    bool new_generation =
        !plain_same_content(twin->catalog, old, object) || old->meta.labels != object->meta.labels;
    object->meta.created_s = old->meta.created_s;
    object->meta.generation = old->meta.generation + new_generation;
    object->sequence = old->sequence;
    slice->object = object;
    struct twin_key *before = service_key(twin, old), *after = service_key(twin, object);
    if (before != after) {
        enqueue_slices(twin, after);
        enqueue_slices(twin, before);
    } else if (managed(twin, old) != managed(twin, object) ||
               (managed(twin, object) && is_news(twin, slice))) {
        enqueue_slices(twin, after);
    }
    endpointslice_destroy(old);
}

void twin_delete_slice(struct twin *twin, sym namespace, sym name)
{
    arrive(twin);
    struct twin_slice *slice = find_slice(twin, namespace, name);
    if (slice)
        remove_slice(twin, slice);
}
