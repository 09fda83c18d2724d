/*
 * manifest_node.c: Nodes and Namespaces.
 */
#include <string.h>

#include "base/ip.h"
#include "model/pod.h"
#include "scenario/manifest.h"
#include "scenario/quantity.h"

static void add_range(
    struct binder *binder, const struct field *field, const struct yaml_node *value, struct node_spec *node)
{
    const char *text = bind_text(binder, field, value);
    struct ip_range range;
    if (!text || !*text)
        return;
    if (!ip_range_parse(text, strlen(text), &range)) {
        diag_error(binder->diag, value->at, "'%.60s' is no range such as 10.244.1.0/24", text);
        return;
    }
    for (uint32_t i = 0; i < node->pod_range_count; i++)
        if (strcmp(node->pod_ranges[i], text) == 0)
            return;
    if (node->pod_range_count == 2)
        diag_error(binder->diag, value->at, "a node has at most two ranges, one a family");
    else
        node->pod_ranges[node->pod_range_count++] = text;
}

static void bind_pod_cidr(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    add_range(binder, field, pair->value, target);
}

static void bind_pod_cidrs(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    if (!bind_is_list(binder, field, pair->value))
        return;
    for (uint32_t i = 0; i < pair->value->item_count; i++)
        add_range(binder, field, pair->value->items[i], target);
}

static const struct field node_spec_fields[] = {
    {.name = "podCIDR",
        .type = FIELD_CUSTOM,
        .bind = bind_pod_cidr,
        .type_text = "a range such as 10.244.1.0/24",
        .fallback = "a share of `nodes.podRange`"},
    {.name = "podCIDRs", .type = FIELD_CUSTOM, .bind = bind_pod_cidrs, .type_text = "a list of ranges"},
    {.name = "unschedulable",
        .type = FIELD_BOOL,
        .offset = offsetof(struct node_spec, unschedulable),
        .fallback = "false"},
};
static const struct schema node_spec_schema = {.name = "a node's spec",
    FIELDS(node_spec_fields),
    .ignored = "configSource externalID podPreemptionPolicy providerID taints",
    .is_kubernetes = true};

static void bind_allocatable(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct node_spec *node = target;
    if (pair->value->kind != YAML_MAPPING) {
        bind_report_type(binder, field, pair->value);
        return;
    }
    for (uint32_t i = 0; i < pair->value->pair_count; i++) {
        const struct yaml_pair *item = &pair->value->pairs[i];
        int64_t milli;
        if (item->value->kind != YAML_SCALAR ||
            !quantity_parse_milli(item->value->text, item->value->length, &milli)) {
            diag_error(binder->diag, item->value->at, "'%.40s' takes a quantity such as 4, 500m or 16Gi",
                item->key->text);
            continue;
        }
        if (strcmp(item->key->text, "cpu") == 0)
            node->cpu_milli = milli;
        else if (strcmp(item->key->text, "pods") == 0)
            node->pods_max = milli / 1000 < UINT32_MAX ? (uint32_t)(milli / 1000) : UINT32_MAX;
    }
}

static void bind_node_conditions(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct node_spec *node = target;
    int64_t since_s;
    bind_ready_condition(binder, field, pair->value, &node->ready, &since_s);
}

static const struct field node_status_fields[] = {
    {.name = "conditions",
        .type = FIELD_CUSTOM,
        .bind = bind_node_conditions,
        .type_text = "a list",
        .help = "the first of type Ready counts; a node without one is ready"},
    {.name = "allocatable",
        .type = FIELD_CUSTOM,
        .bind = bind_allocatable,
        .type_text = "a mapping of quantities",
        .help = "`cpu` for topology hints, `pods` as the most that the node takes"},
};
static void node_status_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    (void)binder;
    ((struct node_spec *)target)->has_status = node->pair_count > 0;
}

static const struct schema node_status_schema = {.name = "a node's status",
    FIELDS(node_status_fields),
    .ignored = "addresses capacity config daemonEndpoints declaredFeatures features images nodeInfo phase "
               "runtimeHandlers volumesAttached volumesInUse",
    .is_kubernetes = true,
    .check = node_status_check};

static void node_init(void *target)
{
    struct manifest *manifest = target;
    manifest->node = (struct node_spec){.ready = CONDITION_TRUE, .pods_max = UINT32_MAX};
}

static const struct field node_fields[] = {
    MANIFEST_HEAD,
    {.name = "spec",
        .type = FIELD_OBJECT,
        .offset = offsetof(struct manifest, node),
        .object = &node_spec_schema},
    {.name = "status",
        .type = FIELD_OBJECT,
        .offset = offsetof(struct manifest, node),
        .object = &node_status_schema},
};
const struct schema node_manifest_schema = {
    .name = "a Node", FIELDS(node_fields), .is_kubernetes = true, .init = node_init};

static const struct field namespace_fields[] = {MANIFEST_HEAD};
const struct schema namespace_manifest_schema = {
    .name = "a Namespace", FIELDS(namespace_fields), .ignored = "spec status", .is_kubernetes = true};
