/*
 * run_rows.h: what an observed run becomes: rows for the tables of one run.
 *
 * Writes and states go into their tables as they come, in batches. Services, slices' lives and the sums
 * of churn are kept in memory and written at each commit, so what is committed always fits together: at
 * any commit v_churn is the sum over v_writes, and every write's object has its row. A commit comes after
 * CHUNK_ROWS_MAX rows and at the end of the run; no lock is held before the first row of a chunk is due.
 *
 * Cost of a write: two look-ups in hash maps and a copy of eleven integers, beside what SQLite needs.
 * Memory: 400 bytes a Service, 100 bytes a live slice and each slice that died in the present chunk.
 */
#ifndef EPSIM_RECORD_RUN_ROWS_H
#define EPSIM_RECORD_RUN_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "engine/observe.h"
#include "model/store.h"
#include "record/recorder.h"
#include "record/row_batch.h"

/* Large enough that commits do not count, small enough that a killed run of minutes leaves most of
 * itself, and that the pages of a transaction fit the page cache of any machine. */
#define CHUNK_ROWS_MAX 500000

struct churn_sums {
    uint64_t verbs[VERB_COUNT];
    uint64_t endpoints_added, endpoints_removed, bytes, watch_bytes;
};

struct service_row {
    sym namespace, name;
    struct churn_sums churn[CONTROLLER_COUNT];
    bool is_dirty; /* churn has changed since the last commit */
    /* Its last row in the timeline; key 0: none yet. */
    int64_t state_key;
    sim_time state_at_ns;
    uint32_t state_number;
    bool state_deleted;
};

enum object_row_kind { OBJECT_ROW_ENDPOINTS, OBJECT_ROW_SLICE, OBJECT_ROW_KIND_COUNT };

/* A life of an object. */
struct object_row {
    sym name;
    uint32_t number; /* key in `objects` */
    uint32_t service;
    enum object_row_kind kind;
    bool is_dirty, is_dead;
    enum address_type address_type;
    const struct port_list *ports;
    sim_time created_ns, deleted_ns;
    uint32_t peak;
    uint64_t updates;
};

/* Start from {0}. */
struct run_rows {
    struct database *database;
    enum record_level level;
    int64_t run_id;
    const struct catalog *catalog; /* of the present run */
    struct map service_index;      /* (namespace, name) -> index in `services` */
    VEC(struct service_row) services;
    uint32_t service_written_count;
    struct map object_index[OBJECT_ROW_KIND_COUNT]; /* (namespace, name) -> index in `objects` */
    VEC(struct object_row) objects;
    VEC(uint32_t) object_free;
    VEC(uint32_t) object_dirty;
    uint32_t object_count; /* numbers given so far */
    int64_t state_count, sample_count;
    uint32_t chunk_rows;
    bool in_transaction;
    char *failure; /* the message, once something could not be written; nothing is written after it */
    struct row_batch writes, timeline, latency;
    sqlite3_stmt *put_service, *put_object, *put_churn;
};

/* Prepares the statements; the database is borrowed. */
enum status run_rows_init(
    struct run_rows *rows, struct database *database, enum record_level level, char **out_message);
void run_rows_fini(struct run_rows *rows);
/* Forgets the run before and starts another. The catalog is borrowed until the run is over. */
void run_rows_begin(struct run_rows *rows, int64_t run_id, const struct catalog *catalog);
void run_rows_add_write(struct run_rows *rows, const struct write *write);
void run_rows_add_state(struct run_rows *rows, const struct service_state *state);
/* A slice that is there before the run starts. */
void run_rows_add_slice(struct run_rows *rows, const struct endpointslice *slice);
/* Everything so far becomes part of the open transaction, which is begun if there is none. False after a
 * failure. */
bool run_rows_flush(struct run_rows *rows);
/* Flushes and commits. */
bool run_rows_commit(struct run_rows *rows);
/* Notes SQLite's present error and rolls back. */
void run_rows_fail(struct run_rows *rows);

#endif
