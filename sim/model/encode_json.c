/*
 * encode_json_tree.c: see encode_json.h. Fields come in Go's declaration order; what is empty is left out
 * where Go's `omitempty` does so.
 */
#include "model/encode_json.h"

#include <string.h>

#include "model/annotations.h"
#include "model/size.h"

/* What the functions below share. */
struct writer {
    struct arena *arena;
    const struct catalog *catalog;
};

static struct json_tree *sym_json(const struct writer *writer, sym symbol)
{
    return json_tree_string(
        writer->arena, catalog_text(writer->catalog, symbol), catalog_length(writer->catalog, symbol));
}

static void set_sym(const struct writer *writer, struct json_tree *object, const char *key, sym symbol)
{
    json_tree_set(object, key, sym_json(writer, symbol));
}

/* With omitempty. */
static void set_sym_if(const struct writer *writer, struct json_tree *object, const char *key, sym symbol)
{
    if (symbol != SYM_EMPTY)
        set_sym(writer, object, key, symbol);
}

static void set_uid_if(
    const struct writer *writer, struct json_tree *object, const char *key, struct uuid uid, sym text)
{
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *bytes = uid_text(writer->catalog, uid, text, buffer, &length);
    if (length)
        json_tree_set(object, key, json_tree_string(writer->arena, bytes, length));
}

static void set_time_if(
    const struct writer *writer, struct json_tree *object, const char *key, int64_t seconds)
{
    if (seconds == TIME_NONE)
        return;
    struct text time = {0};
    text_add_rfc3339(&time, seconds * NS_PER_S);
    json_tree_set(object, key, json_tree_string(writer->arena, time.data, time.length));
    text_fini(&time);
}

static void set_number_text(
    const struct writer *writer, struct json_tree *object, const char *key, uint64_t value)
{
    struct text digits = {0};
    text_add_u64(&digits, value);
    json_tree_set(object, key, json_tree_string(writer->arena, digits.data, digits.length));
    text_fini(&digits);
}

static void set_labels_if(
    const struct writer *writer, struct json_tree *object, const char *key, const struct labels *labels)
{
    if (!labels || labels->count == 0)
        return;
    struct json_tree *map = json_tree_object(writer->arena);
    for (uint32_t i = 0; i < labels->count; i++)
        set_sym(writer, map, catalog_text(writer->catalog, labels->items[i].key), labels->items[i].value);
    json_tree_set(object, key, map);
}

/* --- metadata ----------------------------------------------------------------------------------------- */

static struct json_tree *object_json(const struct writer *writer, const char *kind, const char *api_version)
{
    struct json_tree *object = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, object, "kind", kind);
    json_tree_set_string(writer->arena, object, "apiVersion", api_version);
    return object;
}

static struct json_tree *owner_json(const struct writer *writer, const struct owner *owner)
{
    struct json_tree *object = json_tree_object(writer->arena);
    set_sym(writer, object, "apiVersion", owner->api_version);
    set_sym(writer, object, "kind", owner->kind);
    set_sym(writer, object, "name", owner->name);
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *uid = uid_text(writer->catalog, owner->uid, owner->uid_text, buffer, &length);
    json_tree_set(object, "uid", json_tree_string(writer->arena, uid, length));
    if (owner->controller >= 0)
        json_tree_set_bool(writer->arena, object, "controller", owner->controller);
    if (owner->block_owner_deletion >= 0)
        json_tree_set_bool(writer->arena, object, "blockOwnerDeletion", owner->block_owner_deletion);
    return object;
}

/* A copy of `from`: a tree has one parent, and entries may be encoded more than once. */
static struct json_tree *copy_json(const struct writer *writer, const struct json_tree *from)
{
    struct json_tree *copy = arena_alloc(writer->arena, sizeof *copy);
    *copy = *from;
    copy->key = NULL;
    copy->next = NULL;
    return copy;
}

