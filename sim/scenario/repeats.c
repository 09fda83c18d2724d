/*
 * repeats.c: see repeats.h.
 */
#include "scenario/repeats.h"

#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/number.h"
#include "model/made_name.h"

struct repeats {
    struct scenario *scenario;
    struct map namespaces; /* hash -> text */
    struct map makers;     /* hash -> number, as a pointer */
    struct map label_maps; /* hash -> struct text_map */
    uint32_t label_map_count;
    const struct text_pair *latest_items; /* pods of a trace mostly share theirs */
    uint32_t latest_number;
};

/* --- namespaces and makers ----------------------------------------------------------------------------- */

static bool same_text(const void *value, const void *context)
{
    return strcmp(value, context) == 0;
}

static const char *one_namespace(struct repeats *r, const char *text)
{
    uint64_t hash = hash64(text, strlen(text));
    const char *found = map_find_where(&r->namespaces, hash, same_text, text);
    if (found)
        return found;
    map_add_ptr(&r->namespaces, hash, (char *)text);
    return text;
}

struct wanted_maker {
    const struct scenario *scenario;
    const char *namespace; /* one_namespace */
    const char *name;
    size_t length;
};

static bool maker_is(const void *value, const void *context)
{
    const struct wanted_maker *wanted = context;
    const struct pod_maker *maker = &wanted->scenario->makers.items[(uintptr_t)value - 1];
    return maker->namespace == wanted->namespace && strncmp(maker->name, wanted->name, wanted->length) == 0 &&
           !maker->name[wanted->length];
}

static uint32_t maker_number(struct repeats *r, const char *namespace, const char *name, size_t length)
{
    struct scenario *scenario = r->scenario;
    struct wanted_maker wanted = {scenario, namespace, name, length};
    uint64_t hash = hash64(name, length);
    uintptr_t number = (uintptr_t)map_find_where(&r->makers, hash, maker_is, &wanted);
    if (!number) {
        vec_push(&scenario->makers,
            ((struct pod_maker){namespace, arena_strndup(&scenario->arena, name, length)}));
        number = scenario->makers.count;
        map_add_ptr(&r->makers, hash, (void *)number);
    }
    return (uint32_t)number;
}

/* NAME-ORDINAL: decimal, without leading zeros. */
static void split_name(struct repeats *r, struct reference *reference)
{
    const char *name = reference->name, *dash = strrchr(name, '-');
    int64_t ordinal;
    if (!dash || dash == name || (dash[1] == '0' && dash[2]) ||
        !int_parse(dash + 1, strlen(dash + 1), 0, UINT32_MAX, &ordinal))
        return;
    reference->ordinal = (uint32_t)ordinal;
    reference->maker = maker_number(r, reference->namespace, name, (size_t)(dash - name));
}

/* --- maps of labels ------------------------------------------------------------------------------------ */

/* The order of the entries counts: the same map in another order is another one, which harms nobody. */
static uint64_t map_hash(const struct text_map *map)
{
    uint64_t hash = map->count;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct text_pair *pair = &map->items[i];
        hash = hash_mix(hash, hash64(pair->key, strlen(pair->key)));
        hash = hash_mix(hash, pair->value ? hash64(pair->value, strlen(pair->value)) : 0);
    }
    return hash;
}

static bool map_is(const void *value, const void *context)
{
    const struct text_map *a = value, *b = context;
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct text_pair *x = &a->items[i], *y = &b->items[i];
        if (strcmp(x->key, y->key) != 0 || !x->value != !y->value ||
            (x->value && strcmp(x->value, y->value) != 0))
            return false;
    }
    return true;
}

static void number_map(struct repeats *r, struct text_map *map)
{
    if (map->count == 0)
        return;
    if (map->items != r->latest_items) {
        uint64_t hash = map_hash(map);
        const struct text_map *found = map_find_where(&r->label_maps, hash, map_is, map);
        r->latest_items = map->items;
        r->latest_number = found ? found->number : ++r->label_map_count;
        map->number = r->latest_number;
        if (!found)
            map_add_ptr(&r->label_maps, hash, map);
    }
    map->number = r->latest_number;
}

/* --- the whole ----------------------------------------------------------------------------------------- */

static void number_event(struct repeats *r, struct scenario_event *event)
{
    struct reference *target = &event->target;
    number_map(r, &event->labels);
    if (!target->name || target->kind != REFERENCE_POD)
        return;
    target->namespace = one_namespace(r, target->namespace);
    target->name_hash = pod_name_hash(target->name, strlen(target->name));
    split_name(r, target);
}

void repeats_number(struct scenario *scenario)
{
    struct repeats r = {.scenario = scenario};
    for (uint32_t i = 0; i < scenario->events.count; i++)
        number_event(&r, &scenario->events.items[i]);
    for (uint32_t i = 0; i < scenario->traces.count; i++) {
        const struct trace *trace = &scenario->traces.items[i];
        for (uint32_t k = 0; k < trace->pod_count; k++) {
            number_map(&r, &trace->pods[k].labels);
            trace->pods[k].name_hash = pod_name_hash(trace->pods[k].name, strlen(trace->pods[k].name));
        }
    }
    map_fini(&r.namespaces);
    map_fini(&r.makers);
    map_fini(&r.label_maps);
}
