/*
 * manifest_workload.c: Deployments, ReplicaSets, StatefulSets and DaemonSets.
 */
#include <string.h>

#include "base/calendar.h"
#include "base/hash.h"
#include "base/number.h"
#include "model/names.h"
#include "scenario/manifest.h"

/* --- the template ----------------------------------------------------------------------------------- */

static const struct field template_fields[] = {
    {.name = "metadata", .type = FIELD_OBJECT, .object = &pod_metadata_schema},
    {.name = "spec", .type = FIELD_OBJECT, .object = &pod_spec_schema},
};
static const struct schema template_schema = {
    .name = "a pod template", FIELDS(template_fields), .is_kubernetes = true};

/* --- counts and shares of replicas ------------------------------------------------------------------ */

static void bind_count_or_percent(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct count_or_percent *out = (void *)((char *)target + field->offset);
    const struct yaml_node *value = pair->value;
    int64_t number;
    if (value->kind == YAML_SCALAR && value->length > 1 && value->text[value->length - 1] == '%' &&
        int_parse(value->text, value->length - 1, 0, 1000000, &number))
        *out = (struct count_or_percent){(uint32_t)number, true};
    else if (value->kind == YAML_SCALAR && value->style == YAML_PLAIN &&
             int_parse(value->text, value->length, 0, REPLICAS_MAX, &number))
        *out = (struct count_or_percent){(uint32_t)number, false};
    else
        bind_report_type(binder, field, value);
}

#define COUNT_OR_PERCENT(field_name, member, standard) \
    { \
        .name = field_name, .type = FIELD_CUSTOM, .offset = offsetof(struct workload_spec, member), \
        .bind = bind_count_or_percent, .type_text = "an integer or a share such as 25%", \
        .fallback = standard \
    }

static const struct field deployment_rolling_fields[] = {
    COUNT_OR_PERCENT("maxSurge", max_surge, "25%"),
    COUNT_OR_PERCENT("maxUnavailable", max_unavailable, "25%"),
};
static const struct field daemonset_rolling_fields[] = {
    COUNT_OR_PERCENT("maxSurge", max_surge, "0"),
    COUNT_OR_PERCENT("maxUnavailable", max_unavailable, "1"),
};
static const struct field statefulset_rolling_fields[] = {
    {.name = "partition",
        .type = FIELD_U32,
        .offset = offsetof(struct workload_spec, partition),
        .min = 0,
        .max = INT32_MAX,
        .fallback = "0"},
};

static void percent_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct workload_spec *workload = target;
    if (workload->max_unavailable.is_percent && workload->max_unavailable.value > 100)
        diag_error(
            binder->diag, yaml_get(node, "maxUnavailable")->at, "'maxUnavailable' must not be above 100%%");
    bool surge = workload->max_surge.value > 0, unavailable = workload->max_unavailable.value > 0;
    if (!surge && !unavailable)
        diag_error(binder->diag, node->at,
            "maxSurge and maxUnavailable must not both be 0: nothing could ever be replaced");
    if (surge && unavailable && workload->kind == WORKLOAD_DAEMONSET)
        diag_error(binder->diag, node->at, "a DaemonSet has maxSurge or maxUnavailable above 0, not both");
}

static const struct schema deployment_rolling_schema = {.name = "rollingUpdate",
    FIELDS(deployment_rolling_fields),
    .is_kubernetes = true,
    .check = percent_check};
static const struct schema daemonset_rolling_schema = {
    .name = "rollingUpdate", FIELDS(daemonset_rolling_fields), .is_kubernetes = true, .check = percent_check};
static const struct schema statefulset_rolling_schema = {.name = "rollingUpdate",
    FIELDS(statefulset_rolling_fields),
    .ignored = "maxUnavailable",
    .is_kubernetes = true};

/* --- strategies ------------------------------------------------------------------------------------- */

/* `type` of a strategy: RollingUpdate or the other word that the kind has. */
static void bind_strategy_type(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    bool deployment = ((const struct workload_spec *)target)->kind == WORKLOAD_DEPLOYMENT;
    const char *other = deployment ? "Recreate" : "OnDelete";
    bool is_other = pair->value->kind == YAML_SCALAR && strcmp(pair->value->text, other) == 0;
    if (!is_other && (pair->value->kind != YAML_SCALAR || strcmp(pair->value->text, "RollingUpdate") != 0)) {
        bind_report_type(binder, field, pair->value);
        return;
    }
    *((bool *)target + field->offset) = is_other;
}

