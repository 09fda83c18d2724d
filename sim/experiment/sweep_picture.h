/*
 * sweep_picture.h: what sweep_plot.c and sweep_pareto.c share while a picture is made.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_PICTURE_H
#define EPSIM_EXPERIMENT_SWEEP_PICTURE_H

#include "experiment/sweep_axis.h"
#include "experiment/sweep_plot.h"

#define NO_VARIANT UINT32_MAX

struct sweep_picture {
    const struct results *results;
    const struct sweep_plot *plot;
    const struct drawing *drawing;
    struct sweep_axis by, series, split;
    uint32_t *variants; /* by split, series and by: which stands there; NO_VARIANT */
};

/* Of bytes: in kilobytes, gigabytes and so on, as they fit an axis up to `most`. */
struct unit {
    const char *name;
    double scale;
};

uint32_t sweep_variant(const struct sweep_picture *picture, uint32_t split, uint32_t series, uint32_t by);
/* panel_figure: into plot->figures. An interval that is not there has no width. */
struct estimate sweep_estimate(const struct sweep_picture *picture, uint32_t variant, uint32_t panel_figure);
const struct figure *sweep_figure(const struct sweep_picture *picture, uint32_t panel_figure);
struct unit sweep_unit(const struct figure *figure, double most);
/* "endpointslice.watch_bytes (GB)". */
void sweep_add_axis_title(struct text *out, const struct figure *figure, struct unit unit);
/* A text as a column of a table. */
void sweep_add_cell(struct text *out, const char *string);

/* Writes the tables of a Pareto front, and the settings of its script. */
enum status sweep_pareto_write(
    const struct sweep_picture *picture, struct text *settings, char **out_message);

#endif
