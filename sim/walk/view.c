/*
 * view.c: see view.h.
 */
#include "walk/view.h"

#include <stdlib.h>
#include <string.h>

#include "engine/repack.h"

static bool is_of(const struct view_filter *filter, const struct catalog *catalog, sym namespace, sym name)
{
    if (filter->namespace && strcmp(filter->namespace, catalog_text(catalog, namespace)) != 0)
        return false;
    return !filter->name || strcmp(filter->name, catalog_text(catalog, name)) == 0;
}

bool view_note_concerns(
    const struct note *note, const struct catalog *catalog, const struct view_filter *filter)
{
    return note->service != SYM_EMPTY && is_of(filter, catalog, note->namespace, note->service);
}

bool view_concerns(
    const struct walk_step *step, const struct catalog *catalog, const struct view_filter *filter)
{
    if (!filter->namespace && !filter->name)
        return true;
    for (uint32_t i = 0; i < step->notes.count; i++) {
        if (view_note_concerns(&step->notes.items[i], catalog, filter))
            return true;
    }
    return false;
}

enum view_state view_endpoint_state(const struct endpoint *endpoint)
{
    if (endpoint_terminating(endpoint) == CONDITION_TRUE)
        return VIEW_TERMINATING;
    return endpoint_ready(endpoint) == CONDITION_FALSE ? VIEW_NOT_READY : VIEW_READY;
}

/* --- which Services -------------------------------------------------------------------------- */

struct collecting {
    struct view *view;
    struct walk *walk;
    const struct view_filter *filter;
    const struct catalog *catalog;
    struct view_service *service; /* whose slices are collected */
};

static struct view_service *find(struct view *view, sym namespace, sym name)
{
    for (uint32_t i = 0; i < view->services.count; i++) {
        struct view_service *service = &view->services.items[i];
        if (service->namespace == namespace && service->name == name)
            return service;
    }
    return NULL;
}

static bool add_service(void *context, const void *object)
{
    struct collecting *collecting = context;
    const struct service *service = object;
    if (is_of(collecting->filter, collecting->catalog, service->meta.namespace, service->meta.name))
        vec_push(&collecting->view->services,
            ((struct view_service){.namespace = service->meta.namespace, .name = service->meta.name}));
    return true;
}

static void add_touched(struct collecting *collecting)
{
    const struct walk_step *step = walk_step(collecting->walk);
    struct view *view = collecting->view;
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (!view_note_concerns(note, collecting->catalog, collecting->filter))
            continue;
        struct view_service *service = find(view, note->namespace, note->service);
        if (!service) {
            vec_push(&view->services,
                ((struct view_service){.namespace = note->namespace, .name = note->service}));
            service = &vec_last(&view->services);
        }
        service->is_touched = true;
    }
}

/* --- one Service ----------------------------------------------------------------------------- */

static void note_requests(const struct walk_step *step, struct view_slice *slice)
{
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->kind != NOTE_REQUEST || !note->is_slice || note->write.verb == VERB_NOOP ||
            note->write.object != slice->slice->meta.name || note->namespace != slice->slice->meta.namespace)
            continue;
        slice->is_touched = true;
        slice->is_created |= note->write.verb == VERB_CREATE;
        slice->added += note->write.endpoints_added;
        slice->removed += note->write.endpoints_removed;
    }
}

static bool add_slice(void *context, const void *object)
{
    struct collecting *collecting = context;
    const struct endpointslice *slice = object;
    sym service;
    if (!labels_get(slice->meta.labels, catalog_word(collecting->catalog, WORD_SERVICE_NAME), &service) ||
        service != collecting->service->name)
        return true;
    struct view_slice added = {.slice = slice};
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        added.counts[view_endpoint_state(endpointslice_at(slice, i))]++;
    note_requests(walk_step(collecting->walk), &added);
    vec_push(&collecting->view->slices, added);
    return true;
}

static void count_addresses(struct walk *walk, struct view_service *service)
{
    struct simulation *simulation = walk_simulation(walk);
    struct store *store = simulation_store(simulation);
    const struct endpoints *endpoints = store_endpoints(store, service->namespace, service->name);
    if (!endpoints)
        return;
    service->has_endpoints = true;
    struct subset_list subsets = {0};
    repack_view(store_catalog(store), endpoints, walk_order_hash(walk), &subsets);
    for (uint32_t i = 0; i < subsets.items.count; i++) {
        service->ep_ready += subsets.items.items[i].addresses.count;
        service->ep_not_ready += subsets.items.items[i].not_ready_addresses.count;
    }
    subset_list_fini(&subsets);
}

static void fill(struct collecting *collecting)
{
    struct simulation *simulation = walk_simulation(collecting->walk);
    struct store *store = simulation_store(simulation);
    struct view_service *service = collecting->service;
    service->is_there = store_service(store, service->namespace, service->name) != NULL;
    engine_state(simulation_engine(simulation), service->namespace, service->name, &service->state);
    count_addresses(collecting->walk, service);
    service->slice_first = collecting->view->slices.count;
    store_each(store, OBJECT_ENDPOINTSLICE, service->namespace, add_slice, collecting);
    service->slice_count = collecting->view->slices.count - service->slice_first;
}

void view_make(struct view *out, struct walk *walk, const struct view_filter *filter, bool touched_only)
{
    struct store *store = simulation_store(walk_simulation(walk));
    struct collecting collecting = {out, walk, filter, store_catalog(store), NULL};
    vec_clear(&out->services);
    vec_clear(&out->slices);
    if (!touched_only)
        store_each(store, OBJECT_SERVICE, SYM_EMPTY, add_service, &collecting);
    add_touched(&collecting);
    for (uint32_t i = 0; i < out->services.count; i++) {
        collecting.service = &out->services.items[i];
        fill(&collecting);
    }
}

void view_fini(struct view *view)
{
    vec_fini(&view->services);
    vec_fini(&view->slices);
}
