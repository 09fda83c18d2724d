/*
 * object_index.c: see object_index.h.
 */
#include "model/object_index.h"

#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "model/pod.h"

struct object_key object_key_of_syms(sym namespace, sym name)
{
    return (struct object_key){(uint64_t) namespace << 32 | name, namespace, NULL};
}

struct object_key object_key_of_pod(sym namespace, const char *name, size_t length)
{
    return (struct object_key){hash_mix(namespace, hash64(name, length)), namespace, name};
}

struct object_key object_key(enum object_kind kind, const void *object)
{
    if (kind == OBJECT_POD) {
        const struct target *self = pod_self(((const struct pod *)object));
        return object_key_of_pod(self->namespace, self->name, self->name_length);
    }
    const struct meta *meta = object_meta(kind, object);
    return object_key_of_syms(meta->namespace, meta->name);
}

/* --- the index of pods ------------------------------------------------------------------------ */

static const struct pod *pod_of(const struct object_entry *entry)
{
    return entry->now ? entry->now : entry->change->old;
}

static uint64_t pod_hash(const void *context, uint32_t number)
{
    const struct object_index *index = context;
    return object_key(OBJECT_POD, pod_of(pool_at(&index->entries, number))).hash;
}

/* Two texts may have one hash. */
static bool entry_is_pod(const void *context, uint32_t number, const void *wanted)
{
    const struct object_index *index = context;
    const struct object_key *key = wanted;
    const struct target *self = pod_self(pod_of(pool_at(&index->entries, number)));
    return self->namespace == key->namespace && strcmp(self->name, key->pod_name) == 0;
}

/* --- entries ----------------------------------------------------------------------------------- */

void object_index_init(struct object_index *index, enum object_kind kind)
{
    *index = (struct object_index){.kind = kind, .pods = {.hash = pod_hash, .context = index}};
    pool_init(&index->entries, sizeof(struct object_entry), NULL);
}

void object_index_fini(struct object_index *index)
{
    for (const struct object_entry *entry = object_index_first(index); entry;
         entry = object_index_next(index, entry))
        object_unref(index->kind, entry->now);
    pool_fini(&index->entries);
    hash_index_fini(&index->pods);
    map_fini(&index->others);
}

struct object_entry *object_index_find(const struct object_index *index, struct object_key key)
{
    if (index->kind == OBJECT_POD)
        return pool_at(&index->entries, hash_index_find(&index->pods, key.hash, entry_is_pod, &key));
    return map_get_ptr(&index->others, key.hash);
}

void *object_index_get(const struct object_index *index, struct object_key key)
{
    const struct object_entry *entry = object_index_find(index, key);
    return entry ? entry->now : NULL;
}

static struct object_entry *entry_at(const struct object_index *index, uint32_t number)
{
    return pool_at(&index->entries, number);
}

static void link_last(struct object_index *index, struct object_entry *entry)
{
    uint32_t number = pool_number(entry);
    entry->next = POOL_NONE;
    entry->previous = index->last;
    if (index->last)
        entry_at(index, index->last)->next = number;
    else
        index->first = number;
    index->last = number;
}

static void unlink_entry(struct object_index *index, struct object_entry *entry)
{
    if (entry->previous)
        entry_at(index, entry->previous)->next = entry->next;
    else
        index->first = entry->next;
    if (entry->next)
        entry_at(index, entry->next)->previous = entry->previous;
    else
        index->last = entry->previous;
}

struct object_entry *object_index_add(struct object_index *index, struct object_key key, void *object)
{
    struct object_entry *entry = pool_take(&index->entries);
    *entry = (struct object_entry){.now = object};
    index->count++;
    if (index->kind == OBJECT_POD)
        hash_index_add(&index->pods, key.hash, pool_number(entry));
    else
        map_put_ptr(&index->others, key.hash, entry);
    link_last(index, entry);
    return entry;
}

void object_index_set(struct object_index *index, struct object_entry *entry, void *object)
{
    index->count -= entry->now != NULL;
    index->count += object != NULL;
    entry->now = object;
}

void object_index_move_last(struct object_index *index, struct object_entry *entry)
{
    unlink_entry(index, entry);
    link_last(index, entry);
}

void object_index_forget(struct object_index *index, struct object_key key, struct object_entry *entry)
{
    EPSIM_ASSERT(!entry->now);
    unlink_entry(index, entry);
    bool removed = index->kind == OBJECT_POD ? hash_index_remove(&index->pods, key.hash, pool_number(entry))
                                             : map_remove(&index->others, key.hash);
    EPSIM_ASSERT(removed);
    pool_give(&index->entries, entry);
}
