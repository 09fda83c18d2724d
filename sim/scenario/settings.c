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
#include "scenario/events.h"
#include "scenario/expect.h"
#include "scenario/manifest.h"

#define START_DEFAULT_S INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define NODES_DEFAULT 3

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

/* --- distributions ---------------------------------------------------------------------------------- */

/* A duration as real nanoseconds, for a parameter of a distribution. */
static void bind_ns(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    int64_t ns;
    if (pair->value->kind == YAML_SCALAR && duration_parse(pair->value->text, pair->value->length, &ns))
        *(double *)(void *)((char *)target + field->offset) = (double)ns;
    else
        bind_report_type(binder, field, pair->value);
}

#define NS_PARAMETER(parameter, member, meaning) \
    { \
        .name = parameter, .type = FIELD_CUSTOM, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct distribution, member), .bind = bind_ns, \
        .type_text = "a duration such as 250ms, 10s or 1h30m", .help = meaning \
    }
#define REAL_PARAMETER(parameter, member, meaning) \
    { \
        .name = parameter, .type = FIELD_REAL, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct distribution, member), .help = meaning \
    }

static const struct field exponential_fields[] = {NS_PARAMETER("mean", a, "the mean")};
static const struct field uniform_fields[] = {
    NS_PARAMETER("min", a, "the lowest"), NS_PARAMETER("max", b, "the highest")};
static const struct field log_normal_fields[] = {
    NS_PARAMETER("median", a, "half of the draws are below"), REAL_PARAMETER("sigma", b, "of the logarithm")};
static const struct field weibull_fields[] = {NS_PARAMETER("scale", a, "63 % of the draws are below"),
    REAL_PARAMETER("shape", b, "below 1: many short ones")};

static const struct schema exponential_schema = {.name = "exponential", FIELDS(exponential_fields)};
static const struct schema uniform_schema = {.name = "uniform", FIELDS(uniform_fields)};
static const struct schema log_normal_schema = {.name = "logNormal", FIELDS(log_normal_fields)};
static const struct schema weibull_schema = {.name = "weibull", FIELDS(weibull_fields)};

/* [[p, duration], ...] */
static void bind_empirical(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct distribution *distribution = target;
    const struct yaml_node *list = pair->value;
    if (!bind_is_list(binder, field, list) || list->item_count == 0)
        return;
    if (list->item_count > QUANTILES_MAX) {
        diag_error(binder->diag, list->at, "'empirical' has at most %d points", QUANTILES_MAX);
        return;
    }
    struct quantile *quantiles = arena_alloc(binder->arena, list->item_count * sizeof *quantiles);
    for (uint32_t i = 0; i < list->item_count; i++) {
        const struct yaml_node *item = list->items[i];
        int64_t ns;
        bool good = item->kind == YAML_SEQUENCE && item->item_count == 2 &&
                    item->items[0]->kind == YAML_SCALAR && item->items[1]->kind == YAML_SCALAR &&
                    real_parse(item->items[0]->text, item->items[0]->length, &quantiles[i].p) &&
                    duration_parse(item->items[1]->text, item->items[1]->length, &ns);
        if (!good) {
            diag_error(
                binder->diag, item->at, "a point of 'empirical' is [SHARE, DURATION], such as [0.5, 2s]");
            return;
        }
        quantiles[i].value_ns = (double)ns;
    }
    distribution->quantiles = quantiles;
    distribution->quantile_count = list->item_count;
}

static const struct field distribution_fields[] = {
    {.name = "exponential",
        .type = FIELD_OBJECT,
        .object = &exponential_schema,
        .type_text = "`{mean}`",
        .help = "memoryless: most are short, some long"},
    {.name = "uniform",
        .type = FIELD_OBJECT,
        .object = &uniform_schema,
        .type_text = "`{min, max}`",
        .help = "all between are equally likely"},
    {.name = "logNormal",
        .type = FIELD_OBJECT,
        .object = &log_normal_schema,
        .type_text = "`{median, sigma}`",
        .help = "start-up times are often like this"},
    {.name = "weibull",
        .type = FIELD_OBJECT,
        .object = &weibull_schema,
        .type_text = "`{scale, shape}`",
        .help = "lifetimes"},
    {.name = "empirical",
        .type = FIELD_CUSTOM,
        .bind = bind_empirical,
        .type_text = "`[[share, duration], ...]`",
        .help = "measured: the share of draws that are at most so long; shares rise from 0 to 1"},
};
const struct schema distributions_schema = {.name = "a distribution", FIELDS(distribution_fields)};

