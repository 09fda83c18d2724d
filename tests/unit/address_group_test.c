/*
 * address_group_test.c: a group of addresses against a plain array of what should be in it, through random
 * and through contrived programs: places, counts, bytes, lists, and at every cut which addresses are listed
 * and what they take. It also pins what the costs rest on: who is among the first ones, how many they are,
 * and how seldom they run out.
 */
#include "model_kit.h"

#include "model/address_group.h"

#define COUNT 400
#define NOWHERE UINT32_MAX

static struct catalog *catalog;

static struct {
    struct endpoint *address; /* borrowed from the group */
    uint32_t place;           /* NOWHERE: not in it */
    uint32_t number;          /* of its pod */
    uint64_t key;
} twin[COUNT];

enum addresses {
    ADDRESSES_V4,     /* texts are not in the order of numbers, and two pods share one */
    ADDRESSES_SHARED, /* by many */
    ADDRESSES_V6,     /* keys are all alike, but not the texts */
    ADDRESSES_RISING, /* in the order of numbers, up to 50,000 */
    ADDRESSES_COUNT
};
static enum addresses addresses;

static struct ip make_ip(uint32_t number)
{
    if (addresses == ADDRESSES_SHARED)
        return ip_from_v4(UINT32_C(0x0a000000) + number / 60 * 7);
    if (addresses == ADDRESSES_V4)
        return ip_from_v4(UINT32_C(0x0a000000) + number / 2 * 7);
    char text[64];
    int length = addresses == ADDRESSES_RISING
                     ? snprintf(text, sizeof text, "2001:db8::%x", 0x1000 + (unsigned)number)
                     : snprintf(text, sizeof text, "2001:db8:1234:5678:1234::%x", (unsigned)number * 7);
    return ip_parse(text, (size_t)length);
}

static struct endpoint *make_address(uint32_t number, bool ready, bool is_long)
{
    char name[32];
    snprintf(name, sizeof name, "web-%u", (unsigned)number);
    struct endpoint_draft draft = {
        .ready = ready ? CONDITION_TRUE : CONDITION_FALSE,
        .ip = make_ip(number),
        .hostname = is_long ? catalog_sym(catalog, "of-a-long-name") : SYM_EMPTY,
        .flags = is_long ? ENDPOINT_HOSTNAME : 0,
        .target = target_create(catalog, catalog_word(catalog, WORD_DEFAULT), name, (uint32_t)strlen(name),
            uuid_from_random(number * UINT64_C(0x9e3779b97f4a7c15), number), NULL),
    };
    return endpoint_create(catalog, &draft);
}

static int compare_twins(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (twin[i].key != twin[j].key)
        return twin[i].key < twin[j].key ? -1 : 1;
    return endpoint_compare_address(twin[i].address, twin[j].address, catalog);
}

/* Those of a readiness, in order. */
static uint32_t twin_sorted(bool ready, uint32_t out[COUNT])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        if (twin[i].place != NOWHERE && endpoint_is_ready(twin[i].address) == ready)
            out[count++] = i;
    }
    qsort(out, count, sizeof *out, compare_twins);
    return count;
}

/* --- what must hold -------------------------------------------------------------------------- */

static bool is_first(const struct address_group *group, uint32_t i)
{
    return group->places.items[twin[i].place] & PLACE_FIRST;
}

static void check_list(const struct address_group *group, bool ready, uint32_t wanted)
{
    uint32_t sorted[COUNT], count = twin_sorted(ready, sorted);
    struct address_list list = {0};
    address_group_list(group, ready, wanted, &list);
    CU_ASSERT_EQUAL_FATAL(list.items.count, wanted < count ? wanted : count);
    for (uint32_t i = 0; i < list.items.count; i++)
        CU_ASSERT_PTR_EQUAL_FATAL(list.items.items[i], twin[sorted[i]].address);
    vec_fini(&list.items);
}

