/*
 * yaml_scalar.c: which of the five styles a string gets, and how it is written.
 *
 * plain            when nothing in it could be taken for markup and it reads as a string
 * 'single quoted'  when markup is in the way
 * "double quoted"  when it would read as another type, or has characters that must be escaped
 * | literal        when it has line breaks
 *
 * The sets are YAML 1.1's as libyaml has them, which kubectl's printer is a descendant of.
 */
#include "base/yaml_scalar.h"

#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

/* --- does it look like something else? ------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(const char *bytes, size_t length, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], bytes, length) == 0)
            return true;
    }
    return false;
}

static bool is_word(const char *bytes, size_t length)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n",
        "N", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off",
        "Off", "OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
        "-.Inf", "-.INF"};
    return is_one_of(bytes, length, words, sizeof words / sizeof words[0]);
}

/* Digits of a base: how many of them stand at `bytes`. */
static size_t digit_run(const char *bytes, size_t length, uint32_t base)
{
    size_t i = 0;
    for (; i < length; i++) {
        char c = bytes[i];
        uint32_t digit = is_digit(c)            ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 99;
        if (digit >= base)
            break;
    }
    return i;
}

/* An integer with an optional sign, and a prefix of its base as in Go: 0x, 0o, 0b, or 0 for octal. */
static bool is_integer(const char *bytes, size_t length)
{
    size_t i = length > 0 && (bytes[0] == '-' || bytes[0] == '+');
    uint32_t base = 10;
    if (length - i >= 2 && bytes[i] == '0') {
        char mark = bytes[i + 1];
        base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
        i += base != 8 || mark == 'o' || mark == 'O' ? 2 : 1;
    }
    return i < length && digit_run(bytes + i, length - i, base) == length - i;
}

/* A decimal number; one too large for a double is a string. */
static bool is_real(const char *bytes, size_t length)
{
    size_t i = length > 0 && (bytes[0] == '-' || bytes[0] == '+');
    size_t start = bytes[0] == '+' ? 1 : 0;
    size_t whole = digit_run(bytes + i, length - i, 10);
    i += whole;
    size_t fraction = 0;
    if (i < length && bytes[i] == '.') {
        fraction = digit_run(bytes + i + 1, length - i - 1, 10);
        i += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (i < length && (bytes[i] == 'e' || bytes[i] == 'E')) {
        i++;
        i += i < length && (bytes[i] == '-' || bytes[i] == '+');
        size_t exponent = digit_run(bytes + i, length - i, 10);
        if (exponent == 0)
            return false;
        i += exponent;
    }
    double value;
    return i == length && real_parse(bytes + start, length - start, &value);
}

/* Numbers in base 60 of YAML 1.1, such as 12:30:45. */
static bool is_sexagesimal(const char *bytes, size_t length)
{
    size_t i = length > 0 && (bytes[0] == '-' || bytes[0] == '+');
    if (i == length || !is_digit(bytes[i]))
        return false;
    while (i < length && (is_digit(bytes[i]) || bytes[i] == '_'))
        i++;
    uint32_t parts = 0;
    while (i < length && bytes[i] == ':') {
        size_t digits = digit_run(bytes + i + 1, length - i - 1, 10);
        if (digits == 0 || digits > 2 || (digits == 2 && bytes[i + 1] > '5'))
            return false;
        i += 1 + digits;
        parts++;
    }
    if (i < length && bytes[i] == '.') {
        i++;
        while (i < length && (is_digit(bytes[i]) || bytes[i] == '_'))
            i++;
    }
    return parts > 0 && i == length;
}

/* Reads a number of one or two digits (or exactly four) that is at most `max`. */
static bool take_number(const char **at, const char *end, uint32_t digits_max, uint32_t max, uint32_t *out)
{
    size_t digits = digit_run(*at, (size_t)(end - *at), 10);
    if (digits == 0 || (digits_max == 4 && digits != 4))
        return false;
    if (digits > digits_max)
        digits = digits_max;
    *out = 0;
    for (size_t i = 0; i < digits; i++)
        *out = *out * 10 + (uint32_t)((*at)[i] - '0');
    *at += digits;
    return *out <= max;
}

static bool take_char(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return false;
    ++*at;
    return true;
}

static bool take_zone(const char **at, const char *end)
{
    if (take_char(at, end, 'Z'))
        return true;
    uint32_t hours, minutes;
    if (!take_char(at, end, '+') && !take_char(at, end, '-'))
        return false;
    return end - *at == 5 && take_number(at, end, 2, 24, &hours) && take_char(at, end, ':') &&
           end - *at == 2 && take_number(at, end, 2, 60, &minutes);
}

/* A date, or a date and a time of day: 2026-1-2, 2026-01-02T03:04:05.5Z, 2026-01-02 03:04:05. */
static bool is_timestamp(const char *bytes, size_t length)
{
    static const uint8_t month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = bytes, *end = bytes + length;
    uint32_t year, month, day, hour, minute, second;
    if (!take_number(&at, end, 4, 9999, &year) || !take_char(&at, end, '-') ||
        !take_number(&at, end, 2, 12, &month) || month == 0 || !take_char(&at, end, '-') ||
        !take_number(&at, end, 2, 31, &day) || day == 0)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (uint32_t)(month == 2 && leap))
        return false;
    if (at == end)
        return true;
    bool spaced = take_char(&at, end, ' ');
    if (!spaced && !take_char(&at, end, 'T') && !take_char(&at, end, 't'))
        return false;
    if (!take_number(&at, end, 2, 23, &hour) || !take_char(&at, end, ':') ||
        !take_number(&at, end, 2, 59, &minute) || !take_char(&at, end, ':') ||
        !take_number(&at, end, 2, 59, &second))
        return false;
    if (at < end && (*at == '.' || *at == ',')) {
        size_t digits = digit_run(at + 1, (size_t)(end - at) - 1, 10);
        if (digits == 0)
            return false;
        at += 1 + digits;
    }
    return (spaced || take_zone(&at, end)) && at == end;
}

