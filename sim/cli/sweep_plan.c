/*
 * sweep_plan.c: `epsim sweep plan`: the list of runs.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/sweep.h"
#include "experiment/what_if.h"

/* What is put together before it is written. */
#define PIECE_BYTES 65536
/* Digits of a hash that the table shows. */
#define HASH_SHOWN 12

enum { PLAN_FORMAT, PLAN_OPTION_COUNT };
static const struct option options[PLAN_OPTION_COUNT] = {
    [PLAN_FORMAT] = {OPTION_CHOICE, 0, "format", "table,json,csv", "table", "of the list"},
};

static const char *const examples[] = {
    "# What runs a sweep file makes.",
    "epsim help example > web.yaml",
    "epsim help example-sweep > sizes.yaml",
    "epsim sweep plan sizes.yaml",
    "# For a script: how many.",
    "epsim sweep plan sizes.yaml --format csv | tail -n +2 | wc -l",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_sweep_plan = {
    .name = "plan",
    .about = "the numbered list of runs that a sweep file makes",
    .usage = "FILE [OPTION]...",
    .text =
        "Runs are numbered from 0. From the slowest to the fastest: scenarios, rows, parameters in the order "
        "of the file, repetitions. A run's hash covers the version of epsim, the scenario with all its "
        "files, "
        "the parameters, the seed, the run number and what is recorded; results are found by it.",
    .options = options,
    .option_count = PLAN_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "printed",
    .exit_failed = "standard output could not be written",
    .exit_usage = "wrong usage or bad input",
    .run = run,
};

/* Columns of the list: every parameter that any run has. The seed is a column of its own. */
struct columns {
    VEC(const char *) paths;
};

static void add_path(struct columns *columns, const char *path)
{
    if (strcmp(path, "seed") == 0)
        return;
    for (uint32_t i = 0; i < columns->paths.count; i++)
        if (strcmp(columns->paths.items[i], path) == 0)
            return;
    vec_push(&columns->paths, path);
}

static void columns_init(struct columns *columns, const struct sweep_file *file)
{
    *columns = (struct columns){0};
    for (uint32_t i = 0; i < file->row_count; i++)
        for (uint32_t k = 0; k < file->rows[i].value_count; k++)
            add_path(columns, file->rows[i].paths[k]);
    for (uint32_t i = 0; i < file->parameter_count; i++)
        add_path(columns, file->parameters[i].path);
}

/* NULL when the run does not have it. */
static const char *value_of(const struct planned_run *run, const char *path)
{
    for (uint32_t i = 0; i < run->value_count; i++)
        if (strcmp(run->paths[i], path) == 0)
            return run->values[i]->text;
    return NULL;
}

static const char *scenario_of(const struct sweep_plan *plan, const struct planned_run *run)
{
    return plan->file->scenarios[run->scenario].paths[0];
}

/* --- table -------------------------------------------------------------------------------------------- */

static void add_table_row(const struct sweep_plan *plan, const struct columns *columns,
    const struct planned_run *run, struct table *table)
{
    struct text cell = {0};
    text_printf(&cell, "%u", (unsigned)run->index);
    table_take(table, &cell);
    if (plan->file->scenario_count > 1)
        table_add(table, scenario_of(plan, run));
    for (uint32_t i = 0; i < columns->paths.count; i++) {
        const char *value = value_of(run, columns->paths.items[i]);
        table_add(table, value != NULL ? value : "-");
    }
    text_add_u64(&cell, run->seed);
    table_take(table, &cell);
    text_add_u64(&cell, run->run);
    table_take(table, &cell);
    text_add_bytes(&cell, run->hash, HASH_SHOWN);
    table_take(table, &cell);
    text_fini(&cell);
}

static void write_table(const struct sweep_plan *plan, const struct columns *columns, struct text *out)
{
    bool has_scenarios = plan->file->scenario_count > 1;
    uint32_t count = columns->paths.count + 4 + has_scenarios;
    enum align *aligns = mem_array(NULL, count, sizeof *aligns);
    for (uint32_t i = 0; i < count; i++)
        aligns[i] = i + 1 < count && !(has_scenarios && i == 1) ? ALIGN_RIGHT : ALIGN_LEFT;
    struct table table;
    table_init(&table, count, 2, aligns);
    table_add(&table, "index");
    if (has_scenarios)
        table_add(&table, "scenario");
    for (uint32_t i = 0; i < columns->paths.count; i++)
        table_add(&table, columns->paths.items[i]);
    table_add(&table, "seed");
    table_add(&table, "run");
    table_add(&table, "hash");
    struct planned_run run;
    planned_run_init(&run, plan);
    for (uint32_t i = 0; i < plan->run_count; i++) {
        sweep_plan_run(plan, i, &run);
        add_table_row(plan, columns, &run, &table);
    }
    planned_run_fini(&run);
    table_print(&table, out, output_has_color());
    table_fini(&table);
    free(aligns);
}

/* --- for machines ------------------------------------------------------------------------------------- */

static void add_csv(struct text *out, const char *text)
{
    if (strpbrk(text, ",\"\n\r") == NULL) {
        text_add(out, text);
        return;
    }
    text_add_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            text_add_char(out, '"');
        text_add_char(out, *text);
    }
    text_add_char(out, '"');
}

