/*
 * calendar.c: exact integer arithmetic throughout, so a text and its number go over into each other
 * and back without loss.
 *
 * Dates use the Gregorian calendar's period of 400 years (146,097 days), with years that begin in
 * March: a leap day is then the last of its year, and the months' lengths follow one line.
 */
#include "base/calendar.h"

#include "base/text.h"

#define S_PER_DAY INT64_C(86400)

struct unit {
    const char *name;
    uint32_t length;
    int64_t ns;
};

/* Longer names first where one starts like another. Go's two micro signs are accepted too. */
static const struct unit units[] = {
    {"ns", 2, 1},
    {"us", 2, NS_PER_US},
    {"\xc2\xb5s", 3, NS_PER_US},
    {"\xce\xbcs", 3, NS_PER_US},
    {"ms", 2, NS_PER_MS},
    {"s", 1, NS_PER_S},
    {"m", 1, 60 * NS_PER_S},
    {"h", 1, 3600 * NS_PER_S},
    {"d", 1, S_PER_DAY *NS_PER_S},
};

#define UNIT_COUNT (sizeof units / sizeof units[0])

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const struct unit *unit_at(const char *string, size_t length)
{
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        const struct unit *unit = &units[i];
        size_t same = 0;
        while (same < unit->length && same < length && string[same] == unit->name[same])
            same++;
        if (same == unit->length)
            return unit;
    }
    return NULL;
}

/* The fraction 0.DIGITS of a unit in nanoseconds; false when it is no whole number of them. */
static bool fraction_ns(const char *digits, size_t count, int64_t unit_ns, int64_t *out_ns)
{
    while (count > 0 && digits[count - 1] == '0')
        count--;
    /* A day is 2^16 x 3^3 x 5^11 ns, so no share of it that is whole has more than 16 digits. */
    if (count > 16)
        return false;
    int64_t numerator = 0, denominator = 1;
    for (size_t i = 0; i < count; i++) {
        numerator = numerator * 10 + (digits[i] - '0');
        denominator *= 10;
    }
    /* Cancel what unit and denominator share; what is left of the denominator must divide the digits. */
    while (denominator % 2 == 0 && unit_ns % 2 == 0) {
        denominator /= 2;
        unit_ns /= 2;
    }
    while (denominator % 5 == 0 && unit_ns % 5 == 0) {
        denominator /= 5;
        unit_ns /= 5;
    }
    if (numerator % denominator != 0)
        return false;
    *out_ns = numerator / denominator * unit_ns;
    return true;
}

/* False when it is no duration; *too_long when it is one that does not fit. */
static bool read_duration(const char *string, size_t length, int64_t *out_ns, bool *too_long)
{
    *out_ns = 0;
    *too_long = false;
    if (length == 1 && string[0] == '0')
        return true;
    int64_t total = 0;
    size_t i = 0;
    while (i < length) {
        size_t whole_start = i;
        int64_t whole = 0;
        for (; i < length && is_digit(string[i]); i++) {
            int64_t digit = string[i] - '0';
            *too_long |= whole > (INT64_MAX - digit) / 10;
            whole = *too_long ? 0 : whole * 10 + digit;
        }
        size_t whole_count = i - whole_start;
        size_t fraction_start = i, fraction_count = 0;
        if (i < length && string[i] == '.') {
            fraction_start = ++i;
            while (i < length && is_digit(string[i]))
                i++;
            fraction_count = i - fraction_start;
        }
        const struct unit *unit = unit_at(string + i, length - i);
        int64_t fraction;
        if (whole_count + fraction_count == 0 || !unit ||
            !fraction_ns(string + fraction_start, fraction_count, unit->ns, &fraction))
            return false;
        *too_long |=
            whole > (INT64_MAX - fraction) / unit->ns || total > INT64_MAX - fraction - whole * unit->ns;
        total = *too_long ? 0 : total + whole * unit->ns + fraction;
        i += unit->length;
    }
    *out_ns = total;
    return length > 0;
}

