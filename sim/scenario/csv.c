/*
 * csv.c: one pass; fields without quotes are pieces of the source.
 */
#include "scenario/csv.h"

#include <string.h>

void csv_init(struct csv_reader *reader, struct arena *arena, struct diag *diag, uint32_t source,
    const char *text, size_t length)
{
    *reader = (struct csv_reader){.arena = arena,
        .diag = diag,
        .source = source,
        .next = text,
        .end = text + length,
        .line_start = text,
        .line = 1};
}

void csv_fini(struct csv_reader *reader)
{
    vec_fini(&reader->fields);
}

static struct position position_at(const struct csv_reader *r, const char *from, size_t length)
{
    return (struct position){
        r->source, r->line, (uint32_t)(from - r->line_start) + 1, length ? (uint32_t)length : 1};
}

static void line_break(struct csv_reader *r, const char *newline)
{
    r->line++;
    r->line_start = newline + 1;
}

/* What stands between quotes, with "" made one. */
static const char *undouble(struct csv_reader *r, const char *text, size_t length, size_t *out_length)
{
    char *copy = arena_strndup(r->arena, text, length);
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        copy[kept++] = text[i];
        if (text[i] == '"')
            i++;
    }
    copy[kept] = '\0';
    *out_length = kept;
    return copy;
}

/* From the opening quote on; r->next is behind the closing one afterwards. */
static struct csv_field read_quoted(struct csv_reader *r)
{
    const char *open = r->next, *p = open + 1;
    struct csv_field field = {.text = p, .at = position_at(r, open, 1)};
    bool doubled = false;
    for (; p < r->end; p++) {
        if (*p == '\n') {
            line_break(r, p);
        } else if (*p == '"') {
            if (p + 1 == r->end || p[1] != '"')
                break;
            doubled = true;
            p++;
        }
    }
    field.length = (size_t)(p - field.text);
    if (p == r->end)
        diag_error(r->diag, field.at, "this quote is never closed");
    r->next = p < r->end ? p + 1 : p;
    if (field.at.line == r->line)
        field.at.length = (uint32_t)(r->next - open);
    if (doubled)
        field.text = undouble(r, field.text, field.length, &field.length);
    return field;
}

static struct csv_field read_plain(struct csv_reader *r)
{
    const char *start = r->next, *p = start, *quote = NULL;
    for (; p < r->end && *p != ',' && *p != '\n'; p++)
        if (*p == '"' && !quote)
            quote = p;
    r->next = p;
    bool carriage_return = p > start && p[-1] == '\r' && (p == r->end || *p == '\n');
    size_t length = (size_t)(p - start) - carriage_return;
    if (quote)
        diag_error(r->diag, position_at(r, quote, 1), "a quote within a field that does not begin with one");
    return (struct csv_field){start, length, position_at(r, start, length)};
}

/* After a quoted field only a comma or the line's end may come. */
static void skip_rest(struct csv_reader *r)
{
    const char *start = r->next;
    while (r->next < r->end && *r->next != ',' && *r->next != '\n')
        r->next++;
    size_t length = (size_t)(r->next - start);
    if (length == 0 || (length == 1 && *start == '\r'))
        return;
    diag_error(r->diag, position_at(r, start, length), "text after a closing quote");
}

bool csv_next(struct csv_reader *r)
{
    vec_clear(&r->fields);
    while (r->next < r->end &&
           (*r->next == '\n' || (*r->next == '\r' && r->next + 1 < r->end && r->next[1] == '\n'))) {
        r->next += *r->next == '\r';
        line_break(r, r->next++);
    }
    if (r->next == r->end)
        return false;
    for (;;) {
        bool quoted = r->next < r->end && *r->next == '"';
        struct csv_field field = quoted ? read_quoted(r) : read_plain(r);
        if (quoted)
            skip_rest(r);
        vec_push(&r->fields, field);
        if (r->next == r->end)
            return true;
        if (*r->next++ == '\n') {
            line_break(r, r->next - 1);
            return true;
        }
    }
}
