/*
 * engine_timing_test.c: when requests come, with delays worked out by hand from the rules (C-1 to C-3, C-40,
 * C-50, C-51, C-68, E-67, E-70, S-6, S-58, S-60, S-62).
 * It does not pin what syncs write: engine_model_test decides and writes in steps, too.
 */
#include "engine_kit.h"

#define MS INT64_C(1000000)
#define S NS_PER_S

struct timed {
    struct kit kit;
    struct text lines; /* time, controller, verb; an Event: its reason */
    uint32_t counts[CONTROLLER_COUNT];
};

static void on_write(void *self, const struct write *write)
{
    struct timed *timed = self;
    timed->counts[write->controller]++;
    text_printf(&timed->lines, "%.2f %s %s %u\n", (double)write->at_ns / 1e6,
        controller_text(write->controller), verb_text(write->verb), write->endpoints);
}

static void on_event(void *self, const struct kube_event *event)
{
    struct timed *timed = self;
    text_printf(&timed->lines, "%.2f %s\n", (double)event->at_ns / 1e6, event->reason);
}

static void begin(
    struct timed *timed, uint32_t per_slice, int64_t watch_ms, int64_t write_ms, int64_t answer_ms)
{
    timed->lines = (struct text){0};
    memset(timed->counts, 0, sizeof timed->counts);
    kit_init(&timed->kit, per_slice);
    struct engine_timing *timing = &timed->kit.config.timing;
    timing->watch = distribution_constant(watch_ms * MS);
    timing->write = distribution_constant(write_ms * MS);
    timing->answer = distribution_constant(answer_ms * MS);
    kit_node(&timed->kit, "node-1", "zone-a");
    clock_run(&timed->kit.clock, 0);
}

static void start(struct timed *timed)
{
    kit_start(&timed->kit);
}

/* kit_start has one observer; this is a second one. */
static void start_telling(struct timed *timed)
{
    struct kit *kit = &timed->kit;
    kit->engine = engine_create(kit->store, &kit->config);
    engine_observe(
        kit->engine, &(struct engine_observer){.self = timed, .on_write = on_write, .on_event = on_event});
    engine_start(kit->engine);
}

static void nothing(void *subject, uint64_t argument)
{
    (void)subject, (void)argument;
}

static void go_to(struct timed *timed, int64_t at_ns)
{
    clock_at(&timed->kit.clock, at_ns, PHASE_SCENARIO, EVENT_USER, nothing, NULL, 0);
    clock_run(&timed->kit.clock, at_ns);
}

static const char *lines(struct timed *timed, struct text *out)
{
    text_clear(out);
    text_add(out, timed->lines.data ? timed->lines.data : "");
    text_clear(&timed->lines);
    return out->data;
}

static void end(struct timed *timed, struct text *out)
{
    text_fini(out);
    text_fini(&timed->lines);
    kit_fini(&timed->kit);
}

static bool take_first(void *context, const void *object)
{
    *(const struct endpointslice **)context = object;
    return false;
}

static const struct endpointslice *first_slice(const struct timed *timed)
{
    const struct endpointslice *slice = NULL;
    store_each(timed->kit.store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, take_first, &slice);
    CU_ASSERT_FATAL(slice != NULL);
    return slice;
}

static uint64_t failed(const struct timed *timed, enum controller controller)
{
    return engine_totals(timed->kit.engine)->sync_errors[controller];
}

/* C-2, C-3, S-60: heard at 2, then a request takes 5 ms there and 3 back; those of one sync are sent one
 * after the other, those of two controllers side by side. */
static void requests_in_turn(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 2, 2, 5, 3);
    start_telling(&timed);
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 5, true);
    go_to(&timed, S);
    KIT_TEXT(lines(&timed, &out),
        "7.00 endpoints create 5\n7.00 endpointslice create 2\n15.00 endpointslice create 2\n"
        "23.00 endpointslice create 1\n");
    end(&timed, &out);
}

/* What a sync computes comes before its first request: 5 pods, 2 ms and 1 ms each. */
static void syncs_compute(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 100, 0, 1, 0);
    timed.kit.config.timing.endpoints_sync_ns = 2 * MS;
    timed.kit.config.timing.slices_sync_ns = 1 * MS;
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 5, true);
    start_telling(&timed);
    go_to(&timed, S);
    KIT_TEXT(lines(&timed, &out), "6.00 endpointslice create 5\n11.00 endpoints create 5\n");
    end(&timed, &out);
}

/* C-68: of 50 slices 30 are written at once, the others 1/20 s apart. */
static void tokens(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 1, 0, 0, 0);
    timed.kit.config.timing.requests_per_s = 20;
    timed.kit.config.timing.requests_burst = 30;
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 50, true);
    start_telling(&timed);
    go_to(&timed, 0);
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTSLICE], 30);
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTS], 1);
    go_to(&timed, 999 * MS);
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTSLICE], 49);
    go_to(&timed, S);
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTSLICE], 50);
    end(&timed, &out);
}

