/*
 * simulation_start_test.c: starting states: what a dump of a cluster says is taken as it is, silently, and
 * goes on from there.
 */
#include "simulation_kit.h"

#define UID(n) "00000000-0000-4000-8000-0000000000" n
#define NODES \
    "- {apiVersion: v1, kind: Node, metadata: {name: n1, uid: " UID( \
        "01") ", resourceVersion: \"7\"}, spec: {podCIDRs: " \
              "[10.1.1.0/24]}, status: {conditions: [{type: Ready, status: \"True\"}]}}\n" \
              "- {apiVersion: v1, kind: Node, metadata: {name: n2, uid: " UID( \
                  "02") "}, spec: {podCIDRs: [10.1.2.0/24]}, " \
                        "status: {conditions: [{type: Ready, status: \"True\"}]}}\n"
#define SERVICE \
    "- {apiVersion: v1, kind: Service, metadata: {name: web, namespace: default, uid: " UID( \
        "03") ", creationTimestamp: " \
              "\"2025-06-01T00:00:00Z\", resourceVersion: \"900\"}, spec: {clusterIP: 10.96.7.7, " \
              "clusterIPs: [10.96.7.7], " \
              "ipFamilies: [IPv4], selector: {app: web}, ports: [{port: 80, targetPort: 80, protocol: " \
              "TCP}]}, status: " \
              "{loadBalancer: {}}}\n"
#define DEPLOYMENT \
    "- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: default, uid: " UID( \
        "04") ", annotations: {deployment.kubernetes.io/revision: \"2\"}}, spec: {replicas: 3, selector: " \
              "{matchLabels: {app: " \
              "web}}, template: {metadata: {labels: {app: web}}}}, status: {replicas: 3}}\n"
#define REPLICASET(name, uid, hash, replicas, revision) \
    "- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: " name ", namespace: default, uid: " UID( \
        uid) ", labels: {app: web, pod-template-hash: " hash \
             "}, annotations: {deployment.kubernetes.io/revision: \"" revision \
             "\"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: " UID( \
                 "04") ", controller: true}]}, spec: {replicas: " replicas \
                       ", selector: {matchLabels: {app: web, pod-template-hash: " hash \
                       "}}, template: {metadata: {labels: {app: web, pod-template-hash: " hash \
                       "}}}}, status: {replicas: " replicas "}}\n"
#define POD(name, uid, hash, set, node, ip, created, more) \
    "- {apiVersion: v1, kind: Pod, metadata: {name: " name ", namespace: default, uid: " UID( \
        uid) ", creationTimestamp: \"2025-12-31T23:" created \
             ":00Z\", labels: {app: web, pod-template-hash: " hash \
             "}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: " set \
             ", uid: " UID("06") ", controller: true}]" more "}, spec: {nodeName: " node \
                                 "}, status: {phase: Running, podIP: " ip ", podIPs: [{ip: " ip \
                                 "}], conditions: [{type: Ready, status: \"True\", lastTransitionTime: " \
                                 "\"2025-12-31T23:59:00Z\"}]}}\n"
#define PODS \
    POD("web-2a-x", "10", "2a", "web-2a", "n1", "10.1.1.2", "01", "") \
    POD("web-2a-y", "11", "2a", "web-2a", "n1", "10.1.1.3", "02", "") \
    POD("web-2a-z", "12", "2a", "web-2a", "n2", "10.1.2.2", "03", "")
#define LIST "apiVersion: v1\nkind: List\nitems:\n"

static void test_dump_is_taken_as_it_is(void)
{
    struct run *run = run_begin(LIST PODS SERVICE NODES REPLICASET("web-1b", "05", "1b", "0", "1")
            REPLICASET("web-2a", "06", "2a", "3", "2") DEPLOYMENT "---\n" SCENARIO("  until: 1h\n"));
    run_to(run, "1h");
    /* Nothing happens to pods. */
    ASSERT_TEXT(run->log.data, "");
    ASSERT_TEXT(run_pods(run), "web-2a-x 10.1.1.2 Running ready\n"
                               "web-2a-y 10.1.1.3 Running ready\n"
                               "web-2a-z 10.1.2.2 Running ready\n");
    const struct pod *pod = run_find(run, "web-2a-x");
    struct uuid uid;
    CU_ASSERT_TRUE(uuid_parse(UID("10"), UUID_TEXT_LENGTH, &uid));
    CU_ASSERT_EQUAL(memcmp(target_uid(pod_self(pod)).bytes, &uid, sizeof uid), 0);
    CU_ASSERT_NOT_EQUAL(pod_owner(pod), 0);
    const struct service *service = store_service(run->store, run_sym(run, "default"), run_sym(run, "web"));
    CU_ASSERT_STRING_EQUAL(catalog_text(store_catalog(run->store), service->cluster_ip), "10.96.7.7");
    CU_ASSERT_EQUAL(service->meta.resource_version, 900);
    CU_ASSERT_EQUAL(service->meta.created_s, 1748736000);
    /* Versions go on from the highest. */
    CU_ASSERT_TRUE(store_resource_version(run->store) >= 900);
    /* Each Service was synced once. */
    struct service_state state;
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, "web"), &state));
    CU_ASSERT_EQUAL(state.ready, 3);
    CU_ASSERT_EQUAL(state.ep_addresses, 3);
    CU_ASSERT_EQUAL(state.slices, 1);
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 0);
    run_end(run);
}

