/*
 * report_again.c: the end of a report: each run, the commands that make it again, and the scenario.
 */
#include <string.h>

#include "experiment/html.h"
#include "experiment/report_parts.h"
#include "scenario/sources.h"

/* Runs and commands that are listed; more are in the database. */
#define RUNS_LISTED_MAX 2000
#define COMMANDS_LISTED_MAX 200
/* Lists longer than this are folded. */
#define OPEN_LINES_MAX 12
/* Of the scenario's text. A month of rows is nothing to read. */
#define SHOWN_BYTES_MAX (64 * 1024)
#define OPEN_BYTES_MAX 3000

/* As a word of a shell. */
static void add_word(struct text *out, const char *word)
{
    if (*word != '\0' &&
        word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+-")] ==
            '\0') {
        text_add_html(out, word);
        return;
    }
    text_add(out, "&#39;");
    for (; *word != '\0'; word++) {
        char letter[2] = {*word, '\0'};
        if (*word == '\'')
            text_add(out, "&#39;\\&#39;&#39;");
        else if ((unsigned char)*word < 0x80)
            text_add_html(out, letter);
        else
            text_add_char(out, *word);
    }
    text_add(out, "&#39;");
}

static void begin_fold(struct text *out, const char *summary, bool is_open)
{
    text_printf(out, "<details%s><summary>%s</summary>\n", is_open ? " open" : "", summary);
}

/* --- runs --------------------------------------------------------------------------------------------- */

static enum status add_runs(struct report *report, char **out_message)
{
    const struct results *results = report->results;
    struct text *out = report->out;
    sqlite3_stmt *statement = database_prepare(&report->database,
        "SELECT digest, events, sim_ns / 1e9, source_name FROM runs WHERE run_id = ?1", out_message);
    if (statement == NULL)
        return database_status(&report->database);
    text_add(out, "<h2>Runs</h2>\n");
    begin_fold(out,
        "run by run, with digests: the same scenario, parameters, seed, run number and version give the same "
        "digest",
        results->runs.count <= OPEN_LINES_MAX);
    text_add(out, "<div class=\"scroll\"><table>\n<thead><tr>");
    report_add_variant_heads(report);
    text_add(out, "<th>run_id</th><th>seed</th><th>run</th>"
                  "<th>digest</th><th>events</th><th>simulated</th></tr></thead>\n<tbody>\n");
    int code = SQLITE_DONE;
    for (uint32_t i = 0; i < results->runs.count && i < RUNS_LISTED_MAX; i++) {
        const struct result *run = &results->runs.items[i];
        sqlite3_reset(statement);
        sqlite3_bind_int64(statement, 1, run->run_id);
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW)
            break;
        text_add(out, "<tr>");
        report_add_variant(report, run->variant);
        text_printf(out, "<td>%lld</td><td>", (long long)run->run_id);
        text_add_u64(out, run->seed);
        text_add(out, "</td><td>");
        text_add_u64(out, run->run);
        text_add(out, "</td><td><code>");
        const char *digest = (const char *)sqlite3_column_text(statement, 0);
        text_add_html(out, digest != NULL ? digest : "-");
        text_add(out, "</code></td><td>");
        text_add_grouped(out, (uint64_t)sqlite3_column_int64(statement, 1));
        text_printf(out, "</td><td>%g s</td></tr>\n", sqlite3_column_double(statement, 2));
    }
    enum status status =
        database_finish(&report->database, statement, code == SQLITE_ROW ? SQLITE_DONE : code, out_message);
    if (status != STATUS_OK)
        return status;
    text_add(out, "</tbody></table></div>\n");
    if (results->runs.count > RUNS_LISTED_MAX)
        text_printf(
            out, "<p>The first %d; all are in the database (<code>v_runs</code>).</p>\n", RUNS_LISTED_MAX);
    text_add(out, "</details>\n");
    return STATUS_OK;
}

/* --- commands ----------------------------------------------------------------------------------------- */

