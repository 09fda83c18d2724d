/*
 * engine_endpoints_test.c: the Endpoints controller in hand-made situations: exact objects and requests.
 * It pins E-2 to E-4, E-20 to E-23, E-35, E-55 to E-67, E-75 to E-77, E-85, E-86, trigger annotations
 * (C-60 to C-66) and which events enqueue (C-14 to C-17).
 */
#include "engine_kit.h"

#include "model/encode_json.h"

#define NONE TIME_NONE

static void kit_begin(struct kit *kit)
{
    kit_init(kit, 0);
    kit_node(kit, "node-1", "zone-a");
    kit_start(kit);
}

/* E-85: one subset, both ports; their order follows the release's hash. */
static void two_ports(void)
{
    struct kit kit;
    struct text text = {0};
    for (uint32_t minor = 34; minor <= 35; minor++) {
        kit_init(&kit, 0);
        kit.config.kube_minor = minor;
        kit_node(&kit, "node-1", "");
        store_put_service(kit.store, kit_service_draft(&kit, "web", 2));
        kit_pod(&kit, "a", "10.0.0.1", true);
        kit_pod(&kit, "b", "10.0.0.2", false);
        kit_run(&kit);
        KIT_TEXT(kit_subsets(&kit, "web", &text),
            minor == 34 ? "a|b[https:8443,http:8080]" : "a|b[http:8080,https:8443]");
        kit_fini(&kit);
    }
    text_fini(&text);
}

/* A pod whose container names its ports. */
static void named_pod(struct kit *kit, const char *name, const char *ip, int32_t http, int32_t metrics)
{
    struct pod *pod = kit_draft(kit, name, ip, "web", true, 0);
    struct port ports[2];
    uint32_t count = 0;
    if (http)
        ports[count++] = kit_port(kit->catalog, "web", http, "TCP");
    if (metrics)
        ports[count++] = kit_port(kit->catalog, "stats", metrics, "TCP");
    pod_set_container_ports(pod, ports_intern(kit->catalog, ports, count));
    store_put_pod(kit->store, pod);
}

static struct service *named_service(struct kit *kit)
{
    struct service *service = kit_service_draft(kit, "web", 2);
    service->ports[0].target_name = kit_sym(kit, "web");
    service->ports[1].target_name = kit_sym(kit, "stats");
    return service;
}

/* The API reference's example: two versions of a pod behind named ports. */
static void mysvc(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    store_put_service(kit.store, named_service(&kit));
    named_pod(&kit, "a", "10.10.1.1", 8675, 309);
    named_pod(&kit, "b", "10.10.2.2", 8675, 309);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a,b|[http:8675,https:309]");
    named_pod(&kit, "c", "10.10.3.3", 93, 76);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a,b|[http:8675,https:309] c|[https:76,http:93]");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8675,https:309]=a,b [http:93,https:76]=c");
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->address_count, 3);
    /* One port of two: seen on the same addresses as no other port (E-35). */
    named_pod(&kit, "d", "10.10.4.4", 8675, 0);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a,b|[https:309] a,b,d|[http:8675] c|[https:76,http:93]");
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->address_count, 6);
    /* None of them: absent here (E-21), in a slice without ports there (S-25). */
    named_pod(&kit, "e", "10.10.5.5", 0, 0);
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->address_count, 6);
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_slices(&kit, "web", &text), "[]=e"));
    kit_remove(&kit, "c");
    kit_remove(&kit, "d");
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a,b|[http:8675,https:309]");
    kit_fini(&kit);
    text_fini(&text);
}

/* The parts that the object shows, by counting: "READY/NOT READY of TREE/TREE omitted truncated". */
static const char *counts(struct kit *kit, struct text *out)
{
    struct subset_list view = {0};
    const struct endpoints *endpoints = kit_endpoints(kit, "web");
    repack_view(kit->catalog, endpoints, ORDER_FNV128, &view);
    CU_ASSERT_EQUAL(endpoints->subsets_bytes, size_subset_list(kit->catalog, &view));
    CU_ASSERT_EQUAL(endpoints->address_count, subset_list_address_count(&view));
    text_clear(out);
    for (uint32_t i = 0; i < view.items.count; i++)
        text_printf(out, "%s%u/%u", i ? " " : "", view.items.items[i].addresses.count,
            view.items.items[i].not_ready_addresses.count);
    text_printf(out, " -%u%s", endpoints->omitted_count, endpoints->over_capacity ? " truncated" : "");
    subset_list_fini(&view);
    return out->data;
}

