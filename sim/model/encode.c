/*
 * encode.c: a protobuf writer for the messages of O-1 to O-30.
 *
 * The length of a message stands before it and is known after it, so a message is written in place and its
 * tag and length are put before it then. Moving it costs as much as writing it, once a level.
 */
#include "model/encode.h"

#include <string.h>

#include "base/check.h"
#include "model/annotations.h"

/* --- wire format -------------------------------------------------------------------------------------- */

enum wire { WIRE_VARINT = 0, WIRE_BYTES = 2 };

#define VARINT_BYTES_MAX 10

static uint32_t varint(uint64_t value, char out[VARINT_BYTES_MAX])
{
    uint32_t count = 0;
    while (value >= 0x80) {
        out[count++] = (char)(value | 0x80);
        value >>= 7;
    }
    out[count++] = (char)value;
    return count;
}

static void put_varint(struct text *out, uint64_t value)
{
    char bytes[VARINT_BYTES_MAX];
    text_add_bytes(out, bytes, varint(value, bytes));
}

static void put_tag(struct text *out, uint32_t field, enum wire wire)
{
    put_varint(out, (uint64_t)field << 3 | wire);
}

/* Negative numbers are sign-extended to 64 bits (O-2). */
static void put_int(struct text *out, uint32_t field, int64_t value)
{
    put_tag(out, field, WIRE_VARINT);
    put_varint(out, (uint64_t)value);
}

static void put_bytes(struct text *out, uint32_t field, const char *bytes, size_t length)
{
    put_tag(out, field, WIRE_BYTES);
    put_varint(out, length);
    text_add_bytes(out, bytes, length);
}

static void put_string(struct text *out, uint32_t field, const char *string)
{
    put_bytes(out, field, string, strlen(string));
}

static void put_sym(struct text *out, const struct catalog *catalog, uint32_t field, sym symbol)
{
    put_bytes(out, field, catalog_text(catalog, symbol), catalog_length(catalog, symbol));
}

static size_t message_begin(const struct text *out)
{
    return out->length;
}

static void message_end(struct text *out, uint32_t field, size_t begin)
{
    size_t length = out->length - begin;
    char head[2 * VARINT_BYTES_MAX];
    uint32_t head_length = varint((uint64_t)field << 3 | WIRE_BYTES, head);
    head_length += varint(length, head + head_length);
    text_add_bytes(out, head, head_length);
    memmove(out->data + begin + head_length, out->data + begin, length);
    memcpy(out->data + begin, head, head_length);
}

/* --- ObjectMeta --------------------------------------------------------------------------------------- */

static void put_uid(
    struct text *out, const struct catalog *catalog, uint32_t field, struct uuid uid, sym text)
{
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *bytes = uid_text(catalog, uid, text, buffer, &length);
    put_bytes(out, field, bytes, length);
}

/* A zero time has no payload (section 4). */
static void put_time(struct text *out, uint32_t field, int64_t seconds)
{
    size_t begin = message_begin(out);
    if (seconds != TIME_NONE) {
        put_int(out, 1, seconds);
        put_int(out, 2, 0);
    }
    message_end(out, field, begin);
}

static void put_map_entry(struct text *out, uint32_t field, const char *key, const char *value)
{
    size_t begin = message_begin(out);
    put_string(out, 1, key);
    put_string(out, 2, value);
    message_end(out, field, begin);
}

static void put_labels(
    struct text *out, const struct catalog *catalog, uint32_t field, const struct labels *labels)
{
    for (uint32_t i = 0; i < labels->count; i++)
        put_map_entry(out, field, catalog_text(catalog, labels->items[i].key),
            catalog_text(catalog, labels->items[i].value));
}

static void put_owner(struct text *out, const struct catalog *catalog, const struct owner *owner)
{
    size_t begin = message_begin(out);
    put_sym(out, catalog, 1, owner->kind);
    put_sym(out, catalog, 3, owner->name);
    put_uid(out, catalog, 4, owner->uid, owner->uid_text);
    put_sym(out, catalog, 5, owner->api_version);
    if (owner->controller >= 0)
        put_int(out, 6, owner->controller);
    if (owner->block_owner_deletion >= 0)
        put_int(out, 7, owner->block_owner_deletion);
    message_end(out, 13, begin);
}

static void put_managed_entry(struct text *out, const struct managed_entry *entry)
{
    size_t begin = message_begin(out);
    put_string(out, 1, entry->manager);
    put_string(out, 2, entry->operation);
    put_string(out, 3, entry->api_version);
    if (entry->time_s != TIME_NONE)
        put_time(out, 4, entry->time_s);
    put_string(out, 6, entry->fields_type);
    if (entry->fields) {
        struct text raw = {0};
        json_tree_write_compact(entry->fields, &raw);
        size_t fields_begin = message_begin(out);
        put_bytes(out, 1, raw.data, raw.length);
        message_end(out, 7, fields_begin);
        text_fini(&raw);
    }
    put_string(out, 8, entry->subresource);
    message_end(out, 17, begin);
}

