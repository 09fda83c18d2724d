/*
 * engine_slices_test.c: the EndpointSlice controller in hand-made situations: exact slices and requests.
 * It pins S-40 to S-49, S-60 to S-64, S-71, the worked checks S-80 to S-88, foreign edits and the collector.
 * It does not pin which of equal candidates is chosen: FIXED choices take the first.
 */
#include "engine_kit.h"

#include "engine/engine_private.h"

static void kit_fixed(struct kit *kit, uint32_t per_slice)
{
    kit_init(kit, per_slice);
    kit->config.choices = CHOICE_FIXED;
    kit_node(kit, "node-1", "zone-a");
}

static void fifteen_by_five(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 5);
    kit_start(&kit);
    kit_service(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
    for (uint32_t i = 0; i < 15; i++) {
        kit_pods(&kit, i, 1, true);
        kit_run(&kit);
    }
    KIT_TEXT(kit_slices(&kit, "web", &text),
        "[http:8080]=web-0,web-1,web-2,web-3,web-4 [http:8080]=web-5,web-6,web-7,web-8,web-9 "
        "[http:8080]=web-10,web-11,web-12,web-13,web-14");
    struct service_state state;
    CU_ASSERT(engine_state(kit.engine, kit.namespace, kit_sym(&kit, "web"), &state));
    CU_ASSERT_EQUAL(state.slices, 3);
    CU_ASSERT_EQUAL(state.slices_ideal, 3);
    CU_ASSERT_EQUAL(state.ready, 15);
    CU_ASSERT_EQUAL(state.ep_addresses, 15);
    kit_fini(&kit);
    text_fini(&text);
}

/* S-49, S-87: an empty Service has one slice, which is recycled to and fro. */
static void placeholder(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "endpoints create 0+0-0\nendpointslice create 0+0-0\n");
    kit_pods(&kit, 0, 100, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "100");
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 100+100-0\nendpointslice update 100+100-0\n");
    for (uint32_t i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "web-%u", i);
        kit_remove(&kit, name);
    }
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 0+0-100\nendpointslice update 0+0-100\n");
    struct service *service = kit_service_edit(&kit, "web");
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "");
    kit_fini(&kit);
    text_fini(&text);
}

/* A starting state of slices of given lengths, all of whose endpoints are wanted, and so many pods more. */
static void start_with(struct kit *kit, const uint32_t *lengths, uint32_t count, uint32_t more)
{
    kit_service(kit, "web");
    uint32_t pods = 0;
    for (uint32_t i = 0; i < count; i++)
        pods += lengths[i];
    kit_run(kit);
    /* One slice after the other: full ones of their own length. */
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < lengths[i]; k++)
            kit_pods(kit, at + k, 1, true);
        at += lengths[i];
        kit_run(kit);
    }
    text_clear(&kit->log);
    kit_pods(kit, pods, more, true);
    kit_run(kit);
}

