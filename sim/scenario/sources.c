/*
 * sources.c: reading whole texts, and what can be wrong with them before they are YAML.
 */
#include "scenario/sources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/sha256.h"
#include "base/utf8.h"

static const char bundle_first_line[] = "# epsim sources 1\n";

void sources_init(struct sources *sources, struct arena *arena, struct diag *diag)
{
    *sources = (struct sources){.arena = arena, .diag = diag, .folder = ""};
}

void sources_fini(struct sources *sources)
{
    vec_fini(&sources->items);
    vec_fini(&sources->sets);
}

/* --- what a text must be ---------------------------------------------------------------------------- */

static struct position start_of(const struct source *source)
{
    return (struct position){source->number, 1, 1, 1};
}

/* 1: no text file has it. */
static inline unsigned char is_control_byte(unsigned char c)
{
    return (unsigned char)((c < 0x20) & (c != '\t') & (c != '\n') & (c != '\r')) | (c == 0x7f);
}

/* So many bytes are looked at before it is asked whether one was bad, which compilers do side by side. */
#define CONTROL_BLOCK 64

/* Offset of the first byte that no text file has, or `length`. */
static size_t control_byte(const char *text, size_t length)
{
    size_t i = 0;
    for (; length - i >= CONTROL_BLOCK; i += CONTROL_BLOCK) {
        unsigned char any = 0;
        for (size_t k = 0; k < CONTROL_BLOCK; k++)
            any |= is_control_byte((unsigned char)text[i + k]);
        if (any)
            break;
    }
    while (i < length && !is_control_byte((unsigned char)text[i]))
        i++;
    return i;
}

static void check_text(struct sources *sources, struct source *source)
{
    size_t offset;
    source->is_bad = true;
    if (!utf8_valid(source->text, source->length, &offset)) {
        diag_error(sources->diag, start_of(source),
            "not in UTF-8: the byte 0x%02x at offset %zu fits nowhere",
            (unsigned)(unsigned char)source->text[offset], offset);
        return;
    }
    offset = control_byte(source->text, source->length);
    if (offset < source->length) {
        diag_error(sources->diag, start_of(source), "not a text: the control character 0x%02x at offset %zu",
            (unsigned)(unsigned char)source->text[offset], offset);
        return;
    }
    source->is_bad = false;
}

/* Takes a text in. */
static struct source *source_add(
    struct sources *sources, const char *path, const char *text, size_t length, bool is_data)
{
    struct source source = {.is_data = is_data, .length = length};
    char *name = arena_strndup(sources->arena, path, strlen(path));
    for (char *p = name; *p; p++)
        if (*p == '\n')
            *p = '?'; /* a bundle's lines end there */
    source.path = name;
    source.text = arena_strndup(sources->arena, text, length);
    struct text shown = {0};
    text_printf(&shown, "%s%s", path[0] == '/' ? "" : sources->folder, path);
    source.number =
        diag_add_source(sources->diag, strcmp(path, "-") ? shown.data : "<stdin>", source.text, length);
    text_fini(&shown);
    vec_push(&sources->items, source);
    struct source *added = &vec_last(&sources->items);
    check_text(sources, added);
    return added;
}

/* A byte order mark is left out, so that columns are what an editor shows. Not of a bundle's texts: they
 * have lost theirs before. */
static struct source *source_add_read(
    struct sources *sources, const char *path, const char *text, size_t length, bool is_data)
{
    bool marked = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    return source_add(sources, path, text + (marked ? 3 : 0), length - (marked ? 3 : 0), is_data);
}

/* --- files ------------------------------------------------------------------------------------------ */

static FILE *open_from(const char *folder, const char *path)
{
    struct text whole = {0};
    text_printf(&whole, "%s%s", path[0] == '/' ? "" : folder, path);
    FILE *file = fopen(whole.data, "rb");
    int code = errno;
    text_fini(&whole);
    errno = code;
    return file;
}

