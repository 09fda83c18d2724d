/*
 * size.c: sizes of protobuf records by O-1 to O-30 and O-46, from lengths alone.
 *
 * The workload behind it: one call for each write of a run, on objects of up to 1,000 endpoints, so
 * nothing here may look at an endpoint again once it is in a list.
 */
#include "model/size.h"

#include <string.h>

#include "base/check.h"
#include "base/ip.h"

#define LENGTH(literal) ((uint32_t)sizeof(literal) - 1)

/* Fields numbered from 16 have tags of two bytes; managedFields is 17. */
#define MANAGED_FIELDS_TAG 2

static uint32_t size_sym(const struct catalog *catalog, sym symbol)
{
    return size_string(catalog_length(catalog, symbol));
}

static uint32_t uid_length(const struct catalog *catalog, struct uuid uid, sym text)
{
    return text != SYM_EMPTY || uid_is_none(uid, text) ? catalog_length(catalog, text) : UUID_TEXT_LENGTH;
}

static uint32_t size_uid(const struct catalog *catalog, struct uuid uid, sym text)
{
    return size_string(uid_length(catalog, uid, text));
}

/* --- records of lists ---------------------------------------------------------------------------- */

uint32_t size_subset_ports(const struct catalog *catalog, const struct port_list *ports)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < ports->count; i++) {
        const struct port *port = &ports->items[i];
        uint64_t payload =
            size_sym(catalog, port->name) + size_int(port->number) + size_sym(catalog, port->protocol);
        if (port->set & PORT_APP_PROTOCOL)
            payload += size_sym(catalog, port->app_protocol);
        bytes += size_message(payload);
    }
    return (uint32_t)bytes;
}

uint64_t size_subset_list(const struct catalog *catalog, const struct subset_list *list)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < list->items.count; i++) {
        const struct subset *subset = &list->items.items[i];
        uint64_t addresses = 0;
        for (uint32_t k = 0; k < subset->addresses.count; k++)
            addresses += endpoint_address_bytes(subset->addresses.items[k]);
        for (uint32_t k = 0; k < subset->not_ready_addresses.count; k++)
            addresses += endpoint_address_bytes(subset->not_ready_addresses.items[k]);
        bytes += size_subset(addresses, size_subset_ports(catalog, subset->ports));
    }
    return bytes;
}

/* --- managedFields (O-46) -------------------------------------------------------------------------- */

/* Length of a JSON object of fields while it grows: what stands between its braces. */
struct fields {
    uint64_t length;
};

static void fields_add(struct fields *fields, uint64_t member_length)
{
    fields->length += member_length + (fields->length > 0); /* the comma between members */
}

/* The length of `"NAME":{".":{},...}` when the keys' lengths (with "f:" and quotes) sum up so. */
static uint64_t keyed_length(uint32_t name_length, uint32_t key_count, uint64_t keys_length)
{
    return LENGTH("\"\":{\".\":{}}") + name_length + key_count * LENGTH(",\"\":{}") + keys_length;
}

static uint64_t keys_length(const struct labels *labels)
{
    return labels->count * LENGTH("f:") + labels->keys_bytes;
}

/* What differs between Endpoints and slices. */
struct object_view {
    const struct meta *meta;
    bool over_capacity;
    const struct owner *owners;
    uint32_t owner_count;
    sym manager;
    const struct field_owners *fields; /* NULL: all of them are the manager's */
    uint32_t api_version_length;
    uint64_t content_fields; /* length of the members beside f:metadata */
};

