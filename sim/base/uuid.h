/*
 * uuid.h: UUIDs as 16 bytes; in Kubernetes' text form their byte order is their text order.
 */
#ifndef EPSIM_BASE_UUID_H
#define EPSIM_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_TEXT_LENGTH 36

struct uuid {
    uint8_t bytes[16];
};

/* A version 4 UUID from two random numbers. */
struct uuid uuid_from_random(uint64_t high, uint64_t low);
/* Exactly the lower-case 8-4-4-4-12 form; false for anything else. */
bool uuid_parse(const char *bytes, size_t length, struct uuid *out);
void uuid_format(struct uuid uuid, char out[UUID_TEXT_LENGTH + 1]);

#endif
