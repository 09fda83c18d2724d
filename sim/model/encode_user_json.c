/*
 * encode_user_json.c: see encode_user_json.h. Fields come in Go's declaration order.
 */
#include "model/encode_user_json.h"

#include <string.h>

#include "base/text.h"
#include "model/json_writer.h"

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

static struct json_tree *ready_condition_json(
    const struct json_writer *writer, uint8_t status, int64_t since_s)
{
    struct json_tree *condition = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, condition, "type", "Ready");
    json_tree_set_string(writer->arena, condition, "status", condition_text(status));
    json_writer_set_time_if(writer, condition, "lastTransitionTime", since_s);
    struct json_tree *list = json_tree_array(writer->arena);
    json_tree_add(list, condition);
    return list;
}

static struct json_tree *pod_ip_json(const struct json_writer *writer, const struct pod *pod, uint32_t i)
{
    if (pod_ip_raw(pod, i) != SYM_EMPTY)
        return json_writer_sym(writer, pod_ip_raw(pod, i));
    char text[IP_TEXT_MAX];
    struct ip ip = pod_ip(pod, i);
    return json_tree_string(writer->arena, text, ip.family == IP_NONE ? 0 : ip_format(ip, text));
}

static struct json_tree *pod_metadata_json(const struct json_writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    const struct target *self = pod_self(pod);
    json_tree_set(
        json, "name", json_tree_string(writer->arena, target_name_here(self), target_name_length(self)));
    json_writer_set_sym_if(writer, json, "namespace", self->namespace);
    json_writer_set_uid_if(writer, json, "uid", target_uid(self), target_uid_text(self));
    if (pod->resource_version)
        json_writer_set_number_text(writer, json, "resourceVersion", pod->resource_version);
    json_writer_set_time_if(writer, json, "creationTimestamp", pod_created_s(pod));
    json_writer_set_time_if(writer, json, "deletionTimestamp", pod_deletion_s(pod));
    if (pod_is_terminating(pod))
        json_tree_set_int(writer->arena, json, "deletionGracePeriodSeconds", pod_grace_s(pod));
    json_writer_set_labels_if(writer, json, "labels", pod_labels(pod));
    return json;
}

/* The ports of all containers stand in one: the model does not keep them apart. */
static struct json_tree *pod_spec_json(const struct json_writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (pod_container_ports(pod)->count) {
        struct json_tree *ports = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < pod_container_ports(pod)->count; i++) {
            const struct port *port = &pod_container_ports(pod)->items[i];
            struct json_tree *item = json_tree_object(writer->arena);
            json_writer_set_sym_if(writer, item, "name", port->name);
            json_tree_set_int(writer->arena, item, "containerPort", port->number);
            json_writer_set_sym_if(writer, item, "protocol", port->protocol);
            json_tree_add(ports, item);
        }
        struct json_tree *container = json_tree_object(writer->arena);
        json_tree_set(container, "ports", ports);
        struct json_tree *containers = json_tree_array(writer->arena);
        json_tree_add(containers, container);
        json_tree_set(json, "containers", containers);
    }
    json_writer_set_sym_if(writer, json, "nodeName", pod->node_name);
    json_writer_set_sym_if(writer, json, "hostname", pod_hostname(pod));
    json_writer_set_sym_if(writer, json, "subdomain", pod_subdomain(pod));
    return json;
}

static struct json_tree *pod_status_json(const struct json_writer *writer, const struct pod *pod)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, json, "phase", phase_text(pod->phase));
    if (pod->ready != CONDITION_ABSENT)
        json_tree_set(json, "conditions", ready_condition_json(writer, pod->ready, pod_ready_since_s(pod)));
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
    const struct json_writer writer = {arena, catalog};
    struct json_tree *object = json_writer_object(&writer, "Pod", "v1");
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

static struct json_tree *service_port_json(const struct json_writer *writer, const struct service_port *port)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_writer_set_sym_if(writer, json, "name", port->name);
    json_writer_set_sym_if(writer, json, "protocol", port->protocol);
    if (port->has_app_protocol)
        json_writer_set_sym(writer, json, "appProtocol", port->app_protocol);
    json_tree_set_int(writer->arena, json, "port", port->port);
    if (port->target_name != SYM_EMPTY)
        json_writer_set_sym(writer, json, "targetPort", port->target_name);
    else
        json_tree_set_int(writer->arena, json, "targetPort", port->target_port);
    if (port->node_port)
        json_tree_set_int(writer->arena, json, "nodePort", port->node_port);
    return json;
}

static struct json_tree *service_spec_json(const struct json_writer *writer, const struct service *service)
{
    struct json_tree *json = json_tree_object(writer->arena);
    if (service->port_count) {
        struct json_tree *ports = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < service->port_count; i++)
            json_tree_add(ports, service_port_json(writer, &service->ports[i]));
        json_tree_set(json, "ports", ports);
    }
    json_writer_set_labels_if(writer, json, "selector", service->selector);
    json_writer_set_sym_if(writer, json, "clusterIP", service->cluster_ip);
    json_tree_set_string(writer->arena, json, "type", service_type_text(service->type));
    json_writer_set_sym_if(writer, json, "externalName", service->external_name);
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
    json_writer_set_sym_if(writer, json, "trafficDistribution", service->traffic_distribution);
    return json;
}

struct json_tree *encode_service_json(
    struct arena *arena, const struct catalog *catalog, const struct service *service)
{
    const struct json_writer writer = {arena, catalog};
    struct json_tree *object = json_writer_object(&writer, "Service", "v1");
    json_writer_set_meta(&writer, object, &service->meta, false, NULL, 0, NULL);
    json_tree_set(object, "spec", service_spec_json(&writer, service));
    struct json_tree *status = json_tree_object(arena);
    json_tree_set(status, "loadBalancer", json_tree_object(arena));
    json_tree_set(object, "status", status);
    return object;
}

/* --- Node --------------------------------------------------------------------------------------------- */

static struct json_tree *range_json(const struct json_writer *writer, const struct ip_range *range)
{
    char ip[IP_TEXT_MAX];
    struct text text = {0};
    text_add_bytes(&text, ip, ip_format(range->base, ip));
    text_printf(&text, "/%u", (unsigned)range->prefix_length);
    struct json_tree *json = json_tree_string(writer->arena, text.data, text.length);
    text_fini(&text);
    return json;
}

static struct json_tree *node_spec_json(const struct json_writer *writer, const struct node *node)
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

static struct json_tree *node_status_json(const struct json_writer *writer, const struct node *node)
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
        json_writer_set_number_text(writer, allocatable, "pods", node->pods_max);
    if (allocatable->count)
        json_tree_set(json, "allocatable", allocatable);
    if (node->ready != CONDITION_ABSENT)
        json_tree_set(json, "conditions", ready_condition_json(writer, node->ready, TIME_NONE));
    return json;
}

struct json_tree *encode_node_json(
    struct arena *arena, const struct catalog *catalog, const struct node *node)
{
    const struct json_writer writer = {arena, catalog};
    struct json_tree *object = json_writer_object(&writer, "Node", "v1");
    json_writer_set_meta(&writer, object, &node->meta, false, NULL, 0, NULL);
    json_tree_set(object, "spec", node_spec_json(&writer, node));
    json_tree_set(object, "status", node_status_json(&writer, node));
    return object;
}

/* --- lists -------------------------------------------------------------------------------------------- */

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
