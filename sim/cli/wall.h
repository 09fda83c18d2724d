/*
 * wall.h: the wall clock. Only the command line looks at it; nothing simulated ever does.
 */
#ifndef EPSIM_CLI_WALL_H
#define EPSIM_CLI_WALL_H

#include "base/text.h"

/* Seconds since some moment in the past; never goes back. */
double wall_monotonic_s(void);
/* Now, as RFC 3339 in UTC with whole seconds. */
void text_add_wall_time(struct text *out);

#endif
