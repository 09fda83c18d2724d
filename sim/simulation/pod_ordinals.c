/*
 * pod_ordinals.c: see pod_ordinals.h.
 *
 * A search by halves that meets a gap goes on to the next pod that is there. At the beginning, where the
 * oldest went, and at the end are no gaps to meet, and in between they are spread as chance has it.
 */
#include "simulation/pod_ordinals.h"

#include "base/check.h"

/* A few gaps are not worth closing. */
#define GONE_MIN 16

void pod_ordinals_fini(struct pod_ordinals *ordinals)
{
    vec_fini(&ordinals->lives);
}

uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life)
{
    if (ordinals->next == ORDINAL_NONE)
        return ORDINAL_NONE;
    vec_push(&ordinals->lives, life);
    return ordinals->next++;
}

/* Where the ordinal stands; `count` when it is not there. */
static uint32_t place_of(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    const uint32_t *lives = ordinals->lives.items;
    uint32_t low = ordinals->head, high = ordinals->lives.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, there = middle;
        while (there < high && !lives[there])
            there++;
        uint64_t found = there < high ? ordinals->of(ordinals->context, lives[there]) : UINT64_MAX;
        if (found == ordinal)
            return there;
        if (found < ordinal)
            low = there + 1;
        else
            high = middle;
    }
    return ordinals->lives.count;
}

uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    return place < ordinals->lives.count ? ordinals->lives.items[place] : 0;
}

static void close_up(struct pod_ordinals *ordinals)
{
    uint32_t kept = 0;
    for (uint32_t i = ordinals->head; i < ordinals->lives.count; i++) {
        if (ordinals->lives.items[i])
            ordinals->lives.items[kept++] = ordinals->lives.items[i];
    }
    ordinals->lives.count = kept;
    ordinals->gone_count = 0;
    ordinals->head = 0;
}

void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    EPSIM_ASSERT(place < ordinals->lives.count);
    ordinals->lives.items[place] = 0;
    ordinals->gone_count++;
    while (ordinals->lives.count > ordinals->head && !vec_last(&ordinals->lives)) {
        ordinals->lives.count--;
        ordinals->gone_count--;
    }
    while (ordinals->head < ordinals->lives.count && !ordinals->lives.items[ordinals->head])
        ordinals->head++;
    if (ordinals->gone_count > GONE_MIN && ordinals->gone_count > ordinals->lives.count / 2)
        close_up(ordinals);
    if (ordinals->lives.count == ordinals->head && ordinals->gone_count == ordinals->lives.count)
        ordinals->lives.count = ordinals->head = ordinals->gone_count = 0;
}
