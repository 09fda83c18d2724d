/*
 * size_field.h: what fields of protobuf take (O-2, O-3, O-10); size.h adds them up.
 */
#ifndef EPSIM_MODEL_SIZE_FIELD_H
#define EPSIM_MODEL_SIZE_FIELD_H

#include <stdint.h>

/* v(n) of O-3. */
static inline uint32_t size_varint(uint64_t n)
{
    /* Seven bits a byte; 9/64 is as good as 1/7 for up to 64 of them. */
    uint32_t bits = 64 - (uint32_t)__builtin_clzll(n | 1);
    return (bits * 9 + 64) / 64;
}
/* s(x) of O-10: a string field with a one-byte tag. */
static inline uint32_t size_string(uint32_t length)
{
    return 1 + size_varint(length) + length;
}
/* A message field with a one-byte tag. */
static inline uint64_t size_message(uint64_t payload)
{
    return 1 + size_varint(payload) + payload;
}
/* An integer field with a one-byte tag; a negative number takes ten bytes (O-2). */
static inline uint32_t size_int(int64_t value)
{
    return 1 + size_varint((uint64_t)value);
}

#endif
