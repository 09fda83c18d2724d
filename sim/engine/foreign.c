/*
 * foreign.c: objects that others write: users, as the scenario has it. Objects of the same name are replaced
 * in place, as a PUT does; what changes nothing is a no-op (O-50). O(n) in the object.
 */
#include "base/check.h"
#include "engine/collector.h"
#include "engine/difference.h"
#include "engine/endpoint_build.h"
#include "engine/repack.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"
#include "engine/slice_writer.h"
#include "model/field_owners.h"

/* --- metadata -------------------------------------------------------------------------------- */

/* Takes over what a writer sets; a server keeps the rest. Returns whether anything is new; *labels_changed.
 */
static bool replace_meta(struct meta *stored, const struct meta *given, bool *labels_changed)
{
    *labels_changed = stored->labels != given->labels;
    bool changed = *labels_changed || stored->annotations != given->annotations ||
                   stored->trigger_s != given->trigger_s || stored->generate_name != given->generate_name ||
                   stored->deletion_s != given->deletion_s;
    stored->labels = given->labels;
    stored->annotations = given->annotations;
    stored->trigger_s = given->trigger_s;
    stored->generate_name = given->generate_name;
    stored->deletion_s = given->deletion_s;
    return changed;
}

/* --- Endpoints ------------------------------------------------------------------------------- */

static void swap_content(struct endpoints *a, struct endpoints *b)
{
    struct endpoints old = *a;
    a->is_explicit = b->is_explicit;
    a->subsets = b->subsets;
    a->capacity = b->capacity;
    a->groups = b->groups;
    a->address_count = b->address_count;
    a->omitted_count = b->omitted_count;
    a->subsets_bytes = b->subsets_bytes;
    b->is_explicit = old.is_explicit;
    b->subsets = old.subsets;
    b->groups = old.groups;
}

void engine_apply_endpoints(struct engine *engine, struct endpoints *endpoints)
{
    struct endpoints *stored =
        store_endpoints(engine->store, endpoints->meta.namespace, endpoints->meta.name);
    if (!stored) {
        store_create_endpoints(engine->store, endpoints, true);
        request_endpoints(
            engine, CONTROLLER_USER, VERB_CREATE, endpoints, request_address_count(endpoints), 0);
        return;
    }
    struct subset_list before = {0}, after = {0};
    repack_view(engine->catalog, stored, engine->order, &before);
    repack_view(engine->catalog, endpoints, engine->order, &after);
    struct difference difference = {.added = 0};
    difference_subsets_before(&difference, &before);
    difference_subsets_after(&difference, &after);
    difference_fini(&difference);
    bool labels_changed;
    bool subsets_changed = !repack_identical(&before, &after);
    bool changed = subsets_changed || stored->over_capacity != endpoints->over_capacity;
    if (endpoints->manager != stored->manager)
        field_owners_begin_endpoints(engine->catalog, stored, store_now_s(engine->store));
    changed |= replace_meta(&stored->meta, &endpoints->meta, &labels_changed);
    if (changed) {
        stored->over_capacity = endpoints->over_capacity;
        swap_content(stored, endpoints);
        store_commit_endpoints(engine->store, stored, subsets_changed, true, endpoints->manager);
        request_endpoints(engine, CONTROLLER_USER, VERB_UPDATE, stored, difference.added, difference.removed);
    } else {
        request_endpoints(engine, CONTROLLER_USER, VERB_NOOP, stored, 0, 0);
    }
    subset_list_fini(&before);
    subset_list_fini(&after);
    endpoints_destroy(endpoints);
}

bool engine_delete_endpoints(struct engine *engine, sym namespace, sym name)
{
    struct endpoints *endpoints = store_endpoints(engine->store, namespace, name);
    if (!endpoints)
        return false;
    request_delete_endpoints(engine, CONTROLLER_USER, endpoints);
    return true;
}

/* --- slices ---------------------------------------------------------------------------------- */

static bool identical_endpoints(const struct endpointslice *a, const struct endpointslice *b)
{
    if (a->endpoints.count != b->endpoints.count)
        return false;
    for (uint32_t i = 0; i < a->endpoints.count; i++) {
        const struct endpoint *x = endpointslice_at(a, i);
        const struct endpoint *y = endpointslice_at(b, i);
        if (!build_identical_in_slice(x, y))
            return false;
    }
    return true;
}

static bool identical_owners(const struct endpointslice *a, const struct endpointslice *b)
{
    if (a->owner_count != b->owner_count)
        return false;
    for (uint32_t i = 0; i < a->owner_count; i++) {
        if (!slice_same_owner(&a->owners[i], &b->owners[i]))
            return false;
    }
    return true;
}

/* What the slice holds, and its owners. */
static void swap_slices(struct engine *engine, struct endpointslice *stored, struct endpointslice *given)
{
    collector_leave(engine, slice_entry_of(stored));
    struct endpointslice old = *stored;
    stored->endpoints = given->endpoints;
    stored->endpoints_bytes = given->endpoints_bytes;
    stored->endpoints_nil = given->endpoints_nil;
    stored->ports = given->ports;
    stored->ports_nil = given->ports_nil;
    stored->owners = given->owners;
    stored->owner_count = given->owner_count;
    given->endpoints = old.endpoints;
    given->owners = old.owners;
    given->owner_count = old.owner_count;
    collector_join(engine, slice_entry_of(stored));
}

static void create_slice(struct engine *engine, struct endpointslice *slice)
{
    store_create_endpointslice(engine->store, slice, true);
    request_slice(engine, CONTROLLER_USER, VERB_CREATE, slice, slice->endpoints.count, 0);
}

void engine_apply_endpointslice(struct engine *engine, struct endpointslice *slice)
{
    struct endpointslice *stored =
        slice->meta.name == SYM_EMPTY
            ? NULL
            : store_endpointslice(engine->store, slice->meta.namespace, slice->meta.name);
    /* addressType cannot be changed: kubectl replace --force deletes and creates. */
    if (stored && stored->address_type != slice->address_type) {
        request_delete_slice(engine, CONTROLLER_USER, NULL, stored);
        stored = NULL;
    }
    if (!stored) {
        create_slice(engine, slice);
        return;
    }
    struct difference difference = {.added = 0};
    for (uint32_t i = 0; i < stored->endpoints.count; i++)
        difference_endpoint_before(&difference, endpointslice_at(stored, i));
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        difference_endpoint_after(&difference, endpointslice_at(slice, i));
    difference_fini(&difference);
    bool labels_changed;
    bool endpoints_changed = !identical_endpoints(stored, slice);
    bool content = endpoints_changed || stored->ports != slice->ports;
    if (slice->manager != stored->manager)
        field_owners_begin_slice(engine->catalog, stored, store_now_s(engine->store));
    bool owners = !identical_owners(stored, slice);
    bool changed = replace_meta(&stored->meta, &slice->meta, &labels_changed) || content || owners;
    if (changed) {
        swap_slices(engine, stored, slice);
        store_commit_endpointslice(
            engine->store, stored, content || labels_changed, endpoints_changed, true, slice->manager);
        request_slice(engine, CONTROLLER_USER, VERB_UPDATE, stored, difference.added, difference.removed);
    } else {
        request_slice(engine, CONTROLLER_USER, VERB_NOOP, stored, 0, 0);
    }
    endpointslice_destroy(slice);
}

bool engine_delete_endpointslice(struct engine *engine, sym namespace, sym name)
{
    struct endpointslice *slice = store_endpointslice(engine->store, namespace, name);
    if (!slice)
        return false;
    request_delete_slice(engine, CONTROLLER_USER, NULL, slice);
    return true;
}