/* E-63, E-64, E-86, and which requests of a Service over capacity change nothing. */
static void truncation(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 1000, true);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -0");
    text_clear(&kit.log);
    /* The IP that sorts last, as a text. */
    struct pod *late = kit_draft(&kit, "late", "9.0.0.1", "web", true, 10);
    store_put_pod(kit.store, late);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -1 truncated");
    /* Only the annotations are new, and the request is the whole object. */
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 1000+0-0\nendpointslice create 1+1-0\n");
    /* Invisible and without a trigger time: the annotation goes, which is a change. */
    struct pod *pod = kit_edit(&kit, "late");
    pod_set_hostname(pod, kit_sym(&kit, "h"), kit_sym(&kit, "web"));
    pod_set_deletion(pod, KIT_TIME, 0);
    store_put_pod(kit.store, pod);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -0");
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints update 1000+0-0\n"));
    kit_remove(&kit, "late");
    kit_run(&kit);
    text_clear(&kit.log);
    kit_pods(&kit, 1000, 3, true); /* 10.0.4.1 to .3 sort after 10.0.3.250 */
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -3 truncated");
    text_clear(&kit.log);
    /* Beyond the first 1000: the flip has a trigger time, the next one too; then a removal has none, and the
     * one after that changes nothing at all. */
    kit_ready(&kit, "web-1001", false, 20);
    kit_run(&kit);
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints update 1000+0-0\n"));
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 20);
    kit_remove(&kit, "web-1001");
    kit_run(&kit);
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints update 1000+0-0\n"));
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, NONE);
    uint64_t version = kit_endpoints(&kit, "web")->meta.resource_version;
    kit_remove(&kit, "web-1002");
    kit_run(&kit);
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints noop 1000+0-0\n"));
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.resource_version, version);
    KIT_TEXT(counts(&kit, &text), "1000/0 -1 truncated");
    /* A visible one goes, so that the hidden one comes: still truncated? No: 1000 are left (E-64). */
    kit_remove(&kit, "web-5");
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -0");
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints update 1000+1-1\n"));
    kit_fini(&kit);
    text_fini(&text);
}

/* Not-ready addresses share what is left of the quota. */
static void truncation_not_ready(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 600, true);
    kit_pods(&kit, 600, 600, false);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "600/400 -200 truncated");
    kit_ready(&kit, "web-1199", true, 3);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "601/399 -200 truncated");
    for (uint32_t i = 700; i < 1100; i++) {
        char name[16];
        snprintf(name, sizeof name, "web-%u", i);
        kit_ready(&kit, name, true, 4);
    }
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1000/0 -200 truncated");
    kit_fini(&kit);
    text_fini(&text);
}

/* Over capacity with two subsets: the one case that looks at the whole (E-57). */
static void truncation_of_two(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    store_put_service(kit.store, named_service(&kit));
    for (uint32_t i = 0; i < 1500; i++) {
        char name[16], ip[20];
        snprintf(name, sizeof name, "web-%u", i);
        snprintf(ip, sizeof ip, "10.0.%u.%u", i / 250, i % 250 + 1);
        named_pod(&kit, name, ip, i < 600 ? 1000 : 2000, i < 600 ? 1001 : 2001);
    }
    kit_run(&kit);
    const char *got = counts(&kit, &text);
    CU_ASSERT(
        strcmp(got, "400/0 600/0 -500 truncated") == 0 || strcmp(got, "600/0 400/0 -500 truncated") == 0);
    text_clear(&kit.log);
    /* A PUT that changes nothing (E-63). The first one takes the trigger annotation away. */
    kit_remove(&kit, "web-1499");
    kit_run(&kit);
    kit_remove(&kit, "web-1498");
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->omitted_count, 498);
    kit_fini(&kit);
    text_fini(&text);
}

static void no_capacity(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 0);
    kit.config.endpoints_capacity = UINT32_MAX;
    kit_node(&kit, "node-1", "");
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 1500, true);
    kit_run(&kit);
    KIT_TEXT(counts(&kit, &text), "1500/0 -0");
    kit_fini(&kit);
    text_fini(&text);
}

