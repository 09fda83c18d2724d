/*
 * md5.h: MD5 (RFC 1321), which ordered ports and subsets up to Kubernetes 1.34 (E-44). Nothing here
 * relies on it for security.
 */
#ifndef EPSIM_BASE_MD5_H
#define EPSIM_BASE_MD5_H

#include <stddef.h>
#include <stdint.h>

/* O(length). */
void md5(const void *bytes, size_t length, uint8_t out[16]);

#endif
