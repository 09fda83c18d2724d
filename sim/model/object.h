/*
 * object.h: what the store must know of an object whatever its kind.
 *
 * Pods, Services and Nodes are users' objects: immutable counted revisions. Endpoints and EndpointSlices are
 * live objects with one owner. A pointer to an object goes with its kind.
 */
#ifndef EPSIM_MODEL_OBJECT_H
#define EPSIM_MODEL_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/meta.h"

enum object_kind { OBJECT_POD, OBJECT_SERVICE, OBJECT_NODE, OBJECT_ENDPOINTS, OBJECT_ENDPOINTSLICE };

#define OBJECT_KIND_COUNT (OBJECT_ENDPOINTSLICE + 1)

/* Gives up a reference of a revision; destroys a live object. NULL: nothing. */
void object_unref(enum object_kind kind, void *object);
/* Of users' objects: one more reference. */
void *object_ref(enum object_kind kind, void *object);
/* Of any kind but pods, which have no struct meta (asserted). */
struct meta *object_meta(enum object_kind kind, const void *object);
uint64_t *object_version(enum object_kind kind, void *object);
sym object_namespace(enum object_kind kind, const void *object);
/* Two objects of one name have one uid: revisions of one object, not an object and its successor. */
bool object_same_uid(enum object_kind kind, const void *a, const void *b);

#endif
