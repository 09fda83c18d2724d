/*
 * play_start.c: the starting state: what carries a status, taken as it is, silently.
 *
 * Order: nodes, since pods stand on them; then everything in file order; then who owns whom, since a dump
 * lists pods before ReplicaSets or after them. A pod belongs to the controller of its ownerReferences; where
 * a dump leaves out the ReplicaSets, they are made again from their pods.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "simulation/deployment.h"
#include "simulation/objects.h"
#include "simulation/play.h"
#include "simulation/replicaset.h"

bool play_is_starting(const struct scenario *scenario, const struct manifest *manifest)
{
    const struct metadata_spec *metadata = &manifest->metadata;
    switch (manifest->kind) {
    case MANIFEST_NODE:
    case MANIFEST_NAMESPACE:
        return true;
    case MANIFEST_POD:
        return manifest->pod.has_status;
    case MANIFEST_WORKLOAD:
        return manifest->workload.has_status;
    case MANIFEST_SERVICE:
    case MANIFEST_ENDPOINTS:
    case MANIFEST_ENDPOINTSLICE:
        return scenario->is_dump || (metadata->uid && *metadata->uid) || metadata->created_s != TIME_NONE ||
               metadata->resource_version > 0;
    }
    return false;
}

static const struct owner_spec *controller_of(const struct metadata_spec *metadata)
{
    for (uint32_t i = 0; i < metadata->owner_count; i++) {
        if (metadata->owners[i].controller == 1)
            return &metadata->owners[i];
    }
    return NULL;
}

/* --- objects ------------------------------------------------------------------------------------- */

static void exists(struct cluster *cluster, const struct manifest *manifest)
{
    cluster_fail(cluster, manifest->at, "'%s' is there twice", manifest->metadata.name);
}

static void load_pod(struct cluster *cluster, const struct manifest *manifest)
{
    struct pod *pod = objects_pod(cluster, manifest, NULL);
    if (life_find_of(cluster, pod_self(pod))) {
        exists(cluster, manifest);
        pod_unref(pod);
        return;
    }
    kubelet_load_pod(cluster, pod, &manifest->pod);
}

/* Who wrote an object of the starting state: a controller whose label it carries, or somebody by hand. */
static sym writer_of(struct cluster *cluster, const struct meta *meta, enum catalog_word label)
{
    return labels_get(meta->labels, word_sym(label), NULL) ? SYM_EMPTY
                                                           : cluster_sym(cluster, "kubectl-create");
}

static void load_endpoints(struct cluster *cluster, const struct manifest *manifest)
{
    struct endpoints *endpoints = objects_endpoints(cluster, manifest);
    if (store_endpoints(cluster->store, endpoints->meta.namespace, endpoints->meta.name)) {
        exists(cluster, manifest);
        endpoints_destroy(endpoints);
        return;
    }
    endpoints->manager = writer_of(cluster, &endpoints->meta, WORD_ENDPOINTS_MANAGED_BY);
    store_create_endpoints(cluster->store, endpoints, true);
}

static void load_endpointslice(struct cluster *cluster, const struct manifest *manifest)
{
    struct endpointslice *slice = objects_endpointslice(cluster, manifest);
    if (store_endpointslice(cluster->store, slice->meta.namespace, slice->meta.name)) {
        exists(cluster, manifest);
        endpointslice_destroy(slice);
        return;
    }
    slice->manager = writer_of(cluster, &slice->meta, WORD_SLICE_MANAGED_BY);
    store_create_endpointslice(cluster->store, slice, true);
}

static void load(struct cluster *cluster, const struct manifest *manifest)
{
    cluster->cause = manifest->at;
    switch (manifest->kind) {
    case MANIFEST_POD:
        load_pod(cluster, manifest);
        break;
    case MANIFEST_ENDPOINTS:
        load_endpoints(cluster, manifest);
        break;
    case MANIFEST_ENDPOINTSLICE:
        load_endpointslice(cluster, manifest);
        break;
    case MANIFEST_SERVICE:
    case MANIFEST_WORKLOAD:
        play_manifest(cluster, manifest);
        break;
    case MANIFEST_NODE:
    case MANIFEST_NAMESPACE:
        break;
    }
}

/* Versions that leave room for all that may come. */
#define RESOURCE_VERSION_MAX (UINT64_C(1) << 62)

/* Versions go on from the highest that was loaded. */
static void raise_resource_version(struct cluster *cluster)
{
    uint64_t highest = 0;
    for (uint32_t i = 0; i < cluster->scenario->manifests.count; i++) {
        uint64_t version = cluster->scenario->manifests.items[i].metadata.resource_version;
        if (highest < version && version <= RESOURCE_VERSION_MAX)
            highest = version;
    }
    if (highest > store_resource_version(cluster->store))
        store_set_resource_version(cluster->store, highest);
}

/* --- ReplicaSets --------------------------------------------------------------------------------- */

static int64_t revision_number(const struct metadata_spec *metadata)
{
    int64_t number = 0;
    for (uint32_t i = 0; i < metadata->annotations.count; i++) {
        const struct text_pair *pair = &metadata->annotations.items[i];
        if (!strcmp(pair->key, "deployment.kubernetes.io/revision") && pair->value)
            int_parse(pair->value, strlen(pair->value), 0, INT64_MAX, &number);
    }
    return number;
}

