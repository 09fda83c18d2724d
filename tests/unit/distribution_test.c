/*
 * distribution_test.c: mean, variance and shares below known quantiles of 200,000 draws of each
 * distribution, each within five standard errors of what theory says; pinned draws; and what the
 * parameters may be. The seed is fixed, so a failure is a change, not bad luck.
 */
#include "suite.h"

#include <math.h>

#include "kernel/digest.h"
#include "kernel/distribution.h"
#include "kernel/realmath.h"

enum { DRAWS = 200000 };

struct expected {
    double mean;
    double variance;
    double kurtosis;        /* fourth central moment / variance^2: 3 for a normal one */
    double quantiles[3][2]; /* a share p of the draws is <= the value */
};

static void check_draws(const struct distribution *distribution, const struct expected *expected)
{
    struct random_stream stream;
    random_stream_init(&stream, 20260102, 0, "draws");
    double sum = 0, squares = 0;
    uint32_t below[3] = {0};
    for (int i = 0; i < DRAWS; i++) {
        double ns = (double)distribution_draw(distribution, &stream);
        sum += ns - expected->mean;
        squares += (ns - expected->mean) * (ns - expected->mean);
        for (int k = 0; k < 3; k++)
            below[k] += ns <= expected->quantiles[k][1];
    }
    double mean_error = sqrt(expected->variance / DRAWS);
    double variance_error = expected->variance * sqrt((expected->kurtosis - 1) / DRAWS);
    CU_ASSERT_PTR_NULL(distribution_check(distribution));
    CU_ASSERT(fabs(sum / DRAWS) < 5 * mean_error);
    CU_ASSERT(fabs(squares / DRAWS - expected->variance) < 5 * variance_error);
    CU_ASSERT(fabs(distribution_mean_ns(distribution) - expected->mean) <= 1e-12 * expected->mean);
    CU_ASSERT(!distribution_is_zero(distribution));
    for (int k = 0; k < 3; k++) {
        double p = expected->quantiles[k][0];
        CU_ASSERT(fabs(below[k] / (double)DRAWS - p) < 5 * sqrt(p * (1 - p) / DRAWS));
    }
}

static void test_constant(void)
{
    struct distribution distribution = distribution_constant(INT64_C(1234567890123));
    struct random_stream stream, copy;
    random_stream_init(&stream, 1, 1, "x");
    copy = stream;
    CU_ASSERT_EQUAL(distribution_draw(&distribution, &stream), INT64_C(1234567890123));
    CU_ASSERT_EQUAL(memcmp(&stream, &copy, sizeof copy), 0); /* nothing drawn */
    CU_ASSERT_EQUAL(distribution_mean_ns(&distribution), 1234567890123.0);
    CU_ASSERT(!distribution_is_zero(&distribution));
    CU_ASSERT_PTR_NULL(distribution_check(&distribution));
}

static void test_uniform(void)
{
    struct distribution distribution = {.kind = DISTRIBUTION_UNIFORM, .a = 2e9, .b = 5e9};
    double width = 3e9;
    check_draws(&distribution,
        &(struct expected){3.5e9, width * width / 12, 1.8, {{0.1, 2.3e9}, {0.5, 3.5e9}, {0.99, 4.97e9}}});
}

static void test_exponential(void)
{
    struct distribution distribution = {.kind = DISTRIBUTION_EXPONENTIAL, .a = 4e9};
    check_draws(&distribution, &(struct expected){4e9, 16e18, 9,
                                   {{0.1, -4e9 * log(0.9)}, {0.5, 4e9 * log(2)}, {0.99, -4e9 * log(0.01)}}});
}

static int64_t exact_exponential(double mean_ns, double u)
{
    double ns = mean_ns * -real_log(1 - u);
    return ns >= 0x1p62 ? INT64_C(1) << 62 : (int64_t)rint(ns);
}

/* The quick logarithm decides only what the exact one would decide alike: at every scale, at both places in a
 * pair of numbers, and where the product lies right between two nanoseconds. */
