/*
 * ordinal_set.c: see ordinal_set.h. The tree keeps pointers: the number itself, moved by one so that it
 * is not NULL.
 */
#include "simulation/ordinal_set.h"

static void *as_item(uint32_t ordinal)
{
    return (void *)((uintptr_t)ordinal + 1);
}

void ordinal_set_put(struct ordinal_set *set, uint32_t ordinal, bool in)
{
    bool is_in = set->tree.count > 0 && ostree_find(&set->tree, ordinal, as_item(ordinal), NULL);
    if (in && !is_in)
        ostree_insert(&set->tree, ordinal, as_item(ordinal), 0);
    else if (!in && is_in)
        ostree_remove(&set->tree, ordinal, as_item(ordinal), NULL);
}

uint32_t ordinal_set_first(const struct ordinal_set *set)
{
    return (uint32_t)((uintptr_t)ostree_select(&set->tree, 0) - 1);
}

uint32_t ordinal_set_last(const struct ordinal_set *set)
{
    return (uint32_t)((uintptr_t)ostree_select(&set->tree, set->tree.count - 1) - 1);
}
