/*
 * annotations.c: see annotations.h.
 */
#include "model/annotations.h"

#include <string.h>

#include "base/text.h"

static void add(struct annotation_list *list, const char *key, const char *value)
{
    uint32_t at = list->count++;
    for (; at > 0 && strcmp(list->items[at - 1].key, key) > 0; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = (struct annotation){key, value};
}

struct annotation_list annotations_of(
    struct arena *arena, const struct catalog *catalog, const struct meta *meta, bool over_capacity)
{
    const struct labels *stored = meta->annotations;
    struct annotation_list list = {0, arena_alloc(arena, (stored->count + 2) * sizeof *list.items)};
    for (uint32_t i = 0; i < stored->count; i++)
        add(&list, catalog_text(catalog, stored->items[i].key),
            catalog_text(catalog, stored->items[i].value));
    if (over_capacity)
        add(&list, catalog_text(catalog, word_sym(WORD_OVER_CAPACITY)),
            catalog_text(catalog, word_sym(WORD_TRUNCATED)));
    if (meta->trigger_s != TIME_NONE) {
        struct text time = {0};
        text_add_rfc3339(&time, meta->trigger_s * NS_PER_S);
        add(&list, catalog_text(catalog, word_sym(WORD_TRIGGER_TIME)),
            arena_strndup(arena, time.data, time.length));
        text_fini(&time);
    }
    return list;
}
