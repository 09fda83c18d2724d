/*
 * arena.c: a chain of blocks, the newest first; only the newest is allocated from.
 *
 * Blocks double from 4 KiB to 1 MiB, so an arena with a few names is small and one with a million
 * makes few calls. What is larger than a quarter of the next block gets a block of its own, put
 * *behind* the newest, so that it does not waste the newest one's rest.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_BYTES_MIN ((size_t)4096)
#define BLOCK_BYTES_MAX ((size_t)1 << 20)

struct arena_block {
    struct arena_block *next;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena)
{
    arena->head = NULL;
    arena->used = 0;
}

void arena_fini(struct arena *arena)
{
    struct arena_block *block = arena->head;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena);
}

/* calloc's zeros come free with fresh pages; every byte is handed out once only. */
static struct arena_block *block_create(size_t capacity)
{
    if (capacity > SIZE_MAX - sizeof(struct arena_block))
        mem_exhausted(capacity);
    struct arena_block *block = mem_zalloc(sizeof *block + capacity);
    block->capacity = capacity;
    return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX - align)
        mem_exhausted(bytes);
    bytes = (bytes + align - 1) & ~(align - 1);
    struct arena_block *head = arena->head;
    if (!head || head->capacity - arena->used < bytes) {
        size_t capacity = head ? head->capacity * 2 : BLOCK_BYTES_MIN;
        if (capacity > BLOCK_BYTES_MAX)
            capacity = BLOCK_BYTES_MAX;
        if (bytes > capacity / 4) {
            struct arena_block *own = block_create(bytes);
            if (head) {
                own->next = head->next;
                head->next = own;
            } else {
                arena->head = own;
                arena->used = bytes;
            }
            return own->bytes;
        }
        struct arena_block *fresh = block_create(capacity);
        fresh->next = head;
        arena->head = head = fresh;
        arena->used = 0;
    }
    void *memory = head->bytes + arena->used;
    arena->used += bytes;
    return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        mem_exhausted(length);
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}
