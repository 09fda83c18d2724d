/*
 * yaml_scan.c: see yaml_scan.h.
 */
#include "scenario/yaml_scan.h"

#include <string.h>

#define ANY (SCAN_IN_TEXT | SCAN_IN_BLOCK | SCAN_IN_FLOW | SCAN_STARTS | SCAN_IN_SINGLE | SCAN_IN_DOUBLE)
#define INDICATOR (ANY - SCAN_STARTS)
#define BRACKET (INDICATOR - SCAN_IN_FLOW)
#define MARK (BRACKET - SCAN_IN_BLOCK) /* means something beside a blank */

/* clang-format off */
const uint8_t scan_classes[256] = {
    [' '] = INDICATOR, INDICATOR, INDICATOR - SCAN_IN_DOUBLE, MARK, ANY, INDICATOR, INDICATOR, INDICATOR - SCAN_IN_SINGLE,
    ['('] = ANY, ANY, INDICATOR, ANY, BRACKET, INDICATOR, ANY, ANY,
    ['0'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, MARK, ANY, ANY, ANY, INDICATOR, INDICATOR,
    ['@'] = INDICATOR, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    ['P'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, BRACKET, ANY - SCAN_IN_DOUBLE, BRACKET, ANY, ANY,
    ['`'] = INDICATOR, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    ['p'] = ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, BRACKET, INDICATOR, BRACKET, ANY,
};
/* clang-format on */

/* --- lines ------------------------------------------------------------------------------------------ */

static void skip_comment(struct yaml_scan *r)
{
    if (*r->at == '#')
        while (scan_is(*r->at, SCAN_IN_TEXT))
            r->at++;
}

static bool is_at_end(const struct yaml_scan *r)
{
    return *r->at == '\0' && r->at == r->text + r->length;
}

bool scan_find_content(struct yaml_scan *r)
{
    r->column = -1;
    for (;;) {
        scan_skip_spaces(r);
        skip_comment(r);
        if (*r->at != '\n')
            break;
        scan_next_line(r);
    }
    if (is_at_end(r))
        return true;
    if (r->at == r->line_start && scan_is_marker(r->at, '-'))
        return true;
    r->column = (int32_t)(r->at - r->line_start);
    return scan_is(*r->at, SCAN_IN_TEXT) && (r->column > 0 || (*r->at != '%' && !scan_is_marker(r->at, '.')));
}

bool scan_next_content(struct yaml_scan *r)
{
    scan_skip_spaces(r);
    if (r->at[-1] == ' ')
        skip_comment(r);
    r->column = -1;
    if (is_at_end(r))
        return true;
    if (*r->at != '\n')
        return false;
    scan_next_line(r);
    return scan_find_content(r);
}

/* --- texts ------------------------------------------------------------------------------------------ */

/* The text is what stands at `start` in the copy. */
static struct yaml_node *add_scalar(
    struct yaml_scan *r, struct position at, enum yaml_style style, const char *start, size_t length)
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

/* A plain text up to what ends it on its line, without the blanks before that. */
static bool read_plain(struct yaml_scan *r, unsigned goes_on)
{
    const char *start = r->at, *p = start;
    if (!scan_is(*p, SCAN_STARTS) && !(*p == '-' && scan_is(p[1], goes_on) && p[1] != ' '))
        return false;
    for (;; p++) {
        while (scan_is(*p, goes_on))
            p++;
        if (*p == ':' && goes_on == SCAN_IN_FLOW && strchr(",[]{}", p[1]) && p[1])
            return false;
        if (!(*p == ':' && !scan_is_blank(p[1])) && !(*p == '#' && p[-1] != ' '))
            break;
    }
    if (*p != '\n' && !scan_is(*p, SCAN_IN_TEXT) && p != r->text + r->length)
        return false;
    r->at = p;
    while (p[-1] == ' ')
        p--;
    add_scalar(r, scan_position(r, start, p), YAML_PLAIN, start, (size_t)(p - start));
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
static bool read_quoted(struct yaml_scan *r)
{
    char quote = *r->at++;
    unsigned goes_on = quote == '"' ? SCAN_IN_DOUBLE : SCAN_IN_SINGLE;
    const char *start = r->at, *p = start;
    while (scan_is(*p, goes_on))
        p++;
    size_t length = (size_t)(p - start);
    char *out = r->copy + (start - r->text);
    while (*p != quote || (quote == '\'' && p[1] == quote)) {
        static const char letters[] = "\"\"\\\\//n\nt\tr\r";
        if (scan_is(*p, goes_on)) {
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
    add_scalar(r, scan_position(r, start, p), YAML_QUOTED, start, length);
    return true;
}

bool scan_text(struct yaml_scan *r, unsigned goes_on)
{
    return *r->at == '"' || *r->at == '\'' ? read_quoted(r) : read_plain(r, goes_on);
}

bool scan_more_lines(struct yaml_scan *r, int32_t parent, const char *end)
{
    struct yaml_node *node = vec_last(&r->finished);
    char *text = r->copy + (node->text - r->copy), *out = text + node->length;
    node->at.length = (uint32_t)(end - r->text - (node->text - r->copy));
    r->last = node->at;
    while (r->column > parent) {
        uint32_t line = r->line;
        const char *start = r->at, *p = start;
        for (;; p++) {
            while (scan_is(*p, SCAN_IN_BLOCK))
                p++;
            if (!(*p == ':' && !scan_is_blank(p[1])) && !(*p == '#' && p[-1] != ' '))
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
        if (!scan_next_content(r) || (r->column > parent && r->line != line + 1))
            return false;
    }
    *out = '\0';
    node->length = (size_t)(out - text);
    return true;
}

/* Adds the rest of a line, from the reader on, and the empty lines behind it; the reader is on the next
 * content. */
static char *add_lines(struct yaml_scan *r, int32_t indent, char *out)
{
    const char *start = r->at;
    while (scan_is(*r->at, SCAN_IN_TEXT))
        r->at++;
    if (*r->at != '\n')
        return NULL;
    memmove(out, start, (size_t)(r->at + 1 - start));
    out += r->at + 1 - start;
    for (;;) {
        scan_next_line(r);
        while (*r->at == ' ' && r->at < r->line_start + indent)
            r->at++;
        if (*r->at != '\n')
            return out;
        *out++ = '\n';
    }
}

/* In the copy the text begins where its first line's indentation did, which makes room for the NUL. */
bool scan_literal(struct yaml_scan *r, int32_t parent)
{
    bool strip = *++r->at == '-';
    r->at += strip;
    scan_skip_spaces(r);
    if (*r->at != '\n')
        return false;
    scan_next_line(r);
    const char *start = r->at;
    scan_skip_spaces(r);
    int32_t indent = (int32_t)(r->at - start);
    if (indent <= parent || indent == 0 || *r->at == '\n')
        return false;
    struct position at = scan_position(r, start, start + strcspn(start, "\n"));
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
    return scan_find_content(r) && r->column <= parent;
}
