/*
 * pod_life.c: see pod_life.h. The pod's identity knows its record, so the store finds it by name.
 */
#include "simulation/pod_life.h"

#include "base/check.h"
#include "simulation/cluster.h"

struct pod_life *life_find(const struct cluster *cluster, sym namespace, const char *name)
{
    const struct pod *pod = store_pod(cluster->store, namespace, name);
    return pod ? life_at(&cluster->lives, pod->self->life) : NULL;
}

struct pod_life *life_create(struct cluster *cluster, struct target *self)
{
    struct lives *lives = &cluster->lives;
    struct pod_life *life = pool_take(&lives->records);
    EPSIM_ASSERT(lives->serial < (UINT64_C(1) << LIFE_SERIAL_BITS) - 1);
    *life = (struct pod_life){.self = self, .serial = ++lives->serial, .node = NODE_NONE};
    self->life = pool_number(life);
    life_orphan(life);
    return life;
}

void life_destroy(struct pod_life *life)
{
    struct lives *lives = &life_cluster(life)->lives;
    EPSIM_ASSERT(!life->owner && life->node == NODE_NONE && !life->waiting);
    life_unorphan(life);
    life_cancel_timer(&lives->timers, life);
    life_cancel_timer(&lives->available_timers, life);
    life->self->life = POOL_NONE;
    target_unref(life->self);
    pool_give(&lives->records, life);
}

const struct pod *life_pod(const struct pod_life *life)
{
    const struct pod *pod = store_pod(life_cluster(life)->store, life->self->namespace, life->self->name);
    EPSIM_ASSERT(pod);
    return pod;
}

const char *life_name(const struct pod_life *life)
{
    return life->self->name;
}

const struct pod_spec *life_spec(const struct pod_life *life)
{
    return life->spec ? life_cluster(life)->lives.specs.items[life->spec - 1] : NULL;
}

void life_set_spec(struct pod_life *life, const struct pod_spec *spec)
{
    struct lives *lives = &life_cluster(life)->lives;
    uint64_t number = 0;
    if (spec && !map_get(&lives->spec_numbers, (uintptr_t)spec, &number)) {
        vec_push(&lives->specs, spec);
        number = lives->specs.count;
        map_put(&lives->spec_numbers, (uintptr_t)spec, number);
    }
    life->spec = (uint32_t)number;
}

struct workload *life_owner(const struct pod_life *life)
{
    return life->owner ? life_cluster(life)->workloads.items.items[life->owner - 1] : NULL;
}

/* --- timers -------------------------------------------------------------------------------------- */

static struct event_handle handle_of(uint64_t value)
{
    return (struct event_handle){(uint32_t)value, (uint32_t)(value >> 32)};
}

void life_set_timer(struct map *timers, const struct pod_life *life, struct event_handle handle)
{
    map_put(timers, pool_number(life), (uint64_t)handle.generation << 32 | handle.slot);
}

void life_cancel_timer(struct map *timers, const struct pod_life *life)
{
    uint64_t value;
    if (!map_get(timers, pool_number(life), &value))
        return;
    event_queue_cancel(life_cluster(life)->clock.queue, handle_of(value));
    map_remove(timers, pool_number(life));
}

sim_time life_timer_when(const struct map *timers, const struct pod_life *life)
{
    uint64_t value;
    sim_time at_ns = 0;
    bool pending = map_get(timers, pool_number(life), &value) &&
                   event_queue_when(life_cluster(life)->clock.queue, handle_of(value), &at_ns);
    EPSIM_ASSERT(pending);
    return at_ns;
}

/* --- lists --------------------------------------------------------------------------------------- */

static struct pod_life *neighbour(const struct pod_life *life, uint32_t number)
{
    return pool_at(pool_chunk_of(life)->pool, number);
}

void life_list_append(struct life_list *list, enum life_list_kind kind, struct pod_life *life)
{
    uint32_t number = pool_number(life);
    life->links[kind] = (struct life_link){.previous = list->last};
    if (list->last)
        neighbour(life, list->last)->links[kind].next = number;
    else
        list->first = number;
    list->last = number;
}

void life_list_remove(struct life_list *list, enum life_list_kind kind, struct pod_life *life)
{
    struct life_link link = life->links[kind];
    if (link.previous)
        neighbour(life, link.previous)->links[kind].next = link.next;
    else
        list->first = link.next;
    if (link.next)
        neighbour(life, link.next)->links[kind].previous = link.previous;
    else
        list->last = link.previous;
    life->links[kind] = (struct life_link){0};
}

void life_orphan(struct pod_life *life)
{
    life_list_append(&life_cluster(life)->lives.orphans, LIST_OWNER, life);
}

void life_unorphan(struct pod_life *life)
{
    life_list_remove(&life_cluster(life)->lives.orphans, LIST_OWNER, life);
}

/* --- all of them --------------------------------------------------------------------------------- */

void lives_init(struct cluster *cluster)
{
    pool_init(&cluster->lives.records, sizeof(struct pod_life), cluster);
}

static void give_up_list(const struct lives *lives, uint32_t first)
{
    for (const struct pod_life *life = life_at(lives, first); life; life = life_next(life, LIST_OWNER))
        target_unref(life->self);
}

void lives_fini(struct cluster *cluster)
{
    struct lives *lives = &cluster->lives;
    /* Every record is some workload's or an orphan. */
    give_up_list(lives, lives->orphans.first);
    for (uint32_t i = 0; i < cluster->workloads.items.count; i++) {
        if (cluster->workloads.items.items[i])
            give_up_list(lives, cluster->workloads.items.items[i]->owned.first);
    }
    pool_fini(&lives->records);
    map_fini(&lives->timers);
    map_fini(&lives->available_timers);
    map_fini(&lives->spec_numbers);
    vec_fini(&lives->specs);
}
