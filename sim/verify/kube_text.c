/*
 * kube_text.c: Kubernetes' JSON of Endpoints and EndpointSlices; see kube_text.h.
 */
#include "verify/kube_text.h"

#include <string.h>

#include "base/check.h"

/* --- values and fields --- */

static void add_string(struct text *text, const char *value)
{
    text_add_json(text, value, strlen(value));
}

static void add_sym(struct text *text, const struct catalog *catalog, sym symbol)
{
    add_string(text, catalog_text(catalog, symbol));
}

/* A comma unless the last thing written opened an object or a list. */
static void separate(struct text *text)
{
    char last = text->length ? text->data[text->length - 1] : '{';
    if (last != '{' && last != '[')
        text_add_char(text, ',');
}

static void add_name(struct text *text, const char *name)
{
    separate(text);
    text_printf(text, "\"%s\":", name);
}

/* Left out when empty. */
static void add_field(struct text *text, const char *name, const char *value)
{
    if (!*value)
        return;
    add_name(text, name);
    add_string(text, value);
}

static void add_sym_field(struct text *text, const struct catalog *catalog, const char *name, sym symbol)
{
    add_field(text, name, catalog_text(catalog, symbol));
}

/* A pointer: written when it is there, be it empty. */
static void add_pointer(
    struct text *text, const struct catalog *catalog, const char *name, bool present, sym symbol)
{
    if (!present)
        return;
    add_name(text, name);
    add_sym(text, catalog, symbol);
}

static void add_time(struct text *text, const char *name, int64_t seconds)
{
    if (seconds == TIME_NONE)
        return;
    add_name(text, name);
    text_add_char(text, '"');
    text_add_rfc3339(text, seconds * NS_PER_S);
    text_add_char(text, '"');
}

static void add_condition(struct text *text, const char *name, uint8_t condition)
{
    if (condition == CONDITION_ABSENT)
        return;
    add_name(text, name);
    text_add(text, condition == CONDITION_TRUE ? "true" : "false");
}

/* --- metadata --- */

void kube_text_uid(struct text *text, const struct catalog *catalog, struct uuid uid, sym symbol)
{
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *bytes = uid_text(catalog, uid, symbol, buffer, &length);
    text_add_bytes(text, bytes, length);
}

static void add_uid(struct text *text, const struct catalog *catalog, struct uuid uid, sym symbol)
{
    if (uid_is_none(uid, symbol))
        return;
    add_name(text, "uid");
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *bytes = uid_text(catalog, uid, symbol, buffer, &length);
    text_add_json(text, bytes, length);
}

void kube_text_labels(struct text *text, const struct catalog *catalog, const struct labels *labels)
{
    text_add_char(text, '{');
    for (uint32_t i = 0; i < labels->count; i++) {
        separate(text);
        add_sym(text, catalog, labels->items[i].key);
        text_add_char(text, ':');
        add_sym(text, catalog, labels->items[i].value);
    }
    text_add_char(text, '}');
}

void kube_text_owners(
    struct text *text, const struct catalog *catalog, const struct owner *owners, uint32_t count)
{
    text_add_char(text, '[');
    for (uint32_t i = 0; i < count; i++) {
        const struct owner *owner = &owners[i];
        separate(text);
        text_add_char(text, '{');
        add_name(text, "apiVersion");
        add_sym(text, catalog, owner->api_version);
        add_name(text, "kind");
        add_sym(text, catalog, owner->kind);
        add_name(text, "name");
        add_sym(text, catalog, owner->name);
        add_name(text, "uid");
        text_add_char(text, '"');
        kube_text_uid(text, catalog, owner->uid, owner->uid_text);
        text_add_char(text, '"');
        if (owner->controller >= 0) {
            add_name(text, "controller");
            text_add(text, owner->controller ? "true" : "false");
        }
        if (owner->block_owner_deletion >= 0) {
            add_name(text, "blockOwnerDeletion");
            text_add(text, owner->block_owner_deletion ? "true" : "false");
        }
        text_add_char(text, '}');
    }
    text_add_char(text, ']');
}

const struct labels *kube_annotations(struct catalog *catalog, const struct meta *meta, bool over_capacity)
{
    const struct labels *annotations = meta->annotations;
    if (over_capacity)
        annotations = labels_with(catalog, annotations, catalog_word(catalog, WORD_OVER_CAPACITY),
            catalog_word(catalog, WORD_TRUNCATED));
    if (meta->trigger_s == TIME_NONE)
        return annotations;
    struct text time = {0};
    text_add_rfc3339(&time, meta->trigger_s * NS_PER_S);
    annotations = labels_with(
        catalog, annotations, catalog_word(catalog, WORD_TRIGGER_TIME), catalog_sym(catalog, time.data));
    text_fini(&time);
    return annotations;
}

