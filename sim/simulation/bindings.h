/*
 * bindings.h: what a scenario's texts are in this run, looked up once: namespaces, makers of pods, maps of
 * labels (scenario/repeats.h gives those that repeat their numbers).
 */
#ifndef EPSIM_SIMULATION_BINDINGS_H
#define EPSIM_SIMULATION_BINDINGS_H

#include <stdint.h>

#include "base/map.h"
#include "model/catalog.h"
#include "scenario/scenario.h"
#include "simulation/workload.h"

struct cluster;

struct maker_binding {
    uint64_t names_epoch; /* when it was looked up; 0: not yet */
    uint32_t count;
    struct workload *workloads[WORKLOAD_MAKERS_MAX]; /* newest first */
};

/* Start from {0}. */
struct bindings {
    const char *namespace_text; /* the one asked for last */
    sym namespace;
    struct maker_binding *makers; /* by number - 1; NULL: not asked for yet */
    struct map merged;            /* a map's number << 32 | a label map's id -> their union */
};

void bindings_fini(struct bindings *bindings);
/* The symbol of a text of the scenario. O(1) for the one that was asked for last. */
sym bindings_namespace(struct cluster *cluster, const char *text);
/* The pod that is the NAME-ORDINAL of a reference, or NULL. O(1) mostly (pod_ordinals.h). */
struct pod_life *bindings_made_pod(struct cluster *cluster, const struct reference *reference);
/* What `labels` and a map with a number were together before, or NULL; and what they are. O(1) expected. */
const struct labels *bindings_merged(
    const struct cluster *cluster, const struct labels *labels, const struct text_map *map);
void bindings_keep_merged(struct cluster *cluster, const struct labels *labels, const struct text_map *map,
    const struct labels *merged);

#endif
