/*
 * ip.c: addresses as Kubernetes reads and writes them.
 *
 * Reading follows ParseIPSloppy, the Go 1.16 parser that Kubernetes kept: an address with a dot
 * before any colon is IPv4, leading zeros are decimal; IPv6 may end in dotted IPv4 (E-12).
 */
#include "base/ip.h"

#include <string.h>

#define PART_MAX UINT32_C(0xffffff)

struct cursor {
    const char *at;
    const char *end;
};

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* Digits up to the first other byte; false when there is none or the number passes `max`. */
static bool part_parse(struct cursor *in, unsigned radix, uint32_t max, uint32_t *out)
{
    const char *start = in->at;
    uint32_t value = 0;
    for (; in->at < in->end; in->at++) {
        unsigned digit = (unsigned)digit_value(*in->at);
        if (digit >= radix)
            break;
        value = value * radix + digit;
        if (value >= PART_MAX)
            return false;
    }
    *out = value;
    return in->at > start && value <= max;
}

static bool v4_parse(struct cursor *in, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        uint32_t part;
        if (i > 0 && (in->at == in->end || *in->at++ != '.'))
            return false;
        if (!part_parse(in, 10, 255, &part))
            return false;
        out[i] = (uint8_t)part;
    }
    return in->at == in->end;
}

/* Reads "::" if it stands here. */
static bool ellipsis_skip(struct cursor *in)
{
    if (in->end - in->at < 2 || in->at[0] != ':' || in->at[1] != ':')
        return false;
    in->at += 2;
    return true;
}

/* Groups of four digits into bytes; *ellipsis is where "::" stood, or -1. */
static bool v6_groups_parse(struct cursor *in, uint8_t bytes[16], int *count, int *ellipsis)
{
    while (*count < 16) {
        struct cursor group = *in;
        uint32_t part;
        if (!part_parse(in, 16, 0xffff, &part))
            return false;
        if (in->at < in->end && *in->at == '.') {
            if ((*ellipsis < 0 && *count != 12) || *count + 4 > 16 || !v4_parse(&group, bytes + *count))
                return false;
            *count += 4;
            in->at = in->end;
            return true;
        }
        bytes[*count] = (uint8_t)(part >> 8);
        bytes[*count + 1] = (uint8_t)part;
        *count += 2;
        if (in->at == in->end)
            return true;
        if (*ellipsis < 0 && ellipsis_skip(in)) {
            *ellipsis = *count;
            if (in->at == in->end)
                return true;
            continue;
        }
        if (*in->at != ':' || in->end - in->at == 1 || in->at[1] == ':')
            return false;
        in->at++;
    }
    return in->at == in->end;
}

static bool v6_parse(struct cursor *in, uint8_t bytes[16])
{
    int count = 0;
    int ellipsis = ellipsis_skip(in) ? 0 : -1;
    if (!(ellipsis == 0 && in->at == in->end) && !v6_groups_parse(in, bytes, &count, &ellipsis))
        return false;
    if (count == 16)
        return ellipsis < 0;
    if (ellipsis < 0)
        return false;
    size_t after = (size_t)(count - ellipsis);
    memmove(bytes + 16 - after, bytes + ellipsis, after);
    memset(bytes + ellipsis, 0, (size_t)(16 - count));
    return true;
}

static bool is_v4_mapped(const uint8_t bytes[16])
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

struct ip ip_parse(const char *bytes, size_t length)
{
    struct ip ip = {0};
    struct cursor in = {bytes, bytes + length};
    const struct ip none = {0};
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '.') {
            ip.family = IP_V4;
            return v4_parse(&in, ip.bytes) ? ip : none;
        }
        if (bytes[i] == ':') {
            if (!v6_parse(&in, ip.bytes))
                return none;
            if (!is_v4_mapped(ip.bytes)) {
                ip.family = IP_V6;
                return ip;
            }
            struct ip v4 = {.family = IP_V4};
            memcpy(v4.bytes, ip.bytes + 12, 4);
            return v4;
        }
    }
    return none;
}

static char *decimal_put(char *out, unsigned value)
{
    if (value >= 100)
        *out++ = (char)('0' + value / 100);
    if (value >= 10)
        *out++ = (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

static char *hex_put(char *out, unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    for (int shift = 12; shift >= 0; shift -= 4) {
        if (value >> shift || !shift)
            *out++ = digits[value >> shift & 15];
    }
    return out;
}

/* RFC 5952: lower case, no leading zeros, "::" for the first longest run of two or more zero groups. */
static char *v6_put(char *out, const uint8_t bytes[16])
{
    unsigned groups[8];
    for (int i = 0; i < 8; i++)
        groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    int best = -1, best_length = 1;
    for (int i = 0; i < 8; i++) {
        int length = 0;
        while (i + length < 8 && !groups[i + length])
            length++;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
        i += length ? length - 1 : 0;
    }
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            *out++ = ':';
            *out++ = ':';
            i += best_length - 1;
            continue;
        }
        if (i > 0 && i != best + best_length)
            *out++ = ':';
        out = hex_put(out, groups[i]);
    }
    return out;
}

uint32_t ip_format(struct ip ip, char out[IP_TEXT_MAX])
{
    char *end = out;
    if (ip.family == IP_V4) {
        for (int i = 0; i < 4; i++) {
            if (i > 0)
                *end++ = '.';
            end = decimal_put(end, ip.bytes[i]);
        }
    } else if (ip.family == IP_V6) {
        end = v6_put(end, ip.bytes);
    } else {
        memcpy(end, "<nil>", 5);
        end += 5;
    }
    *end = '\0';
    return (uint32_t)(end - out);
}

