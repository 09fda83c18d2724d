/*
 * manifest_pod.c: Pods and the templates of workloads: of a PodSpec little matters here, so most of what
 * the API knows stands in the lists of what is ignored.
 */
#include <string.h>

#include "base/ip.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/meta.h"
#include "model/names.h"
#include "model/pod.h"
#include "scenario/manifest.h"

#define PORT_MAX 65535

/* --- containers ------------------------------------------------------------------------------------- */

static void container_port_init(void *target)
{
    *(struct container_port_spec *)target = (struct container_port_spec){"", "TCP", 0};
}

static const struct field container_port_fields[] = {
    {.name = "name",
        .type = FIELD_TEXT,
        .offset = offsetof(struct container_port_spec, name),
        .check = name_check_port,
        .help = "what a Service's named targetPort looks for"},
    {.name = "containerPort",
        .type = FIELD_I32,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct container_port_spec, number),
        .min = 1,
        .max = PORT_MAX},
    {.name = "protocol",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct container_port_spec, protocol),
        .bind = bind_protocol,
        .type_text = "one of TCP, UDP, SCTP",
        .fallback = "TCP"},
};
const struct schema container_port_schema = {.name = "a container port",
    FIELDS(container_port_fields),
    .ignored = "hostPort hostIP",
    .is_kubernetes = true,
    .init = container_port_init};

struct container_draft {
    const char *name;
    const char *restart_policy;
    struct container_port_spec *ports;
    uint32_t port_count;
};

static const struct schema probe_schema = {.name = "a probe",
    .ignored =
        "exec failureThreshold grpc httpGet initialDelaySeconds periodSeconds successThreshold tcpSocket "
        "terminationGracePeriodSeconds timeoutSeconds",
    .is_kubernetes = true};

static void container_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct container_draft *container = target;
    const struct yaml_node *ports = yaml_get(node, "ports");
    struct map names = {0};
    for (uint32_t i = 0; i < container->port_count; i++)
        if (*container->ports[i].name && text_seen(&names, container->ports[i].name))
            diag_error(binder->diag, yaml_get(ports->items[i], "name")->at,
                "the port name '%s' is taken already", container->ports[i].name);
    map_fini(&names);
}

#define PROBE(probe) \
    { \
        .name = probe, .type = FIELD_OBJECT, .object = &probe_schema \
    }

static const struct field container_fields[] = {
    {.name = "name",
        .type = FIELD_TEXT,
        .offset = offsetof(struct container_draft, name),
        .check = name_check_label},
    {.name = "ports",
        .type = FIELD_LIST,
        .offset = offsetof(struct container_draft, ports),
        .count_offset = offsetof(struct container_draft, port_count),
        .item_size = sizeof(struct container_port_spec),
        .object = &container_port_schema,
        .help = "where named target ports are found"},
    {.name = "restartPolicy",
        .type = FIELD_TEXT,
        .offset = offsetof(struct container_draft, restart_policy),
        .help = "`Always` makes an init container a sidecar: its ports count"},
    PROBE("livenessProbe"),
    PROBE("readinessProbe"),
    PROBE("startupProbe"),
};
static const struct schema container_schema = {.name = "a container",
    FIELDS(container_fields),
    .ignored =
        "args command env envFrom image imagePullPolicy lifecycle resizePolicy resources restartPolicyRules "
        "securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices "
        "volumeMounts workingDir",
    .is_kubernetes = true,
    .check = container_check};

struct port_vec {
    struct container_port_spec *items;
    uint32_t count;
    uint32_t capacity;
};

