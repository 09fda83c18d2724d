/*
 * step_screen.h: a walk through a run on a terminal, by keys.
 */
#ifndef EPSIM_CLI_STEP_SCREEN_H
#define EPSIM_CLI_STEP_SCREEN_H

#include "cli/step_lines.h"
#include "cli/terminal.h"

/* How a frame looks. */
struct step_look {
    uint32_t columns, rows;
    bool color, utf8;
};

/* One frame: a title, how the Services stand, what happened and why, from line `scroll` on, and a last line.
 * Rows are as wide as the look at most. Returns how many lines there are to scroll. */
uint32_t step_frame(struct text *out, struct walk *walk, const struct view_filter *filter,
    const struct step_look *look, uint32_t scroll, const char *last_line);

/* Until the user quits, from the step where the walk stands. `to_ns`: no further (INT64_MAX: to the end).
 * The result of the walk when it ended otherwise: WALK_FAILED, or WALK_INTERRUPTED. */
enum walk_result step_screen_run(
    struct terminal *terminal, struct walk *walk, const struct view_filter *filter, int64_t to_ns);

#endif