static struct json_tree *managed_json(const struct writer *writer, const struct managed_entry *entry)
{
    struct json_tree *object = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, object, "manager", entry->manager);
    json_tree_set_string(writer->arena, object, "operation", entry->operation);
    json_tree_set_string(writer->arena, object, "apiVersion", entry->api_version);
    set_time_if(writer, object, "time", entry->time_s);
    json_tree_set_string(writer->arena, object, "fieldsType", entry->fields_type);
    if (entry->fields)
        json_tree_set(object, "fieldsV1", copy_json(writer, entry->fields));
    if (entry->subresource[0])
        json_tree_set_string(writer->arena, object, "subresource", entry->subresource);
    return object;
}

static void set_meta(const struct writer *writer, struct json_tree *object, const struct meta *meta,
    bool over_capacity, const struct owner *owners, uint32_t owner_count, const struct managed_list *managed)
{
    struct json_tree *json = json_tree_object(writer->arena);
    set_sym_if(writer, json, "name", meta->name);
    set_sym_if(writer, json, "generateName", meta->generate_name);
    set_sym_if(writer, json, "namespace", meta->namespace);
    set_uid_if(writer, json, "uid", meta->uid, meta->uid_text);
    if (meta->resource_version)
        set_number_text(writer, json, "resourceVersion", meta->resource_version);
    if (meta->generation)
        json_tree_set_int(writer->arena, json, "generation", meta->generation);
    set_time_if(writer, json, "creationTimestamp", meta->created_s);
    set_time_if(writer, json, "deletionTimestamp", meta->deletion_s);
    set_labels_if(writer, json, "labels", meta->labels);
    struct annotation_list annotations = annotations_of(writer->arena, writer->catalog, meta, over_capacity);
    if (annotations.count) {
        struct json_tree *map = json_tree_object(writer->arena);
        for (uint32_t i = 0; i < annotations.count; i++)
            json_tree_set_string(writer->arena, map, annotations.items[i].key, annotations.items[i].value);
        json_tree_set(json, "annotations", map);
    }
    if (owner_count) {
        struct json_tree *list = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < owner_count; i++)
            json_tree_add(list, owner_json(writer, &owners[i]));
        json_tree_set(json, "ownerReferences", list);
    }
    if (managed && managed->count) {
        struct json_tree *list = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < managed->count; i++)
            json_tree_add(list, managed_json(writer, &managed->items[i]));
        json_tree_set(json, "managedFields", list);
    }
    json_tree_set(object, "metadata", json);
}

/* --- Endpoints ---------------------------------------------------------------------------------------- */

static void set_target_if(const struct writer *writer, struct json_tree *object, const struct target *target)
{
    if (!target)
        return;
    const struct target_extra none = {0};
    const struct target_extra *extra = target->extra ? target->extra : &none;
    struct json_tree *json = json_tree_object(writer->arena);
    set_sym_if(writer, json, "kind", target_kind(target));
    set_sym_if(writer, json, "namespace", target->namespace);
    if (target->name_length)
        json_tree_set(json, "name", json_tree_string(writer->arena, target->name, target->name_length));
    set_uid_if(writer, json, "uid", target->uid, extra->uid_text);
    set_sym_if(writer, json, "apiVersion", extra->api_version);
    set_sym_if(writer, json, "resourceVersion", extra->resource_version);
    set_sym_if(writer, json, "fieldPath", extra->field_path);
    json_tree_set(object, "targetRef", json);
}

static struct json_tree *address_text_json(
    const struct writer *writer, const struct endpoint *endpoint, uint32_t i)
{
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *text = endpoint_address(writer->catalog, endpoint, i, buffer, &length);
    return json_tree_string(writer->arena, text, length);
}

static struct json_tree *address_json(const struct writer *writer, const struct endpoint *endpoint)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_tree_set(json, "ip", address_text_json(writer, endpoint, 0));
    set_sym_if(writer, json, "hostname", endpoint->hostname);
    if (endpoint->flags & ENDPOINT_ADDRESS_NODE_NAME)
        set_sym(writer, json, "nodeName", endpoint->node_name);
    set_target_if(writer, json, endpoint->target);
    return json;
}

static void set_addresses_if(const struct writer *writer, struct json_tree *object, const char *key,
    struct endpoint *const *endpoints, uint32_t count)
{
    if (count == 0)
        return;
    struct json_tree *list = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < count; i++)
        json_tree_add(list, address_json(writer, endpoints[i]));
    json_tree_set(object, key, list);
}

