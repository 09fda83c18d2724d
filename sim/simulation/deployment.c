/*
 * deployment.c: see deployment.h. Formulas as in Kubernetes' deployment controller; "total" is what the
 * sets want together.
 */
#include "simulation/deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "simulation/cluster.h"
#include "simulation/pod_template.h"
#include "simulation/replicaset.h"

/* revisionHistoryLimit: empty sets of old revisions that are kept. */
#define HISTORY_MAX 10

struct deployment {
    struct workload workload;
    VEC(struct replicaset *) sets; /* in the order of creation */
    struct replicaset *current;    /* of the present template; NULL: to be made */
    int64_t loaded_revision;       /* of a starting state: the highest revision number seen */
    uint32_t replicas_known;
    bool scaled;          /* replicas has changed and the sets do not know */
    uint32_t size_before; /* replicas + maxSurge when the sets were given their sizes */
};

static struct deployment *of(const struct workload *workload)
{
    return (struct deployment *)workload;
}

/* --- bounds -------------------------------------------------------------------------------------- */

static uint32_t max_surge(const struct deployment *deployment)
{
    const struct workload *workload = &deployment->workload;
    return workload->spec->recreate ? 0 : count_of(workload->spec->max_surge, workload->replicas, true);
}

static uint32_t max_unavailable(const struct deployment *deployment)
{
    const struct workload *workload = &deployment->workload;
    uint32_t replicas = workload->replicas;
    if (workload->spec->recreate || replicas == 0)
        return 0;
    uint32_t count = count_of(workload->spec->max_unavailable, replicas, false);
    /* Percentages may both round to nothing; then one pod at a time. */
    if (count == 0 && max_surge(deployment) == 0)
        count = 1;
    return count < replicas ? count : replicas;
}

struct sizes {
    uint64_t total, available, old_total;
    uint32_t active; /* sets that want any */
    bool settled;
};

static struct sizes sizes_of(const struct deployment *deployment)
{
    struct sizes sizes = {.settled = true};
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        const struct replicaset *set = deployment->sets.items[i];
        sizes.total += set->workload.replicas;
        sizes.available += set->workload.available_count;
        if (set != deployment->current)
            sizes.old_total += set->workload.replicas;
        sizes.active += set->workload.replicas > 0;
        sizes.settled &= replicaset_is_settled(set);
    }
    return sizes;
}

static bool resize(struct replicaset *set, uint64_t replicas)
{
    if (set->workload.replicas == replicas)
        return false;
    set->workload.replicas = (uint32_t)replicas;
    workload_kick(&set->workload);
    return true;
}

/* --- revisions ----------------------------------------------------------------------------------- */

/* The set of the present template, made if there is none. */
static void find_current(struct deployment *deployment)
{
    struct workload *workload = &deployment->workload;
    struct cluster *cluster = workload->cluster;
    if (deployment->current)
        return;
    uint64_t revision = pod_template_hash(&workload->spec->template, workload->rollouts);
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        if (deployment->sets.items[i]->revision == revision) {
            deployment->current = deployment->sets.items[i];
            return;
        }
    }
    char hash[HASH_TEXT_SIZE];
    struct text name = {0};
    sym symbol;
    /* Two templates may share the 32 bits of a name; then the next ones are taken. */
    for (uint64_t salt = 0;; salt++) {
        pod_template_hash_text(salt ? hash_mix(revision, salt) : revision, hash);
        text_clear(&name);
        text_printf(&name, "%s-%s", cluster_text(cluster, workload->name), hash);
        symbol = cluster_sym(cluster, name.data);
        if (!workloads_find(cluster, WORKLOAD_REPLICASET, workload->namespace, name.data))
            break;
    }
    text_fini(&name);
    deployment->current = replicaset_create_revision(
        workload, &workload->spec->template, revision, symbol, cluster_sym(cluster, hash));
    vec_push(&deployment->sets, deployment->current);
}

