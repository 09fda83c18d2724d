/*
 * cluster.h: the cluster that a run plays with: what its parts share.
 *
 * Around the store, where the API's objects are, stand those who change them: kubelets (kubelet.h),
 * the scheduler (scheduler.h), nodes (nodes.h), addresses (ipam.h), workload controllers (workload.h), and
 * a queue of deletions (reaper.h). Each pod has a record of what the store does not say about it
 * (pod_life.h). What the scenario file wants stands in play_*.c.
 *
 * Whatever happens, happens in an event of the clock, and everything of chance comes from a named stream:
 *     pods.start, pods.ready, pods.stop     the three delays of a pod's life
 *     delays/removal                        from a pod's last step until it is gone (C-19a)
 *     names/NAMESPACE/KIND/NAME             the random part of a workload's pods' names
 *     churn/NAMESPACE/NAME[#n]              when somebody dies
 *     churn/NAMESPACE/NAME[#n]/victim       who
 */
#ifndef EPSIM_SIMULATION_CLUSTER_H
#define EPSIM_SIMULATION_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"
#include "kernel/clock.h"
#include "kernel/random.h"
#include "model/store.h"
#include "scenario/scenario.h"
#include "simulation/bindings.h"
#include "simulation/ip_use.h"
#include "simulation/ipam.h"
#include "simulation/nodes.h"
#include "simulation/pod_life.h"
#include "simulation/reaper.h"
#include "simulation/scheduler.h"
#include "simulation/workload.h"

/* What the events of this layer are called in the digest. */
enum play_event {
    PLAY_MANIFEST = EVENT_SCENARIO,
    PLAY_EVENT,
    PLAY_TRACE,
    PLAY_DEATH,
    PLAY_EXPECTATION,
    PLAY_POD_TIMER,
    PLAY_POD_AVAILABLE,
    PLAY_WORKLOAD,
    PLAY_SCHEDULER,
    PLAY_REAPER,
    PLAY_EVICTION,
};

struct cluster {
    const struct scenario *scenario;
    uint64_t seed, run;
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct catalog *catalog; /* the store's */
    struct random_stream start_stream, ready_stream, stop_stream, removal_stream;
    struct lives lives;
    struct nodes nodes;
    struct scheduler scheduler;
    struct ipam ipam;
    struct ip_use ip_use;
    struct reaper reaper;
    struct workloads workloads;
    struct bindings bindings;
    bool silent; /* the starting state is being loaded */
    uint64_t pod_event_count;
    /* The part of the scenario that made what is happening now happen: where a failure is shown. */
    struct position cause;
    bool failed;
    struct position failed_at;
    struct text failure;
};

/* False, and cluster->failed, when the scenario cannot be played. The scenario is borrowed. */
bool cluster_init(struct cluster *cluster, const struct scenario *scenario, uint64_t seed, uint64_t run);
void cluster_fini(struct cluster *cluster);

/* Something could not be carried out: the clock stops after the present event. Only the first counts. */
void cluster_fail(struct cluster *cluster, struct position at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline int64_t cluster_now_s(const struct cluster *cluster)
{
    return store_now_s(cluster->store);
}
static inline sim_time cluster_now(const struct cluster *cluster)
{
    return clock_now(&cluster->clock);
}
static inline sym cluster_sym(struct cluster *cluster, const char *text)
{
    return catalog_sym(cluster->catalog, text);
}
static inline const char *cluster_text(const struct cluster *cluster, sym symbol)
{
    return catalog_text(cluster->catalog, symbol);
}
/* A stream whose name is made like a printf text. */
void cluster_stream(const struct cluster *cluster, struct random_stream *stream, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The scenario's own position, for what belongs to no line of it. */
struct position cluster_nowhere(void);

#endif
