/*
 * sweep_run.c: `epsim sweep run`: does the runs that are not there yet.
 *
 * Which runs: all; or those from --index on; or those of one task of an array job, whose number comes from
 * --task or from what the scheduler puts into the environment.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sweep.h"
#include "cli/wall.h"
#include "experiment/execute.h"
#include "experiment/workers.h"

enum {
    RUN_OUTPUT,
    RUN_JOBS,
    RUN_INDEX,
    RUN_COUNT,
    RUN_TASK,
    RUN_OFFSET,
    RUN_RETRY,
    RUN_QUIET,
    RUN_OPTION_COUNT
};

static const struct option options[RUN_OPTION_COUNT] = {
    [RUN_OUTPUT] = {OPTION_TEXT, 'o', "output", "DIR", "NAME.runs", "the folder of results; made if need be"},
    [RUN_JOBS] = {OPTION_NUMBER, 'j', "jobs", "N", "all processors; 1 for a task of an array",
        "threads; the results do not depend on it"},
    [RUN_INDEX] = {OPTION_NUMBER, 0, "index", "K", NULL, "only runs from number K on; --count says how many"},
    [RUN_COUNT] = {OPTION_NUMBER, 0, "count", "M", "1 with --index or a task",
        "how many runs; with a task: its share"},
    [RUN_TASK] = {OPTION_NUMBER, 0, "task", "T", "the environment's",
        "only the share of task T of an array: runs T*M to T*M+M-1; else SLURM_ARRAY_TASK_ID or "
        "JOB_COMPLETION_INDEX is T"},
    [RUN_OFFSET] = {OPTION_NUMBER, 0, "offset", "N", "0",
        "added to the task's number: arrays may be limited to 1,001 tasks"},
    [RUN_RETRY] = {OPTION_FLAG, 0, "retry", NULL, NULL, "do runs that failed again"},
    [RUN_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "no progress, and no summary"},
};

static const char *const examples[] = {
    "# All runs, on all processors; again: nothing is left to do.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep run sizes.yaml",
    "epsim sweep run sizes.yaml",
    "# Two runs from number 4 on, in another folder.",
    "epsim sweep run sizes.yaml -o some.runs --index 4 --count 2",
    "# As the third task of an array of tasks with 5 runs each.",
    "epsim sweep run sizes.yaml -o some.runs --task 2 --count 5",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_sweep_run = {
    .name = "run",
    .about = "does the runs that are not there yet",
    .usage = "FILE [OPTION]...",
    .text =
        "Any number of processes on any number of machines may do this at once with one folder. A run whose "
        "result with the same hash is there is skipped. Results appear whole or not at all; a run that was "
        "under way when its process was killed is done again.\n"
        "\n"
        "Ctrl-C or SIGTERM stops between two events: what is complete is kept, and the same command goes on "
        "later.\n"
        "\n"
        "A run has failed when its parameters make no scenario, when an event cannot be carried out, when an "
        "expectation is not met, or when it crashed the program; 'epsim sweep status' tells why.",
    .options = options,
    .option_count = RUN_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "all runs asked for are there and complete",
    .exit_failed = "a run failed, or something could not be written",
    .exit_usage = "wrong usage or bad input; nothing was run",
    .run = run,
};

struct sweep_run {
    const struct arguments *arguments;
    struct sweep_plan *plan;
    struct text folder;
    struct execute_request request;
    struct progress progress;
};

static const struct option_value *value(const struct sweep_run *it, int option)
{
    return &it->arguments->values[option];
}

/* --- which runs --------------------------------------------------------------------------------------- */

/* The number that a scheduler gives to a task; false when there is none, or none that could be used. */
static bool task_of_environment(const char **out_name, uint64_t *out)
{
    static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = getenv(names[i]);
        if (text == NULL || text[0] == '\0' || strspn(text, "0123456789") != strlen(text))
            continue;
        errno = 0;
        *out = strtoull(text, NULL, 10);
        *out_name = names[i];
        if (errno == 0)
            return true;
    }
    return false;
}

static enum exit_code choose_span(struct sweep_run *it, uint64_t first, uint64_t count, const char *from)
{
    uint32_t runs = it->plan->run_count;
    if (first >= runs)
        return usage_error(it->arguments,
            "%s: run %" PRIu64 " is not in the plan, which has %u runs, 0 to %u", from, first, (unsigned)runs,
            (unsigned)runs - 1);
    it->request.first = (uint32_t)first;
    it->request.count = count > runs - first ? (uint32_t)(runs - first) : (uint32_t)count;
    return EXIT_OK;
}

