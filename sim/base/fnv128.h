/*
 * fnv128.h: FNV-1a with 128 bits, which orders ports and subsets since Kubernetes 1.35 (E-44).
 */
#ifndef EPSIM_BASE_FNV128_H
#define EPSIM_BASE_FNV128_H

#include <stddef.h>
#include <stdint.h>

/* `out`: big-endian (E-44). O(length). */
void fnv128(const void *bytes, size_t length, uint8_t out[16]);

#endif
