/*
 * wall.c: see wall.h.
 */
#include "cli/wall.h"

#include <time.h>

double wall_monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void text_add_wall_time(struct text *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    text_add_rfc3339(out, (int64_t)now.tv_sec * NS_PER_S);
}
