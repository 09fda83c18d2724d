/*
 * daemonset.h: a DaemonSet keeps one pod on every node, cordoned and failed ones too (its pods tolerate
 * both).
 */
#ifndef EPSIM_SIMULATION_DAEMONSET_H
#define EPSIM_SIMULATION_DAEMONSET_H

#include <stdint.h>

#include "simulation/workload.h"

/* The node was added or taken away. */
void daemonset_node_changed(struct workload *daemonset, uint32_t node);

#endif
