/*
 * kube_json.c: Kubernetes' JSON into the model's structs; see kube_json.h.
 */
#include "verify/kube_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/json_diff.h"
#include "verify/kube_text.h"

/* What every reader needs. */
struct reader {
    struct catalog *catalog;
    struct text *problems;
};

/* --- values --- */

static const char *text_of(const json_t *json)
{
    const char *text = json_string_value(json);
    return text ? text : "";
}

static const char *get_text(const json_t *json, const char *name)
{
    return text_of(json_object_get(json, name));
}

static bool has(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return value && !json_is_null(value);
}

static sym get_sym(const struct reader *reader, const json_t *json, const char *name)
{
    return catalog_sym(reader->catalog, get_text(json, name));
}

/* A number of 32 bits, as ports are. */
static int32_t get_int32(const struct reader *reader, const json_t *json, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(json, name));
    if (value < INT32_MIN || value > INT32_MAX) {
        text_printf(reader->problems, "%s: %" JSON_INTEGER_FORMAT " is no number of 32 bits\n", name, value);
        return 0;
    }
    return (int32_t)value;
}

static int64_t get_time(const struct reader *reader, const json_t *json, const char *name)
{
    const char *text = get_text(json, name);
    int64_t ns;
    if (!*text)
        return TIME_NONE;
    if (!rfc3339_parse(text, strlen(text), &ns) || ns % NS_PER_S) {
        text_printf(reader->problems, "%s: %s is no time in whole seconds\n", name, text);
        return TIME_NONE;
    }
    return ns / NS_PER_S;
}

static uint8_t condition_of(const char *status)
{
    if (strcmp(status, "True") == 0)
        return CONDITION_TRUE;
    return strcmp(status, "False") == 0 ? CONDITION_FALSE : CONDITION_UNKNOWN;
}

static uint8_t get_condition(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    if (!json_is_boolean(value))
        return CONDITION_ABSENT;
    return json_is_true(value) ? CONDITION_TRUE : CONDITION_FALSE;
}

static const struct labels *get_labels(const struct reader *reader, json_t *json)
{
    VEC(struct label) items = {0};
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        struct label label = {
            catalog_sym(reader->catalog, key), catalog_sym(reader->catalog, text_of(value))};
        vec_push(&items, label);
    }
    const struct labels *labels = labels_intern(reader->catalog, items.items, items.count);
    vec_fini(&items);
    return labels;
}

/* A uid as the model holds it: a UUID that is not zero, or a text. */
static void set_uid(const struct reader *reader, const char *text, struct uuid *out_uid, sym *out_text)
{
    *out_text = SYM_EMPTY;
    if (uuid_parse(text, strlen(text), out_uid) && !uid_is_none(*out_uid, SYM_EMPTY))
        return;
    *out_uid = (struct uuid){{0}};
    *out_text = catalog_sym(reader->catalog, text);
}

static int8_t get_optional_bool(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_boolean(value) ? (int8_t)json_is_true(value) : -1;
}

static void get_owners(const struct reader *reader, const json_t *json, struct owner *owners)
{
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        struct owner *owner = &owners[i];
        *owner = (struct owner){
            .kind = get_sym(reader, item, "kind"),
            .name = get_sym(reader, item, "name"),
            .api_version = get_sym(reader, item, "apiVersion"),
            .controller = get_optional_bool(item, "controller"),
            .block_owner_deletion = get_optional_bool(item, "blockOwnerDeletion"),
        };
        set_uid(reader, get_text(item, "uid"), &owner->uid, &owner->uid_text);
    }
}

