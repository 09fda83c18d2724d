/*
 * sweep_pareto.c: a figure against another: which variants none beats in both, where less is better. Each
 * value of the second parameter has a front of its own: it may be another workload, which nobody chooses.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/sweep_tables.h"

/* The default of --max-endpoints-per-slice, and of the flags of batch periods, whose settings end so. */
#define SLICE_MAX_DEFAULT 100
#define PERIOD_DEFAULT_S 0
#define PERIOD_SUFFIX "BatchPeriod"
/* Labels nearer than this to another would be written over it. */
#define LABEL_WIDTH_PIXELS 100
#define LABEL_HEIGHT_PIXELS 20

struct point {
    uint32_t variant, series, by;
    struct estimate x, y;
    bool is_on_front, has_label;
};

struct points {
    VEC(struct point) list;
};

static bool is_beaten(const struct points *points, const struct point *point)
{
    for (uint32_t i = 0; i < points->list.count; i++) {
        const struct point *other = &points->list.items[i];
        if (other->series == point->series && other->x.value <= point->x.value &&
            other->y.value <= point->y.value &&
            (other->x.value < point->x.value || other->y.value < point->y.value))
            return true;
    }
    return false;
}

static bool can_be_shown(const struct sweep_picture *picture, const struct point *point)
{
    return !isnan(point->x.value) && !isnan(point->y.value) &&
           (!picture->plot->log_x || point->x.value > 0) && (!picture->plot->log_y || point->y.value > 0);
}

static void collect(const struct sweep_picture *picture, struct points *points)
{
    for (uint32_t series = 0; series < picture->series.values.count; series++) {
        for (uint32_t by = 0; by < picture->by.values.count; by++) {
            uint32_t variant = sweep_variant(picture, 0, series, by);
            if (variant == NO_VARIANT)
                continue;
            struct point point = {variant, series, by, sweep_estimate(picture, variant, 0),
                sweep_estimate(picture, variant, 1), false, false};
            if (can_be_shown(picture, &point))
                vec_push(&points->list, point);
        }
    }
    for (uint32_t i = 0; i < points->list.count; i++)
        points->list.items[i].is_on_front = !is_beaten(points, &points->list.items[i]);
}

/* --- labels ------------------------------------------------------------------------------------------- */

struct extent {
    double low, high;
    bool is_log;
};

static void widen(struct extent *extent, double value)
{
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
}

/* Where a value stands on its axis, from 0 to 1. */
static double share_of(const struct extent *extent, double value)
{
    if (extent->is_log)
        return log(value / extent->low) / fmax(log(extent->high / extent->low), 1e-300);
    return (value - extent->low) / fmax(extent->high - extent->low, 1e-300);
}

static bool shows_period(const struct sweep_picture *picture)
{
    if (picture->by.parameter < 0)
        return false;
    const char *name = picture->results->parameters.items[picture->by.parameter];
    size_t length = strlen(name), suffix = sizeof PERIOD_SUFFIX - 1;
    return length >= suffix && strcmp(name + length - suffix, PERIOD_SUFFIX) == 0;
}

static bool is_default(const struct sweep_picture *picture, const struct point *point)
{
    const struct variant *variant = &picture->results->variants.items[point->variant];
    double period_s;
    if (shows_period(picture))
        return parameter_value_number(variant->values[picture->by.parameter], &period_s) &&
               period_s == PERIOD_DEFAULT_S;
    return variant->endpoints_per_slice_max == SLICE_MAX_DEFAULT;
}

/* The default first, then the front, then the others, as there is room. */
static void choose_labels(const struct sweep_picture *picture, struct points *points)
{
    struct extent x = {INFINITY, -INFINITY, picture->plot->log_x},
                  y = {INFINITY, -INFINITY, picture->plot->log_y};
    for (uint32_t i = 0; i < points->list.count; i++) {
        widen(&x, points->list.items[i].x.value);
        widen(&y, points->list.items[i].y.value);
    }
    uint32_t width = picture->plot->width, height = picture->plot->height;
    double gap_x = LABEL_WIDTH_PIXELS / (double)(width > 0 ? width : PLOT_WIDTH_DEFAULT);
    double gap_y = LABEL_HEIGHT_PIXELS / (double)(height > 0 ? height : PLOT_HEIGHT_DEFAULT);
    for (int rank = 0; rank < 3; rank++) {
        for (uint32_t i = 0; i < points->list.count; i++) {
            struct point *point = &points->list.items[i];
            bool is_turn = rank == 0 ? is_default(picture, point) : rank == 1 ? point->is_on_front : true;
            bool is_free = is_turn && !point->has_label;
            for (uint32_t k = 0; k < points->list.count && is_free; k++) {
                const struct point *other = &points->list.items[k];
                is_free = !other->has_label ||
                          fabs(share_of(&x, other->x.value) - share_of(&x, point->x.value)) > gap_x ||
                          fabs(share_of(&y, other->y.value) - share_of(&y, point->y.value)) > gap_y;
            }
            point->has_label = point->has_label || is_free;
        }
    }
}

