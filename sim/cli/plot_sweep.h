/*
 * plot_sweep.h: what `epsim plot` shares with its half for many runs, and with report.
 */
#ifndef EPSIM_CLI_PLOT_SWEEP_H
#define EPSIM_CLI_PLOT_SWEEP_H

#include "cli/options.h"
#include "experiment/sweep_plot.h"

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

/* Draws a picture of many runs (plot_sweep.c). */
enum exit_code plot_sweep(const struct arguments *arguments, enum sweep_kind kind, const char *scripts);

/* "<folder of the program>/../share/epsim"; false when its name is not known. */
bool plot_scripts_folder(struct text *out);
/* --output and --format. */
enum exit_code plot_read_output(
    const struct arguments *arguments, const char **out_path, enum plot_format *out_format);
/* Neither the database nor a file that is no such picture is written over. */
enum exit_code plot_check_output(const char *output, const char *database, enum plot_format format);
/* A picture as text fills the terminal's width, and leaves a line for the prompt. */
void plot_fit_terminal(uint32_t *out_width, uint32_t *out_height);
/* What came of it; takes the message. */
enum exit_code plot_tell(enum status status, char *message);

#endif
