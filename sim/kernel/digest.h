/*
 * digest.h: one 64-bit number for a whole run: over every executed event and every write, in order.
 * Same scenario, seed and version: same digest, on any compiler and with any observer.
 */
#ifndef EPSIM_KERNEL_DIGEST_H
#define EPSIM_KERNEL_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct digest {
    uint64_t state;
};

#define DIGEST_TEXT_LENGTH 16

void digest_init(struct digest *digest);
static inline void digest_add(struct digest *digest, uint64_t value)
{
    uint64_t x = digest->state ^ value;
    x *= UINT64_C(0x9fb21c651e98df25);
    x ^= x >> 32;
    digest->state = (x + UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd6e8feb86659fd93);
}
void digest_add_bytes(struct digest *digest, const void *bytes, size_t length);
/* The same for bytes whose hash64 is known. */
static inline void digest_add_hashed(struct digest *digest, uint64_t hash, size_t length)
{
    digest_add(digest, length);
    digest_add(digest, hash);
}
uint64_t digest_value(const struct digest *digest);
/* 16 lower-case hexadecimal digits and a NUL. */
void digest_format(uint64_t value, char out[DIGEST_TEXT_LENGTH + 1]);

#endif
