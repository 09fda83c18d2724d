/*
 * yaml_plain.c: one pass from what stands on lines (yaml_scan.h) to trees, by indentation, for documents in
 * which nothing is unusual. Recursion is bounded by YAML_DEPTH_MAX.
 */
#include "scenario/yaml_plain.h"

#include <string.h>

#include "base/check.h"

/* libfyaml takes no implicit key of more than 1,024 characters. */
#define KEY_BYTES_MAX 1000
/* Keys that are compared each with each; a larger mapping is not plain. */
#define KEYS_MAX 64

/* --- nodes ------------------------------------------------------------------------------------------ */

static void add_empty(struct yaml_scan *r)
{
    vec_push(&r->finished, yaml_new_node(r->arena, YAML_SCALAR, r->last));
}

struct collection {
    enum yaml_kind kind;
    uint32_t first; /* of its nodes among the finished ones */
    struct position at;
};

/* With `with` finished nodes that belong to it already (its first key). */
static bool open_collection(
    struct yaml_scan *r, struct collection *c, enum yaml_kind kind, const char *start, uint32_t with)
{
    *c = (struct collection){kind, r->finished.count - with, scan_position(r, start, start)};
    if (!with)
        r->last = c->at;
    return ++r->open <= YAML_DEPTH_MAX;
}

/* A key that is not plain among the others: given twice, or the merge key. */
static bool keys_are_plain(const struct yaml_node *mapping)
{
    if (mapping->pair_count > KEYS_MAX)
        return false;
    for (uint32_t i = 0; i < mapping->pair_count; i++) {
        const struct yaml_node *key = mapping->pairs[i].key;
        if (key->style == YAML_PLAIN && key->length == 2 && memcmp(key->text, "<<", 2) == 0)
            return false;
        for (uint32_t other = 0; other < i; other++)
            if (mapping->pairs[other].key->length == key->length &&
                memcmp(mapping->pairs[other].key->text, key->text, key->length) == 0)
                return false;
    }
    return true;
}

static bool close_collection(struct yaml_scan *r, const struct collection *c)
{
    uint32_t count = r->finished.count - c->first;
    struct yaml_node **nodes = r->finished.items + c->first;
    struct yaml_node *node = yaml_new_node(r->arena, c->kind, c->at);
    for (uint32_t i = 0; i < count; i++)
        if (nodes[i]->depth >= node->depth)
            node->depth = (uint8_t)(nodes[i]->depth + 1);
    if (count > 0 && c->kind == YAML_MAPPING) {
        /* Keys and values by turns are what an array of pairs is. */
        node->pairs = arena_alloc(r->arena, count * sizeof *nodes);
        node->pair_count = count / 2;
        for (uint32_t i = 0; i < node->pair_count; i++)
            node->pairs[i] = (struct yaml_pair){nodes[2 * i], nodes[2 * i + 1]};
        if (!keys_are_plain(node))
            return false;
    } else if (count > 0) {
        node->items = arena_alloc(r->arena, count * sizeof *nodes);
        node->item_count = count;
        memcpy(node->items, nodes, count * sizeof *nodes);
    }
    r->finished.count = c->first;
    r->open--;
    vec_push(&r->finished, node);
    return true;
}

/* --- brackets --------------------------------------------------------------------------------------- */

/* Blanks and line breaks within brackets. */
static bool skip_within(struct yaml_scan *r, int32_t parent)
{
    scan_skip_spaces(r);
    if (*r->at != '\n')
        return true;
    while (*r->at == '\n') {
        scan_next_line(r);
        scan_skip_spaces(r);
    }
    int32_t column = (int32_t)(r->at - r->line_start);
    return column > parent && (column > 0 || !(scan_is_marker(r->at, '-') || scan_is_marker(r->at, '.')));
}

static bool read_flow(struct yaml_scan *r, int32_t parent);

static bool read_flow_value(struct yaml_scan *r, int32_t parent)
{
    return *r->at == '{' || *r->at == '[' ? read_flow(r, parent) : scan_text(r, SCAN_IN_FLOW);
}

static bool read_flow_key(struct yaml_scan *r, int32_t parent)
{
    bool quoted = !scan_is(*r->at, SCAN_STARTS);
    const char *start = r->at;
    if (!scan_text(r, SCAN_IN_FLOW))
        return false;
    scan_skip_spaces(r);
    if (r->at - start > KEY_BYTES_MAX || *r->at != ':')
        return false;
    r->at++;
    return (quoted || scan_is_blank(*r->at)) && skip_within(r, parent);
}

/* A mapping or a list in brackets, which may go over lines. */
static bool read_flow(struct yaml_scan *r, int32_t parent)
{
    struct collection c;
    bool mapping = *r->at == '{';
    char close = mapping ? '}' : ']';
    if (!open_collection(r, &c, mapping ? YAML_MAPPING : YAML_SEQUENCE, r->at, 0))
        return false;
    r->at++;
    if (!skip_within(r, parent))
        return false;
    while (*r->at != close) {
        if ((mapping && !read_flow_key(r, parent)) || !read_flow_value(r, parent) || !skip_within(r, parent))
            return false;
        if (*r->at == close)
            break;
        if (*r->at != ',')
            return false;
        r->at++;
        if (!skip_within(r, parent) || *r->at == close)
            return false;
    }
    r->at++;
    return close_collection(r, &c);
}