/* S-80: 62 and 61 cannot come from one another by filling, so the pods come in lots that do not fit. */
static void best_fit(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    const uint32_t lengths[] = {62, 61};
    start_with(&kit, lengths, 2, 127);
    KIT_TEXT(kit_sizes(&kit, &text), "89 61 100");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 250+127-0\nendpointslice create 100+100-0\nendpointslice update 89+27-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

static void no_fit(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    const uint32_t lengths[] = {74, 74};
    start_with(&kit, lengths, 2, 152);
    KIT_TEXT(kit_sizes(&kit, &text), "74 74 100 52");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 300+152-0\nendpointslice create 100+100-0\nendpointslice create 52+52-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

static void set_target_port(struct kit *kit, int32_t port)
{
    struct service *service = kit_service_edit(kit, "web");
    service->ports[0].target_port = port;
    store_put_service(kit->store, service);
    kit_run(kit);
}

/* S-82. */
static void all_ports_change(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    const uint32_t lengths[] = {250};
    start_with(&kit, lengths, 1, 0);
    /* The last create, of 50, took the placeholder's name, and takes the first slice's again. */
    KIT_TEXT(kit_sizes(&kit, &text), "50 100 100");
    text_clear(&kit.log);
    set_target_port(&kit, 9090);
    KIT_TEXT(kit_sizes(&kit, &text), "50 100 100");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 250+0-0\nendpointslice update 50+0-0\nendpointslice update 100+100-100\n"
        "endpointslice update 100+100-100\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-83. */
static void ten_slices_of_thirty(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 30);
    const uint32_t lengths[] = {300};
    start_with(&kit, lengths, 1, 0);
    KIT_TEXT(kit_sizes(&kit, &text), "30 30 30 30 30 30 30 30 30 30");
    kit.engine->config.endpoints_per_slice_max = 100;
    text_clear(&kit.log);
    set_target_port(&kit, 9090);
    KIT_TEXT(kit_sizes(&kit, &text), "100 100 100");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 300+0-0\nendpointslice update 100+70-0\nendpointslice update 100+100-30\n"
        "endpointslice update 100+70-0\nendpointslice delete 0+0-30\nendpointslice delete 0+0-30\n"
        "endpointslice delete 0+0-30\nendpointslice delete 0+0-30\nendpointslice delete 0+0-30\n"
        "endpointslice delete 0+0-30\nendpointslice delete 0+0-30\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-84: 80 and 20, one endpoint changed in each, 15 new. */
static void update_slices_first(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    const uint32_t lengths[] = {80, 21};
    start_with(&kit, lengths, 2, 0);
    kit_remove(&kit, "web-100");
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "80 20");
    text_clear(&kit.log);
    kit_ready(&kit, "web-0", false, 5);
    kit_ready(&kit, "web-90", false, 5);
    kit_pods(&kit, 200, 15, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "95 20");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 115+15-0\nendpointslice update 95+15-0\nendpointslice update 20+0-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-85: a full update slice takes nothing; the unchanged one of 90 does. */
static void full_update_slice(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    const uint32_t lengths[] = {100, 90};
    start_with(&kit, lengths, 2, 0);
    KIT_TEXT(kit_sizes(&kit, &text), "100 90");
    text_clear(&kit.log);
    kit_ready(&kit, "web-3", false, 5);
    kit_pods(&kit, 200, 5, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "100 95");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 195+5-0\nendpointslice update 100+0-0\nendpointslice update 95+5-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-27, S-86: an error, a placeholder, retries that double from 1 s, and the node's coming. */
static void missing_node(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0");
    text_clear(&kit.log);
    CU_ASSERT(store_remove_node(kit.store, kit_sym(&kit, "node-1")));
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "");
    kit_ready(&kit, "web-0", false, 5);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
    KIT_TEXT(kit_subsets(&kit, "web", &text), "|web-0[http:8080]");
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 1+0-0\nendpointslice update 0+0-1\n");
    uint64_t syncs = engine_totals(kit.engine)->syncs[CONTROLLER_ENDPOINTSLICE];
    kit_run_until(&kit, 20);
    /* After 1, 3, 7 and 15 s. */
    CU_ASSERT_EQUAL(engine_totals(kit.engine)->syncs[CONTROLLER_ENDPOINTSLICE], syncs + 4);
    CU_ASSERT_EQUAL(engine_totals(kit.engine)->sync_errors[CONTROLLER_ENDPOINTSLICE], 5);
    KIT_TEXT(kit_log(&kit, &text), "");
    kit_node(&kit, "node-1", "zone-b");
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "");
    kit_run_until(&kit, 40); /* the retry at 31 s finds the node */
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0-!");
    CU_ASSERT_EQUAL(engine_totals(kit.engine)->sync_errors[CONTROLLER_ENDPOINTSLICE], 5);
    kit_fini(&kit);
    text_fini(&text);
}

/* After 15 retries the key is dropped. */
static void retries_end(void)
{
    struct kit kit;
    kit_init(&kit, 0);
    kit_service(&kit, "web");
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    kit_run_until(&kit, 100000);
    CU_ASSERT_EQUAL(engine_totals(kit.engine)->sync_errors[CONTROLLER_ENDPOINTSLICE], 16);
    /* 1 + 2 + ... + 512, then 1000 five times (C-41). */
    CU_ASSERT_EQUAL(clock_now(&kit.clock), 6023 * NS_PER_S);
    kit_fini(&kit);
}

/* S-88 and S-34: a pod that goes and comes; one that comes again under its name and address. */
static void replaced_pods(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 5);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 10, true);
    kit_run(&kit);
    text_clear(&kit.log);
    kit_remove(&kit, "web-3");
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "4 5");
    kit_pods(&kit, 10, 1, true);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text),
        "[http:8080]=web-0,web-1,web-2,web-4,web-10 [http:8080]=web-5,web-6,web-7,web-8,web-9");
    text_clear(&kit.log);
    kit_remove(&kit, "web-6");
    kit_pods(&kit, 6, 1, false);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text),
        "[http:8080]=web-0,web-1,web-2,web-4,web-10 [http:8080]=web-5,web-6-!,web-7,web-8,web-9");
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 10+1-1\nendpointslice update 5+0-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

