/*
 * yaml_plain.c: one pass from bytes to nodes, by indentation, for documents in which nothing is unusual.
 *
 * Every function that reads returns false for "not plain", and the document is given up. Texts are not copied
 * one by one: the whole text is copied once, and a NUL set behind each text in the copy; reading goes on in
 * the original. What a position is follows libfyaml's marks: a quoted text begins behind its quote, an empty
 * value stands where the latest event did. Recursion is bounded by YAML_DEPTH_MAX.
 */
#include "scenario/yaml_plain.h"

#include <string.h>

#include "base/check.h"

/* libfyaml takes no implicit key of more than 1,024 characters. */
#define KEY_BYTES_MAX 1000
/* Keys that are compared each with each; a larger mapping is not plain. */
#define KEYS_MAX 64

/* What a byte may do without a second look. None of it: what is not plain wherever it stands (controls,
 * characters beyond ASCII, the NUL at the end), and the line feed. */
enum {
    IN_TEXT = 1,    /* goes on in a comment and in a literal block */
    IN_BLOCK = 2,   /* goes on in a plain text */
    IN_FLOW = 4,    /* goes on in a plain text within brackets */
    STARTS = 8,     /* begins a plain text */
    IN_SINGLE = 16, /* goes on in single quotes */
    IN_DOUBLE = 32,
};
#define ANY (IN_TEXT | IN_BLOCK | IN_FLOW | STARTS | IN_SINGLE | IN_DOUBLE)
#define INDICATOR (ANY - STARTS)
#define BRACKET (INDICATOR - IN_FLOW)
#define MARK (BRACKET - IN_BLOCK) /* means something beside a blank */

