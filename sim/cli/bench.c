/*
 * bench.c: `epsim bench`: the program measures itself (sim/bench).
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/measure.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/output.h"

enum {
    BENCH_OPTION_LIST,
    BENCH_OPTION_JSON,
    BENCH_OPTION_REPEAT,
    BENCH_OPTION_MAX_SIZE,
    BENCH_OPTION_SCALE,
    BENCH_OPTION_WARM_UP,
    BENCH_OPTION_QUIET,
    BENCH_OPTION_COUNT
};

static const struct option options[BENCH_OPTION_COUNT] = {
    [BENCH_OPTION_LIST] = {OPTION_FLAG, 'l', "list", NULL, NULL,
        "the names of all cases, and nothing is measured"},
    [BENCH_OPTION_JSON] = {OPTION_FLAG, 0, "json", NULL, NULL, "the results as one JSON object"},
    [BENCH_OPTION_REPEAT] = {OPTION_NUMBER, 0, "repeat", "N", "as each benchmark has it, mostly 5",
        "how often a case is measured"},
    [BENCH_OPTION_MAX_SIZE] = {OPTION_NUMBER, 0, "max-size", "N", "all",
        "leave out cases of more than N endpoints, pods, Services or pending events"},
    [BENCH_OPTION_SCALE] = {OPTION_NUMBER, 0, "scale", "PERCENT", "100",
        "how much work a measurement does, of the usual amount"},
    [BENCH_OPTION_WARM_UP] = {OPTION_NUMBER, 0, "warm-up", "SECONDS", "3; 0 with a smaller --scale than 100",
        "keep the processor busy for so long before anything is measured: one that was idle may run at half "
        "of its speed"},
    [BENCH_OPTION_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "no progress"},
};

static const char *const examples[] = {
    "# What there is.",
    "epsim bench --list",
    "# One benchmark; one case of it, as JSON.",
    "epsim bench pipeline --scale 10",
    "epsim bench pod-events/1k/ready --scale 10 --json",
    "# Everything up to a thousand endpoints, quickly.",
    "epsim bench --max-size 1000 --repeat 1 --scale 1",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_bench = {
    .name = "bench",
    .about = "measures how fast epsim is on this machine",
    .usage = "[NAME]... [OPTION]...",
    .text = "Without NAME everything is measured, which takes about two minutes. NAME is a benchmark, or the "
            "beginning of a case's name up to a slash: pod-events, pod-events/1k, pod-events/1k/ready.\n"
            "\n"
            "A case is measured several times after it was set up. Shown are the median, the least and the "
            "greatest; for rates also the time that one takes. A pod event is one change of one pod "
            "and all that follows from it: watch, syncs of the controllers, requests, bytes to watchers.",
    .options = options,
    .option_count = BENCH_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "measured",
    .exit_failed = "something could not be measured or written",
    .exit_usage = "wrong usage",
    .run = run,
};

/* --- values -------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;  /* in JSON */
    const char *after; /* in a table */
} units[] = {
    [BENCH_PER_SECOND] = {"1/s", "/s"},
    [BENCH_MB_PER_SECOND] = {"MB/s", " MB/s"},
    [BENCH_MILLISECONDS] = {"ms", " ms"},
    [BENCH_BYTES] = {"bytes", " B"},
    [BENCH_TIMES] = {"times", " x"},
    [BENCH_PERCENT] = {"percent", " %"},
};

static void add_each(struct text *out, double rate)
{
    double ns = 1e9 / rate;
    if (ns < 1000)
        text_printf(out, "%.3g ns", ns);
    else if (ns < 1e6)
        text_printf(out, "%.3g us", ns / 1e3);
    else
        text_printf(out, "%.3g ms", ns / 1e6);
}

static void add_value(struct text *out, enum bench_unit unit, double value)
{
    text_add_rate(out, value);
    text_add(out, units[unit].after);
}

/* --- output -------------------------------------------------------------------------------------------- */

struct output {
    bool json, progress;
    bool failed;
    bool has_rows;
    struct text results; /* JSON, with commas between */
    struct table table;
};