static uint64_t metadata_fields_length(const struct catalog *catalog, const struct object_view *view)
{
    const struct meta *meta = view->meta;
    struct fields fields = {0};
    uint32_t annotation_count = meta->annotations->count;
    uint64_t annotation_keys = keys_length(meta->annotations);
    if (meta->trigger_s != TIME_NONE) {
        annotation_count++;
        annotation_keys += LENGTH("f:") + catalog_length(catalog, word_sym(WORD_TRIGGER_TIME));
    }
    if (view->over_capacity) {
        annotation_count++;
        annotation_keys += LENGTH("f:") + catalog_length(catalog, word_sym(WORD_OVER_CAPACITY));
    }
    if (annotation_count)
        fields_add(&fields, keyed_length(LENGTH("f:annotations"), annotation_count, annotation_keys));
    if (meta->generate_name != SYM_EMPTY)
        fields_add(&fields, LENGTH("\"f:generateName\":{}"));
    if (meta->labels->count)
        fields_add(&fields, keyed_length(LENGTH("f:labels"), meta->labels->count, keys_length(meta->labels)));
    if (view->owner_count) {
        uint64_t owner_keys = 0;
        for (uint32_t i = 0; i < view->owner_count; i++) {
            const struct owner *owner = &view->owners[i];
            owner_keys +=
                LENGTH("k:{\\\"uid\\\":\\\"\\\"}") + uid_length(catalog, owner->uid, owner->uid_text);
        }
        fields_add(&fields, keyed_length(LENGTH("f:ownerReferences"), view->owner_count, owner_keys));
    }
    return fields.length;
}

static uint64_t entry_payload(
    const struct catalog *catalog, sym manager, uint32_t api_version_length, uint64_t fields_length)
{
    uint64_t raw = LENGTH("{}") + fields_length;
    uint32_t manager_length =
        manager == SYM_EMPTY ? LENGTH(SIZE_MANAGER_DEFAULT) : catalog_length(catalog, manager);
    return size_string(manager_length) + size_string(LENGTH("Update")) + size_string(api_version_length) +
           size_message(SIZE_TIME_PAYLOAD) + size_string(LENGTH("FieldsV1")) +
           size_message(size_message(raw)) + size_string(0);
}

/* Payload of the one entry; 0 when it would own no field, for then there is none. */
static uint64_t managed_payload(const struct catalog *catalog, const struct object_view *view)
{
    struct fields fields = {view->content_fields};
    uint64_t metadata = metadata_fields_length(catalog, view);
    if (metadata)
        fields_add(&fields, LENGTH("\"f:metadata\":{}") + metadata);
    if (fields.length == 0)
        return 0;
    return entry_payload(catalog, view->manager, view->api_version_length, fields.length);
}

static uint64_t managed_record(uint64_t payload)
{
    return payload ? MANAGED_FIELDS_TAG + size_varint(payload) + payload : 0;
}

/* Between the braces of a map of which the manager owns some. */
struct map_fields {
    struct fields entries;
    bool any;
};

static void map_add(struct map_fields *map, uint64_t key_length)
{
    fields_add(&map->entries, LENGTH("\"\":{}") + key_length);
    map->any = true;
}

static void add_map(struct fields *fields, uint32_t name_length, const struct map_fields *map)
{
    if (map->any)
        fields_add(fields, LENGTH("\"\":{}") + name_length + map->entries.length);
}

