/*
 * json_read.h: one JSON value (RFC 8259) as the tree of yaml.h.
 *
 * For what other tools wrote: large, compact, full of escapes, which YAML's readers do not like. Texts are
 * quoted nodes; numbers, true, false and null are plain ones. Positions count from the text's own first byte.
 */
#ifndef EPSIM_SCENARIO_JSON_READ_H
#define EPSIM_SCENARIO_JSON_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "scenario/yaml.h"

struct json_mistake {
    const char *message; /* static; NULL: none */
    struct position at;
};

/* `text` (UTF-8; it ends with a NUL behind its length) is one value with blanks around it. The tree lives in
 * the arena, its positions are of `source`. NULL, and *out_mistake is set, when it is no JSON, nests deeper
 * than YAML_DEPTH_MAX, or has a text with a NUL in it. Of keys that are given twice the first counts. About
 * 200 MB/s. */
struct yaml_node *json_read(
    struct arena *arena, uint32_t source, const char *text, size_t length, struct json_mistake *out_mistake);

#endif
