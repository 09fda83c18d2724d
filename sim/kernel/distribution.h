/*
 * distribution.h: how long something takes, drawn from a named stream.
 *
 * Every draw inverts the distribution function: one uniform number a draw, so common random numbers
 * pair variants of an experiment. Results are int64 nanoseconds, rounded to nearest, never negative.
 */
#ifndef EPSIM_KERNEL_DISTRIBUTION_H
#define EPSIM_KERNEL_DISTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/random.h"

enum distribution_kind {
    DISTRIBUTION_CONSTANT,
    DISTRIBUTION_UNIFORM,     /* a = lowest, b = highest */
    DISTRIBUTION_EXPONENTIAL, /* a = mean */
    DISTRIBUTION_LOG_NORMAL,  /* a = median, b = sigma of the logarithm (no unit) */
    DISTRIBUTION_WEIBULL,     /* a = scale, b = shape (no unit) */
    DISTRIBUTION_EMPIRICAL,   /* the inverse of a piecewise linear distribution function */
};

/* A point of an empirical distribution: a share `p` of the draws is <= value_ns. */
struct quantile {
    double p;
    double value_ns;
};

#define QUANTILES_MAX 4096

struct distribution {
    enum distribution_kind kind;
    double a; /* nanoseconds, or as said above */
    double b;
    const struct quantile *quantiles; /* borrowed; p rises from 0 to 1, values do not fall */
    uint32_t quantile_count;
};

struct distribution distribution_constant(int64_t ns);
/* NULL when the parameters make sense, else what is wrong with them, as a text for the user. The other
 * functions expect a distribution that passed. Times are 0 to 2^62 ns (146 years), sigma 0 to 20, shape
 * 0.05 to 1000. O(1); O(points) empirical. */
const char *distribution_check(const struct distribution *distribution);
/* A constant draws nothing from the stream. Clamped to [0, 2^62]. O(1); O(log points) empirical. */
int64_t distribution_draw(const struct distribution *distribution, struct random_stream *stream);
/* Without the rounding and the clamp. */
double distribution_mean_ns(const struct distribution *distribution);
/* True when each draw is 0. */
bool distribution_is_zero(const struct distribution *distribution);

#endif
