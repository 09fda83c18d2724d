/*
 * json_yaml.c: see json_yaml.h.
 */
#include "base/json_yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/yaml_scalar.h"

#define INDENT_SPACES 2
/* A longer key is written behind a '?', as YAML demands of keys beyond 1,024 and libyaml beyond this. */
#define SIMPLE_KEY_BYTES_MAX 128

/* What a value is written behind; it decides where a collection starts. */
enum place {
    PLACE_ROOT,   /* the start of a line */
    PLACE_ITEM,   /* "- ", or ": " of a long key */
    PLACE_MEMBER, /* "key:" */
};

static void write_value(const struct json_tree *json, uint32_t indent, enum place place, struct text *out);

static void new_line(struct text *out, uint32_t indent)
{
    text_add_char(out, '\n');
    for (uint32_t i = 0; i < indent; i++)
        text_add_char(out, ' ');
}

/* A merge sort, for the order of keys is no strict one (2a < 09a < 0a < 2a): what comes out must not depend
 * on a C library's qsort. */
static void sort_members(const struct json_tree **members, const struct json_tree **spare, uint32_t count)
{
    if (count < 2)
        return;
    uint32_t half = count / 2;
    sort_members(members, spare, half);
    sort_members(members + half, spare, count - half);
    memcpy(spare, members, half * sizeof *members);
    uint32_t left = 0, right = half, out = 0;
    while (left < half) {
        bool from_right = right < count && yaml_compare_keys(members[right]->key, spare[left]->key) < 0;
        members[out++] = from_right ? members[right++] : spare[left++];
    }
}

static bool is_simple_key(const char *key, size_t length)
{
    return length <= SIMPLE_KEY_BYTES_MAX && !memchr(key, '\n', length);
}

static void write_member(const struct json_tree *member, uint32_t indent, struct text *out)
{
    size_t length = strlen(member->key);
    if (is_simple_key(member->key, length)) {
        yaml_add_scalar(out, member->key, length, indent + INDENT_SPACES, true);
        text_add_char(out, ':');
        write_value(member, indent, PLACE_MEMBER, out);
        return;
    }
    text_add(out, "? ");
    yaml_add_scalar(out, member->key, length, indent + INDENT_SPACES, false);
    new_line(out, indent);
    text_add(out, ": ");
    write_value(member, indent + INDENT_SPACES, PLACE_ITEM, out);
}

/* The first member stands where `out` ends. */
static void write_object(const struct json_tree *json, uint32_t indent, struct text *out)
{
    const struct json_tree **members = mem_array(NULL, 2 * (size_t)json->count, sizeof *members);
    uint32_t count = 0;
    for (const struct json_tree *member = json->value.children.first; member; member = member->next)
        members[count++] = member;
    sort_members(members, members + count, count);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            new_line(out, indent);
        write_member(members[i], indent, out);
    }
    free(members);
}

static void write_array(const struct json_tree *json, uint32_t indent, struct text *out)
{
    for (const struct json_tree *item = json->value.children.first; item; item = item->next) {
        if (item != json->value.children.first)
            new_line(out, indent);
        text_add(out, "- ");
        write_value(item, indent + INDENT_SPACES, PLACE_ITEM, out);
    }
}

/* `indent`: of the mapping that holds a member; of the value itself elsewhere. */
static void write_value(const struct json_tree *json, uint32_t indent, enum place place, struct text *out)
{
    bool collection = json->kind == JSON_TREE_ARRAY || json->kind == JSON_TREE_OBJECT;
    if (collection && json->count > 0) {
        uint32_t inner =
            indent + (place == PLACE_MEMBER && json->kind == JSON_TREE_OBJECT ? INDENT_SPACES : 0);
        if (place == PLACE_MEMBER)
            new_line(out, inner);
        if (json->kind == JSON_TREE_OBJECT)
            write_object(json, inner, out);
        else
            write_array(json, inner, out);
        return;
    }
    if (place == PLACE_MEMBER)
        text_add_char(out, ' ');
    if (json->kind == JSON_TREE_STRING)
        yaml_add_scalar(out, json->value.string.bytes, json->value.string.length,
            indent + (place == PLACE_MEMBER ? INDENT_SPACES : 0), false);
    else
        json_tree_write_compact(json, out);
}

void json_tree_write_yaml(const struct json_tree *json, struct text *out)
{
    write_value(json, 0, PLACE_ROOT, out);
    text_add_char(out, '\n');
}
