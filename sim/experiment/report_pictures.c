/*
 * report_pictures.c: the pictures of a report. Each is drawn twice, for wide pages and for narrow ones, so
 * that its letters are of a size on a desk, on a phone and on paper.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/html.h"
#include "experiment/report_parts.h"
#include "experiment/sweep_axis.h"
#include "experiment/sweep_plot.h"

#define HALF_WIDTH 620
#define WHOLE_WIDTH 1080
#define NARROW_WIDTH 400

/* A picture in one of its two sizes. */
typedef enum status draw_function(
    struct report *report, const void *what, const struct drawing *drawing, bool narrow, char **out_message);

static enum status add_drawing(struct report *report, draw_function *draw, const void *what,
    const char *title, bool narrow, char **out_message)
{
    struct drawing drawing = {0};
    struct text svg = {0};
    char *message = NULL;
    enum status status = drawing_create(&drawing, report->request->scripts, &message);
    if (status == STATUS_OK)
        status = draw(report, what, &drawing, narrow, &message);
    if (status == STATUS_OK && !narrow && report->note == NULL) {
        report->note = message;
        message = NULL;
    }
    if (status == STATUS_OK)
        status = drawing_read(&drawing, &svg, &message);
    if (status == STATUS_OK) {
        char *prefix = message_format("p%u%s-", report->pictures, narrow ? "n" : "w");
        text_add(report->out, narrow ? "<div class=\"narrow\">" : "<div class=\"wide\">");
        text_add_svg(report->out, &svg, prefix, title);
        text_add(report->out, "</div>\n");
        free(prefix);
        free(message);
    } else {
        *out_message = message;
    }
    text_fini(&svg);
    drawing_fini(&drawing);
    return status;
}

/* With its caption above, as a picture has its title. */
static enum status add_picture(struct report *report, draw_function *draw, const void *what, bool is_whole,
    const char *title, const char *about, char **out_message)
{
    report->pictures++;
    text_add(report->out, is_whole ? "<figure class=\"whole\"><figcaption><b>" : "<figure><figcaption><b>");
    text_add_html(report->out, title);
    text_add(report->out, "</b>");
    if (*about != '\0') {
        text_add(report->out, "<span>");
        text_add_html(report->out, about);
        text_add(report->out, "</span>");
    }
    text_add(report->out, "</figcaption>\n");
    enum status status = add_drawing(report, draw, what, title, false, out_message);
    if (status == STATUS_OK)
        status = add_drawing(report, draw, what, title, true, out_message);
    text_add(report->out, "</figure>\n");
    return status;
}

/* --- many runs ---------------------------------------------------------------------------------------- */

static enum status draw_many(
    struct report *report, const void *what, const struct drawing *drawing, bool narrow, char **out_message)
{
    struct sweep_plot plot = *(const struct sweep_plot *)what;
    plot.width = narrow                                       ? NARROW_WIDTH
                 : plot.kind == SWEEP_LINES && plot.split < 0 ? HALF_WIDTH
                                                              : WHOLE_WIDTH;
    if (plot.kind == SWEEP_LINES && plot.split < 0)
        plot.height = narrow ? 340 : 400;
    else if (plot.kind == SWEEP_PARETO)
        plot.height = narrow ? 440 : 560;
    return sweep_plot_draw(report->results, &plot, drawing, out_message);
}

/* Whether a range of numbers is shown better by their logarithms. */
static bool is_wide_axis(const struct report *report, int parameter)
{
    struct sweep_axis axis;
    sweep_axis_init(&axis, report->results, parameter);
    double low = sweep_axis_position(&axis, 0), high = sweep_axis_position(&axis, axis.values.count - 1);
    bool is_wide = parameter >= 0 && axis.is_numeric && axis.values.count > 3 && low > 0 && high / low >= 40;
    sweep_axis_fini(&axis);
    return is_wide;
}

