/*
 * manifest.c: what a document is, and what all objects have: apiVersion, kind and metadata.
 */
#include "scenario/manifest.h"

#include <string.h>

#include "base/number.h"
#include "base/suggest.h"
#include "model/meta.h"
#include "model/names.h"

#define OUR_API_VERSION "epsim.dev/v1"
#define OUR_KIND "Scenario"
/* The API's own limit of all annotations of an object together. */
#define ANNOTATIONS_BYTES_MAX (256 * 1024)

/* --- metadata --------------------------------------------------------------------------------------- */

static void bind_resource_version(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const char *text = bind_text(binder, field, pair->value);
    int64_t number;
    /* Opaque to clients: what is no number of ours counts as none. */
    if (text && int_parse(text, strlen(text), 0, INT64_MAX, &number))
        ((struct metadata_spec *)target)->resource_version = (uint64_t)number;
}

static void bind_tristate(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const char *type = yaml_plain_type(pair->value);
    if (!type || strcmp(type, "the boolean") != 0) {
        bind_report_type(binder, field, pair->value);
        return;
    }
    *((int8_t *)target + field->offset) = pair->value->text[0] == 't' || pair->value->text[0] == 'T';
}

static void owner_init(void *target)
{
    *(struct owner_spec *)target = (struct owner_spec){"", "", "", "", -1, -1};
}

static const struct field owner_fields[] = {
    {.name = "apiVersion",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct owner_spec, api_version)},
    {.name = "kind",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct owner_spec, kind)},
    {.name = "name",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct owner_spec, name)},
    {.name = "uid", .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .offset = offsetof(struct owner_spec, uid)},
    {.name = "controller",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct owner_spec, controller),
        .bind = bind_tristate,
        .type_text = "true or false"},
    {.name = "blockOwnerDeletion",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct owner_spec, block_owner_deletion),
        .bind = bind_tristate,
        .type_text = "true or false"},
};
static const struct schema owner_schema = {
    .name = "an owner reference", FIELDS(owner_fields), .is_kubernetes = true, .init = owner_init};

static void metadata_init(void *target)
{
    *(struct metadata_spec *)target = (struct metadata_spec){.name = "",
        .generate_name = "",
        .namespace = "",
        .uid = "",
        .created_s = TIME_NONE,
        .deletion_s = TIME_NONE};
}

/* Empty as absent. */
static const char *check_namespace(const char *text, size_t length)
{
    return length == 0 ? NULL : name_check_label(text, length);
}

static const struct field metadata_fields[] = {
    {.name = "name",
        .type = FIELD_TEXT,
        .offset = offsetof(struct metadata_spec, name),
        .help = "the object's name"},
    {.name = "generateName",
        .type = FIELD_TEXT,
        .offset = offsetof(struct metadata_spec, generate_name),
        .help = "shown by `get`; a name is needed all the same"},
    {.name = "namespace",
        .type = FIELD_TEXT,
        .offset = offsetof(struct metadata_spec, namespace),
        .check = check_namespace,
        .fallback = "default",
        .help = "where the object lives"},
    {.name = "labels",
        .type = FIELD_MAP,
        .offset = offsetof(struct metadata_spec, labels),
        .check = name_check_label_key,
        .value_check = name_check_label_value,
        .help = "what selectors look at"},
    {.name = "annotations",
        .type = FIELD_MAP,
        .offset = offsetof(struct metadata_spec, annotations),
        .check = name_check_label_key,
        .help = "texts of any content"},
    {.name = "uid",
        .type = FIELD_TEXT,
        .offset = offsetof(struct metadata_spec, uid),
        .help = "kept with a starting state"},
    {.name = "creationTimestamp",
        .type = FIELD_CALENDAR,
        .offset = offsetof(struct metadata_spec, created_s),
        .help = "kept with a starting state"},
    {.name = "deletionTimestamp",
        .type = FIELD_CALENDAR,
        .offset = offsetof(struct metadata_spec, deletion_s),
        .help = "being deleted: a pod is terminating"},
    {.name = "resourceVersion",
        .type = FIELD_CUSTOM,
        .bind = bind_resource_version,
        .help = "kept with a starting state"},
    {.name = "generation",
        .type = FIELD_I64,
        .offset = offsetof(struct metadata_spec, generation),
        .min = 0,
        .max = INT64_MAX,
        .help = "kept with a starting state"},
    {.name = "ownerReferences",
        .type = FIELD_LIST,
        .offset = offsetof(struct metadata_spec, owners),
        .count_offset = offsetof(struct metadata_spec, owner_count),
        .item_size = sizeof(struct owner_spec),
        .object = &owner_schema,
        .help = "kept with a starting state"},
};

#define METADATA_IGNORED "managedFields finalizers selfLink deletionGracePeriodSeconds"

