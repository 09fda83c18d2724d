/*
 * results.h: the runs of a database as an experiment has them: variants, repetitions, figures.
 *
 * Runs with the same scenario and the same parameters (v_runs.params) are repetitions of one variant; seed
 * and run number tell them apart. A parameter that a run does not set is absent there (how many endpoints a
 * slice may have is known all the same). Runs that did not end well do not count, nor does one that is there
 * twice (same variant, seed and run number): the later is taken.
 */
#ifndef EPSIM_EXPERIMENT_RESULTS_H
#define EPSIM_EXPERIMENT_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "experiment/figure.h"

/* Beside those of params: the scenario's name. */
#define PARAMETER_SCENARIO "scenario"
#define PARAMETER_SLICE_MAX "controllers.maxEndpointsPerSlice"

struct variant {
    const char **values; /* by parameter, as text; NULL: not set */
    uint32_t endpoints_per_slice_max;
    uint32_t first, count; /* its runs */
};

struct result {
    int64_t run_id;
    uint64_t seed, run;
    uint32_t variant;
    const double *values; /* by figure; NAN: not defined */
};

/* Texts live in the arena. */
struct results {
    struct arena arena;
    const char *name;             /* of the file, as the user wrote it */
    VEC(const char *) parameters; /* in byte order, after "scenario" */
    VEC(struct variant) variants; /* in the order of their parameters' values */
    VEC(struct result) runs;      /* by variant, seed, run number */
    VEC(struct figure) figures;
    uint32_t not_complete, repeated; /* runs that do not count */
    enum record_level level;         /* the lowest of all runs */
    uint32_t what_ifs;               /* packing policies other than upstream (what_if.h) */
};

/* "PARAMETER=VALUE" that runs must have; PARAMETER as in results_parameter, VALUE empty: not set. */
struct results_request {
    const char *path;
    const struct figure *figures;
    uint32_t figure_count;
    const char *const *where;
    uint32_t where_count;
    int64_t warm_up_ns;
    bool
        leave_out_missing; /* figures that are not recorded are dropped from `figures`, rather than refused */
};

/* Reads all of it. STATUS_USAGE: a condition names no parameter or value; STATUS_NOT_FOUND: there is no such
 * database, no run that counts, or a figure was not recorded; STATUS_BAD_INPUT: not our database; STATUS_IO.
 * results_fini in any case. O(runs log runs) and what figures_read takes. */
enum status results_read(const struct results_request *request, struct results *out, char **out_message);
void results_fini(struct results *results);

/* The parameter of that name, or whose path ends in it ("maxEndpointsPerSlice"). -1: none, or several, as
 * *out_message says. O(parameters). */
int results_parameter(const struct results *results, const char *name, char **out_message);
/* Whether variants have different values of it. */
bool results_varies(const struct results *results, int parameter);
/* A number, or a duration in seconds; false for other words and for NULL. */
bool parameter_value_number(const char *value, double *out);
/* Numbers and durations by size, before words in byte order; NULL first. */
int parameter_value_compare(const char *a, const char *b);
/* "maxEndpointsPerSlice" of "controllers.maxEndpointsPerSlice", where that is not another's too. */
const char *results_short_name(const struct results *results, int parameter);

#endif
