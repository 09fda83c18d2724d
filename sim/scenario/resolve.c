/*
 * resolve.c: all names of the scenario in one table; each reference is looked up there.
 *
 * It rather accepts too much: a pod's name is good when it begins with a workload's, for which pods a
 * workload will have only the run can tell. What is gone (or not there yet) when an event fires stops the
 * run.
 */
#include "scenario/resolve.h"

#include <inttypes.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "scenario/ip_plan.h"
#include "scenario/kinds.h"
#include "scenario/reference.h"

#define CANDIDATES_MAX 256
/* Missing references that get a suggestion: each costs a look at all names. */
#define SUGGESTIONS_MAX 200
#define ZONE_LABEL "topology.kubernetes.io/zone"

struct known {
    const struct object_kind_info *kind;
    const char *namespace;
    const char *name;
    const struct manifest *manifest; /* NULL: of an event or a trace */
};

struct resolver {
    struct binder *binder;
    struct scenario *scenario;
    struct diag *diag;
    VEC(struct known *) all;
    struct map by_name;
    bool has_nodes;  /* Node manifests: then no others are made */
    bool has_traces; /* the names of their pods are in the table */
    uint32_t missing_count;
};

/* --- the table of names ----------------------------------------------------------------------------- */

static uint64_t known_hash(const struct known *known)
{
    uint64_t hash = hash64(known->name, strlen(known->name));
    return hash_mix(
        hash, hash64(known->namespace, strlen(known->namespace)) + (uint64_t)known->kind->reference_kind);
}

static bool known_equal(const void *value, const void *context)
{
    const struct known *a = value, *b = context;
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->namespace, b->namespace) == 0;
}

static struct known *find(
    const struct resolver *r, enum reference_kind kind, const char *namespace, const char *name)
{
    struct known known = {object_kind_of_reference(kind), namespace, name, NULL};
    return map_find_where(&r->by_name, known_hash(&known), known_equal, &known);
}

static void add(struct resolver *r, enum reference_kind kind, const char *namespace, const char *name,
    const struct manifest *manifest)
{
    struct known *known = find(r, kind, namespace, name);
    if (known) {
        known->manifest = known->manifest ? known->manifest : manifest;
        return;
    }
    known = arena_alloc(&r->binder->trees, sizeof *known);
    *known = (struct known){object_kind_of_reference(kind), namespace, name, manifest};
    vec_push(&r->all, known);
    map_add_ptr(&r->by_name, known_hash(known), known);
    /* A namespace is there when something is in it. */
    if (known->kind->namespaced)
        add(r, REFERENCE_NAMESPACE, "", namespace, NULL);
}

/* The zone that labels give a node. */
static void add_zone(struct resolver *r, const struct text_map *labels)
{
    const char *zone = text_map_get(labels, ZONE_LABEL);
    if (zone)
        add(r, REFERENCE_ZONE, "", zone, NULL);
}

static void add_manifest(struct resolver *r, const struct manifest *manifest, bool applied)
{
    const struct object_kind_info *kind = object_kind_of_manifest(manifest);
    const struct metadata_spec *metadata = &manifest->metadata;
    const struct known *before = find(r, kind->reference_kind, metadata->namespace, metadata->name);
    if (before && before->manifest && !applied) {
        const struct position *at = &before->manifest->at;
        diag_error(r->diag, manifest->at, "the %s '%s' is there already, at %s:%" PRIu32, kind->kind,
            metadata->name, diag_source_name(r->diag, at->source), at->line);
        return;
    }
    add(r, kind->reference_kind, metadata->namespace, metadata->name, applied ? NULL : manifest);
    if (manifest->kind == MANIFEST_NODE) {
        r->has_nodes = r->has_nodes || !applied;
        add_zone(r, &metadata->labels);
    }
}

