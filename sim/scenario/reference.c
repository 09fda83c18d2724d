/*
 * reference.c: reading references, and telling what is wrong with them.
 */
#include "scenario/reference.h"

#include <string.h>

#include "base/suggest.h"
#include "model/names.h"

void reference_kinds_text(struct text *out, uint32_t kinds)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < object_kind_count; i++)
        left += (kinds & REFERENCE_BIT(object_kinds[i].reference_kind)) != 0;
    bool first = true;
    for (uint32_t i = 0; i < object_kind_count; i++) {
        if (!(kinds & REFERENCE_BIT(object_kinds[i].reference_kind)))
            continue;
        left--;
        text_add(out, first ? "" : left ? ", " : " or ");
        text_add(out, object_kinds[i].reference);
        first = false;
    }
}

void reference_text(
    struct text *out, const struct object_kind_info *kind, const char *namespace, const char *name)
{
    if (kind->namespaced && strcmp(namespace, "default") != 0)
        text_printf(out, "%s/", namespace);
    text_printf(out, "%s/%s", kind->reference, name);
}

static void report_kind(
    struct binder *binder, struct position at, const char *word, const char *verb, uint32_t kinds)
{
    const char *candidates[16];
    uint32_t count = 0;
    for (uint32_t i = 0; i < object_kind_count && count < 16; i++)
        if (kinds & REFERENCE_BIT(object_kinds[i].reference_kind))
            candidates[count++] = object_kinds[i].reference;
    const char *near = text_suggest(word, candidates, count);
    struct text known = {0};
    reference_kinds_text(&known, kinds);
    if (near)
        diag_error(binder->diag, at, "unknown kind '%.40s'; did you mean '%s'?", word, near);
    else
        diag_error(binder->diag, at, "unknown kind '%.40s'; '%s' takes a %s", word, verb, known.data);
    text_fini(&known);
}

/* The part of the value from `from` on, `length` bytes of it. */
static struct position part(const struct yaml_node *value, size_t from, size_t length)
{
    struct position at = value->at;
    if (at.length == value->length) {
        at.column += (uint32_t)from;
        at.length = length ? (uint32_t)length : 1;
    }
    return at;
}

static bool check_name(struct binder *binder, struct position at, const char *name, text_check *check)
{
    const char *problem = check(name, strlen(name));
    if (!problem && !*name)
        problem = "must not be empty";
    if (problem)
        diag_error(binder->diag, at, "the name '%.80s' %s", name, problem);
    return !problem;
}

bool reference_bind(struct binder *binder, const struct yaml_node *value, const char *verb, uint32_t kinds,
    struct reference *out)
{
    struct text known = {0};
    const char *slash = value->kind == YAML_SCALAR ? strchr(value->text, '/') : NULL;
    if (!slash) {
        char description[YAML_DESCRIPTION_MAX];
        reference_kinds_text(&known, kinds);
        diag_error(binder->diag, value->at, "'%s' takes [NAMESPACE/]kind/name with a %s, not %s", verb,
            known.data, yaml_describe(value, description));
        text_fini(&known);
        return false;
    }
    const char *text = value->text;
    const char *second = strchr(slash + 1, '/');
    const char *word = second ? slash + 1 : text;
    size_t word_length = (size_t)((second ? second : slash) - word);
    const char *name = word + word_length + 1;
    struct position word_at = part(value, (size_t)(word - text), word_length);
    struct position name_at = part(value, (size_t)(name - text), strlen(name));

    char *kind_word = arena_strndup(binder->arena, word, word_length);
    const struct object_kind_info *kind = object_kind_referred(word, word_length);
    if (!kind) {
        report_kind(binder, word_at, kind_word, verb, kinds);
        return false;
    }
    if (!(kinds & REFERENCE_BIT(kind->reference_kind))) {
        reference_kinds_text(&known, kinds);
        diag_error(binder->diag, word_at, "'%s' takes a %s, not a %s", verb, known.data, kind->reference);
        text_fini(&known);
        return false;
    }
    out->kind = kind->reference_kind;
    out->at = value->at;
    out->name = arena_strndup(binder->arena, name, strlen(name));
    out->namespace = kind->namespaced ? "default" : "";
    bool valid = check_name(binder, name_at, out->name, kind->name_check);
    if (!second)
        return valid;
    struct position namespace_at = part(value, 0, (size_t)(slash - text));
    if (!kind->namespaced) {
        diag_error(binder->diag, namespace_at, "a %s is in no namespace: '%s/%.80s'", kind->reference,
            kind->reference, out->name);
        return false;
    }
    out->namespace = arena_strndup(binder->arena, text, (size_t)(slash - text));
    return check_name(binder, namespace_at, out->namespace, name_check_label) && valid;
}
