/*
 * import_stream.c: finds where a document ends, then reads it as a whole.
 */
#include "scenario/import_stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "scenario/json_read.h"

#define READ_BYTES ((size_t)1 << 18)
/* Trees are given back when the documents read since had so many bytes, not one by one. */
#define TREE_BYTES ((size_t)1 << 20)

/* --- bytes -------------------------------------------------------------------------------------------- */

void import_stream_open(struct import_stream *stream, const char *path, struct arena *kept, struct diag *diag)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *stream = (struct import_stream){
        .diag = diag, .kept = kept, .name = is_stdin ? "<stdin>" : path, .line = 1, .column = 1};
    arena_init(&stream->trees);
    stream->file = is_stdin ? stdin : fopen(path, "rb");
    if (stream->file)
        return;
    stream->at_end = stream->failed = stream->cannot_read = true;
    uint32_t source = diag_add_source(diag, stream->name, "", 0);
    diag_error(diag, (struct position){.source = source}, "cannot be read: %s", strerror(errno));
}

void import_stream_close(struct import_stream *stream)
{
    if (stream->file && stream->file != stdin)
        fclose(stream->file);
    free(stream->buffer);
    arena_fini(&stream->trees);
}

/* Reads on, behind what is there. False at the end. */
static bool fill(struct import_stream *stream)
{
    if (stream->at_end)
        return false;
    if (stream->start > 0) {
        memmove(stream->buffer, stream->buffer + stream->start, stream->length - stream->start);
        stream->length -= stream->start;
        stream->start = 0;
    }
    if (stream->capacity - stream->length < READ_BYTES + 1) {
        stream->capacity = 2 * stream->capacity + READ_BYTES + 1;
        stream->buffer = mem_realloc(stream->buffer, stream->capacity);
    }
    size_t got = fread(stream->buffer + stream->length, 1, READ_BYTES, stream->file);
    stream->length += got;
    stream->bytes += got;
    stream->buffer[stream->length] = '\0';
    if (got > 0)
        return true;
    stream->at_end = true;
    if (ferror(stream->file)) {
        stream->failed = stream->cannot_read = true;
        uint32_t source = diag_add_source(stream->diag, stream->name, "", 0);
        diag_error(stream->diag, (struct position){.source = source}, "cannot be read: %s", strerror(errno));
    }
    return false;
}

/* Goes on by `count` bytes. */
static void pass(struct import_stream *stream, size_t count)
{
    const char *at = stream->buffer + stream->start, *end = at + count, *newline;
    while (at < end && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        stream->line++;
        stream->column = 1;
        at = newline + 1;
    }
    stream->column += (uint32_t)(end - at);
    stream->start += count;
}

/* --- mistakes ----------------------------------------------------------------------------------------- */

/* The present document as a source of the diag. */
static uint32_t keep_document(struct import_stream *stream)
{
    const char *text = stream->buffer + stream->start - stream->document_length;
    return diag_add_part(stream->diag, stream->name,
        arena_strndup(stream->kept, text, stream->document_length), stream->document_length,
        stream->document_line, stream->document_column);
}

void import_stream_fail(struct import_stream *stream, struct position at, const char *format, ...)
{
    struct text message = {0};
    va_list arguments;
    va_start(arguments, format);
    char *bytes = NULL;
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        bytes = mem_alloc((size_t)length + 1);
        va_start(arguments, format);
        vsnprintf(bytes, (size_t)length + 1, format, arguments);
        va_end(arguments);
        text_add(&message, bytes);
    }
    at.source = keep_document(stream);
    diag_error(stream->diag, at, "%s", message.length ? message.data : "");
    stream->failed = true;
    free(bytes);
    text_fini(&message);
}

/* What comes next is no document: it is shown up to the end of its line. */
static void fail_next(struct import_stream *stream, const char *message)
{
    size_t rest = stream->length - stream->start;
    const char *newline = memchr(stream->buffer + stream->start, '\n', rest);
    stream->document_line = stream->line;
    stream->document_column = stream->column;
    stream->document_length = newline ? (size_t)(newline - stream->buffer) - stream->start : rest;
    stream->start += stream->document_length;
    import_stream_fail(stream, (struct position){.line = 1, .column = 1, .length = 1}, "%s", message);
}

/* --- where documents end ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* To the next byte that is no blank. False at the end. */
static bool skip_blanks(struct import_stream *stream)
{
    do {
        size_t at = stream->start;
        while (at < stream->length && is_blank(stream->buffer[at]))
            at++;
        if (at > stream->start)
            pass(stream, at - stream->start);
        if (stream->start < stream->length)
            return true;
    } while (fill(stream));
    return false;
}

struct json_scan {
    size_t done; /* bytes looked at, from `start` on */
    uint32_t open;
    bool in_text, is_escaped;
};

/* True when the value ends within what was read: scan->done is its length. */
static bool scan_json(const struct import_stream *stream, struct json_scan *scan)
{
    const char *at = stream->buffer + stream->start + scan->done, *end = stream->buffer + stream->length;
    for (; at < end; at++) {
        char c = *at;
        if (scan->in_text) {
            if (scan->is_escaped)
                scan->is_escaped = false;
            else if (c == '\\')
                scan->is_escaped = true;
            else if (c == '"')
                scan->in_text = false;
            continue;
        }
        if (c == '"')
            scan->in_text = true;
        else if (c == '{' || c == '[')
            scan->open++;
        else if ((c == '}' || c == ']') && --scan->open == 0) {
            scan->done = (size_t)(at + 1 - (stream->buffer + stream->start));
            return true;
        }
    }
    scan->done = (size_t)(end - (stream->buffer + stream->start));
    return false;
}

