/*
 * number_test.c: integers at every border, reals there and back, and what is not a number.
 */
#include "suite.h"

#include <math.h>

#include "base/number.h"

static bool int_all(const char *text, int64_t *out)
{
    return int_parse(text, strlen(text), INT64_MIN, INT64_MAX, out);
}

static void test_integers(void)
{
    int64_t value = 99;
    CU_ASSERT(int_all("0", &value) && value == 0);
    CU_ASSERT(int_all("-0", &value) && value == 0);
    CU_ASSERT(int_all("007", &value) && value == 7);
    CU_ASSERT(int_all("9223372036854775807", &value) && value == INT64_MAX);
    CU_ASSERT(int_all("-9223372036854775808", &value) && value == INT64_MIN);
    value = 99;
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "--1", "1-",
        "9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999999",
        "\xd9\xa1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT(!int_all(bad[i], &value));
    CU_ASSERT_EQUAL(value, 99); /* untouched */
}

static void test_integer_limits(void)
{
    int64_t value;
    CU_ASSERT(int_parse("1000", 4, 1, 1000, &value));
    CU_ASSERT(!int_parse("1001", 4, 1, 1000, &value));
    CU_ASSERT(!int_parse("0", 1, 1, 1000, &value));
    CU_ASSERT(int_parse("-5", 2, -5, -5, &value) && value == -5);
    CU_ASSERT(int_parse("123", 2, 0, 100, &value) && value == 12); /* `length` counts, not a NUL */
    CU_ASSERT(!int_parse("1\0", 2, 0, 100, &value));
}

static void check_real(const char *text, double expected)
{
    double value = -99;
    CU_ASSERT(real_parse(text, strlen(text), &value));
    CU_ASSERT_EQUAL(value, expected);
}

static void test_reals(void)
{
    check_real("0", 0);
    check_real("-1.5", -1.5);
    check_real(".5", 0.5);
    check_real("5.", 5);
    check_real("2e-3", 0.002);
    check_real("1E+2", 100);
    check_real("0.1", 0.1);
    check_real("1.7976931348623157e308", 1.7976931348623157e308);
    check_real("4.9406564584124654e-324", 0x1p-1074);
    check_real("1e-400", 0);
    /* Longer than the small buffer, and decided by a digit far behind. */
    check_real(
        "9007199254740993.00000000000000000000000000000000000000000000000000000000000001", 9007199254740994);
    check_real(
        "9007199254740993.00000000000000000000000000000000000000000000000000000000000000", 9007199254740992);
    static const char *const bad[] = {"", "-", ".", "-.", "+1", "e5", "1e", "1e+", "1e5.5", "0x1p3", "0x10",
        "inf", "-inf", "nan", "NAN", "infinity", "1,5", "1 ", " 1", "1e400", "-1e400", "1..2", "1d", "1f"};
    double value = -99;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT(!real_parse(bad[i], strlen(bad[i]), &value));
    CU_ASSERT(!real_parse("1\0", 2, &value));
    CU_ASSERT_EQUAL(value, -99); /* untouched */
}

static void test_reals_there_and_back(void)
{
    uint64_t random = suite_seed();
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = suite_random(&random);
        double value, again;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[40];
        int length = snprintf(text, sizeof text, "%.17g", value);
        CU_ASSERT_FATAL(real_parse(text, (size_t)length, &again));
        CU_ASSERT_FATAL(again == value);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"integers", test_integers},
        {"integer limits", test_integer_limits},
        {"reals", test_reals},
        {"reals there and back", test_reals_there_and_back},
    };
    return suite_main("number", tests, sizeof tests / sizeof tests[0]);
}
