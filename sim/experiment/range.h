/*
 * range.h: values that are told by a rule.
 *
 *     1..1000               1, 2, ..., 1000
 *     0s..60s step 5s       durations and decimal fractions need a step; the last value is at most the end
 *     log 1..1000 steps 10  10 values whose ratio is the same, both ends among them, rounded to integers
 *                           (durations: to milliseconds); equal neighbours become one
 *
 * Decimal fractions are counted in their last digit, so 0..1 step 0.1 has 0.3 and not 0.30000000000000004.
 */
#ifndef EPSIM_EXPERIMENT_RANGE_H
#define EPSIM_EXPERIMENT_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Digits after the point that a fraction may have. */
#define RANGE_DECIMALS_MAX 9

struct range {
    bool is_duration;
    bool is_log;
    uint32_t decimals; /* of numbers: values count in 10^-decimals */
    int64_t first, last, step;
    uint32_t steps; /* log: before equal neighbours become one */
};

/* Whether a text is meant as a range: it begins with a digit and has "..", or begins with "log ". */
bool range_is_meant(const char *text);
/* NULL, or what is wrong: "a range goes from low to high". More than `count_max` values are wrong too. */
const char *range_parse(const char *text, uint32_t count_max, struct range *out);
/* Values of steps 0 to range_steps - 1 as text; false for one that is equal to the one before it. */
uint32_t range_steps(const struct range *range);
bool range_value(const struct range *range, uint32_t step, struct text *out);

#endif
