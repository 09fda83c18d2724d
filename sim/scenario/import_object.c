/*
 * import_object.c: see import_object.h. What is read of manifests is known from their schemas (schema.h), so
 * a field that scenarios learn to read is imported too.
 */
#include "scenario/import_object.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/names.h"
#include "scenario/kinds.h"
#include "scenario/manifest.h"

/* What a pod has that does not say its terminationGracePeriodSeconds. */
#define GRACE_DEFAULT_S 30

/* --- kinds -------------------------------------------------------------------------------------------- */

static const struct {
    const char *kind, *reference, *plural;
    const char *api_version;
} kinds[IMPORT_KIND_COUNT] = {
    [IMPORT_NODE] = {"Node", "node", "nodes", "v1"},
    [IMPORT_SERVICE] = {"Service", "service", "services", "v1"},
    [IMPORT_ENDPOINTS] = {"Endpoints", "endpoints", "endpoints", "v1"},
    [IMPORT_SLICE] = {"EndpointSlice", "endpointslice", "endpointslices", "discovery.k8s.io/v1"},
    [IMPORT_POD] = {"Pod", "pod", "pods", "v1"},
};

const char *import_kind_reference(enum import_kind kind)
{
    EPSIM_ASSERT(kind < IMPORT_KIND_COUNT);
    return kinds[kind].reference;
}

const char *import_kind_plural(enum import_kind kind)
{
    EPSIM_ASSERT(kind < IMPORT_KIND_COUNT);
    return kinds[kind].plural;
}

const char *import_kind_name(enum import_kind kind)
{
    EPSIM_ASSERT(kind < IMPORT_KIND_COUNT);
    return kinds[kind].kind;
}

enum import_kind import_kind_named(const char *name)
{
    for (int i = 0; i < IMPORT_KIND_COUNT; i++)
        if (strcmp(kinds[i].kind, name) == 0 || strcmp(kinds[i].plural, name) == 0)
            return (enum import_kind)i;
    return IMPORT_OTHER;
}

/* --- heads -------------------------------------------------------------------------------------------- */

static const char *text_of(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR && !yaml_is_null(node) ? node->text : "";
}

const char *import_text(const struct yaml_node *root, ...)
{
    va_list keys;
    va_start(keys, root);
    for (const char *key; root && (key = va_arg(keys, const char *)) != NULL;)
        root = yaml_get(root, key);
    va_end(keys);
    return text_of(root);
}

/* They stand in references, which are plain texts. */
static bool names_are_good(const struct import_object *object, const struct yaml_node *metadata,
    const char **out_problem, struct position *out_at)
{
    if (object->kind == IMPORT_OTHER)
        return true;
    const struct object_kind_info *info = object_kind_named(kinds[object->kind].kind);
    if (info->name_check(object->name, strlen(object->name))) {
        *out_problem = "Kubernetes takes no such name for this kind";
        *out_at = yaml_get(metadata, "name")->at;
    } else if (*object->namespace && name_check_label(object->namespace, strlen(object->namespace))) {
        *out_problem = "Kubernetes takes no such name for a namespace";
        *out_at = yaml_get(metadata, "namespace")->at;
    }
    return !*out_problem;
}

bool import_object_read(const struct yaml_node *root, const char *kind, struct import_object *out,
    const char **out_problem, struct position *out_at)
{
    const char *own = import_text(root, "kind", NULL);
    *out = (struct import_object){.kind_name = *own ? own : kind ? kind : "", .root = root};
    *out_at = root->at;
    *out_problem = NULL;
    const struct yaml_node *metadata = yaml_get(root, "metadata");
    if (root->kind != YAML_MAPPING)
        *out_problem = "an object of Kubernetes is expected here";
    else if (!*out->kind_name)
        *out_problem = "an object needs 'kind'";
    else if (!*text_of(yaml_get(metadata, "name")))
        *out_problem = "an object needs 'metadata.name'";
    if (*out_problem)
        return false;
    out->kind = import_kind_named(out->kind_name);
    out->name = text_of(yaml_get(metadata, "name"));
    out->namespace = text_of(yaml_get(metadata, "namespace"));
    if (!*out->namespace || out->kind == IMPORT_NODE)
        out->namespace = out->kind == IMPORT_NODE ? "" : "default";
    if (!names_are_good(out, metadata, out_problem, out_at))
        return false;
    out->uid = text_of(yaml_get(metadata, "uid"));
    const char *version = text_of(yaml_get(metadata, "resourceVersion"));
    int64_t number;
    if (int_parse(version, strlen(version), 1, INT64_MAX, &number))
        out->version = (uint64_t)number;
    return true;
}

