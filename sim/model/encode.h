/*
 * encode.h: the bytes of Endpoints and EndpointSlices in protobuf, as an API server stores and sends them
 * (O-1 to O-30).
 *
 * A run never needs them: sizes are counted by size.h. They serve whoever wants to see or to compare the
 * bytes, and the tests, which hold size.h against them. Every function appends to `out`.
 */
#ifndef EPSIM_MODEL_ENCODE_H
#define EPSIM_MODEL_ENCODE_H

#include "base/text.h"
#include "model/managed_fields.h"

/* The object itself, without envelope: Unknown.raw. `subsets` is what the object shows (repack_view makes it
 * of a grouped one); only the metadata is taken from `endpoints`. `managed`: NULL for none. O(bytes x depth).
 */
void encode_endpoints(const struct catalog *catalog, const struct endpoints *endpoints,
    const struct subset_list *subsets, const struct managed_list *managed, struct text *out);
void encode_endpointslice(const struct catalog *catalog, const struct endpointslice *slice,
    const struct managed_list *managed, struct text *out);

/* Magic and runtime.Unknown around an object (O-25). */
void encode_envelope(
    const char *api_version, const char *kind, const char *object, size_t length, struct text *out);
/* A watch event with its four bytes of length around an enveloped object (O-30); type "ADDED" and so on. */
void encode_watch_frame(const char *type, const char *enveloped, size_t length, struct text *out);

#endif
