/*
 * bind.c: the one reader of all mappings.
 */
#include "scenario/bind.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/check.h"
#include "base/hash.h"
#include "base/number.h"
#include "model/pod.h"
#include "scenario/sources.h"

/* Bytes of a name that a path shows. */
#define PATH_PART_MAX 80

void binder_init(struct binder *binder, struct scenario *scenario, struct sources *sources)
{
    *binder = (struct binder){
        .scenario = scenario, .arena = &scenario->arena, .diag = scenario->diag, .sources = sources};
    arena_init(&binder->trees);
}

void binder_init_plain(struct binder *binder, struct arena *arena, struct diag *diag)
{
    *binder = (struct binder){.arena = arena, .diag = diag};
    arena_init(&binder->trees);
}

void binder_fini(struct binder *binder)
{
    struct text line = {0};
    for (uint32_t i = 0; i < binder->ignored.count; i++) {
        struct ignored_field *ignored = binder->ignored.items[i];
        text_clear(&line);
        text_printf(&line, "%s:%" PRIu32 ":%" PRIu32 ": %s",
            diag_source_name(binder->diag, ignored->first.source), ignored->first.line, ignored->first.column,
            ignored->path);
        if (ignored->count > 1)
            text_printf(&line, " (%" PRIu32 " times)", ignored->count);
        if (binder->scenario)
            vec_push(&binder->scenario->ignored, arena_strndup(binder->arena, line.data, line.length));
        free(ignored->path);
        free(ignored);
    }
    text_fini(&line);
    text_fini(&binder->path);
    vec_fini(&binder->ignored);
    vec_fini(&binder->set_sources);
    map_fini(&binder->ignored_by_path);
    arena_fini(&binder->trees);
}

/* --- the path, and what is ignored ------------------------------------------------------------------ */

static size_t path_enter(struct binder *binder, const char *name)
{
    size_t before = binder->path.length;
    if (before > 0 && binder->path.data[before - 1] != ' ')
        text_add_char(&binder->path, '.');
    text_add_bytes(&binder->path, name, strnlen(name, PATH_PART_MAX));
    return before;
}

static void path_leave(struct binder *binder, size_t before)
{
    binder->path.length = before;
    if (binder->path.data)
        binder->path.data[before] = '\0';
}

static bool ignored_has_path(const void *value, const void *context)
{
    return strcmp(((const struct ignored_field *)value)->path, context) == 0;
}

bool binder_is_set(const struct binder *binder, struct position at)
{
    for (uint32_t i = 0; i < binder->set_sources.count; i++)
        if (binder->set_sources.items[i] == at.source)
            return true;
    return false;
}

void binder_ignore(struct binder *binder, struct position at, const char *name)
{
    if (binder_is_set(binder, at))
        diag_warning(binder->diag, at, "'%.80s' does not matter here: setting it changes nothing", name);
    size_t before = path_enter(binder, name);
    const char *path = binder->path.data;
    uint64_t hash = hash64(path, binder->path.length);
    struct ignored_field *ignored = map_find_where(&binder->ignored_by_path, hash, ignored_has_path, path);
    if (!ignored) {
        ignored = mem_zalloc(sizeof *ignored);
        ignored->path = mem_strndup(path, binder->path.length);
        ignored->first = at;
        map_add_ptr(&binder->ignored_by_path, hash, ignored);
        vec_push(&binder->ignored, ignored);
    }
    ignored->count++;
    path_leave(binder, before);
}

/* --- mistakes --------------------------------------------------------------------------------------- */

/* Where a duration is wanted, and is one, but for its length. */
static bool is_too_long(const char *type, const struct yaml_node *value)
{
    return strstr(type, "duration") && value->kind == YAML_SCALAR &&
           duration_is_too_long(value->text, value->length);
}

