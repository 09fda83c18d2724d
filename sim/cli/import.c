/*
 * import.c: `epsim import`: what there is of real clusters as scenarios; each format in the file of its name.
 */
#include "cli/commands.h"

static const struct command *const children[] = {&command_import_csv, &command_import_watch,
    &command_import_audit, &command_import_kwok, &command_import_simkube, NULL};

static const char *const import_examples[] = {
    "# A table to try it with, and the scenario that it makes.",
    "epsim help example-csv > table.csv",
    "epsim import csv table.csv --service app --pod instance --create created --delete deleted -o table.yaml",
    "epsim run table.yaml",
    "# What kubectl printed while it watched a cluster.",
    "epsim help example-watch > watch.json",
    "epsim import kubectl-watch watch.json -o cart.yaml",
    NULL,
};

const struct command command_import = {
    .name = "import",
    .about = "real clusters' churn as a scenario",
    .usage = "FORMAT FILE... [OPTION]...",
    .examples = import_examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .children = children,
};
