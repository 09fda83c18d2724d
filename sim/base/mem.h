/*
 * mem.h: memory that is there, or a clear end.
 *
 * Running out of memory ends the process with a message on standard error and exit code 1:
 * no caller has anything better to do, and the database is then visibly incomplete.
 */
#ifndef EPSIM_BASE_MEM_H
#define EPSIM_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

/* That end. Also for arrays whose size in bytes would not fit a size_t. */
_Noreturn EPSIM_COLD void mem_exhausted(size_t bytes);

/* Like malloc, calloc and realloc, but never NULL; sizes of 0 are allowed. Free with free(). */
void *mem_alloc(size_t bytes);
void *mem_zalloc(size_t bytes);
void *mem_realloc(void *old, size_t bytes);
/* At an address that is a multiple of `alignment`, a power of two and at least a pointer's size. */
void *mem_aligned(size_t alignment, size_t bytes);
/* The size of a huge page, and what it is aligned to. */
#define MEM_HUGE_BYTES (UINT32_C(2) << 20)
/* What lies in the memory moves into huge pages, as far as these lie within it whole: to look up an address
 * in them takes half the time. O(bytes), and all of them become resident, so it is for what is in use from
 * end to end. Where the system has none, nothing changes. */
void mem_make_huge(void *memory, size_t bytes);
/* Asks for the cache line of what will soon be looked at: misses to memory then overlap. Any address will do.
 * The empty statement is for the compiler: a function that does nothing but ask has no effect that gcc knows
 * of, and it leaves out calls of it. */
static inline void mem_prefetch_line(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("" : : "r"(at));
}
/* All lines of some bytes. NULL: nothing. */
static inline void mem_prefetch(const void *memory, size_t bytes)
{
    if (!memory)
        return;
    const char *end = (const char *)memory + bytes;
    for (const char *line = (const char *)((uintptr_t)memory & ~(uintptr_t)63); line < end; line += 64)
        mem_prefetch_line(line);
}
/* count * size with an overflow check. */
void *mem_array(void *old, size_t count, size_t size);
/* The capacity to grow an array to: at least `needed`, and at least twice the old one (8 at first),
 * so that pushes are amortised O(1). More than 2^32 - 1 items end as exhausted memory does. */
uint32_t mem_grown_capacity(uint32_t capacity, uint64_t needed);
/* An array of `capacity` items becomes one of that capacity. */
EPSIM_COLD void *mem_grow(void *items, uint32_t *capacity, uint64_t needed, size_t item_bytes);
/* A NUL-terminated copy of `length` bytes. */
char *mem_strndup(const char *text, size_t length);

#endif
