/*
 * comparison_export.c: see comparison_export.h.
 */
#include "experiment/comparison_export.h"

#include <math.h>
#include <string.h>

/* Calls `visit` for each block, figure and side, in that order. */
typedef void visit_cell(void *context, const struct comparison_block *block, uint32_t side, uint32_t figure,
    const struct comparison_cell *cell);

static void each_cell(const struct comparison *comparison, visit_cell *visit, void *context)
{
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        const struct comparison_block *block = &comparison->blocks.items[i];
        for (uint32_t figure = 0; figure < comparison->figures.count; figure++) {
            for (uint32_t side = 0; side < block->sides.count; side++) {
                struct comparison_cell cell = comparison_cell(comparison, block, side, figure);
                visit(context, block, side, figure, &cell);
            }
        }
    }
}

/* Where an export stands. */
struct export
{
    const struct comparison *comparison;
    struct text *out;
    bool has_rows;
};

/* --- words -------------------------------------------------------------------------------------------- */

void text_add_interval(struct text *out, const struct figure *figure, const struct estimate *estimate)
{
    if (isnan(estimate->low)) {
        text_add_char(out, '-');
        return;
    }
    text_add_figure(out, figure, estimate->low);
    text_add(out, " to ");
    text_add_figure(out, figure, estimate->high);
}

void text_add_difference(struct text *out, const struct figure *figure, const struct comparison_cell *cell)
{
    double value = cell->difference.value;
    if (cell->difference.count > 0 && value > 0)
        text_add_char(out, '+');
    text_add_figure(out, figure, value);
    double relative = fabs(cell->relative); /* NAN: no comparison holds */
    if (relative >= 0.0005)
        text_printf(out, relative < 10 ? " (%+.1f %%)" : " (%+.0f %%)", 100 * cell->relative);
}

const char *excludes_zero_text(const struct estimate *difference)
{
    return isnan(difference->low) ? "-" : estimate_excludes_zero(difference) ? "yes" : "no";
}

/* --- CSV ---------------------------------------------------------------------------------------------- */

static void add_field(struct text *out, const char *field)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        text_add_char(out, ',');
    if (strpbrk(field, ",\"\r\n") == NULL) {
        text_add(out, field);
        return;
    }
    text_add_char(out, '"');
    for (; *field != '\0'; field++) {
        if (*field == '"')
            text_add_char(out, '"');
        text_add_char(out, *field);
    }
    text_add_char(out, '"');
}

static void add_number_field(struct text *out, double value)
{
    text_add_char(out, ',');
    if (!isnan(value))
        text_add_real(out, value);
}

static void csv_cell(void *context, const struct comparison_block *block, uint32_t side, uint32_t figure,
    const struct comparison_cell *cell)
{
    struct export *export = context;
    const struct comparison *comparison = export->comparison;
    const struct comparison_side *it = &block->sides.items[side];
    struct text *out = export->out;
    add_field(out, comparison->figures.items[figure].name);
    add_field(out, figure_unit_name(&comparison->figures.items[figure]));
    add_field(out, it->label);
    add_field(out, comparison->statistic_name);
    text_printf(out, ",%u", cell->estimate.count);
    const double numbers[] = {cell->estimate.value, cell->estimate.low, cell->estimate.high,
        cell->spread.mean, cell->spread.deviation, cell->spread.median, cell->spread.min, cell->spread.max};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        add_number_field(out, numbers[i]);
    add_field(out, block->baseline >= 0 ? block->sides.items[block->baseline].label : "");
    add_field(out, cell->difference.count == 0 ? "" : cell->is_paired ? "yes" : "no");
    const double differences[] = {
        cell->difference.value, cell->difference.low, cell->difference.high, cell->relative};
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        add_number_field(out, differences[i]);
    const char *excludes = excludes_zero_text(&cell->difference);
    add_field(out, *excludes == '-' ? "" : excludes);
    for (uint32_t i = 0; i < it->results->parameters.count; i++) {
        const char *value = it->results->variants.items[it->variant].values[i];
        add_field(out, value != NULL ? value : "");
    }
    text_add_char(out, '\n');
}

