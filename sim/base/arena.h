/*
 * arena.h: many small things that die together. Allocation is a pointer bump; nothing is freed
 * but the whole. Used for parsed documents and interned tables. Not thread-safe.
 */
#ifndef EPSIM_BASE_ARENA_H
#define EPSIM_BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *head;
    size_t used;
};

void arena_init(struct arena *arena);
void arena_fini(struct arena *arena);
/* Zeroed and aligned for any type. O(1) amortised. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* A NUL-terminated copy that lives as long as the arena. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

#endif
