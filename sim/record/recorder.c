/*
 * recorder.c: see recorder.h. The life of a run in a database: its row in `runs` is committed before
 * anything else, with status 'incomplete'; the last commit of the run sets what became of it. Everything
 * in between is in run_rows.c.
 */
#include "record/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mem.h"
#include "kernel/digest.h"
#include "record/run_rows.h"
#include "record/source_text.h"

/* A row's key is run_id * 2^40 + number in 63 bits. */
#define RUN_ID_MAX ((INT64_C(1) << 23) - 1)
/* Names of a new file beside the one to be replaced that are tried. */
#define BESIDE_TRIES_MAX 100

struct recorder {
    struct database database;
    enum record_level level;
    char *replaces; /* the path whose file goes when the first run begins, or NULL */
    bool has_run;   /* one has begun: the file is worth keeping */
    bool in_run;
    int64_t run_id;
    struct run_rows rows;
    char *failure;
};

/* --- opening ----------------------------------------------------------------------------------------- */

static enum status open_beside(struct recorder *recorder, const char *path, char **out_message)
{
    /* Beside the file itself, not beside a link to it: a rename does not leave its file system. */
    char *resolved = path_resolve(path);
    enum status status = STATUS_EXISTS;
    for (int i = 0; i < BESIDE_TRIES_MAX && status == STATUS_EXISTS; i++) {
        char *beside = message_format("%s.new-%ld-%d", resolved, (long)getpid(), i);
        status = database_create(&recorder->database, beside, out_message);
        free(beside);
    }
    if (status == STATUS_EXISTS) {
        *out_message = message_format("left-over files %s.new-* are in the way", path);
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        recorder->replaces = mem_strndup(path, strlen(path));
    } else if (status == STATUS_IO) {
        char *why = *out_message;
        *out_message = message_format("%s: cannot be replaced: %s", path, why);
        free(why);
    }
    free(resolved);
    return status;
}

static enum status open_database(
    struct recorder *recorder, const char *path, enum record_mode mode, char **out_message)
{
    enum status status;
    switch (mode) {
    case RECORD_CREATE:
        status = database_create(&recorder->database, path, out_message);
        if (status == STATUS_EXISTS)
            *out_message = message_format(
                "%s exists already: --append adds a run to it, --replace writes it anew", path);
        return status;
    case RECORD_PART:
        status = database_create(&recorder->database, path, out_message);
        if (status == STATUS_OK)
            status = database_exec(&recorder->database,
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST; PRAGMA synchronous = OFF",
                out_message);
        if (status == STATUS_EXISTS)
            *out_message = message_format("%s exists already", path);
        else if (status != STATUS_OK && recorder->database.handle)
            database_remove(&recorder->database);
        return status;
    case RECORD_APPEND:
        return database_open_write(&recorder->database, path, out_message);
    case RECORD_REPLACE:
        status = database_check_replace(path, out_message);
        if (status == STATUS_NOT_FOUND)
            return database_open_write(&recorder->database, path, out_message);
        return status == STATUS_OK ? open_beside(recorder, path, out_message) : status;
    }
    EPSIM_ASSERT(!"a mode of recorder.h");
    return STATUS_USAGE;
}

enum status recorder_open(const char *path, enum record_mode mode, enum record_level level,
    struct recorder **out, char **out_message)
{
    struct recorder *recorder = mem_zalloc(sizeof *recorder);
    char *message = NULL;
    recorder->level = level;
    enum status status = open_database(recorder, path, mode, &message);
    if (status == STATUS_OK) {
        *out = recorder;
        return STATUS_OK;
    }
    free(recorder);
    *out = NULL;
    *out_message = message;
    return status;
}

void recorder_close(struct recorder *recorder)
{
    if (!recorder)
        return;
    if (recorder->in_run)
        run_rows_commit(&recorder->rows); /* best effort: it stays 'incomplete' */
    run_rows_fini(&recorder->rows);
    /* A file that we made and that holds nothing would only be in the way of the next try. */
    if (recorder->database.created && !recorder->has_run)
        database_remove(&recorder->database);
    else
        database_close(&recorder->database);
    free(recorder->replaces);
    free(recorder->failure);
    free(recorder);
}

/* --- failures ---------------------------------------------------------------------------------------- */

/* Keeps the first message. Takes ownership of it. */
static enum status recorder_fail(struct recorder *recorder, enum status status, char *message)
{
    if (recorder->failure)
        free(message);
    else
        recorder->failure = message;
    return status;
}

enum status recorder_status(const struct recorder *recorder, const char **out_message)
{
    const char *message = recorder->failure ? recorder->failure : recorder->rows.failure;
    if (message && out_message)
        *out_message = message;
    return message ? STATUS_IO : STATUS_OK;
}

