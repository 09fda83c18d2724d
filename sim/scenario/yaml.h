/*
 * yaml.h: YAML and JSON texts as small trees that know where everything stood.
 *
 * libfyaml reads the syntax, through its events, but for plain documents, of which yaml_plain.h makes short
 * work; the tree is our own, because binding needs little: texts, mappings whose keys are texts, sequences,
 * and a position for each key and value. Anchors, aliases and merge keys (`<<`) are resolved while reading;
 * what they may grow to is bounded. Tags are ignored.
 */
#ifndef EPSIM_SCENARIO_YAML_H
#define EPSIM_SCENARIO_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"

/* Collections within collections. Kubernetes' objects need about 15; recursion over a tree is bounded by it.
 */
#define YAML_DEPTH_MAX 64
/* Nodes that aliases may add to one text: enough for any honest file, and no "billion laughs". */
#define YAML_ALIAS_NODES_MAX 100000

enum yaml_kind { YAML_SCALAR, YAML_MAPPING, YAML_SEQUENCE };
enum yaml_style { YAML_PLAIN, YAML_QUOTED, YAML_LITERAL, YAML_FOLDED };

struct yaml_node {
    uint8_t kind;  /* enum yaml_kind */
    uint8_t style; /* enum yaml_style, of a scalar */
    uint8_t depth; /* collections below and including this one; 0: a scalar */
    struct position at;
    union {
        struct { /* scalar: NUL-terminated, without a NUL inside */
            const char *text;
            size_t length;
        };
        struct { /* mapping: keys are scalars and different from each other */
            struct yaml_pair *pairs;
            uint32_t pair_count;
        };
        struct { /* sequence */
            struct yaml_node **items;
            uint32_t item_count;
        };
    };
};

struct yaml_pair {
    struct yaml_node *key;
    struct yaml_node *value;
};

struct yaml_stream {
    VEC(struct yaml_node *) documents; /* without the empty ones; free with vec_fini */
    bool failed;                       /* a mistake was found; documents before it are there */
};

/* Reads all documents. `text` is that of diag's `source` from byte `offset` on; it must be UTF-8. Nodes live
 * in the arena. Mistakes go to diag. `text` ends with a NUL behind its length. About 150 MB/s where the
 * documents are plain, else 20 MB/s. */
void yaml_parse(struct arena *arena, struct diag *diag, uint32_t source, const char *text, size_t length,
    uint32_t offset, struct yaml_stream *out);

/* The same, and nothing but libfyaml: what the tests hold yaml_parse against. */
void yaml_parse_by_library(struct arena *arena, struct diag *diag, uint32_t source, const char *text,
    size_t length, struct yaml_stream *out);

/* The value of a key, or NULL (also when `mapping` is none). O(pairs). */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* An empty value, or a plain null. */
bool yaml_is_null(const struct yaml_node *node);
/* A plain scalar that YAML takes for something else than a text; what it is ("the number", "the boolean"),
 * or NULL. */
const char *yaml_plain_type(const struct yaml_node *node);
/* What a node is, for messages: "a mapping", "the text 'x'", "nothing", ... Long texts are cut. */
#define YAML_DESCRIPTION_MAX 80
const char *yaml_describe(const struct yaml_node *node, char out[YAML_DESCRIPTION_MAX]);

/* Of two scalars. */
bool yaml_same_text(const struct yaml_node *a, const struct yaml_node *b);

/* --- making and changing a tree (--set) ------------------------------------------------------------- */

/* An empty one. */
struct yaml_node *yaml_new_node(struct arena *arena, enum yaml_kind kind, struct position at);
/* A text, as if in quotes. */
struct yaml_node *yaml_new_scalar(struct arena *arena, struct position at, const char *text, size_t length);
/* Replaces the value of a key (and the key's position), or adds both. */
void yaml_put(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value);
/* A list's new last item. O(items). */
void yaml_append(struct arena *arena, struct yaml_node *sequence, struct yaml_node *item);

#endif
