/*
 * scenario_load_test.c: a whole scenario from texts: the design's example bound field by field, defaults,
 * several inputs, order, provenance. Mistakes have tests of their own (scenario_bad_test.c).
 */
#include "scenario_kit.h"

#include "scenario/set.h"

#include "base/sha256.h"

#define S INT64_C(1000000000)

static const char example[] =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n"
    "  ports: [{name: http, port: 80, targetPort: 8080}]\n---\n"
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 15\n"
    "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n"
    "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: fifteen-by-five}\nspec:\n"
    "  profile: instant\n  seed: 7\n  until: 60s\n  controllers: {maxEndpointsPerSlice: 5}\n"
    "  nodes: {count: 4, zones: [zone-a, zone-b]}\n  pods: {start: 0s, ready: 250ms, stop: {exponential: "
    "{mean: 3s}}}\n"
    "  events:\n"
    "  - {at: 50s, rollout: deployment/web}\n"
    "  - {at: 10s, scale: deploy/web, replicas: 20}\n"
    "  - {at: 20s, delete: pod/web-3, grace: 5s, ifPresent: true}\n"
    "  - {at: 25s, create: pod/solo, labels: {app: web}, ready: false, ip: 10.1.2.3, node: node-2,\n"
    "     ports: [{name: http, containerPort: 8081}]}\n"
    "  - {at: 30s, label: pod/web-4, labels: {app: other, old: null}}\n"
    "  - {at: 40s, unready: default/pod/web-5}\n"
    "  - {at: 40s, churn: deployment/web, rate: 30/m}\n"
    "  - {at: 45s, fail: zone/zone-b}\n"
    "  expect:\n"
    "  - {at: 5s, service: web, slices: 3, ready: \">=15\", truncated: false, fill: null, pods: 1..4}\n"
    "  - {at: 1s, service: web, ep_addresses: \"<=5.5\"}\n";

static const struct scenario_event *event_at(
    const struct scenario *scenario, uint32_t i, int64_t at_s, enum event_verb verb)
{
    CU_ASSERT_FATAL(i < scenario->events.count);
    const struct scenario_event *event = &scenario->events.items[i];
    CU_ASSERT_EQUAL(event->at_ns, at_s * S);
    CU_ASSERT_EQUAL(event->verb, verb);
    return event;
}

static void test_settings(void)
{
    struct loaded loaded = load_good(example);
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_STRING_EQUAL(s->name, "fifteen-by-five");
    CU_ASSERT_EQUAL(s->seed, 7);
    CU_ASSERT_EQUAL(s->until_ns, 60 * S);
    CU_ASSERT_EQUAL(s->engine.endpoints_per_slice_max, 5);
    CU_ASSERT_EQUAL(s->engine.endpoints_capacity, 1000);
    CU_ASSERT_EQUAL(s->node_count, 4);
    CU_ASSERT_EQUAL(s->zone_count, 2);
    CU_ASSERT_STRING_EQUAL(s->zones[1], "zone-b");
    CU_ASSERT(distribution_is_zero(&s->pod_start));
    CU_ASSERT_EQUAL(s->pod_ready.kind, DISTRIBUTION_CONSTANT);
    CU_ASSERT_EQUAL(s->pod_ready.a, 250e6);
    CU_ASSERT_EQUAL(s->pod_stop.kind, DISTRIBUTION_EXPONENTIAL);
    CU_ASSERT_EQUAL(s->pod_stop.a, 3e9);
    unload(&loaded);
}

static void test_defaults(void)
{
    struct loaded loaded = load_good(SERVICE_WEB);
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_STRING_EQUAL(s->name, "t");
    CU_ASSERT_STRING_EQUAL(s->about, "");
    CU_ASSERT_EQUAL(s->seed, 1);
    CU_ASSERT_EQUAL(s->until_ns, -1);
    CU_ASSERT_EQUAL(s->start_s, INT64_C(1767225600));
    CU_ASSERT_EQUAL(s->engine.endpoints_per_slice_max, 100);
    CU_ASSERT_EQUAL(s->engine.kube_minor, 37);
    CU_ASSERT_EQUAL(s->engine.choices, CHOICE_RANDOM);
    CU_ASSERT_EQUAL(s->engine.endpoints_watchers, WATCHERS_DEFAULT);
    CU_ASSERT_EQUAL(s->node_count, 3);
    CU_ASSERT_EQUAL(s->zone_count, 3);
    CU_ASSERT_STRING_EQUAL(s->pod_range, "10.244.0.0/16");
    CU_ASSERT_STRING_EQUAL(s->pod_range6, "fd00:10:244::/48");
    CU_ASSERT_EQUAL(s->range_prefix, 0);
    CU_ASSERT(distribution_is_zero(&s->pod_stop));
    CU_ASSERT_STRING_EQUAL(s->params_json, "{}");
    unload(&loaded);
}

