/*
 * progress.h: one line on a terminal, rewritten while a run goes on:
 *
 *      42 %  12m of 30m  1,204,331 events  1,950,000 events/s  about 8 s left
 *
 * Nothing is shown in the first half second, when standard error is no terminal, or more than five
 * times a second.
 */
#ifndef EPSIM_CLI_PROGRESS_H
#define EPSIM_CLI_PROGRESS_H

#include <stdbool.h>

#include "simulation/simulation.h"

struct progress {
    bool on;
    bool is_shown;
    double started_s;
    double shown_s;
};

void progress_init(struct progress *progress, bool on);
void progress_show(struct progress *progress, const struct simulation *simulation);
/* The same for work of another kind: `share` of 1 (0: not known), and what is being worked on. */
void progress_show_share(struct progress *progress, double share, const char *what);
/* The same of many runs (or files): "42 %  210 of 500  3 failed  350/s  about 1 s left". */
void progress_show_runs(struct progress *progress, uint64_t done, uint64_t of, uint64_t failed);
/* Takes the line away. */
void progress_clear(struct progress *progress);

#endif
