/*
 * settings.c: the table of settings, and the few of them that are more than a number.
 */
#include "scenario/settings.h"

#include <string.h>

#include "base/calendar.h"
#include "base/ip.h"
#include "base/number.h"
#include "model/endpoints.h"
#include "model/names.h"
#include "scenario/distributions.h"
#include "scenario/events.h"
#include "scenario/expect.h"
#include "scenario/manifest.h"

#define START_DEFAULT_S INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define NODES_DEFAULT 3
/* In kube-defaults: terminationGracePeriodSeconds, which containers that do not listen use up. */
#define POD_STOP_DEFAULT_NS (30 * NS_PER_S)

void settings_init(struct scenario *scenario)
{
    static const char *const zones[] = {"zone-a", "zone-b", "zone-c"};
    scenario->name = "";
    scenario->about = "";
    scenario->seed = 1;
    scenario->until_ns = -1;
    scenario->start_s = START_DEFAULT_S;
    scenario->engine = engine_config_default();
    scenario->node_count = NODES_DEFAULT;
    scenario->node_lifecycle = true;
    scenario->zone_count = sizeof zones / sizeof *zones;
    scenario->zones = arena_alloc(&scenario->arena, sizeof zones);
    memcpy(scenario->zones, zones, sizeof zones);
    scenario->pod_range = "10.244.0.0/16";
    scenario->pod_range6 = "fd00:10:244::/48";
    scenario->range_prefix = 0;
    scenario->pod_start = scenario->pod_ready = scenario->pod_stop = distribution_constant(0);
}

/* --- choices ---------------------------------------------------------------------------------------- */

static const struct choice profiles[] = {
    {"instant", PROFILE_INSTANT, NULL},
    {"kube-defaults", PROFILE_KUBE_DEFAULTS, NULL},
};
static const struct choice kube_versions[] = {
    {"1.34", 34, NULL},
    {"1.35", 35, NULL},
    {"1.36", 36, NULL},
    {"1.37", 37, NULL},
};
static const struct choice choice_modes[] = {
    {"random", CHOICE_RANDOM, NULL},
    {"fixed", CHOICE_FIXED, NULL},
};
static const struct choice packing_policies[] = {
    {"upstream", PACKING_UPSTREAM, NULL},
    {"best-fit-all", PACKING_BEST_FIT_ALL, NULL},
    {"rebalance", PACKING_REBALANCE, NULL},
    {"one-slice-per-zone", PACKING_ONE_SLICE_PER_ZONE, NULL},
};
static const struct choice size_models[] = {
    {"protobuf", SIZE_PROTOBUF, NULL},
    {"json", SIZE_JSON, NULL},
    {"kep", SIZE_KEP, NULL},
    {"blog", SIZE_BLOG, NULL},
};

static void bind_capacity(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    uint32_t *out = (void *)((char *)target + field->offset);
    const struct yaml_node *value = pair->value;
    int64_t number;
    if (value->kind == YAML_SCALAR && strcmp(value->text, "none") == 0)
        *out = UINT32_MAX;
    else if (value->kind == YAML_SCALAR &&
             int_parse(value->text, value->length, field->min, field->max, &number))
        *out = (uint32_t)number;
    else
        bind_report_type(binder, field, value);
}

static void bind_range(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const char *text = bind_text(binder, field, pair->value);
    struct ip_range range;
    if (!text)
        return;
    bool wants_v6 = field->offset == offsetof(struct scenario, pod_range6);
    if (!ip_range_parse(text, strlen(text), &range) || (range.base.family == IP_V6) != wants_v6)
        bind_report_type(binder, field, pair->value);
    else
        *(const char **)(void *)((char *)target + field->offset) = text;
}

/* --- the tables ------------------------------------------------------------------------------------- */

#define ENGINE(member) .offset = offsetof(struct scenario, engine.member)

static const struct field watcher_fields[] = {
    {.name = "endpoints",
        .type = FIELD_U32,
        ENGINE(endpoints_watchers),
        .min = 0,
        .max = 10000000,
        .fallback = "one a node",
        .help = "who watches Endpoints: kube-proxy did before slices"},
    {.name = "endpointslices",
        .type = FIELD_U32,
        ENGINE(endpointslice_watchers),
        .min = 0,
        .max = 10000000,
        .fallback = "one a node, and one",
        .help = "who watches EndpointSlices; headless ones are filtered for proxies"},
};
static const struct schema watchers_schema = {.name = "watchers", FIELDS(watcher_fields)};

