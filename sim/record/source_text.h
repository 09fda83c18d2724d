/*
 * source_text.h: the text of a scenario inside a database, compressed (zlib's format, level 6).
 * YAML of manifests shrinks to about a tenth; a replay of 39,000 rows to about a quarter.
 */
#ifndef EPSIM_RECORD_SOURCE_TEXT_H
#define EPSIM_RECORD_SOURCE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Longest text that is unpacked: what a damaged length cannot exceed. */
#define SOURCE_TEXT_BYTES_MAX (UINT64_C(4) << 30)

/* *out is for the caller to free. STATUS_LIMIT: longer than SOURCE_TEXT_BYTES_MAX. O(length). */
enum status source_text_pack(const char *text, size_t length, unsigned char **out, size_t *out_length);
/* The text of exactly `length` bytes, and a NUL after it; the caller frees it. STATUS_BAD_INPUT when the
 * bytes are damaged, or are not `length` long. */
enum status source_text_unpack(const void *packed, size_t packed_length, uint64_t length, char **out);
/* SHA-256 as 64 lower-case hexadecimal digits and a NUL. */
void source_text_hash(const char *text, size_t length, char out[65]);

#endif
