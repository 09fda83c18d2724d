/*
 * recorder.h: writes a run into a SQLite database (design: "The database").
 *
 * The tables are ours (schema.sql); the views v_* are a contract. A run is one transaction, or large
 * chunks of one; its row in `runs` is written first with status 'incomplete' and set to 'complete' at
 * the end, so a killed run is visible as such.
 */
#ifndef EPSIM_RECORD_RECORDER_H
#define EPSIM_RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "engine/engine.h"
#include "kernel/clock.h"

#define SCHEMA_VERSION 3

enum record_level { RECORD_SUMMARY, RECORD_SERIES, RECORD_FULL };

enum record_mode {
    RECORD_CREATE,  /* an existing file is refused: STATUS_EXISTS */
    RECORD_APPEND,  /* to a database of ours, or a new one */
    RECORD_REPLACE, /* a database of ours is replaced, once the first run begins; anything else is refused */
    RECORD_PART,    /* a new file of which nobody else knows yet, and that is renamed when it is done: whoever
                       makes it waits for the disk then. A killed process leaves it in good order, the machine's
                       end does not. */
};

/* What a run is, known before it starts. Texts are borrowed until recorder_begin returns. */
struct run_info {
    const char *scenario; /* name */
    const char *content_hash;
    const char *params_json;
    const char *source_text; /* everything needed to run it again; stored compressed */
    size_t source_length;
    const char *source_name; /* first file name, for messages of a later re-run */
    uint64_t seed;
    uint64_t run;
    int64_t start_s; /* calendar time of t = 0 */
    uint32_t endpoints_per_slice_max;
    uint32_t endpoints_capacity; /* UINT32_MAX: none */
    const char *packing_policy;  /* NULL: upstream */
    int64_t until_ns;            /* -1: to the end */
    const char *started;         /* RFC 3339 wall time, given by the caller */
    int64_t run_id;              /* 0: the next free number; else one that is free */
};

struct recorder;

/* Opens the database, and makes it if there is none. A file that was made here goes again with recorder_close
 * when no run began. On failure *out is NULL and *out_message a text for the user (free it): STATUS_EXISTS
 * (RECORD_CREATE alone; the text says what to do), STATUS_BAD_INPUT (not ours, or of another schema version),
 * STATUS_IO. */
enum status recorder_open(const char *path, enum record_mode mode, enum record_level level,
    struct recorder **out, char **out_message);
/* Begins a run: commits its row, with status 'incomplete', and gives an observer for the engine. The catalog
 * is borrowed until recorder_end; *out_run_id may be NULL. One run at a time, any number one after the other.
 * STATUS_IO or STATUS_LIMIT: recorder_status has the text. O(length of the source text). */
enum status recorder_begin(struct recorder *recorder, const struct run_info *info,
    const struct catalog *catalog, struct engine_observer *out_observer, int64_t *out_run_id);
/* Slices that are there before the run starts (starting states, loaded silently) would be unknown to
 * v_slices until somebody writes them. To be called once the starting state is in the store, before the
 * clock runs. O(slices). */
void recorder_adopt(struct recorder *recorder, const struct store *store);
/* Ends it: one commit for the last rows and for what became of the run. status_text: "complete", "failed" or
 * "interrupted". `message`: why, may be NULL. STATUS_IO, also for what went wrong before: the run then stays
 * 'incomplete'. */
enum status recorder_end(struct recorder *recorder, const char *status_text, const char *message,
    uint64_t digest, uint64_t events, int64_t sim_ns, double wall_s, const char *ended);
/* Takes the run that began away again, as if it had never been there. STATUS_IO. */
enum status recorder_abandon(struct recorder *recorder);
/* A write that failed (disk full, file gone) is remembered here: STATUS_IO and a message, which lives as long
 * as the recorder. Nothing is written after it. */
enum status recorder_status(const struct recorder *recorder, const char **out_message);
/* Takes NULL. A run that was not ended stays 'incomplete'. */
void recorder_close(struct recorder *recorder);

#endif
