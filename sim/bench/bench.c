/*
 * bench.c: the table of benchmarks, and the loop over cases and repeats.
 */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"

const struct benchmark *const benchmarks[] = {&benchmark_start, &benchmark_memory, &benchmark_pod_events,
    &benchmark_subsets, &benchmark_services, &benchmark_watchers, &benchmark_pipeline, &benchmark_churn,
    &benchmark_kernel, &benchmark_parse, &benchmark_recorder, &benchmark_replications};
const uint32_t benchmark_count = sizeof benchmarks / sizeof benchmarks[0];

uint64_t bench_scaled(const struct bench_plan *plan, uint64_t count)
{
    uint64_t scaled = count * plan->scale_percent / 100;
    return scaled > 0 ? scaled : 1;
}

/* --- which -------------------------------------------------------------------------------------------- */

/* `name` is the whole of BENCHMARK/CASE, or a beginning of it that ends before a slash. */
static bool name_fits(const char *name, const struct benchmark *benchmark, const struct bench_case *item)
{
    size_t length = strlen(benchmark->name);
    if (strncmp(name, benchmark->name, length) != 0)
        return false;
    if (name[length] == '\0')
        return true;
    if (name[length] != '/')
        return false;
    const char *rest = name + length + 1;
    length = strlen(rest);
    return strncmp(item->name, rest, length) == 0 &&
           (item->name[length] == '\0' || item->name[length] == '/');
}

bool bench_exists(const char *name)
{
    for (uint32_t b = 0; b < benchmark_count; b++)
        for (uint32_t i = 0; i < benchmarks[b]->case_count; i++)
            if (name_fits(name, benchmarks[b], &benchmarks[b]->cases[i]))
                return true;
    return false;
}

bool bench_is_chosen(
    const struct bench_options *options, const struct benchmark *benchmark, const struct bench_case *item)
{
    if (item->size > options->size_max)
        return false;
    for (uint32_t i = 0; i < options->name_count; i++)
        if (name_fits(options->names[i], benchmark, item))
            return true;
    return options->name_count == 0;
}

/* --- one case ------------------------------------------------------------------------------------------ */

static int compare_values(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* A function of its own, never inlined: tools that count instructions are told to count inside it. */
__attribute__((noinline)) double bench_take_sample(
    const struct benchmark *benchmark, void *state, struct bench_plan *plan);
double bench_take_sample(const struct benchmark *benchmark, void *state, struct bench_plan *plan)
{
    return benchmark->sample(state, plan);
}

static bool is_stopped(const volatile int *stop)
{
    return stop != NULL && *stop;
}

/* When `stop` is set the result may be of fewer samples, or none. */
static void measure(const struct benchmark *benchmark, void *state, struct bench_plan *plan, uint32_t repeats,
    const volatile int *stop, struct bench_result *out)
{
    VEC(double) values = {0};
    if (benchmark->warms_up && plan->failure.length == 0 && !is_stopped(stop))
        benchmark->sample(state, plan);
    for (uint32_t i = 0; i < repeats && plan->failure.length == 0 && !is_stopped(stop); i++)
        vec_push(&values, bench_take_sample(benchmark, state, plan));
    *out = (struct bench_result){.benchmark = benchmark, .item = plan->item, .repeats = values.count};
    out->work = plan->work.data != NULL ? plan->work.data : "";
    if (plan->failure.length > 0) {
        out->failure = plan->failure.data;
    } else if (values.count > 0) {
        qsort(values.items, values.count, sizeof *values.items, compare_values);
        uint32_t middle = values.count / 2;
        out->min = values.items[0];
        out->max = vec_last(&values);
        out->median =
            values.count % 2 ? values.items[middle] : (values.items[middle - 1] + values.items[middle]) / 2;
    }
    vec_fini(&values);
}

/* --- all ----------------------------------------------------------------------------------------------- */

static void run_benchmark(const struct bench_options *options, const struct benchmark *benchmark,
    bool (*begin)(void *context, const struct benchmark *benchmark, const struct bench_case *item),
    void (*end)(void *context, const struct bench_result *result), void *context, bool *stopped)
{
    struct bench_plan plan = {.scale_percent = options->scale_percent, .program = options->program};
    void *state = NULL;
    bool is_set_up = false;
    for (uint32_t i = 0; i < benchmark->case_count && !*stopped; i++) {
        const struct bench_case *item = &benchmark->cases[i];
        if (!bench_is_chosen(options, benchmark, item))
            continue;
        *stopped = !begin(context, benchmark, item);
        if (*stopped)
            break;
        if (is_set_up && !(benchmark->shares && plan.item->size == item->size)) {
            if (benchmark->teardown != NULL)
                benchmark->teardown(state);
            is_set_up = false;
        }
        plan.item = item;
        text_clear(&plan.work);
        text_clear(&plan.failure);
        if (!is_set_up && benchmark->setup != NULL)
            state = benchmark->setup(&plan);
        is_set_up = true;
        bool is_usable = plan.failure.length == 0;
        struct bench_result result;
        measure(benchmark, state, &plan, options->repeats > 0 ? options->repeats : benchmark->repeats,
            options->stop, &result);
        /* What stopped in the middle is no result; nor is what failed then: the signal may have been the
         * started program's, too. */
        *stopped = is_stopped(options->stop);
        if (!*stopped)
            end(context, &result);
        /* What could not be set up is no ground for another case either. */
        if (!is_usable && benchmark->teardown != NULL)
            benchmark->teardown(state);
        is_set_up = is_usable;
    }
    if (is_set_up && benchmark->teardown != NULL)
        benchmark->teardown(state);
    text_fini(&plan.work);
    text_fini(&plan.failure);
}

void bench_run(const struct bench_options *options,
    bool (*begin)(void *context, const struct benchmark *benchmark, const struct bench_case *item),
    void (*end)(void *context, const struct bench_result *result), void *context)
{
    measure_warm_processor(options->warm_up_s, options->stop);
    bool stopped = is_stopped(options->stop);
    for (uint32_t b = 0; b < benchmark_count && !stopped; b++)
        run_benchmark(options, benchmarks[b], begin, end, context, &stopped);
}
