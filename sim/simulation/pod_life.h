/*
 * pod_life.h: what is known of a living pod beside its object in the store: where it runs, whose it is,
 * and what will happen to it next.
 *
 * A record lives from the pod's creation until the object is gone. 1,000,000 of them are the size to
 * keep in mind, hence the bit fields and the links inside.
 */
#ifndef EPSIM_SIMULATION_POD_LIFE_H
#define EPSIM_SIMULATION_POD_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "kernel/queue.h"
#include "model/pod.h"
#include "scenario/scenario.h"

struct cluster;
struct workload;

#define NODE_NONE UINT32_MAX

enum pod_timer {
    TIMER_NONE,
    TIMER_START, /* the kubelet posts the IP */
    TIMER_READY,
    TIMER_GONE,
};

struct pod_life {
    struct cluster *cluster;
    struct target *self; /* one reference */
    uint64_t serial;     /* from 1, in the order of creation: names it in the digest, breaks ties */
    int64_t created_s;
    int64_t ready_since_s;       /* as in the object */
    int64_t gone_ns;             /* while terminating: when it will be gone */
    const struct pod_spec *spec; /* what it was made from; NULL for a trace's pod */
    struct workload *owner;      /* whose controller counts it; NULL: nobody's */
    struct workload *maker;      /* whose NAME-ORDINAL it is; NULL: nobody's */
    uint64_t ordinal;
    struct pod_life *owned_next, *owned_previous; /* among the owner's, or the orphans */
    struct pod_life *node_next, *node_previous;   /* on the node, or among those that wait for one */
    struct event_handle timer;
    struct event_handle available_timer; /* minReadySeconds are over */
    uint64_t order_key;                  /* of a ReplicaSet's: which is deleted first */
    uint32_t node;                       /* number, or NODE_NONE */
    uint32_t live_index;                 /* in owner->live */
    uint32_t place;                      /* a StatefulSet's ordinal, a DaemonSet's node */
    uint32_t revision;                   /* of a StatefulSet's or DaemonSet's template */
    sym wanted_node;                     /* waits for the node of this name */
    unsigned timer_kind : 2;
    unsigned started : 1;     /* has posted an IP and runs */
    unsigned readdressed : 1; /* the addresses that it was made with are no longer its own */
    unsigned ready : 1;
    unsigned held : 1;      /* does not turn ready by itself (`unready`, `ready: false`) */
    unsigned was_ready : 1; /* before its node failed */
    unsigned terminating : 1;
    unsigned finished : 1; /* Failed or Succeeded */
    unsigned counted : 1;  /* in its node's number of pods */
    unsigned waiting : 1;  /* in the scheduler's queue or waiting for wanted_node */
    unsigned owns_ip : 2;  /* bit i: the i-th IP is its node's, to be given back */
    unsigned live : 1;     /* in owner->live */
    unsigned counted_ready : 1, available : 1, counted_unfinished : 1; /* in owner's counts */
    unsigned ordered : 1; /* in its ReplicaSet's order of deletion */
    unsigned foreign : 1; /* has a controller that the scenario does not know */
};

struct lives {
    struct map by_name;
    uint64_t serial;
    uint32_t count;
    struct pod_life *orphans_first, *orphans_last;
};

/* Before workloads_fini. */
void lives_fini(struct cluster *cluster);
/* A new record, among the orphans. Takes over the reference to `self`. */
struct pod_life *life_create(struct cluster *cluster, struct target *self);
/* Off all lists but its owner's (workload_detach) and its node's (node_leave). */
void life_destroy(struct pod_life *life);
/* NULL when there is none. O(1) expected. */
struct pod_life *life_find(const struct cluster *cluster, sym namespace, const char *name);
/* The pod's present revision, borrowed. */
const struct pod *life_pod(const struct pod_life *life);
const char *life_name(const struct pod_life *life);

/* The list of those without an owner. */
void life_orphan(struct pod_life *life);
void life_unorphan(struct pod_life *life);

#endif
