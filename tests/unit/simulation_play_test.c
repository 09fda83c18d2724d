/*
 * simulation_play_test.c: events of the scenario, verb by verb: what they do, what they refuse and where the
 * refusal is shown; the order of manifests and events; expectations.
 */
#include "simulation_kit.h"

#include "engine/observe.h"
#include "model/endpoints.h"

static struct service_state state_of(struct run *run, const char *service)
{
    struct service_state state = {0};
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, service), &state));
    return state;
}

/* --- order ------------------------------------------------------------------------------------------ */

static void test_manifests_in_file_order(void)
{
    struct run *run = run_begin("{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n" DEPLOYMENT_WEB(
        3) "{apiVersion: v1, kind: Pod, metadata: {name: b}}\n---\n" SCENARIO("  pods: {start: 1s}\n"
                                                                              "  events:\n"
                                                                              "  - {at: 0s, create: pod/c}\n"
                                                                              "  - {at: 0s, scale: "
                                                                              "deployment/web, replicas: 4}\n"
                                                                              "  - {at: 0s, create: "
                                                                              "pod/d}\n"));
    run_to(run, "0s");
    static struct pod_list list;
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 8);
    static const char *const wanted[] = {"a", "web", "web", "web", "b", "c", "web", "d"};
    for (uint32_t i = 0; i < 8; i++)
        CU_ASSERT_EQUAL(strncmp(target_name_here(pod_self(list.items[i])), wanted[i], strlen(wanted[i])), 0);
    run_end(run);
}

static void test_a_service_may_come_last(void)
{
    struct run *run = run_begin(
        "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}\n---\n" SERVICE_WEB SCENARIO(
            "  expect:\n  - {at: 0s, service: web, pods: 1, ready: 1, slices: 1}\n"));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(simulation_result_count(run->simulation), 3);
    for (uint32_t i = 0; i < 3; i++)
        CU_ASSERT_TRUE(simulation_result(run->simulation, i).passed);
    run_end(run);
}

/* --- references ------------------------------------------------------------------------------------- */

static void test_missing_stops_the_run(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(1) SCENARIO("  events:\n"
                                             "  - {at: 10s, delete: pod/web-0}\n"
                                             "  - {at: 20s, ready: pod/web-0, ifPresent: true}\n"
                                             "  - {at: 30s, ready: pod/web-0}\n"
                                             "  - {at: 40s, create: pod/late}\n"));
    run_to(run, "29s");
    run_fails(run, "1h", 16, "at 30s pod/web-0 is not there");
    struct position at;
    simulation_failure(run->simulation, &at);
    CU_ASSERT_EQUAL(at.column, 22);
    /* It stays failed, and nothing runs any more. */
    CU_ASSERT_EQUAL(run_until(run, "2h"), STATUS_FAILED);
    ASSERT_TEXT(run_pod(run, "late"), "none");
    CU_ASSERT_EQUAL(simulation_now_ns(run->simulation), 30 * NS_PER_S);
    run_end(run);
}

static void test_gone_of_every_kind(void)
{
    static const struct {
        const char *event, *message;
    } cases[] = {
        {"delete: service/web", "service/web is not there"},
        {"label: service/web, labels: {a: b}", "service/web is not there"},
        {"delete: deployment/web", "deployment/web is not there"},
        {"scale: deployment/web, replicas: 3", "deployment/web is not there"},
        {"rollout: deployment/web", "deployment/web is not there"},
        {"churn: deployment/web, rate: 1/s, for: 1s", "deployment/web is not there"},
        {"fail: node/node-1", "node/node-1 is not there"},
        {"recover: node/node-1", "node/node-1 is not there"},
        {"delete: node/node-1", "node/node-1 is not there"},
        {"label: node/node-1, labels: {a: b}", "node/node-1 is not there"},
        {"fail: zone/z", "zone/z is not there"},
        {"restart: pod/web-0", "pod/web-0 is not there"},
        {"readdress: pod/web-0", "pod/web-0 is not there"},
        {"unready: pod/web-0", "pod/web-0 is not there"},
        {"label: pod/web-0, labels: {a: b}", "pod/web-0 is not there"},
        {"fail: pod/web-0", "pod/web-0 is not there"},
        {"delete: endpoints/web", "endpoints/web is not there"},
        {"delete: endpointslice/web", "endpointslice/web is not there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int if_present = 0; if_present < 2; if_present++) {
            char yaml[2048];
            snprintf(yaml, sizeof yaml,
                SERVICE_WEB "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, "
                            "metadata: {name: web}, "
                            "endpoints: [], ports: []}\n---\n" DEPLOYMENT_WEB(1)
                                SCENARIO("  nodes: {count: 1, zones: [z]}\n"
                                         "  events:\n"
                                         "  - {at: 9s, delete: service/web}\n"
                                         "  - {at: 9s, delete: deployment/web}\n"
                                         "  - {at: 9s, delete: node/node-1}\n"
                                         "  - {at: 9s, delete: endpointslice/web}\n"
                                         "  - {at: 10s, %s%s}\n"),
                cases[i].event, if_present ? ", ifPresent: true" : "");
            struct run *run = run_begin(yaml);
            if (if_present)
                run_to(run, "1h");
            else
                run_fails(run, "1h", 23, cases[i].message);
            run_end(run);
        }
    }
}

