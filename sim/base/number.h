/*
 * number.h: numbers as users write them.
 */
#ifndef EPSIM_BASE_NUMBER_H
#define EPSIM_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of `string` as a decimal integer in [min, max]: digits after an optional '-'. Leading zeros
 * are decimal. */
bool int_parse(const char *string, size_t length, int64_t min, int64_t max, int64_t *out);
/* All of `string` as a finite decimal number ("-1.5", ".5", "2e-3"): no sign '+', no hexadecimal, no
 * "inf", no "nan". Correctly rounded. The program never calls setlocale, so the point is a point. */
bool real_parse(const char *string, size_t length, double *out);

#endif
