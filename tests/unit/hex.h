/*
 * hex.h: digests of the hash tests as text.
 */
#ifndef EPSIM_TESTS_UNIT_HEX_H
#define EPSIM_TESTS_UNIT_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static inline const char *hex_of(const uint8_t *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return out;
}

#endif
