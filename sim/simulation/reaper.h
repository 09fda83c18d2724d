/*
 * reaper.h: pods that are to be deleted, one after the other: a deleted workload's, an evicted node's, a
 * namespace's. Each deletion is an event of its own (PHASE_WORKLOAD), so its consequences are finished
 * before the next.
 */
#ifndef EPSIM_SIMULATION_REAPER_H
#define EPSIM_SIMULATION_REAPER_H

#include <stdint.h>

#include "base/vec.h"
#include "kernel/queue.h"
#include "model/target.h"

struct cluster;
struct pod_life;

struct reaper {
    VEC(struct target *) queue; /* one reference each; those before `head` are done */
    uint32_t head;
    struct event_handle step;
};

void reaper_fini(struct cluster *cluster);
/* It will be deleted as `kubectl delete` does, unless it is terminating or gone by then. O(1). */
void reaper_add(struct pod_life *life);

#endif
