/*
 * random.c: Philox4x32-10 and what is drawn from it.
 *
 * A stream's 128 bits of identity are the key (64) and the upper half of the counter (64); the lower
 * half counts blocks of four numbers, 2^64 of them. For one name the identity is a permutation of
 * (seed, run), so two runs of one experiment can never share a stream; two names share one with
 * probability 2^-128.
 */
#include "kernel/random.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "base/check.h"
#include "base/hash.h"
#include "kernel/realmath.h"

#define PHILOX_ROUNDS 10
#define PHILOX_M0 UINT32_C(0xd2511f53)
#define PHILOX_M1 UINT32_C(0xcd9e8d57)
#define PHILOX_W0 UINT32_C(0x9e3779b9)
#define PHILOX_W1 UINT32_C(0xbb67ae85)

void philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t product0 = (uint64_t)c0 * PHILOX_M0;
        uint64_t product1 = (uint64_t)c2 * PHILOX_M1;
        uint32_t next0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        uint32_t next2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)product1;
        c3 = (uint32_t)product0;
        c0 = next0;
        c2 = next2;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void random_stream_init(struct random_stream *stream, uint64_t seed, uint64_t run, const char *name)
{
    uint64_t name_hash = hash64(name, strlen(name));
    /* A Feistel network: each step can be undone when the name is known. */
    uint64_t high = seed, low = run;
    for (uint64_t round = 0; round < 4; round++) {
        uint64_t next = high ^ hash_mix(low, name_hash + round);
        high = low;
        low = next;
    }
    memset(stream, 0, sizeof *stream);
    stream->key[0] = (uint32_t)high;
    stream->key[1] = (uint32_t)(high >> 32);
    stream->counter[2] = (uint32_t)low;
    stream->counter[3] = (uint32_t)(low >> 32);
}

static void count_block(uint32_t counter[4])
{
    if (++counter[0] == 0)
        counter[1]++;
}

#ifdef __x86_64__
/* What processors with AVX2 do four numbers at a time: the same operations on each, so the same results. */
#define WIDE __attribute__((target("avx2")))

static inline bool is_wide(void)
{
    return __builtin_cpu_supports("avx2");
}

/* A lane of 64 bits holds a block's number in its lower half; products are of lower halves alone, so it does
 * not matter what is left in the upper ones. */
struct four_blocks {
    __m256i c0, c1, c2, c3;
};

WIDE static inline struct four_blocks take_four(const struct random_stream *stream, uint64_t first)
{
    __m256i number = _mm256_add_epi64(_mm256_set1_epi64x((int64_t)first), _mm256_set_epi64x(3, 2, 1, 0));
    return (struct four_blocks){number, _mm256_srli_epi64(number, 32), _mm256_set1_epi64x(stream->counter[2]),
        _mm256_set1_epi64x(stream->counter[3])};
}

WIDE static inline void round_four(struct four_blocks *four, __m256i k0, __m256i k1)
{
    __m256i product0 = _mm256_mul_epu32(four->c0, _mm256_set1_epi64x(PHILOX_M0));
    __m256i product1 = _mm256_mul_epu32(four->c2, _mm256_set1_epi64x(PHILOX_M1));
    four->c0 = _mm256_xor_si256(_mm256_srli_epi64(product1, 32), _mm256_xor_si256(four->c1, k0));
    four->c2 = _mm256_xor_si256(_mm256_srli_epi64(product0, 32), _mm256_xor_si256(four->c3, k1));
    four->c1 = product1;
    four->c3 = product0;
}

/* Numbers 0 and 1, 2 and 3 of each block; then those of blocks 0 and 2, 1 and 3; then in their order. */
WIDE static inline void put_four(const struct four_blocks *four, uint32_t out[16])
{
    const __m256i low = _mm256_set1_epi64x(UINT32_MAX);
    __m256i c01 = _mm256_or_si256(_mm256_and_si256(four->c0, low), _mm256_slli_epi64(four->c1, 32));
    __m256i c23 = _mm256_or_si256(_mm256_and_si256(four->c2, low), _mm256_slli_epi64(four->c3, 32));
    __m256i even = _mm256_unpacklo_epi64(c01, c23), odd = _mm256_unpackhi_epi64(c01, c23);
    _mm256_storeu_si256((__m256i *)out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256((__m256i *)(out + 8), _mm256_permute2x128_si256(even, odd, 0x31));
}

WIDE static void make_blocks_wide(struct random_stream *stream)
{
    uint64_t first = (uint64_t)stream->counter[1] << 32 | stream->counter[0], next = first + RANDOM_BLOCKS;
    struct four_blocks a = take_four(stream, first), b = take_four(stream, first + 4);
    stream->counter[0] = (uint32_t)next;
    stream->counter[1] = (uint32_t)(next >> 32);
    __m256i k0 = _mm256_set1_epi32((int)stream->key[0]), k1 = _mm256_set1_epi32((int)stream->key[1]);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        round_four(&a, k0, k1);
        round_four(&b, k0, k1);
        k0 = _mm256_add_epi32(k0, _mm256_set1_epi32((int)PHILOX_W0));
        k1 = _mm256_add_epi32(k1, _mm256_set1_epi32((int)PHILOX_W1));
    }
    put_four(&a, stream->buffer);
    put_four(&b, stream->buffer + 16);
}
_Static_assert(RANDOM_BLOCKS == 8, "twice as many as there are lanes");
#else
#define WIDE
static inline bool is_wide(void)
{
    return false;
}

