/*
 * import_names.c: see import_names.h.
 */
#include "scenario/import_names.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"

#define NAME_LENGTH_MAX 253
#define LABEL_LENGTH_MAX 63

static bool is_fit(char c, enum name_kind kind)
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
        return true;
    return (kind != NAME_SERVICE && c == '.') || (kind == NAME_LABEL && ((c >= 'A' && c <= 'Z') || c == '_'));
}

static bool is_end(char c, enum name_kind kind)
{
    return is_fit(c, kind) && c != '-' && c != '.' && c != '_';
}

void name_fit(struct text *out, const char *from, size_t length, enum name_kind kind)
{
    size_t max = kind == NAME_OBJECT ? NAME_LENGTH_MAX : LABEL_LENGTH_MAX;
    text_clear(out);
    for (size_t i = 0; i < length && out->length < max; i++) {
        char c = from[i];
        if (kind != NAME_LABEL && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool fits = is_fit(c, kind);
        if (c == '.' && kind == NAME_OBJECT)
            fits = out->length > 0 && is_end(out->data[out->length - 1], kind) && i + 1 < length &&
                   is_end(from[i + 1], kind);
        c = fits ? c : '-';
        if (out->length == 0 && kind == NAME_SERVICE && c >= '0' && c <= '9')
            text_add(out, "s-");
        if (out->length > 0 || is_end(c, kind))
            text_add_char(out, c);
    }
    while (out->length > 0 && !is_end(out->data[out->length - 1], kind))
        out->data[--out->length] = '\0';
    if (out->length == 0)
        text_add(out, kind == NAME_SERVICE ? "service" : "unnamed");
}

static bool name_has_from(const void *value, const void *context)
{
    const struct name *a = value, *b = context;
    return a->length == b->length && memcmp(a->from, b->from, a->length) == 0;
}

static bool name_has_to(const void *value, const void *context)
{
    return strcmp(((const struct name *)value)->to, context) == 0;
}

/* Adds -2, -3 and so on until nobody has the name. True when somebody had it. */
static bool make_unique(const struct names *names, struct text *text, size_t length_max)
{
    size_t length = text->length;
    bool taken = false;
    for (uint32_t i = 2;
         map_find_where(&names->by_to, hash64(text->data, text->length), name_has_to, text->data); i++) {
        size_t kept = length > length_max - 11 ? length_max - 11 : length;
        text->length = kept;
        text_printf(text, "-%" PRIu32, i);
        taken = true;
    }
    return taken;
}

const struct name *names_add(struct names *names, struct arena *arena, const char *from, size_t length,
    uint32_t line, enum name_kind kind, bool *is_new)
{
    struct name wanted = {.from = from, .length = length, .first_line = line};
    uint64_t hash = hash64(from, length);
    struct name *name = map_find_where(&names->by_from, hash, name_has_from, &wanted);
    *is_new = !name;
    if (name)
        return name;
    name = arena_alloc(arena, sizeof *name);
    *name = wanted;
    if (kind == NAME_LABEL) {
        struct text to = {0};
        name_fit(&to, from, length, kind);
        name->to = arena_strndup(arena, to.data, to.length);
        text_fini(&to);
    }
    vec_push(&names->items, name);
    map_add_ptr(&names->by_from, hash, name);
    return name;
}

void names_choose(struct names *names, struct arena *arena, enum name_kind kind)
{
    struct text to = {0};
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < names->items.count; i++) {
            struct name *name = names->items.items[i];
            if (name->to)
                continue;
            name_fit(&to, name->from, name->length, kind);
            if (pass == 0 && (to.length != name->length || memcmp(to.data, name->from, to.length) != 0))
                continue;
            if (pass == 1)
                name->taken =
                    make_unique(names, &to, kind == NAME_SERVICE ? LABEL_LENGTH_MAX : NAME_LENGTH_MAX);
            name->to = arena_strndup(arena, to.data, to.length);
            map_add_ptr(&names->by_to, hash64(to.data, to.length), name);
        }
    text_fini(&to);
}

void names_fini(struct names *names)
{
    vec_fini(&names->items);
    map_fini(&names->by_from);
    map_fini(&names->by_to);
}
