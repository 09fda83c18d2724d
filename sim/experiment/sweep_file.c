/*
 * sweep_file.c: the table of a sweep's fields, and what only the whole tells.
 */
#include "experiment/sweep_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/names.h"
#include "scenario/bind.h"
#include "scenario/schema_print.h"
#include "scenario/sources.h"

/* --- parameters and rows ---------------------------------------------------------------------------- */

static void bind_parameters(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct sweep_file *file = target;
    const struct yaml_node *node = pair->value;
    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_MAPPING) {
        bind_report_type(binder, field, node);
        return;
    }
    file->parameters = arena_alloc(binder->arena, node->pair_count * sizeof *file->parameters);
    for (uint32_t i = 0; i < node->pair_count; i++)
        sweep_parameter_bind(binder, &node->pairs[i], &file->parameters[file->parameter_count++]);
}

static void bind_rows(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct sweep_file *file = target;
    const struct yaml_node *node = pair->value;
    if (!bind_is_list(binder, field, node))
        return;
    file->rows = arena_alloc(binder->arena, node->item_count * sizeof *file->rows);
    for (uint32_t i = 0; i < node->item_count; i++)
        sweep_row_bind(binder, node->items[i], &file->rows[file->row_count++]);
}

/* --- scenarios -------------------------------------------------------------------------------------- */

/* A path, or a list of paths that are one scenario. */
static void bind_scenario_paths(struct binder *binder, const struct field *field,
    const struct yaml_node *node, struct sweep_scenario *out)
{
    const struct yaml_node *const one[] = {node};
    bool is_list = node->kind == YAML_SEQUENCE;
    uint32_t count = is_list ? node->item_count : 1;
    *out = (struct sweep_scenario){.at = node->at};
    if (count == 0)
        bind_report_type(binder, field, node);
    out->paths = arena_alloc(binder->arena, count * sizeof *out->paths);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = is_list ? node->items[i] : one[0];
        const char *path = bind_text(binder, field, item);
        if (path != NULL && strcmp(path, "-") == 0)
            diag_error(
                binder->diag, item->at, "a sweep reads its scenario from a file: every run needs it again");
        else if (path != NULL)
            out->paths[out->path_count++] = path;
    }
}

static void bind_scenario(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct sweep_file *file = target;
    file->scenarios = arena_alloc(binder->arena, sizeof *file->scenarios);
    file->scenario_count = 1;
    bind_scenario_paths(binder, field, pair->value, file->scenarios);
}

static void bind_scenarios(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct sweep_file *file = target;
    const struct yaml_node *node = pair->value;
    if (!bind_is_list(binder, field, node))
        return;
    if (file->scenarios != NULL) {
        diag_error(binder->diag, pair->key->at, "'scenario' is given too; it is one of both");
        return;
    }
    file->scenarios = arena_alloc(binder->arena, node->item_count * sizeof *file->scenarios);
    for (uint32_t i = 0; i < node->item_count; i++)
        bind_scenario_paths(binder, field, node->items[i], &file->scenarios[file->scenario_count++]);
}

/* --- the tables ------------------------------------------------------------------------------------- */

static void bind_seed(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct sweep_file *file = target;
    const struct yaml_node *node = pair->value;
    if (node->kind == YAML_SCALAR && node->style == YAML_PLAIN && sweep_seed_parse(node->text, &file->seed))
        file->has_seed = true;
    else
        bind_report_type(binder, field, node);
}

static const struct choice combines[] = {{"grid", SWEEP_GRID, NULL}, {"zip", SWEEP_ZIP, NULL}};
static const struct choice levels[] = {
    {"summary", RECORD_SUMMARY, NULL}, {"series", RECORD_SERIES, NULL}, {"full", RECORD_FULL, NULL}};
static const struct choice expects[] = {
    {"check", SWEEP_EXPECT_CHECK, NULL}, {"ignore", SWEEP_EXPECT_IGNORE, NULL}};

#define AT(member) .offset = offsetof(struct sweep_file, member)