/* What few objects carry, or NULL. `json`: the metadata. */
static const struct meta_rest *get_rest(const struct reader *reader, const json_t *json, bool owners_too)
{
    const json_t *grace = json_object_get(json, "deletionGracePeriodSeconds");
    const json_t *finalizers = json_object_get(json, "finalizers");
    const json_t *owners = owners_too ? json_object_get(json, "ownerReferences") : NULL;
    sym self_link = get_sym(reader, json, "selfLink");
    uint32_t finalizer_count = (uint32_t)json_array_size(finalizers);
    uint32_t owner_count = (uint32_t)json_array_size(owners);
    if (!json_is_integer(grace) && !finalizer_count && !owner_count && self_link == SYM_EMPTY)
        return NULL;
    struct arena *arena = &reader->catalog->arena;
    sym *names = arena_alloc(arena, finalizer_count * sizeof *names);
    for (uint32_t i = 0; i < finalizer_count; i++)
        names[i] = catalog_sym(reader->catalog, text_of(json_array_get(finalizers, i)));
    struct owner *list = arena_alloc(arena, owner_count * sizeof *list);
    get_owners(reader, owners, list);
    struct meta_rest *rest = arena_alloc(arena, sizeof *rest);
    *rest = (struct meta_rest){
        .self_link = self_link,
        .has_grace = json_is_integer(grace),
        .grace_s = json_integer_value(grace),
        .finalizer_count = finalizer_count,
        .finalizers = names,
        .owner_count = owner_count,
        .owners = list,
    };
    return rest;
}

static struct meta get_meta(const struct reader *reader, const json_t *object)
{
    const json_t *json = json_object_get(object, "metadata");
    struct meta meta;
    meta_init(&meta, reader->catalog);
    meta.namespace = get_sym(reader, json, "namespace");
    meta.name = get_sym(reader, json, "name");
    meta.generate_name = get_sym(reader, json, "generateName");
    set_uid(reader, get_text(json, "uid"), &meta.uid, &meta.uid_text);
    meta.resource_version = strtoull(get_text(json, "resourceVersion"), NULL, 10);
    meta.generation = json_integer_value(json_object_get(json, "generation"));
    meta.created_s = get_time(reader, json, "creationTimestamp");
    meta.deletion_s = get_time(reader, json, "deletionTimestamp");
    meta.labels = get_labels(reader, json_object_get(json, "labels"));
    meta.annotations = get_labels(reader, json_object_get(json, "annotations"));
    /* The trigger time is a field of its own when its text says no more than that. */
    sym trigger_key = catalog_word(reader->catalog, WORD_TRIGGER_TIME), trigger;
    if (labels_get(meta.annotations, trigger_key, &trigger)) {
        const char *text = catalog_text(reader->catalog, trigger);
        struct text again = {0};
        int64_t ns;
        if (rfc3339_parse(text, strlen(text), &ns) && ns % NS_PER_S == 0) {
            text_add_rfc3339(&again, ns);
            if (strcmp(again.data, text) == 0) {
                meta.trigger_s = ns / NS_PER_S;
                meta.annotations = labels_without(reader->catalog, meta.annotations, trigger_key);
            }
        }
        text_fini(&again);
    }
    return meta;
}

/* --- pods, nodes, services --- */

static void add_container_ports(
    const struct reader *reader, const json_t *container, struct port **ports, uint32_t *count)
{
    size_t i;
    const json_t *json;
    json_array_foreach(json_object_get(container, "ports"), i, json)
    {
        const char *protocol = get_text(json, "protocol");
        *ports = mem_array(*ports, *count + 1, sizeof **ports);
        (*ports)[(*count)++] = (struct port){
            .name = get_sym(reader, json, "name"),
            .protocol = catalog_sym(reader->catalog, *protocol ? protocol : "TCP"),
            .number = get_int32(reader, json, "containerPort"),
            .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
        };
    }
}

static const struct port_list *get_container_ports(const struct reader *reader, const json_t *spec)
{
    struct port *ports = NULL;
    uint32_t count = 0;
    size_t i;
    const json_t *container;
    json_array_foreach(json_object_get(spec, "containers"), i, container)
        add_container_ports(reader, container, &ports, &count);
    json_array_foreach(json_object_get(spec, "initContainers"), i, container)
    {
        if (strcmp(get_text(container, "restartPolicy"), "Always") == 0)
            add_container_ports(reader, container, &ports, &count);
    }
    const struct port_list *list = ports_intern(reader->catalog, ports, count);
    free(ports);
    return list;
}

