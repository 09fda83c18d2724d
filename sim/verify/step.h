/*
 * step.h: recorded single syncs: one sync of one key by one controller, the caches before, the requests sent.
 *
 * A step is read in two goes: its head, which says whose sync it is and when, and then, in the catalog of
 * whoever carries it out, the objects before it and the requests that are wanted of it.
 */
#ifndef EPSIM_VERIFY_STEP_H
#define EPSIM_VERIFY_STEP_H

#include <jansson.h>

#include "engine/engine.h"
#include "verify/kube_write.h"

struct step {
    const json_t *line;          /* borrowed */
    const char *name, *about;    /* in the line */
    enum controller controller;  /* one of the first three */
    struct engine_config config; /* choices: random */
    char *namespace, *service;   /* the key; owned */
    uint64_t resource_version;   /* the last one given out */
    int64_t now_s;
    int64_t
        trigger_s;  /* what the trigger-time annotation is set to; TIME_NONE: it is removed, or not written */
    bool had_hints; /* topology hints were on before */
    bool has_want;
};

/* False, and a message, when the head says nothing that can be carried out. `line` must outlive the step. */
bool step_read(struct step *step, const json_t *line, struct text *message);
void step_fini(struct step *step);
/* The Service may have topology hints: which endpoint is hinted to which zone is open then, how many are is
 * not, but for ties between zones (H-19, H-20). */
bool step_hints_are_open(const struct step *step);

/* The caches before the sync; one reference or the object each. */
struct step_state {
    struct service *service; /* NULL: deleted */
    VEC(struct pod *) pods;
    VEC(struct node *) nodes;
    struct endpoints *endpoints; /* NULL: none */
    VEC(struct endpointslice *) slices;
};

/* Objects live in `catalog`. What the model cannot hold is told in `problems`. */
void step_state_read(
    struct step_state *state, struct catalog *catalog, const struct step *step, struct text *problems);
void step_state_fini(struct step_state *state);

/* What the real controller did. Owns the objects of its writes. */
struct step_want {
    struct kube_writes writes;
    bool error;
    VEC(const char *) events; /* "type reason message", in order; in the line */
};

void step_want_read(
    struct step_want *want, struct catalog *catalog, const struct step *step, struct text *problems);
void step_want_fini(struct step_want *want);

#endif