bool yaml_looks_typed(const char *bytes, size_t length)
{
    if (is_word(bytes, length))
        return true;
    char first = bytes[0];
    if (first == '.')
        return is_real(bytes, length);
    if (!is_digit(first) && first != '-' && first != '+')
        return false;
    if (is_timestamp(bytes, length) || is_sexagesimal(bytes, length))
        return true;
    /* Underscores may stand anywhere in a number. One that is longer than this is a string to everyone. */
    char digits[512];
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '_')
            continue;
        if (count == sizeof digits)
            return false;
        digits[count++] = bytes[i];
    }
    return count > 0 && (is_integer(digits, count) || is_real(digits, count));
}

/* --- what is in it -------------------------------------------------------------------------------------- */

struct analysis {
    bool plain_allowed;
    bool single_quoted_allowed;
    bool literal_allowed;
};

/* A character of a string; code 0xfffd and one byte where the bytes are no UTF-8. */
struct character {
    uint32_t code;
    uint32_t bytes;
    bool valid;
};

static struct character character_at(const char *bytes, size_t length, size_t i)
{
    struct character c = {0};
    c.bytes = utf8_decode(bytes + i, length - i, &c.code);
    c.valid = c.bytes > 0;
    if (!c.valid)
        c = (struct character){0xfffd, 1, false};
    return c;
}

static bool is_break(uint32_t code)
{
    return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* Beyond the basic plane libyaml escapes everything. */
static bool is_printable(struct character c)
{
    uint32_t code = c.code;
    return c.valid && (code == '\n' || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) ||
                          (code >= 0xe000 && code <= 0xfffd && code != 0xfeff));
}

static bool is_blank_or_end(const char *bytes, size_t length, size_t i)
{
    if (i >= length)
        return true;
    uint32_t code = character_at(bytes, length, i).code;
    return code == ' ' || code == '\t' || is_break(code);
}

/* The character means something to YAML when it stands here without quotes. */
static bool is_markup(uint32_t code, bool first, bool after_blank, bool before_blank)
{
    if (code >= 0x80 || code == 0)
        return false;
    if (first && strchr("#,[]{}&*!|>'\"%@`", (int)code))
        return true;
    if (first && (code == '-' || code == '?'))
        return before_blank;
    return (code == ':' && before_blank) || (code == '#' && after_blank);
}

