/*
 * events.c: one table of verbs and their parameters.
 *
 * An event is a mapping in which one key is the verb and its value what it happens to; the other keys are
 * parameters, each of which goes with some verbs only.
 */
#include "scenario/events.h"

#include <string.h>

#include "base/calendar.h"
#include "base/ip.h"
#include "base/number.h"
#include "model/names.h"
#include "scenario/manifest.h"
#include "scenario/reference.h"
#include "scenario/replay.h"
#include "scenario/sources.h"

/* What an event's fields bind to. */
struct event_draft {
    struct scenario_event event;
    int64_t replicas;
    bool relist;
    struct trace trace; /* of a replay */
    bool has_trace;
};

#define VERB(verb) (UINT32_C(1) << (verb))
#define VERBS_IN_TOGETHER (~(VERB(EVENT_CHURN) | VERB(EVENT_REPLAY) | VERB(EVENT_TOGETHER)))
#define DEPLOYMENT REFERENCE_BIT(REFERENCE_DEPLOYMENT)
#define REPLICASET REFERENCE_BIT(REFERENCE_REPLICASET)
#define STATEFULSET REFERENCE_BIT(REFERENCE_STATEFULSET)
#define DAEMONSET REFERENCE_BIT(REFERENCE_DAEMONSET)
#define WORKLOADS (DEPLOYMENT | REPLICASET | STATEFULSET | DAEMONSET)
#define POD REFERENCE_BIT(REFERENCE_POD)
#define SERVICE REFERENCE_BIT(REFERENCE_SERVICE)
#define NODE REFERENCE_BIT(REFERENCE_NODE)
#define ZONE REFERENCE_BIT(REFERENCE_ZONE)
#define OTHERS \
    (REFERENCE_BIT(REFERENCE_ENDPOINTS) | REFERENCE_BIT(REFERENCE_ENDPOINTSLICE) | \
        REFERENCE_BIT(REFERENCE_NAMESPACE))

uint32_t event_verb_kinds(int32_t verb)
{
    static const uint32_t kinds[EVENT_VERB_COUNT] = {
        [EVENT_CREATE] = POD,
        [EVENT_DELETE] = POD | SERVICE | NODE | WORKLOADS | OTHERS,
        [EVENT_LABEL] = POD | SERVICE | NODE,
        [EVENT_READY] = POD,
        [EVENT_UNREADY] = POD,
        [EVENT_SCALE] = DEPLOYMENT | REPLICASET | STATEFULSET,
        [EVENT_ROLLOUT] = DEPLOYMENT | STATEFULSET | DAEMONSET,
        [EVENT_RESTART] = POD,
        [EVENT_READDRESS] = POD,
        [EVENT_FAIL] = POD | NODE | ZONE,
        [EVENT_RECOVER] = NODE | ZONE,
        [EVENT_CHURN] = WORKLOADS,
    };
    return kinds[verb];
}

/* --- verbs ------------------------------------------------------------------------------------------ */

static void bind_target(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    if (!reference_bind(
            binder, pair->value, field->name, event_verb_kinds(field->verb), &draft->event.target))
        draft->event.target.name = NULL;
}

static void apply_documents(
    struct binder *binder, const struct documents *documents, struct scenario_event *event)
{
    if (documents->count == 0)
        return;
    event->manifests = arena_alloc(binder->arena, documents->count * sizeof *event->manifests);
    for (uint32_t i = 0; i < documents->count; i++) {
        const struct document *document = &documents->items[i];
        if (!document->kind)
            diag_error(binder->diag, document->node->at, "a Scenario cannot be applied");
        else if (manifest_bind(binder, document, &event->manifests[event->manifest_count]))
            event->manifest_count++;
    }
}

/* `{file: PATH}` and nothing else: the path's node. */
static const struct yaml_node *file_of(const struct yaml_node *value)
{
    const struct yaml_node *file = yaml_get(value, "file");
    return file && !yaml_get(value, "kind") ? file : NULL;
}

static void classify_file(struct binder *binder, const struct yaml_node *file, struct documents *out)
{
    const struct source *source = bind_file(binder, file);
    if (!source)
        return;
    struct yaml_stream stream;
    yaml_parse(&binder->trees, binder->diag, source->number, source->text, source->length, 0, &stream);
    if (stream.documents.count == 0 && !stream.failed)
        diag_error(binder->diag, file->at, "'%s' holds no manifest", source->path);
    for (uint32_t i = 0; i < stream.documents.count; i++)
        manifest_classify(binder, stream.documents.items[i], out);
    vec_fini(&stream.documents);
}

