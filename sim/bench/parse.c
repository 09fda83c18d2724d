/*
 * parse.c: how fast scenarios and tables are read, and what part of a run that is.
 *
 *     manifest  100,000 lines of Services and Deployments in kubectl's style, to a checked scenario
 *     rows      a scenario with a trace in it
 *     csv       `import csv`: a table of pods and their times to a scenario; bytes of the table
 *     share     of 'manifest' in reading and running it
 */
#include <stdio.h>

#include "base/mem.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/scratch.h"
#include "bench/texts.h"
#include "scenario/import_csv.h"
#include "simulation/simulation.h"

#define LINES 100000
#define LINES_PER_SERVICE 34 /* of texts_add_deployments */
#define REPLICAS 10
#define ROWS 200000
#define ROW_SERVICES 100
#define ROW_STANDING 50

enum { KIND_MANIFEST, KIND_ROWS, KIND_CSV, KIND_SHARE };

struct input {
    struct text text;
    struct scratch scratch;
};

static bool write_table(struct input *input, struct bench_plan *plan)
{
    if (!scratch_init(&input->scratch, &plan->failure))
        return false;
    FILE *file = fopen(scratch_file(&input->scratch, "table.csv"), "w");
    bool done = file != NULL && fwrite(input->text.data, 1, input->text.length, file) == input->text.length;
    if (file == NULL || fclose(file) != 0 || !done)
        text_add(&plan->failure, "the table could not be written");
    return plan->failure.length == 0;
}

static void *setup(struct bench_plan *plan)
{
    struct input *input = mem_zalloc(sizeof *input);
    uint64_t rows = bench_scaled(plan, ROWS);
    switch (plan->item->kind) {
    case KIND_ROWS:
        texts_add_replay(&input->text, ROW_SERVICES, ROW_STANDING, rows);
        break;
    case KIND_CSV:
        texts_add_csv(&input->text, ROW_SERVICES, ROW_STANDING, rows);
        write_table(input, plan);
        break;
    default:
        texts_add_deployments(
            &input->text, (uint32_t)(bench_scaled(plan, LINES) / LINES_PER_SERVICE + 1), REPLICAS);
    }
    uint64_t lines = 0;
    for (size_t i = 0; i < input->text.length; i++)
        lines += input->text.data[i] == '\n';
    text_add_grouped(&plan->work, lines);
    text_add(&plan->work, " lines, ");
    text_add_bytes_human(&plan->work, input->text.length);
    return input;
}

static void teardown(void *state)
{
    struct input *input = state;
    scratch_fini(&input->scratch);
    text_fini(&input->text);
    free(input);
}

static double sample_load(struct input *input, struct bench_plan *plan)
{
    double started_s = measure_now_s();
    struct scenario *scenario = texts_load(&input->text, plan);
    double wall_s = measure_now_s() - started_s;
    scenario_destroy(scenario);
    return (double)input->text.length / wall_s / 1e6;
}

static double sample_share(struct input *input, struct bench_plan *plan)
{
    double started_s = measure_now_s();
    struct scenario *scenario = texts_load(&input->text, plan);
    double loaded_s = measure_now_s();
    if (scenario == NULL)
        return 0;
    struct simulation *simulation = simulation_create(scenario, 1, 0);
    simulation_start(simulation);
    if (simulation_run_until(simulation, INT64_MAX, NULL, NULL, NULL) != STATUS_OK)
        text_add(&plan->failure, simulation_failure(simulation, NULL));
    simulation_destroy(simulation);
    scenario_destroy(scenario);
    return 100 * (loaded_s - started_s) / (measure_now_s() - started_s);
}

static double sample_csv(struct input *input, struct bench_plan *plan)
{
    struct arena arena = {0};
    struct import_csv_stats stats = {0};
    struct diag *diag = diag_create();
    FILE *out = fopen("/dev/null", "w");
    struct import_csv_options options = {.path = scratch_file(&input->scratch, "table.csv"),
        .service = "app",
        .pod = "instance",
        .create = "created",
        .delete_column = "deleted",
        .name = "bench"};
    double started_s = measure_now_s();
    if (out == NULL || import_csv(&options, &arena, diag, out, NULL, &stats) != STATUS_OK)
        text_add(&plan->failure, "the benchmark's own table is not accepted");
    double wall_s = measure_now_s() - started_s;
    if (out != NULL)
        fclose(out);
    diag_destroy(diag);
    import_csv_stats_fini(&stats);
    arena_fini(&arena);
    return (double)input->text.length / wall_s / 1e6;
}

static double sample(void *state, struct bench_plan *plan)
{
    switch (plan->item->kind) {
    case KIND_CSV:
        return sample_csv(state, plan);
    case KIND_SHARE:
        return sample_share(state, plan);
    default:
        return sample_load(state, plan);
    }
}

static const struct bench_case cases[] = {
    {"manifest", 1, KIND_MANIFEST, BENCH_MB_PER_SECOND, "bytes read"},
    {"rows", 1, KIND_ROWS, BENCH_MB_PER_SECOND, "bytes read"},
    {"csv", 1, KIND_CSV, BENCH_MB_PER_SECOND, "bytes read"},
    {"share", 1, KIND_SHARE, BENCH_PERCENT, "reading in reading and running"},
};

const struct benchmark benchmark_parse = {
    .name = "parse",
    .about = "reading manifests, traces and tables",
    .repeats = 5,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