static const struct field spec_fields[] = {
    {.name = "about", .type = FIELD_TEXT, AT(about), .help = "one line for people"},
    {.name = "scenario",
        .type = FIELD_CUSTOM,
        .bind = bind_scenario,
        .type_text = "a path, or a list of paths that are one scenario together",
        .help = "what is run, seen from the sweep file's folder"},
    {.name = "scenarios",
        .type = FIELD_CUSTOM,
        .bind = bind_scenarios,
        .type_text = "a list of such",
        .help = "in place of `scenario`: several, each of which is run with all parameters"},
    {.name = "parameters",
        .type = FIELD_CUSTOM,
        .bind = bind_parameters,
        .type_text = "a mapping of paths to values",
        .help = "paths as for `--set`, or `seed`; a value, a list, a range, or a list with ranges in it"},
    {.name = "combine",
        .type = FIELD_CHOICE,
        AT(combine),
        CHOICES(combines),
        .fallback = "grid",
        .help = "every value with every other, or the first with the first, the second with the second, ..."},
    {.name = "rows",
        .type = FIELD_CUSTOM,
        .bind = bind_rows,
        .type_text = "a list of mappings of paths to one value each",
        .help = "settings that belong together; each row is run with all combinations of `parameters`"},
    {.name = "repetitions",
        .type = FIELD_U32,
        AT(repetitions),
        .min = 1,
        .max = SWEEP_RUNS_MAX,
        .fallback = "1",
        .help = "runs 0, 1, ... of every combination, with the same random numbers for all of them"},
    {.name = "seed",
        .type = FIELD_CUSTOM,
        .bind = bind_seed,
        .type_text = "an integer from 0 to 18446744073709551615",
        .fallback = "the scenario's",
        .help = "of all that is drawn at random"},
    {.name = "record",
        .type = FIELD_CHOICE,
        AT(record),
        CHOICES(levels),
        .fallback = "summary",
        .help = "what is kept of each run, as for `epsim run --record`"},
    {.name = "expect",
        .type = FIELD_CHOICE,
        AT(expect),
        CHOICES(expects),
        .fallback = "check",
        .help = "a run that breaks an expectation of its scenario has failed; or expectations are left out"},
};
static const struct schema spec_schema = {.name = "a sweep's spec", FIELDS(spec_fields)};

static const struct field metadata_fields[] = {
    {.name = "name",
        .type = FIELD_TEXT,
        AT(name),
        .check = name_check_subdomain,
        .fallback = "the file's",
        .help = "of the sweep"},
};
static const struct schema metadata_of_sweep_schema = {.name = "metadata", FIELDS(metadata_fields)};

static const struct field document_fields[] = {
    {.name = "apiVersion", .type = FIELD_KNOWN},
    {.name = "kind", .type = FIELD_KNOWN},
    {.name = "metadata", .type = FIELD_OBJECT, .object = &metadata_of_sweep_schema},
    {.name = "spec", .type = FIELD_OBJECT, .flags = FIELD_REQUIRED, .object = &spec_schema},
};
static const struct schema document_schema = {.name = "a Sweep", FIELDS(document_fields)};

void sweep_file_print_fields(FILE *out)
{
    schema_print_fields(out, "metadata", &metadata_of_sweep_schema);
    schema_print_rows(out, "spec", &spec_schema);
}

/* --- what only the whole tells ---------------------------------------------------------------------- */

static void check_zip(const struct sweep_file *file)
{
    const struct sweep_parameter *first = NULL;
    for (uint32_t i = 0; i < file->parameter_count; i++) {
        const struct sweep_parameter *parameter = &file->parameters[i];
        if (parameter->value_count <= 1)
            continue; /* the same in all */
        if (first == NULL)
            first = parameter;
        else if (parameter->value_count != first->value_count)
            diag_error(file->diag, parameter->at,
                "'combine: zip' takes lists of one length: '%.60s' has %" PRIu32 " values, '%.60s' %" PRIu32,
                first->path, first->value_count, parameter->path, parameter->value_count);
    }
}

