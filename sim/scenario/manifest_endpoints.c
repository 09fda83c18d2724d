/*
 * manifest_endpoints.c: Endpoints and EndpointSlices as somebody wrote them by hand, or as a dump has them.
 */
#include <string.h>

#include "base/ip.h"
#include "model/endpointslice.h"
#include "model/names.h"
#include "model/pod.h"
#include "scenario/manifest.h"

#define PORT_MAX 65535

/* --- ports ------------------------------------------------------------------------------------------ */

static void bind_port_number(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct port_spec *port = target;
    struct field number = *field;
    number.type = FIELD_I32;
    number.type_text = NULL;
    static const struct schema plain = {.name = "a port", .is_kubernetes = true};
    bind_field(binder, &plain, &number, pair, target);
    port->has_number = port->number > 0;
}

#define PORT_FIELDS(required) \
    {.name = "name", \
        .type = FIELD_TEXT, \
        .offset = offsetof(struct port_spec, name), \
        .check = check_port_name}, \
        {.name = "port", \
            .type = FIELD_CUSTOM, \
            .flags = (required), \
            .offset = offsetof(struct port_spec, number), \
            .min = 1, \
            .max = PORT_MAX, \
            .bind = bind_port_number, \
            .type_text = "an integer from 1 to 65535"}, \
        {.name = "protocol", \
            .type = FIELD_CUSTOM, \
            .offset = offsetof(struct port_spec, protocol), \
            .bind = bind_protocol, \
            .type_text = "one of TCP, UDP, SCTP", \
            .fallback = "TCP"}, \
    { \
        .name = "appProtocol", .type = FIELD_TEXT, .offset = offsetof(struct port_spec, app_protocol), \
        .check = name_check_label_key \
    }

static const char *check_port_name(const char *text, size_t length)
{
    return length == 0 ? NULL : name_check_label(text, length);
}

/* The API server fills in the protocol. */
static void port_init(void *target)
{
    *(struct port_spec *)target = (struct port_spec){.protocol = "TCP"};
}

static const struct field subset_port_fields[] = {PORT_FIELDS(FIELD_REQUIRED)};
static const struct field slice_port_fields[] = {PORT_FIELDS(0)};
static const struct schema subset_port_schema = {
    .name = "a port", FIELDS(subset_port_fields), .is_kubernetes = true, .init = port_init};
static const struct schema slice_port_schema = {
    .name = "a port", FIELDS(slice_port_fields), .is_kubernetes = true, .init = port_init};

/* --- target references ------------------------------------------------------------------------------ */

static const struct field target_fields[] = {
    {.name = "kind", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_kind)},
    {.name = "namespace", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_namespace)},
    {.name = "name", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_name)},
    {.name = "uid", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_uid)},
    {.name = "apiVersion", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_api_version)},
    {.name = "resourceVersion",
        .type = FIELD_TEXT,
        .offset = offsetof(struct endpoint_spec, target_resource_version)},
    {.name = "fieldPath", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, target_field_path)},
};
static void target_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    (void)binder, (void)node;
    ((struct endpoint_spec *)target)->has_target = true;
}
static const struct schema target_schema = {
    .name = "targetRef", FIELDS(target_fields), .is_kubernetes = true, .check = target_check};

static void endpoint_init(void *target)
{
    struct endpoint_spec *endpoint = target;
    *endpoint = (struct endpoint_spec){.ready = CONDITION_ABSENT, .serving = CONDITION_ABSENT};
    endpoint->target_kind = endpoint->target_namespace = endpoint->target_name = endpoint->target_uid = "";
    endpoint->target_api_version = endpoint->target_resource_version = endpoint->target_field_path = "";
}

/* --- Endpoints -------------------------------------------------------------------------------------- */

static void bind_address_ip(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct endpoint_spec *endpoint = target;
    const char *text = bind_text(binder, field, pair->value);
    if (!text)
        return;
    if (ip_parse(text, strlen(text)).family == IP_NONE) {
        diag_error(binder->diag, pair->value->at, "'%.60s' is no IP address", text);
        return;
    }
    endpoint->addresses = arena_alloc(binder->arena, sizeof *endpoint->addresses);
    endpoint->addresses[0] = text;
    endpoint->address_count = 1;
}

