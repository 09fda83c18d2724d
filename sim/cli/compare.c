/*
 * compare.c: `epsim compare`: figures of variants side by side, with what chance leaves open.
 *
 * Cost: a table of the database is read once a run, and only when a figure needs it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/compare_exact.h"
#include "cli/figure_options.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "experiment/comparison.h"
#include "experiment/comparison_export.h"
#include "experiment/what_if.h"

enum {
    COMPARE_FIGURE,
    COMPARE_BY,
    COMPARE_BASELINE,
    COMPARE_WHERE,
    COMPARE_STATISTIC,
    COMPARE_CONFIDENCE,
    COMPARE_WARM_UP,
    COMPARE_CSV,
    COMPARE_JSON,
    COMPARE_MARKDOWN,
    COMPARE_FIGURES,
    COMPARE_EXACT,
    COMPARE_OPTION_COUNT
};

static const struct option options[COMPARE_OPTION_COUNT] = {
    [COMPARE_FIGURE] = {OPTION_LIST, 'f', "figure", "NAME[,NAME]...", "those that matter most",
        "what is compared; see --figures; may be repeated"},
    [COMPARE_BY] = {OPTION_TEXT, 'b', "by", "PARAMETER", "the one that varies",
        "within one database: compare runs that differ in it; the end of its path is enough"},
    [COMPARE_BASELINE] = {OPTION_TEXT, 0, "baseline", "VALUE", "the first",
        "which value differences are taken from"},
    [COMPARE_WHERE] = {OPTION_LIST, 0, "where", "PARAMETER=VALUE", NULL,
        "only runs with it; may be repeated; without a VALUE: runs that do not set it"},
    [COMPARE_STATISTIC] = {OPTION_TEXT, 0, "statistic", "mean|median|pN", "mean",
        "over the repetitions; p90 is the 90th percentile"},
    [COMPARE_CONFIDENCE] = {OPTION_TEXT, 0, "confidence", "PERCENT", "95", "of the intervals"},
    [COMPARE_WARM_UP] = {OPTION_DURATION, 0, "warm-up", "TIME", "0s",
        "leave out what happens before; sums then need --record full"},
    [COMPARE_CSV] = {OPTION_TEXT, 0, "export-csv", "FILE", NULL,
        "all numbers as CSV; '-' is standard output"},
    [COMPARE_JSON] = {OPTION_TEXT, 0, "export-json", "FILE", NULL, "as JSON, with the value of each run"},
    [COMPARE_MARKDOWN] = {OPTION_TEXT, 0, "export-markdown", "FILE", NULL, "as a table for a page"},
    [COMPARE_FIGURES] = {OPTION_FLAG, 0, "figures", NULL, NULL, "list all figures, and nothing else"},
    [COMPARE_EXACT] = {OPTION_FLAG, 0, "exact", NULL, NULL,
        "whether two databases hold the same in every row and column but wall_s, started and ended; first "
        "differences are named"},
};

static const char *const examples[] = {
    "# Two slice sizes in one database, side by side.",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=5 -o sizes.db",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=10 -o sizes.db --append",
    "epsim compare sizes.db --figure endpointslice.writes,slices.max",
    "# Two databases; the numbers for another program.",
    "epsim run -q web.yaml -o before.db",
    "epsim run -q web.yaml --set deployment/web.replicas=8 -o after.db",
    "epsim compare before.db after.db --export-csv -",
    "# The same scenario twice is the same to the bit.",
    "epsim run -q web.yaml -o again.db",
    "epsim compare --exact before.db again.db",
    "# What can be asked.",
    "epsim compare --figures",
    NULL,
};

static const char *const default_figures[] = {"endpoints.writes", "endpointslice.writes",
    "endpoints.watch_bytes", "endpointslice.watch_bytes", "slices.mean", "slices_excess.mean", "fill.mean",
    "ep_omitted.max", NULL};

static int run(const struct arguments *arguments);

const struct command command_compare = {
    .name = "compare",
    .about = "figures of recorded runs side by side, with confidence intervals",
    .usage = "DB [DB] [OPTION]...",
    .text =
        "Runs with the same scenario and parameters are repetitions of one variant. Of two databases, "
        "variants "
        "with the same parameters are compared (of one variant each, these); within one, its variants by a "
        "parameter.\n"
        "\n"
        "Intervals of means are Student's t, of percentiles bootstrapped. Where variants share seeds and run "
        "numbers, differences are taken run by run, which leaves out what chance did to both.\n",
    .options = options,
    .option_count = COMPARE_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "compared, whatever came out; with --exact: equal",
    .exit_failed = "a database is damaged, or something could not be written; with --exact: they differ",
    .exit_usage = "wrong usage, or no such database, run, parameter or figure",
    .run = run,
};

/* --- the table ---------------------------------------------------------------------------------------- */

