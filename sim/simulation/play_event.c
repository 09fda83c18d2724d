/*
 * play_event.c: one event of the scenario, verb by verb.
 *
 * An event whose object is gone stops the run with its position, unless it says ifPresent. So does one whose
 * pod is there and cannot do it: a pod that has failed does not turn ready.
 */
#include <string.h>

#include "base/mem.h"
#include "simulation/objects.h"
#include "simulation/play.h"

static void cannot(struct cluster *cluster, const struct scenario_event *event, const char *why)
{
    cluster_fail(cluster, play_target_position(event), "'%s' %s", event->target.name, why);
}

/* The pod is there, but no longer what the event takes it for. */
static void cannot_any_more(struct cluster *cluster, const struct scenario_event *event, const char *why)
{
    if (!event->if_present)
        cannot(cluster, event, why);
}

/* --- pods ---------------------------------------------------------------------------------------- */

struct ip_search {
    struct ip ip;
    const struct pod *found;
};

static bool has_ip(void *context, const void *object)
{
    struct ip_search *search = context;
    const struct pod *pod = object;
    bool finished = pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED;
    for (uint32_t i = 0; i < pod_ip_count(pod) && !finished; i++) {
        if (ip_equal(pod_ip(pod, i), search->ip))
            search->found = pod;
    }
    return !search->found;
}

/* True: failed. O(1) but for the first time, and when it fails. */
static bool ip_is_taken(struct cluster *cluster, const struct scenario_event *event)
{
    for (uint32_t i = 0; i < event->pod.ip_count; i++) {
        struct ip_search search = {.ip = ip_parse(event->pod.ips[i], strlen(event->pod.ips[i]))};
        if (!ip_use_may_have(&cluster->ip_use, cluster->store, search.ip))
            continue;
        store_each(cluster->store, OBJECT_POD, SYM_EMPTY, has_ip, &search);
        if (!search.found)
            continue;
        cluster_fail(cluster, event->at, "the IP %s is that of pod '%s'", event->pod.ips[i],
            target_name_here(pod_self(search.found)));
        return true;
    }
    return false;
}

static void play_create(struct cluster *cluster, const struct scenario_event *event)
{
    const struct reference *target = &event->target;
    sym namespace = bindings_namespace(cluster, target->namespace);
    if (life_find_hashed(cluster, namespace, target->name, target->name_hash)) {
        cannot(cluster, event, "exists already");
        return;
    }
    const struct pod_spec *spec = &event->pod;
    const char *node = spec->node_name ? spec->node_name : "";
    if (*node && !nodes_find(cluster, cluster_sym(cluster, node))) {
        cluster_fail(cluster, event->at, "node '%s' is not there", node);
        return;
    }
    if (ip_is_taken(cluster, event))
        return;
    struct pod_birth birth = {
        .namespace = namespace,
        .name = target->name,
        .name_hash = target->name_hash,
        .labels = objects_labels(cluster, &event->labels),
        .ports = objects_container_ports(cluster, spec),
        .hostname = cluster_sym(cluster, spec->hostname ? spec->hostname : ""),
        .subdomain = cluster_sym(cluster, spec->subdomain ? spec->subdomain : ""),
        .node_name = cluster_sym(cluster, node),
        .spec = spec,
        .held = !event->create_ready,
    };
    kubelet_create_pod(cluster, &birth);
}

static void play_pod_verb(struct cluster *cluster, const struct scenario_event *event)
{
    struct pod_life *life = play_pod(cluster, event);
    if (!life)
        return;
    switch (event->verb) {
    case EVENT_READY:
    case EVENT_UNREADY:
        if (!kubelet_set_ready(life, event->verb == EVENT_READY))
            cannot_any_more(cluster, event, "has finished: it cannot change its readiness");
        break;
    case EVENT_RESTART:
        if (!kubelet_restart(life))
            cannot_any_more(cluster, event, "has finished: it cannot restart");
        break;
    case EVENT_READDRESS:
        if (!kubelet_readdress(life))
            cannot_any_more(cluster, event, "has no address that could change");
        break;
    case EVENT_FAIL:
        kubelet_fail(life);
        break;
    case EVENT_DELETE:
        kubelet_delete_pod(life, event->grace_ns < 0 ? KUBELET_GRACE_DEFAULT : event->grace_ns);
        break;
    default:
        break;
    }
}

/* --- nodes --------------------------------------------------------------------------------------- */

static void play_node_verb(struct cluster *cluster, const struct scenario_event *event)
{
    if (event->target.kind == REFERENCE_NODE) {
        struct node_record *record = play_node(cluster, event);
        if (record && event->verb == EVENT_FAIL)
            node_fail(record);
        else if (record)
            node_recover(record);
        return;
    }
    sym zone = cluster_sym(cluster, event->target.name);
    bool found = false;
    for (uint32_t i = 0; i < cluster->nodes.items.count; i++) {
        struct node_record *record = nodes_at(&cluster->nodes, i);
        if (!record->present || record->zone != zone)
            continue;
        found = true;
        if (event->verb == EVENT_FAIL)
            node_fail(record);
        else
            node_recover(record);
    }
    if (!found)
        play_missing(cluster, event);
}