/* E-3, E-4, E-20. */
static void untouched(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    struct service *service = kit_service_draft(&kit, "web", 1);
    service->selector = NULL;
    store_put_service(kit.store, service);
    kit_pods(&kit, 0, 2, true);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "none");
    KIT_TEXT(kit_slices(&kit, "web", &text), "");
    service = kit_service_edit(&kit, "web");
    service->selector =
        labels_with(kit.catalog, labels_empty(kit.catalog), kit_sym(&kit, "app"), kit_sym(&kit, "web"));
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1|[http:8080]");
    service = kit_service_edit(&kit, "web");
    service->type = SERVICE_EXTERNAL_NAME;
    store_put_service(kit.store, service);
    kit_remove(&kit, "web-0");
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1|[http:8080]");
    service = kit_service_edit(&kit, "web");
    service->type = SERVICE_CLUSTER_IP;
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-1|[http:8080]");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-1");
    /* Without ports and with a cluster IP: nothing here, a slice without ports there. */
    const struct service *old = store_service(kit.store, kit.namespace, kit_sym(&kit, "web"));
    store_put_service(kit.store, service_edit(old, 0));
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=web-1");
    kit_fini(&kit);
    text_fini(&text);
}

/* E-65: labels; E-61 (2): what is noticed of them. */
static void labels(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    struct service *service = kit_service_draft(&kit, "web", 1);
    service->meta.labels =
        labels_with(kit.catalog, service->meta.labels, kit_sym(&kit, "team"), kit_sym(&kit, "red"));
    store_put_service(kit.store, service);
    kit_run(&kit);
    const struct labels *got = kit_endpoints(&kit, "web")->meta.labels;
    CU_ASSERT_EQUAL(got->count, 2);
    CU_ASSERT(labels_get(got, catalog_word(kit.catalog, WORD_ENDPOINTS_MANAGED_BY), NULL));
    text_clear(&kit.log);
    service = kit_service_edit(&kit, "web");
    service->cluster_ip = catalog_word(kit.catalog, WORD_NONE);
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), ""); /* headless-ness alone is not written */
    service = kit_service_edit(&kit, "web");
    service->meta.labels =
        labels_with(kit.catalog, service->meta.labels, kit_sym(&kit, "team"), kit_sym(&kit, "blue"));
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 0+0-0\nendpointslice update 0+0-0\n");
    got = kit_endpoints(&kit, "web")->meta.labels;
    CU_ASSERT_EQUAL(got->count, 3);
    CU_ASSERT(labels_get(got, catalog_word(kit.catalog, WORD_HEADLESS), NULL));
    /* A Service that carries a reserved key is PUT in every sync, to no effect. */
    service = kit_service_edit(&kit, "web");
    service->meta.labels = labels_with(
        kit.catalog, service->meta.labels, catalog_word(kit.catalog, WORD_HEADLESS), kit_sym(&kit, "yes"));
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "endpoints noop 0+0-0\n");
    service = kit_service_edit(&kit, "web");
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "endpoints noop 0+0-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* C-60 to C-66, E-66. */
static void trigger_times(void)
{
    struct kit kit;
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME);
    store_put_pod(kit.store, kit_draft(&kit, "a", "10.0.0.1", "web", true, 7));
    store_put_pod(kit.store, kit_draft(&kit, "b", "10.0.0.2", "web", true, 5));
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 5);
    kit_remove(&kit, "a");
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, NONE);
    /* The name is forgotten by then: its old time counts again. */
    store_put_pod(kit.store, kit_draft(&kit, "a", "10.0.0.3", "web", true, 7));
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 7);
    /* Within one sync it is not (C-63). */
    kit_remove(&kit, "a");
    store_put_pod(kit.store, kit_draft(&kit, "a", "10.0.0.4", "web", true, 7));
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, NONE);
    kit_remove(&kit, "a");
    store_put_pod(kit.store, kit_draft(&kit, "a", "10.0.0.5", "web", true, 8));
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 8);
    /* A pod that leaves and comes back reports its old time, if a sync saw it gone. */
    kit_relabel(&kit, "b", "other");
    kit_run(&kit);
    kit_relabel(&kit, "b", "web");
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 5);
    /* Without a selector the stored times stay. */
    struct service *service = kit_service_edit(&kit, "web");
    const struct labels *selector = service->selector;
    service->selector = NULL;
    store_put_service(kit.store, service);
    kit_run(&kit);
    service = kit_service_edit(&kit, "web");
    service->selector = selector;
    store_put_service(kit.store, service);
    kit_run(&kit);
    kit_ready(&kit, "b", false, 11);
    kit_run(&kit);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 11);
    kit_fini(&kit);
}

