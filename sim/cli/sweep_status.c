/*
 * sweep_status.c: `epsim sweep status`: what is done, what failed and why, what is missing.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/sweep.h"
#include "experiment/sweep_folder.h"
#include "experiment/sweep_status.h"

/* Failures and spans of missing runs that the table shows; --all shows all. */
#define SHOWN_MAX 10

enum { STATUS_OUTPUT, STATUS_FORMAT, STATUS_ALL, STATUS_OPTION_COUNT };
static const struct option options[STATUS_OPTION_COUNT] = {
    [STATUS_OUTPUT] = {OPTION_TEXT, 'o', "output", "DIR", "NAME.runs",
        "of a sweep file: where its results are"},
    [STATUS_FORMAT] = {OPTION_CHOICE, 0, "format", "table,json", "table", "of the answer"},
    [STATUS_ALL] = {OPTION_FLAG, 'a', "all", NULL, NULL, "name all failed and missing runs, however many"},
};

static const char *const examples[] = {
    "# What is left to do.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep run -q sizes.yaml --count 12; epsim sweep status sizes.runs || true",
    "# A script waits until nothing is missing and nothing failed.",
    "epsim sweep run -q sizes.yaml && epsim sweep status sizes.yaml --format json",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_sweep_status = {
    .name = "status",
    .about = "what is done of a sweep, what failed, what is missing",
    .usage = "DIR | FILE [OPTION]...",
    .text =
        "DIR is a folder of results. With a sweep FILE, what its runs are now is looked up in its folder of "
        "results.\n"
        "\n"
        "A run that was under way when its process was killed is missing; the process is listed as ended.",
    .options = options,
    .option_count = STATUS_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "all runs are done",
    .exit_failed = "runs are missing or failed",
    .exit_usage = "wrong usage or bad input, or no such folder",
    .run = run,
};

/* Calls for each span of missing runs; 0 and 3 to 5 are two. */
static uint32_t next_span(const struct sweep_status *status, uint32_t from, uint32_t *out_last)
{
    while (from < status->run_count && status->states[from] != RUN_MISSING)
        from++;
    uint32_t last = from;
    while (last + 1 < status->run_count && status->states[last + 1] == RUN_MISSING)
        last++;
    *out_last = last;
    return from;
}

/* --- table -------------------------------------------------------------------------------------------- */

static void add_count(struct text *out, const char *what, uint64_t count)
{
    text_printf(out, "  %-8s ", what);
    text_add_grouped(out, count);
    text_add_char(out, '\n');
}

static void add_missing(struct text *out, const struct sweep_status *status, bool all)
{
    uint32_t shown = 0, last = 0;
    if (status->missing == 0)
        return;
    text_add(out, "missing: ");
    for (uint32_t first = next_span(status, 0, &last); first < status->run_count;
         first = next_span(status, last + 1, &last)) {
        if (shown == SHOWN_MAX && !all) {
            text_add(out, ", ...");
            break;
        }
        text_printf(out, "%s%u", shown++ > 0 ? ", " : "", (unsigned)first);
        if (last > first)
            text_printf(out, "-%u", (unsigned)last);
    }
    text_add_char(out, '\n');
}

static void add_failures(struct text *out, const struct sweep_status *status, bool all)
{
    for (uint32_t i = 0; i < status->failures.count; i++) {
        if (i == SHOWN_MAX && !all) {
            text_printf(out, "... and %u more (--all)\n", (unsigned)(status->failures.count - i));
            return;
        }
        const struct failed_run *failure = &status->failures.items[i];
        text_printf(out, "failed: %u: %s\n", (unsigned)failure->index, failure->message);
    }
}

static void add_parts(struct text *out, const struct sweep_status *status)
{
    for (uint32_t i = 0; i < status->parts.count; i++) {
        const struct part_state *part = &status->parts.items[i];
        const char *what = part->is_alive           ? "at work"
                           : part->crash_signal > 0 ? "crashed"
                                                    : "ended without a word";
        text_printf(out, "%s: %s", what, part->owner);
        if (part->run != PART_NO_RUN)
            text_printf(out, ", run %u", (unsigned)part->run);
        text_add_char(out, '\n');
    }
}

static void add_table(
    struct text *out, const struct sweep_plan *plan, const struct sweep_status *status, bool all)
{
    text_printf(out, "%s: ", plan->file->name);
    text_add_grouped(out, plan->run_count);
    text_add(out, plan->run_count == 1 ? " run\n" : " runs\n");
    add_count(out, "done", status->done);
    add_count(out, "failed", status->failed);
    add_count(out, "missing", status->missing);
    if (status->foreign > 0)
        text_printf(out, "%u results of another plan or version are there too\n", (unsigned)status->foreign);
    add_failures(out, status, all);
    add_missing(out, status, all);
    add_parts(out, status);
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static void add_json(
    struct text *out, const struct sweep_plan *plan, const char *folder, const struct sweep_status *status)
{
    text_add(out, "{\"sweep\": ");
    text_add_json(out, plan->file->name, strlen(plan->file->name));
    text_add(out, ", \"folder\": ");
    text_add_json(out, folder, strlen(folder));
    text_printf(out,
        ", \"epsim\": \"%s\", \"runs\": %u, \"done\": %u, \"failed\": %u, \"missing\": %u, \"foreign\": %u",
        plan->version, (unsigned)plan->run_count, (unsigned)status->done, (unsigned)status->failed,
        (unsigned)status->missing, (unsigned)status->foreign);
    text_add(out, ", \"failures\": [");
    for (uint32_t i = 0; i < status->failures.count; i++) {
        const struct failed_run *failure = &status->failures.items[i];
        text_printf(out, "%s{\"index\": %u, \"message\": ", i > 0 ? ", " : "", (unsigned)failure->index);
        text_add_json(out, failure->message, strlen(failure->message));
        text_add_char(out, '}');
    }
    text_add(out, "], \"missing_spans\": [");
    uint32_t last = 0;
    bool first_span = true;
    for (uint32_t first = next_span(status, 0, &last); first < status->run_count;
         first = next_span(status, last + 1, &last)) {
        text_printf(out, "%s[%u, %u]", first_span ? "" : ", ", (unsigned)first, (unsigned)last);
        first_span = false;
    }
    text_add(out, "], \"workers\": [");
    for (uint32_t i = 0; i < status->parts.count; i++) {
        const struct part_state *part = &status->parts.items[i];
        text_add(out, i > 0 ? ", {\"worker\": " : "{\"worker\": ");
        text_add_json(out, part->owner, strlen(part->owner));
        text_printf(out, ", \"alive\": %s, \"signal\": %d, \"run\": ", part->is_alive ? "true" : "false",
            part->crash_signal);
        if (part->run != PART_NO_RUN)
            text_printf(out, "%u}", (unsigned)part->run);
        else
            text_add(out, "null}");
    }
    text_add(out, "]}\n");
}

/* --- the command -------------------------------------------------------------------------------------- */

/* The plan of a folder, or of a sweep file, and the folder. */
static enum exit_code find_plan(
    const struct arguments *arguments, const char *path, struct sweep_plan **out, struct text *out_folder)
{
    struct stat info;
    char *message = NULL;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        if (arguments->values[STATUS_OUTPUT].count > 0)
            return usage_error(arguments, "--output has a meaning only with a sweep file");
        text_add(out_folder, path);
        enum status status = sweep_folder_plan(path, out, &message);
        return status == STATUS_OK ? EXIT_OK : sweep_fail(status, message);
    }
    enum exit_code code = sweep_read_plan(path, false, out);
    if (code == EXIT_OK)
        sweep_add_folder(out_folder, *out, &arguments->values[STATUS_OUTPUT]);
    return code;
}

static int run(const struct arguments *arguments)
{
    const char *path;
    struct sweep_plan *plan = NULL;
    struct text folder = {0}, out = {0};
    enum exit_code code = sweep_operand(arguments, "folder of results or sweep file", &path);
    if (code == EXIT_OK)
        code = find_plan(arguments, path, &plan, &folder);
    if (code != EXIT_OK) {
        text_fini(&folder);
        return code;
    }
    struct sweep_status status;
    char *message = NULL;
    enum status got = sweep_status_read(folder.data, plan, &status, &message);
    if (got != STATUS_OK) {
        code = sweep_fail(got, message);
    } else {
        if (arguments->values[STATUS_FORMAT].number == 0)
            add_table(&out, plan, &status, arguments->values[STATUS_ALL].count > 0);
        else
            add_json(&out, plan, folder.data, &status);
        code = output_write(&out);
        if (code == EXIT_OK && status.failed + status.missing > 0)
            code = EXIT_FAILED;
    }
    sweep_status_fini(&status);
    text_fini(&out);
    text_fini(&folder);
    sweep_plan_destroy(plan);
    return code;
}
