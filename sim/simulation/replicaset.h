/*
 * replicaset.h: a ReplicaSet keeps so many pods alive: alone, or as one revision of a Deployment.
 *
 * Too many: it deletes those first that have no node, then those that are pending, then those that are not
 * ready, then those that became ready last, of these the youngest. (Kubernetes also prefers pods whose node
 * has several of the set, looks at a cost annotation, and compares ages by powers of two, where it takes the
 * lowest uid; here the order is by age alone.)
 */
#ifndef EPSIM_SIMULATION_REPLICASET_H
#define EPSIM_SIMULATION_REPLICASET_H

#include "base/ostree.h"
#include "simulation/pod_template.h"
#include "simulation/workload.h"

struct replicaset {
    struct workload workload;
    bool order_is_kept;
    struct ostree order;   /* live pods, who is deleted first */
    struct map order_keys; /* their keys there, by their numbers */
    struct pod_template template;
    const struct labels *pod_labels;
    uint64_t revision; /* of a Deployment's: hash of its template */
    sym hash_label;    /* of a Deployment's: value of pod-template-hash */
};

/* The revision `revision` of a Deployment; `name` and `hash_label` as given. */
struct replicaset *replicaset_create_revision(struct workload *deployment, const struct pod_spec *template,
    uint64_t revision, sym name, sym hash_label);
/* It has as many live pods as it wants. */
static inline bool replicaset_is_settled(const struct replicaset *set)
{
    return set->workload.owned.live_count == set->workload.replicas;
}

#endif
