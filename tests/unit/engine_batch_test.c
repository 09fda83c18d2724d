/*
 * engine_batch_test.c: batch periods (C-11, C-21, C-22, M-42, S-58).
 * It pins when syncs come, what they find, and what bypasses a window; at window ends to the nanosecond.
 * It does not pin what syncs write: engine_model_test holds that against the plain reconciler.
 */
#include "engine_kit.h"

#include "engine/engine_private.h"
#include "kernel/random.h"

#define S NS_PER_S
#define PERIOD (2 * S)

/* --- time ------------------------------------------------------------------------------------ */

static void nothing(void *subject, uint64_t argument)
{
    (void)subject, (void)argument;
}

/* What the test does next happens at that time, after all that was due then. */
static void go_to(struct kit *kit, sim_time at_ns)
{
    clock_at(&kit->clock, at_ns, PHASE_SCENARIO, EVENT_USER, nothing, NULL, 0);
    clock_run(&kit->clock, at_ns);
}

static void run_to(struct kit *kit, sim_time at_ns)
{
    clock_run(&kit->clock, at_ns);
}

/* One Service with two ready pods, at `at_ns`; nothing is pending, and the log is empty. */
static void begin(struct kit *kit, int64_t endpoints_ns, int64_t slices_ns)
{
    struct text text = {0};
    kit_init(kit, 0);
    kit->config.endpoint_updates_batch_period_ns = endpoints_ns;
    kit->config.endpointslice_updates_batch_period_ns = slices_ns;
    kit_node(kit, "node-1", "zone-a");
    kit_service(kit, "web");
    kit_pods(kit, 0, 2, true);
    kit_run_until(kit, 9);
    go_to(kit, 10 * S);
    KIT_TEXT(kit_log(kit, &text), "endpoints create 2+2-0\nendpointslice create 2+2-0\n");
    text_fini(&text);
}

static uint64_t syncs(const struct kit *kit, enum controller controller)
{
    return engine_totals(kit->engine)->syncs[controller];
}

/* --- windows --------------------------------------------------------------------------------- */

/* C-22: the first event opens the window, later ones neither postpone its end nor add a sync. */
static void one_window(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, PERIOD, PERIOD);
    uint64_t before = syncs(&kit, CONTROLLER_ENDPOINTSLICE);
    kit_pods(&kit, 2, 1, true);
    go_to(&kit, 11 * S);
    kit_pods(&kit, 3, 1, true);
    go_to(&kit, 12 * S - 1);
    kit_pods(&kit, 4, 1, true);
    run_to(&kit, 12 * S - 1);
    KIT_TEXT(kit_log(&kit, &text), "");
    run_to(&kit, 12 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 5+3-0\nendpointslice update 5+3-0\n");
    CU_ASSERT_EQUAL(kit.last.at_ns, 12 * S);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME);
    run_to(&kit, 100 * S);
    KIT_TEXT(kit_log(&kit, &text), "");
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTSLICE), before + 1);
    kit_fini(&kit);
    text_fini(&text);
}

static void remove_in_kubelet_phase(void *subject, uint64_t argument)
{
    (void)argument;
    kit_remove(subject, "web-0");
}

/* At the instant at which a window ends: what comes from kubelets still belongs to it, what the scenario does
 * then opens the next. */
