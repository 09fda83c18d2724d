/*
 * json_diff.c: see json_diff.h. Recursion is as deep as the values, which jansson limits when it parses them.
 */
#include "verify/json_diff.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_BYTES_MAX 300

struct diff {
    struct text path;
    const char *ignored;
    struct text *out;
    uint32_t count;
};

void json_diff_add_value(struct text *out, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    text_printf(out, "%.*s%s", VALUE_BYTES_MAX, text ? text : "nothing",
        text && strlen(text) > VALUE_BYTES_MAX ? "..." : "");
    free(text);
}

/* The line up to what is to be said, or NULL when enough was said. */
static struct text *begin_line(struct diff *diff)
{
    if (diff->count++ >= JSON_DIFF_LINES_MAX || !diff->out)
        return NULL;
    text_printf(diff->out, "%s: ", diff->path.length ? diff->path.data : "the object");
    return diff->out;
}

static void tell(struct diff *diff, const json_t *want, const json_t *got)
{
    struct text *out = begin_line(diff);
    if (!out)
        return;
    text_add(out, "expected ");
    json_diff_add_value(out, want);
    text_add(out, ", got ");
    json_diff_add_value(out, got);
    text_add_char(out, '\n');
}

static bool is_nothing(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

static void compare(struct diff *diff, const json_t *want, const json_t *got);

static void path_cut(struct diff *diff, size_t length)
{
    diff->path.length = length;
    if (diff->path.data)
        diff->path.data[length] = '\0';
}

static void compare_member(struct diff *diff, const char *key, const json_t *want, const json_t *got)
{
    size_t length = diff->path.length;
    if (strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(key))
        text_printf(&diff->path, ".%s", key);
    else
        text_printf(&diff->path, "[\"%s\"]", key);
    compare(diff, want, got);
    path_cut(diff, length);
}

static void compare_objects(struct diff *diff, const json_t *want, const json_t *got)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)want, key, value)
    {
        if (!diff->ignored || strcmp(key, diff->ignored) != 0)
            compare_member(diff, key, value, json_object_get(got, key));
    }
    json_object_foreach((json_t *)got, key, value)
    {
        if (!json_object_get(want, key) && (!diff->ignored || strcmp(key, diff->ignored) != 0))
            compare_member(diff, key, NULL, value);
    }
}

/* Items of `a` that `b` has not as often. */
static void tell_items(struct diff *diff, const json_t *a, const json_t *b, const char *what)
{
    size_t i, k;
    json_t *item, *other;
    json_array_foreach(a, i, item)
    {
        size_t here = 0, there = 0;
        json_array_foreach(a, k, other)
        {
            if (k <= i && json_equal(item, other))
                here++;
        }
        json_array_foreach(b, k, other) there += json_equal(item, other) != 0;
        struct text *out = here > there ? begin_line(diff) : NULL;
        if (!out)
            continue;
        text_printf(out, "%s ", what);
        json_diff_add_value(out, item);
        text_add_char(out, '\n');
    }
}

static void compare_arrays(struct diff *diff, const json_t *want, const json_t *got)
{
    size_t length = diff->path.length;
    if (json_array_size(want) != json_array_size(got)) {
        uint32_t before = diff->count;
        tell_items(diff, want, got, "missing");
        tell_items(diff, got, want, "unexpected");
        if (diff->count == before)
            tell(diff, want, got);
        return;
    }
    for (size_t i = 0; i < json_array_size(want); i++) {
        text_printf(&diff->path, "[%zu]", i);
        compare(diff, json_array_get(want, i), json_array_get(got, i));
        path_cut(diff, length);
    }
}

static void compare(struct diff *diff, const json_t *want, const json_t *got)
{
    if (is_nothing(want) && is_nothing(got))
        return;
    if (json_is_object(want) && json_is_object(got))
        compare_objects(diff, want, got);
    else if (json_is_array(want) && json_is_array(got))
        compare_arrays(diff, want, got);
    else if (!want || !got || !json_equal(want, got))
        tell(diff, want, got);
}

bool json_diff(const json_t *want, const json_t *got, const char *ignored, struct text *out)
{
    struct diff diff = {.ignored = ignored, .out = out};
    compare(&diff, want, got);
    if (out && diff.count > JSON_DIFF_LINES_MAX)
        text_printf(out, "... and %u more\n", (unsigned)(diff.count - JSON_DIFF_LINES_MAX));
    text_fini(&diff.path);
    return diff.count == 0;
}
