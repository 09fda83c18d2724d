/*
 * mirroring_controller.c: see mirroring_controller.h. What is wanted is in mirroring_plan.c.
 */
#include "engine/mirroring_controller.h"

#include <stdlib.h>
#include <string.h>

#include "engine/collector.h"
#include "engine/difference.h"
#include "engine/endpoint_build.h"
#include "engine/mirroring_plan.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"
#include "engine/slice_writer.h"

/* --- which Endpoints are mirrored (M-1) ------------------------------------------------------ */

static bool is_skipped(struct engine *engine, const struct meta *meta)
{
    sym value;
    return (labels_get(meta->labels, catalog_word(engine->catalog, WORD_SKIP_MIRROR), &value) &&
               value == catalog_word(engine->catalog, WORD_TRUE)) ||
           labels_get(meta->annotations, catalog_word(engine->catalog, WORD_LEADER), NULL);
}

static bool is_mirrored(const struct service_entry *entry)
{
    return entry->service && !entry->service->selector;
}

static bool is_idle(const struct service_entry *entry)
{
    return !entry->engine->mirrors_idly && !is_mirrored(entry) && entry->mirrored_count == 0 &&
           entry->mirror_tracked.count == 0;
}

/* After an event of Endpoints (M-41). */
static void enqueue(struct service_entry *entry)
{
    if (!is_idle(entry))
        workqueue_add_after(&entry->mirror_item, hearing_wait_ns(entry->engine, OBJECT_ENDPOINTS));
}

/* After a slice event (M-42). */
static void enqueue_after_batch(struct service_entry *entry)
{
    if (!is_idle(entry))
        workqueue_add_after(
            &entry->mirror_item, hearing_wait_ns(entry->engine, OBJECT_ENDPOINTSLICE) +
                                     entry->engine->config.mirroring_endpointslice_updates_batch_period_ns);
}

/* --- the tracker (S-55 to S-57) -------------------------------------------------------------- */

static struct mirror_tracked *tracked(const struct service_entry *entry, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < entry->mirror_tracked.count; i++) {
        if (entry->mirror_tracked.items[i].slice == slice->sequence)
            return &entry->mirror_tracked.items[i];
    }
    return NULL;
}

static void track(struct service_entry *entry, const struct endpointslice *slice)
{
    struct mirror_tracked *known = tracked(entry, slice);
    struct mirror_tracked now = {slice->sequence, slice->meta.generation};
    if (known)
        *known = now;
    else
        vec_push(&entry->mirror_tracked, now);
}

/* Caches are never behind: only a slice that somebody relabelled can be missing. */
static bool is_stale(const struct service_entry *entry)
{
    for (uint32_t i = 0; i < entry->mirror_tracked.count; i++) {
        bool found = false;
        for (uint32_t k = 0; k < entry->slices.count && !found; k++) {
            const struct slice_entry *slice = entry->slices.items[k];
            found = slice->mirrored && slice->slice->sequence == entry->mirror_tracked.items[i].slice;
        }
        if (!found)
            return true;
    }
    return false;
}

/* --- events (M-40 to M-42) ------------------------------------------------------------------- */

void mirroring_service_changed(
    struct service_entry *entry, const struct service *before, const struct service *now)
{
    bool had_none = before && !before->selector, has_none = now && !now->selector;
    if (before && now ? had_none != has_none : had_none || has_none)
        workqueue_add(&entry->mirror_item);
}

void mirroring_endpoints_changed(struct service_entry *entry, const struct endpoints *endpoints, bool is_gone)
{
    const struct meta *meta = &endpoints->meta;
    bool was_there = entry->mirror_seen_labels != NULL;
    bool was_skipped = entry->mirror_skipped;
    if (meta->labels != entry->mirror_seen_labels || meta->annotations != entry->mirror_seen_annotations) {
        entry->mirror_seen_labels = meta->labels;
        entry->mirror_seen_annotations = meta->annotations;
        entry->mirror_skipped = is_skipped(entry->engine, meta);
    }
    if (is_gone)
        entry->mirror_seen_labels = entry->mirror_seen_annotations = NULL;
    if (!entry->mirror_skipped || (was_there && !was_skipped))
        enqueue(entry);
}

static bool is_news(const struct slice_entry *slice)
{
    const struct mirror_tracked *known = tracked(slice->service, slice->slice);
    return !known || slice->slice->meta.generation > known->generation;
}