static void very_end(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, PERIOD, PERIOD);
    kit_pods(&kit, 2, 1, true);
    clock_at(&kit.clock, 12 * S, PHASE_KUBELET, EVENT_USER, remove_in_kubelet_phase, &kit, 0);
    go_to(&kit, 12 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 2+1-1\nendpointslice update 2+1-1\n");
    kit_pods(&kit, 3, 1, true);
    run_to(&kit, 14 * S - 1);
    KIT_TEXT(kit_log(&kit, &text), "");
    run_to(&kit, 14 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 3+1-0\nendpointslice update 3+1-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* Each controller has its period, each Service its window. */
static void apart(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, 0, PERIOD);
    struct service *api = kit_service_draft(&kit, "api", 1);
    api->selector =
        labels_with(kit.catalog, labels_empty(kit.catalog), kit_sym(&kit, "app"), kit_sym(&kit, "api"));
    store_put_service(kit.store, api);
    run_to(&kit, 10 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints create 0+0-0\nendpointslice create 0+0-0\n");
    kit_remove(&kit, "web-0");
    go_to(&kit, 11 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 1+0-1\n");
    kit_relabel(&kit, "web-1", "api"); /* C-17: both Services; the window of one is open already */
    run_to(&kit, 11 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 0+0-1\nendpoints update 1+1-0\n");
    run_to(&kit, 12 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpointslice update 0+0-2\n");
    run_to(&kit, 13 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpointslice update 1+1-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* What a window brings and takes away again is never seen; a pod that flips to and fro neither. */
static void cancelled_out(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, PERIOD, PERIOD);
    uint64_t before = syncs(&kit, CONTROLLER_ENDPOINTS);
    kit_pods(&kit, 2, 50, true);
    kit_ready(&kit, "web-0", false, 10);
    kit_terminate(&kit, "web-1");
    go_to(&kit, 11 * S);
    for (uint32_t i = 2; i < 52; i++) {
        char name[16];
        snprintf(name, sizeof name, "web-%u", i);
        kit_remove(&kit, name);
    }
    kit_ready(&kit, "web-0", true, 11);
    kit_remove(&kit, "web-1");
    kit_relabel(&kit, "web-0", "other");
    go_to(&kit, 11500 * NS_PER_MS);
    kit_relabel(&kit, "web-0", "web");
    struct pod *again = kit_draft(&kit, "web-1", "10.0.0.2", "web", true, 0);
    store_put_pod(kit.store, again);
    run_to(&kit, 100 * S);
    /* web-1 is another pod now, to Endpoints another address (E-31) and to the slice the same endpoint
     * (S-33); web-0 is as before. Nobody saw the fifty. */
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 2+1-1\nendpointslice update 2+0-0\n");
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTS), before + 1);
    kit_ready(&kit, "web-0", false, 20);
    run_to(&kit, clock_now(&kit.clock) + S);
    kit_ready(&kit, "web-0", true, 21);
    run_to(&kit, 200 * S);
    KIT_TEXT(kit_log(&kit, &text), "");
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTS), before + 2);
    kit_fini(&kit);
    text_fini(&text);
}

/* C-63: of all changes in a window the earliest counts. */
static void trigger_time(void)
{
    struct kit kit;
    begin(&kit, PERIOD, PERIOD);
    kit_ready(&kit, "web-0", false, 10);
    go_to(&kit, 11 * S);
    kit_ready(&kit, "web-1", false, 11);
    run_to(&kit, 12 * S);
    CU_ASSERT_EQUAL(kit_endpoints(&kit, "web")->meta.trigger_s, KIT_TIME + 10);
    CU_ASSERT_EQUAL(kit.last.slice->meta.trigger_s, KIT_TIME + 10);
    kit_fini(&kit);
}

/* C-69: a storm of relabelled pods costs each Service one sync a window. */
static void relabel_storm(void)
{
    struct kit kit;
    begin(&kit, PERIOD, PERIOD);
    kit_pods(&kit, 2, 98, true);
    struct service *other = kit_service_draft(&kit, "other", 1);
    other->selector =
        labels_with(kit.catalog, labels_empty(kit.catalog), kit_sym(&kit, "app"), kit_sym(&kit, "other"));
    store_put_service(kit.store, other);
    go_to(&kit, 20 * S);
    uint64_t before = syncs(&kit, CONTROLLER_ENDPOINTSLICE);
    for (uint32_t i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "web-%u", i);
        go_to(&kit, 20 * S + i * 100 * NS_PER_MS); /* the last one at 29.9 s */
        kit_relabel(&kit, name, "other");
    }
    run_to(&kit, 100 * S);
    /* Windows open at 20, 22, 24, 26 and 28 s: an event at their end opens the next. */
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTSLICE), before + 2 * 5);
    kit_fini(&kit);
}

/* --- what does not wait (C-10, C-22) --------------------------------------------------------- */

/* A Service's edit is synced at once, with what the window has brought until then; the timer still fires, and
 * finds nothing to do (C-21). */
