/*
 * hash_index.h: finds records by what they stand for: 5 bytes a slot, where a map takes 17. A small index has
 * twice the slots after it has grown, a large one a quarter more, and is 65 to 81 % full.
 *
 * The index keeps the number of a record (base/pool.h) and seven bits of its hash. All the rest it asks its
 * owner: whether a record is the wanted one, and, when slots move, what its hash is. So it suits many records
 * that know their own names. All operations O(1) expected, but for the one addition in so many that needs
 * more slots, which asks for every hash.
 */
#ifndef EPSIM_BASE_HASH_INDEX_H
#define EPSIM_BASE_HASH_INDEX_H

#include <stdbool.h>
#include <stdint.h>

/* The hash under which a record was added: well mixed in all of its bits. */
typedef uint64_t hash_index_hash(const void *context, uint32_t number);
/* Asks for the memory that `hash` will look at: in stage 0 for what the number leads to, in stage 1 for what
 * that leads to. */
typedef void hash_index_prefetch(const void *context, uint32_t number, int stage);
typedef bool hash_index_test(const void *context, uint32_t number, const void *wanted);

/* Start from {0} and the first three. */
struct hash_index {
    hash_index_hash *hash;
    hash_index_prefetch *prefetch; /* or NULL */
    const void *context;           /* of `hash` and of tests */
    uint32_t *numbers;             /* and behind them a byte a slot */
    uint32_t slot_count;
    uint32_t count;
};

void hash_index_fini(struct hash_index *index);
/* A number from 1. It must not be there. */
void hash_index_add(struct hash_index *index, uint64_t hash, uint32_t number);
/* The first number of the hash that passes the test; 0 when there is none. */
uint32_t hash_index_find(
    const struct hash_index *index, uint64_t hash, hash_index_test *test, const void *wanted);
/* Asks for the memory where the numbers of the hash stand. */
void hash_index_prefetch_slot(const struct hash_index *index, uint64_t hash);
/* The slot whose number may well be of the hash, by a few bits of it; HASH_INDEX_NOWHERE when there is none.
 * No record is looked at. */
#define HASH_INDEX_NOWHERE UINT32_MAX
uint32_t hash_index_guess(const struct hash_index *index, uint64_t hash);
/* The number that stands in any slot now; 0 when there is none. */
uint32_t hash_index_at(const struct hash_index *index, uint32_t slot);
/* Asks, in stages 0 and 1, for what the removal of a number of the hash will look at. */
void hash_index_prefetch_run(const struct hash_index *index, uint64_t hash, int stage);
/* Another record of the same hash takes the place of one that is there (asserted) and may be gone already. */
void hash_index_replace(struct hash_index *index, uint64_t hash, uint32_t number, uint32_t by);
/* The numbers one after the other, in no order that counts: start with *cursor 0; 0 is the end. */
uint32_t hash_index_next(const struct hash_index *index, uint64_t *cursor);
/* False when it is not there. The record may be gone already: its own hash is not asked for. */
bool hash_index_remove(struct hash_index *index, uint64_t hash, uint32_t number);

#endif
