/*
 * range.c: see range.h. Everything is an int64: nanoseconds, or units of the last decimal.
 */
#include "experiment/range.h"

#include <math.h>
#include <string.h>

#include "base/check.h"
#include "kernel/realmath.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool range_is_meant(const char *text)
{
    return strncmp(text, "log ", 4) == 0 || (is_digit(text[0]) && strstr(text, "..") != NULL);
}

struct part {
    const char *text;
    size_t length;
};

/* Digits after the point; -1 when it is no decimal number. */
static int decimals_of(struct part part)
{
    size_t i = 0;
    while (i < part.length && is_digit(part.text[i]))
        i++;
    if (i == 0)
        return -1;
    if (i == part.length)
        return 0;
    size_t after = part.length - i - 1;
    for (size_t k = i + 1; k < part.length; k++)
        if (!is_digit(part.text[k]))
            return -1;
    return part.text[i] == '.' && after > 0 && after <= RANGE_DECIMALS_MAX ? (int)after : -1;
}

/* A decimal number in units of 10^-decimals. */
static bool parse_decimal(struct part part, uint32_t decimals, int64_t *out)
{
    const char *point = memchr(part.text, '.', part.length);
    size_t before = point != NULL ? (size_t)(point - part.text) : part.length;
    size_t after = point != NULL ? part.length - before - 1 : 0;
    struct text digits = {0};
    text_add_bytes(&digits, part.text, before);
    text_add_bytes(&digits, part.text + part.length - after, after);
    for (; after < decimals; after++)
        text_add_char(&digits, '0');
    bool good = int_parse(digits.data, digits.length, 0, INT64_MAX, out);
    text_fini(&digits);
    return good;
}

static bool parse_three(struct range *range, const struct part *parts, uint32_t count, int64_t *const *out)
{
    range->decimals = 0;
    range->is_duration = false;
    for (uint32_t i = 0; i < count; i++) {
        int decimals = decimals_of(parts[i]);
        range->is_duration |= decimals < 0;
        if (decimals > (int)range->decimals)
            range->decimals = (uint32_t)decimals;
    }
    for (uint32_t i = 0; i < count; i++) {
        bool good = range->is_duration ? duration_parse(parts[i].text, parts[i].length, out[i])
                                       : parse_decimal(parts[i], range->decimals, out[i]);
        if (!good)
            return false;
    }
    return true;
}

static const char form[] = "a range is A..B, A..B step S or log A..B steps N, of numbers or of durations";

/* Splits "A..B WORD C"; the third part is empty when it stops after B. */
static bool split(const char *text, const char *word, struct part parts[3])
{
    const char *dots = strstr(text, "..");
    if (dots == NULL || dots == text)
        return false;
    parts[0] = (struct part){text, (size_t)(dots - text)};
    const char *second = dots + 2;
    size_t length = strcspn(second, " ");
    parts[1] = (struct part){second, length};
    const char *rest = second + length;
    size_t word_length = strlen(word);
    parts[2] = (struct part){rest, 0};
    if (*rest == '\0')
        return length > 0;
    if (strncmp(rest + 1, word, word_length) != 0 || rest[1 + word_length] != ' ')
        return false;
    parts[2].text = rest + 2 + word_length;
    parts[2].length = strlen(parts[2].text);
    return length > 0 && parts[2].length > 0;
}

static const char *parse_log(const char *text, uint32_t count_max, struct range *range)
{
    struct part parts[3];
    int64_t steps = 0;
    if (!split(text, "steps", parts) || parts[2].length == 0)
        return form;
    int64_t *const out[] = {&range->first, &range->last};
    if (!parse_three(range, parts, 2, out) || range->decimals > 0)
        return "log A..B steps N takes integers or durations";
    if (!int_parse(parts[2].text, parts[2].length, 2, count_max, &steps))
        return "the steps of a range are an integer from 2 up";
    if (range->is_duration &&
        (range->first < NS_PER_MS || range->first % NS_PER_MS || range->last % NS_PER_MS))
        return "durations of log A..B steps N are whole milliseconds above 0";
    if (range->first < 1)
        return "log A..B steps N begins above 0";
    range->steps = (uint32_t)steps;
    range->is_log = true;
    return NULL;
}

static const char *parse_linear(const char *text, struct range *range)
{
    struct part parts[3];
    if (!split(text, "step", parts))
        return form;
    bool has_step = parts[2].length > 0;
    int64_t *const out[] = {&range->first, &range->last, &range->step};
    if (!parse_three(range, parts, has_step ? 3 : 2, out))
        return form;
    if (!has_step && (range->is_duration || range->decimals > 0))
        return "a range of durations or fractions needs a step: A..B step S";
    if (!has_step)
        range->step = 1;
    return range->step < 1 ? "the step of a range is above 0" : NULL;
}

const char *range_parse(const char *text, uint32_t count_max, struct range *out)
{
    *out = (struct range){0};
    const char *problem =
        strncmp(text, "log ", 4) == 0 ? parse_log(text + 4, count_max, out) : parse_linear(text, out);
    if (problem != NULL)
        return problem;
    if (out->last < out->first)
        return "a range goes from low to high";
    if (!out->is_log && (uint64_t)(out->last - out->first) / (uint64_t)out->step >= count_max)
        return "a range of so many values is more than a sweep can have";
    return NULL;
}

uint32_t range_steps(const struct range *range)
{
    return range->is_log ? range->steps : (uint32_t)((range->last - range->first) / range->step) + 1;
}

/* In units of what is rounded to. */
static int64_t log_value(const struct range *range, uint32_t step)
{
    int64_t unit = range->is_duration ? NS_PER_MS : 1;
    if (step == 0)
        return range->first;
    if (step == range->steps - 1)
        return range->last;
    double from = real_log((double)(range->first / unit)), to = real_log((double)(range->last / unit));
    double value = real_exp(from + (to - from) * (double)step / (double)(range->steps - 1));
    return (int64_t)floor(value + 0.5) * unit;
}

static void add_decimal(struct text *out, int64_t value, uint32_t decimals)
{
    int64_t unit = 1;
    for (uint32_t i = 0; i < decimals; i++)
        unit *= 10;
    text_add_i64(out, value / unit);
    int64_t rest = value % unit;
    if (rest == 0)
        return;
    text_add_char(out, '.');
    while (rest > 0) {
        unit /= 10;
        text_add_char(out, (char)('0' + rest / unit));
        rest %= unit;
    }
}

bool range_value(const struct range *range, uint32_t step, struct text *out)
{
    EPSIM_ASSERT(step < range_steps(range));
    int64_t value = range->is_log ? log_value(range, step) : range->first + (int64_t)step * range->step;
    if (range->is_log && step > 0 && log_value(range, step - 1) == value)
        return false;
    text_clear(out);
    if (range->is_duration)
        text_add_duration(out, value);
    else
        add_decimal(out, value, range->decimals);
    return true;
}
