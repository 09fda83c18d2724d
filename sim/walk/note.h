/*
 * note.h: what happened in one step of a run, as a list of notes in the order in which it happened.
 */
#ifndef EPSIM_WALK_NOTE_H
#define EPSIM_WALK_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"
#include "engine/decision.h"
#include "engine/observe.h"
#include "model/object.h"
#include "scenario/scenario.h"

enum note_kind {
    NOTE_CAUSE,    /* a line of the scenario takes effect */
    NOTE_CHANGE,   /* watchers see that a pod, a Service or a node changed */
    NOTE_DECISION, /* a controller decides */
    NOTE_REQUEST,  /* a request to the API server */
    NOTE_EVENT,    /* a controller emits an Event */
    NOTE_FAILURE,  /* a sync failed, and will be tried again */
    NOTE_KIND_COUNT
};
/* "cause", "change", ... */
const char *note_kind_text(enum note_kind kind);

/* What is not said is 0. Symbols are the run's. */
struct note {
    enum note_kind kind;
    uint32_t words, words_length; /* in the step's text, NUL-terminated */
    enum controller controller;   /* of decisions, requests, Events and failures */
    sym namespace, service;       /* of the same: whom it is about */
    struct position at;           /* of a cause */
    enum object_kind object_kind; /* of a change */
    const char *change;           /* "created", "changed", "deleted" */
    enum decision_kind decision;
    const char *rule;   /* of a decision */
    struct write write; /* of a request; the slice is not kept */
    bool is_slice;      /* of a request: of a slice, not of Endpoints */
};

struct walk_step {
    uint64_t number; /* from 1; 0: the start, before anything happened */
    int64_t at_ns;
    uint64_t event_count; /* events of the clock until now */
    bool writes;          /* a request changed an object */
    VEC(struct note) notes;
    struct text words;
};

static inline const char *note_words(const struct walk_step *step, const struct note *note)
{
    return step->words.data + note->words;
}

void walk_step_clear(struct walk_step *step);
void walk_step_fini(struct walk_step *step);
/* The words are what was added to step->words from `words` on; ends them. */
void walk_step_add(struct walk_step *step, struct note note, uint32_t words);

#endif
