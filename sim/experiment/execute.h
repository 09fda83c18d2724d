/*
 * execute.h: doing the runs of a plan, by several threads, skipping what is there.
 *
 * A thread takes a few runs that stand together at a time (variants are loaded once for all their
 * repetitions), plays them one after the other and records them in its part (part.h). Threads share counters
 * and nothing else; what is recorded of a run does not depend on how many there are.
 */
#ifndef EPSIM_EXPERIMENT_EXECUTE_H
#define EPSIM_EXPERIMENT_EXECUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "experiment/sweep_plan.h"

/* Runs that a thread takes at a time, at most. */
#define EXECUTE_BATCH_MAX 64

/* What was done so far; read it from `progress`. */
struct execute_counts {
    uint32_t wanted;       /* runs asked for */
    uint32_t there;        /* of these, done before */
    uint32_t there_failed; /* of those that were there */
    uint32_t done;         /* now, failed ones too */
    uint32_t failed;       /* of these */
    uint32_t crashed;      /* found: runs that ended a process before; they count as failed now */
    uint64_t events;
};

struct execute_request {
    const struct sweep_plan *plan;
    const char *folder;
    uint32_t first, count; /* runs of the plan */
    uint32_t workers;
    bool retries;             /* failed ones are done again */
    const volatile int *stop; /* set by a signal; runs under way are then taken back, nothing is lost */
    void (*give_up)(void);    /* sets *stop: nothing can be written any more */
    /* The wall clock, at which nothing simulated looks. */
    double (*wall_s)(void);
    void (*add_wall_time)(struct text *out);
    void (*progress)(void *context, const struct execute_counts *counts); /* in the calling thread; NULL */
    void *context;
};

/* STATUS_OK when all that was asked for is there (failed runs too: see the counts), STATUS_INTERRUPTED, or
 * STATUS_IO and STATUS_BAD_INPUT with a message for the caller to free. */
enum status execute(const struct execute_request *request, struct execute_counts *counts, char **out_message);

#endif
