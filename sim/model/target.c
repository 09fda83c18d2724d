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

static bool extra_is_plain(const struct target_extra *extra)
{
    return extra->kind == word_sym(WORD_POD) && extra->api_version == SYM_EMPTY &&
           extra->resource_version == SYM_EMPTY && extra->field_path == SYM_EMPTY &&
           extra->uid_text == SYM_EMPTY;
}

/* Where the pointer to the extra stands. */
static size_t extra_offset(uint32_t name_length)
{
    size_t end = offsetof(struct target, name) + name_length + 1, unit = sizeof(void *);
    return (end + unit - 1) / unit * unit;
}

struct target *target_create(const struct catalog *catalog, sym namespace, const char *name,
    uint32_t name_length, struct uuid uid, const struct target_extra *extra)
{
    bool has_extra = extra && !extra_is_plain(extra);
    size_t bytes = extra_offset(name_length) + (has_extra ? sizeof extra : 0);
    bool is_alone = bytes > TARGET_UNITS_MAX * 8;
    struct pool *pools = catalog->pools->targets;
    struct target *target = is_alone ? pool_take_large(pools, bytes) : pool_take(&pools[bytes / 8]);
    *target = (struct target){.refs = 1,
        .namespace = namespace,
        .uid = uid,
        .name_length_ = name_length < TARGET_LENGTH_FAR ? name_length : TARGET_LENGTH_FAR,
        .has_extra_ = has_extra,
        .is_alone_ = is_alone};
    if (name_length)
        memcpy(target->name, name, name_length);
    target->name[name_length] = '\0';
    if (has_extra) {
        struct target_extra *copy = mem_alloc(sizeof *copy);
        *copy = *extra;
        memcpy((char *)target + extra_offset(name_length), &copy, sizeof copy);
    }
    return target;
}

const struct target_extra *target_extra_of(const struct target *target)
{
    if (!target->has_extra_)
        return NULL;
    const struct target_extra *extra;
    memcpy(&extra, (const char *)target + extra_offset(target_name_length(target)), sizeof extra);
    return extra;
}

int64_t target_created_s(const struct target *target)
{
    if (target->created_ != TARGET_CREATED_FAR)
        return target->created_ == 0 ? TIME_NONE : (int64_t)target->created_ - 1;
    uint64_t far = 0;
    map_get(&((struct catalog *)pool_owner_of(target))->far_times, pool_number(target), &far);
    return (int64_t)far;
}

void target_set_created(struct target *target, int64_t created_s)
{
    struct map *far_times = &((struct catalog *)pool_owner_of(target))->far_times;
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

struct target *target_at(const struct catalog *catalog, uint32_t number)
{
    return pool_at(&catalog->pools->targets[0], number);
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
        map_remove(&((struct catalog *)pool_owner_of(target))->far_times, pool_number(target));
    if (target->is_alone_)
        pool_give_large(pool_chunk_of(target)->pool, target);
    else
        pool_give(pool_chunk_of(target)->pool, target);
}

sym target_kind(const struct target *target)
{
    const struct target_extra *extra = target_extra_of(target);
    return extra ? extra->kind : word_sym(WORD_POD);
}

sym target_uid_text(const struct target *target)
{
    const struct target_extra *extra = target_extra_of(target);
    return extra ? extra->uid_text : SYM_EMPTY;
}

bool target_equal(const struct target *a, const struct target *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->namespace != b->namespace || target_name_length(a) != target_name_length(b) ||
        memcmp(a->name, b->name, target_name_length(a)) != 0 ||
        !uid_equal(a->uid, target_uid_text(a), b->uid, target_uid_text(b)) ||
        target_kind(a) != target_kind(b))
        return false;
    const struct target_extra *a_extra = target_extra_of(a), *b_extra = target_extra_of(b);
    sym a_api_version = a_extra ? a_extra->api_version : SYM_EMPTY;
    sym b_api_version = b_extra ? b_extra->api_version : SYM_EMPTY;
    sym a_field_path = a_extra ? a_extra->field_path : SYM_EMPTY;
    sym b_field_path = b_extra ? b_extra->field_path : SYM_EMPTY;
    return a_api_version == b_api_version && a_field_path == b_field_path;
}
