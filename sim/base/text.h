/*
 * text.h: a growable text buffer, and the small formats that the whole program shares.
 */
#ifndef EPSIM_BASE_TEXT_H
#define EPSIM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `data` is NUL-terminated whenever it is not NULL. Start from {0}. */
struct text {
    char *data;
    size_t length;
    size_t capacity;
};

void text_fini(struct text *text);
void text_clear(struct text *text);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_char(struct text *text, char c);
void text_add_u64(struct text *text, uint64_t value);
void text_add_i64(struct text *text, int64_t value);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with quotes, escaped as Go's encoding/json does (O-40: <, > and & too). */
void text_add_json(struct text *text, const char *bytes, size_t length);

/* --- durations: int64 nanoseconds; "250ms", "10s", "1h30m", "1d", "0" ------------------------ */

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Parses all of `string`. False when it is not a duration, is negative or does not fit. */
bool duration_parse(const char *string, size_t length, int64_t *out_ns);
/* The shortest exact form, such as "1h30m" or "2.5s" or "0s". */
void text_add_duration(struct text *text, int64_t ns);

/* --- calendar: seconds and nanoseconds since 1970 in UTC -------------------------------------- */

/* "2026-01-02T03:04:05Z", with optional fraction and offset. False when it is not RFC 3339. */
bool rfc3339_parse(const char *string, size_t length, int64_t *out_ns);
/* Go's time.RFC3339Nano in UTC: the fraction has no trailing zeros and is absent when zero. */
void text_add_rfc3339(struct text *text, int64_t unix_ns);

/* --- numbers ----------------------------------------------------------------------------------- */

/* All of `string` as a decimal integer in [min, max]. */
bool int_parse(const char *string, size_t length, int64_t min, int64_t max, int64_t *out);
/* All of `string` as a finite decimal number; correctly rounded, independent of the locale. */
bool real_parse(const char *string, size_t length, double *out);
/* 1234567 as "1,234,567". */
void text_add_grouped(struct text *text, uint64_t value);
/* 1234567 as "1.23 MB"; powers of 1,000. */
void text_add_bytes_human(struct text *text, uint64_t bytes);

/* --- words -------------------------------------------------------------------------------------- */

/* The candidate nearest to `word` (Damerau-Levenshtein), or NULL when none is near enough to be
 * meant. O(candidates x length^2). */
const char *text_suggest(const char *word, const char *const *candidates, size_t count);
/* True when all bytes are well-formed UTF-8; else *out_offset is that of the first bad byte. */
bool utf8_valid(const char *bytes, size_t length, size_t *out_offset);

#endif
