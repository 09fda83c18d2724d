/*
 * fnv128.c: FNV-1a with 128 bits (E-44): XOR a byte, multiply by 2^88 + 0x13b, modulo 2^128.
 *
 * Of h * (2^88 + 0x13b), with h = high * 2^64 + low: the factor 2^88 sends low's lowest 40 bits to
 * the top. What a byte waits for is one multiplication of the byte before, in either half.
 */
#include "base/fnv128.h"

#define PRIME_LOW UINT64_C(0x13b)

__extension__ typedef unsigned __int128 wide; /* gcc and clang have it on all 64-bit machines */

void fnv128(const void *bytes, size_t length, uint8_t out[16])
{
    const uint8_t *at = bytes;
    uint64_t high = UINT64_C(0x6c62272e07bb0142);
    uint64_t low = UINT64_C(0x62b821756295c58d);
    for (size_t i = 0; i < length; i++) {
        low ^= at[i];
        uint64_t carry = (uint64_t)((wide)low * PRIME_LOW >> 64);
        high = high * PRIME_LOW + (carry + (low << 24));
        low *= PRIME_LOW;
    }
    for (int i = 0; i < 8; i++) {
        out[i] = (uint8_t)(high >> (56 - 8 * i));
        out[8 + i] = (uint8_t)(low >> (56 - 8 * i));
    }
}
