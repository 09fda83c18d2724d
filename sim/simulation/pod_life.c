/*
 * pod_life.c: see pod_life.h. The pod's identity knows its record, so the store finds it by name.
 */
#include "simulation/pod_life.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "simulation/cluster.h"

struct pod_life *life_find(const struct cluster *cluster, sym namespace, const char *name)
{
    const struct pod *pod = store_pod(cluster->store, namespace, name);
    return pod ? life_at(&cluster->lives, pod_self(pod)->life) : NULL;
}

struct pod_life *life_find_hashed(
    const struct cluster *cluster, sym namespace, const char *name, uint64_t name_hash)
{
    const struct pod *pod = store_pod_hashed(cluster->store, namespace, name, name_hash);
    return pod ? life_at(&cluster->lives, pod_self(pod)->life) : NULL;
}

struct pod_life *life_find_of(const struct cluster *cluster, const struct target *self)
{
    const struct pod *pod = store_pod_of(cluster->store, self);
    return pod ? life_at(&cluster->lives, pod_self(pod)->life) : NULL;
}

/* Its neighbours, and whoever will be told. */
static void ask_for_relatives(const struct lives *lives, const struct pod_life *life)
{
    mem_prefetch(life_at(lives, life->next), sizeof *life);
    mem_prefetch(life_at(lives, life->previous), sizeof *life);
    if (life->timer_kind != TIMER_NONE)
        map_prefetch(&lives->timers, pool_number(life));
    mem_prefetch(life_owner(life), WORKLOAD_USUAL_BYTES);
}

void life_foresee(struct cluster *cluster, sym namespace, uint64_t name_hash, enum foreseen_kind kind)
{
    struct foreseen_pods pods = engine_foresee(cluster->engine, namespace, name_hash, kind);
    const struct lives *lives = &cluster->lives;
    if (pods.near)
        mem_prefetch(life_at(lives, pods.near->life), sizeof(struct pod_life));
    if (pods.nearer && pods.nearer->life)
        ask_for_relatives(lives, life_at(lives, pods.nearer->life));
    if (!pods.nearest || !pods.nearest->life)
        return;
    const struct pod_life *life = life_at(lives, pods.nearest->life);
    const struct workload *owner = life_owner(life);
    if (owner && owner->root != owner)
        mem_prefetch(owner->root, WORKLOAD_USUAL_BYTES);
    const struct life_set *set = owner ? &owner->owned : &lives->orphans;
    if (pods.nearest_kind == FORESEEN_DELETION && life->place_in_set < set->items.count)
        mem_prefetch_line(&set->items.items[life->place_in_set]);
}

struct pod_life *life_create(struct cluster *cluster, struct target *self)
{
    struct lives *lives = &cluster->lives;
    struct pod_life *life = pool_take(&lives->records);
    EPSIM_ASSERT(lives->serial < (UINT64_C(1) << LIFE_SERIAL_BITS) - 1);
    *life = (struct pod_life){.self = pool_number(self), .serial = ++lives->serial, .node = NODE_NONE};
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
    if (lives->seats.count)
        map_remove(&lives->seats, pool_number(life));
    life_self(life)->life = POOL_NONE;
    target_unref(life_self(life));
    pool_give(&lives->records, life);
}

const struct pod *life_pod(const struct pod_life *life)
{
    const struct pod *pod = store_pod_of(life_cluster(life)->store, life_self(life));
    EPSIM_ASSERT(pod);
    return pod;
}

struct target *life_self(const struct pod_life *life)
{
    return target_at(life_cluster(life)->catalog, life->self);
}

const struct life_origin *life_origin(const struct pod_life *life)
{
    return &life_cluster(life)->lives.origins.items[life->origin];
}

struct wanted_origin {
    const struct lives *lives;
    struct life_origin origin;
};

static bool origin_is(const void *value, const void *context)
{
    const struct wanted_origin *wanted = context;
    const struct life_origin *origin = &wanted->lives->origins.items[(uintptr_t)value - 1];
    return origin->spec == wanted->origin.spec && origin->maker == wanted->origin.maker;
}

static uint32_t origin_number(struct lives *lives, struct life_origin origin)
{
    struct wanted_origin wanted = {lives, origin};
    uint64_t hash = hash_mix((uintptr_t)origin.spec, origin.maker);
    uintptr_t number = (uintptr_t)map_find_where(&lives->origin_numbers, hash, origin_is, &wanted);
    if (!number) {
        vec_push(&lives->origins, origin);
        number = lives->origins.count;
        map_add_ptr(&lives->origin_numbers, hash, (void *)number);
    }
    return (uint32_t)number - 1;
}

