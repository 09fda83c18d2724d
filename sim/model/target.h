/*
 * target.h: who an endpoint is: the identity of a pod (or of another object that a hand-written
 * endpoint refers to). Made once a pod, shared by all its revisions and endpoints, counted.
 */
#ifndef EPSIM_MODEL_TARGET_H
#define EPSIM_MODEL_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/sym.h"
#include "base/uuid.h"

struct catalog;

/* What only hand-written references have. Symbols; SYM_EMPTY where absent. */
struct target_extra {
    sym kind;
    sym api_version;
    sym resource_version;
    sym field_path;
    sym uid_text; /* a uid that is not a canonical UUID; else SYM_EMPTY and `uid` counts (all zero: no uid) */
};

/* created_: 0 for TIME_NONE, else 1 and the seconds since 1970, as far as these go; those beyond stand in the
 * catalog. */
#define TARGET_CREATED_FAR UINT32_MAX
#define TARGET_SEQUENCE_MAX ((UINT64_C(1) << 40) - 1)
/* Longer names are measured when somebody asks. */
#define TARGET_LENGTH_FAR UINT16_MAX

/* Fields that are read and set by functions alone are marked with an underscore. */
struct target {
    struct uuid uid;
    uint32_t refs;
    sym namespace;
    uint64_t sequence : 40; /* of a pod: its place in the order of creation, set by the store */
    uint64_t name_length_ : 16;
    uint64_t has_extra_ : 1, is_alone_ : 1;
    uint32_t informer_state; /* of a pod: for the engine, which watches it; 0 when it does not know it */
    uint32_t life;           /* of a pod: for the simulation, which leads its life; 0: nobody does */
    uint32_t created_;       /* of a pod */
    char name[];             /* NUL-terminated; behind it, aligned, a pointer to the extra if there is one */
};

static inline uint32_t target_name_length(const struct target *target)
{
    return target->name_length_ < TARGET_LENGTH_FAR ? (uint32_t)target->name_length_
                                                    : (uint32_t)strlen(target->name);
}
/* Seconds since 1970; TIME_NONE: absent. */
int64_t target_created_s(const struct target *target);
void target_set_created(struct target *target, int64_t created_s);
/* A new target with one reference, in the catalog's pools. `extra` may be NULL and is copied; one that says
 * what is said without it (kind Pod, nothing else) is dropped. */
struct target *target_create(const struct catalog *catalog, sym namespace, const char *name,
    uint32_t name_length, struct uuid uid, const struct target_extra *extra);
struct target *target_ref(struct target *target);
void target_unref(struct target *target);
/* NULL: kind Pod, a UUID, nothing else. */
const struct target_extra *target_extra_of(const struct target *target);
/* The target of a number (pool_number); 0: NULL. */
struct target *target_at(const struct catalog *catalog, uint32_t number);
/* The same reference but for resourceVersion (S-34, E-61); either may be NULL. */
bool target_equal(const struct target *a, const struct target *b);
/* Kind as it is written; the uid's text or none. */
sym target_kind(const struct target *target);
sym target_uid_text(const struct target *target);

#endif
