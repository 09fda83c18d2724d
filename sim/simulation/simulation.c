/*
 * simulation.c: see simulation.h. The order of a run:
 *
 *     starting state       silently (play_start.c), then every Service is synced once (engine_start)
 *     t = 0                manifests without a status, one event each, in file order; a workload's pods
 * follow it one by one, since PHASE_WORKLOAD comes before the next PHASE_SCENARIO then events, traces and
 * churn, in the order of their times
 */
#include "simulation/simulation.h"

#include <stdlib.h>

#include "base/mem.h"
#include "simulation/deployment.h"
#include "simulation/play.h"

/* How many events lie between two looks at `interrupted`. */
#define LOOK_EVERY 4096

struct simulation *simulation_create(const struct scenario *scenario, uint64_t seed, uint64_t run)
{
    struct simulation *simulation = mem_zalloc(sizeof *simulation);
    cluster_init(&simulation->cluster, scenario, seed, run);
    play_replays_create(simulation);
    return simulation;
}

void simulation_destroy(struct simulation *simulation)
{
    if (!simulation)
        return;
    play_churns_destroy(simulation);
    play_replays_destroy(simulation);
    cluster_fini(&simulation->cluster);
    vec_fini(&simulation->results);
    free(simulation);
}

struct clock *simulation_clock(struct simulation *simulation)
{
    return &simulation->cluster.clock;
}

struct store *simulation_store(struct simulation *simulation)
{
    return simulation->cluster.store;
}

struct engine *simulation_engine(struct simulation *simulation)
{
    return simulation->cluster.engine;
}

/* --- events of the scenario ---------------------------------------------------------------------- */

static void on_event(void *subject, uint64_t argument);

static void schedule_event(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->cluster.scenario;
    if (simulation->event_next < scenario->events.count)
        clock_at(&simulation->cluster.clock, scenario->events.items[simulation->event_next].at_ns,
            PHASE_SCENARIO, PLAY_EVENT, on_event, simulation, simulation->event_next);
}

/* Several events as one: nobody is told of anything before the last one is done. */
static void play_joined(struct simulation *simulation, const struct scenario_event *first)
{
    struct cluster *cluster = &simulation->cluster;
    const struct scenario *scenario = cluster->scenario;
    store_set_relisting(cluster->store, first->relist);
    do {
        const struct scenario_event *event = &scenario->events.items[simulation->event_next++];
        for (uint32_t i = 0; i < event->manifest_count && !cluster->failed; i++)
            play_manifest(cluster, &event->manifests[i]);
        if (event->verb != EVENT_APPLY)
            play_event(simulation, event);
    } while (!cluster->failed && simulation->event_next < scenario->events.count &&
             scenario->events.items[simulation->event_next].is_joined);
    store_set_relisting(cluster->store, false);
}

/* Of an `apply` with several manifests each is an event of its own, like those of the file. */
static void on_event(void *subject, uint64_t argument)
{
    struct simulation *simulation = subject;
    const struct scenario *scenario = simulation->cluster.scenario;
    const struct scenario_event *event = &scenario->events.items[argument];
    if (engine_foresees(simulation->cluster.engine))
        play_foresee_events(simulation);
    if (event->is_together) {
        play_joined(simulation, event);
    } else if (event->verb == EVENT_APPLY) {
        if (simulation->apply_next < event->manifest_count)
            play_manifest(&simulation->cluster, &event->manifests[simulation->apply_next++]);
        if (simulation->apply_next >= event->manifest_count) {
            simulation->event_next++;
            simulation->apply_next = 0;
        }
    } else {
        play_event(simulation, event);
        simulation->event_next++;
    }
    schedule_event(simulation);
}

/* --- the beginning ------------------------------------------------------------------------------- */

static void on_manifest(void *subject, uint64_t argument);

/* The next manifest that is not part of the starting state; after the last one, the rest of the scenario. */
static void schedule_manifest(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->cluster.scenario;
    while (simulation->manifest_next < scenario->manifests.count &&
           play_is_starting(scenario, &scenario->manifests.items[simulation->manifest_next]))
        simulation->manifest_next++;
    if (simulation->manifest_next < scenario->manifests.count) {
        clock_at(&simulation->cluster.clock, 0, PHASE_SCENARIO, PLAY_MANIFEST, on_manifest, simulation,
            simulation->manifest_next);
        return;
    }
    schedule_event(simulation);
    play_replays_begin(simulation);
}

static void on_manifest(void *subject, uint64_t argument)
{
    struct simulation *simulation = subject;
    play_manifest(&simulation->cluster, &simulation->cluster.scenario->manifests.items[argument]);
    simulation->manifest_next++;
    schedule_manifest(simulation);
}

