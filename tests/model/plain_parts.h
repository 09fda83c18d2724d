/*
 * plain_parts.h: what the two halves of the plain reconciler share: texts, their hashes, comparisons.
 */
#ifndef EPSIM_TESTS_MODEL_PLAIN_PARTS_H
#define EPSIM_TESTS_MODEL_PLAIN_PARTS_H

#include "base/text.h"
#include "model/plain.h"

/* --- texts of an endpoint --- */

uint32_t plain_address_count(const struct endpoint *endpoint);
/* The i-th address as it is written. Valid as long as the catalog and `buffer`. */
const char *plain_address_text(
    const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i, char buffer[IP_TEXT_MAX]);
/* "" without target or uid. */
const char *plain_uid_text(
    const struct catalog *catalog, const struct target *target, char buffer[UUID_TEXT_LENGTH + 1]);
const char *plain_target_kind(const struct catalog *catalog, const struct target *target);

/* --- hashes (E-44, S-21) --- */

struct plain_hash {
    uint8_t bytes[16];
};

int plain_hash_compare(const struct plain_hash *a, const struct plain_hash *b);
/* Of a core port (E-50), of a subset (E-51), of a discovery port (S-24). */
struct plain_hash plain_hash_core_port(
    const struct catalog *catalog, const struct port *port, uint32_t kube_minor);
struct plain_hash plain_hash_subset(
    const struct catalog *catalog, const struct subset *subset, uint32_t kube_minor);
struct plain_hash plain_hash_discovery_port(
    const struct catalog *catalog, const struct port *port, uint32_t kube_minor);
/* S-20: sorts `ports` in place and hashes the list. nil prints <nil> up to 1.35 (S-23). */
struct plain_hash plain_port_key(
    const struct catalog *catalog, struct port *ports, uint32_t count, bool nil, uint32_t kube_minor);

/* --- resolving and choosing (E-10 to E-22) --- */

/* E-10; `terminating`: terminating pods are allowed. */
bool plain_pod_belongs(const struct pod *pod, bool terminating);
/* E-22. False when the port cannot be resolved. */
bool plain_find_port(const struct pod *pod, const struct service_port *port, int32_t *out_number);
/* E-14. */
bool plain_has_hostname(const struct pod *pod, const struct service *service);

/* --- comparisons --- */

/* Two references, nil or not, without their resourceVersions (E-61, S-34). */
bool plain_same_target(const struct catalog *catalog, const struct target *a, const struct target *b);
/* The same with resourceVersions: what a server compares. */
bool plain_identical_target(const struct catalog *catalog, const struct target *a, const struct target *b);
/* O-50: the server's comparison of what is stored with what was sent. */
bool plain_is_noop(
    const struct catalog *catalog, const struct endpoints *stored, const struct endpoints *sent);
/* Ports as the core type has them (name and protocol are never absent). */
bool plain_same_core_port(const struct port *a, const struct port *b);
/* Ports as the discovery type has them. */
bool plain_same_discovery_port(const struct port *a, const struct port *b);

/* --- endpoints and slices (plain_slice_parts.c) --- */

/* S-28 to S-30; NULL when the pod has no address of this type. One reference. */
struct endpoint *plain_make_endpoint(
    const struct plain_input *input, const struct pod *pod, const struct node *node, enum address_type type);
/* S-25, in port-key order; the key beside it. */
const struct port_list *plain_make_ports(
    const struct plain_input *input, const struct pod *pod, struct plain_hash *out_key);
/* The endpoint with its addresses in order, as hashing its identity leaves them (S-33), with or without its
 * hints. One reference. */
struct endpoint *plain_copy_endpoint(
    const struct catalog *catalog, struct endpoint *endpoint, bool keep_hints);
bool plain_has_hints(const struct endpoint *endpoint);
/* The ports of a stored slice in the order of their hashes, as reading its key leaves them (S-20). */
const struct port_list *plain_sort_ports(
    const struct plain_input *input, const struct port_list *ports, struct plain_hash *out_key);
void plain_set_owners(struct endpointslice *to, const struct owner *owners, uint32_t count);
/* A copy of a stored slice, without its endpoints and with them. */
struct endpointslice *plain_copy_frame(const struct plain_input *input, const struct endpointslice *stored);
struct endpointslice *plain_copy_slice(const struct plain_input *input, const struct endpointslice *stored);
/* S-33, S-34. */
bool plain_same_identity(const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b);
bool plain_same_beyond_identity(
    const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b);
/* Ports and endpoints, every field of them, as a server compares two encoded objects. */
bool plain_same_content(
    const struct catalog *catalog, const struct endpointslice *a, const struct endpointslice *b);
bool plain_same_owners(const struct endpointslice *a, const struct endpointslice *b);

/* Subsets as they are stored, repacked (E-30 to E-43; plain_endpoints.c). */
void plain_repack(const struct plain_input *input, const struct subset_list *stored, struct subset_list *out);

/* --- hints (plain_hints.c) --- */

/* Both are VECs. */
struct plain_slice_list {
    struct endpointslice **items;
    uint32_t count, capacity;
};
struct plain_stored_list {
    const struct endpointslice **items;
    uint32_t count, capacity;
};

struct plain_text_list {
    char **items;
    uint32_t count, capacity;
};

/* What a sync found for one address type, before names are recycled. */
struct plain_hint_stage {
    const struct plain_input *input;
    struct plain_slice_list *creates, *updates;
    struct plain_stored_list *unchanged; /* in the order of creation; those that are moved leave it */
    enum address_type type;
    struct choices *choices;
    struct plain_text_list *events;
};

/* H-1 to H-5: gives hints, or takes them away, and moves unchanged slices to the updates for it. */
void plain_give_hints(struct plain_hint_stage *stage);
/* The copy of the i-th unchanged slice moves to the updates; it is unchanged no longer. */
struct endpointslice *plain_hint_move(struct plain_hint_stage *stage, uint32_t i);
/* `what`: type and reason. */
void plain_hint_event(struct plain_hint_stage *stage, const char *what, const char *message);
/* H-13 to H-22 (plain_topology.c). False: a failure was told, hints are to be stripped. */
bool plain_topology_hints(struct plain_hint_stage *stage);
void plain_hints_forget(struct plain_hint_cache *cache, enum address_type type);

#endif
