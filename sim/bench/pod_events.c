/*
 * pod_events.c: what one pod event costs against the size of its Service.
 *
 * A Service of N endpoints, slices of at most 100, Endpoints of at most 1,000 addresses: both kept up,
 * sizes in bytes included, nobody records. An event is the change of one pod, taken at random, and
 * everything that follows: watch, syncs of both controllers, requests, watchers' bytes. The size stays N:
 *
 *     ready     a tenth of the pods is not ready; a ready one at random stops being so, the one that has
 *               waited longest becomes ready again
 *     replace   a pod at random is deleted, another is created
 *     relabel   a pod at random leaves by its label, the one that has been out longest comes back
 *
 * Benchmark `subsets` is `ready` in a Service whose pods resolve its port to two numbers, which makes two
 * subsets. Over capacity they cost O(n) a sync (E-57 needs their order); up to 1,000 they do not.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/testbed.h"

#define EVENTS 20000
#define NODE_COUNT 100

enum { KIND_READY, KIND_REPLACE, KIND_RELABEL };

/* Pods that are not as the others are. The oldest is `next`; who comes takes its place. */
struct ring {
    uint32_t *numbers;
    uint32_t count, next;
};

struct crowd {
    struct testbed *bed;
    uint32_t *places; /* numbers of the pods that are selected and ready */
    uint32_t place_count;
    struct testbed_draws draws; /* of places */
    uint32_t number_next;
    uint32_t number_back; /* who comes with the next odd event */
    uint32_t *vacant;     /* or the place that gets a new pod */
    struct ring not_ready, outside;
    sym app_in, app_out;
    const struct port_list *ports[2]; /* in turn; NULL: none */
};

static const char *pod_name(uint32_t number, char out[TESTBED_NAME_MAX])
{
    return testbed_name("web", number, out);
}

static uint32_t add_pod(struct crowd *crowd, bool inside, bool ready)
{
    char name[TESTBED_NAME_MAX];
    uint32_t number = crowd->number_next++;
    testbed_put_pod(crowd->bed, &(struct testbed_pod){.name = pod_name(number, name),
                                    .app = inside ? crowd->app_in : crowd->app_out,
                                    .node = testbed_node(crowd->bed, number % NODE_COUNT),
                                    .ports = crowd->ports[number % 2],
                                    .ready = ready});
    return number;
}

static void fill_ring(struct crowd *crowd, struct ring *ring, uint32_t count, bool inside, bool ready)
{
    *ring = (struct ring){.numbers = mem_array(NULL, count, sizeof *ring->numbers), .count = count};
    for (uint32_t i = 0; i < count; i++)
        ring->numbers[i] = add_pod(crowd, inside, ready);
}

static const struct port_list *http_ports(struct catalog *catalog, int32_t number)
{
    struct port port = {
        .name = catalog_sym(catalog, "http"),
        .protocol = catalog_word(catalog, WORD_TCP),
        .number = number,
        .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
    };
    return ports_intern(catalog, &port, 1);
}

static struct crowd *create_crowd(uint32_t size, bool is_split)
{
    struct crowd *crowd = mem_zalloc(sizeof *crowd);
    struct testbed *bed = crowd->bed = testbed_create(NULL, NODE_COUNT);
    crowd->app_in = catalog_sym(bed->catalog, "web");
    crowd->app_out = catalog_sym(bed->catalog, "other");
    if (is_split) {
        crowd->ports[0] = http_ports(bed->catalog, 8080);
        crowd->ports[1] = http_ports(bed->catalog, 8081);
    }
    testbed_add_service(bed, "web", crowd->app_in, is_split ? "http" : NULL);
    fill_ring(crowd, &crowd->not_ready, size >= 20 ? size / 10 : 1, true, false);
    fill_ring(crowd, &crowd->outside, size >= 200 ? size / 100 : 1, false, true);
    crowd->place_count = size - crowd->not_ready.count;
    crowd->places = mem_array(NULL, crowd->place_count, sizeof *crowd->places);
    for (uint32_t i = 0; i < crowd->place_count; i++)
        crowd->places[i] = add_pod(crowd, true, true);
    testbed_run(bed, 0, NULL, NULL);
    testbed_draws_init(bed, &crowd->draws, crowd->place_count);
    return crowd;
}

/* --- events ---------------------------------------------------------------------------------- */

/* Pairs of events that are foreseen. */
#define PAIRS_AHEAD ((FORESIGHT_EVENTS + 1) / 2)

static void foresee(struct crowd *crowd, uint32_t number, enum foreseen_kind kind)
{
    char name[TESTBED_NAME_MAX];
    testbed_foresee(crowd->bed, pod_name(number, name), kind);
}

/* Takes a place at random; the pod at the one that comes PAIRS_AHEAD later is foreseen, unless it is another
 * by then. */
static uint32_t *random_place(struct crowd *crowd, enum foreseen_kind kind)
{
    uint32_t *place = &crowd->places[testbed_draw(crowd->bed, &crowd->draws)];
    if (testbed_foresees(crowd->bed)) {
        foresee(crowd, crowd->places[testbed_drawn(&crowd->draws, PAIRS_AHEAD - 1)], kind);
        mem_prefetch_line(&crowd->places[testbed_drawn(&crowd->draws, PAIRS_AHEAD)]);
    }
    return place;
}

/* Even events: one at random goes, and its place is for the one that has waited longest; odd events: that one
 * comes. */