/* --- times -------------------------------------------------------------------------------------------- */

static bool is_time_key(const char *key)
{
    static const char *const keys[] = {"creationTimestamp", "finishedAt", "lastHeartbeatTime",
        "lastTransitionTime", "startTime", "startedAt", "time"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static void take_time(const struct yaml_node *value, int64_t before_ns, int64_t *newest_ns)
{
    int64_t ns;
    if (value->kind == YAML_SCALAR && rfc3339_parse(value->text, value->length, &ns) &&
        ns - before_ns > *newest_ns)
        *newest_ns = ns - before_ns;
}

/* A deletionTimestamp is when the pod will be gone: the grace lies between the request and it. */
static void take_deletion(const struct yaml_node *metadata, int64_t *newest_ns)
{
    const struct yaml_node *deadline = yaml_get(metadata, "deletionTimestamp");
    const char *grace = text_of(yaml_get(metadata, "deletionGracePeriodSeconds"));
    int64_t grace_s = 0;
    int_parse(grace, strlen(grace), 0, INT32_MAX, &grace_s);
    if (deadline)
        take_time(deadline, grace_s * NS_PER_S, newest_ns);
}

static void find_newest(const struct yaml_node *node, int64_t *newest_ns)
{
    if (node->kind == YAML_SEQUENCE)
        for (uint32_t i = 0; i < node->item_count; i++)
            find_newest(node->items[i], newest_ns);
    for (uint32_t i = 0; node->kind == YAML_MAPPING && i < node->pair_count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const char *key = pair->key->text;
        if (pair->value->kind == YAML_SCALAR) {
            if (is_time_key(key))
                take_time(pair->value, 0, newest_ns);
        } else if (strcmp(key, "annotations") != 0 && strcmp(key, "labels") != 0 &&
                   strcmp(key, "fieldsV1") != 0) {
            find_newest(pair->value, newest_ns);
        }
    }
}

int64_t import_newest_ns(const struct yaml_node *root)
{
    int64_t newest_ns = INT64_MIN;
    find_newest(root, &newest_ns);
    take_deletion(yaml_get(root, "metadata"), &newest_ns);
    return newest_ns;
}

/* --- texts -------------------------------------------------------------------------------------------- */

static void add_quoted(struct text *out, const char *text)
{
    text_add_json(out, text, strlen(text));
}

/* `key: "text"`, behind what stands in the mapping already. */
static void add_member(struct text *out, const char *key, const char *text)
{
    if (!*text)
        return;
    text_add(out, out->length > 0 && out->data[out->length - 1] == '{' ? "" : ", ");
    text_add(out, key);
    text_add(out, ": ");
    add_quoted(out, text);
}

static void add_node(struct text *out, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        if (node->style == YAML_PLAIN && yaml_plain_type(node))
            text_add_bytes(out, node->text, node->length);
        else
            text_add_json(out, node->text, node->length);
        return;
    }
    bool is_mapping = node->kind == YAML_MAPPING;
    uint32_t count = is_mapping ? node->pair_count : node->item_count;
    text_add_char(out, is_mapping ? '{' : '[');
    for (uint32_t i = 0; i < count; i++) {
        text_add(out, i ? ", " : "");
        if (is_mapping) {
            text_add_json(out, node->pairs[i].key->text, node->pairs[i].key->length);
            text_add(out, ": ");
        }
        add_node(out, is_mapping ? node->pairs[i].value : node->items[i]);
    }
    text_add_char(out, is_mapping ? '}' : ']');
}

/* What is written apart, and what changes with every change: versions, and generations, which nobody counts
 * here. */
static bool is_left_out(const struct schema *schema, const struct field *field)
{
    static const char *const of_metadata[] = {
        "name", "namespace", "resourceVersion", "generation", "generateName"};
    for (size_t i = 0; schema == &metadata_schema && i < sizeof of_metadata / sizeof *of_metadata; i++)
        if (strcmp(field->name, of_metadata[i]) == 0)
            return true;
    bool is_kind = strcmp(field->name, "apiVersion") == 0 || strcmp(field->name, "kind") == 0;
    return (field->type == FIELD_KNOWN && is_kind) || field->object == &metadata_schema;
}

static void add_by_schema(struct text *out, const struct schema *schema, const struct yaml_node *node);

static void add_field(struct text *out, const struct field *field, const struct yaml_node *value)
{
    if (field->object && value->kind == YAML_MAPPING) {
        add_by_schema(out, field->object, value);
    } else if (field->object && value->kind == YAML_SEQUENCE) {
        text_add_char(out, '[');
        for (uint32_t i = 0; i < value->item_count; i++) {
            text_add(out, i ? ", " : "");
            add_field(out, field, value->items[i]);
        }
        text_add_char(out, ']');
    } else {
        add_node(out, value);
    }
}

/* The fields that the schema reads, in its order: the same object is the same text, whoever wrote it. They
 * stand behind what is in the mapping already. */
static void add_fields(struct text *out, const struct schema *schema, const struct yaml_node *node)
{
    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct field *field = &schema->fields[i];
        const struct yaml_node *value = yaml_get(node, field->name);
        if (!value || yaml_is_null(value) || is_left_out(schema, field))
            continue;
        text_add(out, out->data[out->length - 1] == '{' ? "" : ", ");
        text_add(out, field->name);
        text_add(out, ": ");
        add_field(out, field, value);
    }
}