static void bind_apply(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    const struct yaml_node *value = pair->value;
    struct documents documents = {0};
    const struct yaml_node *file = file_of(value);
    draft->event.target.at = pair->key->at;
    if (file)
        classify_file(binder, file, &documents);
    else if (value->kind == YAML_MAPPING)
        manifest_classify(binder, pair->value, &documents);
    else if (value->kind == YAML_SEQUENCE)
        for (uint32_t i = 0; i < value->item_count; i++)
            manifest_classify(binder, value->items[i], &documents);
    else
        bind_report_type(binder, field, value);
    apply_documents(binder, &documents, &draft->event);
    vec_fini(&documents);
}

/* Its events are bound when its own parameters are known (bind_parts). */
static void bind_together(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    (void)target;
    if (bind_is_list(binder, field, pair->value) && pair->value->item_count == 0)
        diag_error(binder->diag, pair->value->at, "'together' needs events");
}

static void bind_replay(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    (void)field;
    draft->has_trace = replay_bind(binder, pair, draft->event.at_ns, &draft->trace);
}

/* --- parameters ------------------------------------------------------------------------------------- */

#define RATE_TEXT "a rate such as 2/s, 30/m or 0.5/h"

static void bind_rate(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    struct event_draft *draft = target;
    const struct yaml_node *value = pair->value;
    const char *slash = value->kind == YAML_SCALAR ? strchr(value->text, '/') : NULL;
    double number;
    if (slash && real_parse(value->text, (size_t)(slash - value->text), &number))
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            if (strcmp(slash + 1, units[i].unit) != 0)
                continue;
            if (number > 0 && number <= 1e6)
                draft->event.rate_per_s = number / units[i].seconds;
            else
                diag_error(binder->diag, value->at, "a rate is above 0 and at most 1000000/%s, not '%.40s'",
                    units[i].unit, value->text);
            return;
        }
    bind_report_type(binder, field, value);
}

static void bind_event_labels(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    bind_map(binder, field, pair->value, draft->event.verb == EVENT_LABEL,
        (struct text_map *)(void *)((char *)target + field->offset));
}

static void bind_event_node(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    const char *text = bind_text(binder, field, pair->value);
    if (!text)
        return;
    draft->event.pod.node_name = text;
    draft->event.node_at = pair->value->at;
}

static void bind_event_ip(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct event_draft *draft = target;
    const char *text = bind_text(binder, field, pair->value);
    if (!text)
        return;
    if (ip_parse(text, strlen(text)).family == IP_NONE) {
        diag_error(binder->diag, pair->value->at, "'%.60s' is no IP address", text);
        return;
    }
    draft->event.pod.ips = arena_alloc(binder->arena, sizeof *draft->event.pod.ips);
    draft->event.pod.ips[0] = text;
    draft->event.pod.ip_count = 1;
}

#define AT(member) .offset = offsetof(struct event_draft, event.member)
#define TARGET(verb_name, verb_number, meaning) \
    { \
        .name = verb_name, .type = FIELD_CUSTOM, .flags = FIELD_VERB, .verb = verb_number, \
        .bind = bind_target, .type_text = "[NAMESPACE/]kind/name", .help = meaning \
    }

