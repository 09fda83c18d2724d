/*
 * suggest_test.c: what is suggested, what is not, and the distance against its recursive definition.
 */
#include "suite.h"

#include "base/suggest.h"

static const char *suggest(const char *word)
{
    static const char *const fields[] = {"replicas", "selector", "template", "maxEndpointsPerSlice", "at",
        "start", "stop", "ready", "unready", "profile"};
    const char *found = text_suggest(word, fields, sizeof fields / sizeof fields[0]);
    return found ? found : "-";
}

static void test_near(void)
{
    CU_ASSERT_STRING_EQUAL(suggest("replica"), "replicas");
    CU_ASSERT_STRING_EQUAL(suggest("replcias"), "replicas");
    CU_ASSERT_STRING_EQUAL(suggest("Replicas"), "replicas");
    CU_ASSERT_STRING_EQUAL(suggest("maxendpointsperslice"), "maxEndpointsPerSlice");
    CU_ASSERT_STRING_EQUAL(suggest("maxEndpointPerSlices"), "maxEndpointsPerSlice");
    CU_ASSERT_STRING_EQUAL(suggest("strat"), "start");
    CU_ASSERT_STRING_EQUAL(suggest("unredy"), "unready");
    CU_ASSERT_STRING_EQUAL(suggest("redy"), "ready");
    CU_ASSERT_STRING_EQUAL(suggest("ta"), "at");
}

static void test_far(void)
{
    CU_ASSERT_STRING_EQUAL(suggest("banana"), "-");
    CU_ASSERT_STRING_EQUAL(suggest(""), "-");
    CU_ASSERT_STRING_EQUAL(suggest("x"), "-");
    CU_ASSERT_STRING_EQUAL(suggest("spot"), "-"); /* two changes from "stop" */
    CU_ASSERT_STRING_EQUAL(suggest("selectionist"), "-");
    CU_ASSERT_PTR_NULL(text_suggest("a", NULL, 0));
    char endless[500];
    memset(endless, 'r', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    CU_ASSERT_STRING_EQUAL(suggest(endless), "-");
    const char *const candidates[] = {endless, "ab"};
    CU_ASSERT_STRING_EQUAL(text_suggest("abc", candidates, 2), "ab");
}

static void test_first_of_equals(void)
{
    static const char *const candidates[] = {"nodes", "noder", "node"};
    CU_ASSERT_STRING_EQUAL(text_suggest("nodex", candidates, 3), "nodes");
    CU_ASSERT_STRING_EQUAL(text_suggest("node", candidates, 3), "node");
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The definition of the restricted Damerau-Levenshtein distance, exponential and obvious. */
static uint32_t distance(const char *a, size_t m, const char *b, size_t n)
{
    if (m == 0 || n == 0)
        return (uint32_t)(m + n);
    uint32_t best = distance(a, m - 1, b, n - 1) + (a[m - 1] != b[n - 1]);
    best = least(best, distance(a, m - 1, b, n) + 1);
    best = least(best, distance(a, m, b, n - 1) + 1);
    if (m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1])
        best = least(best, distance(a, m - 2, b, n - 2) + 1);
    return best;
}

static void test_against_definition(void)
{
    uint64_t random = suite_seed();
    uint32_t found_count = 0;
    for (int n = 0; n < 3000; n++) {
        char word[8], candidate[8];
        size_t m = 2 + suite_below(&random, 5), k = 1 + suite_below(&random, 6);
        for (size_t i = 0; i < m; i++)
            word[i] = (char)('a' + suite_below(&random, 3));
        for (size_t i = 0; i < k; i++)
            candidate[i] = (char)('a' + suite_below(&random, 3));
        word[m] = candidate[k] = '\0';
        const char *const candidates[] = {candidate};
        uint32_t limit = m < 6 ? 1 : (uint32_t)m / 3;
        bool near = distance(word, m, candidate, k) <= limit;
        CU_ASSERT_EQUAL_FATAL(text_suggest(word, candidates, 1) != NULL, near);
        found_count += near;
    }
    CU_ASSERT(found_count > 100);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"near", test_near},
        {"far", test_far},
        {"the first of equals", test_first_of_equals},
        {"against the definition", test_against_definition},
    };
    return suite_main("suggest", tests, sizeof tests / sizeof tests[0]);
}
