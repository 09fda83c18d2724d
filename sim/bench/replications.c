/*
 * replications.c: two cores: 100 replications by two workers against one (experiment/workers.h). A
 * replication is a run of its own: a Service of 100 endpoints whose pods turn unready and ready.
 *
 *     one, two  replications a second by that many workers
 *     gain      the one over the other: pairs, one right after the other, now the one first and now the
 * other, so that a slow spell of the machine is in both or stands out from the median cost      processor
 * time of a replication by two workers over that by one: what sharing caches, memory and locks costs, whether
 * or not both processors were free
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/texts.h"
#include "experiment/workers.h"
#include "simulation/simulation.h"

#define REPLICATIONS 100
#define REPLICAS 100
#define CHANGES 2000

enum { KIND_ONE = 1, KIND_TWO = 2, KIND_GAIN, KIND_COST };

struct bench {
    struct scenario *scenario;
    uint32_t samples;
};

static void *setup(struct bench_plan *plan)
{
    struct bench *bench = mem_zalloc(sizeof *bench);
    struct text text = {0};
    texts_add_readiness(&text, REPLICAS, bench_scaled(plan, CHANGES));
    bench->scenario = texts_load(&text, plan);
    text_fini(&text);
    text_add_grouped(&plan->work, REPLICATIONS);
    text_add(&plan->work, " replications of ");
    text_add_grouped(&plan->work, bench_scaled(plan, CHANGES));
    text_add(&plan->work, " pod events");
    return bench;
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

struct used {
    double wall_s, processor_s;
};

static struct used run_all(struct bench *bench, uint32_t workers, struct bench_plan *plan)
{
    static const struct workers_task task = {.work = replicate};
    struct used before = {measure_now_s(), measure_processor_s()};
    if (workers_run(&task, bench->scenario, workers, REPLICATIONS, NULL, NULL) != STATUS_OK)
        text_add(&plan->failure, "the workers could not be started");
    return (struct used){measure_now_s() - before.wall_s, measure_processor_s() - before.processor_s};
}

static double sample(void *state, struct bench_plan *plan)
{
    struct bench *bench = state;
    if (plan->item->kind == KIND_ONE || plan->item->kind == KIND_TWO)
        return REPLICATIONS / run_all(bench, (uint32_t)plan->item->kind, plan).wall_s;
    struct used used[2];
    uint32_t first = bench->samples++ % 2;
    used[first] = run_all(bench, first + 1, plan);
    used[!first] = run_all(bench, 2 - first, plan);
    return plan->item->kind == KIND_GAIN ? used[0].wall_s / used[1].wall_s
                                         : used[1].processor_s / used[0].processor_s;
}

static void teardown(void *state)
{
    struct bench *bench = state;
    scenario_destroy(bench->scenario);
    free(bench);
}

static const struct bench_case cases[] = {
    {"one", 1, KIND_ONE, BENCH_PER_SECOND, "replications"},
    {"two", 1, KIND_TWO, BENCH_PER_SECOND, "replications"},
    {"gain", 1, KIND_GAIN, BENCH_TIMES, "two workers over one"},
    {"cost", 1, KIND_COST, BENCH_TIMES, "processor time, two workers over one"},
};

const struct benchmark benchmark_replications = {
    .name = "replications",
    .about = "100 of them by two workers against one",
    .repeats = 15,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