void bind_report_type(struct binder *binder, const struct field *field, const struct yaml_node *value)
{
    char type[SCHEMA_TYPE_MAX], description[YAML_DESCRIPTION_MAX];
    schema_type_text(field, type);
    if (is_too_long(type, value))
        diag_error(binder->diag, value->at, "'%s' is too long: a duration is at most %dd (292 years), not %s",
            field->name, DURATION_DAYS_MAX, yaml_describe(value, description));
    else
        diag_error(binder->diag, value->at, "'%s' takes %s, not %s", field->name, type,
            yaml_describe(value, description));
}

void bind_report_unknown(struct binder *binder, const struct schema *schema, const struct yaml_node *key)
{
    char name[SCHEMA_NAME_MAX];
    const char *near = schema_suggest(schema, key->text, name);
    if (near) {
        diag_error(binder->diag, key->at, "unknown field '%.80s'; did you mean '%s'?", key->text, near);
        return;
    }
    struct text known = {0};
    for (uint32_t i = 0; !schema->is_kubernetes && i < schema->field_count; i++) {
        text_add(&known, i ? ", " : "; the fields here are ");
        text_add(&known, schema->fields[i].name);
    }
    diag_error(binder->diag, key->at, "unknown field '%.80s'%s", key->text, known.data ? known.data : "");
    text_fini(&known);
}

/* --- texts ------------------------------------------------------------------------------------------ */

const char *bind_text(struct binder *binder, const struct field *field, const struct yaml_node *value)
{
    const char *type = yaml_plain_type(value);
    if (value->kind != YAML_SCALAR || (type && yaml_is_null(value))) {
        bind_report_type(binder, field, value);
        return NULL;
    }
    if (type) {
        diag_error(binder->diag, value->at, "'%s' takes a text, not %s %.60s: put it in quotes", field->name,
            type, value->text);
        return NULL;
    }
    const char *problem = field->check ? field->check(value->text, value->length) : NULL;
    if (problem) {
        char description[YAML_DESCRIPTION_MAX];
        diag_error(binder->diag, value->at, "'%s' %s, not %s", field->name, problem,
            value->length ? yaml_describe(value, description) : "empty");
        return NULL;
    }
    return arena_strndup(binder->arena, value->text, value->length);
}

static const char *check_path(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20)
            return "must have no control characters";
    return length ? NULL : "must not be empty";
}

const struct source *bind_file(struct binder *binder, const struct yaml_node *path)
{
    static const struct field field = {.name = "file", .type = FIELD_TEXT, .check = check_path};
    const char *text = bind_text(binder, &field, path);
    return text ? sources_open(binder->sources, path->at.source, text, path->at) : NULL;
}

bool bind_is_list(struct binder *binder, const struct field *field, const struct yaml_node *value)
{
    if (value->kind == YAML_SEQUENCE)
        return true;
    if (!yaml_is_null(value))
        bind_report_type(binder, field, value);
    return false;
}

static void bind_texts(
    struct binder *binder, const struct field *field, const struct yaml_node *value, void *target)
{
    if (!bind_is_list(binder, field, value) || value->item_count == 0)
        return;
    const char **texts = arena_alloc(binder->arena, value->item_count * sizeof *texts);
    uint32_t count = 0;
    for (uint32_t i = 0; i < value->item_count; i++) {
        const char *text = bind_text(binder, field, value->items[i]);
        if (text)
            texts[count++] = text;
    }
    *(const char ***)((char *)target + field->offset) = texts;
    *(uint32_t *)(void *)((char *)target + field->count_offset) = count;
}

static const char *map_value(struct binder *binder, const struct field *field, const struct yaml_pair *pair)
{
    struct field of_value = *field;
    of_value.name = pair->key->text;
    of_value.type = FIELD_TEXT;
    of_value.type_text = NULL;
    of_value.check = field->value_check;
    return bind_text(binder, &of_value, pair->value);
}

