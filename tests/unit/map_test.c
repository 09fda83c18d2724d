/*
 * map_test.c: the map against arrays: random puts, gets and removals with keys that crowd together
 * (including 0 and the greatest), several values under one key, and growth.
 */
#include "suite.h"

#include "base/map.h"

enum { KEYS = 600 };

/* A few hundred different keys, so that each is put and removed often: dense, spread and extreme ones. */
static uint64_t key_of(uint32_t i)
{
    if (i < 200)
        return i;
    if (i < 400)
        return UINT64_MAX - (i - 200);
    return (uint64_t)i << 32;
}

static void test_single_values(void)
{
    uint64_t random = suite_seed();
    struct map map = {0};
    bool there[KEYS] = {false};
    uint64_t values[KEYS];
    uint32_t count = 0;
    for (uint32_t n = 0; n < 400000; n++) {
        uint32_t i = suite_below(&random, KEYS);
        bool growing = n / 50000 % 2 == 0;
        uint32_t choice = suite_below(&random, 8);
        if (choice < (growing ? 5u : 2u)) {
            values[i] = suite_random(&random);
            map_put(&map, key_of(i), values[i]);
            count += !there[i];
            there[i] = true;
        } else if (choice < 6) {
            CU_ASSERT_EQUAL_FATAL(map_remove(&map, key_of(i)), there[i]);
            count -= there[i];
            there[i] = false;
        }
        uint32_t probe = suite_below(&random, KEYS);
        uint64_t value = 0;
        CU_ASSERT_EQUAL_FATAL(map_get(&map, key_of(probe), &value), there[probe]);
        CU_ASSERT_FATAL(!there[probe] || value == values[probe]);
        CU_ASSERT_EQUAL_FATAL(map.count, count);
    }
    for (uint32_t i = 0; i < KEYS; i++)
        CU_ASSERT_EQUAL(map_get(&map, key_of(i), NULL), there[i]);
    map_clear(&map);
    CU_ASSERT_EQUAL(map.count, 0);
    for (uint32_t i = 0; i < KEYS; i++)
        CU_ASSERT(!map_get(&map, key_of(i), NULL));
    map_put(&map, 5, 6);
    CU_ASSERT(map_get(&map, 5, NULL));
    map_fini(&map);
}

struct thing {
    uint32_t key;
    uint32_t number;
};

static bool thing_has_number(const void *value, const void *context)
{
    return ((const struct thing *)value)->number == *(const uint32_t *)context;
}

/* Dozens of values under each of a few keys: long runs, gaps closed in their midst. */
static void test_several_values(void)
{
    enum { THINGS = 400 };
    uint64_t random = suite_seed() + 1;
    static struct thing things[THINGS];
    bool there[THINGS] = {false};
    struct map map = {0};
    for (uint32_t i = 0; i < THINGS; i++)
        things[i] = (struct thing){i % 9, i};
    for (uint32_t n = 0; n < 200000; n++) {
        uint32_t i = suite_below(&random, THINGS);
        if (!there[i] && suite_below(&random, 2)) {
            map_add_ptr(&map, things[i].key, &things[i]);
            there[i] = true;
        } else {
            CU_ASSERT_EQUAL_FATAL(map_remove_ptr(&map, things[i].key, &things[i]), there[i]);
            there[i] = false;
        }
        uint32_t probe = suite_below(&random, THINGS);
        void *found = map_find_where(&map, things[probe].key, thing_has_number, &probe);
        CU_ASSERT_PTR_EQUAL_FATAL(found, there[probe] ? &things[probe] : NULL);
        CU_ASSERT_PTR_NULL_FATAL(map_find_where(&map, things[probe].key + 1, thing_has_number, &probe));
    }
    map_fini(&map);
}

static void test_large(void)
{
    enum { COUNT = 200000 };
    struct map map = {0};
    for (uint64_t i = 0; i < COUNT; i++)
        map_put(&map, i * 4096, i);
    for (uint64_t i = 0; i < COUNT; i += 2)
        CU_ASSERT_FATAL(map_remove(&map, i * 4096));
    CU_ASSERT_EQUAL(map.count, COUNT / 2);
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t value = UINT64_MAX;
        CU_ASSERT_EQUAL_FATAL(map_get(&map, i * 4096, &value), i % 2 == 1);
        CU_ASSERT_EQUAL_FATAL(value, i % 2 ? i : UINT64_MAX);
    }
    map_fini(&map);
}

static void test_pointers(void)
{
    struct map map = {0};
    int a, b;
    CU_ASSERT_PTR_NULL(map_get_ptr(&map, 1));
    map_put_ptr(&map, 1, &a);
    CU_ASSERT_PTR_EQUAL(map_get_ptr(&map, 1), &a);
    map_put_ptr(&map, 1, &b);
    CU_ASSERT_PTR_EQUAL(map_get_ptr(&map, 1), &b);
    CU_ASSERT_EQUAL(map.count, 1);
    CU_ASSERT(!map_remove_ptr(&map, 1, &a));
    CU_ASSERT(map_remove_ptr(&map, 1, &b));
    CU_ASSERT_PTR_NULL(map_get_ptr(&map, 1));
    map_fini(&map);
}

static void test_empty(void)
{
    struct map map = {0};
    uint32_t number = 1;
    CU_ASSERT(!map_get(&map, 0, NULL));
    CU_ASSERT(!map_remove(&map, 0));
    CU_ASSERT(!map_remove_ptr(&map, 0, &number));
    CU_ASSERT_PTR_NULL(map_find_where(&map, 0, thing_has_number, &number));
    map_clear(&map);
    map_fini(&map);
    map_fini(&map);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"empty", test_empty},
        {"pointers", test_pointers},
        {"single values against an array", test_single_values},
        {"several values against an array", test_several_values},
        {"large", test_large},
    };
    return suite_main("map", tests, sizeof tests / sizeof tests[0]);
}
