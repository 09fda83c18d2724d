/*
 * target.c: a record of a pool a target, and an allocation for what only hand-written ones have; see
 * target.h.
 */
#include "model/target.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"
#include "model/catalog.h"
#include "model/meta.h"

/* With what stands behind it a record is a multiple of this. */
#define UNIT_BYTES sizeof(((struct target *)0)->behind_[0])

/* --- what stands behind the record --------------------------------------------------------------- */

static bool name_is_made(const struct target *target)
{
    return target->prefix_ != SYM_EMPTY;
}

static size_t text_offset(bool has_uid)
{
    return offsetof(struct target, behind_) + (has_uid ? sizeof(struct uuid) : 0);
}

/* `text_bytes`: of the name's text and its NUL, where that stands there. */
static size_t extra_offset(bool has_uid, size_t text_bytes)
{
    return text_offset(has_uid) + (text_bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
}

static const char *name_text(const struct target *target)
{
    return (const char *)target + text_offset(target->has_uid_);
}

static struct catalog *catalog_of(const struct target *target)
{
    return pool_owner_of(target);
}

/* --- lifecycle ----------------------------------------------------------------------------------- */

static bool extra_is_plain(const struct target_extra *extra)
{
    return extra->kind == word_sym(WORD_POD) && extra->api_version == SYM_EMPTY &&
           extra->resource_version == SYM_EMPTY && extra->field_path == SYM_EMPTY &&
           extra->uid_text == SYM_EMPTY;
}

/* The prefix of a name that looks as if it was made, if somebody has one like it already: prefixes of names
 * that come and go are not kept. */
static sym find_prefix(const struct catalog *catalog, const char *name, uint32_t length, uint32_t *out_suffix)
{
    *out_suffix = 0;
    if (!made_name_split(name, length, out_suffix))
        return SYM_EMPTY;
    return sym_find(catalog->symbols, name, length - MADE_SUFFIX_LENGTH);
}

/* `uid`: NULL for a drawn one. */
static struct target *make(const struct catalog *catalog, sym namespace, const char *name, uint32_t length,
    const struct uuid *uid, const struct target_extra *extra)
{
    bool has_extra = extra && !extra_is_plain(extra);
    uint32_t suffix;
    sym prefix = find_prefix(catalog, name, length, &suffix);
    size_t extra_at = extra_offset(uid, prefix == SYM_EMPTY ? (size_t)length + 1 : 0);
    size_t bytes = extra_at + (has_extra ? sizeof extra : 0);
    bool is_alone = bytes > TARGET_UNITS_MAX * UNIT_BYTES;
    struct pool *pools = catalog->pools->targets;
    struct target *target = is_alone ? pool_take_large(pools, bytes) : pool_take(&pools[bytes / UNIT_BYTES]);
    *target = (struct target){.refs = 1,
        .namespace = namespace,
        .name_length_ = length < TARGET_LENGTH_FAR ? length : TARGET_LENGTH_FAR,
        .has_uid_ = uid != NULL,
        .has_extra_ = has_extra,
        .is_alone_ = is_alone};
    if (uid)
        memcpy(target->behind_, uid, sizeof *uid);
    if (prefix != SYM_EMPTY) {
        target->prefix_ = prefix;
        target->suffix_ = suffix & 0xffffff;
    } else {
        char *text = (char *)name_text(target);
        if (length)
            memcpy(text, name, length);
        text[length] = '\0';
    }
    if (has_extra) {
        struct target_extra *copy = mem_alloc(sizeof *copy);
        *copy = *extra;
        memcpy((char *)target + extra_at, &copy, sizeof copy);
    }
    return target;
}

struct target *target_create(const struct catalog *catalog, sym namespace, const char *name,
    uint32_t name_length, struct uuid uid, const struct target_extra *extra)
{
    return make(catalog, namespace, name, name_length, &uid, extra);
}

struct target *target_create_drawn(
    const struct catalog *catalog, sym namespace, const char *name, uint32_t name_length, uint64_t uid_place)
{
    EPSIM_ASSERT(uid_place <= TARGET_UID_PLACE_MAX);
    struct target *target = make(catalog, namespace, name, name_length, NULL, NULL);
    target->uid_place_ = uid_place & TARGET_UID_PLACE_MAX;
    return target;
}

struct target *target_create_made(
    const struct catalog *catalog, sym namespace, sym prefix, uint32_t suffix, uint64_t uid_place)
{
    EPSIM_ASSERT(prefix != SYM_EMPTY && uid_place <= TARGET_UID_PLACE_MAX);
    struct target *target = pool_take(&catalog->pools->targets[sizeof *target / UNIT_BYTES]);
    *target = (struct target){.refs = 1,
        .namespace = namespace,
        .suffix_ = suffix & 0xffffff,
        .uid_place_ = uid_place & TARGET_UID_PLACE_MAX,
        .name_length_ = (catalog_length(catalog, prefix) + MADE_SUFFIX_LENGTH) & UINT16_MAX,
        .prefix_ = prefix};
    return target;
}

struct target *target_ref(struct target *target)
{
    if (target)
        target->refs++;
    return target;
}

void target_unref(struct target *target)
{
    if (!target)
        return;
    EPSIM_ASSERT(target->refs > 0);
    if (--target->refs > 0)
        return;
    free((void *)target_extra_of(target));
    if (target->created_ == TARGET_CREATED_FAR)
        map_remove(&catalog_of(target)->far_times, pool_number(target));
    if (target->is_alone_)
        pool_give_large(pool_chunk_of(target)->pool, target);
    else
        pool_give(pool_chunk_of(target)->pool, target);
}

struct target *target_at(const struct catalog *catalog, uint32_t number)
{
    return pool_at(&catalog->pools->targets[0], number);
}

/* --- its name ------------------------------------------------------------------------------------ */

uint32_t target_name_length(const struct target *target)
{
    return target->name_length_ < TARGET_LENGTH_FAR ? (uint32_t)target->name_length_
                                                    : (uint32_t)strlen(name_text(target));
}

const char *target_name(const struct target *target, char buffer[TARGET_NAME_BUFFER])
{
    if (!name_is_made(target))
        return name_text(target);
    uint32_t prefix_length = (uint32_t)target->name_length_ - MADE_SUFFIX_LENGTH;
    memcpy(buffer, catalog_text(catalog_of(target), target->prefix_), prefix_length);
    made_name_suffix(target->suffix_, buffer + prefix_length);
    buffer[target->name_length_] = '\0';
    return buffer;
}

uint64_t target_name_hash(const struct target *target)
{
    if (name_is_made(target))
        return made_name_hash(catalog_hash(catalog_of(target), target->prefix_), target->suffix_);
    return pod_name_hash(name_text(target), target_name_length(target));
}

bool target_name_is(const struct target *target, const char *name, size_t length)
{
    if (target_name_length(target) != length)
        return false;
    if (!name_is_made(target))
        return memcmp(name_text(target), name, length) == 0;
    char buffer[TARGET_NAME_BUFFER];
    return memcmp(target_name(target, buffer), name, length) == 0;
}

bool target_name_is_made(const struct target *target, sym prefix, uint32_t suffix)
{
    if (name_is_made(target))
        return target->prefix_ == prefix && target->suffix_ == suffix;
    /* It may have been made before its prefix was known. */
    const struct catalog *catalog = catalog_of(target);
    uint32_t length = catalog_length(catalog, prefix);
    char end[MADE_SUFFIX_LENGTH];
    made_name_suffix(suffix, end);
    return target_name_length(target) == length + MADE_SUFFIX_LENGTH &&
           memcmp(name_text(target), catalog_text(catalog, prefix), length) == 0 &&
           memcmp(name_text(target) + length, end, sizeof end) == 0;
}

bool target_same_name(const struct target *a, const struct target *b)
{
    if (a == b)
        return true;
    /* Of two that are equal one may have been made before its prefix was known. */
    if (name_is_made(a) && name_is_made(b))
        return a->prefix_ == b->prefix_ && a->suffix_ == b->suffix_;
    char buffer[TARGET_NAME_BUFFER];
    return target_name_is(a, target_name(b, buffer), target_name_length(b));
}

/* --- its uid ------------------------------------------------------------------------------------- */

struct uuid target_uid(const struct target *target)
{
    if (!target->has_uid_)
        return catalog_uid(catalog_of(target), target->uid_place_);
    struct uuid uid;
    memcpy(&uid, target->behind_, sizeof uid);
    return uid;
}

sym target_uid_text(const struct target *target)
{
    const struct target_extra *extra = target_extra_of(target);
    return extra ? extra->uid_text : SYM_EMPTY;
}

bool target_uid_is_none(const struct target *target)
{
    return target->has_uid_ && uid_is_none(target_uid(target), target_uid_text(target));
}

bool target_same_uid(const struct target *a, const struct target *b)
{
    if (a == b)
        return true;
    if (!a->has_uid_ && !b->has_uid_)
        return a->uid_place_ == b->uid_place_;
    return uid_equal(target_uid(a), target_uid_text(a), target_uid(b), target_uid_text(b));
}

/* --- the rest ------------------------------------------------------------------------------------ */

int64_t target_created_s(const struct target *target)
{
    if (target->created_ != TARGET_CREATED_FAR)
        return target->created_ == 0 ? TIME_NONE : (int64_t)target->created_ - 1;
    uint64_t far = 0;
    map_get(&catalog_of(target)->far_times, pool_number(target), &far);
    return (int64_t)far;
}

void target_set_created(struct target *target, int64_t created_s)
{
    struct map *far_times = &catalog_of(target)->far_times;
    if (target->created_ == TARGET_CREATED_FAR)
        map_remove(far_times, pool_number(target));
    if (created_s == TIME_NONE) {
        target->created_ = 0;
    } else if (created_s >= 0 && created_s < (int64_t)TARGET_CREATED_FAR - 1) {
        target->created_ = (uint32_t)created_s + 1;
    } else {
        target->created_ = TARGET_CREATED_FAR;
        map_put(far_times, pool_number(target), (uint64_t)created_s);
    }
}

const struct target_extra *target_extra_of(const struct target *target)
{
    if (!target->has_extra_)
        return NULL;
    size_t text_bytes = name_is_made(target) ? 0 : (size_t)target_name_length(target) + 1;
    const struct target_extra *extra;
    memcpy(&extra, (const char *)target + extra_offset(target->has_uid_, text_bytes), sizeof extra);
    return extra;
}

sym target_kind(const struct target *target)
{
    const struct target_extra *extra = target_extra_of(target);
    return extra ? extra->kind : word_sym(WORD_POD);
}

bool target_equal(const struct target *a, const struct target *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->namespace != b->namespace || !target_same_name(a, b) || !target_same_uid(a, b) ||
        target_kind(a) != target_kind(b))
        return false;
    const struct target_extra *a_extra = target_extra_of(a), *b_extra = target_extra_of(b);
    sym a_api_version = a_extra ? a_extra->api_version : SYM_EMPTY;
    sym b_api_version = b_extra ? b_extra->api_version : SYM_EMPTY;
    sym a_field_path = a_extra ? a_extra->field_path : SYM_EMPTY;
    sym b_field_path = b_extra ? b_extra->field_path : SYM_EMPTY;
    return a_api_version == b_api_version && a_field_path == b_field_path;
}
