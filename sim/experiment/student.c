/*
 * student.c: see student.h.
 */
#include "experiment/student.h"

#include <math.h>

#include "base/check.h"
#include "kernel/realmath.h"

/* From here on the distribution is taken as normal with corrections, whose error is then below 10^-12; below,
 * the logarithms of gamma are small enough to keep their digits. */
#define DEGREES_EXACT_MAX 1000
#define FRACTION_STEPS_MAX 2000
#define FRACTION_EPSILON 1e-15

/* Log of the gamma function for x >= 1/2; realmath's begins at 1. */
static double log_gamma(double x)
{
    return x < 1 ? real_log_gamma(x + 1) - real_log(x) : real_log_gamma(x);
}

static double not_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), from the front
 * (Lentz). Converges in O(sqrt(max(a, b))) steps for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), result = d;
    for (int m = 1; m < FRACTION_STEPS_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        result *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        result *= d * c;
        if (fabs(d * c - 1) < FRACTION_EPSILON)
            break;
    }
    return result;
}

/* The regularised incomplete beta function; y = 1 - x, given apart because it may be tiny. */
static double beta_share(double x, double y, double a, double b)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    double front =
        real_exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * real_log(x) + b * real_log(y));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(y, b, a) / b;
}

/* P(T > t) for t >= 0. */
static double upper_tail(double t, double degrees)
{
    double whole = degrees + t * t;
    return beta_share(degrees / whole, t * t / whole, degrees / 2, 0.5) / 2;
}

/* Abramowitz and Stegun 26.7.5. */
static double nearly_normal(double z, double degrees)
{
    double z2 = z * z;
    double terms[] = {
        z * (z2 + 1) / 4,
        z * ((5 * z2 + 16) * z2 + 3) / 96,
        z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
        z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
    };
    double sum = 0;
    for (int i = 3; i >= 0; i--)
        sum = (sum + terms[i]) / degrees;
    return z + sum;
}

double student_quantile(double p, double degrees)
{
    EPSIM_ASSERT(p >= 1e-6 && p <= 1 - 1e-6 && degrees >= 1);
    if (p < 0.5)
        return -student_quantile(1 - p, degrees);
    if (p == 0.5)
        return 0;
    if (degrees >= DEGREES_EXACT_MAX)
        return nearly_normal(real_normal_quantile(p), degrees);
    /* The tail falls as t grows: the two ends close in until they are neighbours. */
    double low = 0, high = 1, tail = 1 - p;
    while (upper_tail(high, degrees) > tail)
        high *= 2;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (upper_tail(middle, degrees) > tail)
            low = middle;
        else
            high = middle;
    }
}