static void add_json_text(struct text *out, const char *key, const char *value)
{
    text_printf(out, "\"%s\": ", key);
    text_add_json(out, value, strlen(value));
    text_add(out, ", ");
}

static void add_json_real(struct text *out, const char *key, double value)
{
    text_printf(out, "\"%s\": ", key);
    text_add_real(out, value);
}

static void add_json_result(struct text *out, const struct bench_result *result)
{
    text_add(out, out->length > 0 ? ",\n    {" : "\n    {");
    add_json_text(out, "benchmark", result->benchmark->name);
    add_json_text(out, "case", result->item->name);
    text_printf(out, "\"size\": %llu, ", (unsigned long long)result->item->size);
    add_json_text(out, "counts", result->item->counts);
    add_json_text(out, "unit", units[result->item->unit].name);
    add_json_text(out, "work", result->work);
    if (result->failure != NULL) {
        add_json_text(out, "failure", result->failure);
        text_add(out, "\"repeats\": 0}");
        return;
    }
    text_printf(out, "\"repeats\": %u, ", result->repeats);
    add_json_real(out, "median", result->median);
    text_add(out, ", ");
    add_json_real(out, "min", result->min);
    text_add(out, ", ");
    add_json_real(out, "max", result->max);
    text_add(out, "}");
}

static void add_row(struct table *table, const struct bench_result *result)
{
    struct text cell = {0};
    enum bench_unit unit = result->item->unit;
    text_printf(&cell, "%s/%s", result->benchmark->name, result->item->name);
    table_take(table, &cell);
    add_value(&cell, unit, result->median);
    table_take(table, &cell);
    if (unit == BENCH_PER_SECOND)
        add_each(&cell, result->median);
    table_take(table, &cell);
    if (result->repeats > 1) {
        text_add_rate(&cell, result->min);
        text_add(&cell, " to ");
        text_add_rate(&cell, result->max);
    }
    table_take(table, &cell);
    text_add_u64(&cell, result->repeats);
    table_take(table, &cell);
    table_add(table, result->item->counts);
    table_add(table, result->work);
    text_fini(&cell);
}

static bool on_begin(void *context, const struct benchmark *benchmark, const struct bench_case *item)
{
    struct output *output = context;
    if (output->progress) {
        fprintf(stderr, "%s/%s\n", benchmark->name, item->name);
        fflush(stderr);
    }
    return true;
}

static void on_end(void *context, const struct bench_result *result)
{
    struct output *output = context;
    if (result->failure != NULL) {
        output->failed = true;
        error_print("%s/%s: %s", result->benchmark->name, result->item->name, result->failure);
    }
    if (output->json)
        add_json_result(&output->results, result);
    else if (result->failure == NULL)
        add_row(&output->table, result);
    output->has_rows = output->has_rows || result->failure == NULL;
}

static enum exit_code write_results(struct output *output)
{
    struct text out = {0}, cpu = {0};
    measure_cpu(&cpu);
    if (output->json) {
        text_add(&out, "{\n  ");
        add_json_text(&out, "epsim", EPSIM_VERSION);
        add_json_text(&out, "compiler", measure_compiler());
        add_json_text(&out, "cpu", cpu.data);
        text_printf(&out, "\"cores\": %u,\n  \"results\": [%s\n  ]\n}\n", measure_cores(),
            output->results.data != NULL ? output->results.data : "");
    } else {
        if (output->has_rows) {
            table_print(&output->table, &out, output_has_color());
            text_add_char(&out, '\n');
        }
        text_printf(&out, "epsim " EPSIM_VERSION ", %s, %s, %u cores\n", measure_compiler(), cpu.data,
            measure_cores());
    }
    enum exit_code code = output_write(&out);
    text_fini(&out);
    text_fini(&cpu);
    return code;
}

/* --- the command --------------------------------------------------------------------------------------- */

