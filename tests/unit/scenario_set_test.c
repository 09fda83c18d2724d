/*
 * scenario_set_test.c: --set PATH=VALUE on our document and on manifests, what it does to params_json, and
 * how its mistakes are told.
 */
#include "scenario_kit.h"

static const char text[] = SERVICE_WEB DEPLOYMENT_WEB
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: x}, "
    "ports: [{port: 80}, {name: b, port: 81}]}\n---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a.b, labels: {app: web}}\nspec: {nodeName: "
    "node-1}\n---\n" OURS
    "  until: 10s\n  events:\n  - {at: 1s, scale: deployment/web, replicas: 5}\n  - {at: 2s, delete: "
    "pod/a.b}\n";

/* With another before it: the second Service's first port needs a name. */
static struct loaded load_set(const char *set)
{
    const char *sets[] = {"shop/service/web.spec.ports[0].name=a", set};
    return load_text_with(text, sets, 2);
}

static struct loaded load_good_set(const char *set)
{
    struct loaded loaded = load_set(set);
    if (loaded.status != STATUS_OK)
        fprintf(stderr, "%s: %s", set, loaded.messages);
    CU_ASSERT_EQUAL_FATAL(loaded.status, STATUS_OK);
    return loaded;
}

static void test_ours(void)
{
    struct loaded loaded = load_good_set("seed=3");
    CU_ASSERT_EQUAL(loaded.scenario->seed, 3);
    CU_ASSERT_STRING_EQUAL(
        loaded.scenario->params_json, "{\"shop/service/web.spec.ports[0].name\": \"a\", \"seed\": 3}");
    unload(&loaded);
    loaded = load_good_set("spec.controllers.maxEndpointsPerSlice=7");
    CU_ASSERT_EQUAL(loaded.scenario->engine.endpoints_per_slice_max, 7);
    unload(&loaded);
    loaded = load_good_set("controllers.endpointsCapacity=none");
    CU_ASSERT_EQUAL(loaded.scenario->engine.endpoints_capacity, UINT32_MAX);
    unload(&loaded);
    loaded = load_good_set("pods.ready={logNormal: {median: 2s, sigma: 0.4}}");
    CU_ASSERT_EQUAL(loaded.scenario->pod_ready.kind, DISTRIBUTION_LOG_NORMAL);
    unload(&loaded);
    loaded = load_good_set("pods.ready.weibull={scale: 2s, shape: 2}");
    CU_ASSERT_EQUAL(loaded.scenario->pod_ready.kind, DISTRIBUTION_WEIBULL);
    unload(&loaded);
    loaded = load_good_set("nodes.zones=[a, b]");
    CU_ASSERT_EQUAL(loaded.scenario->zone_count, 2);
    unload(&loaded);
    loaded = load_good_set("metadata.name=other");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->name, "other");
    unload(&loaded);
    loaded = load_good_set("events[0].replicas=50");
    CU_ASSERT_EQUAL(loaded.scenario->events.items[0].replicas, 50);
    unload(&loaded);
    loaded = load_good_set("spec.events.1.at=500ms");
    CU_ASSERT_EQUAL(loaded.scenario->events.items[0].at_ns, 500000000);
    unload(&loaded);
}

static void test_manifests(void)
{
    struct loaded loaded = load_good_set("deployment/web.replicas=2000");
    CU_ASSERT_EQUAL(loaded.scenario->manifests.items[1].workload.replicas, 2000);
    unload(&loaded);
    loaded = load_good_set("svc/web.publishNotReadyAddresses=true");
    CU_ASSERT(loaded.scenario->manifests.items[0].service.publish_not_ready_addresses);
    CU_ASSERT_FALSE(loaded.scenario->manifests.items[2].service.publish_not_ready_addresses);
    unload(&loaded);
    loaded = load_good_set("shop/service/web.spec.ports[1].port=8081");
    CU_ASSERT_EQUAL(loaded.scenario->manifests.items[2].service.ports[1].port, 8081);
    unload(&loaded);
}

