/*
 * mem.h: memory that is there, or a clear end.
 *
 * Running out of memory ends the process with a message on standard error and exit code 1:
 * no caller has anything better to do, and the database is then visibly incomplete.
 */
#ifndef EPSIM_BASE_MEM_H
#define EPSIM_BASE_MEM_H

#include <stddef.h>

/* Like malloc, calloc and realloc, but never NULL; sizes of 0 are allowed. Free with free(). */
void *mem_alloc(size_t bytes);
void *mem_zalloc(size_t bytes);
void *mem_realloc(void *old, size_t bytes);
/* count * size with an overflow check. */
void *mem_array(void *old, size_t count, size_t size);
/* A NUL-terminated copy of `length` bytes. */
char *mem_strndup(const char *text, size_t length);

#endif
