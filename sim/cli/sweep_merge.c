/*
 * sweep_merge.c: `epsim sweep merge`: one database out of a sweep's results.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sweep.h"
#include "experiment/merge.h"

enum { MERGE_OUTPUT, MERGE_PARTIAL, MERGE_REPLACE, MERGE_QUIET, MERGE_OPTION_COUNT };
static const struct option options[MERGE_OPTION_COUNT] = {
    [MERGE_OUTPUT] = {OPTION_TEXT, 'o', "output", "DB", NULL,
        "the database; one that the same sweep was merged to before is written anew"},
    [MERGE_PARTIAL] = {OPTION_FLAG, 0, "partial", NULL, NULL, "also when runs are missing"},
    [MERGE_REPLACE] = {OPTION_FLAG, 0, "replace", NULL, NULL, "DB holds other runs: write it anew"},
    [MERGE_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "no progress, and no summary"},
};

static const char *const examples[] = {
    "# One database of all runs; run_id is the number in the plan plus 1.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep run -q sizes.yaml",
    "epsim sweep merge sizes.runs -o sizes.db",
    "# Whoever did the runs: the same in every row.",
    "epsim sweep run -q sizes.yaml -o again.runs -j 1",
    "epsim sweep merge again.runs -o again.db",
    "epsim compare --exact sizes.db again.db",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_sweep_merge = {
    .name = "merge",
    .about = "one database out of a sweep's results",
    .usage = "DIR -o DB [OPTION]...",
    .text = "DIR is the folder that 'epsim sweep run' wrote. Failed runs are in the database too, with their "
            "message. Results of other versions, or of an earlier form of the sweep, are left out.",
    .options = options,
    .option_count = MERGE_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "merged",
    .exit_failed = "runs are missing (without --partial), or the database could not be written",
    .exit_usage = "wrong usage, no such folder, a file of another schema version, or DB holds other runs",
    .run = run,
};

static void on_progress(void *context, uint32_t files, uint32_t of)
{
    progress_show_runs(context, files, of, 0);
}

static void add_left_out(struct text *out, uint32_t count, const char *what)
{
    if (count > 0)
        text_printf(out, ", %u %s left out", (unsigned)count, what);
}

static enum exit_code tell(
    const struct arguments *arguments, const struct merge_request *request, const struct merge_counts *counts)
{
    struct text out = {0};
    text_printf(
        &out, "%s: %u %s", request->output, (unsigned)counts->runs, counts->runs == 1 ? "run" : "runs");
    if (counts->failed > 0)
        text_printf(&out, ", %u of them failed", (unsigned)counts->failed);
    if (counts->missing > 0)
        text_printf(&out, ", %u missing", (unsigned)counts->missing);
    add_left_out(
        &out, counts->duplicates, counts->duplicates == 1 ? "that is there again" : "that are there again");
    add_left_out(&out, counts->foreign, "of another plan or version");
    text_add_char(&out, '\n');
    enum exit_code code = arguments->values[MERGE_QUIET].count > 0 ? EXIT_OK : output_write(&out);
    text_fini(&out);
    return code;
}

static int run(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    const char *folder;
    enum exit_code code = sweep_operand(arguments, "folder of results", &folder);
    if (code == EXIT_OK && (values[MERGE_OUTPUT].count == 0 || values[MERGE_OUTPUT].text[0] == '\0'))
        code = usage_error(arguments, "--output DB is missing: where do the runs go?");
    if (code == EXIT_OK && strcmp(values[MERGE_OUTPUT].text, "-") == 0)
        code = usage_error(arguments, "--output -: a database cannot go to standard output; name a file");
    if (code != EXIT_OK)
        return code;
    struct progress progress;
    struct merge_counts counts;
    char *message = NULL;
    progress_init(&progress, values[MERGE_QUIET].count == 0);
    struct merge_request request = {
        .folder = folder,
        .output = values[MERGE_OUTPUT].text,
        .partial = values[MERGE_PARTIAL].count > 0,
        .replace = values[MERGE_REPLACE].count > 0,
        .progress = on_progress,
        .context = &progress,
        .stop = interrupt_catch(),
    };
    enum status status = merge(&request, &counts, &message);
    progress_clear(&progress);
    if (status == STATUS_OK) {
        code = tell(arguments, &request, &counts);
    } else if (status == STATUS_FAILED) {
        error_print(
            "%u of %u runs are missing, the first is %u: 'epsim sweep run' does them, --partial goes without",
            (unsigned)counts.missing, (unsigned)(counts.missing + counts.runs),
            (unsigned)counts.first_missing);
        code = EXIT_FAILED;
    } else if (status == STATUS_INTERRUPTED) {
        note_print("interrupted; nothing was written");
        code = EXIT_FAILED;
    } else {
        code = sweep_fail(status, message);
    }
    interrupt_die();
    return code;
}
