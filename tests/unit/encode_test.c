/*
 * encode_test.c: bytes of small objects written out by hand from O-1 to O-30, and the JSON of O-40 to O-43.
 * Random objects: size_bytes_test.c.
 */
#include "model_kit.h"

#include "model/encode.h"
#include "model/encode_json.h"
#include "model/size.h"

static struct catalog *catalog;

static sym word(const char *text)
{
    return catalog_sym(catalog, text);
}

static void check_bytes(const struct text *text, const char *expected, size_t length)
{
    CU_ASSERT_EQUAL(text->length, length);
    bool same = text->length == length && memcmp(text->data, expected, length) == 0;
    CU_ASSERT_TRUE(same);
    for (size_t i = 0; !same && i < text->length && i < length; i++) {
        if (text->data[i] != expected[i]) {
            printf("\nbyte %zu of %zu is %02x, not %02x\n", i, text->length, (uint8_t)text->data[i],
                (uint8_t)expected[i]);
            break;
        }
    }
}

#define CHECK_BYTES(text, literal) check_bytes((text), literal, sizeof(literal) - 1)

/* --- protobuf by hand ------------------------------------------------------------------------ */

static void test_smallest(void)
{
    struct endpoints *endpoints = endpoints_create(catalog);
    struct text out = {0};
    encode_endpoints(catalog, endpoints, &endpoints->subsets, NULL, &out);
    /* Seven fields that are always written: five strings, uid among them, generation 0, an empty time. */
    CHECK_BYTES(&out, "\x0a\x10"
                      "\x0a\x00\x12\x00\x1a\x00\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00");
    endpoints_destroy(endpoints);
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->address_type = ADDRESS_FQDN;
    text_clear(&out);
    encode_endpointslice(catalog, slice, NULL, &out);
    CHECK_BYTES(&out, "\x0a\x10"
                      "\x0a\x00\x12\x00\x1a\x00\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00"
                      "\x22\x04"
                      "FQDN");
    endpointslice_destroy(slice);
    text_fini(&out);
}

static void test_endpoints_bytes(void)
{
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->is_explicit = true;
    endpoints->meta.name = word("w");
    endpoints->meta.resource_version = 7;
    endpoints->meta.created_s = 1;
    endpoints->meta.uid_text = word("u");
    const char *const labels[] = {"a", "b"};
    endpoints->meta.labels = kit_labels(catalog, labels, 1);
    endpoints->over_capacity = true;
    struct port port = {.number = -1, .set = PORT_NUMBER};
    struct subset subset = {.ports = ports_intern(catalog, &port, 1)};
    struct endpoint_draft draft = {
        .ip = kit_ip("1.2.3.4"), .hostname = word("h"), .flags = ENDPOINT_ADDRESS_NODE_NAME};
    struct target_extra extra = {.kind = word("K"), .uid_text = word("i"), .field_path = word("f")};
    draft.target = target_create(catalog, word("n"), "p", 1, (struct uuid){{0}}, &extra);
    vec_push(&subset.addresses, endpoint_create(catalog, &draft));
    draft = (struct endpoint_draft){.ip = kit_ip("5.6.7.8")};
    vec_push(&subset.not_ready_addresses, endpoint_create(catalog, &draft));
    vec_push(&endpoints->subsets.items, subset);
    struct text out = {0};
    encode_endpoints(catalog, endpoints, &endpoints->subsets, NULL, &out);
    CHECK_BYTES(&out, "\x0a\x53"
                      "\x0a\x01w\x12\x00\x1a\x00\x22\x00\x2a\x01u\x32\x01"
                      "7\x38\x00\x42\x04\x08\x01\x10\x00"
                      "\x5a\x06\x0a\x01"
                      "a\x12\x01"
                      "b"
                      "\x62\x32\x0a\x25"
                      "endpoints.kubernetes.io/over-capacity"
                      "\x12\x09"
                      "truncated"
                      "\x12\x43"
                      "\x0a\x23\x0a\x07"
                      "1.2.3.4"
                      "\x12\x13\x0a\x01K\x12\x01n\x1a\x01p\x22\x01i\x2a\x00\x32\x00\x3a\x01"
                      "f\x1a\x01h\x22\x00"
                      "\x12\x0b\x0a\x07"
                      "5.6.7.8"
                      "\x1a\x00"
                      "\x1a\x0f\x0a\x00\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x1a\x00");
    CU_ASSERT_EQUAL(size_endpoints_sent(catalog, endpoints), out.length);
    text_fini(&out);
    endpoints_destroy(endpoints);
}