static void service_edited(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, PERIOD, PERIOD);
    uint64_t before = syncs(&kit, CONTROLLER_ENDPOINTSLICE);
    kit_pods(&kit, 2, 1, true);
    go_to(&kit, 11 * S);
    KIT_TEXT(kit_log(&kit, &text), "");
    struct service *service = kit_service_edit(&kit, "web");
    service->ports[0].target_port = 9000;
    store_put_service(kit.store, service);
    run_to(&kit, 11 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 3+1-0\nendpointslice update 3+1-0\n");
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTSLICE), before + 1);
    run_to(&kit, 100 * S);
    KIT_TEXT(kit_log(&kit, &text), "");
    CU_ASSERT_EQUAL(syncs(&kit, CONTROLLER_ENDPOINTSLICE), before + 2);
    kit_fini(&kit);
    text_fini(&text);
}

/* A Service that is deleted loses its objects at once; at the end of the window there is nothing, or the next
 * Service of that name, whose events have been worked off. */
static void service_deletion(void)
{
    for (int again = 0; again < 2; again++) {
        struct kit kit;
        struct text text = {0};
        begin(&kit, PERIOD, PERIOD);
        kit_pods(&kit, 2, 1, true);
        go_to(&kit, 11 * S);
        kit_service_remove(&kit, "web");
        go_to(&kit, 11500 * NS_PER_MS);
        KIT_TEXT(kit_log(&kit, &text), "endpoints delete 0+0-2\ngarbage-collector delete 0+0-2\n");
        if (again)
            kit_service(&kit, "web");
        run_to(&kit, 11500 * NS_PER_MS);
        KIT_TEXT(kit_log(&kit, &text), again ? "endpoints create 3+3-0\nendpointslice create 3+3-0\n" : "");
        run_to(&kit, 100 * S);
        KIT_TEXT(kit_log(&kit, &text), "");
        kit_fini(&kit);
        text_fini(&text);
    }
}

/* S-58, E-75: a slice that somebody edited waits, Endpoints that somebody deleted do not. */
static void edits_by_others(void)
{
    struct kit kit;
    struct text text = {0};
    begin(&kit, PERIOD, PERIOD);
    sym slice = kit.last.object;
    engine_delete_endpoints(kit.engine, kit.namespace, kit_sym(&kit, "web"));
    engine_delete_endpointslice(kit.engine, kit.namespace, slice);
    go_to(&kit, 11 * S);
    kit_remove(&kit, "web-0");
    run_to(&kit, 12 * S - 1);
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-2\nuser delete 0+0-2\nendpoints create 2+2-0\n");
    run_to(&kit, 12 * S); /* of the slice; of Endpoints a second later */
    KIT_TEXT(kit_log(&kit, &text), "endpointslice create 1+1-0\n");
    run_to(&kit, 13 * S);
    KIT_TEXT(kit_log(&kit, &text), "endpoints update 1+0-1\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* M-41, M-42: Endpoints are mirrored at once; what somebody does to the mirrored slice waits. */
static void mirroring(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 0);
    kit.config.mirroring_endpointslice_updates_batch_period_ns = PERIOD;
    kit_node(&kit, "node-1", "zone-a");
    struct service *service = kit_service_draft(&kit, "web", 1);
    service->selector = NULL;
    store_put_service(kit.store, service);
    kit_run(&kit);
    go_to(&kit, 10 * S);
    KIT_TEXT(kit_log(&kit, &text), "");
    struct endpoints *endpoints = endpoints_create(kit.catalog);
    endpoints->meta.namespace = kit.namespace;
    endpoints->meta.name = kit_sym(&kit, "web");
    endpoints->is_explicit = true;
    struct subset subset = {.ports = ports_intern(kit.catalog, &(struct port){.number = 80}, 1)};
    struct endpoint_draft draft = {.ip = ip_parse("10.0.0.1", 8)};
    vec_push(&subset.addresses, endpoint_create(kit.catalog, &draft));
    vec_push(&endpoints->subsets.items, subset);
    engine_apply_endpoints(kit.engine, endpoints);
    run_to(&kit, 10 * S);
    KIT_TEXT(kit_log(&kit, &text), "user create 1+1-0\nmirroring create 1+1-0\n");
    engine_delete_endpointslice(kit.engine, kit.namespace, kit.last.object);
    run_to(&kit, 12 * S - 1);
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-1\n");
    run_to(&kit, 12 * S);
    KIT_TEXT(kit_log(&kit, &text), "mirroring create 1+1-0\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* --- delay and lag --------------------------------------------------------------------------- */

/* C-72: from the earliest change of the window, to the nanosecond, though times are seconds on the wire. */
static void delay(void)
{
    struct kit kit;
    begin(&kit, 0, PERIOD);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 0); /* ready since before the run */
    go_to(&kit, 10 * S + 250);
    kit_ready(&kit, "web-0", false, 10);
    go_to(&kit, 10 * S + 750);
    kit_ready(&kit, "web-1", false, 10);
    go_to(&kit, 11 * S + 300);
    kit_ready(&kit, "web-0", true, 11); /* its first change is not seen any more */
    run_to(&kit, 12 * S + 250);
    CU_ASSERT_EQUAL(kit.last.at_ns, 12 * S + 250);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 10 * S + 750);
    go_to(&kit, 20 * S);
    kit_remove(&kit, "web-1"); /* C-64 */
    run_to(&kit, 22 * S);
    CU_ASSERT_EQUAL(kit.last.at_ns, 22 * S);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 0);
    go_to(&kit, 30 * S + 100);
    kit_relabel(&kit, "web-0", "other");
    run_to(&kit, 40 * S);
    go_to(&kit, 50 * S + 900);
    kit_relabel(&kit, "web-0", "web"); /* brings the time since which it is ready */
    run_to(&kit, 60 * S);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 11 * S + 300);
    go_to(&kit, 70 * S + 5);
    kit_service_remove(&kit, "web");
    run_to(&kit, 80 * S);
    go_to(&kit, 80 * S + 7);
    kit_service(&kit, "web");
    run_to(&kit, 81 * S); /* its own time of creation */
    CU_ASSERT_EQUAL(kit.last.at_ns, 80 * S + 7);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 80 * S + 7);
    struct service *service = kit_service_edit(&kit, "web");
    service->cluster_ip = catalog_word(kit.catalog, WORD_NONE);
    store_put_service(kit.store, service);
    go_to(&kit, 90 * S);
    kit_ready(&kit, "web-0", false, 90);
    run_to(&kit, 95 * S);
    CU_ASSERT_EQUAL(kit.last.at_ns, 92 * S);
    CU_ASSERT_EQUAL(kit.last.trigger_ns, 0); /* headless: no proxy looks */
    kit_fini(&kit);
}