static const struct field address_fields[] = {
    {.name = "ip",
        .type = FIELD_CUSTOM,
        .flags = FIELD_REQUIRED,
        .bind = bind_address_ip,
        .type_text = "an IP address"},
    {.name = "hostname",
        .type = FIELD_TEXT,
        .offset = offsetof(struct endpoint_spec, hostname),
        .check = name_check_label},
    {.name = "nodeName", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, node_name)},
    {.name = "targetRef", .type = FIELD_OBJECT, .object = &target_schema},
};
static const struct schema address_schema = {
    .name = "an address", FIELDS(address_fields), .is_kubernetes = true, .init = endpoint_init};

#define ADDRESSES(field_name, member, member_count) \
    { \
        .name = field_name, .type = FIELD_LIST, .offset = offsetof(struct subset_spec, member), \
        .count_offset = offsetof(struct subset_spec, member_count), \
        .item_size = sizeof(struct endpoint_spec), .object = &address_schema \
    }

static const struct field subset_fields[] = {
    ADDRESSES("addresses", addresses, address_count),
    ADDRESSES("notReadyAddresses", not_ready_addresses, not_ready_count),
    {.name = "ports",
        .type = FIELD_LIST,
        .offset = offsetof(struct subset_spec, ports),
        .count_offset = offsetof(struct subset_spec, port_count),
        .item_size = sizeof(struct port_spec),
        .object = &subset_port_schema},
};
static void subset_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct subset_spec *subset = target;
    if (subset->address_count == 0 && subset->not_ready_count == 0)
        diag_error(binder->diag, node->at, "a subset needs 'addresses' or 'notReadyAddresses'");
    for (uint32_t i = 0; subset->port_count > 1 && i < subset->port_count; i++)
        if (!subset->ports[i].name || !*subset->ports[i].name)
            diag_error(binder->diag, yaml_get(node, "ports")->items[i]->at,
                "a port needs 'name' when there are several");
}
static const struct schema subset_schema = {
    .name = "a subset", FIELDS(subset_fields), .is_kubernetes = true, .check = subset_check};

static const struct field endpoints_fields[] = {
    MANIFEST_HEAD,
    {.name = "subsets",
        .type = FIELD_LIST,
        .offset = offsetof(struct manifest, endpoints.subsets),
        .count_offset = offsetof(struct manifest, endpoints.subset_count),
        .item_size = sizeof(struct subset_spec),
        .object = &subset_schema},
};
const struct schema endpoints_manifest_schema = {
    .name = "an Endpoints object", FIELDS(endpoints_fields), .is_kubernetes = true};

/* --- EndpointSlices --------------------------------------------------------------------------------- */

static const struct field endpoint_condition_fields[] = {
    {.name = "ready", .type = FIELD_CONDITION, .offset = offsetof(struct endpoint_spec, ready)},
    {.name = "serving", .type = FIELD_CONDITION, .offset = offsetof(struct endpoint_spec, serving)},
    {.name = "terminating", .type = FIELD_CONDITION, .offset = offsetof(struct endpoint_spec, terminating)},
};
static const struct schema endpoint_conditions_schema = {
    .name = "conditions", FIELDS(endpoint_condition_fields), .is_kubernetes = true};

/* forZones and forNodes: a list of {name}. */
static void bind_hint_names(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    if (!bind_is_list(binder, field, pair->value) || pair->value->item_count == 0)
        return;
    const char **names = arena_alloc(binder->arena, pair->value->item_count * sizeof *names);
    uint32_t count = 0;
    struct field name_field = {.name = "name", .type = FIELD_TEXT};
    for (uint32_t i = 0; i < pair->value->item_count; i++) {
        const struct yaml_node *name = yaml_get(pair->value->items[i], "name");
        const char *text = name ? bind_text(binder, &name_field, name) : NULL;
        if (!name)
            diag_error(binder->diag, pair->value->items[i]->at, "a hint is a mapping with 'name'");
        else if (text)
            names[count++] = text;
    }
    *(const char ***)(void *)((char *)target + field->offset) = names;
    *(uint32_t *)(void *)((char *)target + field->count_offset) = count;
}

static const struct field hint_fields[] = {
    {.name = "forZones",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct endpoint_spec, zone_hints),
        .count_offset = offsetof(struct endpoint_spec, zone_hint_count),
        .bind = bind_hint_names,
        .type_text = "a list of `{name: ZONE}`"},
    {.name = "forNodes",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct endpoint_spec, node_hints),
        .count_offset = offsetof(struct endpoint_spec, node_hint_count),
        .bind = bind_hint_names,
        .type_text = "a list of `{name: NODE}`"},
};
static void hints_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    (void)binder, (void)node;
    ((struct endpoint_spec *)target)->has_hints = true;
}
static const struct schema hints_schema = {
    .name = "hints", FIELDS(hint_fields), .is_kubernetes = true, .check = hints_check};

