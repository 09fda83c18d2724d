/*
 * statefulset.c: a StatefulSet: pods with names that last, NAME-ORDINAL.
 *
 * OrderedReady (the default): the next pod is created only when all before it are available, surplus pods go
 * from the highest ordinal down, one at a time, each when the one before is gone. Parallel: creations and
 * deletions do not wait. Rolling updates go from the highest ordinal down to `partition`, a pod at a time,
 * whichever policy: it is deleted, created again at the new revision, and the next follows when it is
 * available; so a pod that never becomes ready stops the update, as in Kubernetes.
 *
 * Each ordinal that something may have to be done about is in a set (refresh), so a step looks at the first
 * or last of a set and never at all pods.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "simulation/cluster.h"
#include "simulation/ordinal_set.h"
#include "simulation/pod_template.h"
#include "simulation/workload.h"

#define ORDINAL_DIGITS_MAX 10

struct revision {
    uint32_t number;
    uint64_t hash;
    struct pod_template template;
    const struct labels *labels; /* the template's and controller-revision-hash */
};

struct statefulset {
    struct workload workload;
    uint32_t first, end; /* ordinals that are wanted: first <= n < end */
    struct map pods;     /* ordinal -> pod, terminating ones too */
    struct revision current, update;
    uint32_t revision_count;
    struct ordinal_set unhealthy;    /* wanted, and without an available pod */
    struct ordinal_set missing;      /* wanted, and without a pod, or with a finished one */
    struct ordinal_set stale;        /* wanted, and with a pod of another revision than `update` */
    struct ordinal_set surplus;      /* not wanted, with a pod */
    struct ordinal_set surplus_live; /* of these, those that are not terminating */
};

static struct statefulset *of(const struct workload *workload)
{
    return (struct statefulset *)workload;
}

static struct pod_life *pod_at(const struct statefulset *set, uint32_t ordinal)
{
    return map_get_ptr(&set->pods, ordinal);
}

/* --- revisions and sets -------------------------------------------------------------------------- */

static struct revision make_revision(struct statefulset *set, uint64_t hash)
{
    struct workload *workload = &set->workload;
    struct cluster *cluster = workload->cluster;
    struct revision revision = {
        .number = ++set->revision_count,
        .hash = hash,
        .template = pod_template_make(cluster, &workload->spec->template),
    };
    char hash_text[HASH_TEXT_SIZE];
    pod_template_hash_text(hash, hash_text);
    struct text name = {0};
    text_printf(&name, "%s-%s", cluster_text(cluster, workload->name), hash_text);
    revision.labels = labels_with(cluster->catalog, revision.template.labels,
        cluster_sym(cluster, "controller-revision-hash"), cluster_sym(cluster, name.data));
    text_fini(&name);
    return revision;
}

static void refresh(struct statefulset *set, uint32_t ordinal)
{
    const struct pod_life *life = pod_at(set, ordinal);
    bool wanted = ordinal >= set->first && ordinal < set->end;
    bool healthy = life && life->live && life->available;
    bool finished = life && life->finished && !life->terminating;
    ordinal_set_put(&set->unhealthy, ordinal, wanted && !healthy);
    ordinal_set_put(&set->missing, ordinal, wanted && (!life || finished));
    ordinal_set_put(
        &set->stale, ordinal, wanted && life && life->live && life_revision(life) != set->update.number);
    ordinal_set_put(&set->surplus, ordinal, !wanted && life);
    ordinal_set_put(&set->surplus_live, ordinal, !wanted && life && !life->terminating);
}

/* `end` may lie beyond what 32 bits hold: no ordinal is that high. */
static uint32_t range_end(uint32_t first, uint32_t replicas)
{
    return replicas < UINT32_MAX - first ? first + replicas : UINT32_MAX;
}

static void refresh_range(struct statefulset *set, uint32_t first, uint32_t end)
{
    for (uint32_t ordinal = first; ordinal < end; ordinal++)
        refresh(set, ordinal);
}

