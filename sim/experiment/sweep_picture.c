/*
 * sweep_picture.c: see sweep_picture.h.
 */
#include "experiment/sweep_picture.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* --- points ------------------------------------------------------------------------------------------- */

const struct figure *sweep_figure(const struct sweep_picture *picture, uint32_t panel_figure)
{
    return &picture->results->figures.items[picture->plot->figures[panel_figure]];
}

void sweep_place_variants(struct sweep_picture *picture)
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

struct sweep_range sweep_figure_range(const struct sweep_picture *picture, uint32_t panel_figure)
{
    struct sweep_range range = {INFINITY, -INFINITY, 0};
    for (uint32_t variant = 0; variant < picture->results->variants.count; variant++) {
        struct estimate estimate = sweep_estimate(picture, variant, panel_figure);
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
