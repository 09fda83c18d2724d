/*
 * simulation_ipam_test.c: how large ranges and shares become, cluster IPs, and addresses that are chosen,
 * taken and given back.
 */
#include "simulation_kit.h"

#include "simulation/ipam.h"

static struct ip_plan plan_of(const char *yaml)
{
    struct scenario *scenario;
    struct scenario_input input = {.path = "test.yaml", .text = yaml, .text_length = strlen(yaml)};
    struct ip_plan plan;
    struct text problem = {0};
    enum status status = scenario_load(&input, 1, NULL, 0, &scenario);
    if (status != STATUS_OK)
        diag_print(scenario->diag, stderr, false);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    CU_ASSERT_TRUE(ip_plan_make(&plan, scenario, &problem));
    text_fini(&problem);
    scenario_destroy(scenario);
    return plan;
}

static void check_plan(const char *yaml, const char *base, uint8_t prefix, uint8_t share)
{
    struct ip_plan plan = plan_of(yaml);
    char text[IP_TEXT_MAX];
    ip_format(plan.range.base, text);
    CU_ASSERT_STRING_EQUAL(text, base);
    CU_ASSERT_EQUAL(plan.range.prefix_length, prefix);
    CU_ASSERT_EQUAL(plan.share_prefix, share);
    CU_ASSERT_EQUAL(plan.share_count, UINT32_C(1) << (share - prefix));
}

static void test_plans(void)
{
    check_plan(DEPLOYMENT_WEB(15) SCENARIO("  seed: 1\n"), "10.244.0.0", 16, 24);
    check_plan(SCENARIO("  nodes: {count: 256}\n"), "10.244.0.0", 16, 24);
    check_plan(SCENARIO("  nodes: {count: 257}\n"), "10.0.0.0", 8, 24);
    check_plan(SCENARIO("  nodes: {count: 65536}\n"), "10.0.0.0", 8, 24);
    check_plan(SCENARIO("  nodes: {count: 100000}\n"), "10.0.0.0", 8, 25);
    /* Twice a node's part: 3 nodes, 1,000 pods and 251 of a rolling update are 417 a node. */
    check_plan(DEPLOYMENT_WEB(1000) SCENARIO("  seed: 1\n"), "10.244.0.0", 16, 22);
    check_plan(DEPLOYMENT_WEB(1) SCENARIO("  events:\n  - {at: 1s, scale: deployment/web, replicas: 1000}\n"),
        "10.244.0.0", 16, 22);
    check_plan(DEPLOYMENT_WEB(1000000) SCENARIO("  seed: 1\n"), "10.0.0.0", 8, 12);
    check_plan(DEPLOYMENT_WEB(1000000) SCENARIO("  nodes: {count: 100000}\n"), "10.0.0.0", 8, 25);
    check_plan(DEPLOYMENT_WEB(10000000) SCENARIO("  seed: 1\n"), "10.0.0.0", 8, 10);
    check_plan(SCENARIO("  nodes: {podRange: 172.16.0.0/20}\n"), "172.16.0.0", 20, 24);
    check_plan(SCENARIO("  nodes: {podRange: 172.16.0.0/24}\n"), "172.16.0.0", 24, 26);
    check_plan(SCENARIO("  nodes: {podRangePrefix: 28}\n"), "10.244.0.0", 16, 28);
    /* Nodes that events add count, once each; edits of nodes that are there do not. */
    check_plan(SCENARIO("  nodes: {count: 256}\n  events:\n"
                        "  - {at: 1s, apply: {apiVersion: v1, kind: Node, metadata: {name: node-256}}}\n"),
        "10.244.0.0", 16, 24);
    check_plan(SCENARIO("  nodes: {count: 255}\n  events:\n"
                        "  - {at: 1s, apply: {apiVersion: v1, kind: Node, metadata: {name: x}}}\n"
                        "  - {at: 2s, apply: {apiVersion: v1, kind: Node, metadata: {name: x}}}\n"),
        "10.244.0.0", 16, 24);
    check_plan(SCENARIO("  nodes: {count: 256}\n  events:\n"
                        "  - {at: 1s, apply: {apiVersion: v1, kind: Node, metadata: {name: x}}}\n"),
        "10.0.0.0", 8, 24);
}

/* Told before the start, where the range is set. */
static void test_too_many_nodes(void)
{
    static const char yaml[] =
        SCENARIO("  nodes: {count: 300, podRange: 172.16.0.0/24, podRangePrefix: 28}\n");
    struct scenario_input input = {.path = "test.yaml", .text = yaml, .text_length = strlen(yaml)};
    struct scenario *scenario;
    char *messages;
    size_t size;
    CU_ASSERT_EQUAL(scenario_load(&input, 1, NULL, 0, &scenario), STATUS_BAD_INPUT);
    FILE *stream = open_memstream(&messages, &size);
    diag_print(scenario->diag, stream, true);
    fclose(stream);
    CU_ASSERT_PTR_NOT_NULL(strstr(messages,
        "test.yaml:5:33: error: the pod range 172.16.0.0/24 has no room for 300 nodes with a /28 each"));
    free(messages);
    scenario_destroy(scenario);
}

