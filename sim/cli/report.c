/*
 * report.c: `epsim report`: a database as one self-contained page; experiment/report.h makes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/figure_options.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/plot_output.h"
#include "experiment/html.h"
#include "experiment/report.h"

enum {
    REPORT_OUTPUT,
    REPORT_TITLE,
    REPORT_FIGURE,
    REPORT_BY,
    REPORT_SERIES,
    REPORT_BASELINE,
    REPORT_WHERE,
    REPORT_STATISTIC,
    REPORT_CONFIDENCE,
    REPORT_WARM_UP,
    REPORT_OPTION_COUNT
};

static const struct option options[REPORT_OPTION_COUNT] = {
    [REPORT_OUTPUT] = {OPTION_TEXT, 'o', "output", "FILE", "report.html", "the page; '-' is standard output"},
    [REPORT_TITLE] = {OPTION_TEXT, 0, "title", "TEXT", "the scenario's name", "of the page"},
    [REPORT_FIGURE] = {OPTION_LIST, 'f', "figure", "NAME[,NAME]...", "those that matter most",
        "what is told of many runs ('epsim compare --figures'); may be repeated"},
    [REPORT_BY] = {OPTION_TEXT, 'b', "by", "PARAMETER", "the one with the most numbers",
        "against which parameter; the end of its path is enough"},
    [REPORT_SERIES] = {OPTION_TEXT, 0, "series", "PARAMETER", "the next one that varies",
        "a line for each of its values"},
    [REPORT_BASELINE] = {OPTION_TEXT, 0, "baseline", "VALUE", "100 endpoints a slice, or the first",
        "which value of --by differences are taken from"},
    [REPORT_WHERE] = {OPTION_LIST, 0, "where", "PARAMETER=VALUE", NULL, "only runs with it; may be repeated"},
    [REPORT_STATISTIC] = {OPTION_TEXT, 0, "statistic", "mean|median|pN", "mean", "over repetitions"},
    [REPORT_CONFIDENCE] = {OPTION_TEXT, 0, "confidence", "PERCENT", "95", "of the intervals"},
    [REPORT_WARM_UP] = {OPTION_DURATION, 0, "warm-up", "TIME", "0s",
        "leave out what happens before; sums then need --record full"},
};

static const char *const examples[] = {
    "# One run on one page.",
    "epsim run -q web.yaml -o web.db",
    "epsim report web.db -o web.html",
    "# Two slice sizes.",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=5 -o sizes.db",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=10 -o sizes.db --append",
    "epsim report sizes.db --title 'Five or ten?' -o sizes.html",
    NULL,
};

static const char *const default_figures[] = {"endpointslice.writes", "endpointslice.watch_bytes",
    "endpoints.writes", "endpoints.watch_bytes", "slices.mean", "slices_excess.mean", "fill.mean",
    "ep_omitted.max", "latency.median", "latency.p99", NULL};

static int run(const struct arguments *arguments);

const struct command command_report = {
    .name = "report",
    .about = "a database as one self-contained page",
    .usage = "DB [OPTION]...",
    .text = "Parameters, pictures, tables, seeds and the commands to do it all again, in one HTML file that "
            "needs no network and "
            "runs no script, and is fit for a desk, a phone and paper. Of many runs it shows figures against "
            "parameters, "
            "with confidence intervals; of one run its story.\n",
    .options = options,
    .option_count = REPORT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "written",
    .exit_failed = "it could not be written, or gnuplot is not there",
    .exit_usage = "wrong usage, or no such database, run, parameter or figure",
    .run = run,
};

static enum exit_code write_page(const char *path, const struct text *page)
{
    if (strcmp(path, "-") == 0)
        return output_write(page);
    if (file_replace(path, page) == STATUS_OK)
        return EXIT_OK;
    error_print("%s: %s", path, strerror(errno));
    return EXIT_FAILED;
}

static enum exit_code make(
    const struct arguments *arguments, struct report_request *request, const char *path)
{
    const struct option_value *values = arguments->values;
    struct figure_list list;
    enum exit_code code = figure_list_read(arguments, &values[REPORT_FIGURE], default_figures, &list);
    if (code == EXIT_OK)
        code = confidence_read(arguments, &values[REPORT_CONFIDENCE], &request->comparison.confidence);
    if (code == EXIT_OK) {
        request->comparison.results = (struct results_request){
            .figures = list.figures.items,
            .figure_count = list.figures.count,
            .where = values[REPORT_WHERE].list.items,
            .where_count = values[REPORT_WHERE].list.count,
            .warm_up_ns = values[REPORT_WARM_UP].ns,
            .leave_out_missing = list.is_default,
        };
        struct text page = {0};
        char *message = NULL;
        /* Ctrl-C ends gnuplot; the folder that it drew in is then cleaned up before the program ends. */
        interrupt_catch();
        enum status status = report_make(request, &page, &message);
        code = plot_tell(status, message);
        interrupt_die();
        if (code == EXIT_OK)
            code = write_page(path, &page);
        text_fini(&page);
    }
    figure_list_fini(&list);
    return code;
}

static int run(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    const char *path = values[REPORT_OUTPUT].count > 0 ? values[REPORT_OUTPUT].text : "report.html";
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no database given");
    if (arguments->operands.count > 1)
        return usage_error(
            arguments, "one database at a time; unexpected '%s'", arguments->operands.items[1]);
    if (strcmp(path, "-") != 0) {
        if (overwrite_is_same(path, arguments->operands.items[0]))
            return usage_error(arguments, "--output: %s is the database itself", path);
        if (!overwrite_text_allowed(path, HTML_BEGINNING, "report of epsim"))
            return EXIT_USAGE;
    }
    struct text scripts = {0};
    if (!plot_scripts_folder(&scripts)) {
        error_print("the program's own place is not known: /proc is not there");
        return EXIT_FAILED;
    }
    struct report_request request = {
        .comparison = {.paths = {arguments->operands.items[0]},
            .path_count = 1,
            .by = values[REPORT_BY].text,
            .baseline = values[REPORT_BASELINE].text,
            .statistic_name = values[REPORT_STATISTIC].count > 0 ? values[REPORT_STATISTIC].text : "mean"},
        .series = values[REPORT_SERIES].text,
        .title = values[REPORT_TITLE].text,
        .scripts = scripts.data,
    };
    enum exit_code code = make(arguments, &request, path);
    text_fini(&scripts);
    return code;
}