static void add_row(const struct comparison *comparison, const struct comparison_block *block, uint32_t side,
    uint32_t figure, struct table *table)
{
    const struct figure *it = &comparison->figures.items[figure];
    struct comparison_cell cell = comparison_cell(comparison, block, side, figure);
    struct text text = {0};
    text_printf(&text, "  %s", block->sides.items[side].label);
    table_take(table, &text);
    text_add_u64(&text, cell.estimate.count);
    table_take(table, &text);
    text_add_figure(&text, it, cell.estimate.value);
    table_take(table, &text);
    text_add_interval(&text, it, &cell.estimate);
    table_take(table, &text);
    if (block->sides.count > 1) {
        bool is_baseline = block->baseline == (int)side;
        if (is_baseline)
            text_add(&text, "baseline");
        else
            text_add_difference(&text, it, &cell);
        table_take(table, &text);
        if (!is_baseline)
            text_add_interval(&text, it, &cell.difference);
        table_take(table, &text);
        table_add(table, is_baseline ? "" : excludes_zero_text(&cell.difference));
    }
    text_fini(&text);
}

static void add_block(
    const struct comparison *comparison, const struct comparison_block *block, bool color, struct text *out)
{
    static const enum align aligns[] = {
        ALIGN_LEFT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_LEFT};
    struct table table;
    struct text text = {0};
    uint32_t columns = block->sides.count > 1 ? 7 : 4;
    table_init(&table, columns, 2, aligns);
    text_add(&text, comparison->by);
    table_take(&table, &text);
    table_add(&table, "runs");
    table_add(&table, comparison->statistic_name);
    text_printf(&text, "%g %% interval", 100 * comparison->confidence);
    const char *const heads[] = {"difference", text.data, "excludes 0"};
    table_add(&table, text.data);
    for (uint32_t i = 4; i < columns; i++)
        table_add(&table, heads[i - 4]);
    for (uint32_t figure = 0; figure < comparison->figures.count; figure++) {
        table_add(&table, comparison->figures.items[figure].name);
        for (uint32_t i = 1; i < columns; i++)
            table_add(&table, "");
        for (uint32_t side = 0; side < block->sides.count; side++)
            add_row(comparison, block, side, figure, &table);
    }
    if (*block->title != '\0')
        text_printf(out, "%s:\n", block->title);
    table_print(&table, out, color);
    table_fini(&table);
    text_fini(&text);
}

/* How the differences were taken; one block stands for all. */
static void tell_pairing(const struct comparison *comparison)
{
    uint32_t left_out = 0, paired = 0, apart = 0;
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        const struct comparison_block *block = &comparison->blocks.items[i];
        for (uint32_t side = 0; side < block->sides.count && comparison->figures.count > 0; side++) {
            struct comparison_cell cell = comparison_cell(comparison, block, side, 0);
            if (cell.difference.count == 0)
                continue;
            paired += cell.is_paired;
            apart += !cell.is_paired;
            left_out += cell.left_out;
        }
    }
    if (apart > 0)
        note_print(
            "note: %s differences are between runs that share no seed and run number, so they are not paired",
            paired > 0 ? "some" : "the");
    if (left_out > 0)
        note_print(
            "note: %u run%s no partner with the same seed and run number and %s left out of differences",
            left_out, left_out == 1 ? " has" : "s have", left_out == 1 ? "is" : "are");
}

