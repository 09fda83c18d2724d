/*
 * import_target.h: where an import goes, and how it tells what it did.
 *
 * The scenario is written beside its place and moved there when it is whole, so a mistake in the input, a
 * full disk or Ctrl-C leaves no half of it behind.
 */
#ifndef EPSIM_CLI_IMPORT_TARGET_H
#define EPSIM_CLI_IMPORT_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/options.h"

/* A file that is written beside its place and moved there. */
struct import_target {
    char *path;   /* NULL: none, or standard output */
    char *beside; /* NULL when `path` is no regular file and is written in place */
    FILE *file;
};

/* EXIT_USAGE, told, when `path` exists (but with `force`), is one of the inputs ("-" is standard input), or
 * cannot be written. */
enum exit_code import_target_open(struct import_target *target, const char *path, bool force,
    const char *const *inputs, uint32_t input_count);
/* Moves it to its place if `keep` and it is whole; else it is gone. EXIT_FAILED, told, when it could not be
 * written. */
enum exit_code import_target_close(struct import_target *target, bool keep);
/* Prints what the import had to say, and turns how it ended into an exit code; errno is that of the end. */
enum exit_code import_tell(enum status status, const struct diag *diag);

/* The last part of a path, without its last extension; `fallback` for standard input. To be freed. */
char *import_stem(const char *path, const char *fallback);
/* "1,234 pods", "1 pod". */
void import_add_count(struct text *out, uint64_t count, const char *one, const char *many);

#endif
