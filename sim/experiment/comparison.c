/*
 * comparison.c: see comparison.h.
 */
#include "experiment/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NOT_SET "not set"

/* --- what is compared --------------------------------------------------------------------------------- */

static const char *label_of(const char *value)
{
    return value != NULL ? value : NOT_SET;
}

static const char *keep(struct comparison *comparison, struct text *text)
{
    const char *kept = arena_strndup(&comparison->arena, text->data != NULL ? text->data : "", text->length);
    text_fini(text);
    return kept;
}

/* "a=1, b=2" of the parameters that vary, but for `except`. */
static const char *variant_title(
    struct comparison *comparison, const struct results *results, uint32_t variant, int except)
{
    struct text title = {0};
    for (int i = 0; i < (int)results->parameters.count; i++) {
        if (i == except || !results_varies(results, i))
            continue;
        text_printf(&title, "%s%s=%s", title.length > 0 ? ", " : "", results_short_name(results, i),
            label_of(results->variants.items[variant].values[i]));
    }
    return keep(comparison, &title);
}

static struct comparison_block *add_block(struct comparison *comparison, const char *title)
{
    struct comparison_block block = {.title = title, .baseline = -1};
    vec_push(&comparison->blocks, block);
    return &vec_last(&comparison->blocks);
}

static void add_side(
    struct comparison_block *block, const char *label, const struct results *results, uint32_t variant)
{
    struct comparison_side side = {label, results, variant};
    vec_push(&block->sides, side);
}

static bool same_but_for(const struct results *results, uint32_t a, uint32_t b, int parameter)
{
    for (int i = 0; i < (int)results->parameters.count; i++)
        if (i != parameter && parameter_value_compare(results->variants.items[a].values[i],
                                  results->variants.items[b].values[i]) != 0)
            return false;
    return true;
}

/* Sides by the values of a parameter; a block for each combination of the others. */
static void split_by(struct comparison *comparison, int parameter)
{
    const struct results *results = &comparison->results[0];
    for (uint32_t variant = 0; variant < results->variants.count; variant++) {
        struct comparison_block *block = NULL;
        for (uint32_t i = 0; i < comparison->blocks.count && block == NULL; i++)
            if (same_but_for(results, variant, comparison->blocks.items[i].sides.items[0].variant, parameter))
                block = &comparison->blocks.items[i];
        if (block == NULL)
            block = add_block(comparison, variant_title(comparison, results, variant, parameter));
        add_side(block, label_of(results->variants.items[variant].values[parameter]), results, variant);
    }
}

/* Whole variants side by side. */
static void split_variants(struct comparison *comparison)
{
    const struct results *results = &comparison->results[0];
    struct comparison_block *block = add_block(comparison, "");
    for (uint32_t variant = 0; variant < results->variants.count; variant++) {
        const char *title = variant_title(comparison, results, variant, -1);
        add_side(
            block, *title != '\0' ? title : results->variants.items[variant].values[0], results, variant);
    }
}

static int only_varying(const struct results *results)
{
    int found = -1;
    for (int i = 0; i < (int)results->parameters.count; i++) {
        if (!results_varies(results, i))
            continue;
        if (found >= 0)
            return -1;
        found = i;
    }
    return found;
}

static enum status compare_within(
    const struct comparison_request *request, struct comparison *comparison, char **out_message)
{
    const struct results *results = &comparison->results[0];
    int parameter =
        request->by != NULL ? results_parameter(results, request->by, out_message) : only_varying(results);
    if (request->by != NULL && parameter < 0)
        return STATUS_USAGE;
    if (request->by != NULL && !results_varies(results, parameter)) {
        *out_message = message_format(
            "%s: all runs have the same %s", results->name, results->parameters.items[parameter]);
        return STATUS_USAGE;
    }
    comparison->by = parameter >= 0 ? results->parameters.items[parameter] : "variant";
    if (parameter >= 0)
        split_by(comparison, parameter);
    else
        split_variants(comparison);
    return STATUS_OK;
}

/* --- two databases ------------------------------------------------------------------------------------ */

