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
#include "base/number.h"

/* Pairs above which a hash table finds duplicate keys. */
#define LINEAR_KEYS_MAX 12
/* Comparisons that one merge key may cost. */
#define MERGE_COST_MAX 10000000

struct anchor {
    const char *name;
    struct yaml_node *node; /* NULL while its collection is open */
};

struct open_collection {
    enum yaml_kind kind;
    struct position at;
    uint32_t first;  /* index on the stack of finished nodes */
    uint32_t anchor; /* index, or NO_ANCHOR */
};
#define NO_ANCHOR UINT32_MAX

struct builder {
    struct arena *arena;
    struct diag *diag;
    uint32_t source;
    const char *text;
    size_t length;
    uint32_t offset; /* of the text within its source; only ever on the first line */
    VEC(size_t) line_starts;
    VEC(struct yaml_node *) finished;
    VEC(struct anchor) anchors;
    struct open_collection open[YAML_DEPTH_MAX];
    uint32_t open_count;
    uint32_t alias_nodes;
    struct yaml_node *root;
    struct position last; /* of the latest event */
    bool failed;
};

/* --- positions --------------------------------------------------------------------------------------- */

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

/* Index of the line that holds a byte. */
static uint32_t line_of(const struct builder *b, size_t byte)
{
    uint32_t low = 0, high = b->line_starts.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (b->line_starts.items[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static struct position position_at(const struct builder *b, size_t byte, size_t end)
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

static struct position position_of(const struct builder *b, struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    if (!start || start->input_pos > b->length)
        return b->last;
    return position_at(b, start->input_pos, end ? end->input_pos : start->input_pos);
}

/* A line and a column in characters, both from 1, as libfyaml's messages have them. */
static struct position position_of_message(const struct builder *b, int line, int column)
{
    if (line < 1 || column < 1)
        return b->last;
    uint32_t index = (uint32_t)line - 1;
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

/* --- mistakes ---------------------------------------------------------------------------------------- */

static void fail(struct builder *b, struct position at, const char *message)
{
    diag_error(b->diag, at, "%s", message);
    b->failed = true;
}

static void discard_output(struct fy_diag *diag, void *user, const char *bytes, size_t length)
{
    (void)diag, (void)user, (void)bytes, (void)length;
}

/* What a beginner meets most: YAML takes a '>' for the start of a block text. */
static const char *hint_at(const struct builder *b, struct position at)
{
    if (at.line == 0 || at.line > b->line_starts.count)
        return "";
    const char *line = b->text + b->line_starts.items[at.line - 1];
    size_t length = strcspn(line, "\n");
    for (size_t i = 0; i + 3 < length; i++)
        if (line[i] == ':' && line[i + 1] == ' ' && line[i + 2] == '>' && line[i + 3] == '=')
            return " (a value that begins with '>' needs quotes: \">=3\")";
    return "";
}

static void report_syntax_error(struct builder *b, struct fy_diag *fy_diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *error = NULL;
    if (fy_diag)
        error = fy_diag_errors_iterate(fy_diag, &iterator);
    struct position at = error ? position_of_message(b, error->line, error->column) : b->last;
    const char *message = error && error->msg ? error->msg : "not YAML";
    if (b->open_count > 0 && strstr(message, "without a closing")) {
        const struct open_collection *open = &b->open[b->open_count - 1];
        diag_error(b->diag, at, "%.200s; it was opened at line %" PRIu32, message, open->at.line);
    } else {
        diag_error(b->diag, at, "%.200s%s", message, hint_at(b, at));
    }
    b->failed = true;
}

/* --- nodes -------------------------------------------------------------------------------------------- */

static struct yaml_node *node_new(struct arena *arena, enum yaml_kind kind, struct position at)
{
    struct yaml_node *node = arena_alloc(arena, sizeof *node);
    node->kind = kind;
    node->at = at;
    if (kind == YAML_SCALAR)
        node->text = "";
    return node;
}

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

/* --- mappings: duplicate and merge keys --------------------------------------------------------------- */

static bool scalars_equal(const void *value, const void *context)
{
    const struct yaml_node *a = value, *b = context;
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void report_duplicate(struct builder *b, const struct yaml_node *first, const struct yaml_node *second)
{
    diag_error(b->diag, second->at, "key '%.60s' is given twice; the first is at line %" PRIu32, second->text,
        first->at.line);
}

static void find_duplicates(struct builder *b, const struct yaml_node *mapping)
{
    uint32_t count = mapping->pair_count;
    if (count <= LINEAR_KEYS_MAX) {
        for (uint32_t i = 1; i < count; i++)
            for (uint32_t j = 0; j < i; j++)
                if (scalars_equal(mapping->pairs[i].key, mapping->pairs[j].key)) {
                    report_duplicate(b, mapping->pairs[j].key, mapping->pairs[i].key);
                    break;
                }
        return;
    }
    struct map map = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct yaml_node *key = mapping->pairs[i].key;
        uint64_t hash = hash64(key->text, key->length);
        const struct yaml_node *first = map_find_where(&map, hash, scalars_equal, key);
        if (first)
            report_duplicate(b, first, key);
        else
            map_add_ptr(&map, hash, key);
    }
    map_fini(&map);
}

static bool is_merge_key(const struct yaml_node *key)
{
    return key->style == YAML_PLAIN && strcmp(key->text, "<<") == 0;
}

/* Adds the pairs of `from` that `mapping` has not; the array has room. */
static void merge_pairs(struct builder *b, struct yaml_node *mapping, const struct yaml_node *from)
{
    if (from->kind != YAML_MAPPING) {
        fail(b, from->at, "a merge key '<<' takes a mapping or a list of mappings");
        return;
    }
    if ((uint64_t)from->pair_count * (mapping->pair_count + from->pair_count) > MERGE_COST_MAX) {
        fail(b, from->at, "a merge key '<<' of this size is too much");
        return;
    }
    for (uint32_t i = 0; i < from->pair_count; i++) {
        bool present = false;
        for (uint32_t j = 0; j < mapping->pair_count && !present; j++)
            present = scalars_equal(mapping->pairs[j].key, from->pairs[i].key);
        if (!present)
            mapping->pairs[mapping->pair_count++] = from->pairs[i];
    }
}

static uint32_t pairs_of(const struct yaml_node *node)
{
    uint32_t count = node->kind == YAML_MAPPING ? node->pair_count : 0;
    for (uint32_t i = 0; node->kind == YAML_SEQUENCE && i < node->item_count; i++)
        count += node->items[i]->kind == YAML_MAPPING ? node->items[i]->pair_count : 0;
    return count;
}

/* `<<: *base` stands for the pairs of base that are not given here. */
static void merge_key_resolve(struct builder *b, struct yaml_node *mapping, uint32_t index)
{
    const struct yaml_node *base = mapping->pairs[index].value;
    uint32_t room = mapping->pair_count + pairs_of(base);
    struct yaml_pair *pairs = arena_alloc(b->arena, room * sizeof *pairs);
    memcpy(pairs, mapping->pairs, index * sizeof *pairs);
    memcpy(pairs + index, mapping->pairs + index + 1, (mapping->pair_count - index - 1) * sizeof *pairs);
    mapping->pairs = pairs;
    mapping->pair_count--;
    if (base->kind != YAML_SEQUENCE)
        merge_pairs(b, mapping, base);
    for (uint32_t i = 0; base->kind == YAML_SEQUENCE && i < base->item_count; i++)
        merge_pairs(b, mapping, base->items[i]);
}

static void mapping_fill(
    struct builder *b, struct yaml_node *mapping, struct yaml_node *const *nodes, uint32_t count)
{
    EPSIM_ASSERT(count % 2 == 0);
    mapping->pairs = arena_alloc(b->arena, (count / 2) * sizeof(struct yaml_pair));
    mapping->pair_count = count / 2;
    uint32_t merge_at = UINT32_MAX;
    for (uint32_t i = 0; i < count / 2; i++) {
        struct yaml_node *key = nodes[2 * i];
        mapping->pairs[i] = (struct yaml_pair){key, nodes[2 * i + 1]};
        if (key->kind != YAML_SCALAR) {
            fail(b, key->at, "a key must be a text");
            mapping->pairs[i].key = node_new(b->arena, YAML_SCALAR, key->at);
        } else if (is_merge_key(key)) {
            merge_at = i;
        }
    }
    find_duplicates(b, mapping);
    if (merge_at != UINT32_MAX)
        merge_key_resolve(b, mapping, merge_at);
}

/* --- events --------------------------------------------------------------------------------------------- */

/* Remembers an anchor before its node is finished. */
static uint32_t anchor_add(struct builder *b, struct fy_token *token)
{
    size_t length = 0;
    const char *name = token ? fy_token_get_text(token, &length) : NULL;
    if (!name)
        return NO_ANCHOR;
    struct anchor anchor = {arena_strndup(b->arena, name, length), NULL};
    vec_push(&b->anchors, anchor);
    return b->anchors.count - 1;
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
    struct yaml_node *node = node_new(b->arena, YAML_SCALAR, position_of(b, token));
    if (token) {
        size_t length = 0;
        const char *text = fy_token_get_text(token, &length);
        node->style = (uint8_t)style_of(token);
        if (text && length > 0) {
            if (memchr(text, '\0', length))
                fail(b, node->at, "a text must not contain a NUL character");
            else
                node->text = arena_strndup(b->arena, text, length), node->length = length;
        }
    }
    uint32_t anchor = anchor_add(b, event->scalar.anchor);
    if (anchor != NO_ANCHOR)
        b->anchors.items[anchor].node = node;
    b->last = node->at;
    finish(b, node);
}

static void on_alias(struct builder *b, const struct fy_event *event)
{
    struct fy_token *token = event->alias.anchor;
    struct position at = position_of(b, token);
    size_t length = 0;
    const char *name = token ? fy_token_get_text(token, &length) : NULL;
    struct yaml_node *node = node_new(b->arena, YAML_SCALAR, at);
    const struct anchor *found = NULL;
    /* The latest anchor of a name counts. */
    for (uint32_t i = b->anchors.count; name && i-- > 0 && !found;)
        if (strlen(b->anchors.items[i].name) == length && memcmp(b->anchors.items[i].name, name, length) == 0)
            found = &b->anchors.items[i];
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
    struct yaml_node *node = node_new(b->arena, open.kind, open.at);
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
    if (open.anchor != NO_ANCHOR)
        b->anchors.items[open.anchor].node = node;
    finish(b, node);
}

static void on_document_end(struct builder *b, struct yaml_stream *out)
{
    struct yaml_node *root = b->root;
    if (root && !(root->kind == YAML_SCALAR && root->style == YAML_PLAIN && root->length == 0) && !b->failed)
        vec_push(&out->documents, root);
    b->root = NULL;
    vec_clear(&b->anchors);
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

static void read_events(
    struct builder *b, struct fy_parser *parser, struct fy_diag *fy_diag, struct yaml_stream *out)
{
    struct fy_event *event;
    while (!b->failed && (event = fy_parser_parse(parser))) {
        on_event(b, event, out);
        fy_parser_event_free(parser, event);
    }
    if (!b->failed && fy_diag_got_error(fy_diag))
        report_syntax_error(b, fy_diag);
}

void yaml_parse(struct arena *arena, struct diag *diag, uint32_t source, const char *text, size_t length,
    uint32_t offset, struct yaml_stream *out)
{
    struct builder b = {.arena = arena, .diag = diag, .source = source, .text = text, .length = length};
    b.offset = offset;
    b.last = (struct position){source, 1, offset + 1, 1};
    *out = (struct yaml_stream){0};
    if (length == 0)
        return;
    lines_find(&b);

    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.output_fn = discard_output;
    diag_config.level = FYET_ERROR;
    struct fy_diag *fy_diag = fy_diag_create(&diag_config);
    if (fy_diag)
        fy_diag_set_collect_errors(fy_diag, true);
    /* Depth is limited above; YAML 1.2 whatever the text is called. */
    struct fy_parse_cfg config = {.search_path = "",
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_DEPTH_LIMIT,
        .diag = fy_diag};
    struct fy_parser *parser = fy_diag ? fy_parser_create(&config) : NULL;
    if (parser && fy_parser_set_string(parser, text, length) == 0)
        read_events(&b, parser, fy_diag, out);
    else
        mem_exhausted(length);
    fy_parser_destroy(parser);
    fy_diag_unref(fy_diag);

    out->failed = b.failed;
    vec_fini(&b.line_starts);
    vec_fini(&b.finished);
    vec_fini(&b.anchors);
}

/* --- questions ------------------------------------------------------------------------------------------ */

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return NULL;
    for (uint32_t i = 0; i < mapping->pair_count; i++)
        if (strcmp(mapping->pairs[i].key->text, key) == 0)
            return mapping->pairs[i].value;
    return NULL;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return node->kind == YAML_SCALAR && node->style == YAML_PLAIN && is_one_of(node->text, words);
}

const char *yaml_plain_type(const struct yaml_node *node)
{
    /* As Kubernetes' reader takes them (YAML 1.1). */
    static const char *const booleans[] = {"true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes",
        "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", NULL};
    static const char *const reals[] = {
        ".inf", "-.inf", "+.inf", ".Inf", "-.Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};
    if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN)
        return NULL;
    if (yaml_is_null(node))
        return "null";
    if (is_one_of(node->text, booleans))
        return "the boolean";
    const char *digits = node->text;
    size_t length = node->length;
    double real;
    if (*digits == '+')
        digits++, length--;
    if (real_parse(digits, length, &real) || is_one_of(node->text, reals))
        return "the number";
    if (length > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'o' || digits[1] == 'b') &&
        strspn(digits + 2, "0123456789abcdefABCDEF") == length - 2)
        return "the number";
    return NULL;
}

const char *yaml_describe(const struct yaml_node *node, char out[YAML_DESCRIPTION_MAX])
{
    if (node->kind == YAML_MAPPING)
        return "a mapping";
    if (node->kind == YAML_SEQUENCE)
        return "a list";
    if (node->style == YAML_LITERAL || node->style == YAML_FOLDED)
        return "a block of text";
    if (yaml_is_null(node))
        return "nothing";
    const char *type = yaml_plain_type(node);
    bool cut = node->length > 40;
    size_t length = cut ? 40 : node->length;
    while (cut && length > 0 && ((unsigned char)node->text[length] & 0xc0) == 0x80)
        length--;
    if (type)
        snprintf(out, YAML_DESCRIPTION_MAX, "%s %.*s%s", type, (int)length, node->text, cut ? "..." : "");
    else
        snprintf(out, YAML_DESCRIPTION_MAX, "'%.*s%s'", (int)length, node->text, cut ? "..." : "");
    return out;
}

/* --- changes -------------------------------------------------------------------------------------------- */

struct yaml_node *yaml_new_scalar(struct arena *arena, struct position at, const char *text, size_t length)
{
    struct yaml_node *node = node_new(arena, YAML_SCALAR, at);
    node->style = YAML_QUOTED;
    node->text = arena_strndup(arena, text, length);
    node->length = length;
    return node;
}

struct yaml_node *yaml_new_mapping(struct arena *arena, struct position at)
{
    struct yaml_node *node = node_new(arena, YAML_MAPPING, at);
    node->depth = 1;
    return node;
}

void yaml_put(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value)
{
    EPSIM_ASSERT(mapping->kind == YAML_MAPPING);
    for (uint32_t i = 0; i < mapping->pair_count; i++)
        if (scalars_equal(mapping->pairs[i].key, key)) {
            mapping->pairs[i] = (struct yaml_pair){key, value};
            return;
        }
    struct yaml_pair *pairs = arena_alloc(arena, ((size_t)mapping->pair_count + 1) * sizeof *pairs);
    if (mapping->pair_count > 0)
        memcpy(pairs, mapping->pairs, mapping->pair_count * sizeof *pairs);
    pairs[mapping->pair_count++] = (struct yaml_pair){key, value};
    mapping->pairs = pairs;
}
