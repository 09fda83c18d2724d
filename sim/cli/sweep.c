/*
 * sweep.c: `epsim sweep`: the parent of its commands, and what they share.
 */
#include "cli/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"

static const struct command *const children[] = {&command_sweep_plan, &command_sweep_run,
    &command_sweep_status, &command_sweep_merge, &command_sweep_script, NULL};

static const char *const examples[] = {
    "# A scenario and a sweep over it to start from; what runs that makes.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep plan sizes.yaml",
    "# All of them, on all processors; then one database, and a comparison.",
    "epsim sweep run sizes.yaml",
    "epsim sweep merge sizes.runs -o sizes.db",
    "epsim compare sizes.db --figure endpointslice.writes,slices.max",
    NULL,
};

const struct command command_sweep = {
    .name = "sweep",
    .about = "experiments: many runs of a scenario with other parameters",
    .usage = "COMMAND FILE [OPTION]...",
    .text = "A sweep file names a scenario, parameters with lists or ranges of values, and how often each "
            "combination is run. Its runs are numbered from 0; what was done is skipped, so a sweep can be "
            "stopped at any time, go on later, and be shared by any number of machines that see one folder.",
    .examples = examples,
    .exit_ok = "all is well",
    .exit_failed = "a run failed, or something could not be written",
    .exit_usage = "wrong usage or bad input",
    .children = children,
};

enum exit_code sweep_operand(const struct arguments *arguments, const char *what, const char **out)
{
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no %s given", what);
    if (arguments->operands.count > 1)
        return usage_error(
            arguments, "one %s at a time; unexpected '%s'", what, arguments->operands.items[1]);
    *out = arguments->operands.items[0];
    return EXIT_OK;
}

enum exit_code sweep_read_plan(const char *path, bool check, struct sweep_plan **out)
{
    struct stat info;
    *out = NULL;
    if (strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        error_print("%s is a folder; a sweep is a YAML file", path);
        return EXIT_USAGE;
    }
    if (load_is_database(path)) {
        error_print("%s is a database; a sweep is a YAML file", path);
        return EXIT_USAGE;
    }
    enum status status = sweep_plan_read(path, check, out);
    if (status == STATUS_OK)
        return EXIT_OK;
    sweep_plan_print_messages(*out, stderr);
    sweep_plan_destroy(*out);
    *out = NULL;
    return EXIT_USAGE;
}

void sweep_add_folder(struct text *out, const struct sweep_plan *plan, const struct option_value *output)
{
    if (output->count > 0)
        text_add(out, output->text);
    else
        text_printf(out, "%s.runs", plan->file->name);
}

enum exit_code sweep_fail(enum status status, char *message)
{
    error_print("%s", message != NULL ? message : status_text(status));
    free(message);
    return status == STATUS_IO ? EXIT_FAILED : EXIT_USAGE;
}
