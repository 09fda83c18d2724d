/*
 * json_tree.h: a tree of JSON values, and the texts that Kubernetes' tools make of it.
 *
 * Trees are built in an arena and die with it. Members of objects keep the order in which they were
 * set, which is Go's declaration order when an API server writes; kubectl puts them in order instead.
 * Depth is that of API objects, a dozen levels: printing recurses.
 */
#ifndef EPSIM_BASE_JSON_TREE_H
#define EPSIM_BASE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum json_tree_kind {
    JSON_TREE_NULL,
    JSON_TREE_BOOL,
    JSON_TREE_INT,
    JSON_TREE_STRING,
    JSON_TREE_ARRAY,
    JSON_TREE_OBJECT
};

/* A value; as a member of an object it has a key. Read freely, change through the functions. */
struct json_tree {
    enum json_tree_kind kind;
    uint32_t count; /* children of an array or object */
    const char *key;
    struct json_tree *next; /* in the array or object that holds it */
    union {
        bool boolean;
        int64_t integer;
        struct {
            const char *bytes; /* NUL-terminated */
            size_t length;
        } string;
        struct {
            struct json_tree *first, *last;
        } children;
    } value;
};

struct json_tree *json_tree_null(struct arena *arena);
struct json_tree *json_tree_bool(struct arena *arena, bool value);
struct json_tree *json_tree_int(struct arena *arena, int64_t value);
/* Copies the bytes. */
struct json_tree *json_tree_string(struct arena *arena, const char *bytes, size_t length);
struct json_tree *json_tree_array(struct arena *arena);
struct json_tree *json_tree_object(struct arena *arena);

/* Appends `value`, which must not have a parent yet. `key` is borrowed for the life of the tree and must
 * not be there yet (not checked). O(1). */
void json_tree_add(struct json_tree *array, struct json_tree *value);
void json_tree_set(struct json_tree *object, const char *key, struct json_tree *value);
/* A string or an integer as a member. */
void json_tree_set_string(struct arena *arena, struct json_tree *object, const char *key, const char *string);
void json_tree_set_int(struct arena *arena, struct json_tree *object, const char *key, int64_t value);
void json_tree_set_bool(struct arena *arena, struct json_tree *object, const char *key, bool value);
/* NULL when it is not there. O(members). */
struct json_tree *json_tree_get(const struct json_tree *object, const char *key);

/* As the API server writes it (Go's encoding/json): no spaces, the order of setting. O(text). */
void json_tree_write_compact(const struct json_tree *json, struct text *out);
/* As kubectl -o json: keys in byte order, four spaces a level, a newline at the end. O(n log n). */
void json_tree_write_indented(const struct json_tree *json, struct text *out);

#endif
