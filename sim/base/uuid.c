/*
 * uuid.c: RFC 4122's version 4, in the one text form that Kubernetes writes.
 */
#include "base/uuid.h"

/* Big-endian; spelt out, because compilers make one store of it. */
static inline void word_store(uint8_t *at, uint64_t word)
{
    at[0] = (uint8_t)(word >> 56);
    at[1] = (uint8_t)(word >> 48);
    at[2] = (uint8_t)(word >> 40);
    at[3] = (uint8_t)(word >> 32);
    at[4] = (uint8_t)(word >> 24);
    at[5] = (uint8_t)(word >> 16);
    at[6] = (uint8_t)(word >> 8);
    at[7] = (uint8_t)word;
}

struct uuid uuid_from_random(uint64_t high, uint64_t low)
{
    struct uuid uuid;
    /* The version in byte 6, the variant in byte 8. */
    word_store(uuid.bytes, (high & ~UINT64_C(0xf000)) | UINT64_C(0x4000));
    word_store(uuid.bytes + 8, (low & ~(UINT64_C(0xc0) << 56)) | UINT64_C(0x80) << 56);
    return uuid;
}

static bool is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uuid_parse(const char *bytes, size_t length, struct uuid *out)
{
    if (length != UUID_TEXT_LENGTH)
        return false;
    struct uuid uuid = {{0}};
    unsigned digit_count = 0;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (is_dash_place(i)) {
            if (c != '-')
                return false;
            continue;
        }
        unsigned value;
        if (c >= '0' && c <= '9')
            value = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = (unsigned)(c - 'a') + 10;
        else
            return false;
        uuid.bytes[digit_count / 2] |= (uint8_t)(digit_count % 2 ? value : value << 4);
        digit_count++;
    }
    *out = uuid;
    return true;
}

void uuid_format(struct uuid uuid, char out[UUID_TEXT_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned digit_count = 0;
    for (size_t i = 0; i < UUID_TEXT_LENGTH; i++) {
        if (is_dash_place(i)) {
            out[i] = '-';
            continue;
        }
        uint8_t byte = uuid.bytes[digit_count / 2];
        out[i] = digits[digit_count % 2 ? byte & 15 : byte >> 4];
        digit_count++;
    }
    out[UUID_TEXT_LENGTH] = '\0';
}