static void add_by_schema(struct text *out, const struct schema *schema, const struct yaml_node *node)
{
    text_add_char(out, '{');
    add_fields(out, schema, node);
    text_add_char(out, '}');
}

/* --- others ------------------------------------------------------------------------------------------- */

/* Of a node's status, whose heartbeats would make every one of them a change. */
static void add_node_status(struct text *out, const struct yaml_node *status)
{
    const struct yaml_node *conditions = yaml_get(status, "conditions");
    const char *ready = "";
    for (uint32_t i = 0; conditions && conditions->kind == YAML_SEQUENCE && i < conditions->item_count; i++)
        if (strcmp(import_text(conditions->items[i], "type", NULL), "Ready") == 0)
            ready = import_text(conditions->items[i], "status", NULL);
    text_add(out, ", status: {conditions: [{type: Ready, status: ");
    add_quoted(out, *ready ? ready : "True");
    text_add(out, "}]");
    const char *cpu = import_text(status, "allocatable", "cpu", NULL);
    const char *pods = import_text(status, "allocatable", "pods", NULL);
    if (*cpu || *pods) {
        text_add(out, ", allocatable: {");
        add_member(out, "cpu", cpu);
        add_member(out, "pods", pods);
        text_add_char(out, '}');
    }
    text_add_char(out, '}');
}

/* Labels are what matters of a node's metadata; annotations are the kubelet's own. */
static void add_real_node(struct text *out, const struct import_object *object)
{
    const struct yaml_node *labels = yaml_get(yaml_get(object->root, "metadata"), "labels");
    text_add(out, "metadata: {");
    add_member(out, "name", object->name);
    add_member(out, "uid", object->uid);
    add_member(out, "creationTimestamp", import_text(object->root, "metadata", "creationTimestamp", NULL));
    if (labels && labels->kind == YAML_MAPPING) {
        text_add(out, ", labels: ");
        add_node(out, labels);
    }
    text_add_char(out, '}');
    const struct yaml_node *spec = yaml_get(object->root, "spec");
    if (spec && spec->kind == YAML_MAPPING) {
        text_add(out, ", spec: ");
        add_by_schema(out, schema_field(&node_manifest_schema, "spec")->object, spec);
    }
    add_node_status(out, yaml_get(object->root, "status"));
}

static const struct schema *schema_of(enum import_kind kind)
{
    return kind == IMPORT_SERVICE     ? &service_manifest_schema
           : kind == IMPORT_ENDPOINTS ? &endpoints_manifest_schema
                                      : &endpointslice_manifest_schema;
}

