/*
 * simulation_daemonset_test.c: DaemonSets: one pod a node, nodes that come, go and fail, updates within
 * maxUnavailable and maxSurge.
 */
#include "simulation_kit.h"

#define AGENT(more, scenario) \
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n" more \
    "  selector: {matchLabels: {app: agent}}\n  template: {metadata: {labels: {app: " \
    "agent}}}\n---\n" SCENARIO(scenario)

static bool is_live(const struct pod *pod)
{
    return !pod_is_terminating(pod) && pod->phase != POD_FAILED;
}

/* Live pods, and how many of them are ready; at most `a_node` a node. */
static uint32_t count(struct run *run, uint32_t *out_ready, uint32_t a_node)
{
    static struct pod_list list;
    uint32_t live = 0;
    *out_ready = 0;
    run_list(run, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t same = 0;
        for (uint32_t k = 0; k < list.count; k++)
            same += is_live(list.items[k]) && list.items[k]->node_name == list.items[i]->node_name;
        CU_ASSERT_TRUE(same <= a_node);
        live += is_live(list.items[i]);
        *out_ready += is_live(list.items[i]) && pod_is_ready(list.items[i]);
    }
    return live;
}

static void test_one_a_node(void)
{
    struct run *run = run_begin(AGENT("", "  nodes: {count: 4}\n"
                                          "  events:\n"
                                          "  - {at: 10s, apply: {apiVersion: v1, kind: Node, metadata: "
                                          "{name: x}, spec: {unschedulable: true}}}\n"
                                          "  - {at: 20s, delete: node/node-2}\n"
                                          "  - {at: 30s, delete: pod/agent-0}\n"
                                          "  - {at: 40s, fail: pod/agent-2}\n"));
    uint32_t ready;
    run_to(run, "5s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 4);
    CU_ASSERT_EQUAL(ready, 4);
    run_to(run, "15s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 5); /* cordoned nodes too */
    run_to(run, "25s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 4);
    run_to(run, "35s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 4);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 4);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 4); /* the failed one was deleted */
    run_end(run);
}

static void test_replaced_when_gone(void)
{
    struct run *run = run_begin(AGENT("", "  nodes: {count: 1}\n"
                                          "  pods: {stop: 5s}\n"
                                          "  events:\n"
                                          "  - {at: 10s, delete: pod/agent-0}\n"));
    uint32_t ready;
    run_to(run, "14s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 0);
    run_to(run, "15s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 1);
    run_end(run);
}

static void test_failed_nodes_keep_their_pods(void)
{
    struct run *run = run_begin(AGENT("", "  nodes: {count: 2}\n"
                                          "  events:\n"
                                          "  - {at: 10s, fail: node/node-2}\n"
                                          "  - {at: 20m, delete: pod/agent-1}\n"
                                          "  - {at: 30m, recover: node/node-2}\n"));
    uint32_t ready;
    run_to(run, "15m");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 2);
    CU_ASSERT_EQUAL(ready, 1);
    run_to(run, "25m");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run_pods(run), " Pending\n"));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 2);
    CU_ASSERT_EQUAL(ready, 2);
    run_end(run);
}

struct bounds {
    uint32_t live_max, ready_min, a_node;
    uint32_t live_seen, ready_seen;
};

static void check_bounds(struct run *run, const struct change *change)
{
    (void)change;
    struct bounds *bounds = run->context;
    uint32_t ready, live = count(run, &ready, bounds->a_node);
    if (bounds->live_seen < live)
        bounds->live_seen = live;
    if (bounds->ready_seen > ready)
        bounds->ready_seen = ready;
}

static void check_update(const char *more, struct bounds bounds)
{
    char yaml[1024];
    snprintf(yaml, sizeof yaml,
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n%s"
        "  selector: {matchLabels: {app: agent}}\n  template: {metadata: {labels: {app: "
        "agent}}}\n---\n" SCENARIO(
            "  nodes: {count: 10}\n  pods: {start: 1s, ready: {uniform: {min: 1s, max: 3s}}, stop: 2s}\n"
            "  events:\n  - {at: 60s, rollout: daemonset/agent}\n"),
        more);
    struct run *run = run_begin(yaml);
    uint32_t ready;
    run_to(run, "59s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 10);
    static struct pod_list list;
    struct catalog *catalog = store_catalog(run->store);
    sym key = catalog_sym(catalog, "controller-revision-hash"), before = SYM_EMPTY, value = SYM_EMPTY;
    run_list(run, &list);
    labels_get(pod_labels(list.items[0]), key, &before);
    bounds.ready_seen = UINT32_MAX;
    run->watch = check_bounds;
    run->context = &bounds;
    run_to(run, "1h");
    CU_ASSERT_EQUAL(bounds.live_seen, bounds.live_max);
    CU_ASSERT_EQUAL(bounds.ready_seen, bounds.ready_min);
    CU_ASSERT_EQUAL(count(run, &ready, 1), 10);
    CU_ASSERT_EQUAL(ready, 10);
    run_list(run, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        CU_ASSERT_TRUE(labels_get(pod_labels(list.items[i]), key, &value) && value != before);
    }
    run_end(run);
}

static void test_updates(void)
{
    check_update("", (struct bounds){.live_max = 10, .ready_min = 9, .a_node = 1});
    check_update("  updateStrategy: {rollingUpdate: {maxUnavailable: 30%}}\n",
        (struct bounds){.live_max = 10, .ready_min = 7, .a_node = 1});
    check_update("  updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 2}}\n",
        (struct bounds){.live_max = 12, .ready_min = 10, .a_node = 2});
}

static void test_on_delete(void)
{
    struct run *run =
        run_begin(AGENT("  updateStrategy: {type: OnDelete}\n", "  nodes: {count: 2}\n"
                                                                "  events:\n"
                                                                "  - {at: 10s, rollout: daemonset/agent}\n"
                                                                "  - {at: 20s, delete: pod/agent-1}\n"));
    run_to(run, "15s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 2);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 4);
    run_end(run);
}

static void test_rollouts_in_a_row(void)
{
    struct run *run = run_begin(AGENT("  updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 3}}\n",
        "  nodes: {count: 5}\n"
        "  pods: {ready: 5s, stop: 3s}\n"
        "  events:\n"
        "  - {at: 60s, rollout: daemonset/agent}\n"
        "  - {at: 62s, rollout: daemonset/agent}\n"
        "  - {at: 66s, rollout: daemonset/agent}\n"
        "  - {at: 69s, rollout: daemonset/agent}\n"
        "  - {at: 300s, delete: daemonset/agent}\n"));
    uint32_t ready;
    run_to(run, "299s");
    CU_ASSERT_EQUAL(count(run, &ready, 1), 5);
    CU_ASSERT_EQUAL(ready, 5);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 5);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 0);
    run_end(run);
}

static const struct suite_test tests[] = {
    {"one a node, nodes that come and go", test_one_a_node},
    {"a pod is replaced when it is gone", test_replaced_when_gone},
    {"failed nodes keep their pods", test_failed_nodes_keep_their_pods},
    {"updates within maxUnavailable and maxSurge", test_updates},
    {"OnDelete", test_on_delete},
    {"rollouts in a row, and deletion", test_rollouts_in_a_row},
};

int main(void)
{
    return suite_main("daemonset", tests, sizeof tests / sizeof tests[0]);
}
