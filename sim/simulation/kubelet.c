/*
 * kubelet.c: see kubelet.h.
 *
 * Every function takes the pod's present revision, makes the next one (a draft), puts it, and tells the
 * workload that owns the pod. The record (pod_life.h) mirrors what decisions need of the object.
 */
#include "simulation/kubelet.h"

#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"
#include "simulation/cluster.h"

/* terminationGracePeriodSeconds when the pod has none. */
#define GRACE_DEFAULT_S 30

static struct pod *draft_of(const struct pod_life *life)
{
    return pod_edit(life_pod(life));
}

static void publish(struct pod_life *life, struct pod *draft)
{
    struct cluster *cluster = life_cluster(life);
    if (cluster->ip_use.is_kept)
        ip_use_follow(&cluster->ip_use, store_pod_of(cluster->store, life_self(life)), draft);
    store_put_pod(cluster->store, draft);
}

static void set_timer(struct pod_life *life, enum pod_timer kind, int64_t delay_ns, uint32_t phase);

static void clear_timer(struct pod_life *life)
{
    if (life->timer_kind != TIMER_NONE)
        life_cancel_timer(&life_cluster(life)->lives.timers, life);
    life->timer_kind = TIMER_NONE;
}

/* --- addresses ----------------------------------------------------------------------------------- */

static struct node_addresses *addresses_of(const struct pod_life *life)
{
    return &nodes_at(&life_cluster(life)->nodes, life->node)->addresses;
}

static void give_ips(struct pod_life *life, const struct pod *pod)
{
    uint32_t count = pod_ip_count(pod);
    for (uint32_t i = 0; i < count && i < 2; i++) {
        if (life->owns_ip >> i & 1)
            ipam_give(addresses_of(life), pod_ip(pod, i));
    }
    life->owns_ip = 0;
}

/* Addresses that somebody chose; those of the node's range are taken out of it. */
static void reserve_ips(struct pod_life *life, const struct pod *draft)
{
    uint32_t count = pod_ip_count(draft);
    for (uint32_t i = 0; i < count && i < 2; i++) {
        if (life->node != NODE_NONE &&
            ipam_reserve(addresses_of(life), pod_ip(draft, i), life_cluster(life)->silent))
            life->owns_ip |= 1u << i;
    }
}

/* One address a range of the node. False: failed. */
static bool take_ips(struct pod_life *life, struct pod *draft)
{
    struct cluster *cluster = life_cluster(life);
    struct node_addresses *addresses = addresses_of(life);
    struct ip ips[2];
    char texts[2][IP_TEXT_MAX];
    const char *list[2] = {texts[0], texts[1]};
    life->owns_ip = 0;
    for (uint32_t i = 0; i < addresses->count; i++) {
        if (!ipam_take(addresses, i, &ips[i])) {
            const struct ip_range *range = &addresses->ranges[i].range;
            ip_format(range->base, texts[0]);
            cluster_fail(cluster, life->owner ? life_owner(life)->at : cluster->cause,
                "node '%s' has no address left for pod '%s' in its range %s/%u (nodes.podRangePrefix)",
                cluster_text(cluster, draft->node_name), target_name_here(life_self(life)), texts[0],
                range->prefix_length);
            return false;
        }
        life->owns_ip |= 1u << i;
    }
    if (addresses->count == 1) {
        pod_set_ip(draft, ips[0]);
        return true;
    }
    for (uint32_t i = 0; i < addresses->count; i++)
        ip_format(ips[i], texts[i]);
    pod_set_ips(draft, cluster->catalog, list, addresses->count);
    return true;
}

/* A node hands out its addresses in turn, so one that is given back is not the next, unless all others are
 * in use. One that somebody chose may be: the turn passes beyond it while it is still taken. */
static void pass_next_ips(struct pod_life *life)
{
    struct node_addresses *addresses = addresses_of(life);
    struct ip ip;
    for (uint32_t i = 0; i < addresses->count; i++) {
        if (ipam_take(addresses, i, &ip))
            ipam_give(addresses, ip);
    }
}

/* --- start and readiness ------------------------------------------------------------------------- */

static void set_ready(struct pod_life *life, struct pod *draft, bool ready)
{
    enum condition condition = ready ? CONDITION_TRUE : CONDITION_FALSE;
    if (draft->ready == condition)
        return;
    draft->ready = (uint8_t)condition;
    pod_set_ready_since(draft, cluster_now_s(life_cluster(life)));
    life->ready = ready;
}

/* The containers run: they are ready after pods.ready, or now. */
static void await_ready(struct pod_life *life, struct pod *draft, bool settled)
{
    int64_t delay_ns = 0;
    if (!life->held && !settled)
        delay_ns =
            distribution_draw(&life_cluster(life)->scenario->pod_ready, &life_cluster(life)->ready_stream);
    set_ready(life, draft, !life->held && delay_ns == 0);
    if (delay_ns > 0)
        set_timer(life, TIMER_READY, delay_ns, PHASE_KUBELET);
}