static const char *value_by_name(const struct results *results, uint32_t variant, const char *name)
{
    for (uint32_t i = 0; i < results->parameters.count; i++)
        if (strcmp(results->parameters.items[i], name) == 0)
            return results->variants.items[variant].values[i];
    return NULL;
}

static bool has_values_of(
    const struct results *a, uint32_t variant_a, const struct results *b, uint32_t variant_b)
{
    for (uint32_t i = 0; i < a->parameters.count; i++)
        if (parameter_value_compare(a->variants.items[variant_a].values[i],
                value_by_name(b, variant_b, a->parameters.items[i])) != 0)
            return false;
    return true;
}

static void compare_two(struct comparison *comparison, const char *const labels[2])
{
    const struct results *a = &comparison->results[0], *b = &comparison->results[1];
    bool is_single = a->variants.count == 1 && b->variants.count == 1;
    uint32_t matched = 0;
    comparison->by = "database";
    for (uint32_t i = 0; i < a->variants.count; i++) {
        for (uint32_t k = 0; k < b->variants.count; k++) {
            if (!is_single && !(has_values_of(a, i, b, k) && has_values_of(b, k, a, i)))
                continue;
            struct comparison_block *block = add_block(comparison, variant_title(comparison, a, i, -1));
            add_side(block, labels[0], a, i);
            add_side(block, labels[1], b, k);
            matched++;
        }
    }
    comparison->unmatched = a->variants.count + b->variants.count - 2 * matched;
}

/* --- making it ---------------------------------------------------------------------------------------- */

/* Those that all databases have. */
static void common_figures(struct comparison *comparison)
{
    const struct results *a = &comparison->results[0],
                         *b = &comparison->results[comparison->result_count - 1];
    for (uint32_t i = 0; i < a->figures.count; i++)
        for (uint32_t k = 0; k < b->figures.count; k++)
            if (strcmp(a->figures.items[i].name, b->figures.items[k].name) == 0)
                vec_push(&comparison->figures, a->figures.items[i]);
}

static enum status find_baselines(struct comparison *comparison, const char *baseline, char **out_message)
{
    bool is_found = false;
    struct text labels = {0};
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        struct comparison_block *block = &comparison->blocks.items[i];
        block->baseline = baseline == NULL ? 0 : -1;
        for (uint32_t side = 0; side < block->sides.count && baseline != NULL; side++) {
            const char *label = block->sides.items[side].label;
            if (parameter_value_compare(label, baseline) == 0)
                block->baseline = (int)side;
            if (i == 0)
                text_printf(&labels, "%s%s", side > 0 ? ", " : "", label);
        }
        is_found = is_found || block->baseline >= 0;
    }
    if (!is_found)
        *out_message = message_format("nothing has %s=%s; there are: %s", comparison->by, baseline,
            labels.data != NULL ? labels.data : "none");
    text_fini(&labels);
    return is_found ? STATUS_OK : STATUS_USAGE;
}

static enum status arrange(
    const struct comparison_request *request, struct comparison *comparison, char **out_message)
{
    if (request->path_count == 1)
        return compare_within(request, comparison, out_message);
    compare_two(comparison, request->paths);
    if (comparison->blocks.count > 0)
        return STATUS_OK;
    *out_message =
        message_format("%s and %s have no variant in common: none of the same scenario and parameters",
            request->paths[0], request->paths[1]);
    return STATUS_NOT_FOUND;
}

enum status comparison_make(
    const struct comparison_request *request, struct comparison *out, char **out_message)
{
    *out = (struct comparison){.confidence = request->confidence, .statistic_name = request->statistic_name};
    arena_init(&out->arena);
    if (!statistic_parse(request->statistic_name, &out->statistic)) {
        *out_message =
            message_format("unknown statistic '%s'; expected mean, median or a percentile such as p90",
                request->statistic_name);
        return STATUS_USAGE;
    }
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < request->path_count && status == STATUS_OK; i++) {
        struct results_request one = request->results;
        one.path = request->paths[i];
        out->result_count = i + 1;
        status = results_read(&one, &out->results[i], out_message);
    }
    if (status != STATUS_OK)
        return status;
    common_figures(out);
    status = arrange(request, out, out_message);
    return status == STATUS_OK ? find_baselines(out, request->baseline, out_message) : status;
}

