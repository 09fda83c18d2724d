/*
 * sweep_tables.h: what gnuplot is given for each kind of picture: tables in the drawing's folder, and the
 * settings of the kind's script. Each function stands in the file of its kind.
 *
 * STATUS_OK may come with a message for the user. STATUS_NOT_FOUND: nothing of it can be shown; STATUS_IO.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_TABLES_H
#define EPSIM_EXPERIMENT_SWEEP_TABLES_H

#include "experiment/sweep_picture.h"

/* sweep_lines.c */
enum status sweep_lines_write(const struct sweep_picture *picture, struct text *settings, char **out_message);
/* sweep_heatmap.c */
enum status sweep_heatmap_write(
    const struct sweep_picture *picture, struct text *settings, char **out_message);
/* sweep_pareto.c */
enum status sweep_pareto_write(
    const struct sweep_picture *picture, struct text *settings, char **out_message);

#endif
