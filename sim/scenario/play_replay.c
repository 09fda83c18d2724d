/*
 * play_replay.c: the rows of a trace, each an event of its own, of which one is pending at a time.
 *
 * A pod carries the selector of its Service as labels, and its own beside. Where the trace says when a pod
 * turns ready, it stays not ready until then; else it does so after pods.ready. A row about a pod that is
 * gone by then (evicted, deleted by an event) is passed over: the trace does not know of this run's events.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scenario/objects.h"
#include "scenario/play.h"

struct replay {
    struct simulation *simulation;
    const struct trace *trace;
    uint32_t next;                   /* row */
    const struct labels **selectors; /* by service; NULL: not looked up yet */
    uint8_t *has_ready;              /* by pod: a row of the trace tells when it is ready */
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
        replay->has_ready = mem_zalloc(trace->pod_count);
        for (uint32_t k = 0; k < trace->row_count; k++) {
            if (trace->rows[k].verb == TRACE_READY)
                replay->has_ready[trace->rows[k].pod] = 1;
        }
    }
}

void play_replays_destroy(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++) {
        free(simulation->replays[i].selectors);
        free(simulation->replays[i].has_ready);
    }
    free(simulation->replays);
}

/* --- rows
 * -------------------------------------------------------------------------------------------------------- */

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

static void create_pod(struct replay *replay, uint32_t index, bool settled)
{
    struct cluster *cluster = &replay->simulation->cluster;
    const struct trace *trace = replay->trace;
    const struct trace_pod *pod = &trace->pods[index];
    sym namespace = cluster_sym(cluster, trace->namespace);
    sym node = pod->node ? cluster_sym(cluster, pod->node) : SYM_EMPTY;
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
    if (life_find(cluster, namespace, pod->name)) {
        cluster_fail(cluster, trace->at, "the trace's pod '%s' exists already", pod->name);
        return;
    }
    struct pod_birth birth = {
        .namespace = namespace,
        .name = pod->name,
        .labels = objects_merge(cluster, *selector, &pod->labels),
        .node_name = node,
        .held = replay->has_ready[index] != 0,
        .settled = settled,
    };
    kubelet_create_pod(cluster, &birth);
}

static void play_row(struct replay *replay, const struct trace_row *row, bool settled)
{
    struct cluster *cluster = &replay->simulation->cluster;
    cluster->cause = replay->trace->at;
    if (row->verb == TRACE_CREATE) {
        create_pod(replay, row->pod, settled);
        return;
    }
    struct pod_life *life = life_find(
        cluster, cluster_sym(cluster, replay->trace->namespace), replay->trace->pods[row->pod].name);
    if (!life)
        return;
    if (row->verb == TRACE_READY)
        kubelet_set_ready(life, true);
    else
        kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
}

/* --- in time
 * ------------------------------------------------------------------------------------------------------ */

static void on_row(void *subject, uint64_t argument);

static void schedule(struct replay *replay)
{
    if (replay->next < replay->trace->row_count)
        clock_at(&replay->simulation->cluster.clock, replay->trace->rows[replay->next].at_ns, PHASE_SCENARIO,
            PLAY_TRACE, on_row, replay, replay->next);
}

static void on_row(void *subject, uint64_t argument)
{
    struct replay *replay = subject;
    play_row(replay, &replay->trace->rows[argument], false);
    replay->next++;
    schedule(replay);
}

void play_replays_load(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++) {
        struct replay *replay = &simulation->replays[i];
        const struct trace *trace = replay->trace;
        while (replay->next < trace->row_count && trace->rows[replay->next].at_ns < 0)
            play_row(replay, &trace->rows[replay->next++], true);
    }
}

void play_replays_begin(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->cluster.scenario->traces.count; i++)
        schedule(&simulation->replays[i]);
}
