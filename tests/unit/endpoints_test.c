/*
 * endpoints_test.c: a group of addresses against a plain array of what should be in it: places, counts,
 * bytes, ranks and lists, while it is kept in order and while it is not, and from one to the other and back.
 */
#include "model_kit.h"

#include "model/endpoints.h"

#define COUNT 300
#define NOWHERE UINT32_MAX

static struct catalog *catalog;

static struct {
    struct endpoint *address; /* borrowed from the group */
    uint32_t place;           /* NOWHERE: not in it */
} twin[COUNT];

/* Addresses whose texts are not in the order of their numbers, and some that two pods share. */
static struct endpoint *make_address(uint32_t number, bool ready)
{
    char name[32];
    snprintf(name, sizeof name, "web-%u", (unsigned)number);
    struct endpoint_draft draft = {
        .ready = ready ? CONDITION_TRUE : CONDITION_FALSE,
        .ip = ip_from_v4(UINT32_C(0x0a000000) + number / 2 * 7),
        .target = target_create(catalog, catalog_word(catalog, WORD_DEFAULT), name, (uint32_t)strlen(name),
            uuid_from_random(number * UINT64_C(0x9e3779b97f4a7c15), number), NULL),
    };
    return endpoint_create(catalog, &draft);
}

static bool comes_before(const struct endpoint *a, const struct endpoint *b)
{
    if (endpoint_sort_key(a) != endpoint_sort_key(b))
        return endpoint_sort_key(a) < endpoint_sort_key(b);
    return endpoint_compare_address(a, b, catalog) < 0;
}

/* How many addresses of this readiness come before. */
static uint32_t twin_rank(const struct endpoint *address, bool ready)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        rank += twin[i].place != NOWHERE && endpoint_is_ready(twin[i].address) == ready &&
                comes_before(twin[i].address, address);
    return rank;
}

static void check_lists(const struct address_group *group, uint64_t *random)
{
    for (int ready = 0; ready < 2; ready++) {
        struct address_list list = {0};
        uint32_t count = 0, wanted = suite_below(random, COUNT);
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < COUNT; i++) {
            if (twin[i].place == NOWHERE || endpoint_is_ready(twin[i].address) != ready)
                continue;
            CU_ASSERT_PTR_EQUAL(address_group_at(group, twin[i].place), twin[i].address);
            count++;
            bytes += endpoint_address_bytes(twin[i].address);
        }
        CU_ASSERT_EQUAL(group->counts[ready], count);
        CU_ASSERT_EQUAL(group->bytes[ready], bytes);
        address_group_list(group, ready, wanted, &list);
        CU_ASSERT_EQUAL_FATAL(list.items.count, wanted < count ? wanted : count);
        for (uint32_t i = 0; i < list.items.count; i++) {
            CU_ASSERT_EQUAL(twin_rank(list.items.items[i], ready), i);
            CU_ASSERT_EQUAL(endpoint_is_ready(list.items.items[i]), ready);
        }
        vec_fini(&list.items);
    }
}

static void change_one(struct address_group *group, uint64_t *random)
{
    uint32_t i = suite_below(random, COUNT), rank, rank_before;
    bool ready = suite_below(random, 3) > 0, is_ordered = group->is_ordered;
    if (twin[i].place == NOWHERE) {
        struct endpoint *address = make_address(i, ready);
        uint32_t expected = twin_rank(address, ready);
        twin[i].place = address_group_add(group, address, &rank);
        twin[i].address = address;
        CU_ASSERT_EQUAL(rank, is_ordered ? expected : 0);
        return;
    }
    uint32_t expected_before = twin_rank(twin[i].address, endpoint_is_ready(twin[i].address));
    if (suite_below(random, 2)) {
        struct endpoint *address = make_address(i, ready);
        uint32_t expected = twin_rank(address, ready);
        rank = address_group_replace(group, twin[i].place, address, &rank_before);
        twin[i].address = address;
        CU_ASSERT_EQUAL(rank, is_ordered ? expected : 0);
        CU_ASSERT_EQUAL(rank_before, is_ordered ? expected_before : 0);
    } else {
        CU_ASSERT_EQUAL(address_group_remove(group, twin[i].place), is_ordered ? expected_before : 0);
        twin[i].place = NOWHERE;
    }
}

static void test_group_against_array(void)
{
    uint64_t random = suite_seed();
    struct address_group *group = address_group_create(catalog, ports_empty(catalog));
    for (uint32_t i = 0; i < COUNT; i++)
        twin[i].place = NOWHERE;
    for (uint32_t n = 0; n < 8000; n++) {
        if (suite_below(&random, 200) == 0)
            address_group_set_ordered(group, !group->is_ordered);
        change_one(group, &random);
        if (n % 400 == 0)
            check_lists(group, &random);
    }
    check_lists(group, &random);
    /* A place that became free is the next one to be taken. */
    CU_ASSERT(group->places.count <= COUNT);
    address_group_destroy(group);
    CU_ASSERT_EQUAL(catalog->pools->endpoints.count, 0);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a group against an array", test_group_against_array},
    };
    catalog = catalog_create();
    int status = suite_main("endpoints", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return status;
}
