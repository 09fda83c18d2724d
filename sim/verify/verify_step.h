/*
 * verify_step.h: one recorded sync, judged or answered.
 */
#ifndef EPSIM_VERIFY_VERIFY_STEP_H
#define EPSIM_VERIFY_VERIFY_STEP_H

#include <jansson.h>

#include "verify/verifier.h"

/* A line with "case": carries the sync out and tells the result, an answer or what is wrong with the line.
 * O(the sync). */
void verify_step(struct verifier *verifier, const json_t *line);

#endif
