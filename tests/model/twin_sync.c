/*
 * twin_sync.c: a sync of the twin: the plain reconciler over what is stored, and what follows from its
 * requests; and the garbage collector.
 */
#include "model/twin_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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

/* The endpoints of an object, ready or not, over all subsets. */
struct listing {
    VEC(const struct endpoint *) items;
    bool net; /* see twin_request */
};

static void list_endpoints(const struct endpoints *endpoints, struct listing *out)
{
    for (uint32_t i = 0; endpoints && i < endpoints->subsets.items.count; i++) {
        const struct subset *subset = &endpoints->subsets.items.items[i];
        for (uint32_t k = 0; k < subset->addresses.count; k++)
            vec_push(&out->items, subset->addresses.items[k]);
        for (uint32_t k = 0; k < subset->not_ready_addresses.count; k++)
            vec_push(&out->items, subset->not_ready_addresses.items[k]);
    }
    out->net = endpoints && (endpoints->over_capacity || endpoints->subsets.items.count > 1);
}

static void list_slice(const struct endpointslice *slice, struct listing *out)
{
    for (uint32_t i = 0; slice && i < slice->endpoints.count; i++)
        vec_push(&out->items, endpointslice_at(slice, i));
}

static bool same_address(const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b)
{
    char ip_a[IP_TEXT_MAX], ip_b[IP_TEXT_MAX], uid_a[UUID_TEXT_LENGTH + 1], uid_b[UUID_TEXT_LENGTH + 1];
    return strcmp(plain_address_text(catalog, a, 0, ip_a), plain_address_text(catalog, b, 0, ip_b)) == 0 &&
           strcmp(plain_uid_text(catalog, endpoint_target(a), uid_a),
               plain_uid_text(catalog, endpoint_target(b), uid_b)) == 0;
}

/* How many of `a` have no partner of their own in `b`. */
static uint32_t count_missing(
    const struct catalog *catalog, const struct listing *a, const struct listing *b, bool slices)
{
    uint32_t missing = 0;
    bool *taken = mem_zalloc(b->items.count);
    for (uint32_t i = 0; i < a->items.count; i++) {
        uint32_t k = 0;
        while (k < b->items.count && (taken[k] || !(slices ? plain_same_identity : same_address)(
                                                      catalog, a->items.items[i], b->items.items[k])))
            k++;
        if (k < b->items.count)
            taken[k] = true;
        else
            missing++;
    }
    free(taken);
    return missing;
}

static void log_request(struct twin *twin, enum twin_controller controller, const struct twin_key *key,
    const struct plain_request *request)
{
    struct listing before = {0}, after = {0};
    const struct twin_slice *stored = twin_find_slice(twin, key->namespace, request->name);
    if (controller != TWIN_ENDPOINTS) {
        list_slice(stored ? stored->object : NULL, &before);
        list_slice(request->slice, &after);
    } else {
        list_endpoints(twin_endpoints(twin, key->namespace, request->name), &before);
        list_endpoints(request->endpoints, &after);
    }
    struct twin_request entry = {
        .controller = controller,
        .verb = request->verb,
        .noop = request->noop,
        .namespace = key->namespace,
        .name = request->name,
        .added = count_missing(twin->catalog, &after, &before, controller != TWIN_ENDPOINTS),
        .removed = count_missing(twin->catalog, &before, &after, controller != TWIN_ENDPOINTS),
        .net = before.net || after.net,
    };
    vec_push(&twin->requests, entry);
    vec_fini(&before.items);
    vec_fini(&after.items);
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
        .now_s = twin_calendar_s(twin),
        .name_slice = name_slice,
        .context = twin,
    };
}

static void forget(struct endpoints *endpoints)
{
    for (uint32_t i = 0; i < endpoints->subsets.items.count; i++) {
        struct subset *subset = &endpoints->subsets.items.items[i];
        while (subset->not_ready_addresses.count > 0)
            endpoint_unref(vec_pop(&subset->not_ready_addresses));
    }
}

