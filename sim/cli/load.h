/*
 * load.h: from file names on the command line to a scenario, with every mistake told.
 */
#ifndef EPSIM_CLI_LOAD_H
#define EPSIM_CLI_LOAD_H

#include <stdbool.h>

#include "cli/options.h"
#include "scenario/scenario.h"

/* What is printed beside errors. */
enum load_detail { LOAD_ERRORS, LOAD_WARNINGS, LOAD_NOTES };

/* Reads and checks one scenario out of all inputs. On a mistake the diagnostics go to standard error,
 * *out is NULL and the result EXIT_USAGE. */
enum exit_code load_scenario(const struct scenario_input *inputs, uint32_t input_count,
    const char *const *sets, uint32_t set_count, enum load_detail detail, struct scenario **out);
/* The same from operands: paths or "-", which may stand only once. */
enum exit_code load_operands(const struct arguments *arguments, const char *const *paths, uint32_t path_count,
    const char *const *sets, uint32_t set_count, enum load_detail detail, struct scenario **out);
/* Prints why a run stopped, with its position. */
void load_print_failure(const struct scenario *scenario, const char *message, struct position at);
/* True when it is a file that starts as SQLite's do. */
bool load_is_database(const char *path);

#endif
