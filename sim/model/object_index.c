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
    return (struct object_key){.hash = (uint64_t) namespace << 32 | name, .namespace = namespace};
}

struct object_key object_key_of_hashed(sym namespace, const char *name, uint64_t name_hash)
{
    return (struct object_key){
        .hash = hash_mix(namespace, name_hash), .namespace = namespace, .pod_name = name};
}

struct object_key object_key_of_pod(sym namespace, const char *name, size_t length)
{
    return object_key_of_hashed(namespace, name, pod_name_hash(name, length));
}

struct object_key object_key_of_made(sym namespace, sym prefix, uint32_t suffix, uint64_t name_hash)
{
    return (struct object_key){
        .hash = hash_mix(namespace, name_hash), .namespace = namespace, .prefix = prefix, .suffix = suffix};
}

struct object_key object_key_of_target(const struct target *self, uint64_t name_hash)
{
    return (struct object_key){
        .hash = hash_mix(self->namespace, name_hash), .namespace = self->namespace, .self = self};
}

static uint64_t hash_of_target(const struct target *self)
{
    return hash_mix(self->namespace, target_name_hash(self));
}

struct object_key object_index_key_of_pod(const struct object_index *index, const struct target *self)
{
    bool is_recent = index->recent.self == pool_number(self);
    return (struct object_key){.hash = is_recent ? index->recent.hash : hash_of_target(self),
        .namespace = self->namespace,
        .self = self};
}

struct object_key object_index_key(const struct object_index *index, const void *object)
{
    if (index->kind == OBJECT_POD)
        return object_index_key_of_pod(index, pod_self(object));
    const struct meta *meta = object_meta(index->kind, object);
    return object_key_of_syms(meta->namespace, meta->name);
}

/* --- names ------------------------------------------------------------------------------------- */

static bool has_name(const struct pod *pod, const struct object_key *key)
{
    const struct target *self = pod_self(pod);
    return self->namespace == key->namespace &&
           (key->self          ? target_same_name(self, key->self)
               : key->pod_name ? target_name_is(self, key->pod_name, strlen(key->pod_name))
                               : target_name_is_made(self, key->prefix, key->suffix));
}

static uint64_t pod_hash(const void *context, uint32_t number)
{
    const struct object_index *index = context;
    return hash_of_target(pod_self(pool_record(index->revisions, number)));
}

static void pod_prefetch(const void *context, uint32_t number, int stage)
{
    const struct object_index *index = context;
    const struct pod *pod = pool_record(index->revisions, number);
    mem_prefetch_line(stage == 0 ? (const void *)pod : pod_self(pod));
}

/* Two texts may have one hash. */
static bool revision_is(const void *context, uint32_t number, const void *key)
{
    const struct object_index *index = context;
    return has_name(pool_record(index->revisions, number), key);
}

static bool entry_is(const void *value, const void *key)
{
    const struct object_entry *entry = value;
    return has_name(entry->now ? entry->now : entry->change->old, key);
}

/* The name's present revision, NULL for none, is what was looked at last. */
static void remember(struct object_index *index, uint64_t hash, const struct pod *pod)
{
    index->recent.self = pod ? pod->self_ : POOL_NONE;
    index->recent.revision = pool_number(pod);
    index->recent.hash = hash;
}

static struct pod *pod_find(struct object_index *index, const struct object_key *key)
{
    if (key->self && pool_number(key->self) == index->recent.self)
        return pool_record(index->revisions, index->recent.revision);
    struct pod *pod = pool_at(index->revisions, hash_index_find(&index->pods, key->hash, revision_is, key));
    remember(index, key->hash, pod);
    return pod;
}

/* --- entries ----------------------------------------------------------------------------------- */

void object_index_init(struct object_index *index, enum object_kind kind, const struct catalog *catalog)
{
    *index = (struct object_index){.kind = kind,
        .pods = {.hash = pod_hash, .prefetch = pod_prefetch, .context = index},
        .revisions = &catalog->pools->pods};
    pool_init(&index->entries, sizeof(struct object_entry), NULL);
}

static struct object_entry *entry_at(const struct object_index *index, uint32_t number)
{
    return pool_at(&index->entries, number);
}

void object_index_fini(struct object_index *index)
{
    uint64_t cursor = 0;
    for (uint32_t number; (number = hash_index_next(&index->pods, &cursor)) != 0;)
        pod_unref(pool_record(index->revisions, number));
    for (const struct object_entry *entry = entry_at(index, index->first); entry;
         entry = entry_at(index, entry->next))
        object_unref(index->kind, entry->now);
    pool_fini(&index->entries);
    hash_index_fini(&index->pods);
    map_fini(&index->by_name);
}

/* Not in the list yet. */
static struct object_entry *entry_create(struct object_index *index, uint64_t hash, void *object)
{
    struct object_entry *entry = pool_take(&index->entries);
    *entry = (struct object_entry){.now = object, .hash = hash};
    if (index->kind == OBJECT_POD && !index->lone)
        index->lone = entry;
    else
        map_add_ptr(&index->by_name, hash, entry);
    return entry;
}