void mirroring_slice_changed(const struct slice_entry *slice, const struct mirroring_filing *before)
{
    if (before && before->service != slice->service) {
        if (slice->service)
            enqueue_after_batch(slice->service);
        if (before->service)
            enqueue_after_batch(before->service);
    } else if (slice->service &&
               ((before && before->mirrored != slice->mirrored) || (slice->mirrored && is_news(slice)))) {
        enqueue_after_batch(slice->service);
    }
}

void mirroring_slice_deleted(const struct slice_entry *slice, bool by_us)
{
    if (!slice->mirrored || !slice->service)
        return;
    struct mirror_tracked *known = tracked(slice->service, slice->slice);
    if (!known)
        return;
    vec_swap_remove(&slice->service->mirror_tracked, known - slice->service->mirror_tracked.items);
    if (!by_us)
        enqueue_after_batch(slice->service);
}

void mirroring_slice_listed(const struct slice_entry *slice)
{
    if (slice->mirrored && slice->service)
        enqueue_after_batch(slice->service);
}

/* --- writing (M-23, M-30 to M-32) ------------------------------------------------------------ */

static struct owner wanted_owner(const struct mirror_plan *plan)
{
    const struct catalog *catalog = plan->engine->catalog;
    return (struct owner){
        .kind = catalog_word(catalog, WORD_ENDPOINTS),
        .name = plan->endpoints->meta.name,
        .api_version = catalog_word(catalog, WORD_V1),
        .uid = plan->endpoints->meta.uid,
        .uid_text = plan->endpoints->meta.uid_text,
        .controller = 1,
        .block_owner_deletion = 1,
    };
}

static void set_nil(struct endpointslice *slice)
{
    slice->ports_nil = slice->ports->count == 0;
    slice->endpoints_nil = slice->endpoints.count == 0;
}

static void append_all(struct engine *engine, struct endpointslice *slice, const struct mirror_write *write)
{
    for (uint32_t i = 0; i < write->endpoints.count; i++) {
        request_content(engine, write->endpoints.items[i]);
        endpointslice_append(slice, endpoint_ref(write->endpoints.items[i]));
    }
}

/* False: the name is taken (M-31). */
static bool create(struct mirror_plan *plan, const struct mirror_write *write)
{
    struct engine *engine = plan->engine;
    if (write->target)
        return false;
    struct endpointslice *slice = endpointslice_create(engine->catalog);
    slice->meta.namespace = plan->entry->namespace;
    slice->meta.generate_name = slice_generate_name(plan->entry);
    slice->meta.labels = plan->labels;
    slice->meta.annotations = plan->annotations;
    slice->address_type = write->type;
    slice->ports = write->ports;
    slice->owners = mem_alloc(sizeof *slice->owners);
    slice->owners[0] = wanted_owner(plan);
    slice->owner_count = 1;
    append_all(engine, slice, write);
    set_nil(slice);
    store_create_endpointslice(engine->store, slice, false);
    slice_cache_see(engine, slice);
    track(plan->entry, slice);
    request_slice(engine, CONTROLLER_MIRRORING, VERB_CREATE, slice, slice->endpoints.count, 0);
    return true;
}

static bool same_endpoints(const struct endpointslice *slice, const struct mirror_write *write)
{
    if (slice->endpoints.count != write->endpoints.count)
        return false;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        if (!build_identical_in_slice(endpointslice_at(slice, i), write->endpoints.items[i]))
            return false;
    }
    return true;
}

static void replace_endpoints(struct engine *engine, struct endpointslice *slice,
    const struct mirror_write *write, struct difference *difference)
{
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        difference_endpoint_before(difference, endpointslice_at(slice, i));
    for (uint32_t i = 0; i < write->endpoints.count; i++)
        difference_endpoint_after(difference, write->endpoints.items[i]);
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        endpoint_unref(endpointslice_at(slice, i));
    vec_clear(&slice->endpoints);
    slice->endpoints_bytes = 0;
    append_all(engine, slice, write);
}

