/*
 * pod_ordinals.h: the pods that one workload made, by NAME-ORDINAL: counted from 0, never used twice.
 *
 * Ordinals only rise, so the pods stand in an array in their order; one that is gone leaves a gap, and when
 * most of the array is gaps it closes up. Of each 64 ordinals a block says which of them have a place in the
 * array, and where the first of these is, so that a pod is found by counting bits: 4.25 bytes a pod.
 */
#ifndef EPSIM_SIMULATION_POD_ORDINALS_H
#define EPSIM_SIMULATION_POD_ORDINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* No ordinal: a workload has made as many pods as can be counted. */
#define ORDINAL_NONE UINT32_MAX

struct ordinal_block {
    uint64_t placed; /* bit i: ordinal 64 * number + i has a place, though the pod may be gone */
    uint32_t number;
    uint32_t first; /* the place of its first one */
};

/* Start from {0}. */
struct pod_ordinals {
    VEC(uint32_t) lives;              /* numbers of records, by ordinal; 0: gone */
    VEC(struct ordinal_block) blocks; /* by number; those without any place may be missing */
    uint32_t next;
    uint32_t gone_count;
};

void pod_ordinals_fini(struct pod_ordinals *ordinals);
/* The next ordinal is this pod's from now on, or ORDINAL_NONE. O(1) amortised. */
uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life);
/* The number of the pod's record, or 0. O(1) unless 64 ordinals in a row are gone while earlier pods live,
 * else O(log n). */
uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal);
/* No pod is left. */
static inline bool pod_ordinals_are_gone(const struct pod_ordinals *ordinals)
{
    return ordinals->gone_count == ordinals->lives.count;
}
/* It must be there (asserted). As above, and O(1) amortised more. */
void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal);

#endif
