/*
 * step_run.h: the engine carries out one recorded sync, from the recording's inputs alone: the state before
 * is loaded into a store, the engine starts and syncs everything once, and what its first sync of the key
 * sends is the answer.
 *
 * Two inputs stand for what a recorded controller remembered: `triggerTime` and `hadHints`.
 */
#ifndef EPSIM_VERIFY_STEP_RUN_H
#define EPSIM_VERIFY_STEP_RUN_H

#include "verify/step.h"

struct step_run;

/* `mode`, `seed`: of the choices that the real controllers leave open. O(state). */
struct step_run *step_run_create(const struct step *step, enum choice_mode mode, uint64_t seed);
void step_run_destroy(struct step_run *run);

/* The requests, errors and Events as numbers: runs of which these differ had different outcomes. Whether an
 * update changed anything does not count. */
uint64_t step_run_signature(const struct step_run *run);

/* True when it did what the real controller did; else the differences are told. */
bool step_run_compare(struct step_run *run, struct text *why);
/* The answer as one line of JSON, without a newline. */
void step_run_answer(struct step_run *run, struct text *out);

#endif
