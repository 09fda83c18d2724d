/*
 * report.c: see report.h. The order of the page; its parts are report_tables.c, report_pictures.c,
 * report_again.c.
 */
#include "experiment/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "experiment/html.h"
#include "experiment/report_parts.h"
#include "experiment/sweep_axis.h"
#include "experiment/what_if.h"

/* --- which parameters pictures show -------------------------------------------------------------------- */

/* How good a parameter is for the axis below: numbers before words, then how many values it has. */
static uint32_t axis_rank(const struct results *results, int parameter)
{
    struct sweep_axis axis;
    sweep_axis_init(&axis, results, parameter);
    uint32_t rank = axis.values.count < 2 ? 0 : axis.values.count + (axis.is_numeric ? 1u << 20 : 0);
    sweep_axis_fini(&axis);
    return rank;
}

static int best_axis(const struct results *results, int not_this, int nor_this)
{
    int best = -1;
    uint32_t best_rank = 0;
    for (int i = 0; i < (int)results->parameters.count; i++) {
        uint32_t rank = i == not_this || i == nor_this ? 0 : axis_rank(results, i);
        if (rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static enum status choose_axes(struct report *report, char **out_message)
{
    const struct report_request *request = report->request;
    report->by = report->series = report->split = -1;
    if (request->comparison.by != NULL)
        report->by = results_parameter(report->results, request->comparison.by, out_message);
    if (request->series != NULL)
        report->series = results_parameter(report->results, request->series, out_message);
    if ((request->comparison.by != NULL && report->by < 0) || (request->series != NULL && report->series < 0))
        return STATUS_USAGE;
    if (report->by < 0)
        report->by = best_axis(report->results, report->series, -1);
    if (report->series < 0)
        report->series = best_axis(report->results, report->by, -1);
    report->split = best_axis(report->results, report->by, report->series);
    return STATUS_OK;
}

/* --- the head ----------------------------------------------------------------------------------------- */

static void add_count(struct text *out, uint32_t count, const char *what)
{
    text_add_grouped(out, count);
    text_printf(out, " %s%s", what, count == 1 ? "" : "s");
}

static void add_note(struct report *report, const char *words)
{
    text_add(report->out, "<p class=\"note\">");
    text_add_html(report->out, words);
    text_add(report->out, "</p>\n");
}

static void add_notes(struct report *report)
{
    const struct results *results = report->results;
    struct text note = {0};
    if (results->not_complete > 0) {
        add_count(&note, results->not_complete, "run");
        text_add(&note, results->not_complete == 1 ? " is not complete and does not count."
                                                   : " are not complete and do not count.");
        add_note(report, note.data);
        text_clear(&note);
    }
    if (results->repeated > 0) {
        add_count(&note, results->repeated, "run");
        text_add(&note, results->repeated == 1 ? " is" : " are");
        text_add(&note, " there again with the same parameters, seed and run number; the last one counts.");
        add_note(report, note.data);
        text_clear(&note);
    }
    if (results->what_ifs) {
        text_add(&note, "What-if: ");
        what_if_add(&note, results->what_ifs);
        text_add_char(&note, '.');
        add_note(report, note.data);
        text_clear(&note);
    }
    if (results->level == RECORD_SUMMARY)
        add_note(report, "Recorded with --record summary: there are sums over requests, and no timeline.");
    text_fini(&note);
}

static void add_head(struct report *report, const struct stored_run *run, const char *title)
{
    struct text *out = report->out;
    html_begin(out, title);
    text_add(out, "<h1>");
    text_add_html(out, title);
    text_add(out, "</h1>\n<p class=\"lead\">");
    add_count(out, report->results->runs.count, "run");
    if (!report->is_single) {
        text_add(out, " of ");
        add_count(out, report->results->variants.count, "variant");
    }
    text_add(out, ", simulated by epsim ");
    text_add_html(out, run->epsim_version != NULL ? run->epsim_version : "(unknown)");
    text_add(out, ". Endpoints are a what-if wherever bytes to watchers are counted: as if kube-proxy on "
                  "each node still watched them, as "
                  "before EndpointSlices, unless the scenario says otherwise.</p>\n");
    add_notes(report);
}

static void add_reading(struct report *report)
{
    const struct comparison *comparison = report->comparison;
    text_add(report->out, "<h2>How to read it</h2>\n");
    text_printf(report->out,
        "<p>Runs with the same parameters are repetitions of one variant; their seeds and run numbers "
        "differ. A value is the %s "
        "of the repetitions. With its interval: if everything were done again and again, %g %% of such "
        "intervals would hold the "
        "true one (%s). It tells how well the %s is known, not how far single runs lie from it; with one run "
        "there is none.</p>\n",
        comparison->statistic_name, 100 * comparison->confidence,
        comparison->statistic.is_mean ? "Student&#8217;s t" : "bootstrap, 2,000 draws",
        comparison->statistic_name);
    text_add(report->out,
        "<p>Differences are taken run by run where variants share seed and run number, and with them their "
        "random numbers: "
        "what chance did to both goes away. A difference in bold colour has an interval that does not hold "
        "0. That says that it is there, "
        "not that it is large; and of twenty figures that do not differ one will look so by chance.</p>\n");
}

/* --- all of it ---------------------------------------------------------------------------------------- */

static enum status write_page(struct report *report, const struct stored_run *run, char **out_message)
{
    const char *title = report->request->title != NULL ? report->request->title : run->scenario;
    add_head(report, run, title != NULL ? title : "epsim");
    report_parameters(report);
    enum status status = report_pictures(report, out_message);
    if (status == STATUS_OK && report->is_single)
        status = report_run_figures(report, out_message);
    if (status != STATUS_OK)
        return status;
    if (!report->is_single) {
        report_figures(report);
        add_reading(report);
    }
    status = report_again(report, out_message);
    html_end(report->out);
    return status;
}

/* The comparison is by the parameter that the pictures have below; its baseline the default, where it is
 * there. */
static enum status compare(const struct report_request *request, struct comparison *comparison,
    struct report *report, char **out_message)
{
    struct comparison_request wanted = request->comparison;
    struct results_request first = wanted.results;
    struct results results;
    first.path = wanted.paths[0];
    first.figure_count = 0;
    enum status status = results_read(&first, &results, out_message);
    report->results = &results;
    if (status == STATUS_OK)
        status = choose_axes(report, out_message);
    bool varies = status == STATUS_OK && report->by >= 0 && results_varies(&results, report->by);
    char *by = varies ? mem_strndup(results.parameters.items[report->by],
                            strlen(results.parameters.items[report->by]))
                      : NULL;
    results_fini(&results);
    if (status != STATUS_OK)
        return status;
    wanted.by = by;
    bool has_default = wanted.baseline == NULL && by != NULL && strcmp(by, PARAMETER_SLICE_MAX) == 0;
    if (has_default)
        wanted.baseline = "100";
    status = comparison_make(&wanted, comparison, out_message);
    if (status == STATUS_USAGE && has_default) {
        /* No run has it. */
        comparison_fini(comparison);
        free(*out_message);
        *out_message = NULL;
        wanted.baseline = NULL;
        status = comparison_make(&wanted, comparison, out_message);
    }
    report->comparison = comparison;
    report->results = &comparison->results[0];
    free(by);
    return status;
}

enum status report_make(const struct report_request *request, struct text *out, char **out_message)
{
    struct comparison comparison = {0};
    struct report report = {.request = request, .out = out};
    struct stored_run run = {0};
    *out_message = NULL;
    enum status status = compare(request, &comparison, &report, out_message);
    if (status == STATUS_OK)
        status = database_open_read(&report.database, request->comparison.paths[0], out_message);
    if (status == STATUS_OK)
        status = query_run(&report.database, report.results->runs.items[0].run_id, &run, out_message);
    if (status == STATUS_OK) {
        report.is_single = report.results->runs.count == 1;
        status = write_page(&report, &run, out_message);
    }
    stored_run_fini(&run);
    database_close(&report.database);
    comparison_fini(&comparison);
    if (status == STATUS_OK)
        *out_message = report.note;
    else
        free(report.note);
    return status;
}