static void statefulset_edited(struct workload *workload)
{
    struct statefulset *set = of(workload);
    uint32_t first_before = set->first, end_before = set->end;
    set->first = workload->spec->ordinal_start;
    set->end = range_end(set->first, workload->replicas);
    uint64_t hash = pod_template_hash(&workload->spec->template, workload->rollouts);
    bool updated = hash != set->update.hash;
    if (updated)
        set->update = hash == set->current.hash ? set->current : make_revision(set, hash);
    if (updated || set->first != first_before) {
        refresh_range(set, first_before, end_before);
        refresh_range(set, set->first, set->end);
    } else if (set->end > end_before) {
        refresh_range(set, end_before, set->end);
    } else {
        refresh_range(set, set->end, end_before);
    }
}

/* --- control ------------------------------------------------------------------------------------- */

/* False when a pod of that name is there that is not its own (one that was released): the API server refuses
 * the creation, and the controller tries again until the name is free. */
static bool create_pod(struct statefulset *set, uint32_t ordinal)
{
    struct workload *workload = &set->workload;
    struct cluster *cluster = workload->cluster;
    struct catalog *catalog = cluster->catalog;
    const struct revision *revision =
        ordinal - set->first < workload->spec->partition ? &set->current : &set->update;
    char digits[ORDINAL_DIGITS_MAX + 1];
    struct text name = {0};
    snprintf(digits, sizeof digits, "%u", ordinal);
    text_printf(&name, "%s-%s", cluster_text(cluster, workload->name), digits);
    if (life_find(cluster, workload->namespace, name.data)) {
        text_fini(&name);
        return false;
    }
    sym pod_name = cluster_sym(cluster, name.data);
    const struct labels *labels =
        labels_with(catalog, revision->labels, catalog_word(catalog, WORD_STATEFULSET_POD_NAME), pod_name);
    labels =
        labels_with(catalog, labels, catalog_word(catalog, WORD_POD_INDEX), cluster_sym(cluster, digits));
    struct pod_birth birth = pod_template_birth(&revision->template, labels);
    birth.namespace = workload->namespace;
    birth.name = name.data;
    birth.hostname = pod_name;
    birth.subdomain = cluster_sym(cluster, workload->spec->service_name ? workload->spec->service_name : "");
    birth.owner = workload;
    birth.place = ordinal;
    birth.revision = revision->number;
    workload_create_pod(workload, &birth);
    text_fini(&name);
    return true;
}

/* Creates the pod, or deletes the finished one in its place. False: it has to wait. */
static bool fill(struct statefulset *set, uint32_t ordinal)
{
    struct pod_life *life = pod_at(set, ordinal);
    if (!life)
        return create_pod(set, ordinal);
    if (!life->finished || life->terminating)
        return false;
    kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
    return true;
}

static bool delete_at(struct statefulset *set, uint32_t ordinal)
{
    struct pod_life *life = pod_at(set, ordinal);
    if (life->terminating)
        return false;
    kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
    return true;
}

static bool update(struct statefulset *set)
{
    const struct workload_spec *spec = set->workload.spec;
    bool unhealthy = ordinal_set_count(&set->unhealthy) > 0;
    if (ordinal_set_count(&set->stale) == 0) {
        if (!unhealthy)
            set->current = set->update;
        return false;
    }
    uint32_t ordinal = ordinal_set_last(&set->stale);
    if (spec->on_delete || ordinal - set->first < spec->partition)
        return false;
    if (unhealthy && ordinal_set_last(&set->unhealthy) > ordinal)
        return false;
    return delete_at(set, ordinal);
}

static bool statefulset_step(struct workload *workload)
{
    struct statefulset *set = of(workload);
    if (workload->spec->parallel) {
        if (ordinal_set_count(&set->missing) > 0)
            return fill(set, ordinal_set_first(&set->missing));
        if (ordinal_set_count(&set->surplus_live) > 0)
            return delete_at(set, ordinal_set_last(&set->surplus_live));
    } else {
        if (ordinal_set_count(&set->unhealthy) > 0)
            return fill(set, ordinal_set_first(&set->unhealthy));
        if (ordinal_set_count(&set->surplus) > 0)
            return delete_at(set, ordinal_set_last(&set->surplus));
    }
    return update(set);
}