void life_set_origin(struct pod_life *life, const struct pod_spec *spec, uint32_t maker)
{
    struct lives *lives = &life_cluster(life)->lives;
    const struct life_origin *latest = &lives->origins.items[lives->latest_origin];
    if (latest->spec != spec || latest->maker != maker)
        lives->latest_origin = origin_number(lives, (struct life_origin){spec, maker});
    life->origin = lives->latest_origin;
}

static uint64_t seat_of(const struct pod_life *life)
{
    uint64_t seat = 0;
    map_get(&life_cluster(life)->lives.seats, pool_number(life), &seat);
    return seat;
}

uint32_t life_place(const struct pod_life *life)
{
    return (uint32_t)seat_of(life);
}

uint32_t life_revision(const struct pod_life *life)
{
    return (uint32_t)(seat_of(life) >> 32);
}

void life_set_seat(struct pod_life *life, uint32_t place, uint32_t revision)
{
    map_put(&life_cluster(life)->lives.seats, pool_number(life), (uint64_t)revision << 32 | place);
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

void life_list_append(struct life_list *list, struct pod_life *life)
{
    uint32_t number = pool_number(life);
    life->next = POOL_NONE;
    life->previous = list->last;
    if (list->last)
        neighbour(life, list->last)->next = number;
    else
        list->first = number;
    list->last = number;
}

void life_list_remove(struct life_list *list, struct pod_life *life)
{
    if (life->previous)
        neighbour(life, life->previous)->next = life->next;
    else
        list->first = life->next;
    if (life->next)
        neighbour(life, life->next)->previous = life->previous;
    else
        list->last = life->previous;
    life->next = life->previous = POOL_NONE;
}

/* --- sets ---------------------------------------------------------------------------------------- */

/* The pod stands there now. */
static void put_at(struct life_set *set, uint32_t place, struct pod_life *life)
{
    set->items.items[place] = pool_number(life);
    life->place_in_set = place;
}

/* Of two places in the set. The first is the pod's. */
static void change_places(struct life_set *set, struct pod_life *life, uint32_t place)
{
    struct pod_life *other = neighbour(life, set->items.items[place]);
    put_at(set, life->place_in_set, other);
    put_at(set, place, life);
}

void life_set_add(struct life_set *set, struct pod_life *life)
{
    EPSIM_ASSERT(!life->live);
    life->place_in_set = set->items.count;
    vec_push(&set->items, pool_number(life));
}

void life_set_remove(struct life_set *set, struct pod_life *life)
{
    EPSIM_ASSERT(!life->live && set->items.items[life->place_in_set] == pool_number(life));
    put_at(set, life->place_in_set, neighbour(life, vec_last(&set->items)));
    set->items.count--;
}

void life_set_live(struct life_set *set, struct pod_life *life, bool live)
{
    if (life->live == live)
        return;
    change_places(set, life, live ? set->live_count++ : --set->live_count);
    life->live = live;
}

static int compare_serials(const void *a, const void *b)
{
    const struct pod_life *left = *(struct pod_life *const *)a, *right = *(struct pod_life *const *)b;
    return (left->serial > right->serial) - (left->serial < right->serial);
}

void life_order_sort(struct life_order *order)
{
    if (order->items.count > 1)
        qsort(order->items.items, order->items.count, sizeof *order->items.items, compare_serials);
}

void life_orphan(struct pod_life *life)
{
    life_set_add(&life_cluster(life)->lives.orphans, life);
}

void life_unorphan(struct pod_life *life)
{
    life_set_remove(&life_cluster(life)->lives.orphans, life);
}

/* --- all of them --------------------------------------------------------------------------------- */

void lives_init(struct cluster *cluster)
{
    pool_init(&cluster->lives.records, sizeof(struct pod_life), cluster);
    vec_push(&cluster->lives.origins, (struct life_origin){0});
    map_add_ptr(&cluster->lives.origin_numbers, hash_mix(0, 0), (void *)(uintptr_t)1);
}

static void give_up_set(const struct lives *lives, const struct life_set *set)
{
    for (uint32_t i = 0; i < set->items.count; i++)
        target_unref(life_self(life_at(lives, set->items.items[i])));
}

void lives_fini(struct cluster *cluster)
{
    struct lives *lives = &cluster->lives;
    /* Every record is some workload's or an orphan. */
    give_up_set(lives, &lives->orphans);
    for (uint32_t i = 0; i < cluster->workloads.items.count; i++) {
        if (cluster->workloads.items.items[i])
            give_up_set(lives, &cluster->workloads.items.items[i]->owned);
    }
    pool_fini(&lives->records);
    vec_fini(&lives->orphans.items);
    map_fini(&lives->timers);
    map_fini(&lives->available_timers);
    map_fini(&lives->seats);
    map_fini(&lives->origin_numbers);
    vec_fini(&lives->origins);
}