void simulation_start(struct simulation *simulation)
{
    struct cluster *cluster = &simulation->cluster;
    if (simulation->started || cluster->failed)
        return;
    simulation->started = true;
    play_starting_state(simulation);
    if (cluster->failed)
        return;
    engine_start(cluster->engine);
    workloads_wake(cluster);
    schedule_manifest(simulation);
    play_expectations_begin(simulation);
}

/* --- the run ------------------------------------------------------------------------------------- */

enum status simulation_run_until(struct simulation *simulation, int64_t until_ns,
    const volatile int *interrupted, void (*progress)(void *context, const struct simulation *simulation),
    void *context)
{
    struct cluster *cluster = &simulation->cluster;
    int64_t end_ns = cluster->scenario->until_ns;
    if (end_ns >= 0 && until_ns > end_ns)
        until_ns = end_ns;
    play_foresee_pending(simulation);
    while (clock_run_some(&cluster->clock, until_ns, LOOK_EVERY)) {
        play_foresee_pending(simulation);
        if (interrupted && __atomic_load_n(interrupted, __ATOMIC_RELAXED))
            return STATUS_INTERRUPTED;
        if (progress)
            progress(context, simulation);
    }
    if (cluster->failed)
        return STATUS_FAILED;
    simulation->ended |= end_ns >= 0 && until_ns == end_ns;
    return STATUS_OK;
}

bool simulation_run_events(struct simulation *simulation, uint32_t events_max)
{
    struct cluster *cluster = &simulation->cluster;
    int64_t end_ns = cluster->scenario->until_ns;
    if (clock_run_some(&cluster->clock, end_ns >= 0 ? end_ns : INT64_MAX, events_max))
        return true;
    simulation->ended |= end_ns >= 0 && !cluster->failed;
    return false;
}

const char *simulation_failure(const struct simulation *simulation, struct position *out_at)
{
    if (out_at)
        *out_at = simulation->cluster.failed_at;
    return simulation->cluster.failed ? simulation->cluster.failure.data : "";
}

/* --- questions ----------------------------------------------------------------------------------- */

int64_t simulation_now_ns(const struct simulation *simulation)
{
    return simulation->ended ? simulation->cluster.scenario->until_ns : cluster_now(&simulation->cluster);
}

int64_t simulation_end_ns(const struct simulation *simulation)
{
    const struct scenario *scenario = simulation->cluster.scenario;
    if (scenario->until_ns >= 0)
        return scenario->until_ns;
    int64_t end_ns = cluster_now(&simulation->cluster);
    if (scenario->events.count > 0 && vec_last(&scenario->events).at_ns > end_ns)
        end_ns = vec_last(&scenario->events).at_ns;
    if (scenario->expectations.count > 0 && vec_last(&scenario->expectations).at_ns > end_ns)
        end_ns = vec_last(&scenario->expectations).at_ns;
    for (uint32_t i = 0; i < scenario->traces.count; i++) {
        const struct trace *trace = &scenario->traces.items[i];
        if (trace->row_count > 0 && trace->rows[trace->row_count - 1].at_ns > end_ns)
            end_ns = trace->rows[trace->row_count - 1].at_ns;
    }
    return end_ns;
}

uint64_t simulation_pod_event_count(const struct simulation *simulation)
{
    return simulation->cluster.pod_event_count;
}

uint32_t simulation_result_count(const struct simulation *simulation)
{
    return simulation->results.count;
}

struct expectation_result simulation_result(const struct simulation *simulation, uint32_t index)
{
    EPSIM_ASSERT(index < simulation->results.count);
    return simulation->results.items[index];
}

uint32_t simulation_workload_count(const struct simulation *simulation)
{
    return simulation->cluster.workloads.items.count;
}

bool simulation_workload(const struct simulation *simulation, uint32_t number, struct workload_state *out)
{
    const struct workloads *workloads = &simulation->cluster.workloads;
    const struct workload *workload =
        number >= 1 && number <= workloads->items.count ? workloads->items.items[number - 1] : NULL;
    if (!workload || workload->deleted)
        return false;
    *out = (struct workload_state){
        .number = number,
        .owner = workload->root == workload ? 0 : workload->root->number,
        .kind = workload->kind,
        .namespace = workload->namespace,
        .name = workload->name,
        .uid = workload->uid,
        .created_s = workload->created_s,
        .replicas = workload->replicas,
        .current = workload_live_count(workload),
        .ready = workload->ready_count,
        .available = workload->available_count,
    };
    out->updated = workload->class->updated_count ? workload->class->updated_count(workload) : out->current;
    if (workload->kind == WORKLOAD_DAEMONSET)
        out->replicas = simulation->cluster.nodes.present_count;
    if (workload->kind == WORKLOAD_DEPLOYMENT)
        deployment_counts(workload, &out->ready, &out->available);
    return true;
}