/* Of one readiness, of which `listed` were just said to be listed; returns their bytes. */
static uint64_t check_cut(const struct address_group *group, bool ready, uint32_t listed)
{
    uint32_t sorted[COUNT], count = twin_sorted(ready, sorted), first = 0;
    uint64_t bytes = 0, listed_bytes = 0;
    while (first < count && is_first(group, sorted[first]))
        first++;
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_PTR_EQUAL_FATAL(address_group_at(group, twin[sorted[i]].place), twin[sorted[i]].address);
        CU_ASSERT_EQUAL_FATAL(address_group_lists(group, twin[sorted[i]].place), i < listed);
        CU_ASSERT_FATAL(i < first || !is_first(group, sorted[i]));
        bytes += endpoint_address_bytes(twin[sorted[i]].address);
        if (i + 1 == listed)
            listed_bytes = bytes;
    }
    CU_ASSERT_EQUAL_FATAL(group->counts[ready], count);
    CU_ASSERT_EQUAL_FATAL(group->bytes[ready], bytes);
    if (listed < count) {
        CU_ASSERT_FATAL(first >= listed);
        CU_ASSERT_FATAL(first <= 2 * (listed + listed / 4 + group->places.count / 32 + 1) + 1);
    }
    return listed_bytes;
}

/* As the controller does it for so many addresses at most. */
static void cut(struct address_group *group, uint32_t capacity)
{
    uint32_t ready = group->counts[1] < capacity ? group->counts[1] : capacity;
    uint32_t room = capacity - ready;
    uint32_t not_ready = group->counts[0] < room ? group->counts[0] : room;
    uint64_t bytes = address_group_cut(group, ready, not_ready);
    CU_ASSERT_EQUAL_FATAL(bytes, check_cut(group, true, ready) + check_cut(group, false, not_ready));
}

/* --- changes --------------------------------------------------------------------------------- */

static void add(struct address_group *group, uint32_t i, uint32_t number, bool ready)
{
    twin[i].number = number;
    twin[i].address = make_address(number, ready, false);
    twin[i].key = endpoint_sort_key(twin[i].address);
    twin[i].place = address_group_add(group, twin[i].address);
}

static void drop(struct address_group *group, uint32_t i)
{
    address_group_remove(group, twin[i].place);
    twin[i].place = NOWHERE;
}

static void replace(struct address_group *group, uint32_t i, bool ready, bool is_long)
{
    twin[i].address = make_address(twin[i].number, ready, is_long);
    address_group_replace(group, twin[i].place, twin[i].address);
}

static struct address_group *group_create(void)
{
    for (uint32_t i = 0; i < COUNT; i++)
        twin[i].place = NOWHERE;
    return address_group_create(catalog, ports_empty(catalog));
}

static void group_finish(struct address_group *group)
{
    /* A place that became free is the next one to be taken. */
    CU_ASSERT(group->places.count <= COUNT);
    address_group_destroy(group);
    CU_ASSERT_EQUAL(catalog->pools->endpoints.count, 0);
}

/* `favour`: of ten changes, so many turn an address ready or add a ready one. */
static void change_one(struct address_group *group, uint64_t *random, uint32_t members, uint32_t favour)
{
    uint32_t i = suite_below(random, members);
    bool ready = suite_below(random, 10) < favour;
    if (twin[i].place == NOWHERE)
        add(group, i, i, ready);
    else if (suite_below(random, 3))
        replace(group, i, ready, suite_below(random, 10) == 0);
    else
        drop(group, i);
}

/* --- programs -------------------------------------------------------------------------------- */

/* Of few members and of many, at capacities that cut almost all of them, one readiness, or nothing; most of
 * them ready for a while, and then most of them not. Several changes may come between two cuts. */
static void random_program(uint64_t *random)
{
    static const uint32_t capacities[] = {1, 2, 5, 10, 30, 100, 1000};
    struct address_group *group = group_create();
    uint32_t capacity = capacities[suite_below(random, 7)];
    uint32_t members = suite_below(random, 2) ? COUNT : 2 + suite_below(random, 40);
    uint32_t favour = suite_below(random, 11);
    for (uint32_t n = 0; n < 300; n++) {
        if (suite_below(random, 60) == 0)
            favour = suite_below(random, 11);
        if (suite_below(random, 100) == 0)
            capacity = capacities[suite_below(random, 7)];
        for (uint32_t i = suite_below(random, 8) ? 1 : suite_below(random, 40); i > 0; i--)
            change_one(group, random, members, favour);
        if (suite_below(random, 100) == 0)
            address_group_uncut(group);
        cut(group, capacity);
        if (n % 32 == 0) {
            check_list(group, true, suite_below(random, COUNT));
            check_list(group, false, suite_below(random, COUNT));
        }
    }
    group_finish(group);
}

static void test_random_programs(void)
{
    uint64_t random = suite_seed();
    for (uint32_t i = 0; i < 40; i++) {
        addresses = (enum addresses)(i % ADDRESSES_COUNT);
        random_program(&random);
    }
}

/* --- contrived programs ---------------------------------------------------------------------- */

