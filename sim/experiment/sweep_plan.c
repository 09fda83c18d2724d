/*
 * sweep_plan.c: see sweep_plan.h.
 */
#include "experiment/sweep_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mem.h"

/* Loads that a check may take: a parameter of many values is looked at from both ends. */
#define CHECKS_MAX 200

/* The --set that `expect: ignore` stands for. */
static const char ignore_expectations[] = "expect=[]";

/* --- counting --------------------------------------------------------------------------------------- */

/* a x b, or UINT64_MAX. */
static uint64_t times(uint64_t a, uint64_t b)
{
    return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

static bool count_runs(struct sweep_plan *plan)
{
    const struct sweep_file *file = plan->file;
    uint64_t combinations = 1;
    for (uint32_t i = 0; i < file->parameter_count; i++) {
        uint64_t values = file->parameters[i].value_count;
        if (file->combine == SWEEP_GRID)
            combinations = times(combinations, values);
        else if (values > combinations)
            combinations = values;
    }
    plan->row_count = file->row_count > 0 ? file->row_count : 1;
    uint64_t variants = times(times(file->scenario_count, plan->row_count), combinations);
    uint64_t runs = times(variants, file->repetitions);
    if (runs > SWEEP_RUNS_MAX) {
        struct position at = file->scenarios[0].at;
        if (file->parameter_count > 0)
            at = file->parameters[0].at;
        if (runs == UINT64_MAX)
            diag_error(
                file->diag, at, "this makes more than 2^64 runs; %" PRIu32 " are the most", SWEEP_RUNS_MAX);
        else
            diag_error(file->diag, at, "this makes %" PRIu64 " runs; %" PRIu32 " are the most", runs,
                SWEEP_RUNS_MAX);
        return false;
    }
    plan->combination_count = (uint32_t)combinations;
    plan->variant_count = (uint32_t)variants;
    plan->run_count = (uint32_t)runs;
    return true;
}

/* --- one run ---------------------------------------------------------------------------------------- */

void planned_run_init(struct planned_run *run, const struct sweep_plan *plan)
{
    uint32_t most = plan->file->parameter_count;
    uint32_t in_row = 0;
    for (uint32_t i = 0; i < plan->file->row_count; i++)
        in_row = plan->file->rows[i].value_count > in_row ? plan->file->rows[i].value_count : in_row;
    most += in_row;
    *run = (struct planned_run){0};
    run->values = mem_array(NULL, most + 1, sizeof *run->values);
    run->paths = mem_array(NULL, most + 1, sizeof *run->paths);
    run->sets = mem_array(NULL, most + 1, sizeof *run->sets);
}

void planned_run_fini(struct planned_run *run)
{
    free(run->values);
    free(run->paths);
    free(run->sets);
    *run = (struct planned_run){0};
}

static void add_value(struct planned_run *run, const char *path, const struct sweep_value *value)
{
    run->paths[run->value_count] = path;
    run->values[run->value_count++] = value;
    if (value->set != NULL)
        run->sets[run->set_count++] = value->set;
    else
        run->seed = value->seed;
}

/* Which value of a parameter a combination has: digits of a number whose bases are the counts of values. */
static uint32_t value_index(const struct sweep_plan *plan, uint32_t parameter, uint32_t combination)
{
    const struct sweep_file *file = plan->file;
    uint32_t count = file->parameters[parameter].value_count;
    if (file->combine == SWEEP_ZIP)
        return count == 1 ? 0 : combination;
    for (uint32_t i = file->parameter_count - 1; i > parameter; i--)
        combination /= file->parameters[i].value_count;
    return combination % count;
}

static void finish_run(const struct sweep_plan *plan, struct planned_run *run)
{
    if (plan->file->expect == SWEEP_EXPECT_IGNORE)
        run->sets[run->set_count++] = ignore_expectations;
    scenario_hash_with(plan->bases[run->scenario], run->sets, run->set_count, run->content_hash);
    run_hash(plan->version, run->content_hash, run->seed, run->run, plan->file->record, run->hash);
}

static void begin_run(const struct sweep_plan *plan, uint32_t scenario, struct planned_run *run)
{
    run->scenario = scenario;
    run->value_count = run->set_count = 0;
    run->seed = plan->file->has_seed ? plan->file->seed : plan->bases[scenario]->seed;
}

static void add_row(const struct sweep_plan *plan, uint32_t row, struct planned_run *run)
{
    if (plan->file->row_count == 0)
        return;
    const struct sweep_row *of = &plan->file->rows[row];
    for (uint32_t i = 0; i < of->value_count; i++)
        add_value(run, of->paths[i], &of->values[i]);
}

void sweep_plan_run(const struct sweep_plan *plan, uint32_t index, struct planned_run *out)
{
    EPSIM_ASSERT(index < plan->run_count);
    const struct sweep_file *file = plan->file;
    uint32_t variant = index / file->repetitions;
    uint32_t combination = variant % plan->combination_count, outer = variant / plan->combination_count;
    begin_run(plan, outer / plan->row_count, out);
    out->index = index;
    out->variant = variant;
    out->run = index % file->repetitions;
    add_row(plan, outer % plan->row_count, out);
    for (uint32_t i = 0; i < file->parameter_count; i++)
        add_value(
            out, file->parameters[i].path, &file->parameters[i].values[value_index(plan, i, combination)]);
    finish_run(plan, out);
}

void run_hash(const char *version, const char *content_hash, uint64_t seed, uint64_t run,
    enum record_level level, char out[RUN_HASH_TEXT])
{
    struct sha256 sha;
    struct text text = {0};
    uint8_t digest[32];
    text_printf(&text, "epsim run 1\nversion %s\ncontent %s\nseed %" PRIu64 "\nrun %" PRIu64 "\nlevel %d\n",
        version, content_hash, seed, run, (int)level);
    sha256_init(&sha);
    sha256_add(&sha, text.data, text.length);
    sha256_end(&sha, digest);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    text_fini(&text);
}

/* --- scenarios -------------------------------------------------------------------------------------- */

/* Which of the sets a position is in; UINT32_MAX: it is in a file. */
static uint32_t set_at(const struct scenario *scenario, struct position at)
{
    static const char name[] = "--set";
    uint32_t before = 0;
    if (strcmp(diag_source_name(scenario->diag, at.source), name) != 0)
        return UINT32_MAX;
    for (uint32_t i = 0; i < at.source; i++)
        before += strcmp(diag_source_name(scenario->diag, i), name) == 0;
    return before;
}

static const struct sweep_value *value_of_set(const struct planned_run *run, uint32_t set)
{
    for (uint32_t i = 0; i < run->value_count && set < run->set_count; i++)
        if (run->values[i]->set == run->sets[set])
            return run->values[i];
    return NULL;
}

/* With mistakes, too: they are in its diag. */
static enum status load_variant(
    const struct sweep_plan *plan, const struct planned_run *run, struct scenario **out)
{
    const struct scenario *base = plan->bases[run->scenario];
    struct scenario_input input = {"sweep", base->text, base->text_length};
    return scenario_load(&input, 1, run->sets, run->set_count, out);
}

/* One mistake in one line, and the value that is to blame (NULL: none in particular). */
static const struct sweep_value *describe_error(const struct sweep_plan *plan, const struct planned_run *run,
    const struct scenario *scenario, const char *error, struct position at, struct text *out)
{
    const struct sweep_value *value = value_of_set(run, set_at(scenario, at));
    text_clear(out);
    if (plan->file->scenario_count > 1)
        text_printf(out, "%s: ", plan->file->scenarios[run->scenario].paths[0]);
    if (value != NULL)
        text_printf(out, "%s: %s", value->set, error);
    else
        text_printf(out, "%s:%" PRIu32 ":%" PRIu32 ": %s", diag_source_name(scenario->diag, at.source),
            at.line, at.column, error);
    return value;
}

enum status sweep_plan_load_scenario(
    const struct sweep_plan *plan, const struct planned_run *run, struct scenario **out, struct text *message)
{
    enum status status = load_variant(plan, run, out);
    if (status == STATUS_OK)
        return status;
    struct position at;
    uint32_t next = 0;
    const char *error = diag_next_error((*out)->diag, &next, &at);
    text_clear(message);
    if (error != NULL)
        describe_error(plan, run, *out, error, at, message);
    else
        text_add(message, status_text(status));
    scenario_destroy(*out);
    *out = NULL;
    return status;
}

static enum status load_base(struct sweep_plan *plan, uint32_t index)
{
    const struct sweep_file *file = plan->file;
    const struct sweep_scenario *scenario = &file->scenarios[index];
    struct scenario_input *inputs = mem_array(NULL, scenario->path_count, sizeof *inputs);
    struct text path = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < scenario->path_count; i++) {
        inputs[i] = (struct scenario_input){.path = scenario->paths[i]};
        text_clear(&path);
        text_printf(&path, "%s%s", scenario->paths[i][0] == '/' ? "" : file->folder, scenario->paths[i]);
        if (access(path.data, R_OK) == 0)
            continue;
        diag_error(file->diag, scenario->at, "'%.200s' cannot be read: %s", path.data, strerror(errno));
        status = STATUS_IO;
    }
    if (status == STATUS_OK)
        status = scenario_load_from(file->folder, inputs, scenario->path_count, NULL, 0, &plan->bases[index]);
    if (plan->bases[index])
        scenario_add_provenance(plan->bases[index]);
    free(inputs);
    text_fini(&path);
    return status;
}