static void test_dump_goes_on(void)
{
    struct run *run = run_begin(LIST PODS SERVICE NODES REPLICASET("web-2a", "06", "2a", "3", "2")
            REPLICASET("web-1b", "05", "1b", "0", "1") DEPLOYMENT
        "---\n" SCENARIO("  events:\n"
                         "  - {at: 10s, scale: deployment/web, replicas: 4}\n"
                         "  - {at: 20s, delete: pod/web-2a-y}\n"
                         "  - {at: 30s, delete: pod/web-0}\n" /* the first of the file: web-2a-x */
                         "  - {at: 40s, rollout: deployment/web}\n"));
    run_to(run, "15s");
    static struct pod_list list;
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 4);
    /* Of the loaded revision, and after the addresses that are taken. */
    CU_ASSERT_EQUAL(strncmp(target_name_here(pod_self(list.items[3])), "web-2a-", 7), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run->log.data, " 10.1.2.3 Running ready\n"));
    run_to(run, "25s");
    ASSERT_TEXT(run_pod(run, "web-2a-y"), "none");
    CU_ASSERT_PTR_NOT_NULL(strstr(run->log.data, " 10.1.1.4 Running ready\n"));
    run_to(run, "35s");
    ASSERT_TEXT(run_pod(run, "web-2a-x"), "none");
    run_to(run, "1h");
    run_list(run, &list);
    CU_ASSERT_EQUAL(list.count, 4);
    for (uint32_t i = 0; i < list.count; i++)
        CU_ASSERT_NOT_EQUAL(strncmp(target_name_here(pod_self(list.items[i])), "web-2a-", 7), 0);
    run_end(run);
}

static void test_dump_without_replicasets(void)
{
    struct run *run = run_begin(LIST SERVICE NODES DEPLOYMENT PODS POD("web-1b-w", "13", "1b", "web-1b", "n2",
        "10.1.2.9", "00", "") "---\n" SCENARIO("  events:\n"
                                               "  - {at: 10s, delete: pod/web-2a-x}\n"));
    /* A rollout that is under way: the set with the youngest pod is the new one, the old one's pod goes. */
    run_to(run, "5s");
    ASSERT_TEXT(run->log.data, "0s -web-1b-w 10.1.2.9 Running ready\n");
    run_to(run, "1h");
    static struct pod_list list;
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 3);
    CU_ASSERT_EQUAL(strncmp(target_name_here(pod_self(list.items[2])), "web-2a-", 7), 0);
    run_end(run);
}

static void test_dump_that_lacks_pods(void)
{
    struct run *run = run_begin(LIST NODES DEPLOYMENT REPLICASET("web-2a", "06", "2a", "3", "2") POD(
        "web-2a-x", "10", "2a", "web-2a", "n1", "10.1.1.2", "01", "") "---\n" SCENARIO("  until: 1h\n"));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 3);
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 2);
    run_end(run);
}

