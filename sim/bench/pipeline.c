/*
 * pipeline.c: pod events a second through everything: timeline, kubelets and workloads, event queue, store,
 * controllers, writes, watchers. A Service of 1,000 endpoints; nobody records. The scenario is read outside
 * of the measured time (benchmark `parse` has that), and so is the making of the first pods.
 *
 * `churn`: Deployments whose pods die at random and are replaced, by kubelets that take their time. So
 * thousands of timers are pending, and no file says what comes next.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/texts.h"
#include "simulation/simulation.h"

#define REPLICAS 1000
#define CHANGES 20000
#define DEATHS 20000

enum { KIND_READY, KIND_REPLACE, KIND_RELABEL, KIND_REPLAY, KIND_CHURN_MANY, KIND_CHURN_ONE };

struct pipeline {
    struct scenario *scenario;
    sim_time from_ns; /* what comes before is not measured */
};

static void *setup(struct bench_plan *plan)
{
    struct text text = {0};
    struct pipeline *pipeline = mem_zalloc(sizeof *pipeline);
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
    case KIND_REPLAY:
        texts_add_replay(&text, 1, REPLICAS, REPLICAS + changes / 2);
        break;
    default: {
        uint32_t pods = (uint32_t)plan->item->size;
        uint32_t services = plan->item->kind == KIND_CHURN_ONE ? 1 : pods / REPLICAS;
        texts_add_slow_churn(&text, services, pods / services, bench_scaled(plan, DEATHS));
        pipeline->from_ns = TEXTS_CHURN_FROM_NS - 1;
    }
    }
    pipeline->scenario = texts_load(&text, plan);
    text_fini(&text);
    return pipeline;
}

static double sample(void *state, struct bench_plan *plan)
{
    const struct pipeline *pipeline = state;
    struct simulation *simulation = simulation_create(pipeline->scenario, 1, 0);
    simulation_start(simulation);
    simulation_run_until(simulation, pipeline->from_ns, NULL, NULL, NULL);
    uint64_t before = simulation_pod_event_count(simulation);
    double started_s = measure_now_s();
    enum status status = simulation_run_until(simulation, INT64_MAX, NULL, NULL, NULL);
    double wall_s = measure_now_s() - started_s;
    uint64_t count = simulation_pod_event_count(simulation) - before;
    if (status != STATUS_OK)
        text_add(&plan->failure, simulation_failure(simulation, NULL));
    simulation_destroy(simulation);
    text_clear(&plan->work);
    text_add_grouped(&plan->work, plan->item->size);
    text_add(&plan->work, " endpoints, ");
    text_add_grouped(&plan->work, count);
    text_add(&plan->work, " events");
    return (double)count / wall_s;
}

static void teardown(void *state)
{
    struct pipeline *pipeline = state;
    scenario_destroy(pipeline->scenario);
    free(pipeline);
}

static const struct bench_case pipeline_cases[] = {
    {"ready", REPLICAS, KIND_READY, BENCH_PER_SECOND, "pod events"},
    {"replace", REPLICAS, KIND_REPLACE, BENCH_PER_SECOND, "pod events"},
    {"relabel", REPLICAS, KIND_RELABEL, BENCH_PER_SECOND, "pod events"},
    {"replay", REPLICAS, KIND_REPLAY, BENCH_PER_SECOND, "pod events"},
};

const struct benchmark benchmark_pipeline = {
    .name = "pipeline",
    .about = "the whole way from a scenario's events to the watchers, 1,000 endpoints",
    .repeats = 5,
    .cases = pipeline_cases,
    .case_count = sizeof pipeline_cases / sizeof *pipeline_cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};

/* Of one Service, or of one for each thousand. */
static const struct bench_case churn_cases[] = {
    {"1k", 1000, KIND_CHURN_ONE, BENCH_PER_SECOND, "pod events"},
    {"1M/many", 1000000, KIND_CHURN_MANY, BENCH_PER_SECOND, "pod events"},
    {"1M/one", 1000000, KIND_CHURN_ONE, BENCH_PER_SECOND, "pod events"},
};

const struct benchmark benchmark_churn = {
    .name = "churn",
    .about = "the same of pods that die at random and are replaced, with delays",
    .repeats = 3,
    .cases = churn_cases,
    .case_count = sizeof churn_cases / sizeof *churn_cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