static void add_metadata(struct text *text, struct catalog *catalog, const struct meta *meta,
    bool over_capacity, const struct owner *owners, uint32_t owner_count)
{
    add_name(text, "metadata");
    text_add_char(text, '{');
    add_sym_field(text, catalog, "name", meta->name);
    add_sym_field(text, catalog, "generateName", meta->generate_name);
    add_sym_field(text, catalog, "namespace", meta->namespace);
    add_uid(text, catalog, meta->uid, meta->uid_text);
    if (meta->resource_version) {
        add_name(text, "resourceVersion");
        text_printf(text, "\"%llu\"", (unsigned long long)meta->resource_version);
    }
    if (meta->generation) {
        add_name(text, "generation");
        text_add_i64(text, meta->generation);
    }
    add_time(text, "creationTimestamp", meta->created_s);
    add_time(text, "deletionTimestamp", meta->deletion_s);
    if (meta->labels->count) {
        add_name(text, "labels");
        kube_text_labels(text, catalog, meta->labels);
    }
    const struct labels *annotations = kube_annotations(catalog, meta, over_capacity);
    if (annotations->count) {
        add_name(text, "annotations");
        kube_text_labels(text, catalog, annotations);
    }
    if (owner_count) {
        add_name(text, "ownerReferences");
        kube_text_owners(text, catalog, owners, owner_count);
    }
    text_add_char(text, '}');
}

/* --- Endpoints --- */

static void add_target(struct text *text, const struct catalog *catalog, const struct target *target)
{
    if (!target)
        return;
    const struct target_extra *extra = target_extra_of(target);
    add_name(text, "targetRef");
    text_add_char(text, '{');
    add_sym_field(text, catalog, "kind", target_kind(target));
    add_sym_field(text, catalog, "namespace", target->namespace);
    add_field(text, "name", target->name);
    add_uid(text, catalog, target->uid, target_uid_text(target));
    if (extra) {
        add_sym_field(text, catalog, "apiVersion", extra->api_version);
        add_sym_field(text, catalog, "resourceVersion", extra->resource_version);
        add_sym_field(text, catalog, "fieldPath", extra->field_path);
    }
    text_add_char(text, '}');
}

static void add_addresses(struct text *text, const struct catalog *catalog, const char *name,
    struct endpoint *const *items, uint32_t count)
{
    if (count == 0)
        return;
    add_name(text, name);
    text_add_char(text, '[');
    for (uint32_t i = 0; i < count; i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        const char *ip = endpoint_address(catalog, items[i], 0, buffer, &length);
        separate(text);
        text_add(text, "{\"ip\":");
        text_add_json(text, ip, length);
        add_sym_field(text, catalog, "hostname", items[i]->hostname);
        add_pointer(
            text, catalog, "nodeName", items[i]->flags & ENDPOINT_ADDRESS_NODE_NAME, items[i]->node_name);
        add_target(text, catalog, items[i]->target);
        text_add_char(text, '}');
    }
    text_add_char(text, ']');
}

static void add_subset(struct text *text, const struct catalog *catalog, const struct subset *subset)
{
    separate(text);
    text_add_char(text, '{');
    add_addresses(text, catalog, "addresses", subset->addresses.items, subset->addresses.count);
    add_addresses(text, catalog, "notReadyAddresses", subset->not_ready_addresses.items,
        subset->not_ready_addresses.count);
    if (subset->ports->count) {
        add_name(text, "ports");
        text_add_char(text, '[');
        for (uint32_t i = 0; i < subset->ports->count; i++) {
            const struct port *port = &subset->ports->items[i];
            separate(text);
            text_add_char(text, '{');
            add_sym_field(text, catalog, "name", port->name);
            add_name(text, "port");
            text_add_i64(text, port->number);
            add_sym_field(text, catalog, "protocol", port->protocol);
            add_pointer(text, catalog, "appProtocol", port->set & PORT_APP_PROTOCOL, port->app_protocol);
            text_add_char(text, '}');
        }
        text_add_char(text, ']');
    }
    text_add_char(text, '}');
}

