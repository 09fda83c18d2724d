/*
 * realmath.h: log, exp and friends from + - x / in a fixed order.
 *
 * The last bit of libm's functions differs between processors and versions; a digest must not.
 * These are the same everywhere (with -ffp-contract=off); relative error below 2^-50 on the ranges
 * that distributions use, held against known values in the tests. All O(1).
 */
#ifndef EPSIM_KERNEL_REALMATH_H
#define EPSIM_KERNEL_REALMATH_H

/* x > 0 and finite. */
double real_log(double x);
/* |x| <= 700; clamped beyond. */
double real_exp(double x);
/* x > 0: exp(y log x), the exponent with twice the digits, so that it keeps its accuracy. */
double real_pow(double x, double y);
/* log of the gamma function for x >= 1; absolute error below 2^-45 (1 + result). It is needed for mean
 * values that people read, not for draws. */
double real_log_gamma(double x);
/* The standard normal quantile of p in (0, 1) (Wichura's AS 241). */
double real_normal_quantile(double p);

#endif
