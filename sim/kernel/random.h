/*
 * random.h: named streams of random numbers.
 *
 * A stream is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC '11) with the key made from
 * (seed, run number, stream name): counter-based, so streams are independent, any draw can be
 * found again, and adding a stream changes no other. Tests hold it against the published vectors.
 */
#ifndef EPSIM_KERNEL_RANDOM_H
#define EPSIM_KERNEL_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Blocks are made several at a time: a block's ten rounds wait for each other, but not for other blocks. */
#define RANDOM_BLOCKS 8
#define RANDOM_NUMBERS (4 * RANDOM_BLOCKS)

struct random_stream {
    uint32_t key[2];
    uint32_t counter[4]; /* of the next block */
    uint32_t buffered;   /* numbers of the buffer that were not taken */
    bool has_logs;       /* `logs` are of this buffer */
    uint32_t buffer[RANDOM_NUMBERS];
    double logs[RANDOM_NUMBERS / 2];
};

/* The bare function: ten rounds. */
void philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

void random_stream_init(struct random_stream *stream, uint64_t seed, uint64_t run, const char *name);
uint32_t random_u32(struct random_stream *stream);
uint64_t random_u64(struct random_stream *stream);
/* The n-th four numbers of a stream, from 0, of which none was drawn yet. */
void random_block_at(const struct random_stream *fresh, uint64_t n, uint32_t out[4]);
/* Uniform in [0, bound), without bias (rejection). bound >= 1; a bound of 1 draws nothing. */
uint32_t random_below(struct random_stream *stream, uint32_t bound);
/* What the n-th random_below from now will return, n >= 1, if all until then are of this bound. */
uint32_t random_below_ahead(const struct random_stream *stream, uint32_t bound, uint32_t n);
/* Uniform in the open interval (0, 1): 53 bits. */
double random_unit(struct random_stream *stream);
/* The same draw u, and in *out_log real_log_quick(1 - u). Those of a whole buffer are made together. */
double random_unit_log(struct random_stream *stream, double *out_log);

#endif