/* Whatever is given twice: a parameter under two names, in a row too, or beside `seed`. */
static void check_paths(const struct sweep_file *file)
{
    struct map seen = {0};
    if (file->has_seed)
        text_seen(&seen, "seed");
    for (uint32_t i = 0; i < file->parameter_count; i++)
        if (text_seen(&seen, file->parameters[i].path))
            diag_error(
                file->diag, file->parameters[i].at, "'%.80s' is given twice", file->parameters[i].path);
    for (uint32_t r = 0; r < file->row_count; r++) {
        struct map in_row = {0};
        const struct sweep_row *row = &file->rows[r];
        for (uint32_t i = 0; i < row->value_count; i++) {
            bool twice = text_seen(&in_row, row->paths[i]);
            for (uint32_t p = 0; p < file->parameter_count && !twice; p++)
                twice = strcmp(file->parameters[p].path, row->paths[i]) == 0;
            if (twice || (file->has_seed && strcmp(row->paths[i], "seed") == 0))
                diag_error(file->diag, row->values[i].at, "'%.80s' is given twice", row->paths[i]);
        }
        map_fini(&in_row);
    }
    map_fini(&seen);
}

/* Equal scenarios and equal rows would be equal runs. */
static void check_twice(struct binder *binder, const struct sweep_file *file)
{
    struct map scenarios = {0}, rows = {0};
    for (uint32_t i = 0; file->combine == SWEEP_GRID && i < file->parameter_count; i++) {
        const struct sweep_parameter *parameter = &file->parameters[i];
        sweep_values_report_twice(binder, parameter);
    }
    for (uint32_t i = 0; i < file->scenario_count; i++) {
        struct text key = {0};
        for (uint32_t k = 0; k < file->scenarios[i].path_count; k++)
            text_printf(&key, "%s\n", file->scenarios[i].paths[k]);
        if (key.length > 0 && text_seen(&scenarios, arena_strndup(binder->arena, key.data, key.length)))
            diag_error(file->diag, file->scenarios[i].at, "this scenario is given twice");
        text_fini(&key);
    }
    for (uint32_t i = 0; i < file->row_count; i++) {
        struct text key = {0};
        for (uint32_t k = 0; k < file->rows[i].value_count; k++)
            text_printf(&key, "%s=%s\n", file->rows[i].paths[k], file->rows[i].values[k].text);
        if (key.length > 0 && text_seen(&rows, arena_strndup(binder->arena, key.data, key.length)))
            diag_error(file->diag, file->rows[i].at, "this row is given twice");
        text_fini(&key);
    }
    map_fini(&scenarios);
    map_fini(&rows);
}

/* As for the values of one parameter of a grid, for what zip puts together. */
static void check_zip_twice(struct binder *binder, const struct sweep_file *file)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < file->parameter_count; i++)
        count = file->parameters[i].value_count > count ? file->parameters[i].value_count : count;
    struct map seen = {0};
    for (uint32_t step = 0; step < count; step++) {
        struct text key = {0};
        struct position at = {0};
        for (uint32_t i = 0; i < file->parameter_count; i++) {
            const struct sweep_parameter *parameter = &file->parameters[i];
            const struct sweep_value *value = &parameter->values[parameter->value_count == 1 ? 0 : step];
            text_printf(&key, "%s\n", value->text);
            at = parameter->value_count == 1 && i > 0 ? at : value->at;
        }
        if (key.length > 0 && text_seen(&seen, arena_strndup(binder->arena, key.data, key.length)))
            diag_error(file->diag, at, "'combine: zip' gives these values twice");
        text_fini(&key);
    }
    map_fini(&seen);
}

static void check_whole(struct binder *binder, struct sweep_file *file, const struct yaml_node *document)
{
    if (file->scenario_count == 0 && diag_error_count(file->diag) == 0)
        diag_error(file->diag, document->at, "a sweep needs 'scenario', the path of what is run");
    uint32_t errors = diag_error_count(file->diag);
    check_paths(file);
    if (file->combine == SWEEP_ZIP)
        check_zip(file);
    if (errors > 0 || diag_error_count(file->diag) > 0)
        return;
    check_twice(binder, file);
    if (file->combine == SWEEP_ZIP)
        check_zip_twice(binder, file);
}