static void test_status_stays(void)
{
    struct run *run = run_begin(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeName: node-1}, status: {phase: Running, "
        "podIP: "
        "10.244.0.2, podIPs: [{ip: 10.244.0.2}], conditions: [{type: Ready, status: \"False\"}]}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: b}, status: {phase: Pending}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: c, deletionTimestamp: \"2026-01-01T00:00:05Z\"}, spec: "
        "{nodeName: "
        "node-2}, status: {phase: Running, podIP: 10.244.1.2, podIPs: [{ip: 10.244.1.2}], conditions: "
        "[{type: Ready, "
        "status: \"True\"}]}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: d}, spec: {nodeName: node-2}, status: {phase: "
        "Succeeded, podIP: "
        "10.244.1.2, podIPs: [{ip: 10.244.1.2}]}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: e}}\n---\n" SCENARIO(
            "  pods: {ready: 1s, stop: 5s}\n"
            "  events:\n"
            "  - {at: 10s, ready: pod/a}\n"
            "  - {at: 20s, delete: pod/c}\n"
            "  - {at: 30s, delete: pod/b}\n"
            "  - {at: 40s, delete: pod/d}\n"
            "  - {at: 50s, restart: pod/a}\n"));
    run_to(run, "9s");
    ASSERT_TEXT(run->log.data, "0s +e 10.244.2.2 Running\n1s ~e 10.244.2.2 Running ready\n");
    ASSERT_TEXT(run_pods(run), "a 10.244.0.2 Running\n"
                               "b Pending\n"
                               "c 10.244.1.2 Running ready terminating\n"
                               "d 10.244.1.2 Succeeded\n"
                               "e 10.244.2.2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.0.2 Running ready\n"
                               "25s -c 10.244.1.2 Running ready terminating\n"
                               "30s -b Pending\n"
                               "40s -d 10.244.1.2 Succeeded\n"
                               "50s ~a 10.244.0.2 Running\n"
                               "51s ~a 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_loaded_endpoints(void)
{
    struct run *run = run_begin(LIST PODS SERVICE NODES
        "- {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-abcde, namespace: "
        "default, uid: " UID(
            "20") ", resourceVersion: \"950\", creationTimestamp: \"2025-06-01T00:00:00Z\", generateName: "
                  "web-, labels: "
                  "{kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: "
                  "endpointslice-controller.k8s.io}, "
                  "ownerReferences: [{apiVersion: v1, kind: Service, name: web, uid: " UID(
                      "03") ", controller: true, "
                            "blockOwnerDeletion: true}]}, addressType: IPv4, ports: [{name: \"\", port: 80, "
                            "protocol: TCP}], endpoints: "
                            "[{addresses: [10.1.1.2], conditions: {ready: true, serving: true, terminating: "
                            "false}, nodeName: n1, targetRef: "
                            "{kind: Pod, name: web-2a-x, namespace: default, uid: " UID(
                                "10") "}}]}\n"
                                      "- {apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: "
                                      "default, uid: " UID(
                                          "21") ", creationTimestamp: \"2025-06-01T00:00:00Z\"}, subsets: "
                                                "[{addresses: [{ip: 10.1.1.2}], ports: [{port: 80, "
                                                "protocol: TCP}]}]}\n"
                                                "---\n" SCENARIO("  until: 1h\n"));
    run_to(run, "1h");
    /* The slice that was there is filled up, under its own name. */
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTSLICE), 1);
    const struct endpointslice *slice =
        store_endpointslice(run->store, run_sym(run, "default"), run_sym(run, "web-abcde"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(slice);
    CU_ASSERT_EQUAL(slice->endpoints.count, 3);
    CU_ASSERT_TRUE(slice->meta.resource_version > 950);
    struct service_state state;
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, "web"), &state));
    CU_ASSERT_EQUAL(state.ep_addresses, 3);
    run_end(run);
}

#define CLEAN_OBJECTS(service_more, slice_more) \
    "{apiVersion: v1, kind: Service, metadata: {name: web" service_more \
    "}, spec: {selector: {app: web}, ports: [{port: " \
    "80}]}}\n---\n" \
    "{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.244.0.9}], " \
    "ports: [{port: 80, protocol: TCP}]}]}\n---\n" \
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-abcde, labels: " \
    "{kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: " \
    "endpointslice-controller.k8s.io}" slice_more \
    "}, addressType: IPv4, ports: [{name: \"\", port: 80, protocol: TCP}], " \
    "endpoints: [{addresses: [10.244.0.9], conditions: {ready: true, serving: true, terminating: false}, " \
    "nodeName: node-1, targetRef: {kind: Pod, name: a, namespace: default}}]}\n---\n"

#define OWNED_BY_WEB \
    ", ownerReferences: [{apiVersion: v1, kind: Service, name: web, uid: " UID("03") ", controller: true}]"
#define RUNNING_A \
    "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, spec: {nodeName: node-1}, " \
    "status: " \
    "{phase: Running, podIP: 10.244.0.9, podIPs: [{ip: 10.244.0.9}], conditions: [{type: Ready, status: " \
    "\"True\"}]}}\n---\n"
#define UNTIL SCENARIO("  until: 1h\n")

/* The first moment has the dump's objects alone; later there are no others beside them. */
static void assert_starts_with_slice(const char *yaml, bool stays)
{
    struct run *run = run_begin(yaml);
    sym namespace = run_sym(run, "default"), name = run_sym(run, "web-abcde");
    CU_ASSERT_TRUE(run->scenario->is_dump);
    CU_ASSERT_PTR_NOT_NULL(store_endpointslice(run->store, namespace, name));
    CU_ASSERT_PTR_NOT_NULL(store_endpoints(run->store, namespace, run_sym(run, "web")));
    CU_ASSERT_PTR_NOT_NULL(store_service(run->store, namespace, run_sym(run, "web")));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTSLICE), 1);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_ENDPOINTS), 1);
    CU_ASSERT_EQUAL(store_endpointslice(run->store, namespace, name) != NULL, stays);
    run_end(run);
}

