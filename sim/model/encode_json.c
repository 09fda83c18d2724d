/*
 * encode_json.c: see encode_json.h. Fields come in Go's declaration order; what is empty is left out
 * where Go's `omitempty` does so.
 */
#include "model/encode_json.h"

#include <string.h>

#include "model/json_writer.h"
#include "model/size.h"

/* --- Endpoints ---------------------------------------------------------------------------------------- */

static void set_target_if(
    const struct json_writer *writer, struct json_tree *object, const struct target *target)
{
    if (!target)
        return;
    const struct target_extra none = {0};
    const struct target_extra *said = target_extra_of(target), *extra = said ? said : &none;
    struct json_tree *json = json_tree_object(writer->arena);
    json_writer_set_sym_if(writer, json, "kind", target_kind(target));
    json_writer_set_sym_if(writer, json, "namespace", target->namespace);
    if (target_name_length(target))
        json_tree_set(json, "name",
            json_tree_string(writer->arena, target_name_here(target), target_name_length(target)));
    json_writer_set_uid_if(writer, json, "uid", target_uid(target), extra->uid_text);
    json_writer_set_sym_if(writer, json, "apiVersion", extra->api_version);
    json_writer_set_sym_if(writer, json, "resourceVersion", extra->resource_version);
    json_writer_set_sym_if(writer, json, "fieldPath", extra->field_path);
    json_tree_set(object, "targetRef", json);
}

static struct json_tree *address_text_json(
    const struct json_writer *writer, const struct endpoint *endpoint, uint32_t i)
{
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *text = endpoint_address(writer->catalog, endpoint, i, buffer, &length);
    return json_tree_string(writer->arena, text, length);
}

static struct json_tree *address_json(const struct json_writer *writer, const struct endpoint *endpoint)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_tree_set(json, "ip", address_text_json(writer, endpoint, 0));
    json_writer_set_sym_if(writer, json, "hostname", endpoint_hostname(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ADDRESS_NODE_NAME)
        json_writer_set_sym(writer, json, "nodeName", endpoint_node_name(endpoint));
    set_target_if(writer, json, endpoint_target(endpoint));
    return json;
}

static void set_addresses_if(const struct json_writer *writer, struct json_tree *object, const char *key,
    struct endpoint *const *endpoints, uint32_t count)
{
    if (count == 0)
        return;
    struct json_tree *list = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < count; i++)
        json_tree_add(list, address_json(writer, endpoints[i]));
    json_tree_set(object, key, list);
}

static struct json_tree *subset_json(const struct json_writer *writer, const struct subset *subset)
{
    struct json_tree *json = json_tree_object(writer->arena);
    set_addresses_if(writer, json, "addresses", subset->addresses.items, subset->addresses.count);
    set_addresses_if(writer, json, "notReadyAddresses", subset->not_ready_addresses.items,
        subset->not_ready_addresses.count);
    if (subset->ports->count == 0)
        return json;
    struct json_tree *ports = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < subset->ports->count; i++) {
        const struct port *port = &subset->ports->items[i];
        struct json_tree *item = json_tree_object(writer->arena);
        json_writer_set_sym_if(writer, item, "name", port->name);
        json_tree_set_int(writer->arena, item, "port", port->number);
        json_writer_set_sym_if(writer, item, "protocol", port->protocol);
        if (port->set & PORT_APP_PROTOCOL)
            json_writer_set_sym(writer, item, "appProtocol", port->app_protocol);
        json_tree_add(ports, item);
    }
    json_tree_set(json, "ports", ports);
    return json;
}

struct json_tree *encode_endpoints_json(struct arena *arena, const struct catalog *catalog,
    const struct endpoints *endpoints, const struct subset_list *subsets, const struct managed_list *managed)
{
    const struct json_writer writer = {arena, catalog};
    struct json_tree *object = json_writer_object(&writer, "Endpoints", "v1");
    const struct meta_rest *rest = meta_rest(&endpoints->meta);
    json_writer_set_meta(&writer, object, &endpoints->meta, endpoints->over_capacity, rest->owners,
        rest->owner_count, managed);
    if (subsets->items.count) {
        struct json_tree *list = json_tree_array(arena);
        for (uint32_t i = 0; i < subsets->items.count; i++)
            json_tree_add(list, subset_json(&writer, &subsets->items.items[i]));
        json_tree_set(object, "subsets", list);
    }
    return object;
}