/* C-1: 50 busy Services, 30 s: the burst and 20 a second, 21.0 a second in all, of each controller. */
static void fifty_busy_services(void)
{
    struct timed timed;
    struct text out = {0};
    char name[32], ip[32];
    begin(&timed, 0, 0, 0, 0);
    timed.kit.config.timing.requests_per_s = 20;
    timed.kit.config.timing.requests_burst = 30;
    for (int i = 0; i < TIMED_COUNT; i++)
        timed.kit.config.timing.workers[i] = 5;
    for (uint32_t i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "web-%u", i);
        snprintf(ip, sizeof ip, "10.0.0.%u", i + 1);
        struct service *service = kit_service_draft(&timed.kit, name, 1);
        service->selector = labels_with(timed.kit.catalog, labels_empty(timed.kit.catalog),
            kit_sym(&timed.kit, "app"), kit_sym(&timed.kit, name));
        store_put_service(timed.kit.store, service);
        store_put_pod(timed.kit.store, kit_draft(&timed.kit, name, ip, name, true, 0));
    }
    start_telling(&timed);
    go_to(&timed, 10 * S); /* the bucket is full again */
    memset(timed.counts, 0, sizeof timed.counts);
    for (uint32_t tick = 0; tick < 600; tick++) {
        for (uint32_t i = 0; i < 50; i++) {
            snprintf(name, sizeof name, "web-%u", i);
            kit_ready(&timed.kit, name, tick % 2, tick);
        }
        go_to(&timed, 10 * S + (tick + 1) * 50 * MS);
    }
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTS], 630);
    CU_ASSERT_EQUAL(timed.counts[CONTROLLER_ENDPOINTSLICE], 630);
    end(&timed, &out);
}

/* C-2: one worker, three Services: 5 ms to the server and 5 back each. */
static void one_worker(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 0, 5, 5);
    timed.kit.config.timing.workers[TIMED_ENDPOINTS] = 1;
    kit_service(&timed.kit, "a");
    kit_service(&timed.kit, "b");
    kit_service(&timed.kit, "c");
    start_telling(&timed);
    go_to(&timed, 4 * MS);
    KIT_TEXT(lines(&timed, &out), "");
    go_to(&timed, S);
    KIT_TEXT(lines(&timed, &out),
        "5.00 endpoints create 0\n5.00 endpointslice create 0\n5.00 endpointslice create 0\n"
        "5.00 endpointslice create 0\n15.00 endpoints create 0\n25.00 endpoints create 0\n");
    end(&timed, &out);
}

/* E-70, C-40, C-51, S-6, S-58: the watch takes 20 ms. The POST is heard of at 41, so the sync of 22 is
 * refused and comes again after 5, 10 and 20 ms; slices wait a second. An update meets the guard, without an
 * Event. */
static void stale_caches(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 20, 1, 0);
    timed.kit.config.timing.slice_event_delay_min_ns = S;
    start_telling(&timed);
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 1, true);
    go_to(&timed, 2 * MS);
    kit_ready(&timed.kit, "web-0", false, 1);
    go_to(&timed, 2 * S);
    KIT_TEXT(lines(&timed, &out),
        "21.00 endpoints create 1\n21.00 endpointslice create 1\n23.00 FailedToCreateEndpoint\n"
        "29.00 FailedToCreateEndpoint\n40.00 FailedToCreateEndpoint\n61.00 endpoints update 1\n"
        "1023.00 endpointslice update 1\n");
    CU_ASSERT_EQUAL(failed(&timed, CONTROLLER_ENDPOINTS), 3);
    CU_ASSERT_EQUAL(failed(&timed, CONTROLLER_ENDPOINTSLICE), 1);
    kit_ready(&timed.kit, "web-0", true, 2);
    go_to(&timed, 2005 * MS);
    kit_ready(&timed.kit, "web-0", false, 3);
    go_to(&timed, 4 * S);
    /* Syncs at 2025, 2030 and 2040 find the version that was superseded at 2021; heard at 2041. */
    KIT_TEXT(lines(&timed, &out),
        "2021.00 endpoints update 1\n2021.00 endpointslice update 1\n2061.00 endpoints update 1\n"
        "3026.00 endpointslice update 1\n");
    CU_ASSERT_EQUAL(failed(&timed, CONTROLLER_ENDPOINTS), 6);
    end(&timed, &out);
}

/* S-58a: the watch, 1 ms, is faster than the answer, 3 ms: one more sync a second later, which does nothing.
 */
static void own_write_wakes(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 1, 1, 3);
    timed.kit.config.timing.slice_event_delay_min_ns = S;
    start_telling(&timed);
    kit_service(&timed.kit, "web");
    go_to(&timed, 1002 * MS);
    CU_ASSERT_EQUAL(engine_totals(timed.kit.engine)->syncs[CONTROLLER_ENDPOINTSLICE], 1);
    go_to(&timed, 1003 * MS);
    CU_ASSERT_EQUAL(engine_totals(timed.kit.engine)->syncs[CONTROLLER_ENDPOINTSLICE], 2);
    KIT_TEXT(lines(&timed, &out), "2.00 endpoints create 0\n2.00 endpointslice create 0\n");
    end(&timed, &out);
}

