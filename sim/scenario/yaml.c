/*
 * yaml.c: from libfyaml's events to our tree.
 *
 * Finished nodes wait on one stack until their collection ends, so a collection is one array of exactly
 * its size. Nothing recurses while reading: the open collections are a stack of at most YAML_DEPTH_MAX.
 * An alias copies the nodes of its anchor (their texts are shared), so that --set may change one use of
 * it and not the others.
 */
#include "scenario/yaml.h"

#include <inttypes.h>
#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/text.h"
#include "scenario/yaml_hint.h"
#include "scenario/yaml_mapping.h"
#include "scenario/yaml_plain.h"

/* How often reading goes on behind a syntax error. */
#define RESTARTS_MAX 20

struct anchor {
    const char *name;
    struct yaml_node *node; /* NULL while its collection is open */
};

struct open_collection {
    enum yaml_kind kind;
    struct position at;
    uint32_t first;        /* index on the stack of finished nodes */
    struct anchor *anchor; /* NULL: none */
};

struct builder {
    struct arena *arena;
    struct diag *diag;
    uint32_t source;
    const char *text;
    size_t length;
    uint32_t offset;         /* of the text within its source; only ever on the first line */
    struct yaml_scan *plain; /* NULL: everything by libfyaml */
    size_t at;               /* where reading goes on: the start of a line */
    uint32_t at_line;        /* that line, from 1 */
    size_t base;             /* where libfyaml began to read: the start of a line */
    VEC(size_t) line_starts; /* found when libfyaml is first asked */
    uint32_t line_cursor;    /* the latest line asked for: events come in order */
    VEC(struct yaml_node *) finished;
    struct fy_token_iter *pieces;
    struct text scratch;
    struct map anchors; /* of this document, by name; the latest of a name */
    struct open_collection open[YAML_DEPTH_MAX];
    uint32_t open_count;
    uint32_t alias_nodes;
    struct yaml_node *root;
    struct position last; /* of the latest event */
    bool failed;
};

/* --- positions -------------------------------------------------------------------------------------- */

static void lines_find(struct builder *b)
{
    vec_push(&b->line_starts, 0);
    const char *end = b->text + b->length;
    for (const char *p = b->text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        if (!newline)
            break;
        p = newline + 1;
        vec_push(&b->line_starts, (size_t)(p - b->text));
    }
}

static bool line_holds(const struct builder *b, uint32_t line, size_t byte)
{
    return b->line_starts.items[line] <= byte &&
           (line + 1 == b->line_starts.count || byte < b->line_starts.items[line + 1]);
}

/* Index of the line that holds a byte. O(1) near the line before, else O(log lines). */
static uint32_t line_of(struct builder *b, size_t byte)
{
    for (uint32_t line = b->line_cursor; line < b->line_starts.count && line < b->line_cursor + 3; line++)
        if (line_holds(b, line, byte))
            return b->line_cursor = line;
    uint32_t low = 0, high = b->line_starts.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (b->line_starts.items[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return b->line_cursor = low;
}

static struct position position_at(struct builder *b, size_t byte, size_t end)
{
    uint32_t line = line_of(b, byte);
    size_t line_end = line + 1 < b->line_starts.count ? b->line_starts.items[line + 1] - 1 : b->length;
    size_t start = b->line_starts.items[line];
    end = end < line_end ? end : line_end;
    struct position at = {.source = b->source, .line = line + 1, .column = (uint32_t)(byte - start) + 1};
    at.length = end > byte ? (uint32_t)(end - byte) : 1;
    if (line == 0)
        at.column += b->offset;
    return at;
}

static struct position position_of(struct builder *b, struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    if (!start || start->input_pos > b->length - b->base)
        return b->last;
    return position_at(b, b->base + start->input_pos, b->base + (end ? end->input_pos : start->input_pos));
}

/* A line and a column in characters, both from 1, as libfyaml's messages have them. */
static struct position position_of_message(struct builder *b, int line, int column)
{
    if (line < 1 || column < 1)
        return b->last;
    uint32_t index = line_of(b, b->base) + (uint32_t)line - 1;
    if (index >= b->line_starts.count)
        return position_at(b, b->length, b->length);
    size_t byte = b->line_starts.items[index];
    for (int i = 1; i < column && byte < b->length && b->text[byte] != '\n'; i++) {
        byte++;
        while (byte < b->length && ((unsigned char)b->text[byte] & 0xc0) == 0x80)
            byte++;
    }
    return position_at(b, byte, byte + 1);
}

/* --- mistakes --------------------------------------------------------------------------------------- */

static void fail(struct builder *b, struct position at, const char *message)
{
    diag_error(b->diag, at, "%s", message);
    b->failed = true;
}

/* The first complaint of libfyaml, which prints it as "<memory-@...>:LINE:COLUMN: error: TEXT". Its own list
 * of errors is not used, for it is never freed (0.7.12). */
struct complaint {
    int line, column; /* 0: none */
    char text[200];
};

static void catch_complaint(struct fy_diag *diag, void *user, const char *bytes, size_t length)
{
    struct complaint *complaint = user;
    char line[400];
    int text_at = 0;
    (void)diag;
    if (complaint->line > 0)
        return;
    snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), bytes);
    const char *position = strchr(line, '>');
    int fields =
        position ? sscanf(position, ">:%d:%d: error: %n", &complaint->line, &complaint->column, &text_at) : 0;
    if (fields < 2 || text_at == 0) {
        complaint->line = 0;
        return;
    }
    snprintf(complaint->text, sizeof complaint->text, "%.*s", (int)strcspn(position + text_at, "\n"),
        position + text_at);
}