static void metadata_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct metadata_spec *metadata = target;
    size_t bytes = 0;
    for (uint32_t i = 0; i < metadata->annotations.count; i++)
        bytes += strlen(metadata->annotations.items[i].key) + strlen(metadata->annotations.items[i].value);
    if (bytes > ANNOTATIONS_BYTES_MAX)
        diag_error(
            binder->diag, yaml_get(node, "annotations")->at, "annotations have more than 262144 bytes");
}

const struct schema metadata_schema = {.name = "metadata",
    FIELDS(metadata_fields),
    .ignored = METADATA_IGNORED,
    .is_kubernetes = true,
    .init = metadata_init,
    .check = metadata_check};

static const struct field pod_metadata_fields[] = {
    {.name = "labels",
        .type = FIELD_MAP,
        .offset = offsetof(struct pod_spec, labels),
        .check = name_check_label_key,
        .value_check = name_check_label_value,
        .help = "labels of the pods"},
    {.name = "annotations",
        .type = FIELD_MAP,
        .offset = offsetof(struct pod_spec, annotations),
        .check = name_check_label_key,
        .help = "annotations of the pods"},
};

const struct schema pod_metadata_schema = {.name = "metadata",
    FIELDS(pod_metadata_fields),
    .ignored = METADATA_IGNORED
    " name generateName namespace uid creationTimestamp deletionTimestamp resourceVersion "
    "generation ownerReferences",
    .is_kubernetes = true};

/* --- protocols, selectors --------------------------------------------------------------------------- */

void bind_protocol(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    static const char *const protocols[] = {"TCP", "UDP", "SCTP"};
    for (size_t i = 0; pair->value->kind == YAML_SCALAR && i < 3; i++)
        if (strcmp(pair->value->text, protocols[i]) == 0) {
            *(const char **)(void *)((char *)target + field->offset) = protocols[i];
            return;
        }
    bind_report_type(binder, field, pair->value);
}

static const struct field selector_fields[] = {
    {.name = "matchLabels",
        .type = FIELD_MAP,
        .check = name_check_label_key,
        .value_check = name_check_label_value,
        .help = "labels that the template must carry"},
    {.name = "matchExpressions",
        .type = FIELD_KNOWN,
        .type_text = "a list",
        .help = "only checked against the template's labels"},
};
const struct schema selector_schema = {.name = "a selector", FIELDS(selector_fields), .is_kubernetes = true};

static bool list_has(const struct yaml_node *values, const char *text)
{
    for (uint32_t i = 0; values && values->kind == YAML_SEQUENCE && i < values->item_count; i++)
        if (values->items[i]->kind == YAML_SCALAR && strcmp(values->items[i]->text, text) == 0)
            return true;
    return false;
}

/* One of matchExpressions. What is malformed is told and counts as fulfilled. */
static bool expression_matches(
    struct binder *binder, const struct yaml_node *expression, const struct text_map *labels)
{
    const struct yaml_node *key = yaml_get(expression, "key"), *operator= yaml_get(expression, "operator");
    const struct yaml_node *values = yaml_get(expression, "values");
    if (!key || key->kind != YAML_SCALAR || !operator|| operator->kind != YAML_SCALAR) {
        diag_error(binder->diag, expression->at, "an expression needs 'key' and 'operator'");
        return true;
    }
    const char *value = text_map_get(labels, key->text);
    if (strcmp(operator->text, "Exists") == 0)
        return value;
    if (strcmp(operator->text, "DoesNotExist") == 0)
        return !value;
    bool in = strcmp(operator->text, "In") == 0;
    if (!in && strcmp(operator->text, "NotIn") != 0) {
        diag_error(binder->diag, operator->at, "'operator' takes one of In, NotIn, Exists, DoesNotExist");
        return true;
    }
    if (!values || values->kind != YAML_SEQUENCE || values->item_count == 0) {
        diag_error(
            binder->diag, expression->at, "'values' must not be empty with the operator %s", operator->text);
        return true;
    }
    return in ? value && list_has(values, value) : !value || !list_has(values, value);
}

bool selector_matches(struct binder *binder, const struct yaml_node *selector, const struct text_map *labels,
    const struct yaml_node *labels_node, struct position fallback)
{
    const struct yaml_node *wanted = yaml_get(selector, "matchLabels");
    struct position at = labels_node ? labels_node->at : fallback;
    for (uint32_t i = 0; wanted && wanted->kind == YAML_MAPPING && i < wanted->pair_count; i++) {
        const struct yaml_pair *pair = &wanted->pairs[i];
        const char *value = text_map_get(labels, pair->key->text);
        if (pair->value->kind != YAML_SCALAR || (value && strcmp(value, pair->value->text) == 0))
            continue;
        const struct yaml_node *found = yaml_get(labels_node, pair->key->text);
        diag_error(binder->diag, found ? found->at : at,
            "the selector wants the label %.80s: %.80s, the template has %s%.80s", pair->key->text,
            pair->value->text, value ? "" : "none", value ? value : "");
        return false;
    }
    const struct yaml_node *expressions = yaml_get(selector, "matchExpressions");
    for (uint32_t i = 0; expressions && expressions->kind == YAML_SEQUENCE && i < expressions->item_count;
         i++)
        if (!expression_matches(binder, expressions->items[i], labels)) {
            diag_error(
                binder->diag, at, "the template's labels do not fulfil the selector's expression %u", i + 1);
            return false;
        }
    return true;
}