/* NULL, or why it cannot be read. */
static const char *read_all(const char *folder, const char *path, bool is_stdin, struct text *out)
{
    FILE *file = is_stdin ? stdin : open_from(folder, path);
    if (!file)
        return strerror(errno);
    char *block = mem_alloc(65536);
    size_t got;
    while ((got = fread(block, 1, 65536, file)) > 0 && out->length <= SOURCE_BYTES_MAX)
        text_add_bytes(out, block, got);
    const char *problem = ferror(file) ? strerror(errno) : NULL;
    if (!problem && out->length > SOURCE_BYTES_MAX)
        problem = "larger than 1 GiB";
    free(block);
    if (!is_stdin)
        fclose(file);
    return problem;
}

static struct source *source_add_unread(struct sources *sources, const char *path, const char *problem)
{
    struct source *source = source_add(sources, path, "", 0, false);
    /* There is no line to show. */
    diag_error(sources->diag, (struct position){.source = source->number}, "cannot be read: %s", problem);
    source->is_bad = true;
    sources->io_failures++;
    return source;
}

/* --- bundles ---------------------------------------------------------------------------------------- */

/* One "# word bytes [name]" line; false when there is none. *at is moved behind it. */
static bool bundle_line(
    const char **at, const char *end, const char *word, size_t *out_bytes, char **out_name)
{
    size_t word_length = strlen(word);
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    if (!newline || (size_t)(newline - *at) < word_length + 4 || memcmp(*at, "# ", 2) != 0 ||
        memcmp(*at + 2, word, word_length) != 0 || (*at)[2 + word_length] != ' ')
        return false;
    const char *number = *at + 3 + word_length;
    const char *space = memchr(number, ' ', (size_t)(newline - number));
    const char *number_end = space ? space : newline;
    int64_t bytes;
    if (!int_parse(number, (size_t)(number_end - number), 0, end - newline - 1, &bytes))
        return false;
    *out_bytes = (size_t)bytes;
    *out_name = space ? mem_strndup(space + 1, (size_t)(newline - space - 1)) : mem_strndup("", 0);
    *at = newline + 1;
    return true;
}

static bool bundle_read(struct sources *sources, const char *text, size_t length)
{
    size_t first = sizeof bundle_first_line - 1;
    if (length < first || memcmp(text, bundle_first_line, first) != 0)
        return false;
    sources->from_bundle = true;
    const char *end = text + length;
    for (const char *at = text + first; at < end;) {
        size_t bytes;
        char *name = NULL;
        if (bundle_line(&at, end, "set", &bytes, &name))
            vec_push(&sources->sets, arena_strndup(sources->arena, at, bytes));
        else if (bundle_line(&at, end, "file", &bytes, &name))
            source_add(sources, name, at, bytes, false);
        else if (bundle_line(&at, end, "data", &bytes, &name))
            source_add(sources, name, at, bytes, true);
        else
            break;
        free(name);
        at += bytes;
        if (at < end && *at == '\n')
            at++;
    }
    return true;
}

void sources_bundle(const struct sources *sources, struct text *out)
{
    text_add(out, bundle_first_line);
    for (uint32_t i = 0; i < sources->sets.count; i++)
        text_printf(out, "# set %zu\n%s\n", strlen(sources->sets.items[i]), sources->sets.items[i]);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < sources->items.count; i++) {
            const struct source *source = &sources->items.items[i];
            if (source->is_data != (pass == 1))
                continue;
            text_printf(out, "# %s %zu %s\n", pass ? "data" : "file", source->length, source->path);
            text_add_bytes(out, source->text, source->length);
            text_add_char(out, '\n');
        }
}

static void hash_part(struct sha256 *sha, const char *kind, const char *text, size_t length)
{
    char head[40];
    int head_length = snprintf(head, sizeof head, "%s %zu\n", kind, length);
    sha256_add(sha, head, (size_t)head_length);
    sha256_add(sha, text, length);
}