static void start(struct pod_life *life, struct pod *draft, bool settled)
{
    const struct pod_spec *spec = life_origin(life)->spec;
    if (spec && spec->ip_count > 0 && !life->readdressed) {
        pod_set_ips(draft, life_cluster(life)->catalog, spec->ips, spec->ip_count);
        reserve_ips(life, draft);
    } else if (!take_ips(life, draft)) {
        return;
    }
    draft->phase = POD_RUNNING;
    life->started = true;
    await_ready(life, draft, settled);
}

/* The node's kubelet sees the pod. */
static void admit(struct pod_life *life, struct pod *draft, bool settled)
{
    int64_t delay_ns = 0;
    if (!settled)
        delay_ns =
            distribution_draw(&life_cluster(life)->scenario->pod_start, &life_cluster(life)->start_stream);
    if (delay_ns > 0)
        set_timer(life, TIMER_START, delay_ns, PHASE_KUBELET);
    else
        start(life, draft, settled);
}

static void bind(struct pod_life *life, struct pod *draft, struct node_record *record, bool settled)
{
    draft->node_name = record->name;
    node_join(record, life);
    if (record->up)
        admit(life, draft, settled);
}

void kubelet_bind_pod(struct pod_life *life, struct node_record *record)
{
    struct pod *draft = draft_of(life);
    bind(life, draft, record, false);
    publish(life, draft);
    workload_pod_changed(life);
}

/* --- birth --------------------------------------------------------------------------------------- */

static struct target *create_identity(
    struct cluster *cluster, const struct pod_birth *birth, uint64_t *out_name_hash)
{
    uint64_t uid_place = store_draw_uid(cluster->store);
    if (birth->name_prefix != SYM_EMPTY) {
        *out_name_hash =
            made_name_hash(catalog_hash(cluster->catalog, birth->name_prefix), birth->name_suffix);
        return target_create_made(
            cluster->catalog, birth->namespace, birth->name_prefix, birth->name_suffix, uid_place);
    }
    size_t length = strlen(birth->name);
    *out_name_hash = birth->name_hash ? birth->name_hash : pod_name_hash(birth->name, length);
    return target_create_drawn(cluster->catalog, birth->namespace, birth->name, (uint32_t)length, uid_place);
}

struct pod_life *kubelet_create_pod(struct cluster *cluster, const struct pod_birth *birth)
{
    uint64_t name_hash;
    struct target *self = create_identity(cluster, birth, &name_hash);
    struct pod *draft = pod_create(cluster->catalog, self, cluster_now_s(cluster));
    struct pod_life *life = life_create(cluster, target_ref(self));
    pod_set_shape(draft, &(struct pod_shape){.hostname = birth->hostname,
                             .subdomain = birth->subdomain,
                             .owner = birth->owner ? birth->owner->number : 0,
                             .labels = birth->labels,
                             .container_ports = birth->ports ? birth->ports : ports_empty(cluster->catalog)});
    life_set_origin(life, birth->spec, birth->maker);
    life->held = birth->held;
    life->foreign = birth->foreign;
    if (birth->revision)
        life_set_seat(life, birth->place, birth->revision);
    struct node_record *record =
        birth->node_name != SYM_EMPTY ? nodes_find(cluster, birth->node_name) : scheduler_pick(cluster);
    if (record) {
        bind(life, draft, record, birth->settled);
    } else if (birth->node_name != SYM_EMPTY) {
        draft->node_name = birth->node_name;
        nodes_wait(life);
    } else {
        scheduler_wait(life);
    }
    ip_use_follow(&cluster->ip_use, NULL, draft);
    store_create_pod(cluster->store, draft, name_hash);
    if (birth->owner)
        workload_join(birth->owner, life);
    else
        workload_adopt(life);
    return life;
}

/* Off the scheduler's queue, or that of the node that is not there. */
static void stop_waiting(struct pod_life *life)
{
    if (!life->waiting)
        return;
    if (life->homeless)
        nodes_forget(life);
    else
        scheduler_forget(life);
}

/* The record's mirror of what a status says. */
static void mirror(struct pod_life *life, const struct pod *pod)
{
    life->ready = pod_is_ready(pod);
    life->started = pod_ip_count(pod) > 0 || pod->has_pod_ip;
    life->finished = pod->phase == POD_FAILED || pod->phase == POD_SUCCEEDED;
    life->terminating = pod_is_terminating(pod);
}