/* a x b, at most the largest number there is. */
static uint64_t times(uint64_t a, uint64_t b)
{
    return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

static enum exit_code choose_runs(struct sweep_run *it, bool *out_is_task)
{
    const struct option_value *index = value(it, RUN_INDEX), *task = value(it, RUN_TASK);
    const char *from = "--task";
    uint64_t number = task->number;
    uint64_t count = value(it, RUN_COUNT)->count > 0 ? value(it, RUN_COUNT)->number : 1;
    *out_is_task = true;
    if (count == 0)
        return usage_error(it->arguments, "--count: at least one run");
    if (index->count > 0 && (task->count > 0 || value(it, RUN_OFFSET)->count > 0))
        return usage_error(
            it->arguments, "--index and --%s exclude each other", task->count > 0 ? "task" : "offset");
    if (index->count > 0)
        return choose_span(it, index->number, count, "--index");
    if (task->count > 0 || task_of_environment(&from, &number)) {
        uint64_t offset = value(it, RUN_OFFSET)->number;
        number = number > UINT64_MAX - offset ? UINT64_MAX : number + offset;
        return choose_span(it, times(number, count), count, from);
    }
    if (value(it, RUN_OFFSET)->count > 0)
        return usage_error(it->arguments, "--offset has a meaning only for a task of an array");
    *out_is_task = false;
    return choose_span(it, 0, value(it, RUN_COUNT)->count > 0 ? count : it->plan->run_count, "--count");
}

static enum exit_code choose_workers(struct sweep_run *it, bool is_task)
{
    const struct option_value *jobs = value(it, RUN_JOBS);
    if (jobs->count > 0 && (jobs->number == 0 || jobs->number > WORKERS_MAX))
        return usage_error(it->arguments, "--jobs %s: expected 1 to %d", jobs->text, WORKERS_MAX);
    it->request.workers = jobs->count > 0 ? (uint32_t)jobs->number : is_task ? 1 : workers_processors();
    return EXIT_OK;
}

/* --- running ------------------------------------------------------------------------------------------ */

static void on_progress(void *context, const struct execute_counts *counts)
{
    struct sweep_run *it = context;
    progress_show_runs(&it->progress, counts->done, counts->wanted - counts->there, counts->failed);
}

static void add_runs(struct text *out, uint64_t count)
{
    text_add_grouped(out, count);
    text_add(out, count == 1 ? " run" : " runs");
}

static enum exit_code write_summary(
    const struct sweep_run *it, const struct execute_counts *counts, double wall_s)
{
    struct text out = {0};
    text_printf(&out, "%s: ", it->plan->file->name);
    add_runs(&out, counts->wanted);
    text_add(&out, ": ");
    text_add_grouped(&out, counts->there);
    text_add(&out, " were there, ");
    text_add_grouped(&out, counts->done);
    text_add(&out, " done now");
    if (counts->done > 0) {
        text_add(&out, " in ");
        text_add_wall_s(&out, wall_s);
        text_add(&out, " (");
        text_add_rate(&out, counts->done / wall_s);
        text_add(&out, " runs/s, ");
        text_add_rate(&out, (double)counts->events / wall_s);
        text_add(&out, " events/s)");
    }
    text_printf(&out, "; results are in %s\n", it->folder.data);
    enum exit_code code = value(it, RUN_QUIET)->count > 0 ? EXIT_OK : output_write(&out);
    text_fini(&out);
    return code;
}

static enum exit_code tell_outcome(struct sweep_run *it, const struct execute_counts *counts,
    enum status status, char *message, double wall_s)
{
    uint32_t failed = counts->failed + counts->there_failed;
    uint32_t left = counts->wanted - counts->there - counts->done;
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        return sweep_fail(status, message);
    enum exit_code code = write_summary(it, counts, wall_s);
    if (failed > 0)
        note_print("%u %s failed; 'epsim sweep status %s' tells why", (unsigned)failed,
            failed == 1 ? "run" : "runs", it->folder.data);
    if (status == STATUS_INTERRUPTED)
        note_print("interrupted; %u %s left, the same command goes on", (unsigned)left,
            left == 1 ? "run is" : "runs are");
    return failed > 0 || status == STATUS_INTERRUPTED ? EXIT_FAILED : code;
}

static enum exit_code execute_plan(struct sweep_run *it)
{
    struct execute_counts counts;
    char *message = NULL;
    double started_s = wall_monotonic_s();
    progress_init(&it->progress, value(it, RUN_QUIET)->count == 0);
    it->request.plan = it->plan;
    it->request.folder = it->folder.data;
    it->request.retries = value(it, RUN_RETRY)->count > 0;
    it->request.stop = interrupt_catch();
    it->request.give_up = interrupt_request;
    it->request.wall_s = wall_monotonic_s;
    it->request.add_wall_time = text_add_wall_time;
    it->request.progress = on_progress;
    it->request.context = it;
    enum status status = execute(&it->request, &counts, &message);
    progress_clear(&it->progress);
    return tell_outcome(it, &counts, status, message, wall_monotonic_s() - started_s);
}

static int run(const struct arguments *arguments)
{
    struct sweep_run it = {.arguments = arguments};
    const char *path;
    bool is_task;
    uint64_t ignored;
    const char *name;
    enum exit_code code = sweep_operand(arguments, "sweep file", &path);
    if (code == EXIT_OK && value(&it, RUN_OUTPUT)->count > 0 && value(&it, RUN_OUTPUT)->text[0] == '\0')
        code = usage_error(arguments, "--output needs the name of a folder");
    if (code != EXIT_OK)
        return code;
    /* One of many processes does not look at all values again. */
    bool checks = value(&it, RUN_INDEX)->count == 0 && value(&it, RUN_TASK)->count == 0 &&
                  !task_of_environment(&name, &ignored);
    code = sweep_read_plan(path, checks, &it.plan);
    if (code != EXIT_OK)
        return code;
    sweep_add_folder(&it.folder, it.plan, value(&it, RUN_OUTPUT));
    code = choose_runs(&it, &is_task);
    if (code == EXIT_OK)
        code = choose_workers(&it, is_task);
    if (code == EXIT_OK)
        code = execute_plan(&it);
    text_fini(&it.folder);
    sweep_plan_destroy(it.plan);
    interrupt_die();
    return code;
}
