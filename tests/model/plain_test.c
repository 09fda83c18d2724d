/*
 * plain_test.c: the plain reconciler against the vectors and worked examples of the rules.
 *
 * Pins: hashes of ports, port lists and subsets for both hash functions (E-50, E-51, S-24); order and
 * truncation of Endpoints (E-85 to E-87); packing of slices (S-80 to S-88). Release 1.34, whose hash no
 * recording covers, is held by this alone.
 */
#include "model/plain_parts.h"
#include "unit/suite.h"

#define NOW_S INT64_C(1767323045) /* 2026-01-02T03:04:05Z */

/* --- vectors --- */

static void check_hash(struct plain_hash hash, const char *want)
{
    char text[33];
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", hash.bytes[i]);
    CU_ASSERT_STRING_EQUAL(text, want);
}

struct port_vector {
    const char *name, *protocol, *app_protocol;
    int32_t number;
    const char *md5, *fnv;
};

static struct port make_port(
    struct catalog *catalog, const char *name, const char *protocol, const char *app_protocol, int32_t number)
{
    return (struct port){
        .name = catalog_sym(catalog, name),
        .protocol = catalog_sym(catalog, protocol),
        .app_protocol = catalog_sym(catalog, app_protocol ? app_protocol : ""),
        .number = number,
        .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER | (app_protocol ? PORT_APP_PROTOCOL : 0),
    };
}

static void core_ports(void) /* E-50 */
{
    static const struct port_vector vectors[] = {
        {"http", "TCP", NULL, 8080, "fc51ca7087ce52e70c38709727f8f0b6", "25304a33da9e6ece350a4142a45f5b75"},
        {"https", "TCP", NULL, 8443, "74928f751c6699a88a4d3f21730d0b48", "ff1a33bac4ac0f54ddfa86bb65936e0d"},
        {"metrics", "TCP", "http", 9090, "2630eb6576fea6ab9300dcf203d2d05b",
            "07e80b2003e56fe253e702f82ed26bf1"},
        {"", "TCP", NULL, 80, "ed3dd1542e8a857e5070def5c89da6ea", "19cbad1834a78abad87a093580858485"},
        {"port-1337", "TCP", NULL, 1337, "62e94dc0cade2d48eeaa2c03811558c8",
            "5d508f359190831946c8b5b6a8b48745"},
        {"port-1338", "TCP", NULL, 1338, "79418571f2c2f5c5de22835baa8b1252",
            "a131a8e6368bd2ac540e78f0da32da63"},
        {"", "", NULL, 111, "6f2b1bc282d6918b5b92917fdf14da50", "043501a17d568eb5bb2b9ac8b3953b2d"},
        {"", "", NULL, 222, "2ccbe1ef9d9f834791d299f20cf9efff", "5af2526ca9ba75d6ba771b164cc66ddc"},
        {"", "", NULL, 333, "da97b0d66e52d22b07e5445e0dacca7a", "f26257f7f492d21e7c46f9786c6296af"},
    };
    struct catalog *catalog = catalog_create();
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct port_vector *vector = &vectors[i];
        struct port port =
            make_port(catalog, vector->name, vector->protocol, vector->app_protocol, vector->number);
        check_hash(plain_hash_core_port(catalog, &port, 34), vector->md5);
        check_hash(plain_hash_core_port(catalog, &port, 35), vector->fnv);
    }
    catalog_destroy(catalog);
}

