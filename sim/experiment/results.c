/*
 * results.c: see results.h.
 */
#include "experiment/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "experiment/what_if.h"

/* A run with its parameters as they stand in the database. */
struct raw_run {
    int64_t run_id;
    uint64_t seed, run;
    uint32_t endpoints_per_slice_max, value_count;
    const char **values;
    double *figures;
};

struct reading {
    const struct results_request *request;
    struct results *results;
    struct database database;
    VEC(struct raw_run) runs;
    sqlite3_stmt *parameters; /* of one run */
    enum status status;
    char **out_message;
};

/* --- parameters --------------------------------------------------------------------------------------- */

bool parameter_value_number(const char *value, double *out)
{
    int64_t ns;
    if (value == NULL)
        return false;
    if (real_parse(value, strlen(value), out))
        return true;
    if (!duration_parse(value, strlen(value), &ns))
        return false;
    *out = (double)ns / NS_PER_S;
    return true;
}

int parameter_value_compare(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    double x, y;
    bool is_x = parameter_value_number(a, &x), is_y = parameter_value_number(b, &y);
    if (is_x != is_y)
        return is_x ? -1 : 1;
    if (is_x && x != y)
        return x < y ? -1 : 1;
    return strcmp(a, b);
}

static const char *last_part(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && dot[1] != '\0' ? dot + 1 : path;
}

/* Whether `path` is `name`, or ends in it after a dot. */
static bool ends_in(const char *path, const char *name)
{
    size_t whole = strlen(path), length = strlen(name);
    return length < whole && path[whole - length - 1] == '.' && strcmp(path + whole - length, name) == 0;
}

const char *results_short_name(const struct results *results, int parameter)
{
    const char *name = last_part(results->parameters.items[parameter]);
    for (uint32_t i = 0; i < results->parameters.count; i++)
        if (i != (uint32_t)parameter && strcmp(last_part(results->parameters.items[i]), name) == 0)
            return results->parameters.items[parameter];
    return name;
}

int results_parameter(const struct results *results, const char *name, char **out_message)
{
    int found = -1;
    struct text names = {0};
    for (uint32_t i = 0; i < results->parameters.count; i++) {
        const char *path = results->parameters.items[i];
        if (strcmp(path, name) == 0) {
            text_fini(&names);
            return (int)i;
        }
        text_add(&names, i > 0 ? ", " : "");
        text_add(&names, path);
        if (!ends_in(path, name))
            continue;
        if (found >= 0) {
            *out_message =
                message_format("'%s' is both %s and %s", name, results->parameters.items[found], path);
            text_fini(&names);
            return -1;
        }
        found = (int)i;
    }
    if (found < 0) {
        const char *near = text_suggest(name, results->parameters.items, results->parameters.count);
        *out_message = near != NULL ? message_format("no run of %s has a parameter '%s'; did you mean '%s'?",
                                          results->name, name, near)
                                    : message_format("no run of %s has a parameter '%s'; there are: %s",
                                          results->name, name, names.data);
    }
    text_fini(&names);
    return found;
}

bool results_varies(const struct results *results, int parameter)
{
    for (uint32_t i = 1; i < results->variants.count; i++)
        if (parameter_value_compare(results->variants.items[i].values[parameter],
                results->variants.items[0].values[parameter]) != 0)
            return true;
    return false;
}

static const char *copy(struct results *results, const char *string)
{
    return arena_strndup(&results->arena, string, strlen(string));
}

/* Seed and run number are columns of their own: what tells repetitions apart is no parameter. */
static enum status read_names(struct reading *reading)
{
    struct results *results = reading->results;
    vec_push(&results->parameters, PARAMETER_SCENARIO);
    sqlite3_stmt *statement = database_prepare(&reading->database,
        "SELECT DISTINCT key FROM runs, json_each(params) WHERE json_valid(params) AND key NOT IN ('seed', "
        "'run') "
        "ORDER BY 1",
        reading->out_message);
    if (statement == NULL)
        return database_status(&reading->database);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        vec_push(&results->parameters, copy(results, (const char *)sqlite3_column_text(statement, 0)));
    return database_finish(&reading->database, statement, code, reading->out_message);
}

