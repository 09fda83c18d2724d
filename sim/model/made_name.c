/*
 * made_name.c: see made_name.h. The suffix is a number in base 27, first character first.
 */
#include "model/made_name.h"

#include <string.h>

static const char alphabet[] = MADE_NAME_ALPHABET;
#define ALPHABET_SIZE ((uint32_t)(sizeof alphabet - 1))

/* From 1; 0: not in the alphabet. */
static const uint8_t places[256] = {['b'] = 1,
    ['c'] = 2,
    ['d'] = 3,
    ['f'] = 4,
    ['g'] = 5,
    ['h'] = 6,
    ['j'] = 7,
    ['k'] = 8,
    ['l'] = 9,
    ['m'] = 10,
    ['n'] = 11,
    ['p'] = 12,
    ['q'] = 13,
    ['r'] = 14,
    ['s'] = 15,
    ['t'] = 16,
    ['v'] = 17,
    ['w'] = 18,
    ['x'] = 19,
    ['z'] = 20,
    ['2'] = 21,
    ['4'] = 22,
    ['5'] = 23,
    ['6'] = 24,
    ['7'] = 25,
    ['8'] = 26,
    ['9'] = 27};

uint32_t made_name_draw_suffix(struct random_stream *stream)
{
    uint32_t suffix = 0;
    for (uint32_t i = 0; i < MADE_SUFFIX_LENGTH; i++)
        suffix = suffix * ALPHABET_SIZE + random_below(stream, ALPHABET_SIZE);
    return suffix;
}

uint32_t made_name_draw(struct random_stream *stream, const char *prefix, char out[MADE_NAME_MAX + 1])
{
    size_t length = strlen(prefix);
    if (length > MADE_PREFIX_MAX)
        length = MADE_PREFIX_MAX;
    memcpy(out, prefix, length);
    made_name_suffix(made_name_draw_suffix(stream), out + length);
    length += MADE_SUFFIX_LENGTH;
    out[length] = '\0';
    return (uint32_t)length;
}

bool made_name_split(const char *text, size_t length, uint32_t *out_suffix)
{
    if (length <= MADE_SUFFIX_LENGTH || length > MADE_NAME_MAX ||
        text[length - MADE_SUFFIX_LENGTH - 1] != '-')
        return false;
    uint32_t suffix = 0;
    for (const char *c = text + length - MADE_SUFFIX_LENGTH; c < text + length; c++) {
        uint32_t place = places[(unsigned char)*c];
        if (place == 0)
            return false;
        suffix = suffix * ALPHABET_SIZE + place - 1;
    }
    *out_suffix = suffix;
    return true;
}

void made_name_suffix(uint32_t suffix, char out[MADE_SUFFIX_LENGTH])
{
    for (int i = MADE_SUFFIX_LENGTH - 1; i >= 0; i--) {
        out[i] = alphabet[suffix % ALPHABET_SIZE];
        suffix /= ALPHABET_SIZE;
    }
}

uint64_t pod_name_hash(const char *text, size_t length)
{
    uint32_t suffix;
    if (!made_name_split(text, length, &suffix))
        return hash64(text, length);
    return made_name_hash(hash64(text, length - MADE_SUFFIX_LENGTH), suffix);
}