static void test_all_settings(void)
{
    struct loaded loaded = load_good(OURS
        "  about: what it shows\n  seed: 18446744073709551615\n  start: "
        "2026-05-06T07:08:09+02:00\n  kube: 1.35\n"
        "  choices: fixed\n  sizeModel: kep\n  watchers: {endpoints: 7, endpointslices: 0}\n"
        "  controllers: {maxEndpointsPerSlice: 1000, endpointsCapacity: none, endpointUpdatesBatchPeriod: "
        "24h,\n    endpointSliceUpdatesBatchPeriod: 500ms, "
        "mirroringEndpointSliceUpdatesBatchPeriod: 2s}\n"
        "  nodes: {podRange: 10.0.0.0/8, podRange6: fd01::/32, podRangePrefix: 20}\n"
        "  pods:\n    start: {uniform: {min: 1s, max: 2s}}\n    ready: {logNormal: {median: "
        "3s, sigma: 0.5}}\n"
        "    stop: {empirical: [[0, 0s], [0.5, 1s], [1, 10s]]}\n  events:\n  expect: []\n");
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_STRING_EQUAL(s->about, "what it shows");
    CU_ASSERT_EQUAL(s->seed, UINT64_MAX);
    CU_ASSERT_EQUAL(s->start_s, INT64_C(1778044089));
    CU_ASSERT_EQUAL(s->engine.kube_minor, 35);
    CU_ASSERT_EQUAL(s->engine.choices, CHOICE_FIXED);
    CU_ASSERT_EQUAL(s->engine.size_model, SIZE_KEP);
    CU_ASSERT_EQUAL(s->engine.endpoints_watchers, 7);
    CU_ASSERT_EQUAL(s->engine.endpointslice_watchers, 0);
    CU_ASSERT_EQUAL(s->engine.endpoints_per_slice_max, 1000);
    CU_ASSERT_EQUAL(s->engine.endpoints_capacity, UINT32_MAX);
    CU_ASSERT_EQUAL(s->engine.endpoint_updates_batch_period_ns, INT64_C(86400000000000));
    CU_ASSERT_EQUAL(s->engine.endpointslice_updates_batch_period_ns, 500000000);
    CU_ASSERT_EQUAL(s->engine.mirroring_endpointslice_updates_batch_period_ns, 2000000000);
    CU_ASSERT_STRING_EQUAL(s->pod_range, "10.0.0.0/8");
    CU_ASSERT_EQUAL(s->range_prefix, 20);
    CU_ASSERT_EQUAL(s->pod_start.kind, DISTRIBUTION_UNIFORM);
    CU_ASSERT_EQUAL(s->pod_start.b, 2e9);
    CU_ASSERT_EQUAL(s->pod_ready.kind, DISTRIBUTION_LOG_NORMAL);
    CU_ASSERT_EQUAL(s->pod_ready.b, 0.5);
    CU_ASSERT_EQUAL(s->pod_stop.quantile_count, 3);
    CU_ASSERT_EQUAL(s->pod_stop.quantiles[2].value_ns, 10e9);
    unload(&loaded);
    /* The engine's settings may stand beside maxEndpointsPerSlice too. */
    loaded = load_good(
        OURS "  controllers: {kube: '1.36', choices: fixed, watchers: {endpoints: 3}, sizeModel: blog}\n");
    CU_ASSERT_EQUAL(loaded.scenario->engine.kube_minor, 36);
    CU_ASSERT_EQUAL(loaded.scenario->engine.choices, CHOICE_FIXED);
    CU_ASSERT_EQUAL(loaded.scenario->engine.endpoints_watchers, 3);
    CU_ASSERT_EQUAL(loaded.scenario->engine.size_model, SIZE_BLOG);
    unload(&loaded);
}

