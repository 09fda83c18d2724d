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

struct pod_life *bindings_made_pod(struct cluster *cluster, const struct reference *reference)
{
    const struct scenario *scenario = cluster->scenario;
    struct bindings *bindings = &cluster->bindings;
    if (!reference->maker)
        return NULL;
    if (!bindings->makers)
        bindings->makers = mem_zalloc(scenario->makers.count * sizeof *bindings->makers);
    struct maker_binding *maker = &bindings->makers[reference->maker - 1];
    if (maker->name == SYM_EMPTY) {
        const struct pod_maker *texts = &scenario->makers.items[reference->maker - 1];
        *maker =
            (struct maker_binding){cluster_sym(cluster, texts->namespace), cluster_sym(cluster, texts->name)};
    }
    return workloads_pod(cluster, maker->namespace, maker->name, reference->ordinal);
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
