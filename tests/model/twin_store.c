/*
 * twin_store.c: what the twin's server stores, what its tracker makes of slices' events, and foreign edits.
 */
#include "model/twin_parts.h"

#include <stdlib.h>
#include <string.h>

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

struct twin_slice *twin_find_slice(const struct twin *twin, sym namespace, sym name)
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
    const struct twin_slice *slice = twin_find_slice(twin, namespace, name);
    return slice ? slice->object : NULL;
}

void twin_uid(struct twin *twin, struct uuid uid)
{
    vec_push(&twin->uids, uid);
}

/* M-41; `old`, `now`: whether they are there and not skipped. */
static void tell_mirroring(struct twin *twin, sym namespace, sym name, bool old, bool now)
{
    if (old || now)
        twin_enqueue_mirroring(twin, twin_key_of(twin, namespace, name));
}

void twin_put_endpoints(struct twin *twin, struct endpoints *endpoints, bool is_noop)
{
    bool now = !plain_mirror_skips(twin->catalog, endpoints);
    for (uint32_t i = 0; i < twin->endpoints.count; i++) {
        struct endpoints *old = twin->endpoints.items[i];
        if (old->meta.namespace == endpoints->meta.namespace && old->meta.name == endpoints->meta.name) {
            bool before = !plain_mirror_skips(twin->catalog, old);
            endpoints->meta.uid = old->meta.uid;
            endpoints->meta.uid_text = old->meta.uid_text;
            twin->endpoints.items[i] = endpoints;
            endpoints_destroy(old);
            if (!is_noop)
                tell_mirroring(twin, endpoints->meta.namespace, endpoints->meta.name, before, now);
            return;
        }
    }
    if (uid_is_none(endpoints->meta.uid, endpoints->meta.uid_text) && twin->uids_taken < twin->uids.count)
        endpoints->meta.uid = twin->uids.items[twin->uids_taken++];
    vec_push(&twin->endpoints, endpoints);
    tell_mirroring(twin, endpoints->meta.namespace, endpoints->meta.name, false, now);
}