static void test_no_share_left(void)
{
    struct run *run =
        run_begin(SCENARIO("  nodes: {count: 3, podRange: 172.16.0.0/24, podRangePrefix: 26}\n"
                           "  events:\n"
                           "  - {at: 1s, delete: node/node-2}\n"
                           "  - {at: 2s, apply: {apiVersion: v1, kind: Node, metadata: {name: x}}}\n"
                           "  - {at: 3s, create: pod/a, node: x}\n"
                           "  - {at: 4s, apply: {apiVersion: v1, kind: Node, metadata: {name: y}}}\n"
                           "  - {at: 5s, create: pod/b, node: y}\n"
                           "  - {at: 6s, apply: {apiVersion: v1, kind: Node, metadata: {name: z}}}\n"));
    run_to(run, "5s");
    ASSERT_TEXT(run_pods(run), "a 172.16.0.194 Running ready\nb 172.16.0.66 Running ready\n");
    run_fails(run, "6s", 12, "no pod range is left for node 'z'");
    run_end(run);
}

static void test_cluster_ips(void)
{
    struct run *run =
        run_begin("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: None, ports: "
                  "[{port: 80}]}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: c}, spec: {ports: [{port: 80}]}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: d}, spec: {clusterIP: 10.96.0.2, ports: "
                  "[{port: 80}]}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: e}, spec: {type: ExternalName, "
                  "externalName: x.y}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: f}, spec: {ipFamilies: [IPv6], ports: "
                  "[{port: 80}]}}\n---\n" SCENARIO("  events:\n"
                                                   "  - {at: 1s, delete: service/a}\n"
                                                   "  - {at: 2s, apply: {apiVersion: v1, kind: Service, "
                                                   "metadata: {name: g}, spec: {ports: [{port: 1}]}}}\n"
                                                   "  - {at: 3s, apply: {apiVersion: v1, kind: Service, "
                                                   "metadata: {name: h}, spec: {ports: [{port: 1}]}}}\n"));
    run_to(run, "1h");
    static const char *const wanted[][2] = {{"b", "None"}, {"c", "10.96.0.3"}, {"d", "10.96.0.2"}, {"e", ""},
        {"f", "fd00:10:96::1"}, {"g", "10.96.0.1"}, {"h", "10.96.0.4"}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct service *service =
            store_service(run->store, run_sym(run, "default"), run_sym(run, wanted[i][0]));
        CU_ASSERT_PTR_NOT_NULL_FATAL(service);
        ASSERT_TEXT(catalog_text(store_catalog(run->store), service->cluster_ip), wanted[i][1]);
    }
    run_end(run);
}

static struct ip address(const char *text)
{
    return ip_parse(text, strlen(text));
}

static void check_taken(struct node_addresses *addresses, uint32_t i, const char *wanted)
{
    struct ip ip = {0};
    char text[IP_TEXT_MAX];
    CU_ASSERT_TRUE(ipam_take(addresses, i, &ip));
    ip_format(ip, text);
    ASSERT_TEXT(text, wanted);
}

static void test_own_ranges(void)
{
    struct ipam ipam = {0};
    struct node_addresses node;
    struct ip_range ranges[2];
    CU_ASSERT_TRUE_FATAL(ip_range_parse("10.1.2.128/30", 13, &ranges[0]));
    CU_ASSERT_TRUE_FATAL(ip_range_parse("fd00:1:2:3::/64", 15, &ranges[1]));
    CU_ASSERT_TRUE_FATAL(ipam_open_node(&ipam, ranges, 2, &node));
    CU_ASSERT_FALSE(ipam_reserve(&node, address("10.1.2.128"), false));
    CU_ASSERT_FALSE(ipam_reserve(&node, address("10.1.2.132"), false));
    CU_ASSERT_FALSE(ipam_reserve(&node, address("10.1.2.127"), false));
    CU_ASSERT_FALSE(ipam_reserve(&node, address("fd00:1:2:4::2"), false));
    CU_ASSERT_TRUE(ipam_reserve(&node, address("fd00:1:2:3::2"), false));
    CU_ASSERT_FALSE(ipam_reserve(&node, address("fd00:1:2:3:ffff::7"), false));
    check_taken(&node, 0, "10.1.2.130");
    check_taken(&node, 1, "fd00:1:2:3::3");
    struct ip none;
    CU_ASSERT_FALSE(ipam_take(&node, 0, &none));
    ipam_give(&node, address("10.1.2.130"));
    check_taken(&node, 0, "10.1.2.130");
    ipam_close_node(&ipam, &node);
    ipam_fini(&ipam);
}

static void test_tiny_ranges(void)
{
    struct ipam ipam = {0};
    struct node_addresses node;
    struct ip_range range;
    CU_ASSERT_TRUE_FATAL(ip_range_parse("10.1.2.7/32", 11, &range));
    CU_ASSERT_TRUE_FATAL(ipam_open_node(&ipam, &range, 1, &node));
    check_taken(&node, 0, "10.1.2.7");
    ipam_close_node(&ipam, &node);
    ipam_fini(&ipam);
}

static const struct suite_test tests[] = {
    {"ranges and shares follow nodes and pods", test_plans},
    {"too many nodes for a range that was given", test_too_many_nodes},
    {"shares come back; none left is a failure", test_no_share_left},
    {"cluster IPs: lowest free, chosen ones kept", test_cluster_ips},
    {"a node's own ranges", test_own_ranges},
    {"a range of one address", test_tiny_ranges},
};

int main(void)
{
    return suite_main("ipam", tests, sizeof tests / sizeof tests[0]);
}