/* The PUT replaces everything; without resourceVersion, and without generateName unless it was a create. */
static void update(struct mirror_plan *plan, const struct mirror_write *write)
{
    struct engine *engine = plan->engine;
    struct endpointslice *slice = write->target->slice;
    struct meta *meta = &slice->meta;
    struct owner owner = wanted_owner(plan);
    bool endpoints_changed = !same_endpoints(slice, write);
    bool generation_changed =
        endpoints_changed || slice->ports != write->ports || meta->labels != plan->labels;
    sym generate_name = write->recycles ? slice_generate_name(plan->entry) : SYM_EMPTY;
    bool changed = generation_changed || meta->annotations != plan->annotations ||
                   meta->trigger_s != TIME_NONE || meta->generate_name != generate_name ||
                   slice->owner_count != 1 || !slice_same_owner(&slice->owners[0], &owner);
    struct difference difference = {.added = 0};
    collector_leave(engine, write->target);
    replace_endpoints(engine, slice, write, &difference);
    meta->labels = plan->labels;
    meta->annotations = plan->annotations;
    meta->trigger_s = TIME_NONE;
    meta->generate_name = generate_name;
    slice->ports = write->ports;
    slice->owners = mem_array(slice->owners, 1, sizeof *slice->owners);
    slice->owners[0] = owner;
    slice->owner_count = 1;
    set_nil(slice);
    collector_join(engine, write->target);
    if (changed) {
        store_commit_endpointslice(
            engine->store, slice, generation_changed, endpoints_changed, false, SYM_EMPTY);
        slice_cache_see(engine, slice);
        request_slice(engine, CONTROLLER_MIRRORING, VERB_UPDATE, slice, difference.added, difference.removed);
    } else {
        engine->content_hash = 0;
        request_slice(engine, CONTROLLER_MIRRORING, VERB_NOOP, slice, 0, 0);
    }
    track(plan->entry, slice);
    difference_fini(&difference);
}

static bool send(struct mirror_plan *plan)
{
    for (uint32_t i = 0; i < plan->creates.count && plan->endpoints->meta.deletion_s == TIME_NONE; i++) {
        if (!create(plan, plan->creates.items[i]))
            return false;
    }
    for (uint32_t i = 0; i < plan->updates.count; i++)
        update(plan, plan->updates.items[i]);
    for (uint32_t i = 0; i < plan->deletes.count; i++)
        request_delete_slice(plan->engine, CONTROLLER_MIRRORING, NULL, plan->deletes.items[i]->slice);
    return true;
}

/* --- the sync (M-1 to M-3) ------------------------------------------------------------------- */

static void tell(struct service_entry *entry, struct decision decision)
{
    if (decisions_are_watched(entry->engine))
        decision_tell(entry, CONTROLLER_MIRRORING, decision);
}

static void tell_skipped(struct mirror_plan *plan)
{
    struct text text = {0};
    struct kube_event event = {
        .controller = CONTROLLER_MIRRORING,
        .is_warning = true,
        .namespace = plan->entry->namespace,
        .name = plan->entry->name,
    };
    if (plan->invalid > 0) {
        text_printf(&text, "Skipped %u invalid IP addresses when mirroring to EndpointSlices", plan->invalid);
        event.reason = "InvalidIPAddress";
        event.message = text.data;
        request_event(plan->engine, &event);
    }
    if (plan->skipped > 0)
        tell(plan->entry, (struct decision){.kind = DECISION_MIRROR_CAPPED,
                              .count = plan->skipped,
                              .max = plan->engine->config.mirroring_endpoints_per_subset_max});
    if (plan->skipped > plan->invalid) {
        text_clear(&text);
        text_printf(&text,
            "A max of %u addresses can be mirrored to EndpointSlices per Endpoints subset. %u addresses were "
            "skipped",
            plan->engine->config.mirroring_endpoints_per_subset_max, plan->skipped);
        event.reason = "TooManyAddressesToMirror";
        event.message = text.data;
        request_event(plan->engine, &event);
    }
    text_fini(&text);
}

static void clean_up(struct service_entry *entry)
{
    struct slice_list slices = {0};
    mirrored_slices(entry, &slices);
    tell(entry, (struct decision){.kind = DECISION_MIRROR_NONE, .count = slices.count});
    vec_clear(&entry->mirror_tracked);
    for (uint32_t i = 0; i < slices.count; i++)
        request_delete_slice(entry->engine, CONTROLLER_MIRRORING, NULL, slices.items[i]->slice);
    free(slices.items);
}

bool mirroring_sync(struct service_entry *entry)
{
    struct engine *engine = entry->engine;
    const struct endpoints *endpoints = store_endpoints(engine->store, entry->namespace, entry->name);
    if (!endpoints || is_skipped(engine, &endpoints->meta) || !is_mirrored(entry)) {
        clean_up(entry);
        return true;
    }
    if (is_stale(entry)) {
        tell(entry, (struct decision){.kind = DECISION_CACHE_BEHIND});
        return false;
    }
    struct mirror_plan plan = {.engine = engine, .entry = entry, .endpoints = endpoints};
    mirror_plan_make(&plan);
    for (uint32_t i = 0; i < plan.untouched.count; i++) {
        if (!tracked(entry, plan.untouched.items[i]->slice))
            track(entry, plan.untouched.items[i]->slice);
    }
    tell_skipped(&plan);
    bool success = send(&plan);
    mirror_plan_fini(&plan);
    return success;
}