static struct json_tree *subset_json(const struct writer *writer, const struct subset *subset)
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
        set_sym_if(writer, item, "name", port->name);
        json_tree_set_int(writer->arena, item, "port", port->number);
        set_sym_if(writer, item, "protocol", port->protocol);
        if (port->set & PORT_APP_PROTOCOL)
            set_sym(writer, item, "appProtocol", port->app_protocol);
        json_tree_add(ports, item);
    }
    json_tree_set(json, "ports", ports);
    return json;
}

struct json_tree *encode_endpoints_json(struct arena *arena, const struct catalog *catalog,
    const struct endpoints *endpoints, const struct subset_list *subsets, const struct managed_list *managed)
{
    const struct writer writer = {arena, catalog};
    struct json_tree *object = object_json(&writer, "Endpoints", "v1");
    set_meta(&writer, object, &endpoints->meta, endpoints->over_capacity, NULL, 0, managed);
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
    const struct writer *writer, struct json_tree *object, const char *key, uint8_t condition)
{
    if (condition != CONDITION_ABSENT)
        json_tree_set_bool(writer->arena, object, key, condition == CONDITION_TRUE);
}

static void set_hints_if(
    const struct writer *writer, struct json_tree *object, const char *key, const sym *names, uint32_t count)
{
    if (count == 0)
        return;
    struct json_tree *list = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < count; i++) {
        struct json_tree *hint = json_tree_object(writer->arena);
        set_sym(writer, hint, "name", names[i]);
        json_tree_add(list, hint);
    }
    json_tree_set(object, key, list);
}

static struct json_tree *slice_endpoint_json(const struct writer *writer, const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint->extra;
    struct json_tree *json = json_tree_object(writer->arena);
    struct json_tree *addresses = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++)
        json_tree_add(addresses, address_text_json(writer, endpoint, i));
    json_tree_set(json, "addresses", addresses);
    struct json_tree *conditions = json_tree_object(writer->arena);
    set_condition_if(writer, conditions, "ready", endpoint->ready);
    set_condition_if(writer, conditions, "serving", endpoint->serving);
    set_condition_if(writer, conditions, "terminating", endpoint->terminating);
    json_tree_set(json, "conditions", conditions);
    if (endpoint->flags & ENDPOINT_HOSTNAME)
        set_sym(writer, json, "hostname", endpoint->hostname);
    set_target_if(writer, json, endpoint->target);
    if (extra)
        set_labels_if(writer, json, "deprecatedTopology", extra->deprecated_topology);
    if (endpoint->flags & ENDPOINT_SLICE_NODE_NAME)
        set_sym(writer, json, "nodeName", endpoint->node_name);
    if (endpoint->flags & ENDPOINT_ZONE)
        set_sym(writer, json, "zone", endpoint->zone);
    if (extra && extra->has_hints) {
        struct json_tree *hints = json_tree_object(writer->arena);
        set_hints_if(writer, hints, "forZones", extra->zone_hints, extra->zone_hint_count);
        set_hints_if(writer, hints, "forNodes", extra->node_hints, extra->node_hint_count);
        json_tree_set(json, "hints", hints);
    }
    return json;
}

static struct json_tree *slice_port_json(const struct writer *writer, const struct port *port)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (port->set & PORT_NAME)
        set_sym(writer, json, "name", port->name);
    if (port->set & PORT_PROTOCOL)
        set_sym(writer, json, "protocol", port->protocol);
    if (port->set & PORT_NUMBER)
        json_tree_set_int(writer->arena, json, "port", port->number);
    if (port->set & PORT_APP_PROTOCOL)
        set_sym(writer, json, "appProtocol", port->app_protocol);
    return json;
}

