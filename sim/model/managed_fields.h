/*
 * managed_fields.h: metadata.managedFields: who wrote which field (O-46).
 *
 * An object that one manager writes has one entry, which follows from what the object holds; nothing of it
 * is stored. Of others the store keeps who owns which field (field_owners.h). Whoever reads objects of real
 * clusters can make their entries and have them encoded as they are.
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

/* The entries of an object, without those that would own no field. That of an object with one writer was
 * written at `time_s` (its real time is that of the last write that added or changed a field, O-52, which is
 * not kept); others bring their times. All of it lives in the arena, and as long as the catalog. O(labels).
 */
struct managed_list managed_of_endpoints(
    struct arena *arena, const struct catalog *catalog, const struct endpoints *endpoints, int64_t time_s);
struct managed_list managed_of_endpointslice(
    struct arena *arena, const struct catalog *catalog, const struct endpointslice *slice, int64_t time_s);

#endif
