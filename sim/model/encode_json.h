/*
 * encode_json.h: Endpoints and EndpointSlices as JSON trees in the API server's order of fields (O-40 to
 * O-43), and pods, services and nodes with them (encode_user_json.h). With json_tree_write_compact they are
 * what the API sends, with json_tree_write_indented and json_tree_write_yaml what kubectl prints.
 *
 * Trees live in the arena, and as long as the catalog (they borrow keys of labels).
 */
#ifndef EPSIM_MODEL_ENCODE_JSON_H
#define EPSIM_MODEL_ENCODE_JSON_H

#include "base/json_tree.h"
#include "model/encode_user_json.h"
#include "model/managed_fields.h"

/* `subsets` is what the object shows; only the metadata is taken from `endpoints`. `managed`: NULL for none.
 * O(addresses). */
struct json_tree *encode_endpoints_json(struct arena *arena, const struct catalog *catalog,
    const struct endpoints *endpoints, const struct subset_list *subsets, const struct managed_list *managed);
/* Empty lists are null: that is what is left of them once they were stored (O-42). */
/* Parts of a slice as they stand in it; no ports are null. */
struct json_tree *encode_slice_endpoint_json(
    struct arena *arena, const struct catalog *catalog, const struct endpoint *endpoint);
struct json_tree *encode_slice_ports_json(
    struct arena *arena, const struct catalog *catalog, const struct port_list *ports);
struct json_tree *encode_endpointslice_json(struct arena *arena, const struct catalog *catalog,
    const struct endpointslice *slice, const struct managed_list *managed);
/* Bytes of the compact JSON with managedFields: what size model `json` counts. An endpoint is measured once
 * and then remembers (endpoint.h); O(addresses) additions. */
uint64_t encode_endpoints_json_bytes(
    const struct catalog *catalog, const struct endpoints *endpoints, const struct subset_list *subsets);
uint64_t encode_endpointslice_json_bytes(const struct catalog *catalog, const struct endpointslice *slice);

#endif
