/*
 * program.h: random programs of cluster events, for holding the engine against its naive twin.
 *
 * An event is a kind, a subject, a delay and a salt; everything else follows from these and from the state
 * that it meets. So any event may be left out and the rest still makes sense, which is what shrinking needs.
 */
#ifndef EPSIM_TESTS_MODEL_PROGRAM_H
#define EPSIM_TESTS_MODEL_PROGRAM_H

#include "base/text.h"
#include "engine/engine.h"
#include "model/twin.h"

/* X(NAME, weight): how often it is drawn. */
#define PROGRAM_KINDS(X) \
    X(POD_CREATE, 30) \
    X(POD_DELETE, 12) \
    X(POD_TERMINATE, 8) \
    X(POD_RELABEL, 12) \
    X(POD_READINESS, 14) \
    X(POD_PHASE, 4) \
    X(POD_ADDRESSES, 6) \
    X(POD_MOVE, 3) \
    X(POD_HOSTNAME, 3) \
    X(POD_REPLACE, 4) \
    X(PODS_CREATE, 6) \
    X(PODS_DELETE, 3) \
    X(PODS_READINESS, 3) \
    X(PODS_ANYTHING, 6) \
    X(NODE_PUT, 5) \
    X(NODE_REMOVE, 2) \
    X(SERVICE_PUT, 6) \
    X(SERVICE_DELETE, 2) \
    X(SERVICE_REPLACE, 2) \
    X(SERVICE_SELECTOR, 4) \
    X(SERVICE_PORTS, 5) \
    X(SERVICE_LABELS, 3) \
    X(SERVICE_FLAGS, 5) \
    X(SERVICE_TOUCH, 3) \
    X(ENDPOINTS_EDIT, 8) \
    X(ENDPOINTS_DELETE, 3) \
    X(SLICE_EDIT, 10) \
    X(SLICE_CREATE, 4) \
    X(SLICE_DELETE, 4) \
    X(WAIT, 4)

enum program_kind {
#define X(name, weight) PROGRAM_##name,
    PROGRAM_KINDS(X)
#undef X
        PROGRAM_KIND_COUNT
};

/* Pods that one event may change. */
#define PROGRAM_MANY 14

struct program_event {
    enum program_kind kind;
    uint32_t subject;
    int64_t delay_ns; /* after the event before it */
    uint64_t salt;
    uint32_t many; /* of events of several pods: bit i: the i-th takes part */
    bool silent;   /* belongs to the starting state; these come first */
};

struct program {
    struct engine_config config;
    uint64_t seed; /* of the clock: choices, uids, names */
    /* Does what no API server lets anybody do and only caches filled by hand have: pods that move, a cluster
     * IP that changes, addresses that are none. What others do can be told as a scenario. */
    bool wild;
    bool forgetful_twin; /* the twin has a fault (twin.h) */
    uint32_t count;
    struct program_event *events; /* owned */
};

/* The same seed makes the same program; half of them are wild. */
void program_create(struct program *program, uint64_t seed, uint32_t count);
void program_destroy(struct program *program);

/* What an event meets. */
struct program_world {
    struct store *store;
    struct engine *engine; /* NULL while the starting state is made */
    struct twin *twin;
    bool wild;
    uint64_t uids;                 /* state of the draws of program_new_uid */
    struct program_script *script; /* NULL: nobody wants one */
};

/* Carries the event out, in store, engine and twin; says what it did in `out` (may be NULL). */
void program_apply(struct program_world *world, const struct program_event *event, struct text *out);

/* Namespaces and Services that programs use. */
#define PROGRAM_SERVICES 4
sym program_service_namespace(struct catalog *catalog, uint32_t service);
sym program_service_name(struct catalog *catalog, uint32_t service);

#endif