/* --- documents -------------------------------------------------------------------------------------- */

const struct schema *manifest_schema(const struct object_kind_info *kind)
{
    switch (kind->reference_kind) {
    case REFERENCE_SERVICE:
        return &service_manifest_schema;
    case REFERENCE_DEPLOYMENT:
        return &deployment_manifest_schema;
    case REFERENCE_REPLICASET:
        return &replicaset_manifest_schema;
    case REFERENCE_STATEFULSET:
        return &statefulset_manifest_schema;
    case REFERENCE_DAEMONSET:
        return &daemonset_manifest_schema;
    case REFERENCE_POD:
        return &pod_manifest_schema;
    case REFERENCE_NODE:
        return &node_manifest_schema;
    case REFERENCE_ENDPOINTS:
        return &endpoints_manifest_schema;
    case REFERENCE_ENDPOINTSLICE:
        return &endpointslice_manifest_schema;
    default:
        return &namespace_manifest_schema;
    }
}

/* The kinds of the groups that we read something of, so that a misspelt kind is told from another one. */
static const char *const core_kinds[] = {"Binding", "ComponentStatus", "ConfigMap", "Event", "LimitRange",
    "PersistentVolume", "PersistentVolumeClaim", "PodTemplate", "ReplicationController", "ResourceQuota",
    "Secret", "ServiceAccount", "Pod", "Service", "Node", "Namespace", "Endpoints", "List"};
