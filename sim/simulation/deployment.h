/*
 * deployment.h: a Deployment moves its pods from one revision of its template to the next.
 *
 * It does so by the sizes of its ReplicaSets, as Kubernetes' deployment controller: rolling updates within
 * maxSurge and maxUnavailable, Recreate, proportional scaling in the middle of a rollout. It takes its next
 * step when all of its sets have what they want and something about their pods has changed; so at no instant
 * are there more than replicas + maxSurge live pods, and deletions never leave fewer than
 * replicas - maxUnavailable available ones.
 */
#ifndef EPSIM_SIMULATION_DEPLOYMENT_H
#define EPSIM_SIMULATION_DEPLOYMENT_H

#include "simulation/workload.h"

struct replicaset;

/* One of its sets is settled, and something about it has changed. O(sets). */
void deployment_set_changed(struct workload *deployment);
/* Over all of its sets. */
void deployment_counts(const struct workload *deployment, uint32_t *out_ready, uint32_t *out_available);
uint32_t deployment_live_count(const struct workload *deployment);
/* Which of its sets has the i-th of them, which is that set's *i-th. */
const struct workload *deployment_live_set(const struct workload *deployment, uint32_t *i);
/* Its ReplicaSets are deleted with it. */
void deployment_delete_sets(struct workload *deployment);
/* Somebody deleted the set. */
void deployment_lose_set(struct workload *deployment, const struct workload *set);
/* Of a starting state: a ReplicaSet that was loaded belongs to the Deployment. `revision_number`: its
 * annotation deployment.kubernetes.io/revision, or 0. The set of the highest one is the present one. */
void deployment_take_set(struct workload *deployment, struct workload *set, int64_t revision_number);

#endif