static void add_event(struct resolver *r, const struct scenario_event *event)
{
    for (uint32_t i = 0; i < event->manifest_count; i++)
        add_manifest(r, &event->manifests[i], true);
    if (event->verb == EVENT_CREATE)
        add(r, REFERENCE_POD, event->target.namespace, event->target.name, NULL);
    if (event->verb == EVENT_LABEL && event->target.kind == REFERENCE_NODE)
        add_zone(r, &event->labels);
}

static void add_all(struct resolver *r)
{
    const struct scenario *scenario = r->scenario;
    add(r, REFERENCE_NAMESPACE, "", "default", NULL);
    for (uint32_t i = 0; i < scenario->manifests.count; i++)
        add_manifest(r, &scenario->manifests.items[i], false);
    for (uint32_t i = 0; i < scenario->events.count; i++)
        add_event(r, &scenario->events.items[i]);
    for (uint32_t i = 0; i < scenario->traces.count; i++)
        add(r, REFERENCE_NAMESPACE, "", scenario->traces.items[i].namespace, NULL);
    /* Nodes that are made get the zones in turn. */
    for (uint32_t i = 0; !r->has_nodes && i < scenario->zone_count && i < scenario->node_count; i++)
        add(r, REFERENCE_ZONE, "", scenario->zones[i], NULL);
}

/* Pods of traces are many, and mostly nobody refers to one: their names come in when somebody might. */
static void add_traces(struct resolver *r)
{
    if (r->has_traces)
        return;
    r->has_traces = true;
    for (uint32_t i = 0; i < r->scenario->traces.count; i++) {
        const struct trace *trace = &r->scenario->traces.items[i];
        for (uint32_t p = 0; p < trace->pod_count; p++)
            add(r, REFERENCE_POD, trace->namespace, trace->pods[p].name, NULL);
    }
}

/* --- references ------------------------------------------------------------------------------------- */

/* True when a part of the name before a '-' is one of these kinds' names. */
static bool has_owner(const struct resolver *r, const struct reference *reference,
    const enum reference_kind *kinds, size_t count)
{
    char prefix[256];
    size_t length = strlen(reference->name);
    for (size_t i = 1; i < length && i < sizeof prefix; i++) {
        if (reference->name[i] != '-')
            continue;
        memcpy(prefix, reference->name, i);
        prefix[i] = '\0';
        for (size_t k = 0; k < count; k++)
            if (find(r, kinds[k], reference->namespace, prefix))
                return true;
    }
    return false;
}

/* node-1 to node-N are made when there are no Node manifests. */
static bool is_made_node(const struct resolver *r, const char *name)
{
    if (r->has_nodes || strncmp(name, "node-", 5) != 0 || name[5] < '1' || name[5] > '9')
        return false;
    uint64_t number = 0;
    for (const char *p = name + 5; *p; p++) {
        if (*p < '0' || *p > '9' || number > NODES_MAX)
            return false;
        number = number * 10 + (uint64_t)(*p - '0');
    }
    return number <= r->scenario->node_count;
}

static bool could_exist(struct resolver *r, const struct reference *reference)
{
    static const enum reference_kind workloads[] = {
        REFERENCE_DEPLOYMENT, REFERENCE_REPLICASET, REFERENCE_STATEFULSET, REFERENCE_DAEMONSET};
    static const enum reference_kind services[] = {REFERENCE_SERVICE, REFERENCE_ENDPOINTS};
    if (reference->kind == REFERENCE_POD)
        add_traces(r);
    if (find(r, reference->kind, reference->namespace, reference->name))
        return true;
    switch (reference->kind) {
    case REFERENCE_POD:
        return has_owner(r, reference, workloads, 4);
    case REFERENCE_REPLICASET:
        return has_owner(r, reference, workloads, 1);
    case REFERENCE_NODE:
        return is_made_node(r, reference->name);
    case REFERENCE_ENDPOINTS:
        return find(r, REFERENCE_SERVICE, reference->namespace, reference->name);
    case REFERENCE_ENDPOINTSLICE:
        return has_owner(r, reference, services, 2);
    default:
        return false;
    }
}

