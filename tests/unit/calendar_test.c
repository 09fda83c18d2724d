/*
 * calendar_test.c: durations and dates, exact and there and back; dates against the C library's
 * calendar, day by day over the whole range.
 */
#include "suite.h"

#include <time.h>

#include "base/text.h"

#define NS_PER_DAY (86400 * NS_PER_S)

static void test_too_long(void)
{
    static const char *const too_long[] = {"106752d", "300000000h", "106751d24h", "99999999999999999999s",
        "1d99999999999999999999ns", "9223372036854775808ns", "99999999999999999999999d1s"};
    static const char *const others[] = {"106751d", "9223372036854775807ns", "", "x", "99999999999999999999",
        "99999999999999999999y", "1.0000000001s"};
    int64_t ns;
    for (size_t i = 0; i < sizeof too_long / sizeof *too_long; i++) {
        CU_ASSERT(duration_is_too_long(too_long[i], strlen(too_long[i])));
        CU_ASSERT(!duration_parse(too_long[i], strlen(too_long[i]), &ns));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CU_ASSERT(!duration_is_too_long(others[i], strlen(others[i])));
    CU_ASSERT(duration_parse("106751d", 7, &ns));
    CU_ASSERT_EQUAL(ns, DURATION_DAYS_MAX * NS_PER_DAY);
}

static void check_duration(const char *text, int64_t expected_ns, const char *written)
{
    int64_t ns = -1;
    struct text out = {0};
    CU_ASSERT(duration_parse(text, strlen(text), &ns));
    CU_ASSERT_EQUAL(ns, expected_ns);
    text_add_duration(&out, ns);
    CU_ASSERT_STRING_EQUAL(out.data, written);
    text_fini(&out);
}

static void test_durations(void)
{
    check_duration("0", 0, "0s");
    check_duration("0s", 0, "0s");
    check_duration("250ms", 250 * NS_PER_MS, "250ms");
    check_duration("10s", 10 * NS_PER_S, "10s");
    check_duration("1h30m", 5400 * NS_PER_S, "1h30m");
    check_duration("90m", 5400 * NS_PER_S, "1h30m");
    check_duration("1d", NS_PER_DAY, "1d");
    check_duration("25h", 25 * 3600 * NS_PER_S, "1d1h");
    check_duration("1d1ns", NS_PER_DAY + 1, "1d1ns");
    check_duration("2.5s", 2500 * NS_PER_MS, "2.5s");
    check_duration("2.50s", 2500 * NS_PER_MS, "2.5s");
    check_duration(".5h", 1800 * NS_PER_S, "30m");
    check_duration("1.s", NS_PER_S, "1s");
    check_duration("1500us", 1500 * NS_PER_US, "1.5ms");
    check_duration("1m0.000000001s", 60 * NS_PER_S + 1, "1m1ns");
    check_duration("1.000000001s", NS_PER_S + 1, "1.000000001s");
    check_duration("1\xc2\xb5s2\xce\xbcs", 3 * NS_PER_US, "3us");
    check_duration("999ns", 999, "999ns");
    check_duration("1s1s", 2 * NS_PER_S, "2s"); /* as Go: any units in any order */
    check_duration("9223372036854775807ns", INT64_MAX, "106751d23h47m16.854775807s");
    check_duration("106751d23h47m16.854775807s", INT64_MAX, "106751d23h47m16.854775807s");
}

static void test_fractions(void)
{
    /* The shortest share of a day is 2^-16 * 5^-11 of it: 16 digits. */
    check_duration("0.0000152587890625d", 86400 * NS_PER_S / 65536, "1.318359375s");
    check_duration("0.1d", 8640 * NS_PER_S, "2h24m");
    int64_t ns;
    CU_ASSERT(!duration_parse("0.5ns", 5, &ns));
    CU_ASSERT(!duration_parse("0.0000000001s", 13, &ns));
    CU_ASSERT(!duration_parse("1.0001us", 8, &ns)); /* a tenth of a nanosecond */
    CU_ASSERT(!duration_parse("0.12345678901234567d", 20, &ns));
    CU_ASSERT(duration_parse("0.50000000000000000000000000000000s", 35, &ns) && ns == NS_PER_S / 2);
}

static void test_no_durations(void)
{
    static const char *const bad[] = {"", "10", "-1s", "+1s", "s", "1", "1 s", " 1s", "1s ", "1x", "1sec",
        "1h30", "1.5", "..5s", ".s", "1e3s", "0x1s", "9223372036854775808ns", "106752d",
        "106751d23h47m16.854775808s", "99999999999999999999s", "1\xc2", "00", "Infs", "1M", "1H"};
    int64_t ns = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT(!duration_parse(bad[i], strlen(bad[i]), &ns));
    CU_ASSERT_EQUAL(ns, 77); /* untouched */
}

static void test_durations_there_and_back(void)
{
    uint64_t random = suite_seed();
    struct text out = {0};
    for (int i = 0; i < 200000; i++) {
        int64_t ns = (int64_t)(suite_random(&random) >> (1 + suite_below(&random, 63))), again;
        if (suite_below(&random, 2))
            ns -= ns % (suite_below(&random, 2) ? NS_PER_S : NS_PER_MS);
        text_clear(&out);
        text_add_duration(&out, ns);
        CU_ASSERT_FATAL(duration_parse(out.data, out.length, &again));
        CU_ASSERT_EQUAL_FATAL(again, ns);
    }
    text_clear(&out);
    text_add_duration(&out, -90 * NS_PER_S);
    CU_ASSERT_STRING_EQUAL(out.data, "-1m30s");
    text_clear(&out);
    text_add_duration(&out, INT64_MIN);
    CU_ASSERT_STRING_EQUAL(out.data, "-106751d23h47m16.854775808s");
    text_fini(&out);
}

static void check_date(const char *text, int64_t expected_ns, const char *written)
{
    int64_t ns = -1;
    struct text out = {0};
    CU_ASSERT(rfc3339_parse(text, strlen(text), &ns));
    CU_ASSERT_EQUAL(ns, expected_ns);
    text_add_rfc3339(&out, ns);
    CU_ASSERT_STRING_EQUAL(out.data, written);
    text_fini(&out);
}

static void test_dates(void)
{
    check_date("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
    check_date("2026-01-02T03:04:05Z", 1767323045 * NS_PER_S, "2026-01-02T03:04:05Z");
    check_date("2026-01-02t03:04:05z", 1767323045 * NS_PER_S, "2026-01-02T03:04:05Z");
    check_date(
        "2026-01-02T03:04:05.120Z", 1767323045 * NS_PER_S + 120 * NS_PER_MS, "2026-01-02T03:04:05.12Z");
    check_date(
        "2026-01-02T03:04:05.0000000019Z", 1767323045 * NS_PER_S + 1, "2026-01-02T03:04:05.000000001Z");
    check_date("2026-01-02T05:34:05+02:30", 1767323045 * NS_PER_S, "2026-01-02T03:04:05Z");
    check_date("2026-01-01T22:04:05-05:00", 1767323045 * NS_PER_S, "2026-01-02T03:04:05Z");
    check_date("2024-02-29T23:59:59Z", 1709251199 * NS_PER_S, "2024-02-29T23:59:59Z");
    check_date("1969-12-31T23:59:59.5Z", -NS_PER_S / 2, "1969-12-31T23:59:59.5Z");
    check_date("2262-04-11T23:47:16.854775807Z", INT64_MAX, "2262-04-11T23:47:16.854775807Z");
    check_date("1677-09-21T00:12:43.145224192Z", INT64_MIN, "1677-09-21T00:12:43.145224192Z");
}

static void test_no_dates(void)
{
    static const char *const bad[] = {"", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z",
        "2026-13-02T03:04:05Z", "2026-00-02T03:04:05Z", "2026-01-32T03:04:05Z", "2026-01-00T03:04:05Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-02T24:00:00Z",
        "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05,1Z",
        "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+01:60", "2026-01-02T03:04:05+0100",
        "2026-01-02T03:04:05Zx", "2026-1-02T03:04:05Z", "02026-01-02T03:04:05Z", "-2026-01-02T03:04:05Z",
        "2262-04-11T23:47:16.854775808Z", "2262-04-11T23:47:17Z", "1677-09-21T00:12:43.145224191Z",
        "1677-09-21T00:12:42Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"};
    int64_t ns = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT(!rfc3339_parse(bad[i], strlen(bad[i]), &ns));
    CU_ASSERT_EQUAL(ns, 77); /* untouched */
    CU_ASSERT(rfc3339_parse("2000-02-29T00:00:00Z", 20, &ns));
}

/* Each day of 584 years, at some second of it. */
static void test_dates_against_libc(void)
{
    struct text out = {0};
    for (int64_t day = -106751; day <= 106750; day++) {
        time_t unix_s = (time_t)(day * 86400 + (day * 7919 % 86400 + 86400) % 86400);
        struct tm tm;
        char expected[40];
        int64_t ns;
        gmtime_r(&unix_s, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
        text_clear(&out);
        text_add_rfc3339(&out, (int64_t)unix_s * NS_PER_S);
        CU_ASSERT_STRING_EQUAL_FATAL(out.data, expected);
        CU_ASSERT_FATAL(rfc3339_parse(expected, strlen(expected), &ns));
        CU_ASSERT_EQUAL_FATAL(ns, (int64_t)unix_s * NS_PER_S);
    }
    text_fini(&out);
}

static void test_dates_there_and_back(void)
{
    uint64_t random = suite_seed();
    struct text out = {0};
    for (int i = 0; i < 100000; i++) {
        int64_t ns = (int64_t)suite_random(&random), again;
        text_clear(&out);
        text_add_rfc3339(&out, ns);
        CU_ASSERT_FATAL(rfc3339_parse(out.data, out.length, &again));
        CU_ASSERT_EQUAL_FATAL(again, ns);
    }
    text_fini(&out);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"durations", test_durations},
        {"fractions", test_fractions},
        {"no durations", test_no_durations},
        {"durations that do not fit", test_too_long},
        {"durations there and back", test_durations_there_and_back},
        {"dates", test_dates},
        {"no dates", test_no_dates},
        {"dates against libc", test_dates_against_libc},
        {"dates there and back", test_dates_there_and_back},
    };
    return suite_main("calendar", tests, sizeof tests / sizeof tests[0]);
}
