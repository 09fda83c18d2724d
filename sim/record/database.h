/*
 * database.h: opening a database of ours, and refusing any other file.
 *
 * A file is ours when its PRAGMA application_id is; PRAGMA user_version is the version of the schema.
 * Both are read before anything is written, so a file that belongs to somebody else is never touched.
 *
 * Writing uses a rollback journal (a write-ahead log does not work on network file systems) with
 * synchronous = NORMAL: a killed process or a power cut leaves a journal, and the next who opens the
 * file gets the state of the last commit. All messages are for the user and name the file as given.
 */
#ifndef EPSIM_RECORD_DATABASE_H
#define EPSIM_RECORD_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/status.h"
#include "base/text.h"

/* How long to wait for another process that holds the file. */
#define DATABASE_BUSY_MS_MAX 5000

struct database {
    sqlite3 *handle;
    char *path;   /* resolved, as SQLite has it */
    char *shown;  /* as the user wrote it */
    bool created; /* by us, just now */
    bool is_read; /* opened for reading */
    dev_t device; /* of the file that was opened */
    ino_t inode;
};

/* Makes a new file with our schema. STATUS_EXISTS when something of that name is there already (then
 * *out_message is unset: the caller knows what to advise). */
enum status database_create(struct database *database, const char *path, char **out_message);
/* Opens a database of ours for writing; makes it when there is no file or an empty one. STATUS_BAD_INPUT:
 * not ours, of another schema version, or damaged (files up to 64 MiB are checked for that, O(size)). */
enum status database_open_write(struct database *database, const char *path, char **out_message);
/* For reading; writes only to roll back what a killed run left. STATUS_NOT_FOUND: no such file;
 * STATUS_BAD_INPUT: whatever else keeps it from being read. */
enum status database_open_read(struct database *database, const char *path, char **out_message);
/* Whether `path` may be replaced: STATUS_OK: a database of ours, of any schema version; STATUS_NOT_FOUND:
 * there is nothing to lose (no file, or an empty one); STATUS_BAD_INPUT: something else, or STATUS_IO. */
enum status database_check_replace(const char *path, char **out_message);
/* Puts the file of `fresh` (committed, ours) in the place of `path`, which database_check_replace has
 * accepted, and opens it there. Nobody can be in the middle of a transaction of the old one: its lock is
 * held meanwhile, and its journal is gone, so that it cannot be taken for one of the new file. */
enum status database_replace(struct database *fresh, const char *path, char **out_message);
/* Zeroed structs are allowed. */
void database_close(struct database *database);
/* Closes it and removes its file, if that is still the one that was opened and holds no run. */
void database_remove(struct database *database);

/* True while the path still leads to the file that was opened. */
bool database_in_place(const struct database *database);
/* Runs statements without results. On failure adds a message. */
enum status database_exec(struct database *database, const char *sql, char **out_message);
/* NULL on failure; database_status tells of which kind. */
sqlite3_stmt *database_prepare(struct database *database, const char *sql, char **out_message);
/* Ends a walk over a statement's rows: STATUS_OK when `code`, which the last sqlite3_step gave, is
 * SQLITE_DONE; else what went wrong, with a message. The statement is gone in any case. */
enum status database_finish(struct database *database, sqlite3_stmt *statement, int code, char **out_message);
/* What went wrong just now: its kind, and its message. A file that cannot be read is bad input, whether it is
 * damaged, locked or on a disk that fails; of one that is written, STATUS_BAD_INPUT means that it is damaged,
 * STATUS_IO that it cannot be written. */
enum status database_fail(const struct database *database, char **out_message);
/* The kind alone. */
enum status database_status(const struct database *database);
/* What went wrong just now, in words, as a message that starts with the file's name; the caller frees it. */
char *database_message(const struct database *database);
/* The path with symbolic links followed, or, of a file that is not there, as it is; the caller frees it. */
char *path_resolve(const char *path);
/* A message of printf's kind; the caller frees it. */
char *message_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
