/*
 * report_tables.c: the tables of a report: parameters and figures.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"
#include "engine/observe.h"
#include "experiment/comparison_export.h"
#include "experiment/html.h"
#include "experiment/report_parts.h"
#include "experiment/sweep_axis.h"

/* More values than this are told by their ends. */
#define VALUES_LISTED_MAX 24

/* --- variants ----------------------------------------------------------------------------------------- */

/* A long name may be broken at its parts. */
static void add_name(struct text *out, const char *name)
{
    for (const char *part = name; *part != '\0';) {
        size_t length = strcspn(part, "._/");
        length += part[length] != '\0';
        text_add_html_bytes(out, part, length);
        part += length;
        text_add(out, *part != '\0' ? "<wbr>" : "");
    }
}

static bool is_shown(const struct report *report, int parameter)
{
    bool any = false;
    for (int i = 0; i < (int)report->results->parameters.count; i++)
        any = any || results_varies(report->results, i);
    return any ? results_varies(report->results, parameter) : parameter == 0;
}

void report_add_variant_heads(struct report *report)
{
    for (int i = 0; i < (int)report->results->parameters.count; i++) {
        if (!is_shown(report, i))
            continue;
        text_add(report->out, "<th>");
        add_name(report->out, results_short_name(report->results, i));
        text_add(report->out, "</th>");
    }
}

void report_add_variant(struct report *report, uint32_t variant)
{
    const char *tag = "th";
    for (int i = 0; i < (int)report->results->parameters.count; i++) {
        if (!is_shown(report, i))
            continue;
        const char *value = report->results->variants.items[variant].values[i];
        text_printf(report->out, "<%s>", tag);
        text_add_html(report->out, value != NULL ? value : "not set");
        text_printf(report->out, "</%s>", tag);
        tag = "td";
    }
}

/* --- parameters --------------------------------------------------------------------------------------- */

static void add_values(struct report *report, const struct sweep_axis *axis)
{
    bool is_long = axis->values.count > VALUES_LISTED_MAX;
    for (uint32_t i = 0; i < axis->values.count; i++) {
        if (is_long && i == VALUES_LISTED_MAX / 2) {
            text_add(report->out, ", &#8230;");
            i = axis->values.count - VALUES_LISTED_MAX / 2;
        }
        text_add(report->out, i > 0 ? ", " : "");
        text_add_html(report->out, sweep_axis_label(axis, i));
    }
    if (is_long)
        text_printf(report->out, " (%u values)", axis->values.count);
}

/* Seeds, or run numbers: "0 to 4", or one after the other. */
static void add_numbers(struct report *report, bool seeds)
{
    uint64_t low = UINT64_MAX, high = 0;
    const struct results *results = report->results;
    for (uint32_t i = 0; i < results->runs.count; i++) {
        uint64_t number = seeds ? results->runs.items[i].seed : results->runs.items[i].run;
        low = number < low ? number : low;
        high = number > high ? number : high;
    }
    text_add_u64(report->out, low);
    if (high > low) {
        text_add(report->out, " to ");
        text_add_u64(report->out, high);
    }
}

void report_parameters(struct report *report)
{
    const struct results *results = report->results;
    text_add(report->out,
        "<h2>What was run</h2>\n<div class=\"scroll\"><table>\n"
        "<thead><tr><th>parameter</th><th class=\"words\">values</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < (int)results->parameters.count; i++) {
        struct sweep_axis axis;
        sweep_axis_init(&axis, results, i);
        text_add(report->out, "<tr><th>");
        text_add_html(report->out, results->parameters.items[i]);
        text_add(report->out, "</th><td class=\"words\">");
        add_values(report, &axis);
        text_add(report->out, "</td></tr>\n");
        sweep_axis_fini(&axis);
    }
    text_add(report->out, "<tr><th>seed</th><td class=\"words\">");
    add_numbers(report, true);
    text_add(report->out, "</td></tr>\n<tr><th>run number</th><td class=\"words\">");
    add_numbers(report, false);
    text_add(report->out, "</td></tr>\n");
    if (report->request->comparison.results.warm_up_ns > 0) {
        text_add(report->out, "<tr><th>warm-up, left out</th><td class=\"words\">");
        text_add_duration(report->out, report->request->comparison.results.warm_up_ns);
        text_add(report->out, "</td></tr>\n");
    }
    text_add(report->out, "</tbody></table></div>\n");
}

/* --- figures of many runs ----------------------------------------------------------------------------- */