static enum distribution_kind distribution_kind_named(const char *name)
{
    static const enum distribution_kind kinds[] = {DISTRIBUTION_EXPONENTIAL, DISTRIBUTION_UNIFORM,
        DISTRIBUTION_LOG_NORMAL, DISTRIBUTION_WEIBULL, DISTRIBUTION_EMPIRICAL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(distribution_fields[i].name, name) == 0)
            return kinds[i];
    return DISTRIBUTION_CONSTANT;
}

static void bind_distribution(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const struct yaml_node *value = pair->value;
    struct distribution *out = (void *)((char *)target + field->offset);
    int64_t ns;
    if (value->kind == YAML_SCALAR && duration_parse(value->text, value->length, &ns)) {
        *out = distribution_constant(ns);
        return;
    }
    if (value->kind != YAML_MAPPING || value->pair_count == 0) {
        bind_report_type(binder, field, value);
        return;
    }
    if (value->pair_count > 1) {
        diag_error(binder->diag, value->pairs[1].key->at,
            "'%s' has one distribution, '%.40s' was given before", field->name, value->pairs[0].key->text);
        return;
    }
    uint32_t errors = diag_error_count(binder->diag);
    struct distribution drawn = {.kind = distribution_kind_named(value->pairs[0].key->text)};
    bind_object(binder, &distributions_schema, value, &drawn);
    if (diag_error_count(binder->diag) > errors)
        return;
    const char *problem = distribution_check(&drawn);
    if (problem)
        diag_error(binder->diag, value->pairs[0].value->at, "%s", problem);
    else
        *out = drawn;
}

/* --- choices ---------------------------------------------------------------------------------------- */

static const struct choice profiles[] = {
    {"instant", CHOICE_STORES_NOTHING, NULL},
    {"kube-defaults", CHOICE_STORES_NOTHING,
        "the profile kube-defaults is not built yet; 'instant' is, where all controllers answer at once"},
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

static void bind_batch_period(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    int64_t *out = (void *)((char *)target + field->offset);
    const struct yaml_node *value = pair->value;
    int64_t ns;
    if (value->kind == YAML_SCALAR && duration_parse(value->text, value->length, &ns) &&
        ns <= BATCH_PERIOD_MAX_NS)
        *out = ns;
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
        .name = field_name, .type = FIELD_CUSTOM, ENGINE(member), .bind = bind_batch_period, \
        .type_text = "a duration of at most 24h", .fallback = "0s", .help = meaning \
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
static const struct schema controllers_schema = {.name = "controllers", FIELDS(controller_fields)};

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

#define DISTRIBUTION(field_name, member, meaning) \
    { \
        .name = field_name, .type = FIELD_CUSTOM, .offset = offsetof(struct scenario, member), \
        .bind = bind_distribution, .type_text = "a duration or a distribution", .fallback = "0s", \
        .help = meaning \
    }

static const struct field pods_fields[] = {
    DISTRIBUTION("start", pod_start, "from a pod's creation until the kubelet posts its IP"),
    DISTRIBUTION("ready", pod_ready, "from then until it is Ready"),
    DISTRIBUTION("stop", pod_stop, "from its deletion until it is gone; terminating meanwhile"),
};
static const struct schema pods_schema = {.name = "pods", FIELDS(pods_fields)};

static const struct field spec_fields[] = {
    {.name = "about",
        .type = FIELD_TEXT,
        .offset = offsetof(struct scenario, about),
        .help = "one line for people"},
    {.name = "profile",
        .type = FIELD_CHOICE,
        CHOICES(profiles),
        .fallback = "instant",
        .help = "the delays of the control plane: none"},
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

void settings_bind(struct binder *binder, const struct yaml_node *document)
{
    bind_object(binder, &scenario_document_schema, document, binder->scenario);
}