static bool is_wide_figure(const struct report *report, uint32_t figure)
{
    double low = INFINITY, high = -INFINITY;
    for (uint32_t i = 0; i < report->results->runs.count; i++) {
        double value = report->results->runs.items[i].values[figure];
        if (isnan(value))
            continue;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    return low > 0 && high / low >= 20;
}

static bool has_any(const struct report *report, uint32_t figure)
{
    for (uint32_t i = 0; i < report->results->runs.count; i++) {
        double value = report->results->runs.items[i].values[figure];
        if (!isnan(value) && value != 0)
            return true;
    }
    return false;
}

static int find_figure(const struct report *report, const char *name)
{
    for (uint32_t i = 0; i < report->results->figures.count; i++)
        if (strcmp(report->results->figures.items[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* How many parameters vary, and what the pictures can show of them. */
static uint32_t varying(const struct report *report)
{
    uint32_t count = 0;
    for (int i = 0; i < (int)report->results->parameters.count; i++)
        count += results_varies(report->results, i);
    return count;
}

static struct sweep_plot plot_of(
    const struct report *report, enum sweep_kind kind, const uint32_t *figures, uint32_t count)
{
    const struct comparison *comparison = report->comparison;
    return (struct sweep_plot){.kind = kind,
        .figures = figures,
        .figure_count = count,
        .by = report->by,
        .series = report->series,
        .split = report->split,
        .log_x = is_wide_axis(report, report->by),
        .statistic = comparison->statistic,
        .statistic_name = comparison->statistic_name,
        .confidence = comparison->confidence,
        .is_bare = true,
        .format = PLOT_SVG};
}

static enum status add_lines(struct report *report, char **out_message)
{
    enum status status = STATUS_OK;
    for (uint32_t figure = 0; figure < report->results->figures.count && status == STATUS_OK; figure++) {
        if (!has_any(report, figure))
            continue;
        struct sweep_plot plot = plot_of(report, SWEEP_LINES, &figure, 1);
        plot.log_y = is_wide_figure(report, figure);
        struct text about = {0};
        text_add_figure_about(&about, &report->results->figures.items[figure]);
        status = add_picture(report, draw_many, &plot, plot.split >= 0,
            report->results->figures.items[figure].name, about.data, out_message);
        text_fini(&about);
    }
    return status;
}

static enum status add_front(struct report *report, const uint32_t figures[2], char **out_message)
{
    struct sweep_plot plot = plot_of(report, SWEEP_PARETO, figures, 2);
    plot.log_x = is_wide_figure(report, figures[0]);
    plot.log_y = is_wide_figure(report, figures[1]);
    char *title = message_format("%s against %s", report->results->figures.items[figures[1]].name,
        report->results->figures.items[figures[0]].name);
    char *about = message_format(
        "Less is better in both; labels are values of %s. On the front, nothing is to be had for nothing.",
        results_short_name(report->results, report->by));
    enum status status = add_picture(report, draw_many, &plot, true, title, about, out_message);
    free(title);
    free(about);
    return status;
}

static enum status add_map(struct report *report, uint32_t figure, char **out_message)
{
    struct sweep_plot plot = plot_of(report, SWEEP_HEATMAP, &figure, 1);
    plot.log_y = is_wide_figure(report, figure);
    char *title = message_format("%s over %s and %s", report->results->figures.items[figure].name,
        results_short_name(report->results, report->by), results_short_name(report->results, report->series));
    enum status status = add_picture(report, draw_many, &plot, true, title, "", out_message);
    free(title);
    return status;
}

static enum status add_many(struct report *report, char **out_message)
{
    struct sweep_axis series, split, by;
    sweep_axis_init(&by, report->results, report->by);
    sweep_axis_init(&series, report->results, report->series);
    sweep_axis_init(&split, report->results, report->split);
    uint32_t lines = series.values.count, panels = split.values.count, values = by.values.count;
    sweep_axis_fini(&by);
    sweep_axis_fini(&series);
    sweep_axis_fini(&split);
    if (varying(report) == 0)
        return STATUS_OK;
    text_add(report->out, "<h2>Pictures</h2>\n");
    if (varying(report) > 3 || lines > SWEEP_SERIES_MAX || panels > SWEEP_PANELS_MAX ||
        values > SWEEP_VALUES_MAX) {
        text_add(report->out, "<p class=\"note\">More varies than a picture can show: <code>epsim plot "
                              "--kind sweep</code> draws parts "
                              "of it (<code>--where</code>).</p>\n");
        return STATUS_OK;
    }
    text_add(report->out, "<div class=\"pictures\">\n");
    enum status status = add_lines(report, out_message);
    int writes = find_figure(report, "endpointslice.writes"),
        bytes = find_figure(report, "endpointslice.watch_bytes");
    if (status == STATUS_OK && writes >= 0 && bytes >= 0 && panels == 1 && has_any(report, (uint32_t)writes))
        status = add_front(report, (const uint32_t[]){(uint32_t)writes, (uint32_t)bytes}, out_message);
    if (status == STATUS_OK && varying(report) == 2 && lines > 1 && bytes >= 0 &&
        has_any(report, (uint32_t)bytes))
        status = add_map(report, (uint32_t)bytes, out_message);
    text_add(report->out, "</div>\n");
    return status;
}

/* --- one run ------------------------------------------------------------------------------------------ */

static enum status draw_one(
    struct report *report, const void *what, const struct drawing *drawing, bool narrow, char **out_message)
{
    struct plot_request request = *(const struct plot_request *)what;
    bool has_two = request.kind == PLOT_CHURN || request.kind == PLOT_BYTES;
    request.width = narrow ? NARROW_WIDTH : WHOLE_WIDTH;
    request.height = narrow ? (has_two ? 620 : 400) : has_two ? 640 : 440;
    return plot_draw(&report->database, &request, drawing, out_message);
}

static enum status add_one(struct report *report, char **out_message)
{
    static const enum plot_kind kinds[] = {PLOT_ENDPOINTS, PLOT_SLICES, PLOT_FILL, PLOT_CHURN, PLOT_BYTES};
    static const char *const titles[] = {"Endpoints against pods",
        "EndpointSlices against the fewest possible", "How full each EndpointSlice is",
        "Writes, and endpoints in each", "Bytes to watchers"};
    enum status status = STATUS_OK;
    if (report->results->level == RECORD_SUMMARY)
        return STATUS_OK;
    text_add(report->out, "<h2>Pictures</h2>\n<p class=\"lead\">Of the Service with the most pods.</p>\n<div "
                          "class=\"pictures\">\n");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == STATUS_OK; i++) {
        /* What it needs was not recorded. */
        if (report->results->level != RECORD_FULL && kinds[i] != PLOT_ENDPOINTS && kinds[i] != PLOT_SLICES)
            continue;
        struct plot_request request = {.run_id = report->results->runs.items[0].run_id,
            .database = report->request->comparison.paths[0],
            .kind = kinds[i],
            .format = PLOT_SVG,
            .is_bare = true,
            .scripts = report->request->scripts};
        status = add_picture(report, draw_one, &request, true, titles[i], "", out_message);
    }
    text_add(report->out, "</div>\n");
    return status;
}

enum status report_pictures(struct report *report, char **out_message)
{
    return report->is_single ? add_one(report, out_message) : add_many(report, out_message);
}
