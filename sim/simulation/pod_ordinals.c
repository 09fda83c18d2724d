/*
 * pod_ordinals.c: see pod_ordinals.h.
 */
#include "simulation/pod_ordinals.h"

#include "base/check.h"

/* A few gaps are not worth closing. */
#define GONE_MIN 16

void pod_ordinals_fini(struct pod_ordinals *ordinals)
{
    vec_fini(&ordinals->items);
}

uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life)
{
    if (ordinals->next == ORDINAL_NONE)
        return ORDINAL_NONE;
    struct pod_ordinal added = {ordinals->next++, life};
    vec_push(&ordinals->items, added);
    return added.ordinal;
}

/* Where the ordinal stands; `count` when it is not there. */
static uint32_t place_of(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    uint32_t low = 0, high = ordinals->items.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ordinals->items.items[middle].ordinal < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < ordinals->items.count && ordinals->items.items[low].ordinal == ordinal)
        return low;
    return ordinals->items.count;
}

uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    return place < ordinals->items.count ? ordinals->items.items[place].life : 0;
}

static void close_up(struct pod_ordinals *ordinals)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ordinals->items.count; i++) {
        if (ordinals->items.items[i].life)
            ordinals->items.items[kept++] = ordinals->items.items[i];
    }
    ordinals->items.count = kept;
    ordinals->gone_count = 0;
}

void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    EPSIM_ASSERT(place < ordinals->items.count && ordinals->items.items[place].life);
    ordinals->items.items[place].life = 0;
    ordinals->gone_count++;
    if (ordinals->gone_count > GONE_MIN && ordinals->gone_count > ordinals->items.count / 2)
        close_up(ordinals);
}
