/*
 * check.h: assertions that stay on in release builds.
 *
 * EPSIM_ASSERT guards what must hold unless epsim itself is wrong. When it fails, it prints the
 * condition, the place, and the simulated time, seed and event number of the simulation that this
 * thread runs, then aborts. Nothing that a user can type or corrupt may reach one.
 * EPSIM_DEBUG_ASSERT is for checks that cost more than O(1); only builds with
 * -DEPSIM_DEBUG_CHECKS have them.
 */
#ifndef EPSIM_BASE_CHECK_H
#define EPSIM_BASE_CHECK_H

#include <stdint.h>

/* What a failed assertion tells about the simulation. The kernel keeps it current. */
struct check_context {
    int64_t now_ns;
    uint64_t seed;
    uint64_t event_number;
};

/* Names the context of the calling thread; NULL takes it away. The pointer is borrowed. Returns the
 * one before, for the caller to put back. */
const struct check_context *check_context_set(const struct check_context *context);

/* Functions for what hardly ever happens: they stand, and so does what leads to them, away from the code that
 * events run through, which then needs fewer lines of the instruction cache. */
#define EPSIM_COLD __attribute__((cold, noinline))

_Noreturn EPSIM_COLD void check_failed(const char *condition, const char *file, int line);

#define EPSIM_ASSERT(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#ifdef EPSIM_DEBUG_CHECKS
#define EPSIM_DEBUG_ASSERT(condition) EPSIM_ASSERT(condition)
#else
#define EPSIM_DEBUG_ASSERT(condition) ((void)0)
#endif

#endif
