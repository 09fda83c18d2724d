/*
 * mem.c: allocation that does not fail.
 *
 * malloc(0) may answer NULL without being out of memory, so every request is for at least a byte.
 */
#define _DEFAULT_SOURCE /* madvise */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

_Noreturn void mem_exhausted(size_t bytes)
{
    fflush(stdout);
    fprintf(stderr, "epsim: out of memory (%zu bytes were asked for)\n", bytes);
    exit(1);
}

void *mem_alloc(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory)
        mem_exhausted(bytes);
    return memory;
}

void *mem_zalloc(size_t bytes)
{
    void *memory = calloc(1, bytes ? bytes : 1);
    if (!memory)
        mem_exhausted(bytes);
    return memory;
}

void *mem_realloc(void *old, size_t bytes)
{
    void *memory = realloc(old, bytes ? bytes : 1);
    if (!memory)
        mem_exhausted(bytes);
    return memory;
}

void *mem_aligned(size_t alignment, size_t bytes)
{
    void *memory;
    if (posix_memalign(&memory, alignment, bytes) != 0)
        mem_exhausted(bytes);
    return memory;
}

/* Linux 6.1 has it; older ones look for such memory themselves, now and then. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

void mem_make_huge(void *memory, size_t bytes)
{
    uintptr_t first = ((uintptr_t)memory + MEM_HUGE_BYTES - 1) & ~(uintptr_t)(MEM_HUGE_BYTES - 1);
    uintptr_t end = ((uintptr_t)memory + bytes) & ~(uintptr_t)(MEM_HUGE_BYTES - 1);
    if (first >= end)
        return;
#ifdef MADV_HUGEPAGE
    if (madvise((void *)first, end - first, MADV_COLLAPSE) != 0)
        (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
#endif
}

void *mem_array(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        mem_exhausted(SIZE_MAX);
    return mem_realloc(old, count * size);
}

uint32_t mem_grown_capacity(uint32_t capacity, uint64_t needed)
{
    if (needed > UINT32_MAX)
        mem_exhausted(SIZE_MAX);
    uint64_t grown = capacity ? capacity : 8;
    while (grown < needed)
        grown *= 2;
    return grown > UINT32_MAX ? UINT32_MAX : (uint32_t)grown;
}

void *mem_grow(void *items, uint32_t *capacity, uint64_t needed, size_t item_bytes)
{
    size_t used_bytes = *capacity * item_bytes;
    *capacity = mem_grown_capacity(*capacity, needed);
    items = mem_array(items, *capacity, item_bytes);
    mem_make_huge(items, used_bytes);
    return items;
}

char *mem_strndup(const char *text, size_t length)
{
    if (length == SIZE_MAX)
        mem_exhausted(length);
    char *copy = mem_alloc(length + 1);
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
