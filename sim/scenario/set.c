/*
 * set.c: a path is walked through the tree, making mappings on the way, and the value put at its end.
 */
#include "scenario/set.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/suggest.h"
#include "scenario/reference.h"
#include "scenario/settings.h"

/* Deeper than any document may be. */
#define SEGMENTS_MAX YAML_DEPTH_MAX
#define CANDIDATES_MAX 256

struct segment {
    const char *text; /* in the arena */
    size_t length;
    struct position at;
    bool is_index;
    int64_t index;
};

struct setter {
    struct binder *binder;
    struct arena *arena;
    uint32_t source;
    const char *text;
    const char *path_end; /* the '=' */
    struct segment segments[SEGMENTS_MAX];
    uint32_t segment_count;
};

static struct position position_of(const struct setter *s, const char *from, const char *to)
{
    return (struct position){
        s->source, 1, (uint32_t)(from - s->text) + 1, to > from ? (uint32_t)(to - from) : 1};
}

#define report(s, from, to, ...) diag_error((s)->binder->diag, position_of((s), (from), (to)), __VA_ARGS__)

/* --- the path --------------------------------------------------------------------------------------- */

/* The end of a quoted text whose quote is at `p`, or NULL. */
static const char *quote_end(const char *p)
{
    return strchr(p + 1, *p);
}

/* The first '=' that is not within quotes. */
static const char *find_equals(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '=')
            return p;
        if (*p == '"' || *p == '\'') {
            p = quote_end(p);
            if (!p)
                return NULL;
        }
    }
    return NULL;
}

static bool add_segment(struct setter *s, const char *from, const char *to)
{
    if (s->segment_count == SEGMENTS_MAX) {
        report(s, from, to, "a path has at most %d parts", SEGMENTS_MAX);
        return false;
    }
    struct segment *segment = &s->segments[s->segment_count++];
    *segment = (struct segment){.text = arena_strndup(s->arena, from, (size_t)(to - from)),
        .length = (size_t)(to - from),
        .at = position_of(s, from, to)};
    segment->is_index = int_parse(segment->text, segment->length, 0, INT32_MAX, &segment->index);
    return true;
}

/* [N] or ["key"]; *p is moved behind it. */
static bool parse_bracket(struct setter *s, const char **p)
{
    const char *open = *p, *inside = open + 1;
    if (*inside == '"' || *inside == '\'') {
        const char *end = quote_end(inside);
        if (!end || end[1] != ']' || end > s->path_end) {
            report(s, open, s->path_end, "a key in brackets ends with its quote and ']'");
            return false;
        }
        *p = end + 2;
        if (!add_segment(s, inside + 1, end))
            return false;
        s->segments[s->segment_count - 1].is_index = false;
        return true;
    }
    const char *end = memchr(inside, ']', (size_t)(s->path_end - inside));
    if (!end || !add_segment(s, inside, end) || !s->segments[s->segment_count - 1].is_index) {
        report(s, open, end ? end + 1 : s->path_end, "brackets take an index, from 0, or a key in quotes");
        return false;
    }
    *p = end + 1;
    return true;
}

/* Everything from `p` to the '='. */
static bool parse_segments(struct setter *s, const char *p)
{
    bool first = true;
    while (p < s->path_end) {
        if (*p == '[') {
            if (!parse_bracket(s, &p))
                return false;
            first = false;
            continue;
        }
        if (!first) {
            if (*p != '.') {
                report(s, p, p + 1, "the parts of a path are joined by '.'");
                return false;
            }
            p++;
        }
        const char *end = p;
        while (end < s->path_end && *end != '.' && *end != '[')
            end++;
        if (end == p) {
            report(s, p, p + 1, "a part of the path is empty");
            return false;
        }
        if (!add_segment(s, p, end))
            return false;
        p = end;
        first = false;
    }
    if (s->segment_count == 0)
        report(s, s->text, s->path_end, "the path names no field");
    return s->segment_count > 0;
}

/* --- which document --------------------------------------------------------------------------------- */

static const char *text_of(const struct yaml_node *node, const char *fallback)
{
    return node && node->kind == YAML_SCALAR && *node->text ? node->text : fallback;
}

static const char *document_name(const struct document *document)
{
    return text_of(yaml_get(yaml_get(document->node, "metadata"), "name"), "");
}

static const char *document_namespace(const struct document *document)
{
    return document->kind->namespaced
               ? text_of(yaml_get(yaml_get(document->node, "metadata"), "namespace"), "default")
               : "";
}

/* Tells which manifests there are, when none of them was meant. */
static void report_no_manifest(struct setter *s, const struct documents *documents, const char *end)
{
    const char *candidates[CANDIDATES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < documents->count && count < CANDIDATES_MAX; i++) {
        const struct document *document = &documents->items[i];
        if (!document->kind || !*document_name(document))
            continue;
        struct text name = {0};
        reference_text(&name, document->kind, document_namespace(document), document_name(document));
        candidates[count++] = arena_strndup(s->arena, name.data, name.length);
        text_fini(&name);
    }
    const char *wanted = arena_strndup(s->arena, s->text, (size_t)(end - s->text));
    const char *near = text_suggest(wanted, candidates, count);
    report(s, s->text, end, near ? "no manifest '%.80s'; did you mean '%s'?" : "no manifest '%.80s'", wanted,
        near);
}