/* uid, resourceVersion and creationTimestamp were taken out: the pods' and nodes' status still tells. What
 * the Service does not own any more (its uid is another one now) the controller replaces. */
static void test_cleaned_dump(void)
{
    assert_starts_with_slice(RUNNING_A CLEAN_OBJECTS("", "") UNTIL, false);
    assert_starts_with_slice(RUNNING_A CLEAN_OBJECTS("", OWNED_BY_WEB) UNTIL, false);
    assert_starts_with_slice(RUNNING_A CLEAN_OBJECTS(", uid: " UID("03"), OWNED_BY_WEB) UNTIL, true);
    assert_starts_with_slice("{apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {allocatable: "
                             "{cpu: 4}}}\n---\n" CLEAN_OBJECTS("", OWNED_BY_WEB) UNTIL,
        false);
}

static void test_other_controllers_pods(void)
{
    struct run *run = run_begin(LIST
        "- {apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: default, labels: {app: db}, "
        "ownerReferences: "
        "[{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: " UID(
            "30") ", controller: true}]}, spec: {nodeName: "
                  "node-1}, status: {phase: Running, podIP: 10.244.0.9, podIPs: [{ip: 10.244.0.9}], "
                  "conditions: [{type: Ready, "
                  "status: \"True\"}]}}\n"
                  "- {apiVersion: v1, kind: Pod, metadata: {name: job-1, namespace: default, labels: {app: "
                  "db}, ownerReferences: "
                  "[{apiVersion: batch/v1, kind: Job, name: job, uid: " UID(
                      "31") ", controller: true}]}, spec: {nodeName: node-1}, "
                            "status: {phase: Running, podIP: 10.244.0.10, podIPs: [{ip: 10.244.0.10}]}}\n"
                            "- {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: "
                            "default, uid: " UID(
                                "30") "}, spec: {replicas: 2, serviceName: db, selector: {matchLabels: {app: "
                                      "db}}, template: {metadata: {labels: {app: "
                                      "db}}}}, status: {replicas: 1}}\n"
                                      "- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: rs, "
                                      "namespace: default, uid: " UID(
                                          "32") "}, spec: {replicas: 1, selector: {matchLabels: {app: db}}, "
                                                "template: {metadata: {labels: {app: db}}}}, status: "
                                                "{replicas: 0}}\n"
                                                "---\n" SCENARIO("  until: 1h\n"));
    run_to(run, "1h");
    static struct pod_list list;
    run_list(run, &list);
    /* A Job's pod is nobody's to adopt. */
    CU_ASSERT_EQUAL_FATAL(list.count, 4);
    CU_ASSERT_STRING_EQUAL(target_name_here(pod_self(list.items[2])), "db-1");
    CU_ASSERT_EQUAL(strncmp(target_name_here(pod_self(list.items[3])), "rs-", 3), 0);
    CU_ASSERT_EQUAL(pod_owner(list.items[1]), 0);
    run_end(run);
}

static const struct suite_test tests[] = {
    {"a dump is taken as it is", test_dump_is_taken_as_it_is},
    {"a dump goes on", test_dump_goes_on},
    {"a dump without ReplicaSets", test_dump_without_replicasets},
    {"a dump that lacks pods", test_dump_that_lacks_pods},
    {"a status stays until something happens", test_status_stays},
    {"Endpoints and slices that were there", test_loaded_endpoints},
    {"Endpoints and slices of a cleaned dump", test_cleaned_dump},
    {"pods of other controllers", test_other_controllers_pods},
};

int main(void)
{
    return suite_main("start", tests, sizeof tests / sizeof tests[0]);
}