static void discovery_ports(void) /* S-24 */
{
    struct catalog *catalog = catalog_create();
    struct port http = make_port(catalog, "http", "TCP", NULL, 8080);
    struct port https = make_port(catalog, "https", "TCP", NULL, 8443);
    struct port plain = make_port(catalog, "", "TCP", NULL, 80);
    check_hash(plain_hash_discovery_port(catalog, &http, 34), "3a668b0e210f1dc6528e2da191cd41d4");
    check_hash(plain_hash_discovery_port(catalog, &http, 37), "0e874d5677090ee5c32afa85f637c347");
    check_hash(plain_hash_discovery_port(catalog, &https, 34), "d1cfa3dcf6617aa6fc10fe2c04b90d40");
    check_hash(plain_hash_discovery_port(catalog, &https, 37), "96bd08971af7335e18af891d4fe83877");
    check_hash(plain_hash_discovery_port(catalog, &plain, 34), "65e128212fd64e6eab3cc3e6dcdab5b0");
    check_hash(plain_hash_discovery_port(catalog, &plain, 37), "73b52e075e78e70787d5e6ffd2212eef");

    struct port one[] = {http}, two[] = {https, http}; /* to be put in order */
    check_hash(plain_port_key(catalog, one, 1, false, 34), "43470f644f7b57301713dc3d6a480da7");
    check_hash(plain_port_key(catalog, one, 1, false, 37), "8f86b690dee55e9f32e56e4efbcd8a27");
    check_hash(plain_port_key(catalog, two, 2, false, 34), "04069d3ad0885162f4967545e4f30fa1");
    CU_ASSERT_EQUAL(two[0].number, 8080);
    check_hash(plain_port_key(catalog, two, 2, false, 37), "a2f92aedc5d14d467816b0401857057b");
    check_hash(plain_port_key(catalog, NULL, 0, false, 34), "017ea1b6f12144f65cebd1b1df5e2dc6");
    check_hash(plain_port_key(catalog, NULL, 0, false, 37), "b823fa277840572f948b7ebdb09f7a1d");
    check_hash(plain_port_key(catalog, NULL, 0, true, 34), "83b3584a9d5213c3f9eaf36b5b2e26a2");
    check_hash(plain_port_key(catalog, NULL, 0, true, 35), "402f0eb767061158ad8b157d85cc214c");
    check_hash(plain_port_key(catalog, NULL, 0, true, 36), "b823fa277840572f948b7ebdb09f7a1d"); /* S-23 */
    catalog_destroy(catalog);
}

/* `number` 0: no target and no node, only the IP. */
static struct endpoint *make_address(struct catalog *catalog, const char *ip, int number)
{
    struct endpoint_draft draft = {.ip = ip_parse(ip, strlen(ip))};
    char text[3][16];
    snprintf(text[0], 16, "pod-%d", number);
    snprintf(text[1], 16, "node-%d", number);
    snprintf(text[2], 16, "uid-%d", number);
    if (number) {
        struct target_extra extra = {
            .kind = catalog_word(catalog, WORD_POD), .uid_text = catalog_sym(catalog, text[2])};
        draft.target = target_create(catalog, catalog_sym(catalog, "ns"), text[0], (uint32_t)strlen(text[0]),
            (struct uuid){{0}}, &extra);
        draft.node_name = catalog_sym(catalog, text[1]);
        draft.flags = ENDPOINT_ADDRESS_NODE_NAME;
    }
    return endpoint_create(catalog, &draft);
}

static void subsets(void) /* E-51 */
{
    static const struct {
        struct {
            const char *ip;
            int number;
        } ready[2], not_ready;
        int32_t ports[2]; /* 8080: http; others without name and protocol */
        const char *md5, *fnv;
    } vectors[] = {
        {{{"10.0.0.1", 1}}, {NULL, 0}, {8080}, "510ebe99aa44a0603493be6418d34e35",
            "44aba796b47ee6aa5ed86c432bbbe46a"},
        {{{NULL, 0}}, {"10.0.0.2", 2}, {8080}, "546232e75c1242bcfea649e6b130babe",
            "0084c45c33a9b1a1e74657a81955d29a"},
        {{{"10.0.0.1", 1}, {"10.0.0.2", 2}}, {NULL, 0}, {0}, "f6662c7d0ea88e4c69053c8496f898ef",
            "f007d3486998f45b8ceb4af0e47ff0ca"},
        {{{"1.2.3.4", 0}}, {NULL, 0}, {111}, "090870b04c50f5db8b174561d8bd26cc",
            "0237c533f55a155477c022a0d520b958"},
        {{{"5.6.7.8", 0}}, {NULL, 0}, {222}, "160c450e60124a8884599d0bf67a6d00",
            "675404f2094c9e8de1cc10e45dbacec1"},
        {{{"1.2.3.4", 0}, {"1.2.3.6", 0}}, {NULL, 0}, {111}, "16cd25ebea3c882ace511042789b29f8",
            "d1f2e01d7ddb9d177a1c7bf6209614c9"},
        {{{"1.2.3.5", 0}}, {NULL, 0}, {222, 333}, "cad9f19f168911f66d431789a801bd17",
            "464db64906d0cf627fcd7f0add02bc00"},
    };
    struct catalog *catalog = catalog_create();
    for (size_t v = 0; v < sizeof vectors / sizeof vectors[0]; v++) {
        struct subset subset = {0};
        struct port ports[2];
        uint32_t count = 0;
        for (int i = 0; i < 2; i++) {
            if (vectors[v].ready[i].ip)
                vec_push(&subset.addresses,
                    make_address(catalog, vectors[v].ready[i].ip, vectors[v].ready[i].number));
            if (vectors[v].ports[i])
                ports[count++] = vectors[v].ports[i] == 8080
                                     ? make_port(catalog, "http", "TCP", NULL, 8080)
                                     : make_port(catalog, "", "", NULL, vectors[v].ports[i]);
        }
        if (vectors[v].not_ready.ip)
            vec_push(&subset.not_ready_addresses,
                make_address(catalog, vectors[v].not_ready.ip, vectors[v].not_ready.number));
        subset.ports = ports_intern(catalog, ports, count);
        check_hash(plain_hash_subset(catalog, &subset, 34), vectors[v].md5);
        check_hash(plain_hash_subset(catalog, &subset, 37), vectors[v].fnv);
        subset_fini(&subset);
    }
    catalog_destroy(catalog);
}