/* The message of SQLite's present error; the open transaction is undone. */
static enum status recorder_fail_sql(struct recorder *recorder)
{
    enum status status = database_status(&recorder->database);
    recorder_fail(recorder, status, database_message(&recorder->database));
    if (!sqlite3_get_autocommit(recorder->database.handle))
        sqlite3_exec(recorder->database.handle, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* --- the run's own row ------------------------------------------------------------------------------- */

static void bind_text_or_empty(sqlite3_stmt *statement, int parameter, const char *text)
{
    sqlite3_bind_text(statement, parameter, text ? text : "", -1, SQLITE_TRANSIENT);
}

/* SQLite's integers end at 2^63 - 1; what is larger stands as decimal text rather than as another number. */
static void bind_u64(sqlite3_stmt *statement, int parameter, uint64_t value)
{
    if (value <= INT64_MAX) {
        sqlite3_bind_int64(statement, parameter, (int64_t)value);
        return;
    }
    struct text text = {0};
    text_add_u64(&text, value);
    sqlite3_bind_text(statement, parameter, text.data, -1, SQLITE_TRANSIENT);
    text_fini(&text);
}

/* The number in the first column of a statement's first row; -1 when there is no row. */
static int step_number(sqlite3_stmt *statement, int64_t *out)
{
    int code = sqlite3_step(statement);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    int reset = sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : reset;
}

/* The row of the text in `sources`: that of an equal text, or a new one. */
static int store_source(struct recorder *recorder, const struct run_info *info, int64_t *out_source_id)
{
    sqlite3 *handle = recorder->database.handle;
    sqlite3_stmt *statement = NULL;
    char hash[65];
    source_text_hash(info->source_text, info->source_length, hash);
    int code =
        sqlite3_prepare_v2(handle, "SELECT source_id FROM sources WHERE sha256 = ?", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, hash, -1, SQLITE_STATIC);
        code = step_number(statement, out_source_id);
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_OK || *out_source_id >= 0)
        return code;
    unsigned char *packed = NULL;
    size_t packed_length = 0;
    if (source_text_pack(info->source_text, info->source_length, &packed, &packed_length) != STATUS_OK)
        return SQLITE_TOOBIG;
    code = sqlite3_prepare_v2(
        handle, "INSERT INTO sources (sha256, bytes, text) VALUES (?,?,?)", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, hash, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, (int64_t)info->source_length);
        sqlite3_bind_blob64(statement, 3, packed, packed_length, SQLITE_STATIC);
        sqlite3_step(statement);
    }
    code = sqlite3_finalize(statement);
    free(packed);
    *out_source_id = sqlite3_last_insert_rowid(handle);
    return code;
}

