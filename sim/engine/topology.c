/*
 * topology.c: see topology.h.
 */
#include "engine/topology.h"

#include <math.h>
#include <stdlib.h>

#include "engine/engine_private.h"
#include "engine/topology_hints.h"

/* --- counts ---------------------------------------------------------------------------------- */

const struct zone_count *zone_counts_find(const struct zone_counts *counts, sym zone)
{
    for (uint32_t i = 0; i < counts->items.count; i++) {
        if (counts->items.items[i].zone == zone)
            return &counts->items.items[i];
    }
    return NULL;
}

int32_t *zone_counts_get(struct zone_counts *counts, sym zone)
{
    for (uint32_t i = 0; i < counts->items.count; i++) {
        if (counts->items.items[i].zone == zone)
            return &counts->items.items[i].count;
    }
    struct zone_count count = {zone, 0};
    vec_push(&counts->items, count);
    return &vec_last(&counts->items).count;
}

/* --- the cache ------------------------------------------------------------------------------- */

void topology_cache_destroy(struct topology_cache *cache)
{
    if (!cache)
        return;
    vec_fini(&cache->counts[0].items);
    vec_fini(&cache->counts[1].items);
    free(cache);
}

void topology_cache_set(struct service_entry *entry, enum address_type type, struct zone_counts *counts)
{
    if (!entry->topology)
        entry->topology = mem_zalloc(sizeof *entry->topology);
    vec_fini(&entry->topology->counts[type].items);
    entry->topology->counts[type] = *counts;
    *counts = (struct zone_counts){0};
    entry->topology->had_hints = true;
}

/* The mark is the Service's, whatever the other address type has (H-21). */
void topology_cache_forget(struct service_entry *entry, enum address_type type)
{
    if (!entry->topology)
        return;
    if (type != ADDRESS_FQDN)
        vec_clear(&entry->topology->counts[type].items);
    entry->topology->had_hints = false;
}

/* --- nodes (H-10) ---------------------------------------------------------------------------- */

static bool is_considered(const struct engine *engine, const struct node *node)
{
    const struct labels *labels = node->meta.labels;
    return node->ready == CONDITION_TRUE &&
           !labels_get(labels, catalog_word(engine->catalog, WORD_CONTROL_PLANE), NULL) &&
           !labels_get(labels, catalog_word(engine->catalog, WORD_MASTER), NULL);
}

struct zone_cpu {
    sym zone;
    int64_t milli;
};

static void add_cpu(struct engine *engine, struct zone_cpu **zones, uint32_t *count, sym zone, int64_t milli)
{
    const struct symtab *symbols = catalog_symbols(engine->catalog);
    for (uint32_t i = 0; i < *count; i++) {
        if ((*zones)[i].zone == zone) {
            (*zones)[i].milli += milli;
            return;
        }
    }
    *zones = mem_array(*zones, *count + 1, sizeof **zones);
    uint32_t at = (*count)++;
    for (; at > 0 && sym_compare(symbols, zone, (*zones)[at - 1].zone) < 0; at--)
        (*zones)[at] = (*zones)[at - 1];
    (*zones)[at] = (struct zone_cpu){zone, milli};
}

static void find_ratios(struct engine *engine)
{
    struct topology *topology = &engine->topology;
    struct zone_cpu *zones = NULL;
    uint32_t count = 0;
    int64_t total = 0;
    bool is_known = true;
    vec_clear(&topology->ratios);
    for (uint32_t i = 0; i < engine->nodes.count && is_known; i++) {
        const struct node_entry *entry = engine->nodes.items[i];
        const struct node *node = entry->topology_node ? entry->topology_node : entry->node;
        if (!node || !is_considered(engine, node))
            continue;
        sym zone = node_zone(node, engine->catalog);
        is_known = zone != SYM_EMPTY && node->cpu_milli != 0;
        if (!is_known)
            break;
        add_cpu(engine, &zones, &count, zone, node->cpu_milli);
        total += node->cpu_milli;
    }
    for (uint32_t i = 0; i < count && is_known && count >= 2 && total > 0; i++) {
        struct zone_ratio ratio = {zones[i].zone, (double)zones[i].milli / (double)total};
        vec_push(&topology->ratios, ratio);
    }
    free(zones);
}

