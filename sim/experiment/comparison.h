/*
 * comparison.h: variants side by side: two databases, or the variants within one.
 *
 * A comparison is blocks of sides. Within a block one side is the baseline, and each other side's difference
 * from it is taken run by run where they share seed and run number (common random numbers), else as of
 * independent sets. Blocks differ in the parameters that are not compared.
 */
#ifndef EPSIM_EXPERIMENT_COMPARISON_H
#define EPSIM_EXPERIMENT_COMPARISON_H

#include "experiment/results.h"
#include "experiment/statistic.h"

struct comparison_side {
    const char *label; /* "100", "not set", "A.db" */
    const struct results *results;
    uint32_t variant;
};

struct comparison_block {
    const char *title; /* "controllers.choices=fixed", or "" */
    VEC(struct comparison_side) sides;
    int baseline; /* -1: the baseline is not in this block */
};

struct comparison {
    struct results results[2];
    uint32_t result_count; /* 1 or 2 databases */
    struct arena arena;
    const char *by;             /* what the sides differ in: a parameter's name, "database" or "variant" */
    VEC(struct figure) figures; /* that all sides have */
    VEC(struct comparison_block) blocks;
    uint32_t unmatched; /* variants that are in one database only */
    struct statistic statistic;
    const char *statistic_name;
    double confidence;
};

struct comparison_request {
    struct results_request results; /* its path is set for each database */
    const char *paths[2];
    uint32_t path_count;
    const char *by;       /* NULL: the one parameter that varies, else whole variants */
    const char *baseline; /* a side's label; NULL: the first */
    const char *statistic_name;
    double confidence;
};

/* One figure of one side. */
struct comparison_cell {
    struct spread spread;
    struct estimate estimate;
    struct estimate difference; /* from the baseline; count 0 on the baseline itself and without one */
    double relative;            /* the difference as a share of the baseline; NAN when that is 0 or absent */
    bool is_paired;
    uint32_t left_out; /* runs without a partner, when others have one */
};

/* STATUS_USAGE: there is no such parameter, side or statistic; otherwise as results_read. comparison_fini in
 * any case. O(variants^2) and what results_read takes. */
enum status comparison_make(
    const struct comparison_request *request, struct comparison *out, char **out_message);
void comparison_fini(struct comparison *comparison);
/* O(runs of the two sides), times BOOTSTRAP_DRAWS for percentiles. */
struct comparison_cell comparison_cell(const struct comparison *comparison,
    const struct comparison_block *block, uint32_t side, uint32_t figure);
/* A side's value of a figure in a run; NAN. */
double comparison_value(const struct comparison *comparison, const struct comparison_side *side,
    const struct result *run, uint32_t figure);

#endif
