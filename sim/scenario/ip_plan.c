/*
 * ip_plan.c: see ip_plan.h. It counts what the scenario can have at once, without playing it.
 */
#include "scenario/ip_plan.h"

#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/number.h"
#include "base/vec.h"

#define RANGE_DEFAULT "10.244.0.0/16"
#define RANGE_WIDE "10.0.0.0/8"
#define SHARE_BITS_DEFAULT 8
#define SHARE_BITS_MIN 2
/* Addresses of a share that are not for pods. */
#define SHARE_OVERHEAD 3

/* --- how many nodes and pods --------------------------------------------------------------------- */

struct demand {
    uint64_t nodes;         /* without a range of their own, at the start */
    uint64_t other_nodes;   /* with one */
    uint64_t later_nodes;   /* that events may add */
    struct map node_names;  /* hash of a node's name -> 1 */
    uint64_t node_pods_max; /* the most that any node takes; UINT64_MAX: any number */
    uint64_t pods;
    bool made; /* there is no Node manifest */
    bool ipv6;
    struct map workloads; /* hash of kind and name -> index in `peaks` */
    VEC(uint64_t) peaks;
};

static uint64_t workload_key(uint32_t kind, const char *namespace, const char *name)
{
    return hash_mix(hash_mix(hash64(namespace, strlen(namespace)), hash64(name, strlen(name))), kind);
}

static void raise_peak(struct demand *demand, uint64_t key, uint64_t replicas)
{
    uint64_t index;
    if (!map_get(&demand->workloads, key, &index)) {
        index = demand->peaks.count;
        vec_push(&demand->peaks, 0);
        map_put(&demand->workloads, key, index);
    }
    if (demand->peaks.items[index] < replicas)
        demand->peaks.items[index] = replicas;
}

static void count_service(struct demand *demand, const struct service_spec *service)
{
    for (uint32_t i = 0; i < service->family_count; i++)
        demand->ipv6 |= service->families[i] == IP_V6;
    if (service->family_count == 0 && service->cluster_ip)
        demand->ipv6 |= ip_parse(service->cluster_ip, strlen(service->cluster_ip)).family == IP_V6;
}

static bool is_new_node(struct demand *demand, const struct scenario *scenario, const char *name)
{
    int64_t number;
    uint64_t key = hash64(name, strlen(name));
    /* Those that are made: node-1 and up. */
    if (demand->made && !strncmp(name, "node-", 5) &&
        int_parse(name + 5, strlen(name + 5), 1, scenario->node_count, &number))
        return false;
    if (map_get(&demand->node_names, key, NULL))
        return false;
    map_put(&demand->node_names, key, 1);
    return true;
}

static void count_node(
    struct demand *demand, const struct scenario *scenario, const struct manifest *manifest, bool later)
{
    const struct node_spec *node = &manifest->node;
    if (!is_new_node(demand, scenario, manifest->metadata.name))
        return;
    if (node->pod_range_count > 0)
        demand->other_nodes++;
    else if (later)
        demand->later_nodes++;
    else
        demand->nodes++;
    uint64_t pods_max = node->pods_max == UINT32_MAX ? UINT64_MAX : node->pods_max;
    if (demand->node_pods_max < pods_max)
        demand->node_pods_max = pods_max;
}

static void count_manifest(
    struct demand *demand, const struct scenario *scenario, const struct manifest *manifest, bool later)
{
    switch (manifest->kind) {
    case MANIFEST_SERVICE:
        count_service(demand, &manifest->service);
        break;
    case MANIFEST_NODE:
        count_node(demand, scenario, manifest, later);
        break;
    case MANIFEST_POD:
        demand->pods++;
        break;
    case MANIFEST_WORKLOAD: {
        const struct workload_spec *spec = &manifest->workload;
        /* The pods of a rolling update that are there beside the others; a DaemonSet's, a node each. */
        uint64_t replicas = spec->replicas + spec->replicas / 4 + 1;
        if (spec->kind == WORKLOAD_DAEMONSET)
            replicas = 0;
        raise_peak(demand, workload_key(spec->kind, manifest->metadata.namespace, manifest->metadata.name),
            replicas);
        break;
    }
    case MANIFEST_NAMESPACE:
    case MANIFEST_ENDPOINTS:
    case MANIFEST_ENDPOINTSLICE:
        break;
    }
}

static bool scaled_kind(enum reference_kind kind, enum workload_kind *out)
{
    switch (kind) {
    case REFERENCE_DEPLOYMENT:
        *out = WORKLOAD_DEPLOYMENT;
        return true;
    case REFERENCE_REPLICASET:
        *out = WORKLOAD_REPLICASET;
        return true;
    case REFERENCE_STATEFULSET:
        *out = WORKLOAD_STATEFULSET;
        return true;
    default:
        return false;
    }
}

static void count_event(
    struct demand *demand, const struct scenario *scenario, const struct scenario_event *event)
{
    enum workload_kind kind;
    if (event->verb == EVENT_CREATE)
        demand->pods++;
    if (event->verb == EVENT_SCALE && scaled_kind(event->target.kind, &kind))
        raise_peak(demand, workload_key(kind, event->target.namespace, event->target.name),
            (uint64_t)event->replicas + event->replicas / 4 + 1);
    for (uint32_t i = 0; i < event->manifest_count; i++)
        count_manifest(demand, scenario, &event->manifests[i], true);
}

