/*
 * object_index.h: the objects of one kind: by name, and in the order of their creation.
 *
 * An entry stands for a name. An entry whose object is gone while watchers have not heard of it is a ghost:
 * it keeps its place, in case the same object comes back, and is found by the name of what they saw last. An
 * entry is 24 bytes, and a pod's place in the hash index 7 to 13.
 */
#ifndef EPSIM_MODEL_OBJECT_INDEX_H
#define EPSIM_MODEL_OBJECT_INDEX_H

#include "base/hash_index.h"
#include "base/map.h"
#include "base/pool.h"
#include "model/object.h"

struct store;

/* What watchers have not heard of yet (store.c). */
struct object_change {
    struct store *store;
    struct object_entry *entry; /* NULL: created and removed again, nothing to tell */
    void *old;                  /* what watchers saw last, one reference; NULL: nothing */
    struct object_change *next;
    uint64_t version;
    enum object_kind kind;
    bool replaces; /* another uid is told as a modification too */
};

struct object_entry {
    void *now;                    /* the current revision or object, one reference; NULL: a ghost */
    struct object_change *change; /* or NULL */
    uint32_t previous, next;      /* in the order of creation: numbers of entries */
};

struct object_index {
    enum object_kind kind;
    uint32_t count; /* without ghosts */
    struct pool entries;
    struct hash_index pods; /* the entry of a name, of pods */
    struct map others;      /* of all other kinds */
    uint32_t first, last;   /* in the order of creation, ghosts among them */
};

/* A name. Of pods it is a text, for their names come and go; of all others a symbol. */
struct object_key {
    uint64_t hash;
    sym namespace;
    const char *pod_name; /* borrowed; pods only */
};

struct object_key object_key_of_syms(sym namespace, sym name);
struct object_key object_key_of_pod(sym namespace, const char *name, size_t length);
struct object_key object_key(enum object_kind kind, const void *object);

/* The index must not move from here on. */
void object_index_init(struct object_index *index, enum object_kind kind);
/* The first entry and the one after it, or NULL. */
static inline struct object_entry *object_index_first(const struct object_index *index)
{
    return pool_at(&index->entries, index->first);
}
static inline struct object_entry *object_index_next(
    const struct object_index *index, const struct object_entry *entry)
{
    return pool_at(&index->entries, entry->next);
}
/* Frees entries and index, and gives up every object. */
void object_index_fini(struct object_index *index);
/* NULL when there is none; it may be a ghost. O(1) expected, as all that follows. */
struct object_entry *object_index_find(const struct object_index *index, struct object_key key);
/* The object of a name, or NULL. */
void *object_index_get(const struct object_index *index, struct object_key key);
/* A new entry at the end of the list. The name must be free. Takes over one reference. */
struct object_entry *object_index_add(struct object_index *index, struct object_key key, void *object);
/* Gives the entry another object, or none: then it is a ghost. References are the caller's affair. */
void object_index_set(struct object_index *index, struct object_entry *entry, void *object);
/* Puts the entry at the end of the list. */
void object_index_move_last(struct object_index *index, struct object_entry *entry);
/* Takes a ghost out of list and map and frees it. */
void object_index_forget(struct object_index *index, struct object_key key, struct object_entry *entry);

#endif
