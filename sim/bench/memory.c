/*
 * memory.c: what a live pod takes: the peak resident size of `epsim run`, everything included, divided by the
 * pods. Services with a Deployment of 1,000 replicas each, in a process of its own, so that nothing that ran
 * here before is counted; and how fast that process made them, from its start to its end.
 */
#include <inttypes.h>

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/texts.h"

#define REPLICAS 1000

enum { KIND_BYTES, KIND_RATE };

/* One run gives a sample of both kinds; `unused`: which has not been asked for. */
struct runs {
    struct text scenario;
    struct measured_process process;
    bool unused[2];
};

static void *setup(struct bench_plan *plan)
{
    struct runs *runs = mem_zalloc(sizeof *runs);
    texts_add_deployments(&runs->scenario, (uint32_t)(plan->item->size / REPLICAS), REPLICAS);
    return runs;
}

static double sample(void *state, struct bench_plan *plan)
{
    struct runs *runs = state;
    const char *const arguments[] = {plan->program, "run", "-", NULL};
    uint64_t pods = plan->item->size;
    bool *unused = &runs->unused[plan->item->kind];
    if (plan->work.length == 0) {
        text_add_grouped(&plan->work, pods);
        text_printf(&plan->work, " pods in %" PRIu64 " Services", pods / REPLICAS);
    }
    if (!*unused) {
        if (!measure_process(
                arguments, runs->scenario.data, runs->scenario.length, &runs->process, &plan->failure))
            return 0;
        runs->unused[KIND_BYTES] = runs->unused[KIND_RATE] = true;
    }
    *unused = false;
    if (plan->item->kind == KIND_RATE)
        return (double)pods / runs->process.wall_s;
    return (double)runs->process.peak_bytes / (double)pods;
}

static void teardown(void *state)
{
    struct runs *runs = state;
    text_fini(&runs->scenario);
    free(runs);
}

#define CASES(label, size) \
    {label "/bytes", size, KIND_BYTES, BENCH_BYTES, "live pod"}, \
    { \
        label "/start", size, KIND_RATE, BENCH_PER_SECOND, "pods" \
    }
static const struct bench_case cases[] = {CASES("100k", 100000), CASES("1M", 1000000)};

const struct benchmark benchmark_memory = {
    .name = "memory",
    .about = "peak resident size of epsim run, a live pod; and how fast they start",
    .repeats = 1,
    .shares = true,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