static bool is_defined(const struct comparison *comparison, uint32_t figure)
{
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        const struct comparison_block *block = &comparison->blocks.items[i];
        for (uint32_t side = 0; side < block->sides.count; side++)
            if (comparison_cell(comparison, block, side, figure).estimate.count > 0)
                return true;
    }
    return false;
}

static void add_figure_head(struct report *report, const bool *shown)
{
    const struct comparison *comparison = report->comparison;
    text_add(report->out, "<div class=\"scroll\"><table>\n<thead><tr>");
    report_add_variant_heads(report);
    text_add(report->out, "<th>runs</th>");
    for (uint32_t figure = 0; figure < comparison->figures.count; figure++) {
        if (!shown[figure])
            continue;
        text_add(report->out, "<th>");
        add_name(report->out, comparison->figures.items[figure].name);
        text_add(report->out, "</th>");
    }
    text_add(report->out, "</tr></thead>\n<tbody>\n");
}

static void add_value_cell(
    struct report *report, const struct figure *figure, const struct comparison_cell *cell)
{
    text_add(report->out, "<td>");
    text_add_figure(report->out, figure, cell->estimate.value);
    if (!isnan(cell->estimate.low)) {
        text_add(report->out, "<small>");
        text_add_interval(report->out, figure, &cell->estimate);
        text_add(report->out, "</small>");
    }
    text_add(report->out, "</td>");
}

static void add_difference_cell(
    struct report *report, const struct figure *figure, const struct comparison_cell *cell)
{
    text_add(report->out, estimate_excludes_zero(&cell->difference) ? "<td class=\"yes\">" : "<td>");
    text_add_difference(report->out, figure, cell);
    if (!isnan(cell->difference.low)) {
        text_add(report->out, "<small>");
        text_add_interval(report->out, figure, &cell->difference);
        text_add(report->out, "</small>");
    }
    text_add(report->out, "</td>");
}

static void add_block(
    struct report *report, const struct comparison_block *block, const bool *shown, bool differences)
{
    const struct comparison *comparison = report->comparison;
    for (uint32_t side = 0; side < block->sides.count; side++) {
        bool is_baseline = block->baseline == (int)side;
        if (differences && (is_baseline || block->baseline < 0))
            continue;
        const struct comparison_side *it = &block->sides.items[side];
        text_add(report->out, is_baseline ? "<tr class=\"baseline\">" : "<tr>");
        report_add_variant(report, it->variant);
        text_printf(report->out, "<td>%u</td>", it->results->variants.items[it->variant].count);
        for (uint32_t figure = 0; figure < comparison->figures.count; figure++) {
            if (!shown[figure])
                continue;
            struct comparison_cell cell = comparison_cell(comparison, block, side, figure);
            if (differences)
                add_difference_cell(report, &comparison->figures.items[figure], &cell);
            else
                add_value_cell(report, &comparison->figures.items[figure], &cell);
        }
        text_add(report->out, "</tr>\n");
    }
}

void report_figures(struct report *report)
{
    const struct comparison *comparison = report->comparison;
    bool *shown = mem_zalloc(comparison->figures.count + 1);
    bool has_differences = false;
    for (uint32_t figure = 0; figure < comparison->figures.count; figure++)
        shown[figure] = is_defined(comparison, figure);
    text_add(report->out, "<h2>Figures</h2>\n");
    text_printf(report->out, "<p class=\"lead\">The %s of the runs, and below it the %g %% interval.</p>\n",
        comparison->statistic_name, 100 * comparison->confidence);
    add_figure_head(report, shown);
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        const struct comparison_block *block = &comparison->blocks.items[i];
        has_differences = has_differences || (block->baseline >= 0 && block->sides.count > 1);
        add_block(report, block, shown, false);
    }
    text_add(report->out, "</tbody></table></div>\n");
    if (has_differences) {
        const struct comparison_block *block = &comparison->blocks.items[0];
        for (uint32_t i = 1; i < comparison->blocks.count && block->baseline < 0; i++)
            block = &comparison->blocks.items[i];
        text_add(report->out, "<h3>Differences from ");
        text_add_html(report->out, comparison->by);
        text_add(report->out, " = ");
        text_add_html(report->out, block->sides.items[block->baseline].label);
        text_add(report->out, comparison->blocks.count > 1 ? ", all else equal</h3>\n" : "</h3>\n");
        add_figure_head(report, shown);
        for (uint32_t i = 0; i < comparison->blocks.count; i++)
            add_block(report, &comparison->blocks.items[i], shown, true);
        text_add(report->out, "</tbody></table></div>\n");
    }
    free(shown);
}

