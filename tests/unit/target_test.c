/*
 * target_test.c: identity of a reference, and that what says nothing is not kept.
 */
#include "model_kit.h"

static struct catalog *catalog;

static struct target *make(const char *namespace, const char *name, const struct target_extra *extra)
{
    return target_create(
        catalog, catalog_sym(catalog, namespace), name, (uint32_t)strlen(name), kit_uid(KIT_UID), extra);
}

static void test_plain(void)
{
    struct target *target = make("default", "web-0", NULL);
    CU_ASSERT_EQUAL(target->refs, 1);
    CU_ASSERT_STRING_EQUAL(target_name_here(target), "web-0");
    CU_ASSERT_EQUAL(target_name_length(target), 5);
    CU_ASSERT_EQUAL(target_kind(target), word_sym(WORD_POD));
    CU_ASSERT_EQUAL(target_uid_text(target), SYM_EMPTY);
    CU_ASSERT_PTR_EQUAL(target_ref(target), target);
    CU_ASSERT_EQUAL(target->refs, 2);
    target_unref(target);
    CU_ASSERT_EQUAL(target->refs, 1);
    target_unref(target);
    target_unref(NULL);
    CU_ASSERT_PTR_NULL(target_ref(NULL));
}

static void test_extra_that_says_nothing(void)
{
    struct target_extra extra = {.kind = word_sym(WORD_POD)};
    struct target *target = make("default", "web-0", &extra);
    CU_ASSERT_PTR_NULL(target_extra_of(target));
    target_unref(target);
    extra.kind = SYM_EMPTY; /* an empty kind does say something */
    target = make("default", "web-0", &extra);
    CU_ASSERT_PTR_NOT_NULL_FATAL(target_extra_of(target));
    CU_ASSERT_EQUAL(target_kind(target), SYM_EMPTY);
    target_unref(target);
}

static void check_equal(const struct target_extra *a, const struct target_extra *b, bool equal)
{
    struct target *left = make("default", "web-0", a);
    struct target *right = make("default", "web-0", b);
    CU_ASSERT_EQUAL(target_equal(left, right), equal);
    CU_ASSERT_EQUAL(target_equal(right, left), equal);
    target_unref(left);
    target_unref(right);
}

static void test_equality(void)
{
    sym pod = word_sym(WORD_POD), x = catalog_sym(catalog, "x");
    check_equal(NULL, NULL, true);
    check_equal(NULL, &(struct target_extra){.kind = pod, .resource_version = x}, true); /* S-34, E-61 */
    check_equal(NULL, &(struct target_extra){.kind = x}, false);
    check_equal(NULL, &(struct target_extra){.kind = pod, .api_version = x}, false);
    check_equal(NULL, &(struct target_extra){.kind = pod, .field_path = x}, false);
    check_equal(NULL, &(struct target_extra){.kind = pod, .uid_text = x}, false);
    check_equal(&(struct target_extra){.kind = pod, .uid_text = x},
        &(struct target_extra){.kind = pod, .uid_text = x, .resource_version = x}, true);

    struct target *one = make("default", "web-0", NULL), *two = make("default", "web-1", NULL);
    struct target *three = make("other", "web-0", NULL), *longer = make("default", "web-00", NULL);
    struct uuid uid = kit_uid(KIT_UID);
    uid.bytes[15]++;
    struct target *four = target_create(catalog, catalog_sym(catalog, "default"), "web-0", 5, uid, NULL);
    CU_ASSERT_FALSE(target_equal(one, two));
    CU_ASSERT_FALSE(target_equal(one, three));
    CU_ASSERT_FALSE(target_equal(one, longer));
    CU_ASSERT_FALSE(target_equal(one, four));
    CU_ASSERT_FALSE(target_equal(one, NULL));
    CU_ASSERT_FALSE(target_equal(NULL, one));
    CU_ASSERT_TRUE(target_equal(NULL, NULL));
    target_unref(one);
    target_unref(two);
    target_unref(three);
    target_unref(longer);
    target_unref(four);
}