/* What stands between the braces of one manager's fieldsV1 (O-47). */
static uint64_t owned_fields_length(
    const struct catalog *catalog, const struct field_owners *owners, sym manager)
{
    struct fields fields = {0}, metadata = {0};
    struct map_fields annotations = {.any = false}, labels = {.any = false}, references = {.any = false};
    for (uint32_t i = 0; i < owners->items.count; i++) {
        const struct owned_field *field = &owners->items.items[i];
        if (field->manager != manager)
            continue;
        switch (field->kind) {
        case FIELD_ADDRESS_TYPE:
            fields_add(&fields, LENGTH("\"f:addressType\":{}"));
            break;
        case FIELD_ENDPOINTS:
            fields_add(&fields, LENGTH("\"f:endpoints\":{}"));
            break;
        case FIELD_ANNOTATIONS:
            map_add(&annotations, LENGTH("."));
            break;
        case FIELD_ANNOTATION:
            map_add(&annotations, LENGTH("f:") + catalog_length(catalog, field->key));
            break;
        case FIELD_GENERATE_NAME:
            fields_add(&metadata, LENGTH("\"f:generateName\":{}"));
            break;
        case FIELD_LABELS:
            map_add(&labels, LENGTH("."));
            break;
        case FIELD_LABEL:
            map_add(&labels, LENGTH("f:") + catalog_length(catalog, field->key));
            break;
        case FIELD_OWNERS:
            map_add(&references, LENGTH("."));
            break;
        case FIELD_OWNER:
            map_add(&references,
                LENGTH("k:{\\\"uid\\\":\\\"\\\"}") + uid_length(catalog, field->uid, field->key));
            break;
        case FIELD_PORTS:
            fields_add(&fields, LENGTH("\"f:ports\":{}"));
            break;
        case FIELD_SUBSETS:
            fields_add(&fields, LENGTH("\"f:subsets\":{}"));
            break;
        }
    }
    add_map(&metadata, LENGTH("f:annotations"), &annotations);
    add_map(&metadata, LENGTH("f:labels"), &labels);
    add_map(&metadata, LENGTH("f:ownerReferences"), &references);
    if (metadata.length)
        fields_add(&fields, LENGTH("\"f:metadata\":{}") + metadata.length);
    return fields.length;
}

/* Records of all entries. */
static uint64_t managed_records(const struct catalog *catalog, const struct object_view *view)
{
    if (!view->fields)
        return managed_record(managed_payload(catalog, view));
    uint64_t bytes = 0;
    for (uint32_t m = 0; m < view->fields->managers.count; m++) {
        sym manager = view->fields->managers.items[m].manager;
        bytes += managed_record(entry_payload(
            catalog, manager, view->api_version_length, owned_fields_length(catalog, view->fields, manager)));
    }
    return bytes;
}

/* --- ObjectMeta ------------------------------------------------------------------------------------- */

static uint64_t time_record(int64_t seconds)
{
    if (seconds == TIME_NONE)
        return size_message(0);
    return size_message(size_int(seconds) + size_int(0));
}

static uint32_t decimal_digits(uint64_t value)
{
    uint32_t digits = 1;
    for (uint64_t limit = 10; digits < 19 && value >= limit; limit *= 10)
        digits++;
    return digits + (value >= UINT64_C(10000000000000000000));
}

static uint64_t owner_record(const struct catalog *catalog, const struct owner *owner)
{
    uint64_t payload = size_sym(catalog, owner->kind) + size_sym(catalog, owner->name) +
                       size_uid(catalog, owner->uid, owner->uid_text) + size_sym(catalog, owner->api_version);
    payload += 2 * ((owner->controller >= 0) + (owner->block_owner_deletion >= 0));
    return size_message(payload);
}

/* An entry of a map of strings, from the lengths of its words. */
static uint64_t entry_record(uint32_t key_length, uint32_t value_length)
{
    return size_message(size_string(key_length) + size_string(value_length));
}

/* What few objects carry. */
static uint64_t rest_bytes(const struct catalog *catalog, const struct meta_rest *rest)
{
    uint64_t bytes = rest->has_grace ? size_int(rest->grace_s) : 0;
    for (uint32_t i = 0; i < rest->finalizer_count; i++)
        bytes += size_sym(catalog, rest->finalizers[i]);
    for (uint32_t i = 0; i < rest->owner_count; i++)
        bytes += owner_record(catalog, &rest->owners[i]);
    return bytes;
}

/* What each write changes. */
static uint64_t versions_bytes(const struct meta *meta)
{
    return size_string(meta->resource_version ? decimal_digits(meta->resource_version) : 0) +
           size_int(meta->generation);
}