/* clang-format off */
static const uint8_t classes[256] = {
    [' '] = INDICATOR, INDICATOR, INDICATOR - IN_DOUBLE, MARK, ANY, INDICATOR, INDICATOR, INDICATOR - IN_SINGLE,
    ['('] = ANY, ANY, INDICATOR, ANY, BRACKET, INDICATOR, ANY, ANY,
    ['0'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, MARK, ANY, ANY, ANY, INDICATOR, INDICATOR,
    ['@'] = INDICATOR, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    ['P'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, BRACKET, ANY - IN_DOUBLE, BRACKET, ANY, ANY,
    ['`'] = INDICATOR, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    ['p'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, BRACKET, INDICATOR, BRACKET, ANY,
};
/* clang-format on */

static bool is(char c, unsigned what)
{
    return classes[(unsigned char)c] & what;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\0';
}

static bool is_marker(const char *line, char mark)
{
    return line[0] == mark && line[1] == mark && line[2] == mark && is_blank(line[3]);
}

/* --- nodes ------------------------------------------------------------------------------------------ */

static struct position position_of(const struct yaml_plain *r, const char *start, const char *end)
{
    struct position at = {r->source, r->line, (uint32_t)(start - r->line_start) + 1, 1};
    if (end > start)
        at.length = (uint32_t)(end - start);
    return at;
}

/* The text is what stands at `start` in the copy. */
static struct yaml_node *add_scalar(
    struct yaml_plain *r, struct position at, enum yaml_style style, const char *start, size_t length)
{
    struct yaml_node *node = arena_alloc(r->arena, sizeof *node);
    char *text = r->copy + (start - r->text);
    text[length] = '\0';
    *node = (struct yaml_node){.kind = YAML_SCALAR, .style = (uint8_t)style, .at = at};
    node->text = text;
    node->length = length;
    r->last = at;
    vec_push(&r->finished, node);
    return node;
}

static void add_empty(struct yaml_plain *r)
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
    struct yaml_plain *r, struct collection *c, enum yaml_kind kind, const char *start, uint32_t with)
{
    *c = (struct collection){kind, r->finished.count - with, position_of(r, start, start)};
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

static bool close_collection(struct yaml_plain *r, const struct collection *c)
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

/* --- lines ------------------------------------------------------------------------------------------ */

static void next_line(struct yaml_plain *r)
{
    r->line_start = ++r->at;
    r->line++;
}

static void skip_spaces(struct yaml_plain *r)
{
    while (*r->at == ' ')
        r->at++;
}

static void skip_comment(struct yaml_plain *r)
{
    if (*r->at == '#')
        while (is(*r->at, IN_TEXT))
            r->at++;
}

static bool is_at_end(const struct yaml_plain *r)
{
    return *r->at == '\0' && r->at == r->text + r->length;
}

/* From the start of a line to the next content: its column. */
static bool find_content(struct yaml_plain *r)
{
    r->column = -1;
    for (;;) {
        skip_spaces(r);
        skip_comment(r);
        if (*r->at != '\n')
            break;
        next_line(r);
    }
    if (is_at_end(r))
        return true;
    if (r->at == r->line_start && is_marker(r->at, '-'))
        return true;
    r->column = (int32_t)(r->at - r->line_start);
    return is(*r->at, IN_TEXT) && (r->column > 0 || (*r->at != '%' && !is_marker(r->at, '.')));
}

/* The same from behind a value, after which nothing else may stand on its line. */
static bool next_content(struct yaml_plain *r)
{
    skip_spaces(r);
    if (r->at[-1] == ' ')
        skip_comment(r);
    r->column = -1;
    if (is_at_end(r))
        return true;
    if (*r->at != '\n')
        return false;
    next_line(r);
    return find_content(r);
}

/* --- texts ------------------------------------------------------------------------------------------ */

/* A plain text up to what ends it on its line, without the blanks before that. */
static bool read_plain(struct yaml_plain *r, unsigned goes_on)
{
    const char *start = r->at, *p = start;
    if (!is(*p, STARTS) && !(*p == '-' && is(p[1], goes_on) && p[1] != ' '))
        return false;
    for (;; p++) {
        while (is(*p, goes_on))
            p++;
        if (*p == ':' && goes_on == IN_FLOW && strchr(",[]{}", p[1]) && p[1])
            return false;
        if (!(*p == ':' && !is_blank(p[1])) && !(*p == '#' && p[-1] != ' '))
            break;
    }
    if (*p != '\n' && !is(*p, IN_TEXT) && p != r->text + r->length)
        return false;
    r->at = p;
    while (p[-1] == ' ')
        p--;
    add_scalar(r, position_of(r, start, p), YAML_PLAIN, start, (size_t)(p - start));
    return true;
}

/* The number that four hexadecimal digits are, of a character that needs no second such escape; 0: not plain.
 */
static uint32_t read_code(const char *digits)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return 0;
        code = code << 4 | (uint32_t)digit;
    }
    return code < 0x80 ? code : 0;
}

/* A text in quotes on one line. */
static bool read_quoted(struct yaml_plain *r)
{
    char quote = *r->at++;
    unsigned goes_on = quote == '"' ? IN_DOUBLE : IN_SINGLE;
    const char *start = r->at, *p = start;
    while (is(*p, goes_on))
        p++;
    size_t length = (size_t)(p - start);
    char *out = r->copy + (start - r->text);
    while (*p != quote || (quote == '\'' && p[1] == quote)) {
        static const char letters[] = "\"\"\\\\//n\nt\tr\r";
        if (is(*p, goes_on)) {
            out[length++] = *p++;
        } else if (*p == '\'') {
            out[length++] = '\'';
            p += 2;
            if (p[0] == '\'' && p[1] == '\'')
                return false; /* libfyaml 0.7.12 makes three quotes of these two */
        } else if (*p != '\\') {
            return false;
        } else if (p[1] == 'u') {
            uint32_t code = read_code(p + 2);
            if (!code)
                return false;
            out[length++] = (char)code;
            p += 6;
        } else {
            size_t i = 0;
            while (letters[i] && letters[i] != p[1])
                i += 2;
            if (!letters[i])
                return false;
            out[length++] = letters[i + 1];
            p += 2;
        }
    }
    r->at = p + 1;
    add_scalar(r, position_of(r, start, p), YAML_QUOTED, start, length);
    return true;
}

static bool read_text(struct yaml_plain *r, unsigned goes_on)
{
    return *r->at == '"' || *r->at == '\'' ? read_quoted(r) : read_plain(r, goes_on);
}

/* The lines that go on a plain text, whose first line ends at `end`: each is joined with a space. */
static bool read_more_lines(struct yaml_plain *r, int32_t parent, const char *end)
{
    struct yaml_node *node = vec_last(&r->finished);
    char *text = r->copy + (node->text - r->copy), *out = text + node->length;
    node->at.length = (uint32_t)(end - r->text - (node->text - r->copy));
    r->last = node->at;
    while (r->column > parent) {
        uint32_t line = r->line;
        const char *start = r->at, *p = start;
        for (;; p++) {
            while (is(*p, IN_BLOCK))
                p++;
            if (!(*p == ':' && !is_blank(p[1])) && !(*p == '#' && p[-1] != ' '))
                break;
        }
        if (*p != '\n')
            return false;
        r->at = p;
        while (p[-1] == ' ')
            p--;
        *out++ = ' ';
        memcpy(out, start, (size_t)(p - start));
        out += p - start;
        if (!next_content(r) || (r->column > parent && r->line != line + 1))
            return false;
    }
    *out = '\0';
    node->length = (size_t)(out - text);
    return true;
}

/* Adds the rest of a line, from the reader on, and the empty lines behind it; the reader is on the next
 * content. */
static char *add_lines(struct yaml_plain *r, int32_t indent, char *out)
{
    const char *start = r->at;
    while (is(*r->at, IN_TEXT))
        r->at++;
    if (*r->at != '\n')
        return NULL;
    memmove(out, start, (size_t)(r->at + 1 - start));
    out += r->at + 1 - start;
    for (;;) {
        next_line(r);
        while (*r->at == ' ' && r->at < r->line_start + indent)
            r->at++;
        if (*r->at != '\n')
            return out;
        *out++ = '\n';
    }
}

/* A literal block, at its '|': its lines from the first one's indentation on. In the copy it begins where
 * that indentation did, which makes room for the NUL. */
static bool read_literal(struct yaml_plain *r, int32_t parent)
{
    bool strip = *++r->at == '-';
    r->at += strip;
    skip_spaces(r);
    if (*r->at != '\n')
        return false;
    next_line(r);
    const char *start = r->at;
    skip_spaces(r);
    int32_t indent = (int32_t)(r->at - start);
    if (indent <= parent || indent == 0 || *r->at == '\n')
        return false;
    struct position at = position_of(r, start, start + strcspn(start, "\n"));
    char *text = r->copy + (start - r->text), *out = text;
    while (r->at == r->line_start + indent)
        if (!(out = add_lines(r, indent, out)))
            return false;
    while (out > text && out[-1] == '\n')
        out--;
    if (!strip)
        *out++ = '\n';
    add_scalar(r, at, YAML_LITERAL, start, (size_t)(out - text));
    r->at = r->line_start;
    return find_content(r) && r->column <= parent;
}

/* --- brackets --------------------------------------------------------------------------------------- */

/* Blanks and line breaks within brackets. */
static bool skip_within(struct yaml_plain *r, int32_t parent)
{
    skip_spaces(r);
    if (*r->at != '\n')
        return true;
    while (*r->at == '\n') {
        next_line(r);
        skip_spaces(r);
    }
    int32_t column = (int32_t)(r->at - r->line_start);
    return column > parent && (column > 0 || !(is_marker(r->at, '-') || is_marker(r->at, '.')));
}

static bool read_flow(struct yaml_plain *r, int32_t parent);

static bool read_flow_value(struct yaml_plain *r, int32_t parent)
{
    return *r->at == '{' || *r->at == '[' ? read_flow(r, parent) : read_text(r, IN_FLOW);
}

static bool read_flow_key(struct yaml_plain *r, int32_t parent)
{
    bool quoted = !is(*r->at, STARTS);
    const char *start = r->at;
    if (!read_text(r, IN_FLOW))
        return false;
    skip_spaces(r);
    if (r->at - start > KEY_BYTES_MAX || *r->at != ':')
        return false;
    r->at++;
    return (quoted || is_blank(*r->at)) && skip_within(r, parent);
}

/* A mapping or a list in brackets, which may go over lines. */
static bool read_flow(struct yaml_plain *r, int32_t parent)
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

static bool read_block(struct yaml_plain *r, int32_t parent);

static bool is_entry(const struct yaml_plain *r)
{
    return r->at[0] == '-' && (r->at[1] == ' ' || r->at[1] == '\n');
}

static bool is_key_end(const struct yaml_plain *r)
{
    return *r->at == ':' && is_blank(r->at[1]);
}

/* Behind "key:" or "-": what is on this line, or on lines further in than `indent`, or nothing. */
static bool read_entry(struct yaml_plain *r, int32_t indent, bool of_mapping);

/* Entries of a list, whose dashes stand in one column. */
static bool read_sequence(struct yaml_plain *r, int32_t column)
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
static bool read_mapping(struct yaml_plain *r, int32_t column, const char *start)
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
        if (!read_text(r, IN_BLOCK))
            return false;
        skip_spaces(r);
    }
    return r->column < column && close_collection(r, &c);
}