bool duration_parse(const char *string, size_t length, int64_t *out_ns)
{
    int64_t ns;
    bool too_long;
    if (!read_duration(string, length, &ns, &too_long) || too_long)
        return false;
    *out_ns = ns;
    return true;
}

bool duration_is_too_long(const char *string, size_t length)
{
    int64_t ns;
    bool too_long;
    return read_duration(string, length, &ns, &too_long) && too_long;
}

/* VALUE as WHOLE.FRACTION of 10^digits, without trailing zeros. */
static void decimal_add(struct text *text, uint64_t value, uint32_t digits)
{
    uint64_t scale = 1;
    for (uint32_t i = 0; i < digits; i++)
        scale *= 10;
    text_add_u64(text, value / scale);
    uint64_t fraction = value % scale;
    if (!fraction)
        return;
    text_add_char(text, '.');
    while (fraction) {
        scale /= 10;
        text_add_char(text, (char)('0' + fraction / scale));
        fraction %= scale;
    }
}

void text_add_duration(struct text *text, int64_t ns)
{
    uint64_t rest = (uint64_t)ns;
    if (ns < 0) {
        text_add_char(text, '-');
        rest = -rest;
    }
    static const struct {
        uint64_t ns;
        char name;
    } large[] = {{(uint64_t)(S_PER_DAY * NS_PER_S), 'd'}, {(uint64_t)(3600 * NS_PER_S), 'h'},
        {(uint64_t)(60 * NS_PER_S), 'm'}};
    bool any = false;
    for (int i = 0; i < 3; i++) {
        if (rest < large[i].ns)
            continue;
        text_add_u64(text, rest / large[i].ns);
        text_add_char(text, large[i].name);
        rest %= large[i].ns;
        any = true;
    }
    if (!rest) {
        if (!any)
            text_add(text, "0s");
    } else if (rest >= (uint64_t)NS_PER_S) {
        decimal_add(text, rest, 9);
        text_add_char(text, 's');
    } else if (rest >= (uint64_t)NS_PER_MS) {
        decimal_add(text, rest, 6);
        text_add(text, "ms");
    } else if (rest >= (uint64_t)NS_PER_US) {
        decimal_add(text, rest, 3);
        text_add(text, "us");
    } else {
        text_add_u64(text, rest);
        text_add(text, "ns");
    }
}

/* Days from 1970-01-01 to a date; year >= 1. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    int64_t from_march = month > 2 ? month - 3 : month + 9;
    if (month <= 2)
        year--;
    int64_t period = year / 400;
    int64_t year_of_period = year - period * 400;
    int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;
    int64_t day_of_period = year_of_period * 365 + year_of_period / 4 - year_of_period / 100 + day_of_year;
    return period * 146097 + day_of_period - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    /* Non-negative for every date that int64 nanoseconds can hold. */
    days += 719468;
    int64_t period = days / 146097;
    int64_t day_of_period = days % 146097;
    int64_t year_of_period =
        (day_of_period - day_of_period / 1460 + day_of_period / 36524 - day_of_period / 146096) / 365;
    int64_t day_of_year = day_of_period - (365 * year_of_period + year_of_period / 4 - year_of_period / 100);
    int64_t from_march = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = period * 400 + year_of_period + (*month <= 2);
}

static int64_t month_length(int64_t year, int64_t month)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return lengths[month - 1] + (month == 2 && leap);
}

struct reader {
    const char *at;
    const char *end;
    bool ok;
};

static int64_t read_digits(struct reader *in, int count, int64_t min, int64_t max)
{
    int64_t value = 0;
    for (int i = 0; i < count; i++) {
        if (in->at == in->end || !is_digit(*in->at)) {
            in->ok = false;
            return min;
        }
        value = value * 10 + (*in->at++ - '0');
    }
    if (value < min || value > max) {
        in->ok = false;
        return min;
    }
    return value;
}