bool import_object_is_by_hand(const struct import_object *object)
{
    const struct yaml_node *labels = yaml_get(yaml_get(object->root, "metadata"), "labels");
    if (object->kind == IMPORT_ENDPOINTS)
        return !yaml_get(labels, "endpoints.kubernetes.io/managed-by");
    const char *by = import_text(labels, "endpointslice.kubernetes.io/managed-by", NULL);
    return strcmp(by, "endpointslice-controller.k8s.io") != 0 &&
           strcmp(by, "endpointslicemirroring-controller.k8s.io") != 0;
}

void import_object_add(struct text *out, const struct import_object *object)
{
    EPSIM_ASSERT(object->kind < IMPORT_KIND_COUNT && object->kind != IMPORT_POD);
    text_printf(
        out, "{apiVersion: %s, kind: %s, ", kinds[object->kind].api_version, kinds[object->kind].kind);
    if (object->kind == IMPORT_NODE) {
        add_real_node(out, object);
        text_add_char(out, '}');
        return;
    }
    text_add(out, "metadata: {");
    add_member(out, "name", object->name);
    add_member(out, "namespace", object->namespace);
    add_fields(out, &metadata_schema, yaml_get(object->root, "metadata"));
    text_add_char(out, '}');
    add_fields(out, schema_of(object->kind), object->root);
    text_add_char(out, '}');
}

static void add_known(struct text *out, const struct schema *schema, const struct yaml_node *node);

static void add_known_field(struct text *out, const struct field *field, const struct yaml_node *value)
{
    if (!field || !field->object || value->kind == YAML_SCALAR) {
        add_node(out, value);
        return;
    }
    if (value->kind == YAML_MAPPING) {
        add_known(out, field->object, value);
        return;
    }
    text_add_char(out, '[');
    for (uint32_t i = 0; i < value->item_count; i++) {
        text_add(out, i ? ", " : "");
        add_known_field(out, field, value->items[i]);
    }
    text_add_char(out, ']');
}

/* What is known and ignored stands beside what is read; what is not known is left out, or the scenario would
 * be refused. */
static void add_known(struct text *out, const struct schema *schema, const struct yaml_node *node)
{
    text_add_char(out, '{');
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const struct field *field = schema_field(schema, pair->key->text);
        if (yaml_is_null(pair->value) || (!field && !schema_ignores(schema, pair->key->text)))
            continue;
        text_add(out, out->data[out->length - 1] == '{' ? "" : ", ");
        text_printf(out, "%s: ", pair->key->text);
        add_known_field(out, field, pair->value);
    }
    text_add_char(out, '}');
}

void import_manifest_add(struct text *out, const struct object_kind_info *kind, const char *namespace,
    const char *name, const struct yaml_node *root)
{
    static const char *const kept[] = {"labels", "annotations"};
    text_printf(out, "{apiVersion: %s%s%s, kind: %s, metadata: {", kind->group, *kind->group ? "/" : "",
        kind->version, kind->kind);
    add_member(out, "name", name);
    add_member(out, "namespace", namespace);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const struct yaml_node *value = yaml_get(yaml_get(root, "metadata"), kept[i]);
        if (!value || value->kind != YAML_MAPPING || value->pair_count == 0)
            continue;
        text_printf(out, ", %s: ", kept[i]);
        add_node(out, value);
    }
    text_add_char(out, '}');
    const struct schema *schema = manifest_schema(kind);
    for (uint32_t i = 0; i < root->pair_count; i++) {
        const struct yaml_pair *pair = &root->pairs[i];
        const struct field *field = schema_field(schema, pair->key->text);
        if (!field || is_left_out(schema, field) || strcmp(field->name, "status") == 0 ||
            yaml_is_null(pair->value))
            continue;
        text_printf(out, ", %s: ", field->name);
        add_known_field(out, field, pair->value);
    }
    text_add_char(out, '}');
}

/* --- pods --------------------------------------------------------------------------------------------- */

static const char *keep(struct arena *arena, const char *text)
{
    return *text ? arena_strndup(arena, text, strlen(text)) : "";
}

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const struct text_pair *)a)->key, ((const struct text_pair *)b)->key);
}