/* C-14 to C-17: which changes of a pod make a sync. */
static void events(void)
{
    struct kit kit;
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 2, true);
    kit_run(&kit);
    const uint64_t *syncs = &engine_totals(kit.engine)->syncs[CONTROLLER_ENDPOINTS];
    uint64_t before = *syncs;
    struct pod *pod = kit_edit(&kit, "web-0"); /* hostname alone */
    pod_set_hostname(pod, kit_sym(&kit, "h"), kit_sym(&kit, "web"));
    store_put_pod(kit.store, pod);
    kit_run(&kit);
    CU_ASSERT_EQUAL(*syncs, before);
    pod = kit_edit(&kit, "web-0"); /* a label that no selector looks at */
    pod_set_labels(pod, labels_with(kit.catalog, pod_labels(pod), kit_sym(&kit, "x"), kit_sym(&kit, "y")));
    store_put_pod(kit.store, pod);
    pod = kit_edit(&kit, "web-1"); /* phase alone (C-19b) */
    pod->phase = POD_FAILED;
    store_put_pod(kit.store, pod);
    kit_run(&kit);
    CU_ASSERT_EQUAL(*syncs, before);
    /* The next sync sees all of it. */
    kit_pods(&kit, 2, 1, true);
    kit_run(&kit);
    CU_ASSERT_EQUAL(*syncs, before + 1);
    struct text text = {0};
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-2|[http:8080]");
    struct subset_list view = {0};
    repack_view(kit.catalog, kit_endpoints(&kit, "web"), ORDER_FNV128, &view);
    CU_ASSERT_EQUAL(endpoint_hostname(view.items.items[0].addresses.items[0]), kit_sym(&kit, "h"));
    subset_list_fini(&view);
    kit_relabel(&kit, "web-0", "other");
    kit_run(&kit);
    CU_ASSERT_EQUAL(*syncs, before + 2);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-2|[http:8080]");
    text_fini(&text);
    kit_fini(&kit);
}

/* --- foreign edits and starting states ------------------------------------------------------- */

static struct endpoints *explicit_copy(struct kit *kit, const char *name)
{
    const struct endpoints *stored = kit_endpoints(kit, name);
    struct endpoints *copy = endpoints_create(kit->catalog);
    copy->meta = stored->meta;
    copy->over_capacity = stored->over_capacity;
    copy->is_explicit = true;
    repack_view(kit->catalog, stored, ORDER_FNV128, &copy->subsets);
    return copy;
}

static void foreign_edits(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 3, true);
    kit_run(&kit);
    text_clear(&kit.log);
    /* An edit is not noticed (E-75), until the next sync. */
    struct endpoints *copy = explicit_copy(&kit, "web");
    endpoint_unref(vec_pop(&copy->subsets.items.items[0].addresses));
    engine_apply_endpoints(kit.engine, copy);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1|[http:8080]");
    KIT_TEXT(kit_log(&kit, &text), "user update 2+0-1\n");
    kit_ready(&kit, "web-1", false, 3);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-2|web-1[http:8080]");
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "endpoints update 3+1-0\n"));
    /* One that shows the same, packed otherwise, is left alone (E-61, since 1.35). */
    copy = explicit_copy(&kit, "web");
    struct subset extra = {.ports = copy->subsets.items.items[0].ports};
    vec_push(&extra.addresses, vec_pop(&copy->subsets.items.items[0].addresses));
    vec_push(&copy->subsets.items, extra);
    engine_apply_endpoints(kit.engine, copy);
    struct service *service = kit_service_edit(&kit, "web");
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0|web-1[http:8080] web-2|[http:8080]");
    KIT_TEXT(kit_log(&kit, &text), "user update 3+0-0\n");
    /* A pod event rewrites it. */
    kit_ready(&kit, "web-1", true, 4);
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1,web-2|[http:8080]");
    text_clear(&kit.log);
    /* A deletion is repaired at once, without a trigger time. */
    CU_ASSERT(engine_delete_endpoints(kit.engine, kit.namespace, kit_sym(&kit, "web")));
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1,web-2|[http:8080]");
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-3\nendpoints create 3+3-0\n");
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, NONE);
    kit_fini(&kit);
    text_fini(&text);
}

