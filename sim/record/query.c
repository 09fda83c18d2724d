/*
 * query.c: see query.h.
 */
#include "record/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "kernel/digest.h"
#include "record/source_text.h"

void stored_run_fini(struct stored_run *run)
{
    free(run->scenario);
    free(run->content_hash);
    free(run->params_json);
    free(run->source_name);
    free(run->epsim_version);
    free(run->status);
    free(run->message);
    free(run->digest);
    free(run->started);
    free(run->ended);
    free(run->packing_policy);
    free(run->source_text);
    *run = (struct stored_run){0};
}

/* A copy; NULL where the column is. */
static char *column_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? mem_strndup(text, (size_t)sqlite3_column_bytes(statement, column)) : NULL;
}

static int64_t column_or(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? otherwise
                                                                 : sqlite3_column_int64(statement, column);
}

/* The other half of bind_u64 in recorder.c. */
static uint64_t column_u64(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_TEXT)
        return strtoull((const char *)sqlite3_column_text(statement, column), NULL, 10);
    return (uint64_t)sqlite3_column_int64(statement, column);
}

#define RUN_COLUMNS \
    "run_id, scenario, content_hash, params, source_name, epsim_version, seed, run, level, start_s, " \
    "endpoints_per_slice_max, endpoints_capacity, until_ns, status, message, digest, events, sim_ns, " \
    "wall_s, " \
    "started, ended, packing_policy"

/* The schema has no row without these texts; a damaged file may. */
static bool run_is_whole(const struct stored_run *run)
{
    return run->scenario && run->content_hash && run->params_json && run->source_name && run->epsim_version &&
           run->status && run->started && run->packing_policy;
}

static enum status read_run(
    struct database *database, sqlite3_stmt *statement, struct stored_run *out, char **out_message)
{
    *out = (struct stored_run){
        .run_id = sqlite3_column_int64(statement, 0),
        .scenario = column_text(statement, 1),
        .content_hash = column_text(statement, 2),
        .params_json = column_text(statement, 3),
        .source_name = column_text(statement, 4),
        .epsim_version = column_text(statement, 5),
        .seed = column_u64(statement, 6),
        .run = column_u64(statement, 7),
        .level = (enum record_level)sqlite3_column_int(statement, 8),
        .start_s = sqlite3_column_int64(statement, 9),
        .endpoints_per_slice_max = (uint32_t)sqlite3_column_int64(statement, 10),
        .endpoints_capacity = (uint32_t)column_or(statement, 11, UINT32_MAX),
        .until_ns = column_or(statement, 12, -1),
        .status = column_text(statement, 13),
        .message = column_text(statement, 14),
        .digest = column_text(statement, 15),
        .events = column_or(statement, 16, -1),
        .sim_ns = column_or(statement, 17, -1),
        .wall_s =
            sqlite3_column_type(statement, 18) == SQLITE_NULL ? -1 : sqlite3_column_double(statement, 18),
        .started = column_text(statement, 19),
        .ended = column_text(statement, 20),
        .packing_policy = column_text(statement, 21),
    };
    if (run_is_whole(out))
        return STATUS_OK;
    *out_message = message_format("%s: the database is damaged: the row of run %lld is not whole",
        database->shown, (long long)out->run_id);
    return STATUS_BAD_INPUT;
}

enum status query_each_run(
    struct database *database, query_visit_run *visit, void *context, char **out_message)
{
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT " RUN_COLUMNS " FROM runs ORDER BY run_id", out_message);
    if (!statement)
        return database_status(database);
    enum status status = STATUS_OK;
    bool goes_on = true;
    int code = SQLITE_DONE;
    while (goes_on && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct stored_run run;
        status = read_run(database, statement, &run, out_message);
        goes_on = status == STATUS_OK && visit(context, &run);
        stored_run_fini(&run);
    }
    if (status != STATUS_OK) {
        sqlite3_finalize(statement);
        return status;
    }
    return database_finish(database, statement, goes_on ? code : SQLITE_DONE, out_message);
}

static enum status run_not_found(struct database *database, int64_t run_id, char **out_message)
{
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT count(*), min(run_id), max(run_id) FROM runs", out_message);
    if (!statement)
        return database_status(database);
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW)
        return database_finish(database, statement, code, out_message);
    long long count = sqlite3_column_int64(statement, 0);
    if (!count)
        *out_message = message_format("%s: the database holds no run", database->shown);
    else if (count == 1)
        *out_message = message_format("%s: there is no run %lld; the only one is %lld", database->shown,
            (long long)run_id, (long long)sqlite3_column_int64(statement, 1));
    else
        *out_message = message_format("%s: there is no run %lld; there are %lld, from %lld to %lld",
            database->shown, (long long)run_id, count, (long long)sqlite3_column_int64(statement, 1),
            (long long)sqlite3_column_int64(statement, 2));
    sqlite3_finalize(statement);
    return STATUS_NOT_FOUND;
}

