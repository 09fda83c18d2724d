/*
 * model_run.h: a random program, run by the incremental engine and by its naive twin, which are compared
 * after every event: every Endpoints object, every slice, every request in its order, how many syncs there
 * were and how many of them failed, Events, and the rows of the timeline.
 */
#ifndef EPSIM_TESTS_MODEL_MODEL_RUN_H
#define EPSIM_TESTS_MODEL_MODEL_RUN_H

#include "engine/port_key.h"
#include "model/program.h"

struct model_run {
    bool verbose;     /* prints what each event does, and what differs */
    bool tells_steps; /* writes the number of each event to the file descriptor `steps` before it runs */
    int steps;
    struct program_script *script; /* is told everything; NULL: nobody */
    struct text *difference;       /* what differs, as lines for a reader; NULL: not wanted */
    /* When an event has changed the world and nothing has followed yet; may be NULL. */
    void (*after_change)(void *context);
    /* After each event that is not of the starting state; may be NULL. */
    void (*after_event)(void *context, sim_time now_ns, struct store *store, struct engine *engine);
    void *context;
};

/* Runs the program until engine and twin differ. True when they never do. */
bool model_run(const struct program *program, const struct model_run *how);

/* Every Endpoints object and every slice, a line each, without uid and resourceVersion of its own. */
void model_objects_text(struct store *store, enum order_hash order, struct text *out);
enum order_hash model_order(const struct engine_config *config);

/* --- model_shrink.c --- */

/* Runs the program in a child process, so that a crash is a failure like any other. True when all is well;
 * *out_step: the last event that ran. */
bool model_run_apart(const struct program *program, uint32_t *out_step);
/* Takes away whatever the failure does not need; it failed at `step`. A wild program becomes a tame one, if
 * that fails too. */
void model_shrink(struct program *program, uint32_t step);
/* Runs the program once more, in a child process, and writes it as a scenario file: `title` and what differs
 * stand at its top. A program that crashes is written up to there. `verbose`: as of model_run. False when no
 * file could be written. */
bool model_write_scenario(const struct program *program, const char *title, bool verbose, const char *path);

#endif