/* These stand in spec; under `controllers`, beside maxEndpointsPerSlice, they mean the same. */
#define ENGINE_SETTINGS \
    {.name = "kube", \
        .type = FIELD_CHOICE, \
        ENGINE(kube_minor), \
        CHOICES(kube_versions), \
        .fallback = "1.37", \
        .help = "the release whose controllers run"}, \
        {.name = "choices", \
            .type = FIELD_CHOICE, \
            ENGINE(choices), \
            CHOICES(choice_modes), \
            .fallback = "random", \
            .help = "where the real controllers' choice is open: drawn from the seed, or always the first"}, \
        {.name = "sizeModel", \
            .type = FIELD_CHOICE, \
            ENGINE(size_model), \
            CHOICES(size_models), \
            .fallback = "protobuf", \
            .help = "what `bytes` counts"}, \
    { \
        .name = "watchers", .type = FIELD_OBJECT, .object = &watchers_schema \
    }

#define BATCH_PERIOD(field_name, member, meaning) \
    { \
        .name = field_name, .type = FIELD_CUSTOM, ENGINE(member), .max = BATCH_PERIOD_MAX_NS, \
        .bind = bind_duration_up_to, .type_text = "a duration of at most 24h", .fallback = "0s", \
        .help = meaning \
    }

/* What the controllers' flags are in profile kube-defaults; in instant there are no such limits. */
#define LIMIT(field_name, member, most, defaults, meaning) \
    { \
        .name = field_name, .type = FIELD_U32, ENGINE(timing.member), .min = 1, .max = (most), \
        .fallback = "no limit; kube-defaults: " defaults, .help = meaning \
    }

static const struct field controller_fields[] = {
    {.name = "maxEndpointsPerSlice",
        .type = FIELD_U32,
        ENGINE(endpoints_per_slice_max),
        .min = 1,
        .max = ENDPOINTS_PER_SLICE_MAX,
        .fallback = "100",
        .help = "endpoints that a slice takes"},
    {.name = "endpointsCapacity",
        .type = FIELD_CUSTOM,
        ENGINE(endpoints_capacity),
        .min = 1,
        .max = REPLICAS_MAX,
        .bind = bind_capacity,
        .type_text = "an integer from 1 to 10000000, or none",
        .fallback = "1000",
        .help = "addresses that an Endpoints object lists before it is truncated"},
    {.name = "mirroringMaxEndpointsPerSubset",
        .type = FIELD_U32,
        ENGINE(mirroring_endpoints_per_subset_max),
        .min = 1,
        .max = MIRRORING_ENDPOINTS_PER_SUBSET_MAX,
        .fallback = "1000",
        .help = "addresses of hand-written Endpoints that are mirrored to slices, by subset"},
    BATCH_PERIOD("endpointUpdatesBatchPeriod", endpoint_updates_batch_period_ns,
        "how long the first event of a pod waits for others, before Endpoints are synced"),
    BATCH_PERIOD("endpointSliceUpdatesBatchPeriod", endpointslice_updates_batch_period_ns,
        "the same for slices, of events of pods and of slices"),
    BATCH_PERIOD("mirroringEndpointSliceUpdatesBatchPeriod", mirroring_endpointslice_updates_batch_period_ns,
        "the same for mirrored slices, of events of slices"),
    LIMIT("concurrentEndpointSyncs", workers[TIMED_ENDPOINTS], CONCURRENT_SYNCS_MAX, "5",
        "Services whose Endpoints are synced at the same time"),
    LIMIT("concurrentServiceEndpointSyncs", workers[TIMED_SLICES], 50, "5",
        "Services whose slices are synced at the same time"),
    LIMIT("mirroringConcurrentServiceEndpointSyncs", workers[TIMED_MIRRORING], 50, "5",
        "Services whose Endpoints are mirrored at the same time"),
    LIMIT("kubeAPIQPS", requests_per_s, REQUESTS_PER_S_MAX, "20",
        "requests a second of each controller, once its burst is spent"),
    LIMIT("kubeAPIBurst", requests_burst, REQUESTS_BURST_MAX, "30",
        "requests at once of each controller that has been still; needs kubeAPIQPS"),
    {.name = "packingPolicy",
        .type = FIELD_CHOICE,
        ENGINE(packing_policy),
        CHOICES(packing_policies),
        .fallback = "upstream",
        .help = "which slice takes which endpoint; all but upstream are what-ifs (packing.md)"},
    {.name = "rebalanceSlackPercent",
        .type = FIELD_U32,
        ENGINE(rebalance_slack_percent),
        .min = 0,
        .max = REBALANCE_SLACK_PERCENT_MAX,
        .fallback = "25",
        .help = "slices above the fewest that the packing policy rebalance lets be"},
    ENGINE_SETTINGS,
};
static void controllers_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    struct engine_timing *timing = &((struct scenario *)target)->engine.timing;
    const struct yaml_node *burst = yaml_get(node, "kubeAPIBurst");
    if (burst && timing->requests_per_s == 0)
        diag_error(binder->diag, burst->at,
            "kubeAPIBurst needs kubeAPIQPS, which has no limit unless the profile is kube-defaults");
    if (timing->requests_per_s > 0 && timing->requests_burst == 0)
        timing->requests_burst = timing_kube_defaults().requests_burst;
}
static const struct schema controllers_schema = {
    .name = "controllers", FIELDS(controller_fields), .check = controllers_check};

