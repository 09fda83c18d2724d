/*
 * slice_cache.c: see slice_cache.h.
 */
#include "engine/slice_cache.h"

#include <stdlib.h>

#include "base/check.h"
#include "engine/collector.h"
#include "engine/engine_private.h"
#include "engine/packing.h"
#include "engine/state.h"

/* --- the tracker ----------------------------------------------------------------------------- */

bool slice_tracker_has(const struct service_entry *service, const struct slice_entry *slice)
{
    return service && slice->tracker == service && slice->tracker_epoch == service->tracker_epoch;
}

/* Tracked by its tracker, but not in what that would list now. */
static bool is_missed(const struct slice_entry *slice)
{
    return slice->tracker && slice_tracker_has(slice->tracker, slice) &&
           !(slice->listed && slice->service == slice->tracker);
}

void slice_tracker_set(struct service_entry *service, struct slice_entry *slice)
{
    /* Another Service that tracked the slice before it was relabelled goes on missing it (S-57). */
    EPSIM_ASSERT(slice->listed && slice->service == service);
    slice->tracker = service;
    slice->tracker_epoch = service->tracker_epoch;
    slice->tracked_generation = slice->slice->meta.generation;
}

bool slice_tracker_should_sync(const struct slice_entry *slice)
{
    return !slice_tracker_has(slice->service, slice) ||
           slice->slice->meta.generation > slice->tracked_generation;
}

bool slice_tracker_deleted(struct slice_entry *slice)
{
    if (!slice->managed || !slice_tracker_has(slice->service, slice))
        return false;
    if (is_missed(slice))
        slice->tracker->unlisted_count--;
    slice->tracker = NULL;
    return true;
}

bool slice_tracker_is_stale(const struct service_entry *service)
{
    return service->unlisted_count > 0;
}

void slice_tracker_forget(struct service_entry *service)
{
    service->tracker_epoch++;
    service->unlisted_count = 0;
}

/* --- filing ---------------------------------------------------------------------------------- */

static void join_service(struct slice_entry *entry, struct service_entry *service)
{
    entry->service = service;
    service->mirrored_count += entry->mirrored;
    entry->index_in_service = service->slices.count;
    vec_push(&service->slices, entry);
    service->slice_endpoint_count += entry->counted;
    state_touch(service);
}

static void leave_service(struct slice_entry *entry)
{
    struct service_entry *service = entry->service;
    vec_last(&service->slices)->index_in_service = entry->index_in_service;
    vec_swap_remove(&service->slices, entry->index_in_service);
    service->slice_endpoint_count -= entry->counted;
    service->mirrored_count -= entry->mirrored;
    entry->service = NULL;
    state_touch(service);
}

static struct service_entry *service_of(struct engine *engine, const struct endpointslice *slice)
{
    sym name;
    if (!labels_get(slice->meta.labels, catalog_word(engine->catalog, WORD_SERVICE_NAME), &name) ||
        name == SYM_EMPTY)
        return NULL;
    return engine_entry(engine, slice->meta.namespace, name, true);
}

struct slice_entry *slice_cache_see(struct engine *engine, struct endpointslice *slice)
{
    struct slice_entry *entry = slice->controller_state;
    if (!entry) {
        entry = pool_take(&engine->records.slices);
        *entry = (struct slice_entry){0};
        entry->slice = slice;
        entry->counted = slice->endpoints.count;
        slice->controller_state = entry;
        collector_join(engine, entry);
    }
    bool was_missed = is_missed(entry);
    struct service_entry *tracker = entry->tracker;
    struct service_entry *service = service_of(engine, slice);
    if (service != entry->service) {
        slice_cache_set_group(entry, NULL);
        if (entry->service)
            leave_service(entry);
        if (service)
            join_service(entry, service);
    }
    sym manager = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(engine->catalog, WORD_SLICE_MANAGED_BY), &manager);
    entry->managed = manager == catalog_word(engine->catalog, WORD_SLICE_CONTROLLER);
    bool mirrored = manager == catalog_word(engine->catalog, WORD_MIRRORING_CONTROLLER);
    if (entry->service)
        entry->service->mirrored_count += (uint32_t)mirrored - (uint32_t)entry->mirrored;
    entry->mirrored = mirrored;
    entry->listed = entry->managed && entry->service && slice->meta.deletion_s == TIME_NONE;
    if (is_missed(entry) && !was_missed)
        tracker->unlisted_count++;
    else if (was_missed && !is_missed(entry))
        tracker->unlisted_count--;
    slice_cache_count(entry);
    return entry;
}

