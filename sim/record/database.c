/*
 * database.c: see database.h. Everything that depends on file names, locks and the kinds of files stands
 * here; recorder.c and query.c only see open databases of ours.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "record/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "record/recorder.h"
#include "record/schema.h"

/* "epsm", as in schema.sql; a test holds both together. */
#define APPLICATION_ID 1701868397

/* Databases up to here are checked before a run is added: some 0.2 s. */
#define QUICK_CHECK_BYTES_MAX (64 * 1024 * 1024)

/* --- messages ---------------------------------------------------------------------------------------- */

char *message_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *message = mem_alloc((size_t)(length < 0 ? 0 : length) + 1);
    message[0] = '\0';
    vsnprintf(message, (size_t)(length < 0 ? 0 : length) + 1, format, again);
    va_end(again);
    return message;
}

/* Our own statements are right: what SQLite finds wrong with them is the schema or the rows of the file. Its
 * text may quote them byte for byte. */
static char *damage_message(const struct database *database)
{
    char *message =
        message_format("%s: the database is damaged, or another program changed it (SQLite: %.100s)",
            database->shown, sqlite3_errmsg(database->handle));
    utf8_make_safe(message);
    return message;
}

char *database_message(const struct database *database)
{
    int code = database->handle ? sqlite3_extended_errcode(database->handle) : SQLITE_NOMEM;
    int cause = database->handle ? sqlite3_system_errno(database->handle) : 0;
    const char *shown = database->shown;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return message_format(
            "%s: the database is locked: another process is writing to it or reading it", shown);
    case SQLITE_FULL:
        return message_format("%s: no space is left for the database", shown);
    case SQLITE_NOTADB:
        return message_format("%s: not a database of epsim", shown);
    case SQLITE_CORRUPT:
        return message_format("%s: the database is damaged", shown);
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return damage_message(database);
    case SQLITE_READONLY:
        if (code == SQLITE_READONLY_DBMOVED)
            return message_format("%s: the file was moved or removed while it was being written", shown);
        if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY)
            return message_format(
                "%s: a run was killed while it was being written; the file and its folder must "
                "be writable once for SQLite to restore it",
                shown);
        return message_format(
            "%s: the database cannot be written to: it, or its folder, is read-only", shown);
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
        return message_format("%s: %s", shown, cause ? strerror(cause) : sqlite3_errmsg(database->handle));
    default:
        return message_format(
            "%s: %s", shown, database->handle ? sqlite3_errmsg(database->handle) : "out of memory");
    }
}

enum status database_status(const struct database *database)
{
    if (database->is_read)
        return STATUS_BAD_INPUT;
    switch (database->handle ? sqlite3_errcode(database->handle) & 0xff : SQLITE_NOMEM) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return STATUS_BAD_INPUT;
    default:
        return STATUS_IO;
    }
}

enum status database_fail(const struct database *database, char **out_message)
{
    *out_message = database_message(database);
    return database_status(database);
}

enum status database_finish(struct database *database, sqlite3_stmt *statement, int code, char **out_message)
{
    enum status status = code == SQLITE_DONE ? STATUS_OK : database_fail(database, out_message);
    sqlite3_finalize(statement);
    return status;
}

enum status database_exec(struct database *database, const char *sql, char **out_message)
{
    if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return STATUS_OK;
    return database_fail(database, out_message);
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql, char **out_message)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        database_fail(database, out_message);
        return NULL;
    }
    return statement;
}

/* One integer, such as a pragma's. */
static enum status database_integer(
    struct database *database, const char *sql, int64_t *out, char **out_message)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum status status = STATUS_OK;
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        status = database_fail(database, out_message);
    sqlite3_finalize(statement);
    return status;
}

/* --- files ------------------------------------------------------------------------------------------- */

/* A new file's name is kept; the leading "./" keeps SQLite from seeing a special name such as ":memory:" in
 * it. */
char *path_resolve(const char *path)
{
    char *resolved = realpath(path, NULL);
    if (resolved)
        return resolved;
    return path[0] == '/' ? mem_strndup(path, strlen(path)) : message_format("./%s", path);
}

bool database_in_place(const struct database *database)
{
    struct stat found;
    return stat(database->path, &found) == 0 && found.st_dev == database->device &&
           found.st_ino == database->inode;
}

