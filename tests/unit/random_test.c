/*
 * random_test.c: Philox against the published vectors, streams that stay what they are and do not
 * touch each other, and no bias.
 */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "kernel/random.h"
#include "kernel/realmath.h"

static void check_vector(
    const uint32_t counter[4], const uint32_t key[2], uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t out[4];
    philox4x32_10(counter, key, out);
    CU_ASSERT_EQUAL(out[0], a);
    CU_ASSERT_EQUAL(out[1], b);
    CU_ASSERT_EQUAL(out[2], c);
    CU_ASSERT_EQUAL(out[3], d);
}

/* Random123's known answers for philox4x32-10. */
static void test_published_vectors(void)
{
    static const uint32_t zeros[4] = {0};
    static const uint32_t ones[4] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    static const uint32_t pi_counter[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    static const uint32_t pi_key[2] = {0xa4093822, 0x299f31d0};
    check_vector(zeros, zeros, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    check_vector(ones, ones, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    check_vector(pi_counter, pi_key, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
}

/* A stream is the sequence of blocks of its key and counter. */
static void test_stream_is_philox(void)
{
    struct random_stream stream;
    random_stream_init(&stream, 7, 3, "ready");
    const struct random_stream fresh = stream;
    uint32_t counter[4] = {0, 0, stream.counter[2], stream.counter[3]};
    uint32_t key[2] = {stream.key[0], stream.key[1]};
    for (uint32_t block = 0; block < 5; block++) {
        uint32_t expected[4];
        counter[0] = block;
        philox4x32_10(counter, key, expected);
        uint32_t found[4];
        random_block_at(&fresh, block, found);
        CU_ASSERT_EQUAL(memcmp(found, expected, sizeof found), 0);
        for (int i = 0; i < 4; i++)
            CU_ASSERT_EQUAL(random_u32(&stream), expected[i]);
    }
    /* The lower 64 bits count on as one number. */
    for (uint32_t start = UINT32_MAX - 5; start != 1; start++) {
        stream.counter[0] = start;
        stream.counter[1] = 0;
        stream.buffered = 0;
        for (uint32_t block = 0; block < 8; block++) {
            uint32_t expected[4], at[4] = {start + block, start + block < start, counter[2], counter[3]};
            philox4x32_10(at, key, expected);
            for (int i = 0; i < 4; i++)
                CU_ASSERT_EQUAL(random_u32(&stream), expected[i]);
        }
        uint32_t found[4], at[4] = {start, 1, counter[2], counter[3]}, expected[4];
        random_block_at(&fresh, UINT64_C(1) << 32 | start, found);
        philox4x32_10(at, key, expected);
        CU_ASSERT_EQUAL(memcmp(found, expected, sizeof found), 0);
        CU_ASSERT_EQUAL(stream.counter[2], counter[2]);
    }
}

/* Recorded runs name only seed, run and stream: what follows from them must never change. */
static void test_streams_are_pinned(void)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, "names");
    CU_ASSERT_EQUAL(random_u32(&stream), 0x055fc9d9);
    CU_ASSERT_EQUAL(random_u64(&stream), UINT64_C(0xd763a05e2e27ceeb));
    CU_ASSERT_EQUAL(random_below(&stream, 1000), 773);
    CU_ASSERT_EQUAL(random_unit(&stream), 0x1.89fbcab29f2a3p-1);
    random_stream_init(&stream, UINT64_MAX, 12345, "");
    CU_ASSERT_EQUAL(random_u64(&stream), UINT64_C(0x55155cac61063966));
}

struct identity {
    uint64_t key;
    uint64_t prefix;
};

static int identity_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct identity));
}

static void test_streams_differ(void)
{
    enum { SEEDS = 40, RUNS = 50, NAMES = 20, ALL = SEEDS * RUNS * NAMES };
    struct identity *all = malloc(ALL * sizeof *all);
    size_t count = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        for (uint64_t run = 0; run < RUNS; run++) {
            for (int n = 0; n < NAMES; n++) {
                struct random_stream stream;
                char name[16];
                snprintf(name, sizeof name, "s%d", n);
                random_stream_init(&stream, seed, run, name);
                all[count].key = (uint64_t)stream.key[1] << 32 | stream.key[0];
                all[count++].prefix = (uint64_t)stream.counter[3] << 32 | stream.counter[2];
            }
        }
    }
    qsort(all, count, sizeof *all, identity_compare);
    for (size_t i = 1; i < count; i++)
        CU_ASSERT_FATAL(identity_compare(&all[i - 1], &all[i]) != 0);
    free(all);
}

/* The share of equal bits in two streams of neighbouring seeds, runs or names is one half. */
static void test_neighbours_are_unrelated(void)
{
    struct random_stream base, others[3];
    random_stream_init(&base, 1, 1, "pod-a");
    random_stream_init(&others[0], 2, 1, "pod-a");
    random_stream_init(&others[1], 1, 2, "pod-a");
    random_stream_init(&others[2], 1, 1, "pod-b");
    int equal[3] = {0};
    enum { WORDS = 4000 };
    for (int i = 0; i < WORDS; i++) {
        uint64_t word = random_u64(&base);
        for (int k = 0; k < 3; k++) {
            for (uint64_t same = ~(word ^ random_u64(&others[k])); same; same &= same - 1)
                equal[k]++;
        }
    }
    double deviation = 5 * sqrt(WORDS * 64 / 4.0);
    for (int k = 0; k < 3; k++)
        CU_ASSERT(fabs(equal[k] - WORDS * 32.0) < deviation);
}

/* Draws and their logarithms, made a whole buffer at a time and four at once where the processor can, are bit
 * for bit those of one draw after the other. */
