/*
 * import_csv.h: a table of pods and their times as a scenario.
 *
 * Each row is a pod of a service, with the times of its creation and deletion in seconds from the start.
 * Written are a Service for each service (selector app=<name>, port 80), a Node for each node, and a
 * Scenario with one replay. Names that Kubernetes would not take are changed (app_0 becomes app-0; of two
 * that become the same, one that was good as it is keeps its name, else the first; the others get -2, -3),
 * and what was changed is told.
 *
 * No creation: there from the start. No deletion: never deleted. Times within a millionth of a second of a
 * whole one are that one (floating-point noise).
 */
#ifndef EPSIM_SCENARIO_IMPORT_CSV_H
#define EPSIM_SCENARIO_IMPORT_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "base/vec.h"

struct import_csv_options {
    const char *path;                                   /* "-": standard input */
    const char *service, *pod, *create, *delete_column; /* names of columns */
    const char *ready, *node;                           /* NULL: none */
    const char *const *labels;                          /* columns that become labels of their names */
    uint32_t label_count;
    const char *name;      /* of the scenario; made fit */
    const char *rows_file; /* what `replay: {file: ...}` says; NULL: the rows stand in the scenario */
};

struct renaming {
    const char *from, *to;
    bool taken; /* the name without the number at its end is another's */
};

struct import_csv_stats {
    uint64_t rows, services, nodes;
    uint64_t creations, deletions;
    uint64_t from_start, never_deleted;
    int64_t last_ns; /* the latest time in the table: the scenario's `until` */
    VEC(struct renaming) services_renamed;
    VEC(struct renaming) pods_renamed;
    VEC(struct renaming) others_renamed; /* nodes, label keys and label values */
};

/* Reads the table and writes the scenario to `out`, its rows to `rows` when options->rows_file is set. All
 * mistakes go to diag, and then nothing is written: STATUS_BAD_INPUT; STATUS_IO: the table could not be read,
 * or something not be written. The arena keeps the table's text: it must outlive diag and stats. */
enum status import_csv(const struct import_csv_options *options, struct arena *arena, struct diag *diag,
    FILE *out, FILE *rows, struct import_csv_stats *stats);
void import_csv_stats_fini(struct import_csv_stats *stats);

#endif