/* The index behind the last one adds an item. */
static void test_one_more_item(void)
{
    const char *sets[] = {"events[1]={at: 2s, scale: deployment/web, replicas: 3}",
        "events[2]={at: 3s, rollout: deployment/web}", "events[2].at=4s"};
    struct loaded loaded = load_text_with(
        SERVICE_WEB DEPLOYMENT_WEB OURS "  events: [{at: 0s, rollout: deployment/web}]\n", sets, 3);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(loaded.scenario->events.count, 3);
    CU_ASSERT_EQUAL(loaded.scenario->events.items[0].at_ns, 0);
    CU_ASSERT_EQUAL(loaded.scenario->events.items[1].replicas, 3);
    CU_ASSERT_EQUAL(loaded.scenario->events.items[2].at_ns, 4000000000);
    unload(&loaded);
    const char *empty[] = {"expect[0]={at: 1s, service: web, slices: 1}"};
    loaded = load_text_with(SERVICE_WEB DEPLOYMENT_WEB OURS "  until: 9s\n  expect: []\n", empty, 1);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_EQUAL(loaded.scenario->expectations.count, 1);
    unload(&loaded);
}

static void test_keys_with_dots(void)
{
    struct loaded loaded = load_good_set("pod/a.b.metadata.labels[\"a.b/c\"]=x");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->manifests.items[3].metadata.labels.items[1].key, "a.b/c");
    unload(&loaded);
    loaded = load_good_set("pod/a.b.nodeName=n2");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->manifests.items[3].pod.node_name, "n2");
    unload(&loaded);
    loaded = load_set("pod/a.b.metadata.labels['a.b/c=d']=x");
    CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT); /* found, and refused as a key */
    CU_ASSERT(says(&loaded, "--set:1:26: error: the key 'a.b/c=d' of 'labels' must"));
    unload(&loaded);
}

/* Without a Scenario document one is made. */
static void test_without_document(void)
{
    const char *sets[] = {"nodes.count=10", "nodes.count=11"};
    struct loaded loaded = load_text_with(SERVICE_WEB, sets, 2);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT_EQUAL(loaded.scenario->node_count, 11);
    CU_ASSERT_STRING_EQUAL(loaded.scenario->params_json, "{\"nodes.count\": 11}");
    unload(&loaded);
}