/* The most pods that a trace has at once. */
static uint64_t trace_peak(const struct trace *trace)
{
    uint64_t now = 0, peak = 0;
    for (uint32_t i = 0; i < trace->row_count; i++) {
        if (trace->rows[i].verb == TRACE_CREATE)
            now++;
        else if (trace->rows[i].verb == TRACE_DELETE && now > 0)
            now--;
        if (peak < now)
            peak = now;
    }
    return peak;
}

static void count_all(struct demand *demand, const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->manifests.count; i++)
        count_manifest(demand, scenario, &scenario->manifests.items[i], false);
    if (demand->nodes + demand->other_nodes == 0) {
        demand->made = true;
        demand->nodes = scenario->node_count;
        demand->node_pods_max = UINT64_MAX;
    }
    for (uint32_t i = 0; i < scenario->events.count; i++)
        count_event(demand, scenario, &scenario->events.items[i]);
    for (uint32_t i = 0; i < scenario->traces.count; i++)
        demand->pods += trace_peak(&scenario->traces.items[i]);
    for (uint32_t i = 0; i < demand->peaks.count; i++)
        demand->pods += demand->peaks.items[i];
}

/* --- shares -------------------------------------------------------------------------------------- */

static uint32_t log2_up(uint64_t n)
{
    uint32_t bits = 0;
    while (bits < 63 && UINT64_C(1) << bits < n)
        bits++;
    return bits;
}

/* Bits of a share that holds so many pods. */
static uint32_t share_bits(uint64_t pods)
{
    uint32_t bits = log2_up(pods + SHARE_OVERHEAD);
    return bits < SHARE_BITS_MIN ? SHARE_BITS_MIN : bits;
}

static bool fits(const struct ip_range *range, uint32_t bits, uint64_t nodes)
{
    uint32_t range_bits = 32u - range->prefix_length;
    return bits <= range_bits && nodes <= UINT64_C(1) << (range_bits - bits);
}

static bool plan_ipv4(
    struct ip_plan *plan, const struct scenario *scenario, const struct demand *demand, struct text *problem)
{
    const char *text = scenario->pod_range;
    if (!ip_range_parse(text, strlen(text), &plan->range) || plan->range.base.family != IP_V4) {
        text_printf(problem, "nodes.podRange '%s' is not an IPv4 range such as " RANGE_DEFAULT, text);
        return false;
    }
    uint64_t nodes = demand->nodes + demand->later_nodes, all_nodes = demand->nodes + demand->other_nodes;
    uint64_t a_node = all_nodes ? (demand->pods + all_nodes - 1) / all_nodes : 0;
    uint64_t wanted = 2 * a_node < demand->node_pods_max ? 2 * a_node : demand->node_pods_max;
    uint32_t least = share_bits(a_node < demand->node_pods_max ? a_node : demand->node_pods_max);
    uint32_t bits = share_bits(wanted);
    if (bits < SHARE_BITS_DEFAULT)
        bits = SHARE_BITS_DEFAULT;
    if (scenario->range_prefix)
        bits = least = 32 - scenario->range_prefix;
    if (!fits(&plan->range, bits, nodes) && !strcmp(text, RANGE_DEFAULT))
        ip_range_parse(RANGE_WIDE, strlen(RANGE_WIDE), &plan->range);
    while (!fits(&plan->range, bits, nodes) && bits > least)
        bits--;
    /* Whether later nodes find room is seen when they come: others may have gone by then. */
    if (!fits(&plan->range, bits, demand->nodes)) {
        char base[IP_TEXT_MAX];
        ip_format(plan->range.base, base);
        text_printf(problem, "the pod range %s/%u has no room for ", base, plan->range.prefix_length);
        text_add_grouped(problem, demand->nodes);
        text_printf(problem, " nodes with a /%u each (nodes.podRange, nodes.podRangePrefix)", 32 - bits);
        return false;
    }
    plan->share_prefix = (uint8_t)(32 - bits);
    uint32_t share_count_bits = 32u - plan->range.prefix_length - bits;
    uint64_t share_count = UINT64_C(1) << share_count_bits;
    plan->share_count = share_count < IP_PLAN_SHARES_MAX ? (uint32_t)share_count : IP_PLAN_SHARES_MAX;
    return true;
}

static bool plan_ipv6(struct ip_plan *plan, const struct scenario *scenario, struct text *problem)
{
    const char *text = scenario->pod_range6;
    if (!ip_range_parse(text, strlen(text), &plan->range6) || plan->range6.base.family != IP_V6) {
        text_printf(problem, "nodes.podRange6 '%s' is not an IPv6 range such as fd00:10:244::/48", text);
        return false;
    }
    /* As many shares as there are of IPv4: a node has the same number in both. */
    uint32_t room = 128u - plan->range6.prefix_length, count_bits = log2_up(plan->share_count);
    if (room < count_bits + SHARE_BITS_DEFAULT) {
        text_printf(problem, "nodes.podRange6 '%s' is too small for the nodes", text);
        return false;
    }
    uint32_t bits = room - count_bits < 64 ? room - count_bits : 64;
    plan->share_prefix6 = (uint8_t)(128 - bits);
    return true;
}

bool ip_plan_make(struct ip_plan *plan, const struct scenario *scenario, struct text *problem)
{
    *plan = (struct ip_plan){0};
    struct demand demand = {0};
    count_all(&demand, scenario);
    bool made = plan_ipv4(plan, scenario, &demand, problem);
    plan->dual_stack = demand.ipv6;
    if (made && demand.ipv6)
        made = plan_ipv6(plan, scenario, problem);
    map_fini(&demand.workloads);
    map_fini(&demand.node_names);
    vec_fini(&demand.peaks);
    return made;
}