static const struct field nodes_fields[] = {
    {.name = "count",
        .type = FIELD_U32,
        .offset = offsetof(struct scenario, node_count),
        .min = 0,
        .max = NODES_MAX,
        .fallback = "3",
        .help = "nodes `node-1` and up; not beside Node manifests"},
    {.name = "zones",
        .type = FIELD_TEXTS,
        .offset = offsetof(struct scenario, zones),
        .count_offset = offsetof(struct scenario, zone_count),
        .check = name_check_label_value,
        .fallback = "[zone-a, zone-b, zone-c]",
        .help = "given to the nodes in turn"},
    {.name = "podRange",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct scenario, pod_range),
        .bind = bind_range,
        .type_text = "an IPv4 range such as 10.244.0.0/16",
        .fallback = "10.244.0.0/16",
        .help = "where pods' IPs come from"},
    {.name = "podRange6",
        .type = FIELD_CUSTOM,
        .offset = offsetof(struct scenario, pod_range6),
        .bind = bind_range,
        .type_text = "an IPv6 range such as fd00:10:244::/48",
        .fallback = "fd00:10:244::/48",
        .help = "the same for IPv6"},
    {.name = "podRangePrefix",
        .type = FIELD_U32,
        .offset = offsetof(struct scenario, range_prefix),
        .min = 8,
        .max = 30,
        .fallback = "24, or as nodes and pods need",
        .help = "bits of one node's share of `podRange`"},
    {.name = "lifecycle",
        .type = FIELD_BOOL,
        .offset = offsetof(struct scenario, node_lifecycle),
        .fallback = "true",
        .help =
            "false: pods of a node that does not answer or is gone stay as they are, until an event changes "
            "them; for what was recorded somewhere else"},
};
static void nodes_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    const struct scenario *scenario = target;
    const struct yaml_node *prefix = yaml_get(node, "podRangePrefix");
    struct ip_range range;
    if (prefix && scenario->range_prefix &&
        ip_range_parse(scenario->pod_range, strlen(scenario->pod_range), &range) &&
        scenario->range_prefix < range.prefix_length)
        diag_error(binder->diag, prefix->at, "a node's share cannot be larger than the range %s",
            scenario->pod_range);
    const struct yaml_node *zones = yaml_get(node, "zones");
    if (zones && zones->kind == YAML_SEQUENCE && zones->item_count == 0)
        diag_error(binder->diag, zones->at, "'zones' must not be empty");
}
static const struct schema nodes_schema = {.name = "nodes", FIELDS(nodes_fields), .check = nodes_check};

#define DISTRIBUTION(field_name, member, defaults, meaning) \
    { \
        .name = field_name, .type = FIELD_CUSTOM, .offset = offsetof(struct scenario, member), \
        .bind = bind_distribution, .type_text = "a duration or a distribution", .fallback = defaults, \
        .help = meaning \
    }
#define UP_TO_A_SECOND(field_name, member, defaults, meaning) \
    { \
        .name = field_name, .type = FIELD_CUSTOM, ENGINE(timing.member), .max = NS_PER_S, \
        .bind = bind_duration_up_to, .type_text = "a duration of at most 1s", \
        .fallback = "0s; kube-defaults: " defaults, .help = meaning \
    }
#define LOG_NORMAL(median) "0s; kube-defaults: {logNormal: {median: " median ", sigma: 0.55}}"

static const struct field pods_fields[] = {
    DISTRIBUTION("start", pod_start, "0s", "from a pod's creation until the kubelet posts its IP"),
    DISTRIBUTION("ready", pod_ready, "0s", "from then until it is Ready"),
    DISTRIBUTION("stop", pod_stop, "0s; kube-defaults: 30s",
        "from its deletion until it is gone; terminating meanwhile"),
};
static const struct schema pods_schema = {.name = "pods", FIELDS(pods_fields)};