/* --- overloaded Services (H-12) -------------------------------------------------------------- */

static bool is_overloaded(const struct topology *topology, const struct zone_counts *counts)
{
    int32_t total = 0;
    if (counts->items.count == 0)
        return false;
    if (topology->ratios.count == 0)
        return true;
    for (uint32_t i = 0; i < counts->items.count; i++)
        total += counts->items.items[i].count;
    for (uint32_t i = 0; i < topology->ratios.count; i++) {
        const struct zone_ratio *ratio = &topology->ratios.items[i];
        const struct zone_count *count = zone_counts_find(counts, ratio->zone);
        if (!count || count->count < (int32_t)ceil((double)total * ratio->ratio * OVERLOAD_FACTOR))
            return true;
    }
    return false;
}

static void look_at(struct engine *engine, struct service_entry *entry)
{
    const struct topology_cache *cache = entry->topology;
    if (cache && (is_overloaded(&engine->topology, &cache->counts[0]) ||
                     is_overloaded(&engine->topology, &cache->counts[1])))
        workqueue_add(&entry->items[SYNC_SLICES]);
}

static void work(void *controller, struct workqueue_item *item)
{
    struct engine *engine = controller;
    find_ratios(engine);
    /* By the creation of the Services; then those that are gone: the cache keeps them, and a sync finds
     * nothing to do. */
    for (uint32_t i = 0; i < engine->by_number.count; i++) {
        if (engine->by_number.items[i])
            look_at(engine, engine->by_number.items[i]);
    }
    for (uint32_t i = 0; i < engine->services.count; i++) {
        if (!engine->services.items[i]->service)
            look_at(engine, engine->services.items[i]);
    }
    workqueue_done(item, true);
}

/* --- events (H-11) --------------------------------------------------------------------------- */

void topology_init(struct engine *engine)
{
    struct workqueue_config config = {
        .phase = PHASE_SYNC,
        .kind = EVENT_TOPOLOGY_QUEUE,
        .workers_max = 1,
    };
    workqueue_init(&engine->topology.queue, engine->clock, &config, work, engine);
    workqueue_item_init(&engine->topology.item, &engine->topology.queue, 0);
}

/* All nodes count as they are now. */
static void catch_up(struct topology *topology)
{
    for (uint32_t i = 0; i < topology->outdated.count; i++) {
        node_unref((struct node *)topology->outdated.items[i]->topology_node);
        topology->outdated.items[i]->topology_node = NULL;
    }
    vec_clear(&topology->outdated);
}

void topology_fini(struct engine *engine)
{
    catch_up(&engine->topology);
    vec_fini(&engine->topology.outdated);
    vec_fini(&engine->topology.ratios);
}

void topology_use(struct engine *engine)
{
    if (engine->topology.used)
        return;
    engine->topology.used = true;
    find_ratios(engine);
    catch_up(&engine->topology);
}

void topology_node_changed(
    struct engine *engine, struct node_entry *entry, const struct node *before, const struct node *now)
{
    struct topology *topology = &engine->topology;
    bool ready_before = before && before->ready == CONDITION_TRUE;
    bool ready_now = now && now->ready == CONDITION_TRUE;
    bool wakes = !before || !now || ready_before != ready_now ||
                 node_zone(before, engine->catalog) != node_zone(now, engine->catalog);
    if (topology->used && wakes) {
        workqueue_add(&topology->item);
    } else if (wakes) {
        catch_up(topology);
    } else if (!topology->used && !entry->topology_node &&
               (before->cpu_milli != now->cpu_milli || before->meta.labels != now->meta.labels)) {
        entry->topology_node = node_ref(before);
        vec_push(&topology->outdated, entry);
    }
}
