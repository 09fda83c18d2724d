/*
 * yaml_tree.c: looking at a tree, and changing it.
 */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/number.h"
#include "scenario/yaml.h"

struct yaml_node *yaml_new_node(struct arena *arena, enum yaml_kind kind, struct position at)
{
    struct yaml_node *node = arena_alloc(arena, sizeof *node);
    node->kind = (uint8_t)kind;
    node->at = at;
    if (kind == YAML_SCALAR)
        node->text = "";
    else
        node->depth = 1;
    return node;
}

bool yaml_same_text(const struct yaml_node *a, const struct yaml_node *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* --- questions -------------------------------------------------------------------------------------- */

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return NULL;
    for (uint32_t i = 0; i < mapping->pair_count; i++)
        if (mapping->pairs[i].key->text[0] == key[0] && strcmp(mapping->pairs[i].key->text, key) == 0)
            return mapping->pairs[i].value;
    return NULL;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (text[0] == (*words)[0] && strcmp(text, *words) == 0)
            return true;
    return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return node->kind == YAML_SCALAR && node->style == YAML_PLAIN && node->length <= 4 &&
           is_one_of(node->text, words);
}

/* Most texts are none of the words and no number, and their first letter tells. */
static bool begins_with_letter_of_texts(const char *text)
{
    return ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')) && !strchr("tTfFyYnNoO", *text);
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
    if (begins_with_letter_of_texts(node->text))
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

/* --- changes ---------------------------------------------------------------------------------------- */

struct yaml_node *yaml_new_scalar(struct arena *arena, struct position at, const char *text, size_t length)
{
    struct yaml_node *node = yaml_new_node(arena, YAML_SCALAR, at);
    node->style = YAML_QUOTED;
    node->text = arena_strndup(arena, text, length);
    node->length = length;
    return node;
}

void yaml_put(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value)
{
    EPSIM_ASSERT(mapping->kind == YAML_MAPPING);
    for (uint32_t i = 0; i < mapping->pair_count; i++)
        if (yaml_same_text(mapping->pairs[i].key, key)) {
            mapping->pairs[i] = (struct yaml_pair){key, value};
            return;
        }
    struct yaml_pair *pairs = arena_alloc(arena, ((size_t)mapping->pair_count + 1) * sizeof *pairs);
    if (mapping->pair_count > 0)
        memcpy(pairs, mapping->pairs, mapping->pair_count * sizeof *pairs);
    pairs[mapping->pair_count++] = (struct yaml_pair){key, value};
    mapping->pairs = pairs;
}

void yaml_append(struct arena *arena, struct yaml_node *sequence, struct yaml_node *item)
{
    EPSIM_ASSERT(sequence->kind == YAML_SEQUENCE);
    struct yaml_node **items = arena_alloc(arena, ((size_t)sequence->item_count + 1) * sizeof *items);
    if (sequence->item_count > 0)
        memcpy(items, sequence->items, sequence->item_count * sizeof *items);
    items[sequence->item_count++] = item;
    sequence->items = items;
}
