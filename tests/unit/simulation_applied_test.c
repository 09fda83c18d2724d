/*
 * simulation_applied_test.c: objects as somebody else saw them: what `apply` may change of a pod, marks of
 * deletion, and nodes that nobody looks after (nodes.count: 0, nodes.lifecycle: false).
 */
#include "simulation_kit.h"

#define POD(spec, rest) \
    "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, spec: {" spec "}" rest "}"

static void test_immutable(void)
{
    static const struct {
        const char *pod, *message;
    } cases[] = {
        {POD("nodeName: node-2", ""), "spec.nodeName of pod 'a' is immutable: it is 'node-1'"},
        {POD("hostname: other", ""), "spec.hostname of pod 'a' is immutable: it is 'host'"},
        {POD("subdomain: other", ""), "spec.subdomain of pod 'a' is immutable: it is ''"},
        {POD("containers: [{ports: [{containerPort: 81}]}]", ""),
            "the container ports of pod 'a' are immutable"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
            POD("nodeName: node-1, hostname: host, containers: [{ports: [{containerPort: 80}]}]",
                "") "\n---\n" SCENARIO("  events:\n"
                                       "  - {at: 1s, apply: %s}\n"
                                       "  - {at: 2s, together: [{delete: pod/a}, {apply: %s}]}\n"
                                       "  - {at: 3s, apply: %s}\n"),
            POD("hostname: host", ""), cases[i].pod, POD("nodeName: node-1, hostname: none", ""));
        struct run *run = run_begin(yaml);
        run_to(run, "2s");
        run_end(run);
        snprintf(yaml, sizeof yaml,
            POD("nodeName: node-1, hostname: host, containers: [{ports: [{containerPort: 80}]}]",
                "") "\n---\n" SCENARIO("  events:\n"
                                       "  - {at: 1s, apply: %s}\n"),
            cases[i].pod);
        run = run_begin(yaml);
        run_fails(run, "1h", 8, cases[i].message);
        run_end(run);
    }
}

/* What is being deleted stays so, and goes when somebody deletes it. */
static void test_being_deleted(void)
{
#define READY "status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: \"True\"}]}"
#define MARK "deletionTimestamp: 2026-01-01T00:01:00Z"
    struct run *run = run_begin(SERVICE_WEB POD("", "") "\n---\n" SCENARIO(
        "  events:\n"
        "  - {at: 10s, apply: {apiVersion: v1, kind: Pod, metadata: {name: a, " MARK "}, " READY "}}\n"
        "  - {at: 20s, apply: {apiVersion: v1, kind: Pod, metadata: {name: a}, " READY "}}\n"
        "  - {at: 30s, apply: {apiVersion: v1, kind: Service, metadata: {name: web, " MARK
        "}, spec: {ports: [{port: 80}]}}}\n"
        "  - {at: 40s, apply: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: "
        "80}]}}}\n"
        "  - {at: 50s, delete: pod/a}\n"));
    run_to(run, "10s");
    ASSERT_TEXT(run_pod(run, "a"), "10.0.0.1 Running ready terminating");
    run_to(run, "20s");
    ASSERT_TEXT(run_pod(run, "a"), "10.0.0.1 Running ready terminating");
    run_to(run, "40s");
    const struct service *service = store_service(run->store, run_sym(run, "default"), run_sym(run, "web"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(service);
    CU_ASSERT_EQUAL(service->meta.deletion_s, INT64_C(1767225660));
    CU_ASSERT_PTR_NULL(service->selector);
    run_to(run, "50s");
    ASSERT_TEXT(run_pods(run), "");
    run_end(run);
}

#define NODE(name, ready) \
    "{apiVersion: v1, kind: Node, metadata: {name: " name \
    "}, status: {conditions: [{type: Ready, status: \"" ready "\"}]}}"

static void test_no_lifecycle(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO(
        "  nodes: {count: 0, lifecycle: false}\n"
        "  events:\n"
        "  - {at: 1s, create: pod/a, labels: {app: web}}\n"
        "  - {at: 2s, apply: " NODE("n1", "True") "}\n"
                                                  "  - {at: 3s, apply: " NODE("n1",
                                                      "False") "}\n"
                                                               "  - {at: 10m, delete: node/n1}\n"
                                                               "  - {at: 11m, apply: " NODE("n1",
                                                                   "True") "}\n"
                                                                           "  - {at: 12m, create: pod/b}\n"
                                                                           "  - {at: 13m, delete: pod/a}\n"));
    run_to(run, "1s");
    ASSERT_TEXT(run_pods(run), "a Pending\n"); /* there is no node */
    run_to(run, "2s");
    ASSERT_TEXT(run_pod(run, "a"), "10.244.0.2 Running ready");
    run_to(run, "9m");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running ready\n"); /* neither unready nor evicted */
    run_to(run, "10m");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running ready\n"); /* nor collected */
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "b 10.244.1.2 Running ready\n");
    run_end(run);
}

static const struct suite_test tests[] = {
    {"what the API server does not let change", test_immutable},
    {"marks of deletion", test_being_deleted},
    {"nodes that nobody looks after", test_no_lifecycle},
};

int main(void)
{
    return suite_main("applied", tests, sizeof tests / sizeof tests[0]);
}
