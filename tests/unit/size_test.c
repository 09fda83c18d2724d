/*
 * size_test.c: the size vectors of O-71 and O-72, exactly, and the parts they are made of. Random objects
 * against the encoder are size_bytes_test.c's.
 */
#include "model_kit.h"

#include "model/size.h"

static struct catalog *catalog;

static struct endpoint *vector_endpoint(uint32_t i)
{
    /* Names of the lengths of O-11 and O-16; the address has 12 characters for any i below 1,000. */
    char ip[IP_TEXT_MAX], pod[32];
    snprintf(ip, sizeof ip, "10.%u.%u.%u", 100 + (unsigned)i / 100 % 10, 10 + (unsigned)i / 10 % 10,
        10 + (unsigned)i % 10);
    snprintf(pod, sizeof pod, "web-7d4b9c6f5d-x%04u", (unsigned)i);
    return kit_endpoint(catalog, ip, pod, "node-0123456789", "zone-12345");
}

static void set_meta(struct meta *meta, const char *name, bool triggered)
{
    meta->name = catalog_sym(catalog, name);
    meta->namespace = catalog_sym(catalog, "default");
    meta->uid = kit_uid(KIT_UID);
    meta->resource_version = 123456;
    meta->created_s = KIT_TIME;
    meta->trigger_s = triggered ? KIT_TIME : TIME_NONE;
}

static struct endpoints *vector_endpoints(uint32_t count)
{
    struct endpoints *endpoints = endpoints_create(catalog);
    set_meta(&endpoints->meta, "web", true);
    const char *const labels[] = {"endpoints.kubernetes.io/managed-by", "endpoint-controller"};
    endpoints->meta.labels = kit_labels(catalog, labels, 1);
    if (count == 0)
        return endpoints;
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    struct address_group *group = address_group_create(catalog, ports_intern(catalog, &port, 1));
    for (uint32_t i = 0; i < count; i++) {
        struct endpoint *endpoint = vector_endpoint(i);
        CU_ASSERT_EQUAL_FATAL(endpoint_address_bytes(endpoint), 117);
        address_group_add(group, endpoint);
    }
    vec_push(&endpoints->groups, group);
    endpoints->subsets_bytes = size_subset(group->bytes[1], size_subset_ports(catalog, group->ports));
    return endpoints;
}

static void test_endpoints_vectors(void)
{
    static const struct {
        uint32_t count;
        uint64_t meta, managed, object, enveloped, frame;
    } rows[] = {
        {0, 437, 224, 440, 468, 488},
        {1, 452, 239, 591, 619, 639},
        {100, 452, 239, 12174, 12202, 12222},
        {1000, 452, 239, 117475, 117504, 117526},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct endpoints *endpoints = vector_endpoints(rows[i].count);
        uint64_t object = size_endpoints(catalog, endpoints);
        CU_ASSERT_EQUAL(size_endpoints_meta(catalog, endpoints), rows[i].meta);
        CU_ASSERT_EQUAL(size_endpoints_managed(catalog, endpoints), rows[i].managed);
        CU_ASSERT_EQUAL(object, rows[i].object);
        CU_ASSERT_EQUAL(size_envelope_endpoints(object), rows[i].enveloped);
        CU_ASSERT_EQUAL(size_watch_frame(rows[i].enveloped, 8), rows[i].frame);
        /* Without the entry: tag of two bytes and length of two less, and a shorter length of the metadata.
         */
        CU_ASSERT_EQUAL(size_endpoints_sent(catalog, endpoints), object - rows[i].managed - 4);
        endpoints_destroy(endpoints);
    }
}

static struct endpointslice *vector_slice(uint32_t count, bool emptied)
{
    struct endpointslice *slice = endpointslice_create(catalog);
    set_meta(&slice->meta, "web-bcdfg", true);
    slice->meta.generate_name = catalog_sym(catalog, "web-");
    slice->meta.generation = 1;
    const char *const labels[] = {"endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name", "web"};
    slice->meta.labels = kit_labels(catalog, labels, 2);
    slice->owner_count = 1;
    slice->owners = mem_zalloc(sizeof *slice->owners);
    *slice->owners = (struct owner){catalog_sym(catalog, "Service"), catalog_sym(catalog, "web"),
        catalog_sym(catalog, "v1"), kit_uid(KIT_UID), SYM_EMPTY, 1, 1};
    slice->had_endpoints = slice->had_ports = emptied;
    if (count == 0)
        return slice;
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    slice->ports = ports_intern(catalog, &port, 1);
    for (uint32_t i = 0; i < count; i++)
        endpointslice_append(slice, vector_endpoint(i));
    return slice;
}

