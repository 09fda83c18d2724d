/*
 * hash_test.c: hash64 and hash_mix are part of every digest: their values are pinned, so that they can
 * never change unnoticed. And they spread.
 */
#include "suite.h"

#include "base/hash.h"

static uint64_t hash_of(const char *text)
{
    return hash64(text, strlen(text));
}

static void test_pins(void)
{
    CU_ASSERT_EQUAL(hash_of(""), UINT64_C(0xe9e0033e3badaf36));
    CU_ASSERT_EQUAL(hash64(NULL, 0), UINT64_C(0xe9e0033e3badaf36));
    CU_ASSERT_EQUAL(hash_of("a"), UINT64_C(0x399cbb774b48de32));
    CU_ASSERT_EQUAL(hash_of("b"), UINT64_C(0xa4af9f9cec27322e));
    CU_ASSERT_EQUAL(hash_of("ab"), UINT64_C(0x53eb8f34719ceebc));
    CU_ASSERT_EQUAL(hash_of("abcdefgh"), UINT64_C(0xbf802034242bfbf9));
    CU_ASSERT_EQUAL(hash_of("abcdefghi"), UINT64_C(0xa075c12937949178));
    CU_ASSERT_EQUAL(hash_of("default/web-5d4f8c7b9-x2x7k"), UINT64_C(0x10b0fa48da62145c));
    CU_ASSERT_EQUAL(hash64("\0\0\0", 3), UINT64_C(0x4055fa0e85d253c6));
    CU_ASSERT_EQUAL(hash_u64(0), 0);
    CU_ASSERT_EQUAL(hash_u64(1), UINT64_C(0x5692161d100b05e5));
    CU_ASSERT_EQUAL(hash_mix(1, 2), UINT64_C(0xf2826f98653e9e57));
}

static void test_alignment_does_not_count(void)
{
    char buffer[64];
    uint64_t expected = hash_of("default/web-5d4f8c7b9-x2x7k");
    for (size_t shift = 0; shift < 16; shift++) {
        memcpy(buffer + shift, "default/web-5d4f8c7b9-x2x7k", 27);
        CU_ASSERT_EQUAL(hash64(buffer + shift, 27), expected);
    }
}

static int number_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Names as they occur: no two of 300,000 collide in 64 bits, and the low bits that tables use are even. */
static void test_names_spread(void)
{
    enum { NAMES = 300000, BUCKETS = 1024 };
    uint64_t *hashes = malloc(NAMES * sizeof *hashes);
    static uint32_t buckets[BUCKETS];
    for (uint32_t i = 0; i < NAMES; i++) {
        char name[48];
        snprintf(name, sizeof name, "namespace-%u/web-%u", i % 7, i / 7);
        hashes[i] = hash_of(name);
        buckets[hashes[i] % BUCKETS]++;
    }
    qsort(hashes, NAMES, sizeof *hashes, number_compare);
    for (uint32_t i = 1; i < NAMES; i++)
        CU_ASSERT_FATAL(hashes[i] != hashes[i - 1]);
    double chi_squared = 0, expected = NAMES / (double)BUCKETS;
    for (int i = 0; i < BUCKETS; i++)
        chi_squared += (buckets[i] - expected) * (buckets[i] - expected) / expected;
    CU_ASSERT(chi_squared < 1023 + 5 * 45.2 && chi_squared > 1023 - 5 * 45.2);
    free(hashes);
}

static void test_lengths_count(void)
{
    static const char zeros[64] = {0};
    for (size_t a = 0; a < 64; a++) {
        for (size_t b = a + 1; b < 64; b++)
            CU_ASSERT_FATAL(hash64(zeros, a) != hash64(zeros, b));
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"pins", test_pins},
        {"alignment does not count", test_alignment_does_not_count},
        {"names spread", test_names_spread},
        {"lengths count", test_lengths_count},
    };
    return suite_main("hash", tests, sizeof tests / sizeof tests[0]);
}