#define CAPACITY 40
#define EVENTS 600

/* One change, at which `sorted` are the `count` that are ready, in order. */
typedef void contrived_step(
    struct address_group *group, uint32_t n, const uint32_t sorted[COUNT], uint32_t count);

/* A rolling update: the smallest goes, and who comes is greater than all. */
static void step_rise(struct address_group *group, uint32_t n, const uint32_t sorted[COUNT], uint32_t count)
{
    uint32_t greatest = twin[sorted[count - 1]].number, i = sorted[0];
    (void)n;
    drop(group, i);
    add(group, i, greatest + 1, true);
}

/* The other way round. */
static void step_fall(struct address_group *group, uint32_t n, const uint32_t sorted[COUNT], uint32_t count)
{
    uint32_t smallest = twin[sorted[0]].number, i = sorted[count - 1];
    (void)n;
    drop(group, i);
    add(group, i, smallest - 1, true);
}

/* The last one that is listed stops being ready and becomes so again. */
static void step_flip(struct address_group *group, uint32_t n, const uint32_t sorted[COUNT], uint32_t count)
{
    static uint32_t flipped;
    (void)count;
    if (n % 2 == 0)
        flipped = sorted[CAPACITY - 1];
    replace(group, flipped, n % 2 == 1, false);
}

/* So many are ready as can be listed, or a few more or less: from the smallest on they stop being so, until
 * most of what is listed is not ready, and then they become so again. */
static void step_drain(struct address_group *group, uint32_t n, const uint32_t sorted[COUNT], uint32_t count)
{
    uint32_t not_ready[COUNT];
    (void)count;
    if (n < COUNT - CAPACITY - 10 || n % 80 < 40) {
        replace(group, sorted[0], false, false);
    } else {
        twin_sorted(false, not_ready);
        replace(group, not_ready[0], true, false);
    }
}

static uint32_t count_first(const struct address_group *group)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        count += twin[i].place != NOWHERE && is_first(group, i);
    return count;
}

/* The first ones run out seldom: between two times there are half as many changes, or more, as there are
 * addresses to spare (at least n / 32 and a quarter of what is listed). And they do: the program is one of
 * those that make them. */
static void contrived_program(contrived_step *step, bool runs_out)
{
    struct address_group *group = group_create();
    uint32_t sorted[COUNT], refills = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        add(group, i, 20000 + i, true);
    cut(group, CAPACITY);
    CU_ASSERT_EQUAL(count_first(group), CAPACITY + CAPACITY / 4 + COUNT / 32 + 1);
    for (uint32_t n = 0; n < EVENTS; n++) {
        uint32_t count = twin_sorted(true, sorted);
        step(group, n, sorted, count);
        uint32_t before = count_first(group);
        cut(group, CAPACITY);
        refills += count_first(group) > before;
    }
    CU_ASSERT(refills <= EVENTS / (COUNT / 64));
    CU_ASSERT_EQUAL(refills > 0, runs_out);
    group_finish(group);
}

static void test_contrived_programs(void)
{
    addresses = ADDRESSES_RISING;
    contrived_program(step_rise, true);
    contrived_program(step_fall, false);
    contrived_program(step_flip, false);
    contrived_program(step_drain, true);
}

/* When all that are ready fit again, their order is still there: a group about as long as the capacity is not
 * put into order again and again. */
static void test_about_the_capacity(void)
{
    addresses = ADDRESSES_V4;
    struct address_group *group = group_create();
    for (uint32_t i = 0; i <= CAPACITY; i++)
        add(group, i, i, true);
    CU_ASSERT_PTR_NULL(group->orders);
    cut(group, CAPACITY);
    const struct address_order *orders = group->orders;
    CU_ASSERT_PTR_NOT_NULL_FATAL(orders);
    for (uint32_t n = 0; n < 20; n++) {
        drop(group, n);
        cut(group, CAPACITY);
        add(group, n, n + 1000, true);
        CU_ASSERT_EQUAL(count_first(group), CAPACITY + 1);
        cut(group, CAPACITY);
    }
    CU_ASSERT_PTR_EQUAL(group->orders, orders);
    address_group_uncut(group);
    CU_ASSERT_PTR_NULL(group->orders);
    CU_ASSERT_EQUAL(count_first(group), 0);
    group_finish(group);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"random programs", test_random_programs},
        {"contrived programs", test_contrived_programs},
        {"about the capacity", test_about_the_capacity},
    };
    catalog = catalog_create();
    int status = suite_main("address_group", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return status;
}
