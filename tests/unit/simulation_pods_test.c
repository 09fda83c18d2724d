/*
 * simulation_pods_test.c: a pod's life as watchers see it: delays, what merges into one change, readiness,
 * restarts, other addresses, failure, termination; nodes that fail, and who waits for one.
 */
#include "simulation_kit.h"

#define POD(name, more) \
    "{apiVersion: v1, kind: Pod, metadata: {name: " name ", labels: {app: web}}" more "}\n---\n"

static void test_zero_delays_are_one_change(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  events:\n"
                                                      "  - {at: 5s, delete: pod/a}\n"));
    run_to(run, "4s");
    ASSERT_TEXT(run->log.data, "0s +a 10.244.0.2 Running ready\n");
    run_to(run, "6s");
    ASSERT_TEXT(run->log.data, "5s -a 10.244.0.2 Running ready\n");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 2);
    run_end(run);
}

static void test_delays(void)
{
    struct run *run = run_begin(SCENARIO("  pods: {start: 2s, ready: 1500ms, stop: 4s}\n"
                                         "  events:\n"
                                         "  - {at: 10s, create: pod/a}\n"
                                         "  - {at: 20s, delete: pod/a}\n"));
    run_to(run, "19s");
    ASSERT_TEXT(run->log.data, "10s +a Pending\n"
                               "12s ~a 10.244.0.2 Running\n"
                               "13.5s ~a 10.244.0.2 Running ready\n");
    const struct pod *pod = run_find(run, "a");
    int64_t start_s = run->scenario->start_s;
    CU_ASSERT_EQUAL(pod_created_s(pod), start_s + 10);
    CU_ASSERT_EQUAL(pod_ready_since_s(pod), start_s + 13); /* whole seconds on the wire */
    CU_ASSERT_EQUAL(pod_deletion_s(pod), TIME_NONE);
    CU_ASSERT_STRING_EQUAL(catalog_text(store_catalog(run->store), pod->node_name), "node-1");
    run_to(run, "21s");
    ASSERT_TEXT(run->log.data, "20s ~a 10.244.0.2 Running ready terminating\n");
    /* deletionTimestamp is when its grace ends: 30 seconds from now, whatever pods.stop is. */
    CU_ASSERT_EQUAL(pod_deletion_s(run_find(run, "a")), start_s + 50);
    CU_ASSERT_EQUAL(pod_grace_s(run_find(run, "a")), 30);
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "24s -a 10.244.0.2 Running ready terminating\n");
    run_end(run);
}

