/*
 * play_replay.c: the rows of a trace, each an event of its own, of which one is pending at a time.
 *
 * A pod carries the selector of its Service as labels, and its own beside. Where the trace says when pods
 * turn ready, they stay not ready until then (a pod that is ready when it is created is one change, without
 * delays); else they do so after pods.ready. A row about a pod that is
 * gone by then (evicted, deleted by an event) is passed over: the trace does not know of this run's events.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "simulation/objects.h"
#include "simulation/play.h"

/* Of those that are foreseen, so many further. */
#define ROWS_AHEAD 4

struct replay {
    struct simulation *simulation;
    const struct trace *trace;
    uint32_t next;                   /* row */
    uint32_t foreseen;               /* rows before this one have been foreseen */
    const struct labels **selectors; /* by service; NULL: not looked up yet */
};

void play_replays_create(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->cluster.scenario;
    simulation->replays = mem_array(NULL, scenario->traces.count, sizeof *simulation->replays);
    for (uint32_t i = 0; i < scenario->traces.count; i++) {
        const struct trace *trace = &scenario->traces.items[i];
        struct replay *replay = &simulation->replays[i];
        *replay = (struct replay){.simulation = simulation, .trace = trace};
        replay->selectors = mem_zalloc(trace->service_count * sizeof *replay->selectors);
    }
}

void play_replays_destroy(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++)
        free(simulation->replays[i].selectors);
    free(simulation->replays);
}

/* --- rows ---------------------------------------------------------------------------------------- */

/* The Service's selector as it is now or, before the Service is there, as its manifest says. NULL: failed. */
static const struct labels *look_up_selector(
    struct cluster *cluster, const struct trace *trace, const char *name)
{
    const struct service *service =
        store_service(cluster->store, cluster_sym(cluster, trace->namespace), cluster_sym(cluster, name));
    if (service)
        return service->selector ? service->selector : labels_empty(cluster->catalog);
    for (uint32_t i = 0; i < cluster->scenario->manifests.count; i++) {
        const struct manifest *manifest = &cluster->scenario->manifests.items[i];
        if (manifest->kind == MANIFEST_SERVICE && !strcmp(manifest->metadata.name, name) &&
            !strcmp(manifest->metadata.namespace, trace->namespace))
            return objects_labels(cluster, &manifest->service.selector);
    }
    cluster_fail(cluster, trace->at, "service '%s' of the trace is not there", name);
    return NULL;
}

static void create_pod(struct replay *replay, uint32_t index, bool settled, bool held)
{
    struct cluster *cluster = &replay->simulation->cluster;
    const struct trace *trace = replay->trace;
    const struct trace_pod *pod = &trace->pods[index];
    sym namespace = bindings_namespace(cluster, trace->namespace);
    sym node = *pod->node ? cluster_sym(cluster, pod->node) : SYM_EMPTY;
    const struct labels **selector = &replay->selectors[pod->service];
    if (!*selector)
        *selector = look_up_selector(cluster, trace, trace->services[pod->service]);
    if (!*selector)
        return;
    if (node != SYM_EMPTY && !nodes_find(cluster, node)) {
        cluster_fail(
            cluster, trace->at, "node '%s' of the trace's pod '%s' is not there", pod->node, pod->name);
        return;
    }
    if (life_find_hashed(cluster, namespace, pod->name, pod->name_hash)) {
        cluster_fail(cluster, trace->at, "the trace's pod '%s' exists already", pod->name);
        return;
    }
    struct pod_birth birth = {
        .namespace = namespace,
        .name = pod->name,
        .name_hash = pod->name_hash,
        .labels = objects_merge(cluster, *selector, &pod->labels),
        .node_name = node,
        .held = held,
        .settled = settled,
    };
    kubelet_create_pod(cluster, &birth);
}

/* The pod of a creation is ready at the same time: the row after it says so. */
static bool is_ready_at_once(const struct replay *replay, const struct trace_row *row)
{
    const struct trace_row *next = row + 1;
    return next < replay->trace->rows + replay->trace->row_count && next->verb == TRACE_READY &&
           next->pod == row->pod && next->at_ns == row->at_ns;
}

/* Plays the next row, or two. */
static void play_row(struct replay *replay)
{
    struct cluster *cluster = &replay->simulation->cluster;
    const struct trace *trace = replay->trace;
    const struct trace_row *row = &trace->rows[replay->next++];
    cluster->cause = trace->at;
    if (row->verb == TRACE_CREATE) {
        bool ready = is_ready_at_once(replay, row);
        bool from_start = row->at_ns < 0;
        replay->next += ready;
        create_pod(replay, row->pod, ready || from_start, trace->has_ready && !ready);
        return;
    }
    const struct trace_pod *pod = &trace->pods[row->pod];
    struct pod_life *life =
        life_find_hashed(cluster, bindings_namespace(cluster, trace->namespace), pod->name, pod->name_hash);
    if (!life)
        return;
    if (row->verb == TRACE_READY)
        kubelet_set_ready(life, true);
    else
        kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
}

/* What the next rows will touch is asked for (engine/foresight.h); before that, what they say themselves. */
static void foresee(struct replay *replay)
{
    struct cluster *cluster = &replay->simulation->cluster;
    const struct trace *trace = replay->trace;
    static const enum foreseen_kind kinds[] = {[TRACE_CREATE] = FORESEEN_CHANGE,
        [TRACE_READY] = FORESEEN_CHANGE,
        [TRACE_DELETE] = FORESEEN_DELETION};
    if (replay->foreseen < replay->next)
        replay->foreseen = replay->next;
    while (replay->foreseen < trace->row_count && replay->foreseen - replay->next < FORESIGHT_EVENTS) {
        const struct trace_row *row = &trace->rows[replay->foreseen++];
        const struct trace_pod *pod = &trace->pods[row->pod];
        mem_prefetch_line(pod->name);
        life_foresee(
            cluster, bindings_namespace(cluster, trace->namespace), pod->name_hash, kinds[row->verb]);
        if (trace->row_count - replay->foreseen > ROWS_AHEAD)
            mem_prefetch(&trace->pods[row[ROWS_AHEAD].pod], sizeof *pod);
    }
}

/* --- in time ------------------------------------------------------------------------------------- */

static void on_row(void *subject, uint64_t argument);

static void schedule(struct replay *replay)
{
    if (replay->next < replay->trace->row_count)
        clock_at(&replay->simulation->cluster.clock, replay->trace->rows[replay->next].at_ns, PHASE_SCENARIO,
            PLAY_TRACE, on_row, replay, replay->next);
}

static void on_row(void *subject, uint64_t argument)
{
    (void)argument;
    struct replay *replay = subject;
    if (engine_foresees(replay->simulation->cluster.engine))
        foresee(replay);
    play_row(replay);
    schedule(replay);
}

void play_replays_load(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++) {
        struct replay *replay = &simulation->replays[i];
        const struct trace *trace = replay->trace;
        while (replay->next < trace->row_count && trace->rows[replay->next].at_ns < 0)
            play_row(replay);
    }
}

void play_replays_begin(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++)
        schedule(&simulation->replays[i]);
}