static void test_params(void)
{
    static const char *const rows[][2] = {
        {"seed=5", "5"},
        {"about=\"-1\"", "\"\\\"-1\\\"\""},
        {"about=007x", "\"007x\""},
        {"watchers.endpoints=007", "\"007\""},
        {"events[0].ifPresent=true", "true"},
        {"events[0].ifPresent=True", "\"True\""},
        {"expect[0].fill=-0.5e3", "-0.5e3"},
        {"expect[0].fill=.5", "\".5\""},
        {"expect[0].fill=1.", "\"1.\""},
        {"expect[0].fill=null", "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sets[] = {rows[i][0]};
        struct loaded loaded = load_text_with(SERVICE_WEB DEPLOYMENT_WEB OURS
            "  events: [{at: 0s, rollout: deployment/web}]\n  expect: [{at: 1s, service: web, fill: 1}]\n",
            sets, 1);
        char expected[100];
        const char *equals = strchr(rows[i][0], '=');
        snprintf(
            expected, sizeof expected, "{\"%.*s\": %s}", (int)(equals - rows[i][0]), rows[i][0], rows[i][1]);
        CU_ASSERT_STRING_EQUAL(loaded.scenario->params_json, expected);
        unload(&loaded);
    }
}

static void test_mistakes(void)
{
    static const char *const rows[][2] = {
        {"nonsense", "--set:1:1: error: --set takes PATH=VALUE"},
        {"=5", "--set:1:1: error: --set takes PATH=VALUE"},
        {"sed=5", "--set:1:1: error: unknown field 'sed'; did you mean 'seed'?"},
        {"controllers.maxEndpointPerSlice=5",
            "--set:1:13: error: unknown field 'maxEndpointPerSlice'; did you mean 'maxEndpointsPerSlice'?"},
        {"controllers.maxEndpointsPerSlice=5000",
            "--set:1:34: error: 'maxEndpointsPerSlice' takes an integer from 1 to 1000, not the number 5000"},
        {"deployment/web.replica=5", "--set:1:16: error: unknown field 'replica'; did you mean 'replicas'?"},
        {"deployment/wbe.replicas=5",
            "--set:1:1: error: no manifest 'deployment/wbe'; did you mean 'deployment/web'?"},
        {"cronjob/web.replicas=5", "--set:1:1: error: no manifest 'cronjob/web'"},
        {"until.x=5", "--set:1:7: error: there is '10s' here, which has no fields"},
        {"events[2].at=1s", "--set:1:8: error: the list has 2 items, numbered from 0"},
        {"events[3]={at: 1s, delete: pod/web-0}", "--set:1:8: error: the list has 2 items, numbered from 0"},
        {"events[x].at=1s", "--set:1:7: error: brackets take an index, from 0, or a key in quotes"},
        {"events.x.at=1s", "--set:1:8: error: the list has 2 items, numbered from 0"},
        {"pods..ready=1s", "--set:1:6: error: a part of the path is empty"},
        {"pods.ready=", "--set:1:12: error: 'ready' takes a duration or a distribution, not nothing"},
        {"pods.ready={a", "--set:1:"},
        {"until=10s\n--- \nx", "--set:1:7: error: one value was expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded loaded = load_set(rows[i][0]);
        CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT);
        if (strncmp(loaded.messages, rows[i][1], strlen(rows[i][1])) != 0) {
            fprintf(stderr, "\n%s\nexpected: %s\nbut got:  %s\n", rows[i][0], rows[i][1], loaded.messages);
            CU_FAIL("message");
        }
        unload(&loaded);
    }
}

/* A shorter end than the file's events is no mistake when it is asked for. */
static void test_shorter_end(void)
{
    struct loaded loaded = load_good_set("until=1500ms");
    CU_ASSERT_EQUAL(loaded.scenario->until_ns, 1500000000);
    CU_ASSERT(says(&loaded, "warning: at 2s, but the run ends at 1.5s (until)"));
    unload(&loaded);
    /* One line for all of them. */
    const char *sets[] = {"until=1s"};
    loaded = load_text_with(SERVICE_WEB OURS
        "  events: [{at: 1s, create: pod/a}, {at: 2s, create: pod/b}, {at: 3s, create: pod/c}]\n"
        "  expect: [{at: 4s, service: web, pods: 0}]\n",
        sets, 1);
    CU_ASSERT_EQUAL(loaded.status, STATUS_OK);
    CU_ASSERT(says(&loaded, "warning: at 2s, but the run ends at 1s (until); so it is with 2 more"));
    CU_ASSERT_FALSE(says(&loaded, "at 3s"));
    CU_ASSERT_FALSE(says(&loaded, "at 4s"));
    unload(&loaded);
    loaded = load_good_set("deployment/web.paused=true");
    CU_ASSERT(
        says(&loaded, "--set:1:16: warning: 'paused' does not matter here: setting it changes nothing"));
    unload(&loaded);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"our document", test_ours},
        {"manifests", test_manifests},
        {"an item more", test_one_more_item},
        {"names and keys with dots", test_keys_with_dots},
        {"without a Scenario document", test_without_document},
        {"params_json", test_params},
        {"mistakes", test_mistakes},
        {"warnings", test_shorter_end},
    };
    return suite_main("scenario_set", tests, sizeof tests / sizeof tests[0]);
}
