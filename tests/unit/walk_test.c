/*
 * walk_test.c: steps forward and back.
 *
 * Pins: what a step is (one pod of a workload, all that comes at one instant from kubelets); that a step
 * taken again says the same, wherever one comes from; that the state after the last step of an instant is
 * that of a run up to this instant; times between steps; the end, a failure, an interruption.
 */
#include "simulation_kit.h"

#include "walk/view.h"

static struct scenario *load(const char *yaml)
{
    struct scenario *scenario;
    struct scenario_input input = {.path = "test.yaml", .text = yaml, .text_length = strlen(yaml)};
    CU_ASSERT_EQUAL_FATAL(scenario_load(&input, 1, NULL, 0, &scenario), STATUS_OK);
    return scenario;
}

static const char busy[] = SERVICE_WEB DEPLOYMENT_WEB(7) SCENARIO(
    "  until: 60s\n"
    "  controllers: {maxEndpointsPerSlice: 3, endpointSliceUpdatesBatchPeriod: 500ms, endpointsCapacity: 8}\n"
    "  pods: {start: 1s, ready: 2s, stop: 3s}\n"
    "  events:\n"
    "  - {at: 10s, scale: deployment/web, replicas: 12}\n"
    "  - {at: 20s, delete: pod/web-3}\n"
    "  - {at: 30s, label: pod/web-4, labels: {app: other}}\n"
    "  - {at: 40s, churn: deployment/web, rate: 1/s, for: 10s}\n"
    "  - {at: 55s, delete: service/web}\n");

/* All that a step says. */
static void add_step(struct text *out, struct walk *walk)
{
    const struct walk_step *step = walk_step(walk);
    text_printf(out, "%llu at %lld after %llu\n", (unsigned long long)step->number, (long long)step->at_ns,
        (unsigned long long)step->event_count);
    for (uint32_t i = 0; i < step->notes.count; i++)
        text_printf(out, "  %s\n", note_words(step, &step->notes.items[i]));
    struct view view = {0};
    view_make(&view, walk, &(struct view_filter){NULL, NULL}, false);
    for (uint32_t i = 0; i < view.services.count; i++) {
        const struct view_service *service = &view.services.items[i];
        text_printf(out, "  %u %u %u %u %u\n", service->state.pods, service->state.ready, service->ep_ready,
            service->ep_not_ready, service->slice_count);
    }
    for (uint32_t i = 0; i < view.slices.count; i++)
        text_printf(out, "  %u %u\n", view.slices.items[i].counts[VIEW_READY],
            view.slices.items[i].slice->endpoints.count);
    view_fini(&view);
}

struct steps {
    VEC(struct text) items; /* of step i + 1 */
    VEC(int64_t) at_ns;
};

static void walk_all(struct walk *walk, struct steps *out)
{
    while (walk_next(walk) == WALK_STEP) {
        struct text text = {0};
        add_step(&text, walk);
        vec_push(&out->items, text);
        vec_push(&out->at_ns, walk_step(walk)->at_ns);
    }
}

static void steps_fini(struct steps *steps)
{
    for (uint32_t i = 0; i < steps->items.count; i++)
        text_fini(&steps->items.items[i]);
    vec_fini(&steps->items);
    vec_fini(&steps->at_ns);
}

