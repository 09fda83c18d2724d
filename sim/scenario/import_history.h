/*
 * import_history.h: the states of a cluster's objects, as a recording tells them, and the scenario that plays
 * them.
 *
 * Whoever reads a recording says what an object was like, when, and whether that is where the recording
 * begins; here the states are put in order, and what differs from one to the next becomes an event: `ready`,
 * `unready`, `label`, `delete`, and `apply` for all else. Pods are not made by workloads but come and go as
 * they did, with the nodes, addresses and uids that they had.
 *
 * Endpoints and EndpointSlices that controllers wrote are kept where the recording begins and no further: the
 * run writes its own.
 */
#ifndef EPSIM_SCENARIO_IMPORT_HISTORY_H
#define EPSIM_SCENARIO_IMPORT_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/map.h"
#include "base/vec.h"
#include "scenario/import_object.h"

struct import_life;
struct import_name;

/* One state of one object, or its end. */
struct import_change {
    uint64_t order;  /* the resourceVersion; 0: not known */
    int64_t at_ns;   /* since 1970 */
    uint32_t number; /* as they were told */
    bool is_start;
    bool is_gone;
    struct import_life *life;
    const struct import_pod *pod; /* of a pod */
    const char *text;             /* of another object */
};

struct import_counts {
    uint64_t objects[IMPORT_KIND_COUNT];  /* that were ever there */
    uint64_t at_start[IMPORT_KIND_COUNT]; /* of them where the recording begins */
    uint64_t events, creations, deletions, applies, readiness, labels;
    uint64_t controllers_own; /* states of Endpoints and slices that controllers wrote */
    uint64_t nodes_made;      /* nodes of which only the name is known */
    int64_t start_ns, last_ns;
};

struct import_history {
    struct import_counts counts; /* of the scenario, once it is written */
    /* Private. */
    struct arena *arena;
    struct map names;
    VEC(struct import_name *) all;
    VEC(struct import_change) changes;
    bool by_version;
};

/* by_version: resourceVersions tell the order and times are only as fine as the recording has them; else
 * times do, and versions where times are equal. The arena outlives the history. */
void import_history_init(struct import_history *history, struct arena *arena, bool by_version);
void import_history_fini(struct import_history *history);

/* The object is as it stands there at `at_ns`; `is_start`: it was when the recording began. A state that was
 * told before (its version is not newer than the latest) is left out. False when it was. */
bool import_history_put(
    struct import_history *history, const struct import_object *object, int64_t at_ns, bool is_start);
/* What a patch says of a pod. False when the pod is not known. */
bool import_history_patch(struct import_history *history, const struct import_object *object, int64_t at_ns);
/* The object is gone. `order` 0: its version is not known. False when it was not there. */
bool import_history_remove(struct import_history *history, enum import_kind kind, const char *namespace,
    const char *name, uint64_t order, int64_t at_ns);
/* Whether the object is there now. */
bool import_history_has(
    const struct import_history *history, enum import_kind kind, const char *namespace, const char *name);
/* A pod that is there was given its node; was asked to end within so many seconds: without a node it is gone
 * at once. Else, and the second time, nothing happens. */
void import_history_bind(
    struct import_history *history, const char *namespace, const char *name, const char *node);
void import_history_end_pod(
    struct import_history *history, const char *namespace, const char *name, int64_t at_ns, int64_t grace_s);
/* For a new list of everything of a kind: what is in it is seen with its number; at its end whatever is there
 * and was not seen has gone meanwhile, at `at_ns`. `order` as above. O(objects ever seen). */
void import_history_see(struct import_history *history, const struct import_object *object, uint32_t list);
void import_history_end_list(
    struct import_history *history, enum import_kind kind, uint32_t list, uint64_t order, int64_t at_ns);

/* Writes the scenario, called `name`, about `about`. O(n log n) in changes. */
void import_history_write(struct import_history *history, const char *name, const char *about, FILE *out);

#endif
