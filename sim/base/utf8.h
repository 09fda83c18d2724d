/*
 * utf8.h: reading UTF-8 strictly (RFC 3629), and how wide it shows.
 */
#ifndef EPSIM_BASE_UTF8_H
#define EPSIM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that starts at `bytes` (1 to 4), its number in *out_code; 0 when there is no
 * well-formed one: an overlong form, a surrogate, something cut off or above U+10FFFF. O(1). */
uint32_t utf8_decode(const char *bytes, size_t length, uint32_t *out_code);
/* True when all bytes are well-formed UTF-8; else *out_offset is that of the first bad byte (it may
 * be NULL). O(length). */
bool utf8_valid(const char *bytes, size_t length, size_t *out_offset);
/* Columns that the character takes in a terminal: 0 (combining), 1, or 2 (East Asian, emoji). An
 * approximation by the large blocks. O(1). */
uint32_t utf8_width(uint32_t code);
/* True for what must not reach a terminal raw: C0 and C1 controls, line and paragraph separators, and
 * the invisible characters that reorder text. */
bool utf8_is_control(uint32_t code);
/* Makes a text fit for a terminal, in place: '?' for each byte of what must not reach it raw or is not
 * well-formed. Line feeds and tabs stay. O(length). */
void utf8_make_safe(char *text);

#endif