static void test_events(void)
{
    struct loaded loaded = load_good(example);
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_EQUAL(s->events.count, 8);
    const struct scenario_event *scale = event_at(s, 0, 10, EVENT_SCALE);
    CU_ASSERT_EQUAL(scale->target.kind, REFERENCE_DEPLOYMENT);
    CU_ASSERT_STRING_EQUAL(scale->target.name, "web");
    CU_ASSERT_STRING_EQUAL(scale->target.namespace, "default");
    CU_ASSERT_EQUAL(scale->replicas, 20);
    CU_ASSERT_EQUAL(scale->at.line, 28);
    CU_ASSERT_EQUAL(scale->at.column, 15);
    const struct scenario_event *delete = event_at(s, 1, 20, EVENT_DELETE);
    CU_ASSERT_EQUAL(delete->grace_ns, 5 * S);
    CU_ASSERT(delete->if_present);
    const struct scenario_event *create = event_at(s, 2, 25, EVENT_CREATE);
    CU_ASSERT_FALSE(create->create_ready);
    CU_ASSERT_EQUAL(create->grace_ns, -1);
    CU_ASSERT_STRING_EQUAL(create->labels.items[0].value, "web");
    CU_ASSERT_EQUAL(create->pod.ip_count, 1);
    CU_ASSERT_STRING_EQUAL(create->pod.ips[0], "10.1.2.3");
    CU_ASSERT_STRING_EQUAL(create->pod.node_name, "node-2");
    CU_ASSERT_EQUAL(create->pod.container_ports[0].number, 8081);
    CU_ASSERT_STRING_EQUAL(create->pod.container_ports[0].protocol, "TCP");
    const struct scenario_event *label = event_at(s, 3, 30, EVENT_LABEL);
    CU_ASSERT_EQUAL(label->labels.count, 2);
    CU_ASSERT_PTR_NULL(label->labels.items[1].value);
    /* Of equal times the file's order holds. */
    event_at(s, 4, 40, EVENT_UNREADY);
    const struct scenario_event *churn = event_at(s, 5, 40, EVENT_CHURN);
    CU_ASSERT_EQUAL(churn->rate_per_s, 0.5);
    CU_ASSERT_EQUAL(churn->for_ns, 20 * S); /* until `until` */
    const struct scenario_event *fail = event_at(s, 6, 45, EVENT_FAIL);
    CU_ASSERT_EQUAL(fail->target.kind, REFERENCE_ZONE);
    CU_ASSERT_STRING_EQUAL(fail->target.namespace, "");
    event_at(s, 7, 50, EVENT_ROLLOUT);
    unload(&loaded);
}

static void expect_value(
    const struct expected_value *value, enum expect_column column, double min, double max)
{
    CU_ASSERT_EQUAL(value->column, column);
    CU_ASSERT_EQUAL(value->min, min);
    CU_ASSERT_EQUAL(value->max, max);
}

static void test_expectations(void)
{
    struct loaded loaded = load_good(example);
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_EQUAL_FATAL(s->expectations.count, 2);
    CU_ASSERT_EQUAL(s->expectations.items[0].at_ns, 1 * S);
    const struct expectation *e = &s->expectations.items[1];
    CU_ASSERT_STRING_EQUAL(e->service, "web");
    CU_ASSERT_STRING_EQUAL(e->namespace, "default");
    CU_ASSERT_EQUAL_FATAL(e->value_count, 5);
    expect_value(&e->values[0], EXPECT_SLICES, 3, 3);
    CU_ASSERT_EQUAL(e->values[1].min, 15);
    CU_ASSERT(e->values[1].max > 1e300);
    expect_value(&e->values[2], EXPECT_EP_TRUNCATED, 0, 0);
    CU_ASSERT(e->values[3].is_null);
    expect_value(&e->values[4], EXPECT_PODS, 1, 4);
    CU_ASSERT(s->expectations.items[0].values[0].min < -1e300);
    CU_ASSERT_EQUAL(s->expectations.items[0].values[0].max, 5.5);
    for (int i = 0; i < EXPECT_COLUMN_COUNT; i++)
        CU_ASSERT_PTR_NOT_NULL(expect_column_name((enum expect_column)i));
    unload(&loaded);
}

/* Of a dump: when its youngest object was made, unless that is earlier than the default, or 'start' is given.
 */
