/*
 * plain_topology.c: topology-aware hints for the plain reconciler (H-10 to H-22), from scratch. Zones are in
 * the order of their bytes; orders and draws are those of engine/topology_hints.h.
 */
#include "model/plain_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

/* --- nodes and the cache (H-10, H-12) --- */

static int compare_zones(const void *a, const void *b)
{
    return strcmp(((const struct plain_zone *)a)->name, ((const struct plain_zone *)b)->name);
}

void plain_topology_compute(
    struct plain_topology *topology, struct catalog *catalog, const struct node *const *nodes, uint32_t count)
{
    int64_t total = 0;
    topology->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct labels *labels = nodes[i]->meta.labels;
        sym zone = SYM_EMPTY;
        if (labels_get(labels, catalog_sym(catalog, "node-role.kubernetes.io/control-plane"), NULL) ||
            labels_get(labels, catalog_sym(catalog, "node-role.kubernetes.io/master"), NULL) ||
            nodes[i]->ready != CONDITION_TRUE)
            continue;
        labels_get(labels, catalog_sym(catalog, "topology.kubernetes.io/zone"), &zone);
        if (zone == SYM_EMPTY || nodes[i]->cpu_milli == 0) {
            topology->count = 0;
            return;
        }
        uint32_t z = 0;
        while (z < topology->count && topology->zones[z].zone != zone)
            z++;
        EPSIM_ASSERT(z < PLAIN_ZONES_MAX);
        if (z == topology->count)
            topology->zones[topology->count++] =
                (struct plain_zone){.zone = zone, .name = catalog_text(catalog, zone)};
        topology->zones[z].cpu_milli += nodes[i]->cpu_milli;
        total += nodes[i]->cpu_milli;
    }
    if (topology->count < 2 || total == 0)
        topology->count = 0;
    else
        qsort(topology->zones, topology->count, sizeof topology->zones[0], compare_zones);
    for (uint32_t z = 0; z < topology->count; z++)
        topology->zones[z].ratio = (double)topology->zones[z].cpu_milli / (double)total;
}

static int *count_of(struct plain_zone_counts *counts, sym zone)
{
    uint32_t i = 0;
    while (i < counts->count && counts->zones[i] != zone)
        i++;
    EPSIM_ASSERT(i < PLAIN_ZONES_MAX);
    if (i == counts->count) {
        counts->zones[counts->count] = zone;
        counts->counts[counts->count++] = 0;
    }
    return &counts->counts[i];
}

static bool has_zone(const struct plain_zone_counts *counts, sym zone)
{
    for (uint32_t i = 0; i < counts->count; i++)
        if (counts->zones[i] == zone)
            return true;
    return false;
}

static bool overloaded(const struct plain_topology *topology, const struct plain_zone_counts *counts)
{
    int total = 0;
    for (uint32_t i = 0; i < counts->count; i++)
        total += counts->counts[i];
    for (uint32_t z = 0; z < topology->count && counts->count > 0; z++) {
        double least = ceil((double)total * topology->zones[z].ratio * (1 / (1 + 0.2)));
        struct plain_zone_counts copy = *counts;
        if (!has_zone(counts, topology->zones[z].zone) ||
            *count_of(&copy, topology->zones[z].zone) < (int)least)
            return true;
    }
    return counts->count > 0 && topology->count == 0;
}

bool plain_hints_overloaded(const struct plain_topology *topology, const struct plain_hint_cache *cache)
{
    return overloaded(topology, &cache->by_type[0]) || overloaded(topology, &cache->by_type[1]);
}

void plain_hints_forget(struct plain_hint_cache *cache, enum address_type type)
{
    cache->had_hints = false;
    if (type != ADDRESS_FQDN)
        cache->by_type[type].count = 0;
}

void plain_hint_event(struct plain_hint_stage *stage, const char *what, const char *message)
{
    struct text text = {0};
    text_printf(&text, "%s %s, addressType: %s", what, message, address_type_text(stage->type));
    vec_push(stage->events, text.data);
}

/* --- one address type (H-13 to H-22) --- */