static const char *hint_at(const struct builder *b, struct position at, const char *message)
{
    if (at.line == 0 || at.line > b->line_starts.count)
        return "";
    return yaml_hint(message, b->text + b->line_starts.items[at.line - 1]);
}

/* Nothing but blanks from the line on. */
static bool is_at_end(const struct builder *b, uint32_t line)
{
    size_t byte = line <= b->line_starts.count ? b->line_starts.items[line - 1] : b->length;
    while (byte < b->length && strchr(" \t\r\n", b->text[byte]))
        byte++;
    return byte == b->length;
}

static void report_syntax_error(struct builder *b, const struct complaint *complaint)
{
    struct position at = position_of_message(b, complaint->line, complaint->column);
    const char *message = complaint->line > 0 ? complaint->text : "not YAML";
    if (b->open_count > 0 && is_at_end(b, at.line))
        diag_error(b->diag, at, "%s; the text ends within what begins at line %" PRIu32, message,
            b->open[b->open_count - 1].at.line);
    else
        diag_error(b->diag, at, "%s%s", message, hint_at(b, at, message));
    b->last = at;
    b->failed = true;
}

/* --- nodes ------------------------------------------------------------------------------------------ */

static void finish(struct builder *b, struct yaml_node *node)
{
    if (b->open_count == 0)
        b->root = node;
    else
        vec_push(&b->finished, node);
}

static bool copy_within_limits(struct builder *b, const struct yaml_node *from, struct yaml_node *to)
{
    *to = *from;
    if (++b->alias_nodes > YAML_ALIAS_NODES_MAX)
        return false;
    if (from->kind == YAML_SEQUENCE && from->item_count > 0) {
        to->items = arena_alloc(b->arena, from->item_count * sizeof(struct yaml_node *));
        for (uint32_t i = 0; i < from->item_count; i++) {
            to->items[i] = arena_alloc(b->arena, sizeof(struct yaml_node));
            if (!copy_within_limits(b, from->items[i], to->items[i]))
                return false;
        }
    } else if (from->kind == YAML_MAPPING && from->pair_count > 0) {
        to->pairs = arena_alloc(b->arena, from->pair_count * sizeof(struct yaml_pair));
        for (uint32_t i = 0; i < from->pair_count; i++) {
            to->pairs[i].key = from->pairs[i].key;
            to->pairs[i].value = arena_alloc(b->arena, sizeof(struct yaml_node));
            if (!copy_within_limits(b, from->pairs[i].value, to->pairs[i].value))
                return false;
        }
    }
    return true;
}