struct object_entry *object_index_open(struct object_index *index, struct object_key key)
{
    if (index->kind != OBJECT_POD)
        return map_get_ptr(&index->by_name, key.hash);
    struct object_entry *entry = index->lone;
    if (entry && entry->hash == key.hash && entry_is(entry, &key))
        return entry;
    entry = index->by_name.count ? map_find_where(&index->by_name, key.hash, entry_is, &key) : NULL;
    if (entry)
        return entry;
    struct pod *pod = pod_find(index, &key);
    return pod ? entry_create(index, key.hash, pod) : NULL;
}

static void entry_free(struct object_index *index, struct object_entry *entry)
{
    bool removed = entry == index->lone || map_remove_ptr(&index->by_name, entry->hash, entry);
    EPSIM_ASSERT(removed);
    if (entry == index->lone)
        index->lone = NULL;
    pool_give(&index->entries, entry);
}

void object_index_settle(struct object_index *index, struct object_entry *entry)
{
    EPSIM_ASSERT(entry->now && !entry->change);
    if (index->kind == OBJECT_POD)
        entry_free(index, entry);
}

void *object_index_get(struct object_index *index, struct object_key key)
{
    if (index->kind == OBJECT_POD)
        return pod_find(index, &key);
    const struct object_entry *entry = map_get_ptr(&index->by_name, key.hash);
    return entry ? entry->now : NULL;
}

void object_index_prefetch_slot(const struct object_index *index, uint64_t hash)
{
    hash_index_prefetch_slot(&index->pods, hash);
}

void object_index_prefetch_run(const struct object_index *index, uint64_t hash, int stage)
{
    hash_index_prefetch_run(&index->pods, hash, stage);
}

uint32_t object_index_guess(const struct object_index *index, uint64_t hash)
{
    return hash_index_guess(&index->pods, hash);
}

struct pod *object_index_at(const struct object_index *index, uint32_t slot)
{
    return pool_at(index->revisions, hash_index_at(&index->pods, slot));
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
    struct object_entry *entry = entry_create(index, key.hash, object);
    index->count++;
    if (index->kind == OBJECT_POD) {
        hash_index_add(&index->pods, key.hash, pool_number(object));
        remember(index, key.hash, object);
    } else {
        link_last(index, entry);
    }
    return entry;
}

static void set_revision(struct object_index *index, const struct object_entry *entry, const void *object)
{
    uint32_t before = pool_number(entry->now), after = pool_number(object);
    if (before && after)
        hash_index_replace(&index->pods, entry->hash, before, after);
    else if (after)
        hash_index_add(&index->pods, entry->hash, after);
    else if (before)
        hash_index_remove(&index->pods, entry->hash, before);
    remember(index, entry->hash, object);
}

void object_index_set(struct object_index *index, struct object_entry *entry, void *object)
{
    if (index->kind == OBJECT_POD)
        set_revision(index, entry, object);
    index->count -= entry->now != NULL;
    index->count += object != NULL;
    entry->now = object;
}

void object_index_move_last(struct object_index *index, struct object_entry *entry)
{
    if (index->kind == OBJECT_POD)
        return;
    unlink_entry(index, entry);
    link_last(index, entry);
}

void object_index_forget(struct object_index *index, struct object_entry *entry)
{
    EPSIM_ASSERT(!entry->now);
    if (index->kind != OBJECT_POD)
        unlink_entry(index, entry);
    entry_free(index, entry);
}

/* --- all of them --------------------------------------------------------------------------------- */

struct listed_pod {
    uint64_t sequence;
    const struct pod *pod;
};

static int compare_sequences(const void *a, const void *b)
{
    const struct listed_pod *left = a, *right = b;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static void each_pod(
    const struct object_index *index, bool (*visit)(void *context, const void *object), void *context)
{
    struct listed_pod *pods = mem_array(NULL, index->pods.count, sizeof *pods);
    uint32_t count = 0;
    uint64_t cursor = 0;
    for (uint32_t number; (number = hash_index_next(&index->pods, &cursor)) != 0;) {
        const struct pod *pod = pool_record(index->revisions, number);
        pods[count++] = (struct listed_pod){pod_self(pod)->sequence, pod};
    }
    qsort(pods, count, sizeof *pods, compare_sequences);
    for (uint32_t i = 0; i < count; i++) {
        if (!visit(context, pods[i].pod))
            break;
    }
    free(pods);
}

void object_index_each(
    const struct object_index *index, bool (*visit)(void *context, const void *object), void *context)
{
    if (index->kind == OBJECT_POD) {
        each_pod(index, visit, context);
        return;
    }
    for (const struct object_entry *entry = entry_at(index, index->first); entry;
         entry = entry_at(index, entry->next)) {
        if (entry->now && !visit(context, entry->now))
            return;
    }
}
