/*
 * sweep_kind.h: which picture of many runs is wanted: its kind, and what stands where.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_KIND_H
#define EPSIM_EXPERIMENT_SWEEP_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "experiment/statistic.h"
#include "record/plot.h"

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

#endif
