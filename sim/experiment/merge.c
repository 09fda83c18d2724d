/*
 * merge.c: see merge.h. A table takes part when its rows belong to runs, which its first column tells:
 * `run_id`, or a key of run_id * 2^40 + number (schema.sql). Tables that are the same in every database, and
 * the texts of scenarios, do not.
 */
#include "experiment/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "experiment/result_files.h"
#include "record/query.h"
#include "record/source_text.h"

#define BESIDE_TRIES_MAX 100

/* A run of a file and what becomes of it. */
struct move {
    uint32_t file;
    int64_t from, to; /* run_id */
    uint32_t scenario;
};

struct merging {
    const struct merge_request *request;
    struct sweep_plan *plan;
    struct result_files files;
    VEC(struct move) moves; /* by file */
    struct database database;
    VEC(char *) copies; /* INSERT ... SELECT statements, one a table */
    struct merge_counts *counts;
    char **out_message;
};

/* --- what goes where --------------------------------------------------------------------------------- */

static int move_order(const void *a, const void *b)
{
    const struct move *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static void find_moves(struct merging *merging)
{
    struct planned_run run;
    struct merge_counts *counts = merging->counts;
    planned_run_init(&run, merging->plan);
    for (uint32_t i = 0; i < merging->plan->run_count; i++) {
        sweep_plan_run(merging->plan, i, &run);
        const struct result *result = result_find(&merging->files, run.hash);
        if (result == NULL) {
            counts->first_missing = counts->missing++ == 0 ? i : counts->first_missing;
            continue;
        }
        counts->failed += result->is_failed;
        struct move move = {result->file, result->run_id, (int64_t)i + 1, run.scenario};
        vec_push(&merging->moves, move);
    }
    planned_run_fini(&run);
    counts->runs = merging->moves.count;
    counts->duplicates = merging->files.duplicates;
    counts->foreign = merging->files.items.count - counts->duplicates - counts->runs;
    if (merging->moves.count > 1)
        qsort(merging->moves.items, merging->moves.count, sizeof *merging->moves.items, move_order);
}

/* --- SQL --------------------------------------------------------------------------------------------- */

static enum status fail_sql(struct merging *merging)
{
    return database_fail(&merging->database, merging->out_message);
}

static enum status exec(struct merging *merging, const char *sql)
{
    return database_exec(&merging->database, sql, merging->out_message);
}

/* The columns of a table, with what stands for those that are changed on the way. */
static enum status add_columns(struct merging *merging, const char *table, struct text *names,
    struct text *values, bool *out_is_keyed, bool *out_is_numbered)
{
    sqlite3_stmt *statement = database_prepare(&merging->database,
        "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", merging->out_message);
    if (statement == NULL)
        return database_status(&merging->database);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    *out_is_keyed = *out_is_numbered = false;
    for (bool first = true; sqlite3_step(statement) == SQLITE_ROW; first = false) {
        const char *column = (const char *)sqlite3_column_text(statement, 0);
        size_t length = strlen(column);
        if (first) {
            *out_is_keyed = strcmp(column, "run_id") == 0;
            *out_is_numbered = !*out_is_keyed && length > 3 && strcmp(column + length - 3, "_id") == 0 &&
                               strcmp(table, "sources") != 0;
        }
        text_printf(names, "%s\"%s\"", first ? "" : ", ", column);
        text_add(values, first ? "" : ", ");
        if (first && *out_is_keyed)
            text_add(values, "m.new_id");
        else if (first && *out_is_numbered)
            text_printf(values, "m.new_id << 40 | (t.\"%s\" & 1099511627775)", column);
        else if (strcmp(table, "runs") == 0 && strcmp(column, "source_id") == 0)
            text_add(values, "m.source_id");
        else if (strcmp(table, "runs") == 0 && strcmp(column, "source_name") == 0)
            text_add(values, "m.source_name");
        else
            text_printf(values, "t.\"%s\"", column);
    }
    return sqlite3_finalize(statement) == SQLITE_OK ? STATUS_OK : fail_sql(merging);
}

static enum status add_copy(struct merging *merging, const char *table)
{
    struct text names = {0}, values = {0}, sql = {0};
    bool is_keyed, is_numbered;
    enum status status = add_columns(merging, table, &names, &values, &is_keyed, &is_numbered);
    if (status == STATUS_OK && (is_keyed || is_numbered)) {
        text_printf(&sql,
            "INSERT INTO main.\"%s\" (%s) SELECT %s FROM temp.moves m CROSS JOIN part.\"%s\" t ON ", table,
            names.data, values.data, table);
        if (is_keyed)
            text_add(&sql, "t.run_id = m.old_id");
        else
            text_printf(&sql, "t.rowid BETWEEN m.old_id << 40 AND (m.old_id << 40) + 1099511627775");
        text_add(&sql, " ORDER BY m.new_id");
        vec_push(&merging->copies, mem_strndup(sql.data, sql.length));
    }
    text_fini(&names);
    text_fini(&values);
    text_fini(&sql);
    return status;
}

/* One statement a table that rows of runs stand in. */
static enum status make_copies(struct merging *merging)
{
    enum status status =
        exec(merging, "CREATE TEMP TABLE moves (new_id INTEGER PRIMARY KEY, old_id INTEGER NOT NULL, "
                      "source_id INTEGER NOT NULL, source_name TEXT NOT NULL)");
    sqlite3_stmt *tables = NULL;
    if (status == STATUS_OK)
        tables = database_prepare(&merging->database,
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY "
            "name",
            merging->out_message);
    if (tables == NULL)
        return database_status(&merging->database);
    while (status == STATUS_OK && sqlite3_step(tables) == SQLITE_ROW)
        status = add_copy(merging, (const char *)sqlite3_column_text(tables, 0));
    if (sqlite3_finalize(tables) != SQLITE_OK && status == STATUS_OK)
        status = fail_sql(merging);
    return status;
}

/* Texts come from the plan, so that they do not depend on who did the runs. */
static enum status add_sources(struct merging *merging)
{
    sqlite3_stmt *statement = database_prepare(&merging->database,
        "INSERT INTO sources (source_id, sha256, bytes, text) VALUES (?,?,?,?)", merging->out_message);
    if (statement == NULL)
        return database_status(&merging->database);
    int code = SQLITE_OK;
    for (uint32_t i = 0; i < merging->plan->file->scenario_count && code == SQLITE_OK; i++) {
        const struct scenario *base = merging->plan->bases[i];
        unsigned char *packed = NULL;
        size_t length = 0;
        char hash[65];
        source_text_hash(base->text, base->text_length, hash);
        if (source_text_pack(base->text, base->text_length, &packed, &length) != STATUS_OK)
            code = SQLITE_TOOBIG;
        sqlite3_bind_int64(statement, 1, (int64_t)i + 1);
        sqlite3_bind_text(statement, 2, hash, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, (int64_t)base->text_length);
        sqlite3_bind_blob64(statement, 4, packed, length, SQLITE_STATIC);
        if (code == SQLITE_OK) {
            sqlite3_step(statement);
            code = sqlite3_reset(statement);
        }
        free(packed);
    }
    enum status status = code == SQLITE_OK ? STATUS_OK : fail_sql(merging);
    sqlite3_finalize(statement);
    return status;
}

/* --- copying ----------------------------------------------------------------------------------------- */

static enum status put_moves(struct merging *merging, uint32_t first, uint32_t count)
{
    sqlite3_stmt *put =
        database_prepare(&merging->database, "INSERT INTO temp.moves VALUES (?,?,?,?)", merging->out_message);
    if (put == NULL)
        return database_status(&merging->database);
    int code = SQLITE_OK;
    for (uint32_t i = first; i < first + count && code == SQLITE_OK; i++) {
        const struct move *move = &merging->moves.items[i];
        sqlite3_bind_int64(put, 1, move->to);
        sqlite3_bind_int64(put, 2, move->from);
        sqlite3_bind_int64(put, 3, (int64_t)move->scenario + 1);
        sqlite3_bind_text(put, 4, merging->plan->file->scenarios[move->scenario].paths[0], -1, SQLITE_STATIC);
        sqlite3_step(put);
        code = sqlite3_reset(put);
    }
    enum status status = code == SQLITE_OK ? STATUS_OK : fail_sql(merging);
    sqlite3_finalize(put);
    return status;
}

static enum status attach(struct merging *merging, uint32_t file)
{
    char *path = message_format("%s/%s", merging->files.folder, merging->files.names.items[file]);
    sqlite3_stmt *statement = database_prepare(&merging->database, "ATTACH ? AS part", merging->out_message);
    enum status status = statement != NULL ? STATUS_OK : database_status(&merging->database);
    if (status == STATUS_OK) {
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
        sqlite3_step(statement);
        if (sqlite3_finalize(statement) != SQLITE_OK)
            status = fail_sql(merging);
    }
    free(path);
    return status;
}

/* SQLite tells of the database that is written; what is damaged is the one that is read. */
static enum status fail_part(struct merging *merging, uint32_t file)
{
    char *why = *merging->out_message;
    *merging->out_message = message_format("%s/%s: the database is damaged (while it was copied: %s)",
        merging->files.folder, merging->files.names.items[file], why);
    free(why);
    return STATUS_BAD_INPUT;
}

/* The moves of one file: `count` from `first` on. */
static enum status copy_file(struct merging *merging, uint32_t first, uint32_t count)
{
    enum status status = attach(merging, merging->moves.items[first].file);
    if (status != STATUS_OK)
        return status;
    status = exec(merging, "BEGIN; DELETE FROM temp.moves");
    if (status == STATUS_OK)
        status = put_moves(merging, first, count);
    for (uint32_t i = 0; i < merging->copies.count && status == STATUS_OK; i++)
        status = exec(merging, merging->copies.items[i]);
    if (status == STATUS_OK)
        status = exec(merging, "COMMIT; DETACH part");
    return status == STATUS_BAD_INPUT ? fail_part(merging, merging->moves.items[first].file) : status;
}

static enum status copy_all(struct merging *merging)
{
    enum status status = STATUS_OK;
    uint32_t files = 0;
    for (uint32_t first = 0; first < merging->moves.count && status == STATUS_OK;) {
        uint32_t count = 1;
        while (first + count < merging->moves.count &&
               merging->moves.items[first + count].file == merging->moves.items[first].file)
            count++;
        if (merging->request->stop != NULL && __atomic_load_n(merging->request->stop, __ATOMIC_RELAXED) != 0)
            return STATUS_INTERRUPTED;
        status = copy_file(merging, first, count);
        first += count;
        if (merging->request->progress != NULL)
            merging->request->progress(merging->request->context, ++files, merging->files.names.count);
    }
    return status;
}

/* --- the output -------------------------------------------------------------------------------------- */

/* Whether the runs of a database are some of this sweep's: then it was merged from it before. */
struct recognition {
    const struct sweep_plan *plan;
    struct planned_run planned;
    bool is_ours;
};

static bool recognise_run(void *context, const struct stored_run *run)
{
    struct recognition *it = context;
    if (run->run_id < 1 || run->run_id > it->plan->run_count) {
        it->is_ours = false;
    } else {
        sweep_plan_run(it->plan, (uint32_t)run->run_id - 1, &it->planned);
        it->is_ours = strcmp(it->planned.content_hash, run->content_hash) == 0 &&
                      it->planned.seed == run->seed && it->planned.run == run->run;
    }
    return it->is_ours;
}

static enum status check_output(struct merging *merging)
{
    const char *path = merging->request->output;
    struct database database;
    enum status status = database_check_replace(path, merging->out_message);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK || merging->request->replace)
        return status;
    struct recognition it = {.plan = merging->plan, .is_ours = true};
    planned_run_init(&it.planned, merging->plan);
    status = database_open_read(&database, path, merging->out_message);
    if (status == STATUS_OK) {
        status = query_each_run(&database, recognise_run, &it, merging->out_message);
        database_close(&database);
    }
    planned_run_fini(&it.planned);
    if (status == STATUS_OK && !it.is_ours) {
        *merging->out_message =
            message_format("%s holds other runs than this sweep's; --replace writes it anew", path);
        status = STATUS_EXISTS;
    }
    return status;
}

