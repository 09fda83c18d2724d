/*
 * check.c: the end of a run that found itself wrong.
 *
 * The context pointer is the only mutable state outside objects in the whole program: an assertion
 * deep in a container has no other way to say at which simulated time it failed. It is per thread,
 * borrowed, and nothing but the message below reads it, so no result can depend on it.
 */
#include "base/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local const struct check_context *current;

const struct check_context *check_context_set(const struct check_context *context)
{
    const struct check_context *previous = current;
    current = context;
    return previous;
}

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    fflush(stdout);
    if (current) {
        fprintf(stderr,
            "epsim: bug: %s:%d: %s failed at t=%" PRId64 " ns, seed %" PRIu64 ", event %" PRIu64 "\n", file,
            line, condition, current->now_ns, current->seed, current->event_number);
    } else {
        fprintf(stderr, "epsim: bug: %s:%d: %s failed outside of a simulation\n", file, line, condition);
    }
    fflush(stderr);
    abort();
}
