/*
 * sweep.h: what the commands under `epsim sweep` share.
 */
#ifndef EPSIM_CLI_SWEEP_H
#define EPSIM_CLI_SWEEP_H

#include "cli/options.h"
#include "experiment/sweep_plan.h"

extern const struct command command_sweep_plan;   /* sweep_plan.c */
extern const struct command command_sweep_run;    /* sweep_run.c */
extern const struct command command_sweep_status; /* sweep_status.c */
extern const struct command command_sweep_merge;  /* sweep_merge.c */
extern const struct command command_sweep_script; /* sweep_script.c */

/* The one operand; a mistake is told and gives EXIT_USAGE. `what`: "sweep file". */
enum exit_code sweep_operand(const struct arguments *arguments, const char *what, const char **out);
/* The plan of a sweep file. Mistakes are told; *out is then NULL. */
enum exit_code sweep_read_plan(const char *path, bool check, struct sweep_plan **out);
/* Where a sweep's results are unless --output says otherwise: "NAME.runs". */
void sweep_add_folder(struct text *out, const struct sweep_plan *plan, const struct option_value *output);
/* Tells a message (and frees it) or what the status means. */
enum exit_code sweep_fail(enum status status, char *message);

#endif
