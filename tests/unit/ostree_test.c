/*
 * ostree_test.c: the tree against a sorted array, through every operation and all invariants of its
 * nodes that can be seen from outside: order, ranks and sums, iteration. Many items share a key,
 * items are freed at once when they leave (a separator that still named one is then a use after free), and
 * sizes pass through several levels up and down.
 */
#include "suite.h"

#include "base/ostree.h"

struct item {
    uint64_t key;
    uint32_t minor;
    uint32_t weight;
};

static int item_compare(const void *a, const void *b, const void *context)
{
    const struct item *x = a, *y = b;
    CU_ASSERT_FATAL(context != NULL);
    CU_ASSERT_FATAL(x->key == y->key); /* called for equal keys only */
    ++*(uint64_t *)(uintptr_t)context;
    return (x->minor > y->minor) - (x->minor < y->minor);
}

/* The naive twin. */
struct twin {
    struct item **items;
    uint32_t count;
};

static bool item_before(const struct item *a, const struct item *b)
{
    return a->key < b->key || (a->key == b->key && a->minor < b->minor);
}

static uint32_t twin_rank(const struct twin *twin, const struct item *item)
{
    uint32_t low = 0, high = twin->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (item_before(twin->items[middle], item))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool twin_has(const struct twin *twin, uint32_t rank, const struct item *item)
{
    return rank < twin->count && !item_before(item, twin->items[rank]);
}

static void twin_insert(struct twin *twin, uint32_t rank, struct item *item)
{
    memmove(twin->items + rank + 1, twin->items + rank, (twin->count - rank) * sizeof *twin->items);
    twin->items[rank] = item;
    twin->count++;
}

static void twin_remove(struct twin *twin, uint32_t rank)
{
    twin->count--;
    memmove(twin->items + rank, twin->items + rank + 1, (twin->count - rank) * sizeof *twin->items);
}

static void whole_compare(const struct ostree *tree, const struct twin *twin)
{
    struct ostree_iter it;
    uint32_t rank = 0;
    uint64_t weight = 0;
    for (ostree_first(&it, tree); it.item; ostree_next(&it)) {
        CU_ASSERT_FATAL(rank < twin->count);
        CU_ASSERT_FATAL(it.item == twin->items[rank]);
        CU_ASSERT_FATAL(ostree_select(tree, rank) == it.item);
        CU_ASSERT_FATAL(ostree_prefix_weight(tree, rank) == weight);
        weight += twin->items[rank]->weight;
        rank++;
    }
    CU_ASSERT_EQUAL_FATAL(rank, twin->count);
    CU_ASSERT_EQUAL_FATAL(tree->count, twin->count);
    CU_ASSERT_EQUAL_FATAL(tree->weight, weight);
    CU_ASSERT_EQUAL_FATAL(ostree_prefix_weight(tree, rank), weight);
}

struct sizes {
    uint32_t operations;
    uint32_t size_max;
    uint32_t keys;   /* how many different ones */
    uint32_t minors; /* how many different items under one key */
    uint32_t wave;   /* operations after which growing turns into shrinking */
    bool huge_keys;
};

static uint64_t key_pick(uint64_t *random, const struct sizes *sizes)
{
    uint64_t key = suite_below(random, sizes->keys);
    return sizes->huge_keys ? UINT64_MAX - key : key;
}

static void queries_compare(
    const struct ostree *tree, const struct twin *twin, uint64_t *random, const struct sizes *sizes)
{
    struct item probe = {.weight = 0};
    probe.key = key_pick(random, sizes);
    probe.minor = suite_below(random, sizes->minors);
    uint32_t expected = twin_rank(twin, &probe);
    uint32_t rank = UINT32_MAX;
    const struct item *found = ostree_find(tree, probe.key, &probe, &rank);
    bool there = twin_has(twin, expected, &probe);
    CU_ASSERT_PTR_EQUAL_FATAL(found, there ? twin->items[expected] : NULL);
    CU_ASSERT_EQUAL_FATAL(rank, expected);

    struct item first = {probe.key, 0, 0};
    expected = twin_rank(twin, &first);
    found = ostree_lower_bound(tree, probe.key, &rank);
    CU_ASSERT_EQUAL_FATAL(rank, expected);
    CU_ASSERT_PTR_EQUAL_FATAL(found, expected < twin->count ? twin->items[expected] : NULL);
}

static void against_twin(const struct sizes *sizes)
{
    uint64_t random = suite_seed() ^ sizes->keys;
    uint64_t compared = 0;
    struct ostree tree;
    ostree_init(&tree, item_compare, &compared);
    struct twin twin = {malloc((sizes->size_max + 1) * sizeof(struct item *)), 0};
    for (uint32_t n = 0; n < sizes->operations; n++) {
        struct item probe = {
            key_pick(&random, sizes), suite_below(&random, sizes->minors), suite_below(&random, 1000)};
        bool growing = n / sizes->wave % 2 == 0;
        bool wants_more = suite_below(&random, 10) < (growing ? 8u : 2u);
        if (!wants_more && twin.count && suite_below(&random, 4)) {
            uint32_t pick = suite_below(&random, 8) ? suite_below(&random, twin.count) : 0;
            probe = *twin.items[pick]; /* remove what is there, the very first more often */
        }
        uint32_t expected = twin_rank(&twin, &probe);
        bool there = twin_has(&twin, expected, &probe);
        void *old;
        if (wants_more && !there && twin.count < sizes->size_max) {
            struct item *item = malloc(sizeof *item);
            *item = probe;
            CU_ASSERT_EQUAL_FATAL(ostree_insert(&tree, item->key, item, item->weight), expected);
            twin_insert(&twin, expected, item);
        } else if (there) {
            uint32_t rank = ostree_remove(&tree, probe.key, &probe, &old);
            CU_ASSERT_PTR_EQUAL_FATAL(old, twin.items[expected]);
            CU_ASSERT_EQUAL_FATAL(rank, expected);
            free(old);
            twin_remove(&twin, expected);
        }
        CU_ASSERT_EQUAL_FATAL(tree.count, twin.count);
        queries_compare(&tree, &twin, &random, sizes);
        if (n % (sizes->operations / 20) == 0)
            whole_compare(&tree, &twin);
    }
    whole_compare(&tree, &twin);
    CU_ASSERT(compared > 0);
    for (uint32_t i = 0; i < twin.count; i++)
        free(twin.items[i]);
    free(twin.items);
    ostree_fini(&tree);
    CU_ASSERT_EQUAL(tree.count, 0);
}

static void test_many_equal_keys(void)
{
    against_twin(&(struct sizes){40000, 5000, 12, 2000, 20000, false});
}

static void test_few_equal_keys(void)
{
    against_twin(&(struct sizes){60000, 12000, 20000, 3, 30000, false});
}

static void test_one_key(void)
{
    against_twin(&(struct sizes){32000, 3000, 1, 10000, 8000, false});
}

static void test_greatest_keys(void)
{
    against_twin(&(struct sizes){24000, 3000, 5, 2000, 6000, true});
}

static void test_near_empty(void)
{
    against_twin(&(struct sizes){60000, 40, 10, 10, 60, false});
}

/* Without a comparison keys are unique, and items may be anything, here NULL-free small numbers. */
static void test_unique_keys(void)
{
    enum { COUNT = 300000 };
    struct ostree tree;
    ostree_init(&tree, NULL, NULL);
    /* 48271 is coprime to COUNT: a permutation. */
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t key = i * 48271 % COUNT;
        ostree_insert(&tree, key, (void *)(uintptr_t)(key + 1), (uint32_t)key % 7);
    }
    CU_ASSERT_EQUAL(tree.count, COUNT);
    for (uint32_t i = 0; i < COUNT; i += 997) {
        CU_ASSERT_EQUAL((uintptr_t)ostree_select(&tree, i), i + 1);
        uint64_t expected = (uint64_t)(i / 7) * 21 + (uint64_t)(i % 7) * (i % 7 - 1u) / 2;
        CU_ASSERT_EQUAL(ostree_prefix_weight(&tree, i), i % 7 ? expected : (uint64_t)(i / 7) * 21);
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        void *item;
        CU_ASSERT_EQUAL_FATAL(ostree_remove(&tree, i, NULL, &item), 0);
        CU_ASSERT_EQUAL_FATAL((uintptr_t)item, i + 1);
    }
    CU_ASSERT_EQUAL(tree.count, 0);
    CU_ASSERT_EQUAL(tree.weight, 0);
    CU_ASSERT_PTR_NULL(ostree_find(&tree, 7, NULL, NULL));
    CU_ASSERT_PTR_NULL(ostree_lower_bound(&tree, 0, NULL));
    struct ostree_iter it;
    ostree_first(&it, &tree);
    CU_ASSERT_PTR_NULL(it.item);
    CU_ASSERT_EQUAL(ostree_insert(&tree, 7, &tree, 3), 0);
    CU_ASSERT_PTR_EQUAL(ostree_select(&tree, 0), &tree);
    ostree_fini(&tree);
}