static void test_start_and_ready_at_once(void)
{
    struct run *run = run_begin(SCENARIO("  pods: {start: 2s}\n"
                                         "  events:\n"
                                         "  - {at: 10s, create: pod/a}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s +a Pending\n12s ~a 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_created_and_deleted_at_one_instant(void)
{
    struct run *run = run_begin(SCENARIO("  pods: {start: 1s}\n"
                                         "  events:\n"
                                         "  - {at: 10s, create: pod/a}\n"
                                         "  - {at: 10s, delete: pod/a}\n"
                                         "  - {at: 10s, create: pod/a}\n"));
    run_to(run, "1h");
    /* Each event's consequences come before the next event. */
    ASSERT_TEXT(run->log.data, "10s +a Pending\n"
                               "10s -a Pending\n"
                               "10s +a Pending\n"
                               "11s ~a 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_grace(void)
{
    struct run *run = run_begin(SCENARIO("  pods: {stop: 10s}\n"
                                         "  events:\n"
                                         "  - {at: 1s, create: pod/a}\n"
                                         "  - {at: 1s, create: pod/b}\n"
                                         "  - {at: 1s, create: pod/c}\n"
                                         "  - {at: 10s, delete: pod/a, grace: 0s}\n"
                                         "  - {at: 20s, delete: pod/b, grace: 2500ms}\n"
                                         "  - {at: 30s, delete: pod/c}\n"
                                         "  - {at: 31s, delete: pod/c}\n"
                                         "  - {at: 32s, delete: pod/c, grace: 20s}\n"
                                         "  - {at: 33s, delete: pod/c, grace: 1s}\n"));
    run_to(run, "21s");
    CU_ASSERT_EQUAL(pod_grace_s(run_find(run, "b")), 3);
    ASSERT_TEXT(run_pod(run, "a"), "none");
    CU_ASSERT_PTR_NOT_NULL(strstr(run->log.data, "10s -a 10.244.0.2 Running ready\n"));
    run_to(run, "1h");
    /* A second deletion can only make it sooner. */
    ASSERT_TEXT(run->log.data, "22.5s -b 10.244.1.2 Running ready terminating\n"
                               "30s ~c 10.244.2.2 Running ready terminating\n"
                               "34s -c 10.244.2.2 Running ready terminating\n");
    run_end(run);
}

static void test_readiness(void)
{
    struct run *run = run_begin(SCENARIO("  pods: {start: 1s, ready: 3s}\n"
                                         "  events:\n"
                                         "  - {at: 1s, create: pod/a, ready: false}\n"
                                         "  - {at: 1s, create: pod/b}\n"
                                         "  - {at: 1s, create: pod/c}\n"
                                         "  - {at: 3s, ready: pod/b}\n"   /* sooner than by itself */
                                         "  - {at: 3s, unready: pod/c}\n" /* and so it stays */
                                         "  - {at: 20s, ready: pod/a}\n"
                                         "  - {at: 21s, ready: pod/a}\n" /* nothing new */
                                         "  - {at: 30s, unready: pod/b}\n"
                                         "  - {at: 40s, ready: pod/c}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "1s +a Pending\n"
                               "1s +b Pending\n"
                               "1s +c Pending\n"
                               "2s ~a 10.244.0.2 Running\n"
                               "2s ~b 10.244.1.2 Running\n"
                               "2s ~c 10.244.2.2 Running\n"
                               "3s ~b 10.244.1.2 Running ready\n"
                               "20s ~a 10.244.0.2 Running ready\n"
                               "30s ~b 10.244.1.2 Running\n"
                               "40s ~c 10.244.2.2 Running ready\n");
    CU_ASSERT_EQUAL(pod_ready_since_s(run_find(run, "b")), run->scenario->start_s + 30);
    run_end(run);
}

static void test_restart(void)
{
    struct run *run = run_begin(POD("a", "") POD("b", "") SCENARIO("  pods: {ready: 3s}\n"
                                                                   "  events:\n"
                                                                   "  - {at: 10s, restart: pod/a}\n"
                                                                   "  - {at: 11s, restart: pod/a}\n"
                                                                   "  - {at: 20s, unready: pod/b}\n"
                                                                   "  - {at: 21s, restart: pod/b}\n"));
    run_to(run, "4s");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.0.2 Running\n"
                               "14s ~a 10.244.0.2 Running ready\n"
                               "20s ~b 10.244.1.2 Running\n");
    run_end(run);
}

static void test_restart_without_delay_shows(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  events:\n  - {at: 10s, restart: pod/a}\n"));
    run_to(run, "5s");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.0.2 Running\n10s ~a 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_readdress(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  nodes: {count: 1}\n"
                                                      "  events:\n"
                                                      "  - {at: 10s, readdress: pod/a}\n"
                                                      "  - {at: 20s, create: pod/b}\n"));
    run_to(run, "5s");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.0.3 Running ready\n20s +b 10.244.0.4 Running ready\n");
    run_end(run);
}

static void test_readdress_takes_time(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  nodes: {count: 1}\n"
                                                      "  pods: {start: 1s, ready: 2s, stop: 5s}\n"
                                                      "  events:\n"
                                                      "  - {at: 10s, readdress: pod/a}\n"
                                                      "  - {at: 20s, readdress: pod/a}\n"
                                                      "  - {at: 22s, readdress: pod/a}\n"
                                                      "  - {at: 30s, unready: pod/a}\n"
                                                      "  - {at: 31s, readdress: pod/a}\n"
                                                      "  - {at: 40s, delete: pod/a}\n"
                                                      "  - {at: 41s, readdress: pod/a}\n"));
    run_to(run, "5s");
    run_to(run, "1h");
    /* Again while it waits for its readiness; held unready; terminating: nothing starts again. */
    ASSERT_TEXT(run->log.data, "10s ~a Running\n"
                               "11s ~a 10.244.0.3 Running\n"
                               "13s ~a 10.244.0.3 Running ready\n"
                               "20s ~a Running\n"
                               "21s ~a 10.244.0.4 Running\n"
                               "22s ~a Running\n"
                               "23s ~a 10.244.0.5 Running\n"
                               "25s ~a 10.244.0.5 Running ready\n"
                               "30s ~a 10.244.0.5 Running\n"
                               "31s ~a Running\n"
                               "32s ~a 10.244.0.6 Running\n"
                               "40s ~a 10.244.0.6 Running terminating\n"
                               "45s -a 10.244.0.6 Running terminating\n");
    run_end(run);
}

/* Without an address there is none that could change; one that was chosen is not taken again. */
static void test_readdress_of_chosen_addresses(void)
{
    struct run *run = run_begin(SCENARIO("  nodes: {count: 1}\n"
                                         "  pods: {start: 1s}\n"
                                         "  events:\n"
                                         "  - {at: 10s, create: pod/a, ip: 10.244.0.2}\n"
                                         "  - {at: 20s, readdress: pod/a}\n"
                                         "  - {at: 20500ms, readdress: pod/a, ifPresent: true}\n"
                                         "  - {at: 30s, readdress: pod/a}\n"
                                         "  - {at: 30500ms, readdress: pod/a}\n"));
    run_to(run, "29s");
    ASSERT_TEXT(run->log.data, "10s +a Pending\n"
                               "11s ~a 10.244.0.2 Running ready\n"
                               "20s ~a Running\n"
                               "21s ~a 10.244.0.4 Running ready\n");
    run_fails(run, "1h", 12, "has no address that could change");
    run_end(run);
}

static void test_readdress_and_a_lost_node(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  nodes: {count: 1}\n"
                                                      "  pods: {start: 5s, ready: 1s}\n"
                                                      "  events:\n"
                                                      "  - {at: 10s, readdress: pod/a}\n"
                                                      "  - {at: 12s, fail: node/node-1}\n"
                                                      "  - {at: 30s, recover: node/node-1}\n"));
    run_to(run, "9s");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a Running\n"
                               "35s ~a 10.244.0.3 Running\n"
                               "36s ~a 10.244.0.3 Running ready\n");
    run_end(run);
}

