/*
 * meta.h: ObjectMeta: what every API object carries. Times are seconds since 1970 UTC, as on the wire.
 */
#ifndef EPSIM_MODEL_META_H
#define EPSIM_MODEL_META_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/uuid.h"
#include "model/catalog.h"

#define TIME_NONE INT64_MIN

/* One owner reference (a slice has at most one of the controller's; others may write more). */
struct owner {
    sym kind;
    sym name;
    sym api_version;
    struct uuid uid;
    sym uid_text;
    int8_t controller; /* -1 absent, 0 false, 1 true */
    int8_t block_owner_deletion;
};

/* What objects of real clusters may carry and the controllers neither read nor write. Lives in the catalog's
 * arena, so copies of a meta share it. */
struct meta_rest {
    sym self_link;
    bool has_grace;
    int64_t grace_s; /* deletionGracePeriodSeconds */
    uint32_t finalizer_count;
    const sym *finalizers;
    uint32_t owner_count; /* of Endpoints; slices have a list of their own */
    const struct owner *owners;
};

/* Names of services, nodes, Endpoints and slices are symbols: they are few beside pods. */
struct meta {
    sym namespace; /* SYM_EMPTY for nodes */
    sym name;
    sym generate_name;
    struct uuid uid; /* all zero, without a uid_text: no uid, the empty text */
    sym uid_text;    /* a uid that is not a canonical UUID, or is the zero UUID; else SYM_EMPTY */
    uint64_t resource_version;
    int64_t generation; /* 0: absent */
    int64_t created_s;  /* TIME_NONE: absent */
    int64_t deletion_s; /* TIME_NONE: not being deleted */
    const struct labels *labels;
    /* Without the trigger-time annotation, which is `trigger_s`, whenever its text is the canonical
     * form of a time in whole seconds. */
    const struct labels *annotations;
    int64_t trigger_s;            /* TIME_NONE: no endpoints.kubernetes.io/last-change-trigger-time */
    const struct meta_rest *rest; /* NULL for almost all */
};

/* What the sizes of an object's metadata and managedFields were measured from (size.h). Start from {0}. */
struct size_memo {
    const struct labels *labels, *annotations;
    sym generate_name;
    uint32_t state;
    /* Without what each write changes; with a trigger time and without one; 0: not measured. */
    uint64_t steady_bytes[2];
};

/* The rest of a meta, never NULL. */
const struct meta_rest *meta_rest(const struct meta *meta);

/* Everything absent: empty maps, TIME_NONE in times. */
void meta_init(struct meta *meta, const struct catalog *catalog);
/* Two uids are the same text (both may be none). */
static inline bool uid_equal(struct uuid a, sym a_text, struct uuid b, sym b_text)
{
    return a_text == b_text && (a_text != SYM_EMPTY || memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0);
}
/* Neither a UUID nor a text. */
static inline bool uid_is_none(struct uuid uid, sym text)
{
    return uid_equal(uid, text, (struct uuid){{0}}, SYM_EMPTY);
}
/* The text of a uid, of `*out_length` bytes: from the catalog, or formatted into `buffer`. */
const char *uid_text(const struct catalog *catalog, struct uuid uid, sym text,
    char buffer[UUID_TEXT_LENGTH + 1], uint32_t *out_length);

#endif
