/*
 * yaml_mapping.c: comparing keys: linearly in small mappings, with a hash table in large ones.
 */
#include "scenario/yaml_mapping.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"

/* Pairs above which a hash table finds duplicate keys. */
#define LINEAR_KEYS_MAX 12
/* Comparisons that one merge key may cost. */
#define MERGE_COST_MAX 10000000

static bool same_text(const void *value, const void *context)
{
    return yaml_same_text(value, context);
}

static const struct yaml_node *find_key(
    const struct yaml_node *mapping, uint32_t count, const struct map *map, const struct yaml_node *key)
{
    if (map)
        return map_find_where(map, hash64(key->text, key->length), same_text, key);
    for (uint32_t i = 0; i < count; i++)
        if (yaml_same_text(mapping->pairs[i].key, key))
            return mapping->pairs[i].key;
    return NULL;
}

/* Of pairs with equal keys the first stays; the others are told. */
void yaml_drop_duplicates(struct diag *diag, struct yaml_node *mapping)
{
    uint32_t kept = 0;
    struct map map = {0};
    bool is_large = mapping->pair_count > LINEAR_KEYS_MAX;
    for (uint32_t i = 0; i < mapping->pair_count; i++) {
        struct yaml_node *key = mapping->pairs[i].key;
        const struct yaml_node *first = find_key(mapping, kept, is_large ? &map : NULL, key);
        if (first) {
            diag_error(diag, key->at, "key '%.60s' is given twice; the first is at line %" PRIu32, key->text,
                first->at.line);
            continue;
        }
        mapping->pairs[kept++] = mapping->pairs[i];
        if (is_large)
            map_add_ptr(&map, hash64(key->text, key->length), key);
    }
    mapping->pair_count = kept;
    map_fini(&map);
}

static bool is_merge_key(const struct yaml_node *key)
{
    return key->style == YAML_PLAIN && strcmp(key->text, "<<") == 0;
}

/* Adds the pairs of `from` that `mapping` has not; the array has room. */
static bool merge_pairs(struct diag *diag, struct yaml_node *mapping, const struct yaml_node *from)
{
    if (from->kind != YAML_MAPPING) {
        diag_error(diag, from->at, "a merge key '<<' takes a mapping or a list of mappings");
        return false;
    }
    if ((uint64_t)from->pair_count * (mapping->pair_count + from->pair_count) > MERGE_COST_MAX) {
        diag_error(diag, from->at, "a merge key '<<' of this size is too much");
        return false;
    }
    for (uint32_t i = 0; i < from->pair_count; i++)
        if (!find_key(mapping, mapping->pair_count, NULL, from->pairs[i].key))
            mapping->pairs[mapping->pair_count++] = from->pairs[i];
    return true;
}

static uint32_t pairs_of(const struct yaml_node *node)
{
    uint32_t count = node->kind == YAML_MAPPING ? node->pair_count : 0;
    for (uint32_t i = 0; node->kind == YAML_SEQUENCE && i < node->item_count; i++)
        count += node->items[i]->kind == YAML_MAPPING ? node->items[i]->pair_count : 0;
    return count;
}

/* Takes the pair at `index` out and puts what its value has in its place at the end. */
static bool merge(struct arena *arena, struct diag *diag, struct yaml_node *mapping, uint32_t index)
{
    const struct yaml_node *base = mapping->pairs[index].value;
    size_t room = (size_t)mapping->pair_count + pairs_of(base);
    struct yaml_pair *pairs = arena_alloc(arena, room * sizeof *pairs);
    memcpy(pairs, mapping->pairs, index * sizeof *pairs);
    memcpy(pairs + index, mapping->pairs + index + 1, (mapping->pair_count - index - 1) * sizeof *pairs);
    mapping->pairs = pairs;
    mapping->pair_count--;
    if (base->kind != YAML_SEQUENCE)
        return merge_pairs(diag, mapping, base);
    for (uint32_t i = 0; i < base->item_count; i++)
        if (!merge_pairs(diag, mapping, base->items[i]))
            return false;
    return true;
}

bool yaml_resolve_merge(struct arena *arena, struct diag *diag, struct yaml_node *mapping)
{
    for (uint32_t i = 0; i < mapping->pair_count; i++)
        if (is_merge_key(mapping->pairs[i].key))
            return merge(arena, diag, mapping, i);
    return true;
}
