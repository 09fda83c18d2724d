/*
 * node.h: a Node as the controllers and the scheduler of a scenario see it; immutable, counted.
 */
#ifndef EPSIM_MODEL_NODE_H
#define EPSIM_MODEL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "model/meta.h"
#include "model/pod.h"

struct node {
    uint32_t refs;
    struct meta meta;
    uint8_t ready; /* enum condition */
    bool unschedulable;
    int64_t cpu_milli; /* status.allocatable.cpu; 0: absent */
    uint32_t pods_max; /* status.allocatable.pods; UINT32_MAX: any number */
    uint32_t pod_range_count;
    struct ip_range pod_ranges[2]; /* spec.podCIDRs: at most one a family */
};

struct node *node_create(const struct catalog *catalog);
struct node *node_edit(const struct node *node);
struct node *node_ref(const struct node *node);
void node_unref(struct node *node);
/* Label topology.kubernetes.io/zone, SYM_EMPTY when absent. */
sym node_zone(const struct node *node, const struct catalog *catalog);

#endif
