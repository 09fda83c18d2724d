/*
 * managed_fields.h: metadata.managedFields: who wrote which field (O-46).
 *
 * Objects of a simulation have at most one entry, that of the manager who writes them, and it follows
 * from what the object holds; nothing of it is stored. Objects of real clusters may bring several
 * (O-47); whoever reads them can make the entries and have them encoded as they are.
 */
#ifndef EPSIM_MODEL_MANAGED_FIELDS_H
#define EPSIM_MODEL_MANAGED_FIELDS_H

#include "base/json_tree.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"

struct managed_entry {
    const char *manager;
    const char *operation;
    const char *api_version;
    const char *fields_type;
    const char *subresource;
    int64_t time_s;                 /* TIME_NONE: absent */
    const struct json_tree *fields; /* fieldsV1, members in byte order; NULL: absent */
};

struct managed_list {
    uint32_t count;
    const struct managed_entry *items;
};

/* The one entry of an object, written at `time_s` (its real time is that of the last write that added or
 * changed a field, O-52); no entry when it would own no field. All of it lives in the arena, and as long
 * as the catalog. O(labels). */
struct managed_list managed_of_endpoints(
    struct arena *arena, const struct catalog *catalog, const struct endpoints *endpoints, int64_t time_s);
struct managed_list managed_of_endpointslice(
    struct arena *arena, const struct catalog *catalog, const struct endpointslice *slice, int64_t time_s);

#endif
