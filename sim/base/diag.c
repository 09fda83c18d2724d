/*
 * diag.c: keeps what readers found, and prints it sorted, each with its line and a caret.
 *
 * A source is read once from front to back while its diagnostics are printed: they are sorted, so a
 * cursor finds the lines. Whatever comes from the user passes `safe_add`, so a file cannot send
 * escape sequences to somebody's terminal.
 */
#include "base/diag.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

#define SEVERITY_COUNT 3
/* Columns of a line that are shown, and how many of them before the caret when it is cut. */
#define EXCERPT_COLUMNS_MAX 100
#define EXCERPT_COLUMNS_BEFORE 50

struct source {
    char *name;
    const char *text;
    size_t length;
    uint32_t lines_before, columns_before; /* of a part; columns on its first line alone */
    uint32_t counts[SEVERITY_COUNT];
};

struct entry {
    struct position at;
    enum severity severity;
    uint32_t number; /* order of adding, so that sorting is stable */
    char *message;
};

struct diag {
    VEC(struct source) sources;
    VEC(struct entry) entries;
    uint32_t error_count;
};

struct diag *diag_create(void)
{
    return mem_zalloc(sizeof(struct diag));
}

void diag_destroy(struct diag *diag)
{
    if (!diag)
        return;
    for (uint32_t i = 0; i < diag->sources.count; i++)
        free(diag->sources.items[i].name);
    for (uint32_t i = 0; i < diag->entries.count; i++)
        free(diag->entries.items[i].message);
    vec_fini(&diag->sources);
    vec_fini(&diag->entries);
    free(diag);
}

uint32_t diag_add_source(struct diag *diag, const char *name, const char *text, size_t length)
{
    struct source source = {.name = mem_strndup(name, strlen(name)), .text = text, .length = length};
    vec_push(&diag->sources, source);
    return diag->sources.count - 1;
}

uint32_t diag_add_part(
    struct diag *diag, const char *name, const char *text, size_t length, uint32_t line, uint32_t column)
{
    EPSIM_ASSERT(line > 0 && column > 0);
    uint32_t number = diag_add_source(diag, name, text, length);
    diag->sources.items[number].lines_before = line - 1;
    diag->sources.items[number].columns_before = column - 1;
    return number;
}

const char *diag_source_name(const struct diag *diag, uint32_t source)
{
    EPSIM_ASSERT(source < diag->sources.count);
    return diag->sources.items[source].name;
}

void diag_add(struct diag *diag, enum severity severity, struct position at, const char *format, ...)
{
    EPSIM_ASSERT(at.source < diag->sources.count);
    struct source *source = &diag->sources.items[at.source];
    if (severity == SEVERITY_ERROR && diag->error_count < UINT32_MAX)
        diag->error_count++;
    if (source->counts[severity] < UINT32_MAX)
        source->counts[severity]++;
    if (source->counts[severity] > DIAG_KEPT_MAX)
        return;

    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    EPSIM_ASSERT(length >= 0);
    struct entry entry = {at, severity, diag->entries.count, mem_alloc((size_t)length + 1)};
    vsnprintf(entry.message, (size_t)length + 1, format, again);
    va_end(again);
    vec_push(&diag->entries, entry);
}

uint32_t diag_error_count(const struct diag *diag)
{
    return diag->error_count;
}

void diag_clear(struct diag *diag)
{
    for (uint32_t i = 0; i < diag->entries.count; i++)
        free(diag->entries.items[i].message);
    vec_clear(&diag->entries);
    for (uint32_t i = 0; i < diag->sources.count; i++)
        for (uint32_t severity = 0; severity < SEVERITY_COUNT; severity++)
            diag->sources.items[i].counts[severity] = 0;
    diag->error_count = 0;
}

/* --- printing ------------------------------------------------------------------------------------ */

/* What a terminal can be shown of the character at `bytes`. */
struct glyph {
    uint32_t byte_count;
    uint32_t columns;
    char replacement; /* 0: the bytes themselves */
};

