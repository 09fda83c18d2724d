/*
 * status_test.c: names and texts of the one table, and what a number outside of it gives.
 */
#include "suite.h"

#include "base/status.h"

static void test_table(void)
{
    CU_ASSERT_STRING_EQUAL(status_name(STATUS_OK), "OK");
    CU_ASSERT_STRING_EQUAL(status_text(STATUS_OK), "success");
    CU_ASSERT_EQUAL(STATUS_OK, 0);
    CU_ASSERT_STRING_EQUAL(status_name(STATUS_BAD_INPUT), "BAD_INPUT");
    CU_ASSERT_STRING_EQUAL(status_text(STATUS_BAD_INPUT), "bad input");
    CU_ASSERT_STRING_EQUAL(status_name(STATUS_INTERRUPTED), "INTERRUPTED");
}

static void test_unknown(void)
{
    CU_ASSERT_STRING_EQUAL(status_name((enum status)1000), "UNKNOWN");
    CU_ASSERT_STRING_EQUAL(status_text((enum status)1000), "unknown status");
}

int main(void)
{
    static const struct suite_test tests[] = {{"table", test_table}, {"unknown", test_unknown}};
    return suite_main("status", tests, sizeof tests / sizeof tests[0]);
}