static void test_slice_bytes(void)
{
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta.generation = 300;
    slice->meta.deletion_s = 128;
    slice->owner_count = 1;
    slice->owners = mem_zalloc(sizeof *slice->owners);
    *slice->owners = (struct owner){word("K"), word("o"), word("v1"), {{0}}, word("u"), 1, -1};
    struct port ports[2] = {{0}, kit_port(catalog, "", 80, "TCP")};
    slice->ports = ports_intern(catalog, ports, 2);
    struct endpoint_draft draft = {.ip = kit_ip("1.2.3.4"),
        .ready = CONDITION_TRUE,
        .terminating = CONDITION_FALSE,
        .flags = ENDPOINT_ZONE | ENDPOINT_HOSTNAME,
        .zone = word("z"),
        .hostname = SYM_EMPTY};
    draft.extra = mem_zalloc(sizeof *draft.extra);
    const char *const topology[] = {"k", "v"};
    draft.extra->deprecated_topology = kit_labels(catalog, topology, 1);
    draft.extra->has_hints = true;
    draft.extra->zone_hint_count = draft.extra->node_hint_count = 1;
    draft.extra->zone_hints = mem_zalloc(sizeof(sym));
    draft.extra->node_hints = mem_zalloc(sizeof(sym));
    draft.extra->zone_hints[0] = word("z");
    draft.extra->node_hints[0] = word("n");
    endpointslice_append(slice, endpoint_create(catalog, &draft));
    struct text out = {0};
    encode_endpointslice(catalog, slice, NULL, &out);
    CHECK_BYTES(&out, "\x0a\x29"
                      "\x0a\x00\x12\x00\x1a\x00\x22\x00\x2a\x00\x32\x00\x38\xac\x02\x42\x00"
                      "\x4a\x05\x08\x80\x01\x10\x00"
                      "\x6a\x0f\x0a\x01K\x1a\x01o\x22\x01u\x2a\x02v1\x30\x01"
                      "\x12\x28"
                      "\x0a\x07"
                      "1.2.3.4"
                      "\x12\x04\x08\x01\x18\x00"
                      "\x1a\x00"
                      "\x2a\x06\x0a\x01k\x12\x01v"
                      "\x3a\x01z"
                      "\x42\x0a\x0a\x03\x0a\x01z\x12\x03\x0a\x01n"
                      "\x1a\x00"
                      "\x1a\x09\x0a\x00\x12\x03TCP\x18\x50"
                      "\x22\x04IPv4");
    CU_ASSERT_EQUAL(size_endpointslice_sent(catalog, slice), out.length);
    text_fini(&out);
    endpointslice_destroy(slice);
}

static void test_envelope_and_frame(void)
{
    struct text envelope = {0}, frame = {0};
    encode_envelope("v1", "Endpoints", "abc", 3, &envelope);
    CHECK_BYTES(&envelope, "k8s\0"
                           "\x0a\x0f\x0a\x02v1\x12\x09"
                           "Endpoints"
                           "\x12\x03"
                           "abc"
                           "\x1a\x00\x22\x00");
    CU_ASSERT_EQUAL(size_envelope_endpoints(3), envelope.length);
    encode_watch_frame("ADDED", "xyz", 3, &frame);
    CHECK_BYTES(&frame, "\0\0\0\x0e"
                        "\x0a\x05"
                        "ADDED"
                        "\x12\x05\x0a\x03xyz");
    CU_ASSERT_EQUAL(size_watch_frame(3, 5), frame.length);
    /* The border of the length of the length, for both. */
    static const char zeros[70000];
    for (size_t length = 90; length < 70000; length = length < 140 || (length > 16350 && length < 16400)
                                                          ? length + 1
                                                      : length * 2 > 16350 && length < 16350 ? 16351
                                                                                             : length * 2) {
        text_clear(&envelope);
        encode_envelope("discovery.k8s.io/v1", "EndpointSlice", zeros, length, &envelope);
        CU_ASSERT_EQUAL(size_envelope_endpointslice(length), envelope.length);
        text_clear(&frame);
        encode_watch_frame("MODIFIED", zeros, length, &frame);
        CU_ASSERT_EQUAL(size_watch_frame(length, 8), frame.length);
    }
    text_fini(&envelope);
    text_fini(&frame);
}