/* Both ends, in order: the shapes that split and merge only one side. */
static void test_sorted_runs(void)
{
    enum { COUNT = 20000 };
    struct ostree tree;
    ostree_init(&tree, NULL, NULL);
    for (uint64_t i = 0; i < COUNT; i++)
        CU_ASSERT_EQUAL_FATAL(ostree_insert(&tree, COUNT + i, &tree, 1), i);
    for (uint64_t i = 0; i < COUNT; i++)
        CU_ASSERT_EQUAL_FATAL(ostree_insert(&tree, COUNT - 1 - i, &tree, 1), 0);
    for (uint32_t i = 2 * COUNT; i-- > COUNT;)
        CU_ASSERT_EQUAL_FATAL(ostree_remove(&tree, i, NULL, NULL), i);
    uint32_t rank;
    CU_ASSERT_PTR_NULL(ostree_lower_bound(&tree, COUNT, &rank));
    CU_ASSERT_EQUAL(rank, COUNT);
    CU_ASSERT_EQUAL(ostree_prefix_weight(&tree, 777), 777);
    ostree_clear(&tree);
    CU_ASSERT_EQUAL(ostree_insert(&tree, 5, &rank, 2), 0);
    CU_ASSERT_PTR_EQUAL(ostree_find(&tree, 5, NULL, NULL), &rank);
    ostree_fini(&tree);
}

