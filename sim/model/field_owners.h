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

#include "base/vec.h"
#include "model/meta.h"

/* In the order of their members in fieldsV1; those between FIELD_ANNOTATIONS and FIELD_OWNER are in
 * f:metadata. */
enum field_kind {
    FIELD_ADDRESS_TYPE,
    FIELD_ENDPOINTS,
    FIELD_ANNOTATIONS, /* the map itself: "." */
    FIELD_ANNOTATION,  /* an entry */
    FIELD_GENERATE_NAME,
    FIELD_LABELS,
    FIELD_LABEL,
    FIELD_OWNERS,
    FIELD_OWNER,
    FIELD_PORTS,
    FIELD_SUBSETS,
};

struct owned_field {
    enum field_kind kind;
    sym key;         /* of an annotation or a label; an owner's uid_text */
    struct uuid uid; /* of an owner */
    uint64_t value;  /* what it holds: equal values, equal numbers */
    sym manager;     /* SYM_EMPTY: kube-controller-manager */
};

struct field_manager {
    sym manager;
    int64_t time_s; /* of its last write that added or changed a field (O-52) */
};

struct field_owners {
    VEC(struct owned_field) items;      /* by kind, then by the bytes of the key */
    VEC(struct field_manager) managers; /* who owns any, by time, then by name */
};

struct endpoints;
struct endpointslice;

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
void field_owners_destroy(struct field_owners *owners);

#endif
