/*
 * size.h: encoded sizes by arithmetic (O-1 to O-30, O-46), never by encoding.
 *
 * Lists keep the sums of their records' sizes (O-60), so each function here is O(labels) or O(ports),
 * whatever the number of endpoints. encode.h writes the bytes; tests hold one against the other.
 */
#ifndef EPSIM_MODEL_SIZE_H
#define EPSIM_MODEL_SIZE_H

#include <stdint.h>

#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/size_field.h"

/* What managedFields count with: the writer unless the object names another, and the bytes of a Time
 * message (O-46, O-61: present-day seconds, no nanoseconds). */
#define SIZE_MANAGER_DEFAULT "kube-controller-manager"
#define SIZE_TIME_PAYLOAD 8
/* A time that has this size, for who must write one: 2026-01-01T00:00:00Z. */
#define SIZE_TIME_ANY INT64_C(1767225600)

/* Sum of the port records of a list, as a subset has them; a slice's are in the list (catalog.h). */
uint32_t size_subset_ports(const struct catalog *catalog, const struct port_list *ports);
/* A subset from the sums of its parts. */
static inline uint64_t size_subset(uint64_t addresses_bytes, uint32_t ports_bytes)
{
    return size_message(addresses_bytes + ports_bytes);
}

/* Records of all subsets of a list. O(addresses): for objects written by hand. */
uint64_t size_subset_list(const struct catalog *catalog, const struct subset_list *list);

/* What `bytes` counts. */
enum size_model { SIZE_PROTOBUF, SIZE_JSON, SIZE_KEP, SIZE_BLOG };

/* The stored object with managedFields (O-46, O-47), without envelope: the length of Unknown.raw. Explicit
 * Endpoints: O(addresses). */
uint64_t size_endpoints(const struct catalog *catalog, const struct endpoints *endpoints);
uint64_t size_endpointslice(const struct catalog *catalog, const struct endpointslice *slice);
/* The same for an object that is written again and again, O(1) as long as its labels, annotations and lists
 * are there and not there as before: the memo says what it measured last. It is to be reset to {0} when
 * somebody else than the object's own controller wrote, and when owner references change. */
uint64_t size_endpoints_again(
    const struct catalog *catalog, const struct endpoints *endpoints, struct size_memo *memo);
uint64_t size_endpointslice_again(
    const struct catalog *catalog, const struct endpointslice *slice, struct size_memo *memo);
/* The same without managedFields: what a controller sends (O-48). */
uint64_t size_endpoints_sent(const struct catalog *catalog, const struct endpoints *endpoints);
uint64_t size_endpointslice_sent(const struct catalog *catalog, const struct endpointslice *slice);
/* Payloads of the metadata message, and of the managedFields entry of an object with one writer (0: none). */
uint64_t size_endpoints_meta(const struct catalog *catalog, const struct endpoints *endpoints);
uint64_t size_endpointslice_meta(const struct catalog *catalog, const struct endpointslice *slice);
uint64_t size_endpoints_managed(const struct catalog *catalog, const struct endpoints *endpoints);
uint64_t size_endpointslice_managed(const struct catalog *catalog, const struct endpointslice *slice);
/* O-26 and O-30: from the object's size. `type_length` is that of ADDED (5), MODIFIED (8), DELETED (7). */
uint64_t size_envelope_endpoints(uint64_t object_bytes);
uint64_t size_envelope_endpointslice(uint64_t object_bytes);
uint64_t size_watch_frame(uint64_t enveloped_bytes, uint32_t type_length);

#endif
