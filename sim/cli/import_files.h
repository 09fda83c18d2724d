/*
 * import_files.h: what the imports that read FILE... have in common: options, where the scenario goes, exit
 * codes.
 */
#ifndef EPSIM_CLI_IMPORT_FILES_H
#define EPSIM_CLI_IMPORT_FILES_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/options.h"
#include "scenario/import_recording.h"

enum { IMPORT_OUTPUT, IMPORT_FORCE, IMPORT_NAME, IMPORT_VERBOSE, IMPORT_QUIET, IMPORT_OPTION_COUNT };

extern const struct option import_options[IMPORT_OPTION_COUNT];

/* Reads and writes; what there is to tell of it goes to `told`. */
typedef enum status import_job(const struct arguments *arguments,
    const struct import_recording_options *request, struct arena *arena, struct diag *diag, FILE *out,
    struct text *told);

/* The whole command. Returns its exit code. */
int import_files_run(const struct arguments *arguments, import_job *job);
/* "  passed over: 3 secrets, 1 Job and 5 more (--verbose tells all)"; nothing when nothing was. */
void import_add_ignored(
    struct text *out, const struct arguments *arguments, const struct import_recording_stats *stats);

#endif
