/*
 * sweep_plot.c: see sweep_plot.h. What fits, words and axes; the tables of each kind are its own file's
 * (sweep_tables.h).
 */
#include "experiment/sweep_plot.h"

#include <stdlib.h>

#include "experiment/sweep_tables.h"
#include "experiment/what_if.h"

/* --- what fits ---------------------------------------------------------------------------------------- */

static enum status check_parameters(const struct sweep_picture *picture, char **out_message)
{
    const struct results *results = picture->results;
    const struct sweep_plot *plot = picture->plot;
    for (int i = 0; i < (int)results->parameters.count; i++) {
        if (i == plot->by || i == plot->series || i == plot->split || !results_varies(results, i))
            continue;
        *out_message =
            message_format("%s varies too: give it with --by, --series or --split, or keep one of its "
                           "values with --where",
                results->parameters.items[i]);
        return STATUS_USAGE;
    }
    const struct {
        const char *what;
        uint32_t count, most;
    } limits[] = {
        {"lines", plot->kind == SWEEP_HEATMAP ? 0 : picture->series.values.count, SWEEP_SERIES_MAX},
        {"panels", picture->split.values.count * plot->figure_count, SWEEP_PANELS_MAX},
        {"values", picture->by.values.count, SWEEP_VALUES_MAX},
        {"rows", picture->series.values.count, SWEEP_VALUES_MAX},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].count <= limits[i].most)
            continue;
        *out_message =
            message_format("that makes %u %s; a picture has room for %u (--where keeps some of them)",
                limits[i].count, limits[i].what, limits[i].most);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* --- words -------------------------------------------------------------------------------------------- */

