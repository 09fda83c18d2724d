/*
 * sweep_values.c: see sweep_values.h.
 */
#include "experiment/sweep_values.h"

#include <string.h>

#include "base/mem.h"
#include "experiment/range.h"

/* Values on their way into the arena. */
struct values {
    struct sweep_value *items;
    uint32_t count;
    uint32_t capacity;
};

static void add_value_text(struct text *out, const struct yaml_node *node, bool is_inside);

static void add_collection(struct text *out, const struct yaml_node *node)
{
    bool is_mapping = node->kind == YAML_MAPPING;
    uint32_t count = is_mapping ? node->pair_count : node->item_count;
    text_add_char(out, is_mapping ? '{' : '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            text_add(out, ", ");
        if (is_mapping) {
            add_value_text(out, node->pairs[i].key, true);
            text_add(out, ": ");
        }
        add_value_text(out, is_mapping ? node->pairs[i].value : node->items[i], true);
    }
    text_add_char(out, is_mapping ? '}' : ']');
}

/* What has no other meaning in a flow collection than itself. */
static bool is_word(const struct yaml_node *node)
{
    if (node->style != YAML_PLAIN || node->length == 0)
        return false;
    for (const char *p = node->text; *p != '\0'; p++)
        if (strchr(",[]{}#:&*!|>'\"%@` \t\n", *p) != NULL)
            return false;
    return true;
}

/* A node as YAML on one line, which means the same when it is read again. */
static void add_value_text(struct text *out, const struct yaml_node *node, bool is_inside)
{
    if (node->kind != YAML_SCALAR)
        add_collection(out, node);
    else if (is_inside ? is_word(node) : node->style == YAML_PLAIN)
        text_add(out, node->text);
    else
        text_add_json(out, node->text, node->length);
}

bool sweep_seed_parse(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || value > (UINT64_MAX - (uint64_t)(*p - '0')) / 10)
            return false;
        value = value * 10 + (uint64_t)(*p - '0');
    }
    *out = value;
    return *text != '\0';
}

/* Makes a value of its text. */
static void push_value(
    struct binder *binder, const char *path, const char *text, struct position at, struct values *out)
{
    struct sweep_value value = {.at = at, .text = arena_strndup(binder->arena, text, strlen(text))};
    if (strcmp(path, "seed") == 0) {
        if (!sweep_seed_parse(text, &value.seed)) {
            diag_error(binder->diag, at,
                "'seed' takes an integer from 0 to 18446744073709551615, not '%.60s'", text);
            return;
        }
    } else {
        struct text set = {0};
        text_printf(&set, "%s=%s", path, text);
        value.set = arena_strndup(binder->arena, set.data, set.length);
        text_fini(&set);
    }
    vec_push(out, value);
}

static void push_range(
    struct binder *binder, const char *path, const struct yaml_node *node, struct values *out)
{
    struct range range;
    struct text text = {0};
    const char *problem = range_parse(node->text, SWEEP_RUNS_MAX, &range);
    if (problem != NULL) {
        diag_error(binder->diag, node->at, "'%.60s': %s", node->text, problem);
        return;
    }
    for (uint32_t i = 0; i < range_steps(&range); i++)
        if (range_value(&range, i, &text))
            push_value(binder, path, text.data, node->at, out);
    text_fini(&text);
}

static void push_node(
    struct binder *binder, const char *path, const struct yaml_node *node, struct values *out)
{
    if (node->kind == YAML_SCALAR && node->style == YAML_PLAIN && range_is_meant(node->text)) {
        push_range(binder, path, node, out);
        return;
    }
    struct text text = {0};
    add_value_text(&text, node, false);
    push_value(binder, path, text.data != NULL ? text.data : "", node->at, out);
    text_fini(&text);
}

void sweep_values_report_twice(struct binder *binder, const struct sweep_parameter *parameter)
{
    struct map seen = {0};
    for (uint32_t i = 0; i < parameter->value_count; i++)
        if (text_seen(&seen, parameter->values[i].text))
            diag_error(binder->diag, parameter->values[i].at, "'%.80s' has the value %.60s twice",
                parameter->path, parameter->values[i].text);
    map_fini(&seen);
}

/* A path as --set takes it; the names that options of `epsim run` have are understood too. */
static const char *path_of(struct binder *binder, const struct yaml_node *key)
{
    static const char *const aliases[][2] = {
        {"size-model", "sizeModel"}, {"policy", "controllers.packingPolicy"}, {"spec.seed", "seed"}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(key->text, aliases[i][0]) == 0)
            return aliases[i][1];
    if (strcmp(key->text, "run") == 0)
        diag_error(binder->diag, key->at, "run numbers come from 'repetitions'");
    else if (key->length == 0 || memchr(key->text, '\n', key->length) != NULL)
        diag_error(binder->diag, key->at, "a parameter is a path as for --set");
    return arena_strndup(binder->arena, key->text, key->length);
}

/* --- parameters and rows ---------------------------------------------------------------------------- */

static struct sweep_value *keep_values(struct binder *binder, struct values *values)
{
    struct sweep_value *kept = arena_alloc(binder->arena, values->count * sizeof *kept);
    if (values->count > 0)
        memcpy(kept, values->items, values->count * sizeof *kept);
    vec_fini(values);
    return kept;
}

void sweep_parameter_bind(struct binder *binder, const struct yaml_pair *pair, struct sweep_parameter *out)
{
    struct values values = {0};
    const struct yaml_node *node = pair->value;
    uint32_t errors = diag_error_count(binder->diag);
    *out = (struct sweep_parameter){.path = path_of(binder, pair->key), .at = pair->key->at};
    if (node->kind == YAML_SEQUENCE)
        for (uint32_t i = 0; i < node->item_count; i++)
            push_node(binder, out->path, node->items[i], &values);
    else if (!yaml_is_null(node))
        push_node(binder, out->path, node, &values);
    if (values.count == 0 && diag_error_count(binder->diag) == errors)
        diag_error(binder->diag, pair->key->at,
            "'%.80s' has no value: a value, a list or a range such as 1..1000 was expected", pair->key->text);
    out->value_count = values.count;
    out->values = keep_values(binder, &values);
}

void sweep_row_bind(struct binder *binder, const struct yaml_node *node, struct sweep_row *out)
{
    struct values values = {0};
    *out = (struct sweep_row){.at = node->at};
    if (node->kind != YAML_MAPPING || node->pair_count == 0) {
        char description[YAML_DESCRIPTION_MAX];
        diag_error(binder->diag, node->at, "a row is a mapping of parameters and their values, not %s",
            node->kind == YAML_MAPPING ? "empty" : yaml_describe(node, description));
        return;
    }
    out->paths = arena_alloc(binder->arena, node->pair_count * sizeof *out->paths);
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const char *path = path_of(binder, pair->key);
        struct text text = {0};
        add_value_text(&text, pair->value, false);
        uint32_t before = values.count;
        push_value(binder, path, text.data != NULL ? text.data : "", pair->value->at, &values);
        if (values.count > before)
            out->paths[before] = path;
        text_fini(&text);
    }
    out->value_count = values.count;
    out->values = keep_values(binder, &values);
}
