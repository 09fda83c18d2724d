/*
 * trace_rows.h: the rows of a `replay`: one pod a row, read by a scanner of our own.
 *
 *     service pod         create delete ready node   labels
 *     web     web-0       -      3600   -     node-7 role=a,tier=b
 *     web     web-1       12.5   1h     20    -      -
 *
 * The first row names the columns; service and pod are needed, any order will do. Times are seconds, or
 * durations with units, since the replay's `at`. '-' is an absent value: of create, there from the start;
 * of delete, never deleted. Without a column `ready` pods become ready as `pods.ready` says; with it at
 * that time, where '-' is: from the start for a pod that is there from the start, else never.
 * Empty rows and those that begin with '#' are skipped.
 *
 * Cost: one pass and a sort, O(n log n), about 70 MB/s; 64 bytes a pod and 16 a row of memory.
 */
#ifndef EPSIM_SCENARIO_TRACE_ROWS_H
#define EPSIM_SCENARIO_TRACE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "scenario/scenario.h"
#include "scenario/schema.h"

/* The columns, in the order of the table above; for the reference. */
extern const struct schema trace_columns_schema;

/* Where a row's text stands, for messages. */
struct rows_origin {
    uint32_t source;
    uint32_t first_line; /* of the text's first line */
    uint32_t column;     /* of a line's first byte */
    bool is_exact;       /* false: lines cannot be told; `at` is the position of all */
    struct position at;
};

/* Reads all rows into the trace (namespace and position are the caller's). `offset_ns`: the replay's `at`.
 * False when there were mistakes; all are told. Texts go to the arena. */
bool trace_rows_read(struct arena *arena, struct diag *diag, const char *text, size_t length,
    const struct rows_origin *origin, int64_t offset_ns, struct trace *out);

#endif
