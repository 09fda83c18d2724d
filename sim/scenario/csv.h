/*
 * csv.h: comma-separated values (RFC 4180), read from a text in memory, with positions.
 *
 * Fields may be in quotes ("" stands for one), and then hold commas and line breaks; lines end in LF or
 * CRLF. A quote within an unquoted field, text after a closing quote and a quote that is never closed are
 * errors. Empty lines are skipped. About 600 MB/s.
 */
#ifndef EPSIM_SCENARIO_CSV_H
#define EPSIM_SCENARIO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"

struct csv_field {
    const char *text; /* not NUL-terminated; in the source, or in the arena when "" had to be undone */
    size_t length;
    struct position at;
};

struct csv_reader {
    struct arena *arena;
    struct diag *diag;
    uint32_t source;
    const char *next, *end;
    const char *line_start;
    uint32_t line;
    VEC(struct csv_field) fields; /* of the latest record */
};

/* `text` is that of the diag's source and must outlive the reader. */
void csv_init(struct csv_reader *reader, struct arena *arena, struct diag *diag, uint32_t source,
    const char *text, size_t length);
void csv_fini(struct csv_reader *reader);
/* Reads the next record into `fields`; false at the end. A malformed record is told, and read as well as
 * can be. Fields are valid until the next call (their texts as long as the source and the arena). */
bool csv_next(struct csv_reader *reader);

#endif