/* A text, behind which nothing but its own further lines may stand. */
static bool end_text(struct yaml_plain *r, int32_t parent)
{
    bool plain = vec_last(&r->finished)->style == YAML_PLAIN;
    uint32_t line = r->line;
    const char *end = r->at;
    if (*end == ':' || !next_content(r))
        return false;
    if (r->column <= parent)
        return true;
    return plain && *end == '\n' && r->line == line + 1 && read_more_lines(r, parent, end);
}

static bool read_line_value(struct yaml_plain *r, int32_t parent)
{
    switch (*r->at) {
    case '{':
    case '[':
        return read_flow(r, parent) && next_content(r) && r->column <= parent;
    case '|':
        return read_literal(r, parent);
    default:
        return read_text(r, IN_BLOCK) && end_text(r, parent);
    }
}

/* The content at r->column, which is further in than `parent`. */
static bool read_block(struct yaml_plain *r, int32_t parent)
{
    int32_t column = r->column;
    if (is_entry(r))
        return read_sequence(r, column);
    if (*r->at == '{' || *r->at == '[')
        return read_line_value(r, parent);
    const char *start = r->at;
    if (!read_text(r, IN_BLOCK))
        return false;
    skip_spaces(r);
    return is_key_end(r) ? read_mapping(r, column, start) : end_text(r, parent);
}