/* --- managedFields
 * ------------------------------------------------------------------------------------------ */

/* O-46, word for word, and its lengths (O-72). */
static void test_managed_fields(void)
{
    struct arena arena;
    arena_init(&arena);
    struct text out = {0};
    struct endpoints *endpoints = endpoints_create(catalog);
    const char *const labels[] = {"endpoints.kubernetes.io/managed-by", "endpoint-controller"};
    endpoints->meta.labels = kit_labels(catalog, labels, 1);
    endpoints->meta.trigger_s = KIT_TIME;
    endpoints->is_explicit = true;
    struct subset subset = {.ports = ports_empty(catalog)};
    vec_push(&endpoints->subsets.items, subset);
    struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, KIT_TIME);
    CU_ASSERT_EQUAL_FATAL(managed.count, 1);
    CU_ASSERT_STRING_EQUAL(managed.items[0].manager, "kube-controller-manager");
    CU_ASSERT_STRING_EQUAL(managed.items[0].operation, "Update");
    CU_ASSERT_STRING_EQUAL(managed.items[0].api_version, "v1");
    json_tree_write_compact(managed.items[0].fields, &out);
    CU_ASSERT_STRING_EQUAL(out.data,
        "{\"f:metadata\":{\"f:annotations\":{\".\":{},\"f:endpoints.kubernetes.io/"
        "last-change-trigger-time\":{}},"
        "\"f:labels\":{\".\":{},\"f:endpoints.kubernetes.io/managed-by\":{}}},\"f:subsets\":{}}");
    CU_ASSERT_EQUAL(out.length, 174);
    endpoints_destroy(endpoints);

    struct endpointslice *slice = endpointslice_create(catalog);
    const char *const slice_labels[] = {
        "endpointslice.kubernetes.io/managed-by", "x", "kubernetes.io/service-name", "web"};
    slice->meta.labels = kit_labels(catalog, slice_labels, 2);
    slice->meta.generate_name = word("web-");
    slice->meta.trigger_s = KIT_TIME;
    slice->had_endpoints = slice->had_ports = true;
    slice->owner_count = 1;
    slice->owners = mem_zalloc(sizeof *slice->owners);
    slice->owners->uid = kit_uid(KIT_UID);
    slice->manager = word("kubectl");
    managed = managed_of_endpointslice(&arena, catalog, slice, KIT_TIME);
    CU_ASSERT_STRING_EQUAL(managed.items[0].manager, "kubectl");
    CU_ASSERT_STRING_EQUAL(managed.items[0].api_version, "discovery.k8s.io/v1");
    text_clear(&out);
    json_tree_write_compact(managed.items[0].fields, &out);
    CU_ASSERT_STRING_EQUAL(out.data,
        "{\"f:addressType\":{},\"f:endpoints\":{},\"f:metadata\":{\"f:annotations\":{\".\":{},"
        "\"f:endpoints.kubernetes.io/"
        "last-change-trigger-time\":{}},\"f:generateName\":{},\"f:labels\":{\".\":{},"
        "\"f:endpointslice.kubernetes.io/managed-by\":{},\"f:kubernetes.io/service-name\":{}},"
        "\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":\\\"" KIT_UID "\\\"}\":{}}},\"f:ports\":{}}");
    CU_ASSERT_EQUAL(out.length, 353);
    slice->had_endpoints = slice->had_ports = false;
    managed = managed_of_endpointslice(&arena, catalog, slice, KIT_TIME);
    text_clear(&out);
    json_tree_write_compact(managed.items[0].fields, &out);
    CU_ASSERT_EQUAL(out.length, 323);
    endpointslice_destroy(slice);

    struct endpoints *bare = endpoints_create(catalog);
    CU_ASSERT_EQUAL(managed_of_endpoints(&arena, catalog, bare, 0).count, 0);
    endpoints_destroy(bare);
    text_fini(&out);
    arena_fini(&arena);
}

