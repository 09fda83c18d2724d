/*
 * play_reference.c: whom an event means. A pod is known by its own name, and by NAME-ORDINAL of the workload
 * that made it; its own name wins.
 */
#include <string.h>

#include "base/calendar.h"
#include "simulation/play.h"

static const char *kind_text(enum reference_kind kind)
{
    switch (kind) {
    case REFERENCE_POD:
        return "pod";
    case REFERENCE_SERVICE:
        return "service";
    case REFERENCE_NODE:
        return "node";
    case REFERENCE_ZONE:
        return "zone";
    case REFERENCE_ENDPOINTS:
        return "endpoints";
    case REFERENCE_ENDPOINTSLICE:
        return "endpointslice";
    case REFERENCE_DEPLOYMENT:
        return "deployment";
    case REFERENCE_REPLICASET:
        return "replicaset";
    case REFERENCE_STATEFULSET:
        return "statefulset";
    case REFERENCE_DAEMONSET:
        return "daemonset";
    case REFERENCE_NAMESPACE:
        return "namespace";
    }
    return "";
}

struct position play_target_position(const struct scenario_event *event)
{
    return event->target.at.line ? event->target.at : event->at;
}

void play_missing(struct cluster *cluster, const struct scenario_event *event)
{
    if (event->if_present)
        return;
    const struct reference *target = &event->target;
    bool plain = !target->namespace || !*target->namespace || !strcmp(target->namespace, "default");
    struct text when = {0};
    text_add_duration(&when, cluster_now(cluster));
    cluster_fail(cluster, play_target_position(event),
        "at %s %s%s%s/%s is not there (ifPresent: true skips the event then)", when.data,
        plain ? "" : target->namespace, plain ? "" : "/", kind_text(target->kind), target->name);
    text_fini(&when);
}

struct pod_life *play_pod(struct cluster *cluster, const struct scenario_event *event)
{
    const struct reference *target = &event->target;
    sym namespace = bindings_namespace(cluster, target->namespace);
    struct pod_life *life = life_find_hashed(cluster, namespace, target->name, target->name_hash);
    if (!life)
        life = bindings_made_pod(cluster, target);
    if (!life)
        play_missing(cluster, event);
    return life;
}

struct workload *play_workload(struct cluster *cluster, const struct scenario_event *event)
{
    enum workload_kind kind;
    switch (event->target.kind) {
    case REFERENCE_DEPLOYMENT:
        kind = WORKLOAD_DEPLOYMENT;
        break;
    case REFERENCE_REPLICASET:
        kind = WORKLOAD_REPLICASET;
        break;
    case REFERENCE_STATEFULSET:
        kind = WORKLOAD_STATEFULSET;
        break;
    case REFERENCE_DAEMONSET:
        kind = WORKLOAD_DAEMONSET;
        break;
    default:
        cluster_fail(cluster, play_target_position(event), "'%s' is a %s, not a workload", event->target.name,
            kind_text(event->target.kind));
        return NULL;
    }
    struct workload *workload =
        workloads_find(cluster, kind, cluster_sym(cluster, event->target.namespace), event->target.name);
    if (!workload)
        play_missing(cluster, event);
    return workload;
}

struct node_record *play_node(struct cluster *cluster, const struct scenario_event *event)
{
    struct node_record *record = nodes_find(cluster, cluster_sym(cluster, event->target.name));
    if (!record)
        play_missing(cluster, event);
    return record;
}
