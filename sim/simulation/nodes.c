/*
 * nodes.c: see nodes.h.
 */
#include "simulation/nodes.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"
#include "simulation/cluster.h"
#include "simulation/kubelet.h"

void nodes_fini(struct cluster *cluster)
{
    struct nodes *nodes = &cluster->nodes;
    for (uint32_t i = 0; i < nodes->items.count; i++) {
        struct node_record *record = nodes->items.items[i];
        if (record->present)
            ipam_close_node(&cluster->ipam, &record->addresses);
        free(record);
    }
    vec_fini(&nodes->items);
    map_fini(&nodes->by_name);
}

struct node_record *nodes_find(const struct cluster *cluster, sym name)
{
    uint64_t number;
    if (!map_get(&cluster->nodes.by_name, name, &number))
        return NULL;
    return nodes_at(&cluster->nodes, (uint32_t)number - 1);
}

/* --- creation and change ------------------------------------------------------------------------- */

/* Pods that were bound to a node of this name before it was there. */
static void admit_homeless(struct node_record *record)
{
    const struct cluster *cluster = record->cluster;
    struct pod_life *life = life_at(&cluster->lives, cluster->nodes.homeless.first), *next;
    for (; life; life = next) {
        next = life_next(life);
        if (life_pod(life)->node_name != record->name)
            continue;
        nodes_forget(life);
        kubelet_bind_pod(life, record);
    }
}

static struct node_record *add_node(struct cluster *cluster, struct node *node)
{
    struct nodes *nodes = &cluster->nodes;
    struct node_addresses addresses;
    if (nodes->present_count >= NODES_MAX) {
        cluster_fail(cluster, cluster->cause, "more than %d nodes", NODES_MAX);
        return NULL;
    }
    if (!ipam_open_node(&cluster->ipam, node->pod_ranges, node->pod_range_count, &addresses)) {
        cluster_fail(cluster, cluster->cause,
            "no pod range is left for node '%s' (nodes.podRange, nodes.podRangePrefix)",
            cluster_text(cluster, node->meta.name));
        return NULL;
    }
    struct node_record *record = mem_zalloc(sizeof *record);
    record->cluster = cluster;
    record->number = nodes->items.count;
    record->name = node->meta.name;
    record->present = true;
    record->up = true;
    record->addresses = addresses;
    for (uint32_t i = 0; i < addresses.count; i++)
        node->pod_ranges[i] = addresses.ranges[i].range;
    node->pod_range_count = addresses.count;
    vec_push(&nodes->items, record);
    map_put(&nodes->by_name, record->name, record->number + 1);
    nodes->present_count++;
    return record;
}

static struct pod_life *pods_first(const struct node_record *record)
{
    return life_at(&record->cluster->lives, record->pods.first);
}

static void evict(void *subject, uint64_t argument)
{
    (void)argument;
    struct node_record *record = subject;
    for (struct pod_life *life = pods_first(record); life; life = life_next(life)) {
        bool tolerates = life->owner && life_owner(life)->kind == WORKLOAD_DAEMONSET;
        if (!life->terminating && !life->finished && !tolerates)
            reaper_add(life);
    }
}

static void set_up(struct node_record *record, bool up)
{
    struct cluster *cluster = record->cluster;
    if (record->up == up)
        return;
    record->up = up;
    if (!cluster->scenario->node_lifecycle)
        return;
    if (!up && !cluster->silent)
        record->eviction = clock_after(
            &cluster->clock, EVICTION_DELAY_NS, PHASE_WORKLOAD, PLAY_EVICTION, evict, record, record->number);
    else if (up)
        event_queue_cancel(cluster->clock.queue, record->eviction);
    for (struct pod_life *life = pods_first(record); life; life = life_next(life)) {
        if (up)
            kubelet_node_is_back(life);
        else
            kubelet_node_is_lost(life);
    }
}

