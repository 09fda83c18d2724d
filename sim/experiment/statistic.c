/*
 * statistic.c: see statistic.h.
 */
#include "experiment/statistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"
#include "base/number.h"
#include "experiment/student.h"
#include "kernel/random.h"

bool statistic_parse(const char *name, struct statistic *out)
{
    *out = (struct statistic){.is_mean = strcmp(name, "mean") == 0, .percent = 50};
    if (out->is_mean || strcmp(name, "median") == 0)
        return true;
    return name[0] == 'p' && name[1] >= '0' && name[1] <= '9' &&
           real_parse(name + 1, strlen(name + 1), &out->percent) && out->percent >= 0 && out->percent <= 100;
}

/* --- sorted values ------------------------------------------------------------------------------------ */

static int compare_reals(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double *sorted_copy(const double *values, uint32_t count)
{
    double *copy = mem_array(NULL, count, sizeof *copy);
    if (count > 0)
        memcpy(copy, values, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, compare_reals);
    return copy;
}

/* Where a percentile lies between n values in order: after value `index`, by `share` of the way. */
struct place {
    uint32_t index;
    double share;
};

static struct place percentile_place(uint32_t count, double percent)
{
    double at = (count - 1) * (percent / 100);
    struct place place = {(uint32_t)at, at - floor(at)};
    return place;
}

double percentile_of_sorted(const double *values, uint32_t count, double percent)
{
    EPSIM_ASSERT(count > 0);
    struct place place = percentile_place(count, percent);
    double below = values[place.index];
    return place.share > 0 ? below + place.share * (values[place.index + 1] - below) : below;
}

struct spread spread_of(const double *values, uint32_t count)
{
    struct spread spread = {count, NAN, NAN, NAN, NAN, NAN};
    if (count == 0)
        return spread;
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += values[i];
    spread.mean = sum / count;
    for (uint32_t i = 0; i < count; i++)
        squares += (values[i] - spread.mean) * (values[i] - spread.mean);
    if (count > 1)
        spread.deviation = sqrt(squares / (count - 1));
    double *sorted = sorted_copy(values, count);
    spread.min = sorted[0];
    spread.max = sorted[count - 1];
    if (spread.min == spread.max) {
        spread.mean = spread.min; /* and not its neighbour, by rounding */
        spread.deviation = count > 1 ? 0 : NAN;
    }
    spread.median = percentile_of_sorted(sorted, count, 50);
    free(sorted);
    return spread;
}

/* --- means -------------------------------------------------------------------------------------------- */

static struct estimate around(uint32_t count, double value, double error, double degrees, double confidence)
{
    double width = error > 0 ? error * student_quantile(0.5 + confidence / 2, degrees) : error;
    return (struct estimate){count, value, value - width, value + width};
}

static struct estimate mean_estimate(const double *values, uint32_t count, double confidence)
{
    struct spread spread = spread_of(values, count);
    if (count < 2)
        return (struct estimate){count, spread.mean, NAN, NAN};
    return around(count, spread.mean, spread.deviation / sqrt(count), count - 1, confidence);
}

/* Welch's interval: variances may differ, and the degrees of freedom follow from them (Satterthwaite). */
static struct estimate welch_estimate(
    const double *a, uint32_t a_count, const double *b, uint32_t b_count, double confidence)
{
    struct spread left = spread_of(a, a_count), right = spread_of(b, b_count);
    uint32_t count = a_count < b_count ? a_count : b_count;
    struct estimate estimate = {count, right.mean - left.mean, NAN, NAN};
    if (count < 2)
        return estimate;
    double x = left.deviation * left.deviation / a_count, y = right.deviation * right.deviation / b_count;
    double degrees = x + y > 0 ? (x + y) * (x + y) / (x * x / (a_count - 1) + y * y / (b_count - 1)) : 1;
    /* At least those of the smaller set, but for rounding. */
    return around(count, estimate.value, sqrt(x + y), fmax(degrees, 1), confidence);
}

/* --- the bootstrap ------------------------------------------------------------------------------------ */

/* Values in order, and which run each comes from: a draw is then a number of copies of each run, and its
 * percentile is found by walking along, without sorting again. */
struct ranked {
    double value;
    uint32_t run;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    int order = compare_reals(&a->value, &b->value);
    return order != 0 ? order : (a->run > b->run) - (a->run < b->run);
}

static struct ranked *rank(const double *values, uint32_t count)
{
    struct ranked *ranked = mem_array(NULL, count, sizeof *ranked);
    for (uint32_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){values[i], i};
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    return ranked;
}

static void draw_copies(struct random_stream *stream, uint32_t count, uint32_t *copies)
{
    memset(copies, 0, count * sizeof *copies);
    for (uint32_t i = 0; i < count; i++)
        copies[random_below(stream, count)]++;
}

static double percentile_of_draw(
    const struct ranked *ranked, const uint32_t *copies, uint32_t count, double percent)
{
    struct place place = percentile_place(count, percent);
    uint32_t passed = 0, at = 0;
    while ((passed += copies[ranked[at].run]) <= place.index)
        at++;
    double below = ranked[at].value;
    if (place.share == 0 || passed > place.index + 1)
        return below;
    while (copies[ranked[++at].run] == 0) {
    }
    return below + place.share * (ranked[at].value - below);
}

/* One or two sets of values, drawn together or each by itself. */
struct bootstrap {
    const double *a; /* NULL: one set */
    const double *b;
    uint32_t a_count, b_count;
    bool is_paired;
    double percent;
};

static void bootstrap_draw(const struct bootstrap *bootstrap, double *out)
{
    struct random_stream stream;
    random_stream_init(&stream, 0, 0, "bootstrap");
    struct ranked *a = rank(bootstrap->a, bootstrap->a_count), *b = rank(bootstrap->b, bootstrap->b_count);
    uint32_t most = bootstrap->a_count > bootstrap->b_count ? bootstrap->a_count : bootstrap->b_count;
    uint32_t *copies = mem_array(NULL, most, sizeof *copies);
    for (int draw = 0; draw < BOOTSTRAP_DRAWS; draw++) {
        draw_copies(&stream, bootstrap->b_count, copies);
        out[draw] = percentile_of_draw(b, copies, bootstrap->b_count, bootstrap->percent);
        if (bootstrap->a == NULL)
            continue;
        if (!bootstrap->is_paired)
            draw_copies(&stream, bootstrap->a_count, copies);
        out[draw] -= percentile_of_draw(a, copies, bootstrap->a_count, bootstrap->percent);
    }
    free(copies);
    free(a);
    free(b);
}

static double percentile_of(const double *values, uint32_t count, double percent)
{
    if (count == 0)
        return NAN;
    double *sorted = sorted_copy(values, count);
    double value = percentile_of_sorted(sorted, count, percent);
    free(sorted);
    return value;
}

static struct estimate bootstrap_estimate(const struct bootstrap *bootstrap, double confidence)
{
    bool has_two = bootstrap->a != NULL;
    struct estimate estimate = {bootstrap->b_count, 0, NAN, NAN};
    if (has_two && bootstrap->a_count < bootstrap->b_count)
        estimate.count = bootstrap->a_count;
    estimate.value = percentile_of(bootstrap->b, bootstrap->b_count, bootstrap->percent);
    if (has_two)
        estimate.value -= percentile_of(bootstrap->a, bootstrap->a_count, bootstrap->percent);
    if (estimate.count < 2)
        return estimate;
    double *draws = mem_array(NULL, BOOTSTRAP_DRAWS, sizeof *draws);
    bootstrap_draw(bootstrap, draws);
    qsort(draws, BOOTSTRAP_DRAWS, sizeof *draws, compare_reals);
    estimate.low = percentile_of_sorted(draws, BOOTSTRAP_DRAWS, 50 - 50 * confidence);
    estimate.high = percentile_of_sorted(draws, BOOTSTRAP_DRAWS, 50 + 50 * confidence);
    free(draws);
    return estimate;
}

/* --- estimates ---------------------------------------------------------------------------------------- */

struct estimate estimate_of(
    struct statistic statistic, const double *values, uint32_t count, double confidence)
{
    if (statistic.is_mean)
        return mean_estimate(values, count, confidence);
    struct bootstrap bootstrap = {.b = values, .b_count = count, .percent = statistic.percent};
    return bootstrap_estimate(&bootstrap, confidence);
}

struct estimate estimate_paired(
    struct statistic statistic, const double *a, const double *b, uint32_t count, double confidence)
{
    if (!statistic.is_mean) {
        struct bootstrap bootstrap = {a, b, count, count, true, statistic.percent};
        return bootstrap_estimate(&bootstrap, confidence);
    }
    double *differences = mem_array(NULL, count, sizeof *differences);
    for (uint32_t i = 0; i < count; i++)
        differences[i] = b[i] - a[i];
    struct estimate estimate = mean_estimate(differences, count, confidence);
    free(differences);
    return estimate;
}

struct estimate estimate_unpaired(struct statistic statistic, const double *a, uint32_t a_count,
    const double *b, uint32_t b_count, double confidence)
{
    if (statistic.is_mean)
        return welch_estimate(a, a_count, b, b_count, confidence);
    struct bootstrap bootstrap = {a, b, a_count, b_count, false, statistic.percent};
    return bootstrap_estimate(&bootstrap, confidence);
}

bool estimate_excludes_zero(const struct estimate *estimate)
{
    return estimate->low > 0 || estimate->high < 0;
}