/* --- checking --------------------------------------------------------------------------------------- */

/* Mistakes are told at the value that makes them, or else at the one that is looked at just now. */
static void check_run(
    const struct sweep_plan *plan, struct planned_run *run, const struct sweep_value *suspect)
{
    struct diag *diag = plan->file->diag;
    struct scenario *scenario;
    struct text message = {0};
    struct position at;
    uint32_t next = 0;
    const char *error;
    finish_run(plan, run);
    load_variant(plan, run, &scenario);
    while ((error = diag_next_error(scenario->diag, &next, &at)) != NULL) {
        const struct sweep_value *value = describe_error(plan, run, scenario, error, at, &message);
        value = value != NULL ? value : suspect;
        diag_error(
            diag, value != NULL ? value->at : plan->file->scenarios[run->scenario].at, "%s", message.data);
    }
    scenario_destroy(scenario);
    text_fini(&message);
}

/* The scenario with the given row and first values, but for one parameter. */
static void check_value(const struct sweep_plan *plan, struct planned_run *run, uint32_t scenario,
    uint32_t row, uint32_t parameter, uint32_t value)
{
    const struct sweep_file *file = plan->file;
    const struct sweep_value *suspect = NULL;
    begin_run(plan, scenario, run);
    add_row(plan, row, run);
    for (uint32_t i = 0; i < file->parameter_count; i++) {
        const struct sweep_value *it = &file->parameters[i].values[i == parameter ? value : 0];
        suspect = i == parameter ? it : suspect;
        add_value(run, file->parameters[i].path, it);
    }
    check_run(plan, run, suspect);
}