static void test_logarithms(void)
{
    struct random_stream stream, alone;
    random_stream_init(&stream, 7, 0, "logs");
    alone = stream;
    uint64_t random = suite_seed();
    for (int i = 0; i < 5000; i++) {
        if (suite_below(&random, 8) == 0) /* an odd number is left, or the logarithms go unused */
            CU_ASSERT_EQUAL(random_u32(&stream), random_u32(&alone));
        double log, unit = random_unit_log(&stream, &log), expected = random_unit(&alone);
        CU_ASSERT_EQUAL(real_bits(unit), real_bits(expected));
        CU_ASSERT_EQUAL(real_bits(log), real_bits(real_log_quick(1 - expected)));
    }
    /* The unit 0 is not drawn, nor is its logarithm. */
    random_stream_init(&stream, 7, 0, "logs");
    (void)random_u64(&stream);
    stream.buffer[2] = stream.buffer[3] = 0;
    alone = stream;
    double log, unit = random_unit_log(&stream, &log);
    CU_ASSERT(unit > 0 && log < 0);
    CU_ASSERT_EQUAL(real_bits(unit), real_bits(random_unit(&alone)));
    CU_ASSERT_EQUAL(random_u32(&stream), random_u32(&alone));
}

static void test_below(void)
{
    struct random_stream stream, copy;
    random_stream_init(&stream, suite_seed(), 0, "below");
    copy = stream;
    CU_ASSERT_EQUAL(random_below(&stream, 1), 0);
    CU_ASSERT_EQUAL(memcmp(&stream, &copy, sizeof copy), 0); /* nothing drawn */

    enum { BOUND = 7, DRAWS = 210000 };
    int counts[BOUND] = {0};
    for (int i = 0; i < DRAWS; i++) {
        uint32_t value = random_below(&stream, BOUND);
        CU_ASSERT_FATAL(value < BOUND);
        counts[value]++;
    }
    double chi_squared = 0;
    for (int i = 0; i < BOUND; i++)
        chi_squared += pow(counts[i] - DRAWS / (double)BOUND, 2) / (DRAWS / (double)BOUND);
    CU_ASSERT(chi_squared < 35); /* 6 degrees of freedom: p < 5e-6 */
}

/* Told beforehand, over several refills of the buffer, and with draws that are rejected. */
static void test_below_ahead(void)
{
    static const uint32_t bounds[] = {1, 2, 1000, UINT32_C(3) << 30};
    struct random_stream stream;
    random_stream_init(&stream, suite_seed(), 0, "ahead");
    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        for (int i = 0; i < 200; i++) {
            struct random_stream before = stream;
            uint32_t next = random_below_ahead(&stream, bounds[b], 1);
            uint32_t seventh = random_below_ahead(&stream, bounds[b], 7);
            CU_ASSERT_EQUAL(memcmp(&stream, &before, sizeof stream), 0);
            CU_ASSERT_EQUAL(random_below(&stream, bounds[b]), next);
            struct random_stream later = stream;
            for (int k = 0; k < 5; k++)
                random_below(&later, bounds[b]);
            CU_ASSERT_EQUAL(random_below(&later, bounds[b]), seventh);
        }
    }
}

/* With a bound of 3 * 2^30 a plain modulo or product would give some numbers twice the chance: thirds
 * of the range must come equally often, and a quarter of all draws be rejected. */
static void test_below_has_no_bias(void)
{
    enum { DRAWS = 90000 };
    const uint32_t bound = UINT32_C(3) << 30;
    struct random_stream stream;
    random_stream_init(&stream, suite_seed(), 0, "bias");
    int classes[3] = {0};
    for (int i = 0; i < DRAWS; i++)
        classes[random_below(&stream, bound) % 3]++;
    for (int i = 0; i < 3; i++)
        CU_ASSERT(abs(classes[i] - DRAWS / 3) < 5 * 142); /* sqrt(DRAWS * 2 / 9) = 141.4 */
    uint64_t drawn = (uint64_t)stream.counter[0] * 4 - stream.buffered;
    CU_ASSERT(fabs((double)drawn - DRAWS * 4 / 3.0) < 5 * 200); /* sqrt(DRAWS * 0.25) / 0.75 = 200 */
}

static void test_unit(void)
{
    enum { DRAWS = 200000 };
    struct random_stream stream;
    random_stream_init(&stream, suite_seed(), 0, "unit");
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double u = random_unit(&stream);
        CU_ASSERT_FATAL(u > 0 && u < 1);
        CU_ASSERT_FATAL(u * 0x1p53 == floor(u * 0x1p53));
        sum += u - 0.5;
        squares += (u - 0.5) * (u - 0.5);
    }
    CU_ASSERT(fabs(sum / DRAWS) < 5 * sqrt(1 / 12.0 / DRAWS));
    CU_ASSERT(fabs(squares / DRAWS - 1 / 12.0) < 5 * sqrt(1 / 180.0 / DRAWS));
}

static void misuse_bound(void)
{
    struct random_stream stream;
    random_stream_init(&stream, 0, 0, "x");
    random_below(&stream, 0);
}
static void test_misuse_asserts(void)
{
    CU_ASSERT(suite_asserts(misuse_bound));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"published vectors", test_published_vectors},
        {"a stream is Philox", test_stream_is_philox},
        {"streams are pinned", test_streams_are_pinned},
        {"streams differ", test_streams_differ},
        {"neighbours are unrelated", test_neighbours_are_unrelated},
        {"logarithms", test_logarithms},
        {"below", test_below},
        {"below has no bias", test_below_has_no_bias},
        {"bounded draws beforehand", test_below_ahead},
        {"unit", test_unit},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("random", tests, sizeof tests / sizeof tests[0]);
}
