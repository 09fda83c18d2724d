/*
 * pod_ordinals.h: the pods that one workload made, by NAME-ORDINAL: counted from 0, never used twice.
 *
 * Ordinals only rise, so the pods stand in an array in their order; one that is gone leaves a gap, and when
 * most of the array is gaps it closes up. 8 bytes a pod.
 */
#ifndef EPSIM_SIMULATION_POD_ORDINALS_H
#define EPSIM_SIMULATION_POD_ORDINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* No ordinal: a workload has made as many pods as can be counted. */
#define ORDINAL_NONE UINT32_MAX

struct pod_ordinal {
    uint32_t ordinal;
    uint32_t life; /* a number (pod_life.h); 0: gone */
};

/* Start from {0}. */
struct pod_ordinals {
    VEC(struct pod_ordinal) items; /* by ordinal */
    uint32_t next;
    uint32_t gone_count;
};

void pod_ordinals_fini(struct pod_ordinals *ordinals);
/* The next ordinal is this pod's from now on, or ORDINAL_NONE. O(1) amortised. */
uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life);
/* The pod's number, or 0. O(log n). */
uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal);
/* No pod is left. */
static inline bool pod_ordinals_are_gone(const struct pod_ordinals *ordinals)
{
    return ordinals->gone_count == ordinals->items.count;
}
/* It must be there (asserted). O(log n) amortised. */
void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal);

#endif