static void mapping_fill(
    struct builder *b, struct yaml_node *mapping, struct yaml_node *const *nodes, uint32_t count)
{
    EPSIM_ASSERT(count % 2 == 0);
    mapping->pairs = arena_alloc(b->arena, (count / 2) * sizeof(struct yaml_pair));
    mapping->pair_count = count / 2;
    for (uint32_t i = 0; i < count / 2; i++) {
        struct yaml_node *key = nodes[2 * i];
        mapping->pairs[i] = (struct yaml_pair){key, nodes[2 * i + 1]};
        if (key->kind != YAML_SCALAR) {
            fail(b, key->at, "a key must be a text");
            mapping->pairs[i].key = yaml_new_node(b->arena, YAML_SCALAR, key->at);
        }
    }
    yaml_drop_duplicates(b->diag, mapping);
    if (!yaml_resolve_merge(b->arena, b->diag, mapping))
        b->failed = true;
}

/* --- events ----------------------------------------------------------------------------------------- */

static bool anchor_has_name(const void *value, const void *context)
{
    return strcmp(((const struct anchor *)value)->name, context) == 0;
}

/* A token's text, in b->scratch until the next call. Piece by piece: fy_token_get_text loses memory when a
 * text has many pieces, such as quotes within quotes (0.7.12). */
static const struct text *token_text(struct builder *b, struct fy_token *token)
{
    const struct fy_iter_chunk *chunk = NULL;
    text_clear(&b->scratch);
    if (!token)
        return &b->scratch;
    fy_token_iter_start(token, b->pieces);
    while ((chunk = fy_token_iter_chunk_next(b->pieces, chunk, NULL)))
        text_add_bytes(&b->scratch, chunk->str, chunk->len);
    fy_token_iter_finish(b->pieces);
    return &b->scratch;
}

/* Remembers an anchor before its node is finished; NULL when there is none. */
static struct anchor *anchor_add(struct builder *b, struct fy_token *token)
{
    const struct text *name = token_text(b, token);
    if (!name->length)
        return NULL;
    uint64_t hash = hash64(name->data, name->length);
    struct anchor *anchor = arena_alloc(b->arena, sizeof *anchor);
    anchor->name = arena_strndup(b->arena, name->data, name->length);
    struct anchor *older = map_find_where(&b->anchors, hash, anchor_has_name, anchor->name);
    if (older)
        map_remove_ptr(&b->anchors, hash, older);
    map_add_ptr(&b->anchors, hash, anchor);
    return anchor;
}

static enum yaml_style style_of(struct fy_token *token)
{
    switch (fy_token_scalar_style(token)) {
    case FYSS_SINGLE_QUOTED:
    case FYSS_DOUBLE_QUOTED:
        return YAML_QUOTED;
    case FYSS_LITERAL:
        return YAML_LITERAL;
    case FYSS_FOLDED:
        return YAML_FOLDED;
    default:
        return YAML_PLAIN;
    }
}

static void on_scalar(struct builder *b, const struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    struct yaml_node *node = yaml_new_node(b->arena, YAML_SCALAR, position_of(b, token));
    const struct text *text = token_text(b, token);
    if (token)
        node->style = (uint8_t)style_of(token);
    if (text->length > 0 && memchr(text->data, '\0', text->length)) {
        fail(b, node->at, "a text must not contain a NUL character");
    } else if (text->length > 0) {
        node->text = arena_strndup(b->arena, text->data, text->length);
        node->length = text->length;
    }
    struct anchor *anchor = anchor_add(b, event->scalar.anchor);
    if (anchor)
        anchor->node = node;
    b->last = node->at;
    finish(b, node);
}

static void on_alias(struct builder *b, const struct fy_event *event)
{
    struct fy_token *token = event->alias.anchor;
    struct position at = position_of(b, token);
    struct yaml_node *node = yaml_new_node(b->arena, YAML_SCALAR, at);
    const struct text *name = token_text(b, token);
    const struct anchor *found = NULL;
    if (name->length > 0)
        found = map_find_where(&b->anchors, hash64(name->data, name->length), anchor_has_name, name->data);
    b->last = at;
    if (!found)
        fail(b, at, "no anchor of this name stands before");
    else if (!found->node)
        fail(b, at, "an alias within its own anchor would never end");
    else if (found->node->depth + b->open_count > YAML_DEPTH_MAX)
        fail(b, at, "too many levels of nesting");
    else if (!copy_within_limits(b, found->node, node))
        fail(b, at, "aliases expand to more than 100,000 nodes");
    finish(b, node);
}

