/*
 * exact.h: whether two databases hold the same, row by row and column by column.
 *
 * Every table counts, but for three columns that tell of the machine and not of the simulation: wall_s,
 * started and ended of `runs`. How a file is laid out (its pages, the order of inserts) does not count. Both
 * sides are read once, in the order of their keys: O(rows), constant memory.
 */
#ifndef EPSIM_EXPERIMENT_EXACT_H
#define EPSIM_EXPERIMENT_EXACT_H

#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

struct exact_result {
    uint32_t tables;
    uint64_t rows;        /* that both have */
    uint64_t differences; /* cells that differ, and rows that only one has */
};

/* Both are databases of ours of the present schema version. Differences are told in `out`, a line each, at
 * most `shown_max` of them. STATUS_OK (also with differences), or STATUS_NOT_FOUND, STATUS_BAD_INPUT,
 * STATUS_IO with a message for the caller to free. */
enum status exact_compare(const char *path_a, const char *path_b, uint32_t shown_max, struct text *out,
    struct exact_result *result, char **out_message);

#endif