/* A run that does not set how many endpoints a slice may have has some number all the same. */
static void fill_slice_max(struct results *results, uint32_t endpoints_per_slice_max, const char **values)
{
    for (uint32_t i = 1; i < results->parameters.count; i++) {
        if (values[i] != NULL || strcmp(results->parameters.items[i], PARAMETER_SLICE_MAX) != 0)
            continue;
        struct text text = {0};
        text_add_u64(&text, endpoints_per_slice_max);
        values[i] = copy(results, text.data);
        text_fini(&text);
    }
}

static enum status read_values(struct reading *reading, const struct stored_run *run, const char **values)
{
    struct results *results = reading->results;
    sqlite3_stmt *statement = reading->parameters;
    values[0] = copy(results, run->scenario != NULL ? run->scenario : "");
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, run->run_id);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        const char *value = (const char *)sqlite3_column_text(statement, 1);
        for (uint32_t i = 1; i < results->parameters.count; i++)
            if (strcmp(results->parameters.items[i], key) == 0)
                values[i] = copy(results, value != NULL ? value : "null");
    }
    fill_slice_max(results, run->endpoints_per_slice_max, values);
    return code == SQLITE_DONE ? STATUS_OK : database_fail(&reading->database, reading->out_message);
}

/* --- conditions --------------------------------------------------------------------------------------- */

struct wanted_value {
    int parameter;
    const char *value; /* NULL: not set */
};

static enum status read_condition(struct reading *reading, const char *text, struct wanted_value *out)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL) {
        *reading->out_message = message_format("'%s': expected PARAMETER=VALUE", text);
        return STATUS_USAGE;
    }
    char *name = mem_strndup(text, (size_t)(equals - text));
    out->parameter = results_parameter(reading->results, name, reading->out_message);
    out->value = equals[1] != '\0' ? equals + 1 : NULL;
    free(name);
    return out->parameter < 0 ? STATUS_USAGE : STATUS_OK;
}

static enum status check_conditions(struct reading *reading, const char *const *values, bool *out_holds)
{
    *out_holds = true;
    for (uint32_t i = 0; i < reading->request->where_count; i++) {
        struct wanted_value condition;
        enum status status = read_condition(reading, reading->request->where[i], &condition);
        if (status != STATUS_OK)
            return status;
        *out_holds = *out_holds && parameter_value_compare(values[condition.parameter], condition.value) == 0;
    }
    return STATUS_OK;
}

/* --- runs --------------------------------------------------------------------------------------------- */

static bool visit_level(void *context, const struct stored_run *run)
{
    struct results *results = context;
    bool is_complete = run->status != NULL && strcmp(run->status, "complete") == 0;
    if (is_complete && run->level < results->level)
        results->level = run->level;
    return true;
}

static bool visit_run(void *context, const struct stored_run *run)
{
    struct reading *reading = context;
    struct results *results = reading->results;
    const char **values = arena_alloc(&results->arena, results->parameters.count * sizeof *values);
    bool counts = false;
    reading->status = read_values(reading, run, values);
    if (reading->status == STATUS_OK)
        reading->status = check_conditions(reading, values, &counts);
    if (reading->status != STATUS_OK || !counts)
        return reading->status == STATUS_OK;
    if (run->status == NULL || strcmp(run->status, "complete") != 0) {
        results->not_complete++;
        return true;
    }
    results->what_ifs |= what_if_of(run->packing_policy);
    double *figures = arena_alloc(&results->arena, (results->figures.count + 1) * sizeof *figures);
    reading->status = figures_read(&reading->database, run, results->figures.items, results->figures.count,
        reading->request->warm_up_ns, figures, reading->out_message);
    struct raw_run raw = {run->run_id, run->seed, run->run, run->endpoints_per_slice_max,
        results->parameters.count, values, figures};
    vec_push(&reading->runs, raw);
    return reading->status == STATUS_OK;
}

/* --- variants ----------------------------------------------------------------------------------------- */

