/*
 * sweep_plan.h: the numbered, stable list of runs that a sweep stands for.
 *
 * Runs are numbered from 0. From the slowest to the fastest: scenarios in the order of the file, rows,
 * parameters in the order of the file (the last one changes fastest; with `zip` all together), and
 * repetitions. So run K is arithmetic: nothing is listed, and a plan of millions takes no memory.
 *
 * A run is known by its hash: SHA-256 over the version of epsim, the scenario's texts with all included
 * files, the parameters in order, the seed, the run number and the level of recording. Whatever would change
 * a row of the result changes it; the run's number in the plan and the sweep's name do not count, so a list
 * can grow without anything being done again.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_PLAN_H
#define EPSIM_EXPERIMENT_SWEEP_PLAN_H

#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "experiment/sweep_file.h"
#include "scenario/scenario.h"

/* Hexadecimal digits and a NUL. */
#define RUN_HASH_TEXT 65

struct sweep_plan {
    struct sweep_file *file;    /* owned */
    const char *version;        /* of the epsim whose results count; in the file's arena */
    struct scenario **bases;    /* one a scenario of the file, without parameters; owned */
    uint32_t row_count;         /* 1 when there are none */
    uint32_t combination_count; /* of parameters */
    uint32_t variant_count;     /* scenarios x rows x combinations */
    uint32_t run_count;         /* variants x repetitions */
};

/* Reads the sweep file and its scenarios, and checks what can be checked without running: every value of
 * every list, and the ends of ranges, once. STATUS_OK, STATUS_BAD_INPUT or STATUS_IO;
 * sweep_plan_print_messages tells what is wrong. *out is always set; destroy it. `check` false: only what is
 * needed (a process of many, each with a few runs). */
enum status sweep_plan_read(const char *path, bool check, struct sweep_plan **out);
/* The same from what sweep_plan_store wrote, without any other file, and for the version that stands there.
 */
enum status sweep_plan_restore(const char *text, size_t length, struct sweep_plan **out);
/* Sweep file, scenarios and version as one text. */
void sweep_plan_store(const struct sweep_plan *plan, struct text *out);
void sweep_plan_destroy(struct sweep_plan *plan);
/* Errors, as diag_print does. */
void sweep_plan_print_messages(const struct sweep_plan *plan, FILE *out);

/* One run. Made once (planned_run_init) and filled for one run after the other. */
struct planned_run {
    uint32_t index;   /* in the plan, from 0; its run_id in a database is index + 1 */
    uint32_t variant; /* runs of a variant differ in their run number only; they stand together */
    uint32_t scenario;
    uint64_t seed, run;
    const struct sweep_value **values; /* of all parameters, those of a row first */
    const char **paths;
    uint32_t value_count;
    const char **sets; /* for scenario_load */
    uint32_t set_count;
    char content_hash[65]; /* as scenario_load would give */
    char hash[RUN_HASH_TEXT];
};
void planned_run_init(struct planned_run *run, const struct sweep_plan *plan);
void planned_run_fini(struct planned_run *run);
/* O(parameters). */
void sweep_plan_run(const struct sweep_plan *plan, uint32_t index, struct planned_run *out);
/* The hash of any run, from what its row in a database holds. */
void run_hash(const char *version, const char *content_hash, uint64_t seed, uint64_t run,
    enum record_level level, char out[RUN_HASH_TEXT]);

/* The scenario of a run. On failure *out is NULL and what is wrong, in one line, is in `message`. O(texts).
 */
enum status sweep_plan_load_scenario(const struct sweep_plan *plan, const struct planned_run *run,
    struct scenario **out, struct text *message);

#endif