static const struct field event_fields[] = {
    TARGET("create", EVENT_CREATE, "a pod by itself, as without a workload"),
    TARGET("delete", EVENT_DELETE, "a workload takes its pods along, a Service its Endpoints and slices"),
    TARGET("label", EVENT_LABEL, "merges `labels` and `annotations` into the object's; null takes one away"),
    TARGET("ready", EVENT_READY, "its readiness probe succeeds"),
    TARGET("unready", EVENT_UNREADY, "its readiness probe fails"),
    TARGET("scale", EVENT_SCALE, "to `replicas`"),
    TARGET("rollout", EVENT_ROLLOUT, "a new template: all pods are replaced as the strategy says"),
    TARGET("restart", EVENT_RESTART, "the containers restart: not ready meanwhile, the same IP"),
    TARGET("readdress", EVENT_READDRESS, "a new sandbox: not ready meanwhile, another IP"),
    TARGET("fail", EVENT_FAIL, "a pod goes to phase Failed; a node, or a zone's nodes, stop answering"),
    TARGET("recover", EVENT_RECOVER, "a node, or a zone's nodes, answer again"),
    TARGET("churn", EVENT_CHURN, "pods of the workload die at random, `rate` of them, and are replaced"),
    {.name = "apply",
        .type = FIELD_CUSTOM,
        .flags = FIELD_VERB,
        .verb = EVENT_APPLY,
        .bind = bind_apply,
        .type_text = "a manifest, a list of them, or {file: PATH}",
        .help = "creates objects or puts them in the place of older ones"},
    {.name = "together",
        .type = FIELD_CUSTOM,
        .flags = FIELD_VERB,
        .verb = EVENT_TOGETHER,
        .bind = bind_together,
        .type_text = "a list of events without `at`",
        .help = "one after the other, but controllers see nothing before all are done: a burst faster than "
                "they are"},
    {.name = "replay",
        .type = FIELD_CUSTOM,
        .flags = FIELD_VERB,
        .verb = EVENT_REPLAY,
        .bind = bind_replay,
        .type_text = "{pods: ROWS} or {file: PATH}",
        .help = "pods of a trace come and go"},

    {.name = "at", .type = FIELD_DURATION, AT(at_ns), .help = "when; 0s for a replay that does not say"},
    {.name = "ifPresent",
        .type = FIELD_BOOL,
        AT(if_present),
        .fallback = "false",
        .verbs = ~(VERB(EVENT_CREATE) | VERB(EVENT_APPLY) | VERB(EVENT_REPLAY) | VERB(EVENT_TOGETHER)),
        .help = "an object that is gone by then is skipped; else it stops the run"},
    {.name = "labels",
        .type = FIELD_CUSTOM,
        AT(labels),
        .bind = bind_event_labels,
        .check = name_check_label_key,
        .value_check = name_check_label_value,
        .verbs = VERB(EVENT_CREATE) | VERB(EVENT_LABEL),
        .type_text = "a mapping of texts"},
    {.name = "annotations",
        .type = FIELD_CUSTOM,
        AT(annotations),
        .bind = bind_event_labels,
        .check = name_check_label_key,
        .verbs = VERB(EVENT_CREATE) | VERB(EVENT_LABEL),
        .type_text = "a mapping of texts"},
    {.name = "ready",
        .type = FIELD_BOOL,
        AT(create_ready),
        .verbs = VERB(EVENT_CREATE),
        .fallback = "true",
        .help = "false: it does not become ready by itself"},
    {.name = "ip",
        .type = FIELD_CUSTOM,
        .bind = bind_event_ip,
        .verbs = VERB(EVENT_CREATE),
        .type_text = "an IP address",
        .fallback = "the node gives one"},
    {.name = "node",
        .type = FIELD_CUSTOM,
        .bind = bind_event_node,
        .type_text = "a text",
        .check = name_check_subdomain,
        .verbs = VERB(EVENT_CREATE),
        .fallback = "one is chosen"},
    {.name = "hostname",
        .type = FIELD_TEXT,
        AT(pod.hostname),
        .check = name_check_label,
        .verbs = VERB(EVENT_CREATE)},
    {.name = "subdomain",
        .type = FIELD_TEXT,
        AT(pod.subdomain),
        .check = name_check_label,
        .verbs = VERB(EVENT_CREATE)},
    {.name = "ports",
        .type = FIELD_LIST,
        AT(pod.container_ports),
        .count_offset = offsetof(struct event_draft, event.pod.container_port_count),
        .item_size = sizeof(struct container_port_spec),
        .object = &container_port_schema,
        .verbs = VERB(EVENT_CREATE),
        .type_text = "a list of container ports",
        .help = "for named target ports"},
    {.name = "grace",
        .type = FIELD_DURATION,
        AT(grace_ns),
        .verbs = VERB(EVENT_DELETE),
        .fallback = "`pods.stop`",
        .help = "how long it terminates before it is gone"},
    {.name = "replicas",
        .type = FIELD_I64,
        .offset = offsetof(struct event_draft, replicas),
        .min = 0,
        .max = REPLICAS_MAX,
        .verbs = VERB(EVENT_SCALE)},
    {.name = "rate",
        .type = FIELD_CUSTOM,
        .bind = bind_rate,
        .verbs = VERB(EVENT_CHURN),
        .type_text = RATE_TEXT,
        .help = "deaths, exponentially apart"},
    {.name = "for",
        .type = FIELD_DURATION,
        AT(for_ns),
        .verbs = VERB(EVENT_CHURN),
        .fallback = "until `until`",
        .help = "how long"},
    {.name = "relist",
        .type = FIELD_BOOL,
        .offset = offsetof(struct event_draft, relist),
        .verbs = VERB(EVENT_TOGETHER),
        .fallback = "false",
        .help = "the controllers' watch of pods was broken meanwhile and they list again: a pod that was "
                "deleted and made anew shows as one that changed"},
};