struct json_tree *encode_endpointslice_json(struct arena *arena, const struct catalog *catalog,
    const struct endpointslice *slice, const struct managed_list *managed)
{
    const struct writer writer = {arena, catalog};
    struct json_tree *object = object_json(&writer, "EndpointSlice", "discovery.k8s.io/v1");
    set_meta(&writer, object, &slice->meta, false, slice->owners, slice->owner_count, managed);
    json_tree_set_string(arena, object, "addressType", address_type_text(slice->address_type));
    struct json_tree *endpoints = slice->endpoints.count ? json_tree_array(arena) : json_tree_null(arena);
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        json_tree_add(endpoints, slice_endpoint_json(&writer, slice->endpoints.items[i]));
    json_tree_set(object, "endpoints", endpoints);
    struct json_tree *ports = slice->ports->count ? json_tree_array(arena) : json_tree_null(arena);
    for (uint32_t i = 0; i < slice->ports->count; i++)
        json_tree_add(ports, slice_port_json(&writer, &slice->ports->items[i]));
    json_tree_set(object, "ports", ports);
    return object;
}

/* --- Pod ---------------------------------------------------------------------------------------------- */

static const char *condition_text(uint8_t condition)
{
    return condition == CONDITION_TRUE ? "True" : condition == CONDITION_FALSE ? "False" : "Unknown";
}

static const char *phase_text(uint8_t phase)
{
    static const char *const texts[] = {
        [POD_PENDING] = "Pending",
        [POD_RUNNING] = "Running",
        [POD_SUCCEEDED] = "Succeeded",
        [POD_FAILED] = "Failed",
        [POD_UNKNOWN] = "Unknown",
    };
    return texts[phase];
}

static struct json_tree *ready_condition_json(const struct writer *writer, uint8_t status, int64_t since_s)
{
    struct json_tree *condition = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, condition, "type", "Ready");
    json_tree_set_string(writer->arena, condition, "status", condition_text(status));
    set_time_if(writer, condition, "lastTransitionTime", since_s);
    struct json_tree *list = json_tree_array(writer->arena);
    json_tree_add(list, condition);
    return list;
}

static struct json_tree *pod_ip_json(const struct writer *writer, const struct pod *pod, uint32_t i)
{
    if (pod->ips && pod->ips->items[i].raw != SYM_EMPTY)
        return sym_json(writer, pod->ips->items[i].raw);
    char text[IP_TEXT_MAX];
    struct ip ip = pod_ip(pod, i);
    return json_tree_string(writer->arena, text, ip.family == IP_NONE ? 0 : ip_format(ip, text));
}

static struct json_tree *pod_metadata_json(const struct writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_tree_set(json, "name", json_tree_string(writer->arena, pod->self->name, pod->self->name_length));
    set_sym_if(writer, json, "namespace", pod->self->namespace);
    set_uid_if(writer, json, "uid", pod->self->uid, target_uid_text(pod->self));
    if (pod->resource_version)
        set_number_text(writer, json, "resourceVersion", pod->resource_version);
    set_time_if(writer, json, "creationTimestamp", pod->created_s);
    set_time_if(writer, json, "deletionTimestamp", pod->deletion_s);
    if (pod_is_terminating(pod))
        json_tree_set_int(writer->arena, json, "deletionGracePeriodSeconds", pod->grace_s);
    set_labels_if(writer, json, "labels", pod->labels);
    return json;
}

/* The ports of all containers stand in one: the model does not keep them apart. */
static struct json_tree *pod_spec_json(const struct writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (pod->container_ports->count) {
        struct json_tree *ports = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < pod->container_ports->count; i++) {
            const struct port *port = &pod->container_ports->items[i];
            struct json_tree *item = json_tree_object(writer->arena);
            set_sym_if(writer, item, "name", port->name);
            json_tree_set_int(writer->arena, item, "containerPort", port->number);
            set_sym_if(writer, item, "protocol", port->protocol);
            json_tree_add(ports, item);
        }
        struct json_tree *container = json_tree_object(writer->arena);
        json_tree_set(container, "ports", ports);
        struct json_tree *containers = json_tree_array(writer->arena);
        json_tree_add(containers, container);
        json_tree_set(json, "containers", containers);
    }
    set_sym_if(writer, json, "nodeName", pod->node_name);
    set_sym_if(writer, json, "hostname", pod->hostname);
    set_sym_if(writer, json, "subdomain", pod->subdomain);
    return json;
}

