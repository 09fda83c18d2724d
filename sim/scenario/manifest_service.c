/*
 * manifest_service.c: Services, as the API server validates them.
 */
#include <string.h>

#include "base/ip.h"
#include "base/map.h"
#include "base/number.h"
#include "model/names.h"
#include "scenario/manifest.h"

#define PORT_MAX 65535

static void bind_target_port(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct service_port_spec *port = target;
    const struct yaml_node *value = pair->value;
    int64_t number;
    if (value->kind == YAML_SCALAR && value->style == YAML_PLAIN &&
        int_parse(value->text, value->length, 1, PORT_MAX, &number)) {
        port->target_port = (int32_t)number;
        return;
    }
    if (value->kind != YAML_SCALAR || yaml_plain_type(value)) {
        bind_report_type(binder, field, value);
        return;
    }
    const char *name = bind_text(binder, field, value);
    if (name)
        port->target_name = name;
}

static void service_port_init(void *target)
{
    struct service_port_spec *port = target;
    *port = (struct service_port_spec){.name = "", .protocol = "TCP", .target_name = ""};
}

static void service_port_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    (void)binder, (void)node;
    struct service_port_spec *port = target;
    if (port->target_port == 0 && !*port->target_name)
        port->target_port = port->port;
}

static const struct field service_port_fields[] = {
    {.name = "name",
        .type = FIELD_TEXT,
        .offset = offsetof(struct service_port_spec, name),
        .check = name_check_label,
        .help = "needed when there are several ports"},
    {.name = "port",
        .type = FIELD_I32,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct service_port_spec, port),
        .min = 1,
        .max = PORT_MAX,
        .help = "the Service's own port"},
    {.name = "targetPort",
        .type = FIELD_CUSTOM,
        .bind = bind_target_port,
        .check = name_check_port,
        .type_text = "an integer from 1 to 65535 or a port's name",
        .fallback = "`port`",
        .help = "the pods' port"},
    {.name = "protocol",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct service_port_spec, protocol),
        .bind = bind_protocol,
        .type_text = "one of TCP, UDP, SCTP",
        .fallback = "TCP"},
    {.name = "appProtocol",
        .type = FIELD_TEXT,
        .offset = offsetof(struct service_port_spec, app_protocol),
        .check = name_check_label_key,
        .help = "copied to Endpoints and slices"},
    {.name = "nodePort",
        .type = FIELD_I32,
        .offset = offsetof(struct service_port_spec, node_port),
        .min = 0,
        .max = PORT_MAX,
        .help = "shown by `get`"},
};
static const struct schema service_port_schema = {.name = "a Service port",
    FIELDS(service_port_fields),
    .is_kubernetes = true,
    .init = service_port_init,
    .check = service_port_check};

/* --- addresses and families ------------------------------------------------------------------------- */

static bool is_cluster_ip(const char *text)
{
    return !*text || strcmp(text, "None") == 0 || ip_parse(text, strlen(text)).family != IP_NONE;
}

static void bind_cluster_ip(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const char *text = bind_text(binder, field, pair->value);
    if (text && !is_cluster_ip(text))
        diag_error(binder->diag, pair->value->at,
            "'clusterIP' must be empty, None or an IP address, not '%.60s'", text);
    else if (text)
        ((struct service_spec *)target)->cluster_ip = text;
}

static void bind_cluster_ips(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct service_spec *service = target;
    if (!bind_is_list(binder, field, pair->value))
        return;
    for (uint32_t i = 0; i < pair->value->item_count; i++) {
        const struct yaml_node *item = pair->value->items[i];
        const char *text = bind_text(binder, field, item);
        if (text && (!is_cluster_ip(text) || !*text))
            diag_error(binder->diag, item->at, "'clusterIPs' takes None or IP addresses, not '%.60s'", text);
        else if (text && i == 0 && !service->cluster_ip)
            service->cluster_ip = text;
    }
}