static void tell_what_is_left_out(const struct comparison *comparison, const struct figure_list *list)
{
    for (uint32_t i = 0; i < comparison->result_count; i++) {
        const struct results *results = &comparison->results[i];
        if (results->not_complete > 0)
            note_print("note: %s: %u run%s not complete and do%s not count", results->name,
                results->not_complete, results->not_complete == 1 ? " is" : "s are",
                results->not_complete == 1 ? "es" : "");
        if (results->repeated > 0)
            note_print(
                "note: %s: %u run%s there again with the same seed and run number; the last one counts",
                results->name, results->repeated, results->repeated == 1 ? " is" : "s are");
    }
    uint32_t what_ifs = 0;
    for (uint32_t i = 0; i < comparison->result_count; i++)
        what_ifs |= comparison->results[i].what_ifs;
    if (what_ifs) {
        struct text words = {0};
        what_if_add(&words, what_ifs);
        note_print("note: %s", words.data);
        text_fini(&words);
    }
    if (comparison->unmatched > 0)
        note_print("note: %u variant%s in one database only", comparison->unmatched,
            comparison->unmatched == 1 ? " is" : "s are");
    if (comparison->figures.count < list->figures.count)
        note_print("note: figures of the timeline need --record series or full, sums with a warm-up full; "
                   "they are left out");
    tell_pairing(comparison);
}

static enum exit_code print_table(const struct comparison *comparison)
{
    struct text out = {0};
    for (uint32_t i = 0; i < comparison->blocks.count; i++) {
        text_add(&out, i > 0 ? "\n" : "");
        add_block(comparison, &comparison->blocks.items[i], output_has_color(), &out);
    }
    enum exit_code code = output_write(&out);
    text_fini(&out);
    return code;
}

/* --- exports ------------------------------------------------------------------------------------------ */

static const struct {
    int option;
    void (*write)(const struct comparison *comparison, struct text *out);
    const char *beginning, *what; /* of a file that may be written over */
} exports[] = {
    {COMPARE_CSV, comparison_csv, "figure,unit,variant,", "CSV of epsim compare"},
    {COMPARE_JSON, comparison_json, "{\n  \"statistic\": ", "JSON of epsim compare"},
    {COMPARE_MARKDOWN, comparison_markdown, "| figure |", "table of epsim compare"},
};
#define EXPORT_COUNT (sizeof exports / sizeof *exports)

static enum exit_code check_exports(const struct arguments *arguments)
{
    uint32_t to_output = 0;
    for (size_t i = 0; i < EXPORT_COUNT; i++) {
        const char *path = arguments->values[exports[i].option].text;
        if (path == NULL)
            continue;
        bool is_output = strcmp(path, "-") == 0;
        to_output += is_output;
        for (uint32_t k = 0; k < arguments->operands.count; k++)
            if (overwrite_is_same(path, arguments->operands.items[k]))
                return usage_error(
                    arguments, "--%s: %s is a database to compare", options[exports[i].option].name, path);
        if (!is_output && !overwrite_text_allowed(path, exports[i].beginning, exports[i].what))
            return EXIT_USAGE;
    }
    return to_output > 1 ? usage_error(arguments, "only one export can go to standard output") : EXIT_OK;
}

static enum exit_code write_export(const char *path, const struct text *text)
{
    if (strcmp(path, "-") == 0)
        return output_write(text);
    FILE *file = fopen(path, "wb");
    bool failed = file == NULL || fwrite(text->data, 1, text->length, file) != text->length;
    if (file != NULL && fclose(file) != 0)
        failed = true;
    if (!failed)
        return EXIT_OK;
    error_print("%s: %s", path, strerror(errno));
    return EXIT_FAILED;
}