/* What might have been meant, as texts of references. */
struct candidates {
    const char *items[CANDIDATES_MAX];
    uint32_t count;
};

static void add_candidate(struct resolver *r, struct candidates *candidates,
    const struct object_kind_info *kind, const char *namespace, const char *name, const char *ending)
{
    if (candidates->count == CANDIDATES_MAX)
        return;
    struct text text = {0};
    reference_text(&text, kind, namespace, name);
    text_add(&text, ending);
    candidates->items[candidates->count++] = arena_strndup(&r->binder->trees, text.data, text.length);
    text_fini(&text);
}

static void add_candidates(
    struct resolver *r, const struct reference *reference, struct candidates *candidates)
{
    const struct object_kind_info *kind = object_kind_of_reference(reference->kind);
    const char *dash = strrchr(reference->name, '-');
    for (uint32_t i = 0; i < r->all.count; i++) {
        const struct known *known = r->all.items[i];
        bool is_workload = known->kind->has_manifest && known->kind->manifest_kind == MANIFEST_WORKLOAD;
        if (known->kind == kind)
            add_candidate(r, candidates, kind, known->namespace, known->name, "");
        else if (reference->kind == REFERENCE_POD && is_workload && dash)
            add_candidate(r, candidates, kind, known->namespace, known->name, dash);
    }
    for (uint32_t i = 0; reference->kind == REFERENCE_ZONE && !r->has_nodes && i < r->scenario->zone_count;
         i++)
        add_candidate(r, candidates, kind, "", r->scenario->zones[i], "");
}

/* Another kind of object of the same name. */
static const char *find_namesake(
    struct resolver *r, const struct reference *reference, struct candidates *candidates)
{
    for (uint32_t i = 0; i < r->all.count; i++) {
        const struct known *known = r->all.items[i];
        if (strcmp(known->name, reference->name) == 0 &&
            strcmp(known->namespace, reference->namespace) == 0 &&
            known->kind->reference_kind != REFERENCE_SERVICE) {
            candidates->count = 0;
            add_candidate(r, candidates, known->kind, known->namespace, known->name, "");
            return candidates->items[0];
        }
    }
    return NULL;
}

static void report_missing(struct resolver *r, const struct reference *reference)
{
    struct candidates candidates = {.count = 0};
    struct text wanted = {0};
    reference_text(&wanted, object_kind_of_reference(reference->kind), reference->namespace, reference->name);
    bool suggests = r->missing_count++ < SUGGESTIONS_MAX;
    add_traces(r);
    if (suggests)
        add_candidates(r, reference, &candidates);
    const char *near = text_suggest(wanted.data, candidates.items, candidates.count);
    if (!near && suggests)
        near = find_namesake(r, reference, &candidates);
    if (near)
        diag_error(r->diag, reference->at, "there is never a '%s'; did you mean '%s'?", wanted.data, near);
    else
        diag_error(r->diag, reference->at, "there is never a '%s': no manifest, event or workload makes it",
            wanted.data);
    text_fini(&wanted);
}

/* --- times ------------------------------------------------------------------------------------------ */

/* What comes after the end of the run. Of a scenario whose end is its own each is a mistake; where somebody
 * cut it short with --set, one line says so. */
struct late {
    bool is_cut;
    uint32_t count;
    struct position first_at;
    int64_t first_ns;
};

/* `others`: how many beside it. */
static void report_late(
    struct resolver *r, struct position at, int64_t at_ns, enum severity severity, uint32_t others)
{
    struct text time = {0}, until = {0};
    text_add_duration(&time, at_ns);
    text_add_duration(&until, r->scenario->until_ns);
    if (others > 0)
        diag_add(r->diag, severity, at,
            "at %s, but the run ends at %s (until); so it is with %" PRIu32 " more", time.data, until.data,
            others);
    else
        diag_add(r->diag, severity, at, "at %s, but the run ends at %s (until)", time.data, until.data);
    text_fini(&time);
    text_fini(&until);
}

