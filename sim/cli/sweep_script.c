/*
 * sweep_script.c: `epsim sweep script`: a job file for an engine that runs many processes.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/sweep.h"
#include "experiment/script.h"
#include "record/database.h"

enum { SCRIPT_ENGINE, SCRIPT_OUTPUT, SCRIPT_COUNT, SCRIPT_IMAGE, SCRIPT_OPTION_COUNT };
static const struct option options[SCRIPT_OPTION_COUNT] = {
    [SCRIPT_ENGINE] = {OPTION_CHOICE, 'e', "engine", "parallel,slurm,kubernetes", NULL,
        "GNU parallel on this machine or through ssh; Slurm's array jobs; an Indexed Job of Kubernetes"},
    [SCRIPT_OUTPUT] = {OPTION_TEXT, 'o', "output", "DIR", "NAME.runs",
        "the folder of results that all jobs see"},
    [SCRIPT_COUNT] = {OPTION_NUMBER, 0, "count", "M", "10", "runs a task"},
    [SCRIPT_IMAGE] = {OPTION_TEXT, 0, "image", "NAME", "epsim:VERSION",
        "Kubernetes: the container image that has epsim"},
};

static const char *const examples[] = {
    "# A sweep by GNU parallel: write the script, look at it, run it.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep script sizes.yaml --engine parallel --count 6 > sizes-parallel.sh",
    "command -v parallel >/dev/null && bash sizes-parallel.sh || true",
    "# The same for a cluster.",
    "epsim sweep script sizes.yaml --engine slurm > sizes-slurm.sh",
    "epsim sweep script sizes.yaml --engine kubernetes > sizes-job.yaml",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_sweep_script = {
    .name = "script",
    .about = "a ready job file for GNU parallel, Slurm or Kubernetes",
    .usage = "FILE --engine ENGINE [OPTION]...",
    .text = "The file goes to standard output, and says at its top how it is used. Its tasks call 'epsim "
            "sweep run' "
            "with their number; results of all of them gather in one folder.",
    .options = options,
    .option_count = SCRIPT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "printed",
    .exit_failed = "standard output could not be written",
    .exit_usage = "wrong usage or bad input",
    .run = run,
};

/* The file as it is there, or a name that is still free as seen from here; the caller frees it. */
static char *absolute(const char *path)
{
    char *resolved = realpath(path, NULL);
    char here[4096];
    if (resolved != NULL)
        return resolved;
    if (path[0] == '/' || getcwd(here, sizeof here) == NULL)
        return mem_strndup(path, strlen(path));
    return message_format("%s/%s", here, path);
}

static char *own_path(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || length == sizeof path)
        return mem_strndup("epsim", 5);
    return mem_strndup(path, (size_t)length);
}

static enum exit_code write_script(
    const struct arguments *arguments, const char *path, const struct sweep_plan *plan)
{
    const struct option_value *values = arguments->values;
    struct text folder = {0}, out = {0};
    sweep_add_folder(&folder, plan, &values[SCRIPT_OUTPUT]);
    char *program = own_path(), *sweep = absolute(path), *results = absolute(folder.data);
    struct script script = {
        .engine = (enum script_engine)values[SCRIPT_ENGINE].number,
        .name = plan->file->name,
        .program = program,
        .sweep = sweep,
        .folder = results,
        .image = values[SCRIPT_IMAGE].count > 0 ? values[SCRIPT_IMAGE].text : "epsim:" EPSIM_VERSION,
        .version = EPSIM_VERSION,
        .runs = plan->run_count,
        .runs_per_task = values[SCRIPT_COUNT].count > 0 ? (uint32_t)values[SCRIPT_COUNT].number : 10,
    };
    script_write(&script, &out);
    enum exit_code code = output_write(&out);
    free(program);
    free(sweep);
    free(results);
    text_fini(&folder);
    text_fini(&out);
    return code;
}

static int run(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    const char *path;
    struct sweep_plan *plan;
    enum exit_code code = sweep_operand(arguments, "sweep file", &path);
    if (code == EXIT_OK && values[SCRIPT_ENGINE].count == 0)
        code = usage_error(arguments, "--engine is missing: parallel, slurm or kubernetes");
    if (code == EXIT_OK && strcmp(path, "-") == 0)
        code = usage_error(arguments, "a sweep from standard input has no name that a script could use");
    if (code == EXIT_OK && values[SCRIPT_COUNT].count > 0 &&
        (values[SCRIPT_COUNT].number == 0 || values[SCRIPT_COUNT].number > SWEEP_RUNS_MAX))
        code = usage_error(
            arguments, "--count %s: expected 1 to %u", values[SCRIPT_COUNT].text, (unsigned)SWEEP_RUNS_MAX);
    if (code == EXIT_OK)
        code = sweep_read_plan(path, true, &plan);
    if (code != EXIT_OK)
        return code;
    code = write_script(arguments, path, plan);
    sweep_plan_destroy(plan);
    return code;
}