static void add_command(
    struct report *report, const struct sources *sources, const struct result *run, uint32_t number)
{
    const struct results *results = report->results;
    const char **values = results->variants.items[run->variant].values;
    struct text word = {0};
    text_add(report->out, "epsim run -q");
    for (uint32_t i = 0; i < sources->items.count; i++) {
        if (sources->items.items[i].is_data)
            continue;
        text_add_char(report->out, ' ');
        add_word(report->out, sources->items.items[i].path);
    }
    for (uint32_t i = 1; i < results->parameters.count; i++) {
        if (values[i] == NULL)
            continue;
        text_clear(&word);
        text_printf(&word, "%s=%s", results->parameters.items[i], values[i]);
        text_add(report->out, " --set ");
        add_word(report->out, word.data);
    }
    text_add(report->out, " --seed ");
    text_add_u64(report->out, run->seed);
    text_add(report->out, " --run ");
    text_add_u64(report->out, run->run);
    static const char *const levels[] = {"summary", "series", "full"};
    text_printf(report->out, " --record %s -o again.db%s\n", levels[(unsigned)results->level % 3],
        number > 0 ? " --append" : "");
    text_fini(&word);
}

static void add_commands(struct report *report, const struct sources *sources)
{
    const struct results *results = report->results;
    const char *path = report->request->comparison.paths[0];
    text_add(report->out, "<h2>Do it again</h2>\n<p>The runs, one after the other. The scenario&#8217;s text "
                          "is below, and in the "
                          "database with its parameters.</p>\n");
    if (results->runs.count > OPEN_LINES_MAX)
        begin_fold(report->out, "commands of the runs", false);
    text_add(report->out, "<pre class=\"wrap\">");
    for (uint32_t i = 0; i < results->runs.count && i < COMMANDS_LISTED_MAX; i++)
        add_command(report, sources, &results->runs.items[i], i);
    text_add(report->out, "</pre>\n");
    if (results->runs.count > COMMANDS_LISTED_MAX)
        text_printf(report->out,
            "<p>The first %d. The others differ from them in what the list of runs says.</p>\n",
            COMMANDS_LISTED_MAX);
    if (results->runs.count > OPEN_LINES_MAX)
        text_add(report->out, "</details>\n");
    text_add(report->out, "<p>What was made of them:</p>\n<pre class=\"wrap\">");
    if (!report->is_single) {
        text_add(report->out, "epsim compare ");
        add_word(report->out, path);
        if (report->by >= 0) {
            text_add(report->out, " --by ");
            add_word(report->out, results->parameters.items[report->by]);
        }
        text_add_char(report->out, '\n');
    }
    text_add(report->out, "epsim report ");
    add_word(report->out, path);
    text_add(report->out, " -o report.html\n</pre>\n");
}

/* --- the scenario ------------------------------------------------------------------------------------- */

static void add_source(struct report *report, const struct sources *sources)
{
    if (sources->items.count == 0)
        return;
    text_add(report->out, "<h2>The scenario</h2>\n");
    for (uint32_t i = 0; i < sources->items.count; i++) {
        const struct source *source = &sources->items.items[i];
        struct text name = {0};
        bool is_cut = source->length > SHOWN_BYTES_MAX;
        text_add(&name, "<code>");
        text_add_html(&name, source->path);
        text_add(&name, "</code>");
        begin_fold(report->out, name.data, source->length < OPEN_BYTES_MAX);
        text_add(report->out, "<pre class=\"wrap\">");
        text_add_html_bytes(report->out, source->text, is_cut ? SHOWN_BYTES_MAX : source->length);
        text_add(report->out, is_cut ? "</pre>\n<p>The rest is in the database.</p>\n" : "</pre>\n");
        text_add(report->out, "</details>\n");
        text_fini(&name);
    }
}

static void add_end(struct report *report, const struct stored_run *first)
{
    struct arena arena;
    struct diag *diag = diag_create();
    struct sources sources;
    arena_init(&arena);
    sources_init(&sources, &arena, diag);
    /* Of files alone, without the parameters: those of the other runs are others. */
    if (first->source_text != NULL && first->source_length > 0)
        sources_add_input(&sources, first->source_name != NULL ? first->source_name : "scenario.yaml",
            first->source_text, first->source_length);
    add_commands(report, &sources);
    add_source(report, &sources);
    sources_fini(&sources);
    diag_destroy(diag);
    arena_fini(&arena);
}

enum status report_again(struct report *report, char **out_message)
{
    struct stored_run first = {0};
    enum status status =
        query_run(&report->database, report->results->runs.items[0].run_id, &first, out_message);
    if (status == STATUS_OK)
        status = add_runs(report, out_message);
    if (status == STATUS_OK) {
        add_end(report, &first);
        text_add(report->out, "<footer>Made by epsim " EPSIM_VERSION " from ");
        text_add_html(report->out, report->request->comparison.paths[0]);
        text_add(report->out, ". This page needs no network and runs no script.</footer>\n");
    }
    stored_run_fini(&first);
    return status;
}