static void put_meta(struct text *out, const struct catalog *catalog, const struct meta *meta,
    bool over_capacity, const struct owner *owners, uint32_t owner_count, const struct managed_list *managed)
{
    size_t begin = message_begin(out);
    put_sym(out, catalog, 1, meta->name);
    put_sym(out, catalog, 2, meta->generate_name);
    put_sym(out, catalog, 3, meta->namespace);
    const struct meta_rest *rest = meta_rest(meta);
    put_sym(out, catalog, 4, rest->self_link);
    put_uid(out, catalog, 5, meta->uid, meta->uid_text);
    struct text version = {0};
    if (meta->resource_version)
        text_add_u64(&version, meta->resource_version);
    put_bytes(out, 6, version.data, version.length);
    text_fini(&version);
    put_int(out, 7, meta->generation);
    put_time(out, 8, meta->created_s);
    if (meta->deletion_s != TIME_NONE)
        put_time(out, 9, meta->deletion_s);
    if (rest->has_grace)
        put_int(out, 10, rest->grace_s);
    put_labels(out, catalog, 11, meta->labels);
    struct arena arena;
    arena_init(&arena);
    struct annotation_list annotations = annotations_of(&arena, catalog, meta, over_capacity);
    for (uint32_t i = 0; i < annotations.count; i++)
        put_map_entry(out, 12, annotations.items[i].key, annotations.items[i].value);
    arena_fini(&arena);
    for (uint32_t i = 0; i < owner_count; i++)
        put_owner(out, catalog, &owners[i]);
    for (uint32_t i = 0; i < rest->finalizer_count; i++)
        put_sym(out, catalog, 14, rest->finalizers[i]);
    for (uint32_t i = 0; managed && i < managed->count; i++)
        put_managed_entry(out, &managed->items[i]);
    message_end(out, 1, begin);
}

/* --- endpoints ---------------------------------------------------------------------------------------- */

static void put_target(
    struct text *out, const struct catalog *catalog, uint32_t field, const struct target *target)
{
    if (!target)
        return;
    const struct target_extra none = {0};
    const struct target_extra *said = target_extra_of(target), *extra = said ? said : &none;
    size_t begin = message_begin(out);
    put_sym(out, catalog, 1, target_kind(target));
    put_sym(out, catalog, 2, target->namespace);
    put_bytes(out, 3, target_name_here(target), target_name_length(target));
    put_uid(out, catalog, 4, target_uid(target), extra->uid_text);
    put_sym(out, catalog, 5, extra->api_version);
    put_sym(out, catalog, 6, extra->resource_version);
    put_sym(out, catalog, 7, extra->field_path);
    message_end(out, field, begin);
}

static void put_endpoint_address(
    struct text *out, const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i)
{
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *text = endpoint_address(catalog, endpoint, i, buffer, &length);
    put_bytes(out, 1, text, length);
}