static const struct field deployment_strategy_fields[] = {
    {.name = "type",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct workload_spec, recreate),
        .bind = bind_strategy_type,
        .type_text = "one of RollingUpdate, Recreate",
        .fallback = "RollingUpdate"},
    {.name = "rollingUpdate", .type = FIELD_OBJECT, .object = &deployment_rolling_schema},
};
static void deployment_strategy_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct yaml_node *rolling = yaml_get(node, "rollingUpdate");
    if (((const struct workload_spec *)target)->recreate && rolling && !yaml_is_null(rolling))
        diag_error(binder->diag, rolling->at, "'rollingUpdate' does not go with type Recreate");
}
static const struct schema deployment_strategy_schema = {.name = "a strategy",
    FIELDS(deployment_strategy_fields),
    .is_kubernetes = true,
    .check = deployment_strategy_check};

#define ON_DELETE_TYPE \
    { \
        .name = "type", .type = FIELD_CUSTOM, .offset = offsetof(struct workload_spec, on_delete), \
        .bind = bind_strategy_type, .type_text = "one of RollingUpdate, OnDelete", \
        .fallback = "RollingUpdate" \
    }

static const struct field statefulset_strategy_fields[] = {
    ON_DELETE_TYPE,
    {.name = "rollingUpdate", .type = FIELD_OBJECT, .object = &statefulset_rolling_schema},
};
static const struct schema statefulset_strategy_schema = {
    .name = "an update strategy", FIELDS(statefulset_strategy_fields), .is_kubernetes = true};

static const struct field daemonset_strategy_fields[] = {
    ON_DELETE_TYPE,
    {.name = "rollingUpdate", .type = FIELD_OBJECT, .object = &daemonset_rolling_schema},
};
static const struct schema daemonset_strategy_schema = {
    .name = "an update strategy", FIELDS(daemonset_strategy_fields), .is_kubernetes = true};

/* --- specs ------------------------------------------------------------------------------------------ */

static void bind_min_ready(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    int64_t seconds;
    if (pair->value->kind != YAML_SCALAR ||
        !int_parse(pair->value->text, pair->value->length, 0, INT32_MAX, &seconds))
        bind_report_type(binder, field, pair->value);
    else
        ((struct workload_spec *)target)->min_ready_ns = seconds * NS_PER_S;
}

static void bind_management_policy(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    bool parallel = pair->value->kind == YAML_SCALAR && strcmp(pair->value->text, "Parallel") == 0;
    if (!parallel && (pair->value->kind != YAML_SCALAR || strcmp(pair->value->text, "OrderedReady") != 0))
        bind_report_type(binder, field, pair->value);
    else
        ((struct workload_spec *)target)->parallel = parallel;
}

static const struct field ordinals_fields[] = {
    {.name = "start",
        .type = FIELD_U32,
        .offset = offsetof(struct workload_spec, ordinal_start),
        .min = 0,
        .max = INT32_MAX,
        .fallback = "0",
        .help = "the first pod's ordinal"},
};
static const struct schema ordinals_schema = {
    .name = "ordinals", FIELDS(ordinals_fields), .is_kubernetes = true};

#define REPLICAS \
    { \
        .name = "replicas", .type = FIELD_U32, .offset = offsetof(struct workload_spec, replicas), .min = 0, \
        .max = REPLICAS_MAX, .fallback = "1" \
    }
#define SELECTOR \
    { \
        .name = "selector", .type = FIELD_OBJECT, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct workload_spec, selector), .object = &selector_schema \
    }
#define TEMPLATE \
    { \
        .name = "template", .type = FIELD_OBJECT, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct workload_spec, template), .object = &template_schema \
    }
#define MIN_READY \
    { \
        .name = "minReadySeconds", .type = FIELD_CUSTOM, .bind = bind_min_ready, \
        .type_text = "an integer of seconds", .fallback = "0" \
    }

static const struct field deployment_spec_fields[] = {
    REPLICAS,
    SELECTOR,
    TEMPLATE,
    {.name = "strategy", .type = FIELD_OBJECT, .object = &deployment_strategy_schema},
    MIN_READY,
};
static const struct field replicaset_spec_fields[] = {REPLICAS, SELECTOR, TEMPLATE, MIN_READY};
static const struct field statefulset_spec_fields[] = {
    REPLICAS,
    SELECTOR,
    TEMPLATE,
    {.name = "serviceName",
        .type = FIELD_TEXT,
        .offset = offsetof(struct workload_spec, service_name),
        .help = "the governing Service: the pods' subdomain"},
    {.name = "podManagementPolicy",
        .type = FIELD_CUSTOM,
        .bind = bind_management_policy,
        .type_text = "one of OrderedReady, Parallel",
        .fallback = "OrderedReady"},
    {.name = "updateStrategy", .type = FIELD_OBJECT, .object = &statefulset_strategy_schema},
    {.name = "ordinals", .type = FIELD_OBJECT, .object = &ordinals_schema},
    MIN_READY,
};
static const struct field daemonset_spec_fields[] = {
    SELECTOR,
    TEMPLATE,
    {.name = "updateStrategy", .type = FIELD_OBJECT, .object = &daemonset_strategy_schema},
    MIN_READY,
};

