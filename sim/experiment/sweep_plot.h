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
#include "experiment/statistic.h"
#include "record/drawing.h"

/* X(NAME, name, what it shows) */
#define SWEEP_KINDS(X) \
    X(LINES, "sweep", "figures against a parameter, with intervals") \
    X(HEATMAP, "heatmap", "a figure over two parameters") \
    X(PARETO, "pareto", "a figure against another; which variants none beats in both")

enum sweep_kind {
#define X(name, text, about) SWEEP_##name,
    SWEEP_KINDS(X)
#undef X
        SWEEP_KIND_COUNT
};

const char *sweep_kind_name(enum sweep_kind kind);
bool sweep_kind_parse(const char *name, enum sweep_kind *out);

/* More lines or panels than this are not told apart by anybody. */
#define SWEEP_SERIES_MAX 24
#define SWEEP_PANELS_MAX 24
#define SWEEP_VALUES_MAX 2000

struct sweep_plot {
    enum sweep_kind kind;
    const uint32_t *figures; /* into results->figures; a panel each; a Pareto front has two: x and y */
    uint32_t figure_count;
    int by, series, split; /* parameters of the results; -1: none. by is one for sweep and heatmap */
    bool log_x, log_y;     /* of a heatmap log_y is the colour's */
    struct statistic statistic;
    const char *statistic_name;
    double confidence;
    bool is_bare; /* without the head: whoever shows it has a title */
    enum plot_format format;
    uint32_t width, height; /* pixels; 0: the default */
};

/* Draws into `drawing`, which was created; the picture is then read or delivered. STATUS_OK may come with a
 * message for the user. STATUS_USAGE: parameters vary that the picture has no place for, or there are too
 * many values; STATUS_IO. O(variants^2). */
enum status sweep_plot_draw(const struct results *results, const struct sweep_plot *plot,
    const struct drawing *drawing, char **out_message);

#endif