bool nodes_put(struct cluster *cluster, struct node *node)
{
    struct node_record *record = nodes_find(cluster, node->meta.name);
    bool added = !record;
    if (added)
        record = add_node(cluster, node);
    if (!record) {
        node_unref(node);
        return false;
    }
    bool up = node->ready == CONDITION_TRUE || node->ready == CONDITION_ABSENT;
    record->zone = node_zone(node, cluster->catalog);
    record->unschedulable = node->unschedulable;
    record->pods_max = node->pods_max;
    store_put_node(cluster->store, node);
    set_up(record, up);
    scheduler_node_changed(record);
    if (added) {
        admit_homeless(record);
        workloads_node_added(cluster, record->number);
    }
    return true;
}

void nodes_make_default(struct cluster *cluster)
{
    const struct scenario *scenario = cluster->scenario;
    struct catalog *catalog = cluster->catalog;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        char name[16];
        snprintf(name, sizeof name, "node-%u", i + 1);
        struct node *node = node_create(catalog);
        node->meta.name = catalog_sym(catalog, name);
        node->meta.uid = store_new_uid(cluster->store);
        node->meta.created_s = cluster_now_s(cluster);
        struct label labels[2] = {{catalog_word(catalog, WORD_HOSTNAME), node->meta.name}};
        uint32_t label_count = 1;
        if (scenario->zone_count > 0)
            labels[label_count++] = (struct label){catalog_word(catalog, WORD_ZONE),
                catalog_sym(catalog, scenario->zones[i % scenario->zone_count])};
        node->meta.labels = labels_intern(catalog, labels, label_count);
        node->ready = CONDITION_TRUE;
        if (!nodes_put(cluster, node))
            return;
    }
}

/* Only what is said of readiness changes. */
static void put_ready(struct node_record *record, enum condition ready)
{
    struct cluster *cluster = record->cluster;
    struct node *node = node_edit(store_node(cluster->store, record->name));
    node->ready = (uint8_t)ready;
    nodes_put(cluster, node);
}

void node_fail(struct node_record *record)
{
    if (record->up)
        put_ready(record, CONDITION_UNKNOWN);
}

void node_recover(struct node_record *record)
{
    if (!record->up)
        put_ready(record, CONDITION_TRUE);
}

void node_remove(struct node_record *record)
{
    struct cluster *cluster = record->cluster;
    event_queue_cancel(cluster->clock.queue, record->eviction);
    record->present = false;
    map_remove(&cluster->nodes.by_name, record->name);
    cluster->nodes.present_count--;
    scheduler_node_changed(record);
    store_remove_node(cluster->store, record->name);
    while (record->pods.first) {
        struct pod_life *life = pods_first(record);
        life->owns_ip = 0;
        node_leave(life);
        if (cluster->scenario->node_lifecycle)
            reaper_add(life);
    }
    ipam_close_node(&cluster->ipam, &record->addresses);
    workloads_node_removed(cluster, record->number);
}

/* --- pods on it ---------------------------------------------------------------------------------- */

void node_join(struct node_record *record, struct pod_life *life)
{
    EPSIM_ASSERT(life->node == NODE_NONE && !life->waiting);
    life->node = record->number;
    life_list_append(&record->pods, life);
    if (life->finished)
        return;
    life->counted = true;
    record->pod_count++;
    scheduler_node_changed(record);
}

void node_uncount(struct pod_life *life)
{
    if (!life->counted)
        return;
    struct node_record *record = nodes_at(&life_cluster(life)->nodes, life->node);
    life->counted = false;
    record->pod_count--;
    scheduler_node_changed(record);
}

void node_leave(struct pod_life *life)
{
    if (life->node == NODE_NONE)
        return;
    struct node_record *record = nodes_at(&life_cluster(life)->nodes, life->node);
    node_uncount(life);
    life_list_remove(&record->pods, life);
    life->node = NODE_NONE;
}

void nodes_wait(struct pod_life *life)
{
    struct nodes *nodes = &life_cluster(life)->nodes;
    life->homeless = true;
    life->waiting = true;
    life_list_append(&nodes->homeless, life);
}

void nodes_forget(struct pod_life *life)
{
    struct nodes *nodes = &life_cluster(life)->nodes;
    life->waiting = false;
    life->homeless = false;
    life_list_remove(&nodes->homeless, life);
}
