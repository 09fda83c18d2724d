/*
 * sweep_plot.c: see sweep_plot.h. Lines and heat maps; the Pareto front is sweep_pareto.c's.
 */
#include "experiment/sweep_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "experiment/sweep_picture.h"
#include "experiment/what_if.h"

static const struct {
    const char *name, *about;
} kinds[SWEEP_KIND_COUNT] = {
#define X(name, text, what) {text, what},
    SWEEP_KINDS(X)
#undef X
};

const char *sweep_kind_name(enum sweep_kind kind)
{
    return kinds[kind].name;
}

bool sweep_kind_parse(const char *name, enum sweep_kind *out)
{
    for (int kind = 0; kind < SWEEP_KIND_COUNT; kind++) {
        if (strcmp(kinds[kind].name, name) == 0) {
            *out = (enum sweep_kind)kind;
            return true;
        }
    }
    return false;
}

/* --- points ------------------------------------------------------------------------------------------- */

const struct figure *sweep_figure(const struct sweep_picture *picture, uint32_t panel_figure)
{
    return &picture->results->figures.items[picture->plot->figures[panel_figure]];
}

/* A variant is at most one point: all parameters that vary have their places (check_parameters). */
static void place_variants(struct sweep_picture *picture)
{
    uint32_t series = picture->series.values.count, by = picture->by.values.count;
    uint32_t places = picture->split.values.count * series * by;
    picture->variants = mem_array(NULL, places, sizeof *picture->variants);
    for (uint32_t i = 0; i < places; i++)
        picture->variants[i] = NO_VARIANT;
    for (uint32_t variant = 0; variant < picture->results->variants.count; variant++) {
        uint32_t place = sweep_axis_index(&picture->split, picture->results, variant);
        place = place * series + sweep_axis_index(&picture->series, picture->results, variant);
        picture->variants[place * by + sweep_axis_index(&picture->by, picture->results, variant)] = variant;
    }
}

uint32_t sweep_variant(const struct sweep_picture *picture, uint32_t split, uint32_t series, uint32_t by)
{
    return picture->variants[(split * picture->series.values.count + series) * picture->by.values.count + by];
}

struct estimate sweep_estimate(const struct sweep_picture *picture, uint32_t variant, uint32_t panel_figure)
{
    const struct results *results = picture->results;
    const struct variant *it = &results->variants.items[variant];
    double *values = mem_array(NULL, it->count, sizeof *values);
    uint32_t count = 0;
    for (uint32_t i = 0; i < it->count; i++) {
        double value = results->runs.items[it->first + i].values[picture->plot->figures[panel_figure]];
        if (!isnan(value))
            values[count++] = value;
    }
    struct estimate estimate =
        estimate_of(picture->plot->statistic, values, count, picture->plot->confidence);
    free(values);
    if (isnan(estimate.low))
        estimate.low = estimate.high = estimate.value;
    return estimate;
}

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

/* Without what would end a column or a line of a table: gnuplot reads quotes in it, too. */
void sweep_add_cell(struct text *out, const char *string)
{
    for (; *string != '\0'; string++) {
        if (*string == '"')
            text_add(out, "\u201d");
        else
            text_add_char(out, (unsigned char)*string < ' ' ? ' ' : *string);
    }
}