/* E-22: containers in order, then init containers that restart always. */
static void bind_containers(struct binder *binder, const struct yaml_node *node, struct pod_spec *pod)
{
    static const char *const list_names[2] = {"containers", "initContainers"};
    const struct yaml_node *lists[2] = {yaml_get(node, list_names[0]), yaml_get(node, list_names[1])};
    struct port_vec ports = {0};
    struct map names = {0};
    for (int list = 0; list < 2; list++) {
        struct field field = {.name = list_names[list], .type = FIELD_LIST};
        if (!lists[list] || !bind_is_list(binder, &field, lists[list]))
            continue;
        size_t path = binder->path.length;
        text_printf(&binder->path, ".%s", list_names[list]);
        for (uint32_t i = 0; i < lists[list]->item_count; i++) {
            struct container_draft container = {"", "", NULL, 0};
            const struct yaml_node *item = lists[list]->items[i];
            bind_object(binder, &container_schema, item, &container);
            if (*container.name && text_seen(&names, container.name))
                diag_error(binder->diag, yaml_get(item, "name")->at,
                    "the container name '%s' is taken already", container.name);
            bool counts = list == 0 || strcmp(container.restart_policy, "Always") == 0;
            for (uint32_t p = 0; counts && p < container.port_count; p++)
                vec_push(&ports, container.ports[p]);
        }
        binder->path.length = path;
    }
    pod->container_port_count = ports.count;
    if (ports.count > 0) {
        pod->container_ports = arena_alloc(binder->arena, ports.count * sizeof *ports.items);
        memcpy(pod->container_ports, ports.items, ports.count * sizeof *ports.items);
    }
    vec_fini(&ports);
    map_fini(&names);
}

/* --- spec ------------------------------------------------------------------------------------------- */

void pod_spec_init(void *target)
{
    *(struct pod_spec *)target = (struct pod_spec){
        .node_name = "", .hostname = "", .subdomain = "", .grace_s = -1, .ready_since_s = TIME_NONE};
}

static const struct field pod_spec_fields[] = {
    {.name = "nodeName",
        .type = FIELD_TEXT,
        .offset = offsetof(struct pod_spec, node_name),
        .check = name_check_subdomain,
        .fallback = "a node is chosen"},
    {.name = "hostname",
        .type = FIELD_TEXT,
        .offset = offsetof(struct pod_spec, hostname),
        .check = name_check_label},
    {.name = "subdomain",
        .type = FIELD_TEXT,
        .offset = offsetof(struct pod_spec, subdomain),
        .check = name_check_label},
    {.name = "terminationGracePeriodSeconds",
        .type = FIELD_I64,
        .offset = offsetof(struct pod_spec, grace_s),
        .min = 0,
        .max = INT32_MAX,
        .fallback = "30"},
    {.name = "containers",
        .type = FIELD_KNOWN,
        .type_text = "a list",
        .object = &container_schema,
        .help = "only their ports matter; may be left out"},
    {.name = "initContainers",
        .type = FIELD_KNOWN,
        .type_text = "a list",
        .help = "ports of those with restartPolicy Always"},
};

static void pod_spec_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    bind_containers(binder, node, target);
}

const struct schema pod_spec_schema = {.name = "a pod's spec",
    FIELDS(pod_spec_fields),
    .ignored =
        "activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks "
        "ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostnameOverride "
        "imagePullSecrets nodeSelector os overhead preemptionPolicy priority priorityClassName "
        "readinessGates "
        "resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates "
        "securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace "
        "tolerations topologySpreadConstraints volumes workloadRef schedulingGroup evictionResponders",
    .is_kubernetes = true,
    .check = pod_spec_check};

/* --- status ----------------------------------------------------------------------------------------- */

static void bind_phase(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    static const char *const phases[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    for (uint8_t i = 0; pair->value->kind == YAML_SCALAR && i < 5; i++)
        if (strcmp(pair->value->text, phases[i]) == 0) {
            ((struct pod_spec *)target)->phase = i;
            return;
        }
    bind_report_type(binder, field, pair->value);
}

static bool check_ip(struct binder *binder, const struct yaml_node *value, const char *text)
{
    if (text && ip_parse(text, strlen(text)).family != IP_NONE)
        return true;
    if (text)
        diag_error(binder->diag, value->at, "'%.60s' is no IP address", text);
    return false;
}

static void bind_pod_ip(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct pod_spec *pod = target;
    const char *text = bind_text(binder, field, pair->value);
    if (!text || !*text || !check_ip(binder, pair->value, text))
        return;
    pod->has_pod_ip = true;
    if (pod->ip_count > 0)
        return;
    pod->ips = arena_alloc(binder->arena, sizeof *pod->ips);
    pod->ips[0] = text;
    pod->ip_count = 1;
}

static void bind_pod_ips(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct pod_spec *pod = target;
    if (!bind_is_list(binder, field, pair->value) || pair->value->item_count == 0)
        return;
    pod->ips = arena_alloc(binder->arena, pair->value->item_count * sizeof *pod->ips);
    pod->ip_count = 0;
    struct field ip_field = {.name = "ip", .type = FIELD_TEXT};
    for (uint32_t i = 0; i < pair->value->item_count; i++) {
        const struct yaml_node *item = pair->value->items[i];
        const struct yaml_node *ip = yaml_get(item, "ip");
        if (!ip) {
            diag_error(binder->diag, item->at, "an item of 'podIPs' is a mapping with 'ip'");
            continue;
        }
        const char *text = bind_text(binder, &ip_field, ip);
        if (check_ip(binder, ip, text))
            pod->ips[pod->ip_count++] = text;
    }
}

struct condition_draft {
    const char *type;
    const char *status;
    int64_t since_s;
};

static void condition_init(void *target)
{
    *(struct condition_draft *)target = (struct condition_draft){"", "", TIME_NONE};
}

static const struct field condition_fields[] = {
    {.name = "type",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct condition_draft, type)},
    {.name = "status",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct condition_draft, status)},
    {.name = "lastTransitionTime",
        .type = FIELD_CALENDAR,
        .offset = offsetof(struct condition_draft, since_s)},
};
static const struct schema condition_schema = {.name = "a condition",
    FIELDS(condition_fields),
    .ignored = "lastHeartbeatTime lastProbeTime message observedGeneration reason",
    .is_kubernetes = true,
    .init = condition_init};