static void make_blocks_wide(struct random_stream *stream)
{
    (void)stream;
}
#endif

static void make_blocks(struct random_stream *stream)
{
    for (int block = 0; block < RANDOM_BLOCKS; block++) {
        philox4x32_10(stream->counter, stream->key, &stream->buffer[4 * block]);
        count_block(stream->counter);
    }
}

static void refill(struct random_stream *stream)
{
    if (is_wide())
        make_blocks_wide(stream);
    else
        make_blocks(stream);
    stream->buffered = RANDOM_NUMBERS;
    stream->has_logs = false;
}

uint32_t random_u32(struct random_stream *stream)
{
    if (stream->buffered == 0)
        refill(stream);
    return stream->buffer[RANDOM_NUMBERS - stream->buffered--];
}

uint64_t random_u64(struct random_stream *stream)
{
    uint64_t high = random_u32(stream);
    return high << 32 | random_u32(stream);
}

void random_block_at(const struct random_stream *fresh, uint64_t n, uint32_t out[4])
{
    uint32_t counter[4] = {(uint32_t)n, (uint32_t)(n >> 32), fresh->counter[2], fresh->counter[3]};
    philox4x32_10(counter, fresh->key, out);
}

uint32_t random_below(struct random_stream *stream, uint32_t bound)
{
    EPSIM_ASSERT(bound > 0);
    if (bound == 1)
        return 0;
    /* The product's upper half is the answer; the lower half tells which draws would make some answers
     * likelier: there are 2^32 mod bound of them (Lemire 2019). */
    uint64_t product = (uint64_t)random_u32(stream) * bound;
    if ((uint32_t)product < bound) {
        uint32_t excess = -bound % bound;
        while ((uint32_t)product < excess)
            product = (uint64_t)random_u32(stream) * bound;
    }
    return (uint32_t)(product >> 32);
}

uint32_t random_below_ahead(const struct random_stream *stream, uint32_t bound, uint32_t n)
{
    struct random_stream ahead = *stream;
    while (--n > 0)
        random_below(&ahead, bound);
    return random_below(&ahead, bound);
}

/* Multiples of 2^-53, from 64 bits. */
static double unit_of(uint64_t bits)
{
    return (double)(int64_t)(bits >> 11) * 0x1p-53;
}

double random_unit(struct random_stream *stream)
{
    /* Without 0: symmetrical about 1/2. */
    double unit;
    do
        unit = unit_of(random_u64(stream));
    while (unit == 0);
    return unit;
}

static uint64_t pair_of(const struct random_stream *stream, uint32_t pair)
{
    return (uint64_t)stream->buffer[2 * pair] << 32 | stream->buffer[2 * pair + 1];
}

/* In two loops, the second of which compilers turn into one over pairs or fours of numbers. */
static inline void make_logs_in_loops(struct random_stream *stream)
{
    double units[RANDOM_NUMBERS / 2];
    for (uint32_t i = 0; i < RANDOM_NUMBERS / 2; i++)
        units[i] = unit_of(pair_of(stream, i));
    for (uint32_t i = 0; i < RANDOM_NUMBERS / 2; i++)
        stream->logs[i] = real_log_quick(1 - units[i]);
}

WIDE static void make_logs_wide(struct random_stream *stream)
{
    make_logs_in_loops(stream);
}

static void make_logs(struct random_stream *stream)
{
    if (is_wide())
        make_logs_wide(stream);
    else
        make_logs_in_loops(stream);
    stream->has_logs = true;
}

double random_unit_log(struct random_stream *stream, double *out_log)
{
    if (stream->buffered % 2 == 0) {
        if (stream->buffered == 0)
            refill(stream);
        if (!stream->has_logs)
            make_logs(stream);
        uint32_t pair = (RANDOM_NUMBERS - stream->buffered) / 2;
        double unit = unit_of(pair_of(stream, pair)), log = stream->logs[pair];
        if (log != 0) { /* of the unit 0 alone it is 0 */
            stream->buffered -= 2;
            *out_log = log;
            if (stream->buffered == 0) { /* now, since nobody waits for them yet */
                refill(stream);
                make_logs(stream);
            }
            return unit;
        }
    }
    double unit = random_unit(stream);
    *out_log = real_log_quick(1 - unit);
    return unit;
}
