/*
 * format.h: times, rates and tables as people read them.
 */
#ifndef EPSIM_CLI_FORMAT_H
#define EPSIM_CLI_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"

/* A simulated time: exact up to a second, above it rounded to milliseconds: "12m3.25s". */
void text_add_time(struct text *out, int64_t ns);
/* A rate or count with three digits that matter: "1,950,000", "5.23". */
void text_add_rate(struct text *out, double rate);
/* A wall time: "0.82 ms", "12.3 s". */
void text_add_wall_s(struct text *out, double seconds);
/* Nanoseconds as seconds, exactly: "60", "0.25". */
void text_add_seconds(struct text *out, int64_t ns);

/* --- tables: cells row by row; columns are as wide as their widest cell -------------------------------- */

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct table {
    uint32_t column_count;
    uint32_t gap;             /* spaces between columns */
    uint32_t width_min;       /* of a column with its gap */
    const enum align *aligns; /* NULL: all left */
    VEC(char *) cells;        /* owned */
};

void table_init(struct table *table, uint32_t column_count, uint32_t gap, const enum align *aligns);
void table_fini(struct table *table);
void table_add(struct table *table, const char *cell);
/* Takes what `cell` holds, and empties it. */
void table_take(struct table *table, struct text *cell);
void table_add_grouped(struct table *table, uint64_t value);
/* No spaces at the ends of lines. `bold_head`: the first row in bold. */
void table_print(const struct table *table, struct text *out, bool bold_head);

#endif
