/*
 * query.h: reading runs back: what there is, and everything that is needed to run one again.
 *
 *     struct database database;
 *     struct stored_run run;
 *     database_open_read(&database, "runs.db", &message);
 *     query_run(&database, 0, &run, &message);
 *     ... run.source_text, run.params_json, run.seed, run.run ...
 *     stored_run_fini(&run);
 *     database_close(&database);
 */
#ifndef EPSIM_RECORD_QUERY_H
#define EPSIM_RECORD_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/vec.h"
#include "record/database.h"
#include "record/recorder.h"

/* Texts are owned. What an incomplete run does not have is NULL, or -1. */
struct stored_run {
    int64_t run_id;
    char *scenario, *content_hash, *params_json, *source_name, *epsim_version;
    uint64_t seed, run;
    enum record_level level;
    int64_t start_s;
    uint32_t endpoints_per_slice_max;
    uint32_t endpoints_capacity; /* UINT32_MAX: none */
    int64_t until_ns;            /* -1: to the end */
    char *status;                /* "complete", "failed", "interrupted" or "incomplete" */
    char *message, *digest;      /* may be NULL */
    int64_t events, sim_ns;      /* -1: unknown */
    double wall_s;               /* -1: unknown */
    char *started, *ended;       /* ended may be NULL */
    char *packing_policy;        /* "upstream", or a what-if */
    char *source_text;           /* NULL where only a list was asked for, or none was given */
    size_t source_length;
};

void stored_run_fini(struct stored_run *run);

/* One run with its source text. run_id 0: the last one. STATUS_NOT_FOUND: no such run; the message tells
 * which there are. STATUS_BAD_INPUT: the database is damaged. */
enum status query_run(struct database *database, int64_t run_id, struct stored_run *out, char **out_message);

/* All runs in the order of run_id, without their texts. The visitor returns false to stop; the run is valid
 * during the call. */
typedef bool query_visit_run(void *context, const struct stored_run *run);
enum status query_each_run(
    struct database *database, query_visit_run *visit, void *context, char **out_message);

/* Whether running it again with this program must give the same: STATUS_OK, or STATUS_CONFLICT when it was
 * made by another version of epsim. */
enum status stored_run_check_version(const struct stored_run *run, char **out_message);
/* STATUS_CONFLICT when the run was complete and ended with another digest. */
enum status stored_run_check_digest(const struct stored_run *run, uint64_t digest, char **out_message);

/* Rows of v_timeline of a run in the order of time. namespace and service NULL: all. */
struct stored_state {
    int64_t at_ns;
    const char *namespace, *service; /* valid during the call */
    bool deleted;
    uint32_t pods, ready, ep_addresses, ep_omitted, slices, slices_ideal, slice_endpoints;
    bool ep_truncated;
};
typedef bool query_visit_state(void *context, const struct stored_state *state);
enum status query_each_state(struct database *database, int64_t run_id, const char *namespace,
    const char *service, query_visit_state *visit, void *context, char **out_message);

#endif
