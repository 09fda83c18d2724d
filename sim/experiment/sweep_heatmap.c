/*
 * sweep_heatmap.c: a figure over two parameters, as colours.
 */
#include <math.h>

#include "experiment/sweep_tables.h"

/* A cell: column, row, colour's value, label. */
static void add_cell(const struct sweep_picture *picture, uint32_t by, uint32_t series, double scale,
    struct text *rows, struct sweep_range *range)
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

enum status sweep_heatmap_write(
    const struct sweep_picture *picture, struct text *settings, char **out_message)
{
    struct text cells = {0}, panels = {0};
    struct sweep_range all = sweep_figure_range(picture, 0), range = {INFINITY, -INFINITY, 0};
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
