/*
 * daemonset.c: see daemonset.h.
 *
 * Updates: with maxUnavailable (1), old pods are deleted while fewer nodes than that lack an available pod,
 * the lowest node first, and old pods that are not available anyway before all others. With maxSurge, new
 * pods come beside the old ones, which go when the new ones are available.
 */
#include "simulation/daemonset.h"

#include "base/mem.h"
#include "base/vec.h"
#include "simulation/cluster.h"
#include "simulation/ordinal_set.h"
#include "simulation/pod_template.h"

/* A node's pods, terminating ones too. */
struct place {
    struct pod_life *old, *now; /* of an older revision, and of the present one */
    bool covered;               /* one of them is available */
    bool doubled;               /* both are there */
};

struct daemonset {
    struct workload workload;
    uint32_t revision;
    uint64_t hash; /* of the template */
    struct pod_template template;
    const struct labels *labels;
    VEC(struct place) places; /* by node number */
    uint32_t covered_count, doubled_count;
    struct ordinal_set missing;     /* nodes without a pod */
    struct ordinal_set broken;      /* nodes with a finished pod */
    struct ordinal_set stale;       /* nodes with an old pod to be replaced */
    struct ordinal_set stale_alone; /* of these, those without a new one beside */
    struct ordinal_set stale_unavailable;
    struct ordinal_set retired; /* nodes whose new pod is available beside an old one */
};

static struct daemonset *of(const struct workload *workload)
{
    return (struct daemonset *)workload;
}

/* --- sets ---------------------------------------------------------------------------------------- */

static bool is_live(const struct pod_life *life)
{
    return life && life->live;
}

static bool is_broken(const struct pod_life *life)
{
    return life && life->finished && !life->terminating;
}

static void refresh(struct daemonset *set, uint32_t node)
{
    struct place *place = &set->places.items[node];
    bool present = nodes_at(&set->workload.cluster->nodes, node)->present;
    bool old_available = is_live(place->old) && place->old->available;
    bool now_available = is_live(place->now) && place->now->available;
    bool stale = present && is_live(place->old);
    bool covered = present && (old_available || now_available), doubled = place->old && place->now;
    set->covered_count += (uint32_t)covered - (uint32_t)place->covered;
    set->doubled_count += (uint32_t)doubled - (uint32_t)place->doubled;
    place->covered = covered;
    place->doubled = doubled;
    ordinal_set_put(&set->missing, node, present && !place->old && !place->now);
    ordinal_set_put(&set->broken, node, is_broken(place->old) || is_broken(place->now));
    ordinal_set_put(&set->stale, node, stale);
    ordinal_set_put(&set->stale_alone, node, stale && !place->now);
    ordinal_set_put(&set->stale_unavailable, node, stale && !old_available);
    ordinal_set_put(&set->retired, node, stale && now_available);
}

static void make_revision(struct daemonset *set)
{
    struct cluster *cluster = set->workload.cluster;
    char hash[HASH_TEXT_SIZE];
    const struct pod_spec *spec = &set->workload.spec->template;
    set->revision++;
    set->template = pod_template_make(cluster, spec);
    pod_template_hash_text(pod_template_hash(spec, set->workload.rollouts), hash);
    set->labels = labels_with(cluster->catalog, set->template.labels,
        cluster_sym(cluster, "controller-revision-hash"), cluster_sym(cluster, hash));
}

void daemonset_node_changed(struct workload *workload, uint32_t node)
{
    struct daemonset *set = of(workload);
    while (set->places.count <= node)
        vec_push(&set->places, (struct place){0});
    refresh(set, node);
    workload_kick(workload);
}

/* --- control ------------------------------------------------------------------------------------- */

static bool create_pod(struct daemonset *set, uint32_t node)
{
    struct workload *workload = &set->workload;
    struct cluster *cluster = workload->cluster;
    char room[MADE_NAME_MAX + 1];
    struct pod_birth birth = pod_template_birth(&set->template, set->labels);
    generate_free_name(workload, &workload->name_stream, &birth, room);
    birth.maker = workload->root->number;
    birth.node_name = nodes_at(&cluster->nodes, node)->name;
    birth.owner = workload;
    birth.place = node;
    birth.revision = set->revision;
    workload_create_pod(workload, &birth);
    return true;
}

static bool delete_pod(struct pod_life *life)
{
    kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
    return true;
}

static bool update(struct daemonset *set)
{
    const struct workload_spec *spec = set->workload.spec;
    if (spec->on_delete || ordinal_set_count(&set->stale) == 0)
        return false;
    uint32_t node_count = set->workload.cluster->nodes.present_count;
    uint32_t surge_max = count_of(spec->max_surge, node_count, true);
    uint32_t unavailable_max = count_of(spec->max_unavailable, node_count, true);
    if (surge_max > 0) {
        if (ordinal_set_count(&set->stale_alone) == 0 || set->doubled_count >= surge_max)
            return false;
        return create_pod(set, ordinal_set_first(&set->stale_alone));
    }
    if (ordinal_set_count(&set->stale_unavailable) > 0)
        return delete_pod(set->places.items[ordinal_set_first(&set->stale_unavailable)].old);
    if (node_count - set->covered_count >= (unavailable_max ? unavailable_max : 1))
        return false;
    return delete_pod(set->places.items[ordinal_set_first(&set->stale)].old);
}

