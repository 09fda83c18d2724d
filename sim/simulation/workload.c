/*
 * workload.c: see workload.h.
 */
#include "simulation/workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "simulation/cluster.h"
#include "simulation/daemonset.h"
#include "simulation/deployment.h"
#include "simulation/objects.h"
#include "simulation/pod_template.h"

const char *workload_kind_text(enum workload_kind kind)
{
    switch (kind) {
    case WORKLOAD_DEPLOYMENT:
        return "deployment";
    case WORKLOAD_REPLICASET:
        return "replicaset";
    case WORKLOAD_STATEFULSET:
        return "statefulset";
    case WORKLOAD_DAEMONSET:
        return "daemonset";
    }
    return "";
}

uint32_t count_of(struct count_or_percent value, uint32_t total, bool round_up)
{
    if (!value.is_percent)
        return value.value;
    uint64_t hundredths = (uint64_t)value.value * total;
    uint64_t count = round_up ? (hundredths + 99) / 100 : hundredths / 100;
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* --- the register -------------------------------------------------------------------------------- */

static uint64_t name_key(sym namespace, sym name)
{
    return (uint64_t) namespace << 32 | name;
}

static uint64_t selector_key(sym namespace, struct label label)
{
    return hash_mix(namespace, (uint64_t)label.key << 32 | label.value);
}

static sym name_prefix_of(struct cluster *cluster, sym name)
{
    char prefix[MADE_PREFIX_MAX + 1];
    snprintf(prefix, sizeof prefix, "%s-", cluster_text(cluster, name));
    return cluster_sym(cluster, prefix);
}

void workload_init(struct workload *workload, struct cluster *cluster, const struct workload_class *class,
    enum workload_kind kind, sym namespace, sym name, struct position at)
{
    struct workloads *workloads = &cluster->workloads;
    workload->cluster = cluster;
    workload->class = class;
    workload->kind = kind;
    workload->number = workloads->items.count + 1;
    workload->namespace = namespace;
    workload->name = name;
    workload->name_prefix = name_prefix_of(cluster, name);
    workload->uid = store_new_uid(cluster->store);
    workload->created_s = cluster_now_s(cluster);
    workload->at = at;
    workload->root = workload;
    workload->selector = labels_empty(cluster->catalog);
    cluster_stream(cluster, &workload->name_stream, "names/%s/%s/%s", cluster_text(cluster, namespace),
        workload_kind_text(kind), cluster_text(cluster, name));
    vec_push(&workloads->items, workload);
    map_put_ptr(&workloads->by_name[kind], name_key(namespace, name), workload);
    workloads->names_epoch++;
}

void workload_set_selector(struct workload *workload, const struct labels *selector)
{
    workload->selector = selector;
    if (workload->kind != WORKLOAD_DEPLOYMENT && selector->count > 0)
        map_add_ptr(&workload->cluster->workloads.by_selector,
            selector_key(workload->namespace, selector->items[0]), workload);
}

/* Nobody finds it any more. */
static void unregister(struct workload *workload)
{
    struct workloads *workloads = &workload->cluster->workloads;
    uint64_t key = name_key(workload->namespace, workload->name);
    if (map_get_ptr(&workloads->by_name[workload->kind], key) == workload)
        map_remove(&workloads->by_name[workload->kind], key);
    workloads->names_epoch++;
    if (workload->kind != WORKLOAD_DEPLOYMENT && workload->selector->count > 0)
        map_remove_ptr(&workloads->by_selector,
            selector_key(workload->namespace, workload->selector->items[0]), workload);
    event_queue_cancel(workload->cluster->clock.queue, workload->step);
    workload->deleted = true;
}

static void workload_free(struct workload *workload)
{
    workload->class->fini(workload);
    vec_fini(&workload->owned.items);
    pod_ordinals_fini(&workload->made);
    free(workload);
}

void workload_discard(struct workload *workload)
{
    EPSIM_ASSERT(!workload->owned.items.count && pod_ordinals_are_gone(&workload->made));
    unregister(workload);
    workload->cluster->workloads.items.items[workload->number - 1] = NULL;
    workload_free(workload);
}

void workloads_fini(struct cluster *cluster)
{
    struct workloads *workloads = &cluster->workloads;
    for (uint32_t i = 0; i < workloads->items.count; i++) {
        if (workloads->items.items[i])
            workload_free(workloads->items.items[i]);
    }
    vec_fini(&workloads->items);
    vec_fini(&workloads->daemonsets);
    for (int i = 0; i < 4; i++)
        map_fini(&workloads->by_name[i]);
    map_fini(&workloads->by_selector);
}

struct workload *workloads_find(
    const struct cluster *cluster, enum workload_kind kind, sym namespace, const char *name)
{
    sym symbol = sym_find(catalog_symbols(cluster->catalog), name, strlen(name));
    return map_get_ptr(&cluster->workloads.by_name[kind], name_key(namespace, symbol));
}

uint32_t workloads_makers(
    const struct cluster *cluster, sym namespace, sym name, struct workload *out[WORKLOAD_MAKERS_MAX])
{
    static const enum workload_kind kinds[WORKLOAD_MAKERS_MAX] = {
        WORKLOAD_DEPLOYMENT, WORKLOAD_REPLICASET, WORKLOAD_DAEMONSET};
    uint32_t count = 0;
    for (uint32_t i = 0; i < WORKLOAD_MAKERS_MAX; i++) {
        struct workload *workload =
            map_get_ptr(&cluster->workloads.by_name[kinds[i]], name_key(namespace, name));
        if (!workload)
            continue;
        uint32_t at = count++;
        for (; at > 0 && out[at - 1]->number < workload->number; at--)
            out[at] = out[at - 1];
        out[at] = workload;
    }
    return count;
}

void workloads_name_is_free(struct cluster *cluster, const struct target *pod)
{
    if (cluster->workloads.by_name[WORKLOAD_STATEFULSET].count == 0)
        return;
    const char *pod_name = target_name_here(pod), *dash = strrchr(pod_name, '-');
    if (!dash)
        return;
    sym name = sym_find(catalog_symbols(cluster->catalog), pod_name, (size_t)(dash - pod_name));
    struct workload *workload =
        map_get_ptr(&cluster->workloads.by_name[WORKLOAD_STATEFULSET], name_key(pod->namespace, name));
    if (workload)
        workload_kick(workload);
}

/* --- edits --------------------------------------------------------------------------------------- */

static struct workload *create(struct cluster *cluster, const struct manifest *manifest)
{
    switch (manifest->workload.kind) {
    case WORKLOAD_DEPLOYMENT:
        return deployment_create(cluster, manifest);
    case WORKLOAD_REPLICASET:
        return replicaset_create(cluster, manifest);
    case WORKLOAD_STATEFULSET:
        return statefulset_create(cluster, manifest);
    case WORKLOAD_DAEMONSET:
        return daemonset_create(cluster, manifest);
    }
    return NULL;
}

struct workload *workloads_apply(struct cluster *cluster, const struct manifest *manifest)
{
    const struct workload_spec *spec = &manifest->workload;
    const struct metadata_spec *metadata = &manifest->metadata;
    sym namespace = cluster_sym(cluster, metadata->namespace);
    const struct labels *selector = objects_labels(cluster, &spec->selector);
    struct workload *workload = workloads_find(cluster, spec->kind, namespace, metadata->name);
    if (workload && workload->selector != selector) {
        cluster_fail(cluster, manifest->at, "spec.selector of %s '%s' is immutable",
            workload_kind_text(spec->kind), metadata->name);
        return NULL;
    }
    if (workload) {
        workload->spec = spec;
        workload->at = manifest->at;
        workload->replicas = spec->replicas;
        workload->class->edited(workload);
    } else {
        workload = create(cluster, manifest);
        struct uuid uid;
        if (metadata->uid && uuid_parse(metadata->uid, strlen(metadata->uid), &uid))
            workload->uid = uid;
        if (metadata->created_s != TIME_NONE)
            workload->created_s = metadata->created_s;
        workload_set_selector(workload, selector);
        workload_adopt_orphans(workload);
    }
    workload_kick(workload);
    return workload;
}

void workload_scale(struct workload *workload, uint32_t replicas)
{
    if (workload->replicas == replicas)
        return;
    workload->replicas = replicas;
    workload->class->edited(workload);
    workload_kick(workload);
}

void workload_rollout(struct workload *workload)
{
    workload->rollouts++;
    workload->class->edited(workload);
    workload_kick(workload);
}

void workload_delete(struct workload *workload)
{
    unregister(workload);
    struct life_order pods = {0};
    for (uint32_t i = 0; i < workload->owned.items.count; i++)
        vec_push(&pods.items, life_at(&workload->cluster->lives, workload->owned.items.items[i]));
    life_order_sort(&pods);
    for (uint32_t i = 0; i < pods.items.count; i++)
        reaper_add(pods.items.items[i]);
    vec_fini(&pods.items);
    if (workload->kind == WORKLOAD_DEPLOYMENT)
        deployment_delete_sets(workload);
    else if (workload->root != workload && !workload->root->deleted)
        deployment_lose_set(workload->root, workload);
}

/* --- steps --------------------------------------------------------------------------------------- */

static void workload_step(void *subject, uint64_t argument)
{
    (void)argument;
    struct workload *workload = subject;
    workload->cluster->cause = workload->at;
    if (workload->class->step(workload))
        workload_kick(workload);
}

void workload_kick(struct workload *workload)
{
    struct cluster *cluster = workload->cluster;
    if (workload->deleted || cluster->silent || event_queue_pending(cluster->clock.queue, workload->step))
        return;
    workload->step = clock_after(
        &cluster->clock, 0, PHASE_WORKLOAD, PLAY_WORKLOAD, workload_step, workload, workload->number);
}

void workloads_wake(struct cluster *cluster)
{
    struct workloads *workloads = &cluster->workloads;
    struct life_order orphans = {0};
    for (uint32_t i = 0; i < cluster->lives.orphans.items.count; i++)
        vec_push(&orphans.items, life_at(&cluster->lives, cluster->lives.orphans.items.items[i]));
    life_order_sort(&orphans);
    for (uint32_t i = 0; i < orphans.items.count; i++)
        workload_adopt(orphans.items.items[i]);
    vec_fini(&orphans.items);
    for (uint32_t i = 0; i < workloads->items.count; i++) {
        if (workloads->items.items[i])
            workload_kick(workloads->items.items[i]);
    }
}

void workloads_node_added(struct cluster *cluster, uint32_t node)
{
    for (uint32_t i = 0; i < cluster->workloads.daemonsets.count; i++)
        daemonset_node_changed(cluster->workloads.daemonsets.items[i], node);
}

void workloads_node_removed(struct cluster *cluster, uint32_t node)
{
    workloads_node_added(cluster, node);
}

/* --- counts -------------------------------------------------------------------------------------- */

static void set_available(struct workload *workload, struct pod_life *life, bool available)
{
    if (life->available == available)
        return;
    life->available = available;
    workload->available_count += available ? 1u : UINT32_MAX;
}

static void on_available(void *subject, uint64_t argument)
{
    (void)argument;
    struct pod_life *life = subject;
    struct workload *workload = life_owner(life);
    life_cancel_timer(&life_cluster(life)->lives.available_timers, life);
    if (!workload || !life->counted_ready)
        return;
    set_available(workload, life, true);
    workload->class->pod_changed(workload, life);
}

/* Ready for minReadySeconds: now, or later. */
static void await_available(struct workload *workload, struct pod_life *life)
{
    struct cluster *cluster = workload->cluster;
    int64_t min_ready_ns = workload->root->spec->min_ready_ns;
    if (min_ready_ns <= 0) {
        set_available(workload, life, true);
        return;
    }
    int64_t since_s = pod_ready_since_s(life_pod(life));
    if (since_s == TIME_NONE)
        since_s = cluster_now_s(cluster);
    int64_t ready_for_s = cluster_now_s(cluster) - since_s;
    /* Of a pod that has been ready for long only whole seconds are known. */
    if (ready_for_s > 0)
        min_ready_ns = ready_for_s < min_ready_ns / NS_PER_S + 1 ? min_ready_ns - ready_for_s * NS_PER_S : 0;
    if (min_ready_ns <= 0)
        set_available(workload, life, true);
    else
        life_set_timer(&cluster->lives.available_timers, life,
            clock_after(&cluster->clock, min_ready_ns, PHASE_WORKLOAD, PLAY_POD_AVAILABLE, on_available, life,
                life->serial));
}

static void set_counted_ready(struct workload *workload, struct pod_life *life, bool ready)
{
    if (life->counted_ready == ready)
        return;
    life->counted_ready = ready;
    workload->ready_count += ready ? 1u : UINT32_MAX;
    if (ready) {
        await_available(workload, life);
    } else {
        life_cancel_timer(&workload->cluster->lives.available_timers, life);
        set_available(workload, life, false);
    }
}

static void count(struct workload *workload, struct pod_life *life)
{
    bool live = !life->terminating && !life->finished;
    life_set_live(&workload->owned, life, live);
    set_counted_ready(workload, life, live && life->ready);
    if (life->finished && life->counted_unfinished) {
        life->counted_unfinished = false;
        workload->unfinished_count--;
    }
}

void workload_pod_changed(struct pod_life *life)
{
    struct workload *workload = life_owner(life);
    if (!workload)
        return;
    count(workload, life);
    workload->class->pod_changed(workload, life);
}

uint32_t workload_live_count(const struct workload *workload)
{
    if (workload->kind == WORKLOAD_DEPLOYMENT)
        return deployment_live_count(workload);
    return workload->owned.live_count;
}

/* Where the number of its record stands. */
static const uint32_t *live_place(const struct workload *workload, uint32_t i)
{
    if (workload->kind == WORKLOAD_DEPLOYMENT)
        workload = deployment_live_set(workload, &i);
    EPSIM_ASSERT(i < workload->owned.live_count);
    return &workload->owned.items.items[i];
}

struct pod_life *workload_live(const struct workload *workload, uint32_t i)
{
    return life_at(&workload->cluster->lives, *live_place(workload, i));
}

void workload_prefetch_live(const struct workload *workload, uint32_t i)
{
    mem_prefetch_line(live_place(workload, i));
}

/* --- ownership ----------------------------------------------------------------------------------- */

static void put_owner(struct pod_life *life, uint32_t number)
{
    const struct pod *pod = life_pod(life);
    if (pod_owner(pod) == number)
        return;
    struct pod *draft = pod_edit(pod);
    pod_set_owner(draft, number);
    store_put_pod(life_cluster(life)->store, draft);
}

void workload_attach(struct workload *workload, struct pod_life *life)
{
    put_owner(life, workload->number);
    workload_join(workload, life);
}

void workload_join(struct workload *workload, struct pod_life *life)
{
    EPSIM_ASSERT(!life->owner);
    life_unorphan(life);
    life->owner = workload->number;
    life_set_add(&workload->owned, life);
    if (!life->finished) {
        life->counted_unfinished = true;
        workload->unfinished_count++;
    }
    workload_pod_changed(life);
}

void workload_detach(struct pod_life *life)
{
    struct workload *workload = life_owner(life);
    if (!workload)
        return;
    life_set_live(&workload->owned, life, false);
    set_counted_ready(workload, life, false);
    if (life->counted_unfinished)
        workload->unfinished_count--;
    life->counted_unfinished = false;
    workload->class->pod_removed(workload, life);
    life_set_remove(&workload->owned, life);
    life->owner = 0;
    life_orphan(life);
}

struct candidates {
    const struct pod_life *life;
    const struct labels *labels;
    struct workload *oldest;
};

static bool may_adopt(
    const struct workload *workload, const struct pod_life *life, const struct labels *labels)
{
    return workload->namespace == life_self(life)->namespace && !workload->deleted &&
           workload->selector->count > 0 && labels_match(workload->selector, labels) &&
           (!workload->class->accepts || workload->class->accepts(workload, life));
}

/* Looks at every workload of the key and keeps the oldest: the map's order must not matter. */
static bool consider(const void *value, const void *context)
{
    struct candidates *candidates = *(struct candidates *const *)context;
    struct workload *workload = (struct workload *)value;
    if (may_adopt(workload, candidates->life, candidates->labels) &&
        (!candidates->oldest || workload->number < candidates->oldest->number))
        candidates->oldest = workload;
    return false;
}

static bool is_adoptable(const struct pod_life *life)
{
    return !life->owner && !life->foreign && !life->terminating && !life->finished &&
           !life_cluster(life)->silent;
}

void workload_adopt(struct pod_life *life)
{
    const struct workloads *workloads = &life_cluster(life)->workloads;
    if (!is_adoptable(life) || workloads->items.count == 0)
        return;
    const struct labels *labels = pod_labels(life_pod(life));
    struct candidates candidates = {life, labels, NULL}, *context = &candidates;
    for (uint32_t i = 0; i < labels->count; i++)
        map_find_where(&workloads->by_selector, selector_key(life_self(life)->namespace, labels->items[i]),
            consider, &context);
    if (candidates.oldest)
        workload_attach(candidates.oldest, life);
}

void workload_adopt_orphans(struct workload *workload)
{
    if (workload->kind == WORKLOAD_DEPLOYMENT)
        return;
    const struct lives *lives = &workload->cluster->lives;
    struct life_order wanted = {0};
    for (uint32_t i = 0; i < lives->orphans.items.count; i++) {
        struct pod_life *life = life_at(lives, lives->orphans.items.items[i]);
        if (is_adoptable(life) && may_adopt(workload, life, pod_labels(life_pod(life))))
            vec_push(&wanted.items, life);
    }
    life_order_sort(&wanted);
    /* It may want no second one for the same place. */
    for (uint32_t i = 0; i < wanted.items.count; i++) {
        if (may_adopt(workload, wanted.items.items[i], pod_labels(life_pod(wanted.items.items[i]))))
            workload_attach(workload, wanted.items.items[i]);
    }
    vec_fini(&wanted.items);
}

void workload_pod_relabelled(struct pod_life *life, const struct labels *labels)
{
    struct workload *owner = life_owner(life);
    if (owner) {
        if (life->terminating || life->finished || owner->deleted || labels_match(owner->selector, labels))
            return;
        workload_detach(life);
        put_owner(life, 0);
    }
    workload_adopt(life);
}

/* --- creation ------------------------------------------------------------------------------------ */

struct pod_life *workload_create_pod(struct workload *workload, const struct pod_birth *birth)
{
    struct workload *root = workload->root;
    struct pod_life *life = kubelet_create_pod(workload->cluster, birth);
    /* A StatefulSet's pods are known by their own names, which are NAME-ORDINAL already. */
    if (workload->kind == WORKLOAD_STATEFULSET)
        return life;
    workload_give_ordinal(root, life);
    return life;
}

void workload_give_ordinal(struct workload *root, struct pod_life *life)
{
    life->ordinal = pod_ordinals_add(&root->made, pool_number(life));
    if (life->ordinal == ORDINAL_NONE)
        cluster_fail(root->cluster, root->at, "%s '%s' has made more than %" PRIu32 " pods",
            workload_kind_text(root->kind), cluster_text(root->cluster, root->name), ORDINAL_NONE);
    else if (life_origin(life)->maker != root->number)
        life_set_origin(life, life_origin(life)->spec, root->number);
}

void workload_forget_ordinal(struct pod_life *life)
{
    const struct life_origin *origin = life_origin(life);
    if (!origin->maker)
        return;
    struct workload *maker = life_cluster(life)->workloads.items.items[origin->maker - 1];
    pod_ordinals_remove(&maker->made, life->ordinal);
}
