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

static bool wants_zone(enum hint_mode mode, const struct endpoint *endpoint)
{
    return (mode == HINTS_ZONE || mode == HINTS_NODE) && (endpoint->flags & ENDPOINT_ZONE);
}

static bool wants_node(enum hint_mode mode, const struct endpoint *endpoint)
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
static void set_wanted(enum hint_mode mode, struct endpoint *draft)
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

void hints_add(enum hint_mode mode, struct endpoint *draft)
{
    if (draft->ready == CONDITION_TRUE)
        set_wanted(mode, draft);
}

/* The list holds the wanted one, or nothing if none is. */
static bool list_is_right(const sym *list, uint32_t count, bool wants, sym wanted)
{
    return wants ? count == 1 && list[0] == wanted : count == 0;
}

enum hint_verdict hints_judge(enum hint_mode mode, const struct endpoint *stored)
{
    bool has_hints = stored->extra && stored->extra->has_hints;
    if (mode == HINTS_TOPOLOGY)
        return HINTS_RIGHT;
    if (mode == HINTS_NONE)
        return has_hints ? HINTS_WRONG : HINTS_RIGHT;
    if (stored->ready != CONDITION_TRUE)
        return HINTS_RIGHT;
    bool zone = wants_zone(mode, stored), node = wants_node(mode, stored);
    if (!has_hints)
        return zone || node ? HINTS_WRONG : HINTS_RIGHT;
    const struct endpoint_extra *extra = stored->extra;
    if (!list_is_right(extra->zone_hints, extra->zone_hint_count, zone, stored->zone) ||
        !list_is_right(extra->node_hints, extra->node_hint_count, node, stored->node_name))
        return HINTS_WRONG;
    return zone || node ? HINTS_RIGHT : HINTS_DIFFER;
}

struct endpoint *hints_put_right(
    const struct catalog *catalog, enum hint_mode mode, const struct endpoint *stored)
{
    struct endpoint draft = *stored;
    draft.extra = endpoint_extra_copy(stored->extra);
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
    struct endpoint draft = *stored;
    target_ref(draft.target);
    draft.extra = endpoint_extra_copy(stored->extra);
    build_sort(catalog, &draft);
    return endpoint_create(catalog, &draft);
}
