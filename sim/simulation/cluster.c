/*
 * cluster.c: see cluster.h.
 */
#include "simulation/cluster.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct position cluster_nowhere(void)
{
    return (struct position){.source = 0, .line = 1, .column = 1, .length = 1};
}

void cluster_fail(struct cluster *cluster, struct position at, const char *format, ...)
{
    if (cluster->failed)
        return;
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    text_add(&cluster->failure, message);
    cluster->failed = true;
    cluster->failed_at = at.line ? at : cluster->cause.line ? cluster->cause : cluster_nowhere();
    clock_stop(&cluster->clock);
}

void cluster_stream(const struct cluster *cluster, struct random_stream *stream, const char *format, ...)
{
    char name[1024]; /* three names of Kubernetes, 253 bytes each at most */
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    random_stream_init(stream, cluster->seed, cluster->run, name);
}

static void count_pod_event(void *watcher, const struct change *change)
{
    struct cluster *cluster = watcher;
    if (change->kind == OBJECT_POD)
        cluster->pod_event_count++;
}

/* Cluster IPs that manifests ask for are not given to Services that are created before them. */
static void reserve_cluster_ips(struct cluster *cluster, const struct manifest *manifests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (manifests[i].kind != MANIFEST_SERVICE || !manifests[i].service.cluster_ip)
            continue;
        const char *text = manifests[i].service.cluster_ip;
        ipam_reserve_cluster_ip(&cluster->ipam, ip_parse(text, strlen(text)));
    }
}

bool cluster_init(struct cluster *cluster, const struct scenario *scenario, uint64_t seed, uint64_t run)
{
    *cluster = (struct cluster){.scenario = scenario, .seed = seed, .run = run};
    clock_init(&cluster->clock, seed, run);
    lives_init(cluster);
    cluster->store = store_create(&cluster->clock, scenario->start_s);
    cluster->catalog = store_catalog(cluster->store);
    cluster->engine = engine_create(cluster->store, &scenario->engine);
    store_watch(cluster->store, count_pod_event, cluster);
    cluster_stream(cluster, &cluster->start_stream, "pods.start");
    cluster_stream(cluster, &cluster->ready_stream, "pods.ready");
    cluster_stream(cluster, &cluster->stop_stream, "pods.stop");
    cluster_stream(cluster, &cluster->removal_stream, "delays/removal");
    struct text problem = {0};
    if (!ipam_init(&cluster->ipam, scenario, &problem))
        cluster_fail(cluster, cluster_nowhere(), "%s", problem.data);
    text_fini(&problem);
    reserve_cluster_ips(cluster, scenario->manifests.items, scenario->manifests.count);
    for (uint32_t i = 0; i < scenario->events.count; i++)
        reserve_cluster_ips(
            cluster, scenario->events.items[i].manifests, scenario->events.items[i].manifest_count);
    return !cluster->failed;
}

void cluster_fini(struct cluster *cluster)
{
    engine_destroy(cluster->engine);
    reaper_fini(cluster);
    lives_fini(cluster);
    store_destroy(cluster->store);
    workloads_fini(cluster);
    scheduler_fini(cluster);
    nodes_fini(cluster);
    ipam_fini(&cluster->ipam);
    ip_use_fini(&cluster->ip_use);
    bindings_fini(&cluster->bindings);
    clock_fini(&cluster->clock);
    text_fini(&cluster->failure);
}