/* --- JSON
 * ------------------------------------------------------------------------------------------------------ */

static void check_json(const struct json_tree *json, const char *expected)
{
    struct text out = {0};
    json_tree_write_compact(json, &out);
    CU_ASSERT_STRING_EQUAL(out.data, expected);
    if (strcmp(out.data, expected) != 0)
        printf("\n%s\n%s\n", out.data, expected);
    text_fini(&out);
}

static void test_endpoints_json(void)
{
    struct arena arena;
    arena_init(&arena);
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->is_explicit = true;
    endpoints->meta.name = word("web");
    endpoints->meta.namespace = word("default");
    check_json(encode_endpoints_json(&arena, catalog, endpoints, &endpoints->subsets, NULL),
        "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":"
        "\"default\"}}");
    endpoints->meta.uid = kit_uid(KIT_UID);
    endpoints->meta.resource_version = 5;
    endpoints->meta.created_s = KIT_TIME;
    endpoints->meta.trigger_s = KIT_TIME;
    endpoints->over_capacity = true;
    const char *const notes[] = {"zz", "<&>"};
    endpoints->meta.annotations = kit_labels(catalog, notes, 1);
    struct port ports[2] = {kit_port(catalog, "", 53, ""), kit_port(catalog, "http", 80, "TCP")};
    ports[1].set |= PORT_APP_PROTOCOL;
    ports[1].app_protocol = word("h2c");
    struct subset subset = {.ports = ports_intern(catalog, ports, 2)};
    struct endpoint_draft draft = {.ip = kit_ip("1.2.3.4"),
        .flags = ENDPOINT_ADDRESS_NODE_NAME,
        .target = target_create(catalog, word("default"), "web-0", 5, kit_uid(KIT_UID), NULL)};
    vec_push(&subset.not_ready_addresses, endpoint_create(catalog, &draft));
    vec_push(&endpoints->subsets.items, subset);
    vec_push(&endpoints->subsets.items, (struct subset){.ports = ports_empty(catalog)});
    struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, KIT_TIME);
    check_json(encode_endpoints_json(&arena, catalog, endpoints, &endpoints->subsets, &managed),
        "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":"
        "\"default\",\"uid\":\"" KIT_UID
        "\",\"resourceVersion\":\"5\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"annotations\":{"
        "\"endpoints.kubernetes.io/last-change-trigger-time\":\"2026-01-02T03:04:05Z\","
        "\"endpoints.kubernetes.io/over-capacity\":\"truncated\",\"zz\":\"\\u003c\\u0026\\u003e\"},"
        "\"managedFields\":[{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\",\"apiVersion\":"
        "\"v1\","
        "\"time\":\"2026-01-02T03:04:05Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{\"f:"
        "annotations\":{"
        "\".\":{},\"f:endpoints.kubernetes.io/last-change-trigger-time\":{},"
        "\"f:endpoints.kubernetes.io/over-capacity\":{},\"f:zz\":{}}},\"f:subsets\":{}}}]},\"subsets\":["
        "{\"notReadyAddresses\":[{\"ip\":\"1.2.3.4\",\"nodeName\":\"\",\"targetRef\":{\"kind\":\"Pod\","
        "\"namespace\":"
        "\"default\",\"name\":\"web-0\",\"uid\":\"" KIT_UID
        "\"}}],\"ports\":[{\"port\":53},{\"name\":\"http\",\"port\":80,"
        "\"protocol\":\"TCP\",\"appProtocol\":\"h2c\"}]},{}]}");
    endpoints_destroy(endpoints);
    arena_fini(&arena);
}