static void test_exponential_is_exact(void)
{
    static const double means[] = {
        0, 1, 3, 1e3, 1e6, 1e9, 1e9 / 0.9, 3.6e12, 8.64e13, 1e15, 1e17, 0x1p60, 0x1p62};
    struct random_stream stream, copy;
    random_stream_init(&stream, 1, 0, "exact");
    for (uint32_t m = 0; m < sizeof means / sizeof means[0]; m++) {
        struct distribution distribution = {.kind = DISTRIBUTION_EXPONENTIAL, .a = means[m]};
        if (m % 2)
            random_u32(&stream);
        for (int i = 0; i < DRAWS / 10; i++) {
            copy = stream;
            CU_ASSERT_EQUAL(
                distribution_draw(&distribution, &stream), exact_exponential(means[m], random_unit(&copy)));
        }
    }
    for (int i = 0; i < DRAWS; i++) {
        copy = stream;
        double u = random_unit(&copy);
        double mean_ns = ((double)(i % 1000) * 1234567 + 0.5) / -real_log(1 - u);
        struct distribution distribution = {.kind = DISTRIBUTION_EXPONENTIAL, .a = mean_ns};
        CU_ASSERT_EQUAL(distribution_draw(&distribution, &stream), exact_exponential(mean_ns, u));
    }
}

static void test_log_normal(void)
{
    double median = 3e9, sigma = 0.5;
    struct distribution distribution = {.kind = DISTRIBUTION_LOG_NORMAL, .a = median, .b = sigma};
    double w = exp(sigma * sigma);
    check_draws(&distribution, &(struct expected){median * sqrt(w), median * median * w * (w - 1),
                                   w * w * w * w + 2 * w * w * w + 3 * w * w - 3,
                                   {{0.158655253931457, median * exp(-sigma)}, {0.5, median},
                                       {0.977249868051821, median * exp(2 * sigma)}}});
}

static void test_weibull(void)
{
    double scale = 10e9, shape = 1.5;
    struct distribution distribution = {.kind = DISTRIBUTION_WEIBULL, .a = scale, .b = shape};
    double g1 = tgamma(1 + 1 / shape), g2 = tgamma(1 + 2 / shape), g3 = tgamma(1 + 3 / shape),
           g4 = tgamma(1 + 4 / shape);
    double variance = g2 - g1 * g1;
    double fourth = g4 - 4 * g1 * g3 + 6 * g1 * g1 * g2 - 3 * g1 * g1 * g1 * g1;
    check_draws(&distribution,
        &(struct expected){scale * g1, scale * scale * variance, fourth / (variance * variance),
            {{0.1, scale * pow(-log(0.9), 1 / shape)}, {1 - exp(-1), scale},
                {0.99, scale * pow(-log(0.01), 1 / shape)}}});
    /* Shape 1 is the exponential distribution, draw for draw (up to the last rounding). */
    struct distribution one = {.kind = DISTRIBUTION_WEIBULL, .a = scale, .b = 1};
    struct distribution exponential = {.kind = DISTRIBUTION_EXPONENTIAL, .a = scale};
    struct random_stream x, y;
    random_stream_init(&x, 1, 1, "x");
    y = x;
    for (int i = 0; i < 1000; i++)
        CU_ASSERT(llabs(distribution_draw(&one, &x) - distribution_draw(&exponential, &y)) <= 1);
}

static void test_empirical(void)
{
    /* Between points all values are equally likely: half the draws in [0, 1 s], 0.4 in [1, 3], a tenth
     * exactly 3 s (the values do not rise there). */
    static const struct quantile points[] = {{0, 0}, {0.5, 1e9}, {0.9, 3e9}, {1, 3e9}};
    struct distribution distribution = {
        .kind = DISTRIBUTION_EMPIRICAL, .quantiles = points, .quantile_count = 4};
    double mean = 0.5 * 0.5e9 + 0.4 * 2e9 + 0.1 * 3e9;
    double second = 0.5 * 1e18 / 3 + 0.4 * (4e18 + 4e18 / 12) + 0.1 * 9e18;
    check_draws(&distribution,
        &(struct expected){mean, second - mean * mean, 3, {{0.25, 0.5e9}, {0.5, 1e9}, {0.7, 2e9}}});
    struct random_stream stream;
    random_stream_init(&stream, 1, 1, "x");
    uint32_t at_end = 0;
    for (int i = 0; i < DRAWS; i++)
        at_end += distribution_draw(&distribution, &stream) == INT64_C(3000000000);
    CU_ASSERT(fabs(at_end / (double)DRAWS - 0.1) < 5 * sqrt(0.09 / DRAWS));
}

