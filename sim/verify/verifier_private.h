/*
 * verifier_private.h: the verifier as verify.c and its parts see it.
 */
#ifndef EPSIM_VERIFY_VERIFIER_PRIVATE_H
#define EPSIM_VERIFY_VERIFIER_PRIVATE_H

#include "verify/history.h"
#include "verify/verifier.h"

struct verifier {
    struct verify_options options;
    struct verify_observer observer;
    struct verify_totals totals;
    /* Of the present file: */
    const char *path; /* as it is shown */
    struct lines *lines;
    struct history history;   /* its name is NULL: none is being read */
    char *scenario;           /* of a control plane; NULL: no head yet */
    double share_before;      /* of the file, when the present work began */
    uint64_t file_histograms; /* totals when it was opened */
    double file_distance;
    uint32_t file_runs_min;
};

/* Counts and tells. */
void verifier_result(struct verifier *verifier, const struct verify_case *result);
void verifier_answer(struct verifier *verifier, const struct text *line);
/* Bad input: tells the error and empties it. */
void verifier_error(struct verifier *verifier, struct recording_error *error);
/* The present line is bad, as `message` says. */
void verifier_bad_line(struct verifier *verifier, const struct text *message);
/* Tells progress; `part`: how much of the present work is done. False: stop. */
bool verifier_go_on(struct verifier *verifier, double part);

#endif
