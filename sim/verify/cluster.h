/*
 * cluster.h: recordings of a whole control plane: every watch event of Endpoints and EndpointSlices with the
 * sizes of its object. Each object is read into the model and encoded anew.
 */
#ifndef EPSIM_VERIFY_CLUSTER_H
#define EPSIM_VERIFY_CLUSTER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Of one watch event. */
struct cluster_sizes {
    uint64_t object_bytes;    /* the protobuf object: Unknown.raw */
    uint64_t enveloped_bytes; /* O-25 */
    uint64_t frame_bytes;     /* O-30, with the event's type */
    uint64_t json_bytes;
    char object_sha256[65]; /* of the protobuf object, lower-case hexadecimal */
};

/* Reads an Endpoints object or a slice as an API server prints it, managedFields of any writers included, and
 * encodes it. `type` is ADDED, MODIFIED or DELETED. What the model cannot hold is told in `problems`; the
 * sizes are then those of what it could. False when the object is of another kind. O(object). */
bool cluster_encode(const json_t *object, const char *type, struct cluster_sizes *out, struct text *problems);

/* Holds them against a recorded write; a line of `why` for each that differs. */
bool cluster_compare(const json_t *write, const struct cluster_sizes *got, struct text *why);

#endif