static enum exit_code list(const struct bench_options *chosen)
{
    static const enum align aligns[] = {ALIGN_LEFT, ALIGN_LEFT};
    struct text out = {0};
    struct table table;
    table_init(&table, 2, 3, aligns);
    for (uint32_t b = 0; b < benchmark_count; b++) {
        bool is_first = true;
        for (uint32_t i = 0; i < benchmarks[b]->case_count; i++) {
            if (!bench_is_chosen(chosen, benchmarks[b], &benchmarks[b]->cases[i]))
                continue;
            struct text name = {0};
            text_printf(&name, "%s/%s", benchmarks[b]->name, benchmarks[b]->cases[i].name);
            table_take(&table, &name);
            text_fini(&name);
            table_add(&table, is_first ? benchmarks[b]->about : "");
            is_first = false;
        }
    }
    table_print(&table, &out, false);
    table_fini(&table);
    enum exit_code code = output_write(&out);
    text_fini(&out);
    return code;
}

static enum exit_code check_arguments(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    for (uint32_t i = 0; i < arguments->operands.count; i++)
        if (!bench_exists(arguments->operands.items[i]))
            return usage_error(arguments, "there is no benchmark '%s'; 'epsim bench --list' has them",
                arguments->operands.items[i]);
    if (values[BENCH_OPTION_REPEAT].count > 0 &&
        (values[BENCH_OPTION_REPEAT].number < 1 || values[BENCH_OPTION_REPEAT].number > BENCH_REPEATS_MAX))
        return usage_error(
            arguments, "--repeat %s: expected 1 to %d", values[BENCH_OPTION_REPEAT].text, BENCH_REPEATS_MAX);
    if (values[BENCH_OPTION_SCALE].count > 0 &&
        (values[BENCH_OPTION_SCALE].number < 1 ||
            values[BENCH_OPTION_SCALE].number > BENCH_SCALE_PERCENT_MAX))
        return usage_error(arguments, "--scale %s: expected 1 to %d", values[BENCH_OPTION_SCALE].text,
            BENCH_SCALE_PERCENT_MAX);
    if (values[BENCH_OPTION_WARM_UP].number > BENCH_WARM_UP_S_MAX)
        return usage_error(arguments, "--warm-up %s: expected 0 to %d", values[BENCH_OPTION_WARM_UP].text,
            BENCH_WARM_UP_S_MAX);
    return EXIT_OK;
}

static int run(const struct arguments *arguments)
{
    enum exit_code code = check_arguments(arguments);
    if (code != EXIT_OK)
        return code;
    const struct option_value *values = arguments->values;
    struct bench_options chosen = {
        .repeats = (uint32_t)values[BENCH_OPTION_REPEAT].number,
        .scale_percent =
            values[BENCH_OPTION_SCALE].count > 0 ? (uint32_t)values[BENCH_OPTION_SCALE].number : 100,
        .size_max =
            values[BENCH_OPTION_MAX_SIZE].count > 0 ? values[BENCH_OPTION_MAX_SIZE].number : UINT64_MAX,
        .program = "/proc/self/exe",
        .names = arguments->operands.items,
        .name_count = arguments->operands.count,
    };
    if (values[BENCH_OPTION_WARM_UP].count > 0)
        chosen.warm_up_s = (uint32_t)values[BENCH_OPTION_WARM_UP].number;
    else if (chosen.scale_percent >= 100)
        chosen.warm_up_s = BENCH_WARM_UP_S;
    if (values[BENCH_OPTION_LIST].count > 0)
        return list(&chosen);
    static const enum align aligns[] = {
        ALIGN_LEFT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_LEFT, ALIGN_LEFT};
    struct output output = {.json = values[BENCH_OPTION_JSON].count > 0,
        .progress = values[BENCH_OPTION_QUIET].count == 0 && error_is_terminal()};
    table_init(&output.table, 7, 2, aligns);
    static const char *const head[] = {
        "CASE", "MEDIAN", "EACH", "LEAST TO GREATEST", "REPEATS", "COUNTED", "WORK"};
    for (uint32_t i = 0; i < 7; i++)
        table_add(&output.table, head[i]);
    /* Ctrl-C: what is measured by then is told, and scratch files go. */
    chosen.stop = interrupt_catch();
    bench_run(&chosen, on_begin, on_end, &output);
    code = write_results(&output);
    if (interrupt_signal() != 0)
        note_print("interrupted; not everything was measured");
    table_fini(&output.table);
    text_fini(&output.results);
    interrupt_die();
    return code == EXIT_OK && output.failed ? EXIT_FAILED : code;
}
