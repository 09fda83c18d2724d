/*
 * report.h: a database as one self-contained page: what was asked, what came out, and how to do it again.
 *
 * The page needs no network and runs no script. The same database gives the same page, to the byte.
 */
#ifndef EPSIM_EXPERIMENT_REPORT_H
#define EPSIM_EXPERIMENT_REPORT_H

#include "experiment/comparison.h"

struct report_request {
    struct comparison_request comparison; /* one database; by NULL: the parameter with the most numbers */
    const char *series;                   /* NULL: the next one that varies */
    const char *title;                    /* NULL: the scenario's name */
    const char *scripts;                  /* the folder of *.gp and *.sql */
};

/* Appends the page. STATUS_OK may come with a note for the user. Otherwise as comparison_make, or STATUS_IO:
 * gnuplot is not there. A second or so: two pictures for each that is shown, one for wide pages and one for
 * narrow. */
enum status report_make(const struct report_request *request, struct text *out, char **out_message);

#endif
