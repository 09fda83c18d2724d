/*
 * sweep_plot.h: pictures of many runs: figures against parameters, drawn by gnuplot with the scripts of
 * analysis/.
 *
 * A point is a variant: the statistic of its repetitions, with its interval. What stands where is settled
 * here; the scripts draw it.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_PLOT_H
#define EPSIM_EXPERIMENT_SWEEP_PLOT_H

#include "experiment/results.h"
#include "experiment/sweep_kind.h"
#include "record/drawing.h"

/* More lines or panels than this are not told apart by anybody. */
#define SWEEP_SERIES_MAX 24
#define SWEEP_PANELS_MAX 24
#define SWEEP_VALUES_MAX 2000

/* Draws into `drawing`, which was created; the picture is then read or delivered. STATUS_OK may come with a
 * message for the user. STATUS_USAGE: parameters vary that the picture has no place for, or there are too
 * many values; STATUS_IO. O(variants^2). */
enum status sweep_plot_draw(const struct results *results, const struct sweep_plot *plot,
    const struct drawing *drawing, char **out_message);

#endif
