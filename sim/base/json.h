/*
 * json.h: a tree of JSON values, and the texts that Kubernetes' tools make of it.
 *
 * Trees are built in an arena and die with it. Members of objects keep the order in which they were
 * set, which is Go's declaration order when an API server writes; kubectl puts them in order instead.
 * Depth is that of API objects, a dozen levels: printing recurses.
 */
#ifndef EPSIM_BASE_JSON_H
#define EPSIM_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A value; as a member of an object it has a key. Read freely, change through the functions. */
struct json {
    enum json_kind kind;
    uint32_t count; /* children of an array or object */
    const char *key;
    struct json *next; /* in the array or object that holds it */
    union {
        bool boolean;
        int64_t integer;
        struct {
            const char *bytes; /* NUL-terminated */
            size_t length;
        } string;
        struct {
            struct json *first, *last;
        } children;
    } value;
};

struct json *json_null(struct arena *arena);
struct json *json_bool(struct arena *arena, bool value);
struct json *json_int(struct arena *arena, int64_t value);
/* Copies the bytes. */
struct json *json_string(struct arena *arena, const char *bytes, size_t length);
struct json *json_array(struct arena *arena);
struct json *json_object(struct arena *arena);

/* Appends `value`, which must not have a parent yet. `key` is borrowed for the life of the tree and must
 * not be there yet (not checked). O(1). */
void json_add(struct json *array, struct json *value);
void json_set(struct json *object, const char *key, struct json *value);
/* A string or an integer as a member. */
void json_set_string(struct arena *arena, struct json *object, const char *key, const char *string);
void json_set_int(struct arena *arena, struct json *object, const char *key, int64_t value);
void json_set_bool(struct arena *arena, struct json *object, const char *key, bool value);
/* NULL when it is not there. O(members). */
struct json *json_get(const struct json *object, const char *key);

/* As the API server writes it (Go's encoding/json): no spaces, the order of setting. O(text). */
void json_write_compact(const struct json *json, struct text *out);
/* As kubectl -o json: keys in byte order, four spaces a level, a newline at the end. O(n log n). */
void json_write_indented(const struct json *json, struct text *out);

#endif
