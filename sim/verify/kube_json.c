/*
 * kube_json.c: see kube_json.h.
 */
#include "verify/kube_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/json_diff.h"
#include "verify/kube_reader.h"
#include "verify/kube_text.h"

/* --- Endpoints --- */

static struct target *get_target(const struct kube_reader *reader, const json_t *json)
{
    if (!json)
        return NULL;
    struct target_extra extra = {
        .kind = kube_read_sym(reader, json, "kind"),
        .api_version = kube_read_sym(reader, json, "apiVersion"),
        .resource_version = kube_read_sym(reader, json, "resourceVersion"),
        .field_path = kube_read_sym(reader, json, "fieldPath"),
    };
    struct uuid uid;
    kube_read_uid(reader, kube_read_text(json, "uid"), &uid, &extra.uid_text);
    const char *name = kube_read_text(json, "name");
    return target_create(
        reader->catalog, kube_read_sym(reader, json, "namespace"), name, (uint32_t)strlen(name), uid, &extra);
}

/* One port of a subset (core) or of a slice (discovery). */
static struct port get_port(const struct kube_reader *reader, const json_t *json, bool core)
{
    struct port port = {
        .name = kube_read_sym(reader, json, "name"),
        .protocol = kube_read_sym(reader, json, "protocol"),
        .app_protocol = kube_read_sym(reader, json, "appProtocol"),
        .number = kube_read_int32(reader, json, "port"),
    };
    port.set |= core || kube_has(json, "name") ? PORT_NAME : 0;
    port.set |= core || kube_has(json, "protocol") ? PORT_PROTOCOL : 0;
    port.set |= core || kube_has(json, "port") ? PORT_NUMBER : 0;
    port.set |= kube_has(json, "appProtocol") ? PORT_APP_PROTOCOL : 0;
    return port;
}

static const struct port_list *get_ports(const struct kube_reader *reader, const json_t *json, bool core)
{
    VEC(struct port) ports = {0};
    size_t i;
    const json_t *item;
    json_array_foreach(json, i, item) vec_push(&ports, get_port(reader, item, core));
    const struct port_list *list = ports_intern(reader->catalog, ports.items, ports.count);
    vec_fini(&ports);
    return list;
}

static struct endpoint *get_address(const struct kube_reader *reader, const json_t *json)
{
    struct endpoint_draft draft = {
        .hostname = kube_read_sym(reader, json, "hostname"),
        .node_name = kube_read_sym(reader, json, "nodeName"),
        .flags = kube_has(json, "nodeName") ? ENDPOINT_ADDRESS_NODE_NAME : 0,
        .target = get_target(reader, json_object_get(json, "targetRef")),
    };
    draft.extra = mem_zalloc(sizeof *draft.extra);
    draft.extra->address_count = 1;
    draft.extra->addresses = mem_alloc(sizeof *draft.extra->addresses);
    draft.extra->addresses[0] = kube_read_sym(reader, json, "ip");
    return endpoint_create(reader->catalog, &draft);
}

/* Printed again, an object must be what was read. */
static void check_text(struct text *text, const json_t *json, struct text *problems)
{
    json_t *again = json_loads(text->data, 0, NULL);
    struct text differences = {0};
    if (!json_diff(json, again, "managedFields", &differences))
        text_printf(problems, "what epsim cannot hold of this object:\n%s", differences.data);
    text_fini(&differences);
    json_decref(again);
    text_fini(text);
}

struct endpoints *kube_endpoints(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct kube_reader reader = {catalog, problems};
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->is_explicit = true;
    endpoints->meta = kube_read_meta(&reader, json);
    endpoints->meta.rest = kube_read_rest(&reader, json_object_get(json, "metadata"), true);
    sym key = catalog_word(catalog, WORD_OVER_CAPACITY), value;
    if (labels_get(endpoints->meta.annotations, key, &value) &&
        value == catalog_word(catalog, WORD_TRUNCATED)) {
        endpoints->over_capacity = true;
        endpoints->meta.annotations = labels_without(catalog, endpoints->meta.annotations, key);
    }
    size_t i, k;
    const json_t *item, *address;
    json_array_foreach(json_object_get(json, "subsets"), i, item)
    {
        struct subset subset = {.ports = get_ports(&reader, json_object_get(item, "ports"), true)};
        json_array_foreach(json_object_get(item, "addresses"), k, address)
            vec_push(&subset.addresses, get_address(&reader, address));
        json_array_foreach(json_object_get(item, "notReadyAddresses"), k, address)
            vec_push(&subset.not_ready_addresses, get_address(&reader, address));
        vec_push(&endpoints->subsets.items, subset);
    }
    struct text text = {0};
    kube_text_endpoints(&text, catalog, endpoints);
    check_text(&text, json, problems);
    return endpoints;
}

/* --- EndpointSlices --- */

static sym *get_names(const struct kube_reader *reader, const json_t *json, uint32_t *out_count)
{
    *out_count = (uint32_t)json_array_size(json);
    sym *names = mem_array(NULL, *out_count, sizeof *names);
    for (uint32_t i = 0; i < *out_count; i++)
        names[i] = kube_read_sym(reader, json_array_get(json, i), "name");
    return names;
}

static uint8_t get_condition(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    if (!json_is_boolean(value))
        return CONDITION_ABSENT;
    return json_is_true(value) ? CONDITION_TRUE : CONDITION_FALSE;
}