static void step_pair(struct testbed *bed, struct crowd *crowd, struct ring *ring, uint64_t event,
    enum foreseen_kind kind,
    void (*change)(struct testbed *bed, struct crowd *crowd, const char *name, bool goes))
{
    char name[TESTBED_NAME_MAX];
    uint32_t *oldest = &ring->numbers[ring->next];
    if (event % 2 == 0) {
        uint32_t *place = random_place(crowd, kind);
        uint32_t number = *place;
        *place = *oldest;
        *oldest = number;
        change(bed, crowd, pod_name(number, name), true);
        crowd->number_back = *place;
        ring->next = (ring->next + 1) % ring->count;
    } else {
        if (testbed_foresees(bed))
            foresee(crowd, ring->numbers[(ring->next + PAIRS_AHEAD - 1) % ring->count], kind);
        change(bed, crowd, pod_name(crowd->number_back, name), false);
    }
}

static void change_ready(struct testbed *bed, struct crowd *crowd, const char *name, bool goes)
{
    (void)crowd;
    testbed_set_ready(bed, name, !goes);
}

static void change_app(struct testbed *bed, struct crowd *crowd, const char *name, bool goes)
{
    testbed_set_app(bed, name, goes ? crowd->app_out : crowd->app_in);
}

static void step_ready(struct testbed *bed, void *context, uint64_t event)
{
    struct crowd *crowd = context;
    step_pair(bed, crowd, &crowd->not_ready, event, FORESEEN_CHANGE, change_ready);
}

static void step_relabel(struct testbed *bed, void *context, uint64_t event)
{
    struct crowd *crowd = context;
    step_pair(bed, crowd, &crowd->outside, event, FORESEEN_RELABEL, change_app);
}

static void step_replace(struct testbed *bed, void *context, uint64_t event)
{
    struct crowd *crowd = context;
    char name[TESTBED_NAME_MAX];
    if (event % 2 == 0) {
        crowd->vacant = random_place(crowd, FORESEEN_DELETION);
        testbed_delete_pod(bed, pod_name(*crowd->vacant, name));
    } else {
        if (testbed_foresees(bed))
            foresee(crowd, crowd->number_next + PAIRS_AHEAD, FORESEEN_CHANGE);
        *crowd->vacant = add_pod(crowd, true, true);
    }
}

/* --- the benchmarks -------------------------------------------------------------------------- */

static double sample_events(struct crowd *crowd, struct bench_plan *plan, uint64_t events, testbed_step *step)
{
    uint64_t count = bench_scaled(plan, events / 2) * 2;
    if (plan->work.length == 0) {
        text_add_grouped(&plan->work, plan->item->size);
        text_add(&plan->work, " endpoints, ");
        text_add_grouped(&plan->work, count);
        text_add(&plan->work, " events");
    }
    double started_s = measure_now_s();
    testbed_run(crowd->bed, count, step, crowd);
    return (double)count / (measure_now_s() - started_s);
}

static void *setup_pod_events(struct bench_plan *plan)
{
    return create_crowd((uint32_t)plan->item->size, false);
}

static double sample_pod_events(void *state, struct bench_plan *plan)
{
    static testbed_step *const steps[] = {
        [KIND_READY] = step_ready, [KIND_REPLACE] = step_replace, [KIND_RELABEL] = step_relabel};
    return sample_events(state, plan, EVENTS, steps[plan->item->kind]);
}

static void *setup_subsets(struct bench_plan *plan)
{
    return create_crowd((uint32_t)plan->item->size, true);
}

static double sample_subsets(void *state, struct bench_plan *plan)
{
    return sample_events(state, plan, (uint64_t)plan->item->kind, step_ready);
}

static void teardown(void *state)
{
    struct crowd *crowd = state;
    testbed_destroy(crowd->bed);
    free(crowd->not_ready.numbers);
    free(crowd->outside.numbers);
    free(crowd->places);
    free(crowd);
}

#define CASE(label, size, kind) \
    { \
        label, size, kind, BENCH_PER_SECOND, "pod events" \
    }
#define CASES(label, size) \
    CASE(label "/ready", size, KIND_READY), CASE(label "/replace", size, KIND_REPLACE), \
        CASE(label "/relabel", size, KIND_RELABEL)

static const struct bench_case pod_event_cases[] = {
    CASES("10", 10), CASES("1k", 1000), CASES("10k", 10000), CASES("100k", 100000), CASES("1M", 1000000)};
/* Here `kind` is the number of events of a sample. */
static const struct bench_case subset_cases[] = {
    CASE("1k", 1000, EVENTS), CASE("10k", 10000, 20), CASE("100k", 100000, 2)};

const struct benchmark benchmark_pod_events = {
    .name = "pod-events",
    .about = "one pod's change and all that follows, against the size of its Service",
    .repeats = 5,
    .warms_up = true,
    .shares = true,
    .cases = pod_event_cases,
    .case_count = sizeof pod_event_cases / sizeof *pod_event_cases,
    .setup = setup_pod_events,
    .sample = sample_pod_events,
    .teardown = teardown,
};

const struct benchmark benchmark_subsets = {
    .name = "subsets",
    .about = "the same with two subsets; over capacity (1,000 addresses) that is O(n)",
    .repeats = 5,
    .warms_up = true,
    .cases = subset_cases,
    .case_count = sizeof subset_cases / sizeof *subset_cases,
    .setup = setup_subsets,
    .sample = sample_subsets,
    .teardown = teardown,
};