static void test_uids(void)
{
    struct uuid zero = {{0}}, uid = kit_uid(KIT_UID);
    sym text = catalog_sym(catalog, "uid-1");
    CU_ASSERT_TRUE(uid_is_none(zero, SYM_EMPTY));
    CU_ASSERT_FALSE(uid_is_none(uid, SYM_EMPTY));
    CU_ASSERT_FALSE(uid_is_none(zero, text));
    CU_ASSERT_TRUE(uid_equal(uid, text, zero, text)); /* the text counts */
    CU_ASSERT_FALSE(uid_equal(uid, SYM_EMPTY, zero, SYM_EMPTY));
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    CU_ASSERT_STRING_EQUAL(uid_text(catalog, uid, SYM_EMPTY, buffer, &length), KIT_UID);
    CU_ASSERT_EQUAL(length, 36);
    CU_ASSERT_STRING_EQUAL(uid_text(catalog, zero, text, buffer, &length), "uid-1");
    CU_ASSERT_EQUAL(length, 5);
    CU_ASSERT_STRING_EQUAL(uid_text(catalog, zero, SYM_EMPTY, buffer, &length), "");
    CU_ASSERT_EQUAL(length, 0);
}

/* What a record has no room for. */
static void test_far(void)
{
    enum { LENGTH = 70000 };
    static const int64_t times[] = {TIME_NONE, 0, 1, 1767225600, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX,
        -1, INT64_C(253402300799), INT64_MIN + 1};
    static char name[LENGTH + 1];
    struct uuid uid = {{7}};
    struct target_extra extra = {.kind = word_sym(WORD_POD), .field_path = catalog_sym(catalog, "spec")};
    memset(name, 'x', LENGTH);
    static const uint32_t lengths[] = {0, 1, 27, 28, 253, 300, 65534, 65535, 65536, LENGTH};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct target *target =
            target_create(catalog, SYM_EMPTY, name, lengths[i], uid, i % 2 ? &extra : NULL);
        CU_ASSERT_EQUAL(target_name_length(target), lengths[i]);
        CU_ASSERT_EQUAL(strlen(target_name_here(target)), lengths[i]);
        CU_ASSERT_PTR_EQUAL(target_at(catalog, pool_number(target)), target);
        const struct target_extra *said = target_extra_of(target);
        CU_ASSERT_EQUAL(said != NULL, i % 2);
        CU_ASSERT(!said || said->field_path == extra.field_path);
        for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
            target_set_created(target, times[k]);
            CU_ASSERT_EQUAL(target_created_s(target), times[k]);
        }
        target_unref(target);
    }
    CU_ASSERT_EQUAL(catalog->far_times.count, 0);
}