/* The manifest that [NAMESPACE/]kind/name at the beginning of the path means; *rest is what follows it. */
static struct document *find_manifest(struct setter *s, struct documents *documents, const char **rest)
{
    const char *slash = memchr(s->text, '/', (size_t)(s->path_end - s->text));
    const struct object_kind_info *kind = object_kind_referred(s->text, (size_t)(slash - s->text));
    const char *namespace = "default", *name = slash + 1;
    const char *second = memchr(name, '/', (size_t)(s->path_end - name));
    if (!kind && second) {
        kind = object_kind_referred(name, (size_t)(second - name));
        namespace = arena_strndup(s->arena, s->text, (size_t)(slash - s->text));
        name = second + 1;
    }
    struct document *found = NULL;
    size_t found_length = 0;
    for (uint32_t i = 0; kind && i < documents->count; i++) {
        struct document *document = &documents->items[i];
        if (document->kind != kind)
            continue;
        const char *its_name = document_name(document);
        size_t length = strlen(its_name);
        bool matches = length > found_length && (size_t)(s->path_end - name) > length &&
                       memcmp(name, its_name, length) == 0 && (name[length] == '.' || name[length] == '[') &&
                       (!kind->namespaced || strcmp(document_namespace(document), namespace) == 0);
        if (matches) {
            found = document;
            found_length = length;
        }
    }
    if (!found) {
        const char *end = memchr(name, '.', (size_t)(s->path_end - name));
        report_no_manifest(s, documents, end ? end : s->path_end);
        return NULL;
    }
    *rest = name + found_length + (name[found_length] == '.');
    return found;
}

static struct document *find_scenario(struct setter *s, struct documents *documents)
{
    for (uint32_t i = 0; i < documents->count; i++)
        if (!documents->items[i].kind)
            return &documents->items[i];
    struct document document = {
        NULL, yaml_new_node(s->arena, YAML_MAPPING, position_of(s, s->text, s->path_end))};
    vec_push(documents, document);
    return &vec_last(documents);
}

/* --- walking ---------------------------------------------------------------------------------------- */

static struct yaml_node *key_of(struct setter *s, const struct segment *segment)
{
    return yaml_new_scalar(s->arena, segment->at, segment->text, segment->length);
}

/* True when the first part is a field of `spec`, or of nothing, so that `spec` was left out. */
static bool is_in_spec(const struct document *document, const char *name)
{
    const struct schema *whole = document->kind ? manifest_schema(document->kind) : &scenario_document_schema;
    const struct field *field = schema_field(whole, "spec");
    const struct schema *spec = field ? field->object : NULL;
    if (!spec)
        return false;
    if (schema_field(spec, name) || schema_ignores(spec, name))
        return true;
    return !schema_field(whole, name) && !schema_ignores(whole, name);
}

/* The place of a part within a node; a mapping is made where nothing is. NULL, and told, when that cannot
 * be. */
static struct yaml_node **list_item(struct setter *s, struct yaml_node *node, const struct segment *segment)
{
    if (!segment->is_index || segment->index >= node->item_count) {
        diag_error(s->binder->diag, segment->at, "the list has %" PRIu32 " items, numbered from 0",
            node->item_count);
        return NULL;
    }
    return &node->items[segment->index];
}

static struct yaml_node *step(struct setter *s, struct yaml_node *node, const struct segment *segment)
{
    char description[YAML_DESCRIPTION_MAX];
    if (node->kind == YAML_SEQUENCE) {
        struct yaml_node **item = list_item(s, node, segment);
        return item ? *item : NULL;
    }
    if (node->kind != YAML_MAPPING) {
        diag_error(s->binder->diag, segment->at, "there is %s here, which has no fields",
            yaml_describe(node, description));
        return NULL;
    }
    struct yaml_node *child = yaml_get(node, segment->text);
    if (!child || yaml_is_null(child)) {
        child = yaml_new_node(s->arena, YAML_MAPPING, segment->at);
        yaml_put(s->arena, node, key_of(s, segment), child);
    }
    return child;
}

static void put(
    struct setter *s, struct yaml_node *node, const struct segment *segment, struct yaml_node *value)
{
    char description[YAML_DESCRIPTION_MAX];
    if (node->kind == YAML_SEQUENCE && segment->is_index && segment->index == node->item_count) {
        yaml_append(s->arena, node, value);
    } else if (node->kind == YAML_SEQUENCE) {
        struct yaml_node **item = list_item(s, node, segment);
        if (item)
            *item = value;
    } else if (node->kind == YAML_MAPPING) {
        yaml_put(s->arena, node, key_of(s, segment), value);
    } else {
        diag_error(s->binder->diag, segment->at, "there is %s here, which has no fields",
            yaml_describe(node, description));
    }
}

