/*
 * statistic.h: what repetitions of an experiment tell: a mean, a median or another percentile, how far it can
 * be trusted, and by how much two variants differ.
 *
 * Intervals of means are Student's t; of percentiles they are bootstrapped (the percentile method) with a
 * stream of random numbers of their own, so the same values give the same interval. With one value there is
 * no interval; where all values are the same it has no width.
 *
 * Differences are `b` less `a`. Paired ones compare run with run: variants that share seed and run number
 * share their random numbers, so what chance did to both goes away in the difference. Unpaired ones are
 * Welch's.
 */
#ifndef EPSIM_EXPERIMENT_STATISTIC_H
#define EPSIM_EXPERIMENT_STATISTIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct statistic {
    bool is_mean;
    double percent; /* of a percentile: 0 to 100; the median is 50 */
};

struct estimate {
    uint32_t count;   /* values, or pairs */
    double value;     /* NAN without values */
    double low, high; /* NAN with fewer than two values */
};

struct spread {
    uint32_t count;
    double mean, deviation, median, min, max; /* NAN without values; deviation NAN with one */
};

/* Draws of the bootstrap: the ends of a 95 % interval then stand on 50 draws beyond each. */
#define BOOTSTRAP_DRAWS 2000

#define CONFIDENCE_MIN 0.5
#define CONFIDENCE_MAX 0.9999

/* "mean", "median", "p90", "p99.9": false for anything else. */
bool statistic_parse(const char *name, struct statistic *out);

/* The value that a share of `percent` / 100 of the values lies below, between neighbours in proportion (type
 * 7 of Hyndman and Fan: what R and numpy do by default). The values rise; count >= 1. O(1). */
double percentile_of_sorted(const double *values, uint32_t count, double percent);

/* confidence: CONFIDENCE_MIN to CONFIDENCE_MAX. Values are finite, in the order of the runs (a bootstrap
 * depends on it no more than a sum does). O(n) for means, O(n (log n + BOOTSTRAP_DRAWS)) for percentiles. */
struct estimate estimate_of(
    struct statistic statistic, const double *values, uint32_t count, double confidence);
/* Of b[i] - a[i]; for a percentile the difference of the percentiles, pairs drawn together. */
struct estimate estimate_paired(
    struct statistic statistic, const double *a, const double *b, uint32_t count, double confidence);
/* Of two independent sets; `count` of the result is the smaller one's. */
struct estimate estimate_unpaired(struct statistic statistic, const double *a, uint32_t a_count,
    const double *b, uint32_t b_count, double confidence);

/* True when there is an interval and 0 lies outside of it. */
bool estimate_excludes_zero(const struct estimate *estimate);

struct spread spread_of(const double *values, uint32_t count);

#endif
