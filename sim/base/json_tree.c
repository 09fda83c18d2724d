/*
 * json_tree.c: see json_tree.h. A value is one allocation of 48 bytes from the arena.
 */
#include "base/json_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#define INDENT_SPACES 4

static struct json_tree *json_tree_create(struct arena *arena, enum json_tree_kind kind)
{
    struct json_tree *json = arena_alloc(arena, sizeof *json);
    json->kind = kind;
    return json;
}

struct json_tree *json_tree_null(struct arena *arena)
{
    return json_tree_create(arena, JSON_TREE_NULL);
}

struct json_tree *json_tree_bool(struct arena *arena, bool value)
{
    struct json_tree *json = json_tree_create(arena, JSON_TREE_BOOL);
    json->value.boolean = value;
    return json;
}

struct json_tree *json_tree_int(struct arena *arena, int64_t value)
{
    struct json_tree *json = json_tree_create(arena, JSON_TREE_INT);
    json->value.integer = value;
    return json;
}

struct json_tree *json_tree_string(struct arena *arena, const char *bytes, size_t length)
{
    struct json_tree *json = json_tree_create(arena, JSON_TREE_STRING);
    json->value.string.bytes = arena_strndup(arena, bytes, length);
    json->value.string.length = length;
    return json;
}

struct json_tree *json_tree_array(struct arena *arena)
{
    return json_tree_create(arena, JSON_TREE_ARRAY);
}

struct json_tree *json_tree_object(struct arena *arena)
{
    return json_tree_create(arena, JSON_TREE_OBJECT);
}

static void append(struct json_tree *parent, struct json_tree *value)
{
    EPSIM_ASSERT(!value->next && value != parent);
    if (parent->value.children.last)
        parent->value.children.last->next = value;
    else
        parent->value.children.first = value;
    parent->value.children.last = value;
    parent->count++;
}

void json_tree_add(struct json_tree *array, struct json_tree *value)
{
    EPSIM_ASSERT(array->kind == JSON_TREE_ARRAY);
    append(array, value);
}

void json_tree_set(struct json_tree *object, const char *key, struct json_tree *value)
{
    EPSIM_ASSERT(object->kind == JSON_TREE_OBJECT);
    value->key = key;
    append(object, value);
}

void json_tree_set_string(struct arena *arena, struct json_tree *object, const char *key, const char *string)
{
    json_tree_set(object, key, json_tree_string(arena, string, strlen(string)));
}

void json_tree_set_int(struct arena *arena, struct json_tree *object, const char *key, int64_t value)
{
    json_tree_set(object, key, json_tree_int(arena, value));
}

void json_tree_set_bool(struct arena *arena, struct json_tree *object, const char *key, bool value)
{
    json_tree_set(object, key, json_tree_bool(arena, value));
}

struct json_tree *json_tree_get(const struct json_tree *object, const char *key)
{
    if (object->kind != JSON_TREE_OBJECT)
        return NULL;
    for (struct json_tree *member = object->value.children.first; member; member = member->next) {
        if (strcmp(member->key, key) == 0)
            return member;
    }
    return NULL;
}

/* --- texts ---------------------------------------------------------------------------------------- */

static void write_scalar(const struct json_tree *json, struct text *out)
{
    switch (json->kind) {
    case JSON_TREE_BOOL:
        text_add(out, json->value.boolean ? "true" : "false");
        break;
    case JSON_TREE_INT:
        text_add_i64(out, json->value.integer);
        break;
    case JSON_TREE_STRING:
        text_add_json(out, json->value.string.bytes, json->value.string.length);
        break;
    default:
        text_add(out, "null");
        break;
    }
}

void json_tree_write_compact(const struct json_tree *json, struct text *out)
{
    if (json->kind != JSON_TREE_ARRAY && json->kind != JSON_TREE_OBJECT) {
        write_scalar(json, out);
        return;
    }
    bool object = json->kind == JSON_TREE_OBJECT;
    text_add_char(out, object ? '{' : '[');
    for (const struct json_tree *child = json->value.children.first; child; child = child->next) {
        if (child != json->value.children.first)
            text_add_char(out, ',');
        if (object) {
            text_add_json(out, child->key, strlen(child->key));
            text_add_char(out, ':');
        }
        json_tree_write_compact(child, out);
    }
    text_add_char(out, object ? '}' : ']');
}

static int compare_keys(const void *a, const void *b)
{
    const struct json_tree *const *left = a;
    const struct json_tree *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

static void new_line(struct text *out, uint32_t level)
{
    text_add_char(out, '\n');
    for (uint32_t i = 0; i < level * INDENT_SPACES; i++)
        text_add_char(out, ' ');
}

static void write_indented(const struct json_tree *json, uint32_t level, struct text *out)
{
    if ((json->kind != JSON_TREE_ARRAY && json->kind != JSON_TREE_OBJECT) || json->count == 0) {
        json_tree_write_compact(json, out);
        return;
    }
    bool object = json->kind == JSON_TREE_OBJECT;
    const struct json_tree **children = mem_array(NULL, json->count, sizeof *children);
    uint32_t count = 0;
    for (const struct json_tree *child = json->value.children.first; child; child = child->next)
        children[count++] = child;
    if (object)
        qsort(children, count, sizeof *children, compare_keys);
    text_add_char(out, object ? '{' : '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            text_add_char(out, ',');
        new_line(out, level + 1);
        if (object) {
            text_add_json(out, children[i]->key, strlen(children[i]->key));
            text_add(out, ": ");
        }
        write_indented(children[i], level + 1, out);
    }
    new_line(out, level);
    text_add_char(out, object ? '}' : ']');
    free(children);
}

void json_tree_write_indented(const struct json_tree *json, struct text *out)
{
    write_indented(json, 0, out);
    text_add_char(out, '\n');
}
