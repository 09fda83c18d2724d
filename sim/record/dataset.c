/*
 * dataset.c: see dataset.h.
 */
#include "record/dataset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status read_file(const char *path, struct text *out, char **out_message)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        enum status status = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
        *out_message = message_format("%s: %s", path, strerror(errno));
        return status;
    }
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        text_add_bytes(out, piece, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        *out_message = message_format("%s: %s", path, strerror(EIO));
    return failed ? STATUS_IO : STATUS_OK;
}

static void bind_number(sqlite3_stmt *statement, const char *name, int64_t value)
{
    int index = sqlite3_bind_parameter_index(statement, name);
    if (index > 0)
        sqlite3_bind_int64(statement, index, value);
}

static void bind_text(sqlite3_stmt *statement, const char *name, const char *value)
{
    int index = sqlite3_bind_parameter_index(statement, name);
    if (index > 0)
        sqlite3_bind_text(statement, index, value, -1, SQLITE_STATIC);
}

static void add_column(struct text *out, const char *value)
{
    for (; value && *value; value++)
        text_add_char(out, (unsigned char)*value < ' ' ? ' ' : *value);
}

static enum status ask(struct database *database, const char *sql,
    const struct dataset_parameters *parameters, struct text *out, uint64_t *out_rows, char **out_message)
{
    sqlite3_stmt *statement = database_prepare(database, sql, out_message);
    if (!statement)
        return database_status(database);
    bind_number(statement, "@run", parameters->run);
    bind_number(statement, "@bins", parameters->bins);
    bind_number(statement, "@cells", parameters->cells);
    bind_text(statement, "@namespace", parameters->namespace);
    bind_text(statement, "@service", parameters->service);
    uint64_t rows = 0;
    int code;
    for (; (code = sqlite3_step(statement)) == SQLITE_ROW; rows++) {
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            if (column)
                text_add_char(out, '\t');
            add_column(out, (const char *)sqlite3_column_text(statement, column));
        }
        text_add_char(out, '\n');
    }
    if (out_rows)
        *out_rows = rows;
    return database_finish(database, statement, code, out_message);
}

enum status dataset_ask(struct database *database, const char *folder, const char *name,
    const struct dataset_parameters *parameters, struct text *out, uint64_t *out_rows, char **out_message)
{
    struct text sql = {0};
    char *path = message_format("%s/%s.sql", folder, name);
    enum status status = read_file(path, &sql, out_message);
    if (status == STATUS_OK)
        status = ask(database, sql.data ? sql.data : "", parameters, out, out_rows, out_message);
    free(path);
    text_fini(&sql);
    return status;
}
