/*
 * token_bucket.h: a limit on how often something may happen: so many at once, then so many a second.
 *
 * Whoever wants a token takes it in his turn, and is told how long he has to wait for it. So a bucket that is
 * overdrawn gives its tokens one interval apart, in the order of asking. O(1).
 */
#ifndef EPSIM_KERNEL_TOKEN_BUCKET_H
#define EPSIM_KERNEL_TOKEN_BUCKET_H

#include <stdint.h>

#include "kernel/time.h"

struct token_bucket {
    int64_t interval_ns; /* between tokens; 0: no limit */
    int64_t burst;       /* tokens in a full bucket, at least 1 */
    sim_time empty_ns;   /* when a bucket that gets no more tokens would have given out all it owes */
};

/* Full. burst x interval_ns stays below 2^62. */
static inline struct token_bucket token_bucket_full(sim_time now_ns, int64_t interval_ns, int64_t burst)
{
    return (struct token_bucket){interval_ns, burst, now_ns - burst * interval_ns};
}

/* Takes one; returns how long to wait for it, 0 and up. */
static inline int64_t token_bucket_take(struct token_bucket *bucket, sim_time now_ns)
{
    sim_time full_ns = now_ns - bucket->burst * bucket->interval_ns;
    if (bucket->empty_ns < full_ns)
        bucket->empty_ns = full_ns;
    bucket->empty_ns += bucket->interval_ns;
    return bucket->empty_ns > now_ns ? bucket->empty_ns - now_ns : 0;
}

#endif