static const struct field endpoint_fields[] = {
    {.name = "addresses",
        .type = FIELD_TEXTS,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct endpoint_spec, addresses),
        .count_offset = offsetof(struct endpoint_spec, address_count)},
    {.name = "conditions", .type = FIELD_OBJECT, .object = &endpoint_conditions_schema},
    {.name = "hostname",
        .type = FIELD_TEXT,
        .offset = offsetof(struct endpoint_spec, hostname),
        .check = name_check_label},
    {.name = "nodeName", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, node_name)},
    {.name = "zone", .type = FIELD_TEXT, .offset = offsetof(struct endpoint_spec, zone)},
    {.name = "targetRef", .type = FIELD_OBJECT, .object = &target_schema},
    {.name = "deprecatedTopology",
        .type = FIELD_MAP,
        .offset = offsetof(struct endpoint_spec, deprecated_topology)},
    {.name = "hints", .type = FIELD_OBJECT, .object = &hints_schema},
};
static const struct schema endpoint_schema = {
    .name = "an endpoint", FIELDS(endpoint_fields), .is_kubernetes = true, .init = endpoint_init};

static const struct choice address_types[] = {
    {"IPv4", ADDRESS_IPV4, NULL},
    {"IPv6", ADDRESS_IPV6, NULL},
    {"FQDN", ADDRESS_FQDN, NULL},
};

static const struct field endpointslice_fields[] = {
    MANIFEST_HEAD,
    {.name = "addressType",
        .type = FIELD_CHOICE,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct manifest, endpointslice.address_type),
        CHOICES(address_types)},
    {.name = "endpoints",
        .type = FIELD_LIST,
        .offset = offsetof(struct manifest, endpointslice.endpoints),
        .count_offset = offsetof(struct manifest, endpointslice.endpoint_count),
        .item_size = sizeof(struct endpoint_spec),
        .object = &endpoint_schema},
    {.name = "ports",
        .type = FIELD_LIST,
        .offset = offsetof(struct manifest, endpointslice.ports),
        .count_offset = offsetof(struct manifest, endpointslice.port_count),
        .item_size = sizeof(struct port_spec),
        .object = &slice_port_schema},
};

static bool is_absent(const struct yaml_node *node)
{
    return !node || yaml_is_null(node);
}

/* An FQDN is not looked at; an IP address must be of the slice's family. */
static void check_addresses(
    struct binder *binder, const struct yaml_node *list, const struct endpointslice_spec *slice)
{
    uint8_t family = slice->address_type == ADDRESS_IPV4 ? IP_V4 : IP_V6;
    for (uint32_t i = 0; slice->address_type != ADDRESS_FQDN && i < slice->endpoint_count; i++) {
        const struct yaml_node *addresses = yaml_get(list->items[i], "addresses");
        for (uint32_t a = 0; a < slice->endpoints[i].address_count; a++) {
            const char *text = slice->endpoints[i].addresses[a];
            if (ip_parse(text, strlen(text)).family != family) {
                diag_error(binder->diag, addresses->at, "'%.60s' is no %s address", text,
                    family == IP_V4 ? "IPv4" : "IPv6");
                break;
            }
        }
    }
}

static void endpointslice_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    struct endpointslice_spec *slice = &((struct manifest *)target)->endpointslice;
    const struct yaml_node *endpoints = yaml_get(node, "endpoints");
    slice->endpoints_nil = is_absent(endpoints);
    slice->ports_nil = is_absent(yaml_get(node, "ports"));
    if (slice->endpoint_count > ENDPOINTS_PER_SLICE_MAX)
        diag_error(binder->diag, endpoints->at, "a slice has at most %d endpoints", ENDPOINTS_PER_SLICE_MAX);
    if (!is_absent(yaml_get(node, "addressType")))
        check_addresses(binder, endpoints, slice);
}

const struct schema endpointslice_manifest_schema = {.name = "an EndpointSlice",
    FIELDS(endpointslice_fields),
    .is_kubernetes = true,
    .check = endpointslice_check};