static void test_empty(void)
{
    struct ostree tree;
    struct ostree_iter it;
    uint32_t rank = 7;
    ostree_init(&tree, NULL, NULL);
    CU_ASSERT_PTR_NULL(ostree_find(&tree, 1, NULL, &rank));
    CU_ASSERT_EQUAL(rank, 0);
    CU_ASSERT_PTR_NULL(ostree_lower_bound(&tree, 0, &rank));
    CU_ASSERT_EQUAL(rank, 0);
    CU_ASSERT_EQUAL(ostree_prefix_weight(&tree, 0), 0);
    ostree_first(&it, &tree);
    CU_ASSERT_PTR_NULL(it.item);
    ostree_fini(&tree);
}

static struct ostree misused;

static void misuse_insert(void)
{
    ostree_insert(&misused, 1, &misused, 1);
    ostree_insert(&misused, 1, &misused, 1);
}
static void misuse_remove(void)
{
    ostree_remove(&misused, 3, NULL, NULL);
}
static void misuse_select(void)
{
    ostree_select(&misused, 0);
}
static void misuse_prefix(void)
{
    ostree_prefix_weight(&misused, 1);
}

static void test_misuse_asserts(void)
{
    ostree_init(&misused, NULL, NULL);
    CU_ASSERT(suite_asserts(misuse_insert));
    CU_ASSERT(suite_asserts(misuse_remove));
    CU_ASSERT(suite_asserts(misuse_select));
    CU_ASSERT(suite_asserts(misuse_prefix));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"empty", test_empty},
        {"unique keys", test_unique_keys},
        {"sorted runs", test_sorted_runs},
        {"against a sorted array: many equal keys", test_many_equal_keys},
        {"against a sorted array: few equal keys", test_few_equal_keys},
        {"against a sorted array: one key", test_one_key},
        {"against a sorted array: greatest keys", test_greatest_keys},
        {"against a sorted array: near empty", test_near_empty},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("ostree", tests, sizeof tests / sizeof tests[0]);
}