/* Many points: the search finds the right two. A straight line through 4,096 points is uniform. */
static void test_empirical_line(void)
{
    static struct quantile points[QUANTILES_MAX];
    for (uint32_t i = 0; i < QUANTILES_MAX; i++) {
        double p = i / (double)(QUANTILES_MAX - 1);
        points[i] = (struct quantile){p, p * 1e12};
    }
    struct distribution line = {
        .kind = DISTRIBUTION_EMPIRICAL, .quantiles = points, .quantile_count = QUANTILES_MAX};
    struct distribution uniform = {.kind = DISTRIBUTION_UNIFORM, .a = 0, .b = 1e12};
    CU_ASSERT_PTR_NULL(distribution_check(&line));
    struct random_stream x, y;
    random_stream_init(&x, 1, 1, "x");
    y = x;
    for (int i = 0; i < 20000; i++)
        CU_ASSERT_FATAL(llabs(distribution_draw(&line, &x) - distribution_draw(&uniform, &y)) <= 1);
    CU_ASSERT(fabs(distribution_mean_ns(&line) - 0.5e12) < 1);
}

/* One number a draw, whatever the distribution: variants of an experiment stay in step. */
static void test_one_number_a_draw(void)
{
    static const struct quantile points[] = {{0, 0}, {1, 1e9}};
    static const struct distribution all[] = {
        {.kind = DISTRIBUTION_UNIFORM, .a = 1, .b = 1},
        {.kind = DISTRIBUTION_EXPONENTIAL, .a = 0},
        {.kind = DISTRIBUTION_LOG_NORMAL, .a = 1e9, .b = 0},
        {.kind = DISTRIBUTION_WEIBULL, .a = 1e9, .b = 0.5},
        {.kind = DISTRIBUTION_EMPIRICAL, .quantiles = points, .quantile_count = 2},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct random_stream stream, plain;
        random_stream_init(&stream, 3, 1, "x");
        plain = stream;
        for (int n = 0; n < 100; n++) {
            distribution_draw(&all[i], &stream);
            random_u64(&plain);
        }
        CU_ASSERT_EQUAL(random_u64(&stream), random_u64(&plain));
    }
}

static void test_draws_are_pinned(void)
{
    static const struct quantile points[] = {{0, 0}, {0.5, 1e6}, {0.9, 5e6}, {1, 1e9}};
    static const struct {
        struct distribution distribution;
        uint64_t digest;
    } pins[] = {
        {{.kind = DISTRIBUTION_UNIFORM, .a = 1e6, .b = 1e9}, UINT64_C(0xd39633457718b942)},
        {{.kind = DISTRIBUTION_EXPONENTIAL, .a = 1e9}, UINT64_C(0xd0f619a4aad2f99a)},
        {{.kind = DISTRIBUTION_LOG_NORMAL, .a = 1e9, .b = 0.7}, UINT64_C(0xb29899282ccfeb07)},
        {{.kind = DISTRIBUTION_WEIBULL, .a = 1e9, .b = 1.5}, UINT64_C(0xdae9248b289531f3)},
        {{.kind = DISTRIBUTION_EMPIRICAL, .quantiles = points, .quantile_count = 4},
            UINT64_C(0xaa3a045134ac486a)},
    };
    for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++) {
        struct random_stream stream;
        struct digest digest;
        random_stream_init(&stream, 5, 1, "pins");
        digest_init(&digest);
        for (int n = 0; n < 10000; n++)
            digest_add(&digest, (uint64_t)distribution_draw(&pins[i].distribution, &stream));
        CU_ASSERT_EQUAL(digest_value(&digest), pins[i].digest);
    }
}

static void test_clamp(void)
{
    struct random_stream stream;
    random_stream_init(&stream, 3, 1, "x");
    struct distribution wild = {.kind = DISTRIBUTION_LOG_NORMAL, .a = 1e18, .b = 20};
    bool clamped = false;
    for (int i = 0; i < 1000; i++) {
        int64_t ns = distribution_draw(&wild, &stream);
        CU_ASSERT_FATAL(ns >= 0 && ns <= INT64_C(1) << 62);
        clamped = clamped || ns == INT64_C(1) << 62;
    }
    CU_ASSERT(clamped);
    struct distribution longest = distribution_constant(INT64_C(1) << 62);
    CU_ASSERT_EQUAL(distribution_draw(&longest, &stream), INT64_C(1) << 62);
}

