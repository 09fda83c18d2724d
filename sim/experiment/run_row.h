/*
 * run_row.h: the row of a run in a database, from its scenario: the one place where a run's settings become
 * columns.
 */
#ifndef EPSIM_EXPERIMENT_RUN_ROW_H
#define EPSIM_EXPERIMENT_RUN_ROW_H

#include "record/recorder.h"
#include "scenario/scenario.h"

/* `source_name`: the first file of the scenario; `started`: RFC 3339 wall time. Texts are borrowed from all
 * three. The content hash, parameters and text are the scenario's, and the run has the next free number: who
 * knows better (a sweep, whose runs share a text) says so afterwards. O(1). */
struct run_info run_row(const struct scenario *scenario, const char *source_name, uint64_t seed, uint64_t run,
    const char *started);

#endif