/* --- a small cluster --- */

struct scene {
    struct catalog *catalog;
    struct plain_input input;
    struct choices choices;
    struct plain_topology topology;
    struct plain_hint_cache hint_cache;
    struct service *service;
    struct node *node;
    VEC(struct pod *) pods;
    VEC(struct endpointslice *) slices;
    uint32_t names;
};

static sym name_slice(void *context, sym generate_name)
{
    struct scene *scene = context;
    struct text name = {0};
    text_printf(&name, "%s%u", catalog_text(scene->catalog, generate_name), scene->names++);
    sym symbol = catalog_sym(scene->catalog, name.data);
    text_fini(&name);
    return symbol;
}

static void scene_init(struct scene *scene, uint32_t per_slice, uint32_t kube_minor)
{
    *scene = (struct scene){.catalog = catalog_create()};
    struct catalog *catalog = scene->catalog;
    struct label label = {catalog_sym(catalog, "app"), catalog_sym(catalog, "web")};
    scene->service = service_create(catalog, 2);
    scene->service->meta.namespace = catalog_word(catalog, WORD_DEFAULT);
    scene->service->meta.name = catalog_sym(catalog, "web");
    scene->service->meta.uid = uuid_from_random(1, 1);
    scene->service->meta.created_s = NOW_S;
    scene->service->selector = labels_intern(catalog, &label, 1);
    scene->service->cluster_ip = catalog_sym(catalog, "10.96.0.10");
    scene->service->families[0] = IP_V4;
    scene->service->family_count = 1;
    for (uint32_t i = 0; i < 2; i++)
        scene->service->ports[i] = (struct service_port){
            .name = catalog_sym(catalog, i ? "https" : "http"),
            .protocol = catalog_word(catalog, WORD_TCP),
            .port = i ? 443 : 80,
            .target_port = i ? 8443 : 8080,
        };
    scene->node = node_create(catalog);
    scene->node->meta.name = catalog_sym(catalog, "node-1");
    choices_init(&scene->choices, CHOICE_RANDOM, 1, 0);
    scene->input = (struct plain_input){
        .catalog = catalog,
        .config = {per_slice, ENDPOINTS_CAPACITY_DEFAULT, kube_minor, 1000},
        .namespace = scene->service->meta.namespace,
        .name = scene->service->meta.name,
        .service = scene->service,
        .nodes = (const struct node *const *)&scene->node,
        .node_count = 1,
        .topology = &scene->topology,
        .hint_cache = &scene->hint_cache,
        .trigger_s = NOW_S,
        .now_s = NOW_S,
        .name_slice = name_slice,
        .context = scene,
    };
}

static void scene_fini(struct scene *scene)
{
    for (uint32_t i = 0; i < scene->pods.count; i++)
        pod_unref(scene->pods.items[i]);
    for (uint32_t i = 0; i < scene->slices.count; i++)
        endpointslice_destroy(scene->slices.items[i]);
    vec_fini(&scene->pods);
    vec_fini(&scene->slices);
    node_unref(scene->node);
    service_unref(scene->service);
    catalog_destroy(scene->catalog);
}

