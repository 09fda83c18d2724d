/*
 * sha256.h: SHA-256 (FIPS 180-4) of a text that comes in pieces: the identity of scenario texts.
 */
#ifndef EPSIM_BASE_SHA256_H
#define EPSIM_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t length);
/* The digest of all that was added; `sha` must be initialised again before it is used again. */
void sha256_end(struct sha256 *sha, uint8_t out[32]);

#endif
