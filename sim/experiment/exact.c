/*
 * exact.c: two cursors a table, moved like the two hands of a merge.
 */
#include "experiment/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "record/database.h"

/* Of a value that differs, so much is shown. */
#define SHOWN_BYTES_MAX 60

struct side {
    struct database database;
    sqlite3_stmt *rows;
    bool has_row;
};

struct comparison {
    struct side sides[2];
    uint32_t shown_max;
    struct text *out;
    struct exact_result *result;
    char **out_message;
};

/* A table's columns, and how many of them, from the left, are its key. */
struct table_shape {
    VEC(char *) columns;
    uint32_t key_count;
};

static void shape_fini(struct table_shape *shape)
{
    for (uint32_t i = 0; i < shape->columns.count; i++)
        free(shape->columns.items[i]);
    vec_fini(&shape->columns);
}

static enum status fail(struct comparison *comparison, const struct side *side)
{
    return database_fail(&side->database, comparison->out_message);
}

static char *column_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return mem_strndup(text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

/* In the schema a table's key is its first column or columns. */
static enum status read_shape(
    struct comparison *comparison, struct side *side, const char *table, struct table_shape *out)
{
    sqlite3_stmt *statement = NULL;
    *out = (struct table_shape){0};
    int code = sqlite3_prepare_v2(side->database.handle,
        "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", -1, &statement, NULL);
    if (code == SQLITE_OK)
        sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    while (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        vec_push(&out->columns, column_text(statement, 0));
        out->key_count += sqlite3_column_int(statement, 1) > 0;
    }
    return sqlite3_finalize(statement) == SQLITE_OK && code == SQLITE_OK ? STATUS_OK : fail(comparison, side);
}

static bool is_about_the_machine(const char *table, const char *column)
{
    return strcmp(table, "runs") == 0 &&
           (strcmp(column, "wall_s") == 0 || strcmp(column, "started") == 0 || strcmp(column, "ended") == 0);
}

static enum status open_rows(
    struct comparison *comparison, struct side *side, const char *table, const struct table_shape *shape)
{
    struct text sql = {0};
    text_add(&sql, "SELECT ");
    for (uint32_t i = 0; i < shape->columns.count; i++) {
        const char *column = shape->columns.items[i];
        text_printf(&sql, is_about_the_machine(table, column) ? "%sNULL AS \"%s\"" : "%s\"%s\"",
            i > 0 ? ", " : "", column);
    }
    text_printf(&sql, " FROM \"%s\"", table);
    for (uint32_t i = 0; i < shape->key_count; i++)
        text_printf(&sql, "%s\"%s\"", i > 0 ? ", " : " ORDER BY ", shape->columns.items[i]);
    side->rows = database_prepare(&side->database, sql.data, comparison->out_message);
    text_fini(&sql);
    return side->rows != NULL ? STATUS_OK : database_status(&side->database);
}

static enum status step(struct comparison *comparison, struct side *side)
{
    int code = sqlite3_step(side->rows);
    side->has_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : fail(comparison, side);
}

/* --- cells ------------------------------------------------------------------------------------------- */

/* Types in the order in which SQLite sorts them, numbers as one. */
static int type_rank(int type)
{
    switch (type) {
    case SQLITE_NULL:
        return 0;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
        return 1;
    case SQLITE_TEXT:
        return 2;
    default:
        return 3;
    }
}

/* Order of two cells; 0 only when type and every bit agree. */
static int cell_order(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int type_a = sqlite3_column_type(a, column), type_b = sqlite3_column_type(b, column);
    if (type_rank(type_a) != type_rank(type_b))
        return type_rank(type_a) < type_rank(type_b) ? -1 : 1;
    if (type_a == SQLITE_NULL)
        return 0;
    if (type_a == SQLITE_INTEGER && type_b == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(a, column), y = sqlite3_column_int64(b, column);
        return x < y ? -1 : x > y;
    }
    if (type_rank(type_a) == 1) {
        double x = sqlite3_column_double(a, column), y = sqlite3_column_double(b, column);
        return x < y ? -1 : x > y ? 1 : type_a - type_b;
    }
    const void *x = sqlite3_column_blob(a, column), *y = sqlite3_column_blob(b, column);
    int length_a = sqlite3_column_bytes(a, column), length_b = sqlite3_column_bytes(b, column);
    int common = length_a < length_b ? length_a : length_b;
    int order = common > 0 ? memcmp(x, y, (size_t)common) : 0;
    return order != 0 ? order : length_a - length_b;
}

static void add_cell(struct text *out, sqlite3_stmt *statement, int column)
{
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) {
        text_add(out, "NULL");
        return;
    }
    if (type == SQLITE_BLOB) {
        text_printf(out, "%d bytes", sqlite3_column_bytes(statement, column));
        return;
    }
    char shown[SHOWN_BYTES_MAX + 1];
    const char *text = (const char *)sqlite3_column_text(statement, column);
    snprintf(shown, sizeof shown, "%s", text != NULL ? text : "");
    utf8_make_safe(shown);
    text_printf(out, type == SQLITE_TEXT ? "'%s'" : "%s", shown);
}

