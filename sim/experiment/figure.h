/*
 * figure.h: what can be asked of a recorded run by name: one number a run.
 *
 *     writes, endpointslice.watch_bytes     sums over requests, of all controllers or of one
 *     slices.mean, fill.min, ep_omitted.max  the timeline, all Services together: mean over time, largest,
 * smallest, last latency.p99                           network programming latency events, sim_s, wall_s the
 * run itself
 *
 * A warm-up leaves out what happens before a time: requests and samples then, and the timeline until then.
 * What a figure needs must have been recorded: sums without a warm-up are there at every level.
 */
#ifndef EPSIM_EXPERIMENT_FIGURE_H
#define EPSIM_EXPERIMENT_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "record/database.h"
#include "record/query.h"

#define FIGURE_NAME_MAX 64

enum figure_source { FIGURE_OF_RUN, FIGURE_OF_REQUESTS, FIGURE_OF_TIMELINE, FIGURE_OF_LATENCY };

enum figure_unit { UNIT_COUNT, UNIT_BYTES, UNIT_SECONDS, UNIT_SHARE };

struct figure {
    char name[FIGURE_NAME_MAX]; /* as it is written in full: "slices.mean" */
    enum figure_source source;
    enum figure_unit unit;
    int column;     /* into the table of its source */
    int controller; /* enum controller, or -1: all */
    int aggregate;
    double percent;
};

/* "slices" is "slices.mean". On failure `out_near` (may be NULL) is what was probably meant, or NULL. */
bool figure_parse(const char *name, struct figure *out, const char **out_near);
/* "bytes", "s", "share" or "". */
const char *figure_unit_name(const struct figure *figure);
/* What it says, in a few words: "creates, updates and deletes (endpointslice)", "EndpointSlices (mean over
 * time)". */
void text_add_figure_about(struct text *out, const struct figure *figure);
/* Every name with what it says, in at most 80 columns. */
void text_add_figure_help(struct text *out);

/* A value as people read it, in the figure's unit: "8.41 GB", "40,363", "0.923", "-"  for NAN. Differences
 * too. */
void text_add_figure(struct text *out, const struct figure *figure, double value);

/* Reads figures of a run into values[]; NAN where a figure is not defined (the fill of no slices, a latency
 * without samples). O(rows of the tables that are needed); requests are read only with a warm-up.
 * STATUS_NOT_FOUND: the run was recorded at a level that does not have it, *out_message says which would.
 * STATUS_IO. */
enum status figures_read(struct database *database, const struct stored_run *run,
    const struct figure *figures, uint32_t count, int64_t warm_up_ns, double *values, char **out_message);
/* Whether the run's level has it. */
bool figure_is_recorded(const struct figure *figure, enum record_level level, int64_t warm_up_ns);

#endif