static void check_late(struct resolver *r, struct late *late, struct position at, int64_t at_ns)
{
    if (r->scenario->until_ns < 0 || at_ns <= r->scenario->until_ns)
        return;
    if (!late->is_cut)
        report_late(r, at, at_ns, SEVERITY_ERROR, 0);
    if (late->count++ == 0) {
        late->first_at = at;
        late->first_ns = at_ns;
    }
}

static void check_times(struct resolver *r, const struct yaml_node *spec)
{
    const struct scenario *scenario = r->scenario;
    const struct yaml_node *until = yaml_get(spec, "until");
    struct late late = {.is_cut = until && binder_is_set(r->binder, until->at)};
    for (uint32_t i = 0; i < scenario->events.count; i++) {
        struct scenario_event *event = &scenario->events.items[i];
        check_late(r, &late, event->at, event->at_ns);
        if (event->verb != EVENT_CHURN || event->for_ns >= 0)
            continue;
        if (scenario->until_ns < 0)
            diag_error(r->diag, event->at, "'churn' needs 'for' when the scenario has no 'until'");
        else
            event->for_ns = scenario->until_ns > event->at_ns ? scenario->until_ns - event->at_ns : 0;
    }
    for (uint32_t i = 0; i < scenario->expectations.count; i++) {
        const struct expectation *expectation = &scenario->expectations.items[i];
        check_late(r, &late, expectation->at, expectation->at_ns);
    }
    if (late.is_cut && late.count > 0)
        report_late(r, late.first_at, late.first_ns, SEVERITY_WARNING, late.count - 1);
}

/* --- traces, expectations, nodes -------------------------------------------------------------------- */

static void check_trace_services(struct resolver *r, const struct trace *trace)
{
    uint32_t missing = 0;
    const char *first = NULL;
    for (uint32_t i = 0; i < trace->service_count; i++) {
        const struct known *known = find(r, REFERENCE_SERVICE, trace->namespace, trace->services[i]);
        if (known && known->manifest && !known->manifest->service.has_selector)
            diag_error(
                r->diag, trace->at, "the Service '%s' of the rows has no selector", trace->services[i]);
        if (!known && missing++ == 0)
            first = trace->services[i];
    }
    if (missing == 1)
        diag_error(r->diag, trace->at, "the rows name the Service '%s', which no manifest has", first);
    else if (missing > 1)
        diag_error(r->diag, trace->at,
            "the rows name the Service '%s' and %" PRIu32 " more which no manifest has", first, missing - 1);
}

/* Equal names are one pointer, and mostly the one before. */
static void check_trace_nodes(struct resolver *r, const struct trace *trace)
{
    const char *before = NULL;
    for (uint32_t i = 0; i < trace->pod_count; i++) {
        const char *name = trace->pods[i].node;
        if (!*name || name == before)
            continue;
        before = name;
        if (!find(r, REFERENCE_NODE, "", name) && !is_made_node(r, name)) {
            diag_error(r->diag, trace->at, "the rows name the node '%s', which is never there", name);
            return;
        }
    }
}

static void check_traces(struct resolver *r)
{
    for (uint32_t i = 0; i < r->scenario->traces.count; i++) {
        check_trace_services(r, &r->scenario->traces.items[i]);
        check_trace_nodes(r, &r->scenario->traces.items[i]);
    }
}

static void check_expectations(struct resolver *r)
{
    for (uint32_t i = 0; i < r->scenario->expectations.count; i++) {
        const struct expectation *expectation = &r->scenario->expectations.items[i];
        struct reference reference = {.kind = REFERENCE_SERVICE,
            .namespace = expectation->namespace,
            .name = expectation->service,
            .at = expectation->at};
        if (*expectation->service && !could_exist(r, &reference))
            report_missing(r, &reference);
    }
}

