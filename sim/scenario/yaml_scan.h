/*
 * yaml_scan.h: a reader's place in a text of YAML, and what stands on a line: blanks, comments, plain and
 * quoted texts, literal blocks. yaml_plain.c makes trees of it.
 *
 * Every function that reads returns false for "not plain" (yaml_plain.h), and the document is given up. Texts
 * are not copied one by one: the whole text is copied once, and a NUL set behind each text in the copy;
 * reading goes on in the original. What a position is follows libfyaml's marks: a quoted text begins behind
 * its quote, an empty value stands where the latest event did.
 */
#ifndef EPSIM_SCENARIO_YAML_SCAN_H
#define EPSIM_SCENARIO_YAML_SCAN_H

#include "scenario/yaml.h"

struct yaml_scan {
    struct arena *arena; /* nodes live there */
    const char *text;    /* ends with a NUL behind `length` */
    size_t length;
    uint32_t source;
    /* Private. */
    char *copy;     /* of the text: the texts of nodes lie in it, each with its NUL */
    const char *at; /* next byte to read */
    const char *line_start;
    uint32_t line;        /* from 1 */
    int32_t column;       /* of the next content, from 0; -1 behind the document's last */
    uint32_t open;        /* collections, for who builds them */
    struct position last; /* of the latest event: what is empty stands there */
    VEC(struct yaml_node *) finished;
};

/* What a byte may do without a second look. None of it: what is not plain wherever it stands (controls,
 * characters beyond ASCII, the NUL at the end), and the line feed. */
enum {
    SCAN_IN_TEXT = 1,    /* goes on in a comment and in a literal block */
    SCAN_IN_BLOCK = 2,   /* goes on in a plain text */
    SCAN_IN_FLOW = 4,    /* goes on in a plain text within brackets */
    SCAN_STARTS = 8,     /* begins a plain text */
    SCAN_IN_SINGLE = 16, /* goes on in single quotes */
    SCAN_IN_DOUBLE = 32,
};
extern const uint8_t scan_classes[256];

/* A byte may do `what`, one or more of these. */
static inline bool scan_is(char c, unsigned what)
{
    return scan_classes[(unsigned char)c] & what;
}

static inline bool scan_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\0';
}

/* "---" or "..." on a line of its own. */
static inline bool scan_is_marker(const char *line, char mark)
{
    return line[0] == mark && line[1] == mark && line[2] == mark && scan_is_blank(line[3]);
}

static inline struct position scan_position(const struct yaml_scan *r, const char *start, const char *end)
{
    struct position at = {r->source, r->line, (uint32_t)(start - r->line_start) + 1, 1};
    if (end > start)
        at.length = (uint32_t)(end - start);
    return at;
}

static inline void scan_next_line(struct yaml_scan *r)
{
    r->line_start = ++r->at;
    r->line++;
}

static inline void scan_skip_spaces(struct yaml_scan *r)
{
    while (*r->at == ' ')
        r->at++;
}

/* From the start of a line to the next content: its column, or -1 behind the document's last. */
bool scan_find_content(struct yaml_scan *r);
/* The same from behind a value, after which nothing else may stand on its line. */
bool scan_next_content(struct yaml_scan *r);
/* Texts become nodes, at the end of `finished`. A quoted text, or a plain one up to what ends it on its line,
 * without the blanks before that; `goes_on`: SCAN_IN_BLOCK or SCAN_IN_FLOW. */
bool scan_text(struct yaml_scan *r, unsigned goes_on);
/* The lines that go on the plain text that was read last, whose first line ends at `end`: each is joined with
 * a space. They stand further right than `parent`. */
bool scan_more_lines(struct yaml_scan *r, int32_t parent, const char *end);
/* A literal block, at its '|': its lines from the first one's indentation on. */
bool scan_literal(struct yaml_scan *r, int32_t parent);

#endif