/* --- blocks ----------------------------------------------------------------------------------------- */

static bool read_block(struct yaml_scan *r, int32_t parent);

static bool is_entry(const struct yaml_scan *r)
{
    return r->at[0] == '-' && (r->at[1] == ' ' || r->at[1] == '\n');
}

static bool is_key_end(const struct yaml_scan *r)
{
    return *r->at == ':' && scan_is_blank(r->at[1]);
}

/* Behind "key:" or "-": what is on this line, or on lines further in than `indent`, or nothing. */
static bool read_entry(struct yaml_scan *r, int32_t indent, bool of_mapping);

/* Entries of a list, whose dashes stand in one column. */
static bool read_sequence(struct yaml_scan *r, int32_t column)
{
    struct collection c;
    if (!open_collection(r, &c, YAML_SEQUENCE, r->at, 0))
        return false;
    do {
        r->at++;
        if (!read_entry(r, column, false))
            return false;
    } while (r->column == column && is_entry(r));
    return r->column <= column && close_collection(r, &c);
}

/* Pairs, whose keys stand in one column; the first key is read, and its start given. */
static bool read_mapping(struct yaml_scan *r, int32_t column, const char *start)
{
    struct collection c;
    if (!open_collection(r, &c, YAML_MAPPING, start, 1))
        return false;
    for (;;) {
        if (!is_key_end(r) || r->at - start > KEY_BYTES_MAX)
            return false;
        r->at++;
        if (!read_entry(r, column, true))
            return false;
        if (r->column != column)
            break;
        start = r->at;
        if (!scan_text(r, SCAN_IN_BLOCK))
            return false;
        scan_skip_spaces(r);
    }
    return r->column < column && close_collection(r, &c);
}

/* A text, behind which nothing but its own further lines may stand. */
static bool end_text(struct yaml_scan *r, int32_t parent)
{
    bool plain = vec_last(&r->finished)->style == YAML_PLAIN;
    uint32_t line = r->line;
    const char *end = r->at;
    if (*end == ':' || !scan_next_content(r))
        return false;
    if (r->column <= parent)
        return true;
    return plain && *end == '\n' && r->line == line + 1 && scan_more_lines(r, parent, end);
}

static bool read_line_value(struct yaml_scan *r, int32_t parent)
{
    switch (*r->at) {
    case '{':
    case '[':
        return read_flow(r, parent) && scan_next_content(r) && r->column <= parent;
    case '|':
        return scan_literal(r, parent);
    default:
        return scan_text(r, SCAN_IN_BLOCK) && end_text(r, parent);
    }
}

/* The content at r->column, which is further in than `parent`. */
static bool read_block(struct yaml_scan *r, int32_t parent)
{
    int32_t column = r->column;
    if (is_entry(r))
        return read_sequence(r, column);
    if (*r->at == '{' || *r->at == '[')
        return read_line_value(r, parent);
    const char *start = r->at;
    if (!scan_text(r, SCAN_IN_BLOCK))
        return false;
    scan_skip_spaces(r);
    return is_key_end(r) ? read_mapping(r, column, start) : end_text(r, parent);
}

static bool read_entry(struct yaml_scan *r, int32_t indent, bool of_mapping)
{
    scan_skip_spaces(r);
    bool on_this_line = *r->at != '\n' && *r->at != '\0' && *r->at != '#';
    if (on_this_line && (of_mapping || *r->at == '|'))
        return read_line_value(r, indent);
    if (on_this_line)
        r->column = (int32_t)(r->at - r->line_start);
    else if (!scan_next_content(r))
        return false;
    if (r->column > indent)
        return read_block(r, indent);
    if (of_mapping && r->column == indent && is_entry(r))
        return read_sequence(r, indent);
    add_empty(r);
    return of_mapping; /* libfyaml has its own mind about empty entries of a list */
}

/* --- documents -------------------------------------------------------------------------------------- */

void yaml_plain_init(
    struct yaml_scan *scan, struct arena *arena, uint32_t source, const char *text, size_t length)
{
    EPSIM_ASSERT(text[length] == '\0');
    *scan = (struct yaml_scan){.arena = arena, .text = text, .length = length, .source = source};
    scan->copy = arena_strndup(arena, text, length);
    vec_reserve(&scan->finished, YAML_DEPTH_MAX);
}

void yaml_plain_fini(struct yaml_scan *scan)
{
    vec_fini(&scan->finished);
}

static bool read_document(struct yaml_scan *r, struct yaml_node **out_root)
{
    if (scan_is_marker(r->at, '-')) {
        r->at += 3;
        if (!scan_next_content(r))
            return false;
    } else if (!scan_find_content(r)) {
        return false;
    }
    *out_root = NULL;
    if (r->column < 0)
        return true;
    if (!read_block(r, -1) || r->column >= 0)
        return false;
    *out_root = vec_pop(&r->finished);
    return (*out_root)->kind != YAML_SCALAR;
}

bool yaml_plain_read(struct yaml_scan *scan, size_t *at, uint32_t *line, struct yaml_node **out_root)
{
    scan->at = scan->line_start = scan->text + *at;
    scan->line = *line;
    scan->open = 0;
    scan->last = (struct position){scan->source, *line, 1, 1};
    vec_clear(&scan->finished);
    if (!read_document(scan, out_root))
        return false;
    *at = (size_t)(scan->at - scan->text);
    *line = scan->line;
    return true;
}