/* Opens with SQLite a file that is there. No statement has touched it yet. */
static enum status database_attach(struct database *database, const char *path, char **out_message)
{
    struct stat found;
    *database = (struct database){0};
    database->shown = mem_strndup(path, strlen(path));
    database->path = path_resolve(path);
    enum status status = STATUS_OK;
    if (stat(database->path, &found) != 0) {
        *out_message = message_format("%s: %s", path, strerror(errno));
        status = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_IO;
    } else if (!S_ISREG(found.st_mode)) {
        *out_message = message_format("%s: not a database of epsim: %s", path,
            S_ISDIR(found.st_mode) ? "it is a folder" : "it is no ordinary file");
        status = STATUS_BAD_INPUT;
    } else {
        database->device = found.st_dev;
        database->inode = found.st_ino;
        /* READWRITE falls back to reading where the file is write-protected. */
        if (sqlite3_open_v2(database->path, &database->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
            status = database_fail(database, out_message);
    }
    if (status == STATUS_OK) {
        sqlite3_extended_result_codes(database->handle, 1);
        sqlite3_busy_timeout(database->handle, DATABASE_BUSY_MS_MAX);
        /* A file from elsewhere may carry views and triggers of any content. */
        sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        return STATUS_OK;
    }
    database_close(database);
    return status;
}

void database_close(struct database *database)
{
    sqlite3_close(database->handle);
    free(database->path);
    free(database->shown);
    *database = (struct database){0};
}

/* Another process may have found the file that we made, and put a run into it. */
static bool database_is_unused(struct database *database)
{
    struct stat found;
    sqlite3_stmt *statement = NULL;
    bool is_unused = false;
    if (stat(database->path, &found) == 0 && found.st_size == 0)
        return true;
    if (sqlite3_prepare_v2(database->handle, "SELECT count(*) FROM runs", -1, &statement, NULL) == SQLITE_OK)
        is_unused = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int64(statement, 0) == 0;
    sqlite3_finalize(statement);
    return is_unused;
}

void database_remove(struct database *database)
{
    bool goes = database->handle && database_in_place(database) && database_is_unused(database);
    sqlite3_close(database->handle);
    database->handle = NULL;
    if (goes)
        unlink(database->path);
    database_close(database);
}

/* STATUS_OK when it is ours; *out_version is its schema's. */
static enum status database_check_ours(struct database *database, int64_t *out_version, char **out_message)
{
    int64_t application_id = 0;
    enum status status = database_integer(database, "PRAGMA application_id", &application_id, out_message);
    if (status == STATUS_OK)
        status = database_integer(database, "PRAGMA user_version", out_version, out_message);
    if (status == STATUS_OK && application_id != APPLICATION_ID) {
        *out_message =
            message_format("%s: not a database of epsim: it belongs to another program", database->shown);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static enum status database_check_version(struct database *database, char **out_message)
{
    int64_t version = 0;
    enum status status = database_check_ours(database, &version, out_message);
    if (status == STATUS_OK && version != SCHEMA_VERSION) {
        *out_message = message_format("%s: a database of schema version %lld; this epsim has version %d",
            database->shown, (long long)version, SCHEMA_VERSION);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

/* A run that is added to a damaged file may be lost with it. Larger files are not read through for that. */
static enum status database_check_whole(struct database *database, char **out_message)
{
    struct stat found;
    sqlite3_stmt *statement = NULL;
    if (stat(database->path, &found) != 0 || found.st_size > QUICK_CHECK_BYTES_MAX)
        return STATUS_OK;
    int code = sqlite3_prepare_v2(database->handle, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum status status = STATUS_OK;
    if (code != SQLITE_ROW) {
        status = database_fail(database, out_message);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        *out_message = message_format("%s: the database is damaged; nothing is added to it", database->shown);
        status = STATUS_BAD_INPUT;
    }
    sqlite3_finalize(statement);
    return status;
}

static enum status database_set_pragmas(struct database *database, char **out_message)
{
    /* 16 MiB of cache: the pages of a commit are mostly written once, in order. */
    return database_exec(database,
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; "
        "PRAGMA temp_store = MEMORY",
        out_message);
}

/* Makes the schema if the file is empty. Under the write lock, as another process may be about the same. */
static enum status database_make_schema(struct database *database, char **out_message)
{
    enum status status = database_exec(database, "BEGIN IMMEDIATE", out_message);
    if (status != STATUS_OK)
        return status;
    struct stat found;
    if (stat(database->path, &found) == 0 && found.st_size == 0)
        status = database_exec(database, schema_sql, out_message);
    if (status == STATUS_OK)
        status = database_exec(database, "COMMIT", out_message);
    if (status != STATUS_OK)
        sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum status database_set_up(struct database *database, char **out_message)
{
    enum status status = database_set_pragmas(database, out_message);
    if (status == STATUS_OK)
        status = database_make_schema(database, out_message);
    if (status == STATUS_OK)
        status = database_check_version(database, out_message);
    return status;
}

/* --- public ------------------------------------------------------------------------------------------ */

enum status database_create(struct database *database, const char *path, char **out_message)
{
    *database = (struct database){0};
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST)
        return STATUS_EXISTS;
    if (file < 0) {
        *out_message = message_format("%s: cannot be created: %s", path, strerror(errno));
        return STATUS_IO;
    }
    close(file);
    enum status status = database_attach(database, path, out_message);
    if (status != STATUS_OK) {
        unlink(path);
        return status;
    }
    database->created = true;
    status = database_set_up(database, out_message);
    if (status != STATUS_OK)
        database_remove(database);
    return status;
}

static bool file_is_empty(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_size == 0;
}

enum status database_open_write(struct database *database, const char *path, char **out_message)
{
    enum status status = database_create(database, path, out_message);
    if (status != STATUS_EXISTS)
        return status;
    bool was_empty = file_is_empty(path);
    status = database_attach(database, path, out_message);
    if (status != STATUS_OK)
        return status;
    if (!was_empty)
        status = database_check_version(database, out_message);
    if (status == STATUS_OK && !was_empty)
        status = database_check_whole(database, out_message);
    if (status == STATUS_OK)
        status = database_set_up(database, out_message);
    if (status != STATUS_OK)
        database_close(database);
    return status;
}

enum status database_open_read(struct database *database, const char *path, char **out_message)
{
    enum status status = database_attach(database, path, out_message);
    if (status != STATUS_OK)
        return status == STATUS_IO ? STATUS_BAD_INPUT : status;
    database->is_read = true;
    if (file_is_empty(path)) {
        *out_message = message_format("%s: not a database of epsim: the file is empty", path);
        status = STATUS_BAD_INPUT;
    } else {
        status = database_check_version(database, out_message);
    }
    if (status != STATUS_OK)
        database_close(database);
    return status;
}

enum status database_check_replace(const char *path, char **out_message)
{
    struct database old;
    struct stat found;
    if (file_is_empty(path) || (lstat(path, &found) != 0 && errno == ENOENT))
        return STATUS_NOT_FOUND;
    enum status status = database_attach(&old, path, out_message);
    if (status ==
        STATUS_NOT_FOUND) /* a symbolic link to nothing: it is not ours to guess what it stands for */
        return STATUS_BAD_INPUT;
    int64_t version = 0;
    if (status == STATUS_OK)
        status = database_check_ours(&old, &version, out_message);
    database_close(&old);
    return status;
}

enum status database_replace(struct database *fresh, const char *path, char **out_message)
{
    struct database old;
    enum status status = database_attach(&old, path, out_message);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_IO : status;
    /* Leaving the mode of a write-ahead log takes its file away; a hot journal goes with the first read. */
    status = database_exec(&old, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE", out_message);
    if (status == STATUS_OK) {
        /* Closed before it is renamed: an open one would go on to keep its journal under the old name. */
        sqlite3_close(fresh->handle);
        fresh->handle = NULL;
        if (rename(fresh->path, old.path) != 0) {
            *out_message = message_format("%s: cannot be replaced: %s", path, strerror(errno));
            status = STATUS_IO;
        }
    }
    database_close(&old);
    if (status != STATUS_OK) {
        unlink(fresh->path);
        database_close(fresh);
        return status;
    }
    database_close(fresh);
    status = database_attach(fresh, path, out_message);
    if (status == STATUS_OK)
        status = database_set_pragmas(fresh, out_message);
    return status;
}
