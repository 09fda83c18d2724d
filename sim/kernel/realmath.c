/*
 * realmath.c: elementary functions whose every bit is ours.
 *
 * log: x = 2^k m with m near 1, and log m = 2 atanh(s), s = (m - 1) / (m + 1), whose series in s^2
 * converges fast as |s| < 0.172. The leading part is carried in two doubles, so the sum is right to
 * about 2^-58 before it is rounded; pow needs that, since its exponent multiplies the error.
 * exp: x = k log 2 + r, |r| < 0.347, and the Taylor series of r.
 *
 * Each double operation must round once, to double.
 */
#include "kernel/realmath.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

_Static_assert(FLT_EVAL_METHOD == 0, "double operations must not carry extra digits");
_Static_assert(DBL_MANT_DIG == 53, "double is IEEE 754 binary64");

/* log 2 in two parts; k times the first is exact for |k| < 2^21. */
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LN2_INVERSE 0x1.71547652b82fep+0
#define EXP_ARGUMENT_MAX 700.0

/* high + low is the exact, or a better, value; |low| is at most half a last digit of high. */
struct pair {
    double high;
    double low;
};

/* Exact (Knuth). */
static struct pair sum_exact(double a, double b)
{
    double sum = a + b;
    double b_part = sum - a;
    return (struct pair){sum, (a - (sum - b_part)) + (b - b_part)};
}

/* Exact, by splitting each factor into halves of 26 bits (Dekker); for |a|, |b| < 2^990. */
static struct pair product_exact(double a, double b)
{
    const double splitter = 134217729.0; /* 2^27 + 1 */
    double a_scaled = splitter * a, b_scaled = splitter * b;
    double a_high = a_scaled - (a_scaled - a), b_high = b_scaled - (b_scaled - b);
    double a_low = a - a_high, b_low = b - b_high;
    double product = a * b;
    double low = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (struct pair){product, low};
}

/* sum of s^(2i) / (2i + 3) for i >= 0: what follows after the first term of atanh, over s^3. */
static double atanh_tail(double s_squared)
{
    static const double inverses[] = {1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15,
        1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25};
    double sum = 0;
    for (int i = 11; i >= 0; i--)
        sum = sum * s_squared + inverses[i];
    return sum;
}

static struct pair log_pair(double x)
{
    int64_t exponent, shift = 0;
    if (x < DBL_MIN) { /* subnormal */
        x *= 0x1p54;
        shift = 54;
    }
    double m = real_reduce(x, &exponent);
    exponent -= shift;
    /* s = f / (2 + f) in two parts: the second from the remainder of the division. */
    double f = m - 1; /* exact */
    double divisor = 2 + f;
    double divisor_low = f - (divisor - 2);
    double s = f / divisor;
    struct pair back = product_exact(s, divisor);
    double s_low = (((f - back.high) - back.low) - s * divisor_low) / divisor;
    double s_squared = s * s;
    double small = 2 * s * s_squared * atanh_tail(s_squared) + 2 * s_low;

    double k = (double)exponent;
    struct pair sum = sum_exact(k * LN2_HIGH, 2 * s);
    return sum_exact(sum.high, sum.low + (k * LN2_LOW + small));
}

double real_log(double x)
{
    return log_pair(x).high;
}

/* exp(x + more), where `more` is tiny beside 1. */
static double exp_sum(double x, double more)
{
    if (x > EXP_ARGUMENT_MAX || x < -EXP_ARGUMENT_MAX) {
        x = x > 0 ? EXP_ARGUMENT_MAX : -EXP_ARGUMENT_MAX;
        more = 0;
    }
    static const double inverse_factorials[] = {1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720,
        1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600,
        1.0 / 6227020800.0, 1.0 / 87178291200.0};
    double k = rint(x * LN2_INVERSE);
    double r = ((x - k * LN2_HIGH) - k * LN2_LOW) + more;
    double sum = 0;
    for (int i = 14; i >= 2; i--)
        sum = sum * r + inverse_factorials[i];
    double power = real_from_bits((uint64_t)((int64_t)k + 1023) << 52);
    return power * (1 + (r + r * r * sum));
}

double real_exp(double x)
{
    return exp_sum(x, 0);
}

double real_pow(double x, double y)
{
    struct pair log_x = log_pair(x);
    if (y > 0x1p900 || y < -0x1p900) /* far beyond the clamp for every x but 1 */
        return exp_sum(y * log_x.high, 0);
    struct pair exponent = product_exact(log_x.high, y);
    return exp_sum(exponent.high, exponent.low + log_x.low * y);
}

double real_log_gamma(double x)
{
    /* Stirling's series is asymptotic: shift to x >= 16 first. Its coefficients are the Bernoulli
     * numbers B(2i) / (2i (2i - 1)). */
    static const double series[] = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156};
    const double log_sqrt_2pi = 0x1.d67f1c864beb5p-1;
    double product = 1;
    for (; x < 16; x += 1)
        product *= x;
    double inverse_squared = 1 / (x * x);
    double sum = 0;
    for (int i = (int)(sizeof series / sizeof series[0]) - 1; i >= 0; i--)
        sum = sum * inverse_squared + series[i];
    return (x - 0.5) * real_log(x) - x + log_sqrt_2pi + sum / x - real_log(product);
}

/* Numerator over denominator, both from the constant term up. */
static double ratio(const double numerator[8], const double denominator[8], double x)
{
    double above = 0, below = 0;
    for (int i = 7; i >= 0; i--) {
        above = above * x + numerator[i];
        below = below * x + denominator[i];
    }
    return above / below;
}

double real_normal_quantile(double p)
{
    /* M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16: rational functions for
     * the middle, the tails, and the far tails. */
    static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
        1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4,
        2.5090809287301226727e3};
    static const double b[8] = {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2,
        5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
        5.2264952788528545610e3};
    static const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
        2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0,
        6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
        5.47593808499534494600e-4, 1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
        2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
        1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
        1.42151175831644588870e-7, 2.04426310338993978564e-15};
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425)
        return q * ratio(a, b, 0.180625 - q * q);
    double r = sqrt(-real_log(q < 0 ? p : 1 - p));
    double quantile = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -quantile : quantile;
}