static void test_fail(void)
{
    struct run *run = run_begin(POD("a", "") SCENARIO("  nodes: {count: 1}\n"
                                                      "  pods: {stop: 5s}\n"
                                                      "  events:\n"
                                                      "  - {at: 10s, fail: pod/a}\n"
                                                      "  - {at: 11s, fail: pod/a}\n"
                                                      "  - {at: 20s, delete: pod/a}\n"));
    run_to(run, "15s");
    ASSERT_TEXT(run->log.data, "0s +a 10.244.0.2 Running ready\n10s ~a 10.244.0.2 Failed\n");
    run_to(run, "1h");
    /* What has finished has nothing to stop. */
    ASSERT_TEXT(run->log.data, "20s -a 10.244.0.2 Failed\n");
    run_end(run);
}

static void test_fixed_addresses_and_nodes(void)
{
    struct run *run = run_begin(SCENARIO("  nodes: {count: 2}\n"
                                         "  events:\n"
                                         "  - {at: 1s, create: pod/a, node: node-2, ip: 10.244.1.2}\n"
                                         "  - {at: 2s, create: pod/b, node: node-2}\n"
                                         "  - {at: 3s, create: pod/c, ip: 192.168.7.7}\n"
                                         "  - {at: 4s, delete: pod/a}\n"
                                         "  - {at: 5s, create: pod/d, node: node-2}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "1s +a 10.244.1.2 Running ready\n"
                               "2s +b 10.244.1.3 Running ready\n"
                               "3s +c 192.168.7.7 Running ready\n"
                               "4s -a 10.244.1.2 Running ready\n"
                               "5s +d 10.244.1.4 Running ready\n");
    run_end(run);
}

static void test_addresses_come_back_after_a_full_turn(void)
{
    struct run *run = run_begin(SCENARIO("  nodes: {count: 1, podRange: 10.1.0.0/29, podRangePrefix: 29}\n"
                                         "  events:\n"
                                         "  - {at: 1s, create: pod/a}\n"
                                         "  - {at: 2s, create: pod/b}\n"
                                         "  - {at: 3s, delete: pod/a}\n"
                                         "  - {at: 4s, create: pod/c}\n"
                                         "  - {at: 5s, create: pod/d}\n"
                                         "  - {at: 6s, create: pod/e}\n"
                                         "  - {at: 7s, create: pod/f}\n"
                                         "  - {at: 8s, create: pod/g}\n"));
    run_to(run, "7s");
    ASSERT_TEXT(run_pods(run), "b 10.1.0.3 Running ready\n"
                               "c 10.1.0.4 Running ready\n"
                               "d 10.1.0.5 Running ready\n"
                               "e 10.1.0.6 Running ready\n"
                               "f 10.1.0.2 Running ready\n");
    run_fails(run, "8s", 14, "no address left");
    run_end(run);
}

/* --- nodes ------------------------------------------------------------------------------------------ */

static void test_fewest_pods_first(void)
{
    struct run *run = run_begin(SCENARIO("  nodes: {count: 3}\n"
                                         "  events:\n"
                                         "  - {at: 1s, create: pod/a, node: node-1}\n"
                                         "  - {at: 2s, create: pod/b}\n"
                                         "  - {at: 3s, create: pod/c}\n"
                                         "  - {at: 4s, create: pod/d}\n"
                                         "  - {at: 5s, delete: pod/c}\n"
                                         "  - {at: 6s, create: pod/e}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running ready\n"
                               "b 10.244.1.2 Running ready\n"
                               "d 10.244.0.3 Running ready\n"
                               "e 10.244.2.3 Running ready\n");
    run_end(run);
}

#define NODE(name, pods) \
    "{apiVersion: v1, kind: Node, metadata: {name: " name "}, status: {allocatable: {pods: " pods \
    "}, conditions: " \
    "[{type: Ready, status: \"True\"}]}}\n---\n"

static void test_full_nodes_make_pods_wait(void)
{
    struct run *run =
        run_begin(NODE("small", "1") NODE("large", "2") SCENARIO("  pods: {start: 1s}\n"
                                                                 "  events:\n"
                                                                 "  - {at: 1s, create: pod/a}\n"
                                                                 "  - {at: 1s, create: pod/b}\n"
                                                                 "  - {at: 1s, create: pod/c}\n"
                                                                 "  - {at: 1s, create: pod/d}\n"
                                                                 "  - {at: 1s, create: pod/e}\n"
                                                                 "  - {at: 10s, delete: pod/d}\n"
                                                                 "  - {at: 20s, delete: pod/a}\n"));
    run_to(run, "9s");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running ready\n"
                               "b 10.244.1.2 Running ready\n"
                               "c 10.244.1.3 Running ready\n"
                               "d Pending\n"
                               "e Pending\n");
    CU_ASSERT_EQUAL(run_find(run, "d")->node_name, SYM_EMPTY);
    run_to(run, "1h");
    /* A pod without a node is gone at once; the next one in the line gets the place. */
    ASSERT_TEXT(run->log.data, "10s -d Pending\n"
                               "20s -a 10.244.0.2 Running ready\n"
                               "20s ~e Pending\n"
                               "21s ~e 10.244.0.3 Running ready\n");
    run_end(run);
}

static void test_a_waiting_pod_fails(void)
{
    struct run *run = run_begin(NODE("small", "1") SCENARIO("  events:\n"
                                                            "  - {at: 1s, create: pod/a}\n"
                                                            "  - {at: 1s, create: pod/b}\n"
                                                            "  - {at: 1s, create: pod/c}\n"
                                                            "  - {at: 5s, fail: pod/b}\n"
                                                            "  - {at: 10s, delete: pod/a}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "b Failed\nc 10.244.0.3 Running ready\n");
    run_end(run);
}

static void test_pod_waits_for_its_node(void)
{
    struct run *run = run_begin(POD("a", ", spec: {nodeName: late}")
            SCENARIO("  nodes: {count: 1}\n"
                     "  events:\n"
                     "  - {at: 10s, apply: {apiVersion: v1, kind: Node, metadata: {name: late}}}\n"));
    run_to(run, "5s");
    ASSERT_TEXT(run_pod(run, "a"), "Pending");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.1.2 Running ready\n");
    run_end(run);
}

static void test_cordon(void)
{
    struct run *run =
        run_begin(SCENARIO("  nodes: {count: 2}\n"
                           "  events:\n"
                           "  - {at: 1s, apply: {apiVersion: v1, kind: Node, metadata: {name: node-1}, spec: "
                           "{unschedulable: true}}}\n"
                           "  - {at: 2s, create: pod/a}\n"
                           "  - {at: 3s, create: pod/b}\n"
                           "  - {at: 4s, apply: {apiVersion: v1, kind: Node, metadata: {name: node-1}}}\n"
                           "  - {at: 5s, create: pod/c}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "a 10.244.1.2 Running ready\n"
                               "b 10.244.1.3 Running ready\n"
                               "c 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_node_failure_and_recovery(void)
{
    struct run *run =
        run_begin(POD("a", "") POD("b", "") SCENARIO("  nodes: {count: 2}\n"
                                                     "  pods: {start: 1s, ready: 2s}\n"
                                                     "  events:\n"
                                                     "  - {at: 60s, fail: node/node-1}\n"
                                                     "  - {at: 61s, fail: node/node-1}\n"
                                                     "  - {at: 70s, create: pod/c, node: node-1}\n"
                                                     "  - {at: 80s, create: pod/d}\n"
                                                     "  - {at: 90s, recover: node/node-1}\n"));
    run_to(run, "50s");
    run_to(run, "2h");
    /* Recovered in time: nobody is evicted. What was ready is so at once, what never started starts now. */
    ASSERT_TEXT(run->log.data, "1m ~a 10.244.0.2 Running\n"
                               "1m10s +c Pending\n"
                               "1m20s +d Pending\n"
                               "1m21s ~d 10.244.1.3 Running\n"
                               "1m23s ~d 10.244.1.3 Running ready\n"
                               "1m30s ~a 10.244.0.2 Running ready\n"
                               "1m31s ~c 10.244.0.3 Running\n"
                               "1m33s ~c 10.244.0.3 Running ready\n");
    run_end(run);
}

static void test_eviction(void)
{
    struct run *run = run_begin(POD("a", "") POD("b", "") SCENARIO("  nodes: {count: 2, zones: [x, y]}\n"
                                                                   "  pods: {stop: 7s}\n"
                                                                   "  events:\n"
                                                                   "  - {at: 60s, fail: zone/y}\n"));
    run_to(run, "50s");
    run_to(run, "2h");
    ASSERT_TEXT(run->log.data, "1m ~b 10.244.1.2 Running\n"
                               "6m ~b 10.244.1.2 Running terminating\n"
                               "6m7s -b 10.244.1.2 Running terminating\n");
    CU_ASSERT_EQUAL(store_node(run->store, run_sym(run, "node-2"))->ready, CONDITION_UNKNOWN);
    CU_ASSERT_EQUAL(store_node(run->store, run_sym(run, "node-1"))->ready, CONDITION_TRUE);
    run_end(run);
}

static void test_node_deletion(void)
{
    struct run *run = run_begin(POD("a", "") POD("b", "") POD("c", "")
            SCENARIO("  nodes: {count: 2}\n"
                     "  pods: {stop: 7s}\n"
                     "  events:\n"
                     "  - {at: 50s, delete: pod/c}\n"
                     "  - {at: 51s, delete: node/node-1}\n"
                     "  - {at: 60s, create: pod/d}\n"
                     "  - {at: 70s, apply: {apiVersion: v1, kind: Node, metadata: {name: node-1}}}\n"
                     "  - {at: 80s, create: pod/e}\n"));
    run_to(run, "49s");
    run_to(run, "2h");
    /* Without a kubelet there is nothing to wait for; who terminates already goes as he would. */
    ASSERT_TEXT(run->log.data, "50s ~c 10.244.0.3 Running ready terminating\n"
                               "51s -a 10.244.0.2 Running ready\n"
                               "57s -c 10.244.0.3 Running ready terminating\n"
                               "1m +d 10.244.1.3 Running ready\n"
                               "1m20s +e 10.244.2.2 Running ready\n");
    run_end(run);
}

static void test_dual_stack(void)
{
    struct run *run =
        run_begin("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, "
                  "ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}}\n"
                  "---\n" POD("a", "") POD("b", "")
                      SCENARIO("  nodes: {count: 2}\n  events:\n  - {at: 9s, readdress: pod/b}\n"));
    run_to(run, "8s");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 fd00:10:244::2 Running ready\n"
                               "b 10.244.1.2 fd00:10:244:1::2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run_pod(run, "b"), "10.244.1.3 fd00:10:244:1::3 Running ready");
    run_end(run);
}

static void test_node_ranges_win(void)
{
    struct run *run = run_begin("{apiVersion: v1, kind: Node, metadata: {name: x}, spec: {podCIDRs: "
                                "[10.9.8.0/24, \"fd77::/64\"]}}\n---\n"
                                "{apiVersion: v1, kind: Node, metadata: {name: y}}\n---\n" POD("a", "")
                                    POD("b", "") SCENARIO("  until: 1h\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "a 10.9.8.2 fd77::2 Running ready\nb 10.244.0.2 Running ready\n");
    CU_ASSERT_EQUAL(store_node(run->store, run_sym(run, "y"))->pod_range_count, 1);
    run_end(run);
}

static const struct suite_test tests[] = {
    {"without delays creation and deletion are one change each", test_zero_delays_are_one_change},
    {"delays of start, readiness and stop", test_delays},
    {"started and ready at once", test_start_and_ready_at_once},
    {"created and deleted at one instant", test_created_and_deleted_at_one_instant},
    {"grace overrides pods.stop and only shortens", test_grace},
    {"ready and unready", test_readiness},
    {"restart", test_restart},
    {"a restart without delay is two changes", test_restart_without_delay_shows},
    {"readdress", test_readdress},
    {"readdress: a new sandbox takes time", test_readdress_takes_time},
    {"readdress: addresses that somebody chose", test_readdress_of_chosen_addresses},
    {"readdress while the node is lost", test_readdress_and_a_lost_node},
    {"fail", test_fail},
    {"addresses and nodes that somebody chose", test_fixed_addresses_and_nodes},
    {"addresses come back after a full turn, and may run out", test_addresses_come_back_after_a_full_turn},
    {"the node with the fewest pods, the lowest number first", test_fewest_pods_first},
    {"where no node fits pods wait in line", test_full_nodes_make_pods_wait},
    {"a pod that waits may fail", test_a_waiting_pod_fails},
    {"a pod bound to a node that comes later", test_pod_waits_for_its_node},
    {"cordoned nodes take none", test_cordon},
    {"a node fails and recovers", test_node_failure_and_recovery},
    {"a zone fails: eviction after five minutes", test_eviction},
    {"a node is deleted and comes back", test_node_deletion},
    {"dual stack", test_dual_stack},
    {"podCIDRs of a Node win", test_node_ranges_win},
};

int main(void)
{
    return suite_main("pods", tests, sizeof tests / sizeof tests[0]);
}
