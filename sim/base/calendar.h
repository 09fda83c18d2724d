/*
 * calendar.h: durations and dates as texts. Both are int64 nanoseconds.
 */
#ifndef EPSIM_BASE_CALENDAR_H
#define EPSIM_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Parses all of `string`: numbers with units ns, us, ms, s, m, h, d, one after another as in "1h30m";
 * a number may have a fraction ("2.5s"); "0" needs no unit. False when it is no duration, has a sign,
 * has a part finer than a nanosecond, or does not fit. */
bool duration_parse(const char *string, size_t length, int64_t *out_ns);
/* True when it is a duration in form, but beyond the longest that fits. */
#define DURATION_DAYS_MAX 106751 /* 292 years */
bool duration_is_too_long(const char *string, size_t length);
/* The exact form with the largest units: "1d2h", "1h30m", "2.5s", "250ms", "0s". A negative one, which
 * cannot be parsed again, has a '-' in front. */
void text_add_duration(struct text *text, int64_t ns);

/* RFC 3339: "2026-01-02T03:04:05Z", with optional fraction and offset, 'T' and 'Z' in either case. Of
 * the fraction nine digits count, as in Go. False for anything else, leap seconds (as in Go), and
 * what int64 nanoseconds since 1970 cannot hold (before 1677-09-21 and after 2262-04-11). */
bool rfc3339_parse(const char *string, size_t length, int64_t *out_ns);
/* Go's time.RFC3339Nano in UTC: the fraction has no trailing zeros and is absent when zero. */
void text_add_rfc3339(struct text *text, int64_t unix_ns);

#endif