/* E-76: an orphan goes at the start; what is right is not written. */
static void starting_state(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 0);
    store_set_silent(kit.store, true);
    kit_node(&kit, "node-1", "");
    kit_service(&kit, "web");
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    struct endpoints *orphan = endpoints_create(kit.catalog);
    orphan->meta.namespace = kit.namespace;
    orphan->meta.name = kit_sym(&kit, "gone");
    orphan->is_explicit = true;
    store_create_endpoints(kit.store, orphan, true);
    store_set_silent(kit.store, false);
    kit_run(&kit);
    KIT_TEXT(
        kit_log(&kit, &text), "endpoints create 1+1-0\nendpointslice create 1+1-0\nendpoints delete 0+0-0\n");
    KIT_TEXT(kit.rows.data, "web#0 pods=1 ready=1 ep=1 omitted=0 slices=1 ideal=1 in=1\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* Rows: one for each instant at which a number changed. */
static void rows(void)
{
    struct kit kit;
    kit_begin(&kit);
    kit_service(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit.rows.data, "web#0 pods=0 ready=0 ep=0 omitted=0 slices=1 ideal=1 in=0\n");
    text_clear(&kit.rows);
    kit_pods(&kit, 0, 2, false);
    kit_ready(&kit, "web-0", true, 0);
    kit_run(&kit);
    KIT_TEXT(kit.rows.data, "web#0 pods=2 ready=1 ep=2 omitted=0 slices=1 ideal=1 in=2\n");
    text_clear(&kit.rows);
    kit_terminate(&kit, "web-0");
    kit_run(&kit);
    KIT_TEXT(kit.rows.data, "web#0 pods=2 ready=0 ep=1 omitted=0 slices=1 ideal=1 in=2\n");
    text_clear(&kit.rows);
    kit_service_remove(&kit, "web");
    kit_service(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit.rows.data, "web#0 deleted pods=0 ready=0 ep=0 omitted=0 slices=0 ideal=0 in=0\n"
                            "web#1 pods=2 ready=0 ep=1 omitted=0 slices=1 ideal=1 in=2\n");
    kit_fini(&kit);
}

static uint64_t digest_of(uint64_t seed, enum choice_mode choices)
{
    struct kit kit;
    kit_init(&kit, 3);
    kit.config.choices = choices;
    kit.clock.context.seed = seed;
    kit_node(&kit, "node-1", "zone-a");
    kit_start(&kit);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 20, true);
    kit_run(&kit);
    kit_relabel(&kit, "web-7", "other");
    kit_ready(&kit, "web-3", false, 2);
    kit_run(&kit);
    uint64_t digest = digest_value(&kit.clock.digest);
    kit_fini(&kit);
    return digest;
}

static void digests(void)
{
    CU_ASSERT_EQUAL(digest_of(1, CHOICE_RANDOM), digest_of(1, CHOICE_RANDOM));
    CU_ASSERT_NOT_EQUAL(digest_of(1, CHOICE_RANDOM), digest_of(2, CHOICE_RANDOM));
    CU_ASSERT_NOT_EQUAL(digest_of(1, CHOICE_RANDOM), digest_of(1, CHOICE_FIXED));
}

/* Files can say what no API server would: two pods of one uid and address. Both are listed, by name. */
static void one_uid_twice(void)
{
    struct kit kit;
    struct text text = {0};
    kit_begin(&kit);
    kit_service(&kit, "web");
    struct uuid uid = store_new_uid(kit.store);
    const char *names[] = {"b", "a"};
    for (int i = 0; i < 2; i++) {
        struct pod *pod = pod_create(
            kit.catalog, target_create(kit.catalog, kit.namespace, names[i], 1, uid, NULL), KIT_TIME);
        pod->phase = POD_RUNNING;
        pod->ready = CONDITION_TRUE;
        pod->node_name = kit_sym(&kit, "node-1");
        pod_set_labels(
            pod, labels_with(kit.catalog, pod_labels(pod), kit_sym(&kit, "app"), kit_sym(&kit, "web")));
        pod_set_ip(pod, kit_ip("10.0.0.1"));
        store_put_pod(kit.store, pod);
    }
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a,b|[http:8080]");
    kit_remove(&kit, "b");
    kit_run(&kit);
    KIT_TEXT(kit_subsets(&kit, "web", &text), "a|[http:8080]");
    kit_fini(&kit);
    text_fini(&text);
}