void bind_map(struct binder *binder, const struct field *field, const struct yaml_node *value, bool nulls,
    struct text_map *out)
{
    *out = (struct text_map){0};
    if (value->kind != YAML_MAPPING) {
        bind_report_type(binder, field, value);
        return;
    }
    if (value->pair_count == 0)
        return;
    if (value->pair_count > MAP_ENTRIES_MAX) {
        diag_error(binder->diag, value->at, "'%s' has more than %d entries", field->name, MAP_ENTRIES_MAX);
        return;
    }
    out->items = arena_alloc(binder->arena, value->pair_count * sizeof *out->items);
    for (uint32_t i = 0; i < value->pair_count; i++) {
        const struct yaml_pair *pair = &value->pairs[i];
        const char *problem = field->check ? field->check(pair->key->text, pair->key->length) : NULL;
        if (problem) {
            diag_error(binder->diag, pair->key->at, "the key '%.80s' of '%s' %s", pair->key->text,
                field->name, problem);
            continue;
        }
        const char *text = NULL;
        if (!nulls || !yaml_is_null(pair->value)) {
            text = map_value(binder, field, pair);
            if (!text)
                continue;
        }
        out->items[out->count++] =
            (struct text_pair){arena_strndup(binder->arena, pair->key->text, pair->key->length), text};
    }
}

const char *text_map_get(const struct text_map *map, const char *key)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (strcmp(map->items[i].key, key) == 0)
            return map->items[i].value;
    return NULL;
}

static bool same_text(const void *value, const void *context)
{
    return strcmp(value, context) == 0;
}

bool text_seen(struct map *map, const char *text)
{
    uint64_t hash = hash64(text, strlen(text));
    if (map_find_where(map, hash, same_text, text))
        return true;
    map_add_ptr(map, hash, (char *)text);
    return false;
}

/* --- numbers and the like --------------------------------------------------------------------------- */

static bool is_plain(const struct yaml_node *value)
{
    return value->kind == YAML_SCALAR && value->style == YAML_PLAIN;
}

static void bind_integer(
    struct binder *binder, const struct field *field, const struct yaml_node *value, void *at)
{
    int64_t number;
    if (!is_plain(value) || !int_parse(value->text, value->length, field->min, field->max, &number)) {
        bind_report_type(binder, field, value);
        return;
    }
    if (field->type == FIELD_I64)
        *(int64_t *)at = number;
    else if (field->type == FIELD_I32)
        *(int32_t *)at = (int32_t)number;
    else
        *(uint32_t *)at = (uint32_t)number;
}

