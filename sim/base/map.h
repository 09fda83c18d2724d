/*
 * map.h: hash map from a 64-bit key to a 64-bit value (a number or a pointer), open addressing.
 *
 * It has no walk: whatever must be walked is kept in an array or list beside it, so that no
 * result depends on hash order. Keys that are not unique numbers use `map_find_where`, which
 * walks the values of equal keys until a test accepts one. All operations O(1) expected.
 */
#ifndef EPSIM_BASE_MAP_H
#define EPSIM_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from {0}. */
struct map {
    struct map_slot *slots;
    uint32_t mask;
    uint32_t count;
};

void map_fini(struct map *map);
void map_clear(struct map *map);
/* False when absent; `out` may be NULL. */
bool map_get(const struct map *map, uint64_t key, uint64_t *out);
void *map_get_ptr(const struct map *map, uint64_t key);
/* Asks for the memory in which `key` is looked for. */
void map_prefetch(const struct map *map, uint64_t key);
/* Sets or replaces the one value of `key`. */
void map_put(struct map *map, uint64_t key, uint64_t value);
void map_put_ptr(struct map *map, uint64_t key, void *value);
bool map_remove(struct map *map, uint64_t key);

/* Several values under one key (a hash of a longer key): add, find by test, remove by value. */
typedef bool map_test(const void *value, const void *context);
void map_add_ptr(struct map *map, uint64_t key, void *value);
void *map_find_where(const struct map *map, uint64_t key, map_test *test, const void *context);
bool map_remove_ptr(struct map *map, uint64_t key, const void *value);

#endif