static struct analysis analyse(const char *bytes, size_t length)
{
    bool special = false, breaks = false, markup = false;
    bool leading_blank = false, trailing_blank = false, trailing_space = false;
    bool break_space = false, space_break = false;
    bool after_space = false, after_break = false, after_blank = true;
    if (length >= 3 && (memcmp(bytes, "---", 3) == 0 || memcmp(bytes, "...", 3) == 0))
        markup = true;
    for (size_t i = 0; i < length;) {
        struct character c = character_at(bytes, length, i);
        size_t next = i + c.bytes;
        markup |= is_markup(c.code, i == 0, after_blank, is_blank_or_end(bytes, length, next));
        special |= !is_printable(c) && !is_break(c.code);
        /* CR and the breaks of Unicode would not come back as they are. */
        special |= is_break(c.code) && c.code != '\n';
        bool space = c.code == ' ', line_break = is_break(c.code);
        breaks |= line_break;
        leading_blank |= i == 0 && (space || line_break);
        trailing_blank = space || line_break;
        trailing_space = space;
        break_space |= space && after_break;
        space_break |= line_break && after_space;
        after_space = space;
        after_break = line_break;
        after_blank = space || line_break || c.code == '\t';
        i = next;
    }
    return (struct analysis){
        .plain_allowed = length > 0 && !markup && !special && !breaks && !leading_blank && !trailing_blank,
        .single_quoted_allowed = !special && !space_break && !break_space,
        .literal_allowed = !special && !space_break && !trailing_space,
    };
}

/* --- writing -------------------------------------------------------------------------------------------- */

/* Where the last line of `out` stands, in characters. */
static uint32_t column_of(const struct text *out)
{
    uint32_t column = 0;
    for (size_t i = out->length; i > 0 && out->data[i - 1] != '\n'; i--)
        column += ((uint8_t)out->data[i - 1] & 0xc0) != 0x80;
    return column;
}

static void new_line(struct text *out, uint32_t indent)
{
    text_add_char(out, '\n');
    for (uint32_t i = 0; i < indent; i++)
        text_add_char(out, ' ');
}

/* Plain and single-quoted text: a lone space beyond the line's width becomes a line break. */
static void write_folded(
    struct text *out, const char *bytes, size_t length, uint32_t indent, bool fold, bool quoted)
{
    uint32_t column = column_of(out) + quoted;
    bool after_space = false;
    if (quoted)
        text_add_char(out, '\'');
    for (size_t i = 0; i < length; i++) {
        bool space = bytes[i] == ' ';
        bool inner = i > 0 && i + 1 < length;
        if (space && fold && !after_space && column > YAML_LINE_WIDTH && inner && bytes[i + 1] != ' ') {
            new_line(out, indent);
            column = indent;
        } else {
            text_add_char(out, bytes[i]);
            column += ((uint8_t)bytes[i] & 0xc0) != 0x80;
            if (quoted && bytes[i] == '\'') {
                text_add_char(out, '\'');
                column++;
            }
        }
        after_space = space;
    }
    if (quoted)
        text_add_char(out, '\'');
}

static void write_escape(struct text *out, uint32_t code)
{
    static const struct {
        uint32_t code;
        char letter;
    } letters[] = {{0, '0'}, {7, 'a'}, {8, 'b'}, {9, 't'}, {10, 'n'}, {11, 'v'}, {12, 'f'}, {13, 'r'},
        {27, 'e'}, {'"', '"'}, {'\\', '\\'}, {0x85, 'N'}, {0xa0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
    text_add_char(out, '\\');
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].code == code) {
            text_add_char(out, letters[i].letter);
            return;
        }
    }
    if (code <= 0xff)
        text_printf(out, "x%02X", code);
    else if (code <= 0xffff)
        text_printf(out, "u%04X", code);
    else
        text_printf(out, "U%08X", code);
}

