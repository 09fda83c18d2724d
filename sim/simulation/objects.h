/*
 * objects.h: from manifests as they were read to objects as the store keeps them.
 *
 * New objects get what an API server adds: a uid, the creation time, a cluster IP. An object that exists
 * already keeps its identity (`existing`), and everything that the manifest says replaces what was.
 */
#ifndef EPSIM_SIMULATION_OBJECTS_H
#define EPSIM_SIMULATION_OBJECTS_H

#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"
#include "scenario/scenario.h"

struct cluster;

const struct labels *objects_labels(struct cluster *cluster, const struct text_map *map);
/* `labels` with the entries of `map` set; a NULL value takes one away. */
const struct labels *objects_merge(
    struct cluster *cluster, const struct labels *labels, const struct text_map *map);
const struct port_list *objects_container_ports(struct cluster *cluster, const struct pod_spec *spec);

/* One reference, or NULL when the cluster failed. */
struct service *objects_service(
    struct cluster *cluster, const struct manifest *manifest, const struct service *existing);
struct node *objects_node(
    struct cluster *cluster, const struct manifest *manifest, const struct node *existing);
/* A pod with a status; `existing` as above. */
struct pod *objects_pod(struct cluster *cluster, const struct manifest *manifest, const struct pod *existing);
/* Owned by the caller. */
struct endpoints *objects_endpoints(struct cluster *cluster, const struct manifest *manifest);
struct endpointslice *objects_endpointslice(struct cluster *cluster, const struct manifest *manifest);

#endif