static bool daemonset_step(struct workload *workload)
{
    struct daemonset *set = of(workload);
    if (ordinal_set_count(&set->broken) > 0) {
        const struct place *place = &set->places.items[ordinal_set_first(&set->broken)];
        return delete_pod(is_broken(place->old) ? place->old : place->now);
    }
    if (ordinal_set_count(&set->missing) > 0)
        return create_pod(set, ordinal_set_first(&set->missing));
    if (ordinal_set_count(&set->retired) > 0)
        return delete_pod(set->places.items[ordinal_set_first(&set->retired)].old);
    return update(set);
}

/* --- pods ---------------------------------------------------------------------------------------- */

static bool daemonset_accepts(const struct workload *workload, const struct pod_life *life)
{
    (void)workload;
    return life->node != NODE_NONE;
}

static struct pod_life **seat_of(struct daemonset *set, const struct pod_life *life)
{
    struct place *place = &set->places.items[life_place(life)];
    return life_revision(life) == set->revision ? &place->now : &place->old;
}

/* A node has one pod of a revision; who comes second is surplus. */
static void daemonset_pod_changed(struct workload *workload, struct pod_life *life)
{
    struct daemonset *set = of(workload);
    if (life_revision(life) == 0) {
        life_set_seat(life, life->node, set->revision);
    }
    struct pod_life **seat = seat_of(set, life);
    if (!*seat)
        *seat = life;
    else if (*seat != life && !life->terminating)
        reaper_add(life);
    refresh(set, life_place(life));
    workload_kick(workload);
}

static void daemonset_pod_removed(struct workload *workload, struct pod_life *life)
{
    struct daemonset *set = of(workload);
    struct pod_life **seat = seat_of(set, life);
    if (*seat == life)
        *seat = NULL;
    life_set_seat(life, life_place(life), 0);
    refresh(set, life_place(life));
    workload_kick(workload);
}

/* All pods become old ones; a node whose old pod still waits for its end keeps that one. */
static void age(struct daemonset *set)
{
    for (uint32_t node = 0; node < set->places.count; node++) {
        struct place *place = &set->places.items[node];
        if (place->now && place->old && !place->old->terminating)
            reaper_add(place->old);
        if (place->now)
            place->old = place->now;
        place->now = NULL;
    }
    make_revision(set);
    for (uint32_t node = 0; node < set->places.count; node++)
        refresh(set, node);
}

static void daemonset_edited(struct workload *workload)
{
    struct daemonset *set = of(workload);
    uint64_t hash = pod_template_hash(&workload->spec->template, workload->rollouts);
    if (hash != set->hash) {
        set->hash = hash;
        age(set);
    }
}

static uint32_t daemonset_updated_count(const struct workload *workload)
{
    return workload->owned.live_count - ordinal_set_count(&of(workload)->stale);
}

static void daemonset_fini(struct workload *workload)
{
    struct daemonset *set = of(workload);
    vec_fini(&set->places);
    ordinal_set_fini(&set->missing);
    ordinal_set_fini(&set->broken);
    ordinal_set_fini(&set->stale);
    ordinal_set_fini(&set->stale_alone);
    ordinal_set_fini(&set->stale_unavailable);
    ordinal_set_fini(&set->retired);
}

static const struct workload_class daemonset_class = {
    .step = daemonset_step,
    .pod_changed = daemonset_pod_changed,
    .pod_removed = daemonset_pod_removed,
    .accepts = daemonset_accepts,
    .edited = daemonset_edited,
    .updated_count = daemonset_updated_count,
    .fini = daemonset_fini,
};

struct workload *daemonset_create(struct cluster *cluster, const struct manifest *manifest)
{
    struct daemonset *set = mem_zalloc(sizeof *set);
    struct workload *workload = &set->workload;
    workload_init(workload, cluster, &daemonset_class, WORKLOAD_DAEMONSET,
        cluster_sym(cluster, manifest->metadata.namespace), cluster_sym(cluster, manifest->metadata.name),
        manifest->at);
    ordinal_set_init(&set->missing);
    ordinal_set_init(&set->broken);
    ordinal_set_init(&set->stale);
    ordinal_set_init(&set->stale_alone);
    ordinal_set_init(&set->stale_unavailable);
    ordinal_set_init(&set->retired);
    workload->spec = &manifest->workload;
    set->hash = pod_template_hash(&workload->spec->template, 0);
    make_revision(set);
    vec_push(&cluster->workloads.daemonsets, workload);
    for (uint32_t node = 0; node < cluster->nodes.items.count; node++)
        daemonset_node_changed(workload, node);
    return workload;
}
