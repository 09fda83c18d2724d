/*
 * number_pool.c: see number_pool.h.
 */
#include "simulation/number_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#define NONE UINT32_MAX

void number_pool_init(struct number_pool *pool, uint32_t first, uint32_t end, bool lowest_first)
{
    EPSIM_ASSERT(first <= end && end <= NUMBER_POOL_END_MAX);
    *pool = (struct number_pool){.first = first, .end = end, .next = first, .lowest_first = lowest_first};
}

void number_pool_fini(struct number_pool *pool)
{
    free(pool->taken);
    free(pool->full);
    *pool = (struct number_pool){0};
}

/* Position of the lowest clear bit; the word is not all ones. */
static uint32_t lowest_clear(uint64_t word)
{
    uint32_t place = 0;
    uint64_t rest = ~word;
    for (uint32_t width = 32; width > 0; width /= 2) {
        uint64_t low = (UINT64_C(1) << width) - 1;
        if ((rest & low) == 0) {
            rest >>= width;
            place += width;
        }
    }
    return place;
}

/* The first bit that is clear at or after `from`, in `count` words; count * 64 when all are set. */
static uint32_t next_clear(const uint64_t *words, uint32_t count, uint32_t from)
{
    for (uint32_t i = from / 64; i < count; i++) {
        uint64_t word = words[i];
        if (i == from / 64)
            word |= (UINT64_C(1) << from % 64) - 1;
        if (word != UINT64_MAX)
            return i * 64 + lowest_clear(word);
    }
    return count * 64;
}

/* The first free number at or after `from`, or NONE. */
static uint32_t next_free(const struct number_pool *pool, uint32_t from)
{
    uint32_t number = from;
    if (from / 64 < pool->word_count) {
        uint64_t word = pool->taken[from / 64] | ((UINT64_C(1) << from % 64) - 1);
        if (word != UINT64_MAX) {
            number = from / 64 * 64 + lowest_clear(word);
        } else {
            uint32_t not_full = next_clear(pool->full, (pool->word_count + 63) / 64, from / 64 + 1);
            if (not_full >= pool->word_count)
                number = pool->word_count * 64;
            else
                number = not_full * 64 + lowest_clear(pool->taken[not_full]);
        }
    }
    return number < pool->end ? number : NONE;
}

static void grow(struct number_pool *pool, uint32_t word_count)
{
    uint32_t count = pool->word_count;
    count = count * 2 > word_count ? count * 2 : word_count;
    uint32_t before = (pool->word_count + 63) / 64, after = (count + 63) / 64;
    pool->taken = mem_array(pool->taken, count, sizeof *pool->taken);
    memset(pool->taken + pool->word_count, 0, (count - pool->word_count) * sizeof *pool->taken);
    pool->full = mem_array(pool->full, after, sizeof *pool->full);
    memset(pool->full + before, 0, (after - before) * sizeof *pool->full);
    pool->word_count = count;
}

static void mark(struct number_pool *pool, uint32_t number)
{
    uint32_t word = number / 64;
    if (word >= pool->word_count)
        grow(pool, word + 1);
    pool->taken[word] |= UINT64_C(1) << number % 64;
    if (pool->taken[word] == UINT64_MAX)
        pool->full[word / 64] |= UINT64_C(1) << word % 64;
}

bool number_pool_is_taken(const struct number_pool *pool, uint32_t number)
{
    return number / 64 < pool->word_count && (pool->taken[number / 64] >> number % 64 & 1) != 0;
}

bool number_pool_take(struct number_pool *pool, uint32_t *out)
{
    uint32_t number = next_free(pool, pool->next);
    if (number == NONE && pool->next > pool->first)
        number = next_free(pool, pool->first);
    if (number == NONE)
        return false;
    mark(pool, number);
    if (!pool->lowest_first)
        pool->next = number + 1;
    *out = number;
    return true;
}

bool number_pool_reserve(struct number_pool *pool, uint32_t number)
{
    if (number < pool->first || number >= pool->end || number_pool_is_taken(pool, number))
        return false;
    mark(pool, number);
    return true;
}

void number_pool_go_on_after(struct number_pool *pool, uint32_t number)
{
    if (number >= pool->next && number < pool->end)
        pool->next = number + 1;
}

void number_pool_give(struct number_pool *pool, uint32_t number)
{
    EPSIM_ASSERT(number_pool_is_taken(pool, number));
    uint32_t word = number / 64;
    pool->taken[word] &= ~(UINT64_C(1) << number % 64);
    pool->full[word / 64] &= ~(UINT64_C(1) << word % 64);
}
