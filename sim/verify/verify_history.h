/*
 * verify_history.h: a history, run many times.
 */
#ifndef EPSIM_VERIFY_VERIFY_HISTORY_H
#define EPSIM_VERIFY_VERIFY_HISTORY_H

#include "verify/verifier.h"

/* The history that was read: runs it, judges or answers. O(runs x events). */
void verify_history(struct verifier *verifier);
/* The mean distance over the file's histograms. */
void verify_mean_distance(struct verifier *verifier);

#endif