static void give_set_to_deployment(struct cluster *cluster, const struct manifest *manifest)
{
    const struct owner_spec *owner = controller_of(&manifest->metadata);
    sym namespace = cluster_sym(cluster, manifest->metadata.namespace);
    if (!owner || strcmp(owner->kind, "Deployment") != 0)
        return;
    struct workload *deployment = workloads_find(cluster, WORKLOAD_DEPLOYMENT, namespace, owner->name);
    struct workload *set = workloads_find(cluster, WORKLOAD_REPLICASET, namespace, manifest->metadata.name);
    if (deployment && set && set->root == set)
        deployment_take_set(deployment, set, revision_number(&manifest->metadata));
}

/* A ReplicaSet that is known from a pod alone: a dump without ReplicaSets. NULL when no Deployment fits. */
static struct workload *guess_set(struct cluster *cluster, const struct pod_life *life, const char *name)
{
    const struct labels *labels = pod_labels(life_pod(life));
    sym hash;
    if (!labels_get(labels, catalog_word(cluster->catalog, WORD_POD_TEMPLATE_HASH), &hash))
        return NULL;
    for (uint32_t i = 0; i < cluster->workloads.items.count; i++) {
        struct workload *deployment = cluster->workloads.items.items[i];
        if (deployment->kind != WORKLOAD_DEPLOYMENT || deployment->namespace != life_self(life)->namespace ||
            !labels_match(deployment->selector, labels))
            continue;
        uint64_t revision = hash_mix(hash64(name, strlen(name)), deployment->number);
        return &replicaset_create_revision(
            deployment, &deployment->spec->template, revision, cluster_sym(cluster, name), hash)
                    ->workload;
    }
    return NULL;
}

/* Guessed sets want what they have; the one with the youngest pod is the present revision. */
static void finish_guessed_sets(struct cluster *cluster, uint32_t known)
{
    for (uint32_t i = known; i < cluster->workloads.items.count; i++) {
        struct workload *set = cluster->workloads.items.items[i];
        int64_t youngest_s = INT64_MIN;
        for (uint32_t k = 0; k < set->owned.live_count; k++) {
            int64_t created_s = target_created_s(life_self(workload_live(set, k)));
            if (created_s > youngest_s)
                youngest_s = created_s;
        }
        set->replicas = set->owned.live_count;
        deployment_take_set(set->root, set, youngest_s);
    }
}

/* --- owners -------------------------------------------------------------------------------------- */

static struct workload *find_owner(
    struct cluster *cluster, const struct pod_life *life, const struct owner_spec *owner)
{
    static const struct {
        const char *kind;
        enum workload_kind workload;
    } kinds[] = {{"ReplicaSet", WORKLOAD_REPLICASET}, {"StatefulSet", WORKLOAD_STATEFULSET},
        {"DaemonSet", WORKLOAD_DAEMONSET}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(owner->kind, kinds[i].kind) != 0)
            continue;
        struct workload *workload =
            workloads_find(cluster, kinds[i].workload, life_self(life)->namespace, owner->name);
        if (!workload && kinds[i].workload == WORKLOAD_REPLICASET)
            workload = guess_set(cluster, life, owner->name);
        return workload;
    }
    return NULL;
}

static void give_pod_to_owner(struct cluster *cluster, const struct manifest *manifest)
{
    const struct owner_spec *owner = controller_of(&manifest->metadata);
    struct pod_life *life =
        life_find(cluster, cluster_sym(cluster, manifest->metadata.namespace), manifest->metadata.name);
    if (!owner || !life || life->owner)
        return;
    struct workload *workload = find_owner(cluster, life, owner);
    if (!workload || (workload->class->accepts && !workload->class->accepts(workload, life))) {
        life->foreign = true;
        return;
    }
    workload_attach(workload, life);
    if (workload->kind != WORKLOAD_STATEFULSET)
        workload_give_ordinal(workload->root, life);
}

/* --- the whole ----------------------------------------------------------------------------------- */

static void load_nodes(struct cluster *cluster)
{
    const struct scenario *scenario = cluster->scenario;
    bool any = false;
    for (uint32_t i = 0; i < scenario->manifests.count && !cluster->failed; i++) {
        if (scenario->manifests.items[i].kind != MANIFEST_NODE)
            continue;
        any = true;
        play_manifest(cluster, &scenario->manifests.items[i]);
    }
    if (!any)
        nodes_make_default(cluster);
}

void play_starting_state(struct simulation *simulation)
{
    struct cluster *cluster = &simulation->cluster;
    const struct manifest *manifests = cluster->scenario->manifests.items;
    uint32_t count = cluster->scenario->manifests.count;
    raise_resource_version(cluster);
    cluster->silent = true;
    store_set_silent(cluster->store, true);
    load_nodes(cluster);
    for (uint32_t i = 0; i < count && !cluster->failed; i++) {
        if (play_is_starting(cluster->scenario, &manifests[i]))
            load(cluster, &manifests[i]);
    }
    for (uint32_t i = 0; i < count && !cluster->failed; i++) {
        if (manifests[i].kind == MANIFEST_WORKLOAD && manifests[i].workload.kind == WORKLOAD_REPLICASET)
            give_set_to_deployment(cluster, &manifests[i]);
    }
    uint32_t known = cluster->workloads.items.count;
    for (uint32_t i = 0; i < count && !cluster->failed; i++) {
        if (manifests[i].kind == MANIFEST_POD && manifests[i].pod.has_status)
            give_pod_to_owner(cluster, &manifests[i]);
    }
    if (!cluster->failed)
        finish_guessed_sets(cluster, known);
    if (!cluster->failed)
        play_replays_load(simulation);
    store_set_silent(cluster->store, false);
    cluster->silent = false;
}