static void test_slice_vectors(void)
{
    static const struct {
        uint32_t count;
        bool emptied;
        uint64_t meta, managed, object, enveloped, frame;
    } rows[] = {
        {0, false, 741, 405, 750, 799, 819},
        {0, true, 771, 435, 780, 829, 849},
        {1, false, 771, 435, 932, 981, 1001},
        {100, false, 771, 435, 14396, 14445, 14465},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct endpointslice *slice = vector_slice(rows[i].count, rows[i].emptied);
        uint64_t object = size_endpointslice(catalog, slice);
        CU_ASSERT_EQUAL(size_endpointslice_meta(catalog, slice), rows[i].meta);
        CU_ASSERT_EQUAL(size_endpointslice_managed(catalog, slice), rows[i].managed);
        CU_ASSERT_EQUAL(object, rows[i].object);
        CU_ASSERT_EQUAL(size_envelope_endpointslice(object), rows[i].enveloped);
        CU_ASSERT_EQUAL(size_watch_frame(rows[i].enveloped, 8), rows[i].frame);
        CU_ASSERT_EQUAL(size_endpointslice_sent(catalog, slice), object - rows[i].managed - 4);
        endpointslice_destroy(slice);
    }
}

/* O-72 from the entry's payload: manager 25, Update 8, time 10, FieldsV1 10, subresource 2, apiVersion 4 or
 * 21, and two messages around the raw bytes (lengths of two bytes from 128 on). */
static void test_fields_lengths(void)
{
    struct endpoints *empty = vector_endpoints(0), *full = vector_endpoints(1);
    CU_ASSERT_EQUAL(size_endpoints_managed(catalog, empty), 25 + 8 + 4 + 10 + 10 + 2 + 6 + 159);
    CU_ASSERT_EQUAL(size_endpoints_managed(catalog, full), 25 + 8 + 4 + 10 + 10 + 2 + 6 + 174);
    endpoints_destroy(empty);
    endpoints_destroy(full);
    struct endpointslice *never = vector_slice(0, false), *emptied = vector_slice(0, true);
    CU_ASSERT_EQUAL(size_endpointslice_managed(catalog, never), 25 + 8 + 21 + 10 + 10 + 2 + 6 + 323);
    CU_ASSERT_EQUAL(size_endpointslice_managed(catalog, emptied), 25 + 8 + 21 + 10 + 10 + 2 + 6 + 353);
    endpointslice_destroy(never);
    endpointslice_destroy(emptied);
}

