/*
 * realmath_test.c: our functions against values that were computed with 60 digits (realmath_values.py),
 * over the whole range of doubles, around every place where the method changes. And their exact bits,
 * as one pinned number: these may never change, on no compiler, or digests would.
 */
#include "suite.h"

#include <math.h>

#include "kernel/realmath.h"
#include "realmath_values.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static double relative_error(double got, double expected)
{
    return expected == 0 ? fabs(got) : fabs(got - expected) / fabs(expected);
}

static void check_error(const char *what, double x, double got, double expected, double error_max)
{
    double error = relative_error(got, expected);
    CU_ASSERT(error <= error_max);
    if (!(error <= error_max))
        fprintf(stderr, "%s(%a): got %a, expected %a, error %a\n", what, x, got, expected, error);
}

static void test_log(void)
{
    for (size_t i = 0; i < COUNT(log_values); i++) {
        double x = log_values[i][0];
        check_error("log", x, real_log(x), log_values[i][1], 0x1p-52);
    }
    CU_ASSERT_EQUAL(real_log(1.0), 0.0);
}

/* As close as promised, everywhere; and where draws ask. */
static void test_log_quick(void)
{
    for (size_t i = 0; i < COUNT(log_values); i++) {
        double x = log_values[i][0];
        if (x >= 0x1p-1022)
            CU_ASSERT(fabs(real_log_quick(x) - log_values[i][1]) <=
                      REAL_LOG_QUICK_ERROR / 2 * (1 + fabs(log_values[i][1])));
    }
    uint64_t random = suite_seed();
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = (uint64_t)suite_below(&random, 1u << 21) << 32 | suite_below(&random, UINT32_MAX);
        double x = 1 - (double)bits * 0x1p-53;
        double exact = real_log(x);
        CU_ASSERT(fabs(real_log_quick(x) - exact) <= REAL_LOG_QUICK_ERROR / 2 * (1 + fabs(exact)));
    }
    CU_ASSERT_EQUAL(real_log_quick(1.0), 0.0);
}

static void test_exp(void)
{
    for (size_t i = 0; i < COUNT(exp_values); i++) {
        double x = exp_values[i][0];
        check_error("exp", x, real_exp(x), exp_values[i][1], 0x1p-51);
    }
    CU_ASSERT_EQUAL(real_exp(0.0), 1.0);
}

static void test_exp_clamps(void)
{
    CU_ASSERT_EQUAL(real_exp(701), real_exp(700));
    CU_ASSERT_EQUAL(real_exp(1e300), real_exp(700));
    CU_ASSERT_EQUAL(real_exp(-701), real_exp(-700));
    CU_ASSERT(isfinite(real_exp(INFINITY)));
    CU_ASSERT(real_exp(-INFINITY) > 0);
}

static void test_pow(void)
{
    for (size_t i = 0; i < COUNT(pow_values); i++) {
        double x = pow_values[i][0];
        check_error("pow", x, real_pow(x, pow_values[i][1]), pow_values[i][2], 0x1p-50);
    }
    CU_ASSERT_EQUAL(real_pow(7.5, 0.0), 1.0);
    CU_ASSERT_EQUAL(real_pow(2.0, 1e300), real_exp(700));
    CU_ASSERT_EQUAL(real_pow(2.0, -1e300), real_exp(-700));
}

static void test_normal_quantile(void)
{
    for (size_t i = 0; i < COUNT(quantile_values); i++) {
        double p = quantile_values[i][0];
        check_error("quantile", p, real_normal_quantile(p), quantile_values[i][1], 0x1p-49);
    }
    CU_ASSERT_EQUAL(real_normal_quantile(0.5), 0.0);
    for (int i = 1; i < 64; i++) {
        double p = i / 128.0;
        CU_ASSERT_EQUAL(real_normal_quantile(p), -real_normal_quantile(1 - p));
    }
}

static void test_log_gamma(void)
{
    for (size_t i = 0; i < COUNT(log_gamma_values); i++) {
        double x = log_gamma_values[i][0], expected = log_gamma_values[i][1];
        CU_ASSERT(fabs(real_log_gamma(x) - expected) <= 0x1p-45 * (1 + fabs(expected)));
    }
}

/* Rising arguments give rising (or equal) values, also across the borders between methods: inverting a
 * distribution relies on it. */
static void test_monotonic(void)
{
    uint64_t random = suite_seed();
    for (int i = 0; i < 200000; i++) {
        double x = (double)((suite_random(&random) >> 11) | 1) * 0x1p-53;
        double up = nextafter(x, 1);
        CU_ASSERT_FATAL(real_log(x) <= real_log(up));
        CU_ASSERT_FATAL(real_exp(x * 20) <= real_exp(up * 20 + 1e-14));
        CU_ASSERT_FATAL(real_normal_quantile(x) <= real_normal_quantile(x + 0x1p-48 < 1 ? x + 0x1p-48 : x));
    }
    static const double borders[] = {0.075, 0.925, 1.3887943864964021e-11};
    for (size_t i = 0; i < COUNT(borders); i++) {
        double p = borders[i] * (1 - 1e-9);
        for (int k = 0; k < 2000; k++, p += borders[i] * 1e-12)
            CU_ASSERT_FATAL(real_normal_quantile(p) <= real_normal_quantile(p + borders[i] * 1e-12));
    }
}

static uint64_t bits_mix(uint64_t state, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (state ^ bits) * UINT64_C(0x9fb21c651e98df25) + (state >> 31);
}

static void test_bits_are_pinned(void)
{
    uint64_t random = 1, state = 0;
    for (int i = 0; i < 100000; i++) {
        double u = (double)((suite_random(&random) >> 11) | 1) * 0x1p-53;
        state = bits_mix(state, real_log(u));
        state = bits_mix(state, real_exp(u * 60 - 30));
        state = bits_mix(state, real_pow(u * 40, 1 / (u + 0.1)));
        state = bits_mix(state, real_normal_quantile(u));
        state = bits_mix(state, real_log_gamma(1 + u * 30));
    }
    CU_ASSERT_EQUAL(state, UINT64_C(0x0c1972af5c5e6fa4));
    if (state != UINT64_C(0x0c1972af5c5e6fa4))
        fprintf(stderr, "bits: 0x%016" PRIx64 "\n", state);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"log", test_log},
        {"quick log", test_log_quick},
        {"exp", test_exp},
        {"exp clamps", test_exp_clamps},
        {"pow", test_pow},
        {"normal quantile", test_normal_quantile},
        {"log gamma", test_log_gamma},
        {"monotonic", test_monotonic},
        {"bits are pinned", test_bits_are_pinned},
    };
    return suite_main("realmath", tests, sizeof tests / sizeof tests[0]);
}
