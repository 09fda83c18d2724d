/*
 * experiment_statistic_test.c: t quantiles against tables, intervals against published examples, the
 * bootstrap against its own promise (how often an interval holds the truth), and that nothing depends on
 * anything but the values.
 */
#include "suite.h"

#include <math.h>

#include "experiment/statistic.h"
#include "experiment/student.h"

static void check_near(double value, double wanted, double tolerance)
{
    CU_ASSERT_TRUE(fabs(value - wanted) <= tolerance * fmax(1, fabs(wanted)));
    if (!(fabs(value - wanted) <= tolerance * fmax(1, fabs(wanted))))
        fprintf(stderr, "%.15g instead of %.15g\n", value, wanted);
}

/* Every published table has the first three digits of these; the others were computed with 40 digits (mpmath:
 * the root of 1 - betainc(v/2, 1/2, 0, v/(v+t*t), regularized=True) / 2 = p). */
static void test_quantiles(void)
{
    static const struct {
        double p, degrees, t;
    } known[] = {
        {0.75, 1, 1}, /* Cauchy's: the tangent of 45 degrees */
        {0.75, 2, 0.816496580927727},
        {0.75, 3, 0.7648923284043453},
        {0.75, 29, 0.6830438608216132},
        {0.75, 1000, 0.674735164607009},
        {0.9, 1, 3.077683537175253},
        {0.9, 2.25, 1.796714228301407},
        {0.9, 120, 1.288646233656378},
        {0.9, 999, 1.282399570037397},
        {0.9, 1000, 1.282398721460924},
        {0.9, 100000, 1.28156003144936},
        {0.975, 1, 12.7062047361747},
        {0.975, 1.5, 6.016663104427932},
        {0.975, 2, 4.302652729749464},
        {0.975, 4, 2.776445105197794},
        {0.975, 7.3, 2.345066736547704},
        {0.975, 9, 2.262157162798206},
        {0.975, 29, 2.045229642132704},
        {0.975, 999, 1.96234146113345},
        {0.975, 1000, 1.96233908082641},
        {0.975, 100000, 1.95998770753461},
        {0.995, 3, 5.840909309733357},
        {0.995, 9, 3.249835541592126},
        {0.9995, 1, 636.6192487687196},
        {0.9995, 5, 6.86882662588111},
        {0.9995, 120, 3.3734537685625},
        {0.9995, 100000, 3.29062403141191},
        {0.025, 4, -2.776445105197794},
        {0.5, 3, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        check_near(student_quantile(known[i].p, known[i].degrees), known[i].t, 1e-11);
}

/* Student's own example: hours of sleep that ten people gained by two drugs. */
static const double drug_1[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double drug_2[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static void test_means(void)
{
    struct statistic mean;
    CU_ASSERT_TRUE(statistic_parse("mean", &mean));
    struct estimate paired = estimate_paired(mean, drug_1, drug_2, 10, 0.95);
    CU_ASSERT_EQUAL(paired.count, 10);
    check_near(paired.value, 1.58, 1e-12);
    check_near(paired.low, 0.7001142, 1e-7);
    check_near(paired.high, 2.4598858, 1e-7);
    CU_ASSERT_TRUE(estimate_excludes_zero(&paired));
    /* The same people taken for others: the interval is twice as wide, and holds 0. */
    struct estimate welch = estimate_unpaired(mean, drug_1, 10, drug_2, 10, 0.95);
    check_near(welch.value, 1.58, 1e-12);
    check_near(welch.low, -0.2054832, 1e-7);
    check_near(welch.high, 3.3654832, 1e-7);
    CU_ASSERT_FALSE(estimate_excludes_zero(&welch));
    struct estimate one = estimate_of(mean, drug_2, 10, 0.99);
    check_near(one.value, 2.33, 1e-12);
    check_near(one.low, 0.2723125341, 1e-8);
    check_near(one.high, 4.3876874659, 1e-8);
}

static void test_few_values(void)
{
    static const struct statistic kinds[] = {{.is_mean = true}, {.percent = 50}};
    static const double same[] = {0.1, 0.1, 0.1};
    for (int i = 0; i < 2; i++) {
        struct estimate none = estimate_of(kinds[i], NULL, 0, 0.95);
        CU_ASSERT_TRUE(isnan(none.value) && isnan(none.low) && isnan(none.high));
        struct estimate one = estimate_of(kinds[i], drug_1, 1, 0.95);
        CU_ASSERT_EQUAL(one.value, 0.7);
        CU_ASSERT_TRUE(isnan(one.low) && isnan(one.high));
        CU_ASSERT_FALSE(estimate_excludes_zero(&one));
        struct estimate equal = estimate_of(kinds[i], same, 3, 0.95);
        CU_ASSERT_TRUE(equal.value == 0.1 && equal.low == 0.1 && equal.high == 0.1);
        struct estimate nothing = estimate_paired(kinds[i], same, same, 3, 0.95);
        CU_ASSERT_TRUE(nothing.value == 0 && nothing.low == 0 && nothing.high == 0);
        CU_ASSERT_FALSE(estimate_excludes_zero(&nothing));
        struct estimate apart = estimate_unpaired(kinds[i], same, 3, drug_1, 1, 0.95);
        CU_ASSERT_TRUE(fabs(apart.value - 0.6) < 1e-12 && isnan(apart.low));
    }
}

static void test_percentiles(void)
{
    static const double four[] = {1, 2, 4, 8};
    CU_ASSERT_EQUAL(percentile_of_sorted(four, 4, 0), 1);
    CU_ASSERT_EQUAL(percentile_of_sorted(four, 4, 50), 3);
    check_near(percentile_of_sorted(four, 4, 90), 6.8, 1e-15);
    CU_ASSERT_EQUAL(percentile_of_sorted(four, 4, 100), 8);
    CU_ASSERT_EQUAL(percentile_of_sorted(four, 1, 99), 1);
    struct spread spread = spread_of(drug_1, 10);
    CU_ASSERT_EQUAL(spread.count, 10);
    check_near(spread.mean, 0.75, 1e-12);
    check_near(spread.deviation, 1.7890097, 1e-7);
    check_near(spread.median, 0.35, 1e-12);
    CU_ASSERT_TRUE(spread.min == -1.6 && spread.max == 3.7);

    struct statistic statistic;
    CU_ASSERT_TRUE(statistic_parse("median", &statistic) && !statistic.is_mean && statistic.percent == 50);
    CU_ASSERT_TRUE(statistic_parse("p99.9", &statistic) && statistic.percent == 99.9);
    CU_ASSERT_TRUE(statistic_parse("p0", &statistic) && statistic.percent == 0);
    static const char *const bad[] = {"", "p", "p101", "p-1", "pp", "p 5", "mode", "90", "p1e9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_FALSE(statistic_parse(bad[i], &statistic));
}

/* Roughly normal: the sum of twelve uniform numbers. */
static double draw(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += (double)(suite_random(state) >> 11) * 0x1p-53;
    return sum;
}

/* A 90 % interval holds the truth nine times in ten: of 400 between 335 and 385 (four deviations of the
 * binomial, and what the bootstrap lacks at 40 values). */
static void test_coverage(void)
{
    uint64_t state = suite_seed();
    int held[3] = {0};
    for (int trial = 0; trial < 400; trial++) {
        double a[40], b[40], paired[40];
        for (int i = 0; i < 40; i++) {
            a[i] = draw(&state);
            b[i] = draw(&state) + 1;
            paired[i] = a[i] + 1 + 0.1 * draw(&state);
        }
        struct statistic mean = {.is_mean = true}, median = {.percent = 50};
        struct estimate estimates[] = {
            estimate_of(mean, b, 40, 0.9),
            estimate_of(median, b, 40, 0.9),
            estimate_unpaired(median, a, 40, b, 40, 0.9),
        };
        for (int i = 0; i < 3; i++)
            held[i] += estimates[i].low <= 1 && 1 <= estimates[i].high;
        if (trial == 0) {
            /* Runs that share their chance differ by what is not chance. */
            struct estimate wide = estimate_unpaired(median, a, 40, paired, 40, 0.9);
            struct estimate narrow = estimate_paired(median, a, paired, 40, 0.9);
            CU_ASSERT_TRUE(narrow.high - narrow.low < 0.5 * (wide.high - wide.low));
            CU_ASSERT_EQUAL(narrow.value, wide.value);
        }
    }
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_TRUE(held[i] >= 335 && held[i] <= 385);
        if (!(held[i] >= 335 && held[i] <= 385))
            fprintf(stderr, "estimate %d: %d of 400\n", i, held[i]);
    }
}

/* The stream is named; the values and nothing else decide. */
static void test_bootstrap_is_pinned(void)
{
    struct statistic p90 = {.percent = 90};
    struct estimate first = estimate_of(p90, drug_2, 10, 0.95);
    estimate_of(p90, drug_1, 10, 0.95);
    struct estimate again = estimate_of(p90, drug_2, 10, 0.95);
    CU_ASSERT_TRUE(first.value == again.value && first.low == again.low && first.high == again.high);
    check_near(first.value, 4.69, 1e-12);
    CU_ASSERT_TRUE(first.low < 4.69 && first.high > 4.69);
    /* An end of the interval is a percentile of draws of these values: within their range. */
    CU_ASSERT_TRUE(first.low >= 1.9 && first.high <= 5.5);
    check_near(first.low, 2.15, 1e-12);
    check_near(first.high, 5.5, 1e-12);
    struct estimate narrower = estimate_of(p90, drug_2, 10, 0.5);
    CU_ASSERT_TRUE(narrower.low >= first.low && narrower.high <= first.high);
}

static const struct suite_test tests[] = {
    {"t quantiles are those of the tables", test_quantiles},
    {"Student's own example, paired and not", test_means},
    {"no value, one value, equal values", test_few_values},
    {"percentiles and the spread", test_percentiles},
    {"intervals hold the truth as often as they say", test_coverage},
    {"the bootstrap gives the same twice", test_bootstrap_is_pinned},
};

int main(void)
{
    return suite_main("experiment_statistic", tests, sizeof tests / sizeof tests[0]);
}