static bool read_entry(struct yaml_plain *r, int32_t indent, bool of_mapping)
{
    skip_spaces(r);
    bool on_this_line = *r->at != '\n' && *r->at != '\0' && *r->at != '#';
    if (on_this_line && (of_mapping || *r->at == '|'))
        return read_line_value(r, indent);
    if (on_this_line)
        r->column = (int32_t)(r->at - r->line_start);
    else if (!next_content(r))
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
    struct yaml_plain *plain, struct arena *arena, uint32_t source, const char *text, size_t length)
{
    EPSIM_ASSERT(text[length] == '\0');
    *plain = (struct yaml_plain){.arena = arena, .text = text, .length = length, .source = source};
    plain->copy = arena_strndup(arena, text, length);
    vec_reserve(&plain->finished, YAML_DEPTH_MAX);
}

void yaml_plain_fini(struct yaml_plain *plain)
{
    vec_fini(&plain->finished);
}

static bool read_document(struct yaml_plain *r, struct yaml_node **out_root)
{
    if (is_marker(r->at, '-')) {
        r->at += 3;
        if (!next_content(r))
            return false;
    } else if (!find_content(r)) {
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

bool yaml_plain_read(struct yaml_plain *plain, size_t *at, uint32_t *line, struct yaml_node **out_root)
{
    plain->at = plain->line_start = plain->text + *at;
    plain->line = *line;
    plain->open = 0;
    plain->last = (struct position){plain->source, *line, 1, 1};
    vec_clear(&plain->finished);
    if (!read_document(plain, out_root))
        return false;
    *at = (size_t)(plain->at - plain->text);
    *line = plain->line;
    return true;
}