/* True when the neighbours come from the same text of the file: only the ends of a range are looked at. */
static bool is_within_range(const struct sweep_parameter *parameter, uint32_t value)
{
    if (value == 0 || value + 1 >= parameter->value_count)
        return false;
    const struct position *at = &parameter->values[value].at;
    const struct position *before = &parameter->values[value - 1].at,
                          *after = &parameter->values[value + 1].at;
    return at->line == before->line && at->column == before->column && at->line == after->line &&
           at->column == after->column;
}

/* One mistake a value is enough: the first scenario stands for the others' parameters, but each is loaded. */
static void check_values(const struct sweep_plan *plan)
{
    const struct sweep_file *file = plan->file;
    uint32_t checks = 0;
    struct planned_run run;
    planned_run_init(&run, plan);
    for (uint32_t scenario = 0; scenario < file->scenario_count && checks < CHECKS_MAX; scenario++) {
        uint32_t errors = diag_error_count(file->diag);
        for (uint32_t row = 0; row < plan->row_count && checks < CHECKS_MAX; row++, checks++)
            check_value(plan, &run, scenario, row, UINT32_MAX, 0);
        if (diag_error_count(file->diag) > errors)
            break;
        for (uint32_t p = 0; p < file->parameter_count; p++) {
            const struct sweep_parameter *parameter = &file->parameters[p];
            for (uint32_t v = 1; v < parameter->value_count && checks < CHECKS_MAX; v++) {
                if (is_within_range(parameter, v) || parameter->values[v].set == NULL)
                    continue;
                check_value(plan, &run, scenario, 0, p, v);
                checks++;
            }
        }
        if (diag_error_count(file->diag) > errors)
            break;
    }
    planned_run_fini(&run);
}

/* --- reading and storing ---------------------------------------------------------------------------- */