struct work {
    struct plain_hint_stage *stage;
    const struct plain_topology *topology;
    int minimum[PLAIN_ZONES_MAX], maximum[PLAIN_ZONES_MAX], gives[PLAIN_ZONES_MAX], receives[PLAIN_ZONES_MAX];
    double desired[PLAIN_ZONES_MAX], surplus[PLAIN_ZONES_MAX], need[PLAIN_ZONES_MAX];
    struct plain_zone_counts given;
};

static int zone_index(const struct work *work, sym zone)
{
    for (uint32_t z = 0; z < work->topology->count; z++)
        if (work->topology->zones[z].zone == zone)
            return (int)z;
    return -1;
}

static uint32_t count_ready(const struct endpointslice *slice)
{
    uint32_t count = 0;
    for (uint32_t e = 0; e < slice->endpoints.count; e++)
        count += endpoint_ready(endpointslice_at(slice, e)) == CONDITION_TRUE;
    return count;
}

/* H-13, H-14. False: a failure was told. */
static bool allocate(struct work *work)
{
    static const char disabled[] = "Warning TopologyAwareHintsDisabled";
    struct plain_hint_stage *stage = work->stage;
    uint32_t n = 0, zones = work->topology->count;
    int sum = 0;
    struct text text = {0};
    for (uint32_t i = 0; i < stage->creates->count; i++)
        n += count_ready(stage->creates->items[i]);
    for (uint32_t i = 0; i < stage->updates->count; i++)
        n += count_ready(stage->updates->items[i]);
    for (uint32_t i = 0; i < stage->unchanged->count; i++)
        n += count_ready(stage->unchanged->items[i]);
    for (uint32_t z = 0; z < zones; z++) {
        double d = work->topology->zones[z].ratio * n;
        work->minimum[z] = (int)ceil(d * (1 / (1 + 0.2)));
        work->desired[z] = fmax(d, work->minimum[z]);
        sum += work->minimum[z];
    }
    for (uint32_t z = 0; z < zones; z++)
        work->maximum[z] = work->minimum[z] + (int)n - sum;
    if (zones == 0)
        text_add(&text,
            "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
    else if (zones > n)
        text_printf(&text, "Insufficient number of endpoints (%u endpoints, %u zones)", n, zones);
    else if (sum > (int)n)
        text_printf(&text,
            "Unable to allocate minimum required endpoints to each zone without exceeding overload "
            "threshold (%u endpoints, %u zones)",
            n, zones);
    bool possible = text.length == 0;
    if (!possible)
        plain_hint_event(stage, disabled, text.data);
    text_fini(&text);
    return possible;
}

/* H-15. False: the slice is to be written. */
static bool accept_slice(struct work *work, const struct endpointslice *slice)
{
    struct plain_zone_counts here = {0};
    for (uint32_t e = 0; e < slice->endpoints.count; e++) {
        const struct endpoint *endpoint = endpointslice_at(slice, e);
        if (endpoint_ready(endpoint) != CONDITION_TRUE)
            continue;
        if (!plain_has_hints(endpoint) || endpoint_extra(endpoint)->zone_hint_count == 0)
            return false;
        for (uint32_t h = 0; h < endpoint_extra(endpoint)->zone_hint_count; h++) {
            if (zone_index(work, endpoint_extra(endpoint)->zone_hints[h]) < 0)
                return false;
            ++*count_of(&here, endpoint_extra(endpoint)->zone_hints[h]);
        }
    }
    struct plain_zone_counts sum = work->given;
    for (uint32_t i = 0; i < here.count; i++) {
        *count_of(&sum, here.zones[i]) += here.counts[i];
        if (*count_of(&sum, here.zones[i]) > work->maximum[zone_index(work, here.zones[i])])
            return false;
    }
    work->given = sum;
    return true;
}

/* The zone with most; -1: none has more than nothing. */
static int most(struct work *work, const double *values)
{
    double best = 0;
    uint32_t ties = 0, places[PLAIN_ZONES_MAX];
    for (uint32_t z = 0; z < work->topology->count; z++)
        best = values[z] > best ? values[z] : best;
    for (uint32_t z = 0; z < work->topology->count; z++)
        if (best > 0 && values[z] == best)
            places[ties++] = z;
    return ties ? (int)places[choices_pick(work->stage->choices, CHOICE_ZONE, ties)] : -1;
}

/* H-18. */
static void find_moves(struct work *work)
{
    for (uint32_t z = 0; z < work->topology->count; z++) {
        sym zone = work->topology->zones[z].zone;
        double has = has_zone(&work->given, zone) ? *count_of(&work->given, zone) : 0;
        work->surplus[z] = fmax(has - work->desired[z], 0);
        work->need[z] = fmax(work->desired[z] - has, 0);
    }
    for (;;) {
        int giver = most(work, work->surplus), receiver = most(work, work->need);
        if (giver < 0 || receiver < 0 || (work->surplus[giver] < 1 && work->need[receiver] < 1) ||
            work->surplus[giver] < 0.5 || work->need[receiver] < 0.5)
            return;
        work->gives[giver]++;
        work->surplus[giver]--;
        work->receives[receiver]++;
        work->need[receiver]--;
    }
}

/* H-20. The zone that an endpoint of this one is hinted to. */
static sym redirect(struct work *work, sym zone)
{
    int giver = zone_index(work, zone);
    uint32_t open = 0, places[PLAIN_ZONES_MAX];
    for (uint32_t z = 0; z < work->topology->count; z++)
        if (work->receives[z] > 0)
            places[open++] = z;
    if (giver < 0 || work->gives[giver] == 0 || open == 0)
        return zone;
    uint32_t receiver = places[choices_pick(work->stage->choices, CHOICE_ZONE, open)];
    work->gives[giver]--;
    work->receives[receiver]--;
    --*count_of(&work->given, zone);
    ++*count_of(&work->given, work->topology->zones[receiver].zone);
    return work->topology->zones[receiver].zone;
}

static struct endpoint *hinted(const struct plain_input *input, const struct endpoint *endpoint, sym zone)
{
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = endpoint_extra_with_zone_hints(endpoint_extra(endpoint), &zone, 1);
    return endpoint_create(input->catalog, &draft);
}

bool plain_topology_hints(struct plain_hint_stage *stage)
{
    static const char disabled[] = "Warning TopologyAwareHintsDisabled";
    struct work work = {.stage = stage, .topology = stage->input->topology};
    struct plain_slice_list *lists[] = {stage->creates, stage->updates};
    if (!allocate(&work))
        return false;
    for (uint32_t i = 0; i < stage->unchanged->count;) {
        if (accept_slice(&work, stage->unchanged->items[i]))
            i++;
        else
            plain_hint_move(stage, i);
    }
    for (int l = 0; l < 2; l++) { /* H-16 */
        for (uint32_t i = 0; i < lists[l]->count; i++) {
            for (uint32_t e = 0; e < lists[l]->items[i]->endpoints.count; e++) {
                const struct endpoint *endpoint = endpointslice_at(lists[l]->items[i], e);
                if (endpoint_ready(endpoint) != CONDITION_TRUE)
                    continue;
                if (!(endpoint_flags(endpoint) & ENDPOINT_ZONE) || endpoint_zone(endpoint) == SYM_EMPTY) {
                    plain_hint_event(stage, disabled, "One or more endpoints do not have a zone specified");
                    return false;
                }
                ++*count_of(&work.given, endpoint_zone(endpoint));
            }
        }
    }
    find_moves(&work);
    for (int l = 0; l < 2; l++) {
        for (uint32_t i = 0; i < lists[l]->count; i++) {
            struct endpointslice *slice = lists[l]->items[i];
            for (uint32_t e = 0; e < slice->endpoints.count; e++) {
                struct endpoint *endpoint = endpointslice_at(slice, e);
                if (endpoint_ready(endpoint) != CONDITION_TRUE)
                    continue;
                endpointslice_put(
                    slice, e, hinted(stage->input, endpoint, redirect(&work, endpoint_zone(endpoint))));
                endpoint_unref(endpoint);
            }
        }
    }
    if (work.given.count == 0) {
        plain_hint_event(stage, disabled, "No hints allocated for zones");
        return false;
    }
    if (!stage->input->hint_cache->had_hints)
        plain_hint_event(stage, "Normal TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled");
    stage->input->hint_cache->had_hints = true;
    stage->input->hint_cache->by_type[stage->type] = work.given;
    return true;
}
