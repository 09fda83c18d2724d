/*
 * plot_sweep.c: `epsim plot --kind sweep`, heatmap and pareto: pictures of many runs; experiment/sweep_plot.h
 * draws them.
 */
#include "cli/plot_sweep.h"

#include <string.h>

#include "cli/figure_options.h"
#include "cli/output.h"
#include "cli/plot_output.h"
#include "experiment/sweep_plot.h"

static const char *const figures_of_lines[] = {"endpointslice.writes", NULL};
static const char *const figures_of_pareto[] = {"endpointslice.writes", "endpointslice.watch_bytes", NULL};

/* Which parameters stand where: as the options say, and else those that vary. */
static enum status choose_parameters(const struct arguments *arguments, const struct results *results,
    struct sweep_plot *plot, char **out_message)
{
    const struct {
        int option, *parameter;
    } named[] = {
        {PLOT_OPTION_BY, &plot->by}, {PLOT_OPTION_SERIES, &plot->series}, {PLOT_OPTION_SPLIT, &plot->split}};
    for (int i = 0; i < 3; i++) {
        const char *name = arguments->values[named[i].option].text;
        *named[i].parameter = name != NULL ? results_parameter(results, name, out_message) : -1;
        if (name != NULL && *named[i].parameter < 0)
            return STATUS_USAGE;
    }
    /* One that varies and has no place yet gets the first that is free; more than these are a mistake. */
    int places = plot->kind == SWEEP_HEATMAP ? 2 : 1;
    for (int i = 0; i < (int)results->parameters.count; i++) {
        bool has_place = i == plot->by || i == plot->series || i == plot->split;
        for (int k = 0; k < places && !has_place && results_varies(results, i); k++) {
            has_place = *named[k].parameter < 0;
            if (has_place)
                *named[k].parameter = i;
        }
    }
    if (plot->by >= 0 && (plot->kind != SWEEP_HEATMAP || plot->series >= 0))
        return STATUS_OK;
    *out_message = message_format("%s: %s; a picture of kind '%s' needs %s", results->name,
        plot->by < 0 ? "all runs have the same parameters" : "only one parameter varies",
        sweep_kind_name(plot->kind), plot->kind == SWEEP_HEATMAP ? "two that vary" : "one that varies");
    return STATUS_USAGE;
}

static enum exit_code check_figures(
    const struct arguments *arguments, enum sweep_kind kind, const struct figure_list *list)
{
    if (kind == SWEEP_PARETO && list->figures.count != 2)
        return usage_error(
            arguments, "a Pareto front has two figures; --figure names %u", list->figures.count);
    if (kind == SWEEP_HEATMAP && list->figures.count != 1)
        return usage_error(arguments, "a heat map has one figure; --figure names %u", list->figures.count);
    if (kind != SWEEP_LINES && arguments->values[PLOT_OPTION_SPLIT].count > 0)
        return usage_error(arguments, "--split is for pictures of kind 'sweep'");
    return EXIT_OK;
}

static enum status draw(const struct arguments *arguments, const struct results *results,
    struct sweep_plot *plot, const char *scripts, const char *output, char **out_message)
{
    struct drawing drawing = {0};
    VEC(uint32_t) figures = {0};
    for (uint32_t i = 0; i < results->figures.count; i++)
        vec_push(&figures, i);
    plot->figures = figures.items;
    plot->figure_count = figures.count;
    enum status status = choose_parameters(arguments, results, plot, out_message);
    if (status == STATUS_OK)
        status = drawing_create(&drawing, scripts, out_message);
    if (status == STATUS_OK)
        status = sweep_plot_draw(results, plot, &drawing, out_message);
    if (status == STATUS_OK)
        status = drawing_deliver(&drawing, output, out_message);
    drawing_fini(&drawing);
    vec_fini(&figures);
    return status;
}

static enum exit_code plot_figures(const struct arguments *arguments, struct sweep_plot *plot,
    const struct figure_list *list, const char *scripts, const char *output)
{
    const struct option_value *values = arguments->values;
    struct results_request request = {
        .path = arguments->operands.items[0],
        .figures = list->figures.items,
        .figure_count = list->figures.count,
        .where = values[PLOT_OPTION_WHERE].list.items,
        .where_count = values[PLOT_OPTION_WHERE].list.count,
        .warm_up_ns = values[PLOT_OPTION_WARM_UP].ns,
    };
    struct results results;
    char *message = NULL;
    enum status status = results_read(&request, &results, &message);
    if (status == STATUS_OK)
        status = draw(arguments, &results, plot, scripts, output, &message);
    results_fini(&results);
    return plot_tell(status, message);
}

enum exit_code plot_sweep(const struct arguments *arguments, enum sweep_kind kind, const char *scripts)
{
    const struct option_value *values = arguments->values;
    struct sweep_plot plot = {
        .kind = kind,
        .log_x = values[PLOT_OPTION_LOG].text[0] == 'x',
        .log_y = strchr(values[PLOT_OPTION_LOG].text, 'y') != NULL,
        .statistic_name =
            values[PLOT_OPTION_STATISTIC].count > 0 ? values[PLOT_OPTION_STATISTIC].text : "mean",
        .width = (uint32_t)values[PLOT_OPTION_WIDTH].number,
        .height = (uint32_t)values[PLOT_OPTION_HEIGHT].number,
    };
    const char *output;
    struct figure_list list = {0};
    enum exit_code code = plot_read_output(
        arguments, &values[PLOT_OPTION_OUTPUT], &values[PLOT_OPTION_FORMAT], &output, &plot.format);
    if (code == EXIT_OK)
        code = plot_check_output(output, arguments->operands.items[0], plot.format);
    if (code == EXIT_OK)
        code = confidence_read(arguments, &values[PLOT_OPTION_CONFIDENCE], &plot.confidence);
    if (code == EXIT_OK && !statistic_parse(plot.statistic_name, &plot.statistic))
        code = usage_error(arguments, "--statistic %s: expected mean, median or a percentile such as p90",
            plot.statistic_name);
    if (code == EXIT_OK)
        code = figure_list_read(arguments, &values[PLOT_OPTION_FIGURE],
            kind == SWEEP_PARETO ? figures_of_pareto : figures_of_lines, &list);
    if (code == EXIT_OK)
        code = check_figures(arguments, kind, &list);
    if (plot.format == PLOT_TXT && code == EXIT_OK && strcmp(output, "-") == 0)
        plot_fit_terminal(&plot.width, &plot.height);
    if (code == EXIT_OK)
        code = plot_figures(arguments, &plot, &list, scripts, output);
    figure_list_fini(&list);
    return code;
}
