/*
 * pod_ordinals.c: see pod_ordinals.h.
 */
#include "simulation/pod_ordinals.h"

#include "base/check.h"

#define BLOCK_BITS 6
/* A few gaps are not worth closing. */
#define GONE_MIN 16

void pod_ordinals_fini(struct pod_ordinals *ordinals)
{
    vec_fini(&ordinals->lives);
    vec_fini(&ordinals->blocks);
}

/* Room for an ordinal that is higher than all others. */
static void append(struct pod_ordinals *ordinals, uint32_t ordinal, uint32_t life)
{
    uint32_t number = ordinal >> BLOCK_BITS;
    if (ordinals->blocks.count == 0 || vec_last(&ordinals->blocks).number != number)
        vec_push(
            &ordinals->blocks, ((struct ordinal_block){.number = number, .first = ordinals->lives.count}));
    vec_last(&ordinals->blocks).placed |= UINT64_C(1) << (ordinal & ((1u << BLOCK_BITS) - 1));
    vec_push(&ordinals->lives, life);
}

uint32_t pod_ordinals_add(struct pod_ordinals *ordinals, uint32_t life)
{
    if (ordinals->next == ORDINAL_NONE)
        return ORDINAL_NONE;
    append(ordinals, ordinals->next, life);
    return ordinals->next++;
}

/* The block of a number, or NULL. Where no block is missing, both bounds are its place. */
static const struct ordinal_block *block_of(const struct pod_ordinals *ordinals, uint32_t number)
{
    const struct ordinal_block *blocks = ordinals->blocks.items;
    uint32_t count = ordinals->blocks.count;
    if (count == 0 || number < blocks[0].number || number > blocks[count - 1].number)
        return NULL;
    uint32_t from_end = blocks[count - 1].number - number, high = number - blocks[0].number;
    uint32_t low = from_end < count ? count - 1 - from_end : 0;
    high = high < count ? high : count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (blocks[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return blocks[low].number == number ? &blocks[low] : NULL;
}

/* Where the ordinal stands; `count` when it has no place. */
static uint32_t place_of(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    const struct ordinal_block *block =
        ordinal < ordinals->next ? block_of(ordinals, (uint32_t)(ordinal >> BLOCK_BITS)) : NULL;
    uint64_t bit = UINT64_C(1) << (ordinal & ((1u << BLOCK_BITS) - 1));
    if (!block || !(block->placed & bit))
        return ordinals->lives.count;
    return block->first + (uint32_t)__builtin_popcountll(block->placed & (bit - 1));
}

uint32_t pod_ordinals_find(const struct pod_ordinals *ordinals, uint64_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    return place < ordinals->lives.count ? ordinals->lives.items[place] : 0;
}

/* Gaps go, and so do blocks that had nothing else. */
static void close_up(struct pod_ordinals *ordinals)
{
    uint32_t kept_lives = 0, kept_blocks = 0;
    for (uint32_t i = 0; i < ordinals->blocks.count; i++) {
        struct ordinal_block block = ordinals->blocks.items[i];
        uint64_t placed = block.placed;
        uint32_t place = block.first;
        block.first = kept_lives;
        for (; placed; placed &= placed - 1, place++) {
            if (ordinals->lives.items[place])
                ordinals->lives.items[kept_lives++] = ordinals->lives.items[place];
            else
                block.placed ^= placed & -placed;
        }
        if (block.placed)
            ordinals->blocks.items[kept_blocks++] = block;
    }
    ordinals->lives.count = kept_lives;
    ordinals->blocks.count = kept_blocks;
    ordinals->gone_count = 0;
}

void pod_ordinals_remove(struct pod_ordinals *ordinals, uint32_t ordinal)
{
    uint32_t place = place_of(ordinals, ordinal);
    EPSIM_ASSERT(place < ordinals->lives.count && ordinals->lives.items[place]);
    ordinals->lives.items[place] = 0;
    ordinals->gone_count++;
    if (pod_ordinals_are_gone(ordinals) ||
        (ordinals->gone_count > GONE_MIN && ordinals->gone_count > ordinals->lives.count / 2))
        close_up(ordinals);
}