static void test_is_zero(void)
{
    static const struct quantile zeros[] = {{0, 0}, {1, 0}};
    static const struct distribution all[] = {
        {.kind = DISTRIBUTION_CONSTANT},
        {.kind = DISTRIBUTION_UNIFORM},
        {.kind = DISTRIBUTION_EXPONENTIAL},
        {.kind = DISTRIBUTION_WEIBULL, .b = 2},
        {.kind = DISTRIBUTION_LOG_NORMAL, .b = 3},
        {.kind = DISTRIBUTION_EMPIRICAL, .quantiles = zeros, .quantile_count = 2},
    };
    struct random_stream stream;
    random_stream_init(&stream, 3, 1, "x");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        CU_ASSERT_PTR_NULL(distribution_check(&all[i]));
        CU_ASSERT(distribution_is_zero(&all[i]));
        CU_ASSERT_EQUAL(distribution_draw(&all[i], &stream), 0);
        CU_ASSERT_EQUAL(distribution_mean_ns(&all[i]), 0);
    }
}

static void check_refused(struct distribution distribution, const char *part)
{
    const char *message = distribution_check(&distribution);
    CU_ASSERT_PTR_NOT_NULL_FATAL(message);
    CU_ASSERT_PTR_NOT_NULL(strstr(message, part));
}

static void test_refused_parameters(void)
{
    check_refused((struct distribution){.kind = DISTRIBUTION_CONSTANT, .a = -1}, "duration");
    check_refused((struct distribution){.kind = DISTRIBUTION_CONSTANT, .a = NAN}, "duration");
    check_refused((struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = 0x1.1p62}, "duration");
    check_refused((struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = INFINITY}, "duration");
    check_refused((struct distribution){.kind = DISTRIBUTION_UNIFORM, .a = 2, .b = 1}, "lowest");
    check_refused((struct distribution){.kind = DISTRIBUTION_UNIFORM, .a = 2, .b = NAN}, "duration");
    check_refused((struct distribution){.kind = DISTRIBUTION_LOG_NORMAL, .a = 2, .b = -0.1}, "sigma");
    check_refused((struct distribution){.kind = DISTRIBUTION_LOG_NORMAL, .a = 2, .b = NAN}, "sigma");
    check_refused((struct distribution){.kind = DISTRIBUTION_WEIBULL, .a = 2, .b = 0}, "shape");
    check_refused((struct distribution){.kind = DISTRIBUTION_WEIBULL, .a = 2, .b = 1e9}, "shape");
    check_refused((struct distribution){.kind = (enum distribution_kind)77}, "unknown");
}

static void check_points_refused(const struct quantile *points, uint32_t count, const char *part)
{
    check_refused(
        (struct distribution){.kind = DISTRIBUTION_EMPIRICAL, .quantiles = points, .quantile_count = count},
        part);
}

static void test_refused_points(void)
{
    check_points_refused(NULL, 2, "two points");
    check_points_refused((struct quantile[]){{0, 1}}, 1, "two points");
    check_points_refused((struct quantile[]){{0.1, 1}, {1, 2}}, 2, "start at 0");
    check_points_refused((struct quantile[]){{0, 1}, {0.9, 2}}, 2, "end at 1");
    check_points_refused((struct quantile[]){{0, 1}, {NAN, 2}, {1, 3}}, 3, "rise");
    check_points_refused((struct quantile[]){{0, 1}, {0.5, 2}, {0.5, 2}, {1, 3}}, 4, "rise");
    check_points_refused((struct quantile[]){{0, 1}, {0.5, 3}, {1, 2}}, 3, "fall");
    check_points_refused((struct quantile[]){{0, -1}, {1, 2}}, 2, "146 years");
    check_points_refused((struct quantile[]){{0, 1}, {1, INFINITY}}, 2, "146 years");
    check_points_refused((struct quantile[]){{0, 1}, {1, 2}}, QUANTILES_MAX + 1, "4096");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"constant", test_constant},
        {"uniform", test_uniform},
        {"exponential", test_exponential},
        {"exponential is exact", test_exponential_is_exact},
        {"log-normal", test_log_normal},
        {"Weibull", test_weibull},
        {"empirical", test_empirical},
        {"empirical line", test_empirical_line},
        {"one number a draw", test_one_number_a_draw},
        {"draws are pinned", test_draws_are_pinned},
        {"clamp", test_clamp},
        {"is zero", test_is_zero},
        {"refused parameters", test_refused_parameters},
        {"refused points", test_refused_points},
    };
    return suite_main("distribution", tests, sizeof tests / sizeof tests[0]);
}