/* --- one event -------------------------------------------------------------------------------------- */

static const struct field *verb_field(const char *name)
{
    for (uint32_t i = 0; i < event_schema.field_count; i++)
        if ((event_fields[i].flags & FIELD_VERB) && strcmp(event_fields[i].name, name) == 0)
            return &event_fields[i];
    return NULL;
}

static const struct field *parameter_field(const char *name)
{
    for (uint32_t i = 0; i < event_schema.field_count; i++)
        if (!(event_fields[i].flags & FIELD_VERB) && strcmp(event_fields[i].name, name) == 0)
            return &event_fields[i];
    return NULL;
}

/* The one verb of an event. `ready` beside `create` is its parameter. NULL, and told, when there is not
 * exactly one. */
static const struct field *find_verb(struct binder *binder, const struct yaml_node *node)
{
    const struct field *found = NULL;
    bool unknown = false, creates = yaml_get(node, "create") != NULL;
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct yaml_node *key = node->pairs[i].key;
        const struct field *verb = verb_field(key->text);
        if (!verb) {
            bool known = parameter_field(key->text) != NULL;
            if (!known)
                bind_report_unknown(binder, &event_schema, key);
            unknown = unknown || !known;
        } else if (creates && parameter_field(key->text)) {
            continue;
        } else if (found) {
            diag_error(binder->diag, key->at, "an event has one verb; '%s' is there already", found->name);
            return NULL;
        } else {
            found = verb;
        }
    }
    if (!found && !unknown)
        diag_error(binder->diag, node->at, "an event needs a verb, such as 'delete: pod/web-3'");
    return found;
}

static void verbs_text(struct text *out, uint32_t verbs)
{
    bool first = true;
    for (uint32_t i = 0; i < event_schema.field_count; i++)
        if ((event_fields[i].flags & FIELD_VERB) && (verbs & VERB(event_fields[i].verb))) {
            text_printf(out, "%s'%s'", first ? "" : " and ", event_fields[i].name);
            first = false;
        }
}

static void bind_parameter(
    struct binder *binder, const struct field *verb, const struct yaml_pair *pair, struct event_draft *draft)
{
    const struct field *field = parameter_field(pair->key->text);
    if (!field)
        return;
    if (field->verbs && !(field->verbs & VERB(verb->verb))) {
        struct text verbs = {0};
        verbs_text(&verbs, field->verbs);
        diag_error(binder->diag, pair->key->at, "'%s' goes with %s, not with '%s'", field->name,
            verbs.length < 60 ? verbs.data : "other verbs", verb->name);
        text_fini(&verbs);
        return;
    }
    bind_field(binder, &event_schema, field, pair, draft);
}

/* An unknown field that is told as this one misspelt: `replica` is no lack of `replicas` as well. */
static bool is_misspelt(const struct yaml_node *node, const char *name)
{
    char near_name[SCHEMA_NAME_MAX];
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const char *key = node->pairs[i].key->text;
        if (verb_field(key) || parameter_field(key))
            continue;
        const char *near = schema_suggest(&event_schema, key, near_name);
        if (near && strcmp(near, name) == 0)
            return true;
    }
    return false;
}

static void require(struct binder *binder, const struct field *verb, const struct yaml_node *node, bool there,
    const char *name)
{
    if (!there && !is_misspelt(node, name))
        diag_error(binder->diag, node->at, "'%s' needs '%s'", verb->name, name);
}