struct pod_life *kubelet_load_pod(struct cluster *cluster, struct pod *pod, const struct pod_spec *spec)
{
    EPSIM_ASSERT(!life_find_of(cluster, pod_self(pod)));
    struct pod_life *life = life_create(cluster, target_ref(pod_self(pod)));
    life_set_origin(life, spec, 0);
    mirror(life, pod);
    struct node_record *record = nodes_find(cluster, pod->node_name);
    if (record) {
        node_join(record, life);
        if (!life->finished)
            reserve_ips(life, pod);
    }
    publish(life, pod);
    return life;
}

void kubelet_replace(struct pod_life *life, struct pod *pod)
{
    if (life->timer_kind != TIMER_GONE)
        clear_timer(life);
    if (life->node != NODE_NONE)
        give_ips(life, life_pod(life));
    mirror(life, pod);
    if (life->finished) {
        stop_waiting(life);
        node_uncount(life);
    } else {
        reserve_ips(life, pod);
    }
    publish(life, pod);
    workload_pod_changed(life);
}

/* --- death --------------------------------------------------------------------------------------- */

static void gone(struct pod_life *life)
{
    struct cluster *cluster = life_cluster(life);
    workload_detach(life);
    if (life->node != NODE_NONE) {
        give_ips(life, life_pod(life));
        node_leave(life);
    }
    stop_waiting(life);
    if (cluster->ip_use.is_kept)
        ip_use_follow(&cluster->ip_use, life_pod(life), NULL);
    store_remove_pod_of(cluster->store, life_self(life));
    workload_forget_ordinal(life);
    workloads_name_is_free(cluster, life_self(life));
    life_destroy(life);
}

/* C-19a: the API server shows the end of a pod in two steps, a write apart: it has no grace any more, and it
 * is gone. */
static void depart(struct pod_life *life)
{
    struct cluster *cluster = life_cluster(life);
    if (life->departing)
        return;
    if (cluster->scenario->profile == PROFILE_INSTANT) {
        gone(life);
        return;
    }
    bool was_terminating = life->terminating;
    struct pod *draft = draft_of(life);
    pod_set_deletion(draft, cluster_now_s(cluster), 0);
    life->terminating = life->departing = true;
    clear_timer(life);
    int64_t delay_ns = distribution_draw(&cluster->scenario->engine.timing.write, &cluster->removal_stream);
    set_timer(life, TIMER_GONE, delay_ns, delay_ns == 0 ? PHASE_WORKLOAD : PHASE_KUBELET);
    publish(life, draft);
    if (!was_terminating)
        workload_pod_changed(life);
}

static int64_t grace_s_of(const struct pod_life *life, int64_t grace_ns)
{
    if (grace_ns != KUBELET_GRACE_DEFAULT)
        return grace_ns / NS_PER_S + (grace_ns % NS_PER_S != 0);
    const struct pod_spec *spec = life_origin(life)->spec;
    return spec && spec->grace_s >= 0 ? spec->grace_s : GRACE_DEFAULT_S;
}

/* A second deletion. */
static void delete_sooner(struct pod_life *life, int64_t grace_ns)
{
    struct lives *lives = &life_cluster(life)->lives;
    /* What terminates by its status has no end yet. */
    if (life->timer_kind != TIMER_GONE && grace_ns == KUBELET_GRACE_DEFAULT)
        grace_ns =
            distribution_draw(&life_cluster(life)->scenario->pod_stop, &life_cluster(life)->stop_stream);
    if (grace_ns == 0) {
        depart(life);
    } else if (grace_ns > 0 &&
               (life->timer_kind != TIMER_GONE ||
                   grace_ns < life_timer_when(&lives->timers, life) - cluster_now(life_cluster(life)))) {
        clear_timer(life);
        set_timer(life, TIMER_GONE, grace_ns, PHASE_KUBELET);
    }
}

void kubelet_delete_pod(struct pod_life *life, int64_t grace_ns)
{
    struct cluster *cluster = life_cluster(life);
    if (life->terminating) {
        delete_sooner(life, grace_ns);
        return;
    }
    if (life->node == NODE_NONE || life->finished) {
        gone(life);
        return;
    }
    int64_t stop_ns = grace_ns;
    if (grace_ns == KUBELET_GRACE_DEFAULT)
        stop_ns = distribution_draw(&cluster->scenario->pod_stop, &cluster->stop_stream);
    if (stop_ns == 0) {
        depart(life);
        return;
    }
    struct pod *draft = draft_of(life);
    int64_t grace_s = grace_s_of(life, grace_ns);
    pod_set_deletion(draft, cluster_now_s(cluster) + grace_s, grace_s);
    life->terminating = true;
    clear_timer(life);
    set_timer(life, TIMER_GONE, stop_ns, PHASE_KUBELET);
    publish(life, draft);
    workload_pod_changed(life);
}

/* --- timers -------------------------------------------------------------------------------------- */

