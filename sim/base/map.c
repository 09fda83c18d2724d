/*
 * map.c: linear probing in a table of a power of two, at most three quarters full.
 *
 * Beside the slots lies one byte a slot: 0 when it is free, else 0x80 and seven bits of the hash. A
 * probe walks these bytes, so looking for what is not there touches one cache line of a small
 * array, and what is there costs one line more. Removal shifts back what was displaced, so there
 * are no tombstones, and a table that lives through much churn stays as good as a fresh one.
 *
 * Values of one key lie in one run of slots, in no order that a caller could rely on.
 */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define SLOTS_MIN UINT32_C(16)

struct map_slot {
    uint64_t key;
    uint64_t value;
};

static uint8_t *map_marks(const struct map *map)
{
    return (uint8_t *)(map->slots + map->mask + 1);
}

/* The low bits of the hash choose the slot, so the mark takes the high ones. */
static uint8_t mark_of(uint64_t hash)
{
    return (uint8_t)(0x80 | hash >> 57);
}

static void map_allocate(struct map *map, uint32_t slot_count)
{
    map->slots = mem_array(NULL, slot_count, sizeof(struct map_slot) + 1);
    map->mask = slot_count - 1;
    memset(map_marks(map), 0, slot_count);
}

static void map_place(struct map *map, uint64_t key, uint64_t value)
{
    uint64_t hash = hash_u64(key);
    uint8_t *marks = map_marks(map);
    uint32_t i = (uint32_t)hash & map->mask;
    while (marks[i])
        i = (i + 1) & map->mask;
    marks[i] = mark_of(hash);
    map->slots[i] = (struct map_slot){key, value};
}

static void map_grow(struct map *map)
{
    struct map old = *map;
    if (old.slots && old.mask >= UINT32_C(0x7fffffff))
        mem_exhausted(SIZE_MAX);
    map_allocate(map, old.slots ? (old.mask + 1) * 2 : SLOTS_MIN);
    if (!old.slots)
        return;
    const uint8_t *marks = map_marks(&old);
    for (uint32_t i = 0; i <= old.mask; i++) {
        if (marks[i])
            map_place(map, old.slots[i].key, old.slots[i].value);
    }
    free(old.slots);
}

static void map_add(struct map *map, uint64_t key, uint64_t value)
{
    /* Not full even at 2^32 slots: the sum is made in 64 bits. */
    if (!map->slots || ((uint64_t)map->count + 1) * 4 > ((uint64_t)map->mask + 1) * 3)
        map_grow(map);
    map_place(map, key, value);
    map->count++;
}

/* The slot of the first value of `key`, or NULL. */
static struct map_slot *map_find(const struct map *map, uint64_t key)
{
    if (!map->count)
        return NULL;
    uint64_t hash = hash_u64(key);
    const uint8_t *marks = map_marks(map);
    const uint8_t mark = mark_of(hash);
    for (uint32_t i = (uint32_t)hash & map->mask; marks[i]; i = (i + 1) & map->mask) {
        if (marks[i] == mark && map->slots[i].key == key)
            return &map->slots[i];
    }
    return NULL;
}

/* Closes the gap at `i`: whatever follows in the run and may stand there moves up. */
static void map_remove_at(struct map *map, uint32_t i)
{
    uint8_t *marks = map_marks(map);
    uint32_t gap = i;
    for (uint32_t next = (i + 1) & map->mask; marks[next]; next = (next + 1) & map->mask) {
        uint32_t home = (uint32_t)hash_u64(map->slots[next].key) & map->mask;
        /* It may move when its home does not lie behind the gap, cyclically. */
        if (((next - home) & map->mask) >= ((next - gap) & map->mask)) {
            map->slots[gap] = map->slots[next];
            marks[gap] = marks[next];
            gap = next;
        }
    }
    marks[gap] = 0;
    map->count--;
}

void map_fini(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}

void map_clear(struct map *map)
{
    if (map->slots)
        memset(map_marks(map), 0, (size_t)map->mask + 1);
    map->count = 0;
}

void map_prefetch(const struct map *map, uint64_t key)
{
    if (!map->slots)
        return;
    uint32_t i = (uint32_t)hash_u64(key) & map->mask;
    mem_prefetch_line(&map_marks(map)[i]);
    mem_prefetch_line(&map->slots[i]);
}

bool map_get(const struct map *map, uint64_t key, uint64_t *out)
{
    const struct map_slot *slot = map_find(map, key);
    if (slot && out)
        *out = slot->value;
    return slot != NULL;
}

void *map_get_ptr(const struct map *map, uint64_t key)
{
    const struct map_slot *slot = map_find(map, key);
    return slot ? (void *)(uintptr_t)slot->value : NULL;
}

void map_put(struct map *map, uint64_t key, uint64_t value)
{
    struct map_slot *slot = map_find(map, key);
    if (slot)
        slot->value = value;
    else
        map_add(map, key, value);
}

void map_put_ptr(struct map *map, uint64_t key, void *value)
{
    map_put(map, key, (uintptr_t)value);
}

bool map_remove(struct map *map, uint64_t key)
{
    const struct map_slot *slot = map_find(map, key);
    if (slot)
        map_remove_at(map, (uint32_t)(slot - map->slots));
    return slot != NULL;
}

void map_add_ptr(struct map *map, uint64_t key, void *value)
{
    map_add(map, key, (uintptr_t)value);
}

void *map_find_where(const struct map *map, uint64_t key, map_test *test, const void *context)
{
    if (!map->count)
        return NULL;
    uint64_t hash = hash_u64(key);
    const uint8_t *marks = map_marks(map);
    const uint8_t mark = mark_of(hash);
    for (uint32_t i = (uint32_t)hash & map->mask; marks[i]; i = (i + 1) & map->mask) {
        if (marks[i] != mark || map->slots[i].key != key)
            continue;
        void *value = (void *)(uintptr_t)map->slots[i].value;
        if (test(value, context))
            return value;
    }
    return NULL;
}

bool map_remove_ptr(struct map *map, uint64_t key, const void *value)
{
    if (!map->count)
        return false;
    uint64_t hash = hash_u64(key);
    const uint8_t *marks = map_marks(map);
    for (uint32_t i = (uint32_t)hash & map->mask; marks[i]; i = (i + 1) & map->mask) {
        if (map->slots[i].key == key && map->slots[i].value == (uintptr_t)value) {
            map_remove_at(map, i);
            return true;
        }
    }
    return false;
}
