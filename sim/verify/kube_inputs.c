/*
 * kube_inputs.c: see kube_inputs.h.
 */
#include "verify/kube_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/kube_reader.h"

static void add_container_ports(
    const struct kube_reader *reader, const json_t *container, struct port **ports, uint32_t *count)
{
    size_t i;
    const json_t *json;
    json_array_foreach(json_object_get(container, "ports"), i, json)
    {
        const char *protocol = kube_read_text(json, "protocol");
        *ports = mem_array(*ports, *count + 1, sizeof **ports);
        (*ports)[(*count)++] = (struct port){
            .name = kube_read_sym(reader, json, "name"),
            .protocol = catalog_sym(reader->catalog, *protocol ? protocol : "TCP"),
            .number = kube_read_int32(reader, json, "containerPort"),
            .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
        };
    }
}

static const struct port_list *get_container_ports(const struct kube_reader *reader, const json_t *spec)
{
    struct port *ports = NULL;
    uint32_t count = 0;
    size_t i;
    const json_t *container;
    json_array_foreach(json_object_get(spec, "containers"), i, container)
        add_container_ports(reader, container, &ports, &count);
    json_array_foreach(json_object_get(spec, "initContainers"), i, container)
    {
        if (strcmp(kube_read_text(container, "restartPolicy"), "Always") == 0)
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
        if (strcmp(kube_read_text(condition, "type"), "Ready") == 0)
            return condition;
    }
    return NULL;
}

static uint8_t condition_of(const char *status)
{
    if (strcmp(status, "True") == 0)
        return CONDITION_TRUE;
    return strcmp(status, "False") == 0 ? CONDITION_FALSE : CONDITION_UNKNOWN;
}

struct pod *kube_pod(struct catalog *catalog, const json_t *json, struct text *problems)
{
    const struct kube_reader reader = {catalog, problems};
    const json_t *metadata = json_object_get(json, "metadata");
    const json_t *spec = json_object_get(json, "spec");
    const json_t *status = json_object_get(json, "status");
    struct meta meta = kube_read_meta(&reader, json);
    const char *name = kube_read_text(metadata, "name");
    struct target_extra extra = {.kind = catalog_word(catalog, WORD_POD), .uid_text = meta.uid_text};
    struct target *self =
        target_create(catalog, meta.namespace, name, (uint32_t)strlen(name), meta.uid, &extra);
    struct pod *pod = pod_create(catalog, self, meta.created_s);
    pod->resource_version = meta.resource_version;
    pod_set_labels(pod, meta.labels);
    pod_set_deletion(
        pod, meta.deletion_s, json_integer_value(json_object_get(metadata, "deletionGracePeriodSeconds")));
    pod->node_name = kube_read_sym(&reader, spec, "nodeName");
    sym hostname = kube_read_sym(&reader, spec, "hostname");
    pod_set_hostname(pod, hostname, kube_read_sym(&reader, spec, "subdomain"));
    pod_set_container_ports(pod, get_container_ports(&reader, spec));
    pod->phase = (uint8_t)get_phase(kube_read_text(status, "phase"));
    const json_t *ready = ready_condition(status);
    if (ready) {
        pod->ready = condition_of(kube_read_text(ready, "status"));
        pod_set_ready_since(pod, kube_read_time(&reader, ready, "lastTransitionTime"));
    }
    VEC(const char *) ips = {0};
    size_t i;
    const json_t *ip;
    json_array_foreach(json_object_get(status, "podIPs"), i, ip) vec_push(&ips, kube_read_text(ip, "ip"));
    pod_set_ips(pod, catalog, ips.items, ips.count);
    pod->has_pod_ip = *kube_read_text(status, "podIP") != '\0';
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
    const struct kube_reader reader = {catalog, problems};
    const json_t *status = json_object_get(json, "status");
    struct node *node = node_create(catalog);
    node->meta = kube_read_meta(&reader, json);
    const json_t *ready = ready_condition(status);
    if (ready)
        node->ready = condition_of(kube_read_text(ready, "status"));
    node->cpu_milli = get_milli(kube_read_text(json_object_get(status, "allocatable"), "cpu"));
    node->pods_max = UINT32_MAX;
    return node;
}

static struct service_port get_service_port(const struct kube_reader *reader, const json_t *json)
{
    const char *protocol = kube_read_text(json, "protocol");
    const json_t *target = json_object_get(json, "targetPort");
    struct service_port port = {
        .name = kube_read_sym(reader, json, "name"),
        .protocol = catalog_sym(reader->catalog, *protocol ? protocol : "TCP"),
        .app_protocol = kube_read_sym(reader, json, "appProtocol"),
        .has_app_protocol = kube_has(json, "appProtocol"),
        .port = kube_read_int32(reader, json, "port"),
        .node_port = kube_read_int32(reader, json, "nodePort"),
    };
    if (json_is_string(target))
        port.target_name = catalog_sym(reader->catalog, json_string_value(target));
    else
        port.target_port = target ? kube_read_int32(reader, json, "targetPort") : port.port;
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
    const struct kube_reader reader = {catalog, problems};
    const json_t *spec = json_object_get(json, "spec");
    json_t *selector = json_object_get(spec, "selector");
    const json_t *ports = json_object_get(spec, "ports"), *families = json_object_get(spec, "ipFamilies");
    size_t port_count = json_array_size(ports);
    if (port_count > SERVICE_PORTS_MAX) {
        text_printf(problems, "ports: %zu are too many\n", port_count);
        port_count = SERVICE_PORTS_MAX;
    }
    struct service *service = service_create(catalog, (uint32_t)port_count);
    service->meta = kube_read_meta(&reader, json);
    service->type = get_service_type(kube_read_text(spec, "type"));
    service->cluster_ip = kube_read_sym(&reader, spec, "clusterIP");
    service->selector = json_object_size(selector) ? kube_read_labels(&reader, selector) : NULL;
    service->publish_not_ready_addresses = json_is_true(json_object_get(spec, "publishNotReadyAddresses"));
    service->traffic_distribution = kube_read_sym(&reader, spec, "trafficDistribution");
    service->external_name = kube_read_sym(&reader, spec, "externalName");
    size_t i;
    const json_t *item;
    json_array_foreach(families, i, item)
    {
        if (service->family_count < 2)
            service->families[service->family_count++] =
                strcmp(kube_string(item), "IPv6") == 0 ? IP_V6 : IP_V4;
        else
            text_add(problems, "more than two ipFamilies\n");
    }
    for (i = 0; i < port_count; i++)
        service->ports[i] = get_service_port(&reader, json_array_get(ports, i));
    return service;
}