/* What pods and slices come to, looked up one by one. `names`: "pod" of ready pods, of endpoints that are
 * shown as ready. */
struct lookup {
    struct kit *kit;
    uint32_t not_yet_listed, still_listed;
};

static const struct endpoint *shown(struct kit *kit, const struct pod *pod, const char *name);

static bool visit_pod(void *context, const void *object)
{
    struct lookup *lookup = context;
    const struct pod *pod = object;
    sym value = SYM_EMPTY;
    labels_get(pod_labels(pod), kit_sym(lookup->kit, "app"), &value);
    bool is_selected = value == kit_sym(lookup->kit, "web");
    if (is_selected && pod_is_ready(pod) && !pod_is_terminating(pod))
        lookup->not_yet_listed += !shown(lookup->kit, pod, target_name_here(pod_self(pod)));
    return true;
}

static bool visit_slice(void *context, const void *object)
{
    struct lookup *lookup = context;
    const struct endpointslice *slice = object;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        if (endpoint_ready(endpoint) != CONDITION_TRUE)
            continue;
        const struct pod *pod = store_pod(
            lookup->kit->store, lookup->kit->namespace, target_name_here(endpoint_target(endpoint)));
        sym value = SYM_EMPTY;
        if (pod)
            labels_get(pod_labels(pod), kit_sym(lookup->kit, "app"), &value);
        lookup->still_listed += value != kit_sym(lookup->kit, "web") || !pod_is_ready(pod) ||
                                pod_is_terminating(pod) || !ip_equal(pod_ip(pod, 0), endpoint_ip(endpoint));
    }
    return true;
}

struct shown_walk {
    const struct pod *pod;
    const char *name;
    const struct endpoint *found;
};

static bool find_shown(void *context, const void *object)
{
    struct shown_walk *walk = context;
    const struct endpointslice *slice = object;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        if (endpoint_ready(endpoint) == CONDITION_TRUE &&
            strcmp(target_name_here(endpoint_target(endpoint)), walk->name) == 0 &&
            ip_equal(endpoint_ip(endpoint), pod_ip(walk->pod, 0)))
            walk->found = endpoint;
    }
    return !walk->found;
}

