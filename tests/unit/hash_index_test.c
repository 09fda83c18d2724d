/*
 * hash_index_test.c: random additions, removals and searches against an array, with good and with bad hashes.
 */
#include "suite.h"

#include "base/hash.h"
#include "base/hash_index.h"

enum { NAMES = 3000 };

/* By number: the name of the record; 0: there is none. */
static uint32_t names[2 * NAMES];
static uint32_t number_of[NAMES];
static uint32_t hashes; /* so many different ones */

static uint64_t hash_of_name(uint32_t name)
{
    return hash_u64(name % hashes);
}

static uint64_t hash_of(const void *context, uint32_t number)
{
    CU_ASSERT_PTR_EQUAL(context, names);
    CU_ASSERT_FATAL(names[number] != 0);
    return hash_of_name(names[number]);
}

static uint32_t prefetched[2];

static void prefetch(const void *context, uint32_t number, int stage)
{
    CU_ASSERT_PTR_EQUAL(context, names);
    CU_ASSERT_FATAL(names[number] != 0);
    prefetched[stage]++;
}

static bool is_wanted(const void *context, uint32_t number, const void *wanted)
{
    CU_ASSERT_PTR_EQUAL(context, names);
    return names[number] == *(const uint32_t *)wanted;
}

/* A guess is of one with like bits: another's now and then, and with good hashes seldom. */
static void guesses_slots(const struct hash_index *index, uint32_t live, uint32_t right_min)
{
    uint32_t found = 0, right = 0;
    for (uint32_t name = 1; name < NAMES; name++) {
        uint32_t number = hash_index_at(index, hash_index_guess(index, hash_of_name(name)));
        if (number == 0)
            CU_ASSERT_EQUAL(number_of[name], 0);
        found += number_of[name] && names[number] != 0;
        right += number_of[name] && number == number_of[name];
    }
    CU_ASSERT_EQUAL(found, live);
    CU_ASSERT(right >= right_min);
    CU_ASSERT_EQUAL(hash_index_at(index, HASH_INDEX_NOWHERE), 0);
    CU_ASSERT_EQUAL(hash_index_at(index, index->slot_count), 0);
}

static void against_array(uint32_t hash_count, int steps)
{
    uint64_t random = suite_seed() + hash_count;
    struct hash_index index = {.hash = hash_of, .prefetch = prefetch, .context = names};
    uint32_t live = 0;
    hashes = hash_count;
    memset(names, 0, sizeof names);
    memset(number_of, 0, sizeof number_of);
    for (int step = 0; step < steps; step++) {
        uint32_t name = 1 + suite_below(&random, NAMES - 1);
        uint64_t hash = hash_of_name(name);
        CU_ASSERT_EQUAL_FATAL(hash_index_find(&index, hash, is_wanted, &name), number_of[name]);
        if (!number_of[name]) {
            uint32_t number;
            do
                number = 1 + suite_below(&random, 2 * NAMES - 1);
            while (names[number]);
            names[number] = name;
            number_of[name] = number;
            hash_index_add(&index, hash, number);
            live++;
        } else {
            uint32_t number = number_of[name];
            names[number] = number_of[name] = 0; /* the record is gone before the index hears of it */
            CU_ASSERT_FATAL(hash_index_remove(&index, hash, number));
            CU_ASSERT_FATAL(!hash_index_remove(&index, hash, number));
            live--;
        }
        CU_ASSERT_EQUAL_FATAL(index.count, live);
        if (number_of[name] && suite_below(&random, 3) == 0) { /* a successor, after the record is gone */
            uint32_t number = number_of[name], by = 1 + suite_below(&random, 2 * NAMES - 1);
            while (names[by])
                by = by % (2 * NAMES - 1) + 1;
            names[number] = 0;
            names[by] = name;
            number_of[name] = by;
            hash_index_replace(&index, hash, number, by);
        }
    }
    guesses_slots(&index, live, hash_count == UINT32_MAX ? live - live / 10 : 0);
    /* A walk meets every number once. */
    uint64_t cursor = 0;
    uint32_t met = 0;
    for (uint32_t number; (number = hash_index_next(&index, &cursor)) != 0; met++) {
        CU_ASSERT_FATAL(names[number] != 0);
        CU_ASSERT_EQUAL_FATAL(number_of[names[number]], number);
        number_of[names[number]] = 0;
    }
    CU_ASSERT_EQUAL(met, live);
    CU_ASSERT(prefetched[0] > live && prefetched[1] > prefetched[0]);
    hash_index_fini(&index);
    CU_ASSERT_EQUAL(hash_index_find(&index, 1, is_wanted, names), 0);
}

static void test_good_hashes(void)
{
    against_array(UINT32_MAX, 100000);
}

static void test_bad_hashes(void)
{
    against_array(40, 20000);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"good hashes", test_good_hashes},
        {"bad hashes", test_bad_hashes},
    };
    return suite_main("hash_index", tests, sizeof tests / sizeof tests[0]);
}