/* --- pods ---------------------------------------------------------------------------------------- */

/* NAME-ORDINAL. False when the name is no such. */
static bool parse_ordinal(const struct workload *workload, const char *pod_name, uint32_t *out)
{
    const char *name = cluster_text(workload->cluster, workload->name);
    size_t length = strlen(name);
    int64_t ordinal;
    if (strncmp(pod_name, name, length) != 0 || pod_name[length] != '-')
        return false;
    const char *digits = pod_name + length + 1;
    if (*digits == '-' || (*digits == '0' && digits[1]) ||
        !int_parse(digits, strlen(digits), 0, UINT32_MAX - 1, &ordinal))
        return false;
    *out = (uint32_t)ordinal;
    return true;
}

static bool statefulset_accepts(const struct workload *workload, const struct pod_life *life)
{
    uint32_t ordinal;
    return parse_ordinal(workload, target_name_here(life_self(life)), &ordinal);
}

static void statefulset_pod_changed(struct workload *workload, struct pod_life *life)
{
    struct statefulset *set = of(workload);
    uint32_t place = life_place(life);
    if (pod_at(set, place) != life) {
        /* Adopted pods, and those of a starting state, are taken to be of the present revision. */
        uint32_t revision = life_revision(life);
        parse_ordinal(workload, target_name_here(life_self(life)), &place);
        life_set_seat(life, place, revision ? revision : set->update.number);
        map_put_ptr(&set->pods, place, life);
    }
    refresh(set, place);
    workload_kick(workload);
}

static void statefulset_pod_removed(struct workload *workload, struct pod_life *life)
{
    struct statefulset *set = of(workload);
    uint32_t place = life_place(life);
    map_remove(&set->pods, place);
    life_set_seat(life, place, 0);
    refresh(set, place);
    workload_kick(workload);
}

static uint32_t statefulset_updated_count(const struct workload *workload)
{
    return workload->owned.live_count - ordinal_set_count(&of(workload)->stale);
}

static void statefulset_fini(struct workload *workload)
{
    struct statefulset *set = of(workload);
    map_fini(&set->pods);
    ordinal_set_fini(&set->unhealthy);
    ordinal_set_fini(&set->missing);
    ordinal_set_fini(&set->stale);
    ordinal_set_fini(&set->surplus);
    ordinal_set_fini(&set->surplus_live);
}

static const struct workload_class statefulset_class = {
    .step = statefulset_step,
    .pod_changed = statefulset_pod_changed,
    .pod_removed = statefulset_pod_removed,
    .accepts = statefulset_accepts,
    .edited = statefulset_edited,
    .updated_count = statefulset_updated_count,
    .fini = statefulset_fini,
};

struct workload *statefulset_create(struct cluster *cluster, const struct manifest *manifest)
{
    struct statefulset *set = mem_zalloc(sizeof *set);
    struct workload *workload = &set->workload;
    workload_init(workload, cluster, &statefulset_class, WORKLOAD_STATEFULSET,
        cluster_sym(cluster, manifest->metadata.namespace), cluster_sym(cluster, manifest->metadata.name),
        manifest->at);
    ordinal_set_init(&set->unhealthy);
    ordinal_set_init(&set->missing);
    ordinal_set_init(&set->stale);
    ordinal_set_init(&set->surplus);
    ordinal_set_init(&set->surplus_live);
    workload->spec = &manifest->workload;
    workload->replicas = manifest->workload.replicas;
    set->first = set->end = workload->spec->ordinal_start;
    set->update = make_revision(set, pod_template_hash(&workload->spec->template, 0));
    set->current = set->update;
    statefulset_edited(workload);
    return workload;
}
