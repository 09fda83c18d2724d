/*
 * scenario_manifests_test.c: Kubernetes' manifests as they bind, with the API server's defaults; a dump of a
 * cluster; what the API server would take and we take too. What it would refuse stands in tests/bad.
 */
#include "scenario_kit.h"

#include "base/ip.h"
#include "model/meta.h"
#include "model/pod.h"
#include "scenario/quantity.h"

#define S INT64_C(1000000000)

static const struct manifest *first(const struct loaded *loaded, enum manifest_kind kind)
{
    CU_ASSERT_FATAL(loaded->scenario->manifests.count > 0);
    const struct manifest *manifest = &loaded->scenario->manifests.items[0];
    CU_ASSERT_EQUAL_FATAL(manifest->kind, kind);
    return manifest;
}

static void test_service(void)
{
    struct loaded loaded = load_good(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\n  labels: {a.b/c: D_e}\n"
        "  annotations: {note: 'any text: 5'}\n  uid: 12345678-1234-1234-1234-123456789abc\n  "
        "resourceVersion: '77'\n"
        "  creationTimestamp: '2026-01-01T00:00:10Z'\n  managedFields: [{manager: x}]\nspec:\n"
        "  type: NodePort\n  selector: {app: web}\n  publishNotReadyAddresses: true\n  trafficDistribution: "
        "PreferClose\n"
        "  clusterIP: 10.96.0.5\n  clusterIPs: [10.96.0.5]\n  ipFamilies: [IPv6, IPv4]\n  ipFamilyPolicy: "
        "RequireDualStack\n"
        "  ports:\n  - {name: http, port: 80}\n  - {name: dns, port: 53, protocol: UDP, targetPort: dns-udp, "
        "appProtocol: kubernetes.io/h2c, nodePort: 30053}\n");
    const struct manifest *m = first(&loaded, MANIFEST_SERVICE);
    CU_ASSERT_STRING_EQUAL(m->metadata.name, "web");
    CU_ASSERT_STRING_EQUAL(m->metadata.namespace, "shop");
    CU_ASSERT_STRING_EQUAL(m->metadata.labels.items[0].key, "a.b/c");
    CU_ASSERT_STRING_EQUAL(m->metadata.annotations.items[0].value, "any text: 5");
    CU_ASSERT_EQUAL(m->metadata.resource_version, 77);
    CU_ASSERT_EQUAL(m->metadata.created_s, INT64_C(1767225610));
    CU_ASSERT_EQUAL(m->metadata.deletion_s, TIME_NONE);
    CU_ASSERT_EQUAL(m->at.line, 4);
    const struct service_spec *s = &m->service;
    CU_ASSERT_EQUAL(s->type, SERVICE_NODE_PORT);
    CU_ASSERT(s->has_selector);
    CU_ASSERT(s->publish_not_ready_addresses);
    CU_ASSERT_STRING_EQUAL(s->traffic_distribution, "PreferClose");
    CU_ASSERT_STRING_EQUAL(s->cluster_ip, "10.96.0.5");
    CU_ASSERT_EQUAL(s->family_count, 2);
    CU_ASSERT_EQUAL(s->families[0], IP_V6);
    CU_ASSERT_EQUAL_FATAL(s->port_count, 2);
    CU_ASSERT_EQUAL(s->ports[0].target_port, 80); /* defaulted */
    CU_ASSERT_STRING_EQUAL(s->ports[0].protocol, "TCP");
    CU_ASSERT_PTR_NULL(s->ports[0].app_protocol);
    CU_ASSERT_STRING_EQUAL(s->ports[1].target_name, "dns-udp");
    CU_ASSERT_EQUAL(s->ports[1].target_port, 0);
    CU_ASSERT_STRING_EQUAL(s->ports[1].app_protocol, "kubernetes.io/h2c");
    CU_ASSERT_EQUAL(s->ports[1].node_port, 30053);
    unload(&loaded);
}