/* Pods with the numbers first, first + 1, ..., whose IPs sort in this order up to 999. */
static void add_pods(struct scene *scene, uint32_t first, uint32_t count, bool ready)
{
    for (uint32_t i = first; i < first + count; i++) {
        char name[16], ip[32];
        snprintf(name, sizeof name, "web-%u", i);
        snprintf(ip, sizeof ip, "10.%u.%u.%u", 100 + i / 10000, 100 + i / 100 % 100, 100 + i % 100);
        struct target *self = target_create(scene->catalog, scene->service->meta.namespace, name,
            (uint32_t)strlen(name), uuid_from_random(2, i), NULL);
        struct pod *pod = pod_create(scene->catalog, self, NOW_S);
        pod_set_labels(pod, scene->service->selector);
        pod->node_name = scene->node->meta.name;
        pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
        pod_set_ip(pod, ip_parse(ip, strlen(ip)));
        vec_push(&scene->pods, pod);
    }
    scene->input.pods = (const struct pod *const *)scene->pods.items;
    scene->input.pod_count = scene->pods.count;
}

/* --- Endpoints (E-85 to E-87) --- */

static void order_of_ports(void) /* E-85 */
{
    for (uint32_t minor = 34; minor <= 35; minor++) {
        struct scene scene;
        struct plain_result result = {0};
        scene_init(&scene, 100, minor);
        add_pods(&scene, 0, 1, true);
        add_pods(&scene, 1, 1, false);
        plain_sync_endpoints(&scene.input, &result);
        CU_ASSERT_EQUAL_FATAL(result.requests.count, 1);
        const struct subset_list *list = &result.requests.items[0].endpoints->subsets;
        CU_ASSERT_EQUAL_FATAL(list->items.count, 1);
        CU_ASSERT_EQUAL(list->items.items[0].addresses.count, 1);
        CU_ASSERT_EQUAL(list->items.items[0].not_ready_addresses.count, 1);
        CU_ASSERT_EQUAL_FATAL(list->items.items[0].ports->count, 2);
        CU_ASSERT_EQUAL(list->items.items[0].ports->items[0].number, minor == 34 ? 8443 : 8080);
        plain_result_fini(&result);
        scene_fini(&scene);
    }
}

static void truncation(void) /* E-86 */
{
    struct scene scene;
    struct plain_result result = {0};
    scene_init(&scene, 100, 37);
    add_pods(&scene, 0, 1000, true);
    add_pods(&scene, 1000, 1, false);
    plain_sync_endpoints(&scene.input, &result);
    const struct endpoints *endpoints = result.requests.items[0].endpoints;
    CU_ASSERT_TRUE(endpoints->over_capacity);
    CU_ASSERT_EQUAL(endpoints->subsets.items.items[0].addresses.count, 1000);
    CU_ASSERT_EQUAL(endpoints->subsets.items.items[0].not_ready_addresses.count, 0);
    CU_ASSERT_EQUAL(endpoints->omitted_count, 1);
    plain_result_fini(&result);

    result = (struct plain_result){0};
    add_pods(&scene, 1001, 1, true);
    plain_sync_endpoints(&scene.input, &result);
    endpoints = result.requests.items[0].endpoints;
    CU_ASSERT_EQUAL(endpoints->subsets.items.items[0].addresses.count, 1000);
    CU_ASSERT_STRING_EQUAL(
        target_name_here(endpoint_target(endpoints->subsets.items.items[0].addresses.items[999])), "web-999");
    plain_result_fini(&result);
    scene_fini(&scene);
}

static void truncation_of_two_subsets(void) /* E-87 */
{
    struct scene scene;
    struct plain_result result = {0};
    scene_init(&scene, 100, 37);
    scene.service->ports[0].target_name = catalog_sym(scene.catalog, "http");
    scene.service->ports[1].target_name = catalog_sym(scene.catalog, "https");
    add_pods(&scene, 0, 1500, false);
    struct port http = make_port(scene.catalog, "http", "TCP", NULL, 1);
    struct port https = make_port(scene.catalog, "https", "TCP", NULL, 2);
    for (uint32_t i = 0; i < 1500; i++)
        pod_set_container_ports(
            scene.pods.items[i], ports_intern(scene.catalog, i < 600 ? &http : &https, 1));
    plain_sync_endpoints(&scene.input, &result);
    const struct subset_list *list = &result.requests.items[0].endpoints->subsets;
    CU_ASSERT_EQUAL_FATAL(list->items.count, 2);
    for (uint32_t i = 0; i < 2; i++)
        CU_ASSERT_EQUAL(list->items.items[i].not_ready_addresses.count,
            list->items.items[i].ports->items[0].number == 1 ? 400 : 600);
    plain_result_fini(&result);
    scene_fini(&scene);
}

