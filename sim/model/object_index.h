/*
 * object_index.h: the objects of one kind: by name, and in the order of their creation.
 *
 * An entry stands for a name. An entry whose object is gone while watchers have not heard of it is a ghost:
 * it keeps its place, in case the same object comes back, and is found by the name of what they saw last.
 *
 * Pods are many, and most of the time nothing happens to one: it has an entry only while something does, from
 * its opening until it is settled. Otherwise there is no more than the number of its present revision in an
 * index of names, 7 to 13 bytes; the order of creation is that of the numbers that the store gives
 * (target.h).
 */
#ifndef EPSIM_MODEL_OBJECT_INDEX_H
#define EPSIM_MODEL_OBJECT_INDEX_H

#include "base/hash_index.h"
#include "base/map.h"
#include "base/pool.h"
#include "model/catalog.h"
#include "model/object.h"

struct store;
struct target;

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
    uint64_t hash;                /* of the name */
    uint32_t previous, next;      /* in the order of creation: numbers of entries; not of pods */
};

struct object_index {
    enum object_kind kind;
    uint32_t count; /* without ghosts */
    struct pool entries;
    uint32_t first, last; /* in the order of creation, ghosts among them; not of pods */
    struct object_entry
        *lone;          /* of pods: an entry that is not in by_name, as most of the time there is just one */
    struct map by_name; /* the entry of a name; of pods by its hash, several a key */
    struct hash_index pods; /* pods: the present revision of a name */
    /* The pod looked at last: whoever has found one mostly goes on to change it. 0: none. */
    struct {
        uint32_t self, revision;
        uint64_t hash;
    } recent;
    const struct pool *revisions;
};

/* A name. Of pods it is a text, for their names come and go; of all others a symbol. */
struct object_key {
    uint64_t hash;
    sym namespace;
    const struct target *self; /* of a pod: whose name it is, if that is known; borrowed */
    const char *pod_name;      /* of a pod otherwise: borrowed; or NULL and a made name in its parts */
    sym prefix;
    uint32_t suffix;
};

struct object_key object_key_of_syms(sym namespace, sym name);
struct object_key object_key_of_pod(sym namespace, const char *name, size_t length);
/* The same for a name whose hash64 is known. */
struct object_key object_key_of_hashed(sym namespace, const char *name, uint64_t name_hash);
struct object_key object_key_of_made(sym namespace, sym prefix, uint32_t suffix, uint64_t name_hash);
struct object_key object_key_of_target(const struct target *self, uint64_t name_hash);

/* The index must not move from here on. */
void object_index_init(struct object_index *index, enum object_kind kind, const struct catalog *catalog);
/* Frees entries and index, and gives up every object. */
void object_index_fini(struct object_index *index);
/* The key of an object's name, of a pod's from its identity. O(1), but for the name of a pod that was not
 * looked at last: O(length). */
struct object_key object_index_key(const struct object_index *index, const void *object);
struct object_key object_index_key_of_pod(const struct object_index *index, const struct target *self);
/* The entry of a name, to do something with it; it may be a ghost. NULL when there is none. O(1) expected, as
 * all that follows. */
struct object_entry *object_index_open(struct object_index *index, struct object_key key);
/* Nothing is under way any more; the entry has an object and no change. It is gone if it is a pod's. */
void object_index_settle(struct object_index *index, struct object_entry *entry);
/* The object of a name, or NULL. */
void *object_index_get(struct object_index *index, struct object_key key);
/* For who foresees that a pod of a key of this hash will be looked at: asks for its slot; in stages 0 and 1
 * for what the pod's removal will look at there; guesses which slot it is, HASH_INDEX_NOWHERE for none; and
 * the revision that stands in a slot now, which may be another pod's, or NULL. No record is looked at. */
void object_index_prefetch_slot(const struct object_index *index, uint64_t hash);
void object_index_prefetch_run(const struct object_index *index, uint64_t hash, int stage);
uint32_t object_index_guess(const struct object_index *index, uint64_t hash);
struct pod *object_index_at(const struct object_index *index, uint32_t slot);
/* A new entry at the end of the list. The name must be free. Takes over one reference. */
struct object_entry *object_index_add(struct object_index *index, struct object_key key, void *object);
/* Gives the entry another object, or none: then it is a ghost. References are the caller's affair. */
void object_index_set(struct object_index *index, struct object_entry *entry, void *object);
/* The object is created now: puts the entry at the end of the list. */
void object_index_move_last(struct object_index *index, struct object_entry *entry);
/* Takes a ghost out of list and map and frees it. */
void object_index_forget(struct object_index *index, struct object_entry *entry);
/* Every object in the order of creation; false from the visitor ends it. The index must not change meanwhile.
 * O(n), of pods O(n log n). */
void object_index_each(
    const struct object_index *index, bool (*visit)(void *context, const void *object), void *context);

#endif