static void check_parameters(
    struct binder *binder, const struct field *verb, const struct yaml_node *node, bool has_time)
{
    switch (verb->verb) {
    case EVENT_SCALE:
        require(binder, verb, node, yaml_get(node, "replicas"), "replicas");
        break;
    case EVENT_CHURN:
        require(binder, verb, node, yaml_get(node, "rate"), "rate");
        break;
    case EVENT_LABEL:
        require(binder, verb, node, yaml_get(node, "labels") || yaml_get(node, "annotations"), "labels");
        break;
    default:
        break;
    }
    if (verb->verb != EVENT_REPLAY && !has_time)
        require(binder, verb, node, yaml_get(node, "at"), "at");
}

/* Where an event stands: by itself, or in the list of a `together`. */
struct surroundings {
    const struct event_draft *together; /* NULL: by itself */
    uint32_t part;                      /* number in the list */
};

/* False, and told, when the event may not stand in a `together`. */
static bool check_part(struct binder *binder, const struct field *verb, const struct yaml_node *node)
{
    if (VERBS_IN_TOGETHER & VERB(verb->verb))
        return true;
    diag_error(binder->diag, node->at, "'%s' cannot stand in 'together'", verb->name);
    return false;
}

static void event_bind(struct binder *binder, struct scenario *scenario, const struct yaml_node *node,
    const struct surroundings *around);

static void bind_parts(struct binder *binder, struct scenario *scenario, const struct yaml_node *list,
    const struct event_draft *together)
{
    for (uint32_t i = 0; list->kind == YAML_SEQUENCE && i < list->item_count; i++)
        event_bind(binder, scenario, list->items[i], &(struct surroundings){together, i});
}

/* The event's own keys; its verb comes last, as it needs to know the others. */
static void bind_keys(struct binder *binder, const struct field *verb, const struct yaml_node *node,
    const struct surroundings *around, struct event_draft *draft)
{
    const struct yaml_pair *verb_pair = NULL;
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (strcmp(pair->key->text, verb->name) == 0)
            verb_pair = pair;
        else if (around->together && strcmp(pair->key->text, "at") == 0)
            diag_error(binder->diag, pair->key->at, "'at' stands beside 'together', not in its events");
        else
            bind_parameter(binder, verb, pair, draft);
    }
    draft->event.at = verb_pair->key->at;
    bind_field(binder, &event_schema, verb, verb_pair, draft);
    check_parameters(binder, verb, node, around->together);
    draft->event.replicas = (uint32_t)draft->replicas;
}

static void event_bind(struct binder *binder, struct scenario *scenario, const struct yaml_node *node,
    const struct surroundings *around)
{
    if (node->kind != YAML_MAPPING) {
        char description[YAML_DESCRIPTION_MAX];
        diag_error(binder->diag, node->at, "an event is a mapping, not %s", yaml_describe(node, description));
        return;
    }
    const struct field *verb = find_verb(binder, node);
    if (!verb || (around->together && !check_part(binder, verb, node)))
        return;
    struct event_draft draft = {0};
    draft.event = (struct scenario_event){
        .verb = (enum event_verb)verb->verb, .grace_ns = -1, .for_ns = -1, .create_ready = true};
    pod_spec_init(&draft.event.pod);
    draft.event.pod.node_name = draft.event.pod.hostname = draft.event.pod.subdomain = "";
    if (around->together) {
        draft.event.at_ns = around->together->event.at_ns;
        draft.event.is_together = true;
        draft.event.is_joined = around->part > 0;
        draft.event.relist = around->together->relist;
    }
    bind_keys(binder, verb, node, around, &draft);
    /* Kept in spite of a mistake, so that what it creates is no missing reference elsewhere. */
    if (draft.has_trace)
        vec_push(&scenario->traces, draft.trace);
    else if (verb->verb == EVENT_TOGETHER)
        bind_parts(binder, scenario, yaml_get(node, verb->name), &draft);
    else if (draft.event.target.name || verb->verb == EVENT_APPLY)
        vec_push(&scenario->events, draft.event);
}

const struct schema event_schema = {.name = "an event", FIELDS(event_fields)};

void events_bind(struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    if (!bind_is_list(binder, field, pair->value))
        return;
    for (uint32_t i = 0; i < pair->value->item_count; i++)
        event_bind(binder, target, pair->value->items[i], &(struct surroundings){0});
}
