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

#include "base/check.h"
#include "base/hash.h"

#define PHILOX_ROUNDS 10

void philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t product0 = (uint64_t)c0 * UINT32_C(0xd2511f53);
        uint64_t product1 = (uint64_t)c2 * UINT32_C(0xcd9e8d57);
        uint32_t next0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        uint32_t next2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)product1;
        c3 = (uint32_t)product0;
        c0 = next0;
        c2 = next2;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
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

uint32_t random_u32(struct random_stream *stream)
{
    if (stream->buffered == 0) {
        philox4x32_10(stream->counter, stream->key, stream->buffer);
        stream->buffered = 4;
        if (++stream->counter[0] == 0)
            stream->counter[1]++;
    }
    return stream->buffer[4 - stream->buffered--];
}

uint64_t random_u64(struct random_stream *stream)
{
    uint64_t high = random_u32(stream);
    return high << 32 | random_u32(stream);
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

double random_unit(struct random_stream *stream)
{
    /* Multiples of 2^-53 without 0: symmetrical about 1/2. */
    uint64_t bits;
    do
        bits = random_u64(stream) >> 11;
    while (bits == 0);
    return (double)bits * 0x1p-53;
}
