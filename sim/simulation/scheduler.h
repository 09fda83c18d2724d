/*
 * scheduler.h: which node a pod goes to: the one with the fewest pods, the lowest number first.
 *
 * Nodes that are down, cordoned or full take none. Where no node fits the pod waits, first come first
 * served, until one does. The choice is a tournament over (pods, number), kept up to date: O(log nodes)
 * whenever a node's number of pods changes, O(1) to choose.
 */
#ifndef EPSIM_SIMULATION_SCHEDULER_H
#define EPSIM_SIMULATION_SCHEDULER_H

#include <stdint.h>

#include "kernel/queue.h"
#include "simulation/pod_life.h"

struct cluster;
struct node_record;

struct scheduler {
    uint64_t *tree;         /* [1] is the winner, the leaves begin at [capacity] */
    uint32_t capacity;      /* a power of two, or 0 */
    struct life_list queue; /* pods that wait */
    struct event_handle step;
};

void scheduler_fini(struct cluster *cluster);
/* Number of pods, readiness or anything else that counts has changed; new nodes too. */
void scheduler_node_changed(const struct node_record *record);
/* The node for the next pod; NULL when it has to wait. */
struct node_record *scheduler_pick(struct cluster *cluster);
/* The pod waits until a node fits, and is bound then (kubelet_bind_pod). */
void scheduler_wait(struct pod_life *life);
void scheduler_forget(struct pod_life *life);

#endif