/* --- figures of one run ------------------------------------------------------------------------------- */

/* A table of figures that are named ROW and COLUMN in some order; rows and columns of nothing but zeros are
 * left out. */
struct grid {
    const char *const *rows, *const *columns; /* NULL ends */
    bool column_first;                        /* "endpoints.writes" rather than "slices.max" */
};

static enum status read_grid(struct report *report, const struct stored_run *run, const struct grid *grid,
    struct figure *figures, double *values, uint32_t *out_columns, char **out_message)
{
    uint32_t count = 0, columns = 0;
    while (grid->columns[columns] != NULL)
        columns++;
    for (uint32_t row = 0; grid->rows[row] != NULL; row++) {
        for (uint32_t column = 0; column < columns; column++) {
            char *name = message_format("%s.%s", grid->column_first ? grid->columns[column] : grid->rows[row],
                grid->column_first ? grid->rows[row] : grid->columns[column]);
            bool is_figure = figure_parse(name, &figures[count++], NULL);
            free(name);
            EPSIM_ASSERT(is_figure);
        }
    }
    *out_columns = columns;
    return figures_read(&report->database, run, figures, count,
        report->request->comparison.results.warm_up_ns, values, out_message);
}

static void add_grid(struct report *report, const char *title, const struct grid *grid,
    const struct figure *figures, const double *values, uint32_t columns)
{
    bool shown[16] = {0};
    for (uint32_t row = 0; grid->rows[row] != NULL; row++)
        for (uint32_t column = 0; column < columns; column++)
            shown[column] = shown[column] || values[row * columns + column] != 0;
    text_add(report->out, "<h3>");
    text_add_html(report->out, title);
    text_add(report->out, "</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th></th>");
    for (uint32_t column = 0; column < columns; column++)
        if (shown[column])
            text_printf(report->out, "<th>%s</th>", grid->columns[column]);
    text_add(report->out, "</tr></thead>\n<tbody>\n");
    for (uint32_t row = 0; grid->rows[row] != NULL; row++) {
        text_printf(report->out, "<tr><th>%s</th>", grid->rows[row]);
        for (uint32_t column = 0; column < columns; column++) {
            if (!shown[column])
                continue;
            text_add(report->out, "<td>");
            text_add_figure(report->out, &figures[row * columns + column], values[row * columns + column]);
            text_add(report->out, "</td>");
        }
        text_add(report->out, "</tr>\n");
    }
    text_add(report->out, "</tbody></table></div>\n");
}

enum status report_run_figures(struct report *report, char **out_message)
{
    static const char *const requests[] = {"creates", "updates", "deletes", "noops", "endpoints_added",
        "endpoints_removed", "bytes", "watch_bytes", NULL};
    static const char *const states[] = {"pods", "ready", "ep_addresses", "ep_omitted", "ep_truncated",
        "slices", "slices_ideal", "slices_excess", "slice_endpoints", "fill", NULL};
    static const char *const aggregates[] = {"min", "mean", "max", "final", NULL};
    const char *controllers[CONTROLLER_COUNT + 1] = {0};
    for (int i = 0; i < CONTROLLER_COUNT; i++)
        controllers[i] = controller_text((enum controller)i);
    const struct grid by_controller = {requests, controllers, true}, over_time = {states, aggregates, false};
    struct figure figures[64];
    double values[64];
    uint32_t columns;
    struct stored_run run = {0};
    enum status status =
        query_run(&report->database, report->results->runs.items[0].run_id, &run, out_message);
    if (status == STATUS_OK)
        text_add(report->out, "<h2>Figures</h2>\n");
    bool has_requests = report->request->comparison.results.warm_up_ns <= 0 || run.level == RECORD_FULL;
    if (status == STATUS_OK && has_requests)
        status = read_grid(report, &run, &by_controller, figures, values, &columns, out_message);
    if (status == STATUS_OK && has_requests)
        add_grid(report, "Requests, by controller", &by_controller, figures, values, columns);
    if (status == STATUS_OK && run.level != RECORD_SUMMARY)
        status = read_grid(report, &run, &over_time, figures, values, &columns, out_message);
    if (status == STATUS_OK && run.level != RECORD_SUMMARY)
        add_grid(report, "Over time, all Services together", &over_time, figures, values, columns);
    stored_run_fini(&run);
    return status;
}
