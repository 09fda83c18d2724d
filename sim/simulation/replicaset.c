/*
 * replicaset.c: see replicaset.h. The order of deletion is a tree, so a scale-down finds its next victim in
 * O(log n). It is made for the first one, and kept from then on: most sets only ever grow, or lose pods that
 * somebody else chose, and have no use for 50 bytes a pod.
 */
#include "simulation/replicaset.h"

#include "base/mem.h"
#include "simulation/cluster.h"
#include "simulation/deployment.h"
#include "simulation/objects.h"

static struct replicaset *of(struct workload *workload)
{
    return (struct replicaset *)workload;
}

/* --- who is deleted first ------------------------------------------------------------------------ */

enum order_class { ORDER_UNASSIGNED, ORDER_PENDING, ORDER_NOT_READY, ORDER_READY };

/* Class first; among the ready, those that became so last. Small keys go first. */
static uint64_t order_key(const struct pod_life *life)
{
    const int64_t since_max = INT64_C(1) << 60;
    enum order_class class = life->node == NODE_NONE ? ORDER_UNASSIGNED
                             : !life->started        ? ORDER_PENDING
                             : !life->ready          ? ORDER_NOT_READY
                                                     : ORDER_READY;
    uint64_t key = (uint64_t) class << 62;
    if (class == ORDER_READY) {
        int64_t since_s = pod_ready_since_s(life_pod(life));
        since_s = since_s < -since_max ? -since_max : since_s > since_max ? since_max : since_s;
        key |= (uint64_t)(since_max - since_s);
    }
    return key;
}

/* The youngest first. */
static int compare_age(const void *a, const void *b, const void *context)
{
    (void)context;
    const struct pod_life *x = a, *y = b;
    if (target_created_s(life_self(x)) != target_created_s(life_self(y)))
        return target_created_s(life_self(x)) > target_created_s(life_self(y)) ? -1 : 1;
    return x->serial > y->serial ? -1 : x->serial < y->serial;
}

static void order_remove(struct replicaset *set, const struct pod_life *life)
{
    uint64_t key;
    if (!map_get(&set->order_keys, pool_number(life), &key))
        return;
    ostree_remove(&set->order, key, life, NULL);
    map_remove(&set->order_keys, pool_number(life));
}

static void order_update(struct replicaset *set, struct pod_life *life)
{
    if (!set->order_is_kept)
        return;
    uint64_t key = order_key(life), before;
    if (life->live && map_get(&set->order_keys, pool_number(life), &before) && before == key)
        return;
    order_remove(set, life);
    if (!life->live)
        return;
    map_put(&set->order_keys, pool_number(life), key);
    ostree_insert(&set->order, key, life, 0);
}

static struct pod_life *order_first(struct replicaset *set)
{
    if (!set->order_is_kept) {
        set->order_is_kept = true;
        for (uint32_t i = 0; i < set->workload.owned.live_count; i++)
            order_update(set, workload_live(&set->workload, i));
    }
    return ostree_select(&set->order, 0);
}

/* --- control ------------------------------------------------------------------------------------- */

static void create_one(struct replicaset *set)
{
    struct workload *workload = &set->workload;
    char room[MADE_NAME_MAX + 1];
    struct pod_birth birth = pod_template_birth(&set->template, set->pod_labels);
    generate_free_name(workload, &workload->root->name_stream, &birth, room);
    birth.maker = workload->root->number;
    birth.owner = workload;
    workload_create_pod(workload, &birth);
}

static bool replicaset_step(struct workload *workload)
{
    struct replicaset *set = of(workload);
    if (workload->owned.live_count < workload->replicas)
        create_one(set);
    else if (workload->owned.live_count > workload->replicas)
        kubelet_delete_pod(order_first(set), KUBELET_GRACE_DEFAULT);
    return !replicaset_is_settled(set);
}

/* Its Deployment decides by what has changed, once the set has what it wants. */
static void report(struct workload *workload)
{
    if (!replicaset_is_settled(of(workload)))
        workload_kick(workload);
    else if (workload->root != workload)
        deployment_set_changed(workload->root);
}

static void replicaset_pod_changed(struct workload *workload, struct pod_life *life)
{
    order_update(of(workload), life);
    report(workload);
}

static void replicaset_pod_removed(struct workload *workload, struct pod_life *life)
{
    order_remove(of(workload), life);
    report(workload);
}

static void replicaset_edited(struct workload *workload)
{
    struct replicaset *set = of(workload);
    if (workload->root != workload)
        return;
    set->template = pod_template_make(workload->cluster, &workload->spec->template);
    set->pod_labels = set->template.labels;
}

static void replicaset_fini(struct workload *workload)
{
    ostree_fini(&of(workload)->order);
    map_fini(&of(workload)->order_keys);
}

static const struct workload_class replicaset_class = {
    .step = replicaset_step,
    .pod_changed = replicaset_pod_changed,
    .pod_removed = replicaset_pod_removed,
    .edited = replicaset_edited,
    .fini = replicaset_fini,
};

static struct replicaset *replicaset_new(
    struct cluster *cluster, sym namespace, sym name, const struct pod_spec *template, struct position at)
{
    struct replicaset *set = mem_zalloc(sizeof *set);
    workload_init(&set->workload, cluster, &replicaset_class, WORKLOAD_REPLICASET, namespace, name, at);
    ostree_init(&set->order, compare_age, NULL);
    set->template = pod_template_make(cluster, template);
    set->pod_labels = set->template.labels;
    return set;
}

struct workload *replicaset_create(struct cluster *cluster, const struct manifest *manifest)
{
    const struct workload_spec *spec = &manifest->workload;
    struct replicaset *set = replicaset_new(cluster, cluster_sym(cluster, manifest->metadata.namespace),
        cluster_sym(cluster, manifest->metadata.name), &spec->template, manifest->at);
    set->workload.spec = spec;
    set->workload.replicas = spec->replicas;
    return &set->workload;
}

struct replicaset *replicaset_create_revision(
    struct workload *deployment, const struct pod_spec *template, uint64_t revision, sym name, sym hash_label)
{
    struct cluster *cluster = deployment->cluster;
    struct replicaset *set = replicaset_new(cluster, deployment->namespace, name, template, deployment->at);
    sym key = catalog_word(cluster->catalog, WORD_POD_TEMPLATE_HASH);
    set->workload.root = deployment;
    set->workload.spec = deployment->spec;
    set->revision = revision;
    set->hash_label = hash_label;
    set->pod_labels = labels_with(cluster->catalog, set->template.labels, key, hash_label);
    workload_set_selector(
        &set->workload, labels_with(cluster->catalog, deployment->selector, key, hash_label));
    workload_adopt_orphans(&set->workload);
    return set;
}
