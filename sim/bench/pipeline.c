/*
 * pipeline.c: pod events a second through everything: timeline, kubelets and workloads, event queue, store,
 * controllers, writes, watchers. A Service of 1,000 endpoints; nobody records. The scenario is read outside
 * of the measured time (benchmark `parse` has that), and so is the making of the first thousand pods.
 */
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/texts.h"
#include "simulation/simulation.h"

#define REPLICAS 1000
#define CHANGES 20000

enum { KIND_READY, KIND_REPLACE, KIND_RELABEL, KIND_REPLAY };

static void *setup(struct bench_plan *plan)
{
    struct text text = {0};
    uint64_t changes = bench_scaled(plan, CHANGES);
    switch (plan->item->kind) {
    case KIND_READY:
        texts_add_readiness(&text, REPLICAS, changes);
        break;
    case KIND_REPLACE:
        texts_add_replacements(&text, REPLICAS, changes / 2);
        break;
    case KIND_RELABEL:
        texts_add_relabels(&text, REPLICAS, changes);
        break;
    default:
        texts_add_replay(&text, 1, REPLICAS, REPLICAS + changes / 2);
    }
    struct scenario *scenario = texts_load(&text, plan);
    text_fini(&text);
    return scenario;
}

static double sample(void *state, struct bench_plan *plan)
{
    struct simulation *simulation = simulation_create(state, 1, 0);
    simulation_start(simulation);
    simulation_run_until(simulation, 0, NULL, NULL, NULL);
    uint64_t before = simulation_pod_event_count(simulation);
    double started_s = measure_now_s();
    enum status status = simulation_run_until(simulation, INT64_MAX, NULL, NULL, NULL);
    double wall_s = measure_now_s() - started_s;
    uint64_t count = simulation_pod_event_count(simulation) - before;
    if (status != STATUS_OK)
        text_add(&plan->failure, simulation_failure(simulation, NULL));
    simulation_destroy(simulation);
    text_clear(&plan->work);
    text_add_grouped(&plan->work, REPLICAS);
    text_add(&plan->work, " endpoints, ");
    text_add_grouped(&plan->work, count);
    text_add(&plan->work, " events");
    return (double)count / wall_s;
}

static void teardown(void *state)
{
    scenario_destroy(state);
}

static const struct bench_case cases[] = {
    {"ready", REPLICAS, KIND_READY, BENCH_PER_SECOND, "pod events"},
    {"replace", REPLICAS, KIND_REPLACE, BENCH_PER_SECOND, "pod events"},
    {"relabel", REPLICAS, KIND_RELABEL, BENCH_PER_SECOND, "pod events"},
    {"replay", REPLICAS, KIND_REPLAY, BENCH_PER_SECOND, "pod events"},
};

const struct benchmark benchmark_pipeline = {
    .name = "pipeline",
    .about = "the whole way from a scenario's events to the watchers, 1,000 endpoints",
    .repeats = 5,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