/* The rest. `managed`: records of managedFields. */
static uint64_t steady_bytes(const struct catalog *catalog, const struct object_view *view, uint64_t managed)
{
    const struct meta *meta = view->meta;
    uint64_t bytes = size_sym(catalog, meta->name) + size_sym(catalog, meta->generate_name) +
                     size_sym(catalog, meta->namespace) + size_sym(catalog, meta_rest(meta)->self_link) +
                     size_uid(catalog, meta->uid, meta->uid_text) + time_record(meta->created_s);
    if (meta->deletion_s != TIME_NONE)
        bytes += time_record(meta->deletion_s);
    bytes += meta->labels->payload_bytes + meta->annotations->payload_bytes;
    if (meta->trigger_s != TIME_NONE)
        bytes += entry_record(
            catalog_length(catalog, word_sym(WORD_TRIGGER_TIME)), LENGTH("2026-01-02T03:04:05Z"));
    if (view->over_capacity)
        bytes += entry_record(catalog_length(catalog, word_sym(WORD_OVER_CAPACITY)),
            catalog_length(catalog, word_sym(WORD_TRUNCATED)));
    if (meta->rest)
        bytes += rest_bytes(catalog, meta->rest);
    for (uint32_t i = 0; i < view->owner_count; i++)
        bytes += owner_record(catalog, &view->owners[i]);
    return bytes + managed;
}

static uint64_t meta_payload(const struct catalog *catalog, const struct object_view *view, uint64_t managed)
{
    return versions_bytes(view->meta) + steady_bytes(catalog, view, managed);
}

/* --- objects ---------------------------------------------------------------------------------------- */

static struct object_view view_endpoints(const struct endpoints *endpoints)
{
    struct fields fields = {0};
    if (endpoints_has_subsets(endpoints))
        fields_add(&fields, LENGTH("\"f:subsets\":{}"));
    return (struct object_view){
        .meta = &endpoints->meta,
        .over_capacity = endpoints->over_capacity,
        .manager = endpoints->manager,
        .fields = endpoints->fields,
        .api_version_length = LENGTH("v1"),
        .content_fields = fields.length,
    };
}

static struct object_view view_endpointslice(const struct endpointslice *slice)
{
    struct fields fields = {0};
    fields_add(&fields, LENGTH("\"f:addressType\":{}"));
    if (slice->had_endpoints || slice->endpoints.count)
        fields_add(&fields, LENGTH("\"f:endpoints\":{}"));
    if (slice->had_ports || slice->ports->count)
        fields_add(&fields, LENGTH("\"f:ports\":{}"));
    return (struct object_view){
        .meta = &slice->meta,
        .owners = slice->owners,
        .owner_count = slice->owner_count,
        .manager = slice->manager,
        .fields = slice->fields,
        .api_version_length = LENGTH("discovery.k8s.io/v1"),
        .content_fields = fields.length,
    };
}

uint64_t size_endpoints_managed(const struct catalog *catalog, const struct endpoints *endpoints)
{
    struct object_view view = view_endpoints(endpoints);
    return managed_payload(catalog, &view);
}

uint64_t size_endpointslice_managed(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct object_view view = view_endpointslice(slice);
    return managed_payload(catalog, &view);
}

uint64_t size_endpoints_meta(const struct catalog *catalog, const struct endpoints *endpoints)
{
    struct object_view view = view_endpoints(endpoints);
    return meta_payload(catalog, &view, managed_records(catalog, &view));
}

uint64_t size_endpointslice_meta(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct object_view view = view_endpointslice(slice);
    return meta_payload(catalog, &view, managed_records(catalog, &view));
}

static uint64_t subsets_bytes(const struct catalog *catalog, const struct endpoints *endpoints)
{
    return endpoints->is_explicit ? size_subset_list(catalog, &endpoints->subsets) : endpoints->subsets_bytes;
}

static uint64_t slice_content(const struct endpointslice *slice)
{
    return slice->endpoints_bytes + slice->ports->slice_bytes +
           size_string((uint32_t)strlen(address_type_text(slice->address_type)));
}

uint64_t size_endpoints(const struct catalog *catalog, const struct endpoints *endpoints)
{
    return size_message(size_endpoints_meta(catalog, endpoints)) + subsets_bytes(catalog, endpoints);
}

uint64_t size_endpointslice(const struct catalog *catalog, const struct endpointslice *slice)
{
    return size_message(size_endpointslice_meta(catalog, slice)) + slice_content(slice);
}