static struct glyph glyph_at(const char *bytes, size_t length)
{
    uint32_t code;
    uint32_t count = utf8_decode(bytes, length, &code);
    if (!count)
        return (struct glyph){1, 1, '?'};
    if (code == '\t')
        return (struct glyph){1, 1, ' '};
    if (utf8_is_control(code))
        return (struct glyph){count, 1, '?'};
    return (struct glyph){count, utf8_width(code), 0};
}

static void glyph_add(struct text *out, struct glyph glyph, const char *bytes)
{
    if (glyph.replacement)
        text_add_char(out, glyph.replacement);
    else
        text_add_bytes(out, bytes, glyph.byte_count);
}

static void safe_add(struct text *out, const char *string)
{
    size_t length = strlen(string);
    for (size_t i = 0; i < length;) {
        struct glyph glyph = glyph_at(string + i, length - i);
        glyph_add(out, glyph, string + i);
        i += glyph.byte_count;
    }
}

struct cursor {
    const struct source *source;
    uint32_t line;
    size_t offset; /* where `line` starts */
};

/* Moves to a line at or after the cursor's; false when the source has none such. */
static bool cursor_to_line(struct cursor *cursor, uint32_t line)
{
    const struct source *source = cursor->source;
    while (cursor->line < line) {
        size_t rest = source->length - cursor->offset;
        const char *start = rest ? source->text + cursor->offset : NULL;
        const char *newline = start ? memchr(start, '\n', rest) : NULL;
        if (!newline)
            return false;
        cursor->offset = (size_t)(newline - source->text) + 1;
        cursor->line++;
    }
    return cursor->line == line;
}

struct line {
    const char *bytes;
    size_t length;
};

static struct line cursor_line(const struct cursor *cursor)
{
    size_t rest = cursor->source->length - cursor->offset;
    struct line line = {rest ? cursor->source->text + cursor->offset : "", rest};
    const char *newline = rest ? memchr(line.bytes, '\n', rest) : NULL;
    if (newline)
        line.length = (size_t)(newline - line.bytes);
    if (line.length && line.bytes[line.length - 1] == '\r')
        line.length--;
    return line;
}

/* Bytes [from, to) of the line are shown: all of it, or whole characters around the caret. */
struct window {
    size_t from;
    size_t to;
};

static size_t character_start(struct line line, size_t offset)
{
    size_t steps = 0;
    while (offset > 0 && offset < line.length && steps < 3 && (line.bytes[offset] & 0xc0) == 0x80) {
        offset--;
        steps++;
    }
    return offset;
}

static struct window window_around(struct line line, size_t caret)
{
    struct window window = {0, 0};
    if (line.length > EXCERPT_COLUMNS_MAX && caret > EXCERPT_COLUMNS_BEFORE) {
        size_t from = caret - EXCERPT_COLUMNS_BEFORE;
        size_t last = line.length - EXCERPT_COLUMNS_MAX;
        window.from = character_start(line, from < last ? from : last);
    }
    uint32_t columns = 0;
    for (size_t i = window.from; i < line.length;) {
        struct glyph glyph = glyph_at(line.bytes + i, line.length - i);
        columns += glyph.columns;
        if (columns > EXCERPT_COLUMNS_MAX)
            break;
        i += glyph.byte_count;
        window.to = i;
    }
    return window;
}

