/*
 * lines.h: the lines of a recording: JSON objects, one a line (NDJSON), plain or gzip, a file or standard
 * input.
 */
#ifndef EPSIM_VERIFY_LINES_H
#define EPSIM_VERIFY_LINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A longer line is refused: one of 1,000 endpoints in ten slices has less than a megabyte. */
#define LINES_BYTES_MAX (64u << 20)

/* What is wrong with a recording, and where: line and column from 1; line 0: the file as a whole. Start from
 * {0}, end with recording_error_fini. */
struct recording_error {
    uint32_t line, column;
    struct text message;
    struct text text; /* the line, when there is one */
};

void recording_error_fini(struct recording_error *error);

struct lines;

/* `path` "-" is standard input. NULL, and `error` is set, when it cannot be opened. */
struct lines *lines_open(const char *path, struct recording_error *error);
void lines_close(struct lines *lines);
/* The next object, to be given back with json_decref; lines of spaces are passed over. NULL at the end, and
 * when `error` is set: the file cannot be read, is cut off or damaged, or the line is no JSON object.
 * O(line). */
json_t *lines_next(struct lines *lines, struct recording_error *error);
/* Of the object that lines_next gave last. */
uint32_t lines_number(const struct lines *lines);
/* Sets the error at the present line, with its text. */
void lines_fail(const struct lines *lines, struct recording_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* How much of the file was read, 0 to 1; 0 when its size is not known. */
double lines_share(const struct lines *lines);

#endif
