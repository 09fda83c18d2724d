/*
 * plot.c: see plot.h. A picture takes what its SQL takes (a second for a month of a thousand pods) and
 * gnuplot's time to draw some thousand points.
 */
#include "record/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/dataset.h"

/* Columns of the picture that are told apart; see timeline.sql and fill.sql. Text has a hundred. */
#define COLUMNS_DRAWN 800
#define COLUMNS_DRAWN_TEXT 100
#define CELLS_MAX 60000
#define BINS_MAX 100
#define BINS_MAX_TEXT 60

/* --- words ------------------------------------------------------------------------------------------- */

static const char *const kind_names[PLOT_KIND_COUNT] = {
#define X(kind, text, what) text,
    PLOT_KINDS(X)
#undef X
};

const char *plot_kind_name(enum plot_kind kind)
{
    return kind_names[kind];
}

/* --- the data ---------------------------------------------------------------------------------------- */

/* Column `index` (from 0) of a line of tab-separated columns, as a copy. */
static char *column_copy(const char *line, int index)
{
    for (; index > 0 && line; index--) {
        line = strchr(line, '\t');
        if (line)
            line++;
    }
    return line ? mem_strndup(line, strcspn(line, "\t\n")) : mem_strndup("", 0);
}

/* Tells which Services there are. */
static enum status service_not_found(
    struct database *database, int64_t run_id, const char *service, char **out_message)
{
    struct text names = {0};
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT namespace || '/' || name FROM services WHERE run_id = ? ORDER BY 1 LIMIT 9", out_message);
    if (!statement)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run_id);
    int code;
    for (int i = 0; (code = sqlite3_step(statement)) == SQLITE_ROW; i++) {
        text_add(&names, i ? ", " : "");
        text_add(&names, i == 8 ? "..." : (const char *)sqlite3_column_text(statement, 0));
    }
    enum status status = database_finish(database, statement, code, out_message);
    if (status == STATUS_OK) {
        *out_message = message_format("%s: run %lld has no Service %s; it has: %s", database->shown,
            (long long)run_id, service, names.length ? names.data : "none");
        status = STATUS_NOT_FOUND;
    }
    text_fini(&names);
    return status;
}

/* What the picture is of. Texts are owned. */
struct focus {
    int64_t run_id;
    char *namespace, *service;
};

/* Settles that (run.sql). */
static enum status write_run(struct database *database, const struct plot_request *request,
    const struct drawing *drawing, struct focus *out, char **out_message)
{
    struct dataset_parameters parameters = {.run = request->run_id, .service = request->service};
    struct text run = {0};
    uint64_t rows = 0;
    enum status status =
        dataset_ask(database, request->scripts, "run", &parameters, &run, &rows, out_message);
    if (status == STATUS_OK && rows == 0) {
        *out_message = request->run_id ? message_format("%s: there is no run %lld", request->database,
                                             (long long)request->run_id)
                                       : message_format("%s: the database holds no run", request->database);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        char *run_id = column_copy(run.data, 0), *service_rows = column_copy(run.data, 14);
        *out =
            (struct focus){strtoll(run_id, NULL, 10), column_copy(run.data, 10), column_copy(run.data, 11)};
        bool is_named = request->service && *request->service && strcmp(request->service, "*") != 0;
        if (is_named && strcmp(service_rows, "0") == 0)
            status = service_not_found(database, out->run_id, request->service, out_message);
        free(run_id);
        free(service_rows);
    }
    if (status == STATUS_OK)
        status = drawing_write(drawing, "run", &run, out_message);
    text_fini(&run);
    return status;
}

static enum status write_sets(struct database *database, const struct plot_request *request,
    const struct drawing *drawing, const struct focus *focus, char **out_message)
{
    enum { LINES = 1u << PLOT_ENDPOINTS | 1u << PLOT_SLICES, BARS = 1u << PLOT_CHURN | 1u << PLOT_BYTES };
    static const struct {
        const char *name;
        unsigned kinds; /* bits of enum plot_kind that show it */
        int64_t bins, bins_text;
    } sets[] = {
        {"timeline", 1u << PLOT_OVERVIEW | LINES, COLUMNS_DRAWN, COLUMNS_DRAWN_TEXT},
        {"fill", 1u << PLOT_OVERVIEW | 1u << PLOT_FILL, COLUMNS_DRAWN, COLUMNS_DRAWN_TEXT},
        {"binned", 1u << PLOT_OVERVIEW | BARS, BINS_MAX, BINS_MAX_TEXT},
    };
    struct dataset_parameters parameters = {
        .run = focus->run_id, .namespace = focus->namespace, .service = focus->service, .cells = CELLS_MAX};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof sets / sizeof *sets && status == STATUS_OK; i++) {
        if (!(sets[i].kinds & 1u << request->kind))
            continue;
        struct text rows = {0};
        parameters.bins = request->format == PLOT_TXT ? sets[i].bins_text : sets[i].bins;
        status = dataset_ask(database, request->scripts, sets[i].name, &parameters, &rows, NULL, out_message);
        if (status == STATUS_OK)
            status = drawing_write(drawing, sets[i].name, &rows, out_message);
        text_fini(&rows);
    }
    return status;
}

static enum status write_data(struct database *database, const struct plot_request *request,
    const struct drawing *drawing, char **out_message)
{
    struct focus focus = {0};
    enum status status = write_run(database, request, drawing, &focus, out_message);
    if (status == STATUS_OK)
        status = write_sets(database, request, drawing, &focus, out_message);
    free(focus.namespace);
    free(focus.service);
    return status;
}

/* --- the picture ------------------------------------------------------------------------------------- */

static bool size_is_good(uint32_t size)
{
    return size == 0 || (size >= PLOT_SIZE_MIN && size <= PLOT_SIZE_MAX);
}

enum status plot_draw(struct database *database, const struct plot_request *request,
    const struct drawing *drawing, char **out_message)
{
    enum status status = write_data(database, request, drawing, out_message);
    if (status != STATUS_OK)
        return status;
    return drawing_run(drawing, plot_kind_name(request->kind), request->is_bare ? "bare = 1; " : "",
        request->format, request->width, request->height, out_message);
}

enum status plot_render(const struct plot_request *request, char **out_message)
{
    *out_message = NULL;
    if (!size_is_good(request->width) || !size_is_good(request->height)) {
        *out_message = message_format(
            "a picture is between %d and %d pixels wide and high", PLOT_SIZE_MIN, PLOT_SIZE_MAX);
        return STATUS_USAGE;
    }
    struct database database = {0};
    struct drawing drawing = {0};
    enum status status = drawing_create(&drawing, request->scripts, out_message);
    if (status == STATUS_OK)
        status = database_open_read(&database, request->database, out_message);
    if (status == STATUS_OK)
        status = plot_draw(&database, request, &drawing, out_message);
    database_close(&database);
    if (status == STATUS_OK)
        status = drawing_deliver(&drawing, request->output, out_message);
    drawing_fini(&drawing);
    return status;
}