static enum pod_phase get_phase(const char *text)
{
    static const char *const names[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    for (int i = 0; i < 5; i++)
        if (strcmp(names[i], text) == 0)
            return (enum pod_phase)i;
    return POD_UNKNOWN;
}

/* The first condition of type Ready; NULL: none. */
static const json_t *ready_condition(const json_t *status)
{
    size_t i;
    const json_t *condition;
    json_array_foreach(json_object_get(status, "conditions"), i, condition)
    {
        if (strcmp(get_text(condition, "type"), "Ready") == 0)
            return condition;
    }
    return NULL;
}

struct pod *kube_pod(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct reader reader = {catalog, problems};
    const json_t *metadata = json_object_get(json, "metadata");
    const json_t *spec = json_object_get(json, "spec");
    const json_t *status = json_object_get(json, "status");
    struct meta meta = get_meta(&reader, json);
    const char *name = get_text(metadata, "name");
    struct target_extra extra = {.kind = catalog_word(catalog, WORD_POD), .uid_text = meta.uid_text};
    struct target *self =
        target_create(catalog, meta.namespace, name, (uint32_t)strlen(name), meta.uid, &extra);
    struct pod *pod = pod_create(catalog, self, meta.created_s);
    pod->resource_version = meta.resource_version;
    pod_set_labels(pod, meta.labels);
    pod_set_deletion(
        pod, meta.deletion_s, json_integer_value(json_object_get(metadata, "deletionGracePeriodSeconds")));
    pod->node_name = get_sym(&reader, spec, "nodeName");
    sym hostname = get_sym(&reader, spec, "hostname");
    pod_set_hostname(pod, hostname, get_sym(&reader, spec, "subdomain"));
    pod_set_container_ports(pod, get_container_ports(&reader, spec));
    pod->phase = (uint8_t)get_phase(get_text(status, "phase"));
    const json_t *ready = ready_condition(status);
    if (ready) {
        pod->ready = condition_of(get_text(ready, "status"));
        pod_set_ready_since(pod, get_time(&reader, ready, "lastTransitionTime"));
    }
    VEC(const char *) ips = {0};
    size_t i;
    const json_t *ip;
    json_array_foreach(json_object_get(status, "podIPs"), i, ip) vec_push(&ips, get_text(ip, "ip"));
    pod_set_ips(pod, catalog, ips.items, ips.count);
    pod->has_pod_ip = *get_text(status, "podIP") != '\0';
    vec_fini(&ips);
    return pod;
}

/* A quantity of cpu in thousandths: "2" or "500m". */
static int64_t get_milli(const char *text)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    return *end == 'm' ? value : value * 1000;
}

struct node *kube_node(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct reader reader = {catalog, problems};
    const json_t *status = json_object_get(json, "status");
    struct node *node = node_create(catalog);
    node->meta = get_meta(&reader, json);
    const json_t *ready = ready_condition(status);
    if (ready)
        node->ready = condition_of(get_text(ready, "status"));
    node->cpu_milli = get_milli(get_text(json_object_get(status, "allocatable"), "cpu"));
    node->pods_max = UINT32_MAX;
    return node;
}

static struct service_port get_service_port(const struct reader *reader, const json_t *json)
{
    const char *protocol = get_text(json, "protocol");
    const json_t *target = json_object_get(json, "targetPort");
    struct service_port port = {
        .name = get_sym(reader, json, "name"),
        .protocol = catalog_sym(reader->catalog, *protocol ? protocol : "TCP"),
        .app_protocol = get_sym(reader, json, "appProtocol"),
        .has_app_protocol = has(json, "appProtocol"),
        .port = get_int32(reader, json, "port"),
        .node_port = get_int32(reader, json, "nodePort"),
    };
    if (json_is_string(target))
        port.target_name = catalog_sym(reader->catalog, json_string_value(target));
    else
        port.target_port = target ? get_int32(reader, json, "targetPort") : port.port;
    return port;
}

