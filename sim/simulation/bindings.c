/*
 * bindings.c: see bindings.h. A text of the scenario lives as long as the run and never changes, so its
 * pointer stands for it.
 */
#include "simulation/bindings.h"

#include <stdlib.h>

#include "base/mem.h"
#include "simulation/cluster.h"

void bindings_fini(struct bindings *bindings)
{
    free(bindings->makers);
    map_fini(&bindings->merged);
}

sym bindings_namespace(struct cluster *cluster, const char *text)
{
    struct bindings *bindings = &cluster->bindings;
    if (bindings->namespace_text != text) {
        bindings->namespace = cluster_sym(cluster, text);
        bindings->namespace_text = text;
    }
    return bindings->namespace;
}

static void look_up(struct cluster *cluster, const struct pod_maker *maker, struct maker_binding *out)
{
    out->names_epoch = cluster->workloads.names_epoch;
    out->count = workloads_makers(cluster, bindings_namespace(cluster, maker->namespace),
        cluster_sym(cluster, maker->name), out->workloads);
}

struct pod_life *bindings_made_pod(struct cluster *cluster, const struct reference *reference)
{
    const struct scenario *scenario = cluster->scenario;
    struct bindings *bindings = &cluster->bindings;
    if (!reference->maker || cluster->workloads.names_epoch == 0)
        return NULL;
    if (!bindings->makers)
        bindings->makers = mem_zalloc(scenario->makers.count * sizeof *bindings->makers);
    struct maker_binding *maker = &bindings->makers[reference->maker - 1];
    if (maker->names_epoch != cluster->workloads.names_epoch)
        look_up(cluster, &scenario->makers.items[reference->maker - 1], maker);
    for (uint32_t i = 0; i < maker->count; i++) {
        uint32_t life = pod_ordinals_find(&maker->workloads[i]->made, reference->ordinal);
        if (life)
            return life_at(&cluster->lives, life);
    }
    return NULL;
}

static uint64_t merged_key(const struct labels *labels, const struct text_map *map)
{
    return (uint64_t)map->number << 32 | labels->id;
}

const struct labels *bindings_merged(
    const struct cluster *cluster, const struct labels *labels, const struct text_map *map)
{
    return map->number ? map_get_ptr(&cluster->bindings.merged, merged_key(labels, map)) : NULL;
}

void bindings_keep_merged(struct cluster *cluster, const struct labels *labels, const struct text_map *map,
    const struct labels *merged)
{
    if (map->number)
        map_put_ptr(&cluster->bindings.merged, merged_key(labels, map), (void *)merged);
}
