/*
 * pod_ordinals.h: the pods that one workload made, by NAME-ORDINAL: counted from 0, never used twice.
 *
 * Ordinals only rise, so the pods stand in an array in their order; one that is gone leaves a gap, and when
 * most of the array is gaps it closes up. 4 bytes a pod: a record knows its own ordinal.
 */
#ifndef EPSIM_SIMULATION_POD_ORDINALS_H
#define EPSIM_SIMULATION_POD_ORDINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* No ordinal: a workload has made as many pods as can be counted. */
#define ORDINAL_NONE UINT32_MAX

/* The ordinal of a pod's record, by its number. */
typedef uint32_t pod_ordinals_of(const void *context, uint32_t life);

/* Start from {0} and the first two. */
struct pod_ordinals {
    pod_ordinals_of *of;
    const void *context;
    VEC(uint32_t) lives; /* numbers of records, by ordinal; 0: gone; the last is never gone */
    uint32_t head;       /* those before it are gone */
    uint32_t next;
    uint32_t gone_count;
};

void pod_ordinals_fini(struct pod_ordinals *ordinals);
/* The next ordinal is this pod's from now on, or ORDINAL_NONE. O(1) amortised. */
uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life);
/* The number of the pod's record, or 0. O(log n) where gaps are spread. */
uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal);
/* No pod is left. */
static inline bool pod_ordinals_are_gone(const struct pod_ordinals *ordinals)
{
    return ordinals->gone_count == ordinals->lives.count;
}
/* It must be there (asserted); the record still knows it. As above, and O(1) amortised more. */
void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal);

#endif
