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

struct simulation {
    struct cluster cluster;
    bool started, ended;
    uint32_t manifest_next, event_next, apply_next, expectation_next;
    uint32_t event_foreseen; /* events before this one have been foreseen */
    struct replay *replays;  /* one a trace */
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

/* --- generators ---------------------------------------------------------------------------------- */

void play_replays_create(struct simulation *simulation);
void play_replays_destroy(struct simulation *simulation);
/* Rows that were there from the start. */
void play_replays_load(struct simulation *simulation);
/* The first row after the start. */
void play_replays_begin(struct simulation *simulation);

void play_churn_begin(struct simulation *simulation, const struct scenario_event *event);
void play_churns_destroy(struct simulation *simulation);

/* The next expectation's time is scheduled. */
void play_expectations_begin(struct simulation *simulation);

#endif