static void on_start(struct builder *b, enum yaml_kind kind, struct fy_token *token, struct fy_token *anchor)
{
    struct position at = position_of(b, token);
    at.length = 1;
    b->last = at;
    if (b->open_count == YAML_DEPTH_MAX) {
        fail(b, at, "too many levels of nesting");
        return;
    }
    b->open[b->open_count++] = (struct open_collection){kind, at, b->finished.count, anchor_add(b, anchor)};
}

static void on_end(struct builder *b)
{
    EPSIM_ASSERT(b->open_count > 0);
    struct open_collection open = b->open[--b->open_count];
    uint32_t count = b->finished.count - open.first;
    struct yaml_node **nodes = count ? b->finished.items + open.first : NULL;
    struct yaml_node *node = yaml_new_node(b->arena, open.kind, open.at);
    node->depth = 1;
    for (uint32_t i = 0; i < count; i++)
        if (nodes[i]->depth >= node->depth)
            node->depth = (uint8_t)(nodes[i]->depth + 1);
    if (open.kind == YAML_MAPPING && count > 0) {
        mapping_fill(b, node, nodes, count);
    } else if (count > 0) {
        node->items = arena_alloc(b->arena, count * sizeof *node->items);
        node->item_count = count;
        memcpy(node->items, nodes, count * sizeof *node->items);
    }
    b->finished.count = open.first;
    if (open.anchor)
        open.anchor->node = node;
    finish(b, node);
}

static void on_document_end(struct builder *b, struct yaml_stream *out)
{
    struct yaml_node *root = b->root;
    if (root && !(root->kind == YAML_SCALAR && root->style == YAML_PLAIN && root->length == 0) && !b->failed)
        vec_push(&out->documents, root);
    b->root = NULL;
    map_fini(&b->anchors);
    vec_clear(&b->finished);
    b->open_count = 0;
}

static void on_event(struct builder *b, const struct fy_event *event, struct yaml_stream *out)
{
    switch (event->type) {
    case FYET_SCALAR:
        on_scalar(b, event);
        break;
    case FYET_ALIAS:
        on_alias(b, event);
        break;
    case FYET_MAPPING_START:
        on_start(b, YAML_MAPPING, event->mapping_start.mapping_start, event->mapping_start.anchor);
        break;
    case FYET_SEQUENCE_START:
        on_start(b, YAML_SEQUENCE, event->sequence_start.sequence_start, event->sequence_start.anchor);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        on_end(b);
        break;
    case FYET_DOCUMENT_END:
        on_document_end(b, out);
        break;
    default:
        break;
    }
}

/* One document at b->at, when it is plain. */
static bool read_plain(struct builder *b, struct yaml_stream *out)
{
    struct yaml_node *root;
    if (!b->plain || !yaml_plain_read(b->plain, &b->at, &b->at_line, &root))
        return false;
    if (root)
        vec_push(&out->documents, root);
    return true;
}

/* True when a document after the first begins here that the plain reader has read: the rest is not for
 * libfyaml. What stands before it libfyaml has seen to its end. */
static bool can_leave(struct builder *b, const struct fy_event *event, struct yaml_stream *out)
{
    struct fy_document_state *state = event->document_start.document_state;
    struct fy_token *token = event->document_start.document_start;
    const struct fy_mark *mark = token && !event->document_start.implicit ? fy_token_start_mark(token) : NULL;
    if (!b->plain || !mark || mark->input_pos == 0 || fy_document_state_version_explicit(state) ||
        fy_document_state_tags_explicit(state))
        return false;
    uint32_t line = line_of(b, b->base + mark->input_pos);
    b->at = b->line_starts.items[line];
    b->at_line = line + 1;
    return read_plain(b, out);
}

/* To the end of the text, or to a plain document. */
static void read_events(
    struct builder *b, struct fy_parser *parser, struct fy_diag *fy_diag, struct yaml_stream *out)
{
    struct fy_event *event;
    bool leaves = false;
    while (!b->failed && !leaves && (event = fy_parser_parse(parser))) {
        leaves = event->type == FYET_DOCUMENT_START && can_leave(b, event, out);
        if (!leaves)
            on_event(b, event, out);
        fy_parser_event_free(parser, event);
    }
    if (leaves)
        return;
    b->at = b->length;
    if (!b->failed && fy_diag_got_error(fy_diag))
        report_syntax_error(b, fy_diag_get_cfg(fy_diag)->user);
}

