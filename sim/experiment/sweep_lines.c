/*
 * sweep_lines.c: figures against a parameter: a panel a figure, a line a value of the second parameter, an
 * interval a point.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/sweep_tables.h"

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
    const struct sweep_range *range, struct unit unit, struct text *panels)
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
        struct sweep_range range = sweep_figure_range(picture, figure);
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

enum status sweep_lines_write(const struct sweep_picture *picture, struct text *settings, char **out_message)
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