/* Of a name that was made the prefix and a number are kept; it says what a text says. */
static void test_made_names(void)
{
    struct target *early = make("default", "api-bcdfg", NULL); /* nobody knows the prefix yet */
    catalog_sym(catalog, "api-");
    catalog_sym(catalog, "apj-");
    struct target *made = make("default", "api-bcdfg", NULL), *other = make("default", "api-bcdfh", NULL);
    struct target *elsewhere = make("default", "apj-bcdfg", NULL), *text = make("default", "api-bcdfa", NULL);
    const struct target *all[] = {early, made, other, elsewhere, text};
    static const char *const names[] = {"api-bcdfg", "api-bcdfg", "api-bcdfh", "apj-bcdfg", "api-bcdfa"};
    CU_ASSERT_EQUAL(sizeof(struct target), 40);
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_STRING_EQUAL(target_name_here(all[i]), names[i]);
        CU_ASSERT_EQUAL(target_name_length(all[i]), 9);
        CU_ASSERT_EQUAL(target_name_hash(all[i]), pod_name_hash(names[i], 9));
        CU_ASSERT_FALSE(target_name_is(all[i], names[i], 8));
        for (size_t k = 0; k < 5; k++) {
            bool same = strcmp(names[i], names[k]) == 0;
            CU_ASSERT_EQUAL(target_name_is(all[i], names[k], 9), same);
            CU_ASSERT_EQUAL(target_same_name(all[i], all[k]), same);
            CU_ASSERT_EQUAL(target_equal(all[i], all[k]), same);
        }
    }
    /* The same from its parts. */
    uint32_t suffix;
    CU_ASSERT_TRUE_FATAL(made_name_split("api-bcdfg", 9, &suffix));
    sym prefix = catalog_sym(catalog, "api-");
    struct target *parts = target_create_made(catalog, made->namespace, prefix, suffix, 3);
    CU_ASSERT_STRING_EQUAL(target_name_here(parts), "api-bcdfg");
    CU_ASSERT_EQUAL(target_name_length(parts), 9);
    CU_ASSERT_EQUAL(target_name_hash(parts), pod_name_hash("api-bcdfg", 9));
    CU_ASSERT_TRUE(target_same_name(parts, early));
    CU_ASSERT_TRUE(target_same_name(parts, made));
    CU_ASSERT_FALSE(target_same_name(parts, other));
    for (size_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(target_name_is_made(all[i], prefix, suffix), i < 2);
    CU_ASSERT_FALSE(target_name_is_made(early, prefix, suffix + 1));
    CU_ASSERT_FALSE(target_name_is_made(early, catalog_sym(catalog, "apj-"), suffix));
    target_unref(parts);
    /* A made name with an extra behind it. */
    struct target_extra extra = {.kind = word_sym(WORD_POD), .field_path = catalog_sym(catalog, "spec")};
    struct target *wide = make("default", "api-zzzzz", &extra);
    CU_ASSERT_STRING_EQUAL(target_name_here(wide), "api-zzzzz");
    CU_ASSERT_PTR_NOT_NULL_FATAL(target_extra_of(wide));
    CU_ASSERT_EQUAL(target_extra_of(wide)->field_path, extra.field_path);
    CU_ASSERT_EQUAL(memcmp(target_uid(wide).bytes, kit_uid(KIT_UID).bytes, 16), 0);
    target_unref(early);
    target_unref(made);
    target_unref(other);
    target_unref(elsewhere);
    target_unref(text);
    target_unref(wide);
}

/* A drawn uid is the one of its place, however often and in whatever order somebody asks. */
static void test_drawn_uids(void)
{
    enum { COUNT = 3000 };
    static struct target *targets[COUNT];
    static struct uuid uids[COUNT];
    struct random_stream fresh, stream;
    random_stream_init(&fresh, 1, 2, "uids");
    stream = fresh;
    catalog->uids = &fresh;
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t high = random_u64(&stream), low = random_u64(&stream);
        uids[i] = uuid_from_random(high, low);
        targets[i] = target_create_drawn(catalog, SYM_EMPTY, "web-0", 5, i);
    }
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        uint32_t k = i * 1009 % COUNT;
        CU_ASSERT_EQUAL(memcmp(target_uid(targets[k]).bytes, uids[k].bytes, 16), 0);
        CU_ASSERT_EQUAL(memcmp(target_uid(targets[k]).bytes, uids[k].bytes, 16), 0);
    }
    struct target *written = target_create(catalog, SYM_EMPTY, "web-0", 5, uids[7], NULL);
    CU_ASSERT_TRUE(target_same_uid(written, targets[7]));
    CU_ASSERT_TRUE(target_same_uid(targets[7], written));
    CU_ASSERT_FALSE(target_same_uid(written, targets[8]));
    CU_ASSERT_FALSE(target_same_uid(targets[7], targets[8]));
    CU_ASSERT_TRUE(target_equal(written, targets[7]));
    CU_ASSERT_FALSE(target_uid_is_none(targets[0]));
    CU_ASSERT_FALSE(target_uid_is_none(written));
    target_unref(written);
    for (uint32_t i = 0; i < COUNT; i++)
        target_unref(targets[i]);
    catalog->uids = NULL;
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a pod's reference and its count", test_plain},
        {"extras that say nothing are dropped", test_extra_that_says_nothing},
        {"equality but for resourceVersion", test_equality},
        {"uids: UUIDs, texts, none", test_uids},
        {"what a record has no room for", test_far},
        {"names that were made", test_made_names},
        {"uids that are drawn when somebody asks", test_drawn_uids},
    };
    catalog = catalog_create();
    int result = suite_main("target", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