static void test_service_forms(void)
{
    struct loaded loaded = load_good(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: None, selector: {}}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: ExternalName, externalName: "
        "example.com}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: c, creationTimestamp: null}\nspec: {ports: [{port: "
        "1}], selector: null, ipFamilyPolicy: PreferDualStack}\nstatus: {loadBalancer: {}}\n");
    const struct manifest *m = first(&loaded, MANIFEST_SERVICE);
    CU_ASSERT_STRING_EQUAL(m[0].service.cluster_ip, "None");
    CU_ASSERT_FALSE(m[0].service.has_selector); /* E-4 */
    CU_ASSERT_EQUAL(m[1].service.type, SERVICE_EXTERNAL_NAME);
    CU_ASSERT_FALSE(m[2].service.has_selector);
    CU_ASSERT_PTR_NULL(m[2].service.cluster_ip);
    CU_ASSERT_EQUAL(m[2].service.family_count, 2);
    CU_ASSERT_EQUAL(m[2].service.families[0], IP_V4);
    unload(&loaded);
}

static const char deployment[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector:\n    matchLabels: "
    "{app: web}\n"
    "    matchExpressions:\n    - {key: tier, operator: In, values: [a, b]}\n    - {key: x, operator: "
    "DoesNotExist}\n"
    "  minReadySeconds: 5\n  paused: false\n  strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 10%}}\n"
    "  template:\n    metadata: {labels: {app: web, tier: b}, annotations: {n: m}}\n    spec:\n"
    "      terminationGracePeriodSeconds: 7\n      subdomain: web\n      initContainers:\n"
    "      - {name: setup, ports: [{containerPort: 1, name: init}]}\n"
    "      - {name: mesh, restartPolicy: Always, ports: [{containerPort: 15001, name: mesh}]}\n"
    "      containers:\n      - name: main\n        image: nginx\n        readinessProbe: {httpGet: {port: "
    "80}, periodSeconds: 1}\n"
    "        ports: [{containerPort: 8080, name: http}, {containerPort: 53, protocol: UDP}]\n"
    "      volumes: []\nstatus: {}\n";

static void test_deployment_fields(void)
{
    struct loaded loaded = load_good(deployment);
    const struct workload_spec *w = &first(&loaded, MANIFEST_WORKLOAD)->workload;
    CU_ASSERT_EQUAL(w->kind, WORKLOAD_DEPLOYMENT);
    CU_ASSERT_EQUAL(w->replicas, 1);
    CU_ASSERT_EQUAL(w->selector.count, 1);
    CU_ASSERT_EQUAL(w->min_ready_ns, 5 * S);
    CU_ASSERT_EQUAL(w->max_surge.value, 3);
    CU_ASSERT_FALSE(w->max_surge.is_percent);
    CU_ASSERT_EQUAL(w->max_unavailable.value, 10);
    CU_ASSERT(w->max_unavailable.is_percent);
    CU_ASSERT_FALSE(w->recreate);
    CU_ASSERT_FALSE(w->has_status); /* `status: {}` says nothing */
    CU_ASSERT_EQUAL(w->template.labels.count, 2);
    CU_ASSERT_STRING_EQUAL(w->template.annotations.items[0].value, "m");
    CU_ASSERT_EQUAL(w->template.grace_s, 7);
    CU_ASSERT_STRING_EQUAL(w->template.subdomain, "web");
    CU_ASSERT_STRING_EQUAL(w->template.hostname, "");
    /* E-22: containers, then init containers that restart always. */
    CU_ASSERT_EQUAL_FATAL(w->template.container_port_count, 3);
    CU_ASSERT_STRING_EQUAL(w->template.container_ports[0].name, "http");
    CU_ASSERT_STRING_EQUAL(w->template.container_ports[1].protocol, "UDP");
    CU_ASSERT_EQUAL(w->template.container_ports[2].number, 15001);
    unload(&loaded);
}

#define TEMPLATE "selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}}"

static void test_other_workloads(void)
{
    struct loaded loaded =
        load_good("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 3, "
                  "serviceName: db, podManagementPolicy: Parallel, "
                  "ordinals: {start: 5}, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2, "
                  "maxUnavailable: 1}}, " TEMPLATE "}\n---\n"
                  "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec: {updateStrategy: "
                  "{type: OnDelete}, " TEMPLATE "}\n"
                  "status: {currentNumberScheduled: 3}\n---\n"
                  "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: rs}\nspec: {replicas: 0, " TEMPLATE
                  "}\n---\n"
                  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {strategy: {type: "
                  "Recreate}, " TEMPLATE "}\n");
    const struct manifest *m = first(&loaded, MANIFEST_WORKLOAD);
    CU_ASSERT_EQUAL(m[0].workload.kind, WORKLOAD_STATEFULSET);
    CU_ASSERT_STRING_EQUAL(m[0].workload.service_name, "db");
    CU_ASSERT(m[0].workload.parallel);
    CU_ASSERT_EQUAL(m[0].workload.partition, 2);
    CU_ASSERT_EQUAL(m[0].workload.ordinal_start, 5);
    CU_ASSERT_EQUAL(m[1].workload.kind, WORKLOAD_DAEMONSET);
    CU_ASSERT(m[1].workload.on_delete);
    CU_ASSERT(m[1].workload.has_status);
    CU_ASSERT_EQUAL(m[1].workload.max_surge.value, 0);
    CU_ASSERT_EQUAL(m[1].workload.max_unavailable.value, 1);
    CU_ASSERT_FALSE(m[1].workload.max_unavailable.is_percent);
    CU_ASSERT_EQUAL(m[2].workload.kind, WORKLOAD_REPLICASET);
    CU_ASSERT_EQUAL(m[2].workload.replicas, 0);
    CU_ASSERT(m[3].workload.recreate);
    CU_ASSERT_EQUAL(m[3].workload.max_surge.value, 25);
    unload(&loaded);
}

static const char dump[] =
    "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"\"}, \"items\": [\n"
    "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"web-abc\", \"namespace\": "
    "\"shop\", \"labels\": {\"app\": \"web\"},\n"
    "  \"ownerReferences\": [{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"name\": \"web-1\", "
    "\"uid\": \"u\", \"controller\": true}],\n"
    "  \"deletionTimestamp\": \"2026-01-01T00:01:00Z\", \"deletionGracePeriodSeconds\": 30},\n"
    " \"spec\": {\"nodeName\": \"n1\", \"containers\": [{\"name\": \"c\", \"image\": \"x\", \"resources\": "
    "{}}], \"restartPolicy\": \"Always\"},\n"
    " \"status\": {\"phase\": \"Running\", \"podIP\": \"10.0.0.7\", \"podIPs\": [{\"ip\": \"10.0.0.7\"}, "
    "{\"ip\": \"fd00::7\"}], \"hostIP\": \"1.2.3.4\",\n"
    "  \"conditions\": [{\"type\": \"Initialized\", \"status\": \"True\"}, {\"type\": \"Ready\", \"status\": "
    "\"True\", \"lastTransitionTime\": \"2026-01-01T00:00:05Z\", \"lastProbeTime\": null},\n"
    "   {\"type\": \"Ready\", \"status\": \"False\"}]}},\n"
    "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"n1\", \"labels\": "
    "{\"topology.kubernetes.io/zone\": \"z1\"}},\n"
    " \"spec\": {\"podCIDR\": \"10.0.0.0/24\", \"podCIDRs\": [\"10.0.0.0/24\", \"fd00::/64\"], "
    "\"unschedulable\": true, \"taints\": []},\n"
    " \"status\": {\"allocatable\": {\"cpu\": \"3920m\", \"memory\": \"15Gi\", \"pods\": \"110\"}, "
    "\"conditions\": [{\"type\": \"Ready\", \"status\": \"Unknown\"}]}},\n"
    "{\"apiVersion\": \"v1\", \"kind\": \"Endpoints\", \"metadata\": {\"name\": \"web\", \"namespace\": "
    "\"shop\"}, \"subsets\": [{\"addresses\": [{\"ip\": \"10.0.0.7\", \"nodeName\": \"n1\",\n"
    "  \"targetRef\": {\"kind\": \"Pod\", \"name\": \"web-abc\", \"namespace\": \"shop\", \"uid\": "
    "\"u2\"}}], \"notReadyAddresses\": [{\"ip\": \"10.0.0.8\", \"hostname\": \"h\"}],\n"
    "  \"ports\": [{\"port\": 80, \"protocol\": \"TCP\"}]}]},\n"
    "{\"apiVersion\": \"discovery.k8s.io/v1\", \"kind\": \"EndpointSlice\", \"metadata\": {\"name\": "
    "\"web-x\", \"generateName\": \"web-\", \"namespace\": \"shop\"}, \"addressType\": \"IPv4\",\n"
    " \"endpoints\": [{\"addresses\": [\"10.0.0.7\"], \"conditions\": {\"ready\": true, \"serving\": true, "
    "\"terminating\": false}, \"nodeName\": \"n1\", \"zone\": \"z1\",\n"
    "  \"hints\": {\"forZones\": [{\"name\": \"z1\"}, {\"name\": \"z2\"}]}}, {\"addresses\": "
    "[\"10.0.0.8\"]}], \"ports\": null},\n"
    "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"c\"}}]}\n";

static void test_dump(void)
{
    struct loaded loaded = load_good(dump);
    CU_ASSERT_EQUAL_FATAL(loaded.scenario->manifests.count, 4);
    const struct manifest *m = first(&loaded, MANIFEST_POD);
    const struct pod_spec *pod = &m[0].pod;
    CU_ASSERT_STRING_EQUAL(m[0].metadata.namespace, "shop");
    CU_ASSERT_EQUAL(m[0].metadata.owner_count, 1);
    CU_ASSERT_STRING_EQUAL(m[0].metadata.owners[0].kind, "ReplicaSet");
    CU_ASSERT_EQUAL(m[0].metadata.owners[0].controller, 1);
    CU_ASSERT_EQUAL(m[0].metadata.owners[0].block_owner_deletion, -1);
    CU_ASSERT_EQUAL(m[0].metadata.deletion_s, INT64_C(1767225660));
    CU_ASSERT_STRING_EQUAL(pod->node_name, "n1");
    CU_ASSERT(pod->has_status);
    CU_ASSERT_EQUAL(pod->phase, POD_RUNNING);
    CU_ASSERT_EQUAL(pod->ready, CONDITION_TRUE); /* the first of the type */
    CU_ASSERT_EQUAL(pod->ready_since_s, INT64_C(1767225605));
    CU_ASSERT(pod->has_pod_ip);
    CU_ASSERT_EQUAL_FATAL(pod->ip_count, 2);
    CU_ASSERT_STRING_EQUAL(pod->ips[1], "fd00::7");

    const struct node_spec *node = &m[1].node;
    CU_ASSERT_STRING_EQUAL(m[1].metadata.namespace, "");
    CU_ASSERT_EQUAL(node->ready, CONDITION_UNKNOWN);
    CU_ASSERT(node->unschedulable);
    CU_ASSERT_EQUAL(node->cpu_milli, 3920);
    CU_ASSERT_EQUAL(node->pods_max, 110);
    CU_ASSERT_EQUAL_FATAL(node->pod_range_count, 2);
    CU_ASSERT_STRING_EQUAL(node->pod_ranges[1], "fd00::/64");

    const struct subset_spec *subset = &m[2].endpoints.subsets[0];
    CU_ASSERT_EQUAL(subset->address_count, 1);
    CU_ASSERT(subset->addresses[0].has_target);
    CU_ASSERT_STRING_EQUAL(subset->addresses[0].target_uid, "u2");
    CU_ASSERT_STRING_EQUAL(subset->addresses[0].target_api_version, "");
    CU_ASSERT_EQUAL(subset->not_ready_count, 1);
    CU_ASSERT_STRING_EQUAL(subset->not_ready_addresses[0].hostname, "h");
    CU_ASSERT_PTR_NULL(subset->not_ready_addresses[0].node_name);
    CU_ASSERT_EQUAL(subset->ports[0].number, 80);
    CU_ASSERT_PTR_NULL(subset->ports[0].name);

    const struct endpointslice_spec *slice = &m[3].endpointslice;
    CU_ASSERT_STRING_EQUAL(m[3].metadata.generate_name, "web-");
    CU_ASSERT(slice->ports_nil);
    CU_ASSERT_FALSE(slice->endpoints_nil);
    CU_ASSERT_EQUAL_FATAL(slice->endpoint_count, 2);
    CU_ASSERT_EQUAL(slice->endpoints[0].terminating, CONDITION_FALSE);
    CU_ASSERT_EQUAL(slice->endpoints[1].ready, CONDITION_ABSENT);
    CU_ASSERT(slice->endpoints[0].has_hints);
    CU_ASSERT_EQUAL(slice->endpoints[0].zone_hint_count, 2);
    CU_ASSERT_FALSE(slice->endpoints[1].has_hints);
    unload(&loaded);
}

static void test_typed_list(void)
{
    struct loaded loaded =
        load_good("apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n");
    CU_ASSERT_EQUAL(loaded.scenario->manifests.count, 2);
    CU_ASSERT_EQUAL(first(&loaded, MANIFEST_POD)[1].pod.grace_s, -1);
    unload(&loaded);
    loaded = load_good("apiVersion: v1\nkind: List\nitems: []\n");
    CU_ASSERT_EQUAL(loaded.scenario->manifests.count, 0);
    unload(&loaded);
}

static void test_pod_defaults(void)
{
    struct loaded loaded = load_good("apiVersion: v1\nkind: Pod\nmetadata: {name: a.b}\nstatus: {}\n---\n"
                                     "apiVersion: v1\nkind: Node\nmetadata: {name: n}\n---\napiVersion: "
                                     "v1\nkind: Namespace\nmetadata: {name: shop}\n");
    const struct manifest *m = first(&loaded, MANIFEST_POD);
    CU_ASSERT_FALSE(m[0].pod.has_status);
    CU_ASSERT_EQUAL(m[0].pod.ready_since_s, TIME_NONE);
    CU_ASSERT_EQUAL(m[1].node.ready, CONDITION_TRUE);
    CU_ASSERT_EQUAL(m[1].node.pods_max, UINT32_MAX);
    CU_ASSERT_EQUAL(m[2].kind, MANIFEST_NAMESPACE);
    unload(&loaded);
}

static void test_quantities(void)
{
    static const struct {
        const char *text;
        int64_t milli; /* -1: none */
    } rows[] = {{"4", 4000}, {"500m", 500}, {"0.5", 500}, {"1.5", 1500}, {"2Ki", 2048000}, {"1e3", 1000000},
        {"1E-2", 10}, {"1k", 1000000}, {"100u", 1}, {"1n", 1}, {"0", 0}, {"+3", 3000},
        {"16Gi", INT64_C(17179869184000)}, {"1.50000000000000000000", 1500}, {".5", 500}, {"5.", 5000},
        {"", -1}, {"x", -1}, {"-1", -1}, {"1.2.3", -1}, {"9999999999999999999", -1}, {"9Ei", -1}, {"1mi", -1},
        {"e3", -1}, {"1e", -1}, {"1e99999999999", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t milli = -1;
        bool good = quantity_parse_milli(rows[i].text, strlen(rows[i].text), &milli);
        if (good != (rows[i].milli >= 0) || (good && milli != rows[i].milli)) {
            fprintf(stderr, "'%s': %d %lld\n", rows[i].text, good, (long long)milli);
            CU_FAIL("quantity");
        }
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a Service", test_service},
        {"Services of other forms", test_service_forms},
        {"a Deployment", test_deployment_fields},
        {"other workloads", test_other_workloads},
        {"a dump of a cluster, in JSON", test_dump},
        {"lists of one kind", test_typed_list},
        {"defaults of pods and nodes", test_pod_defaults},
        {"quantities", test_quantities},
    };
    return suite_main("scenario_manifests", tests, sizeof tests / sizeof tests[0]);
}