static void terminating_pods(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 2, true);
    kit_run(&kit);
    text_clear(&kit.log);
    kit_terminate(&kit, "web-0");
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0-~,web-1");
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-1|[http:8080]");
    struct service *service = kit_service_edit(&kit, "web");
    service->publish_not_ready_addresses = true;
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0~,web-1");
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1|[http:8080]");
    kit_remove(&kit, "web-0");
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-1");
    kit_fini(&kit);
    text_fini(&text);
}

/* --- foreign edits --------------------------------------------------------------------------- */

static bool first_slice(void *context, const void *object)
{
    *(const struct endpointslice **)context = object;
    return false;
}

static struct endpointslice *the_slice(struct kit *kit)
{
    struct endpointslice *slice = NULL;
    store_each(kit->store, OBJECT_ENDPOINTSLICE, kit->namespace, first_slice, &slice);
    CU_ASSERT_FATAL(slice != NULL);
    return slice;
}

/* A copy with the given endpoints alone. */
static struct endpointslice *copy_slice(struct kit *kit, const struct endpointslice *slice, uint32_t keep)
{
    struct endpointslice *copy = endpointslice_create(kit->catalog);
    copy->meta = slice->meta;
    copy->address_type = slice->address_type;
    copy->ports = slice->ports;
    copy->owners = mem_array(NULL, slice->owner_count, sizeof *copy->owners);
    memcpy(copy->owners, slice->owners, slice->owner_count * sizeof *copy->owners);
    copy->owner_count = slice->owner_count;
    for (uint32_t i = 0; i < keep; i++)
        endpointslice_append(copy, endpoint_ref(endpointslice_at(slice, i)));
    return copy;
}

static void foreign_edits(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 4, true);
    kit_run(&kit);
    text_clear(&kit.log);
    /* Somebody takes two endpoints out: the generation rises, and the controller puts them back (S-58). */
    engine_apply_endpointslice(kit.engine, copy_slice(&kit, the_slice(&kit), 2));
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0,web-1,web-2,web-3");
    KIT_TEXT(kit_log(&kit, &text), "user update 2+0-2\nendpointslice update 4+2-0\n");
    CU_ASSERT_EQUAL(the_slice(&kit)->meta.generation, 3);
    /* An annotation does not raise it, and goes unnoticed (S-59). */
    struct endpointslice *copy = copy_slice(&kit, the_slice(&kit), 4);
    copy->meta.annotations =
        labels_with(kit.catalog, copy->meta.annotations, kit_sym(&kit, "note"), kit_sym(&kit, "mine"));
    engine_apply_endpointslice(kit.engine, copy);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "user update 4+0-0\n");
    /* It stays when the slice is written (S-61). */
    kit_ready(&kit, "web-2", false, 9);
    kit_run(&kit);
    CU_ASSERT(labels_get(the_slice(&kit)->meta.annotations, kit_sym(&kit, "note"), NULL));
    CU_ASSERT_EQUAL(the_slice(&kit)->meta.trigger_s, KIT_TIME + 9);
    text_clear(&kit.log);
    /* A deletion is repaired. */
    CU_ASSERT(engine_delete_endpointslice(kit.engine, kit.namespace, the_slice(&kit)->meta.name));
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0,web-1,web-2-!,web-3");
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-4\nendpointslice create 4+4-0\n");
    /* So is a label of the Service's, and only then does a foreign one go. */
    struct service *service = kit_service_edit(&kit, "web");
    service->meta.labels =
        labels_with(kit.catalog, service->meta.labels, kit_sym(&kit, "team"), kit_sym(&kit, "blue"));
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 4+0-0\nendpointslice update 4+0-0\n");
    CU_ASSERT_EQUAL(the_slice(&kit)->meta.labels->count, 3);
    kit_fini(&kit);
    text_fini(&text);
}