static const struct field delays_fields[] = {
    DISTRIBUTION("watch", engine.timing.watch, LOG_NORMAL("1ms"),
        "from a change until the controllers' caches have it"),
    DISTRIBUTION("write", engine.timing.write, LOG_NORMAL("7ms"),
        "from a controller's request until the API server has stored it"),
    DISTRIBUTION("answer", engine.timing.answer, LOG_NORMAL("1ms"),
        "from then until the controller has the answer; its worker waits for it"),
    DISTRIBUTION("garbageCollector", engine.timing.collect,
        "0s; kube-defaults: {logNormal: {median: 30ms, sigma: 0.15}}",
        "from the end of a slice's owners until the slice is deleted"),
    UP_TO_A_SECOND("endpointsSync", endpoints_sync_ns, "58us",
        "what a sync of Endpoints computes before its request, for each pod of the Service"),
    UP_TO_A_SECOND("sliceSync", slices_sync_ns, "40us", "the same for slices"),
    UP_TO_A_SECOND("sliceEvent", slice_event_delay_min_ns, "1s",
        "from a slice's event until the sync that it asks for, unless the batch period is longer"),
};
static const struct schema delays_schema = {.name = "delays", FIELDS(delays_fields)};

static const struct field spec_fields[] = {
    {.name = "about",
        .type = FIELD_TEXT,
        .offset = offsetof(struct scenario, about),
        .help = "one line for people"},
    {.name = "profile",
        .type = FIELD_CHOICE,
        .offset = offsetof(struct scenario, profile),
        CHOICES(profiles),
        .fallback = "instant",
        .help = "how long the control plane takes: no time at all, or what a real one takes by default"},
    {.name = "seed",
        .type = FIELD_U64,
        .offset = offsetof(struct scenario, seed),
        .fallback = "1",
        .help = "of all that is drawn at random"},
    {.name = "until",
        .type = FIELD_DURATION,
        .offset = offsetof(struct scenario, until_ns),
        .fallback = "when no event is left",
        .help = "end of the run, included"},
    {.name = "start",
        .type = FIELD_CALENDAR,
        .offset = offsetof(struct scenario, start_s),
        .fallback = "2026-01-01T00:00:00Z, or the latest creationTimestamp in the stream",
        .help = "calendar time of 0s"},
    ENGINE_SETTINGS,
    {.name = "controllers", .type = FIELD_OBJECT, .object = &controllers_schema},
    {.name = "delays", .type = FIELD_OBJECT, .object = &delays_schema},
    {.name = "nodes", .type = FIELD_OBJECT, .object = &nodes_schema},
    {.name = "pods", .type = FIELD_OBJECT, .object = &pods_schema},
    {.name = "events",
        .type = FIELD_CUSTOM,
        .bind = events_bind,
        .type_text = "a list",
        .help = "what happens; see below"},
    {.name = "expect",
        .type = FIELD_CUSTOM,
        .bind = expect_bind,
        .type_text = "a list",
        .help = "what `epsim check` holds against the run; see below"},
};

/* What may stand in spec and under controllers stands in one of them. */
static void spec_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    static const char *const names[] = {"kube", "choices", "sizeModel", "watchers"};
    (void)target;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct yaml_node *second = yaml_get(yaml_get(node, "controllers"), names[i]);
        if (second && yaml_get(node, names[i]))
            diag_error(binder->diag, second->at, "'%s' is given in spec too", names[i]);
    }
}

const struct schema scenario_spec_schema = {
    .name = "a Scenario's spec", FIELDS(spec_fields), .check = spec_check};

static void bind_metadata(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct scenario *scenario = target;
    struct metadata_spec metadata;
    bind_object(binder, &metadata_schema, pair->value, &metadata);
    const char *problem = *metadata.name ? name_check_subdomain(metadata.name, strlen(metadata.name)) : NULL;
    if (problem)
        diag_error(binder->diag, yaml_get(pair->value, "name")->at, "the name of a scenario %s", problem);
    scenario->name = metadata.name;
    const char *about = text_map_get(&metadata.annotations, "about");
    if (about && !*scenario->about)
        scenario->about = about;
    (void)field;
}

static const struct field document_fields[] = {
    {.name = "apiVersion", .type = FIELD_KNOWN},
    {.name = "kind", .type = FIELD_KNOWN},
    {.name = "metadata",
        .type = FIELD_CUSTOM,
        .bind = bind_metadata,
        .type_text = "a mapping",
        .help = "`name` is the scenario's"},
    {.name = "spec", .type = FIELD_OBJECT, .object = &scenario_spec_schema},
};
const struct schema scenario_document_schema = {.name = "a Scenario", FIELDS(document_fields)};

/* The profile's defaults come before whatever else the document says, wherever it says so. */
static void set_profile(struct scenario *scenario, const struct yaml_node *document)
{
    const struct yaml_node *profile = yaml_get(yaml_get(document, "spec"), "profile");
    if (!profile || profile->kind != YAML_SCALAR || strcmp(profile->text, "kube-defaults") != 0)
        return;
    scenario->engine.timing = timing_kube_defaults();
    scenario->pod_stop = distribution_constant(POD_STOP_DEFAULT_NS);
}

void settings_bind(struct binder *binder, const struct yaml_node *document)
{
    set_profile(binder->scenario, document);
    bind_object(binder, &scenario_document_schema, document, binder->scenario);
}