bool twin_sync_endpoints(struct twin *twin, struct twin_key *key)
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
        if (twin->forgets && request->endpoints)
            forget(request->endpoints);
        if (request->verb == PLAIN_DELETE)
            twin_remove_endpoints(twin, key->namespace, key->name);
        else
            twin_put_endpoints(twin, request->endpoints, request->noop);
        request->endpoints = NULL;
    }
    bool error = result.error;
    plain_result_fini(&result);
    vec_fini(&pods.items);
    vec_fini(&nodes.items);
    return error;
}

/* S-57 over the listed slices; those that are being deleted are not listed, but for mirroring (M-3). */
static bool is_stale(struct twin *twin, enum twin_tracker tracker, struct twin_key *key)
{
    for (uint32_t t = 0; t < key->tracked[tracker].count; t++) {
        const struct twin_tracked *entry = &key->tracked[tracker].items[t];
        bool found = false;
        for (uint32_t i = 0; i < twin->slices.count; i++) {
            const struct twin_slice *slice = &twin->slices.items[i];
            if (slice->id != entry->slice || twin_service_key(twin, slice->object) != key ||
                !twin_manages(twin, tracker, slice->object) ||
                (tracker == TRACKER_SLICES && slice->object->meta.deletion_s != TIME_NONE))
                continue;
            found = true;
            if (entry->generation > slice->object->meta.generation)
                return true;
        }
        if (!found)
            return true;
    }
    return false;
}

/* What the server and the tracker make of a request of the controller's. */
static void apply_request(
    struct twin *twin, enum twin_tracker tracker, struct twin_key *key, struct plain_request *request)
{
    struct twin_slice *slice = twin_find_slice(twin, key->namespace, request->name);
    if (request->verb == PLAIN_CREATE) {
        request->slice->sequence = ++twin->slice_ids;
        struct twin_slice created = {twin->slice_ids, request->slice};
        vec_push(&twin->slices, created);
        twin_track(key, tracker, created.id, request->slice->meta.generation);
    } else if (request->verb == PLAIN_UPDATE) {
        endpointslice_destroy(slice->object);
        slice->object = request->slice;
        twin_track(key, tracker, slice->id, slice->object->meta.generation);
    } else {
        /* Expected: the event only drops the tracker's entry. */
        twin_untrack(key, tracker, slice->id);
        twin_erase_slice(twin, slice);
    }
    request->slice = NULL;
}

/* Carries out what the controller sent. Returns whether the sync ended in an error. */
static bool apply_result(struct twin *twin, enum twin_controller controller, enum twin_tracker tracker,
    struct twin_key *key, struct plain_result *result)
{
    for (uint32_t i = 0; i < result->requests.count; i++) {
        log_request(twin, controller, key, &result->requests.items[i]);
        apply_request(twin, tracker, key, &result->requests.items[i]);
    }
    for (uint32_t i = 0; i < result->events.count; i++)
        vec_push(&twin->events, result->events.items[i]);
    vec_clear(&result->events);
    bool error = result->error;
    plain_result_fini(result);
    return error;
}

/* Slices of the namespace; to be freed. */
static const struct endpointslice **slices_of(
    const struct twin *twin, const struct twin_key *key, uint32_t *out_count)
{
    VEC(const struct endpointslice *) slices = {0};
    for (uint32_t i = 0; i < twin->slices.count; i++)
        if (twin->slices.items[i].object->meta.namespace == key->namespace)
            vec_push(&slices, twin->slices.items[i].object);
    *out_count = slices.count;
    return slices.items;
}

bool twin_sync_slices(struct twin *twin, struct twin_key *key)
{
    if (!key->service) { /* S-2 */
        plain_trigger_clear(&key->triggers[TWIN_SLICES]);
        vec_clear(&key->tracked[TRACKER_SLICES]);
        return false;
    }
    if (!plain_is_reconciled(key->service))
        return false;
    if (is_stale(twin, TRACKER_SLICES, key)) /* S-6: the trigger time is not consumed */
        return true;
    struct objects pods = {0}, nodes = {0};
    struct plain_input input = make_input(twin, key, &pods, &nodes);
    struct plain_result result = {0};
    const struct endpointslice **slices = slices_of(twin, key, &input.slice_count);
    input.slices = slices;
    input.topology = &twin->topology;
    input.hint_cache = &key->hint_cache;
    input.trigger_s =
        plain_trigger_call(&key->triggers[TWIN_SLICES], key->service, input.pods, input.pod_count);
    plain_sync_slices(&input, &twin->choices, &result);
    bool error = apply_result(twin, TWIN_SLICES, TRACKER_SLICES, key, &result);
    free(slices);
    vec_fini(&pods.items);
    vec_fini(&nodes.items);
    return error;
}

