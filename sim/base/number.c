/*
 * number.c: the grammar is checked here, byte by byte; strtod only converts what passed.
 */
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool int_parse(const char *string, size_t length, int64_t min, int64_t max, int64_t *out)
{
    bool negative = length > 0 && string[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == length)
        return false;
    /* Summed up below zero, because there is one number more there. */
    int64_t value = 0;
    for (; i < length; i++) {
        if (!is_digit(string[i]))
            return false;
        int64_t digit = string[i] - '0';
        if (value < (INT64_MIN + digit) / 10)
            return false;
        value = value * 10 - digit;
    }
    if (!negative) {
        if (value == INT64_MIN)
            return false;
        value = -value;
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

/* [-] digits [. digits] [e [+-] digits], with a digit before or after the point. */
static bool is_real(const char *s, size_t length)
{
    size_t i = 0;
    if (i < length && s[i] == '-')
        i++;
    size_t mantissa_digits = 0;
    for (; i < length && is_digit(s[i]); i++)
        mantissa_digits++;
    if (i < length && s[i] == '.') {
        i++;
        for (; i < length && is_digit(s[i]); i++)
            mantissa_digits++;
    }
    if (!mantissa_digits)
        return false;
    if (i < length && (s[i] == 'e' || s[i] == 'E')) {
        i++;
        if (i < length && (s[i] == '+' || s[i] == '-'))
            i++;
        size_t exponent_start = i;
        for (; i < length && is_digit(s[i]); i++) {
        }
        if (i == exponent_start)
            return false;
    }
    return i == length;
}

bool real_parse(const char *string, size_t length, double *out)
{
    if (!is_real(string, length))
        return false;
    char small[64];
    char *copy = small;
    if (length < sizeof small) {
        memcpy(small, string, length);
        small[length] = '\0';
    } else {
        copy = mem_strndup(string, length);
    }
    char *end;
    double value = strtod(copy, &end);
    bool all = *end == '\0' && end == copy + length;
    if (copy != small)
        free(copy);
    /* Too large a number became infinite: nothing finite equals itself minus itself but 0. */
    if (!all || value - value != 0)
        return false;
    *out = value;
    return true;
}
