/*
 * plain_hints.c: hints for the plain reconciler: from scratch, over the lists of slices that a sync is about
 * to send and those that it would leave alone (H-*, T-*).
 */
#include "model/plain_parts.h"

#include <stdlib.h>
#include <string.h>

/* --- what is asked for (H-1, H-2) --- */

static bool is_auto(const struct plain_input *input, sym value)
{
    const char *text = catalog_text(input->catalog, value);
    return strcmp(text, "Auto") == 0 || strcmp(text, "auto") == 0;
}

static bool topology_mode(const struct plain_input *input)
{
    const struct labels *annotations = input->service->meta.annotations;
    sym value;
    if (labels_get(
            annotations, catalog_sym(input->catalog, "service.kubernetes.io/topology-aware-hints"), &value))
        return is_auto(input, value);
    if (labels_get(annotations, catalog_sym(input->catalog, "service.kubernetes.io/topology-mode"), &value))
        return is_auto(input, value);
    return false;
}

static bool distribution_is(const struct plain_input *input, const char *value)
{
    return strcmp(catalog_text(input->catalog, input->service->traffic_distribution), value) == 0;
}

/* --- lists --- */

/* Puts another record in the place of one; takes `endpoint` over. */
static void replace(struct endpointslice *slice, uint32_t i, struct endpoint *endpoint)
{
    endpoint_unref(endpointslice_at(slice, i));
    endpointslice_put(slice, i, endpoint);
}

struct endpointslice *plain_hint_move(struct plain_hint_stage *stage, uint32_t i)
{
    struct endpointslice *copy = plain_copy_slice(stage->input, stage->unchanged->items[i]);
    vec_push(stage->updates, copy);
    for (uint32_t k = i + 1; k < stage->unchanged->count; k++)
        stage->unchanged->items[k - 1] = stage->unchanged->items[k];
    stage->unchanged->count--;
    return copy;
}

/* --- no hints (H-4) --- */

static void strip_all(const struct plain_input *input, struct plain_slice_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        for (uint32_t e = 0; e < list->items[i]->endpoints.count; e++)
            replace(list->items[i], e,
                plain_copy_endpoint(input->catalog, endpointslice_at(list->items[i], e), false));
}

static void strip(struct plain_hint_stage *stage)
{
    for (uint32_t i = 0; i < stage->unchanged->count;) {
        bool hinted = false;
        for (uint32_t e = 0; e < stage->unchanged->items[i]->endpoints.count; e++)
            hinted |= plain_has_hints(endpointslice_at(stage->unchanged->items[i], e));
        if (hinted)
            plain_hint_move(stage, i);
        else
            i++;
    }
    strip_all(stage->input, stage->creates);
    strip_all(stage->input, stage->updates);
}

/* --- a traffic distribution (T-1 to T-4) --- */

struct wanted_hints {
    bool zone, node;
};

static struct wanted_hints wanted_hints(const struct endpoint *endpoint, bool by_node)
{
    return (struct wanted_hints){endpoint_flags(endpoint) & ENDPOINT_ZONE,
        by_node && (endpoint_flags(endpoint) & ENDPOINT_SLICE_NODE_NAME)};
}

static bool lists_one(const sym *list, uint32_t count, sym only)
{
    return count == 1 && list[0] == only;
}

/* T-3. */
static bool as_wanted(const struct endpoint *endpoint, bool by_node)
{
    struct wanted_hints wanted = wanted_hints(endpoint, by_node);
    static const struct endpoint_extra none;
    const struct endpoint_extra *extra = plain_has_hints(endpoint) ? endpoint_extra(endpoint) : &none;
    bool zone = wanted.zone ? lists_one(extra->zone_hints, extra->zone_hint_count, endpoint_zone(endpoint))
                            : extra->zone_hint_count == 0;
    bool node = wanted.node
                    ? lists_one(extra->node_hints, extra->node_hint_count, endpoint_node_name(endpoint))
                    : extra->node_hint_count == 0;
    return zone && node;
}

/* T-1. */
static struct endpoint *with_wanted(const struct plain_input *input, struct endpoint *endpoint, bool by_node)
{
    struct wanted_hints wanted = wanted_hints(endpoint, by_node);
    if (!wanted.zone && !wanted.node)
        return plain_copy_endpoint(input->catalog, endpoint, false);
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = endpoint_extra_with_zone_hints(draft.extra, &draft.zone, wanted.zone);
    if (wanted.node) {
        draft.extra->node_hints = mem_alloc(sizeof *draft.extra->node_hints);
        draft.extra->node_hints[0] = endpoint_node_name(endpoint);
        draft.extra->node_hint_count = 1;
    }
    return endpoint_create(input->catalog, &draft);
}

static void distribute(struct plain_hint_stage *stage, bool by_node)
{
    struct plain_slice_list *lists[] = {stage->creates, stage->updates};
    for (uint32_t i = 0; i < stage->unchanged->count;) {
        bool right = true;
        for (uint32_t e = 0; e < stage->unchanged->items[i]->endpoints.count; e++) {
            const struct endpoint *endpoint = endpointslice_at(stage->unchanged->items[i], e);
            right &= endpoint_ready(endpoint) != CONDITION_TRUE || as_wanted(endpoint, by_node);
        }
        if (right)
            i++;
        else
            plain_hint_move(stage, i);
    }
    for (int l = 0; l < 2; l++) {
        for (uint32_t i = 0; i < lists[l]->count; i++) {
            struct endpointslice *slice = lists[l]->items[i];
            for (uint32_t e = 0; e < slice->endpoints.count; e++)
                if (endpoint_ready(endpointslice_at(slice, e)) == CONDITION_TRUE)
                    replace(slice, e, with_wanted(stage->input, endpointslice_at(slice, e), by_node));
        }
    }
}

void plain_give_hints(struct plain_hint_stage *stage)
{
    const struct plain_input *input = stage->input;
    struct plain_hint_cache *cache = input->hint_cache;
    if (topology_mode(input)) {
        if (!plain_topology_hints(stage)) {
            plain_hints_forget(cache, stage->type);
            strip(stage);
        }
        return;
    }
    if (cache->had_hints) /* H-4 */
        plain_hint_event(
            stage, "Warning TopologyAwareHintsDisabled", "Topology Aware Hints has been disabled");
    plain_hints_forget(cache, stage->type);
    if (distribution_is(input, "PreferSameNode"))
        distribute(stage, true);
    else if (distribution_is(input, "PreferClose") || distribution_is(input, "PreferSameZone"))
        distribute(stage, false);
    else
        strip(stage);
}