/* --- again and again ---------------------------------------------------------------------------------- */

/* The place for what the object is now, where a write of the controllers can have changed it; 0 there when it
 * was not measured yet. `state`: whatever else sizes of metadata and managedFields follow from. */
static uint64_t *memo_place(
    struct size_memo *memo, const struct meta *meta, const struct field_owners *fields, uint32_t state)
{
    /* Who owns which field is not looked into: while several managers do, everything is measured. */
    state |= (uint32_t)(fields != NULL) << 2;
    if (memo->labels != meta->labels || memo->annotations != meta->annotations ||
        memo->generate_name != meta->generate_name || memo->state != state || fields)
        *memo = (struct size_memo){.labels = meta->labels,
            .annotations = meta->annotations,
            .generate_name = meta->generate_name,
            .state = state};
    return &memo->steady_bytes[meta->trigger_s != TIME_NONE];
}

uint64_t size_endpoints_again(
    const struct catalog *catalog, const struct endpoints *endpoints, struct size_memo *memo)
{
    const struct meta *meta = &endpoints->meta;
    uint32_t state = (uint32_t)endpoints->over_capacity << 1 | endpoints_has_subsets(endpoints);
    uint64_t *steady = memo_place(memo, meta, endpoints->fields, state);
    if (!*steady) {
        struct object_view view = view_endpoints(endpoints);
        *steady = steady_bytes(catalog, &view, managed_records(catalog, &view));
    }
    uint64_t bytes = size_message(*steady + versions_bytes(meta)) + subsets_bytes(catalog, endpoints);
    EPSIM_DEBUG_ASSERT(bytes == size_endpoints(catalog, endpoints));
    return bytes;
}

uint64_t size_endpointslice_again(
    const struct catalog *catalog, const struct endpointslice *slice, struct size_memo *memo)
{
    const struct meta *meta = &slice->meta;
    bool has_endpoints = slice->had_endpoints || slice->endpoints.count;
    bool has_ports = slice->had_ports || slice->ports->count;
    uint64_t *steady = memo_place(memo, meta, slice->fields, (uint32_t)has_endpoints << 1 | has_ports);
    if (!*steady) {
        struct object_view view = view_endpointslice(slice);
        *steady = steady_bytes(catalog, &view, managed_records(catalog, &view));
    }
    uint64_t bytes = size_message(*steady + versions_bytes(meta)) + slice_content(slice);
    EPSIM_DEBUG_ASSERT(bytes == size_endpointslice(catalog, slice));
    return bytes;
}

/* --- as it is sent ------------------------------------------------------------------------------------- */

uint64_t size_endpoints_sent(const struct catalog *catalog, const struct endpoints *endpoints)
{
    struct object_view view = view_endpoints(endpoints);
    return size_message(meta_payload(catalog, &view, 0)) + subsets_bytes(catalog, endpoints);
}

uint64_t size_endpointslice_sent(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct object_view view = view_endpointslice(slice);
    return size_message(meta_payload(catalog, &view, 0)) + slice_content(slice);
}

/* --- envelope and frame ----------------------------------------------------------------------------- */

/* Four magic bytes, typeMeta, raw, and two empty strings (O-26). */
static uint64_t envelope(uint32_t api_version_length, uint32_t kind_length, uint64_t object_bytes)
{
    return 4 + size_message(size_string(api_version_length) + size_string(kind_length)) +
           size_message(object_bytes) + 2 * size_string(0);
}

uint64_t size_envelope_endpoints(uint64_t object_bytes)
{
    return envelope(LENGTH("v1"), LENGTH("Endpoints"), object_bytes);
}

uint64_t size_envelope_endpointslice(uint64_t object_bytes)
{
    return envelope(LENGTH("discovery.k8s.io/v1"), LENGTH("EndpointSlice"), object_bytes);
}

uint64_t size_watch_frame(uint64_t enveloped_bytes, uint32_t type_length)
{
    return 4 + size_string(type_length) + size_message(size_message(enveloped_bytes));
}
