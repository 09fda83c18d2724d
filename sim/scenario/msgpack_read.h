/*
 * msgpack_read.h: MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as the tree of yaml.h,
 * a value at a time, so that a long array is never a tree as a whole.
 *
 * Texts are quoted nodes; numbers, true, false and nil plain ones. A node's position is the byte that it
 * begins at, from 1, as the column of line 1. Keys that are collections become empty texts; so do binary data
 * and extensions: nothing that is read here has any.
 */
#ifndef EPSIM_SCENARIO_MSGPACK_READ_H
#define EPSIM_SCENARIO_MSGPACK_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "scenario/yaml.h"

struct msgpack_reader {
    const unsigned char *begin, *at, *end;
    struct arena *arena; /* of the trees */
    uint32_t depth;
    const char *mistake; /* static; NULL: none so far */
    size_t mistake_at;   /* offset */
};

void msgpack_init(struct msgpack_reader *reader, struct arena *arena, const void *bytes, size_t length);
/* The next value. NULL when it is damaged, cut off, deeper than YAML_DEPTH_MAX, or has a text that is not
 * UTF-8 or holds a NUL: then the reader has its mistake, and nothing more can be read. O(value). */
struct yaml_node *msgpack_read(struct msgpack_reader *reader);
/* Steps into the next value, a map or an array, whose *out_count pairs or items are read next. False, and
 * nothing happens, when it is another one. */
bool msgpack_enter(struct msgpack_reader *reader, enum yaml_kind kind, uint32_t *out_count);

#endif