/* The line, and below it the caret with a tilde for each further column of what is underlined. */
static void excerpt_add(struct text *out, struct line line, struct position at, uint32_t shown_line)
{
    static const char cut[] = "...";
    size_t caret = at.column ? at.column - 1 : 0;
    caret = character_start(line, caret < line.length ? caret : line.length);
    size_t length = at.length ? at.length : 1;
    size_t end = length < line.length - caret ? caret + length : line.length;
    struct window window = window_around(line, caret);
    struct text below = {0};

    size_t gutter = out->length;
    text_printf(out, "%5" PRIu32, shown_line);
    gutter = out->length - gutter;
    text_add(out, " | ");
    if (window.from > 0) {
        text_add(out, cut);
        text_add(&below, "   ");
    }
    bool pointed = false;
    for (size_t i = window.from; i < window.to;) {
        struct glyph glyph = glyph_at(line.bytes + i, line.length - i);
        glyph_add(out, glyph, line.bytes + i);
        bool inside = i >= caret && i < end;
        for (uint32_t c = 0; c < glyph.columns && (i <= caret || inside); c++) {
            text_add_char(&below, !inside ? ' ' : pointed ? '~' : '^');
            pointed = pointed || inside;
        }
        i += glyph.byte_count;
    }
    if (window.to < line.length)
        text_add(out, cut);
    if (!pointed)
        text_add_char(&below, '^');
    text_printf(out, "\n%*s | %s\n", (int)gutter, "", below.data);
    text_fini(&below);
}

static void entry_print(const struct entry *entry, struct cursor *cursor, FILE *out)
{
    static const char *const severities[SEVERITY_COUNT] = {"error", "warning", "note"};
    struct text text = {0};
    safe_add(&text, cursor->source->name);
    uint32_t line = entry->at.line + cursor->source->lines_before;
    uint32_t column = entry->at.column + (entry->at.line == 1 ? cursor->source->columns_before : 0);
    if (entry->at.line > 0)
        text_printf(&text, ":%" PRIu32 ":%" PRIu32, line, column);
    text_printf(&text, ": %s: ", severities[entry->severity]);
    safe_add(&text, entry->message);
    text_add_char(&text, '\n');
    if (entry->at.line > 0 && cursor_to_line(cursor, entry->at.line))
        excerpt_add(&text, cursor_line(cursor), entry->at, line);
    fwrite(text.data, 1, text.length, out);
    text_fini(&text);
}

static int entry_compare(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a;
    const struct entry *y = *(const struct entry *const *)b;
    if (x->at.source != y->at.source)
        return x->at.source < y->at.source ? -1 : 1;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    if (x->at.column != y->at.column)
        return x->at.column < y->at.column ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static void source_end_print(const struct source *source, bool verbose, FILE *out)
{
    static const char *const plurals[SEVERITY_COUNT] = {"errors", "warnings", "notes"};
    for (int severity = 0; severity < SEVERITY_COUNT; severity++) {
        if (source->counts[severity] <= DIAG_ERRORS_SHOWN_MAX || (severity == SEVERITY_NOTE && !verbose))
            continue;
        struct text text = {0};
        safe_add(&text, source->name);
        text_printf(&text, ": %" PRIu32 " more %s are not shown\n",
            source->counts[severity] - DIAG_ERRORS_SHOWN_MAX, plurals[severity]);
        fwrite(text.data, 1, text.length, out);
        text_fini(&text);
    }
}

const char *diag_next_error(const struct diag *diag, uint32_t *at, struct position *out_position)
{
    while (*at < diag->entries.count) {
        const struct entry *entry = &diag->entries.items[(*at)++];
        if (entry->severity != SEVERITY_ERROR)
            continue;
        *out_position = entry->at;
        return entry->message;
    }
    return NULL;
}

void diag_print(const struct diag *diag, FILE *out, bool verbose)
{
    uint32_t count = diag->entries.count;
    const struct entry **sorted = mem_array(NULL, count, sizeof(const struct entry *));
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &diag->entries.items[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, entry_compare);
    for (uint32_t i = 0; i < count;) {
        uint32_t number = sorted[i]->at.source;
        struct cursor cursor = {&diag->sources.items[number], 1, 0};
        uint32_t shown[SEVERITY_COUNT] = {0};
        for (; i < count && sorted[i]->at.source == number; i++) {
            enum severity severity = sorted[i]->severity;
            if (severity == SEVERITY_NOTE && !verbose)
                continue;
            if (shown[severity]++ < DIAG_ERRORS_SHOWN_MAX)
                entry_print(sorted[i], &cursor, out);
        }
        source_end_print(cursor.source, verbose, out);
    }
    free(sorted);
}