/* E-75: whoever deleted it, the key is enqueued. */
void twin_remove_endpoints(struct twin *twin, sym namespace, sym name)
{
    for (uint32_t i = 0; i < twin->endpoints.count; i++) {
        struct endpoints *endpoints = twin->endpoints.items[i];
        if (endpoints->meta.namespace != namespace || endpoints->meta.name != name)
            continue;
        bool before = !plain_mirror_skips(twin->catalog, endpoints);
        endpoints_destroy(endpoints);
        vec_swap_remove(&twin->endpoints, i);
        twin_enqueue(twin, &twin_key_of(twin, namespace, name)->items[TWIN_ENDPOINTS]);
        tell_mirroring(twin, namespace, name, before, false);
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
struct twin_key *twin_service_key(struct twin *twin, const struct endpointslice *slice)
{
    sym name = label(twin, slice, WORD_SERVICE_NAME);
    return name == SYM_EMPTY ? NULL : twin_key_of(twin, slice->meta.namespace, name);
}

bool twin_manages(const struct twin *twin, enum twin_tracker tracker, const struct endpointslice *slice)
{
    enum catalog_word manager = tracker == TRACKER_SLICES ? WORD_SLICE_CONTROLLER : WORD_MIRRORING_CONTROLLER;
    return label(twin, slice, WORD_SLICE_MANAGED_BY) == catalog_word(twin->catalog, manager);
}

struct twin_tracked *twin_tracked(struct twin_key *key, enum twin_tracker tracker, uint64_t id)
{
    for (uint32_t i = 0; key && i < key->tracked[tracker].count; i++)
        if (key->tracked[tracker].items[i].slice == id)
            return &key->tracked[tracker].items[i];
    return NULL;
}

void twin_track(struct twin_key *key, enum twin_tracker tracker, uint64_t id, int64_t generation)
{
    struct twin_tracked *entry = twin_tracked(key, tracker, id);
    if (entry)
        entry->generation = generation;
    else
        vec_push(&key->tracked[tracker], ((struct twin_tracked){id, generation}));
}

static void enqueue_for(struct twin *twin, enum twin_tracker tracker, struct twin_key *key)
{
    if (!key)
        return;
    if (tracker == TRACKER_SLICES)
        twin_enqueue_after_batch(twin, &key->items[TWIN_SLICES]);
    else if (twin_has_mirroring(twin, key))
        twin_enqueue_after_batch(twin, &key->items[TWIN_MIRRORING]);
}

static bool is_news(struct twin *twin, enum twin_tracker tracker, const struct twin_slice *slice)
{
    const struct twin_tracked *entry =
        twin_tracked(twin_service_key(twin, slice->object), tracker, slice->id);
    return !entry || slice->object->meta.generation > entry->generation;
}

void twin_untrack(struct twin_key *key, enum twin_tracker tracker, uint64_t id)
{
    for (uint32_t i = 0; i < key->tracked[tracker].count; i++) {
        if (key->tracked[tracker].items[i].slice == id) {
            vec_swap_remove(&key->tracked[tracker], i);
            return;
        }
    }
}

void twin_erase_slice(struct twin *twin, struct twin_slice *slice)
{
    endpointslice_destroy(slice->object);
    for (uint32_t i = (uint32_t)(slice - twin->slices.items) + 1; i < twin->slices.count; i++)
        twin->slices.items[i - 1] = twin->slices.items[i];
    twin->slices.count--;
}

/* The delete event of somebody else's deletion. */
void twin_remove_slice(struct twin *twin, struct twin_slice *slice)
{
    struct twin_key *key = twin_service_key(twin, slice->object);
    bool concerned[2] = {false, false};
    for (int t = 0; t < 2; t++) {
        enum twin_tracker tracker = (enum twin_tracker)t;
        concerned[t] = twin_tracked(key, tracker, slice->id) && twin_manages(twin, tracker, slice->object);
        if (concerned[t])
            twin_untrack(key, tracker, slice->id);
    }
    if (concerned[TRACKER_MIRRORING])
        enqueue_for(twin, TRACKER_MIRRORING, key);
    twin_erase_slice(twin, slice);
    if (concerned[TRACKER_SLICES])
        enqueue_for(twin, TRACKER_SLICES, key);
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
        endpointslice_append(copy, endpoint_ref(endpointslice_at(slice, i)));
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
    endpoints->meta.created_s = old ? old->meta.created_s : twin_calendar_s(twin);
    twin_put_endpoints(twin, endpoints, false); /* nobody but deletions is listened to (E-75) */
}

void twin_delete_endpoints(struct twin *twin, sym namespace, sym name)
{
    arrive(twin);
    twin_remove_endpoints(twin, namespace, name);
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
    struct twin_slice *slice = twin_find_slice(twin, object->meta.namespace, object->meta.name);
    if (slice && slice->object->address_type != object->address_type) {
        twin_remove_slice(twin, slice); /* addressType cannot be changed: another object takes its name */
        slice = NULL;
    }
    object->ports_nil = object->ports->count == 0;
    object->endpoints_nil = object->endpoints.count == 0;
    if (!slice) {
        object->meta.generation = 1;
        object->meta.created_s = twin_calendar_s(twin);
        object->sequence = ++twin->slice_ids;
        vec_push(&twin->slices, ((struct twin_slice){twin->slice_ids, object}));
        slice = &vec_last(&twin->slices);
        for (int t = 0; t < 2; t++)
            if (twin_manages(twin, (enum twin_tracker)t, object) &&
                is_news(twin, (enum twin_tracker)t, slice))
                enqueue_for(twin, (enum twin_tracker)t, twin_service_key(twin, object));
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
    struct twin_key *before = twin_service_key(twin, old), *after = twin_service_key(twin, object);
    for (int t = 0; t < 2; t++) {
        enum twin_tracker tracker = (enum twin_tracker)t;
        bool was_managed = twin_manages(twin, tracker, old), is_managed = twin_manages(twin, tracker, object);
        if (before != after) {
            enqueue_for(twin, tracker, after);
            enqueue_for(twin, tracker, before);
        } else if (was_managed != is_managed || (is_managed && is_news(twin, tracker, slice))) {
            enqueue_for(twin, tracker, after);
        }
    }
    endpointslice_destroy(old);
}

void twin_delete_slice(struct twin *twin, sym namespace, sym name)
{
    arrive(twin);
    struct twin_slice *slice = twin_find_slice(twin, namespace, name);
    if (slice)
        twin_remove_slice(twin, slice);
}
