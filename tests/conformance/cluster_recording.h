/*
 * cluster_recording.h: recordings of a whole control plane (cluster/README.md): the steps, and the objects
 * that each step left.
 */
#ifndef EPSIM_TESTS_CONFORMANCE_CLUSTER_RECORDING_H
#define EPSIM_TESTS_CONFORMANCE_CLUSTER_RECORDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct cluster_recording {
    json_t *head;
    VEC(json_t *) steps;
    /* As of the step that cluster_recording_advance came to; by name, as Kubernetes' JSON. */
    json_t *endpoints, *slices;
    json_t *writes; /* "Endpoints/NAME" or "EndpointSlice/NAME": the watch event that brought the object */
    json_t *pods;   /* the last state of each, gone ones too: elided objects name them */
    json_t *nodes;
};

/* NULL when the file cannot be read. */
struct cluster_recording *cluster_recording_open(const char *path);
void cluster_recording_close(struct cluster_recording *recording);

/* Adds what the step did: to pods and nodes, and the objects that it wrote (elided ones are rebuilt). False
 * when an object cannot be rebuilt. Steps come in their order. */
bool cluster_recording_advance(struct cluster_recording *recording, uint32_t step);
/* The Endpoints or slice as the step's own requests wrote it; NULL: they did not. Borrowed. */
const json_t *cluster_recording_user_object(const json_t *step, const char *kind, const char *name);

/* The text of a member, "" when there is none. */
const char *cluster_text(const json_t *json, const char *name);
/* A member of metadata, NULL when there is none. Borrowed. */
json_t *cluster_meta(const json_t *object, const char *name);
const char *cluster_meta_text(const json_t *object, const char *name);

#endif
