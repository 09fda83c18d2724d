/*
 * pool_test.c: records stay apart and where they are, numbers and pointers lead to each other, and what is
 * given back is used again.
 */
#include "suite.h"

#include "base/mem.h"
#include "base/pool.h"

struct record {
    uint64_t value;
    uint64_t check;
    uint32_t rest[3];
    uint32_t number;
};

static void fill(struct pool *pool, struct record *record, uint64_t value)
{
    *record = (struct record){.value = value, .check = ~value, .number = pool_number(record)};
    CU_ASSERT_PTR_EQUAL(pool_at(pool, record->number), record);
}

/* Random takes and gives, against an array. */
static void test_random(void)
{
    enum { RECORDS = 20000, STEPS = 200000 };
    static struct record *records[RECORDS];
    uint64_t random = suite_seed();
    uint32_t live = 0;
    struct pool pool;
    pool_init(&pool, sizeof(struct record), &live);
    for (int step = 0; step < STEPS; step++) {
        uint32_t i = suite_below(&random, RECORDS);
        if (records[i]) {
            CU_ASSERT_EQUAL_FATAL(records[i]->value, i);
            CU_ASSERT_EQUAL_FATAL(records[i]->check, ~(uint64_t)i);
            CU_ASSERT_EQUAL_FATAL(pool_number(records[i]), records[i]->number);
            CU_ASSERT_PTR_EQUAL_FATAL(pool_owner_of(records[i]), &live);
            pool_give(&pool, records[i]);
            records[i] = NULL;
            live--;
        } else {
            records[i] = pool_take(&pool);
            CU_ASSERT_EQUAL_FATAL((uintptr_t)records[i] % 8, 0);
            fill(&pool, records[i], i);
            live++;
        }
        CU_ASSERT_EQUAL_FATAL(pool.count, live);
    }
    /* About half are live at a time: no room is lost to those that were given back. */
    CU_ASSERT(pool.chunk_count < RECORDS * sizeof(struct record) / POOL_CHUNK_BYTES + 2);
    memset(records, 0, sizeof records);
    pool_fini(&pool);
}

static void test_none(void)
{
    struct pool pool;
    pool_init(&pool, 8, NULL);
    CU_ASSERT_PTR_NULL(pool_at(&pool, POOL_NONE));
    CU_ASSERT_EQUAL(pool_number(NULL), POOL_NONE);
    void *first = pool_take(&pool);
    CU_ASSERT_NOT_EQUAL(pool_number(first), POOL_NONE);
    pool_give(&pool, first);
    CU_ASSERT_PTR_EQUAL(pool_take(&pool), first);
    pool_fini(&pool);
    pool_fini(&pool);
}

static void test_large_records(void)
{
    struct pool pool;
    pool_init(&pool, 4096, NULL);
    enum { RECORDS = 2 * POOL_CHUNK_BYTES / 4096 };
    static unsigned char *records[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
        records[i] = pool_take(&pool);
        memset(records[i], i % 251, 4096);
    }
    for (int i = 0; i < RECORDS; i++) {
        CU_ASSERT_EQUAL(records[i][0], i % 251);
        CU_ASSERT_EQUAL(records[i][4095], i % 251);
        CU_ASSERT_PTR_EQUAL(pool_at(&pool, pool_number(records[i])), records[i]);
    }
    CU_ASSERT(pool.chunk_count > 1);
    pool_fini(&pool);
}

/* Pools of a family, and records that stand alone: one series of numbers. */
static void test_family(void)
{
    enum { RECORDS = 4000, SIZES = 5 };
    static uint64_t *records[RECORDS];
    static size_t sizes[RECORDS]; /* 0: none; SIZES: large */
    struct pool pools[SIZES];
    uint64_t random = suite_seed();
    pool_init(&pools[0], 16, NULL);
    for (uint32_t i = 1; i < SIZES; i++) {
        pool_init(&pools[i], 16 + 8 * i, NULL);
        pool_join(&pools[i], &pools[0]);
    }
    for (int step = 0; step < 40000; step++) {
        uint32_t i = suite_below(&random, RECORDS);
        if (!records[i]) {
            sizes[i] = suite_below(&random, 100) ? suite_below(&random, SIZES) : SIZES;
            records[i] = sizes[i] < SIZES ? pool_take(&pools[sizes[i]]) : pool_take_large(&pools[0], 100000);
            records[i][0] = i;
            records[i][1] = pool_number(records[i]);
            continue;
        }
        CU_ASSERT_EQUAL_FATAL(records[i][0], i);
        CU_ASSERT_PTR_EQUAL_FATAL(pool_at(&pools[0], (uint32_t)records[i][1]), records[i]);
        if (sizes[i] < SIZES)
            pool_give(&pools[sizes[i]], records[i]);
        else
            pool_give_large(&pools[0], records[i]);
        records[i] = NULL;
    }
    memset(records, 0, sizeof records);
    pool_fini(&pools[0]);
}

/* `count` records of each size: none stands where the chunk keeps what it knows, or another one. */
static void take_many(uint32_t record_bytes, uint32_t count)
{
    struct pool pool;
    pool_init(&pool, record_bytes, &pool);
    uint64_t **records = mem_array(NULL, count, sizeof *records);
    for (uint32_t i = 0; i < count; i++) {
        records[i] = pool_take(&pool);
        memset(records[i], 0xff, record_bytes);
        records[i][0] = i;
        records[i][record_bytes / 8 - 1] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL_FATAL(records[i][0], i);
        CU_ASSERT_EQUAL_FATAL(records[i][record_bytes / 8 - 1], i);
        CU_ASSERT_PTR_EQUAL_FATAL(pool_at(&pool, pool_number(records[i])), records[i]);
        CU_ASSERT_PTR_EQUAL_FATAL(pool_owner_of(records[i]), &pool);
    }
    free(records);
    pool_fini(&pool);
}

static void test_sizes(void)
{
    for (uint32_t record_bytes = 8; record_bytes <= 200; record_bytes += 8)
        take_many(record_bytes, 20000);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"random takes and gives", test_random},
        {"every size", test_sizes},
        {"no record", test_none},
        {"large records", test_large_records},
        {"a family", test_family},
    };
    return suite_main("pool", tests, sizeof tests / sizeof tests[0]);
}
