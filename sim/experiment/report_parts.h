/*
 * report_parts.h: what the parts of a report share while it is made.
 */
#ifndef EPSIM_EXPERIMENT_REPORT_PARTS_H
#define EPSIM_EXPERIMENT_REPORT_PARTS_H

#include "experiment/report.h"
#include "record/plot.h"

struct report {
    const struct report_request *request;
    const struct comparison *comparison;
    const struct results *results; /* the comparison's */
    struct database database;
    struct text *out;
    int by, series, split; /* parameters that pictures show; -1 */
    bool is_single;        /* one run alone */
    uint32_t pictures;     /* drawn so far: each has names of its own */
    char *note;            /* for the user; owned */
};

/* Parameters with their values; seeds and run numbers. */
void report_parameters(struct report *report);
/* Figures of all variants, and their differences from the baseline. */
void report_figures(struct report *report);
/* Requests by controller and the timeline of one run. */
enum status report_run_figures(struct report *report, char **out_message);
/* Pictures of many runs, or of the one. */
enum status report_pictures(struct report *report, char **out_message);
/* Each run with its digest; the commands that do it all again; the scenario's text. */
enum status report_again(struct report *report, char **out_message);

/* The columns of a table that tell variants apart: a head, or a cell, for each parameter that varies; of the
 * scenario when none does. */
void report_add_variant_heads(struct report *report);
void report_add_variant(struct report *report, uint32_t variant);

#endif
