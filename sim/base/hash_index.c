/*
 * hash_index.c: linear probing as in map.c, removal shifts back what was displaced. A byte a slot, its mark,
 * is 0 when the slot is free, else 0x80, four bits of the hash, and how far the slot is from the one that the
 * hash chose. So a search looks at records of its own home alone, and a removal need not ask every record
 * behind it for its hash, which would be two or three cache misses each.
 */
#include "base/hash_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#define SLOTS_MIN UINT32_C(16)
/* From here on slots cost more than the moving of what is in them. */
#define SLOTS_MANY (UINT32_C(1) << 16)
#define SLOTS_MAX UINT32_C(0x80000000)
/* From one stage to the next, when the table grows. */
#define PREFETCH_SLOTS 12

static uint8_t *marks_of(const struct hash_index *index)
{
    return (uint8_t *)(index->numbers + index->slot_count);
}

/* Distances from here on look alike. */
#define FAR 7

/* The lower half of the hash chooses the slot, the mark takes its highest bits. */
static uint8_t mark_of(uint64_t hash, uint32_t distance)
{
    return (uint8_t)(0x80 | hash >> 60 << 3 | (distance < FAR ? distance : FAR));
}

/* The slot that the hash chooses. */
static uint32_t home_of(const struct hash_index *index, uint64_t hash)
{
    return (uint32_t)((hash & UINT32_MAX) * index->slot_count >> 32);
}

static uint32_t slot_after(const struct hash_index *index, uint32_t i)
{
    return i + 1 == index->slot_count ? 0 : i + 1;
}

/* How many slots `i` is behind `from`. */
static uint32_t slots_between(const struct hash_index *index, uint32_t from, uint32_t i)
{
    return i >= from ? i - from : i + index->slot_count - from;
}

static void place(struct hash_index *index, uint64_t hash, uint32_t number)
{
    uint8_t *marks = marks_of(index);
    uint32_t i = home_of(index, hash), distance = 0;
    for (; marks[i]; i = slot_after(index, i))
        distance++;
    marks[i] = mark_of(hash, distance);
    index->numbers[i] = number;
}

static void allocate(struct hash_index *index, uint32_t slot_count)
{
    index->numbers = mem_array(NULL, slot_count, sizeof *index->numbers + 1);
    mem_make_huge(index->numbers, slot_count * (sizeof *index->numbers + 1));
    index->slot_count = slot_count;
    memset(marks_of(index), 0, slot_count);
}

/* The records of a large table lie anywhere: what will be needed soon is asked for now, in both stages. */
static void look_ahead(const struct hash_index *old, const uint8_t *marks, uint32_t i)
{
    for (int stage = 0; old->prefetch && stage < 2; stage++) {
        uint64_t ahead = (uint64_t)i + (stage == 0 ? 2 * PREFETCH_SLOTS : PREFETCH_SLOTS);
        if (ahead < old->slot_count && marks[ahead])
            old->prefetch(old->context, old->numbers[ahead], stage);
    }
}

static void grow(struct hash_index *index)
{
    struct hash_index old = *index;
    if (old.slot_count >= SLOTS_MAX)
        mem_exhausted(SIZE_MAX);
    uint32_t more = old.slot_count < SLOTS_MANY ? old.slot_count : old.slot_count / 4;
    allocate(index, old.numbers ? old.slot_count + more : SLOTS_MIN);
    if (!old.numbers)
        return;
    const uint8_t *marks = marks_of(&old);
    for (uint32_t i = 0; i < old.slot_count; i++) {
        look_ahead(&old, marks, i);
        if (marks[i])
            place(index, index->hash(index->context, old.numbers[i]), old.numbers[i]);
    }
    free(old.numbers);
}

void hash_index_fini(struct hash_index *index)
{
    free(index->numbers);
    index->numbers = NULL;
    index->slot_count = index->count = 0;
}

void hash_index_add(struct hash_index *index, uint64_t hash, uint32_t number)
{
    /* In sixteenths: a fuller one has long runs, and each removal asks many records in them. */
    uint32_t full = index->slot_count < SLOTS_MANY ? 12 : 13;
    if (!index->numbers || ((uint64_t)index->count + 1) * 16 > (uint64_t)index->slot_count * full)
        grow(index);
    place(index, hash, number);
    index->count++;
}