void comparison_csv(const struct comparison *comparison, struct text *out)
{
    text_add(out,
        "figure,unit,variant,statistic,runs,value,low,high,mean,stddev,median,min,max,baseline,paired,"
        "difference,difference_low,difference_high,difference_relative,excludes_zero");
    const struct results *results = &comparison->results[0];
    for (uint32_t i = 0; i < results->parameters.count; i++) {
        struct text name = {0};
        text_printf(&name, "parameter_%s", results->parameters.items[i]);
        add_field(out, name.data);
        text_fini(&name);
    }
    text_add_char(out, '\n');
    struct export export = {.comparison = comparison, .out = out};
    each_cell(comparison, csv_cell, &export);
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static void add_string(struct text *out, const char *key, const char *value)
{
    text_printf(out, "\"%s\": ", key);
    if (value == NULL)
        text_add(out, "null");
    else
        text_add_json(out, value, strlen(value));
}

static void add_real(struct text *out, const char *key, double value)
{
    text_printf(out, ", \"%s\": ", key);
    if (isnan(value))
        text_add(out, "null");
    else
        text_add_real(out, value);
}

static void add_parameters(struct text *out, const struct comparison_side *side)
{
    text_add(out, ", \"parameters\": {");
    for (uint32_t i = 0; i < side->results->parameters.count; i++) {
        const char *name = side->results->parameters.items[i];
        const char *value = side->results->variants.items[side->variant].values[i];
        text_add(out, i > 0 ? ", " : "");
        text_add_json(out, name, strlen(name));
        text_add(out, ": ");
        if (value == NULL)
            text_add(out, "null");
        else
            text_add_json(out, value, strlen(value));
    }
    text_add_char(out, '}');
}

static void add_runs(const struct comparison *comparison, struct text *out,
    const struct comparison_side *side, uint32_t figure)
{
    const struct variant *variant = &side->results->variants.items[side->variant];
    text_add(out, ", \"runs\": [");
    for (uint32_t i = 0; i < variant->count; i++) {
        const struct result *run = &side->results->runs.items[variant->first + i];
        text_printf(out, "%s{\"run_id\": %lld, \"seed\": ", i > 0 ? ", " : "", (long long)run->run_id);
        text_add_u64(out, run->seed);
        text_add(out, ", \"run\": ");
        text_add_u64(out, run->run);
        add_real(out, "value", comparison_value(comparison, side, run, figure));
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void json_cell(void *context, const struct comparison_block *block, uint32_t side, uint32_t figure,
    const struct comparison_cell *cell)
{
    struct export *export = context;
    const struct comparison *comparison = export->comparison;
    const struct comparison_side *it = &block->sides.items[side];
    struct text *out = export->out;
    text_add(out, export->has_rows ? ",\n    {" : "\n    {");
    export->has_rows = true;
    add_string(out, "figure", comparison->figures.items[figure].name);
    text_add(out, ", ");
    add_string(out, "unit", figure_unit_name(&comparison->figures.items[figure]));
    text_add(out, ", ");
    add_string(out, "variant", it->label);
    add_parameters(out, it);
    add_real(out, "value", cell->estimate.value);
    add_real(out, "low", cell->estimate.low);
    add_real(out, "high", cell->estimate.high);
    add_real(out, "mean", cell->spread.mean);
    add_real(out, "stddev", cell->spread.deviation);
    add_real(out, "median", cell->spread.median);
    add_real(out, "min", cell->spread.min);
    add_real(out, "max", cell->spread.max);
    text_add(out, ", \"difference\": ");
    if (cell->difference.count == 0) {
        text_add(out, "null");
    } else {
        text_add_char(out, '{');
        add_string(out, "from", block->sides.items[block->baseline].label);
        text_printf(out, ", \"paired\": %s, \"runs\": %u", cell->is_paired ? "true" : "false",
            cell->difference.count);
        add_real(out, "value", cell->difference.value);
        add_real(out, "low", cell->difference.low);
        add_real(out, "high", cell->difference.high);
        add_real(out, "relative", cell->relative);
        const char *excludes = excludes_zero_text(&cell->difference);
        text_printf(out, ", \"excludes_zero\": %s}",
            *excludes == '-'   ? "null"
            : *excludes == 'y' ? "true"
                               : "false");
    }
    add_runs(comparison, out, it, figure);
    text_add_char(out, '}');
}

void comparison_json(const struct comparison *comparison, struct text *out)
{
    text_add(out, "{\n  ");
    add_string(out, "statistic", comparison->statistic_name);
    text_add(out, ",\n  \"confidence\": ");
    text_add_real(out, comparison->confidence);
    text_add(out, ",\n  ");
    add_string(out, "by", comparison->by);
    text_add(out, ",\n  \"results\": [");
    struct export export = {.comparison = comparison, .out = out};
    each_cell(comparison, json_cell, &export);
    text_add(out, "\n  ]\n}\n");
}

/* --- Markdown ----------------------------------------------------------------------------------------- */

/* What would end a cell, or be read as markup. */
static void add_markdown(struct text *out, const char *string)
{
    for (; *string != '\0'; string++) {
        if (strchr("|\\`*<>[]", *string) != NULL)
            text_add_char(out, '\\');
        text_add_char(out, (unsigned char)*string < ' ' ? ' ' : *string);
    }
}

static void markdown_row(const struct comparison *comparison, const struct comparison_block *block,
    uint32_t side, uint32_t figure, struct text *out)
{
    const struct figure *it = &comparison->figures.items[figure];
    struct comparison_cell cell = comparison_cell(comparison, block, side, figure);
    text_add(out, "| ");
    add_markdown(out, it->name);
    text_add(out, " | ");
    add_markdown(out, block->sides.items[side].label);
    text_printf(out, " | %u | ", cell.estimate.count);
    text_add_figure(out, it, cell.estimate.value);
    text_add(out, " | ");
    text_add_interval(out, it, &cell.estimate);
    text_add(out, " | ");
    text_add_difference(out, it, &cell);
    text_add(out, " | ");
    text_add_interval(out, it, &cell.difference);
    text_printf(out, " | %s |\n", excludes_zero_text(&cell.difference));
}

void comparison_markdown(const struct comparison *comparison, struct text *out)
{
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        const struct comparison_block *block = &comparison->blocks.items[i];
        text_add(out, i > 0 ? "\n| figure | " : "| figure | ");
        add_markdown(out, comparison->by);
        if (*block->title != '\0') {
            text_add(out, ", where ");
            add_markdown(out, block->title);
        }
        text_printf(out, " | runs | %s | %g %% interval | difference", comparison->statistic_name,
            100 * comparison->confidence);
        if (block->baseline >= 0 && block->sides.count > 1) {
            text_add(out, " from ");
            add_markdown(out, block->sides.items[block->baseline].label);
        }
        text_printf(out, " | %g %% interval | excludes 0 |\n|:---|---:|---:|---:|---:|---:|---:|:---|\n",
            100 * comparison->confidence);
        for (uint32_t figure = 0; figure < comparison->figures.count; figure++)
            for (uint32_t side = 0; side < block->sides.count; side++)
                markdown_row(comparison, block, side, figure, out);
    }
}