static struct endpoint *get_slice_endpoint(const struct kube_reader *reader, const json_t *json)
{
    const json_t *conditions = json_object_get(json, "conditions");
    const json_t *addresses = json_object_get(json, "addresses"), *hints = json_object_get(json, "hints");
    struct endpoint_draft draft = {
        .ready = get_condition(conditions, "ready"),
        .serving = get_condition(conditions, "serving"),
        .terminating = get_condition(conditions, "terminating"),
        .hostname = kube_read_sym(reader, json, "hostname"),
        .node_name = kube_read_sym(reader, json, "nodeName"),
        .zone = kube_read_sym(reader, json, "zone"),
        .target = get_target(reader, json_object_get(json, "targetRef")),
    };
    draft.flags |= kube_has(json, "hostname") ? ENDPOINT_HOSTNAME : 0;
    draft.flags |= kube_has(json, "nodeName") ? ENDPOINT_SLICE_NODE_NAME : 0;
    draft.flags |= kube_has(json, "zone") ? ENDPOINT_ZONE : 0;
    struct endpoint_extra *extra = draft.extra = mem_zalloc(sizeof *draft.extra);
    extra->address_count = (uint32_t)json_array_size(addresses);
    extra->addresses = mem_array(NULL, extra->address_count, sizeof *extra->addresses);
    for (uint32_t i = 0; i < extra->address_count; i++)
        extra->addresses[i] = catalog_sym(reader->catalog, kube_string(json_array_get(addresses, i)));
    if (kube_has(json, "deprecatedTopology"))
        extra->deprecated_topology = kube_read_labels(reader, json_object_get(json, "deprecatedTopology"));
    if (hints) {
        extra->has_hints = true;
        extra->zone_hints = get_names(reader, json_object_get(hints, "forZones"), &extra->zone_hint_count);
        extra->node_hints = get_names(reader, json_object_get(hints, "forNodes"), &extra->node_hint_count);
    }
    return endpoint_create(reader->catalog, &draft);
}

static enum address_type get_address_type(const char *text)
{
    if (strcmp(text, "IPv4") == 0)
        return ADDRESS_IPV4;
    return strcmp(text, "IPv6") == 0 ? ADDRESS_IPV6 : ADDRESS_FQDN;
}

struct endpointslice *kube_endpointslice(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct kube_reader reader = {catalog, problems};
    const json_t *endpoints = json_object_get(json, "endpoints"), *ports = json_object_get(json, "ports");
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta = kube_read_meta(&reader, json);
    slice->address_type = get_address_type(kube_read_text(json, "addressType"));
    const json_t *metadata = json_object_get(json, "metadata");
    const json_t *owners = json_object_get(metadata, "ownerReferences");
    slice->owner_count = (uint32_t)json_array_size(owners);
    slice->owners = mem_array(NULL, slice->owner_count, sizeof *slice->owners);
    kube_read_owners(&reader, owners, slice->owners);
    slice->meta.rest = kube_read_rest(&reader, metadata, false);
    slice->ports = get_ports(&reader, ports, false);
    slice->ports_nil = !json_is_array(ports);
    slice->endpoints_nil = !json_is_array(endpoints);
    size_t i;
    const json_t *item;
    json_array_foreach(endpoints, i, item) endpointslice_append(slice, get_slice_endpoint(&reader, item));
    struct text text = {0};
    kube_text_slice(&text, catalog, slice);
    check_text(&text, json, problems);
    return slice;
}

/* --- managedFields --- */

static const char *copy_text(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

/* fieldsV1 is maps of maps; anything else is kept as well as possible. */
static struct json_tree *copy_tree(struct arena *arena, const json_t *json, struct text *problems)
{
    if (json_is_object(json)) {
        struct json_tree *tree = json_tree_object(arena);
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)json, key, value)
            json_tree_set(tree, copy_text(arena, key), copy_tree(arena, value, problems));
        return tree;
    }
    if (json_is_array(json)) {
        struct json_tree *tree = json_tree_array(arena);
        for (size_t i = 0; i < json_array_size(json); i++)
            json_tree_add(tree, copy_tree(arena, json_array_get(json, i), problems));
        return tree;
    }
    if (json_is_string(json))
        return json_tree_string(arena, json_string_value(json), json_string_length(json));
    if (json_is_integer(json))
        return json_tree_int(arena, json_integer_value(json));
    if (json_is_boolean(json))
        return json_tree_bool(arena, json_is_true(json));
    if (json_is_real(json))
        text_add(problems, "fieldsV1 holds a number that is not whole\n");
    return json_tree_null(arena);
}

struct managed_list kube_managed_fields(
    struct arena *arena, struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct kube_reader reader = {catalog, problems};
    const json_t *list = json_object_get(json_object_get(json, "metadata"), "managedFields");
    uint32_t count = (uint32_t)json_array_size(list);
    struct managed_entry *entries = arena_alloc(arena, count * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i), *fields = json_object_get(item, "fieldsV1");
        entries[i] = (struct managed_entry){
            .manager = copy_text(arena, kube_read_text(item, "manager")),
            .operation = copy_text(arena, kube_read_text(item, "operation")),
            .api_version = copy_text(arena, kube_read_text(item, "apiVersion")),
            .fields_type = copy_text(arena, kube_read_text(item, "fieldsType")),
            .subresource = copy_text(arena, kube_read_text(item, "subresource")),
            .time_s = kube_read_time(&reader, item, "time"),
            .fields = fields && !json_is_null(fields) ? copy_tree(arena, fields, problems) : NULL,
        };
    }
    return (struct managed_list){count, entries};
}