/* One byte out of two. */
static char read_either(struct reader *in, char a, char b)
{
    if (in->at == in->end || (*in->at != a && *in->at != b)) {
        in->ok = false;
        return a;
    }
    return *in->at++;
}

static int64_t read_fraction_ns(struct reader *in)
{
    int64_t ns = 0, place = NS_PER_S / 10;
    if (in->at == in->end || *in->at != '.')
        return 0;
    in->at++;
    if (in->at == in->end || !is_digit(*in->at))
        in->ok = false;
    for (; in->at < in->end && is_digit(*in->at); in->at++) {
        ns += (*in->at - '0') * place;
        place /= 10;
    }
    return ns;
}

static int64_t read_offset_s(struct reader *in)
{
    if (in->at < in->end && (*in->at == 'Z' || *in->at == 'z')) {
        in->at++;
        return 0;
    }
    char sign = read_either(in, '+', '-');
    int64_t hours = read_digits(in, 2, 0, 23);
    read_either(in, ':', ':');
    int64_t minutes = read_digits(in, 2, 0, 59);
    int64_t seconds = hours * 3600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
}

bool rfc3339_parse(const char *string, size_t length, int64_t *out_ns)
{
    struct reader in = {string, string + length, true};
    int64_t year = read_digits(&in, 4, 0, 9999);
    read_either(&in, '-', '-');
    int64_t month = read_digits(&in, 2, 1, 12);
    read_either(&in, '-', '-');
    int64_t day = read_digits(&in, 2, 1, month_length(year, month));
    read_either(&in, 'T', 't');
    int64_t hour = read_digits(&in, 2, 0, 23);
    read_either(&in, ':', ':');
    int64_t minute = read_digits(&in, 2, 0, 59);
    read_either(&in, ':', ':');
    int64_t second = read_digits(&in, 2, 0, 59);
    int64_t ns = read_fraction_ns(&in);
    int64_t offset_s = read_offset_s(&in);
    if (!in.ok || in.at != in.end)
        return false;
    /* Years below 1677 and above 2262 are out of range anyway; this keeps the sums small. */
    if (year < 1600 || year > 2300)
        return false;
    int64_t unix_s =
        days_from_date(year, month, day) * S_PER_DAY + hour * 3600 + minute * 60 + second - offset_s;
    /* With the seconds rounded up towards zero, so that neither product passes the range. */
    if (unix_s < 0 && ns > 0) {
        unix_s++;
        ns -= NS_PER_S;
    }
    if (unix_s > INT64_MAX / NS_PER_S || unix_s < INT64_MIN / NS_PER_S)
        return false;
    int64_t whole = unix_s * NS_PER_S;
    if ((ns > 0 && whole > INT64_MAX - ns) || (ns < 0 && whole < INT64_MIN - ns))
        return false;
    *out_ns = whole + ns;
    return true;
}

void text_add_rfc3339(struct text *text, int64_t unix_ns)
{
    int64_t unix_s = unix_ns / NS_PER_S;
    int64_t ns = unix_ns % NS_PER_S;
    if (ns < 0) {
        ns += NS_PER_S;
        unix_s--;
    }
    int64_t days = unix_s / S_PER_DAY;
    int64_t second = unix_s % S_PER_DAY;
    if (second < 0) {
        second += S_PER_DAY;
        days--;
    }
    int64_t year, month, day;
    date_from_days(days, &year, &month, &day);
    text_printf(text, "%04d-%02d-%02dT%02d:%02d:", (int)year, (int)month, (int)day, (int)(second / 3600),
        (int)(second / 60 % 60));
    if (second % 60 < 10)
        text_add_char(text, '0');
    decimal_add(text, (uint64_t)(second % 60 * NS_PER_S + ns), 9);
    text_add_char(text, 'Z');
}