/* --- EndpointSlice ------------------------------------------------------------------------------------ */

static void set_condition_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, uint8_t condition)
{
    if (condition != CONDITION_ABSENT)
        json_tree_set_bool(writer->arena, object, key, condition == CONDITION_TRUE);
}

static void set_hints_if(const struct json_writer *writer, struct json_tree *object, const char *key,
    const sym *names, uint32_t count)
{
    if (count == 0)
        return;
    struct json_tree *list = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < count; i++) {
        struct json_tree *hint = json_tree_object(writer->arena);
        json_writer_set_sym(writer, hint, "name", names[i]);
        json_tree_add(list, hint);
    }
    json_tree_set(object, key, list);
}

static struct json_tree *slice_endpoint_json(
    const struct json_writer *writer, const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    struct json_tree *json = json_tree_object(writer->arena);
    struct json_tree *addresses = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++)
        json_tree_add(addresses, address_text_json(writer, endpoint, i));
    json_tree_set(json, "addresses", addresses);
    struct json_tree *conditions = json_tree_object(writer->arena);
    set_condition_if(writer, conditions, "ready", endpoint_ready(endpoint));
    set_condition_if(writer, conditions, "serving", endpoint_serving(endpoint));
    set_condition_if(writer, conditions, "terminating", endpoint_terminating(endpoint));
    json_tree_set(json, "conditions", conditions);
    if (endpoint_flags(endpoint) & ENDPOINT_HOSTNAME)
        json_writer_set_sym(writer, json, "hostname", endpoint_hostname(endpoint));
    set_target_if(writer, json, endpoint_target(endpoint));
    if (extra)
        json_writer_set_labels_if(writer, json, "deprecatedTopology", extra->deprecated_topology);
    if (endpoint_flags(endpoint) & ENDPOINT_SLICE_NODE_NAME)
        json_writer_set_sym(writer, json, "nodeName", endpoint_node_name(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ZONE)
        json_writer_set_sym(writer, json, "zone", endpoint_zone(endpoint));
    if (extra && extra->has_hints) {
        struct json_tree *hints = json_tree_object(writer->arena);
        set_hints_if(writer, hints, "forZones", extra->zone_hints, extra->zone_hint_count);
        set_hints_if(writer, hints, "forNodes", extra->node_hints, extra->node_hint_count);
        json_tree_set(json, "hints", hints);
    }
    return json;
}

static struct json_tree *slice_port_json(const struct json_writer *writer, const struct port *port)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (port->set & PORT_NAME)
        json_writer_set_sym(writer, json, "name", port->name);
    if (port->set & PORT_PROTOCOL)
        json_writer_set_sym(writer, json, "protocol", port->protocol);
    if (port->set & PORT_NUMBER)
        json_tree_set_int(writer->arena, json, "port", port->number);
    if (port->set & PORT_APP_PROTOCOL)
        json_writer_set_sym(writer, json, "appProtocol", port->app_protocol);
    return json;
}

struct json_tree *encode_slice_endpoint_json(
    struct arena *arena, const struct catalog *catalog, const struct endpoint *endpoint)
{
    return slice_endpoint_json(&(struct json_writer){arena, catalog}, endpoint);
}

struct json_tree *encode_slice_ports_json(
    struct arena *arena, const struct catalog *catalog, const struct port_list *ports)
{
    const struct json_writer writer = {arena, catalog};
    struct json_tree *json = ports->count ? json_tree_array(arena) : json_tree_null(arena);
    for (uint32_t i = 0; i < ports->count; i++)
        json_tree_add(json, slice_port_json(&writer, &ports->items[i]));
    return json;
}

struct json_tree *encode_endpointslice_json(struct arena *arena, const struct catalog *catalog,
    const struct endpointslice *slice, const struct managed_list *managed)
{
    const struct json_writer writer = {arena, catalog};
    struct json_tree *object = json_writer_object(&writer, "EndpointSlice", "discovery.k8s.io/v1");
    json_writer_set_meta(&writer, object, &slice->meta, false, slice->owners, slice->owner_count, managed);
    json_tree_set_string(arena, object, "addressType", address_type_text(slice->address_type));
    struct json_tree *endpoints = slice->endpoints.count ? json_tree_array(arena) : json_tree_null(arena);
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        json_tree_add(endpoints, slice_endpoint_json(&writer, endpointslice_at(slice, i)));
    json_tree_set(object, "endpoints", endpoints);
    json_tree_set(object, "ports", encode_slice_ports_json(arena, catalog, slice->ports));
    return object;
}

