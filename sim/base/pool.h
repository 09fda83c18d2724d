/*
 * pool.h: records of one size that come and go, a million of them.
 *
 * A record is known by its pointer, and by a *number* of 32 bits that takes half the room in whoever keeps
 * it. Records stand side by side in chunks, without the 16 bytes that an allocation of its own costs each,
 * and one that is given back is the next to be taken. A chunk knows its pool and its place, so both ways
 * between pointer and number are a few instructions: a number is the chunk and the place in it, counted in
 * units of 8 bytes. Memory returns to the system with the pool. Not thread-safe.
 *
 * Built with the address sanitizer, a record that was given back cannot be touched.
 */
#ifndef EPSIM_BASE_POOL_H
#define EPSIM_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

/* The number of no record. */
#define POOL_NONE UINT32_C(0)

/* 2 MiB, a huge page; of a small pool only what is touched is resident. */
#define POOL_CHUNK_BITS 21
#define POOL_CHUNK_BYTES (UINT32_C(1) << POOL_CHUNK_BITS)
#define POOL_UNIT_BITS 3
/* Of a number: below are units in a chunk, above is the chunk. */
#define POOL_PLACE_BITS (POOL_CHUNK_BITS - POOL_UNIT_BITS)

struct pool {
    unsigned char **chunks; /* of the head: all of the family's; NULL: free to be used again */
    uint32_t chunk_count, chunk_capacity, chunks_missing;
    uint32_t record_bytes;
    uint32_t used_bytes; /* of the newest chunk */
    unsigned char *newest;
    uint32_t free;  /* the first of those that were given back, or POOL_NONE */
    uint32_t count; /* records in use */
    void *owner;
    struct pool *head; /* of the family; itself when it is none */
};

struct pool_chunk {
    struct pool *pool;
    void *owner;     /* the pool's */
    uint64_t number; /* of the chunk */
};

/* record_bytes: a multiple of 8, at most 4,096. `owner`: for pool_owner_of; may be NULL. The pool must not
 * move while it has records. */
void pool_init(struct pool *pool, size_t record_bytes, void *owner);
/* The pool joins the family of `head`, before either has records. The head must outlive it, and numbers lead
 * to records by the head alone. */
void pool_join(struct pool *pool, struct pool *head);
/* Frees everything, whatever is still in use; of a family all at once, by the head. */
void pool_fini(struct pool *pool);
/* A record with undefined content, aligned to 8 bytes. O(1). More than 32 GiB end as exhausted memory does.
 */
void *pool_take(struct pool *pool);
void pool_give(struct pool *pool, void *record);
/* A record of any size, which has a chunk of its own. O(1), but for an allocation. */
void *pool_take_large(struct pool *head, size_t bytes);
void pool_give_large(struct pool *head, void *record);

/* What a chunk knows stands somewhere among its first 512 cache lines, by its address: at the head of every
 * chunk, all of them would share the few places of a cache that such round addresses have. */
static inline struct pool_chunk *pool_chunk_of(const void *record)
{
    uintptr_t chunk = (uintptr_t)record & ~(uintptr_t)(POOL_CHUNK_BYTES - 1);
    return (struct pool_chunk *)(chunk | (chunk >> POOL_CHUNK_BITS & 511) << 6);
}
/* Whose pool a record is of. */
static inline void *pool_owner_of(const void *record)
{
    return pool_chunk_of(record)->owner;
}
/* NULL has POOL_NONE. */
static inline uint32_t pool_number(const void *record)
{
    if (!record)
        return POOL_NONE;
    uint32_t place = (uint32_t)((uintptr_t)record & (POOL_CHUNK_BYTES - 1)) >> POOL_UNIT_BITS;
    return (uint32_t)pool_chunk_of(record)->number << POOL_PLACE_BITS | place;
}
/* The number is a record's, not POOL_NONE. */
static inline void *pool_record(const struct pool *pool, uint32_t number)
{
    uint32_t place = number & ((UINT32_C(1) << POOL_PLACE_BITS) - 1);
    return pool->chunks[number >> POOL_PLACE_BITS] + ((size_t)place << POOL_UNIT_BITS);
}
/* POOL_NONE is NULL. */
static inline void *pool_at(const struct pool *pool, uint32_t number)
{
    return number == POOL_NONE ? NULL : pool_record(pool, number);
}

#endif
