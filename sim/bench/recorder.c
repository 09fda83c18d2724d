/*
 * recorder.c: what recording everything adds to a run, beside what SQLite alone needs for the same rows.
 *
 *     adds    a run with the full recorder, from opening the database to closing it, less the same run
 * without sqlite  the same rows of `writes` and `timeline`, from memory into a database of the same schema:
 * one prepared INSERT a row, one transaction, nothing else ratio   the one over the other, taken side by side
 */
#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "bench/scratch.h"
#include "bench/texts.h"
#include "experiment/run_row.h"
#include "record/database.h"
#include "record/recorder.h"
#include "simulation/simulation.h"

#define REPLICAS 1000
#define DEATHS 30000
#define DATABASE "run.db"
#define COPY "copy.db"

enum { KIND_ADDS, KIND_SQLITE, KIND_RATIO, KIND_ROWS };

/* A table's rows, one after the other. */
struct rows {
    const char *table;
    uint32_t column_count;
    VEC(int64_t) values;
};

struct bench {
    struct scenario *scenario;
    struct scratch scratch;
    struct rows tables[2];
    uint64_t row_count;
};

/* --- the run --------------------------------------------------------------------------------- */

/* Why the recorder cannot write. */
static void add_failure(const struct recorder *recorder, struct bench_plan *plan)
{
    const char *message = NULL;
    enum status status = recorder_status(recorder, &message);
    text_add(&plan->failure, message != NULL ? message : status_text(status));
}

static bool begin_record(
    struct bench *bench, struct simulation *simulation, struct bench_plan *plan, struct recorder **out)
{
    char *message = NULL;
    struct engine_observer observer;
    struct run_info info = run_row(bench->scenario, "bench.yaml", 1, 0, "2026-01-01T00:00:00Z");
    if (recorder_open(scratch_file(&bench->scratch, DATABASE), RECORD_REPLACE, RECORD_FULL, out, &message) !=
        STATUS_OK) {
        text_add(&plan->failure, message);
        free(message);
        return false;
    }
    if (recorder_begin(*out, &info, store_catalog(simulation_store(simulation)), &observer, NULL) !=
        STATUS_OK) {
        add_failure(*out, plan);
        return false;
    }
    engine_observe(simulation_engine(simulation), &observer);
    return true;
}

/* Seconds of a run, from its making to its end. */
static double run_once(struct bench *bench, struct bench_plan *plan, bool is_recorded)
{
    double started_s = measure_now_s();
    struct simulation *simulation = simulation_create(bench->scenario, 1, 0);
    struct recorder *recorder = NULL;
    if (!is_recorded || begin_record(bench, simulation, plan, &recorder)) {
        simulation_start(simulation);
        if (simulation_run_until(simulation, INT64_MAX, NULL, NULL, NULL) != STATUS_OK)
            text_add(&plan->failure, simulation_failure(simulation, NULL));
        if (recorder != NULL &&
            recorder_end(recorder, "complete", NULL, 0, 0, 0, 0, "2026-01-01T00:00:00Z") != STATUS_OK &&
            plan->failure.length == 0)
            add_failure(recorder, plan);
    }
    recorder_close(recorder);
    simulation_destroy(simulation);
    return measure_now_s() - started_s;
}

/* --- SQLite alone ---------------------------------------------------------------------------- */

static void read_rows(struct database *database, struct rows *rows, char **message)
{
    struct text sql = {0};
    text_printf(&sql, "SELECT * FROM %s", rows->table);
    sqlite3_stmt *select = database_prepare(database, sql.data, message);
    rows->column_count = select != NULL ? (uint32_t)sqlite3_column_count(select) : 0;
    while (select != NULL && sqlite3_step(select) == SQLITE_ROW)
        for (uint32_t i = 0; i < rows->column_count; i++)
            vec_push(&rows->values, sqlite3_column_int64(select, (int)i));
    sqlite3_finalize(select);
    text_fini(&sql);
}

