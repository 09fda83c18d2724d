/*
 * suggest.c: the number of single edits (insert, delete, change, swap of neighbours) between words.
 */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

#define WORD_LENGTH_MAX 64

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The restricted distance (no edits inside a swapped pair). A swap looks back two rows, hence three. */
static uint32_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    uint32_t rows[3][WORD_LENGTH_MAX + 1];
    uint32_t *before = rows[0], *previous = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        previous[j] = (uint32_t)j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= b_length; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);
            uint32_t best = smaller(previous[j], row[j - 1]) + 1;
            best = smaller(best, previous[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
                best = smaller(best, before[j - 2] + 1);
            row[j] = best;
        }
        uint32_t *oldest = before;
        before = previous;
        previous = row;
        row = oldest;
    }
    return previous[b_length];
}

const char *text_suggest(const char *word, const char *const *candidates, size_t count)
{
    size_t length = strlen(word);
    if (length == 0 || length > WORD_LENGTH_MAX)
        return NULL;
    /* Below `nearest` only: so the first of equals wins, and in a word of one letter no change counts. */
    uint32_t nearest = (uint32_t)(length < 2 ? 1 : length < 6 ? 2 : length / 3 + 1);
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_length = strlen(candidates[i]);
        if (candidate_length > WORD_LENGTH_MAX)
            continue;
        uint32_t distance = edit_distance(word, length, candidates[i], candidate_length);
        if (distance < nearest) {
            nearest = distance;
            found = candidates[i];
        }
    }
    return found;
}