struct unit sweep_unit(const struct figure *figure, double most)
{
    static const struct unit bytes[] = {
        {"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"PB", 1e15}};
    int step = 0;
    if (figure->unit != UNIT_BYTES)
        return (struct unit){figure->unit == UNIT_SECONDS ? "s" : "", 1};
    while (step < 5 && most >= 2 * bytes[step + 1].scale)
        step++;
    return bytes[step];
}

void sweep_add_axis_title(struct text *out, const struct figure *figure, struct unit unit)
{
    sweep_add_cell(out, figure->name);
    if (*unit.name != '\0')
        text_printf(out, " (%s)", unit.name);
}

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

/* --- lines -------------------------------------------------------------------------------------------- */

/* Highest and lowest end of an interval of a figure, over all panels: panels of one figure have one axis. */
struct range {
    double low, high;
    uint32_t not_positive; /* points that a logarithmic axis cannot show */
};

static struct range figure_range(const struct sweep_picture *picture, uint32_t figure)
{
    struct range range = {INFINITY, -INFINITY, 0};
    for (uint32_t variant = 0; variant < picture->results->variants.count; variant++) {
        struct estimate estimate = sweep_estimate(picture, variant, figure);
        if (isnan(estimate.value))
            continue;
        bool is_hidden = picture->plot->log_y && estimate.value <= 0;
        range.not_positive += is_hidden;
        if (is_hidden)
            continue;
        range.high = fmax(range.high, estimate.high);
        range.low =
            fmin(range.low, picture->plot->log_y && estimate.low <= 0 ? estimate.value : estimate.low);
    }
    return range;
}

/* The points of one line; how many. */
static uint32_t add_line(const struct sweep_picture *picture, uint32_t figure, uint32_t split,
    uint32_t series, double scale, double floor_value, struct text *rows)
{
    uint32_t count = 0;
    for (uint32_t by = 0; by < picture->by.values.count; by++) {
        uint32_t variant = sweep_variant(picture, split, series, by);
        if (variant == NO_VARIANT)
            continue;
        struct estimate estimate = sweep_estimate(picture, variant, figure);
        double x = sweep_axis_position(&picture->by, by);
        if (isnan(estimate.value) || (picture->plot->log_y && estimate.value <= 0) ||
            (picture->plot->log_x && x <= 0))
            continue;
        const double numbers[] = {
            x, estimate.value / scale, fmax(estimate.low, floor_value) / scale, estimate.high / scale};
        for (int i = 0; i < 4; i++) {
            text_add(rows, i > 0 ? "\t" : "");
            text_add_real(rows, numbers[i]);
        }
        text_add_char(rows, '\n');
        count++;
    }
    return count;
}

/* Where the y axis ends: from 0 when that is near enough to be compared with. */
static void add_panel(const struct sweep_picture *picture, uint32_t figure, uint32_t split,
    const struct range *range, struct unit unit, struct text *panels)
{
    double low = range->low / unit.scale, high = range->high / unit.scale;
    bool is_empty = !(range->high >= range->low);
    if (is_empty) {
        low = picture->plot->log_y ? 1 : 0;
        high = picture->plot->log_y ? 10 : 1;
    } else if (picture->plot->log_y) {
        low /= 1.25;
        high *= 1.25;
    } else {
        low = fmin(0, low * 1.08);
        high = high > 0 ? high * 1.08 : low < 0 ? 0 : 1;
    }
    text_add_real(panels, low);
    text_add_char(panels, '\t');
    text_add_real(panels, high);
    text_add_char(panels, '\t');
    sweep_add_axis_title(panels, sweep_figure(picture, figure), unit);
    text_add_char(panels, '\t');
    bool has_split = picture->split.parameter >= 0;
    if (picture->plot->figure_count > 1 || !has_split)
        sweep_add_cell(panels, sweep_figure(picture, figure)->name);
    if (has_split) {
        text_add(panels, picture->plot->figure_count > 1 ? ", " : "");
        sweep_add_cell(panels, sweep_axis_name(&picture->split, picture->results));
        text_add(panels, " = ");
        sweep_add_cell(panels, sweep_axis_label(&picture->split, split));
    }
    text_add_char(panels, '\n');
}

/* A table for each line of each panel: line-PANEL-SERIES.tsv; `has` tells which have points. */
static enum status write_lines(const struct sweep_picture *picture, struct text *has, char **out_message)
{
    enum status status = STATUS_OK;
    struct text panels = {0};
    uint32_t panel = 0, hidden = 0;
    for (uint32_t figure = 0; figure < picture->plot->figure_count; figure++) {
        struct range range = figure_range(picture, figure);
        bool has_decades = picture->plot->log_y && range.low > 0;
        struct unit unit = sweep_unit(
            sweep_figure(picture, figure), has_decades ? sqrt(range.low * range.high) : range.high);
        double floor_value = picture->plot->log_y ? range.low / 1.25 : -INFINITY;
        hidden += range.not_positive;
        for (uint32_t split = 0; split < picture->split.values.count; split++) {
            panel++;
            text_printf(&panels, "%u\t", panel);
            add_panel(picture, figure, split, &range, unit, &panels);
            for (uint32_t series = 0; series < picture->series.values.count && status == STATUS_OK;
                 series++) {
                struct text rows = {0};
                char *name = message_format("line-%u-%u", panel, series + 1);
                bool has_points =
                    add_line(picture, figure, split, series, unit.scale, floor_value, &rows) > 0;
                text_add_char(has, has_points ? '1' : '0');
                if (has_points)
                    status = drawing_write(picture->drawing, name, &rows, out_message);
                text_fini(&rows);
                free(name);
            }
        }
    }
    if (status == STATUS_OK)
        status = drawing_write(picture->drawing, "panels", &panels, out_message);
    if (status == STATUS_OK && hidden > 0)
        *out_message = message_format("note: %u point%s not above 0 and cannot stand on a logarithmic axis",
            hidden, hidden == 1 ? " is" : "s are");
    text_fini(&panels);
    return status;
}

/* The default of 100 is marked where the axis counts endpoints a slice. */
static bool shows_slice_max(const struct sweep_picture *picture)
{
    return picture->by.parameter >= 0 && picture->by.is_numeric &&
           strcmp(picture->results->parameters.items[picture->by.parameter], PARAMETER_SLICE_MAX) == 0;
}

static enum status draw_lines(const struct sweep_picture *picture, struct text *settings, char **out_message)
{
    struct text has = {0};
    uint32_t longest = 0;
    for (uint32_t i = 0; i < picture->series.values.count; i++) {
        uint32_t length = (uint32_t)strlen(sweep_axis_label(&picture->series, i));
        longest = length > longest ? length : longest;
    }
    enum status status = write_lines(picture, &has, out_message);
    text_printf(settings,
        "panels = %u; lines = %u; points = %u; longest = %u; has_legend = %d; default_x = %d; log_x = %d; "
        "log_y = %d; "
        "has = '%s'; ",
        picture->plot->figure_count * picture->split.values.count, picture->series.values.count,
        picture->by.values.count, longest, picture->series.parameter >= 0, shows_slice_max(picture) ? 100 : 0,
        picture->plot->log_x && picture->by.is_numeric, picture->plot->log_y, has.data);
    text_fini(&has);
    return status;
}

/* --- heat maps ---------------------------------------------------------------------------------------- */

/* A cell: column, row, colour's value, label. */
static void add_cell(const struct sweep_picture *picture, uint32_t by, uint32_t series, double scale,
    struct text *rows, struct range *range)
{
    uint32_t variant = sweep_variant(picture, 0, series, by);
    if (variant == NO_VARIANT)
        return;
    struct estimate estimate = sweep_estimate(picture, variant, 0);
    if (isnan(estimate.value) || (picture->plot->log_y && estimate.value <= 0))
        return;
    range->low = fmin(range->low, estimate.value / scale);
    range->high = fmax(range->high, estimate.value / scale);
    text_printf(rows, "%u\t%u\t", by + 1, series + 1);
    text_add_real(rows, estimate.value / scale);
    text_add_char(rows, '\t');
    text_add_figure(rows, sweep_figure(picture, 0), estimate.value);
    text_add_char(rows, '\n');
}

static enum status draw_heatmap(
    const struct sweep_picture *picture, struct text *settings, char **out_message)
{
    struct text cells = {0}, panels = {0};
    struct range all = figure_range(picture, 0), range = {INFINITY, -INFINITY, 0};
    struct unit unit = sweep_unit(sweep_figure(picture, 0), all.high);
    for (uint32_t series = 0; series < picture->series.values.count; series++)
        for (uint32_t by = 0; by < picture->by.values.count; by++)
            add_cell(picture, by, series, unit.scale, &cells, &range);
    if (cells.length == 0) {
        *out_message = message_format("there is no value of %s to show", sweep_figure(picture, 0)->name);
        return STATUS_NOT_FOUND;
    }
    text_add(&panels, "1\t");
    sweep_add_axis_title(&panels, sweep_figure(picture, 0), unit);
    text_add_char(&panels, '\n');
    text_printf(settings, "columns = %u; rows = %u; log_y = %d; low = ", picture->by.values.count,
        picture->series.values.count, picture->plot->log_y);
    text_add_real(settings, range.low);
    text_add(settings, "; high = ");
    text_add_real(settings, range.high);
    text_add(settings, "; ");
    enum status status = drawing_write(picture->drawing, "cells", &cells, out_message);
    if (status == STATUS_OK)
        status = drawing_write(picture->drawing, "panels", &panels, out_message);
    text_fini(&cells);
    text_fini(&panels);
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
        return draw_heatmap(picture, settings, out_message);
    case SWEEP_PARETO:
        return sweep_pareto_write(picture, settings, out_message);
    default:
        return draw_lines(picture, settings, out_message);
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
        place_variants(&picture);
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
