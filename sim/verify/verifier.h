/*
 * verifier.h: who holds the engine against recordings: its settings, whom it tells, what it counts.
 *
 * verify.h feeds it files.
 */
#ifndef EPSIM_VERIFY_VERIFIER_H
#define EPSIM_VERIFY_VERIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/choices.h"
#include "verify/lines.h"

/* What is counted apart. */
enum verify_part {
    VERIFY_ENDPOINTS, /* single syncs, by controller */
    VERIFY_ENDPOINTSLICE,
    VERIFY_MIRRORING,
    VERIFY_HISTORY_ENDPOINTS, /* Endpoints, and the requests of two controllers, after each step of a history
                               */
    VERIFY_HISTORY_SLICES,    /* the histogram of slices after each step */
    VERIFY_HISTORY_DISTANCE,  /* how far apart these are on average: one case a file */
    VERIFY_ENCODING,          /* objects of a whole control plane */
    VERIFY_PART_COUNT
};
const char *verify_part_text(enum verify_part part);

#define VERIFY_RUNS_DEFAULT 64
#define VERIFY_RUNS_MAX 100000
/* Histograms of fewer runs say little: a step's is judged from the first number on, the average of all from
 * the second (two batches of 64 runs of the real controllers differ by 0.0105, uniform draws by 0.02). */
#define VERIFY_RUNS_STEP_MIN 16
#define VERIFY_RUNS_MEAN_MIN 64
#define VERIFY_STEP_DISTANCE_MAX 0.5
#define VERIFY_MEAN_DISTANCE_MAX 0.03
/* A sync whose outcome the real controllers leave to chance (which family of mirrored slices is recycled
 * first, M-31; which endpoint gets which topology hint) is carried out so often: the most frequent outcome is
 * the answer, and what was recorded must be one of them. */
#define VERIFY_VOTES 15

struct verify_options {
    bool answers;  /* answer instead of judging */
    uint32_t runs; /* of each history; 1 to VERIFY_RUNS_MAX */
    enum choice_mode choices;
    uint64_t seed; /* of the first run's choices; further runs take the next ones */
};
struct verify_options verify_options_default(void);

/* One case. Texts are valid during the call. */
struct verify_case {
    enum verify_part part;
    const char *path;
    uint32_t line;
    const char *name, *about;
    bool passed;
    const char *why; /* lines of differences when it failed */
};

/* All may be NULL. */
struct verify_observer {
    void *self;
    void (*on_case)(void *self, const struct verify_case *result);
    /* One line of JSON, without its newline. False: it could not be written; no more is asked for. */
    bool (*on_answer)(void *self, const struct text *line);
    /* Bad input; the lines after it are read all the same. */
    void (*on_error)(void *self, const char *path, const struct recording_error *error);
    /* Every now and then: how much of the file is done, 0 to 1 (0: not known). False: stop. */
    bool (*on_progress)(void *self, const char *path, double share);
};

struct verify_totals {
    uint64_t passed[VERIFY_PART_COUNT], failed[VERIFY_PART_COUNT];
    uint64_t answers;
    uint64_t elided;     /* watch events whose objects are not recorded in full */
    uint64_t histograms; /* compared */
    double distance_sum; /* over them */
    uint32_t runs_min;   /* the fewest runs on either side of a histogram; 0: none was compared */
    uint64_t errors;     /* bad lines and files */
    bool stopped;
};

struct verifier;

struct verifier *verifier_create(
    const struct verify_options *options, const struct verify_observer *observer);
void verifier_destroy(struct verifier *verifier);
const struct verify_totals *verifier_totals(const struct verifier *verifier);

#endif