static void put_address(
    struct text *out, const struct catalog *catalog, uint32_t field, const struct endpoint *endpoint)
{
    size_t begin = message_begin(out);
    put_endpoint_address(out, catalog, endpoint, 0);
    put_target(out, catalog, 2, endpoint_target(endpoint));
    put_sym(out, catalog, 3, endpoint_hostname(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ADDRESS_NODE_NAME)
        put_sym(out, catalog, 4, endpoint_node_name(endpoint));
    message_end(out, field, begin);
}

static void put_subset(struct text *out, const struct catalog *catalog, const struct subset *subset)
{
    size_t begin = message_begin(out);
    for (uint32_t i = 0; i < subset->addresses.count; i++)
        put_address(out, catalog, 1, subset->addresses.items[i]);
    for (uint32_t i = 0; i < subset->not_ready_addresses.count; i++)
        put_address(out, catalog, 2, subset->not_ready_addresses.items[i]);
    for (uint32_t i = 0; i < subset->ports->count; i++) {
        const struct port *port = &subset->ports->items[i];
        size_t port_begin = message_begin(out);
        put_sym(out, catalog, 1, port->name);
        put_int(out, 2, port->number);
        put_sym(out, catalog, 3, port->protocol);
        if (port->set & PORT_APP_PROTOCOL)
            put_sym(out, catalog, 4, port->app_protocol);
        message_end(out, 3, port_begin);
    }
    message_end(out, 2, begin);
}

static void put_condition(struct text *out, uint32_t field, uint8_t condition)
{
    if (condition != CONDITION_ABSENT)
        put_int(out, field, condition == CONDITION_TRUE);
}

static void put_hint(struct text *out, const struct catalog *catalog, uint32_t field, sym name)
{
    size_t begin = message_begin(out);
    put_sym(out, catalog, 1, name);
    message_end(out, field, begin);
}

static void put_slice_endpoint(
    struct text *out, const struct catalog *catalog, const struct endpoint *endpoint)
{
    size_t begin = message_begin(out);
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++)
        put_endpoint_address(out, catalog, endpoint, i);
    size_t conditions_begin = message_begin(out);
    put_condition(out, 1, endpoint_ready(endpoint));
    put_condition(out, 2, endpoint_serving(endpoint));
    put_condition(out, 3, endpoint_terminating(endpoint));
    message_end(out, 2, conditions_begin);
    if (endpoint_flags(endpoint) & ENDPOINT_HOSTNAME)
        put_sym(out, catalog, 3, endpoint_hostname(endpoint));
    put_target(out, catalog, 4, endpoint_target(endpoint));
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    if (extra && extra->deprecated_topology)
        put_labels(out, catalog, 5, extra->deprecated_topology);
    if (endpoint_flags(endpoint) & ENDPOINT_SLICE_NODE_NAME)
        put_sym(out, catalog, 6, endpoint_node_name(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ZONE)
        put_sym(out, catalog, 7, endpoint_zone(endpoint));
    if (extra && extra->has_hints) {
        size_t hints_begin = message_begin(out);
        for (uint32_t i = 0; i < extra->zone_hint_count; i++)
            put_hint(out, catalog, 1, extra->zone_hints[i]);
        for (uint32_t i = 0; i < extra->node_hint_count; i++)
            put_hint(out, catalog, 2, extra->node_hints[i]);
        message_end(out, 8, hints_begin);
    }
    message_end(out, 2, begin);
}

static void put_slice_port(struct text *out, const struct catalog *catalog, const struct port *port)
{
    size_t begin = message_begin(out);
    if (port->set & PORT_NAME)
        put_sym(out, catalog, 1, port->name);
    if (port->set & PORT_PROTOCOL)
        put_sym(out, catalog, 2, port->protocol);
    if (port->set & PORT_NUMBER)
        put_int(out, 3, port->number);
    if (port->set & PORT_APP_PROTOCOL)
        put_sym(out, catalog, 4, port->app_protocol);
    message_end(out, 3, begin);
}

/* --- objects ------------------------------------------------------------------------------------------ */

void encode_endpoints(const struct catalog *catalog, const struct endpoints *endpoints,
    const struct subset_list *subsets, const struct managed_list *managed, struct text *out)
{
    const struct meta_rest *rest = meta_rest(&endpoints->meta);
    put_meta(
        out, catalog, &endpoints->meta, endpoints->over_capacity, rest->owners, rest->owner_count, managed);
    for (uint32_t i = 0; i < subsets->items.count; i++)
        put_subset(out, catalog, &subsets->items.items[i]);
}

void encode_endpointslice(const struct catalog *catalog, const struct endpointslice *slice,
    const struct managed_list *managed, struct text *out)
{
    put_meta(out, catalog, &slice->meta, false, slice->owners, slice->owner_count, managed);
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        put_slice_endpoint(out, catalog, endpointslice_at(slice, i));
    for (uint32_t i = 0; i < slice->ports->count; i++)
        put_slice_port(out, catalog, &slice->ports->items[i]);
    put_string(out, 4, address_type_text(slice->address_type));
}

void encode_envelope(
    const char *api_version, const char *kind, const char *object, size_t length, struct text *out)
{
    text_add_bytes(out, "k8s\0", 4);
    size_t type_begin = message_begin(out);
    put_string(out, 1, api_version);
    put_string(out, 2, kind);
    message_end(out, 1, type_begin);
    put_bytes(out, 2, object, length);
    put_string(out, 3, "");
    put_string(out, 4, "");
}

void encode_watch_frame(const char *type, const char *enveloped, size_t length, struct text *out)
{
    size_t frame_begin = out->length;
    text_add_bytes(out, "\0\0\0\0", 4);
    put_string(out, 1, type);
    size_t object_begin = message_begin(out);
    put_bytes(out, 1, enveloped, length);
    message_end(out, 2, object_begin);
    size_t frame_length = out->length - frame_begin - 4;
    EPSIM_ASSERT(frame_length <= UINT32_MAX);
    for (uint32_t i = 0; i < 4; i++)
        out->data[frame_begin + i] = (char)(frame_length >> (24 - 8 * i));
}