/* "churn: run_id 3, service 0, controller 1: " */
static bool begin_difference(
    struct comparison *comparison, const char *table, const struct table_shape *shape, sqlite3_stmt *row)
{
    if (comparison->result->differences++ >= comparison->shown_max)
        return false;
    text_printf(comparison->out, "%s: ", table);
    for (uint32_t i = 0; i < shape->key_count; i++) {
        text_printf(comparison->out, "%s%s ", i > 0 ? ", " : "", shape->columns.items[i]);
        add_cell(comparison->out, row, (int)i);
    }
    text_add(comparison->out, ": ");
    return true;
}

/* --- tables ------------------------------------------------------------------------------------------ */

static void compare_cells(struct comparison *comparison, const char *table, const struct table_shape *shape)
{
    sqlite3_stmt *a = comparison->sides[0].rows, *b = comparison->sides[1].rows;
    comparison->result->rows++;
    for (uint32_t i = shape->key_count; i < shape->columns.count; i++) {
        if (cell_order(a, b, (int)i) == 0 || !begin_difference(comparison, table, shape, a))
            continue;
        text_printf(comparison->out, "%s is ", shape->columns.items[i]);
        add_cell(comparison->out, a, (int)i);
        text_add(comparison->out, " and ");
        add_cell(comparison->out, b, (int)i);
        text_add_char(comparison->out, '\n');
    }
}

static int key_order(const struct comparison *comparison, const struct table_shape *shape)
{
    const struct side *a = &comparison->sides[0], *b = &comparison->sides[1];
    if (!a->has_row || !b->has_row)
        return a->has_row ? -1 : 1;
    for (uint32_t i = 0; i < shape->key_count; i++) {
        int order = cell_order(a->rows, b->rows, (int)i);
        if (order != 0)
            return order;
    }
    return 0;
}

static enum status compare_rows(
    struct comparison *comparison, const char *table, const struct table_shape *shape)
{
    struct side *sides = comparison->sides;
    enum status status = step(comparison, &sides[0]);
    if (status == STATUS_OK)
        status = step(comparison, &sides[1]);
    while (status == STATUS_OK && (sides[0].has_row || sides[1].has_row)) {
        int order = key_order(comparison, shape);
        if (order == 0)
            compare_cells(comparison, table, shape);
        else if (begin_difference(comparison, table, shape, sides[order > 0].rows))
            text_printf(comparison->out, "only in %s\n", sides[order > 0].database.shown);
        if (order <= 0)
            status = step(comparison, &sides[0]);
        if (order >= 0 && status == STATUS_OK)
            status = step(comparison, &sides[1]);
    }
    return status;
}

static enum status compare_table(struct comparison *comparison, const char *table)
{
    struct table_shape shape;
    enum status status = read_shape(comparison, &comparison->sides[0], table, &shape);
    for (int i = 0; i < 2 && status == STATUS_OK; i++)
        status = open_rows(comparison, &comparison->sides[i], table, &shape);
    if (status == STATUS_OK)
        status = compare_rows(comparison, table, &shape);
    for (int i = 0; i < 2; i++) {
        sqlite3_finalize(comparison->sides[i].rows);
        comparison->sides[i].rows = NULL;
    }
    comparison->result->tables++;
    shape_fini(&shape);
    return status;
}

static enum status compare_tables(struct comparison *comparison)
{
    struct side *first = &comparison->sides[0];
    sqlite3_stmt *tables = database_prepare(&first->database,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name <> "
        "'runs', name",
        comparison->out_message);
    if (tables == NULL)
        return database_status(&first->database);
    enum status status = STATUS_OK;
    int code = SQLITE_ROW;
    while (status == STATUS_OK && (code = sqlite3_step(tables)) == SQLITE_ROW)
        status = compare_table(comparison, (const char *)sqlite3_column_text(tables, 0));
    if (status == STATUS_OK && code != SQLITE_DONE)
        status = fail(comparison, first);
    sqlite3_finalize(tables);
    return status;
}

enum status exact_compare(const char *path_a, const char *path_b, uint32_t shown_max, struct text *out,
    struct exact_result *result, char **out_message)
{
    struct comparison comparison = {
        .shown_max = shown_max, .out = out, .result = result, .out_message = out_message};
    *result = (struct exact_result){0};
    enum status status = database_open_read(&comparison.sides[0].database, path_a, out_message);
    if (status == STATUS_OK)
        status = database_open_read(&comparison.sides[1].database, path_b, out_message);
    if (status == STATUS_OK)
        status = compare_tables(&comparison);
    for (int i = 0; i < 2; i++)
        database_close(&comparison.sides[i].database);
    return status;
}
