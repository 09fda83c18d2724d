/*
 * source_text.c: see source_text.h.
 */
#include "record/source_text.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/sha256.h"

/* A text deflates to 1/1032 of its length at best, so a packed text that claims more is damaged; nobody
 * can make us allocate gigabytes for a few bytes. */
#define DEFLATE_RATIO_MAX 1032

enum status source_text_pack(const char *text, size_t length, unsigned char **out, size_t *out_length)
{
    if (length > SOURCE_TEXT_BYTES_MAX)
        return STATUS_LIMIT;
    uLongf packed_length = compressBound((uLong)length);
    *out = mem_alloc(packed_length);
    if (compress2(*out, &packed_length, (const Bytef *)text, (uLong)length, 6) != Z_OK)
        mem_exhausted(packed_length); /* the buffer is large enough, so this is all that can be */
    *out_length = packed_length;
    return STATUS_OK;
}

enum status source_text_unpack(const void *packed, size_t packed_length, uint64_t length, char **out)
{
    if (length > SOURCE_TEXT_BYTES_MAX || length / DEFLATE_RATIO_MAX > packed_length)
        return STATUS_BAD_INPUT;
    char *text = mem_alloc((size_t)length + 1);
    /* One byte more than is expected, so that a longer text is noticed. */
    uLongf got = (uLongf)length + 1;
    if (uncompress((Bytef *)text, &got, packed, (uLong)packed_length) != Z_OK || got != length) {
        free(text);
        return STATUS_BAD_INPUT;
    }
    text[length] = '\0';
    *out = text;
    return STATUS_OK;
}

void source_text_hash(const char *text, size_t length, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    struct sha256 sha;
    uint8_t bytes[32];
    sha256_init(&sha);
    sha256_add(&sha, text, length);
    sha256_end(&sha, bytes);
    for (int i = 0; i < 32; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[64] = '\0';
}
