/*
 * import_recording.h: what the imports of recordings (import_watch.h, import_audit.h) are asked and tell.
 *
 * The files are read as streams; what is kept is what differs from one state of an object to the next, some
 * hundred bytes a change. Nothing is written before all was read.
 */
#ifndef EPSIM_SCENARIO_IMPORT_RECORDING_H
#define EPSIM_SCENARIO_IMPORT_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/status.h"
#include "scenario/import_history.h"

struct import_recording_options {
    const char *const *paths; /* "-": standard input */
    uint32_t path_count;
    const char *name; /* of the scenario; made fit */
};

/* A kind, or a reason, and how often it was met. */
struct import_ignored {
    const char *what;
    uint64_t count;
};

struct import_recording_stats {
    uint64_t bytes, documents;
    uint64_t told_before; /* states that a newer or the same one preceded */
    uint64_t lists;       /* times that everything was listed anew: a watch that was begun again */
    uint64_t without_time;
    bool has_watch_events;
    VEC(struct import_ignored) ignored;
    struct import_counts counts;
};

/* Counts what was passed over; `what` is copied to the arena when it is new. O(different ones). */
void import_ignore(struct import_recording_stats *stats, struct arena *arena, const char *what);
/* For the readers: once all files were read with `status`, writes the scenario, about `what` ("a watch"), and
 * fills in the counts. What comes back is theirs to return: STATUS_BAD_INPUT, told, when nothing of use was
 * in the files; STATUS_IO when it could not be written. */
enum status import_recording_finish(struct import_history *history,
    const struct import_recording_options *options, const char *what, enum status status, struct diag *diag,
    FILE *out, struct import_recording_stats *stats);
void import_recording_stats_fini(struct import_recording_stats *stats);

#endif
