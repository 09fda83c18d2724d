/*
 * scheduler.c: see scheduler.h.
 */
#include "simulation/scheduler.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"
#include "simulation/cluster.h"
#include "simulation/kubelet.h"

#define TAKES_NONE UINT64_MAX
#define CAPACITY_MIN 4

void scheduler_fini(struct cluster *cluster)
{
    free(cluster->scheduler.tree);
}

static uint64_t node_key(const struct node_record *record)
{
    if (!record->present || !record->up || record->unschedulable || record->pod_count >= record->pods_max)
        return TAKES_NONE;
    return (uint64_t)record->pod_count << 32 | record->number;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Room for node `number`: all games are played again. Amortised O(1). */
static void grow(struct cluster *cluster, uint32_t number)
{
    struct scheduler *scheduler = &cluster->scheduler;
    uint32_t capacity = scheduler->capacity ? scheduler->capacity : CAPACITY_MIN;
    while (capacity <= number)
        capacity *= 2;
    scheduler->tree = mem_array(scheduler->tree, (size_t)capacity * 2, sizeof *scheduler->tree);
    for (uint32_t i = 0; i < capacity; i++)
        scheduler->tree[capacity + i] =
            i < cluster->nodes.items.count ? node_key(nodes_at(&cluster->nodes, i)) : TAKES_NONE;
    for (uint32_t i = capacity - 1; i > 0; i--)
        scheduler->tree[i] = less(scheduler->tree[2 * i], scheduler->tree[2 * i + 1]);
    scheduler->capacity = capacity;
}

static void scheduler_step(void *subject, uint64_t argument);

/* A step while somebody waits and there is room. */
static void wake(struct cluster *cluster)
{
    struct scheduler *scheduler = &cluster->scheduler;
    if (scheduler->queue.first && scheduler->tree && scheduler->tree[1] != TAKES_NONE &&
        !event_queue_pending(cluster->clock.queue, scheduler->step))
        scheduler->step =
            clock_after(&cluster->clock, 0, PHASE_WORKLOAD, PLAY_SCHEDULER, scheduler_step, cluster, 0);
}

void scheduler_node_changed(const struct node_record *record)
{
    struct cluster *cluster = record->cluster;
    struct scheduler *scheduler = &cluster->scheduler;
    if (record->number >= scheduler->capacity)
        grow(cluster, record->number);
    uint32_t i = scheduler->capacity + record->number;
    scheduler->tree[i] = node_key(record);
    for (i /= 2; i > 0; i /= 2) {
        uint64_t winner = less(scheduler->tree[2 * i], scheduler->tree[2 * i + 1]);
        if (scheduler->tree[i] == winner)
            break;
        scheduler->tree[i] = winner;
    }
    wake(cluster);
}

static struct node_record *winner(struct cluster *cluster)
{
    const struct scheduler *scheduler = &cluster->scheduler;
    if (!scheduler->tree || scheduler->tree[1] == TAKES_NONE)
        return NULL;
    return nodes_at(&cluster->nodes, (uint32_t)scheduler->tree[1]);
}

struct node_record *scheduler_pick(struct cluster *cluster)
{
    /* Who waits comes first. */
    return cluster->scheduler.queue.first ? NULL : winner(cluster);
}

static void scheduler_step(void *subject, uint64_t argument)
{
    (void)argument;
    struct cluster *cluster = subject;
    struct pod_life *life = life_at(&cluster->lives, cluster->scheduler.queue.first);
    struct node_record *record = winner(cluster);
    if (!life || !record)
        return;
    scheduler_forget(life);
    kubelet_bind_pod(life, record);
    wake(cluster);
}

void scheduler_wait(struct pod_life *life)
{
    struct scheduler *scheduler = &life_cluster(life)->scheduler;
    EPSIM_ASSERT(life->node == NODE_NONE && !life->waiting);
    life->waiting = true;
    life_list_append(&scheduler->queue, life);
    wake(life_cluster(life));
}

void scheduler_forget(struct pod_life *life)
{
    struct scheduler *scheduler = &life_cluster(life)->scheduler;
    life->waiting = false;
    life_list_remove(&scheduler->queue, life);
}
