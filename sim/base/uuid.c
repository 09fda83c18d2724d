/*
 * uuid.c: RFC 4122's version 4, in the one text form that Kubernetes writes.
 */
#include "base/uuid.h"

struct uuid uuid_from_random(uint64_t high, uint64_t low)
{
    struct uuid uuid;
    for (int i = 0; i < 8; i++) {
        uuid.bytes[i] = (uint8_t)(high >> (56 - 8 * i));
        uuid.bytes[8 + i] = (uint8_t)(low >> (56 - 8 * i));
    }
    uuid.bytes[6] = (uint8_t)(0x40 | (uuid.bytes[6] & 0x0f));
    uuid.bytes[8] = (uint8_t)(0x80 | (uuid.bytes[8] & 0x3f));
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
