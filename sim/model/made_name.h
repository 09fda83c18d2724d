/*
 * made_name.h: names that a server or a controller makes: a prefix and five drawn characters (S-50).
 *
 * A million pods of a few workloads have such names, so whoever keeps one keeps its prefix, which repeats,
 * and a number of 24 bits for the rest (target.h). The hash of a name follows from both.
 */
#ifndef EPSIM_MODEL_MADE_NAME_H
#define EPSIM_MODEL_MADE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "kernel/random.h"

/* Kubernetes' alphabet for generated names: no vowels, nothing that looks like another. */
#define MADE_NAME_ALPHABET "bcdfghjklmnpqrstvwxz2456789"
#define MADE_NAME_MAX 63
#define MADE_SUFFIX_LENGTH 5
#define MADE_PREFIX_MAX (MADE_NAME_MAX - MADE_SUFFIX_LENGTH)

/* A suffix from the stream. */
uint32_t made_name_draw_suffix(struct random_stream *stream);
/* At most MADE_PREFIX_MAX bytes of `prefix`, and five characters from the stream. Returns the length. */
uint32_t made_name_draw(struct random_stream *stream, const char *prefix, char out[MADE_NAME_MAX + 1]);
/* Whether a text looks as if it was made, with a prefix that ends in '-'. Then the prefix is all of it but
 * the last MADE_SUFFIX_LENGTH bytes, and *out_suffix, below 2^24, stands for these. */
bool made_name_split(const char *text, size_t length, uint32_t *out_suffix);
/* What the number stands for, without a NUL. */
void made_name_suffix(uint32_t suffix, char out[MADE_SUFFIX_LENGTH]);

/* The hash of a pod's name, from its parts or from its text, however it looks. */
static inline uint64_t made_name_hash(uint64_t prefix_hash, uint32_t suffix)
{
    return hash_mix(prefix_hash, suffix);
}
uint64_t pod_name_hash(const char *text, size_t length);

#endif