/* --- sizes -------------------------------------------------------------------------------------------- */

static uint64_t compact_length(const struct json_tree *json)
{
    struct text text = {0};
    json_tree_write_compact(json, &text);
    uint64_t length = text.length;
    text_fini(&text);
    return length;
}

/* Of `[...]` with `count` values of `values_bytes` in all. */
static uint64_t list_length(uint32_t count, uint64_t values_bytes)
{
    return strlen("[]") + values_bytes + (count ? count - 1 : 0);
}

/* Remembered in the catalog. */
static uint32_t record_length(const struct catalog *catalog, struct endpoint *endpoint, bool in_slice)
{
    struct map *known = &((struct catalog *)pool_owner_of(endpoint))->json_bytes;
    uint64_t both = 0;
    uint32_t shift = in_slice ? 32 : 0;
    map_get(known, pool_number(endpoint), &both);
    if ((uint32_t)(both >> shift) == 0) {
        struct arena arena;
        arena_init(&arena);
        const struct json_writer writer = {&arena, catalog};
        uint64_t length = compact_length(
            in_slice ? slice_endpoint_json(&writer, endpoint) : address_json(&writer, endpoint));
        both |= (length & UINT32_MAX) << shift;
        map_put(known, pool_number(endpoint), both);
        arena_fini(&arena);
    }
    return (uint32_t)(both >> shift);
}

/* `"NAME":[...]` of a subset's addresses, or 0 when there are none. */
static uint64_t addresses_length(
    const struct catalog *catalog, const char *name, struct endpoint *const *endpoints, uint32_t count)
{
    if (count == 0)
        return 0;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += record_length(catalog, endpoints[i], false);
    return strlen("\"\":") + strlen(name) + list_length(count, bytes);
}

static uint64_t subset_length(const struct json_writer *writer, const struct subset *subset)
{
    /* What is left without addresses is `{}` or `{"ports":[...]}`. */
    struct subset ports_alone = {.ports = subset->ports};
    uint64_t bytes = compact_length(subset_json(writer, &ports_alone));
    uint64_t ready =
        addresses_length(writer->catalog, "addresses", subset->addresses.items, subset->addresses.count);
    uint64_t not_ready = addresses_length(writer->catalog, "notReadyAddresses",
        subset->not_ready_addresses.items, subset->not_ready_addresses.count);
    uint32_t members = (ready > 0) + (not_ready > 0) + (subset->ports->count > 0);
    return bytes + ready + not_ready + (members ? members - 1 : 0);
}

uint64_t encode_endpoints_json_bytes(
    const struct catalog *catalog, const struct endpoints *endpoints, const struct subset_list *subsets)
{
    struct arena arena;
    arena_init(&arena);
    const struct json_writer writer = {&arena, catalog};
    const struct subset_list none = {0};
    struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, SIZE_TIME_ANY);
    uint64_t bytes = compact_length(encode_endpoints_json(&arena, catalog, endpoints, &none, &managed));
    uint64_t subsets_bytes = 0;
    for (uint32_t i = 0; i < subsets->items.count; i++)
        subsets_bytes += subset_length(&writer, &subsets->items.items[i]);
    if (subsets->items.count)
        bytes += strlen(",\"subsets\":") + list_length(subsets->items.count, subsets_bytes);
    arena_fini(&arena);
    return bytes;
}

uint64_t encode_endpointslice_json_bytes(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct arena arena;
    arena_init(&arena);
    struct managed_list managed = managed_of_endpointslice(&arena, catalog, slice, SIZE_TIME_ANY);
    struct endpointslice without = *slice;
    without.endpoints.count = 0;
    uint64_t bytes = compact_length(encode_endpointslice_json(&arena, catalog, &without, &managed));
    uint32_t count = slice->endpoints.count;
    uint64_t endpoints_bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        endpoints_bytes += record_length(catalog, endpointslice_at(slice, i), true);
    }
    if (count)
        bytes += list_length(count, endpoints_bytes) - strlen("null");
    arena_fini(&arena);
    return bytes;
}
