/*
 * annotations.h: an object's annotations as they show: the map, the trigger time and the over-capacity
 * mark, which the model keeps apart (meta.h, endpoints.h), as one map in the order of its keys.
 */
#ifndef EPSIM_MODEL_ANNOTATIONS_H
#define EPSIM_MODEL_ANNOTATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/meta.h"

struct annotation {
    const char *key;
    const char *value;
};

struct annotation_list {
    uint32_t count;
    struct annotation *items; /* by the bytes of their keys */
};

/* The list lives in the arena, its texts there and in the catalog. O(annotations). */
struct annotation_list annotations_of(
    struct arena *arena, const struct catalog *catalog, const struct meta *meta, bool over_capacity);

#endif