static void add_csv_row(const struct sweep_plan *plan, const struct columns *columns,
    const struct planned_run *run, struct text *out)
{
    text_printf(out, "%u,", (unsigned)run->index);
    add_csv(out, scenario_of(plan, run));
    for (uint32_t i = 0; i < columns->paths.count; i++) {
        const char *value = value_of(run, columns->paths.items[i]);
        text_add_char(out, ',');
        add_csv(out, value != NULL ? value : "");
    }
    text_add_char(out, ',');
    text_add_u64(out, run->seed);
    text_add_char(out, ',');
    text_add_u64(out, run->run);
    text_printf(out, ",%s\n", run->hash);
}

static void add_csv_head(const struct columns *columns, struct text *out)
{
    text_add(out, "index,scenario");
    for (uint32_t i = 0; i < columns->paths.count; i++) {
        text_add_char(out, ',');
        add_csv(out, columns->paths.items[i]);
    }
    text_add(out, ",seed,run,hash\n");
}

static void add_json_text(struct text *out, const char *text)
{
    text_add_json(out, text, strlen(text));
}

static void add_json_row(const struct sweep_plan *plan, const struct planned_run *run, struct text *out)
{
    bool first = true;
    text_printf(out, "%s\n  {\"index\": %u, \"scenario\": ", run->index > 0 ? "," : "", (unsigned)run->index);
    add_json_text(out, scenario_of(plan, run));
    text_add(out, ", \"parameters\": {");
    for (uint32_t i = 0; i < run->value_count; i++) {
        if (run->values[i]->set == NULL)
            continue;
        text_add(out, first ? "" : ", ");
        add_json_text(out, run->paths[i]);
        text_add(out, ": ");
        add_json_text(out, run->values[i]->text);
        first = false;
    }
    text_add(out, "}, \"seed\": ");
    text_add_u64(out, run->seed);
    text_add(out, ", \"run\": ");
    text_add_u64(out, run->run);
    text_printf(out, ", \"hash\": \"%s\"}", run->hash);
}

static void add_json_head(const struct sweep_plan *plan, struct text *out)
{
    text_add(out, "{\"sweep\": ");
    add_json_text(out, plan->file->name);
    text_add(out, ", \"epsim\": ");
    add_json_text(out, plan->version);
    text_add(out, ", \"runs\": [");
}

static enum exit_code write_rows(
    const struct sweep_plan *plan, const struct columns *columns, bool json, struct text *out)
{
    struct planned_run run;
    enum exit_code code = EXIT_OK;
    planned_run_init(&run, plan);
    if (json)
        add_json_head(plan, out);
    else
        add_csv_head(columns, out);
    for (uint32_t i = 0; i < plan->run_count && code == EXIT_OK; i++) {
        sweep_plan_run(plan, i, &run);
        if (json)
            add_json_row(plan, &run, out);
        else
            add_csv_row(plan, columns, &run, out);
        if (out->length >= PIECE_BYTES) {
            code = output_write(out);
            text_clear(out);
        }
    }
    if (json)
        text_add(out, "\n]}\n");
    planned_run_fini(&run);
    return code;
}

static int run(const struct arguments *arguments)
{
    const char *path;
    struct sweep_plan *plan;
    enum exit_code code = sweep_operand(arguments, "sweep file", &path);
    if (code == EXIT_OK)
        code = sweep_read_plan(path, true, &plan);
    if (code != EXIT_OK)
        return code;
    struct columns columns;
    struct text out = {0};
    columns_init(&columns, plan->file);
    if (arguments->values[PLAN_FORMAT].number == 0)
        write_table(plan, &columns, &out);
    else
        code = write_rows(plan, &columns, arguments->values[PLAN_FORMAT].number == 1, &out);
    if (code == EXIT_OK)
        code = output_write(&out);
    uint32_t what_ifs = what_if_of_plan(plan);
    if (what_ifs) {
        text_clear(&out);
        what_if_add(&out, what_ifs);
        note_print("note: %s", out.data);
    }
    text_fini(&out);
    vec_fini(&columns.paths);
    sweep_plan_destroy(plan);
    return code;
}
