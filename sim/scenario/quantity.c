/*
 * quantity.c: a decimal number and a suffix, in integers, so that nothing is rounded by accident.
 */
#include "scenario/quantity.h"

#include <string.h>

struct suffix {
    const char *text;
    int8_t exponent10;
    int8_t exponent2;
};

static const struct suffix suffixes[] = {
    {"", 0, 0},
    {"n", -9, 0},
    {"u", -6, 0},
    {"m", -3, 0},
    {"k", 3, 0},
    {"M", 6, 0},
    {"G", 9, 0},
    {"T", 12, 0},
    {"P", 15, 0},
    {"E", 18, 0},
    {"Ki", 0, 10},
    {"Mi", 0, 20},
    {"Gi", 0, 30},
    {"Ti", 0, 40},
    {"Pi", 0, 50},
    {"Ei", 0, 60},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool multiply(int64_t *value, int64_t factor)
{
    if (*value > INT64_MAX / factor)
        return false;
    *value *= factor;
    return true;
}

/* The exponent of "e3" or "E-3", which stands for a suffix; false when it is none. */
static bool exponent_parse(const char *text, size_t length, int *out)
{
    if (length < 2 || (text[0] != 'e' && text[0] != 'E'))
        return false;
    bool negative = text[1] == '-';
    size_t i = negative || text[1] == '+' ? 2 : 1;
    int value = 0;
    if (i == length)
        return false;
    for (; i < length; i++) {
        if (!is_digit(text[i]) || value > 100)
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

static bool suffix_parse(const char *text, size_t length, int *exponent10, int *exponent2)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (strlen(suffixes[i].text) == length && memcmp(suffixes[i].text, text, length) == 0) {
            *exponent10 = suffixes[i].exponent10;
            *exponent2 = suffixes[i].exponent2;
            return true;
        }
    return exponent_parse(text, length, exponent10);
}

bool quantity_parse_milli(const char *text, size_t length, int64_t *out_milli)
{
    size_t i = length > 0 && text[0] == '+' ? 1 : 0;
    int64_t digits = 0;
    int fraction = 0;
    bool point = false, any = false;
    for (; i < length && (is_digit(text[i]) || (text[i] == '.' && !point)); i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        any = true;
        /* Further zeros of a fraction change nothing, and must not overflow. */
        if (point && text[i] == '0' && strspn(text + i, "0") >= strspn(text + i, "0123456789"))
            continue;
        if (!multiply(&digits, 10) || digits > INT64_MAX - 9)
            return false;
        digits += text[i] - '0';
        fraction += point;
    }
    int exponent10 = 0, exponent2 = 0;
    if (!any || !suffix_parse(text + i, length - i, &exponent10, &exponent2))
        return false;
    for (; exponent2 > 0; exponent2 -= 10)
        if (!multiply(&digits, 1024))
            return false;
    int exponent = exponent10 + 3 - fraction;
    for (; exponent > 0 && digits > 0; exponent--)
        if (!multiply(&digits, 10))
            return false;
    bool inexact = false;
    for (; exponent < 0 && digits > 0; exponent++) {
        inexact = inexact || digits % 10 != 0;
        digits /= 10;
    }
    if (inexact && digits < INT64_MAX)
        digits++;
    *out_milli = digits;
    return true;
}
