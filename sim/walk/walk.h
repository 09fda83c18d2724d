/*
 * walk.h: a walk through a run, forward and back, a step at a time.
 *
 * A step is one thing that happens and all that it brings about at once. It ends where the next event of the
 * clock lies at a later time, or is no consequence (PHASE_WORKLOAD and PHASE_SCENARIO), and something was
 * noted. So a Deployment's fifteen pods are fifteen steps, though all are made at 0 s, and what several
 * kubelets post at the same instant is one: the controllers see it at once. After the last step of an instant
 * the state is what `epsim get --at` shows.
 *
 * Back is forward again from the start: the run is deterministic, so only the number of the clock's events at
 * the end of each step is kept. A step forward costs its events; a step back costs all events before it.
 */
#ifndef EPSIM_WALK_WALK_H
#define EPSIM_WALK_WALK_H

#include "engine/repack.h"
#include "simulation/simulation.h"
#include "walk/note.h"

struct walk;

enum walk_result {
    WALK_STEP,        /* one more step was taken */
    WALK_END,         /* the run is over */
    WALK_FAILED,      /* an event could not be carried out (simulation_failure) */
    WALK_INTERRUPTED, /* *interrupted became true */
};

/* The scenario is borrowed. `interrupted` may be NULL. Stands at the start, step 0. */
struct walk *walk_create(
    const struct scenario *scenario, uint64_t seed, uint64_t run, const volatile int *interrupted);
void walk_destroy(struct walk *walk);

/* Takes the next step. What was noted is in walk_step; at the end that is as it was. */
enum walk_result walk_next(struct walk *walk);
/* Goes to the end of step `number` (0: the start), from the start if it lies behind. Forward: WALK_END if
 * there are fewer. Back to a step that was taken before: WALK_STEP; the step is noted again. */
enum walk_result walk_seek(struct walk *walk, uint64_t number);
/* Goes to the last step at or before a time, forward or back: the state after everything that happens then.
 * WALK_STEP: it is there, or at the start. WALK_END: the run is over before. */
enum walk_result walk_seek_time(struct walk *walk, int64_t at_ns);
/* The last step taken. */
const struct walk_step *walk_step(const struct walk *walk);
/* For questions only. Another one after walk_seek. */
struct simulation *walk_simulation(struct walk *walk);
const struct scenario *walk_scenario(const struct walk *walk);
/* How subsets are put in order (E-44). */
enum order_hash walk_order_hash(const struct walk *walk);

#endif
