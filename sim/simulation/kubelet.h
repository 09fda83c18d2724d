/*
 * kubelet.h: a pod's life: created, bound to a node, started, ready; restarted, given another address,
 * failed; terminating, gone.
 *
 *     create          Pending, without IP; bound to a node at once if one fits (scheduler.h)
 *     + pods.start    the kubelet posts the IP: Running, and Ready False if pods.ready is above 0
 *     + pods.ready    Ready True (lastTransitionTime: now, in whole seconds)
 *     delete          deletionTimestamp, if pods.stop is above 0; readiness stays as it is meanwhile (in a
 *                     real cluster it flips when the containers stop, shortly before the end)
 *     + pods.stop     gone. A pod without a node, or a finished one, is gone at once, as the API server does
 *                     it
 *
 *     readdress       a new sandbox: the old IP is gone and Ready is False at once (the phase stays Running),
 *                     then pods.start and pods.ready again, with an IP of the node's range
 *
 * What has no delay happens in the same put, so it reaches the watchers as one change. A restart always
 * shows: with pods.ready 0 the pod turns unready and, later in the same instant (PHASE_WORKLOAD), ready.
 *
 * A pod that came with a `status` stays as its status says until something happens to it.
 * All functions are O(log n) in pods and nodes.
 */
#ifndef EPSIM_SIMULATION_KUBELET_H
#define EPSIM_SIMULATION_KUBELET_H

#include <stdbool.h>
#include <stdint.h>

#include "model/pod.h"
#include "simulation/pod_life.h"

struct node_record;

/* Grace: as `pods.stop` says. */
#define KUBELET_GRACE_DEFAULT (-1)

/* A pod to be created. */
struct pod_birth {
    sym namespace;
    const char *name;   /* not looked at when the name is a made one, with its prefix and suffix */
    uint64_t name_hash; /* pod_name_hash of it; 0: not known */
    sym name_prefix;    /* SYM_EMPTY: not made */
    uint32_t name_suffix;
    const struct labels *labels;
    const struct port_list *ports;
    sym hostname, subdomain;
    const struct pod_spec *spec; /* fixed IPs, grace; may be NULL */
    sym node_name;               /* bound to it by whoever creates it; SYM_EMPTY: the scheduler's choice */
    struct workload *owner;      /* NULL: nobody (it may be adopted) */
    uint32_t maker;              /* number of the workload that counts it as NAME-ORDINAL; 0: none */
    uint32_t place, revision;
    bool held;    /* stays not ready */
    bool settled; /* without delays: running and ready at once */
    bool foreign; /* it has a controller that the scenario does not know: nobody adopts it */
};

/* The name must be free (asserted). */
struct pod_life *kubelet_create_pod(struct cluster *cluster, const struct pod_birth *birth);
/* A pod with a status: taken as it is. Takes over the reference to `pod`, whose node_name and IPs are set.
 * The name must be free (asserted). */
struct pod_life *kubelet_load_pod(struct cluster *cluster, struct pod *pod, const struct pod_spec *spec);
/* grace_ns: from now until it is gone, or KUBELET_GRACE_DEFAULT. A second deletion can only make it sooner.
 */
void kubelet_delete_pod(struct pod_life *life, int64_t grace_ns);
/* The scheduler found a node for a pod that waited. */
void kubelet_bind_pod(struct pod_life *life, struct node_record *record);

/* False when it has finished. A pod that has not started yet will be what is said here once it has. */
bool kubelet_set_ready(struct pod_life *life, bool ready);
/* False when it has finished. A pod that has not started yet is left alone. */
bool kubelet_restart(struct pod_life *life);
/* A new sandbox: without an address and not ready until the kubelet has started it again. False when it has
 * finished or has no address now. One that terminates or whose node is down is left alone. */
bool kubelet_readdress(struct pod_life *life);
/* Phase Failed; the object stays, its address and its place on the node are free again. */
void kubelet_fail(struct pod_life *life);
void kubelet_relabel(struct pod_life *life, const struct labels *labels);
/* A status replaces what was: `pod` is an edit of the present revision, with the same node. Takes it over. */
void kubelet_replace(struct pod_life *life, struct pod *pod);

/* For nodes.c: the pod's node failed, or is back. */
void kubelet_node_is_lost(struct pod_life *life);
void kubelet_node_is_back(struct pod_life *life);

#endif