static const struct endpoint *shown(struct kit *kit, const struct pod *pod, const char *name)
{
    struct shown_walk walk = {pod, name, NULL};
    store_each(kit->store, OBJECT_ENDPOINTSLICE, kit->namespace, find_shown, &walk);
    return walk.found;
}

static void change_something(struct kit *kit, struct random_stream *random)
{
    char name[16], ip[16];
    uint64_t number = random_below(random, 12);
    snprintf(name, sizeof name, "web-%u", (unsigned)number);
    snprintf(ip, sizeof ip, "10.0.%u.%u", (unsigned)random_below(random, 3), (unsigned)number + 1);
    const struct pod *pod = store_pod(kit->store, kit->namespace, name);
    int64_t second = clock_now(&kit->clock) / S;
    switch (random_below(random, 5)) {
    case 0:
    case 1:
        if (pod)
            kit_ready(kit, name, !pod_is_ready(pod), second);
        else
            store_put_pod(kit->store, kit_draft(kit, name, ip, "web", random_below(random, 3) > 0, second));
        break;
    case 2:
        if (pod)
            kit_remove(kit, name);
        break;
    case 3:
        if (pod)
            kit_relabel(kit, name, random_below(random, 2) ? "web" : "other");
        break;
    default:
        if (pod)
            kit_terminate(kit, name);
        break;
    }
}

/* Random changes, several a window: at every instant what is counted is what is to be seen. */
static void lag(void)
{
    struct kit kit;
    struct random_stream random;
    struct service_state state;
    uint64_t seen[2] = {0, 0};
    random_stream_init(&random, suite_seed(), 0, "lag");
    begin(&kit, 0, PERIOD);
    for (uint32_t i = 0; i < 3000; i++) {
        go_to(&kit, clock_now(&kit.clock) + (int64_t)random_below(&random, 600) * NS_PER_MS);
        change_something(&kit, &random);
        run_to(&kit, clock_now(&kit.clock));
        struct lookup lookup = {.kit = &kit};
        store_each(kit.store, OBJECT_POD, kit.namespace, visit_pod, &lookup);
        store_each(kit.store, OBJECT_ENDPOINTSLICE, kit.namespace, visit_slice, &lookup);
        CU_ASSERT_FATAL(engine_state(kit.engine, kit.namespace, kit_sym(&kit, "web"), &state));
        CU_ASSERT_EQUAL_FATAL(state.not_yet_listed, lookup.not_yet_listed);
        CU_ASSERT_EQUAL_FATAL(state.still_listed, lookup.still_listed);
        seen[0] += state.not_yet_listed;
        seen[1] += state.still_listed;
    }
    CU_ASSERT(seen[0] > 1000);
    CU_ASSERT(seen[1] > 1000);
    kit_fini(&kit);
}

/* --- limits ---------------------------------------------------------------------------------- */

static void limits(void)
{
    struct engine_config config = engine_config_default();
    CU_ASSERT_EQUAL(config.endpoint_updates_batch_period_ns, 0);
    CU_ASSERT_EQUAL(config.endpointslice_updates_batch_period_ns, 0);
    CU_ASSERT_EQUAL(config.mirroring_endpointslice_updates_batch_period_ns, 0);
    config.mirroring_endpointslice_updates_batch_period_ns = BATCH_PERIOD_MAX_NS;
    CU_ASSERT_PTR_NULL(engine_config_check(&config));
    config.mirroring_endpointslice_updates_batch_period_ns = BATCH_PERIOD_MAX_NS + 1;
    CU_ASSERT_PTR_NOT_NULL(engine_config_check(&config));
    config.mirroring_endpointslice_updates_batch_period_ns = 0;
    config.endpoint_updates_batch_period_ns = -1;
    CU_ASSERT_PTR_NOT_NULL(engine_config_check(&config));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"one window", one_window},
        {"at the very end of a window", very_end},
        {"two controllers, two Services", apart},
        {"cancelled out", cancelled_out},
        {"the trigger time of a window", trigger_time},
        {"a relabel storm", relabel_storm},
        {"a Service is edited in a window", service_edited},
        {"a Service is deleted in a window", service_deletion},
        {"edits by others", edits_by_others},
        {"mirroring", mirroring},
        {"delay", delay},
        {"lag", lag},
        {"limits", limits},
    };
    return suite_main("engine_batch", tests, sizeof tests / sizeof tests[0]);
}
