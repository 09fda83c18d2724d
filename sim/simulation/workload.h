/*
 * workload.h: Deployments, ReplicaSets, StatefulSets and DaemonSets: what they have in common.
 *
 * A workload owns pods and takes *steps*: events of PHASE_WORKLOAD, one pod created or deleted each, so
 * that everything that follows from one pod is finished before the next. It is kicked when something
 * that it decides upon has changed, and steps until it has nothing to do. No step looks at all pods: each
 * kind keeps the order or the sets that it decides by (O(log n) a pod event).
 *
 * A Deployment owns no pods but ReplicaSets, one a revision of its template; their root is the Deployment.
 * Pods that no workload owns are adopted by the oldest one that selects them; an owned pod whose labels
 * leave the selector is released.
 */
#ifndef EPSIM_SIMULATION_WORKLOAD_H
#define EPSIM_SIMULATION_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "kernel/queue.h"
#include "kernel/random.h"
#include "model/catalog.h"
#include "scenario/scenario.h"
#include "simulation/kubelet.h"
#include "simulation/pod_life.h"
#include "simulation/pod_ordinals.h"

struct cluster;
struct workload;

struct workload_class {
    /* One action. True: there may be another one. */
    bool (*step)(struct workload *workload);
    /* A pod joined it, or something about one of its pods is different: node, phase, readiness,
     * availability, termination. */
    void (*pod_changed)(struct workload *workload, struct pod_life *life);
    /* A pod is about to leave it: gone or released. It counts no more. */
    void (*pod_removed)(struct workload *workload, struct pod_life *life);
    /* It would adopt the pod, whose labels it selects. NULL: any. */
    bool (*accepts)(const struct workload *workload, const struct pod_life *life);
    /* spec or the number of rollouts is another one. */
    void (*edited)(struct workload *workload);
    /* Live pods of the present revision. NULL: all. */
    uint32_t (*updated_count)(const struct workload *workload);
    void (*fini)(struct workload *workload);
};

struct workload {
    struct cluster *cluster;
    const struct workload_class *class;
    enum workload_kind kind;
    uint32_t number; /* from 1, never used twice: `owner` of its pods */
    sym namespace, name;
    sym name_prefix; /* of its pods' names: "NAME-", as far as they go */
    struct uuid uid;
    int64_t created_s;
    struct position at;
    struct workload *root; /* the Deployment of a ReplicaSet; itself otherwise */
    const struct workload_spec *spec;
    const struct labels *selector;
    uint32_t replicas; /* wanted; not of a DaemonSet */
    uint32_t rollouts; /* `kubectl rollout restart` so far */
    bool deleted;
    bool revision_is_loaded; /* of a starting state: its newest ReplicaSet has the present template */
    struct event_handle step;
    struct life_set owned;                 /* live: neither terminating nor finished */
    uint32_t unfinished_count;             /* owned, terminating ones too, but not Failed or Succeeded */
    uint32_t ready_count, available_count; /* among those that are live */
    struct pod_ordinals made;              /* of a root: its pods by NAME-ORDINAL */
    struct random_stream name_stream;
};

/* Of what is looked at when one of its pods changes. */
#define WORKLOAD_USUAL_BYTES offsetof(struct workload, name_stream)

/* Kinds whose pods are known as NAME-ORDINAL, so that many workloads of one name may have made a pod. */
#define WORKLOAD_MAKERS_MAX 3

struct workloads {
    VEC(struct workload *) items; /* by number - 1; NULL: a ReplicaSet of old that is forgotten */
    uint64_t names_epoch;         /* another one whenever a name finds another workload */
    struct map by_name[4];        /* by kind: namespace << 32 | name */
    struct map by_selector;       /* hash of namespace and the selector's first entry; several a key */
    VEC(struct workload *) daemonsets;
};

void workloads_fini(struct cluster *cluster);
/* Creates the workload, or edits the one of that name. NULL: failed. */
struct workload *workloads_apply(struct cluster *cluster, const struct manifest *manifest);
struct workload *workloads_find(
    const struct cluster *cluster, enum workload_kind kind, sym namespace, const char *name);
/* The workloads of that name that make pods known as NAME-ORDINAL, newest first. Returns how many. The answer
 * is good as long as names_epoch is the same. */
uint32_t workloads_makers(
    const struct cluster *cluster, sym namespace, sym name, struct workload *out[WORKLOAD_MAKERS_MAX]);
/* A pod of that name is gone: a StatefulSet may have waited for it. */
void workloads_name_is_free(struct cluster *cluster, const struct target *pod);
void workloads_node_added(struct cluster *cluster, uint32_t node);
void workloads_node_removed(struct cluster *cluster, uint32_t node);
/* After the starting state: orphans are adopted, and every workload looks whether it has to act. */
void workloads_wake(struct cluster *cluster);

void workload_scale(struct workload *workload, uint32_t replicas);
void workload_rollout(struct workload *workload);
/* The workload is gone; its pods are deleted one after the other. */
void workload_delete(struct workload *workload);
/* Pods that a churn could kill: neither terminating nor finished. */
uint32_t workload_live_count(const struct workload *workload);
/* i < workload_live_count. O(ReplicaSets). */
struct pod_life *workload_live(const struct workload *workload, uint32_t i);
/* Asks for the memory of which workload_live will read the answer. */
void workload_prefetch_live(const struct workload *workload, uint32_t i);
/* "deployment", "replicaset", "statefulset" or "daemonset". */
const char *workload_kind_text(enum workload_kind kind);

/* --- for the kubelet: what happens to pods ------------------------------------------------------- */

/* `life` has no owner. Its object says whose it is from now on. */
void workload_attach(struct workload *workload, struct pod_life *life);
/* The same when the object says so already. */
void workload_join(struct workload *workload, struct pod_life *life);
/* Nothing when it has no owner. */
void workload_detach(struct pod_life *life);
/* Some workload may take the orphan. */
void workload_adopt(struct pod_life *life);
void workload_pod_changed(struct pod_life *life);
void workload_pod_relabelled(struct pod_life *life, const struct labels *labels);
void workload_forget_ordinal(struct pod_life *life);
/* The next NAME-ORDINAL of `root` is the pod's. */
void workload_give_ordinal(struct workload *root, struct pod_life *life);

/* --- for the kinds of workloads ------------------------------------------------------------------ */

/* A step will be taken in this instant. */
void workload_kick(struct workload *workload);
/* Registers it: number, name, selector. `spec` may be another one than the manifest's (ReplicaSets). */
void workload_init(struct workload *workload, struct cluster *cluster, const struct workload_class *class,
    enum workload_kind kind, sym namespace, sym name, struct position at);
void workload_set_selector(struct workload *workload, const struct labels *selector);
/* Orphans that it selects are adopted. O(orphans). */
void workload_adopt_orphans(struct workload *workload);
/* Forgets it altogether and frees it; it has no pods. */
void workload_discard(struct workload *workload);
/* The next creation. The owner and everything that follows from the template must be set in `birth`. */
struct pod_life *workload_create_pod(struct workload *workload, const struct pod_birth *birth);
/* `value` of `total`. Percentages are rounded up or down. */
uint32_t count_of(struct count_or_percent value, uint32_t total, bool round_up);

struct workload *deployment_create(struct cluster *cluster, const struct manifest *manifest);
struct workload *replicaset_create(struct cluster *cluster, const struct manifest *manifest);
struct workload *statefulset_create(struct cluster *cluster, const struct manifest *manifest);
struct workload *daemonset_create(struct cluster *cluster, const struct manifest *manifest);

#endif
