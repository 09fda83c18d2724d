/*
 * target.h: who an endpoint is: the identity of a pod (or of another object that a hand-written
 * endpoint refers to). Made once a pod, shared by all its revisions and endpoints, counted.
 *
 * Nearly all pods are made by workloads: their names are a prefix and five drawn characters, and their uids
 * are drawn. Of these a record of 40 bytes says all. What was written by hand stands behind it.
 */
#ifndef EPSIM_MODEL_TARGET_H
#define EPSIM_MODEL_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sym.h"
#include "base/uuid.h"
#include "model/made_name.h"

struct catalog;

/* What only hand-written references have. Symbols; SYM_EMPTY where absent. */
struct target_extra {
    sym kind;
    sym api_version;
    sym resource_version;
    sym field_path;
    sym uid_text; /* a uid that is not a canonical UUID; else SYM_EMPTY and the uid counts (all zero: none) */
};

/* created_: 0 for TIME_NONE, else 1 and the seconds since 1970, as far as these go; those beyond stand in the
 * catalog. */
#define TARGET_CREATED_FAR UINT32_MAX
#define TARGET_SEQUENCE_MAX ((UINT64_C(1) << 40) - 1)
/* Of a drawn uid, in the stream of uids. */
#define TARGET_UID_PLACE_MAX ((UINT64_C(1) << 40) - 1)
/* Longer names are measured when somebody asks. */
#define TARGET_LENGTH_FAR UINT16_MAX

/* Fields that are read and set by functions alone are marked with an underscore. */
struct target {
    uint32_t refs;
    sym namespace;
    uint64_t sequence : 40; /* of a pod: its place in the order of creation, set by the store */
    uint64_t suffix_ : 24;  /* of a made name */
    uint64_t uid_place_ : 40;
    uint64_t name_length_ : 16;
    uint64_t has_uid_ : 1, has_extra_ : 1, is_alone_ : 1;
    uint32_t informer_state; /* of a pod: for the engine, which watches it; 0 when it does not know it */
    uint32_t life;           /* of a pod: for the simulation, which leads its life; 0: nobody does */
    uint32_t created_;       /* of a pod */
    sym prefix_;             /* of a made name; SYM_EMPTY: the text stands behind */
    /* What there is of: a uid that was not drawn; a name that was not made, with a NUL; aligned, a pointer to
     * the extra. */
    uint64_t behind_[];
};

/* A new target with one reference, in the catalog's pools. `extra` may be NULL and is copied; one that says
 * what is said without it (kind Pod, nothing else) is dropped. */
struct target *target_create(const struct catalog *catalog, sym namespace, const char *name,
    uint32_t name_length, struct uuid uid, const struct target_extra *extra);
/* That of a pod whose uid is the one at a place of the catalog's stream of uids (store_draw_uid). */
struct target *target_create_drawn(
    const struct catalog *catalog, sym namespace, const char *name, uint32_t name_length, uint64_t uid_place);
/* The same for a name in its parts: a prefix that ends in '-', and a suffix (made_name.h). */
struct target *target_create_made(
    const struct catalog *catalog, sym namespace, sym prefix, uint32_t suffix, uint64_t uid_place);
struct target *target_ref(struct target *target);
void target_unref(struct target *target);
/* The target of a number (pool_number); 0: NULL. */
struct target *target_at(const struct catalog *catalog, uint32_t number);

/* --- its name ------------------------------------------------------------------------------------ */

#define TARGET_NAME_BUFFER (MADE_NAME_MAX + 1)

uint32_t target_name_length(const struct target *target);
/* NUL-terminated: the target's own, or put together in `buffer`. O(length). */
const char *target_name(const struct target *target, char buffer[TARGET_NAME_BUFFER]);
/* The same, good until the end of the block around it. */
#define target_name_here(target) target_name((target), (char[TARGET_NAME_BUFFER]){0})
/* pod_name_hash of it. */
uint64_t target_name_hash(const struct target *target);
bool target_name_is(const struct target *target, const char *name, size_t length);
bool target_name_is_made(const struct target *target, sym prefix, uint32_t suffix);
bool target_same_name(const struct target *a, const struct target *b);

/* --- its uid ------------------------------------------------------------------------------------- */

/* All zero where it has none, or one that is no UUID. One that was drawn is drawn again, in 100 instructions,
 * unless it was asked for just now. */
struct uuid target_uid(const struct target *target);
sym target_uid_text(const struct target *target);
/* Neither a UUID nor a text. */
bool target_uid_is_none(const struct target *target);
bool target_same_uid(const struct target *a, const struct target *b);

/* --- the rest ------------------------------------------------------------------------------------ */

/* Seconds since 1970; TIME_NONE: absent. */
int64_t target_created_s(const struct target *target);
void target_set_created(struct target *target, int64_t created_s);
/* NULL: kind Pod, a UUID, nothing else. */
const struct target_extra *target_extra_of(const struct target *target);
/* Kind as it is written. */
sym target_kind(const struct target *target);
/* The same reference but for resourceVersion (S-34, E-61); either may be NULL. */
bool target_equal(const struct target *a, const struct target *b);

#endif