static void test_varint(void)
{
    static const struct {
        uint64_t value;
        uint32_t bytes;
    } rows[] = {{0, 1}, {127, 1}, {128, 2}, {16383, 2}, {16384, 3}, {2097151, 3}, {2097152, 4},
        {268435455, 4}, {268435456, 5}, {UINT64_MAX, 10}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_EQUAL(size_varint(rows[i].value), rows[i].bytes);
    CU_ASSERT_EQUAL(size_string(0), 2);
    CU_ASSERT_EQUAL(size_string(127), 129);
    CU_ASSERT_EQUAL(size_string(128), 131);
    CU_ASSERT_EQUAL(size_message(16384), 16388);
}

static void test_ports(void)
{
    /* name 6, port 3, protocol 5 (O-2: two bytes of varint for 8080). */
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    CU_ASSERT_EQUAL(size_subset_ports(catalog, ports_intern(catalog, &port, 1)), 2 + 6 + 3 + 5);
    CU_ASSERT_EQUAL(ports_intern(catalog, &port, 1)->slice_bytes, 2 + 6 + 3 + 5);
    /* All absent: nothing in a slice, but a subset's port has its three fields whatever is set. */
    struct port absent = {0};
    CU_ASSERT_EQUAL(size_subset_ports(catalog, ports_intern(catalog, &absent, 1)), 2 + 2 + 2 + 2);
    CU_ASSERT_EQUAL(ports_intern(catalog, &absent, 1)->slice_bytes, 2);
    /* A negative number takes ten bytes (O-2). */
    port = kit_port(catalog, "", -1, "");
    port.set |= PORT_APP_PROTOCOL;
    port.app_protocol = catalog_sym(catalog, "h2");
    CU_ASSERT_EQUAL(size_subset_ports(catalog, ports_intern(catalog, &port, 1)), 2 + 2 + 11 + 2 + 4);
    CU_ASSERT_EQUAL(ports_intern(catalog, &port, 1)->slice_bytes, 2 + 2 + 11 + 2 + 4);
    CU_ASSERT_EQUAL(size_subset_ports(catalog, ports_empty(catalog)), 0);
}

/* What a change of metadata costs (O-61, O-62), one thing at a time. */
static void test_meta_changes(void)
{
    struct endpoints *endpoints = vector_endpoints(1);
    uint64_t before = size_endpoints(catalog, endpoints);
    endpoints->meta.resource_version = 1234567;
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), before + 1);
    endpoints->meta.resource_version = 123456;

    endpoints->meta.trigger_s = TIME_NONE; /* record 74; in fieldsV1 `"f:annotations":{".":{},"f:KEY":{}},` */
    uint64_t key = strlen("endpoints.kubernetes.io/last-change-trigger-time");
    uint64_t fields = strlen("\"f:annotations\":{\".\":{},\"f:\":{}},") + key;
    CU_ASSERT_EQUAL(
        before - size_endpoints(catalog, endpoints), 74 + fields + 2); /* two lengths fall below 128 */
    endpoints->meta.trigger_s = KIT_TIME;

    endpoints->over_capacity = true; /* key 37, value 9: record 2 + 39 + 11 */
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints) - before,
        52 + strlen(",\"f:endpoints.kubernetes.io/over-capacity\":{}"));
    endpoints->over_capacity = false;

    endpoints->meta.generation = 300;
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), before + 1);
    endpoints->meta.generation = 0;
    endpoints->meta.created_s = TIME_NONE; /* the message stays, empty */
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), before - 8);
    endpoints->meta.created_s = KIT_TIME;
    endpoints->meta.deletion_s = KIT_TIME;
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), before + 10);
    endpoints->meta.deletion_s = TIME_NONE;
    endpoints->manager = catalog_sym(catalog, "kubectl");
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), before - 16);
    endpoints_destroy(endpoints);

    /* Nothing that could be owned: no entry at all. */
    endpoints = endpoints_create(catalog);
    CU_ASSERT_EQUAL(size_endpoints_managed(catalog, endpoints), 0);
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), size_endpoints_sent(catalog, endpoints));
    endpoints_destroy(endpoints);
}

/* An object written by hand is measured from its lists, and comes out as the grouped one does. */
static void test_explicit(void)
{
    struct endpoints *grouped = vector_endpoints(100), *written = vector_endpoints(0);
    struct subset subset = {.ports = grouped->groups.items[0]->ports};
    for (uint32_t i = 0; i < 100; i++)
        vec_push(&subset.addresses, vector_endpoint(i));
    vec_push(&written->subsets.items, subset);
    written->is_explicit = true;
    CU_ASSERT_EQUAL(size_subset_list(catalog, &written->subsets), grouped->subsets_bytes);
    CU_ASSERT_EQUAL(size_endpoints(catalog, written), 12174);
    endpoints_destroy(grouped);
    endpoints_destroy(written);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"varints and strings (O-3)", test_varint},
        {"Endpoints of O-71", test_endpoints_vectors},
        {"EndpointSlices of O-71", test_slice_vectors},
        {"lengths of fieldsV1 (O-72)", test_fields_lengths},
        {"ports", test_ports},
        {"changes of metadata", test_meta_changes},
        {"explicit Endpoints", test_explicit},
    };
    catalog = catalog_create();
    int result = suite_main("size", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
