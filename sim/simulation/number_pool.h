/*
 * number_pool.h: numbers that are given out and come back: the addresses of a node, the nodes' shares of
 * a range, the cluster IPs of Services.
 *
 * A pool gives either the lowest free number, or goes on after the last one given, as the host-local
 * allocator does, and starts again from the lowest free one after a full turn. It is a bitmap that grows
 * as far as numbers were given, with a second one that tells which words are full: a node of 254
 * addresses costs some dozens of bytes, and a search in a full pool of a million looks at 256 words.
 */
#ifndef EPSIM_SIMULATION_NUMBER_POOL_H
#define EPSIM_SIMULATION_NUMBER_POOL_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBER_POOL_END_MAX (UINT32_C(1) << 28)

struct number_pool {
    uint32_t first, end; /* numbers are first <= n < end */
    uint32_t next;       /* where the search begins */
    uint32_t word_count;
    uint64_t *taken; /* a bit a number; beyond word_count nothing is taken */
    uint64_t *full;  /* a bit a word of `taken` */
    bool lowest_first;
};

/* end <= NUMBER_POOL_END_MAX. */
void number_pool_init(struct number_pool *pool, uint32_t first, uint32_t end, bool lowest_first);
void number_pool_fini(struct number_pool *pool);
/* False when none is free. */
bool number_pool_take(struct number_pool *pool, uint32_t *out);
/* False when it is taken already, or outside. */
bool number_pool_reserve(struct number_pool *pool, uint32_t number);
/* The next one is given after `number`, if the search has not gone further yet. */
void number_pool_go_on_after(struct number_pool *pool, uint32_t number);
bool number_pool_is_taken(const struct number_pool *pool, uint32_t number);
/* It must be taken (asserted). */
void number_pool_give(struct number_pool *pool, uint32_t number);

#endif
