/*
 * field_owners.h: which manager owns which field of an Endpoints object or a slice (O-46, O-47).
 *
 * An object that one manager alone writes needs none of this: all its fields are that manager's, and
 * managedFields has one entry, which follows from what the object holds. When another one writes, a list of
 * the object's fields begins, each with its owner and with what it held last. A write then makes the fields
 * that it adds or changes its writer's; fields that go are forgotten, and so is a manager with its last one.
 * When all fields are the controller manager's again, the list ends.
 *
 * Lists (subsets, endpoints, ports) are atomic: one field each. `endpoints` and `ports` stay once they were
 * not empty.
 */
#ifndef EPSIM_MODEL_FIELD_OWNERS_H
#define EPSIM_MODEL_FIELD_OWNERS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/owned_fields.h"

/* Begins a list if there is none: everything is object->manager's. To be called before somebody else changes
 * the object. O(fields). */
void field_owners_begin_endpoints(const struct catalog *catalog, struct endpoints *endpoints, int64_t now_s);
void field_owners_begin_slice(const struct catalog *catalog, struct endpointslice *slice, int64_t now_s);
/* After `manager` changed the object, if there is a list; ends it when all is the controller manager's. What
 * tells whether lists of addresses changed comes from the writer, for nobody else could tell without looking
 * at all of them. O(fields^2), and fields are few. */
void field_owners_commit_endpoints(const struct catalog *catalog, struct endpoints *endpoints,
    bool subsets_changed, sym manager, int64_t now_s);
void field_owners_commit_slice(const struct catalog *catalog, struct endpointslice *slice,
    bool endpoints_changed, sym manager, int64_t now_s);

#endif