static struct json_tree *pod_status_json(const struct writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, json, "phase", phase_text(pod->phase));
    if (pod->ready != CONDITION_ABSENT)
        json_tree_set(json, "conditions", ready_condition_json(writer, pod->ready, pod->ready_since_s));
    uint32_t ip_count = pod_ip_count(pod);
    if (ip_count && pod->has_pod_ip)
        json_tree_set(json, "podIP", pod_ip_json(writer, pod, 0));
    if (ip_count) {
        struct json_tree *ips = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < ip_count; i++) {
            struct json_tree *item = json_tree_object(writer->arena);
            json_tree_set(item, "ip", pod_ip_json(writer, pod, i));
            json_tree_add(ips, item);
        }
        json_tree_set(json, "podIPs", ips);
    }
    return json;
}

struct json_tree *encode_pod_json(struct arena *arena, const struct catalog *catalog, const struct pod *pod)
{
    const struct writer writer = {arena, catalog};
    struct json_tree *object = object_json(&writer, "Pod", "v1");
    json_tree_set(object, "metadata", pod_metadata_json(&writer, pod));
    json_tree_set(object, "spec", pod_spec_json(&writer, pod));
    json_tree_set(object, "status", pod_status_json(&writer, pod));
    return object;
}

/* --- Service ------------------------------------------------------------------------------------------ */

static const char *service_type_text(enum service_type type)
{
    switch (type) {
    case SERVICE_CLUSTER_IP:
        return "ClusterIP";
    case SERVICE_NODE_PORT:
        return "NodePort";
    case SERVICE_LOAD_BALANCER:
        return "LoadBalancer";
    case SERVICE_EXTERNAL_NAME:
        return "ExternalName";
    }
    return "";
}

static struct json_tree *service_port_json(const struct writer *writer, const struct service_port *port)
{
    struct json_tree *json = json_tree_object(writer->arena);
    set_sym_if(writer, json, "name", port->name);
    set_sym_if(writer, json, "protocol", port->protocol);
    if (port->has_app_protocol)
        set_sym(writer, json, "appProtocol", port->app_protocol);
    json_tree_set_int(writer->arena, json, "port", port->port);
    if (port->target_name != SYM_EMPTY)
        set_sym(writer, json, "targetPort", port->target_name);
    else
        json_tree_set_int(writer->arena, json, "targetPort", port->target_port);
    if (port->node_port)
        json_tree_set_int(writer->arena, json, "nodePort", port->node_port);
    return json;
}

static struct json_tree *service_spec_json(const struct writer *writer, const struct service *service)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (service->port_count) {
        struct json_tree *ports = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < service->port_count; i++)
            json_tree_add(ports, service_port_json(writer, &service->ports[i]));
        json_tree_set(json, "ports", ports);
    }
    set_labels_if(writer, json, "selector", service->selector);
    set_sym_if(writer, json, "clusterIP", service->cluster_ip);
    json_tree_set_string(writer->arena, json, "type", service_type_text(service->type));
    set_sym_if(writer, json, "externalName", service->external_name);
    if (service->publish_not_ready_addresses)
        json_tree_set_bool(writer->arena, json, "publishNotReadyAddresses", true);
    if (service->family_count) {
        struct json_tree *families = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < service->family_count; i++) {
            const char *family = service->families[i] == IP_V6 ? "IPv6" : "IPv4";
            json_tree_add(families, json_tree_string(writer->arena, family, strlen(family)));
        }
        json_tree_set(json, "ipFamilies", families);
    }
    set_sym_if(writer, json, "trafficDistribution", service->traffic_distribution);
    return json;
}

struct json_tree *encode_service_json(
    struct arena *arena, const struct catalog *catalog, const struct service *service)
{
    const struct writer writer = {arena, catalog};
    struct json_tree *object = object_json(&writer, "Service", "v1");
    set_meta(&writer, object, &service->meta, false, NULL, 0, NULL);
    json_tree_set(object, "spec", service_spec_json(&writer, service));
    struct json_tree *status = json_tree_object(arena);
    json_tree_set(status, "loadBalancer", json_tree_object(arena));
    json_tree_set(object, "status", status);
    return object;
}