/* --- tables ------------------------------------------------------------------------------------------- */

static double low_end(const struct estimate *estimate, bool is_log)
{
    return is_log && estimate->low <= 0 ? estimate->value : estimate->low;
}

/* x, its interval, y, its interval, series, on the front, the default, label. */
static void add_point(const struct sweep_picture *picture, const struct point *point, struct unit x,
    struct unit y, struct text *rows)
{
    const double numbers[] = {point->x.value / x.scale, low_end(&point->x, picture->plot->log_x) / x.scale,
        point->x.high / x.scale, point->y.value / y.scale, low_end(&point->y, picture->plot->log_y) / y.scale,
        point->y.high / y.scale};
    for (int i = 0; i < 6; i++) {
        text_add_real(rows, numbers[i]);
        text_add_char(rows, '\t');
    }
    bool is_marked = is_default(picture, point);
    text_printf(rows, "%u\t%d\t%d\t", point->series + 1, point->is_on_front, is_marked);
    if (point->has_label) {
        sweep_add_cell(rows, sweep_axis_label(&picture->by, point->by));
        text_add(rows, is_marked ? " (default)" : "");
    }
    text_add_char(rows, '\n');
}

static int compare_points(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    if (a->x.value != b->x.value)
        return a->x.value < b->x.value ? -1 : 1;
    if (a->y.value != b->y.value)
        return a->y.value < b->y.value ? -1 : 1;
    return (a->variant > b->variant) - (a->variant < b->variant);
}

static bool has_points(const struct points *points, uint32_t series)
{
    for (uint32_t i = 0; i < points->list.count; i++)
        if (points->list.items[i].series == series)
            return true;
    return false;
}

/* front-SERIES.tsv: x, y. */
static enum status write_front(const struct sweep_picture *picture, const struct points *points,
    uint32_t series, struct unit x, struct unit y, char **out_message)
{
    struct text rows = {0};
    for (uint32_t i = 0; i < points->list.count; i++) {
        const struct point *point = &points->list.items[i];
        if (point->series != series || !point->is_on_front)
            continue;
        text_add_real(&rows, point->x.value / x.scale);
        text_add_char(&rows, '\t');
        text_add_real(&rows, point->y.value / y.scale);
        text_add_char(&rows, '\n');
    }
    char *name = message_format("front-%u", series + 1);
    enum status status = drawing_write(picture->drawing, name, &rows, out_message);
    text_fini(&rows);
    free(name);
    return status;
}

enum status sweep_pareto_write(const struct sweep_picture *picture, struct text *settings, char **out_message)
{
    struct points points = {0};
    collect(picture, &points);
    if (points.list.count == 0) {
        vec_fini(&points.list);
        *out_message = message_format("there is no variant with both figures to show");
        return STATUS_NOT_FOUND;
    }
    choose_labels(picture, &points);
    qsort(points.list.items, points.list.count, sizeof *points.list.items, compare_points);
    double most_x = 0, most_y = 0;
    uint32_t marked = 0;
    for (uint32_t i = 0; i < points.list.count; i++) {
        most_x = fmax(most_x, points.list.items[i].x.high);
        most_y = fmax(most_y, points.list.items[i].y.high);
        marked += is_default(picture, &points.list.items[i]);
    }
    struct unit x = sweep_unit(sweep_figure(picture, 0), most_x),
                y = sweep_unit(sweep_figure(picture, 1), most_y);
    struct text rows = {0}, panels = {0};
    for (uint32_t i = 0; i < points.list.count; i++)
        add_point(picture, &points.list.items[i], x, y, &rows);
    text_add(&panels, "1\t");
    sweep_add_axis_title(&panels, sweep_figure(picture, 0), x);
    text_add(&panels, "\n2\t");
    sweep_add_axis_title(&panels, sweep_figure(picture, 1), y);
    text_add_char(&panels, '\n');
    text_add(settings, "has = '");
    for (uint32_t series = 0; series < picture->series.values.count; series++)
        text_add_char(settings, has_points(&points, series) ? '1' : '0');
    text_printf(settings,
        "'; lines = %u; has_legend = %d; marked = %u; default_number = %d; log_x = %d; log_y = %d; ",
        picture->series.values.count, picture->series.parameter >= 0, marked,
        shows_period(picture) ? PERIOD_DEFAULT_S : SLICE_MAX_DEFAULT, picture->plot->log_x,
        picture->plot->log_y);
    enum status status = drawing_write(picture->drawing, "points", &rows, out_message);
    if (status == STATUS_OK)
        status = drawing_write(picture->drawing, "panels", &panels, out_message);
    for (uint32_t series = 0; series < picture->series.values.count && status == STATUS_OK; series++)
        status = write_front(picture, &points, series, x, y, out_message);
    text_fini(&rows);
    text_fini(&panels);
    vec_fini(&points.list);
    return status;
}