/* The oldest empty sets beyond HISTORY_MAX are forgotten. */
static void forget_history(struct deployment *deployment)
{
    uint32_t spare = deployment->sets.count - 1, kept = 0;
    if (spare <= HISTORY_MAX)
        return;
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        struct replicaset *set = deployment->sets.items[i];
        bool empty = set->workload.replicas == 0 && !set->workload.owned.items.count;
        if (spare > HISTORY_MAX && set != deployment->current && empty) {
            workload_discard(&set->workload);
            spare--;
        } else {
            deployment->sets.items[kept++] = set;
        }
    }
    deployment->sets.count = kept;
}

/* --- scaling ------------------------------------------------------------------------------------- */

/* Larger sets first; of equal ones the newer first when growing, the older when shrinking. `newer` is by
 * the order of creation, which is that of numbers. */
static int compare_size_newer(const void *a, const void *b)
{
    const struct workload *x = &(*(struct replicaset *const *)a)->workload;
    const struct workload *y = &(*(struct replicaset *const *)b)->workload;
    if (x->replicas != y->replicas)
        return x->replicas > y->replicas ? -1 : 1;
    return x->number > y->number ? -1 : 1;
}

static int compare_size_older(const void *a, const void *b)
{
    const struct workload *x = &(*(struct replicaset *const *)a)->workload;
    const struct workload *y = &(*(struct replicaset *const *)b)->workload;
    if (x->replicas != y->replicas)
        return x->replicas > y->replicas ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/* What the set would gain if everything kept its proportion; rounded to nearest. */
static int64_t fair_share(const struct deployment *deployment, const struct replicaset *set, uint64_t size)
{
    int64_t replicas = set->workload.replicas;
    if (deployment->workload.replicas == 0)
        return -replicas;
    uint64_t before = deployment->size_before ? deployment->size_before : size;
    uint64_t scaled = ((uint64_t)replicas * size * 2 + before) / (before * 2);
    return (int64_t)scaled - replicas;
}

/* In the middle of a rolling update the change is spread over the sets in proportion to their sizes, so
 * that a bad new revision does not take all of it. */
static bool scale_proportionally(struct deployment *deployment, const struct sizes *sizes)
{
    uint64_t replicas = deployment->workload.replicas;
    uint64_t size = replicas > 0 ? replicas + max_surge(deployment) : 0;
    int64_t to_add = (int64_t)size - (int64_t)sizes->total, added = 0;
    VEC(struct replicaset *) active = {0};
    bool changed = false;
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        if (deployment->sets.items[i]->workload.replicas > 0)
            vec_push(&active, deployment->sets.items[i]);
    }
    qsort(active.items, active.count, sizeof *active.items,
        to_add > 0 ? compare_size_newer : compare_size_older);
    int64_t *targets = mem_array(NULL, active.count, sizeof *targets);
    for (uint32_t i = 0; i < active.count; i++) {
        int64_t share = 0, left = to_add - added;
        if (left != 0) {
            share = fair_share(deployment, active.items[i], size);
            if (to_add > 0)
                share = share < left ? share : left;
            else
                share = share > left ? share : left;
        }
        targets[i] = active.items[i]->workload.replicas + share;
        added += share;
    }
    targets[0] += to_add - added;
    for (uint32_t i = 0; i < active.count; i++)
        changed |= resize(active.items[i], targets[i] > 0 ? (uint64_t)targets[i] : 0);
    free(targets);
    vec_fini(&active);
    return changed;
}

static bool scale(struct deployment *deployment)
{
    struct replicaset *current = deployment->current;
    uint32_t replicas = deployment->workload.replicas;
    struct sizes sizes = sizes_of(deployment);
    if (sizes.active <= 1) {
        struct replicaset *only = current;
        for (uint32_t i = 0; i < deployment->sets.count; i++) {
            if (deployment->sets.items[i]->workload.replicas > 0)
                only = deployment->sets.items[i];
        }
        return resize(only, replicas);
    }
    if (current->workload.replicas == replicas && current->workload.available_count == replicas) {
        bool changed = false;
        for (uint32_t i = 0; i < deployment->sets.count; i++) {
            if (deployment->sets.items[i] != current)
                changed |= resize(deployment->sets.items[i], 0);
        }
        return changed;
    }
    return !deployment->workload.spec->recreate && scale_proportionally(deployment, &sizes);
}

