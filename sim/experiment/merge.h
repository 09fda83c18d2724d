/*
 * merge.h: one database out of a sweep's results.
 *
 * run_id is the run's number in the plan plus 1, sources stand in the order of the plan's scenarios, and rows
 * depend on nothing else: whoever did the runs, in whatever order and how often, the merged rows are the same
 * (but for wall_s, started and ended). Rows are copied file by file inside SQLite: memory does not grow with
 * their number. The database appears by one rename; one that is there is kept until then.
 */
#ifndef EPSIM_EXPERIMENT_MERGE_H
#define EPSIM_EXPERIMENT_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct merge_request {
    const char *folder;
    const char *output;
    bool partial; /* missing runs are no reason to stop */
    bool replace; /* `output` may be any database of ours; else only one that the same sweep was merged to */
    void (*progress)(void *context, uint32_t files, uint32_t of); /* after each file; NULL */
    void *context;
    const volatile int *stop; /* may be NULL */
};

struct merge_counts {
    uint32_t runs, failed, missing;
    uint32_t foreign;    /* results of other plans or versions, left out */
    uint32_t duplicates; /* results that are there again, left out */
    uint32_t first_missing;
};

/* STATUS_FAILED: runs are missing (see counts) and `partial` is not set; nothing was written. STATUS_EXISTS:
 * the output is there and holds something else. STATUS_NOT_FOUND, STATUS_BAD_INPUT, STATUS_IO,
 * STATUS_INTERRUPTED. With a message for the caller to free, but for STATUS_FAILED and STATUS_INTERRUPTED. */
enum status merge(const struct merge_request *request, struct merge_counts *counts, char **out_message);

#endif