static void workload_spec_init(void *target)
{
    struct workload_spec *workload = target;
    enum workload_kind kind = workload->kind;
    bool daemonset = kind == WORKLOAD_DAEMONSET;
    *workload = (struct workload_spec){.kind = kind, .replicas = 1, .service_name = ""};
    workload->max_surge =
        daemonset ? (struct count_or_percent){0, false} : (struct count_or_percent){25, true};
    workload->max_unavailable =
        daemonset ? (struct count_or_percent){1, false} : (struct count_or_percent){25, true};
    pod_spec_init(&workload->template);
}

/* A hash of everything below, ignored fields too; the order of a mapping's keys says nothing. Trees are no
 * deeper than YAML_DEPTH_MAX. */
static uint64_t content_hash(const struct yaml_node *node)
{
    if (!node)
        return 0;
    uint64_t hash = node->kind + 1;
    switch ((enum yaml_kind)node->kind) {
    case YAML_SCALAR:
        return hash_mix(hash, hash64(node->text, node->length));
    case YAML_SEQUENCE:
        for (uint32_t i = 0; i < node->item_count; i++)
            hash = hash_mix(hash, content_hash(node->items[i]));
        return hash;
    case YAML_MAPPING:
        for (uint32_t i = 0; i < node->pair_count; i++)
            hash += hash_mix(hash64(node->pairs[i].key->text, node->pairs[i].key->length),
                content_hash(node->pairs[i].value));
        return hash;
    }
    return hash;
}

static void workload_spec_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    struct workload_spec *workload = target;
    workload->template.content_hash = content_hash(yaml_get(yaml_get(node, "template"), "spec"));
    const struct yaml_node *selector = yaml_get(node, "selector");
    const struct yaml_node *labels = yaml_get(yaml_get(yaml_get(node, "template"), "metadata"), "labels");
    if (!selector || selector->kind != YAML_MAPPING || !yaml_get(node, "template"))
        return;
    const struct yaml_node *expressions = yaml_get(selector, "matchExpressions");
    bool has_expressions = expressions && expressions->kind == YAML_SEQUENCE && expressions->item_count > 0;
    if (workload->selector.count == 0 && !has_expressions) {
        const struct yaml_node *wanted = yaml_get(selector, "matchLabels");
        if (!wanted || yaml_is_null(wanted) || (wanted->kind == YAML_MAPPING && wanted->pair_count == 0))
            diag_error(binder->diag, selector->at, "a workload's selector must not be empty");
        return;
    }
    selector_matches(binder, selector, &workload->template.labels, labels, yaml_get(node, "template")->at);
}

static void bind_status(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    if (pair->value->kind != YAML_MAPPING)
        bind_report_type(binder, field, pair->value);
    else
        ((struct manifest *)target)->workload.has_status = pair->value->pair_count > 0;
}

#define WORKLOAD_SCHEMA(kind, article, title, more_ignored) \
    static const struct schema kind##_spec_schema = {.name = article " " title "'s spec", \
        FIELDS(kind##_spec_fields), \
        .ignored = more_ignored, \
        .is_kubernetes = true, \
        .init = workload_spec_init, \
        .check = workload_spec_check}; \
    static const struct field kind##_fields[] = {MANIFEST_HEAD, \
        {.name = "spec", \
            .type = FIELD_OBJECT, \
            .flags = FIELD_REQUIRED, \
            .offset = offsetof(struct manifest, workload), \
            .object = &kind##_spec_schema}, \
        {.name = "status", \
            .type = FIELD_CUSTOM, \
            .bind = bind_status, \
            .type_text = "a mapping", \
            .help = "when it is there, the workload's pods are in the stream too"}}; \
    const struct schema kind##_manifest_schema = { \
        .name = article " " title, FIELDS(kind##_fields), .is_kubernetes = true}

WORKLOAD_SCHEMA(deployment, "a", "Deployment", "paused progressDeadlineSeconds revisionHistoryLimit");
WORKLOAD_SCHEMA(replicaset, "a", "ReplicaSet", "");
WORKLOAD_SCHEMA(statefulset, "a", "StatefulSet",
    "persistentVolumeClaimRetentionPolicy revisionHistoryLimit volumeClaimTemplates");
WORKLOAD_SCHEMA(daemonset, "a", "DaemonSet", "revisionHistoryLimit");
