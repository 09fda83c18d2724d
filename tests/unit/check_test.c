/*
 * check_test.c: a failed assertion names condition and place, the moment of the simulation if there is
 * one, and aborts; contexts can be nested.
 */
#include "suite.h"

#include <signal.h>

#include "base/check.h"

static const struct check_context context = {.now_ns = -5, .seed = UINT64_MAX, .event_number = 12};

static void fail_inside(void)
{
    check_context_set(&context);
    EPSIM_ASSERT(1 + 1 == 3);
}

static void fail_outside(void)
{
    const struct check_context *before = check_context_set(&context);
    check_context_set(before);
    EPSIM_ASSERT(1 + 1 == 3);
}

static void test_messages(void)
{
    char out[1024];
    int status = suite_child(fail_inside, out, sizeof out);
    CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "epsim: bug: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "check_test.c:"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out, ": 1 + 1 == 3 failed at t=-5 ns, seed 18446744073709551615, event 12\n"));
    status = suite_child(fail_outside, out, sizeof out);
    CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CU_ASSERT_PTR_NOT_NULL(strstr(out, ": 1 + 1 == 3 failed outside of a simulation\n"));
}

static void test_nesting(void)
{
    struct check_context inner = {0};
    CU_ASSERT_PTR_NULL(check_context_set(&context));
    CU_ASSERT_PTR_EQUAL(check_context_set(&inner), &context);
    CU_ASSERT_PTR_EQUAL(check_context_set(NULL), &inner);
    EPSIM_ASSERT(true);
    EPSIM_DEBUG_ASSERT(true);
}

int main(void)
{
    static const struct suite_test tests[] = {{"messages", test_messages}, {"nesting", test_nesting}};
    return suite_main("check", tests, sizeof tests / sizeof tests[0]);
}