/* --- deletions ----------------------------------------------------------------------------------- */

static void delete_service(struct cluster *cluster, const struct service *service)
{
    const char *ip = cluster_text(cluster, service->cluster_ip);
    ipam_give_cluster_ip(&cluster->ipam, ip_parse(ip, strlen(ip)));
    store_remove_service(cluster->store, service->meta.namespace, service->meta.name);
}

struct names {
    VEC(sym) items;
};

static bool collect_service(void *context, const void *object)
{
    struct names *names = context;
    vec_push(&names->items, ((const struct service *)object)->meta.name);
    return true;
}

static bool collect_endpoints(void *context, const void *object)
{
    struct names *names = context;
    vec_push(&names->items, ((const struct endpoints *)object)->meta.name);
    return true;
}

static bool collect_slice(void *context, const void *object)
{
    struct names *names = context;
    vec_push(&names->items, ((const struct endpointslice *)object)->meta.name);
    return true;
}

static bool collect_pod(void *context, const void *object)
{
    struct cluster *cluster = context;
    const struct pod *pod = object;
    reaper_add(life_find_of(cluster, pod_self(pod)));
    return true;
}

/* Everything in it: workloads first, so that nothing is replaced, then Services, then the objects that no
 * controller removes with them, and the pods one after the other. */
static void delete_namespace(struct cluster *cluster, sym namespace)
{
    struct names names = {0};
    for (uint32_t i = 0; i < cluster->workloads.items.count; i++) {
        struct workload *workload = cluster->workloads.items.items[i];
        if (workload && workload->namespace == namespace && workload->root == workload && !workload->deleted)
            workload_delete(workload);
    }
    store_each(cluster->store, OBJECT_SERVICE, namespace, collect_service, &names);
    for (uint32_t i = 0; i < names.items.count; i++)
        delete_service(cluster, store_service(cluster->store, namespace, names.items.items[i]));
    vec_clear(&names.items);
    store_each(cluster->store, OBJECT_ENDPOINTS, namespace, collect_endpoints, &names);
    for (uint32_t i = 0; i < names.items.count; i++)
        engine_delete_endpoints(cluster->engine, namespace, names.items.items[i]);
    vec_clear(&names.items);
    store_each(cluster->store, OBJECT_ENDPOINTSLICE, namespace, collect_slice, &names);
    for (uint32_t i = 0; i < names.items.count; i++)
        engine_delete_endpointslice(cluster->engine, namespace, names.items.items[i]);
    vec_fini(&names.items);
    store_each(cluster->store, OBJECT_POD, namespace, collect_pod, cluster);
}

static void play_delete(struct cluster *cluster, const struct scenario_event *event)
{
    if (event->target.kind == REFERENCE_POD) {
        play_pod_verb(cluster, event); /* names of pods come and go: they become no symbols */
        return;
    }
    sym namespace = cluster_sym(cluster, event->target.namespace ? event->target.namespace : "");
    sym name = cluster_sym(cluster, event->target.name);
    const struct service *service;
    struct node_record *record;
    struct workload *workload;
    switch (event->target.kind) {
    case REFERENCE_POD:
        return;
    case REFERENCE_SERVICE:
        service = store_service(cluster->store, namespace, name);
        if (service)
            delete_service(cluster, service);
        else
            play_missing(cluster, event);
        return;
    case REFERENCE_NODE:
        record = play_node(cluster, event);
        if (record)
            node_remove(record);
        return;
    case REFERENCE_ENDPOINTS:
        if (!engine_delete_endpoints(cluster->engine, namespace, name))
            play_missing(cluster, event);
        return;
    case REFERENCE_ENDPOINTSLICE:
        if (!engine_delete_endpointslice(cluster->engine, namespace, name))
            play_missing(cluster, event);
        return;
    case REFERENCE_DEPLOYMENT:
    case REFERENCE_REPLICASET:
    case REFERENCE_STATEFULSET:
    case REFERENCE_DAEMONSET:
        workload = play_workload(cluster, event);
        if (workload)
            workload_delete(workload);
        return;
    case REFERENCE_NAMESPACE:
        delete_namespace(cluster, name);
        return;
    case REFERENCE_ZONE:
        cannot(cluster, event, "is a zone: it cannot be deleted");
        return;
    }
}

/* --- labels -------------------------------------------------------------------------------------- */

static void label_service(struct cluster *cluster, const struct scenario_event *event)
{
    const struct service *existing = store_service(cluster->store,
        cluster_sym(cluster, event->target.namespace), cluster_sym(cluster, event->target.name));
    if (!existing) {
        play_missing(cluster, event);
        return;
    }
    struct service *service = service_edit(existing, existing->port_count);
    service->meta.labels = objects_merge(cluster, existing->meta.labels, &event->labels);
    service->meta.annotations = objects_merge(cluster, existing->meta.annotations, &event->annotations);
    store_put_service(cluster->store, service);
}

