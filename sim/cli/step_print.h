/*
 * step_print.h: steps as text, one block a step, or as JSON, one object a line.
 */
#ifndef EPSIM_CLI_STEP_PRINT_H
#define EPSIM_CLI_STEP_PRINT_H

#include "cli/step_lines.h"

void step_print_text(
    struct text *out, struct walk *walk, const struct view *view, const struct view_filter *filter);
void step_print_json(
    struct text *out, struct walk *walk, const struct view *view, const struct view_filter *filter);

#endif
