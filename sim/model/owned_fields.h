/*
 * owned_fields.h: the fields of an object that several managers write, each with its owner (O-46, O-47).
 * field_owners.h keeps such lists; an object has one only while another than its one manager owns a field.
 */
#ifndef EPSIM_MODEL_OWNED_FIELDS_H
#define EPSIM_MODEL_OWNED_FIELDS_H

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

void field_owners_destroy(struct field_owners *owners);

#endif
