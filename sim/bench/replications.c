/*
 * replications.c: two cores: 100 replications by two workers against one (experiment/workers.h). A
 * replication is a run of its own: a Service of 100 endpoints whose pods turn unready and ready.
 *
 *     one, two  replications a second by that many workers
 *     gain      the one over the other, taken side by side
 */
#include <stdio.h>

#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/texts.h"
#include "experiment/workers.h"
#include "simulation/simulation.h"

#define REPLICATIONS 100
#define REPLICAS 100
#define CHANGES 2000

enum { KIND_ONE = 1, KIND_TWO = 2, KIND_GAIN = 0 };

static void *setup(struct bench_plan *plan)
{
    struct text text = {0};
    texts_add_readiness(&text, REPLICAS, bench_scaled(plan, CHANGES));
    struct scenario *scenario = texts_load(&text, plan);
    text_fini(&text);
    text_add_grouped(&plan->work, REPLICATIONS);
    text_add(&plan->work, " replications of ");
    text_add_grouped(&plan->work, bench_scaled(plan, CHANGES));
    text_add(&plan->work, " pod events");
    return scenario;
}

/* The scenario is shared and only read. */
static void *replicate(void *context, void *own, uint64_t number)
{
    (void)own;
    struct simulation *simulation = simulation_create(context, 1, number);
    simulation_start(simulation);
    simulation_run_until(simulation, INT64_MAX, NULL, NULL, NULL);
    simulation_destroy(simulation);
    return NULL;
}

static double run_all(struct scenario *scenario, uint32_t workers, struct bench_plan *plan)
{
    static const struct workers_task task = {.work = replicate};
    double started_s = measure_now_s();
    if (workers_run(&task, scenario, workers, REPLICATIONS, NULL, NULL) != STATUS_OK)
        text_add(&plan->failure, "the workers could not be started");
    return measure_now_s() - started_s;
}

static double sample(void *state, struct bench_plan *plan)
{
    if (plan->item->kind != KIND_GAIN)
        return REPLICATIONS / run_all(state, (uint32_t)plan->item->kind, plan);
    double one_s = run_all(state, 1, plan);
    return one_s / run_all(state, 2, plan);
}

static void teardown(void *state)
{
    scenario_destroy(state);
}

static const struct bench_case cases[] = {
    {"one", 1, KIND_ONE, BENCH_PER_SECOND, "replications"},
    {"two", 1, KIND_TWO, BENCH_PER_SECOND, "replications"},
    {"gain", 1, KIND_GAIN, BENCH_TIMES, "two workers over one"},
};

const struct benchmark benchmark_replications = {
    .name = "replications",
    .about = "100 of them by two workers against one",
    .repeats = 5,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
