/*
 * texts.h: collections of texts, compared without regard to their order.
 */
#ifndef EPSIM_VERIFY_TEXTS_H
#define EPSIM_VERIFY_TEXTS_H

#include <stdbool.h>

#include "base/text.h"
#include "base/vec.h"

/* Owned texts; NULL where one was taken away. Start from {0}. */
struct texts {
    VEC(char *) items;
};

/* Takes the text's bytes over. */
void texts_add(struct texts *texts, struct text *text);
void texts_fini(struct texts *texts);
/* By their bytes; none may be NULL. O(n log n). */
void texts_sort(struct texts *texts);
/* What only one side has goes to `missing` and `unexpected`; the rest is freed. O(n log n). */
void texts_split(struct texts *want, struct texts *got, struct texts *missing, struct texts *unexpected);
/* A line "WHAT TEXT" for the first few. */
void texts_tell(const struct texts *texts, const char *what, struct text *why);
/* The same ones as often. Differences become lines "WHAT: missing TEXT", "WHAT: unexpected TEXT". Frees both.
 */
bool texts_same(struct texts *want, struct texts *got, const char *what, struct text *why);

#endif
