/*
 * distribution.c: quantile functions at a uniform number u in (0, 1), all of them rising in u, so
 * that equal u mean "early" or "late" alike whatever the distribution.
 */
#include "kernel/distribution.h"

#include <math.h>
#include <stddef.h>

#include "base/check.h"
#include "kernel/realmath.h"

/* The longest delay that is drawn: 146 years. The sum of two does not overflow. */
#define DRAW_NS_MAX (INT64_C(1) << 62)
#define DRAW_NS_MAX_REAL 0x1p62

struct distribution distribution_constant(int64_t ns)
{
    return (struct distribution){.kind = DISTRIBUTION_CONSTANT, .a = (double)ns};
}

/* Not "x < 0 || ...": a NaN must fail, too. */
static bool is_time(double ns)
{
    return ns >= 0 && ns <= DRAW_NS_MAX_REAL;
}

static const char *empirical_check(const struct distribution *distribution)
{
    const struct quantile *points = distribution->quantiles;
    uint32_t count = distribution->quantile_count;
    if (!points || count < 2)
        return "an empirical distribution needs at least two points";
    if (count > QUANTILES_MAX)
        return "an empirical distribution has at most 4096 points";
    if (!(points[0].p == 0) || !(points[count - 1].p == 1))
        return "the shares of an empirical distribution must start at 0 and end at 1";
    for (uint32_t i = 0; i < count; i++) {
        if (!is_time(points[i].value_ns))
            return "the values of an empirical distribution must be durations of 0 to 146 years";
        if (i > 0 && !(points[i].p > points[i - 1].p))
            return "the shares of an empirical distribution must rise";
        if (i > 0 && points[i].value_ns < points[i - 1].value_ns)
            return "the values of an empirical distribution must not fall";
    }
    return NULL;
}

const char *distribution_check(const struct distribution *distribution)
{
    double a = distribution->a, b = distribution->b;
    if (distribution->kind == DISTRIBUTION_EMPIRICAL)
        return empirical_check(distribution);
    if (!is_time(a))
        return "a duration must be from 0 to 146 years";
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
    case DISTRIBUTION_EXPONENTIAL:
        return NULL;
    case DISTRIBUTION_UNIFORM:
        if (!is_time(b))
            return "a duration must be from 0 to 146 years";
        return a <= b ? NULL : "the lowest value of a uniform distribution must not be above its highest";
    case DISTRIBUTION_LOG_NORMAL:
        return b >= 0 && b <= 20 ? NULL : "the sigma of a log-normal distribution must be from 0 to 20";
    case DISTRIBUTION_WEIBULL:
        return b >= 0.05 && b <= 1000 ? NULL
                                      : "the shape of a Weibull distribution must be from 0.05 to 1000";
    default:
        return "unknown kind of distribution";
    }
}

static double empirical_quantile(const struct distribution *distribution, double u)
{
    const struct quantile *points = distribution->quantiles;
    /* The last point with p <= u; u < 1, so one comes after it. */
    uint32_t low = 0, high = distribution->quantile_count - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (points[middle].p <= u)
            low = middle;
        else
            high = middle;
    }
    double share = (u - points[low].p) / (points[high].p - points[low].p);
    return points[low].value_ns + share * (points[high].value_ns - points[low].value_ns);
}

static double quantile_at(const struct distribution *distribution, double u)
{
    double a = distribution->a, b = distribution->b;
    switch (distribution->kind) {
    case DISTRIBUTION_UNIFORM:
        return a + u * (b - a);
    case DISTRIBUTION_EXPONENTIAL:
        return a * -real_log(1 - u);
    case DISTRIBUTION_LOG_NORMAL:
        return a * real_exp(b * real_normal_quantile(u));
    case DISTRIBUTION_WEIBULL:
        return a * real_pow(-real_log(1 - u), 1 / b);
    case DISTRIBUTION_EMPIRICAL:
        return empirical_quantile(distribution, u);
    default:
        return a;
    }
}

static int64_t draw_at(const struct distribution *distribution, double u)
{
    double ns = quantile_at(distribution, u);
    EPSIM_ASSERT(ns >= 0);
    return ns >= DRAW_NS_MAX_REAL ? DRAW_NS_MAX : (int64_t)rint(ns);
}

/* An exponential draw from its quick logarithm, unless that leaves open to which nanosecond the exact one
 * rounds: then false. The bound covers both errors, the quick one's and the rounding of the exact product,
 * twice over; for a mean of a second it is a hundred-thousandth of a nanosecond. */
static inline bool exponential_quick(double mean_ns, double log, int64_t *out_ns)
{
    const double whole = 0x1p52; /* numbers from here to 2^53 are whole: adding it rounds, as rint does */
    double ns = mean_ns * log;
    double rounded = (ns + whole) - whole;
    double error = mean_ns * (1 + log) * (4 * REAL_LOG_QUICK_ERROR);
    if (!(ns < 0x1p51) || fabs(ns - rounded) + error >= 0.5)
        return false;
    *out_ns = (int64_t)rounded;
    return true;
}

static int64_t exponential_draw(const struct distribution *distribution, struct random_stream *stream)
{
    int64_t ns;
    double log, u = random_unit_log(stream, &log);
    return exponential_quick(distribution->a, -log, &ns) ? ns : draw_at(distribution, u);
}

int64_t distribution_draw(const struct distribution *distribution, struct random_stream *stream)
{
    if (distribution->kind == DISTRIBUTION_EXPONENTIAL)
        return exponential_draw(distribution, stream);
    return draw_at(distribution, distribution->kind == DISTRIBUTION_CONSTANT ? 0.5 : random_unit(stream));
}

double distribution_mean_ns(const struct distribution *distribution)
{
    double a = distribution->a, b = distribution->b;
    switch (distribution->kind) {
    case DISTRIBUTION_UNIFORM:
        return a + (b - a) / 2;
    case DISTRIBUTION_LOG_NORMAL:
        return a * real_exp(b * b / 2);
    case DISTRIBUTION_WEIBULL:
        return a * real_exp(real_log_gamma(1 + 1 / b));
    case DISTRIBUTION_EMPIRICAL: {
        const struct quantile *points = distribution->quantiles;
        double sum = 0;
        for (uint32_t i = 1; i < distribution->quantile_count; i++)
            sum += (points[i].p - points[i - 1].p) * (points[i].value_ns + points[i - 1].value_ns) / 2;
        return sum;
    }
    default:
        return a;
    }
}

bool distribution_is_zero(const struct distribution *distribution)
{
    switch (distribution->kind) {
    case DISTRIBUTION_UNIFORM:
        return distribution->b == 0;
    case DISTRIBUTION_EMPIRICAL:
        return distribution->quantiles[distribution->quantile_count - 1].value_ns == 0;
    default:
        return distribution->a == 0;
    }
}
