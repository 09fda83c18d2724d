/*
 * suggest.h: "did you mean ...?"
 */
#ifndef EPSIM_BASE_SUGGEST_H
#define EPSIM_BASE_SUGGEST_H

#include <stddef.h>

/* The candidate nearest to `word` (Damerau-Levenshtein, upper and lower case alike), the first of
 * equals, or NULL when none is near enough to be meant: at most a third of the word's letters wrong,
 * and one in short words. O(candidates x length^2); words of more than 64 bytes get no suggestion. */
const char *text_suggest(const char *word, const char *const *candidates, size_t count);

#endif