static void write_double_quoted(
    struct text *out, const char *bytes, size_t length, uint32_t indent, bool fold)
{
    text_add_char(out, '"');
    bool after_space = false;
    uint32_t column = column_of(out);
    for (size_t i = 0; i < length;) {
        struct character c = character_at(bytes, length, i);
        size_t before = out->length;
        bool inner = i > 0 && i + 1 < length;
        if (!is_printable(c) || is_break(c.code) || c.code == '"' || c.code == '\\') {
            write_escape(out, c.valid ? c.code : (uint8_t)bytes[i]);
            column += (uint32_t)(out->length - before);
            after_space = false;
        } else if (c.code == ' ' && fold && !after_space && column > YAML_LINE_WIDTH && inner) {
            new_line(out, indent);
            column = indent;
            if (bytes[i + 1] == ' ') {
                text_add_char(out, '\\');
                column++;
            }
            after_space = true;
        } else {
            text_add_bytes(out, bytes + i, c.bytes);
            column++;
            after_space = c.code == ' ';
        }
        i += c.bytes;
    }
    text_add_char(out, '"');
}

/* `|`, how deep the text is indented where that cannot be seen, and what becomes of the last line break. */
static void write_literal(struct text *out, const char *bytes, size_t length, uint32_t indent)
{
    text_add_char(out, '|');
    if (bytes[0] == ' ' || bytes[0] == '\n')
        text_add_char(out, '2');
    if (bytes[length - 1] != '\n')
        text_add_char(out, '-');
    else if (length == 1 || bytes[length - 2] == '\n')
        text_add_char(out, '+');
    text_add_char(out, '\n');
    bool line_start = true;
    for (size_t i = 0; i < length; i++) {
        if (line_start && bytes[i] != '\n') {
            for (uint32_t k = 0; k < indent; k++)
                text_add_char(out, ' ');
        }
        line_start = bytes[i] == '\n';
        /* The line break that ends the scalar is written by whoever goes on. */
        if (i + 1 < length || bytes[i] != '\n')
            text_add_char(out, bytes[i]);
    }
}

void yaml_add_scalar(struct text *out, const char *bytes, size_t length, uint32_t indent, bool is_key)
{
    struct analysis analysis = analyse(bytes, length);
    bool fold = !is_key;
    if (memchr(bytes, '\n', length)) {
        if (analysis.literal_allowed && !is_key)
            write_literal(out, bytes, length, indent);
        else
            write_double_quoted(out, bytes, length, indent, fold);
        return;
    }
    bool typed = yaml_looks_typed(bytes, length);
    if (!typed && analysis.plain_allowed)
        write_folded(out, bytes, length, indent, fold, false);
    else if (!typed && analysis.single_quoted_allowed)
        write_folded(out, bytes, length, indent, fold, true);
    else
        write_double_quoted(out, bytes, length, indent, fold);
}

/* --- order of keys --------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (uint8_t)c >= 0x80;
}

/* `value` followed by the run of digits at `at`; wraps around beyond 64 bits, as the original does. */
static int64_t run_value(uint64_t value, const char *at, size_t *out_length)
{
    size_t i = 0;
    for (; is_digit(at[i]); i++)
        value = value * 10 + (uint64_t)(at[i] - '0');
    *out_length = i;
    return (int64_t)value;
}

/* A digit other than 0 stands in the run of digits that ends before `i`. */
static bool inside_number(const char *text, size_t i)
{
    while (i > 0 && is_digit(text[i - 1])) {
        if (text[--i] != '0')
            return true;
    }
    return false;
}

int yaml_compare_keys(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    if (a[i] == b[i])
        return 0;
    if (!a[i] || !b[i])
        return a[i] ? 1 : -1;
    if (is_letter(a[i]) || is_letter(b[i])) {
        if (is_letter(a[i]) != is_letter(b[i]))
            return is_letter(a[i]) ? 1 : -1;
        return (uint8_t)a[i] < (uint8_t)b[i] ? -1 : 1;
    }
    /* Zeros count when they are not leading ones: the digits before both are the same, so a 1 stands for
     * them. */
    uint64_t before = (a[i] == '0' || b[i] == '0') && inside_number(a, i);
    size_t a_digits, b_digits;
    int64_t a_value = run_value(before, a + i, &a_digits);
    int64_t b_value = run_value(before, b + i, &b_digits);
    if (a_value != b_value)
        return a_value < b_value ? -1 : 1;
    if (a_digits != b_digits)
        return a_digits < b_digits ? -1 : 1;
    return (uint8_t)a[i] < (uint8_t)b[i] ? -1 : 1;
}