/* S-15: a slice that is not owned goes. */
static void unowned_slice(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 2, true);
    kit_run(&kit);
    text_clear(&kit.log);
    struct endpointslice *copy = copy_slice(&kit, the_slice(&kit), 2);
    copy->meta.name = kit_sym(&kit, "mine");
    copy->owner_count = 0;
    engine_apply_endpointslice(kit.engine, copy);
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "user create 2+2-0\nendpointslice delete 0+0-2\n");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0,web-1");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-2, E-77: the controller deletes no slice; the collector does, and Endpoints go by two DELETEs. */
static void service_deleted(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 1);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 2, true);
    kit_run(&kit);
    text_clear(&kit.log);
    text_clear(&kit.rows);
    uint64_t syncs = engine_totals(kit.engine)->syncs[CONTROLLER_ENDPOINTS];
    kit_service_remove(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints delete 0+0-2\ngarbage-collector delete 0+0-1\ngarbage-collector delete 0+0-1\n");
    CU_ASSERT_EQUAL(engine_totals(kit.engine)->syncs[CONTROLLER_ENDPOINTS], syncs + 2);
    CU_ASSERT_EQUAL(store_count(kit.store, OBJECT_ENDPOINTSLICE), 0);
    KIT_TEXT(kit.rows.data, "web#0 deleted pods=0 ready=0 ep=0 omitted=0 slices=0 ideal=0 in=0\n");
    kit_service(&kit, "web");
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0 [http:8080]=web-1");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-52: a label that only the Service has comes with the next write; headless-ness alone writes nothing. */
static void headless(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 2);
    struct service *service = kit_service_draft(&kit, "web", 0);
    service->cluster_ip = catalog_word(kit.catalog, WORD_NONE);
    store_put_service(kit.store, service);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
    CU_ASSERT(labels_get(the_slice(&kit)->meta.labels, catalog_word(kit.catalog, WORD_HEADLESS), NULL));
    text_clear(&kit.log);
    kit_pods(&kit, 0, 1, true);
    kit_run(&kit);
    /* The placeholder is an ordinary slice here: it is filled. */
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=web-0");
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0|[]");
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 1+1-0\nendpointslice update 1+1-0\n");
    kit_fini(&kit);
    /* Exactly k x M pods at once leave it empty (S-49). */
    kit_fixed(&kit, 2);
    service = kit_service_draft(&kit, "web", 0);
    service->cluster_ip = catalog_word(kit.catalog, WORD_NONE);
    store_put_service(kit.store, service);
    kit_run(&kit);
    kit_pods(&kit, 0, 4, true);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]= []=web-0,web-1 []=web-2,web-3");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-23: up to 1.35 slices without ports are rewritten in every sync. */
