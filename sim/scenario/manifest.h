/*
 * manifest.h: Kubernetes' own manifests: which documents are read, and how they bind.
 */
#ifndef EPSIM_SCENARIO_MANIFEST_H
#define EPSIM_SCENARIO_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/bind.h"
#include "scenario/kinds.h"

/* A document, or an item of a List, before it is bound. */
struct document {
    const struct object_kind_info *kind; /* NULL: the Scenario document */
    struct yaml_node *node;
};

/* For the vec_* macros. */
struct documents {
    struct document *items;
    uint32_t count;
    uint32_t capacity;
};

/* Appends what a YAML document holds: itself, the items of a List, or nothing when its kind is of no
 * interest. What has no kind, or one that does not exist, is told. */
void manifest_classify(struct binder *binder, struct yaml_node *node, struct documents *out);
/* False when it has no name that could be used. */
bool manifest_bind(struct binder *binder, const struct document *document, struct manifest *out);

/* The schema of a whole manifest, and of its spec (NULL when there is none). */
const struct schema *manifest_schema(const struct object_kind_info *kind);

/* --- shared by the manifests' readers --------------------------------------------------------------- */

extern const struct schema service_manifest_schema, deployment_manifest_schema, replicaset_manifest_schema,
    statefulset_manifest_schema, daemonset_manifest_schema, pod_manifest_schema, node_manifest_schema,
    namespace_manifest_schema, endpoints_manifest_schema, endpointslice_manifest_schema;
extern const struct schema metadata_schema;       /* struct metadata_spec */
extern const struct schema pod_metadata_schema;   /* struct pod_spec, of a template */
extern const struct schema pod_spec_schema;       /* struct pod_spec */
extern const struct schema container_port_schema; /* struct container_port_spec */
extern const struct schema selector_schema;       /* struct text_map; matchLabels and matchExpressions */

/* The fields that begin every manifest. */
#define MANIFEST_HEAD \
    {.name = "apiVersion", .type = FIELD_KNOWN}, {.name = "kind", .type = FIELD_KNOWN}, \
    { \
        .name = "metadata", .type = FIELD_OBJECT, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct manifest, metadata), .object = &metadata_schema \
    }

/* Reads "TCP", "UDP" or "SCTP" into a const char * at the field's offset. */
void bind_protocol(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);
/* The first condition of type Ready; false when there is none. */
bool bind_ready_condition(struct binder *binder, const struct field *field,
    const struct yaml_node *conditions, uint8_t *out_ready, int64_t *out_since_s);
/* Defaults of a pod or a template. */
void pod_spec_init(void *pod);
/* Whether the labels fulfil a LabelSelector; a mismatch is told at the labels. */
bool selector_matches(struct binder *binder, const struct yaml_node *selector, const struct text_map *labels,
    const struct yaml_node *labels_node, struct position fallback);

#endif