static void test_what_cannot_be(void)
{
    static const struct {
        const char *event, *message;
    } cases[] = {
        {"create: pod/a", "'a' exists already"},
        {"ready: pod/a", "has finished"},
        {"restart: pod/a", "has finished"},
        {"readdress: pod/a", "has no address"},
        {"create: pod/b, node: node-1", "node 'node-1' is not there"},
        {"create: pod/b, ip: 10.9.9.9", "the IP 10.9.9.9 is that of pod 'c'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
            SCENARIO("  nodes: {count: 2}\n"
                     "  events:\n"
                     "  - {at: 1s, create: pod/a, node: node-2}\n"
                     "  - {at: 2s, fail: pod/a}\n"
                     "  - {at: 2s, create: pod/c, node: node-2, ip: 10.9.9.9}\n"
                     "  - {at: 3s, delete: node/node-1}\n"
                     "  - {at: 4s, %s}\n"),
            cases[i].event);
        struct run *run = run_begin(yaml);
        run_fails(run, "1h", 11, cases[i].message);
        run_end(run);
    }
}

/* An IP that was free when somebody asked is taken, given back and taken again: by pods that are created,
 * readdressed, fail, finish and go, also within one event. */
static void test_ip_that_comes_and_goes(void)
{
    static const struct {
        const char *event;
        bool fails;
    } cases[] = {
        {"create: pod/x, ip: 10.9.9.1", true},   /* a has it */
        {"create: pod/x, ip: 10.9.9.2", false},  /* b went */
        {"create: pod/x, ip: 10.9.9.3", false},  /* c has another one since 3s */
        {"create: pod/x, ip: 10.9.9.4", false},  /* d failed */
        {"create: pod/x, ip: 10.9.9.5", true},   /* e has it, whose predecessor went in the same event */
        {"create: pod/x, ip: 10.244.0.2", true}, /* f, from its node */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[2048];
        snprintf(yaml, sizeof yaml,
            SCENARIO("  nodes: {count: 1}\n"
                     "  events:\n"
                     "  - {at: 1s, create: pod/f}\n"
                     "  - {at: 2s, create: pod/a, ip: 10.9.9.1}\n"
                     "  - {at: 2s, create: pod/b, ip: 10.9.9.2}\n"
                     "  - {at: 2s, create: pod/c, ip: 10.9.9.3}\n"
                     "  - {at: 2s, create: pod/d, ip: 10.9.9.4}\n"
                     "  - {at: 2s, create: pod/e, ip: 10.9.9.5}\n"
                     "  - {at: 3s, delete: pod/b}\n"
                     "  - {at: 3s, readdress: pod/c}\n"
                     "  - {at: 3s, fail: pod/d}\n"
                     "  - {at: 3s, together: [{delete: pod/e}, {create: pod/e2, ip: 10.9.9.5}]}\n"
                     "  - {at: 4s, %s}\n"),
            cases[i].event);
        struct run *run = run_begin(yaml);
        if (cases[i].fails)
            run_fails(run, "1h", 17, "is that of pod");
        else
            run_to(run, "1h");
        run_end(run);
    }
}

/* --- services and objects --------------------------------------------------------------------------- */