uint32_t hash_index_find(
    const struct hash_index *index, uint64_t hash, hash_index_test *test, const void *wanted)
{
    if (!index->count)
        return 0;
    const uint8_t *marks = marks_of(index);
    uint32_t i = home_of(index, hash);
    mem_prefetch_line(&index->numbers[i]);
    for (uint32_t distance = 0; marks[i]; i = slot_after(index, i), distance++) {
        if (marks[i] == mark_of(hash, distance) && test(index->context, index->numbers[i], wanted))
            return index->numbers[i];
    }
    return 0;
}

void hash_index_prefetch_slot(const struct hash_index *index, uint64_t hash)
{
    if (!index->count)
        return;
    uint32_t i = home_of(index, hash);
    mem_prefetch_line(marks_of(index) + i);
    mem_prefetch_line(&index->numbers[i]);
}

uint32_t hash_index_guess(const struct hash_index *index, uint64_t hash)
{
    if (!index->count)
        return HASH_INDEX_NOWHERE;
    const uint8_t *marks = marks_of(index);
    uint32_t i = home_of(index, hash);
    for (uint32_t distance = 0; marks[i]; i = slot_after(index, i), distance++) {
        if (marks[i] == mark_of(hash, distance))
            return i;
    }
    return HASH_INDEX_NOWHERE;
}

uint32_t hash_index_at(const struct hash_index *index, uint32_t slot)
{
    return slot < index->slot_count && marks_of(index)[slot] ? index->numbers[slot] : 0;
}

/* How far the record of a slot is from its home. */
static uint32_t distance_of(const struct hash_index *index, uint32_t i)
{
    uint32_t distance = marks_of(index)[i] & FAR;
    if (distance < FAR)
        return distance;
    return slots_between(index, home_of(index, index->hash(index->context, index->numbers[i])), i);
}

/* Of the records from a slot on to the end of its run, those that only their hash can tell how far from home
 * they are. */
static void ask_for_far(const struct hash_index *index, uint32_t i, int stage)
{
    const uint8_t *marks = marks_of(index);
    for (; marks[i]; i = slot_after(index, i)) {
        if ((marks[i] & FAR) == FAR)
            index->prefetch(index->context, index->numbers[i], stage);
    }
}

void hash_index_prefetch_run(const struct hash_index *index, uint64_t hash, int stage)
{
    if (index->count && index->prefetch)
        ask_for_far(index, home_of(index, hash), stage);
}

/* Closes the gap at `i`: whatever follows in the run and may stand there moves up. */
static void remove_at(struct hash_index *index, uint32_t i)
{
    uint8_t *marks = marks_of(index);
    uint32_t gap = i;
    for (int stage = 0; stage < 2 && index->prefetch && index->slot_count >= SLOTS_MANY; stage++)
        ask_for_far(index, slot_after(index, i), stage);
    for (uint32_t next = slot_after(index, i); marks[next]; next = slot_after(index, next)) {
        uint32_t distance = distance_of(index, next), step = slots_between(index, gap, next);
        if (distance < step)
            continue;
        index->numbers[gap] = index->numbers[next];
        distance -= step;
        marks[gap] = (uint8_t)((marks[next] & ~FAR) | (distance < FAR ? distance : FAR));
        gap = next;
    }
    marks[gap] = 0;
    index->count--;
}

/* The slot of a number, or -1. */
static int64_t slot_of(const struct hash_index *index, uint64_t hash, uint32_t number)
{
    const uint8_t *marks = index->count ? marks_of(index) : NULL;
    if (!marks)
        return -1;
    for (uint32_t i = home_of(index, hash); marks[i]; i = slot_after(index, i)) {
        if (index->numbers[i] == number)
            return i;
    }
    return -1;
}

void hash_index_replace(struct hash_index *index, uint64_t hash, uint32_t number, uint32_t by)
{
    int64_t slot = slot_of(index, hash, number);
    EPSIM_ASSERT(slot >= 0);
    index->numbers[slot] = by;
}

uint32_t hash_index_next(const struct hash_index *index, uint64_t *cursor)
{
    const uint8_t *marks = index->count ? marks_of(index) : NULL;
    while (marks && *cursor < index->slot_count) {
        uint64_t i = (*cursor)++;
        if (marks[i])
            return index->numbers[i];
    }
    return 0;
}

bool hash_index_remove(struct hash_index *index, uint64_t hash, uint32_t number)
{
    int64_t slot = slot_of(index, hash, number);
    if (slot >= 0)
        remove_at(index, (uint32_t)slot);
    return slot >= 0;
}
