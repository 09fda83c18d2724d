/*
 * target.c: one allocation a target (two for hand-written ones); see target.h.
 */
#include "model/target.h"

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

struct target *target_create(
    sym namespace, const char *name, uint32_t name_length, struct uuid uid, const struct target_extra *extra)
{
    struct target *target = mem_alloc(sizeof *target + name_length + 1);
    *target = (struct target){.refs = 1, .namespace = namespace, .uid = uid, .name_length = name_length};
    if (name_length)
        memcpy(target->name, name, name_length);
    target->name[name_length] = '\0';
    if (extra && !extra_is_plain(extra)) {
        struct target_extra *copy = mem_alloc(sizeof *copy);
        *copy = *extra;
        target->extra = copy;
    }
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
    free((void *)target->extra);
    free(target);
}

sym target_kind(const struct target *target)
{
    return target->extra ? target->extra->kind : word_sym(WORD_POD);
}

sym target_uid_text(const struct target *target)
{
    return target->extra ? target->extra->uid_text : SYM_EMPTY;
}

bool target_equal(const struct target *a, const struct target *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->namespace != b->namespace || a->name_length != b->name_length ||
        memcmp(a->name, b->name, a->name_length) != 0 ||
        !uid_equal(a->uid, target_uid_text(a), b->uid, target_uid_text(b)) ||
        target_kind(a) != target_kind(b))
        return false;
    sym a_api_version = a->extra ? a->extra->api_version : SYM_EMPTY;
    sym b_api_version = b->extra ? b->extra->api_version : SYM_EMPTY;
    sym a_field_path = a->extra ? a->extra->field_path : SYM_EMPTY;
    sym b_field_path = b->extra ? b->extra->field_path : SYM_EMPTY;
    return a_api_version == b_api_version && a_field_path == b_field_path;
}
