/*
 * simulation.h: one run of a scenario: it builds clock, store and engine, and plays events, workloads,
 * kubelets and traces against them.
 *
 * simulation_create -> engine_observe(simulation_engine(..)) / clock_observe -> simulation_start
 * -> simulation_run_until (any number of times) -> simulation_destroy
 */
#ifndef EPSIM_SIMULATION_SIMULATION_H
#define EPSIM_SIMULATION_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"
#include "scenario/scenario.h"

struct simulation;

/* The scenario is borrowed. `run`: run number, 0 and up. `kube_sizes` and the like are in scenario->engine.
 */
struct simulation *simulation_create(const struct scenario *scenario, uint64_t seed, uint64_t run);
void simulation_destroy(struct simulation *simulation);

struct clock *simulation_clock(struct simulation *simulation);
struct store *simulation_store(struct simulation *simulation);
struct engine *simulation_engine(struct simulation *simulation);

/* Loads the starting state, starts the engine and schedules the scenario's first events. Observers must
 * have been added. */
void simulation_start(struct simulation *simulation);
/* Everything up to and including `until_ns` (INT64_MAX: to the end), and not beyond scenario->until_ns.
 * STATUS_OK, or STATUS_FAILED when an event could not be carried out (its position and the reason are in
 * scenario order: simulation_failure). Stops early, with STATUS_INTERRUPTED, when *interrupted becomes true
 * (may be NULL); it is looked at every few thousand events. `progress`, if not NULL, is called then too. */
enum status simulation_run_until(struct simulation *simulation, int64_t until_ns,
    const volatile int *interrupted, void (*progress)(void *context, const struct simulation *simulation),
    void *context);
/* At most so many events, and not beyond scenario->until_ns. False when there were fewer: the run is over, or
 * it failed, and simulation_failure tells why. */
bool simulation_run_events(struct simulation *simulation, uint32_t events_max);
/* After STATUS_FAILED: the message; *out_at its position. Owned by the simulation. */
const char *simulation_failure(const struct simulation *simulation, struct position *out_at);

/* Time of the last event that ran; when the run has an end (`until`), that. */
int64_t simulation_now_ns(const struct simulation *simulation);
/* Where the run will end, for progress: until_ns or the last scenario event's time known so far. */
int64_t simulation_end_ns(const struct simulation *simulation);
/* Pod events so far: creations, deletions, relabels, readiness and address changes of pods. */
uint64_t simulation_pod_event_count(const struct simulation *simulation);

/* A workload as it is now. Pods name it by its number (`owner` of struct pod). */
struct workload_state {
    uint32_t number; /* from 1 in the order of creation; ReplicaSets of Deployments have one too */
    uint32_t owner;  /* number of a ReplicaSet's Deployment; 0: none */
    enum workload_kind kind;
    sym namespace, name;
    struct uuid uid;
    int64_t created_s;
    uint32_t replicas; /* wanted; of a DaemonSet: nodes */
    uint32_t current;  /* pods neither terminating nor finished */
    uint32_t updated;  /* of these, of the present revision */
    uint32_t ready;
    uint32_t available; /* ready for minReadySeconds */
};
/* Numbers so far. */
uint32_t simulation_workload_count(const struct simulation *simulation);
/* False when the workload of this number is gone. O(its ReplicaSets). */
bool simulation_workload(const struct simulation *simulation, uint32_t number, struct workload_state *out);

/* Expectations whose time has come. */
struct expectation_result {
    const struct expectation *expectation;
    const struct expected_value *value;
    bool passed;
    bool service_missing;
    bool got_null;
    double got;
};
uint32_t simulation_result_count(const struct simulation *simulation);
struct expectation_result simulation_result(const struct simulation *simulation, uint32_t index);

#endif
