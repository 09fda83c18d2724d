/*
 * digest.c: bytes enter as their count and their hash64, both the same on every machine, and
 * "ab","c" differs from "a","bc".
 */
#include "kernel/digest.h"

#include "base/hash.h"

void digest_init(struct digest *digest)
{
    digest->state = UINT64_C(0x13198a2e03707344);
}

void digest_add_bytes(struct digest *digest, const void *bytes, size_t length)
{
    digest_add_hashed(digest, hash64(bytes, length), length);
}

uint64_t digest_value(const struct digest *digest)
{
    return hash_u64(digest->state);
}

void digest_format(uint64_t value, char out[DIGEST_TEXT_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < DIGEST_TEXT_LENGTH; i++)
        out[i] = digits[value >> (60 - 4 * i) & 15];
    out[DIGEST_TEXT_LENGTH] = '\0';
}