/* The same cluster under each size model: the last request of each controller. */
struct sizes {
    uint64_t bytes[CONTROLLER_COUNT], watch_bytes[CONTROLLER_COUNT];
    uint64_t json[2];
};

static void note_size(void *self, const struct write *write)
{
    struct sizes *sizes = self;
    sizes->bytes[write->controller] = write->bytes;
    sizes->watch_bytes[write->controller] = write->watch_bytes;
}

static struct sizes sizes_of(enum size_model model)
{
    struct kit kit;
    struct sizes sizes = {{0}};
    kit_init(&kit, 0);
    kit.config.size_model = model;
    kit.config.endpoints_watchers = 3;
    kit.config.endpointslice_watchers = 5;
    kit_node(&kit, "node-1", "zone-a");
    kit.engine = engine_create(kit.store, &kit.config);
    engine_observe(kit.engine, &(struct engine_observer){.self = &sizes, .on_write = note_size});
    engine_start(kit.engine);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 7, true);
    kit_run(&kit);
    kit_ready(&kit, "web-1", false, 1);
    kit_run(&kit);
    struct arena arena;
    arena_init(&arena);
    struct subset_list view = {0};
    const struct endpoints *endpoints = kit_endpoints(&kit, "web");
    repack_view(kit.catalog, endpoints, ORDER_FNV128, &view);
    struct managed_list managed = managed_of_endpoints(&arena, kit.catalog, endpoints, KIT_TIME);
    struct text text = {0};
    json_tree_write_compact(encode_endpoints_json(&arena, kit.catalog, endpoints, &view, &managed), &text);
    sizes.json[0] = text.length;
    subset_list_fini(&view);
    text_fini(&text);
    arena_fini(&arena);
    kit_fini(&kit);
    return sizes;
}

static void size_models(void)
{
    struct sizes sizes = sizes_of(SIZE_KEP);
    CU_ASSERT_EQUAL(sizes.bytes[CONTROLLER_ENDPOINTS], 700);
    CU_ASSERT_EQUAL(sizes.watch_bytes[CONTROLLER_ENDPOINTS], 2100);
    CU_ASSERT_EQUAL(sizes.bytes[CONTROLLER_ENDPOINTSLICE], 700);
    CU_ASSERT_EQUAL(sizes.watch_bytes[CONTROLLER_ENDPOINTSLICE], 3500);
    sizes = sizes_of(SIZE_BLOG);
    CU_ASSERT_EQUAL(sizes.bytes[CONTROLLER_ENDPOINTS], 2100);
    CU_ASSERT_EQUAL(sizes.watch_bytes[CONTROLLER_ENDPOINTSLICE], 10500);
    sizes = sizes_of(SIZE_JSON);
    CU_ASSERT_EQUAL(sizes.bytes[CONTROLLER_ENDPOINTS], sizes.json[0]);
    /* {"type":"MODIFIED","object":...} and a newline (O-31). */
    CU_ASSERT_EQUAL(sizes.watch_bytes[CONTROLLER_ENDPOINTS], 3 * (sizes.json[0] + 30));
    CU_ASSERT(sizes.bytes[CONTROLLER_ENDPOINTSLICE] > 7 * 200);
}

static const struct suite_test tests[] = {
    {"two ports (E-85)", two_ports},
    {"mysvc: subsets (E-35)", mysvc},
    {"truncation (E-56, E-63, E-86)", truncation},
    {"truncation of not-ready addresses", truncation_not_ready},
    {"truncation of two subsets (E-57)", truncation_of_two},
    {"no capacity", no_capacity},
    {"selector, ExternalName, ports (E-3, E-4, E-20)", untouched},
    {"labels (E-61, E-65)", labels},
    {"trigger times (C-63)", trigger_times},
    {"events (C-14 to C-17)", events},
    {"foreign edits (E-61, E-75)", foreign_edits},
    {"starting state (E-76)", starting_state},
    {"rows of the timeline", rows},
    {"one uid twice", one_uid_twice},
    {"size models", size_models},
    {"digests", digests},
};

int main(void)
{
    return suite_main("engine_endpoints", tests, sizeof tests / sizeof tests[0]);
}
