/*
 * import_history_private.h: what import_history.c (states come in) and import_history_write.c (a scenario
 * goes out) share.
 */
#ifndef EPSIM_SCENARIO_IMPORT_HISTORY_PRIVATE_H
#define EPSIM_SCENARIO_IMPORT_HISTORY_PRIVATE_H

#include "scenario/import_history.h"

/* One object from its creation to its end; another of the same name is another life. */
struct import_life {
    struct import_name *name;
    const char *uid, *created;
    const char *spec; /* of a pod; its latest, for a node is chosen after a pod was created */
    const char *node; /* in it; "" */
    bool is_there;    /* while states come in */
    bool is_by_hand;  /* Endpoints and slices: no controller's */
    uint32_t list;    /* it was seen in */
    uint64_t version;
    /* The latest state, while they come in; then the one that was written last. */
    const struct import_pod *pod;
    const char *text;
};

struct import_name {
    enum import_kind kind;
    const char *namespace, *name;
    struct import_life *latest;  /* while states come in */
    struct import_life *present; /* while they are written; NULL: nothing of the name is there */
    bool has_selector;           /* a Service that ever had one */
    bool is_down;                /* a Node that is not ready, while they are written */
};

struct import_name *import_history_find(
    const struct import_history *history, enum import_kind kind, const char *namespace, const char *name);

#endif