static bool write_rows(struct database *database, const struct rows *rows, char **message)
{
    struct text sql = {0};
    text_printf(&sql, "INSERT INTO %s VALUES (?", rows->table);
    for (uint32_t i = 1; i < rows->column_count; i++)
        text_add(&sql, ", ?");
    text_add(&sql, ")");
    sqlite3_stmt *insert = database_prepare(database, sql.data, message);
    bool done = insert != NULL;
    for (uint32_t i = 0; i < rows->values.count && done; i += rows->column_count) {
        for (uint32_t c = 0; c < rows->column_count; c++)
            sqlite3_bind_int64(insert, (int)c + 1, rows->values.items[i + c]);
        done = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    text_fini(&sql);
    return done;
}

/* Seconds that SQLite needs for the rows, from opening the database to closing it. */
static double insert_alone(struct bench *bench, struct bench_plan *plan)
{
    char *message = NULL;
    struct database database = {0};
    const char *path = scratch_file(&bench->scratch, COPY);
    remove(path);
    double started_s = measure_now_s();
    bool done = database_create(&database, path, &message) == STATUS_OK &&
                database_exec(&database, "BEGIN", &message) == STATUS_OK &&
                write_rows(&database, &bench->tables[0], &message) &&
                write_rows(&database, &bench->tables[1], &message) &&
                database_exec(&database, "COMMIT", &message) == STATUS_OK;
    database_close(&database);
    double wall_s = measure_now_s() - started_s;
    if (!done)
        text_add(&plan->failure, message != NULL ? message : "the rows could not be inserted");
    free(message);
    return wall_s;
}

/* --- the benchmark --------------------------------------------------------------------------- */

static void *setup(struct bench_plan *plan)
{
    struct bench *bench = mem_zalloc(sizeof *bench);
    struct text text = {0};
    texts_add_churn(&text, REPLICAS, bench_scaled(plan, DEATHS));
    bench->scenario = texts_load(&text, plan);
    text_fini(&text);
    if (bench->scenario == NULL || !scratch_init(&bench->scratch, &plan->failure))
        return bench;
    scenario_add_provenance(bench->scenario);
    run_once(bench, plan, true);
    if (plan->failure.length > 0)
        return bench;
    char *message = NULL;
    struct database database = {0};
    bench->tables[0].table = "writes";
    bench->tables[1].table = "timeline";
    if (database_open_read(&database, scratch_file(&bench->scratch, DATABASE), &message) == STATUS_OK) {
        for (int i = 0; i < 2 && message == NULL; i++) {
            read_rows(&database, &bench->tables[i], &message);
            if (bench->tables[i].column_count > 0)
                bench->row_count += bench->tables[i].values.count / bench->tables[i].column_count;
        }
    }
    if (message != NULL)
        text_add(&plan->failure, message);
    free(message);
    database_close(&database);
    return bench;
}

static double sample(void *state, struct bench_plan *plan)
{
    struct bench *bench = state;
    text_clear(&plan->work);
    text_add_grouped(&plan->work, bench->row_count);
    text_add(&plan->work, " rows");
    if (plan->item->kind == KIND_SQLITE)
        return 1000 * insert_alone(bench, plan);
    double without_s = run_once(bench, plan, false);
    double added_s = run_once(bench, plan, true) - without_s;
    if (plan->failure.length > 0)
        return 0;
    switch (plan->item->kind) {
    case KIND_ADDS:
        return 1000 * added_s;
    case KIND_ROWS:
        return (double)bench->row_count / added_s;
    default:
        return added_s / insert_alone(bench, plan);
    }
}

static void teardown(void *state)
{
    struct bench *bench = state;
    vec_fini(&bench->tables[0].values);
    vec_fini(&bench->tables[1].values);
    scratch_fini(&bench->scratch);
    scenario_destroy(bench->scenario);
    free(bench);
}

static const struct bench_case cases[] = {
    {"adds", 1, KIND_ADDS, BENCH_MILLISECONDS, "recording"},
    {"sqlite", 1, KIND_SQLITE, BENCH_MILLISECONDS, "SQLite alone"},
    {"ratio", 1, KIND_RATIO, BENCH_TIMES, "recording over SQLite alone"},
    {"rows", 1, KIND_ROWS, BENCH_PER_SECOND, "rows recorded"},
};

const struct benchmark benchmark_recorder = {
    .name = "recorder",
    .about = "what recording everything adds, beside SQLite alone with the same rows",
    .repeats = 5,
    .shares = true,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .setup = setup,
    .sample = sample,
    .teardown = teardown,
};
