/*
 * commands.h: every command, each in the file of its name.
 */
#ifndef EPSIM_CLI_COMMANDS_H
#define EPSIM_CLI_COMMANDS_H

#include "cli/options.h"

extern const struct command command_root;    /* main.c */
extern const struct command command_run;     /* run.c */
extern const struct command command_check;   /* check.c */
extern const struct command command_get;     /* get.c */
extern const struct command command_step;    /* step.c */
extern const struct command command_plot;    /* plot.c */
extern const struct command command_compare; /* compare.c */
extern const struct command command_report;  /* report.c */
extern const struct command command_import;  /* import.c */
extern const struct command command_import_csv;   /* import_csv.c */
extern const struct command command_import_watch; /* import_recording.c */
extern const struct command command_import_audit; /* import_recording.c */
extern const struct command command_import_simkube; /* import_simkube.c */
extern const struct command command_import_kwok;  /* import_kwok.c */
extern const struct command command_verify;  /* verify.c */
extern const struct command command_bench;   /* bench.c */
extern const struct command command_sweep;   /* sweep.c */
extern const struct command command_help;    /* help.c */
extern const struct command command_version;

/* The command that `names` lead to from the root ("import", "csv"); its whole name goes to `path`. An unknown
 * name is told, with a suggestion, and gives EXIT_USAGE. */
enum exit_code command_find(const struct arguments *arguments, const char *const *names, uint32_t count,
    const struct command **out, struct text *path);
enum exit_code version_print(void);

#endif