static void test_start_of_a_dump(void)
{
    static const char dump[] =
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1, creationTimestamp: 2026-05-06T05:08:09Z}\n"
        "status: {}\n---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: 2026-05-07T05:08:09Z}\n"
        "spec: {nodeName: n1}\nstatus: {phase: Running}\n---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b, creationTimestamp: 2025-05-07T05:08:09Z}\n"
        "spec: {nodeName: n1}\nstatus: {phase: Running}\n";
    struct loaded loaded = load_good(dump);
    CU_ASSERT_EQUAL(loaded.scenario->start_s, INT64_C(1778130489));
    unload(&loaded);
    struct text with_start = {0};
    text_printf(&with_start, "%s---\n%s  start: 2026-06-01T00:00:00Z\n", dump, OURS);
    loaded = load_good(with_start.data);
    CU_ASSERT_EQUAL(loaded.scenario->start_s, INT64_C(1780272000));
    unload(&loaded);
    text_fini(&with_start);
}

static void test_several_inputs(void)
{
    struct scenario_input inputs[] = {
        {.path = "dir/first.yml", .text = SERVICE_WEB, .text_length = strlen(SERVICE_WEB)},
        {.path = "second.yaml",
            .text = "\xef\xbb\xbf" DEPLOYMENT_WEB,
            .text_length = strlen(DEPLOYMENT_WEB) + 3},
    };
    struct loaded loaded = load_inputs(inputs, 2, NULL, 0);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_STRING_EQUAL(loaded.scenario->name, "first");
    CU_ASSERT_EQUAL(loaded.scenario->manifests.count, 2);
    unload(&loaded);
    inputs[1].text = SERVICE_WEB;
    inputs[1].text_length = strlen(SERVICE_WEB);
    loaded = load_inputs(inputs, 2, NULL, 0);
    CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT);
    CU_ASSERT(
        says(&loaded, "second.yaml:3:18: error: the Service 'web' is there already, at dir/first.yml:3"));
    unload(&loaded);
}

static void test_files(void)
{
    struct scenario_input inputs[] = {{.path = "no/such/file.yaml"}, {.path = "tests"}};
    struct loaded loaded = load_inputs(inputs, 2, NULL, 0);
    CU_ASSERT_EQUAL(loaded.status, STATUS_IO);
    CU_ASSERT(says(&loaded, "no/such/file.yaml: error: cannot be read: No such file or directory"));
    CU_ASSERT(says(&loaded, "tests: error: cannot be read: Is a directory"));
    unload(&loaded);
}

/* All that a bundle must keep. */
static void expect_same(const struct scenario *a, const struct scenario *b)
{
    CU_ASSERT_STRING_EQUAL(a->name, b->name);
    CU_ASSERT_STRING_EQUAL(a->params_json, b->params_json);
    CU_ASSERT_STRING_EQUAL(a->content_hash, b->content_hash);
    CU_ASSERT_EQUAL(a->text_length, b->text_length);
    CU_ASSERT_STRING_EQUAL(a->text, b->text);
    CU_ASSERT_EQUAL(a->events.count, b->events.count);
    CU_ASSERT_EQUAL(a->engine.endpoints_per_slice_max, b->engine.endpoints_per_slice_max);
}

static void test_bundle(void)
{
    const char *sets[] = {"controllers.maxEndpointsPerSlice=9", "pods.ready={exponential: {mean: 5s}}"};
    struct loaded loaded = load_text_with(example, sets, 2);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_STRING_EQUAL(loaded.scenario->params_json,
        "{\"controllers.maxEndpointsPerSlice\": 9, \"pods.ready\": \"{exponential: {mean: 5s}}\"}");
    struct scenario_input bundle = {"run.db", loaded.scenario->text, loaded.scenario->text_length};
    struct loaded again = load_inputs(&bundle, 1, NULL, 0);
    CU_ASSERT_EQUAL(again.status, STATUS_OK);
    expect_same(loaded.scenario, again.scenario);
    CU_ASSERT_EQUAL(again.scenario->engine.endpoints_per_slice_max, 9);
    CU_ASSERT_STRING_EQUAL(diag_source_name(again.scenario->diag, 0), "t.yaml");
    unload(&again);
    unload(&loaded);
}

