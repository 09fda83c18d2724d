/*
 * yaml_fuzz.c: any text, read with and without the reader of plain documents. Pins: the same trees, texts,
 * styles and positions; and when libfyaml finds a mistake, so does yaml_parse, the first in the same words at
 * the same place.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "scenario/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct arena arena;
    struct diag *diag;
    struct yaml_stream stream;
};

static void complain(const char *what, struct position a, struct position b)
{
    fprintf(stderr, "%s: %u:%u+%u and, by the library, %u:%u+%u\n", what, a.line, a.column, a.length, b.line,
        b.column, b.length);
    abort();
}

static void check_same(const struct yaml_node *a, const struct yaml_node *b)
{
    if (memcmp(&a->at, &b->at, sizeof a->at) != 0)
        complain("positions", a->at, b->at);
    if (a->kind != b->kind || a->style != b->style || a->depth != b->depth)
        complain("kinds", a->at, b->at);
    switch ((enum yaml_kind)a->kind) {
    case YAML_SCALAR:
        if (!yaml_same_text(a, b) || a->text[a->length] != '\0') {
            fprintf(stderr, "'%s' and, by the library, '%s'\n", a->text, b->text);
            complain("texts", a->at, b->at);
        }
        return;
    case YAML_MAPPING:
        if (a->pair_count != b->pair_count)
            complain("pairs", a->at, b->at);
        for (uint32_t i = 0; i < a->pair_count; i++) {
            check_same(a->pairs[i].key, b->pairs[i].key);
            check_same(a->pairs[i].value, b->pairs[i].value);
        }
        return;
    case YAML_SEQUENCE:
        if (a->item_count != b->item_count)
            complain("items", a->at, b->at);
        for (uint32_t i = 0; i < a->item_count; i++)
            check_same(a->items[i], b->items[i]);
        return;
    }
}

/* Behind a mistake libfyaml has or has not told of the document before it, depending on where it began. */
static void check_same_documents(const struct yaml_stream *a, const struct yaml_stream *b)
{
    if (a->failed != b->failed || (!a->failed && a->documents.count != b->documents.count))
        abort();
    for (uint32_t i = 0; !a->failed && i < a->documents.count; i++)
        check_same(a->documents.items[i], b->documents.items[i]);
}

static void check_same_error(const struct diag *a, const struct diag *b)
{
    struct position a_at = {0}, b_at = {0};
    uint32_t a_next = 0, b_next = 0;
    const char *a_text = diag_next_error(a, &a_next, &a_at), *b_text = diag_next_error(b, &b_next, &b_at);
    if (!a_text != !b_text ||
        (a_text && (strcmp(a_text, b_text) != 0 || memcmp(&a_at, &b_at, sizeof a_at) != 0))) {
        fprintf(
            stderr, "%s\nby the library: %s\n", a_text ? a_text : "no error", b_text ? b_text : "no error");
        complain("errors", a_at, b_at);
    }
}

static void drop(struct reading *reading)
{
    vec_fini(&reading->stream.documents);
    diag_destroy(reading->diag);
    arena_fini(&reading->arena);
}

/* libfyaml counts a lone carriage return as the end of a line, and nobody else does: its messages then tell
 * another line, depending on where it began. */
static bool has_lone_return(const char *text)
{
    for (; (text = strchr(text, '\r')) != NULL; text++)
        if (text[1] != '\n')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reading a = {.diag = diag_create()}, b = {.diag = diag_create()};
    char *text = mem_strndup((const char *)data, size);
    if (utf8_valid(text, size, NULL) && !has_lone_return(text)) {
        diag_add_source(a.diag, "fuzz", text, size);
        diag_add_source(b.diag, "fuzz", text, size);
        yaml_parse(&a.arena, a.diag, 0, text, size, 0, &a.stream);
        yaml_parse_by_library(&b.arena, b.diag, 0, text, size, &b.stream);
        check_same_error(a.diag, b.diag);
        check_same_documents(&a.stream, &b.stream);
    }
    free(text);
    drop(&a);
    drop(&b);
    return 0;
}