/* Labels of `before` and of a mapping, in which null takes one away. */
static void read_labels(struct arena *arena, const struct yaml_node *labels, const struct import_pod *before,
    struct text_map *out)
{
    uint32_t old_count = before ? before->labels.count : 0;
    out->items = arena_alloc(arena, (old_count + labels->pair_count + 1) * sizeof *out->items);
    out->count = 0;
    for (uint32_t i = 0; i < old_count; i++)
        if (!yaml_get(labels, before->labels.items[i].key))
            out->items[out->count++] = before->labels.items[i];
    for (uint32_t i = 0; i < labels->pair_count; i++) {
        const struct yaml_pair *pair = &labels->pairs[i];
        if (pair->value->kind == YAML_SCALAR && !yaml_is_null(pair->value))
            out->items[out->count++] =
                (struct text_pair){keep(arena, pair->key->text), keep(arena, pair->value->text)};
    }
    qsort(out->items, out->count, sizeof *out->items, compare_pairs);
}

static void read_ips(struct arena *arena, const struct yaml_node *status, struct import_pod *out)
{
    const struct yaml_node *list = yaml_get(status, "podIPs");
    const char *single = import_text(status, "podIP", NULL);
    uint32_t count = list && list->kind == YAML_SEQUENCE ? list->item_count : 0;
    if (count == 0 && !*single)
        return;
    const char **ips = arena_alloc(arena, (count + 1) * sizeof *ips);
    out->ip_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *ip = import_text(list->items[i], "ip", NULL);
        if (*ip)
            ips[out->ip_count++] = keep(arena, ip);
    }
    if (out->ip_count == 0 && *single)
        ips[out->ip_count++] = keep(arena, single);
    out->ips = ips;
}

static void read_status(struct arena *arena, const struct yaml_node *status, struct import_pod *out)
{
    const char *phase = import_text(status, "phase", NULL);
    if (*phase)
        out->phase = keep(arena, phase);
    read_ips(arena, status, out);
    const struct yaml_node *conditions = yaml_get(status, "conditions");
    for (uint32_t i = 0; conditions && conditions->kind == YAML_SEQUENCE && i < conditions->item_count; i++) {
        const struct yaml_node *condition = conditions->items[i];
        if (strcmp(import_text(condition, "type", NULL), "Ready") != 0)
            continue;
        const char *ready = import_text(condition, "status", NULL);
        const char *since = import_text(condition, "lastTransitionTime", NULL);
        if (*ready)
            out->ready = keep(arena, ready);
        if (*since)
            out->ready_since = keep(arena, since);
        break;
    }
}

void import_pod_read(struct arena *arena, const struct yaml_node *root, const struct import_pod *before,
    struct import_pod *out)
{
    static const struct import_pod blank = {
        .phase = "Pending", .ready = "", .ready_since = "", .deleted = ""};
    const struct yaml_node *metadata = yaml_get(root, "metadata");
    const struct yaml_node *labels = yaml_get(metadata, "labels");
    *out = before ? *before : blank;
    if (labels && labels->kind == YAML_MAPPING)
        read_labels(arena, labels, before, &out->labels);
    const char *deleted = text_of(yaml_get(metadata, "deletionTimestamp"));
    if (*deleted)
        out->deleted = keep(arena, deleted);
    read_status(arena, yaml_get(root, "status"), out);
}

bool import_pod_same_labels(const struct import_pod *a, const struct import_pod *b)
{
    if (a->labels.count != b->labels.count)
        return false;
    for (uint32_t i = 0; i < a->labels.count; i++)
        if (strcmp(a->labels.items[i].key, b->labels.items[i].key) != 0 ||
            strcmp(a->labels.items[i].value, b->labels.items[i].value) != 0)
            return false;
    return true;
}

/* The deadline of a deletion may be moved forward; that it is being deleted is what counts. */
bool import_pod_same_status(const struct import_pod *a, const struct import_pod *b)
{
    if (strcmp(a->phase, b->phase) != 0 || a->ip_count != b->ip_count || !*a->deleted != !*b->deleted)
        return false;
    for (uint32_t i = 0; i < a->ip_count; i++)
        if (strcmp(a->ips[i], b->ips[i]) != 0)
            return false;
    return true;
}

