/*
 * pool.c: see pool.h. Chunks are aligned to their size, so that a record leads to its chunk. They are a
 * little smaller than that, which leaves room for the allocator's own header before the next one.
 */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONS 1
#endif
#endif
#ifdef POISONS
#include <sanitizer/asan_interface.h>
#define POISON(at, bytes) ASAN_POISON_MEMORY_REGION(at, bytes)
#define UNPOISON(at, bytes) ASAN_UNPOISON_MEMORY_REGION(at, bytes)
#else
#define POISON(at, bytes) ((void)(at), (void)(bytes))
#define UNPOISON(at, bytes) ((void)(at), (void)(bytes))
#endif

#define CHUNK_END (POOL_CHUNK_BYTES - 64)
#define RECORD_BYTES_MAX 4096
#define CHUNKS_MAX (UINT32_C(1) << (32 - POOL_PLACE_BITS))

void pool_init(struct pool *pool, size_t record_bytes, void *owner)
{
    EPSIM_ASSERT(record_bytes >= 8 && record_bytes <= RECORD_BYTES_MAX && record_bytes % 8 == 0);
    *pool = (struct pool){
        .record_bytes = (uint32_t)record_bytes, .used_bytes = CHUNK_END, .owner = owner, .head = pool};
}

void pool_join(struct pool *pool, struct pool *head)
{
    EPSIM_ASSERT(!pool->newest && !pool->chunks);
    pool->head = head;
}

void pool_fini(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->chunk_count; i++) {
        if (!pool->chunks[i])
            continue;
        UNPOISON(pool->chunks[i], CHUNK_END);
        free(pool->chunks[i]);
    }
    free(pool->chunks);
    *pool = (struct pool){0};
}

/* The chunk's place in the table: one that became free, or the next. */
static uint32_t chunk_enter(struct pool *head, unsigned char *bytes)
{
    if (head->chunks_missing > 0) {
        uint32_t place = head->chunk_count - 1;
        while (head->chunks[place])
            place--;
        head->chunks[place] = bytes;
        head->chunks_missing--;
        return place;
    }
    if (head->chunk_count == CHUNKS_MAX)
        mem_exhausted(POOL_CHUNK_BYTES);
    if (head->chunk_count == head->chunk_capacity) {
        head->chunk_capacity = mem_grown_capacity(head->chunk_capacity, (uint64_t)head->chunk_count + 1);
        head->chunks = mem_array(head->chunks, head->chunk_capacity, sizeof *head->chunks);
    }
    head->chunks[head->chunk_count] = bytes;
    return head->chunk_count++;
}

static unsigned char *chunk_create(struct pool *pool, size_t bytes)
{
    unsigned char *chunk = mem_aligned(POOL_CHUNK_BYTES, bytes);
    *pool_chunk_of(chunk) = (struct pool_chunk){pool, pool->owner, chunk_enter(pool->head, chunk)};
    return chunk;
}

/* A million records are touched in no order at all, and then much of the time goes into looking up addresses:
 * hence huge pages. One is resident as a whole, so it is for chunks that are full. */
static void chunk_add(struct pool *pool)
{
    if (pool->newest)
        mem_make_huge(pool->newest, POOL_CHUNK_BYTES);
    pool->newest = chunk_create(pool, CHUNK_END);
    /* The first place of all would have the number of none, and what the chunk knows may stand there. */
    pool->used_bytes = sizeof(struct pool_chunk);
    POISON(pool->newest, CHUNK_END);
    UNPOISON(pool_chunk_of(pool->newest), sizeof(struct pool_chunk));
}

/* Room that was never taken: behind what is used of the newest chunk, around what the chunk knows. */
static void *next_room(struct pool *pool)
{
    if (CHUNK_END - pool->used_bytes < pool->record_bytes)
        chunk_add(pool);
    uint32_t taken = (uint32_t)((unsigned char *)pool_chunk_of(pool->newest) - pool->newest);
    if (pool->used_bytes <= taken && taken < pool->used_bytes + pool->record_bytes)
        pool->used_bytes = taken + (uint32_t)sizeof(struct pool_chunk);
    void *record = pool->newest + pool->used_bytes;
    pool->used_bytes += pool->record_bytes;
    return record;
}

void *pool_take(struct pool *pool)
{
    void *record;
    if (pool->free != POOL_NONE) {
        record = pool_at(pool->head, pool->free);
        UNPOISON(record, pool->record_bytes);
        memcpy(&pool->free, record, sizeof pool->free);
    } else {
        record = next_room(pool);
        UNPOISON(record, pool->record_bytes);
    }
    pool->count++;
    return record;
}

void *pool_take_large(struct pool *head, size_t bytes)
{
    if (bytes > SIZE_MAX - CHUNK_END)
        mem_exhausted(bytes);
    /* Never smaller than others, so that all are freed alike; there is room behind what the chunk knows. */
    return pool_chunk_of(chunk_create(head, CHUNK_END + bytes)) + 1;
}

void pool_give_large(struct pool *head, void *record)
{
    struct pool_chunk *chunk = pool_chunk_of(record);
    EPSIM_ASSERT(chunk->pool == head);
    unsigned char *bytes = head->chunks[chunk->number];
    head->chunks[chunk->number] = NULL;
    head->chunks_missing++;
    free(bytes);
}

void pool_give(struct pool *pool, void *record)
{
    EPSIM_ASSERT(pool->count > 0 && pool_chunk_of(record)->pool == pool);
    memcpy(record, &pool->free, sizeof pool->free);
    pool->free = pool_number(record);
    pool->count--;
    POISON(record, pool->record_bytes);
}