/* Columns 22 and 23 are the text's length and the packed text, NULL where there is none. */
static enum status read_source(
    struct database *database, sqlite3_stmt *statement, struct stored_run *run, char **out_message)
{
    if (sqlite3_column_type(statement, 22) == SQLITE_NULL)
        return STATUS_OK;
    const void *packed = sqlite3_column_blob(statement, 23);
    size_t packed_length = (size_t)sqlite3_column_bytes(statement, 23);
    uint64_t length = (uint64_t)sqlite3_column_int64(statement, 22);
    if (source_text_unpack(packed, packed_length, length, &run->source_text) != STATUS_OK) {
        *out_message = message_format(
            "%s: the scenario's text of run %lld is damaged", database->shown, (long long)run->run_id);
        return STATUS_BAD_INPUT;
    }
    run->source_length = (size_t)length;
    return STATUS_OK;
}

enum status query_run(struct database *database, int64_t run_id, struct stored_run *out, char **out_message)
{
    *out = (struct stored_run){0};
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT " RUN_COLUMNS ", s.bytes, s.text FROM runs LEFT JOIN sources s USING (source_id) "
        "WHERE run_id = CASE ?1 WHEN 0 THEN (SELECT max(run_id) FROM runs) ELSE ?1 END",
        out_message);
    if (!statement)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run_id);
    enum status status = STATUS_OK;
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        status = read_run(database, statement, out, out_message);
        if (status == STATUS_OK)
            status = read_source(database, statement, out, out_message);
        break;
    case SQLITE_DONE:
        status = run_not_found(database, run_id, out_message);
        break;
    default:
        status = database_fail(database, out_message);
    }
    sqlite3_finalize(statement);
    if (status != STATUS_OK)
        stored_run_fini(out);
    return status;
}

enum status stored_run_check_version(const struct stored_run *run, char **out_message)
{
    if (run->epsim_version && strcmp(run->epsim_version, EPSIM_VERSION) == 0)
        return STATUS_OK;
    *out_message =
        message_format("run %lld was made by epsim %s; this is epsim %s, which may play it otherwise",
            (long long)run->run_id, run->epsim_version ? run->epsim_version : "(unknown)", EPSIM_VERSION);
    return STATUS_CONFLICT;
}

enum status stored_run_check_digest(const struct stored_run *run, uint64_t digest, char **out_message)
{
    char text[DIGEST_TEXT_LENGTH + 1];
    digest_format(digest, text);
    if (!run->digest || !run->status || strcmp(run->status, "complete") != 0 ||
        strcmp(run->digest, text) == 0)
        return STATUS_OK;
    *out_message = message_format(
        "run %lld ended with digest %s; run again it has %s", (long long)run->run_id, run->digest, text);
    return STATUS_CONFLICT;
}

enum status query_each_state(struct database *database, int64_t run_id, const char *namespace,
    const char *service, query_visit_state *visit, void *context, char **out_message)
{
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT t_ns, namespace, name, deleted, pods, ready, ep_addresses, ep_omitted, ep_truncated, slices, "
        "slices_ideal, slice_endpoints FROM timeline t "
        "JOIN services s ON s.run_id = ?1 AND s.service = t.service "
        "WHERE state_id BETWEEN ?1 << 40 AND (?1 << 40) + 1099511627775 "
        "AND namespace = coalesce(?2, namespace) AND name = coalesce(?3, name) ORDER BY t_ns, state_id",
        out_message);
    if (!statement)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_text(statement, 2, namespace, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, service, -1, SQLITE_STATIC);
    bool goes_on = true;
    int code = SQLITE_DONE;
    while (goes_on && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct stored_state state = {
            .at_ns = sqlite3_column_int64(statement, 0),
            .namespace = (const char *)sqlite3_column_text(statement, 1),
            .service = (const char *)sqlite3_column_text(statement, 2),
            .deleted = sqlite3_column_int(statement, 3) != 0,
            .pods = (uint32_t)sqlite3_column_int64(statement, 4),
            .ready = (uint32_t)sqlite3_column_int64(statement, 5),
            .ep_addresses = (uint32_t)sqlite3_column_int64(statement, 6),
            .ep_omitted = (uint32_t)sqlite3_column_int64(statement, 7),
            .ep_truncated = sqlite3_column_int(statement, 8) != 0,
            .slices = (uint32_t)sqlite3_column_int64(statement, 9),
            .slices_ideal = (uint32_t)sqlite3_column_int64(statement, 10),
            .slice_endpoints = (uint32_t)sqlite3_column_int64(statement, 11),
        };
        goes_on = visit(context, &state);
    }
    return database_finish(database, statement, goes_on ? code : SQLITE_DONE, out_message);
}
