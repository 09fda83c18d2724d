/*
 * run_rows.c: see run_rows.h.
 */
#include "record/run_rows.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/text.h"
#include "record/write_kind.h"

#define ROW_NUMBER_BITS 40 /* schema.sql: keys are run_id * 2^40 + number */

#define WRITE_COLUMNS 11
#define TIMELINE_COLUMNS 14
#define LATENCY_COLUMNS 4

static int64_t row_key(const struct run_rows *rows, uint64_t number)
{
    EPSIM_ASSERT(number >> ROW_NUMBER_BITS == 0);
    return (int64_t)((uint64_t)rows->run_id << ROW_NUMBER_BITS | number);
}

/* --- transactions ------------------------------------------------------------------------------------ */

void run_rows_fail(struct run_rows *rows)
{
    if (!rows->failure)
        rows->failure = database_message(rows->database);
    if (!sqlite3_get_autocommit(rows->database->handle))
        sqlite3_exec(rows->database->handle, "ROLLBACK", NULL, NULL, NULL);
    rows->in_transaction = false;
}

static bool run_rows_exec(struct run_rows *rows, const char *sql)
{
    if (sqlite3_exec(rows->database->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    run_rows_fail(rows);
    return false;
}

static bool run_rows_enter(struct run_rows *rows)
{
    if (rows->failure)
        return false;
    if (!rows->in_transaction && !run_rows_exec(rows, "BEGIN IMMEDIATE"))
        return false;
    rows->in_transaction = true;
    return true;
}

static bool flush_batch(struct run_rows *rows, struct row_batch *batch)
{
    if (!run_rows_enter(rows)) {
        batch->row_count = 0;
        return false;
    }
    rows->chunk_rows += batch->row_count;
    if (row_batch_flush(batch) == SQLITE_OK)
        return true;
    run_rows_fail(rows);
    return false;
}

/* Room for one more row. To be called before anything of the write or state is noted in memory, as a large
 * transaction may end here. False after a failure. */
static bool make_room(struct run_rows *rows, struct row_batch *batch)
{
    if (rows->failure)
        return false;
    if (!row_batch_is_full(batch))
        return true;
    return flush_batch(rows, batch) && (rows->chunk_rows < CHUNK_ROWS_MAX || run_rows_commit(rows));
}

/* --- what is kept in memory -------------------------------------------------------------------------- */

static bool step_row(struct run_rows *rows, sqlite3_stmt *statement)
{
    sqlite3_step(statement);
    if (sqlite3_reset(statement) == SQLITE_OK)
        return true;
    run_rows_fail(rows);
    return false;
}

static const char *row_text(const struct run_rows *rows, sym symbol)
{
    return catalog_text(rows->catalog, symbol);
}

static bool flush_services(struct run_rows *rows)
{
    sqlite3_stmt *put = rows->put_service;
    for (; rows->service_written_count < rows->services.count; rows->service_written_count++) {
        const struct service_row *service = &rows->services.items[rows->service_written_count];
        sqlite3_bind_int64(put, 1, rows->run_id);
        sqlite3_bind_int64(put, 2, rows->service_written_count);
        sqlite3_bind_text(put, 3, row_text(rows, service->namespace), -1, SQLITE_STATIC);
        sqlite3_bind_text(put, 4, row_text(rows, service->name), -1, SQLITE_STATIC);
        if (!step_row(rows, put))
            return false;
    }
    return true;
}

static bool flush_churn(struct run_rows *rows, uint32_t index)
{
    sqlite3_stmt *put = rows->put_churn;
    for (int controller = 0; controller < CONTROLLER_COUNT; controller++) {
        const struct churn_sums *sums = &rows->services.items[index].churn[controller];
        int parameter = 1;
        uint64_t requests = 0;
        for (int verb = 0; verb < VERB_COUNT; verb++)
            requests += sums->verbs[verb];
        if (!requests)
            continue;
        sqlite3_bind_int64(put, parameter++, rows->run_id);
        sqlite3_bind_int64(put, parameter++, index);
        sqlite3_bind_int64(put, parameter++, controller);
        for (int verb = 0; verb < VERB_COUNT; verb++)
            sqlite3_bind_int64(put, parameter++, (int64_t)sums->verbs[verb]);
        sqlite3_bind_int64(put, parameter++, (int64_t)sums->endpoints_added);
        sqlite3_bind_int64(put, parameter++, (int64_t)sums->endpoints_removed);
        sqlite3_bind_int64(put, parameter++, (int64_t)sums->bytes);
        sqlite3_bind_int64(put, parameter++, (int64_t)sums->watch_bytes);
        if (!step_row(rows, put))
            return false;
    }
    return true;
}

/* "http:8080/TCP,metrics:9090/TCP"; a port without a number stands for all: "*". */
static void text_add_ports(struct text *text, const struct run_rows *rows, const struct port_list *ports)
{
    for (uint32_t i = 0; ports && i < ports->count; i++) {
        const struct port *port = &ports->items[i];
        if (i)
            text_add_char(text, ',');
        if ((port->set & PORT_NAME) && port->name != SYM_EMPTY) {
            text_add(text, row_text(rows, port->name));
            text_add_char(text, ':');
        }
        if (port->set & PORT_NUMBER)
            text_add_i64(text, port->number);
        else
            text_add_char(text, '*');
        if (port->set & PORT_PROTOCOL) {
            text_add_char(text, '/');
            text_add(text, row_text(rows, port->protocol));
        }
    }
}

static bool flush_object(struct run_rows *rows, const struct object_row *object, struct text *ports)
{
    sqlite3_stmt *put = rows->put_object;
    bool is_slice = object->kind == OBJECT_ROW_SLICE && object->name != SYM_EMPTY;
    text_clear(ports);
    text_add_ports(ports, rows, object->ports);
    sqlite3_bind_int64(put, 1, rows->run_id);
    sqlite3_bind_int64(put, 2, object->number);
    sqlite3_bind_int64(put, 3, object->service);
    sqlite3_bind_int(put, 4, (int)object->kind);
    sqlite3_bind_text(put, 5, row_text(rows, object->name), -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 6, is_slice ? address_type_text(object->address_type) : NULL, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 7, is_slice ? ports->data ? ports->data : "" : NULL, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(put, 8, object->created_ns);
    if (object->is_dead)
        sqlite3_bind_int64(put, 9, object->deleted_ns);
    else
        sqlite3_bind_null(put, 9);
    sqlite3_bind_int64(put, 10, object->peak);
    sqlite3_bind_int64(put, 11, (int64_t)object->updates);
    return step_row(rows, put);
}

static bool flush_objects(struct run_rows *rows)
{
    struct text ports = {0};
    bool good = true;
    for (uint32_t i = 0; i < rows->object_dirty.count && good; i++) {
        uint32_t index = rows->object_dirty.items[i];
        struct object_row *object = &rows->objects.items[index];
        good = flush_object(rows, object, &ports);
        object->is_dirty = false;
        if (object->is_dead)
            vec_push(&rows->object_free, index);
    }
    vec_clear(&rows->object_dirty);
    text_fini(&ports);
    return good;
}

bool run_rows_flush(struct run_rows *rows)
{
    if (!run_rows_enter(rows) || !flush_batch(rows, &rows->writes) || !flush_batch(rows, &rows->timeline) ||
        !flush_batch(rows, &rows->latency))
        return false;
    if (!flush_services(rows) || !flush_objects(rows))
        return false;
    for (uint32_t i = 0; i < rows->services.count; i++) {
        if (rows->services.items[i].is_dirty && !flush_churn(rows, i))
            return false;
        rows->services.items[i].is_dirty = false;
    }
    return true;
}

bool run_rows_commit(struct run_rows *rows)
{
    if (!run_rows_flush(rows) || !run_rows_exec(rows, "COMMIT"))
        return false;
    rows->in_transaction = false;
    rows->chunk_rows = 0;
    return true;
}

/* --- what is observed -------------------------------------------------------------------------------- */

static uint64_t name_key(sym namespace, sym name)
{
    return (uint64_t) namespace << 32 | name;
}

/* Index of the Service of that name; a new one when it is seen for the first time. */
static uint32_t service_of(struct run_rows *rows, sym namespace, sym name)
{
    uint64_t index;
    if (map_get(&rows->service_index, name_key(namespace, name), &index))
        return (uint32_t)index;
    index = rows->services.count;
    vec_push(&rows->services, ((struct service_row){.namespace = namespace, .name = name}));
    map_put(&rows->service_index, name_key(namespace, name), index);
    return (uint32_t)index;
}

static enum object_row_kind write_kind(const struct write *write)
{
    return write_is_of_slice(write) ? OBJECT_ROW_SLICE : OBJECT_ROW_ENDPOINTS;
}

/* A no-op may be about no object in particular: such have one row a Service and kind, under a key that no
 * namespace has. */
static uint64_t object_key(sym namespace, sym name, uint32_t service)
{
    return name == SYM_EMPTY ? UINT64_MAX - service : name_key(namespace, name);
}

static void mark_dirty(struct run_rows *rows, uint32_t index)
{
    if (!rows->objects.items[index].is_dirty)
        vec_push(&rows->object_dirty, index);
    rows->objects.items[index].is_dirty = true;
}

static uint32_t add_object(struct run_rows *rows, const struct object_row *draft, uint64_t key)
{
    uint32_t index;
    if (rows->object_free.count) {
        index = vec_pop(&rows->object_free);
        rows->objects.items[index] = *draft;
    } else {
        index = rows->objects.count;
        vec_push(&rows->objects, *draft);
    }
    rows->objects.items[index].number = rows->object_count++;
    map_put(&rows->object_index[draft->kind], key, index);
    mark_dirty(rows, index);
    return index;
}

static void end_object(struct run_rows *rows, uint32_t index, uint64_t key, sim_time at_ns)
{
    struct object_row *object = &rows->objects.items[index];
    object->is_dead = true;
    object->deleted_ns = at_ns;
    map_remove(&rows->object_index[object->kind], key);
    mark_dirty(rows, index);
}

/* Follows the object's life; returns its number. What is first seen by anything but its creation was there
 * from the start of the run. */
static uint32_t follow_object(struct run_rows *rows, const struct write *write, uint32_t service)
{
    enum object_row_kind kind = write_kind(write);
    uint64_t key = object_key(write->namespace, write->object, service);
    uint64_t found;
    bool is_known = map_get(&rows->object_index[kind], key, &found);
    if (is_known && write->verb == VERB_CREATE) {
        end_object(rows, (uint32_t)found, key, write->at_ns);
        is_known = false;
    }
    if (!is_known) {
        uint32_t before = write->endpoints + write->endpoints_removed - write->endpoints_added;
        struct object_row draft = {.name = write->object, .service = service, .kind = kind};
        draft.created_ns = write->verb == VERB_CREATE ? write->at_ns : 0;
        draft.peak = write->verb == VERB_CREATE || write->object == SYM_EMPTY ? 0 : before;
        found = add_object(rows, &draft, key);
    }
    struct object_row *object = &rows->objects.items[found];
    if (write->slice) {
        object->address_type = write->slice->address_type;
        object->ports = write->slice->ports;
    }
    if (write->endpoints > object->peak)
        object->peak = write->endpoints;
    if (write->verb == VERB_UPDATE)
        object->updates++;
    if (write->verb == VERB_DELETE)
        end_object(rows, (uint32_t)found, key, write->at_ns);
    else if (write->verb != VERB_NOOP)
        mark_dirty(rows, (uint32_t)found);
    return object->number;
}

/* One for all proxies: without delays between them and the API server they have the slice at once. */
static void add_latency(struct run_rows *rows, const struct write *write, uint32_t service)
{
    if (write->trigger_ns <= 0 || !make_room(rows, &rows->latency))
        return;
    int64_t *row = row_batch_add(&rows->latency);
    *row++ = row_key(rows, (uint64_t)++rows->sample_count);
    *row++ = write->at_ns;
    *row++ = service;
    *row = write->at_ns - write->trigger_ns;
}

void run_rows_add_write(struct run_rows *rows, const struct write *write)
{
    if (!make_room(rows, &rows->writes))
        return;
    uint32_t service = service_of(rows, write->namespace, write->service);
    struct churn_sums *sums = &rows->services.items[service].churn[write->controller];
    sums->verbs[write->verb]++;
    sums->endpoints_added += write->endpoints_added;
    sums->endpoints_removed += write->endpoints_removed;
    sums->bytes += write->bytes;
    sums->watch_bytes += write->watch_bytes;
    rows->services.items[service].is_dirty = true;
    if (rows->level != RECORD_SUMMARY)
        add_latency(rows, write, service);
    /* Of objects, summary needs none, and series the slices. */
    bool follows = rows->level == RECORD_FULL ||
                   (rows->level == RECORD_SERIES && write_is_of_slice(write) && write->object != SYM_EMPTY);
    if (!follows)
        return;
    int64_t object = follow_object(rows, write, service);
    if (rows->level != RECORD_FULL)
        return;
    int64_t *row = row_batch_add(&rows->writes);
    *row++ = row_key(rows, write->sequence);
    *row++ = write->at_ns;
    *row++ = object;
    *row++ = write->controller;
    *row++ = write->verb;
    *row++ = write->endpoints;
    *row++ = write->endpoints_added;
    *row++ = write->endpoints_removed;
    *row++ = (int64_t)write->bytes;
    *row++ = write->watchers;
    *row = (int64_t)write->watch_bytes;
}

/* The key of the row for a state: a new one, or the last when the Service has one of this instant already
 * (it was deleted and created again, and the view has one row a Service and instant). 0: the state is what
 * is left of a Service whose successor has its row already. */
static int64_t state_key(
    struct run_rows *rows, struct service_row *service, const struct service_state *state)
{
    bool same_instant = service->state_key && service->state_at_ns == state->at_ns;
    if (same_instant && state->deleted && !service->state_deleted &&
        service->state_number != state->service_number)
        return 0;
    if (!same_instant)
        service->state_key = row_key(rows, (uint64_t)++rows->state_count);
    service->state_at_ns = state->at_ns;
    service->state_number = state->service_number;
    service->state_deleted = state->deleted;
    return service->state_key;
}

void run_rows_add_state(struct run_rows *rows, const struct service_state *state)
{
    if (rows->level == RECORD_SUMMARY || !make_room(rows, &rows->timeline))
        return;
    uint32_t service = service_of(rows, state->namespace, state->name);
    int64_t key = state_key(rows, &rows->services.items[service], state);
    if (!key)
        return;
    int64_t *row = row_batch_add(&rows->timeline);
    *row++ = key;
    *row++ = state->at_ns;
    *row++ = service;
    *row++ = state->pods;
    *row++ = state->ready;
    *row++ = state->ep_addresses;
    *row++ = state->ep_omitted;
    *row++ = state->ep_truncated;
    *row++ = state->slices;
    *row++ = state->slices_ideal;
    *row++ = state->slice_endpoints;
    *row++ = state->deleted;
    *row++ = state->not_yet_listed;
    *row = state->still_listed;
}

void run_rows_add_slice(struct run_rows *rows, const struct endpointslice *slice)
{
    if (rows->failure || rows->level == RECORD_SUMMARY)
        return;
    sym service_name = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(rows->catalog, WORD_SERVICE_NAME), &service_name);
    struct object_row draft = {.name = slice->meta.name, .kind = OBJECT_ROW_SLICE, .ports = slice->ports};
    draft.service = service_of(rows, slice->meta.namespace, service_name);
    draft.address_type = slice->address_type;
    draft.peak = slice->endpoints.count;
    uint64_t key = object_key(slice->meta.namespace, slice->meta.name, draft.service);
    if (!map_get(&rows->object_index[OBJECT_ROW_SLICE], key, NULL))
        add_object(rows, &draft, key);
}

/* --- life -------------------------------------------------------------------------------------------- */

enum status run_rows_init(
    struct run_rows *rows, struct database *database, enum record_level level, char **out_message)
{
    rows->database = database;
    rows->level = level;
    enum status status = row_batch_init(&rows->writes, database, "writes", WRITE_COLUMNS, out_message);
    if (status == STATUS_OK)
        status = row_batch_init(&rows->timeline, database, "timeline", TIMELINE_COLUMNS, out_message);
    if (status == STATUS_OK)
        status = row_batch_init(&rows->latency, database, "latency", LATENCY_COLUMNS, out_message);
    if (status != STATUS_OK)
        return status;
    rows->put_service = database_prepare(database, "INSERT INTO services VALUES (?,?,?,?)", out_message);
    if (!rows->put_service)
        return database_status(database);
    rows->put_object = database_prepare(
        database, "INSERT OR REPLACE INTO objects VALUES (?,?,?,?,?,?,?,?,?,?,?)", out_message);
    if (!rows->put_object)
        return database_status(database);
    rows->put_churn = database_prepare(
        database, "INSERT OR REPLACE INTO churn VALUES (?,?,?,?,?,?,?,?,?,?,?)", out_message);
    return rows->put_churn ? STATUS_OK : database_status(database);
}

void run_rows_fini(struct run_rows *rows)
{
    row_batch_fini(&rows->writes);
    row_batch_fini(&rows->timeline);
    row_batch_fini(&rows->latency);
    sqlite3_finalize(rows->put_service);
    sqlite3_finalize(rows->put_object);
    sqlite3_finalize(rows->put_churn);
    map_fini(&rows->service_index);
    for (int kind = 0; kind < OBJECT_ROW_KIND_COUNT; kind++)
        map_fini(&rows->object_index[kind]);
    vec_fini(&rows->services);
    vec_fini(&rows->objects);
    vec_fini(&rows->object_free);
    vec_fini(&rows->object_dirty);
    free(rows->failure);
    *rows = (struct run_rows){0};
}

void run_rows_begin(struct run_rows *rows, int64_t run_id, const struct catalog *catalog)
{
    rows->run_id = run_id;
    rows->catalog = catalog;
    map_clear(&rows->service_index);
    for (int kind = 0; kind < OBJECT_ROW_KIND_COUNT; kind++)
        map_clear(&rows->object_index[kind]);
    vec_clear(&rows->services);
    vec_clear(&rows->objects);
    vec_clear(&rows->object_free);
    vec_clear(&rows->object_dirty);
    rows->service_written_count = 0;
    rows->object_count = 0;
    rows->state_count = rows->sample_count = 0;
    rows->chunk_rows = 0;
}