static void bind_families(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct service_spec *service = target;
    service->family_count = 0;
    if (!bind_is_list(binder, field, pair->value))
        return;
    for (uint32_t i = 0; i < pair->value->item_count; i++) {
        const struct yaml_node *item = pair->value->items[i];
        bool v4 = item->kind == YAML_SCALAR && strcmp(item->text, "IPv4") == 0;
        bool v6 = item->kind == YAML_SCALAR && strcmp(item->text, "IPv6") == 0;
        uint8_t family = v4 ? IP_V4 : IP_V6;
        if (!v4 && !v6)
            diag_error(binder->diag, item->at, "'ipFamilies' takes IPv4 and IPv6");
        else if (i > 1 || (i == 1 && service->family_count == 1 && service->families[0] == family))
            diag_error(binder->diag, item->at, "'ipFamilies' has each family once");
        else
            service->families[service->family_count++] = family;
    }
}

/* --- the spec --------------------------------------------------------------------------------------- */

static const struct choice service_types[] = {
    {"ClusterIP", SERVICE_CLUSTER_IP, NULL},
    {"NodePort", SERVICE_NODE_PORT, NULL},
    {"LoadBalancer", SERVICE_LOAD_BALANCER, NULL},
    {"ExternalName", SERVICE_EXTERNAL_NAME, NULL},
};

static const char *check_traffic_distribution(const char *text, size_t length)
{
    (void)length;
    return strcmp(text, "PreferClose") == 0 || strcmp(text, "PreferSameZone") == 0 ||
                   strcmp(text, "PreferSameNode") == 0
               ? NULL
               : "must be one of PreferClose, PreferSameZone, PreferSameNode";
}

static void service_spec_init(void *target)
{
    *(struct service_spec *)target =
        (struct service_spec){.type = SERVICE_CLUSTER_IP, .traffic_distribution = "", .external_name = ""};
}

static const struct field service_spec_fields[] = {
    {.name = "type",
        .type = FIELD_CHOICE,
        .offset = offsetof(struct service_spec, type),
        CHOICES(service_types),
        .fallback = "ClusterIP"},
    {.name = "selector",
        .type = FIELD_MAP,
        .offset = offsetof(struct service_spec, selector),
        .check = name_check_label_key,
        .value_check = name_check_label_value,
        .help = "which pods; without it nothing is written for the Service"},
    {.name = "ports",
        .type = FIELD_LIST,
        .offset = offsetof(struct service_spec, ports),
        .count_offset = offsetof(struct service_spec, port_count),
        .item_size = sizeof(struct service_port_spec),
        .object = &service_port_schema,
        .help = "not needed by headless Services"},
    {.name = "clusterIP",
        .type = FIELD_CUSTOM,
        .bind = bind_cluster_ip,
        .type_text = "an IP address or None",
        .fallback = "one is given",
        .help = "`None`: headless"},
    {.name = "clusterIPs",
        .type = FIELD_CUSTOM,
        .bind = bind_cluster_ips,
        .type_text = "a list of IP addresses"},
    {.name = "ipFamilies",
        .type = FIELD_CUSTOM,
        .bind = bind_families,
        .type_text = "a list of IPv4, IPv6",
        .fallback = "[IPv4]"},
    {.name = "ipFamilyPolicy",
        .type = FIELD_KNOWN,
        .type_text = "SingleStack, PreferDualStack or RequireDualStack",
        .fallback = "SingleStack",
        .help = "both dual-stack words give the Service both families"},
    {.name = "publishNotReadyAddresses",
        .type = FIELD_BOOL,
        .offset = offsetof(struct service_spec, publish_not_ready_addresses),
        .fallback = "false"},
    {.name = "trafficDistribution",
        .type = FIELD_TEXT,
        .offset = offsetof(struct service_spec, traffic_distribution),
        .check = check_traffic_distribution},
    {.name = "externalName",
        .type = FIELD_TEXT,
        .offset = offsetof(struct service_spec, external_name),
        .help = "of type ExternalName"},
};