bool import_pod_is_ready(const struct import_pod *pod)
{
    return strcmp(pod->ready, "True") == 0;
}

/* Containers, or init containers, with what counts of them: name, ports, restartPolicy. */
static void add_containers(struct text *out, const char *key, const struct yaml_node *containers)
{
    const struct schema *schema = schema_field(&pod_spec_schema, "containers")->object;
    bool any = false;
    for (uint32_t i = 0; containers && containers->kind == YAML_SEQUENCE && i < containers->item_count; i++) {
        const struct yaml_node *ports = yaml_get(containers->items[i], "ports");
        if (!ports || ports->kind != YAML_SEQUENCE || ports->item_count == 0)
            continue;
        text_add(out, any ? ", " : out->length > 0 ? ", " : "");
        if (!any)
            text_printf(out, "%s: [", key);
        any = true;
        text_add_char(out, '{');
        add_member(out, "name", import_text(containers->items[i], "name", NULL));
        add_member(out, "restartPolicy", import_text(containers->items[i], "restartPolicy", NULL));
        text_add(out, out->data[out->length - 1] == '{' ? "ports: " : ", ports: ");
        add_field(out, schema_field(schema, "ports"), ports);
        text_add_char(out, '}');
    }
    text_add(out, any ? "]" : "");
}

void import_pod_add_spec(struct text *out, const struct yaml_node *root)
{
    const struct yaml_node *spec = yaml_get(root, "spec");
    static const char *const texts[] = {"nodeName", "hostname", "subdomain"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = text_of(yaml_get(spec, texts[i]));
        if (!*value)
            continue;
        text_printf(out, "%s%s: ", out->length > 0 ? ", " : "", texts[i]);
        add_quoted(out, value);
    }
    const char *grace = text_of(yaml_get(spec, "terminationGracePeriodSeconds"));
    int64_t grace_s;
    if (int_parse(grace, strlen(grace), 0, INT32_MAX, &grace_s) && grace_s != GRACE_DEFAULT_S)
        text_printf(out, "%sterminationGracePeriodSeconds: %" PRId64, out->length > 0 ? ", " : "", grace_s);
    add_containers(out, "containers", yaml_get(spec, "containers"));
    add_containers(out, "initContainers", yaml_get(spec, "initContainers"));
}

static void add_labels(struct text *out, const struct text_map *labels)
{
    text_add(out, ", labels: {");
    for (uint32_t i = 0; i < labels->count; i++) {
        text_add(out, i ? ", " : "");
        add_quoted(out, labels->items[i].key);
        text_add(out, ": ");
        add_quoted(out, labels->items[i].value);
    }
    text_add_char(out, '}');
}

static void add_status(struct text *out, const struct import_pod *pod)
{
    text_add(out, ", status: {");
    add_member(out, "phase", pod->phase);
    for (uint32_t i = 0; i < pod->ip_count; i++) {
        text_add(out, i ? ", {" : ", podIPs: [{");
        add_member(out, "ip", pod->ips[i]);
        text_add_char(out, '}');
    }
    text_add(out, pod->ip_count > 0 ? "]" : "");
    if (*pod->ready) {
        text_add(out, ", conditions: [{type: Ready");
        add_member(out, "status", pod->ready);
        add_member(out, "lastTransitionTime", pod->ready_since);
        text_add(out, "}]");
    }
    text_add_char(out, '}');
}

void import_pod_add(struct text *out, const struct import_pod *pod, const char *namespace, const char *name,
    const char *uid, const char *created, const char *spec)
{
    text_add(out, "{apiVersion: v1, kind: Pod, metadata: {");
    add_member(out, "name", name);
    add_member(out, "namespace", namespace);
    add_member(out, "uid", uid);
    add_member(out, "creationTimestamp", created);
    add_member(out, "deletionTimestamp", pod->deleted);
    if (pod->labels.count > 0)
        add_labels(out, &pod->labels);
    text_add_char(out, '}');
    if (*spec)
        text_printf(out, ", spec: {%s}", spec);
    add_status(out, pod);
    text_add_char(out, '}');
}
