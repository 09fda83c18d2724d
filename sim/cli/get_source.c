/*
 * get_source.c: see get_source.h.
 */
#include "cli/get_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/load.h"
#include "cli/output.h"
#include "record/query.h"
#include "scenario/set.h"

static enum exit_code tell(enum status status, char *message)
{
    error_print("%s", message != NULL ? message : status_text(status));
    free(message);
    return status == STATUS_CONFLICT ? EXIT_FAILED : EXIT_USAGE;
}

/* Takes over what the run holds. */
static enum exit_code load_stored(struct get_source *source, struct stored_run *run)
{
    char *message = NULL;
    enum status status = stored_run_check_version(run, &message);
    if (status != STATUS_OK)
        return tell(status, message);
    if (run->source_text == NULL) {
        error_print("run %lld holds no scenario to run again", (long long)run->run_id);
        return EXIT_USAGE;
    }
    source->run_id = run->run_id;
    source->seed = run->seed;
    source->run = run->run;
    source->is_failed = strcmp(run->status, "failed") == 0;
    source->has_digest = run->digest != NULL && strcmp(run->status, "complete") == 0;
    if (!source->has_digest && !source->is_failed)
        note_print("run %lld did not reach its end (%s); shown is how it would go on", (long long)run->run_id,
            run->status);
    /* The parameters may stand in the text too; given twice they mean the same. Those of a sweep do not: its
     * runs share one text. */
    struct arena arena;
    struct set_texts sets;
    arena_init(&arena);
    enum exit_code code = EXIT_USAGE;
    if (set_texts_of_json(&arena, run->params_json, &sets)) {
        struct scenario_input input = {run->source_name, run->source_text, run->source_length};
        code = load_scenario(&input, 1, sets.items, sets.count, LOAD_ERRORS, &source->scenario);
    } else {
        error_print("run %lld: its parameters cannot be read", (long long)run->run_id);
    }
    arena_fini(&arena);
    return code;
}

static enum exit_code open_database(struct get_source *source, const char *path, int64_t run_id)
{
    struct database database;
    char *message = NULL;
    enum status status = database_open_read(&database, path, &message);
    if (status != STATUS_OK)
        return tell(status, message);
    struct stored_run *run = mem_zalloc(sizeof *run);
    status = query_run(&database, run_id, run, &message);
    database_close(&database);
    enum exit_code code = EXIT_OK;
    if (status != STATUS_OK) {
        code = tell(status, message);
        free(run);
        return code;
    }
    source->stored = run;
    return load_stored(source, run);
}

enum exit_code get_source_open(struct get_source *source, const struct arguments *arguments,
    const char *const *paths, uint32_t path_count, const struct load_sets *sets,
    const struct option_value *seed, const struct option_value *run, const struct option_value *run_id)
{
    *source = (struct get_source){0};
    for (uint32_t i = 0; i < path_count; i++) {
        if (!load_is_database(paths[i]))
            continue;
        if (path_count > 1)
            return usage_error(arguments, "%s is a database; it is a SOURCE of its own", paths[i]);
        if (sets->items.count + seed->count + run->count > 0)
            return usage_error(arguments,
                "--set, --policy, --seed and --run are of a scenario; a recorded run has its "
                "own (--run-id chooses it)");
        if (run_id->count > 0 && (run_id->number == 0 || run_id->number > INT64_MAX))
            return usage_error(arguments, "--run-id: runs of a database are numbered from 1");
        return open_database(source, paths[i], (int64_t)run_id->number);
    }
    if (run_id->count > 0)
        return usage_error(arguments, "--run-id has a meaning only with a database");
    enum exit_code code = load_operands(
        arguments, paths, path_count, sets->items.items, sets->items.count, LOAD_WARNINGS, &source->scenario);
    if (code != EXIT_OK)
        return code;
    source->seed = seed->count > 0 ? seed->number : source->scenario->seed;
    source->run = run->number;
    return EXIT_OK;
}

void get_source_close(struct get_source *source)
{
    if (source->scenario != NULL)
        scenario_destroy(source->scenario);
    if (source->stored != NULL)
        stored_run_fini(source->stored);
    free(source->stored);
}

bool get_source_matches(const struct get_source *source, struct simulation *simulation)
{
    char *message = NULL;
    enum status status = stored_run_check_digest(
        source->stored, digest_value(&simulation_clock(simulation)->digest), &message);
    if (status == STATUS_OK)
        return true;
    tell(status, message);
    return false;
}