static void label_node(struct cluster *cluster, const struct scenario_event *event)
{
    if (!play_node(cluster, event))
        return;
    struct node *node = node_edit(store_node(cluster->store, cluster_sym(cluster, event->target.name)));
    node->meta.labels = objects_merge(cluster, node->meta.labels, &event->labels);
    nodes_put(cluster, node);
}

static void play_label(struct cluster *cluster, const struct scenario_event *event)
{
    struct pod_life *life;
    switch (event->target.kind) {
    case REFERENCE_POD:
        life = play_pod(cluster, event);
        if (life)
            kubelet_relabel(life, objects_merge(cluster, pod_labels(life_pod(life)), &event->labels));
        return;
    case REFERENCE_SERVICE:
        label_service(cluster, event);
        return;
    case REFERENCE_NODE:
        label_node(cluster, event);
        return;
    default:
        cannot(cluster, event, "is neither a pod, a service nor a node: it cannot be labelled");
        return;
    }
}

/* --- workloads ----------------------------------------------------------------------------------- */

static void play_workload_verb(struct cluster *cluster, const struct scenario_event *event)
{
    struct workload *workload = play_workload(cluster, event);
    if (!workload)
        return;
    if (event->verb == EVENT_SCALE) {
        if (workload->kind == WORKLOAD_DAEMONSET)
            cannot(cluster, event, "is a daemonset: the nodes say how many pods it has");
        else
            workload_scale(workload, event->replicas);
        return;
    }
    if (workload->kind == WORKLOAD_REPLICASET)
        cannot(cluster, event, "is a replicaset: it has no rollouts");
    else
        workload_rollout(workload);
}

/* A workload's pod is found by its ordinal, and its name by way of its record and its identity: these are
 * asked for in two steps before it is foreseen, so many events further ahead. */
#define STEP_EVENTS 2

/* An `apply` has no target. */
static bool is_of_pod(const struct scenario_event *event)
{
    return event->verb != EVENT_APPLY && event->target.kind == REFERENCE_POD;
}

static void foresee_made_pod(struct cluster *cluster, const struct scenario_event *event, int step)
{
    const struct pod_life *life = is_of_pod(event) ? bindings_made_pod(cluster, &event->target) : NULL;
    if (life)
        mem_prefetch(step == 0 ? (const void *)life : life_self(life), sizeof *life);
}

static void foresee_pod(struct cluster *cluster, const struct scenario_event *event)
{
    enum foreseen_kind kind = event->verb == EVENT_DELETE  ? FORESEEN_DELETION
                              : event->verb == EVENT_LABEL ? FORESEEN_RELABEL
                                                           : FORESEEN_CHANGE;
    const struct pod_life *life = bindings_made_pod(cluster, &event->target);
    uint64_t name_hash = life ? target_name_hash(life_self(life)) : event->target.name_hash;
    life_foresee(cluster, bindings_namespace(cluster, event->target.namespace), name_hash, kind);
}

void play_foresee_events(struct simulation *simulation)
{
    struct cluster *cluster = &simulation->cluster;
    const struct scenario *scenario = cluster->scenario;
    if (simulation->event_foreseen < simulation->event_next)
        simulation->event_foreseen = simulation->event_next;
    while (simulation->event_foreseen < scenario->events.count &&
           simulation->event_foreseen - simulation->event_next < FORESIGHT_EVENTS) {
        uint32_t left = scenario->events.count - simulation->event_foreseen;
        const struct scenario_event *event = &scenario->events.items[simulation->event_foreseen++];
        if (is_of_pod(event))
            foresee_pod(cluster, event);
        for (int step = 0; step < 2; step++) {
            uint32_t further = (uint32_t)(2 - step) * STEP_EVENTS;
            if (further < left)
                foresee_made_pod(cluster, event + further, step);
        }
    }
}

void play_event(struct simulation *simulation, const struct scenario_event *event)
{
    struct cluster *cluster = &simulation->cluster;
    cluster->cause = event->at;
    bool of_pod = event->target.kind == REFERENCE_POD;
    switch (event->verb) {
    case EVENT_CREATE:
        play_create(cluster, event);
        return;
    case EVENT_DELETE:
        play_delete(cluster, event);
        return;
    case EVENT_LABEL:
        play_label(cluster, event);
        return;
    case EVENT_SCALE:
    case EVENT_ROLLOUT:
        play_workload_verb(cluster, event);
        return;
    case EVENT_RESTART:
        /* Restarting a workload is a rollout, as in `kubectl rollout restart`. */
        if (of_pod)
            play_pod_verb(cluster, event);
        else
            play_workload_verb(cluster, event);
        return;
    case EVENT_FAIL:
        if (of_pod)
            play_pod_verb(cluster, event);
        else
            play_node_verb(cluster, event);
        return;
    case EVENT_RECOVER:
        play_node_verb(cluster, event);
        return;
    case EVENT_READY:
    case EVENT_UNREADY:
    case EVENT_READDRESS:
        play_pod_verb(cluster, event);
        return;
    case EVENT_CHURN:
        play_churn_begin(simulation, event);
        return;
    case EVENT_APPLY:
        return;
    }
}