static void test_bundle_with_files(void)
{
    FILE *rows = fopen("tests/unit/scenario_load_test.rows", "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    fputs("service pod create delete\nweb p-0 - 10\nweb p-1 5 -\n", rows);
    fclose(rows);
    static const char text[] = SERVICE_WEB OURS "  events:\n  - replay: {file: scenario_load_test.rows}\n";
    struct scenario_input input = {"tests/unit/x.yaml", text, strlen(text)};
    struct loaded loaded = load_inputs(&input, 1, NULL, 0);
    remove("tests/unit/scenario_load_test.rows");
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_EQUAL(loaded.scenario->traces.count, 1);
    struct scenario_input bundle = {"run.db", loaded.scenario->text, loaded.scenario->text_length};
    struct loaded again = load_inputs(&bundle, 1, NULL, 0);
    CU_ASSERT_EQUAL(again.status, STATUS_OK); /* the file is gone: its text is in the bundle */
    expect_same(loaded.scenario, again.scenario);
    CU_ASSERT_EQUAL(again.scenario->traces.items[0].row_count, loaded.scenario->traces.items[0].row_count);
    unload(&again);
    unload(&loaded);
}

static void test_content_hash(void)
{
    struct loaded a = load_good(SERVICE_WEB), b = load_good(SERVICE_WEB),
                  c = load_good(SERVICE_WEB DEPLOYMENT_WEB);
    const char *sets[] = {"seed=2"};
    struct loaded d = load_text_with(SERVICE_WEB, sets, 1);
    CU_ASSERT_EQUAL(strlen(a.scenario->content_hash), 64);
    CU_ASSERT_STRING_EQUAL(a.scenario->content_hash, b.scenario->content_hash);
    CU_ASSERT_STRING_NOT_EQUAL(a.scenario->content_hash, c.scenario->content_hash);
    CU_ASSERT_STRING_NOT_EQUAL(a.scenario->content_hash, d.scenario->content_hash);
    char without_loading[65];
    scenario_hash_with(a.scenario, sets, 1, without_loading);
    CU_ASSERT_STRING_EQUAL(without_loading, d.scenario->content_hash);
    unload(&a);
    unload(&b);
    unload(&c);
    unload(&d);
}

/* What params_json keeps is what was set, to the byte. */
static void test_params_round_trip(void)
{
    static const char *const sets[] = {"seed=2", "until=90s", "controllers.maxEndpointsPerSlice=7",
        "service/web.metadata.annotations[\"a.b/c\"]='x<y'", "pods.stop={exponential: {mean: 3s}}",
        "expect=[]", "kube=\"1.36\"", "nodes.zones=[a, b]"};
    uint32_t count = sizeof sets / sizeof *sets;
    struct loaded loaded = load_text_with(SERVICE_WEB, sets, count);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    struct arena arena;
    struct set_texts texts;
    arena_init(&arena);
    CU_ASSERT_FATAL(set_texts_of_json(&arena, loaded.scenario->params_json, &texts));
    CU_ASSERT_EQUAL_FATAL(texts.count, count);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_STRING_EQUAL(texts.items[i], sets[i]);
    CU_ASSERT(set_texts_of_json(&arena, "{}", &texts) && texts.count == 0);
    CU_ASSERT_FALSE(set_texts_of_json(&arena, "{\"a\": [1]}", &texts));
    CU_ASSERT_FALSE(set_texts_of_json(&arena, "{\"a", &texts));
    CU_ASSERT_FALSE(set_texts_of_json(&arena, "", &texts));
    arena_fini(&arena);
    unload(&loaded);
}

static void test_ignored(void)
{
    struct loaded loaded = load_good("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n"
                                     "apiVersion: example.com/v1\nkind: Service\n---\n" SERVICE_WEB
                                     "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
                                     "  - {name: a, image: x}\n  - {name: b, image: y, env: []}\n");
    const struct scenario *s = loaded.scenario;
    CU_ASSERT_EQUAL_FATAL(s->ignored.count, 4);
    CU_ASSERT_STRING_EQUAL(s->ignored.items[0], "t.yaml:2:7: ConfigMap");
    CU_ASSERT_STRING_EQUAL(s->ignored.items[1], "t.yaml:6:7: Service");
    CU_ASSERT_STRING_EQUAL(s->ignored.items[2], "t.yaml:18:15: Pod spec.containers.image (2 times)");
    CU_ASSERT_STRING_EQUAL(s->ignored.items[3], "t.yaml:19:25: Pod spec.containers.env");
    unload(&loaded);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"the example's settings", test_settings},
        {"defaults", test_defaults},
        {"every setting", test_all_settings},
        {"events and their order", test_events},
        {"expectations", test_expectations},
        {"a dump's clock starts when it was taken", test_start_of_a_dump},
        {"several inputs", test_several_inputs},
        {"files that cannot be read", test_files},
        {"a bundle loads again", test_bundle},
        {"a bundle carries the files that were named", test_bundle_with_files},
        {"the content hash", test_content_hash},
        {"parameters as they are kept", test_params_round_trip},
        {"what is ignored", test_ignored},
    };
    return suite_main("scenario_load", tests, sizeof tests / sizeof tests[0]);
}