static bool has_node(const struct resolver *r, const char *name)
{
    return find(r, REFERENCE_NODE, "", name) || is_made_node(r, name);
}

/* Once a node: a dump without its nodes has many pods on each. */
static void check_pod_node(struct resolver *r, const struct manifest *manifest, struct map *told)
{
    if (manifest->kind != MANIFEST_POD)
        return;
    const char *node = manifest->pod.node_name;
    if (node && *node && !has_node(r, node) && !text_seen(told, node))
        diag_add(r->diag, SEVERITY_WARNING, manifest->at, "pod '%s' stands on node '%s', which nothing makes",
            manifest->metadata.name, node);
}

static void check_nodes_of_pods(struct resolver *r)
{
    const struct scenario *scenario = r->scenario;
    struct map told = {0};
    for (uint32_t i = 0; i < scenario->manifests.count; i++)
        check_pod_node(r, &scenario->manifests.items[i], &told);
    for (uint32_t i = 0; i < scenario->events.count; i++) {
        const struct scenario_event *event = &scenario->events.items[i];
        for (uint32_t k = 0; k < event->manifest_count; k++)
            check_pod_node(r, &event->manifests[k], &told);
        struct reference node = {
            .kind = REFERENCE_NODE, .namespace = "", .name = event->pod.node_name, .at = event->node_at};
        if (event->verb == EVENT_CREATE && node.name && *node.name && !has_node(r, node.name))
            report_missing(r, &node);
    }
    map_fini(&told);
}

/* The setting that is to blame when the nodes do not fit into the pod range. */
static struct position range_position(const struct resolver *r, const struct yaml_node *document)
{
    static const char *const names[] = {"podRange", "podRangePrefix", "count"};
    const struct yaml_node *nodes = yaml_get(yaml_get(document, "spec"), "nodes");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct yaml_node *value = yaml_get(nodes, names[i]);
        if (value)
            return value->at;
    }
    if (r->scenario->manifests.count > 0)
        return r->scenario->manifests.items[0].at;
    return document ? document->at : (struct position){0};
}

static void check_ranges(struct resolver *r, const struct yaml_node *document)
{
    struct ip_plan plan;
    struct text problem = {0};
    /* Counting needs a scenario that is good otherwise. */
    if (diag_error_count(r->diag) == 0 && !ip_plan_make(&plan, r->scenario, &problem))
        diag_error(r->diag, range_position(r, document), "%s", problem.data);
    text_fini(&problem);
}

/* A dump's clock starts when it was taken, as nearly as it tells: nothing in it is younger. */
static void take_start(struct scenario *scenario, const struct yaml_node *spec)
{
    if (yaml_get(spec, "start"))
        return;
    for (uint32_t i = 0; i < scenario->manifests.count; i++) {
        int64_t created_s = scenario->manifests.items[i].metadata.created_s;
        if (created_s != TIME_NONE && created_s > scenario->start_s)
            scenario->start_s = created_s;
    }
}

void resolve(struct binder *binder, const struct yaml_node *document)
{
    struct resolver r = {.binder = binder, .scenario = binder->scenario, .diag = binder->diag};
    const struct yaml_node *spec = yaml_get(document, "spec");
    add_all(&r);
    for (uint32_t i = 0; i < r.scenario->events.count; i++) {
        const struct scenario_event *event = &r.scenario->events.items[i];
        if (event->verb != EVENT_APPLY && event->verb != EVENT_CREATE && !could_exist(&r, &event->target))
            report_missing(&r, &event->target);
    }
    check_nodes_of_pods(&r);
    check_traces(&r);
    check_expectations(&r);
    check_times(&r, spec);
    take_start(r.scenario, spec);
    const struct yaml_node *count = yaml_get(yaml_get(spec, "nodes"), "count");
    if (count && r.has_nodes)
        diag_error(r.diag, count->at, "'nodes.count' does not go with Node manifests");
    check_ranges(&r, document);
    map_fini(&r.by_name);
    vec_fini(&r.all);
}
