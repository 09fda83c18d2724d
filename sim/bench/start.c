/*
 * start.c: `epsim run` of the smallest scenario, from the process's start to its end.
 */
#include "bench/benchmarks.h"
#include "bench/measure.h"

static const char smallest[] =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: solo}\nspec: {containers: [{name: main}]}\n";

static double sample(void *state, struct bench_plan *plan)
{
    (void)state;
    const char *const arguments[] = {plan->program, "run", "-", NULL};
    struct measured_process process;
    if (plan->work.length == 0)
        text_add(&plan->work, "epsim run, one Pod");
    if (!measure_process(arguments, smallest, sizeof smallest - 1, &process, &plan->failure))
        return 0;
    return process.wall_s * 1000;
}

static const struct bench_case cases[] = {{"smallest", 1, 0, BENCH_MILLISECONDS, "process"}};

const struct benchmark benchmark_start = {
    .name = "start",
    .about = "a process from its start to its end, the smallest scenario",
    .repeats = 50,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .sample = sample,
};
