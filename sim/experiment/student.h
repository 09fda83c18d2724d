/*
 * student.h: quantiles of Student's t distribution, for intervals around means.
 *
 * Debian's libraries that have them do not fit: GSL and R's libRmath are GPL, Boost.Math is C++. What is
 * needed is one continued fraction (docs/dependencies.md), held against published tables in the tests. It
 * uses kernel/realmath.h, so intervals are the same to the last digit everywhere.
 */
#ifndef EPSIM_EXPERIMENT_STUDENT_H
#define EPSIM_EXPERIMENT_STUDENT_H

/* The t that a share `p` of the distribution lies below. p: 0.000001 to 0.999999; degrees of freedom: 1 and
 * up, whole or not (Welch's are not). Relative error below 10^-10. O(1). */
double student_quantile(double p, double degrees);

#endif
