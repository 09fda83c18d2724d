/*
 * slice_hints.c: see slice_hints.h.
 */
#include "engine/slice_hints.h"
#include "engine/endpoint_build.h"

#include <stdlib.h>
#include <string.h>

/* --- what a Service asks for ----------------------------------------------------------------- */

static bool is_auto(const struct catalog *catalog, sym value)
{
    const char *text = catalog_text(catalog, value);
    return strcmp(text, "Auto") == 0 || strcmp(text, "auto") == 0;
}

enum hint_mode hint_mode_of(struct catalog *catalog, const struct service *service)
{
    const struct labels *annotations = service->meta.annotations;
    sym value;
    if (annotations->count > 0 &&
        (labels_get(
             annotations, catalog_sym(catalog, "service.kubernetes.io/topology-aware-hints"), &value) ||
            labels_get(annotations, catalog_sym(catalog, "service.kubernetes.io/topology-mode"), &value)) &&
        is_auto(catalog, value))
        return HINTS_TOPOLOGY;
    if (service->traffic_distribution == SYM_EMPTY)
        return HINTS_NONE;
    const char *distribution = catalog_text(catalog, service->traffic_distribution);
    if (strcmp(distribution, "PreferSameNode") == 0)
        return HINTS_NODE;
    if (strcmp(distribution, "PreferClose") == 0 || strcmp(distribution, "PreferSameZone") == 0)
        return HINTS_ZONE;
    return HINTS_NONE;
}

/* --- the hints of a traffic distribution ----------------------------------------------------- */

static bool wants_zone(enum hint_mode mode, const struct endpoint_draft *endpoint)
{
    return (mode == HINTS_ZONE || mode == HINTS_NODE) && (endpoint->flags & ENDPOINT_ZONE);
}

static bool wants_node(enum hint_mode mode, const struct endpoint_draft *endpoint)
{
    return mode == HINTS_NODE && (endpoint->flags & ENDPOINT_SLICE_NODE_NAME);
}

static sym *one_sym(sym symbol)
{
    sym *list = mem_alloc(sizeof *list);
    list[0] = symbol;
    return list;
}

/* The draft's extra is its own and has no hints, or there is none. */
static void set_wanted(enum hint_mode mode, struct endpoint_draft *draft)
{
    bool zone = wants_zone(mode, draft), node = wants_node(mode, draft);
    if (!zone && !node)
        return;
    if (!draft->extra)
        draft->extra = mem_zalloc(sizeof *draft->extra);
    draft->extra->has_hints = true;
    if (zone) {
        draft->extra->zone_hints = one_sym(draft->zone);
        draft->extra->zone_hint_count = 1;
    }
    if (node) {
        draft->extra->node_hints = one_sym(draft->node_name);
        draft->extra->node_hint_count = 1;
    }
}

struct endpoint *hints_add(const struct catalog *catalog, enum hint_mode mode, struct endpoint *fresh)
{
    if ((mode != HINTS_ZONE && mode != HINTS_NODE) || endpoint_ready(fresh) != CONDITION_TRUE)
        return fresh;
    struct endpoint_draft draft = endpoint_read(fresh);
    if (!wants_zone(mode, &draft) && !wants_node(mode, &draft))
        return fresh;
    draft.extra = draft.extra ? endpoint_extra_copy(draft.extra) : NULL;
    set_wanted(mode, &draft);
    target_ref(draft.target);
    endpoint_unref(fresh);
    return endpoint_create(catalog, &draft);
}

/* The list holds the wanted one, or nothing if none is. */
static bool list_is_right(const sym *list, uint32_t count, bool wants, sym wanted)
{
    return wants ? count == 1 && list[0] == wanted : count == 0;
}

enum hint_verdict hints_judge(enum hint_mode mode, const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    bool has_hints = extra && extra->has_hints;
    if (mode == HINTS_TOPOLOGY)
        return HINTS_RIGHT;
    if (mode == HINTS_NONE)
        return has_hints ? HINTS_WRONG : HINTS_RIGHT;
    if (endpoint_ready(endpoint) != CONDITION_TRUE)
        return HINTS_RIGHT;
    struct endpoint_draft stored = endpoint_read(endpoint);
    bool zone = wants_zone(mode, &stored), node = wants_node(mode, &stored);
    if (!has_hints)
        return zone || node ? HINTS_WRONG : HINTS_RIGHT;
    if (!list_is_right(extra->zone_hints, extra->zone_hint_count, zone, stored.zone) ||
        !list_is_right(extra->node_hints, extra->node_hint_count, node, stored.node_name))
        return HINTS_WRONG;
    return zone || node ? HINTS_RIGHT : HINTS_DIFFER;
}

struct endpoint *hints_put_right(
    const struct catalog *catalog, enum hint_mode mode, const struct endpoint *stored)
{
    struct endpoint_draft draft = endpoint_read(stored);
    draft.extra = endpoint_extra_copy(endpoint_extra(stored));
    draft.extra->has_hints = false;
    free(draft.extra->zone_hints);
    free(draft.extra->node_hints);
    draft.extra->zone_hints = draft.extra->node_hints = NULL;
    draft.extra->zone_hint_count = draft.extra->node_hint_count = 0;
    set_wanted(mode, &draft);
    target_ref(draft.target);
    build_sort(catalog, &draft);
    return endpoint_create(catalog, &draft);
}

struct endpoint *hints_sort(const struct catalog *catalog, const struct endpoint *stored)
{
    struct endpoint_draft draft = endpoint_read(stored);
    target_ref(draft.target);
    draft.extra = endpoint_extra_copy(endpoint_extra(stored));
    build_sort(catalog, &draft);
    return endpoint_create(catalog, &draft);
}