static int compare_parameters(const struct raw_run *a, const struct raw_run *b)
{
    int order = 0;
    for (uint32_t i = 0; i < a->value_count && order == 0; i++)
        order = parameter_value_compare(a->values[i], b->values[i]);
    return order;
}

static int compare_runs(const void *left, const void *right)
{
    const struct raw_run *a = left, *b = right;
    int order = compare_parameters(a, b);
    if (order == 0)
        order = (a->seed > b->seed) - (a->seed < b->seed);
    if (order == 0)
        order = (a->run > b->run) - (a->run < b->run);
    return order != 0 ? order : (a->run_id > b->run_id) - (a->run_id < b->run_id);
}

static void make_variants(struct reading *reading)
{
    struct results *results = reading->results;
    if (reading->runs.count > 0)
        qsort(reading->runs.items, reading->runs.count, sizeof *reading->runs.items, compare_runs);
    for (uint32_t i = 0; i < reading->runs.count; i++) {
        const struct raw_run *raw = &reading->runs.items[i], *last = i > 0 ? raw - 1 : NULL;
        bool is_new = last == NULL || compare_parameters(last, raw) != 0;
        if (is_new) {
            struct variant variant = {raw->values, raw->endpoints_per_slice_max, results->runs.count, 0};
            vec_push(&results->variants, variant);
        } else if (last->seed == raw->seed && last->run == raw->run) {
            results->repeated++;
            results->runs.count--;
            vec_last(&results->variants).count--;
        }
        struct result result = {raw->run_id, raw->seed, raw->run, results->variants.count - 1, raw->figures};
        vec_push(&results->runs, result);
        vec_last(&results->variants).count++;
    }
}

/* --- all of it ---------------------------------------------------------------------------------------- */

static void choose_figures(struct reading *reading)
{
    const struct results_request *request = reading->request;
    for (uint32_t i = 0; i < request->figure_count; i++)
        if (!request->leave_out_missing ||
            figure_is_recorded(&request->figures[i], reading->results->level, request->warm_up_ns))
            vec_push(&reading->results->figures, request->figures[i]);
}

static enum status read_all(struct reading *reading)
{
    struct results *results = reading->results;
    enum status status = read_names(reading);
    if (status == STATUS_OK)
        status = query_each_run(&reading->database, visit_level, results, reading->out_message);
    if (status != STATUS_OK)
        return status;
    choose_figures(reading);
    reading->parameters = database_prepare(&reading->database,
        "SELECT key, value FROM runs, json_each(params) WHERE run_id = ?1 AND json_valid(params)",
        reading->out_message);
    if (reading->parameters == NULL)
        return database_status(&reading->database);
    status = query_each_run(&reading->database, visit_run, reading, reading->out_message);
    if (status == STATUS_OK)
        status = reading->status;
    sqlite3_finalize(reading->parameters);
    if (status != STATUS_OK)
        return status;
    make_variants(reading);
    if (results->runs.count > 0)
        return STATUS_OK;
    *reading->out_message =
        results->not_complete > 0           ? message_format("%s: no run is complete", results->name)
        : reading->request->where_count > 0 ? message_format("%s: no run has these parameters", results->name)
                                            : message_format("%s: the database holds no run", results->name);
    return STATUS_NOT_FOUND;
}

enum status results_read(const struct results_request *request, struct results *out, char **out_message)
{
    *out = (struct results){.level = RECORD_FULL};
    arena_init(&out->arena);
    out->name = copy(out, request->path);
    struct reading reading = {.request = request, .results = out, .out_message = out_message};
    enum status status = database_open_read(&reading.database, request->path, out_message);
    if (status == STATUS_OK)
        status = read_all(&reading);
    database_close(&reading.database);
    vec_fini(&reading.runs);
    return status;
}

void results_fini(struct results *results)
{
    vec_fini(&results->parameters);
    vec_fini(&results->variants);
    vec_fini(&results->runs);
    vec_fini(&results->figures);
    arena_fini(&results->arena);
    *results = (struct results){0};
}