static enum service_type get_service_type(const char *text)
{
    static const char *const names[] = {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"};
    for (int i = 1; i < 4; i++)
        if (strcmp(names[i], text) == 0)
            return (enum service_type)i;
    return SERVICE_CLUSTER_IP;
}

struct service *kube_service(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct reader reader = {catalog, problems};
    const json_t *spec = json_object_get(json, "spec");
    json_t *selector = json_object_get(spec, "selector");
    const json_t *ports = json_object_get(spec, "ports"), *families = json_object_get(spec, "ipFamilies");
    size_t port_count = json_array_size(ports);
    if (port_count > SERVICE_PORTS_MAX) {
        text_printf(problems, "ports: %zu are too many\n", port_count);
        port_count = SERVICE_PORTS_MAX;
    }
    struct service *service = service_create(catalog, (uint32_t)port_count);
    service->meta = get_meta(&reader, json);
    service->type = get_service_type(get_text(spec, "type"));
    service->cluster_ip = get_sym(&reader, spec, "clusterIP");
    service->selector = json_object_size(selector) ? get_labels(&reader, selector) : NULL;
    service->publish_not_ready_addresses = json_is_true(json_object_get(spec, "publishNotReadyAddresses"));
    service->traffic_distribution = get_sym(&reader, spec, "trafficDistribution");
    service->external_name = get_sym(&reader, spec, "externalName");
    size_t i;
    const json_t *item;
    json_array_foreach(families, i, item)
    {
        if (service->family_count < 2)
            service->families[service->family_count++] = strcmp(text_of(item), "IPv6") == 0 ? IP_V6 : IP_V4;
        else
            text_add(problems, "more than two ipFamilies\n");
    }
    for (i = 0; i < port_count; i++)
        service->ports[i] = get_service_port(&reader, json_array_get(ports, i));
    return service;
}

/* --- Endpoints --- */

static struct target *get_target(const struct reader *reader, const json_t *json)
{
    if (!json)
        return NULL;
    struct target_extra extra = {
        .kind = get_sym(reader, json, "kind"),
        .api_version = get_sym(reader, json, "apiVersion"),
        .resource_version = get_sym(reader, json, "resourceVersion"),
        .field_path = get_sym(reader, json, "fieldPath"),
    };
    struct uuid uid;
    set_uid(reader, get_text(json, "uid"), &uid, &extra.uid_text);
    const char *name = get_text(json, "name");
    return target_create(
        reader->catalog, get_sym(reader, json, "namespace"), name, (uint32_t)strlen(name), uid, &extra);
}

/* One port of a subset (core) or of a slice (discovery). */
static struct port get_port(const struct reader *reader, const json_t *json, bool core)
{
    struct port port = {
        .name = get_sym(reader, json, "name"),
        .protocol = get_sym(reader, json, "protocol"),
        .app_protocol = get_sym(reader, json, "appProtocol"),
        .number = get_int32(reader, json, "port"),
    };
    port.set |= core || has(json, "name") ? PORT_NAME : 0;
    port.set |= core || has(json, "protocol") ? PORT_PROTOCOL : 0;
    port.set |= core || has(json, "port") ? PORT_NUMBER : 0;
    port.set |= has(json, "appProtocol") ? PORT_APP_PROTOCOL : 0;
    return port;
}

static const struct port_list *get_ports(const struct reader *reader, const json_t *json, bool core)
{
    VEC(struct port) ports = {0};
    size_t i;
    const json_t *item;
    json_array_foreach(json, i, item) vec_push(&ports, get_port(reader, item, core));
    const struct port_list *list = ports_intern(reader->catalog, ports.items, ports.count);
    vec_fini(&ports);
    return list;
}

static struct endpoint *get_address(const struct reader *reader, const json_t *json)
{
    struct endpoint_draft draft = {
        .hostname = get_sym(reader, json, "hostname"),
        .node_name = get_sym(reader, json, "nodeName"),
        .flags = has(json, "nodeName") ? ENDPOINT_ADDRESS_NODE_NAME : 0,
        .target = get_target(reader, json_object_get(json, "targetRef")),
    };
    draft.extra = mem_zalloc(sizeof *draft.extra);
    draft.extra->address_count = 1;
    draft.extra->addresses = mem_alloc(sizeof *draft.extra->addresses);
    draft.extra->addresses[0] = get_sym(reader, json, "ip");
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
    const struct reader reader = {catalog, problems};
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->is_explicit = true;
    endpoints->meta = get_meta(&reader, json);
    endpoints->meta.rest = get_rest(&reader, json_object_get(json, "metadata"), true);
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

static sym *get_names(const struct reader *reader, const json_t *json, uint32_t *out_count)
{
    *out_count = (uint32_t)json_array_size(json);
    sym *names = mem_array(NULL, *out_count, sizeof *names);
    for (uint32_t i = 0; i < *out_count; i++)
        names[i] = get_sym(reader, json_array_get(json, i), "name");
    return names;
}

static struct endpoint *get_slice_endpoint(const struct reader *reader, const json_t *json)
{
    const json_t *conditions = json_object_get(json, "conditions");
    const json_t *addresses = json_object_get(json, "addresses"), *hints = json_object_get(json, "hints");
    struct endpoint_draft draft = {
        .ready = get_condition(conditions, "ready"),
        .serving = get_condition(conditions, "serving"),
        .terminating = get_condition(conditions, "terminating"),
        .hostname = get_sym(reader, json, "hostname"),
        .node_name = get_sym(reader, json, "nodeName"),
        .zone = get_sym(reader, json, "zone"),
        .target = get_target(reader, json_object_get(json, "targetRef")),
    };
    draft.flags |= has(json, "hostname") ? ENDPOINT_HOSTNAME : 0;
    draft.flags |= has(json, "nodeName") ? ENDPOINT_SLICE_NODE_NAME : 0;
    draft.flags |= has(json, "zone") ? ENDPOINT_ZONE : 0;
    struct endpoint_extra *extra = draft.extra = mem_zalloc(sizeof *draft.extra);
    extra->address_count = (uint32_t)json_array_size(addresses);
    extra->addresses = mem_array(NULL, extra->address_count, sizeof *extra->addresses);
    for (uint32_t i = 0; i < extra->address_count; i++)
        extra->addresses[i] = catalog_sym(reader->catalog, text_of(json_array_get(addresses, i)));
    if (has(json, "deprecatedTopology"))
        extra->deprecated_topology = get_labels(reader, json_object_get(json, "deprecatedTopology"));
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
    const struct reader reader = {catalog, problems};
    const json_t *endpoints = json_object_get(json, "endpoints"), *ports = json_object_get(json, "ports");
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta = get_meta(&reader, json);
    slice->address_type = get_address_type(get_text(json, "addressType"));
    const json_t *metadata = json_object_get(json, "metadata");
    const json_t *owners = json_object_get(metadata, "ownerReferences");
    slice->owner_count = (uint32_t)json_array_size(owners);
    slice->owners = mem_array(NULL, slice->owner_count, sizeof *slice->owners);
    get_owners(&reader, owners, slice->owners);
    slice->meta.rest = get_rest(&reader, metadata, false);
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
    const struct reader reader = {catalog, problems};
    const json_t *list = json_object_get(json_object_get(json, "metadata"), "managedFields");
    uint32_t count = (uint32_t)json_array_size(list);
    struct managed_entry *entries = arena_alloc(arena, count * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i), *fields = json_object_get(item, "fieldsV1");
        entries[i] = (struct managed_entry){
            .manager = copy_text(arena, get_text(item, "manager")),
            .operation = copy_text(arena, get_text(item, "operation")),
            .api_version = copy_text(arena, get_text(item, "apiVersion")),
            .fields_type = copy_text(arena, get_text(item, "fieldsType")),
            .subresource = copy_text(arena, get_text(item, "subresource")),
            .time_s = get_time(&reader, item, "time"),
            .fields = fields && !json_is_null(fields) ? copy_tree(arena, fields, problems) : NULL,
        };
    }
    return (struct managed_list){count, entries};
}