static enum status create_beside(struct merging *merging, char **out_path)
{
    char *resolved = path_resolve(merging->request->output);
    enum status status = STATUS_EXISTS;
    for (int i = 0; i < BESIDE_TRIES_MAX && status == STATUS_EXISTS; i++) {
        char *path = message_format("%s.new-%ld-%d", resolved, (long)getpid(), i);
        status = database_create(&merging->database, path, merging->out_message);
        if (status == STATUS_OK)
            *out_path = path;
        else
            free(path);
    }
    if (status == STATUS_EXISTS) {
        *merging->out_message = message_format("%s.new-*: left-over files are in the way", resolved);
        status = STATUS_IO;
    }
    free(resolved);
    return status;
}

static enum status write_output(struct merging *merging)
{
    char *beside = NULL;
    enum status status = create_beside(merging, &beside);
    if (status != STATUS_OK)
        return status;
    /* Nobody else knows the file; should anything go wrong, it goes. */
    status =
        exec(merging, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
    if (status == STATUS_OK)
        status = make_copies(merging);
    if (status == STATUS_OK)
        status = add_sources(merging);
    if (status == STATUS_OK)
        status = copy_all(merging);
    database_close(&merging->database);
    if (status == STATUS_OK) {
        char *resolved = path_resolve(merging->request->output);
        const char *slash = strrchr(resolved, '/');
        char *folder =
            slash == NULL ? mem_strndup(".", 1) : mem_strndup(resolved, (size_t)(slash - resolved) + 1);
        status = file_publish(folder, beside, resolved, merging->out_message);
        free(folder);
        free(resolved);
    }
    if (status != STATUS_OK)
        unlink(beside);
    free(beside);
    return status;
}

enum status merge(const struct merge_request *request, struct merge_counts *counts, char **out_message)
{
    struct merging merging = {.request = request, .counts = counts, .out_message = out_message};
    *counts = (struct merge_counts){0};
    enum status status = sweep_folder_plan(request->folder, &merging.plan, out_message);
    if (status == STATUS_OK)
        status = result_files_read(request->folder, 0, UINT32_MAX, &merging.files, out_message);
    if (status == STATUS_OK) {
        find_moves(&merging);
        if (counts->missing > 0 && !request->partial)
            status = STATUS_FAILED;
    }
    if (status == STATUS_OK)
        status = check_output(&merging);
    if (status == STATUS_OK)
        status = write_output(&merging);
    for (uint32_t i = 0; i < merging.copies.count; i++)
        free(merging.copies.items[i]);
    vec_fini(&merging.copies);
    vec_fini(&merging.moves);
    if (merging.files.folder != NULL)
        result_files_fini(&merging.files);
    sweep_plan_destroy(merging.plan);
    return status;
}
