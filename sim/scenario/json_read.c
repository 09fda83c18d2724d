/*
 * json_read.c: one pass; finished nodes wait on a stack until their collection ends, so that a collection is
 * one array of exactly its size. Recursion is bounded by YAML_DEPTH_MAX.
 */
#include "scenario/json_read.h"

#include <string.h>

struct reader {
    struct arena *arena;
    uint32_t source;
    const char *at, *end;
    const char *line_start;
    uint32_t line;
    uint32_t depth;
    VEC(struct yaml_node *) finished;
    struct json_mistake mistake;
};

static struct position position_at(const struct reader *r, const char *start, const char *end)
{
    struct position at = {r->source, r->line, (uint32_t)(start - r->line_start) + 1, 1};
    if (end > start)
        at.length = (uint32_t)(end - start);
    return at;
}

static bool fail(struct reader *r, const char *at, const char *message)
{
    if (!r->mistake.message)
        r->mistake = (struct json_mistake){message, position_at(r, at, at)};
    return false;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end) {
        if (*r->at == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        } else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r') {
            return;
        }
        r->at++;
    }
}

/* --- texts -------------------------------------------------------------------------------------------- */

static bool hex4(const char *digits, const char *end, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits + i < end ? digits[i] : '\0';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return false;
        *out = *out * 16 + digit;
    }
    return true;
}

static char *put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *out++ = (char)(0xe0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    } else {
        *out++ = (char)(0xf0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3f));
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    }
    return out;
}

/* \uXXXX, two of them for what is beyond U+FFFF; half a pair becomes U+FFFD. */
static bool read_code(struct reader *r, char **out)
{
    uint32_t code, low;
    if (!hex4(r->at, r->end, &code))
        return fail(r, r->at - 2, "\\u takes four hexadecimal digits");
    r->at += 4;
    if (code == 0)
        return fail(r, r->at - 6, "a text must not hold a NUL");
    if (code >= 0xd800 && code < 0xdc00 && r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u' &&
        hex4(r->at + 2, r->end, &low) && low >= 0xdc00 && low < 0xe000) {
        r->at += 6;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xd800 && code < 0xe000) {
        code = 0xfffd;
    }
    *out = put_utf8(*out, code);
    return true;
}

static bool read_escape(struct reader *r, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = r->at + 1 < r->end ? r->at[1] : '\0';
    r->at += 2;
    if (c == 'u')
        return read_code(r, out);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found)
        return fail(r, r->at - 2, "no escape of JSON");
    *(*out)++ = to[found - from];
    return true;
}

/* Behind the quote, to the closing one. */
static bool read_text(struct reader *r)
{
    const char *start = ++r->at;
    while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= 0x20)
        r->at++;
    struct yaml_node *node = arena_alloc(r->arena, sizeof *node);
    *node = (struct yaml_node){.kind = YAML_SCALAR, .style = YAML_QUOTED};
    if (r->at < r->end && *r->at == '"') {
        node->text = arena_strndup(r->arena, start, (size_t)(r->at - start));
        node->length = (size_t)(r->at - start);
    } else {
        /* An escape never becomes longer than it is written. */
        const char *close = r->at;
        while (close < r->end && *close != '"')
            close += *close == '\\' ? 2 : 1;
        if (close >= r->end)
            return fail(r, start - 1, "the text that begins here has no end");
        char *text = arena_alloc(r->arena, (size_t)(close - start) + 1), *out = text;
        memcpy(out, start, (size_t)(r->at - start));
        out += r->at - start;
        while (*r->at != '"') {
            if ((unsigned char)*r->at < 0x20)
                return fail(r, r->at, "a control character in a text: JSON writes it as an escape");
            if (*r->at != '\\')
                *out++ = *r->at++;
            else if (!read_escape(r, &out))
                return false;
        }
        node->text = text;
        node->length = (size_t)(out - text);
    }
    node->at = position_at(r, start, r->at);
    r->at++;
    vec_push(&r->finished, node);
    return true;
}

/* --- numbers and words -------------------------------------------------------------------------------- */

static bool is_number(const char *p, const char *end)
{
    p += p < end && *p == '-';
    const char *digits = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    if (p == digits || (*digits == '0' && p - digits > 1))
        return false;
    if (p < end && *p == '.') {
        digits = ++p;
        while (p < end && *p >= '0' && *p <= '9')
            p++;
        if (p == digits)
            return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        digits = p;
        while (p < end && *p >= '0' && *p <= '9')
            p++;
        if (p == digits)
            return false;
    }
    return p == end;
}