/* --- rolling update ------------------------------------------------------------------------------ */

static bool grow_current(struct deployment *deployment)
{
    struct replicaset *current = deployment->current;
    uint64_t replicas = deployment->workload.replicas, wanted = current->workload.replicas;
    if (wanted >= replicas)
        return resize(current, replicas);
    uint64_t total = sizes_of(deployment).total, total_max = replicas + max_surge(deployment);
    if (total >= total_max)
        return false;
    uint64_t more = total_max - total < replicas - wanted ? total_max - total : replicas - wanted;
    return resize(current, wanted + more);
}

/* Pods of old sets that are not available anyway. Returns how many sizes were reduced by. */
static uint64_t drop_unavailable(struct deployment *deployment, uint64_t at_most)
{
    uint64_t dropped = 0;
    for (uint32_t i = 0; i < deployment->sets.count && dropped < at_most; i++) {
        struct replicaset *set = deployment->sets.items[i];
        uint32_t replicas = set->workload.replicas, available = set->workload.available_count;
        if (set == deployment->current || replicas <= available)
            continue;
        uint64_t fewer = replicas - available < at_most - dropped ? replicas - available : at_most - dropped;
        resize(set, replicas - fewer);
        dropped += fewer;
    }
    return dropped;
}

static bool shrink_old(struct deployment *deployment)
{
    struct sizes sizes = sizes_of(deployment);
    const struct workload *current = &deployment->current->workload;
    if (sizes.old_total == 0)
        return false;
    uint64_t least_available = deployment->workload.replicas - max_unavailable(deployment);
    uint64_t unavailable = current->replicas - current->available_count;
    if (sizes.total <= least_available + unavailable)
        return false;
    uint64_t dropped = drop_unavailable(deployment, sizes.total - least_available - unavailable);
    if (sizes.available <= least_available)
        return dropped > 0;
    uint64_t left = sizes.available - least_available;
    bool changed = dropped > 0;
    for (uint32_t i = 0; i < deployment->sets.count && left > 0; i++) {
        struct replicaset *set = deployment->sets.items[i];
        uint64_t replicas = set->workload.replicas;
        if (set == deployment->current || replicas == 0)
            continue;
        uint64_t fewer = replicas < left ? replicas : left;
        resize(set, replicas - fewer);
        left -= fewer;
        changed = true;
    }
    return changed;
}

/* --- recreate ------------------------------------------------------------------------------------ */

static bool recreate(struct deployment *deployment)
{
    bool changed = false, gone = true;
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        struct replicaset *set = deployment->sets.items[i];
        if (set == deployment->current)
            continue;
        changed |= resize(set, 0);
        gone &= set->workload.unfinished_count == 0;
    }
    if (changed || !gone)
        return changed;
    return resize(deployment->current, deployment->workload.replicas);
}

/* --- the workload -------------------------------------------------------------------------------- */

static bool deployment_step(struct workload *workload)
{
    struct deployment *deployment = of(workload);
    find_current(deployment);
    if (!sizes_of(deployment).settled)
        return false;
    if (deployment->scaled) {
        deployment->scaled = false;
        if (scale(deployment))
            return true;
    }
    bool changed;
    if (workload->spec->recreate)
        changed = recreate(deployment);
    else
        changed = grow_current(deployment) || shrink_old(deployment);
    deployment->size_before = workload->replicas + max_surge(deployment);
    if (!changed)
        forget_history(deployment);
    return changed;
}

void deployment_set_changed(struct workload *workload)
{
    struct deployment *deployment = of(workload);
    if (deployment->current && !deployment->scaled &&
        deployment->current->workload.replicas == workload->replicas && sizes_of(deployment).old_total == 0)
        return;
    workload_kick(workload);
}

static void deployment_edited(struct workload *workload)
{
    struct deployment *deployment = of(workload);
    /* A template that was loaded stays what it is until there is another one. */
    if (deployment->current &&
        deployment->current->revision != pod_template_hash(&workload->spec->template, workload->rollouts))
        deployment->current = NULL;
    deployment->scaled |= workload->replicas != deployment->replicas_known;
    deployment->replicas_known = workload->replicas;
    for (uint32_t i = 0; i < deployment->sets.count; i++)
        deployment->sets.items[i]->workload.spec = workload->spec;
}