static bool find_json(struct import_stream *stream, size_t *out_length)
{
    struct json_scan scan = {0};
    if (!skip_blanks(stream))
        return false;
    char first = stream->buffer[stream->start];
    if (first != '{' && first != '[') {
        fail_next(stream, "an object of JSON is expected here");
        return false;
    }
    while (!scan_json(stream, &scan)) {
        if (scan.done > IMPORT_DOCUMENT_BYTES_MAX) {
            fail_next(stream, "the object that begins here is larger than 1 GiB");
            return false;
        }
        if (!fill(stream)) {
            if (!stream->failed)
                fail_next(stream, "the file ends within the object that begins here");
            return false;
        }
    }
    *out_length = scan.done;
    return true;
}

/* "---" at the start of a line, with a blank or nothing behind. */
static bool is_separator(const char *line, const char *end)
{
    return end - line >= 3 && memcmp(line, "---", 3) == 0 && (end - line == 3 || is_blank(line[3]));
}

/* Up to the next separator that is not the document's own first line. */
static bool find_yaml(struct import_stream *stream, size_t *out_length)
{
    size_t done = 0; /* the start of the line to look at next */
    for (;;) {
        const char *text = stream->buffer + stream->start;
        size_t length = stream->length - stream->start;
        const char *newline = done < length ? memchr(text + done, '\n', length - done) : NULL;
        if (!newline && fill(stream)) {
            if (stream->length - stream->start > IMPORT_DOCUMENT_BYTES_MAX) {
                fail_next(stream, "the document that begins here is larger than 1 GiB");
                return false;
            }
            continue;
        }
        text = stream->buffer + stream->start;
        if (stream->failed || (!newline && done == length && length == 0))
            return false;
        if (done > 0 && is_separator(text + done, text + length)) {
            *out_length = done;
            return true;
        }
        if (!newline) {
            *out_length = length;
            return true;
        }
        done = (size_t)(newline + 1 - text);
    }
}

/* --- documents ---------------------------------------------------------------------------------------- */

static bool check_utf8(struct import_stream *stream, const char *text, size_t length)
{
    size_t offset;
    if (utf8_valid(text, length, &offset))
        return true;
    struct position at = {.line = 1, .column = 1, .length = 1};
    for (size_t i = 0; i < offset; i++) {
        at.line += text[i] == '\n';
        at.column = text[i] == '\n' ? 1 : at.column + 1;
    }
    import_stream_fail(stream, at, "not in UTF-8: the byte 0x%02x", (unsigned)(unsigned char)text[offset]);
    return false;
}

static struct yaml_node *read_json(struct import_stream *stream, char *text, size_t length)
{
    struct json_mistake mistake;
    char behind = text[length];
    text[length] = '\0';
    struct yaml_node *root = json_read(&stream->trees, 0, text, length, &mistake);
    text[length] = behind;
    if (!root)
        import_stream_fail(stream, mistake.at, "%s", mistake.message);
    return root;
}

/* NULL for an empty document and after a mistake. */
static struct yaml_node *read_yaml(struct import_stream *stream, char *text, size_t length)
{
    struct diag *diag = diag_create();
    struct yaml_stream documents;
    char behind = text[length];
    text[length] = '\0';
    uint32_t source = diag_add_source(diag, stream->name, text, length), first = 0;
    yaml_parse(&stream->trees, diag, source, text, length, 0, &documents);
    text[length] = behind;
    struct yaml_node *root = documents.documents.count > 0 ? documents.documents.items[0] : NULL;
    struct position at;
    const char *message = diag_next_error(diag, &first, &at);
    if (message)
        import_stream_fail(stream, at, "%s", message);
    vec_fini(&documents.documents);
    diag_destroy(diag);
    return message ? NULL : root;
}

static struct yaml_node *read_document(struct import_stream *stream, size_t length)
{
    stream->document_line = stream->line;
    stream->document_column = stream->column;
    stream->document_length = length;
    pass(stream, length);
    char *text = stream->buffer + stream->start - length;
    stream->tree_bytes += length;
    if (!check_utf8(stream, text, length))
        return NULL;
    return stream->is_yaml ? read_yaml(stream, text, length) : read_json(stream, text, length);
}

static void begin(struct import_stream *stream)
{
    stream->has_begun = true;
    while (stream->length < 3 && fill(stream))
        continue;
    if (stream->length >= 3 && memcmp(stream->buffer, "\xef\xbb\xbf", 3) == 0)
        stream->start = 3;
    if (!skip_blanks(stream))
        return;
    stream->is_yaml = stream->buffer[stream->start] != '{' && stream->buffer[stream->start] != '[';
    if (stream->is_yaml && stream->start >= stream->column - 1) {
        /* Of YAML the blanks before the first word count. */
        stream->start -= stream->column - 1;
        stream->column = 1;
    }
}

struct yaml_node *import_stream_next(struct import_stream *stream)
{
    if (stream->tree_bytes > TREE_BYTES) {
        arena_fini(&stream->trees);
        stream->tree_bytes = 0;
    }
    if (!stream->has_begun && !stream->failed)
        begin(stream);
    struct yaml_node *root = NULL;
    size_t length;
    while (!root && !stream->failed &&
           (stream->is_yaml ? find_yaml(stream, &length) : find_json(stream, &length)))
        root = read_document(stream, length);
    return root;
}
