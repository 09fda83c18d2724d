/*
 * utf8.c: one decoder for the whole program, so that a text is valid everywhere or nowhere.
 */
#include "base/utf8.h"

#include <string.h>

uint32_t utf8_decode(const char *bytes, size_t length, uint32_t *out_code)
{
    if (length == 0)
        return 0;
    const uint8_t *at = (const uint8_t *)bytes;
    uint8_t first = at[0];
    if (first < 0x80) {
        *out_code = first;
        return 1;
    }
    /* The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF. */
    uint32_t count, code;
    uint8_t low = 0x80, high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
        count = 2;
        code = first & 0x1f;
    } else if (first >= 0xe0 && first <= 0xef) {
        count = 3;
        code = first & 0x0f;
        low = first == 0xe0 ? 0xa0 : 0x80;
        high = first == 0xed ? 0x9f : 0xbf;
    } else if (first >= 0xf0 && first <= 0xf4) {
        count = 4;
        code = first & 0x07;
        low = first == 0xf0 ? 0x90 : 0x80;
        high = first == 0xf4 ? 0x8f : 0xbf;
    } else {
        return 0;
    }
    if (length < count)
        return 0;
    for (uint32_t i = 1; i < count; i++) {
        if (at[i] < low || at[i] > high)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    *out_code = code;
    return count;
}

bool utf8_valid(const char *bytes, size_t length, size_t *out_offset)
{
    size_t offset = 0;
    while (offset < length) {
        uint64_t eight;
        uint32_t code;
        /* Nearly all is ASCII: eight bytes without a high bit at once. */
        if (length - offset >= sizeof eight) {
            memcpy(&eight, bytes + offset, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                offset += sizeof eight;
                continue;
            }
        }
        uint32_t count = utf8_decode(bytes + offset, length - offset, &code);
        if (!count) {
            if (out_offset)
                *out_offset = offset;
            return false;
        }
        offset += count;
    }
    return true;
}

struct range {
    uint32_t first;
    uint32_t last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

#define IN_RANGES(ranges, code) in_ranges(ranges, sizeof(ranges) / sizeof(ranges)[0], code)

uint32_t utf8_width(uint32_t code)
{
    static const struct range combining[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd}, {0x610, 0x61a},
        {0x64b, 0x65f}, {0x200b, 0x200f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
        {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef}};
    static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff},
        {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xa000, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
        {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
    if (code < 0x300)
        return 1;
    if (IN_RANGES(combining, code))
        return 0;
    return IN_RANGES(wide, code) ? 2 : 1;
}

bool utf8_is_control(uint32_t code)
{
    static const struct range controls[] = {
        {0, 0x1f}, {0x7f, 0x9f}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};
    return IN_RANGES(controls, code);
}

void utf8_make_safe(char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t code = 0;
        uint32_t width = utf8_decode(text, left, &code);
        bool bad = width == 0 || (utf8_is_control(code) && code != '\n' && code != '\t');
        width = width == 0 ? 1 : width;
        if (bad)
            memset(text, '?', width);
        text += width;
        left -= width;
    }
}