/* By libfyaml, from b->at on. */
static void parse(struct builder *b, struct yaml_stream *out)
{
    if (b->line_starts.count == 0)
        lines_find(b);
    b->base = b->at;
    b->last = (struct position){b->source, b->at_line, b->at_line == 1 ? b->offset + 1 : 1, 1};
    struct complaint complaint = {0};
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.output_fn = catch_complaint;
    diag_config.user = &complaint;
    diag_config.level = FYET_ERROR;
    diag_config.colorize = diag_config.show_source = diag_config.show_type = diag_config.show_module = false;
    diag_config.show_position = true;
    struct fy_diag *fy_diag = fy_diag_create(&diag_config);
    /* Depth is limited here; YAML 1.2 whatever the text is called. */
    struct fy_parse_cfg config = {.search_path = "",
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_DEPTH_LIMIT,
        .diag = fy_diag};
    struct fy_parser *parser = fy_diag ? fy_parser_create(&config) : NULL;
    b->pieces = fy_token_iter_create(NULL);
    if (!parser || !b->pieces || fy_parser_set_string(parser, b->text + b->base, b->length - b->base) != 0)
        mem_exhausted(b->length);
    read_events(b, parser, fy_diag, out);
    fy_token_iter_destroy(b->pieces);
    fy_parser_destroy(parser);
    fy_diag_unref(fy_diag);
}

static bool is_marker(const char *line, size_t length)
{
    return length > 3 && memcmp(line, "---", 3) == 0 && strchr(" \t\r\n", line[3]);
}

/* After a syntax error: the next document, so that its mistakes are told too. False when there is none. */
static bool skip_to_next_document(struct builder *b)
{
    uint32_t line = line_of(b, b->base) + 1;
    if (line + 1 < b->last.line)
        line = b->last.line - 1;
    for (; line < b->line_starts.count; line++) {
        const char *start = b->text + b->line_starts.items[line];
        size_t rest = b->length - b->line_starts.items[line];
        if (is_marker(start, rest)) {
            b->at = b->line_starts.items[line];
            b->at_line = line + 1;
            b->open_count = 0;
            b->root = NULL;
            map_fini(&b->anchors);
            vec_clear(&b->finished);
            b->failed = false;
            return true;
        }
    }
    return false;
}

static void parse_text(struct builder *b, struct yaml_stream *out)
{
    int restarts = RESTARTS_MAX;
    b->at_line = 1;
    while (b->at < b->length) {
        if (read_plain(b, out))
            continue;
        parse(b, out);
        out->failed = out->failed || b->failed;
        if (b->failed && (restarts-- == 0 || !skip_to_next_document(b)))
            break;
    }
}

static void parse_with(struct yaml_scan *plain, struct arena *arena, struct diag *diag, uint32_t source,
    const char *text, size_t length, uint32_t offset, struct yaml_stream *out)
{
    struct builder b = {.arena = arena, .diag = diag, .source = source, .text = text, .length = length};
    b.offset = offset;
    b.plain = plain;
    *out = (struct yaml_stream){0};
    parse_text(&b, out);
    vec_fini(&b.line_starts);
    vec_fini(&b.finished);
    text_fini(&b.scratch);
    map_fini(&b.anchors);
}

void yaml_parse(struct arena *arena, struct diag *diag, uint32_t source, const char *text, size_t length,
    uint32_t offset, struct yaml_stream *out)
{
    struct yaml_scan plain;
    bool whole_lines = offset == 0 && length > 0;
    if (whole_lines)
        yaml_plain_init(&plain, arena, source, text, length);
    parse_with(whole_lines ? &plain : NULL, arena, diag, source, text, length, offset, out);
    if (whole_lines)
        yaml_plain_fini(&plain);
}

void yaml_parse_by_library(struct arena *arena, struct diag *diag, uint32_t source, const char *text,
    size_t length, struct yaml_stream *out)
{
    parse_with(NULL, arena, diag, source, text, length, 0, out);
}