/* --- Node --------------------------------------------------------------------------------------------- */

static struct json_tree *range_json(const struct writer *writer, const struct ip_range *range)
{
    char ip[IP_TEXT_MAX];
    struct text text = {0};
    text_add_bytes(&text, ip, ip_format(range->base, ip));
    text_printf(&text, "/%u", (unsigned)range->prefix_length);
    struct json_tree *json = json_tree_string(writer->arena, text.data, text.length);
    text_fini(&text);
    return json;
}

static struct json_tree *node_spec_json(const struct writer *writer, const struct node *node)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (node->pod_range_count) {
        json_tree_set(json, "podCIDR", range_json(writer, &node->pod_ranges[0]));
        struct json_tree *ranges = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < node->pod_range_count; i++)
            json_tree_add(ranges, range_json(writer, &node->pod_ranges[i]));
        json_tree_set(json, "podCIDRs", ranges);
    }
    if (node->unschedulable)
        json_tree_set_bool(writer->arena, json, "unschedulable", true);
    return json;
}

static struct json_tree *node_status_json(const struct writer *writer, const struct node *node)
{
    struct json_tree *json = json_tree_object(writer->arena);
    struct json_tree *allocatable = json_tree_object(writer->arena);
    if (node->cpu_milli) {
        struct text cpu = {0};
        bool whole = node->cpu_milli % 1000 == 0;
        text_add_i64(&cpu, whole ? node->cpu_milli / 1000 : node->cpu_milli);
        text_add(&cpu, whole ? "" : "m");
        json_tree_set(allocatable, "cpu", json_tree_string(writer->arena, cpu.data, cpu.length));
        text_fini(&cpu);
    }
    if (node->pods_max != UINT32_MAX)
        set_number_text(writer, allocatable, "pods", node->pods_max);
    if (allocatable->count)
        json_tree_set(json, "allocatable", allocatable);
    if (node->ready != CONDITION_ABSENT)
        json_tree_set(json, "conditions", ready_condition_json(writer, node->ready, TIME_NONE));
    return json;
}

struct json_tree *encode_node_json(
    struct arena *arena, const struct catalog *catalog, const struct node *node)
{
    const struct writer writer = {arena, catalog};
    struct json_tree *object = object_json(&writer, "Node", "v1");
    set_meta(&writer, object, &node->meta, false, NULL, 0, NULL);
    json_tree_set(object, "spec", node_spec_json(&writer, node));
    json_tree_set(object, "status", node_status_json(&writer, node));
    return object;
}

/* --- lists and sizes ---------------------------------------------------------------------------------- */

struct json_tree *encode_list_json(struct arena *arena, struct json_tree **out_items)
{
    struct json_tree *list = json_tree_object(arena);
    struct json_tree *metadata = json_tree_object(arena);
    *out_items = json_tree_array(arena);
    json_tree_set_string(arena, list, "kind", "List");
    json_tree_set_string(arena, list, "apiVersion", "v1");
    json_tree_set_string(arena, metadata, "resourceVersion", "");
    json_tree_set(list, "metadata", metadata);
    json_tree_set(list, "items", *out_items);
    return list;
}

static uint64_t compact_length(const struct json_tree *json)
{
    struct text text = {0};
    json_tree_write_compact(json, &text);
    uint64_t length = text.length;
    text_fini(&text);
    return length;
}

uint64_t encode_endpoints_json_bytes(
    const struct catalog *catalog, const struct endpoints *endpoints, const struct subset_list *subsets)
{
    struct arena arena;
    arena_init(&arena);
    struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, SIZE_TIME_ANY);
    uint64_t bytes = compact_length(encode_endpoints_json(&arena, catalog, endpoints, subsets, &managed));
    arena_fini(&arena);
    return bytes;
}

uint64_t encode_endpointslice_json_bytes(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct arena arena;
    arena_init(&arena);
    struct managed_list managed = managed_of_endpointslice(&arena, catalog, slice, SIZE_TIME_ANY);
    uint64_t bytes = compact_length(encode_endpointslice_json(&arena, catalog, slice, &managed));
    arena_fini(&arena);
    return bytes;
}