/* "scenario churn; mean of 5 runs each, with 95 % intervals". */
static void add_provenance(const struct sweep_picture *picture, struct text *out)
{
    const struct results *results = picture->results;
    uint32_t least = UINT32_MAX, most = 0;
    for (uint32_t i = 0; i < results->variants.count; i++) {
        uint32_t count = results->variants.items[i].count;
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    if (!results_varies(results, 0)) {
        text_add(out, "scenario ");
        sweep_add_cell(out, results->variants.items[0].values[0]);
        text_add(out, "; ");
    }
    if (most == 1) {
        text_add(out, "one run each");
    } else {
        text_printf(out, "%s of ", picture->plot->statistic_name);
        if (least != most)
            text_printf(out, "%u to ", least);
        text_printf(out, "%u runs each", most);
        if (picture->plot->kind != SWEEP_HEATMAP)
            text_printf(out, ", with %g %% intervals", 100 * picture->plot->confidence);
    }
    if (results->what_ifs) {
        text_add(out, "; ");
        what_if_add(out, results->what_ifs);
    }
}

static void add_title(const struct sweep_picture *picture, struct text *out)
{
    const struct sweep_plot *plot = picture->plot;
    if (plot->figure_count > 3)
        text_printf(out, "%u figures", plot->figure_count);
    for (uint32_t i = 0; i < plot->figure_count && plot->figure_count <= 3; i++) {
        text_add(out, i == 0                       ? ""
                      : plot->kind == SWEEP_PARETO ? " and "
                      : i + 1 < plot->figure_count ? ", "
                                                   : " and ");
        sweep_add_cell(out, sweep_figure(picture, i)->name);
    }
    if (picture->by.parameter < 0)
        return;
    text_add(out, " by ");
    sweep_add_cell(out, sweep_axis_name(&picture->by, picture->results));
    if (plot->kind == SWEEP_HEATMAP && picture->series.parameter >= 0) {
        text_add(out, " and ");
        sweep_add_cell(out, sweep_axis_name(&picture->series, picture->results));
    }
}

/* names.tsv: title, where it comes from, the axis of the parameter, the legend's title; a line each. */
static enum status write_names(const struct sweep_picture *picture, char **out_message)
{
    struct text names = {0};
    text_add(&names, "1\t");
    add_title(picture, &names);
    text_add(&names, "\n2\t");
    add_provenance(picture, &names);
    text_add(&names, "\n3\t");
    sweep_add_cell(&names, sweep_axis_name(&picture->by, picture->results));
    text_add(&names, "\n4\t");
    sweep_add_cell(&names, sweep_axis_name(&picture->series, picture->results));
    text_add(&names, "\n");
    enum status status = drawing_write(picture->drawing, "names", &names, out_message);
    text_fini(&names);
    return status;
}

/* Positions and labels of an axis's values: NAME.tsv. */
static enum status write_axis(
    const struct sweep_picture *picture, const char *name, const struct sweep_axis *axis, char **out_message)
{
    struct text rows = {0};
    for (uint32_t i = 0; i < axis->values.count; i++) {
        text_printf(&rows, "%u\t", i + 1);
        text_add_real(&rows, sweep_axis_position(axis, i));
        text_add_char(&rows, '\t');
        sweep_add_cell(&rows, sweep_axis_label(axis, i));
        text_add_char(&rows, '\n');
    }
    enum status status = drawing_write(picture->drawing, name, &rows, out_message);
    text_fini(&rows);
    return status;
}

/* --- all of it ---------------------------------------------------------------------------------------- */

static enum status write_data(const struct sweep_picture *picture, struct text *settings, char **out_message)
{
    text_printf(settings, "bare = %d; categories = %d; ", picture->plot->is_bare, !picture->by.is_numeric);
    enum status status = write_names(picture, out_message);
    if (status == STATUS_OK)
        status = write_axis(picture, "by", &picture->by, out_message);
    if (status == STATUS_OK)
        status = write_axis(picture, "series", &picture->series, out_message);
    if (status != STATUS_OK)
        return status;
    switch (picture->plot->kind) {
    case SWEEP_HEATMAP:
        return sweep_heatmap_write(picture, settings, out_message);
    case SWEEP_PARETO:
        return sweep_pareto_write(picture, settings, out_message);
    default:
        return sweep_lines_write(picture, settings, out_message);
    }
}

/* High enough for its panels (sweep.gp has two or three a row) or rows. */
static uint32_t default_height(const struct sweep_picture *picture)
{
    uint32_t panels = picture->plot->figure_count * picture->split.values.count;
    uint32_t columns = panels == 2 || panels == 4 ? 2 : 3;
    if (picture->plot->kind == SWEEP_HEATMAP) {
        uint32_t height = 150 + 40 * picture->series.values.count;
        return height < 420 ? 420 : height > PLOT_HEIGHT_DEFAULT ? PLOT_HEIGHT_DEFAULT : height;
    }
    if (picture->plot->kind != SWEEP_LINES || panels == 1)
        return 640;
    uint32_t height = 110 + 370 * ((panels + columns - 1) / columns);
    return height < PLOT_SIZE_MAX ? height : PLOT_SIZE_MAX;
}

enum status sweep_plot_draw(const struct results *results, const struct sweep_plot *plot,
    const struct drawing *drawing, char **out_message)
{
    *out_message = NULL;
    struct sweep_picture picture = {.results = results, .plot = plot, .drawing = drawing};
    struct text settings = {0};
    char *note = NULL;
    sweep_axis_init(&picture.by, results, plot->by);
    sweep_axis_init(&picture.series, results, plot->series);
    sweep_axis_init(&picture.split, results, plot->split);
    enum status status = check_parameters(&picture, out_message);
    if (status == STATUS_OK) {
        sweep_place_variants(&picture);
        status = write_data(&picture, &settings, out_message);
    }
    if (status == STATUS_OK) {
        note = *out_message;
        *out_message = NULL;
        status = drawing_run(drawing, sweep_kind_name(plot->kind), settings.data, plot->format, plot->width,
            plot->height > 0 ? plot->height : default_height(&picture), out_message);
    }
    /* What gnuplot has to say comes before what we have. */
    if (*out_message == NULL)
        *out_message = note;
    else
        free(note);
    text_fini(&settings);
    free(picture.variants);
    sweep_axis_fini(&picture.by);
    sweep_axis_fini(&picture.series);
    sweep_axis_fini(&picture.split);
    return status;
}
