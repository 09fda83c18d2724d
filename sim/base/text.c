/*
 * text.c: the buffer doubles; one byte more than `length` is always there for the NUL.
 */
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#define CAPACITY_MIN ((size_t)64)

static void text_reserve(struct text *text, size_t more)
{
    if (text->capacity - text->length > more)
        return;
    if (more > SIZE_MAX / 2 - 1 - text->length)
        mem_exhausted(more);
    size_t needed = text->length + more + 1;
    size_t capacity = text->capacity ? text->capacity : CAPACITY_MIN;
    while (capacity < needed)
        capacity *= 2;
    text->data = mem_realloc(text->data, capacity);
    text->capacity = capacity;
}

void text_fini(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    if (length)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add_char(struct text *text, char c)
{
    text_reserve(text, 1);
    text->data[text->length++] = c;
    text->data[text->length] = '\0';
}

void text_add_u64(struct text *text, uint64_t value)
{
    char digits[20];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    text_add_bytes(text, digits + start, sizeof digits - start);
}

void text_add_i64(struct text *text, int64_t value)
{
    if (value < 0)
        text_add_char(text, '-');
    text_add_u64(text, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    text_reserve(text, 0);
    size_t room = text->capacity - text->length;
    int length = vsnprintf(text->data + text->length, room, format, arguments);
    va_end(arguments);
    EPSIM_ASSERT(length >= 0);
    if ((size_t)length >= room) {
        text_reserve(text, (size_t)length);
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    text->length += (size_t)length;
}

/* The escape of a character, or NULL when it stands for itself. */
static const char *json_escape(uint32_t code, char buffer[8])
{
    switch (code) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    if (code >= 0x20 && code != '<' && code != '>' && code != '&' && code != 0x2028 && code != 0x2029)
        return NULL;
    snprintf(buffer, 8, "\\u%04" PRIx32, code & 0xffff);
    return buffer;
}

void text_add_json(struct text *text, const char *bytes, size_t length)
{
    text_add_char(text, '"');
    size_t plain = 0; /* from here to `i` all stands for itself */
    for (size_t i = 0; i < length;) {
        char buffer[8];
        uint32_t code;
        uint32_t count = utf8_decode(bytes + i, length - i, &code);
        const char *escape = count ? json_escape(code, buffer) : "\\ufffd";
        if (escape) {
            text_add_bytes(text, bytes + plain, i - plain);
            text_add(text, escape);
        }
        i += count ? count : 1;
        if (escape)
            plain = i;
    }
    text_add_bytes(text, length ? bytes + plain : NULL, length - plain);
    text_add_char(text, '"');
}

void text_add_grouped(struct text *text, uint64_t value)
{
    char digits[27]; /* 20 digits and 6 commas */
    size_t start = sizeof digits;
    for (uint32_t i = 0; i == 0 || value; i++) {
        if (i > 0 && i % 3 == 0)
            digits[--start] = ',';
        digits[--start] = (char)('0' + value % 10);
        value /= 10;
    }
    text_add_bytes(text, digits + start, sizeof digits - start);
}

void text_add_real(struct text *text, double value)
{
    char buffer[32];
    if (value == floor(value) && fabs(value) < 1e15) {
        text_printf(text, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        double back;
        if (real_parse(buffer, strlen(buffer), &back) && back == value)
            break;
    }
    text_add(text, buffer);
}

void text_add_bytes_human(struct text *text, uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        text_add_u64(text, bytes);
        text_add(text, " B");
        return;
    }
    /* Three digits are kept: `shown` in units of scale, of which `digits` come after the point. */
    uint64_t unit = 1000;
    uint32_t name = 1;
    while (name < 6 && bytes / unit >= 1000) {
        unit *= 1000;
        name++;
    }
    uint32_t digits = bytes / unit >= 100 ? 0 : bytes / unit >= 10 ? 1 : 2;
    uint64_t scale = digits == 2 ? unit / 100 : digits == 1 ? unit / 10 : unit;
    uint64_t shown = bytes / scale + (bytes % scale >= scale - scale / 2);
    if (shown == 1000) { /* 999.6 kB is 1.00 MB, 9.996 kB is 10.0 kB */
        shown = 100;
        digits = digits ? digits - 1 : 2;
        if (digits == 2)
            name++;
    }
    if (digits == 0)
        text_printf(text, "%" PRIu64 " %s", shown, units[name]);
    else if (digits == 1)
        text_printf(text, "%" PRIu64 ".%" PRIu64 " %s", shown / 10, shown % 10, units[name]);
    else
        text_printf(text, "%" PRIu64 ".%02" PRIu64 " %s", shown / 100, shown % 100, units[name]);
}
