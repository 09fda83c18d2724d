/*
 * sweep_picture.h: a picture of many runs while it is made: which variant stands where, and the words of its
 * tables.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_PICTURE_H
#define EPSIM_EXPERIMENT_SWEEP_PICTURE_H

#include "experiment/sweep_axis.h"
#include "experiment/sweep_kind.h"
#include "record/drawing.h"

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

/* Highest and lowest end of an interval of a figure, over all panels: panels of one figure have one axis. */
struct sweep_range {
    double low, high;
    uint32_t not_positive; /* points that a logarithmic axis cannot show */
};

/* Makes `variants`; a variant is at most one point: all parameters that vary must have their axes. */
void sweep_place_variants(struct sweep_picture *picture);
uint32_t sweep_variant(const struct sweep_picture *picture, uint32_t split, uint32_t series, uint32_t by);
/* panel_figure: into plot->figures. An interval that is not there has no width. */
struct estimate sweep_estimate(const struct sweep_picture *picture, uint32_t variant, uint32_t panel_figure);
const struct figure *sweep_figure(const struct sweep_picture *picture, uint32_t panel_figure);
struct sweep_range sweep_figure_range(const struct sweep_picture *picture, uint32_t panel_figure);
struct unit sweep_unit(const struct figure *figure, double most);
/* "endpointslice.watch_bytes (GB)". */
void sweep_add_axis_title(struct text *out, const struct figure *figure, struct unit unit);
/* A text as a column of a table. */
void sweep_add_cell(struct text *out, const char *string);

#endif
