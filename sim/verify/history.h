/*
 * history.h: recorded histories: from an empty cluster on, watch event by watch event, what the controllers
 * had made of it after each step. A history was run many times, as the EndpointSlice controller's choices are
 * its own; so is the engine.
 *
 * Trigger times, sync counts and the requests of one step follow from the events alone. Slice events are not
 * delivered and nothing is retried in these recordings.
 */
#ifndef EPSIM_VERIFY_HISTORY_H
#define EPSIM_VERIFY_HISTORY_H

#include <jansson.h>

#include "base/text.h"
#include "base/vec.h"
#include "engine/engine.h"

struct history {
    char *name;
    struct engine_config config;
    uint32_t runs;       /* of the recording */
    VEC(json_t *) steps; /* owned */
    VEC(uint32_t) lines; /* their numbers in the file */
};

/* `head` is borrowed. False, and a message, when it makes no sense. */
bool history_read_head(struct history *history, const json_t *head, struct text *message);
/* Takes the step over. False, and a message, when it cannot follow the one before. */
bool history_add_step(struct history *history, json_t *step, uint32_t line, struct text *message);
void history_fini(struct history *history);

/* What one run left of one Service after one step. */
struct history_outcome {
    const char *service;        /* in the step */
    const char *endpoints_json; /* without uid and resourceVersion; NULL: there is none */
    uint64_t endpoints_bytes;   /* in protobuf */
    const char *endpoints_requests,
        *mirroring_requests; /* "syncs=.. create=.. update=.. noop=.. delete=.." */
    const char *slices;      /* "syncs=.. create=.. .. | TYPE[PORTS]=[sizes] .." */
};

struct history_run;

/* One run from the empty cluster on. O(1); the steps cost what the engine costs. */
struct history_run *history_run_create(const struct history *history, enum choice_mode mode, uint64_t seed);
/* The next step's events. */
void history_run_step(struct history_run *run);
/* Of the step that was run last; texts live until the next call. `service`: a member of the step's "want". */
void history_run_outcome(struct history_run *run, const char *service, struct history_outcome *out);
/* What the events had that the model cannot hold; "" for nothing. */
const char *history_run_problems(const struct history_run *run);
void history_run_destroy(struct history_run *run);

#endif