static void check_ports(
    struct binder *binder, const struct yaml_node *list, const struct service_spec *service)
{
    struct map names = {0}, numbers = {0};
    if (service->port_count > SERVICE_PORTS_MAX)
        diag_error(binder->diag, list->at, "a Service has at most %d ports", SERVICE_PORTS_MAX);
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port_spec *port = &service->ports[i];
        const struct yaml_node *item = list->items[i];
        const struct yaml_node *name = yaml_get(item, "name");
        if (service->port_count > 1 && !*port->name && !name)
            diag_error(binder->diag, item->at, "a Service port needs 'name' when there are several");
        if (*port->name && text_seen(&names, port->name))
            diag_error(binder->diag, name->at, "the port name '%s' is taken already", port->name);
        /* TCP, UDP and SCTP differ in their first letters. */
        uint64_t number = (uint64_t)port->port << 8 | (unsigned char)port->protocol[0];
        if (port->port && map_get(&numbers, number, NULL))
            diag_error(binder->diag, yaml_get(item, "port")->at, "port %d/%s is there already", port->port,
                port->protocol);
        map_put(&numbers, number, 1);
    }
    map_fini(&names);
    map_fini(&numbers);
}

static void settle_families(struct binder *binder, const struct yaml_node *node, struct service_spec *service)
{
    const struct yaml_node *policy = yaml_get(node, "ipFamilyPolicy");
    if (!policy || yaml_is_null(policy))
        return;
    bool dual = policy->kind == YAML_SCALAR && (strcmp(policy->text, "PreferDualStack") == 0 ||
                                                   strcmp(policy->text, "RequireDualStack") == 0);
    bool single = policy->kind == YAML_SCALAR && strcmp(policy->text, "SingleStack") == 0;
    if (!dual && !single) {
        diag_error(binder->diag, policy->at,
            "'ipFamilyPolicy' takes one of SingleStack, PreferDualStack, RequireDualStack");
    } else if (single && service->family_count > 1) {
        diag_error(binder->diag, policy->at, "SingleStack goes with one family");
    } else if (dual && strcmp(policy->text, "RequireDualStack") == 0 && service->family_count == 1) {
        service->families[service->family_count++] = service->families[0] == IP_V4 ? IP_V6 : IP_V4;
    } else if (dual && service->family_count == 0) {
        service->families[0] = IP_V4;
        service->families[1] = IP_V6;
        service->family_count = 2;
    }
}

static void service_spec_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    struct service_spec *service = target;
    service->has_selector = service->selector.count > 0; /* E-4: an empty one is dropped on the wire */
    const struct yaml_node *ports = yaml_get(node, "ports");
    bool headless = service->cluster_ip && strcmp(service->cluster_ip, "None") == 0;
    if (service->port_count > 0)
        check_ports(binder, ports, service);
    else if (!headless && service->type != SERVICE_EXTERNAL_NAME &&
             (!ports || ports->kind == YAML_SEQUENCE || yaml_is_null(ports)))
        diag_error(
            binder->diag, node->at, "a Service needs 'ports', unless it is headless (clusterIP: None)");
    settle_families(binder, node, service);
    const struct yaml_node *type = yaml_get(node, "type");
    if (service->type == SERVICE_EXTERNAL_NAME && !*service->external_name)
        diag_error(binder->diag, type->at, "type ExternalName needs 'externalName'");
    if (headless && (service->type == SERVICE_NODE_PORT || service->type == SERVICE_LOAD_BALANCER))
        diag_error(binder->diag, type->at, "a headless Service (clusterIP: None) cannot be of this type");
}

static const struct schema service_spec_schema = {.name = "a Service's spec",
    FIELDS(service_spec_fields),
    .ignored =
        "allocateLoadBalancerNodePorts externalIPs externalTrafficPolicy healthCheckNodePort "
        "internalTrafficPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges sessionAffinity "
        "sessionAffinityConfig",
    .is_kubernetes = true,
    .init = service_spec_init,
    .check = service_spec_check};

static const struct field service_fields[] = {
    MANIFEST_HEAD,
    {.name = "spec",
        .type = FIELD_OBJECT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct manifest, service),
        .object = &service_spec_schema},
};

const struct schema service_manifest_schema = {
    .name = "a Service", FIELDS(service_fields), .ignored = "status", .is_kubernetes = true};