static void test_what_a_step_is(void)
{
    struct scenario *scenario = load(SERVICE_WEB DEPLOYMENT_WEB(3) SCENARIO("  pods: {ready: 2s}\n"));
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    struct steps steps = {0};
    CU_ASSERT_EQUAL(walk_step(walk)->number, 0);
    walk_all(walk, &steps);
    /* Service, Deployment, three pods one by one, and all three ready at once. */
    CU_ASSERT_EQUAL_FATAL(steps.items.count, 6);
    CU_ASSERT_EQUAL(steps.at_ns.items[4], 0);
    CU_ASSERT_EQUAL(steps.at_ns.items[5], 2 * NS_PER_S);
    CU_ASSERT_PTR_NOT_NULL(strstr(steps.items.items[5].data, "  3 3 3 0 1\n"));
    /* At the end the last step is what it was. */
    CU_ASSERT_EQUAL(walk_next(walk), WALK_END);
    CU_ASSERT_EQUAL(walk_step(walk)->number, 6);
    CU_ASSERT(walk_step(walk)->notes.count > 0);
    steps_fini(&steps);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static void test_back_says_the_same(void)
{
    struct scenario *scenario = load(busy);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    struct steps steps = {0};
    walk_all(walk, &steps);
    uint32_t count = steps.items.count;
    CU_ASSERT_FATAL(count > 60);
    uint64_t state = suite_seed();
    int count_of_seeks = getenv("EPSIM_TEST_LONG") ? 1000 : 60;
    for (int i = 0; i < count_of_seeks; i++) {
        uint64_t number = suite_below(&state, count + 1);
        CU_ASSERT_EQUAL(walk_seek(walk, number), WALK_STEP);
        CU_ASSERT_EQUAL_FATAL(walk_step(walk)->number, number);
        if (number == 0) {
            CU_ASSERT_EQUAL(walk_step(walk)->notes.count, 0);
            continue;
        }
        struct text again = {0};
        add_step(&again, walk);
        CU_ASSERT_STRING_EQUAL(again.data, steps.items.items[number - 1].data);
        text_fini(&again);
    }
    CU_ASSERT_EQUAL(walk_seek(walk, count + 1), WALK_END);
    CU_ASSERT_EQUAL(walk_step(walk)->number, count);
    steps_fini(&steps);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

/* All slices with their endpoints, and how many addresses each Endpoints object lists. */
struct dump {
    struct text text;
    const struct catalog *catalog;
};

static bool dump_slice(void *context, const void *object)
{
    struct dump *dump = context;
    const struct endpointslice *slice = object;
    text_printf(&dump->text, "%s", catalog_text(dump->catalog, slice->meta.name));
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        const char *address = endpoint_address(dump->catalog, endpointslice_at(slice, i), 0, buffer, &length);
        text_printf(
            &dump->text, " %.*s/%d", (int)length, address, endpoint_ready(endpointslice_at(slice, i)));
    }
    text_add_char(&dump->text, '\n');
    return true;
}

static bool dump_endpoints(void *context, const void *object)
{
    struct dump *dump = context;
    const struct endpoints *endpoints = object;
    text_printf(&dump->text, "%u+%u\n", endpoints->address_count, endpoints->omitted_count);
    return true;
}

static void dump_store(struct dump *dump, struct simulation *simulation)
{
    struct store *store = simulation_store(simulation);
    text_clear(&dump->text);
    text_add(&dump->text, "");
    dump->catalog = store_catalog(store);
    store_each(store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, dump_slice, dump);
    store_each(store, OBJECT_ENDPOINTS, SYM_EMPTY, dump_endpoints, dump);
}

static void test_state_is_that_of_a_run(void)
{
    struct scenario *scenario = load(busy);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    struct simulation *plain = simulation_create(scenario, 1, 0);
    struct steps steps = {0};
    struct dump walked = {0}, run = {0};
    simulation_start(plain);
    walk_all(walk, &steps);
    uint32_t compared = 0;
    for (uint32_t i = 0; i < steps.items.count; i++) {
        if (i + 1 < steps.items.count && steps.at_ns.items[i + 1] == steps.at_ns.items[i])
            continue;
        CU_ASSERT_EQUAL(walk_seek(walk, i + 1), WALK_STEP);
        CU_ASSERT_EQUAL(simulation_run_until(plain, steps.at_ns.items[i], NULL, NULL, NULL), STATUS_OK);
        dump_store(&walked, walk_simulation(walk));
        dump_store(&run, plain);
        CU_ASSERT_STRING_EQUAL(walked.text.data, run.text.data);
        compared++;
    }
    CU_ASSERT(compared > 20);
    text_fini(&walked.text);
    text_fini(&run.text);
    steps_fini(&steps);
    simulation_destroy(plain);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static void test_times(void)
{
    struct scenario *scenario = load(busy);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    struct steps steps = {0};
    walk_all(walk, &steps);
    uint64_t state = suite_seed();
    for (int i = 0; i < 40; i++) {
        int64_t at_ns = (int64_t)suite_below(&state, 60000) * NS_PER_MS;
        if (i % 3 == 0) /* right at a step */
            at_ns = steps.at_ns.items[suite_below(&state, steps.at_ns.count)];
        uint64_t expected = 0;
        for (uint32_t k = 0; k < steps.at_ns.count; k++)
            expected += steps.at_ns.items[k] <= at_ns;
        walk_seek_time(walk, at_ns);
        CU_ASSERT_EQUAL(walk_step(walk)->number, expected);
    }
    steps_fini(&steps);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static void test_failure(void)
{
    struct scenario *scenario = load(SERVICE_WEB DEPLOYMENT_WEB(1)
            SCENARIO("  events:\n  - {at: 1s, delete: pod/web-0}\n  - {at: 2s, delete: pod/web-0}\n"));
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    enum walk_result result;
    while ((result = walk_next(walk)) == WALK_STEP) {
    }
    CU_ASSERT_EQUAL(result, WALK_FAILED);
    struct position at;
    CU_ASSERT_PTR_NOT_NULL(strstr(simulation_failure(walk_simulation(walk), &at), "web-0"));
    uint64_t last = walk_step(walk)->number;
    CU_ASSERT_EQUAL(walk_next(walk), WALK_FAILED);
    CU_ASSERT_EQUAL(walk_step(walk)->number, last);
    /* And back from there. */
    CU_ASSERT_EQUAL(walk_seek(walk, 1), WALK_STEP);
    CU_ASSERT_EQUAL(walk_step(walk)->number, 1);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static void test_interruption(void)
{
    static volatile int interrupted;
    struct scenario *scenario = load(busy);
    struct walk *walk = walk_create(scenario, 1, 0, &interrupted);
    CU_ASSERT_EQUAL(walk_seek(walk, 30), WALK_STEP);
    interrupted = 1;
    CU_ASSERT_EQUAL(walk_next(walk), WALK_INTERRUPTED);
    CU_ASSERT_EQUAL(walk_seek(walk, 20), WALK_INTERRUPTED);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static void test_nothing(void)
{
    struct scenario *scenario = load(SCENARIO("  until: 5s\n"));
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    CU_ASSERT_EQUAL(walk_next(walk), WALK_END);
    CU_ASSERT_EQUAL(walk_step(walk)->number, 0);
    CU_ASSERT_EQUAL(walk_seek_time(walk, 3 * NS_PER_S), WALK_END);
    CU_ASSERT_EQUAL(simulation_now_ns(walk_simulation(walk)), 5 * NS_PER_S);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static const struct suite_test tests[] = {
    {"what a step is", test_what_a_step_is},
    {"back says the same", test_back_says_the_same},
    {"the state is that of a run", test_state_is_that_of_a_run},
    {"times", test_times},
    {"a failure", test_failure},
    {"an interruption", test_interruption},
    {"nothing happens", test_nothing},
};

int main(void)
{
    return suite_main("walk", tests, sizeof tests / sizeof tests[0]);
}