static void test_service_edit_keeps_identity(void)
{
    struct run *run = run_begin(
        SERVICE_WEB DEPLOYMENT_WEB(3) SCENARIO("  events:\n"
                                               "  - {at: 5s, label: service/web, labels: {team: a}}\n"
                                               "  - at: 10s\n"
                                               "    apply: {apiVersion: v1, kind: Service, metadata: {name: "
                                               "web, labels: {x: y}}, spec: {selector: {app: nobody}, "
                                               "ports: [{port: 81}]}}\n"
                                               "  - {at: 20s, delete: service/web}\n"
                                               "  - at: 30s\n"
                                               "    apply: {apiVersion: v1, kind: Service, metadata: {name: "
                                               "web}, spec: {selector: {app: web}, ports: "
                                               "[{port: 80}]}}\n"));
    sym ns = run_sym(run, "default"), web = run_sym(run, "web"), value;
    run_to(run, "9s");
    const struct service *service = store_service(run->store, ns, web);
    CU_ASSERT_TRUE(labels_get(service->meta.labels, run_sym(run, "team"), &value));
    struct uuid uid = service->meta.uid;
    int64_t created_s = service->meta.created_s;
    sym ip = service->cluster_ip;
    CU_ASSERT_EQUAL(state_of(run, "web").pods, 3);
    run_to(run, "15s");
    service = store_service(run->store, ns, web);
    CU_ASSERT_EQUAL(memcmp(&uid, &service->meta.uid, sizeof uid), 0);
    CU_ASSERT_EQUAL(service->meta.created_s, created_s);
    CU_ASSERT_EQUAL(service->cluster_ip, ip);
    CU_ASSERT_EQUAL(service->ports[0].target_port, 81);
    CU_ASSERT_FALSE(labels_get(service->meta.labels, run_sym(run, "team"), &value));
    CU_ASSERT_EQUAL(state_of(run, "web").pods, 0);
    run_to(run, "25s");
    CU_ASSERT_PTR_NULL(store_service(run->store, ns, web));
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTSLICE), 0);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTS), 0);
    run_to(run, "1h");
    service = store_service(run->store, ns, web);
    CU_ASSERT_NOT_EQUAL(memcmp(&uid, &service->meta.uid, sizeof uid), 0);
    CU_ASSERT_EQUAL(service->meta.created_s, created_s + 30);
    CU_ASSERT_EQUAL(service->cluster_ip, ip); /* free again, and the lowest */
    CU_ASSERT_EQUAL(state_of(run, "web").ready, 3);
    run_end(run);
}

static void test_cluster_ip_is_immutable(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO("  events:\n"
                                                     "  - {at: 5s, apply: {apiVersion: v1, kind: Service, "
                                                     "metadata: {name: web}, spec: {type: ExternalName, "
                                                     "externalName: a.b}}}\n"
                                                     "  - {at: 6s, apply: {apiVersion: v1, kind: Service, "
                                                     "metadata: {name: web}, spec: {ports: [{port: 1}]}}}\n"
                                                     "  - {at: 7s, apply: {apiVersion: v1, kind: Service, "
                                                     "metadata: {name: web}, spec: {clusterIP: None, ports: "
                                                     "[{port: 1}]}}}\n"));
    run_to(run, "5s");
    CU_ASSERT_EQUAL(
        store_service(run->store, run_sym(run, "default"), run_sym(run, "web"))->cluster_ip, SYM_EMPTY);
    run_to(run, "6s");
    run_fails(run, "1h", 10, "spec.clusterIP of service 'web' is immutable: it is 10.96.0.1");
    run_end(run);
}