static const char *const apps_kinds[] = {
    "ControllerRevision", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"};
static const char *const discovery_kinds[] = {"EndpointSlice"};
static const char *const our_kinds[] = {OUR_KIND};

struct api_group {
    const char *api_version;
    const char *const *kinds;
    uint32_t kind_count;
};
#define GROUP(version, list) \
    { \
        version, list, sizeof(list) / sizeof *(list) \
    }
static const struct api_group api_groups[] = {
    GROUP("v1", core_kinds),
    GROUP("apps/v1", apps_kinds),
    GROUP("discovery.k8s.io/v1", discovery_kinds),
    GROUP(OUR_API_VERSION, our_kinds),
};

static bool in_words(const char *word, const char *const *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* The group of an apiVersion is what stands before its '/'; the core group has none. */
static size_t group_length(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    return slash ? (size_t)(slash - api_version) : 0;
}

static bool is_of_group(const char *api_version, const char *group, size_t length)
{
    return group_length(api_version) == length && memcmp(api_version, group, length) == 0;
}

/* False, and told, when no such kind exists in a group that we know. */
static bool check_kind(struct binder *binder, const struct yaml_node *version, const struct yaml_node *kind)
{
    for (uint32_t i = 0; i < sizeof api_groups / sizeof *api_groups; i++) {
        const struct api_group *group = &api_groups[i];
        if (!is_of_group(version->text, group->api_version, group_length(group->api_version)))
            continue;
        bool known = in_words(kind->text, group->kinds, group->kind_count);
        bool is_list = strlen(kind->text) > 4 && strcmp(kind->text + strlen(kind->text) - 4, "List") == 0;
        if (strcmp(version->text, group->api_version) != 0) {
            diag_error(binder->diag, version->at, "apiVersion '%.60s' is not served; '%s' is", version->text,
                group->api_version);
            return false;
        }
        if (known || is_list)
            return true;
        const char *near = text_suggest(kind->text, group->kinds, group->kind_count);
        for (uint32_t g = 0; !near && g < sizeof api_groups / sizeof *api_groups; g++)
            if (in_words(kind->text, api_groups[g].kinds, api_groups[g].kind_count)) {
                diag_error(binder->diag, version->at, "%s is of apiVersion '%s', not '%.60s'", kind->text,
                    api_groups[g].api_version, version->text);
                return false;
            }
        diag_error(binder->diag, kind->at,
            near ? "'%s' has no kind '%.60s'; did you mean '%s'?" : "'%s' has no kind '%.60s'",
            group->api_version, kind->text, near);
        return false;
    }
    const struct object_kind_info *info = object_kind_named(kind->text);
    if (info && strncmp(version->text, "extensions/", 11) == 0) {
        diag_error(binder->diag, version->at, "apiVersion '%.60s' is not served any more; '%s/%s' is",
            version->text, info->group, info->version);
        return false;
    }
    return true;
}

/* A head field of a document as a text; NULL, and told, when it is none. */
static const struct yaml_node *head_text(
    struct binder *binder, const struct yaml_node *node, const char *name)
{
    const struct yaml_node *value = yaml_get(node, name);
    if (!value)
        diag_error(binder->diag, node->at, "a manifest needs '%s'", name);
    else if (value->kind == YAML_SCALAR && !yaml_plain_type(value))
        return value;
    else {
        struct field field = {.name = name, .type = FIELD_TEXT};
        bind_report_type(binder, &field, value);
    }
    return NULL;
}

/* The items of kind List have kinds of their own; those of PodList and the like need not. */
static void classify_list(struct binder *binder, const struct yaml_node *node, const char *item_kind,
    const struct yaml_node *version, struct documents *out)
{
    const struct yaml_node *items = yaml_get(node, "items");
    if (!items || items->kind != YAML_SEQUENCE) {
        if (!items || !yaml_is_null(items))
            diag_error(
                binder->diag, items ? items->at : node->at, "a list needs 'items', a list of manifests");
        return;
    }
    const struct object_kind_info *kind = item_kind ? object_kind_named(item_kind) : NULL;
    for (uint32_t i = 0; i < items->item_count; i++) {
        struct yaml_node *item = items->items[i];
        if (kind && is_of_group(version->text, kind->group, strlen(kind->group)) &&
            item->kind == YAML_MAPPING && !yaml_get(item, "kind")) {
            struct document document = {kind, item};
            vec_push(out, document);
        } else {
            manifest_classify(binder, item, out);
        }
    }
}

void manifest_classify(struct binder *binder, struct yaml_node *node, struct documents *out)
{
    if (node->kind != YAML_MAPPING) {
        char description[YAML_DESCRIPTION_MAX];
        diag_error(binder->diag, node->at, "a document is a manifest (a mapping with 'kind'), not %s",
            yaml_describe(node, description));
        return;
    }
    const struct yaml_node *version = head_text(binder, node, "apiVersion");
    const struct yaml_node *kind = head_text(binder, node, "kind");
    if (!version || !kind || !check_kind(binder, version, kind))
        return;
    size_t length = strlen(kind->text);
    const struct object_kind_info *info = object_kind_named(kind->text);
    if (strcmp(version->text, OUR_API_VERSION) == 0) {
        struct document document = {NULL, node};
        vec_push(out, document);
    } else if (info && is_of_group(version->text, info->group, strlen(info->group))) {
        struct document document = {info, node};
        vec_push(out, document);
    } else if (length >= 4 && strcmp(kind->text + length - 4, "List") == 0 && yaml_get(node, "items")) {
        char *item_kind = length > 4 ? arena_strndup(binder->arena, kind->text, length - 4) : NULL;
        classify_list(binder, node, item_kind, version, out);
    } else {
        binder_ignore(binder, kind->at, kind->text);
    }
}

static bool metadata_settle(struct binder *binder, const struct object_kind_info *kind,
    const struct yaml_node *node, struct manifest *out)
{
    const struct yaml_node *metadata = yaml_get(node, "metadata");
    const struct yaml_node *name = yaml_get(metadata, "name");
    out->at = name ? name->at : node->at;
    out->metadata.namespace = !kind->namespaced          ? ""
                              : *out->metadata.namespace ? out->metadata.namespace
                                                         : "default";
    if (!metadata || metadata->kind != YAML_MAPPING)
        return false;
    if (!name || yaml_is_null(name)) {
        diag_error(binder->diag, metadata->at, "metadata needs 'name'");
        return false;
    }
    if (name->kind != YAML_SCALAR || yaml_plain_type(name))
        return false; /* told while binding */
    const char *problem = kind->name_check(out->metadata.name, strlen(out->metadata.name));
    if (problem)
        diag_error(binder->diag, name->at, "the name of a %s %s", kind->kind, problem);
    return !problem;
}

bool manifest_bind(struct binder *binder, const struct document *document, struct manifest *out)
{
    const struct object_kind_info *kind = document->kind;
    *out = (struct manifest){.kind = kind->manifest_kind, .at = document->node->at};
    if (out->kind == MANIFEST_WORKLOAD)
        out->workload.kind = kind->workload_kind;
    metadata_init(&out->metadata);
    text_clear(&binder->path);
    text_add(&binder->path, kind->kind);
    text_add_char(&binder->path, ' ');
    bind_object(binder, manifest_schema(kind), document->node, out);
    text_clear(&binder->path);
    return metadata_settle(binder, kind, document->node, out);
}
