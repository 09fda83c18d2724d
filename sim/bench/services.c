/*
 * services.c: what one pod event costs among many Services, and how many watchers there are.
 *
 * Services have ten endpoints each. `one`: all events are of one Service's pods, the others only are there;
 * `all`: of a pod of any Service, which then lies in no cache. Benchmark `watchers`: 10,000 slices, and from
 * one to 5,000 proxies that each receive every change of every slice; a pod event at random.
 */

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/testbed.h"

#define EVENTS 20000
#define NODE_COUNT 100
#define PODS_PER_SERVICE 10
#define SLICES 10000
#define SLICE_ENDPOINTS 10

enum { KIND_ONE, KIND_ALL };

struct crowd {
    struct testbed *bed;
    uint32_t service_count, pods_per_service;
    uint32_t range; /* events are of pods 0 .. range-1 */
    uint32_t pod;   /* the one that is not ready */
    struct testbed_draws draws;
};

static const char *pod_name(uint32_t number, char out[TESTBED_NAME_MAX])
{
    return testbed_name("pod", number, out);
}

static struct crowd *create_crowd(
    const struct engine_config *config, uint32_t service_count, uint32_t pods_per_service)
{
    struct crowd *crowd = mem_zalloc(sizeof *crowd);
    struct testbed *bed = crowd->bed = testbed_create(config, NODE_COUNT);
    crowd->service_count = service_count;
    crowd->pods_per_service = pods_per_service;
    crowd->range = service_count * pods_per_service;
    for (uint32_t s = 0; s < service_count; s++) {
        char name[TESTBED_NAME_MAX];
        sym app = catalog_sym(bed->catalog, testbed_name("service", s, name));
        testbed_add_service(bed, name, app, NULL);
        for (uint32_t i = 0; i < pods_per_service; i++) {
            uint32_t number = s * pods_per_service + i;
            testbed_put_pod(bed, &(struct testbed_pod){.name = pod_name(number, name),
                                     .app = app,
                                     .node = testbed_node(bed, number % NODE_COUNT),
                                     .ready = true});
        }
    }
    testbed_run(bed, 0, NULL, NULL);
    return crowd;
}

/* A pod at random is not ready, then is again. */
static void step(struct testbed *bed, void *context, uint64_t event)
{
    struct crowd *crowd = context;
    char name[TESTBED_NAME_MAX];
    if (event % 2 == 0) {
        crowd->pod = testbed_draw(bed, &crowd->draws);
        /* A pod is foreseen once for both of its events. */
        if (testbed_foresees(bed))
            testbed_foresee(
                bed, pod_name(testbed_drawn(&crowd->draws, FORESIGHT_EVENTS - 1), name), FORESEEN_CHANGE);
    }
    testbed_set_ready(bed, pod_name(crowd->pod, name), event % 2 == 1);
}

static double run_events(struct crowd *crowd, uint64_t count)
{
    testbed_draws_init(crowd->bed, &crowd->draws, crowd->range);
    double started_s = measure_now_s();
    testbed_run(crowd->bed, count, step, crowd);
    return (double)count / (measure_now_s() - started_s);
}

static void teardown(void *state)
{
    struct crowd *crowd = state;
    testbed_destroy(crowd->bed);
    free(crowd);
}

/* --- services -------------------------------------------------------------------------------- */

static void *setup_services(struct bench_plan *plan)
{
    return create_crowd(NULL, (uint32_t)plan->item->size, PODS_PER_SERVICE);
}

static double sample_services(void *state, struct bench_plan *plan)
{
    struct crowd *crowd = state;
    uint64_t count = bench_scaled(plan, EVENTS / 2) * 2;
    if (plan->work.length == 0) {
        text_add_grouped(&plan->work, plan->item->size);
        text_printf(
            &plan->work, " Service%s of %d endpoints, ", plan->item->size > 1 ? "s" : "", PODS_PER_SERVICE);
        text_add_grouped(&plan->work, count);
        text_add(&plan->work, " events");
    }
    crowd->range = plan->item->kind == KIND_ONE ? PODS_PER_SERVICE : crowd->service_count * PODS_PER_SERVICE;
    return run_events(crowd, count);
}

#define SERVICE_CASES(label, size) \
    {label "/one", size, KIND_ONE, BENCH_PER_SECOND, "pod events"}, \
    { \
        label "/all", size, KIND_ALL, BENCH_PER_SECOND, "pod events" \
    }
static const struct bench_case service_cases[] = {
    SERVICE_CASES("1", 1), SERVICE_CASES("1k", 1000), SERVICE_CASES("100k", 100000)};

const struct benchmark benchmark_services = {
    .name = "services",
    .about = "one pod's change among many Services: of one of them, or of all",
    .repeats = 5,
    .warms_up = true,
    .shares = true,
    .cases = service_cases,
    .case_count = sizeof service_cases / sizeof *service_cases,
    .setup = setup_services,
    .sample = sample_services,
    .teardown = teardown,
};

/* --- watchers -------------------------------------------------------------------------------- */

static void *setup_watchers(struct bench_plan *plan)
{
    struct engine_config config = engine_config_default();
    config.endpoints_per_slice_max = SLICE_ENDPOINTS;
    config.endpoints_watchers = config.endpointslice_watchers = (uint32_t)plan->item->kind;
    return create_crowd(&config, 1, SLICES * SLICE_ENDPOINTS);
}

static double sample_watchers(void *state, struct bench_plan *plan)
{
    struct crowd *crowd = state;
    uint64_t count = bench_scaled(plan, EVENTS / 2) * 2;
    const struct engine_totals *totals = engine_totals(crowd->bed->engine);
    uint64_t before_bytes = totals->watch_bytes[CONTROLLER_ENDPOINTSLICE];
    double rate = run_events(crowd, count);
    text_clear(&plan->work);
    text_add_grouped(&plan->work, (uint64_t)plan->item->kind);
    text_add(&plan->work, plan->item->kind > 1 ? " proxies, " : " proxy, ");
    text_add_grouped(&plan->work, SLICES);
    text_add(&plan->work, " slices, ");
    text_add_grouped(&plan->work, count);
    text_add(&plan->work, " events, ");
    text_add_bytes_human(&plan->work, totals->watch_bytes[CONTROLLER_ENDPOINTSLICE] - before_bytes);
    text_add(&plan->work, " of slices to them");
    return rate;
}

#define PODS ((uint64_t)SLICES * SLICE_ENDPOINTS)
static const struct bench_case watcher_cases[] = {{"1", PODS, 1, BENCH_PER_SECOND, "pod events"},
    {"100", PODS, 100, BENCH_PER_SECOND, "pod events"}, {"5k", PODS, 5000, BENCH_PER_SECOND, "pod events"}};

const struct benchmark benchmark_watchers = {
    .name = "watchers",
    .about = "the same against the number of proxies that receive it, 10,000 slices",
    .repeats = 5,
    .warms_up = true,
    .cases = watcher_cases,
    .case_count = sizeof watcher_cases / sizeof *watcher_cases,
    .setup = setup_watchers,
    .sample = sample_watchers,
    .teardown = teardown,
};