static void test_foreign_objects(void)
{
    struct run *run = run_begin(
        "{apiVersion: v1, kind: Service, metadata: {name: ext}, spec: {ports: [{port: 80}]}}\n---\n"
        "{apiVersion: v1, kind: Endpoints, metadata: {name: ext}, subsets: [{addresses: [{ip: 1.2.3.4}], "
        "ports: "
        "[{port: 8080}]}]}\n---\n" SCENARIO(
            "  events:\n"
            "  - at: 10s\n"
            "    apply: {apiVersion: v1, kind: Endpoints, metadata: {name: ext}, subsets: [{addresses: [{ip: "
            "1.2.3.4}, {ip: 1.2.3.5, hostname: h, nodeName: n, targetRef: {kind: Pod, namespace: x, name: "
            "p}}], "
            "notReadyAddresses: [{ip: 9.9.9.9}], ports: [{name: a, port: 8080}]}]}\n"
            "  - at: 11s\n"
            "    apply: {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ext-x, "
            "labels: "
            "{kubernetes.io/service-name: ext}}, addressType: IPv4, endpoints: [{addresses: [1.2.3.4], zone: "
            "z, "
            "conditions: {ready: true}}], ports: [{port: 8080}]}\n"
            "  - {at: 20s, delete: endpointslice/ext-x}\n"
            "  - {at: 21s, delete: endpoints/ext}\n"));
    sym ns = run_sym(run, "default"), ext = run_sym(run, "ext");
    run_to(run, "5s");
    const struct endpoints *endpoints = store_endpoints(run->store, ns, ext);
    CU_ASSERT_PTR_NOT_NULL_FATAL(endpoints);
    CU_ASSERT_EQUAL(subset_list_address_count(&endpoints->subsets), 1);
    run_to(run, "15s");
    endpoints = store_endpoints(run->store, ns, ext);
    CU_ASSERT_EQUAL(subset_list_address_count(&endpoints->subsets), 3);
    const struct endpoint *second = endpoints->subsets.items.items[0].addresses.items[1];
    CU_ASSERT_STRING_EQUAL(catalog_text(store_catalog(run->store), endpoint_hostname(second)), "h");
    CU_ASSERT_STRING_EQUAL(target_name_here(endpoint_target(second)), "p");
    const struct endpointslice *slice = store_endpointslice(run->store, ns, run_sym(run, "ext-x"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(slice);
    CU_ASSERT_EQUAL(slice->endpoints.count, 1);
    CU_ASSERT_EQUAL(endpoint_ready(endpointslice_at(slice, 0)), CONDITION_TRUE);
    CU_ASSERT_EQUAL(slice->ports->items[0].number, 8080);
    run_to(run, "1h");
    CU_ASSERT_PTR_NULL(store_endpoints(run->store, ns, ext));
    CU_ASSERT_PTR_NULL(store_endpointslice(run->store, ns, run_sym(run, "ext-x")));
    run_end(run);
}

static void test_labels(void)
{
    struct run *run = run_begin(SERVICE_WEB
        "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web, keep: me}}}\n---\n" SCENARIO(
            "  events:\n"
            "  - {at: 10s, label: pod/a, labels: {app: null, new: one}}\n"
            "  - {at: 20s, label: pod/a, labels: {app: web}}\n"
            "  - {at: 30s, label: pod/a, labels: {app: web}}\n"
            "  - {at: 40s, label: node/node-1, labels: {topology.kubernetes.io/zone: moon}}\n"));
    sym value;
    run_to(run, "15s");
    CU_ASSERT_EQUAL(state_of(run, "web").pods, 0);
    const struct labels *labels = pod_labels(run_find(run, "a"));
    CU_ASSERT_EQUAL(labels->count, 2);
    CU_ASSERT_TRUE(labels_get(labels, run_sym(run, "keep"), &value));
    run_to(run, "25s");
    CU_ASSERT_EQUAL(state_of(run, "web").pods, 1);
    uint64_t events = simulation_pod_event_count(run->simulation);
    run_to(run, "35s"); /* nothing new: no change */
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), events);
    run_to(run, "1h");
    CU_ASSERT_STRING_EQUAL(
        catalog_text(store_catalog(run->store),
            node_zone(store_node(run->store, run_sym(run, "node-1")), store_catalog(run->store))),
        "moon");
    run_end(run);
}

static void test_apply_a_pod(void)
{
    struct run *run = run_begin(
        SERVICE_WEB "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}\n---\n" SCENARIO(
            "  events:\n"
            "  - {at: 10s, apply: {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: x}}}}\n"
            "  - at: 20s\n"
            "    apply: {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, status: {phase: "
            "Running, podIP: 10.9.9.9, podIPs: [{ip: 10.9.9.9}], conditions: [{type: Ready, status: "
            "\"False\"}]}}\n"
            "  - {at: 30s, ready: pod/a}\n"
            "  - {at: 40s, delete: pod/a}\n"
            "  - {at: 50s, create: pod/b, node: node-1}\n"));
    run_to(run, "15s");
    CU_ASSERT_EQUAL(state_of(run, "web").pods, 0);
    ASSERT_TEXT(run_pod(run, "a"), "10.244.0.2 Running ready");
    run_to(run, "25s");
    ASSERT_TEXT(run_pod(run, "a"), "10.9.9.9 Running");
    run_to(run, "35s");
    ASSERT_TEXT(run_pod(run, "a"), "10.9.9.9 Running ready");
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "b 10.244.0.3 Running ready\n");
    run_end(run);
}

