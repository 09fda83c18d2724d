/*
 * simulation_number_pool_test.c: the order in which numbers are given out and reused, and a random run
 * against a naive twin that keeps a flag a number.
 */
#include "suite.h"

#include "simulation/number_pool.h"

static uint32_t take(struct number_pool *pool)
{
    uint32_t number = UINT32_MAX;
    return number_pool_take(pool, &number) ? number : UINT32_MAX;
}

static void test_goes_on_after_the_last(void)
{
    struct number_pool pool;
    number_pool_init(&pool, 2, 6, false);
    CU_ASSERT_EQUAL(take(&pool), 2);
    CU_ASSERT_EQUAL(take(&pool), 3);
    number_pool_give(&pool, 2);
    CU_ASSERT_EQUAL(take(&pool), 4);
    CU_ASSERT_EQUAL(take(&pool), 5);
    /* A full turn: the lowest free one again. */
    CU_ASSERT_EQUAL(take(&pool), 2);
    CU_ASSERT_EQUAL(take(&pool), UINT32_MAX);
    number_pool_give(&pool, 4);
    number_pool_give(&pool, 3);
    CU_ASSERT_EQUAL(take(&pool), 3);
    CU_ASSERT_EQUAL(take(&pool), 4);
    CU_ASSERT_EQUAL(take(&pool), UINT32_MAX);
    number_pool_fini(&pool);
}

static void test_lowest_first(void)
{
    struct number_pool pool;
    number_pool_init(&pool, 1, 100, true);
    CU_ASSERT_EQUAL(take(&pool), 1);
    CU_ASSERT_EQUAL(take(&pool), 2);
    CU_ASSERT_EQUAL(take(&pool), 3);
    number_pool_give(&pool, 2);
    CU_ASSERT_EQUAL(take(&pool), 2);
    CU_ASSERT_EQUAL(take(&pool), 4);
    number_pool_fini(&pool);
}

static void test_reservations(void)
{
    struct number_pool pool;
    number_pool_init(&pool, 2, 300, false);
    CU_ASSERT_TRUE(number_pool_reserve(&pool, 3));
    CU_ASSERT_FALSE(number_pool_reserve(&pool, 3));
    CU_ASSERT_TRUE(number_pool_reserve(&pool, 299));
    CU_ASSERT_FALSE(number_pool_reserve(&pool, 1));
    CU_ASSERT_FALSE(number_pool_reserve(&pool, 300));
    CU_ASSERT_EQUAL(take(&pool), 2);
    CU_ASSERT_EQUAL(take(&pool), 4);
    number_pool_give(&pool, 3);
    CU_ASSERT_EQUAL(take(&pool), 5);
    number_pool_go_on_after(&pool, 100);
    number_pool_go_on_after(&pool, 50);
    CU_ASSERT_EQUAL(take(&pool), 101);
    CU_ASSERT_TRUE(number_pool_is_taken(&pool, 299));
    CU_ASSERT_FALSE(number_pool_is_taken(&pool, 3));
    CU_ASSERT_FALSE(number_pool_is_taken(&pool, UINT32_MAX));
    number_pool_fini(&pool);
}

static void test_empty_pool(void)
{
    struct number_pool pool;
    number_pool_init(&pool, 5, 5, false);
    CU_ASSERT_EQUAL(take(&pool), UINT32_MAX);
    CU_ASSERT_FALSE(number_pool_reserve(&pool, 5));
    number_pool_fini(&pool);
}

#define NAIVE_MAX 9000

/* The same by looking at every number. */
struct naive {
    uint32_t first, end, next;
    bool lowest_first, taken[NAIVE_MAX];
};

static uint32_t naive_take(struct naive *naive)
{
    for (uint32_t i = 0; i < naive->end - naive->first; i++) {
        uint32_t start = naive->lowest_first ? naive->first : naive->next;
        uint32_t number = naive->first + (start - naive->first + i) % (naive->end - naive->first);
        if (!naive->taken[number]) {
            naive->taken[number] = true;
            naive->next = number + 1;
            return number;
        }
    }
    return UINT32_MAX;
}

static void test_against_naive_twin(void)
{
    static const uint32_t ends[] = {3, 64, 65, 257, 4099, NAIVE_MAX};
    uint64_t seed = suite_seed();
    for (uint32_t round = 0; round < 12; round++) {
        static struct naive naive;
        struct number_pool pool;
        uint32_t end = ends[round / 2];
        naive = (struct naive){.first = 2, .end = end, .next = 2, .lowest_first = round % 2};
        number_pool_init(&pool, 2, end, round % 2);
        /* Fill and drain: the share of takes goes up and down. */
        for (uint32_t step = 0; step < 12000; step++) {
            uint32_t number = 2 + suite_below(&seed, end - 2);
            uint32_t takes = step / (end < 1000 ? 500 : 10000) % 2 ? 40 : 80;
            if (suite_below(&seed, 100) < takes) {
                CU_ASSERT_EQUAL_FATAL(take(&pool), naive_take(&naive));
            } else if (suite_below(&seed, 10) == 0) {
                CU_ASSERT_EQUAL_FATAL(number_pool_reserve(&pool, number), !naive.taken[number]);
                naive.taken[number] = true;
            } else if (naive.taken[number]) {
                number_pool_give(&pool, number);
                naive.taken[number] = false;
            }
            CU_ASSERT_EQUAL_FATAL(number_pool_is_taken(&pool, number), naive.taken[number]);
        }
        number_pool_fini(&pool);
    }
}

static void give_what_is_free(void)
{
    struct number_pool pool;
    number_pool_init(&pool, 0, 10, false);
    number_pool_give(&pool, 3);
}

static void test_giving_twice_is_a_bug(void)
{
    CU_ASSERT_TRUE(suite_asserts(give_what_is_free));
}

static const struct suite_test tests[] = {
    {"goes on after the last, wraps to the lowest free", test_goes_on_after_the_last},
    {"lowest first", test_lowest_first},
    {"reservations ahead and behind", test_reservations},
    {"a pool without numbers", test_empty_pool},
    {"random runs against a naive twin", test_against_naive_twin},
    {"giving back what is free trips an assertion", test_giving_twice_is_a_bug},
};

int main(void)
{
    return suite_main("number pool", tests, sizeof tests / sizeof tests[0]);
}