/* --- slices (S-80 to S-88) --- */

/* Carries the requests out and counts them; sizes are written as "100 61", the largest first. */
struct outcome {
    uint32_t creates, updates, noops, deletes;
    bool error;
    char sizes[128];
};

static int compare_sizes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static void replace_slice(struct scene *scene, sym name, struct endpointslice *now)
{
    for (uint32_t i = 0; i < scene->slices.count; i++) {
        if (scene->slices.items[i]->meta.name != name)
            continue;
        endpointslice_destroy(scene->slices.items[i]);
        if (now)
            scene->slices.items[i] = now;
        else
            vec_swap_remove(&scene->slices, i);
        return;
    }
    vec_push(&scene->slices, now);
}

static struct outcome sync_slices(struct scene *scene)
{
    struct outcome outcome = {0};
    struct plain_result result = {0};
    scene->input.slices = (const struct endpointslice *const *)scene->slices.items;
    scene->input.slice_count = scene->slices.count;
    plain_sync_slices(&scene->input, &scene->choices, &result);
    for (uint32_t i = 0; i < result.requests.count; i++) {
        struct plain_request *request = &result.requests.items[i];
        outcome.creates += request->verb == PLAIN_CREATE;
        outcome.updates += request->verb == PLAIN_UPDATE && !request->noop;
        outcome.noops += request->noop;
        outcome.deletes += request->verb == PLAIN_DELETE;
        replace_slice(scene, request->name, request->slice);
        request->slice = NULL;
    }
    outcome.error = result.error;
    plain_result_fini(&result);
    uint32_t sizes[32];
    for (uint32_t i = 0; i < scene->slices.count; i++)
        sizes[i] = scene->slices.items[i]->endpoints.count;
    qsort(sizes, scene->slices.count, sizeof sizes[0], compare_sizes);
    for (uint32_t i = 0; i < scene->slices.count; i++)
        snprintf(outcome.sizes + strlen(outcome.sizes), 8, "%s%u", i ? " " : "", sizes[i]);
    return outcome;
}

/* Stored slices of these sizes that hold the pods in their order. */
static void store_slices(struct scene *scene, const uint32_t *sizes, uint32_t count)
{
    uint32_t next = 0, total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += sizes[i];
    add_pods(scene, scene->pods.count, total, true);
    for (uint32_t i = 0; i < count; i++) { /* each in a sync of its own */
        struct plain_result result = {0};
        struct plain_input input = scene->input;
        input.config.endpoints_per_slice_max = sizes[i];
        input.pods += next;
        input.pod_count = sizes[i];
        input.slice_count = 0;
        plain_sync_slices(&input, &scene->choices, &result);
        CU_ASSERT_EQUAL_FATAL(result.requests.count, 1);
        vec_push(&scene->slices, result.requests.items[0].slice);
        result.requests.items[0].slice = NULL;
        plain_result_fini(&result);
        next += sizes[i];
    }
}

static void check_outcome(
    struct outcome outcome, uint32_t creates, uint32_t updates, uint32_t deletes, const char *sizes)
{
    CU_ASSERT_EQUAL(outcome.creates, creates);
    CU_ASSERT_EQUAL(outcome.updates, updates);
    CU_ASSERT_EQUAL(outcome.noops, 0);
    CU_ASSERT_EQUAL(outcome.deletes, deletes);
    CU_ASSERT_STRING_EQUAL(outcome.sizes, sizes);
}

static void other_port(struct scene *scene)
{
    scene->service->ports[0].target_port++;
}

