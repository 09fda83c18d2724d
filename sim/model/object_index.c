/*
 * object_index.c: see object_index.h.
 */
#include "model/object_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
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
        const struct target *self = ((const struct pod *)object)->self;
        return object_key_of_pod(self->namespace, self->name, self->name_length);
    }
    const struct meta *meta = object_meta(kind, object);
    return object_key_of_syms(meta->namespace, meta->name);
}

void object_index_fini(struct object_index *index)
{
    while (index->first) {
        struct object_entry *entry = index->first;
        index->first = entry->next;
        object_unref(index->kind, entry->now);
        free(entry);
    }
    map_fini(&index->map);
}

/* Two texts may have one hash. */
static bool entry_is_pod(const void *value, const void *context)
{
    const struct object_entry *entry = value;
    const struct object_key *key = context;
    const struct pod *pod = entry->now ? entry->now : entry->change->old;
    return pod->self->namespace == key->namespace && strcmp(pod->self->name, key->pod_name) == 0;
}

struct object_entry *object_index_find(const struct object_index *index, struct object_key key)
{
    if (index->kind == OBJECT_POD)
        return map_find_where(&index->map, key.hash, entry_is_pod, &key);
    return map_get_ptr(&index->map, key.hash);
}

void *object_index_get(const struct object_index *index, struct object_key key)
{
    const struct object_entry *entry = object_index_find(index, key);
    return entry ? entry->now : NULL;
}

static void link_last(struct object_index *index, struct object_entry *entry)
{
    entry->next = NULL;
    entry->previous = index->last;
    if (index->last)
        index->last->next = entry;
    else
        index->first = entry;
    index->last = entry;
}

static void unlink_entry(struct object_index *index, struct object_entry *entry)
{
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        index->first = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    else
        index->last = entry->previous;
}

struct object_entry *object_index_add(struct object_index *index, struct object_key key, void *object)
{
    struct object_entry *entry = mem_zalloc(sizeof *entry);
    entry->now = object;
    index->count++;
    map_add_ptr(&index->map, key.hash, entry);
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
    bool removed = map_remove_ptr(&index->map, key.hash, entry);
    EPSIM_ASSERT(removed);
    free(entry);
}