static bool is_word(const char *start, size_t length)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++)
        if (strlen(words[i]) == length && memcmp(words[i], start, length) == 0)
            return true;
    return false;
}

static bool read_plain(struct reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && !strchr(" \t\r\n,:[]{}\"", *r->at))
        r->at++;
    if (r->at == start)
        return fail(r, start, r->at < r->end ? "a value is expected here" : "the value is missing");
    if (!is_word(start, (size_t)(r->at - start)) && !is_number(start, r->at))
        return fail(r, start, "no value of JSON: a text needs quotes");
    struct yaml_node *node = arena_alloc(r->arena, sizeof *node);
    *node = (struct yaml_node){.kind = YAML_SCALAR,
        .style = YAML_PLAIN,
        .at = position_at(r, start, r->at),
        .text = arena_strndup(r->arena, start, (size_t)(r->at - start)),
        .length = (size_t)(r->at - start)};
    vec_push(&r->finished, node);
    return true;
}

/* --- collections -------------------------------------------------------------------------------------- */

static bool read_value(struct reader *r);

static bool read_member(struct reader *r)
{
    if (r->at >= r->end || *r->at != '"')
        return fail(r, r->at, "a key in quotes is expected here");
    if (!read_text(r))
        return false;
    skip_blanks(r);
    if (r->at >= r->end || *r->at != ':')
        return fail(r, r->at, "':' is expected behind a key");
    r->at++;
    skip_blanks(r);
    return read_value(r);
}

static void close_collection(struct reader *r, enum yaml_kind kind, uint32_t first, struct position at)
{
    uint32_t count = r->finished.count - first;
    struct yaml_node **nodes = r->finished.items + first;
    struct yaml_node *node = yaml_new_node(r->arena, kind, at);
    for (uint32_t i = 0; i < count; i++)
        if (nodes[i]->depth >= node->depth)
            node->depth = (uint8_t)(nodes[i]->depth + 1);
    if (count > 0) {
        /* Keys and values by turns are what an array of pairs is. */
        void *copy = arena_alloc(r->arena, count * sizeof *nodes);
        memcpy(copy, nodes, count * sizeof *nodes);
        if (kind == YAML_MAPPING) {
            node->pairs = copy;
            node->pair_count = count / 2;
        } else {
            node->items = copy;
            node->item_count = count;
        }
    }
    r->finished.count = first;
    vec_push(&r->finished, node);
}

static bool read_collection(struct reader *r)
{
    enum yaml_kind kind = *r->at == '{' ? YAML_MAPPING : YAML_SEQUENCE;
    char close = kind == YAML_MAPPING ? '}' : ']';
    struct position at = position_at(r, r->at, r->at);
    uint32_t first = r->finished.count;
    if (++r->depth > YAML_DEPTH_MAX)
        return fail(r, r->at, "nested too deeply");
    r->at++;
    skip_blanks(r);
    bool is_empty = r->at < r->end && *r->at == close;
    while (!is_empty) {
        if (!(kind == YAML_MAPPING ? read_member(r) : read_value(r)))
            return false;
        skip_blanks(r);
        if (r->at < r->end && *r->at == close)
            break;
        if (r->at >= r->end || *r->at != ',')
            return fail(r, r->at,
                kind == YAML_MAPPING ? "',' or '}' is expected here" : "',' or ']' is expected here");
        r->at++;
        skip_blanks(r);
    }
    r->at++;
    r->depth--;
    close_collection(r, kind, first, at);
    return true;
}

static bool read_value(struct reader *r)
{
    if (r->at < r->end && (*r->at == '{' || *r->at == '['))
        return read_collection(r);
    return r->at < r->end && *r->at == '"' ? read_text(r) : read_plain(r);
}

struct yaml_node *json_read(
    struct arena *arena, uint32_t source, const char *text, size_t length, struct json_mistake *out_mistake)
{
    struct reader r = {
        .arena = arena, .source = source, .at = text, .end = text + length, .line_start = text, .line = 1};
    skip_blanks(&r);
    bool good = read_value(&r);
    skip_blanks(&r);
    if (good && r.at < r.end)
        good = fail(&r, r.at, "nothing is expected behind the value");
    struct yaml_node *root = good ? r.finished.items[0] : NULL;
    *out_mistake = r.mistake;
    vec_fini(&r.finished);
    return root;
}