uint32_t ip_text_length(struct ip ip)
{
    if (ip.family != IP_V4) {
        char text[IP_TEXT_MAX];
        return ip_format(ip, text);
    }
    uint32_t length = 7; /* of 0.0.0.0 */
    for (int i = 0; i < 4; i++)
        length += (ip.bytes[i] >= 10) + (ip.bytes[i] >= 100);
    return length;
}

/* Canonical texts use 18 characters. With the end of the text, in the order of their bytes, they are
 * the digits 0 to 18 of a number in base 19; 15 digits fit in 64 bits (19^15 < 2^64). */
#define KEY_BASE 19
#define KEY_DIGITS 15

/* The digit of a character, or of the next lower one if no canonical text uses it. */
static uint64_t key_digit(char c, bool *out_is_exact)
{
    unsigned char byte = (unsigned char)c;
    *out_is_exact = byte == '.' || (byte >= '0' && byte <= ':') || (byte >= 'a' && byte <= 'f');
    if (byte < '0')
        return byte >= '.';
    if (byte <= ':')
        return byte - (uint64_t)'0' + 2;
    return byte < 'a' ? 12 : byte > 'f' ? 18 : byte - (uint64_t)'a' + 13;
}

/* The digits of a number up to 255, their count, and 19 to the power of that. */
#define KEY_OF(n) \
    { \
        (n) < 10    ? (n) + 2 \
        : (n) < 100 ? ((n) / 10 + 2) * KEY_BASE + (n) % 10 + 2 \
                    : (((n) / 100 + 2) * KEY_BASE + (n) / 10 % 10 + 2) * KEY_BASE + (n) % 10 + 2, \
            (n) < 10    ? KEY_BASE \
            : (n) < 100 ? KEY_BASE *KEY_BASE \
                        : KEY_BASE *KEY_BASE *KEY_BASE, \
            (n) < 10    ? 1 \
            : (n) < 100 ? 2 \
                        : 3 \
    }
#define KEYS_4(n) KEY_OF(n), KEY_OF((n) + 1), KEY_OF((n) + 2), KEY_OF((n) + 3)
#define KEYS_16(n) KEYS_4(n), KEYS_4((n) + 4), KEYS_4((n) + 8), KEYS_4((n) + 12)
#define KEYS_64(n) KEYS_16(n), KEYS_16((n) + 16), KEYS_16((n) + 32), KEYS_16((n) + 48)

static const struct {
    uint32_t digits;
    uint16_t power, length;
} keys_of_octets[256] = {KEYS_64(0), KEYS_64(64), KEYS_64(128), KEYS_64(192)};

/* What is missing to 15 digits, by how many more there are than in the shortest text, of 7. */
static const uint64_t key_padding[] = {
    UINT64_C(16983563041), UINT64_C(893871739), 47045881, 2476099, 130321, 6859, 361, 19, 1};

uint64_t ip_sort_key_v4(uint32_t host_order)
{
    uint32_t octet = host_order >> 24;
    uint64_t key = keys_of_octets[octet].digits;
    uint32_t length = keys_of_octets[octet].length;
    for (int shift = 16; shift >= 0; shift -= 8) {
        octet = host_order >> shift & 255;
        key = (key * KEY_BASE + 1) * keys_of_octets[octet].power + keys_of_octets[octet].digits;
        length += keys_of_octets[octet].length;
    }
    return key * key_padding[length - 4];
}

uint64_t ip_text_sort_key(const char *text, size_t length)
{
    uint64_t key = 0;
    bool is_exact = true;
    for (uint32_t i = 0; i < KEY_DIGITS; i++) {
        if (!is_exact) /* behind whatever starts with the lower character */
            key = key * KEY_BASE + KEY_BASE - 1;
        else
            key = key * KEY_BASE + (i < length ? key_digit(text[i], &is_exact) : 0);
    }
    return key;
}

uint64_t ip_sort_key(struct ip ip)
{
    if (ip.family == IP_V4)
        return ip_sort_key_v4(ip_to_v4(ip));
    char text[IP_TEXT_MAX];
    return ip_text_sort_key(text, ip_format(ip, text));
}

int ip_compare_text(struct ip a, struct ip b)
{
    char a_text[IP_TEXT_MAX], b_text[IP_TEXT_MAX];
    ip_format(a, a_text);
    ip_format(b, b_text);
    return strcmp(a_text, b_text);
}

static unsigned family_byte_count(struct ip ip)
{
    return ip.family == IP_V6 ? 16 : ip.family;
}

bool ip_range_parse(const char *bytes, size_t length, struct ip_range *out)
{
    const char *slash = length ? memchr(bytes, '/', length) : NULL;
    if (!slash)
        return false;
    struct ip base = ip_parse(bytes, (size_t)(slash - bytes));
    struct cursor in = {slash + 1, bytes + length};
    unsigned bits = family_byte_count(base) * 8;
    uint32_t prefix_length;
    if (base.family == IP_NONE || !part_parse(&in, 10, bits, &prefix_length) || in.at != in.end)
        return false;
    for (unsigned i = 0; i < bits; i++) {
        if (i >= prefix_length)
            base.bytes[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
    }
    *out = (struct ip_range){base, (uint8_t)prefix_length};
    return true;
}

struct ip ip_add_bytes(struct ip base, uint64_t offset)
{
    uint64_t carry = 0;
    for (unsigned i = family_byte_count(base); i-- > 0;) {
        uint64_t sum = base.bytes[i] + (offset & 0xff) + carry;
        base.bytes[i] = (uint8_t)sum;
        carry = sum >> 8;
        offset >>= 8;
    }
    return base;
}