static void test_slice_json(void)
{
    struct arena arena;
    arena_init(&arena);
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta.name = word("web-abcde");
    slice->meta.generate_name = word("web-");
    slice->meta.generation = 2;
    slice->address_type = ADDRESS_IPV6;
    check_json(encode_endpointslice_json(&arena, catalog, slice, NULL),
        "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/"
        "v1\",\"metadata\":{\"name\":\"web-abcde\","
        "\"generateName\":\"web-\",\"generation\":2},\"addressType\":\"IPv6\",\"endpoints\":null,\"ports\":"
        "null}");
    slice->owner_count = 1;
    slice->owners = mem_zalloc(sizeof *slice->owners);
    *slice->owners =
        (struct owner){word("Service"), word("web"), word("v1"), kit_uid(KIT_UID), SYM_EMPTY, 1, 0};
    struct port ports[2] = {{0}, kit_port(catalog, "", 80, "TCP")};
    slice->ports = ports_intern(catalog, ports, 2);
    sym zone = word("zone-a");
    struct endpoint_draft draft = {.flags = ENDPOINT_SLICE_NODE_NAME | ENDPOINT_ZONE | ENDPOINT_HOSTNAME,
        .ip = kit_ip("fd00::1"),
        .ready = CONDITION_TRUE,
        .serving = CONDITION_TRUE,
        .terminating = CONDITION_FALSE,
        .node_name = word("node-1"),
        .zone = zone,
        .hostname = word("h"),
        .extra = endpoint_extra_with_zone_hints(NULL, &zone, 1)};
    endpointslice_append(slice, endpoint_create(catalog, &draft));
    draft = (struct endpoint_draft){.ip = kit_ip("fd00::2")};
    endpointslice_append(slice, endpoint_create(catalog, &draft));
    check_json(encode_endpointslice_json(&arena, catalog, slice, NULL),
        "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/"
        "v1\",\"metadata\":{\"name\":\"web-abcde\","
        "\"generateName\":\"web-\",\"generation\":2,\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":"
        "\"Service\","
        "\"name\":\"web\",\"uid\":\"" KIT_UID "\",\"controller\":true,\"blockOwnerDeletion\":false}]},"
        "\"addressType\":\"IPv6\",\"endpoints\":[{\"addresses\":[\"fd00::1\"],\"conditions\":{\"ready\":true,"
        "\"serving\":true,\"terminating\":false},\"hostname\":\"h\",\"nodeName\":\"node-1\",\"zone\":\"zone-"
        "a\","
        "\"hints\":{\"forZones\":[{\"name\":\"zone-a\"}]}},{\"addresses\":[\"fd00::2\"],\"conditions\":{}}],"
        "\"ports\":[{},{\"name\":\"\",\"protocol\":\"TCP\",\"port\":80}]}");
    endpointslice_destroy(slice);
    arena_fini(&arena);
}