bool bind_ready_condition(struct binder *binder, const struct field *field,
    const struct yaml_node *conditions, uint8_t *out_ready, int64_t *out_since_s)
{
    bool found = false;
    if (!bind_is_list(binder, field, conditions))
        return false;
    for (uint32_t i = 0; i < conditions->item_count; i++) {
        struct condition_draft condition;
        bind_object(binder, &condition_schema, conditions->items[i], &condition);
        if (found || strcmp(condition.type, "Ready") != 0)
            continue;
        found = true;
        *out_ready = strcmp(condition.status, "True") == 0    ? CONDITION_TRUE
                     : strcmp(condition.status, "False") == 0 ? CONDITION_FALSE
                                                              : CONDITION_UNKNOWN;
        *out_since_s = condition.since_s;
    }
    return found;
}

static void bind_conditions(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct pod_spec *pod = target;
    bind_ready_condition(binder, field, pair->value, &pod->ready, &pod->ready_since_s);
}

static const struct field pod_status_fields[] = {
    {.name = "phase",
        .type = FIELD_CUSTOM,
        .bind = bind_phase,
        .type_text = "one of Pending, Running, Succeeded, Failed, Unknown",
        .fallback = "Pending"},
    {.name = "podIP", .type = FIELD_CUSTOM, .bind = bind_pod_ip, .type_text = "an IP address"},
    {.name = "podIPs", .type = FIELD_CUSTOM, .bind = bind_pod_ips, .type_text = "a list of `{ip: ADDRESS}`"},
    {.name = "conditions",
        .type = FIELD_CUSTOM,
        .bind = bind_conditions,
        .type_text = "a list",
        .help = "the first of type Ready counts"},
};

static void pod_status_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    (void)binder;
    /* `status: {}`, as generated manifests have it, says nothing. */
    ((struct pod_spec *)target)->has_status = node->pair_count > 0;
}

static const struct schema pod_status_schema = {.name = "a pod's status",
    FIELDS(pod_status_fields),
    .ignored =
        "allocatedResources containerStatuses ephemeralContainerStatuses extendedResourceClaimStatus hostIP "
        "hostIPs initContainerStatuses message nominatedNodeName observedGeneration qosClass reason resize "
        "resourceClaimStatuses resources startTime nodeAllocatableResourceClaimStatuses volumeHealth",
    .is_kubernetes = true,
    .check = pod_status_check};

static void pod_manifest_init(void *target)
{
    pod_spec_init(&((struct manifest *)target)->pod);
}

static const struct field pod_fields[] = {
    MANIFEST_HEAD,
    {.name = "spec",
        .type = FIELD_OBJECT,
        .offset = offsetof(struct manifest, pod),
        .object = &pod_spec_schema},
    {.name = "status",
        .type = FIELD_OBJECT,
        .offset = offsetof(struct manifest, pod),
        .object = &pod_status_schema,
        .help = "a starting state, taken as it is"},
};

const struct schema pod_manifest_schema = {
    .name = "a Pod", FIELDS(pod_fields), .is_kubernetes = true, .init = pod_manifest_init};