/* --- reading ---------------------------------------------------------------------------------------- */

static bool is_text(const struct yaml_node *node, const char *text)
{
    return node != NULL && node->kind == YAML_SCALAR && strcmp(node->text, text) == 0;
}

/* What it is, before its fields are looked at: a scenario by mistake is told as such. */
static bool check_kind(struct sweep_file *file, const struct yaml_node *document)
{
    const struct yaml_node *version = yaml_get(document, "apiVersion"), *kind = yaml_get(document, "kind");
    char description[YAML_DESCRIPTION_MAX];
    if (document->kind != YAML_MAPPING)
        diag_error(
            file->diag, document->at, "a sweep is a mapping, not %s", yaml_describe(document, description));
    else if (kind == NULL)
        diag_error(
            file->diag, document->at, "a sweep begins with 'apiVersion: epsim.dev/v1' and 'kind: Sweep'");
    else if (!is_text(kind, "Sweep"))
        diag_error(file->diag, kind->at, "the kind of a sweep is Sweep, not %s%s",
            yaml_describe(kind, description),
            is_text(kind, "Scenario") ? "; a sweep names its scenario in a file of its own" : "");
    else if (version == NULL || !is_text(version, "epsim.dev/v1"))
        diag_error(file->diag, version != NULL ? version->at : document->at,
            "the apiVersion of a sweep is epsim.dev/v1");
    else
        return true;
    return false;
}

static void read_document(struct binder *binder, struct sweep_file *file, const struct source *source)
{
    struct yaml_stream stream;
    struct position start = {source->number, 1, 1, 1};
    yaml_parse(&binder->trees, file->diag, source->number, source->text, source->length, 0, &stream);
    if (stream.documents.count > 1)
        diag_error(file->diag, stream.documents.items[1]->at, "a second document; a sweep file holds one");
    else if (stream.documents.count == 0 && !stream.failed)
        diag_error(file->diag, start, "no document: a sweep file holds one of kind Sweep");
    else if (stream.documents.count == 1 && check_kind(file, stream.documents.items[0])) {
        bind_object(binder, &document_schema, stream.documents.items[0], file);
        check_whole(binder, file, stream.documents.items[0]);
    }
    vec_fini(&stream.documents);
}

/* "analysis/" and "slice-size" of "analysis/slice-size.yaml". */
static void take_names(struct sweep_file *file, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    const char *dot = strrchr(name, '.');
    if (dot != NULL && dot > name && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        length = (size_t)(dot - name);
    file->folder = arena_strndup(&file->arena, path, (size_t)(name - path));
    file->name = strcmp(path, "-") == 0 ? "stdin" : arena_strndup(&file->arena, name, length);
}

enum status sweep_file_read(const char *path, const char *text, size_t length, struct sweep_file **out)
{
    struct sweep_file *file = mem_zalloc(sizeof *file);
    *out = file;
    arena_init(&file->arena);
    file->diag = diag_create();
    file->about = "";
    file->repetitions = 1;
    file->record = RECORD_SUMMARY;
    take_names(file, path);

    struct sources sources;
    struct binder binder;
    sources_init(&sources, &file->arena, file->diag);
    sources_add_input(&sources, path, text, length);
    binder_init_plain(&binder, &file->arena, file->diag);
    if (sources.items.count == 1 && !sources.items.items[0].is_bad) {
        file->text = sources.items.items[0].text;
        file->text_length = sources.items.items[0].length;
        read_document(&binder, file, &sources.items.items[0]);
    }
    binder_fini(&binder);
    enum status status = sources.io_failures > 0            ? STATUS_IO
                         : diag_error_count(file->diag) > 0 ? STATUS_BAD_INPUT
                                                            : STATUS_OK;
    sources_fini(&sources);
    return status;
}

void sweep_file_destroy(struct sweep_file *file)
{
    if (file == NULL)
        return;
    diag_destroy(file->diag);
    arena_fini(&file->arena);
    free(file);
}
