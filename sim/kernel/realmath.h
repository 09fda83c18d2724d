/*
 * realmath.h: log, exp and friends from + - x / in a fixed order.
 *
 * The last bit of libm's functions differs between processors and versions; a digest must not.
 * These are the same everywhere (with -ffp-contract=off); relative error below 2^-50 on the ranges
 * that distributions use, held against known values in the tests. All O(1).
 */
#ifndef EPSIM_KERNEL_REALMATH_H
#define EPSIM_KERNEL_REALMATH_H

#include <stdint.h>
#include <string.h>

/* x > 0 and finite. */
double real_log(double x);
/* The same, within REAL_LOG_QUICK_ERROR * (1 + |result|) of it and several times as fast; x not subnormal.
 * For draws, which are rounded to whole nanoseconds: nearly always this says which. */
static inline double real_log_quick(double x);
#define REAL_LOG_QUICK_ERROR 0x1p-50
/* |x| <= 700; clamped beyond. */
double real_exp(double x);
/* x > 0: exp(y log x), the exponent with twice the digits, so that it keeps its accuracy. */
double real_pow(double x, double y);
/* log of the gamma function for x >= 1; absolute error below 2^-45 (1 + result). It is needed for mean
 * values that people read, not for draws. */
double real_log_gamma(double x);
/* The standard normal quantile of p in (0, 1) (Wichura's AS 241). */
double real_normal_quantile(double p);

/* --- in line ------------------------------------------------------------------------------------------- */

static inline uint64_t real_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double real_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* m of x = 2^exponent m, from sqrt(1/2) to sqrt(2); x > 0 and not subnormal. Without a branch: which half m
 * is in is a toss, and a wrong guess of it costs as much as a division. */
static inline double real_reduce(double x, int64_t *out_exponent)
{
    const uint64_t sqrt_half = UINT64_C(0x3fe6a09e667f3bcd);
    uint64_t above = real_bits(x) - sqrt_half;
    *out_exponent = (int64_t)((above + (UINT64_C(1024) << 52)) >> 52) - 1024;
    return real_from_bits(real_bits(x) - (above >> 52 << 52));
}

/* The series of 2 atanh s, s = (m - 1) / (m + 1), its terms in pairs so that they do not wait for each
 * other, nothing carried in two doubles. Errors: 2^-52.5 for what follows after s^17; half a last digit of
 * numbers up to 0.35 a few times, and of k log 2 and the sum. Together they are less than half of what is
 * promised. */
static inline double real_log_quick(double x)
{
    const double ln2 = 0x1.62e42fefa39efp-1;
    int64_t exponent;
    double m = real_reduce(x, &exponent);
    double s = (m - 1) / (m + 1);
    double z = s * s, z2 = z * z, z4 = z2 * z2;
    double low = (1 + z * (1.0 / 3)) + z2 * (1.0 / 5 + z * (1.0 / 7));
    double high = (1.0 / 9 + z * (1.0 / 11)) + z2 * (1.0 / 13 + z * (1.0 / 15));
    double sum = low + z4 * (high + z4 * (1.0 / 17));
    double k = real_from_bits(real_bits(0x1.8p52) + (uint64_t)exponent) - 0x1.8p52; /* (double)exponent */
    return k * ln2 + 2 * s * sum;
}

#endif
