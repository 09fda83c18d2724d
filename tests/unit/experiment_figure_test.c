/*
 * experiment_figure_test.c: names of figures, what they need, and values as people read them. That the values
 * are right, tests/cli/compare_test.sh holds against SQL.
 */
#include "suite.h"

#include <math.h>

#include "engine/observe.h"
#include "experiment/figure.h"
#include "experiment/results.h"

static void test_names(void)
{
    static const struct {
        const char *name, *full;
        enum figure_source source;
        enum figure_unit unit;
        int controller;
    } good[] = {
        {"writes", "writes", FIGURE_OF_REQUESTS, UNIT_COUNT, -1},
        {"endpoints.watch_bytes", "endpoints.watch_bytes", FIGURE_OF_REQUESTS, UNIT_BYTES,
            CONTROLLER_ENDPOINTS},
        {"garbage-collector.deletes", "garbage-collector.deletes", FIGURE_OF_REQUESTS, UNIT_COUNT,
            CONTROLLER_GARBAGE_COLLECTOR},
        {"slices", "slices.mean", FIGURE_OF_TIMELINE, UNIT_COUNT, 0},
        {"fill.min", "fill.min", FIGURE_OF_TIMELINE, UNIT_SHARE, 0},
        {"latency", "latency.mean", FIGURE_OF_LATENCY, UNIT_SECONDS, 0},
        {"latency.p99.9", "latency.p99.9", FIGURE_OF_LATENCY, UNIT_SECONDS, 0},
        {"wall_s", "wall_s", FIGURE_OF_RUN, UNIT_SECONDS, 0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct figure figure;
        CU_ASSERT_TRUE_FATAL(figure_parse(good[i].name, &figure, NULL));
        CU_ASSERT_STRING_EQUAL(figure.name, good[i].full);
        CU_ASSERT_EQUAL(figure.source, good[i].source);
        CU_ASSERT_EQUAL(figure.unit, good[i].unit);
        CU_ASSERT_EQUAL(figure.controller, good[i].controller);
    }
    static const struct {
        const char *name, *near;
    } bad[] = {
        {"", NULL},
        {".", NULL},
        {"slices.", "slices"},
        {"slices.p90", "slices"},
        {"wirtes", "writes"},
        {"endpoints.fill", "fill"},
        {"mirroring.watch_byte", "watch_bytes"},
        {"latency.p101", "latency"},
        {"writes.writes", "writes"},
        {"a-name-that-is-much-longer-than-any-figure-has-or-will-ever-have-in-here", NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct figure figure;
        const char *near = "unset";
        CU_ASSERT_FALSE(figure_parse(bad[i].name, &figure, &near));
        if (bad[i].near == NULL)
            CU_ASSERT_PTR_NULL(near)
        else
            CU_ASSERT_TRUE(near != NULL && strcmp(near, bad[i].near) == 0);
    }
}

static void test_levels(void)
{
    struct figure sum, state;
    CU_ASSERT_TRUE(figure_parse("bytes", &sum, NULL) && figure_parse("pods.max", &state, NULL));
    CU_ASSERT_TRUE(figure_is_recorded(&sum, RECORD_SUMMARY, 0));
    CU_ASSERT_FALSE(figure_is_recorded(&sum, RECORD_SERIES, 1));
    CU_ASSERT_TRUE(figure_is_recorded(&sum, RECORD_FULL, 1));
    CU_ASSERT_FALSE(figure_is_recorded(&state, RECORD_SUMMARY, 0));
    CU_ASSERT_TRUE(figure_is_recorded(&state, RECORD_SERIES, 1));
}

static void check_value(const char *name, double value, const char *wanted)
{
    struct figure figure;
    struct text out = {0};
    CU_ASSERT_TRUE_FATAL(figure_parse(name, &figure, NULL));
    text_add_figure(&out, &figure, value);
    CU_ASSERT_STRING_EQUAL(out.data, wanted);
    text_fini(&out);
}

static void test_values(void)
{
    check_value("writes", 0, "0");
    check_value("writes", 40363.4, "40,363");
    check_value("writes", -15.807, "-15.81");
    check_value("writes", 999.96, "1000");
    check_value("writes", NAN, "-");
    check_value("writes", 1e20, "1e+20");
    check_value("bytes", 8.41e9, "8.41 GB");
    check_value("bytes", -284, "-284 B");
    check_value("fill", 0.92951, "0.93");
    check_value("latency", 1.25, "1.25 s");
}

static void test_parameter_values(void)
{
    static const char *const rising[] = {NULL, "-2", "0", "10", "1e1", "100", "10x", "fixed", "random"};
    int count = (int)(sizeof rising / sizeof *rising);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < count; k++) {
            int order = parameter_value_compare(rising[i], rising[k]);
            /* 10 and 1e1 are the same number and other texts. */
            CU_ASSERT_EQUAL((order > 0) - (order < 0), (i > k) - (i < k));
        }
}

static const struct suite_test tests[] = {
    {"names", test_names},
    {"levels", test_levels},
    {"values", test_values},
    {"values of parameters are in order", test_parameter_values},
};

int main(void)
{
    return suite_main("experiment_figure", tests, sizeof tests / sizeof tests[0]);
}