void slice_cache_drop(struct engine *engine, struct slice_entry *entry)
{
    if (entry->edit) {
        EPSIM_ASSERT(engine->is_timed); /* its request is under way, and will find nothing */
        entry->edit->slice = NULL;
    }
    slice_cache_set_group(entry, NULL);
    if (entry->service)
        leave_service(entry);
    collector_leave(engine, entry);
    entry->slice->controller_state = NULL;
    pool_give(&engine->records.slices, entry);
}

void slice_cache_count(struct slice_entry *entry)
{
    uint32_t count = entry->slice->endpoints.count;
    uint32_t change = count - entry->counted; /* wraps around when it is less */
    entry->counted = count;
    if (entry->group)
        entry->group->endpoint_count += change;
    if (entry->service) {
        entry->service->slice_endpoint_count += change;
        state_touch(entry->service);
    }
}

void slice_cache_set_group(struct slice_entry *entry, struct slice_group *group)
{
    if (entry->group) {
        slice_cache_set_aside(entry);
        entry->group->endpoint_count -= entry->counted;
    }
    entry->group = group;
    if (group) {
        group->endpoint_count += entry->counted;
        slice_cache_put_back(entry);
    }
}

void slice_cache_set_aside(struct slice_entry *entry)
{
    if (entry->filed == FILED_FULL)
        entry->group->full_count--;
    else if (entry->filed == FILED_WITH_ROOM)
        ostree_remove(
            &entry->group->slices, slice_tree_key(entry->length, entry->slice->sequence), entry, NULL);
    entry->filed = FILED_NOWHERE;
}

void slice_cache_put_back(struct slice_entry *entry)
{
    EPSIM_ASSERT(entry->group);
    uint32_t length = entry->slice->endpoints.count;
    if (entry->filed != FILED_NOWHERE && entry->length == length)
        return;
    slice_cache_set_aside(entry);
    entry->length = length;
    if (length >= entry->service->engine->config.endpoints_per_slice_max) {
        entry->group->full_count++;
        entry->filed = FILED_FULL;
        return;
    }
    ostree_insert(&entry->group->slices, slice_tree_key(length, entry->slice->sequence), entry, 0);
    entry->filed = FILED_WITH_ROOM;
}

static int compare_ages(const void *a, const void *b)
{
    uint64_t left = (*(struct slice_entry *const *)a)->slice->sequence;
    uint64_t right = (*(struct slice_entry *const *)b)->slice->sequence;
    return (left > right) - (left < right);
}

void slice_cache_sort(struct slice_entry **slices, uint32_t count)
{
    if (count > 1)
        qsort(slices, count, sizeof(struct slice_entry *), compare_ages);
}

bool slice_is_owned(const struct endpointslice *slice, const struct service_entry *service)
{
    const struct meta *meta = &service->service->meta;
    const struct catalog *catalog = service->engine->catalog;
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        const struct owner *owner = &slice->owners[i];
        if (owner->kind == catalog_word(catalog, WORD_SERVICE) &&
            owner->api_version == catalog_word(catalog, WORD_V1) &&
            uid_equal(owner->uid, owner->uid_text, meta->uid, meta->uid_text))
            return true;
    }
    return false;
}
