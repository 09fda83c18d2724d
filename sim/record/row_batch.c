/*
 * row_batch.c: see row_batch.h.
 */
#include "record/row_batch.h"

#include "base/check.h"

static sqlite3_stmt *prepare_insert(
    struct database *database, const char *table, uint32_t columns, uint32_t rows, char **out_message)
{
    struct text sql = {0};
    text_printf(&sql, "INSERT OR REPLACE INTO %s VALUES ", table);
    for (uint32_t row = 0; row < rows; row++) {
        for (uint32_t column = 0; column < columns; column++)
            text_add(&sql, column ? ",?" : row ? ",(?" : "(?");
        text_add_char(&sql, ')');
    }
    sqlite3_stmt *statement = database_prepare(database, sql.data, out_message);
    text_fini(&sql);
    return statement;
}

enum status row_batch_init(struct row_batch *batch, struct database *database, const char *table,
    uint32_t column_count, char **out_message)
{
    EPSIM_ASSERT(column_count <= ROW_BATCH_COLUMNS_MAX);
    batch->column_count = column_count;
    batch->row_count = 0;
    batch->insert_many = prepare_insert(database, table, column_count, ROW_BATCH_ROWS, out_message);
    if (!batch->insert_many)
        return database_status(database);
    batch->insert_one = prepare_insert(database, table, column_count, 1, out_message);
    return batch->insert_one ? STATUS_OK : database_status(database);
}

void row_batch_fini(struct row_batch *batch)
{
    sqlite3_finalize(batch->insert_many);
    sqlite3_finalize(batch->insert_one);
    batch->insert_many = batch->insert_one = NULL;
    batch->row_count = 0;
}

/* Inserts rows [first, first + count). */
static int insert_rows(struct row_batch *batch, sqlite3_stmt *statement, uint32_t first, uint32_t count)
{
    int parameter = 1;
    for (uint32_t row = first; row < first + count; row++) {
        for (uint32_t column = 0; column < batch->column_count; column++)
            sqlite3_bind_int64(statement, parameter++, batch->values[row][column]);
    }
    sqlite3_step(statement);
    return sqlite3_reset(statement);
}

int row_batch_flush(struct row_batch *batch)
{
    int code = SQLITE_OK;
    if (batch->row_count == ROW_BATCH_ROWS) {
        code = insert_rows(batch, batch->insert_many, 0, ROW_BATCH_ROWS);
    } else {
        for (uint32_t row = 0; row < batch->row_count && code == SQLITE_OK; row++)
            code = insert_rows(batch, batch->insert_one, row, 1);
    }
    batch->row_count = 0;
    return code;
}