bool twin_sync_mirroring(struct twin *twin, struct twin_key *key)
{
    struct objects pods = {0}, nodes = {0};
    struct plain_input input = make_input(twin, key, &pods, &nodes);
    struct plain_result result = {0};
    const struct endpointslice **slices = slices_of(twin, key, &input.slice_count);
    input.slices = slices;
    input.endpoints = twin_endpoints(twin, key->namespace, key->name);
    bool error = true;
    if (!plain_is_mirrored(&input))
        vec_clear(&key->tracked[TRACKER_MIRRORING]);
    if (!is_stale(twin, TRACKER_MIRRORING, key)) { /* M-3 */
        plain_sync_mirroring(&input, &twin->choices, &result);
        for (uint32_t i = 0; i < result.untouched.count; i++) { /* M-22 */
            const struct twin_slice *slice = twin_find_slice(twin, key->namespace, result.untouched.items[i]);
            if (!twin_tracked(key, TRACKER_MIRRORING, slice->id))
                twin_track(key, TRACKER_MIRRORING, slice->id, slice->object->meta.generation);
        }
        error = apply_result(twin, TWIN_MIRRORING, TRACKER_MIRRORING, key, &result);
    }
    free(slices);
    vec_fini(&pods.items);
    vec_fini(&nodes.items);
    return error;
}

/* --- topology (H-11) --- */

void twin_compute_topology(struct twin *twin)
{
    struct objects nodes = {0};
    store_each(twin->store, OBJECT_NODE, SYM_EMPTY, collect, &nodes);
    plain_topology_compute(
        &twin->topology, twin->catalog, (const struct node *const *)nodes.items.items, nodes.items.count);
    vec_fini(&nodes.items);
    for (uint32_t i = 0; i < twin->services.count; i++)
        if (plain_hints_overloaded(&twin->topology, &twin->services.items[i]->hint_cache))
            twin_enqueue(twin, &twin->services.items[i]->items[TWIN_SLICES]);
    for (uint32_t i = 0; i < twin->keys.count; i++) { /* the cache keeps those that are gone */
        struct twin_key *key = twin->keys.items[i];
        if (!key->service && plain_hints_overloaded(&twin->topology, &key->hint_cache))
            twin_enqueue(twin, &key->items[TWIN_SLICES]);
    }
}

/* --- the garbage collector (S-2, M-33) --- */

static bool lives(const struct twin *twin, sym namespace, const struct owner *owner)
{
    if (owner->api_version != catalog_word(twin->catalog, WORD_V1))
        return true;
    if (owner->kind == catalog_word(twin->catalog, WORD_ENDPOINTS)) {
        const struct endpoints *endpoints = twin_endpoints(twin, namespace, owner->name);
        return endpoints &&
               uid_equal(endpoints->meta.uid, endpoints->meta.uid_text, owner->uid, owner->uid_text);
    }
    if (owner->kind != catalog_word(twin->catalog, WORD_SERVICE))
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
        if (lives(twin, slice->meta.namespace, &slice->owners[i]))
            return false;
    return slice->owner_count > 0;
}

/* Collects everything whose owners are gone, by age. */
void twin_collect_garbage(struct twin *twin)
{
    for (uint32_t i = 0; i < twin->slices.count;) {
        struct twin_slice *slice = &twin->slices.items[i];
        if (!is_garbage(twin, slice->object)) {
            i++;
            continue;
        }
        struct twin_request request = {
            .controller = TWIN_COLLECTOR,
            .verb = PLAIN_DELETE,
            .namespace = slice->object->meta.namespace,
            .name = slice->object->meta.name,
            .removed = slice->object->endpoints.count,
        };
        vec_push(&twin->requests, request);
        twin_remove_slice(twin, slice);
    }
}