static void packing(void)
{
    struct scene scene;
    scene_init(&scene, 100, 37); /* S-80 */
    store_slices(&scene, (const uint32_t[]){62, 61}, 2);
    add_pods(&scene, scene.pods.count, 127, true);
    check_outcome(sync_slices(&scene), 1, 1, 0, "100 89 61");
    check_outcome(sync_slices(&scene), 0, 0, 0, "100 89 61");
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-81 */
    store_slices(&scene, (const uint32_t[]){74, 74}, 2);
    add_pods(&scene, scene.pods.count, 152, true);
    check_outcome(sync_slices(&scene), 2, 0, 0, "100 74 74 52");
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-82 */
    store_slices(&scene, (const uint32_t[]){100, 100, 50}, 3);
    other_port(&scene);
    check_outcome(sync_slices(&scene), 0, 3, 0, "100 100 50");
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-83 */
    store_slices(&scene, (const uint32_t[]){30, 30, 30, 30, 30, 30, 30, 30, 30, 30}, 10);
    other_port(&scene);
    check_outcome(sync_slices(&scene), 0, 3, 7, "100 100 100");
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-84 */
    store_slices(&scene, (const uint32_t[]){80, 20}, 2);
    add_pods(&scene, scene.pods.count, 15, true);
    scene.pods.items[0]->ready = scene.pods.items[80]->ready = CONDITION_FALSE;
    check_outcome(sync_slices(&scene), 0, 2, 0, "95 20");
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-85 */
    store_slices(&scene, (const uint32_t[]){90, 100}, 2);
    add_pods(&scene, scene.pods.count, 5, true);
    scene.pods.items[90]->ready = CONDITION_FALSE;
    check_outcome(sync_slices(&scene), 0, 2, 0, "100 95");
    scene_fini(&scene);
}

static void placeholders(void)
{
    struct scene scene;
    struct outcome outcome;
    scene_init(&scene, 100, 37); /* S-86 */
    store_slices(&scene, (const uint32_t[]){1}, 1);
    scene.pods.items[0]->node_name = catalog_sym(scene.catalog, "gone");
    outcome = sync_slices(&scene);
    check_outcome(outcome, 0, 1, 0, "0");
    CU_ASSERT_TRUE(outcome.error);
    CU_ASSERT_EQUAL(scene.slices.items[0]->ports->count, 0);
    scene_fini(&scene);

    scene_init(&scene, 100, 37); /* S-87 */
    store_slices(&scene, (const uint32_t[]){100}, 1);
    scene.input.pod_count = 0;
    check_outcome(sync_slices(&scene), 0, 1, 0, "0");
    check_outcome(sync_slices(&scene), 0, 0, 0, "0");
    scene.input.pod_count = 100;
    check_outcome(sync_slices(&scene), 0, 1, 0, "100");
    scene_fini(&scene);

    scene_init(&scene, 5, 37); /* S-88 */
    store_slices(&scene, (const uint32_t[]){5, 5, 5}, 3);
    scene.pods.items[0]->phase = POD_FAILED;
    check_outcome(sync_slices(&scene), 0, 1, 0, "5 5 4");
    add_pods(&scene, scene.pods.count, 1, true);
    check_outcome(sync_slices(&scene), 0, 1, 0, "5 5 5");
    scene_fini(&scene);
}

static void headless_without_ports(void)
{
    struct scene scene;
    scene_init(&scene, 5, 35); /* S-23: before 1.36 each sync rewrites the slices, at least as no-ops */
    scene.service->port_count = 0;
    scene.service->cluster_ip = catalog_word(scene.catalog, WORD_NONE);
    add_pods(&scene, 0, 7, true);
    check_outcome(sync_slices(&scene), 2, 0, 0, "5 2");
    scene.choices.mode = CHOICE_FIXED;
    struct outcome outcome = sync_slices(&scene);
    CU_ASSERT_EQUAL(outcome.creates + outcome.deletes, 0);
    CU_ASSERT_EQUAL(outcome.updates + outcome.noops, 2);
    CU_ASSERT_STRING_EQUAL(outcome.sizes, "5 2");
    scene_fini(&scene);

    scene_init(&scene, 5, 36); /* S-49: k * M pods leave the placeholder */
    scene.service->port_count = 0;
    scene.service->cluster_ip = catalog_word(scene.catalog, WORD_NONE);
    check_outcome(sync_slices(&scene), 1, 0, 0, "0");
    add_pods(&scene, 0, 10, true);
    check_outcome(sync_slices(&scene), 2, 0, 0, "5 5 0");
    check_outcome(sync_slices(&scene), 0, 0, 0, "5 5 0");
    scene_fini(&scene);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"hashes of core ports", core_ports},
        {"hashes of discovery ports and lists", discovery_ports},
        {"hashes of subsets", subsets},
        {"order of ports", order_of_ports},
        {"truncation", truncation},
        {"truncation of two subsets", truncation_of_two_subsets},
        {"packing", packing},
        {"placeholders", placeholders},
        {"headless without ports", headless_without_ports},
    };
    return suite_main("plain", tests, sizeof tests / sizeof tests[0]);
}