static void change(struct setter *s, struct document *document, struct yaml_node *value)
{
    static const char spec[] = "spec";
    struct yaml_node *node = document->node;
    if (is_in_spec(document, s->segments[0].text)) {
        struct segment of_spec = {.text = spec, .length = sizeof spec - 1, .at = s->segments[0].at};
        node = step(s, node, &of_spec);
    }
    uint32_t last = s->segment_count - 1;
    for (uint32_t i = 0; node && i < last; i++)
        node = step(s, node, &s->segments[i]);
    if (node)
        put(s, node, &s->segments[last], value);
}

/* --- values ----------------------------------------------------------------------------------------- */

static struct yaml_node *parse_value(struct setter *s)
{
    const char *value = s->path_end + 1;
    struct yaml_stream stream;
    struct yaml_node *node = NULL;
    yaml_parse(
        s->arena, s->binder->diag, s->source, value, strlen(value), (uint32_t)(value - s->text), &stream);
    if (stream.documents.count > 1)
        report(s, value, value + strlen(value), "one value was expected");
    else if (stream.documents.count == 1)
        node = stream.documents.items[0];
    else if (!stream.failed) {
        node = yaml_new_scalar(s->arena, position_of(s, value, value), "", 0);
        node->style = YAML_PLAIN;
    }
    vec_fini(&stream.documents);
    return node;
}

static const char *skip_digits(const char *p)
{
    return p + strspn(p, "0123456789");
}

static bool is_json_number(const char *text)
{
    const char *p = text + (*text == '-');
    const char *end = *p == '0' ? p + 1 : skip_digits(p);
    if (end == p)
        return false;
    if (*end == '.') {
        p = end + 1;
        end = skip_digits(p);
        if (end == p)
            return false;
    }
    if (*end == 'e' || *end == 'E') {
        p = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(p);
        if (end == p)
            return false;
    }
    return *end == '\0';
}

/* JSON's own numbers, booleans and null as they are; everything else as a text. */
static void add_parameter(const struct setter *s, struct set_parameters *parameters)
{
    const char *value = s->path_end + 1;
    struct text json = {0};
    if (is_json_number(value) || strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ||
        strcmp(value, "null") == 0)
        text_add(&json, value);
    else
        text_add_json(&json, value, strlen(value));
    struct set_parameter parameter = {arena_strndup(s->arena, s->text, (size_t)(s->path_end - s->text)),
        arena_strndup(s->arena, json.data, json.length)};
    text_fini(&json);
    for (uint32_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->items[i].path, parameter.path) == 0) {
            parameters->items[i] = parameter;
            return;
        }
    vec_push(parameters, parameter);
}

void set_apply(
    struct binder *binder, struct documents *documents, const char *text, struct set_parameters *parameters)
{
    struct setter s = {.binder = binder, .arena = &binder->trees, .text = text};
    s.source = diag_add_source(binder->diag, "--set", text, strlen(text));
    vec_push(&binder->set_sources, s.source);
    s.path_end = find_equals(text);
    if (!s.path_end || s.path_end == text) {
        report(&s, text, text + strlen(text), "--set takes PATH=VALUE");
        return;
    }
    const char *rest = text;
    bool of_manifest = memchr(text, '/', strcspn(text, "[=")) != NULL;
    struct document *document = of_manifest ? find_manifest(&s, documents, &rest) : NULL;
    if (of_manifest && !document)
        return;
    if (!parse_segments(&s, rest))
        return;
    struct yaml_node *value = parse_value(&s);
    if (!value)
        return;
    change(&s, document ? document : find_scenario(&s, documents), value);
    add_parameter(&s, parameters);
}

bool set_texts_of_json(struct arena *arena, const char *params_json, struct set_texts *out)
{
    struct diag *diag = diag_create();
    struct yaml_stream stream;
    size_t length = strlen(params_json);
    *out = (struct set_texts){0};
    yaml_parse(
        arena, diag, diag_add_source(diag, "params", params_json, length), params_json, length, 0, &stream);
    const struct yaml_node *object = stream.documents.count == 1 ? stream.documents.items[0] : NULL;
    bool is_good = !stream.failed && object != NULL && object->kind == YAML_MAPPING;
    uint32_t count = is_good ? object->pair_count : 0;
    out->items = arena_alloc(arena, count * sizeof *out->items);
    for (uint32_t i = 0; i < count && is_good; i++) {
        const struct yaml_pair *pair = &object->pairs[i];
        is_good = pair->value->kind == YAML_SCALAR;
        if (!is_good)
            break;
        struct text text = {0};
        text_printf(&text, "%s=%s", pair->key->text, pair->value->text);
        out->items[out->count++] = arena_strndup(arena, text.data, text.length);
        text_fini(&text);
    }
    vec_fini(&stream.documents);
    diag_destroy(diag);
    return is_good;
}
