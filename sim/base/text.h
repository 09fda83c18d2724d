/*
 * text.h: a growable text buffer. Its companions, which it includes, are the small formats that the
 * whole program shares: calendar.h (durations, dates), number.h, suggest.h and utf8.h.
 */
#ifndef EPSIM_BASE_TEXT_H
#define EPSIM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/number.h"
#include "base/suggest.h"
#include "base/utf8.h"

/* `data` is NUL-terminated whenever it is not NULL. Start from {0}. Adding is amortised O(1) a byte. */
struct text {
    char *data;
    size_t length;
    size_t capacity;
};

void text_fini(struct text *text);
/* Empty, but the memory is kept; `data` is then "" (or still NULL). */
void text_clear(struct text *text);
void text_add(struct text *text, const char *string);
/* `bytes` may be NULL when `length` is 0. It must not lie in `text` itself. */
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_char(struct text *text, char c);
void text_add_u64(struct text *text, uint64_t value);
void text_add_i64(struct text *text, int64_t value);
/* A finite number as the shortest decimal that reads back as the same double: "0.1", "1e+300". */
void text_add_real(struct text *text, double value);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with quotes, escaped as Go's encoding/json does (O-40: <, > and & too). Each byte that
 * is not UTF-8 becomes \ufffd. */
void text_add_json(struct text *text, const char *bytes, size_t length);
/* 1234567 as "1,234,567". */
void text_add_grouped(struct text *text, uint64_t value);
/* 1234567 as "1.23 MB"; powers of 1,000, three digits, rounded to nearest; below 1,000 exact. */
void text_add_bytes_human(struct text *text, uint64_t bytes);

#endif