/* E-67, S-62: somebody writes while the requests are under way. They are refused and told. Endpoints come
 * again after 5 ms (C-40); the slice's event has asked for a sync, which finds a slice without its owner
 * (S-15). */
static void conflicts(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 0, 10, 0);
    start_telling(&timed);
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 2, true);
    go_to(&timed, 100 * MS);
    KIT_TEXT(lines(&timed, &out), "10.00 endpoints create 2\n10.00 endpointslice create 2\n");
    kit_ready(&timed.kit, "web-0", false, 1);
    go_to(&timed, 105 * MS);
    struct endpoints *edited = endpoints_create(timed.kit.catalog);
    edited->meta.namespace = timed.kit.namespace;
    edited->meta.name = kit_sym(&timed.kit, "web");
    edited->is_explicit = true;
    engine_apply_endpoints(timed.kit.engine, edited);
    struct endpointslice *slice = endpointslice_create(timed.kit.catalog);
    const struct endpointslice *stored = first_slice(&timed);
    slice->meta.namespace = timed.kit.namespace;
    slice->meta.name = stored->meta.name;
    slice->meta.labels = stored->meta.labels;
    slice->address_type = stored->address_type;
    slice->ports = stored->ports;
    engine_apply_endpointslice(timed.kit.engine, slice);
    go_to(&timed, 3 * S);
    KIT_TEXT(lines(&timed, &out),
        "105.00 user update 0\n105.00 user update 0\n110.00 FailedToUpdateEndpoint\n"
        "110.00 FailedToUpdateEndpointSlices\n120.00 endpointslice create 2\n125.00 endpoints update 2\n"
        "130.00 endpointslice delete 0\n");
    end(&timed, &out);
}

/* A slice, and a Service, that go while requests for them are under way. */
static void deleted_meanwhile(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 0, 10, 0);
    start_telling(&timed);
    kit_service(&timed.kit, "web");
    kit_pods(&timed.kit, 0, 1, true);
    go_to(&timed, 100 * MS);
    lines(&timed, &out);
    kit_ready(&timed.kit, "web-0", false, 1);
    go_to(&timed, 105 * MS);
    engine_delete_endpointslice(timed.kit.engine, timed.kit.namespace, first_slice(&timed)->meta.name);
    CU_ASSERT(store_remove_service(timed.kit.store, timed.kit.namespace, kit_sym(&timed.kit, "web")));
    go_to(&timed, 10 * S);
    KIT_TEXT(lines(&timed, &out),
        "105.00 user delete 0\n110.00 endpoints update 1\n110.00 FailedToUpdateEndpointSlices\n"
        "120.00 endpoints delete 0\n");
    CU_ASSERT_EQUAL(store_count(timed.kit.store, OBJECT_ENDPOINTS), 0);
    CU_ASSERT_EQUAL(store_count(timed.kit.store, OBJECT_ENDPOINTSLICE), 0);
    end(&timed, &out);
}

/* S-2: slices go when the garbage collector comes, and one Service's time is not another's. */
static void collector(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 0, 0, 0);
    timed.kit.config.timing.collect = distribution_constant(30 * MS);
    kit_service(&timed.kit, "a");
    kit_service(&timed.kit, "b");
    start_telling(&timed);
    go_to(&timed, S);
    lines(&timed, &out);
    store_remove_service(timed.kit.store, timed.kit.namespace, kit_sym(&timed.kit, "a"));
    go_to(&timed, S + 10 * MS);
    store_remove_service(timed.kit.store, timed.kit.namespace, kit_sym(&timed.kit, "b"));
    go_to(&timed, 2 * S);
    KIT_TEXT(lines(&timed, &out),
        "1000.00 endpoints delete 0\n1010.00 endpoints delete 0\n1030.00 garbage-collector delete 0\n"
        "1040.00 garbage-collector delete 0\n");
    end(&timed, &out);
}

/* C-65: what a proxy measures counts from the change, not from when the caches heard of it. */
static void latency(void)
{
    struct timed timed;
    struct text out = {0};
    begin(&timed, 0, 20, 5, 0);
    start(&timed);
    kit_service(&timed.kit, "web");
    go_to(&timed, 1500 * MS);
    struct pod *pod = kit_draft(&timed.kit, "web-0", "10.0.0.1", "web", true, 1);
    store_put_pod(timed.kit.store, pod);
    go_to(&timed, 3 * S);
    CU_ASSERT_EQUAL(timed.kit.last.at_ns, 1525 * MS);
    CU_ASSERT_EQUAL(timed.kit.last.trigger_ns, 1500 * MS);
    end(&timed, &out);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"requests one after the other", requests_in_turn},
        {"syncs compute", syncs_compute},
        {"tokens", tokens},
        {"fifty busy Services", fifty_busy_services},
        {"one worker", one_worker},
        {"stale caches", stale_caches},
        {"an own write wakes", own_write_wakes},
        {"conflicts", conflicts},
        {"deleted meanwhile", deleted_meanwhile},
        {"garbage collector", collector},
        {"latency", latency},
    };
    return suite_main("engine_timing", tests, sizeof tests / sizeof tests[0]);
}