void sources_hash_texts(const struct sources *sources, struct sha256 *out)
{
    sha256_init(out);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < sources->items.count; i++) {
            const struct source *source = &sources->items.items[i];
            if (source->is_data == (pass == 1))
                hash_part(out, pass ? "data" : "file", source->text, source->length);
        }
}

void sources_hash_set(struct sha256 *sha, const char *set)
{
    hash_part(sha, "set", set, strlen(set));
}

/* --- inputs and what they refer to ------------------------------------------------------------------ */

void sources_add_input(struct sources *sources, const char *path, const char *text, size_t length)
{
    if (text) {
        if (!bundle_read(sources, text, length))
            source_add_read(sources, path, text, length, false);
        return;
    }
    struct text read = {0};
    const char *problem = read_all(sources->folder, path, strcmp(path, "-") == 0, &read);
    if (problem)
        source_add_unread(sources, path, problem);
    else
        source_add_read(sources, path, read.length ? read.data : "", read.length, false);
    text_fini(&read);
}

/* `path` as seen from the folder of the source. */
static void join_path(struct text *out, const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');
    if (path[0] != '/' && slash)
        text_add_bytes(out, from, (size_t)(slash - from) + 1);
    text_add(out, path);
}

static const struct source *find_data(const struct sources *sources, const char *path)
{
    for (uint32_t i = 0; i < sources->items.count; i++)
        if (sources->items.items[i].is_data && strcmp(sources->items.items[i].path, path) == 0)
            return &sources->items.items[i];
    return NULL;
}

const struct source *sources_open(
    struct sources *sources, uint32_t from, const char *path, struct position at)
{
    const char *from_path = "";
    for (uint32_t i = 0; i < sources->items.count; i++)
        if (sources->items.items[i].number == from)
            from_path = sources->items.items[i].path;
    struct text full = {0}, read = {0};
    join_path(&full, from_path, path);
    const struct source *source = find_data(sources, full.data);
    if (!source) {
        const char *problem = sources->from_bundle ? "it is not among the sources"
                                                   : read_all(sources->folder, full.data, false, &read);
        if (problem)
            diag_error(sources->diag, at, "'%s' cannot be read: %s", full.data, problem);
        else
            source = source_add_read(sources, full.data, read.length ? read.data : "", read.length, true);
    }
    text_fini(&full);
    text_fini(&read);
    return source && !source->is_bad ? source : NULL;
}

/* --- literal blocks --------------------------------------------------------------------------------- */

static void find_lines(struct sources *sources, struct source *source)
{
    VEC(uint32_t) starts = {0};
    vec_push(&starts, 0);
    for (const char *p = source->text; (p = memchr(p, '\n', source->length - (size_t)(p - source->text)));
         p++)
        vec_push(&starts, (uint32_t)(p - source->text) + 1);
    uint32_t *kept = arena_alloc(sources->arena, starts.count * sizeof *kept);
    memcpy(kept, starts.items, starts.count * sizeof *kept);
    source->line_starts = kept;
    source->line_count = starts.count;
    vec_fini(&starts);
}

static size_t line_length(const char *line)
{
    size_t length = strcspn(line, "\n");
    return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
}

uint32_t sources_block_column(struct sources *sources, uint32_t number, uint32_t first_line, const char *text)
{
    struct source *source = NULL;
    for (uint32_t i = 0; i < sources->items.count && !source; i++)
        if (sources->items.items[i].number == number)
            source = &sources->items.items[i];
    if (!source)
        return 0;
    if (!source->line_starts)
        find_lines(sources, source);
    /* Blank lines may be shorter than the indentation: the first line with a text tells it. */
    uint32_t line = first_line - 1;
    for (; *text == '\n'; text++)
        line++;
    if (line >= source->line_count)
        return 0;
    size_t indented = line_length(source->text + source->line_starts[line]), plain = line_length(text);
    return plain > 0 && indented >= plain ? (uint32_t)(indented - plain) + 1 : 0;
}