static void nil_ports(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 2);
    kit.config.kube_minor = 35;
    struct service *service = kit_service_draft(&kit, "web", 0);
    service->cluster_ip = catalog_word(kit.catalog, WORD_NONE);
    store_put_service(kit.store, service);
    kit_pods(&kit, 0, 3, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "2 1");
    text_clear(&kit.log);
    kit_pods(&kit, 3, 1, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "2 2");
    KIT_TEXT(kit_log(&kit, &text),
        "endpoints update 4+1-0\nendpointslice update 2+2-2\nendpointslice update 2+2-1\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* S-10, S-12: each family is packed for itself. */
static void dual_stack(void)
{
    struct kit kit;
    struct text text = {0};
    kit_fixed(&kit, 0);
    struct service *service = kit_service_draft(&kit, "web", 1);
    service->families[1] = IP_V6;
    service->family_count = 2;
    store_put_service(kit.store, service);
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    struct pod *pod = kit_draft(&kit, "web-1", "", "web", true, 0);
    const char *ips[] = {"10.0.0.2", "fd00::2"};
    pod_set_ips(pod, kit.catalog, ips, 2);
    store_put_pod(kit.store, pod);
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0,web-1 IPv6[http:8080]=web-1");
    KIT_TEXT(kit_subsets(&kit, "web", &text), "web-0,web-1|[http:8080]");
    kit_remove(&kit, "web-1");
    kit_run(&kit);
    /* web-0 still asks for the port key in IPv6 (S-26), but its slice has nothing and goes for a placeholder.
     */
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0 IPv6[]=");
    kit_fini(&kit);
    text_fini(&text);
}

/* H-free S-50: what a slice of ours looks like. */
static void new_slice(void)
{
    struct kit kit;
    kit_fixed(&kit, 0);
    kit_service(&kit, "web");
    kit_pods(&kit, 0, 1, true);
    kit_run(&kit);
    const struct endpointslice *slice = the_slice(&kit);
    const struct service *service = store_service(kit.store, kit.namespace, kit_sym(&kit, "web"));
    CU_ASSERT_STRING_EQUAL(catalog_text(kit.catalog, slice->meta.generate_name), "web-");
    CU_ASSERT_EQUAL(strlen(catalog_text(kit.catalog, slice->meta.name)), 9);
    CU_ASSERT_EQUAL(slice->owner_count, 1);
    CU_ASSERT(uid_equal(slice->owners[0].uid, SYM_EMPTY, service->meta.uid, SYM_EMPTY));
    CU_ASSERT_EQUAL(slice->owners[0].controller, 1);
    CU_ASSERT_EQUAL(slice->meta.generation, 1);
    CU_ASSERT_EQUAL(slice->meta.trigger_s, KIT_TIME); /* the first call gives the Service's time (C-63) */
    CU_ASSERT_EQUAL(kit.last.watchers, 2);
    CU_ASSERT_EQUAL(kit.last.bytes, size_endpointslice(kit.catalog, slice));
    CU_ASSERT_EQUAL(kit.last.watch_bytes,
        2 * size_watch_frame(size_envelope_endpointslice(size_endpointslice(kit.catalog, slice)), 5));
    const struct endpoint *endpoint = endpointslice_at(slice, 0);
    CU_ASSERT_EQUAL(endpoint_zone(endpoint), kit_sym(&kit, "zone-a"));
    CU_ASSERT_EQUAL(endpoint_node_name(endpoint), kit_sym(&kit, "node-1"));
    /* One record serves both objects. */
    CU_ASSERT_EQUAL(endpoint->refs_, 2);
    kit_fini(&kit);
}

static const struct suite_test tests[] = {
    {"15 pods at 5 a slice", fifteen_by_five},
    {"placeholder (S-49, S-87)", placeholder},
    {"best fit (S-80)", best_fit},
    {"no fit (S-81)", no_fit},
    {"all ports change (S-82)", all_ports_change},
    {"ten slices of thirty (S-83)", ten_slices_of_thirty},
    {"update slices first (S-84)", update_slices_first},
    {"full update slice (S-85)", full_update_slice},
    {"missing node (S-27, S-86)", missing_node},
    {"retries end (C-40)", retries_end},
    {"replaced pods (S-34, S-88)", replaced_pods},
    {"terminating pods (S-29)", terminating_pods},
    {"foreign edits (S-58)", foreign_edits},
    {"unowned slice (S-15)", unowned_slice},
    {"Service deleted (S-2, E-77)", service_deleted},
    {"headless without ports (S-49)", headless},
    {"nil port lists (S-23)", nil_ports},
    {"dual stack (S-12)", dual_stack},
    {"new slice (S-50)", new_slice},
};

int main(void)
{
    return suite_main("engine_slices", tests, sizeof tests / sizeof tests[0]);
}