static void test_users_objects_json(void)
{
    struct arena arena;
    arena_init(&arena);
    struct pod *pod = pod_create(
        catalog, target_create(catalog, word("default"), "web-0", 5, kit_uid(KIT_UID), NULL), KIT_TIME);
    check_json(encode_pod_json(&arena, catalog, pod),
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-0\",\"namespace\":\"default\","
        "\"uid\":\"" KIT_UID
        "\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\"},\"spec\":{},\"status\":{\"phase\":\"Pending\"}}");
    const char *const labels[] = {"app", "web"};
    pod_set_labels(pod, kit_labels(catalog, labels, 1));
    pod->resource_version = 12;
    pod->phase = POD_RUNNING;
    pod->ready = CONDITION_FALSE;
    pod_set_ready_since(pod, KIT_TIME);
    pod_set_deletion(pod, KIT_TIME, 30);
    pod->node_name = word("node-1");
    pod_set_hostname(pod, word("h"), word("s"));
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    pod_set_container_ports(pod, ports_intern(catalog, &port, 1));
    pod_set_ips(pod, catalog, (const char *const[]){"10.0.0.1", "FD00::1"}, 2);
    check_json(encode_pod_json(&arena, catalog, pod),
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-0\",\"namespace\":\"default\","
        "\"uid\":\"" KIT_UID
        "\",\"resourceVersion\":\"12\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"deletionTimestamp\":"
        "\"2026-01-02T03:04:05Z\",\"deletionGracePeriodSeconds\":30,\"labels\":{\"app\":\"web\"}},\"spec\":{"
        "\"containers\":[{\"ports\":[{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"}]}],"
        "\"nodeName\":\"node-1\",\"hostname\":\"h\",\"subdomain\":\"s\"},\"status\":{\"phase\":\"Running\","
        "\"conditions\":[{"
        "\"type\":\"Ready\",\"status\":\"False\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\"}],\"podIP\":"
        "\"10.0.0.1\","
        "\"podIPs\":[{\"ip\":\"10.0.0.1\"},{\"ip\":\"FD00::1\"}]}}");
    pod_unref(pod);

    struct service *service = service_create(catalog, 2);
    service->meta.name = word("web");
    service->cluster_ip = word("None");
    service->selector = kit_labels(catalog, labels, 1);
    service->families[0] = IP_V6;
    service->family_count = 1;
    service->publish_not_ready_addresses = true;
    service->ports[0] = (struct service_port){.name = word("a"),
        .protocol = word("TCP"),
        .port = 80,
        .target_name = word("http"),
        .node_port = 30080};
    service->ports[1] = (struct service_port){.protocol = word("UDP"),
        .port = 53,
        .target_port = 5353,
        .has_app_protocol = true,
        .app_protocol = word("dns")};
    check_json(encode_service_json(&arena, catalog, service),
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"ports\":[{"
        "\"name\":\"a\","
        "\"protocol\":\"TCP\",\"port\":80,\"targetPort\":\"http\",\"nodePort\":30080},{\"protocol\":\"UDP\","
        "\"appProtocol\":\"dns\",\"port\":53,\"targetPort\":5353}],\"selector\":{\"app\":\"web\"},"
        "\"clusterIP\":\"None\","
        "\"type\":\"ClusterIP\",\"publishNotReadyAddresses\":true,\"ipFamilies\":[\"IPv6\"]},"
        "\"status\":{\"loadBalancer\":{}}}");
    service_unref(service);

    struct node *node = node_create(catalog);
    node->meta.name = word("node-1");
    node->ready = CONDITION_UNKNOWN;
    node->unschedulable = true;
    node->cpu_milli = 7500;
    node->pods_max = 110;
    node->pod_range_count = 1;
    CU_ASSERT_TRUE(ip_range_parse("10.244.1.0/24", 13, &node->pod_ranges[0]));
    check_json(encode_node_json(&arena, catalog, node),
        "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"node-1\"},\"spec\":{\"podCIDR\":"
        "\"10.244.1.0/24\","
        "\"podCIDRs\":[\"10.244.1.0/"
        "24\"],\"unschedulable\":true},\"status\":{\"allocatable\":{\"cpu\":\"7500m\","
        "\"pods\":\"110\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"}]}}");
    node->cpu_milli = 8000;
    struct json_tree *items, *list = encode_list_json(&arena, &items);
    json_tree_add(items, json_tree_get(encode_node_json(&arena, catalog, node), "status"));
    node_unref(node);
    struct text out = {0};
    json_tree_write_compact(list, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "\"cpu\":\"8\""));
    text_fini(&out);
    arena_fini(&arena);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"the smallest objects", test_smallest},
        {"Endpoints byte by byte", test_endpoints_bytes},
        {"a slice byte by byte", test_slice_bytes},
        {"envelope and watch frame (O-25, O-30)", test_envelope_and_frame},
        {"managedFields (O-46, O-72)", test_managed_fields},
        {"Endpoints in JSON (O-41)", test_endpoints_json},
        {"a slice in JSON (O-42)", test_slice_json},
        {"pods, services and nodes in JSON", test_users_objects_json},
    };
    catalog = catalog_create();
    int result = suite_main("encode", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