static void test_apply_several(void)
{
    struct run *run =
        run_begin(SCENARIO("  events:\n"
                           "  - at: 10s\n"
                           "    apply:\n"
                           "    - {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}\n"
                           "    - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: "
                           "{app: web}, ports: [{port: 80}]}}\n"
                           "    - {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {app: web}}}\n"
                           "  - {at: 10s, delete: pod/b}\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running ready\n");
    CU_ASSERT_EQUAL(state_of(run, "web").ready, 1);
    run_end(run);
}

static void test_namespace(void)
{
    struct run *run = run_begin(
        "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n"
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: "
        "web}, ports: "
        "[{port: 80}]}}\n---\n"
        "{apiVersion: v1, kind: Endpoints, metadata: {name: other, namespace: shop}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {app: web}}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}\n---\n"
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, "
        "selector: "
        "{matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}}\n---\n" SCENARIO(
            "  pods: {stop: 2s}\n"
            "  events:\n"
            "  - {at: 5s, delete: shop/pod/web-1}\n"
            "  - {at: 10s, delete: namespace/shop}\n"));
    run_to(run, "9s");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 5);
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "a 10.244.1.2 Running ready\n");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_SERVICE), 0);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTS), 0);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTSLICE), 0);
    run_end(run);
}

/* --- expectations ----------------------------------------------------------------------------------- */

static void test_expectations(void)
{
    struct run *run = run_begin(SERVICE_WEB DEPLOYMENT_WEB(7) SCENARIO(
        "  until: 1h\n"
        "  controllers: {maxEndpointsPerSlice: 4}\n"
        "  events:\n"
        "  - {at: 10s, scale: deployment/web, replicas: 3}\n"
        "  - {at: 20s, delete: service/web}\n"
        "  expect:\n"
        "  - {at: 9s, service: web, pods: 7, ready: 8, slices: 2, fill: 0.875, ep_truncated: false}\n"
        "  - {at: 10s, service: web, pods: \"<=3\", ready: \">=4\", ep_addresses: 1..5, slices_ideal: 1}\n"
        "  - {at: 21s, service: web, pods: 0}\n"));
    run_to(run, "9s");
    CU_ASSERT_EQUAL(simulation_result_count(run->simulation), 5);
    run_to(run, "2h");
    static const struct {
        bool passed;
        double got;
    } wanted[] = {{true, 7}, {false, 7}, {true, 2}, {true, 0.875}, {true, 0}, {true, 3}, {false, 3},
        {true, 3}, {true, 1}, {false, 0}};
    CU_ASSERT_EQUAL_FATAL(simulation_result_count(run->simulation), 10);
    for (uint32_t i = 0; i < 10; i++) {
        struct expectation_result result = simulation_result(run->simulation, i);
        CU_ASSERT_EQUAL(result.passed, wanted[i].passed);
        CU_ASSERT_DOUBLE_EQUAL(result.got, wanted[i].got, 1e-12);
        CU_ASSERT_EQUAL(result.service_missing, i == 9);
        CU_ASSERT_FALSE(result.got_null);
    }
    run_end(run);
}

static const struct suite_test tests[] = {
    {"manifests, their pods and events in file order", test_manifests_in_file_order},
    {"a Service may come last", test_a_service_may_come_last},
    {"a reference that is gone stops the run there", test_missing_stops_the_run},
    {"gone of every kind, and ifPresent", test_gone_of_every_kind},
    {"what cannot be carried out", test_what_cannot_be},
    {"an IP that comes and goes", test_ip_that_comes_and_goes},
    {"a Service's edit keeps its identity", test_service_edit_keeps_identity},
    {"cluster IPs are immutable", test_cluster_ip_is_immutable},
    {"Endpoints and slices by hand", test_foreign_objects},
    {"labels merge", test_labels},
    {"apply to a pod", test_apply_a_pod},
    {"apply several", test_apply_several},
    {"a namespace with everything in it", test_namespace},
    {"expectations", test_expectations},
};

int main(void)
{
    return suite_main("play", tests, sizeof tests / sizeof tests[0]);
}
