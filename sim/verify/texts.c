/*
 * texts.c: see texts.h.
 */
#include "verify/texts.h"

#include <stdlib.h>
#include <string.h>

/* Takes the text's bytes over. */
void texts_add(struct texts *texts, struct text *text)
{
    text_add(text, ""); /* never NULL */
    vec_push(&texts->items, text->data);
}

void texts_fini(struct texts *texts)
{
    for (uint32_t i = 0; i < texts->items.count; i++)
        free(texts->items.items[i]);
    vec_fini(&texts->items);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void texts_sort(struct texts *texts)
{
    if (texts->items.count > 1)
        qsort(texts->items.items, texts->items.count, sizeof *texts->items.items, compare_texts);
}

/* Of each side so many are told. */
#define TEXTS_TOLD_MAX 5

/* What only one side has goes to `missing` and `unexpected`; frees the rest. */
void texts_split(struct texts *want, struct texts *got, struct texts *missing, struct texts *unexpected)
{
    texts_sort(want);
    texts_sort(got);
    uint32_t i = 0, j = 0;
    while (i < want->items.count || j < got->items.count) {
        int order = i == want->items.count  ? 1
                    : j == got->items.count ? -1
                                            : strcmp(want->items.items[i], got->items.items[j]);
        if (order == 0) {
            free(want->items.items[i++]);
            free(got->items.items[j++]);
        } else if (order < 0) {
            vec_push(&missing->items, want->items.items[i++]);
        } else {
            vec_push(&unexpected->items, got->items.items[j++]);
        }
    }
    vec_fini(&want->items);
    vec_fini(&got->items);
}

/* Those that are left (not NULL), up to a number. */
void texts_tell(const struct texts *texts, const char *what, struct text *why)
{
    uint32_t told = 0;
    for (uint32_t i = 0; i < texts->items.count; i++) {
        if (texts->items.items[i] && told++ < TEXTS_TOLD_MAX)
            text_printf(why, "%s %s\n", what, texts->items.items[i]);
    }
    if (told > TEXTS_TOLD_MAX)
        text_printf(why, "%s %u more\n", what, told - TEXTS_TOLD_MAX);
}

/* Sorts both, compares them and frees them. */
bool texts_same(struct texts *want, struct texts *got, const char *what, struct text *why)
{
    struct texts missing = {0}, unexpected = {0};
    struct text phrase = {0};
    texts_split(want, got, &missing, &unexpected);
    bool same = missing.items.count + unexpected.items.count == 0;
    text_printf(&phrase, "%s: missing", what);
    texts_tell(&missing, phrase.data, why);
    text_clear(&phrase);
    text_printf(&phrase, "%s: unexpected", what);
    texts_tell(&unexpected, phrase.data, why);
    text_fini(&phrase);
    texts_fini(&missing);
    texts_fini(&unexpected);
    return same;
}
