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
#ifdef __SSE2__
#include <emmintrin.h>
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

#ifdef __SSE2__
/* A lane of 64 bits holds a block's number in its lower half; products are of lower halves alone, so it does
 * not matter what is left in the upper ones. */
struct two_blocks {
    __m128i c0, c1, c2, c3;
};

static inline struct two_blocks take_two(uint32_t counter[4])
{
    uint32_t first[2] = {counter[0], counter[1]};
    count_block(counter);
    struct two_blocks two = {_mm_set_epi64x(counter[0], first[0]), _mm_set_epi64x(counter[1], first[1]),
        _mm_set1_epi64x(counter[2]), _mm_set1_epi64x(counter[3])};
    count_block(counter);
    return two;
}

static inline void round_two(struct two_blocks *two, __m128i k0, __m128i k1)
{
    __m128i product0 = _mm_mul_epu32(two->c0, _mm_set1_epi64x(PHILOX_M0));
    __m128i product1 = _mm_mul_epu32(two->c2, _mm_set1_epi64x(PHILOX_M1));
    two->c0 = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product1, 32), two->c1), k0);
    two->c2 = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product0, 32), two->c3), k1);
    two->c1 = product1;
    two->c3 = product0;
}

static inline void put_two(const struct two_blocks *two, uint32_t out[8])
{
    __m128i first01 = _mm_unpacklo_epi32(two->c0, two->c1), first23 = _mm_unpacklo_epi32(two->c2, two->c3);
    __m128i second01 = _mm_unpackhi_epi32(two->c0, two->c1), second23 = _mm_unpackhi_epi32(two->c2, two->c3);
    _mm_storeu_si128((__m128i *)out, _mm_unpacklo_epi64(first01, first23));
    _mm_storeu_si128((__m128i *)(out + 4), _mm_unpacklo_epi64(second01, second23));
}

static void make_blocks(struct random_stream *stream)
{
    struct two_blocks a = take_two(stream->counter), b = take_two(stream->counter);
    uint32_t k0 = stream->key[0], k1 = stream->key[1];
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        __m128i k0s = _mm_set1_epi64x(k0), k1s = _mm_set1_epi64x(k1);
        round_two(&a, k0s, k1s);
        round_two(&b, k0s, k1s);
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    put_two(&a, stream->buffer);
    put_two(&b, stream->buffer + 8);
}
_Static_assert(RANDOM_BLOCKS == 4, "two pairs");
#else
static void make_blocks(struct random_stream *stream)
{
    for (int block = 0; block < RANDOM_BLOCKS; block++) {
        philox4x32_10(stream->counter, stream->key, &stream->buffer[4 * block]);
        count_block(stream->counter);
    }
}
#endif

static void refill(struct random_stream *stream)
{
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

/* In two loops, the second of which compilers turn into one over pairs of numbers. */
static void make_logs(struct random_stream *stream)
{
    double units[RANDOM_NUMBERS / 2];
    for (uint32_t i = 0; i < RANDOM_NUMBERS / 2; i++)
        units[i] = unit_of(pair_of(stream, i));
    for (uint32_t i = 0; i < RANDOM_NUMBERS / 2; i++)
        stream->logs[i] = real_log_quick(1 - units[i]);
    stream->has_logs = true;
}

double random_unit_log(struct random_stream *stream, double *out_log)
{
    if (stream->buffered == 0)
        refill(stream);
    if (stream->buffered % 2 == 0) {
        if (!stream->has_logs) {
            make_logs(stream);
        }
        uint32_t pair = (RANDOM_NUMBERS - stream->buffered) / 2;
        double unit = unit_of(pair_of(stream, pair));
        if (unit != 0) {
            stream->buffered -= 2;
            *out_log = stream->logs[pair];
            return unit;
        }
    }
    double unit = random_unit(stream);
    *out_log = real_log_quick(1 - unit);
    return unit;
}
