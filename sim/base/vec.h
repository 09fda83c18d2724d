/*
 * vec.h: growable arrays of any type.
 *
 *     VEC(int) numbers = {0};
 *     vec_push(&numbers, 7);
 *     for (uint32_t i = 0; i < numbers.count; i++) use(numbers.items[i]);
 *     vec_fini(&numbers);
 *
 * Push is amortised O(1). Pointers into `items` are valid until the next push.
 */
#ifndef EPSIM_BASE_VEC_H
#define EPSIM_BASE_VEC_H

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

#define VEC(type) \
    struct { \
        type *items; \
        uint32_t count; \
        uint32_t capacity; \
    }

#define vec_reserve(vec, n) \
    do { \
        if ((vec)->capacity < (n)) \
            (vec)->items = mem_grow((vec)->items, &(vec)->capacity, (n), sizeof *(vec)->items); \
    } while (0)

/* The same for a list that will hardly hold more than `usual`: it grows to that and not beyond. */
#define vec_reserve_usual(vec, n, usual) \
    do { \
        uint32_t vec_most_ = (usual); \
        if ((vec)->capacity < vec_most_ && (n) <= vec_most_ && \
            mem_grown_capacity((vec)->capacity, (n)) > vec_most_) { \
            (vec)->items = mem_array((vec)->items, vec_most_, sizeof *(vec)->items); \
            (vec)->capacity = vec_most_; \
        } else { \
            vec_reserve((vec), (n)); \
        } \
    } while (0)

#define vec_push(vec, value) \
    do { \
        if ((vec)->count == (vec)->capacity) \
            vec_reserve((vec), (uint64_t)(vec)->count + 1); \
        (vec)->items[(vec)->count++] = (value); \
    } while (0)

#define vec_pop(vec) ((vec)->items[--(vec)->count])
#define vec_clear(vec) ((void)((vec)->count = 0))
#define vec_last(vec) ((vec)->items[(vec)->count - 1])
/* O(1), does not keep the order. */
#define vec_swap_remove(vec, i) ((void)((vec)->items[(i)] = (vec)->items[--(vec)->count]))

#define vec_fini(vec) \
    do { \
        free((vec)->items); \
        (vec)->items = NULL; \
        (vec)->count = (vec)->capacity = 0; \
    } while (0)

#endif
