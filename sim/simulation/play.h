/*
 * play.h: one run: what of the scenario has been played and what comes next.
 *
 * Everything is generated as the run goes: of the manifests, the events, each trace, each churn and the
 * expectations one event is pending at a time, however many there are.
 *
 *     play_start.c         the starting state, before the clock runs
 *     play_manifest.c      one manifest, created or applied
 *     play_event.c         one event of the scenario
 *     play_reference.c     whom an event means
 *     play_replay.c        the rows of a trace
 *     play_churn.c         deaths at random
 *     play_pending.c       whom pending events are of, for their memory
 *     play_expectation.c   what was expected, when its time has come
 *     simulation.c         all of it in order
 */
#ifndef EPSIM_SIMULATION_PLAY_H
#define EPSIM_SIMULATION_PLAY_H

#include <stdint.h>

#include "base/vec.h"
#include "simulation/cluster.h"
#include "simulation/simulation.h"

struct churn;
struct replay;

/* A pending event that came near. */
struct pending_event {
    struct event_handle handle;
    const struct churn *churn; /* whose death it is; NULL: another event */
    uint32_t victim;           /* of it: a guess, among the live pods */
};

/* The newest in ring[newest]; with each one that comes, those before it are a step further on the way from
 * the event to the pod. */
#define PENDING_STEPS 5
struct pending {
    struct pending_event ring[PENDING_STEPS];
    uint32_t newest;
};

struct simulation {
    struct cluster cluster;
    bool started, ended;
    uint32_t manifest_next, event_next, apply_next, expectation_next;
    uint32_t event_foreseen; /* events before this one have been foreseen */
    struct pending pending;
    struct replay *replays; /* one a trace */
    VEC(struct churn *) churns;
    VEC(struct expectation_result) results;
};

/* --- starting state ------------------------------------------------------------------------------ */

/* What carries a status, nodes, and rows of traces from before the start; silently. */
void play_starting_state(struct simulation *simulation);
/* It belongs to the starting state: it has a status or, where that does not tell, an identity or the company
 * of pods or nodes with a status. */
bool play_is_starting(const struct scenario *scenario, const struct manifest *manifest);

/* --- manifests and events ------------------------------------------------------------------------ */

void play_manifest(struct cluster *cluster, const struct manifest *manifest);
/* Any verb but EVENT_APPLY. */
void play_event(struct simulation *simulation, const struct scenario_event *event);

/* What events to come will touch of single pods is asked for; to be called before each event, if
 * engine_foresees. */
void play_foresee_events(struct simulation *simulation);

/* NULL when there is none: then the cluster failed, unless `event` has ifPresent. */
struct pod_life *play_pod(struct cluster *cluster, const struct scenario_event *event);
struct workload *play_workload(struct cluster *cluster, const struct scenario_event *event);
struct node_record *play_node(struct cluster *cluster, const struct scenario_event *event);
/* What `event` refers to is not there. */
void play_missing(struct cluster *cluster, const struct scenario_event *event);
/* Where to show that an event could not be carried out. */
struct position play_target_position(const struct scenario_event *event);

/* What pods will touch that kubelets' timers and deaths at random are of is asked for from now on, if
 * engine_foresees; no longer, if not. To be called now and then. */
void play_foresee_pending(struct simulation *simulation);

/* --- generators ---------------------------------------------------------------------------------- */

void play_replays_create(struct simulation *simulation);
void play_replays_destroy(struct simulation *simulation);
/* Rows that were there from the start. */
void play_replays_load(struct simulation *simulation);
/* The first row after the start. */
void play_replays_begin(struct simulation *simulation);

void play_churn_begin(struct simulation *simulation, const struct scenario_event *event);
void play_churns_destroy(struct simulation *simulation);
/* For who foresees a death that is pending, in this order, some events apart: asks for the churn's memory;
 * guesses the victim, and asks for where its number stands; tells who it is, or NULL. */
void play_churn_prefetch(const struct churn *churn);
uint32_t play_churn_guess(const struct churn *churn);
struct pod_life *play_churn_victim(const struct churn *churn, uint32_t guess);

/* The next expectation's time is scheduled. */
void play_expectations_begin(struct simulation *simulation);

#endif
