/*
 * simulation_ordinals_test.c: ordinals against an array: found while they are there and never again.
 */
#include "suite.h"

#include "simulation/pod_ordinals.h"

#define FIRST_NUMBER 5

static void test_random(void)
{
    enum { STEPS = 30000 };
    static uint32_t numbers[STEPS]; /* by ordinal; 0: gone */
    uint64_t random = suite_seed();
    struct pod_ordinals ordinals = {0};
    uint32_t made = 0, live = 0;
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, 0), 0);
    CU_ASSERT(pod_ordinals_are_gone(&ordinals));
    for (int step = 0; step < STEPS; step++) {
        /* Waves: now more come than go, now the other way round. */
        bool grows = step / 3000 % 2 == 0;
        if (suite_below(&random, 10) < (grows ? 8u : 3u)) {
            uint32_t number = made + FIRST_NUMBER;
            CU_ASSERT_EQUAL_FATAL(pod_ordinals_add(&ordinals, number), made);
            numbers[made++] = number;
            live++;
        } else if (made > 0) {
            uint32_t ordinal = suite_below(&random, made);
            while (step % 6000 < 2000 && ordinal > 0 && numbers[ordinal - 1])
                ordinal--; /* a wave that prefers the oldest of a run */
            CU_ASSERT_EQUAL_FATAL(pod_ordinals_find(&ordinals, ordinal), numbers[ordinal]);
            if (numbers[ordinal]) {
                pod_ordinals_remove(&ordinals, ordinal);
                CU_ASSERT_EQUAL_FATAL(pod_ordinals_find(&ordinals, ordinal), 0);
                numbers[ordinal] = 0;
                live--;
            }
        }
        CU_ASSERT_EQUAL_FATAL(pod_ordinals_are_gone(&ordinals), live == 0);
        /* Gaps are at most half. */
        CU_ASSERT_FATAL(ordinals.lives.count <= 2 * live + 40);
    }
    for (uint32_t i = 0; i < made; i++)
        CU_ASSERT_EQUAL_FATAL(pod_ordinals_find(&ordinals, i), numbers[i]);
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, made), 0);
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, UINT64_MAX), 0);
    pod_ordinals_fini(&ordinals);
}

/* Whole blocks go from the middle; what is on both sides of them is still found. */
static void test_hole(void)
{
    struct pod_ordinals ordinals = {0};
    for (uint32_t i = 0; i < 1000; i++)
        pod_ordinals_add(&ordinals, i + FIRST_NUMBER);
    for (uint32_t i = 100; i < 900; i++)
        pod_ordinals_remove(&ordinals, i);
    CU_ASSERT(ordinals.blocks.count < 1000 / 64);
    for (uint32_t i = 0; i < 1000; i++)
        CU_ASSERT_EQUAL_FATAL(pod_ordinals_find(&ordinals, i), i >= 100 && i < 900 ? 0 : i + FIRST_NUMBER);
    CU_ASSERT_EQUAL(pod_ordinals_add(&ordinals, 7), 1000);
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, 1000), 7);
    pod_ordinals_fini(&ordinals);
}

static void test_end(void)
{
    struct pod_ordinals ordinals = {.next = ORDINAL_NONE - 1};
    CU_ASSERT_EQUAL(pod_ordinals_add(&ordinals, 5), ORDINAL_NONE - 1);
    CU_ASSERT_EQUAL(pod_ordinals_add(&ordinals, 6), ORDINAL_NONE);
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, ORDINAL_NONE - 1), 5);
    CU_ASSERT_EQUAL(pod_ordinals_find(&ordinals, ORDINAL_NONE), 0);
    pod_ordinals_fini(&ordinals);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"against an array", test_random},
        {"a hole", test_hole},
        {"the end of counting", test_end},
    };
    return suite_main("pod_ordinals", tests, sizeof tests / sizeof tests[0]);
}
