/*
 * golden.h: reads recordings of the real controllers: one JSON object a line, gzip or plain.
 */
#ifndef EPSIM_VERIFY_GOLDEN_H
#define EPSIM_VERIFY_GOLDEN_H

#include <jansson.h>

#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"
#include "verify/compare.h"

/* --- lines --- */

struct golden_lines;

/* NULL when the file cannot be opened. */
struct golden_lines *golden_open(const char *path);
void golden_close(struct golden_lines *lines);
/* The next line's object (to be given back with json_decref), or NULL at the end or at a line that is not
 * JSON: then golden_failed says so. */
json_t *golden_next(struct golden_lines *lines);
bool golden_failed(const struct golden_lines *lines);

/* --- steps: one sync, the state before, the requests sent --- */

struct golden_step {
    char *name, *about;
    char *controller; /* "endpoints", "endpointslice", "endpointslicemirroring" */
    uint32_t kube_minor;
    uint32_t endpoints_per_slice_max;            /* 0: not given */
    uint32_t mirroring_endpoints_per_subset_max; /* 0: not given */
    sym namespace, service_name;
    uint64_t resource_version;
    int64_t now_s;
    int64_t trigger_s; /* TIME_NONE: the annotation is removed, or nothing was written */
    bool had_hints;
    struct service *service; /* NULL: deleted */
    VEC(struct pod *) pods;
    VEC(struct node *) nodes;
    struct endpoints *endpoints; /* NULL: none */
    VEC(struct endpointslice *) slices;
    struct kube_writes want; /* objects are owned by the step */
    bool want_error;
    VEC(char *) want_events; /* "type reason message", in order */
    struct text problems;    /* what the model cannot hold; empty: nothing */
};

/* Objects live in `catalog`. Destroy the step before the catalog. */
struct golden_step *golden_step_create(struct catalog *catalog, const json_t *line);
void golden_step_destroy(struct golden_step *step);

/* The Service may have topology hints: which endpoint is hinted to which zone is open then, how many are is
 * not, but for ties between zones (H-19, H-20). */
bool golden_step_hints_are_open(const struct golden_step *step, const struct catalog *catalog);

#endif