enum status sweep_plan_read(const char *path, bool check, struct sweep_plan **out)
{
    struct sweep_plan *plan = mem_zalloc(sizeof *plan);
    *out = plan;
    enum status status = sweep_file_read(path, NULL, 0, &plan->file);
    plan->version = EPSIM_VERSION;
    if (status != STATUS_OK)
        return status;
    if (!count_runs(plan))
        return STATUS_BAD_INPUT;
    plan->bases = mem_zalloc(plan->file->scenario_count * sizeof *plan->bases);
    for (uint32_t i = 0; i < plan->file->scenario_count; i++) {
        enum status loaded = load_base(plan, i);
        status = loaded != STATUS_OK ? loaded : status;
    }
    if (status == STATUS_OK && check) {
        check_values(plan);
        status = diag_error_count(plan->file->diag) > 0 ? STATUS_BAD_INPUT : STATUS_OK;
    }
    return status;
}

static const char first_line[] = "# epsim sweep 1\n";

static void store_part(struct text *out, const char *kind, const char *name, const char *text, size_t length)
{
    text_printf(out, "# %s %zu %s\n", kind, length, name);
    text_add_bytes(out, text, length);
    text_add_char(out, '\n');
}

void sweep_plan_store(const struct sweep_plan *plan, struct text *out)
{
    text_add(out, first_line);
    store_part(out, "version", "", plan->version, strlen(plan->version));
    struct text name = {0};
    text_printf(&name, "%s%s", plan->file->name, ".yaml");
    store_part(out, "sweep", name.data, plan->file->text, plan->file->text_length);
    text_fini(&name);
    for (uint32_t i = 0; i < plan->file->scenario_count; i++)
        store_part(out, "scenario", "", plan->bases[i]->text, plan->bases[i]->text_length);
}

struct stored_part {
    const char *text;
    size_t length;
    char name[300];
};

/* The next part of that kind; *at is moved behind it. */
static bool restore_part(const char **at, const char *end, const char *kind, struct stored_part *out)
{
    char word[20];
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    char line[400];
    if (newline == NULL || (size_t)(newline - *at) >= sizeof line)
        return false;
    memcpy(line, *at, (size_t)(newline - *at));
    line[newline - *at] = '\0';
    out->name[0] = '\0';
    size_t length;
    if (sscanf(line, "# %19s %zu %299[^\n]", word, &length, out->name) < 2 || strcmp(word, kind) != 0)
        return false;
    if (length > (size_t)(end - newline - 1))
        return false;
    out->text = newline + 1;
    out->length = length;
    *at = out->text + length;
    *at += *at < end && **at == '\n';
    return true;
}

enum status sweep_plan_restore(const char *text, size_t length, struct sweep_plan **out)
{
    struct sweep_plan *plan = mem_zalloc(sizeof *plan);
    struct stored_part version, sweep, scenario;
    const char *at = text + sizeof first_line - 1, *end = text + length;
    *out = plan;
    if (length < sizeof first_line - 1 || memcmp(text, first_line, sizeof first_line - 1) != 0 ||
        !restore_part(&at, end, "version", &version) || !restore_part(&at, end, "sweep", &sweep))
        return STATUS_BAD_INPUT;
    enum status status = sweep_file_read(sweep.name, sweep.text, sweep.length, &plan->file);
    if (status != STATUS_OK || !count_runs(plan))
        return STATUS_BAD_INPUT;
    plan->version = arena_strndup(&plan->file->arena, version.text, version.length);
    plan->bases = mem_zalloc(plan->file->scenario_count * sizeof *plan->bases);
    for (uint32_t i = 0; i < plan->file->scenario_count && status == STATUS_OK; i++) {
        if (!restore_part(&at, end, "scenario", &scenario))
            return STATUS_BAD_INPUT;
        struct scenario_input input = {"sweep", scenario.text, scenario.length};
        status = scenario_load(&input, 1, NULL, 0, &plan->bases[i]);
        scenario_add_provenance(plan->bases[i]);
    }
    return status;
}

void sweep_plan_destroy(struct sweep_plan *plan)
{
    if (plan == NULL)
        return;
    for (uint32_t i = 0; plan->bases != NULL && i < plan->file->scenario_count; i++)
        scenario_destroy(plan->bases[i]);
    free(plan->bases);
    sweep_file_destroy(plan->file);
    free(plan);
}

void sweep_plan_print_messages(const struct sweep_plan *plan, FILE *out)
{
    if (plan->file == NULL)
        return;
    diag_print(plan->file->diag, out, false);
    for (uint32_t i = 0; plan->bases != NULL && i < plan->file->scenario_count; i++)
        if (plan->bases[i] != NULL && diag_error_count(plan->bases[i]->diag) > 0)
            diag_print(plan->bases[i]->diag, out, false);
}