void comparison_fini(struct comparison *comparison)
{
    for (uint32_t i = 0; i < comparison->blocks.count; i++)
        vec_fini(&comparison->blocks.items[i].sides);
    vec_fini(&comparison->blocks);
    vec_fini(&comparison->figures);
    for (uint32_t i = 0; i < comparison->result_count; i++)
        results_fini(&comparison->results[i]);
    arena_fini(&comparison->arena);
    *comparison = (struct comparison){0};
}

/* --- cells -------------------------------------------------------------------------------------------- */

double comparison_value(const struct comparison *comparison, const struct comparison_side *side,
    const struct result *run, uint32_t figure)
{
    const struct results *results = side->results;
    for (uint32_t i = 0; i < results->figures.count; i++)
        if (strcmp(results->figures.items[i].name, comparison->figures.items[figure].name) == 0)
            return run->values[i];
    return NAN;
}

/* The runs of a side that have the figure: which, and its values. */
struct column {
    const struct result **runs;
    double *values;
    uint32_t count;
};

static struct column read_column(
    const struct comparison *comparison, const struct comparison_side *side, uint32_t figure)
{
    const struct variant *variant = &side->results->variants.items[side->variant];
    struct column column = {.runs = mem_array(NULL, variant->count, sizeof *column.runs),
        .values = mem_array(NULL, variant->count, sizeof *column.values)};
    for (uint32_t i = 0; i < variant->count; i++) {
        const struct result *run = &side->results->runs.items[variant->first + i];
        double value = comparison_value(comparison, side, run, figure);
        if (isnan(value))
            continue;
        column.runs[column.count] = run;
        column.values[column.count++] = value;
    }
    return column;
}

static void column_fini(struct column *column)
{
    free(column->runs);
    free(column->values);
}

static int compare_repetitions(const struct result *a, const struct result *b)
{
    if (a->seed != b->seed)
        return a->seed < b->seed ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

/* Moves values with a partner to the front of both columns, in the same order. Returns how many. */
static uint32_t pair_up(struct column *a, struct column *b)
{
    uint32_t pairs = 0;
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        int order = compare_repetitions(a->runs[i], b->runs[k]);
        if (order == 0) {
            a->values[pairs] = a->values[i];
            b->values[pairs++] = b->values[k];
        }
        i += order <= 0;
        k += order >= 0;
    }
    return pairs;
}

static void find_difference(
    const struct comparison *comparison, struct column *from, struct column *to, struct comparison_cell *cell)
{
    struct statistic statistic = comparison->statistic;
    /* Copies of the values stay where they are until pairs are found; without one nothing has moved. */
    uint32_t pairs = pair_up(from, to);
    cell->is_paired = pairs > 0;
    if (cell->is_paired) {
        cell->difference =
            estimate_paired(statistic, from->values, to->values, pairs, comparison->confidence);
        cell->left_out = from->count + to->count - 2 * pairs;
    } else {
        cell->difference = estimate_unpaired(
            statistic, from->values, from->count, to->values, to->count, comparison->confidence);
    }
    uint32_t from_count = cell->is_paired ? pairs : from->count;
    double base = estimate_of(statistic, from->values, from_count, comparison->confidence).value;
    cell->relative = base != 0 ? cell->difference.value / fabs(base) : NAN;
}

struct comparison_cell comparison_cell(
    const struct comparison *comparison, const struct comparison_block *block, uint32_t side, uint32_t figure)
{
    struct comparison_cell cell = {.relative = NAN, .difference = {0, NAN, NAN, NAN}};
    struct column column = read_column(comparison, &block->sides.items[side], figure);
    cell.spread = spread_of(column.values, column.count);
    cell.estimate = estimate_of(comparison->statistic, column.values, column.count, comparison->confidence);
    if (block->baseline >= 0 && side != (uint32_t)block->baseline && column.count > 0) {
        struct column from = read_column(comparison, &block->sides.items[block->baseline], figure);
        if (from.count > 0)
            find_difference(comparison, &from, &column, &cell);
        column_fini(&from);
    }
    column_fini(&column);
    return cell;
}
