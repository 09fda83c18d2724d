/*
 * program_script.h: what a random program did, as a scenario file that plays it again.
 *
 * Each event of the program becomes one `together`: its changes meet the controllers as one there too. Uids
 * are written down, names that the server generates come from the same stream, so the run of the file has the
 * same objects, names and uids included, and the same syncs.
 *
 * Every function takes NULL for a script and then does nothing.
 */
#ifndef EPSIM_TESTS_MODEL_PROGRAM_SCRIPT_H
#define EPSIM_TESTS_MODEL_PROGRAM_SCRIPT_H

#include "base/text.h"
#include "engine/engine.h"
#include "kernel/time.h"

struct program;

struct program_script {
    struct text starting_state; /* manifests, each with its "---" */
    struct text events;
    bool has_nodes; /* in the starting state */
    sim_time end_ns;
    struct text changes; /* of the present event */
    bool relist;
};

void script_init(struct program_script *script);
void script_fini(struct program_script *script);

/* Everything that is in the store when everybody starts. */
void script_start(struct program_script *script, struct store *store);
/* The event is over. */
void script_end_event(struct program_script *script, sim_time at_ns);
/* The whole file. `about`: lines of a comment, without '#', for its top. */
void script_write(
    const struct program_script *script, const struct program *program, const char *about, struct text *out);

/* --- one change each --- */

void script_delete(struct program_script *script, const struct catalog *catalog, const char *kind,
    sym namespace, const char *name);
/* `old`: who has the name, or NULL. */
void script_put_pod(
    struct program_script *script, struct store *store, const struct pod *old, const struct pod *pod);
/* A pod that takes another's name shows as that pod changed. */
void script_relist(struct program_script *script);
void script_put_service(
    struct program_script *script, const struct catalog *catalog, const struct service *service);
void script_put_node(struct program_script *script, const struct catalog *catalog, const struct node *node);
/* In explicit form. */
void script_write_endpoints(
    struct program_script *script, const struct catalog *catalog, const struct endpoints *endpoints);
void script_write_slice(
    struct program_script *script, const struct catalog *catalog, const struct endpointslice *slice);

#endif
