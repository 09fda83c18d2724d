/*
 * play_manifest.c: one manifest, created or applied.
 *
 * Applying replaces, as `kubectl replace` does: what the manifest does not say has its default again.
 * Identity and cluster IP stay. Of a pod that exists only labels can change, and its status where the
 * manifest has one; another node, hostname, subdomain or other container ports are refused, as the API server
 * refuses them. A deletionTimestamp marks pods and Services as being deleted, for good.
 */
#include <string.h>

#include "simulation/objects.h"
#include "simulation/play.h"

static void play_service(struct cluster *cluster, const struct manifest *manifest)
{
    const struct service *existing = store_service(cluster->store,
        cluster_sym(cluster, manifest->metadata.namespace), cluster_sym(cluster, manifest->metadata.name));
    struct service *service = objects_service(cluster, manifest, existing);
    if (!service)
        return;
    if (existing && existing->cluster_ip != service->cluster_ip) {
        const char *before = cluster_text(cluster, existing->cluster_ip);
        ipam_give_cluster_ip(&cluster->ipam, ip_parse(before, strlen(before)));
    }
    store_put_service(cluster->store, service);
}

static bool has_unknown_controller(const struct metadata_spec *metadata)
{
    for (uint32_t i = 0; i < metadata->owner_count; i++) {
        if (metadata->owners[i].controller == 1)
            return true;
    }
    return false;
}

static void create_pod(struct cluster *cluster, const struct manifest *manifest)
{
    const struct metadata_spec *metadata = &manifest->metadata;
    const struct pod_spec *spec = &manifest->pod;
    bool foreign = has_unknown_controller(metadata);
    if (spec->has_status) {
        struct pod_life *life = kubelet_load_pod(cluster, objects_pod(cluster, manifest, NULL), spec);
        life->foreign = foreign;
        workload_adopt(life);
        return;
    }
    struct pod_birth birth = {
        .namespace = cluster_sym(cluster, metadata->namespace),
        .name = metadata->name,
        .labels = objects_labels(cluster, &metadata->labels),
        .ports = objects_container_ports(cluster, spec),
        .hostname = cluster_sym(cluster, spec->hostname),
        .subdomain = cluster_sym(cluster, spec->subdomain),
        .node_name = cluster_sym(cluster, spec->node_name),
        .spec = spec,
        .foreign = foreign,
    };
    kubelet_create_pod(cluster, &birth);
}

/* True: failed. What the manifest does not say, the API server has filled in. */
static bool is_immutable(struct cluster *cluster, const struct manifest *manifest, const char *field,
    sym present, const char *wanted)
{
    if (!*wanted || cluster_sym(cluster, wanted) == present)
        return false;
    cluster_fail(cluster, manifest->at,
        "%s of pod '%s' is immutable: it is '%s' (delete the pod and create it)", field,
        manifest->metadata.name, cluster_text(cluster, present));
    return true;
}

static bool may_change(struct cluster *cluster, const struct manifest *manifest, const struct pod *pod)
{
    const struct pod_spec *spec = &manifest->pod;
    if (is_immutable(cluster, manifest, "spec.nodeName", pod->node_name, spec->node_name) ||
        is_immutable(cluster, manifest, "spec.hostname", pod_hostname(pod), spec->hostname) ||
        is_immutable(cluster, manifest, "spec.subdomain", pod_subdomain(pod), spec->subdomain))
        return false;
    if (spec->container_port_count == 0 || objects_container_ports(cluster, spec) == pod_container_ports(pod))
        return true;
    cluster_fail(cluster, manifest->at,
        "the container ports of pod '%s' are immutable (delete the pod and create it)",
        manifest->metadata.name);
    return false;
}

static void play_pod_manifest(struct cluster *cluster, const struct manifest *manifest)
{
    sym namespace = cluster_sym(cluster, manifest->metadata.namespace);
    struct pod_life *life = life_find(cluster, namespace, manifest->metadata.name);
    if (!life) {
        create_pod(cluster, manifest);
        return;
    }
    if (!may_change(cluster, manifest, life_pod(life)))
        return;
    if (manifest->pod.has_status) {
        const struct pod *before = life_pod(life);
        struct pod *pod = objects_pod(cluster, manifest, before);
        pod_set_labels(pod, pod_labels(before));
        kubelet_replace(life, pod);
    }
    kubelet_relabel(life, objects_labels(cluster, &manifest->metadata.labels));
}

static void play_node_manifest(struct cluster *cluster, const struct manifest *manifest)
{
    const struct node *existing = store_node(cluster->store, cluster_sym(cluster, manifest->metadata.name));
    struct node *node = objects_node(cluster, manifest, existing);
    if (node)
        nodes_put(cluster, node);
}

/* Who writes, in managedFields: `kubectl create` what is new, `kubectl replace` what is there. */
static sym writer_of(struct cluster *cluster, bool exists)
{
    return cluster_sym(cluster, exists ? "kubectl-replace" : "kubectl-create");
}

static void play_endpoints(struct cluster *cluster, const struct manifest *manifest)
{
    struct endpoints *endpoints = objects_endpoints(cluster, manifest);
    const struct meta *meta = &endpoints->meta;
    endpoints->manager =
        writer_of(cluster, store_endpoints(cluster->store, meta->namespace, meta->name) != NULL);
    engine_apply_endpoints(cluster->engine, endpoints);
}

static void play_endpointslice(struct cluster *cluster, const struct manifest *manifest)
{
    struct endpointslice *slice = objects_endpointslice(cluster, manifest);
    const struct meta *meta = &slice->meta;
    slice->manager =
        writer_of(cluster, store_endpointslice(cluster->store, meta->namespace, meta->name) != NULL);
    engine_apply_endpointslice(cluster->engine, slice);
}

void play_manifest(struct cluster *cluster, const struct manifest *manifest)
{
    cluster->cause = manifest->at;
    switch (manifest->kind) {
    case MANIFEST_SERVICE:
        play_service(cluster, manifest);
        break;
    case MANIFEST_WORKLOAD:
        workloads_apply(cluster, manifest);
        break;
    case MANIFEST_POD:
        play_pod_manifest(cluster, manifest);
        break;
    case MANIFEST_NODE:
        play_node_manifest(cluster, manifest);
        break;
    case MANIFEST_NAMESPACE:
        break;
    case MANIFEST_ENDPOINTS:
        play_endpoints(cluster, manifest);
        break;
    case MANIFEST_ENDPOINTSLICE:
        play_endpointslice(cluster, manifest);
        break;
    }
}