static uint32_t deployment_updated_count(const struct workload *workload)
{
    const struct deployment *deployment = of(workload);
    return deployment->current ? deployment->current->workload.owned.live_count : 0;
}

static void deployment_fini(struct workload *workload)
{
    vec_fini(&of(workload)->sets);
}

/* A Deployment owns no pods. */
static void no_pod(struct workload *workload, struct pod_life *life)
{
    (void)workload;
    (void)life;
    EPSIM_ASSERT(!"a Deployment has no pods of its own");
}

static const struct workload_class deployment_class = {
    .step = deployment_step,
    .pod_changed = no_pod,
    .pod_removed = no_pod,
    .edited = deployment_edited,
    .updated_count = deployment_updated_count,
    .fini = deployment_fini,
};

struct workload *deployment_create(struct cluster *cluster, const struct manifest *manifest)
{
    struct deployment *deployment = mem_zalloc(sizeof *deployment);
    workload_init(&deployment->workload, cluster, &deployment_class, WORKLOAD_DEPLOYMENT,
        cluster_sym(cluster, manifest->metadata.namespace), cluster_sym(cluster, manifest->metadata.name),
        manifest->at);
    deployment->workload.spec = &manifest->workload;
    deployment->workload.replicas = deployment->replicas_known = manifest->workload.replicas;
    return &deployment->workload;
}

void deployment_take_set(struct workload *workload, struct workload *set, int64_t revision_number)
{
    struct deployment *deployment = of(workload);
    struct replicaset *revision = (struct replicaset *)set;
    set->root = workload;
    vec_push(&deployment->sets, revision);
    if (!deployment->current || revision_number >= deployment->loaded_revision) {
        /* Templates of a dump differ in what is not read (images), so numbers decide, not hashes. */
        if (deployment->current)
            deployment->current->revision = hash_mix(deployment->current->revision, set->number);
        deployment->current = revision;
        deployment->loaded_revision = revision_number;
        revision->revision = pod_template_hash(&workload->spec->template, workload->rollouts);
    } else {
        revision->revision = hash_mix(pod_template_hash(&set->spec->template, 0), set->number);
    }
    deployment->size_before = workload->replicas + max_surge(deployment);
}

void deployment_counts(const struct workload *workload, uint32_t *out_ready, uint32_t *out_available)
{
    const struct deployment *deployment = of(workload);
    *out_ready = *out_available = 0;
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        *out_ready += deployment->sets.items[i]->workload.ready_count;
        *out_available += deployment->sets.items[i]->workload.available_count;
    }
}

uint32_t deployment_live_count(const struct workload *workload)
{
    const struct deployment *deployment = of(workload);
    uint32_t count = 0;
    for (uint32_t i = 0; i < deployment->sets.count; i++)
        count += deployment->sets.items[i]->workload.owned.live_count;
    return count;
}

const struct workload *deployment_live_set(const struct workload *workload, uint32_t *i)
{
    const struct deployment *deployment = of(workload);
    for (uint32_t k = 0; k < deployment->sets.count; k++) {
        const struct workload *set = &deployment->sets.items[k]->workload;
        if (*i < set->owned.live_count)
            return set;
        *i -= set->owned.live_count;
    }
    EPSIM_ASSERT(!"a live pod of the Deployment");
    return NULL;
}

void deployment_delete_sets(struct workload *workload)
{
    struct deployment *deployment = of(workload);
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        if (!deployment->sets.items[i]->workload.deleted)
            workload_delete(&deployment->sets.items[i]->workload);
    }
}

void deployment_lose_set(struct workload *workload, const struct workload *set)
{
    struct deployment *deployment = of(workload);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < deployment->sets.count; i++) {
        if (&deployment->sets.items[i]->workload != set)
            deployment->sets.items[kept++] = deployment->sets.items[i];
    }
    deployment->sets.count = kept;
    if (deployment->current && &deployment->current->workload == set)
        deployment->current = NULL;
    workload_kick(workload);
}
