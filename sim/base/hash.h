/*
 * hash.h: the hash functions of the program, each for one purpose.
 *
 * hash64        tables and the run digest: our own, seedless, the same on every machine
 * fnv128        order of ports and subsets since Kubernetes 1.35 (E-44): fnv128.h
 * md5           the same up to 1.34 (E-44): md5.h
 * sha256        identity of scenario texts (content hash): sha256.h
 */
#ifndef EPSIM_BASE_HASH_H
#define EPSIM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/fnv128.h"
#include "base/md5.h"
#include "base/sha256.h"

uint64_t hash64(const void *bytes, size_t length);
/* A bijective scrambling of one number (splitmix64's finaliser). */
static inline uint64_t hash_u64(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    return hash_u64(a ^ (hash_u64(b + UINT64_C(0x9e3779b97f4a7c15))));
}

#endif