static bool u64_parse(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool parse_bool(const struct yaml_node *value, bool *out)
{
    static const char *const words[] = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
    const char *type = yaml_plain_type(value);
    if (!type || strcmp(type, "the boolean") != 0)
        return false;
    *out = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *out = *out || strcmp(value->text, words[i]) == 0;
    return true;
}

static void bind_choice(
    struct binder *binder, const struct field *field, const struct yaml_node *value, void *at)
{
    for (uint32_t i = 0; value->kind == YAML_SCALAR && i < field->choice_count; i++) {
        const struct choice *choice = &field->choices[i];
        if (strcmp(choice->name, value->text) != 0)
            continue;
        if (choice->refusal)
            diag_error(binder->diag, value->at, "%s", choice->refusal);
        else if (choice->value != CHOICE_STORES_NOTHING)
            *(int32_t *)at = choice->value;
        return;
    }
    bind_report_type(binder, field, value);
}

static bool parse_scalar(const struct field *field, const struct yaml_node *value, void *at)
{
    if (value->kind != YAML_SCALAR)
        return false;
    bool flag;
    int64_t ns;
    switch (field->type) {
    case FIELD_BOOL:
        return parse_bool(value, at);
    case FIELD_CONDITION:
        if (!parse_bool(value, &flag))
            return false;
        *(uint8_t *)at = flag ? CONDITION_TRUE : CONDITION_FALSE;
        return true;
    case FIELD_U64:
        return is_plain(value) && u64_parse(value->text, at);
    case FIELD_REAL:
        return real_parse(value->text, value->length, at) && *(double *)at > 0;
    case FIELD_DURATION:
        return duration_parse(value->text, value->length, at);
    case FIELD_CALENDAR:
        if (!rfc3339_parse(value->text, value->length, &ns))
            return false;
        *(int64_t *)at = ns / NS_PER_S - (ns % NS_PER_S < 0);
        return true;
    default:
        EPSIM_ASSERT(false);
        return false;
    }
}

/* --- mappings and lists ----------------------------------------------------------------------------- */

static void bind_list(
    struct binder *binder, const struct field *field, const struct yaml_node *value, void *target)
{
    if (!bind_is_list(binder, field, value) || value->item_count == 0)
        return;
    char *items = arena_alloc(binder->arena, value->item_count * field->item_size);
    for (uint32_t i = 0; i < value->item_count; i++)
        bind_object(binder, field->object, value->items[i], items + i * field->item_size);
    memcpy((char *)target + field->offset, &items, sizeof items);
    *(uint32_t *)(void *)((char *)target + field->count_offset) = value->item_count;
}

static void bind_value(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    void *at = (char *)target + field->offset;
    const char *text;
    switch (field->type) {
    case FIELD_TEXT:
        text = bind_text(binder, field, pair->value);
        if (text)
            *(const char **)at = text;
        break;
    case FIELD_I32:
    case FIELD_U32:
    case FIELD_I64:
        bind_integer(binder, field, pair->value, at);
        break;
    case FIELD_CHOICE:
        bind_choice(binder, field, pair->value, at);
        break;
    case FIELD_MAP:
        bind_map(binder, field, pair->value, false, at);
        break;
    case FIELD_TEXTS:
        bind_texts(binder, field, pair->value, target);
        break;
    case FIELD_OBJECT:
        bind_object(binder, field->object, pair->value, at);
        break;
    case FIELD_LIST:
        bind_list(binder, field, pair->value, target);
        break;
    case FIELD_CUSTOM:
        field->bind(binder, field, pair, target);
        break;
    case FIELD_KNOWN:
        break;
    default:
        if (!parse_scalar(field, pair->value, at))
            bind_report_type(binder, field, pair->value);
        break;
    }
}

static bool is_collection(const struct field *field)
{
    return field->type == FIELD_OBJECT || field->type == FIELD_LIST || field->type == FIELD_MAP ||
           field->type == FIELD_TEXTS;
}

void bind_field(struct binder *binder, const struct schema *schema, const struct field *field,
    const struct yaml_pair *pair, void *target)
{
    /* `events:` with all its items commented out is an empty list in our documents too. */
    bool null_is_absent = schema->is_kubernetes || is_collection(field);
    if (null_is_absent && !(field->flags & FIELD_NULL_KEEPS) && yaml_is_null(pair->value))
        return;
    size_t before = path_enter(binder, field->name);
    bind_value(binder, field, pair, target);
    path_leave(binder, before);
}

void bind_object(
    struct binder *binder, const struct schema *schema, const struct yaml_node *node, void *target)
{
    if (schema->init)
        schema->init(target);
    if (node->kind != YAML_MAPPING) {
        char description[YAML_DESCRIPTION_MAX];
        diag_error(binder->diag, node->at, "%s is a mapping, not %s", schema->name,
            yaml_describe(node, description));
        return;
    }
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const struct field *field = schema_field(schema, pair->key->text);
        if (field)
            bind_field(binder, schema, field, pair, target);
        else if (schema_ignores(schema, pair->key->text))
            binder_ignore(binder, pair->key->at, pair->key->text);
        else
            bind_report_unknown(binder, schema, pair->key);
    }
    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct field *field = &schema->fields[i];
        if (!(field->flags & FIELD_REQUIRED))
            continue;
        const struct yaml_node *value = yaml_get(node, field->name);
        if (!value || (schema->is_kubernetes && yaml_is_null(value)))
            diag_error(binder->diag, node->at, "%s needs '%s'", schema->name, field->name);
    }
    if (schema->check)
        schema->check(binder, node, target);
}
