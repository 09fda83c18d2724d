/*
 * nodes.h: the nodes of the cluster and who runs on them.
 *
 * A node that fails (or whose manifest says that it is not ready) posts nothing any more: its pods turn
 * not ready at once, as the node lifecycle controller marks them, nothing starts there, and after
 * EVICTION_DELAY_NS its pods are deleted, DaemonSets' excepted. When it recovers before, its pods are
 * ready again as they were. In a real cluster the objects of evicted pods stay, terminating, until the
 * node is back or deleted; here they go after `pods.stop` like all others. Nor is the pace modelled at which
 * the real controller taints nodes (one in ten seconds, slower when many fail).
 */
#ifndef EPSIM_SIMULATION_NODES_H
#define EPSIM_SIMULATION_NODES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "kernel/queue.h"
#include "model/node.h"
#include "scenario/scenario.h"
#include "simulation/ipam.h"
#include "simulation/pod_life.h"

struct cluster;

/* tolerationSeconds that every pod has for unreachable nodes: 300. */
#define EVICTION_DELAY_NS (INT64_C(300) * 1000000000)

struct node_record {
    struct cluster *cluster;
    uint32_t number; /* from 0 in the order of creation, never used twice */
    sym name, zone;
    bool present; /* false: deleted */
    bool up;
    bool unschedulable;
    uint32_t pod_count; /* without finished ones */
    uint32_t pods_max;
    struct life_list pods;
    struct event_handle eviction;
    struct node_addresses addresses;
};

struct nodes {
    VEC(struct node_record *) items; /* by number */
    struct map by_name;              /* sym -> number + 1 */
    uint32_t present_count;
    struct life_list homeless; /* bound to a node that is not there (yet) */
};

void nodes_fini(struct cluster *cluster);
/* The nodes that are made when the scenario has no Node manifest. */
void nodes_make_default(struct cluster *cluster);
/* Creates the node, or replaces what is said of it. Takes over the reference. False: failed. */
bool nodes_put(struct cluster *cluster, struct node *node);
/* NULL when there is none. O(1). */
struct node_record *nodes_find(const struct cluster *cluster, sym name);
static inline struct node_record *nodes_at(const struct nodes *nodes, uint32_t number)
{
    return nodes->items.items[number];
}
/* Ready Unknown, or True again. Does nothing when it is so already. O(pods on it). */
void node_fail(struct node_record *record);
void node_recover(struct node_record *record);
/* Takes the node away. Its pods lose their kubelet and are deleted at once, one an event (the pod
 * garbage collector's waiting time is left out). */
void node_remove(struct node_record *record);

/* The pod runs there from now on (until node_leave). O(log nodes). */
void node_join(struct node_record *record, struct pod_life *life);
void node_leave(struct pod_life *life);
/* The pod has finished: it is still there but takes no room. */
void node_uncount(struct pod_life *life);
/* The pod waits for the node that its object names. */
void nodes_wait(struct pod_life *life);
void nodes_forget(struct pod_life *life);

#endif
