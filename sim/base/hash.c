/*
 * hash.c: hash64, our own. It decides no order of anything that a user sees, but digests hold its
 * values, so it must never change: the test pins some.
 *
 * Words are read as little-endian whatever the machine; each step is a bijection of the state, so
 * texts of one length that differ in a single word never collide.
 */
#include "base/hash.h"

/* Spelt out, because compilers make one load of it. */
static inline uint64_t word_load(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

static inline uint64_t half_word_load(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
}

/* 1 to 7 bytes, the first one lowest. Two loads that overlap, instead of one a byte: names of pods end here.
 */
static inline uint64_t rest_load(const uint8_t *at, size_t rest)
{
    if (rest >= 4)
        return half_word_load(at) | half_word_load(at + rest - 4) << (8 * (rest - 4));
    return (uint64_t)at[0] | (uint64_t)at[rest / 2] << (8 * (rest / 2)) |
           (uint64_t)at[rest - 1] << (8 * (rest - 1));
}

static inline uint64_t state_step(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0x9fb21c651e98df25);
    state ^= state >> 29;
    state *= UINT64_C(0xd6e8feb86659fd93);
    return state ^ (state >> 32);
}

uint64_t hash64(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint64_t state = UINT64_C(0x243f6a8885a308d3) ^ ((uint64_t)length * UINT64_C(0x9e3779b97f4a7c15));
    size_t rest = length;
    for (; rest >= 8; rest -= 8, at += 8)
        state = state_step(state, word_load(at));
    if (rest)
        state = state_step(state, rest_load(at, rest));
    return hash_u64(state);
}