static int insert_run(struct recorder *recorder, const struct run_info *info)
{
    int64_t source_id = -1;
    int code = info->source_text ? store_source(recorder, info, &source_id) : SQLITE_OK;
    if (code != SQLITE_OK)
        return code;
    sqlite3_stmt *statement = NULL;
    code = sqlite3_prepare_v2(recorder->database.handle,
        "INSERT INTO runs (run_id, epsim_version, scenario, content_hash, params, source_id, source_name, "
        "seed, run, "
        "level, start_s, endpoints_per_slice_max, endpoints_capacity, until_ns, started, packing_policy, "
        "status) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'incomplete')",
        -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_int64(statement, 1, recorder->run_id);
    bind_text_or_empty(statement, 2, EPSIM_VERSION);
    bind_text_or_empty(statement, 3, info->scenario);
    bind_text_or_empty(statement, 4, info->content_hash);
    bind_text_or_empty(statement, 5, info->params_json ? info->params_json : "{}");
    if (source_id >= 0)
        sqlite3_bind_int64(statement, 6, source_id);
    bind_text_or_empty(statement, 7, info->source_name);
    bind_u64(statement, 8, info->seed);
    bind_u64(statement, 9, info->run);
    sqlite3_bind_int(statement, 10, (int)recorder->level);
    sqlite3_bind_int64(statement, 11, info->start_s);
    sqlite3_bind_int64(statement, 12, info->endpoints_per_slice_max);
    if (info->endpoints_capacity != UINT32_MAX)
        sqlite3_bind_int64(statement, 13, info->endpoints_capacity);
    if (info->until_ns >= 0)
        sqlite3_bind_int64(statement, 14, info->until_ns);
    bind_text_or_empty(statement, 15, info->started);
    bind_text_or_empty(statement, 16, info->packing_policy ? info->packing_policy : "upstream");
    sqlite3_step(statement);
    return sqlite3_finalize(statement);
}

static int next_run_id(sqlite3 *handle, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(handle, "SELECT coalesce(max(run_id), 0) + 1 FROM runs", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = step_number(statement, out);
    sqlite3_finalize(statement);
    return code;
}

/* Commits the run's row. */
static enum status begin_run(struct recorder *recorder, const struct run_info *info)
{
    sqlite3 *handle = recorder->database.handle;
    if (sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return recorder_fail_sql(recorder);
    recorder->run_id = info->run_id;
    int code = info->run_id > 0 ? SQLITE_OK : next_run_id(handle, &recorder->run_id);
    if (code == SQLITE_OK && recorder->run_id > RUN_ID_MAX) {
        sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
        return recorder_fail(recorder, STATUS_LIMIT,
            message_format("%s: run_id is at its end (%lld); use another database", recorder->database.shown,
                (long long)RUN_ID_MAX));
    }
    if (code == SQLITE_OK)
        code = insert_run(recorder, info);
    if (code == SQLITE_TOOBIG) {
        sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
        return recorder_fail(recorder, STATUS_LIMIT,
            message_format("%s: the scenario's text is too long for the database", recorder->database.shown));
    }
    if (code != SQLITE_OK || sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return recorder_fail_sql(recorder);
    return STATUS_OK;
}

/* --- public ------------------------------------------------------------------------------------------ */

static void observe_write(void *self, const struct write *write)
{
    run_rows_add_write(&((struct recorder *)self)->rows, write);
}

static void observe_state(void *self, const struct service_state *state)
{
    run_rows_add_state(&((struct recorder *)self)->rows, state);
}

enum status recorder_begin(struct recorder *recorder, const struct run_info *info,
    const struct catalog *catalog, struct engine_observer *out_observer, int64_t *out_run_id)
{
    EPSIM_ASSERT(!recorder->in_run);
    enum status status = recorder_status(recorder, NULL);
    char *message = NULL;
    if (status == STATUS_OK)
        status = begin_run(recorder, info);
    if (status != STATUS_OK)
        return status;
    if (recorder->replaces) {
        status = database_replace(&recorder->database, recorder->replaces, &message);
        if (status != STATUS_OK)
            return recorder_fail(recorder, status, message);
        free(recorder->replaces);
        recorder->replaces = NULL;
    }
    recorder->has_run = true;
    if (!recorder->rows.database)
        status = run_rows_init(&recorder->rows, &recorder->database, recorder->level, &message);
    if (status != STATUS_OK)
        return recorder_fail(recorder, status, message);
    run_rows_begin(&recorder->rows, recorder->run_id, catalog);
    recorder->in_run = true;
    *out_observer = (struct engine_observer){recorder, observe_write, observe_state};
    if (out_run_id)
        *out_run_id = recorder->run_id;
    return STATUS_OK;
}

static bool adopt_slice(void *context, const void *object)
{
    run_rows_add_slice(context, object);
    return true;
}

void recorder_adopt(struct recorder *recorder, const struct store *store)
{
    EPSIM_ASSERT(recorder->in_run);
    store_each(store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, adopt_slice, &recorder->rows);
}

struct run_end {
    const char *status_text, *message, *ended;
    uint64_t digest, events;
    int64_t sim_ns;
    double wall_s;
};

static int update_run(struct recorder *recorder, const struct run_end *end)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(recorder->database.handle,
        "UPDATE runs SET status = ?, message = ?, digest = ?, events = ?, sim_ns = ?, wall_s = ?, ended = ? "
        "WHERE run_id = ?",
        -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    char digest[DIGEST_TEXT_LENGTH + 1];
    digest_format(end->digest, digest);
    sqlite3_bind_text(statement, 1, end->status_text, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, end->message, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, digest, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, (int64_t)end->events);
    sqlite3_bind_int64(statement, 5, end->sim_ns);
    sqlite3_bind_double(statement, 6, end->wall_s);
    sqlite3_bind_text(statement, 7, end->ended, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 8, recorder->run_id);
    sqlite3_step(statement);
    return sqlite3_finalize(statement);
}

enum status recorder_end(struct recorder *recorder, const char *status_text, const char *message,
    uint64_t digest, uint64_t events, int64_t sim_ns, double wall_s, const char *ended)
{
    EPSIM_ASSERT(recorder->in_run);
    recorder->in_run = false;
    struct run_end end = {status_text, message, ended, digest, events, sim_ns, wall_s};
    struct run_rows *rows = &recorder->rows;
    /* One commit for the last rows and for what became of the run: neither is there without the other. */
    if (run_rows_flush(rows) && update_run(recorder, &end) != SQLITE_OK)
        run_rows_fail(rows);
    run_rows_commit(rows);
    /* SQLite looks only when a transaction starts; a file that went later would take the run along unseen. */
    if (!rows->failure && !database_in_place(&recorder->database))
        recorder_fail(recorder, STATUS_IO,
            message_format(
                "%s: the file was moved or removed while it was being written", recorder->database.shown));
    return recorder_status(recorder, NULL);
}

enum status recorder_abandon(struct recorder *recorder)
{
    EPSIM_ASSERT(recorder->in_run);
    sqlite3 *handle = recorder->database.handle;
    struct run_rows *rows = &recorder->rows;
    recorder->in_run = false;
    if (rows->failure)
        return STATUS_IO;
    if (!sqlite3_get_autocommit(handle))
        sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
    rows->in_transaction = false;
    rows->writes.row_count = rows->timeline.row_count = 0;
    /* What was committed of it goes by the trigger of `runs`. */
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(handle, "DELETE FROM runs WHERE run_id = ?", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, recorder->run_id);
        sqlite3_step(statement);
        code = sqlite3_finalize(statement);
    }
    return code == SQLITE_OK ? STATUS_OK : recorder_fail_sql(recorder);
}