/* The table too, unless an export takes its place on standard output. */
static enum exit_code write_all(const struct arguments *arguments, const struct comparison *comparison)
{
    enum exit_code code = EXIT_OK;
    bool is_taken = false;
    for (size_t i = 0; i < EXPORT_COUNT && code == EXIT_OK; i++) {
        const char *path = arguments->values[exports[i].option].text;
        if (path == NULL)
            continue;
        struct text out = {0};
        exports[i].write(comparison, &out);
        code = write_export(path, &out);
        text_fini(&out);
        is_taken = is_taken || strcmp(path, "-") == 0;
    }
    return code == EXIT_OK && !is_taken ? print_table(comparison) : code;
}

/* --- the command -------------------------------------------------------------------------------------- */

static enum exit_code print_figures(void)
{
    struct text out = {0};
    text_add_figure_help(&out);
    enum exit_code code = output_write(&out);
    text_fini(&out);
    return code;
}

static enum exit_code check_operands(const struct arguments *arguments)
{
    uint32_t count = arguments->operands.count;
    if (count == 0)
        return usage_error(arguments, "no database given");
    if (count > 2)
        return usage_error(arguments, "two databases at most; unexpected '%s'", arguments->operands.items[2]);
    if (count == 2 && arguments->values[COMPARE_BY].count > 0)
        return usage_error(arguments, "--by is for the variants within one database");
    return check_exports(arguments);
}

/* With --exact nothing else has a meaning. */
static enum exit_code check_exact(const struct arguments *arguments)
{
    for (int i = 0; i < COMPARE_EXACT; i++)
        if (arguments->values[i].count > 0 && options[i].type != OPTION_CHOICE)
            return usage_error(arguments, "--exact and --%s do not go together", options[i].name);
    if (arguments->operands.count != 2)
        return usage_error(arguments, "--exact needs two databases");
    return compare_exactly(arguments->operands.items[0], arguments->operands.items[1]);
}

static enum exit_code compare(const struct arguments *arguments, const struct figure_list *list)
{
    const struct option_value *values = arguments->values;
    struct comparison_request request = {
        .results = {.figures = list->figures.items,
            .figure_count = list->figures.count,
            .where = values[COMPARE_WHERE].list.items,
            .where_count = values[COMPARE_WHERE].list.count,
            .warm_up_ns = values[COMPARE_WARM_UP].ns,
            .leave_out_missing = list->is_default},
        .path_count = arguments->operands.count,
        .by = values[COMPARE_BY].text,
        .baseline = values[COMPARE_BASELINE].text,
        .statistic_name = values[COMPARE_STATISTIC].count > 0 ? values[COMPARE_STATISTIC].text : "mean",
    };
    for (uint32_t i = 0; i < request.path_count; i++)
        request.paths[i] = arguments->operands.items[i];
    enum exit_code code = confidence_read(arguments, &values[COMPARE_CONFIDENCE], &request.confidence);
    if (code != EXIT_OK)
        return code;
    struct comparison comparison;
    char *message = NULL;
    enum status status = comparison_make(&request, &comparison, &message);
    if (status == STATUS_OK) {
        code = write_all(arguments, &comparison);
        if (code == EXIT_OK)
            tell_what_is_left_out(&comparison, list);
    } else {
        error_print("%s", message != NULL ? message : status_text(status));
        code = status == STATUS_IO ? EXIT_FAILED : EXIT_USAGE;
    }
    free(message);
    comparison_fini(&comparison);
    return code;
}

static int run(const struct arguments *arguments)
{
    if (arguments->values[COMPARE_FIGURES].count > 0)
        return print_figures();
    if (arguments->values[COMPARE_EXACT].count > 0)
        return check_exact(arguments);
    enum exit_code code = check_operands(arguments);
    if (code != EXIT_OK)
        return code;
    struct figure_list list;
    code = figure_list_read(arguments, &arguments->values[COMPARE_FIGURE], default_figures, &list);
    if (code == EXIT_OK)
        code = compare(arguments, &list);
    figure_list_fini(&list);
    return code;
}
