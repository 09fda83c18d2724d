/*
 * step_lines.h: a step of a run (walk/walk.h) as lines for people: what happened and why, and how the
 * Services stand. The same lines are printed and drawn on a screen; which colours and signs they have is the
 * affair of whoever shows them.
 */
#ifndef EPSIM_CLI_STEP_LINES_H
#define EPSIM_CLI_STEP_LINES_H

#include "walk/view.h"

enum tone {
    TONE_PLAIN, /* a change */
    TONE_CAUSE, /* a line of the scenario */
    TONE_ACTOR, /* who does what follows */
    TONE_REASON,
    TONE_REQUEST, /* that changed something */
    TONE_NOOP,    /* that did not */
    TONE_WARNING,
    TONE_SERVICE, /* how one stands */
    TONE_OBJECT,  /* its Endpoints and slices */
    TONE_TOUCHED, /* the same, changed by the step */
};

/* One column of a bar. */
enum cell { CELL_FREE = '.', CELL_READY = '#', CELL_NEW = '+', CELL_NOT_READY = 'o', CELL_TERMINATING = 'x' };

struct step_line {
    enum tone tone;
    uint32_t indent;
    struct text text; /* before the bar, or all there is */
    struct text bar;  /* enum cell each; empty: none */
    struct text tail;
};

struct step_lines {
    VEC(struct step_line) items; /* those behind `count` keep their room */
    uint32_t made;
};

void step_lines_clear(struct step_lines *lines);
void step_lines_fini(struct step_lines *lines);
/* "step 7 at 10s", or "the start". */
void step_title(struct text *out, const struct walk_step *step);
/* What happened, in order; of controllers only what is about the filter's Services. */
void step_lines_add_story(struct step_lines *lines, struct walk *walk, const struct view_filter *filter);
/* How much of a Service is shown: nothing of its objects (0 slices), or those slices that the step touched
 * and others up to a number; bars of at most so many columns. */
struct step_detail {
    uint32_t slices_max, bar_columns;
};
void step_lines_add_service(struct step_lines *lines, struct walk *walk, const struct view *view,
    const struct view_service *service, struct step_detail detail);

#endif
