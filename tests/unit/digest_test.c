/*
 * digest_test.c: pinned values (recorded runs hold digests), and that order, count and boundaries of
 * what is added all count.
 */
#include "suite.h"

#include "kernel/digest.h"

static uint64_t digest_of(const uint64_t *values, size_t count)
{
    struct digest digest;
    digest_init(&digest);
    for (size_t i = 0; i < count; i++)
        digest_add(&digest, values[i]);
    return digest_value(&digest);
}

static uint64_t digest_of_texts(const char *a, const char *b)
{
    struct digest digest;
    digest_init(&digest);
    digest_add_bytes(&digest, a, strlen(a));
    digest_add_bytes(&digest, b, strlen(b));
    return digest_value(&digest);
}

static void test_pins(void)
{
    struct digest digest;
    digest_init(&digest);
    CU_ASSERT_EQUAL(digest_value(&digest), UINT64_C(0xdfc7a99951f24649));
    digest_add(&digest, 0);
    CU_ASSERT_EQUAL(digest_value(&digest), UINT64_C(0xdaa52e410fa574db));
    digest_add(&digest, 42);
    digest_add_bytes(&digest, "slice", 5);
    CU_ASSERT_EQUAL(digest_value(&digest), UINT64_C(0xf1f0c527aa2d180e));
    CU_ASSERT_EQUAL(digest_value(&digest), UINT64_C(0xf1f0c527aa2d180e)); /* looking changes nothing */
}

static void test_order_counts(void)
{
    CU_ASSERT_NOT_EQUAL(digest_of((uint64_t[]){1, 2}, 2), digest_of((uint64_t[]){2, 1}, 2));
    CU_ASSERT_NOT_EQUAL(digest_of((uint64_t[]){0}, 1), digest_of((uint64_t[]){0, 0}, 2));
    CU_ASSERT_NOT_EQUAL(digest_of_texts("ab", "c"), digest_of_texts("a", "bc"));
    CU_ASSERT_NOT_EQUAL(digest_of_texts("", "a"), digest_of_texts("a", ""));
}

/* Flipping any one bit of one of three values changes about half of the bits. */
static void test_every_bit_counts(void)
{
    uint64_t values[3] = {5, UINT64_C(1) << 40, 77};
    uint64_t base = digest_of(values, 3);
    for (int v = 0; v < 3; v++) {
        for (int bit = 0; bit < 64; bit++) {
            values[v] ^= UINT64_C(1) << bit;
            int changed = 0;
            for (uint64_t bits = base ^ digest_of(values, 3); bits; bits &= bits - 1)
                changed++;
            CU_ASSERT(changed >= 12 && changed <= 52);
            values[v] ^= UINT64_C(1) << bit;
        }
    }
}

static void test_format(void)
{
    char text[DIGEST_TEXT_LENGTH + 1];
    digest_format(0, text);
    CU_ASSERT_STRING_EQUAL(text, "0000000000000000");
    digest_format(UINT64_C(0x0123456789abcdef), text);
    CU_ASSERT_STRING_EQUAL(text, "0123456789abcdef");
    digest_format(UINT64_MAX, text);
    CU_ASSERT_STRING_EQUAL(text, "ffffffffffffffff");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"pins", test_pins},
        {"order counts", test_order_counts},
        {"every bit counts", test_every_bit_counts},
        {"format", test_format},
    };
    return suite_main("digest", tests, sizeof tests / sizeof tests[0]);
}
