/*
 * lines.c: see lines.h. zlib reads plain files as they are.
 */
#include "verify/lines.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"

#define CHUNK_BYTES (1u << 17)

struct lines {
    gzFile file;
    uint64_t size_bytes; /* of the file as it lies there; 0: not known */
    uint32_t number;
    struct text line;
    uint32_t chunk_length, chunk_at;
    bool is_at_end;
    char chunk[CHUNK_BYTES];
};

void recording_error_fini(struct recording_error *error)
{
    text_fini(&error->message);
    text_fini(&error->text);
}

static void fail(struct recording_error *error, uint32_t line, uint32_t column, const char *message)
{
    error->line = line;
    error->column = column;
    text_clear(&error->message);
    text_add(&error->message, message);
}

void lines_fail(const struct lines *lines, struct recording_error *error, const char *format, ...)
{
    struct text message = {0};
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    fail(error, lines->number, 1, buffer);
    text_fini(&message);
    text_clear(&error->text);
    text_add_bytes(&error->text, lines->line.data, lines->line.length);
}

struct lines *lines_open(const char *path, struct recording_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int descriptor = is_stdin ? dup(STDIN_FILENO) : -1;
    gzFile file = is_stdin ? gzdopen(descriptor, "rb") : gzopen(path, "rb");
    if (!file) {
        fail(error, 0, 0, strerror(errno ? errno : ENOMEM));
        return NULL;
    }
    gzbuffer(file, CHUNK_BYTES);
    struct lines *lines = mem_zalloc(sizeof *lines);
    lines->file = file;
    struct stat status;
    if (!is_stdin && stat(path, &status) == 0 && S_ISREG(status.st_mode))
        lines->size_bytes = (uint64_t)status.st_size;
    return lines;
}

void lines_close(struct lines *lines)
{
    if (!lines)
        return;
    gzclose(lines->file);
    text_fini(&lines->line);
    free(lines);
}

/* False at the end and at an error. */
static bool fill(struct lines *lines, struct recording_error *error)
{
    if (lines->is_at_end)
        return false;
    errno = 0;
    int got = gzread(lines->file, lines->chunk, CHUNK_BYTES);
    int code = Z_OK;
    const char *message = gzerror(lines->file, &code);
    lines->chunk_at = 0;
    lines->chunk_length = got > 0 ? (uint32_t)got : 0;
    lines->is_at_end = got <= 0;
    if (got > 0)
        return true;
    uint32_t line = lines->number + (lines->line.length > 0);
    if (code == Z_ERRNO)
        fail(error, 0, 0, strerror(errno ? errno : EIO));
    else if (code == Z_BUF_ERROR)
        fail(error, line, 0, "the file ends in the middle of its compressed data");
    else if (code != Z_OK && code != Z_STREAM_END)
        fail(error, line, 0, *message ? message : "the compressed data is damaged");
    return false;
}

/* Reads up to the next newline. False at the end (a last line without a newline is a line) and at an error.
 */
static bool read_line(struct lines *lines, struct recording_error *error)
{
    text_clear(&lines->line);
    for (;;) {
        if (lines->chunk_at == lines->chunk_length && !fill(lines, error))
            break;
        const char *start = lines->chunk + lines->chunk_at;
        uint32_t left = lines->chunk_length - lines->chunk_at;
        const char *newline = memchr(start, '\n', left);
        uint32_t length = newline ? (uint32_t)(newline - start) : left;
        if (lines->line.length + length > LINES_BYTES_MAX) {
            fail(error, lines->number + 1, 0, "the line is longer than 64 MiB");
            return false;
        }
        text_add_bytes(&lines->line, start, length);
        lines->chunk_at += length + (newline != NULL);
        if (newline) {
            lines->number++;
            return true;
        }
    }
    if (error->message.length || lines->line.length == 0)
        return false;
    lines->number++;
    return true;
}

static bool is_blank(const struct text *line)
{
    for (size_t i = 0; i < line->length; i++) {
        if (!strchr(" \t\r", line->data[i]) || !line->data[i])
            return false;
    }
    return true;
}

json_t *lines_next(struct lines *lines, struct recording_error *error)
{
    do {
        if (!read_line(lines, error))
            return NULL;
    } while (is_blank(&lines->line));
    json_error_t mistake;
    json_t *json = json_loadb(lines->line.data, lines->line.length, 0, &mistake);
    if (json_is_object(json))
        return json;
    lines_fail(lines, error, "%s; expected one JSON object", json ? "this is no object" : mistake.text);
    if (!json && mistake.position > 0)
        error->column = (uint32_t)mistake.position;
    json_decref(json);
    return NULL;
}

uint32_t lines_number(const struct lines *lines)
{
    return lines->number;
}

double lines_share(const struct lines *lines)
{
    if (lines->size_bytes == 0)
        return 0;
    double share = (double)gzoffset(lines->file) / (double)lines->size_bytes;
    return share > 1 ? 1 : share;
}
