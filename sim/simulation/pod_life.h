/*
 * pod_life.h: what is known of a living pod beside its object in the store: where it runs, whose it is,
 * and what will happen to it next.
 *
 * A record lives from the pod's creation until the object is gone. 1,000,000 of them are the size to
 * keep in mind: hence the bit fields, and numbers instead of pointers (base/pool.h) for whoever it is linked
 * with. What only some pods have, and only for a while, stands in maps beside.
 */
#ifndef EPSIM_SIMULATION_POD_LIFE_H
#define EPSIM_SIMULATION_POD_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/pool.h"
#include "base/vec.h"
#include "engine/engine.h"
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

/* Pods in the order of joining: a node's, or those who wait for one. A pod stands in one such list. Start
 * from {0}. */
struct life_list {
    uint32_t first, last;
};

/* Pods in no order: a workload's, or the orphans. A pod stands in one such set, and knows where. Start from
 * {0}. */
struct life_set {
    VEC(uint32_t) items; /* numbers of records; those that are live come first */
    uint32_t live_count;
};

#define LIFE_SERIAL_BITS 44

/* What pods of one template have in common. */
struct life_origin {
    const struct pod_spec *spec; /* what they were made from; NULL of a trace's pods */
    uint32_t maker;              /* number of the workload whose NAME-ORDINAL they are; 0: nobody's */
};

struct pod_life {
    uint32_t next, previous; /* in its list: numbers of records, or POOL_NONE */
    uint32_t self;           /* a target's number; one reference */
    uint32_t origin;         /* a number (life_origin) */
    uint32_t owner;          /* number of the workload whose controller counts it; 0: nobody's */
    uint32_t ordinal;        /* of the maker */
    uint32_t node;           /* number, or NODE_NONE */
    uint32_t place_in_set;   /* among the owner's pods, or the orphans */
    /* From 1, in the order of creation: names it in the digest, breaks ties. */
    uint64_t serial : LIFE_SERIAL_BITS;
    uint64_t timer_kind : 2;
    uint64_t started : 1;     /* has posted an IP and runs */
    uint64_t readdressed : 1; /* the addresses that it was made with are no longer its own */
    uint64_t ready : 1;
    uint64_t held : 1;      /* does not turn ready by itself (`unready`, `ready: false`) */
    uint64_t was_ready : 1; /* before its node failed */
    uint64_t terminating : 1;
    uint64_t finished : 1; /* Failed or Succeeded */
    uint64_t counted : 1;  /* in its node's number of pods */
    uint64_t waiting : 1;  /* in the scheduler's queue, or homeless */
    uint64_t homeless : 1; /* waits for the node that its object names */
    uint64_t owns_ip : 2;  /* bit i: the i-th IP is its node's, to be given back */
    uint64_t live : 1;     /* neither terminating nor finished, as the owner has it */
    uint64_t counted_ready : 1, available : 1, counted_unfinished : 1; /* in the owner's counts */
    uint64_t departing : 1;                                            /* will be gone at once (C-19a) */
    uint64_t foreign : 1; /* has a controller that the scenario does not know */
};

struct lives {
    struct pool records; /* its owner is the cluster */
    uint64_t serial;
    struct life_set orphans;
    struct map timers;               /* a record's number -> the handle of its timer */
    struct map available_timers;     /* the same: minReadySeconds are over */
    struct map seats;                /* the same: place and revision (life_set_seat) */
    VEC(struct life_origin) origins; /* by number; the first is of no spec and nobody */
    struct map origin_numbers;       /* hash -> number + 1, as a pointer */
    uint32_t latest_origin;          /* mostly the next one is that again */
};

void lives_init(struct cluster *cluster);

/* Before the store is destroyed. */
void lives_fini(struct cluster *cluster);
static inline struct cluster *life_cluster(const struct pod_life *life)
{
    return pool_owner_of(life);
}
/* POOL_NONE: NULL. */
static inline struct pod_life *life_at(const struct lives *lives, uint32_t number)
{
    return pool_at(&lives->records, number);
}
/* A new record, among the orphans. Takes over the reference to `self`. */
struct pod_life *life_create(struct cluster *cluster, struct target *self);
/* Off all lists but its owner's (workload_detach) and its node's (node_leave). */
void life_destroy(struct pod_life *life);
/* NULL when there is none. O(1) expected. */
struct pod_life *life_find(const struct cluster *cluster, sym namespace, const char *name);
/* The same for a name whose pod_name_hash is known, and for that of a pod whose identity is known. */
struct pod_life *life_find_hashed(
    const struct cluster *cluster, sym namespace, const char *name, uint64_t name_hash);
struct pod_life *life_find_of(const struct cluster *cluster, const struct target *self);
/* An event will come of the pod of that name, FORESIGHT_EVENTS events from now (engine.h). Changes nothing.
 */
void life_foresee(struct cluster *cluster, sym namespace, uint64_t name_hash, enum foreseen_kind kind);
/* The pod's present revision, borrowed. */
const struct pod *life_pod(const struct pod_life *life);
struct target *life_self(const struct pod_life *life);
const struct life_origin *life_origin(const struct pod_life *life);
void life_set_origin(struct pod_life *life, const struct pod_spec *spec, uint32_t maker);
/* A StatefulSet's ordinal or a DaemonSet's node, and the revision of its template; both 0 of all other pods.
 */
uint32_t life_place(const struct pod_life *life);
uint32_t life_revision(const struct pod_life *life);
void life_set_seat(struct pod_life *life, uint32_t place, uint32_t revision);
/* Whose controller counts it, or NULL. */
struct workload *life_owner(const struct pod_life *life);

/* Its timers: at most one event each. */
void life_set_timer(struct map *timers, const struct pod_life *life, struct event_handle handle);
void life_cancel_timer(struct map *timers, const struct pod_life *life);
/* When the pending event comes; it must be there (asserted). */
sim_time life_timer_when(const struct map *timers, const struct pod_life *life);

/* Lists. The record must stand in no other one. */
void life_list_append(struct life_list *list, struct pod_life *life);
void life_list_remove(struct life_list *list, struct pod_life *life);
/* The one after it, or NULL. */
static inline struct pod_life *life_next(const struct pod_life *life)
{
    return pool_at(pool_chunk_of(life)->pool, life->next);
}

/* Sets, O(1). The record must stand in no other one, and is not live when it comes and when it goes. */
void life_set_add(struct life_set *set, struct pod_life *life);
void life_set_remove(struct life_set *set, struct pod_life *life);
void life_set_live(struct life_set *set, struct pod_life *life, bool live);
/* Some pods, to go through them in the order of their creation whatever happens to their sets. Start from
 * {0}, end with vec_fini. */
struct life_order {
    VEC(struct pod_life *) items;
};
void life_order_sort(struct life_order *order);

/* The set of those without an owner. */
void life_orphan(struct pod_life *life);
void life_unorphan(struct pod_life *life);

#endif