void kube_text_endpoints(struct text *text, struct catalog *catalog, const struct endpoints *endpoints)
{
    EPSIM_ASSERT(endpoints->is_explicit);
    text_add(text, "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\"");
    add_metadata(text, catalog, &endpoints->meta, endpoints->over_capacity, NULL, 0);
    if (endpoints->subsets.items.count) {
        add_name(text, "subsets");
        text_add_char(text, '[');
        for (uint32_t i = 0; i < endpoints->subsets.items.count; i++)
            add_subset(text, catalog, &endpoints->subsets.items.items[i]);
        text_add_char(text, ']');
    }
    text_add_char(text, '}');
}

/* --- EndpointSlices --- */

static void add_hints(
    struct text *text, const struct catalog *catalog, const char *name, const sym *hints, uint32_t count)
{
    if (count == 0)
        return;
    add_name(text, name);
    text_add_char(text, '[');
    for (uint32_t i = 0; i < count; i++) {
        separate(text);
        text_add(text, "{\"name\":");
        add_sym(text, catalog, hints[i]);
        text_add_char(text, '}');
    }
    text_add_char(text, ']');
}

void kube_text_slice_endpoint(
    struct text *text, const struct catalog *catalog, const struct endpoint *endpoint)
{
    text_add(text, "{\"addresses\":[");
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        const char *address = endpoint_address(catalog, endpoint, i, buffer, &length);
        separate(text);
        text_add_json(text, address, length);
    }
    text_add(text, "],\"conditions\":{");
    add_condition(text, "ready", endpoint->ready);
    add_condition(text, "serving", endpoint->serving);
    add_condition(text, "terminating", endpoint->terminating);
    text_add_char(text, '}');
    add_pointer(text, catalog, "hostname", endpoint->flags & ENDPOINT_HOSTNAME, endpoint->hostname);
    add_target(text, catalog, endpoint->target);
    const struct endpoint_extra *extra = endpoint->extra;
    if (extra && extra->deprecated_topology && extra->deprecated_topology->count) {
        add_name(text, "deprecatedTopology");
        kube_text_labels(text, catalog, extra->deprecated_topology);
    }
    add_pointer(text, catalog, "nodeName", endpoint->flags & ENDPOINT_SLICE_NODE_NAME, endpoint->node_name);
    add_pointer(text, catalog, "zone", endpoint->flags & ENDPOINT_ZONE, endpoint->zone);
    if (extra && extra->has_hints) {
        add_name(text, "hints");
        text_add_char(text, '{');
        add_hints(text, catalog, "forZones", extra->zone_hints, extra->zone_hint_count);
        add_hints(text, catalog, "forNodes", extra->node_hints, extra->node_hint_count);
        text_add_char(text, '}');
    }
    text_add_char(text, '}');
}

void kube_text_slice_ports(
    struct text *text, const struct catalog *catalog, const struct endpointslice *slice)
{
    if (slice->ports->count == 0) {
        text_add(text, slice->ports_nil ? "null" : "[]");
        return;
    }
    text_add_char(text, '[');
    for (uint32_t i = 0; i < slice->ports->count; i++) {
        const struct port *port = &slice->ports->items[i];
        separate(text);
        text_add_char(text, '{');
        add_pointer(text, catalog, "name", port->set & PORT_NAME, port->name);
        add_pointer(text, catalog, "protocol", port->set & PORT_PROTOCOL, port->protocol);
        if (port->set & PORT_NUMBER) {
            add_name(text, "port");
            text_add_i64(text, port->number);
        }
        add_pointer(text, catalog, "appProtocol", port->set & PORT_APP_PROTOCOL, port->app_protocol);
        text_add_char(text, '}');
    }
    text_add_char(text, ']');
}

void kube_text_slice(struct text *text, struct catalog *catalog, const struct endpointslice *slice)
{
    text_add(text, "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\"");
    add_metadata(text, catalog, &slice->meta, false, slice->owners, slice->owner_count);
    add_name(text, "addressType");
    add_string(text, address_type_text(slice->address_type));
    add_name(text, "endpoints");
    if (slice->endpoints.count == 0) {
        text_add(text, slice->endpoints_nil ? "null" : "[]");
    } else {
        text_add_char(text, '[');
        for (uint32_t i = 0; i < slice->endpoints.count; i++) {
            separate(text);
            kube_text_slice_endpoint(text, catalog, slice->endpoints.items[i]);
        }
        text_add_char(text, ']');
    }
    add_name(text, "ports");
    kube_text_slice_ports(text, catalog, slice);
    text_add_char(text, '}');
}
