/*
 * pod_life.c: see pod_life.h.
 */
#include "simulation/pod_life.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "simulation/cluster.h"

struct wanted {
    sym namespace;
    size_t length;
    const char *name;
};

static uint64_t name_key(sym namespace, const char *name, size_t length)
{
    return hash_mix(hash64(name, length), namespace);
}

static bool has_name(const void *value, const void *context)
{
    const struct target *self = ((const struct pod_life *)value)->self;
    const struct wanted *wanted = context;
    return self->namespace == wanted->namespace && self->name_length == wanted->length &&
           memcmp(self->name, wanted->name, wanted->length) == 0;
}

struct pod_life *life_find(const struct cluster *cluster, sym namespace, const char *name)
{
    struct wanted wanted = {namespace, strlen(name), name};
    return map_find_where(
        &cluster->lives.by_name, name_key(namespace, name, wanted.length), has_name, &wanted);
}

struct pod_life *life_create(struct cluster *cluster, struct target *self)
{
    struct pod_life *life = mem_zalloc(sizeof *life);
    life->cluster = cluster;
    life->self = self;
    life->serial = ++cluster->lives.serial;
    life->ready_since_s = TIME_NONE;
    life->node = NODE_NONE;
    map_add_ptr(&cluster->lives.by_name, name_key(self->namespace, self->name, self->name_length), life);
    cluster->lives.count++;
    life_orphan(life);
    return life;
}

void life_destroy(struct pod_life *life)
{
    struct cluster *cluster = life->cluster;
    struct target *self = life->self;
    EPSIM_ASSERT(!life->owner && life->node == NODE_NONE && !life->waiting);
    life_unorphan(life);
    event_queue_cancel(cluster->clock.queue, life->timer);
    event_queue_cancel(cluster->clock.queue, life->available_timer);
    map_remove_ptr(&cluster->lives.by_name, name_key(self->namespace, self->name, self->name_length), life);
    cluster->lives.count--;
    target_unref(self);
    free(life);
}

const struct pod *life_pod(const struct pod_life *life)
{
    const struct pod *pod = store_pod(life->cluster->store, life->self->namespace, life->self->name);
    EPSIM_ASSERT(pod);
    return pod;
}

const char *life_name(const struct pod_life *life)
{
    return life->self->name;
}

void life_orphan(struct pod_life *life)
{
    struct lives *lives = &life->cluster->lives;
    life->owned_previous = lives->orphans_last;
    life->owned_next = NULL;
    if (lives->orphans_last)
        lives->orphans_last->owned_next = life;
    else
        lives->orphans_first = life;
    lives->orphans_last = life;
}

void life_unorphan(struct pod_life *life)
{
    struct lives *lives = &life->cluster->lives;
    *(life->owned_previous ? &life->owned_previous->owned_next : &lives->orphans_first) = life->owned_next;
    *(life->owned_next ? &life->owned_next->owned_previous : &lives->orphans_last) = life->owned_previous;
    life->owned_next = life->owned_previous = NULL;
}

static void free_list(struct pod_life *life)
{
    while (life) {
        struct pod_life *next = life->owned_next;
        target_unref(life->self);
        free(life);
        life = next;
    }
}

void lives_fini(struct cluster *cluster)
{
    /* Every record is some workload's or an orphan. */
    free_list(cluster->lives.orphans_first);
    for (uint32_t i = 0; i < cluster->workloads.items.count; i++) {
        if (cluster->workloads.items.items[i])
            free_list(cluster->workloads.items.items[i]->owned_first);
    }
    map_fini(&cluster->lives.by_name);
}
