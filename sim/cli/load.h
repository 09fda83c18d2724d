/*
 * load.h: from file names on the command line to a scenario, with every mistake told.
 */
#ifndef EPSIM_CLI_LOAD_H
#define EPSIM_CLI_LOAD_H

#include <stdbool.h>

#include "cli/options.h"
#include "scenario/scenario.h"

/* `--policy WORD` is short for `--set controllers.packingPolicy=WORD`. */
#define LOAD_POLICY_PATH "controllers.packingPolicy"
#define LOAD_POLICY_OPTION \
    { \
        OPTION_CHOICE, 0, "policy", "upstream,best-fit-all,rebalance,one-slice-per-zone", \
            "the scenario's, else upstream", \
            "which slice takes which endpoint: as the real controller does it, or a what-if" \
    }

/* All that a command sets in a scenario. */
struct load_sets {
    VEC(const char *) items;
    struct text policy;
};
/* Borrows the texts of --set, and has --policy after them if it was given. */
void load_sets_init(
    struct load_sets *sets, const struct option_value *set, const struct option_value *policy);
void load_sets_fini(struct load_sets *sets);
/* Says on standard error that the scenario is packed as the real controller would not. */
void load_note_policy(const struct scenario *scenario);

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
