/*
 * plot_sweep.h: the half of `epsim plot` that draws many runs, and the options, which both halves read.
 */
#ifndef EPSIM_CLI_PLOT_SWEEP_H
#define EPSIM_CLI_PLOT_SWEEP_H

#include "cli/options.h"
#include "experiment/sweep_kind.h"

enum {
    PLOT_OPTION_KIND,
    PLOT_OPTION_OUTPUT,
    PLOT_OPTION_FORMAT,
    PLOT_OPTION_SERVICE,
    PLOT_OPTION_RUN_ID,
    PLOT_OPTION_ALL,
    PLOT_OPTION_FIGURE,
    PLOT_OPTION_BY,
    PLOT_OPTION_SERIES,
    PLOT_OPTION_SPLIT,
    PLOT_OPTION_LOG,
    PLOT_OPTION_WHERE,
    PLOT_OPTION_STATISTIC,
    PLOT_OPTION_CONFIDENCE,
    PLOT_OPTION_WARM_UP,
    PLOT_OPTION_WIDTH,
    PLOT_OPTION_HEIGHT,
    PLOT_OPTION_COUNT
};

/* Draws a picture of many runs. */
enum exit_code plot_sweep(const struct arguments *arguments, enum sweep_kind kind, const char *scripts);

#endif