static void on_timer(void *subject, uint64_t argument)
{
    (void)argument;
    struct pod_life *life = subject;
    enum pod_timer kind = (enum pod_timer)life->timer_kind;
    clear_timer(life);
    if (kind == TIMER_GONE) {
        if (life->departing)
            gone(life);
        else
            depart(life);
        return;
    }
    struct pod *draft = draft_of(life);
    if (kind == TIMER_START)
        start(life, draft, false);
    else
        set_ready(life, draft, true);
    publish(life, draft);
    workload_pod_changed(life);
}

static void set_timer(struct pod_life *life, enum pod_timer kind, int64_t delay_ns, uint32_t phase)
{
    struct clock *clock = &life_cluster(life)->clock;
    life->timer_kind = kind & 3u;
    life_set_timer(&life_cluster(life)->lives.timers, life,
        clock_after(clock, delay_ns, phase, PLAY_POD_TIMER, on_timer, life, life->serial));
}

/* --- what happens to it -------------------------------------------------------------------------- */

static bool node_is_up(const struct pod_life *life)
{
    return life->node == NODE_NONE || nodes_at(&life_cluster(life)->nodes, life->node)->up;
}

bool kubelet_set_ready(struct pod_life *life, bool ready)
{
    if (life->finished)
        return false;
    life->held = !ready;
    life->was_ready = ready;
    if (!life->started || !node_is_up(life))
        return true;
    if (life->timer_kind == TIMER_READY)
        clear_timer(life);
    if (life->ready == ready)
        return true;
    struct pod *draft = draft_of(life);
    set_ready(life, draft, ready);
    publish(life, draft);
    workload_pod_changed(life);
    return true;
}

bool kubelet_restart(struct pod_life *life)
{
    if (life->finished)
        return false;
    if (!life->started || life->terminating || !node_is_up(life))
        return true;
    clear_timer(life);
    if (life->ready) {
        struct pod *draft = draft_of(life);
        set_ready(life, draft, false);
        publish(life, draft);
        workload_pod_changed(life);
    }
    if (life->held)
        return true;
    int64_t delay_ns =
        distribution_draw(&life_cluster(life)->scenario->pod_ready, &life_cluster(life)->ready_stream);
    set_timer(life, TIMER_READY, delay_ns, delay_ns == 0 ? PHASE_WORKLOAD : PHASE_KUBELET);
    return true;
}

bool kubelet_readdress(struct pod_life *life)
{
    if (life->finished || !life->started || life->node == NODE_NONE)
        return false;
    if (life->terminating || !node_is_up(life))
        return true;
    struct pod *draft = draft_of(life);
    clear_timer(life);
    const struct pod_spec *spec = life_origin(life)->spec;
    if (spec && spec->ip_count > 0 && !life->readdressed)
        pass_next_ips(life);
    give_ips(life, draft);
    pod_set_ips(draft, life_cluster(life)->catalog, NULL, 0);
    set_ready(life, draft, false);
    life->started = false;
    life->readdressed = true;
    admit(life, draft, false);
    publish(life, draft);
    workload_pod_changed(life);
    return true;
}

void kubelet_fail(struct pod_life *life)
{
    if (life->finished)
        return;
    struct pod *draft = draft_of(life);
    if (life->node != NODE_NONE) {
        give_ips(life, draft);
        node_uncount(life);
    }
    stop_waiting(life);
    if (life->timer_kind != TIMER_GONE)
        clear_timer(life);
    draft->phase = POD_FAILED;
    set_ready(life, draft, false);
    life->finished = true;
    publish(life, draft);
    workload_pod_changed(life);
}

void kubelet_relabel(struct pod_life *life, const struct labels *labels)
{
    const struct pod *before = life_pod(life);
    if (pod_labels(before) == labels)
        return;
    struct pod *draft = pod_edit(before);
    pod_set_labels(draft, labels);
    publish(life, draft);
    workload_pod_relabelled(life, labels);
}

void kubelet_node_is_lost(struct pod_life *life)
{
    if (life->finished || life->terminating)
        return;
    clear_timer(life);
    life->was_ready = life->ready;
    if (!life->ready)
        return;
    struct pod *draft = draft_of(life);
    set_ready(life, draft, false);
    publish(life, draft);
    workload_pod_changed(life);
}

void kubelet_node_is_back(struct pod_life *life)
{
    if (life->finished || life->terminating)
        return;
    const struct pod *before = life_pod(life);
    struct pod *draft = pod_edit(before);
    bool had_started = life->started;
    if (!had_started)
        admit(life, draft, false);
    else if (life->was_ready && !life->held)
        set_ready(life, draft, true);
    else
        await_ready(life, draft, false);
    if (draft->ready == before->ready && life->started == had_started) {
        pod_unref(draft);
        return;
    }
    publish(life, draft);
    workload_pod_changed(life);
}
