/*
 * label_index.c: see label_index.h.
 */
#include "engine/label_index.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "engine/engine_private.h"

/* --- buckets --------------------------------------------------------------------------------- */

struct bucket_key {
    sym namespace, key, value;
};

static bool bucket_is(const void *value, const void *context)
{
    const struct label_bucket *bucket = value;
    const struct bucket_key *wanted = context;
    return bucket->namespace == wanted->namespace && bucket->key == wanted->key &&
           bucket->value == wanted->value;
}

static struct label_bucket *bucket_get(
    struct engine *engine, sym namespace, const struct label *label, bool create)
{
    struct bucket_key wanted = {namespace, label->key, label->value};
    uint64_t hash = hash_mix(namespace, (uint64_t)label->key << 32 | label->value);
    struct label_bucket *bucket = map_find_where(&engine->label_buckets, hash, bucket_is, &wanted);
    if (bucket || !create)
        return bucket;
    bucket = mem_zalloc(sizeof *bucket);
    bucket->namespace = namespace;
    bucket->key = label->key;
    bucket->value = label->value;
    map_add_ptr(&engine->label_buckets, hash, bucket);
    vec_push(&engine->buckets, bucket);
    return bucket;
}

/* --- sets of pods ---------------------------------------------------------------------------- */

/* NULL: there is none. */
static struct label_set *set_of(const struct engine *engine, const struct pod *pod)
{
    uint32_t id = pod_labels(pod)->id;
    struct label_set *set = id < engine->label_sets.count ? engine->label_sets.items[id] : NULL;
    while (set && set->namespace != pod_self(pod)->namespace)
        set = set->next;
    return set;
}

static struct label_set *set_create(struct engine *engine, const struct pod *pod)
{
    const struct labels *labels = pod_labels(pod);
    struct label_set *set = pool_take(&engine->records.label_sets);
    *set = (struct label_set){.namespace = pod_self(pod)->namespace,
        .labels = labels,
        .places = mem_array(NULL, labels->count, sizeof set->places[0])};
    for (uint32_t i = 0; i < labels->count; i++)
        set->places[i].bucket = bucket_get(engine, set->namespace, &labels->items[i], true);
    return set;
}

static struct found_services *found_place(struct engine *engine, const struct labels *labels)
{
    return &engine->found[labels->id % FOUND_SERVICES];
}

static void set_destroy(struct engine *engine, struct label_set *set)
{
    struct found_services *found = found_place(engine, set->labels);
    if (found->set == set)
        found->set = NULL;
    vec_fini(&set->pods);
    free(set->places);
    pool_give(&engine->records.label_sets, set);
}

/* Into its buckets, and the sets of its labels. */
static void set_link(struct engine *engine, struct label_set *set)
{
    for (uint32_t i = 0; i < set->labels->count; i++) {
        struct label_bucket *bucket = set->places[i].bucket;
        set->places[i].index = bucket->sets.count;
        vec_push(&bucket->sets, set);
    }
    while (engine->label_sets.count <= set->labels->id)
        vec_push(&engine->label_sets, NULL);
    set->next = engine->label_sets.items[set->labels->id];
    engine->label_sets.items[set->labels->id] = set;
}

static void set_unlink(struct engine *engine, struct label_set *set)
{
    for (uint32_t i = 0; i < set->labels->count; i++) {
        struct label_bucket *bucket = set->places[i].bucket;
        struct label_set *moved = vec_last(&bucket->sets);
        vec_swap_remove(&bucket->sets, set->places[i].index);
        for (uint32_t k = 0; k < moved->labels->count; k++) {
            if (moved->places[k].bucket == bucket)
                moved->places[k].index = set->places[i].index;
        }
    }
    struct label_set **link = &engine->label_sets.items[set->labels->id];
    while (*link != set)
        link = &(*link)->next;
    *link = set->next;
}

/* --- resting ones ---------------------------------------------------------------------------- */

/* A set whose last pod went is out of all lists. But often a pod comes back to it soon: one that is
 * relabelled to and fro, or the only one of a StatefulSet's ordinal. So a few are kept with what they know.
 */
static struct label_set **resting_place(struct engine *engine, const struct labels *labels)
{
    return &engine->resting[labels->id % LABEL_SETS_RESTING];
}

static void set_rest(struct engine *engine, struct label_set *set)
{
    struct label_set **place = resting_place(engine, set->labels);
    set_unlink(engine, set);
    if (*place)
        set_destroy(engine, *place);
    *place = set;
}

static struct label_set *set_wake(struct engine *engine, const struct pod *pod)
{
    struct label_set **place = resting_place(engine, pod_labels(pod)), *set = *place;
    if (set && set->labels == pod_labels(pod) && set->namespace == pod_self(pod)->namespace)
        *place = NULL;
    else
        set = set_create(engine, pod);
    set_link(engine, set);
    return set;
}

/* --- pods ------------------------------------------------------------------------------------ */

void label_index_join(struct engine *engine, struct pod_entry *pod)
{
    const struct pod *revision = pod_entry_pod(pod);
    struct label_set *set = set_of(engine, revision);
    if (!set)
        set = set_wake(engine, revision);
    pod->index_in_label_set = set->pods.count;
    vec_push(&set->pods, pool_number(pod));
}

void label_index_leave(struct engine *engine, struct pod_entry *pod)
{
    struct label_set *set = set_of(engine, pod_entry_pod(pod));
    struct pod_entry *moved = pool_at(&engine->records.pods, vec_last(&set->pods));
    moved->index_in_label_set = pod->index_in_label_set;
    vec_swap_remove(&set->pods, pod->index_in_label_set);
    if (set->pods.count == 0)
        set_rest(engine, set);
}

void label_index_prefetch_place(const struct engine *engine, const struct pod_entry *pod)
{
    const struct label_set *set = set_of(engine, pod_entry_pod(pod));
    if (set && pod->index_in_label_set < set->pods.count)
        mem_prefetch_line(&set->pods.items[pod->index_in_label_set]);
}

/* --- Services -------------------------------------------------------------------------------- */

void label_index_add_service(struct service_entry *entry)
{
    const struct labels *selector = entry->service->selector;
    EPSIM_ASSERT(!entry->bucket);
    entry->engine->selectors_epoch++;
    if (!selector || selector->count == 0)
        return;
    struct label_bucket *best = NULL;
    for (uint32_t i = 0; i < selector->count; i++) {
        struct label_bucket *bucket = bucket_get(entry->engine, entry->namespace, &selector->items[i], true);
        if (!best || bucket->services.count < best->services.count)
            best = bucket;
    }
    vec_push(&best->services, entry);
    entry->bucket = best;
}

void label_index_remove_service(struct service_entry *entry)
{
    entry->engine->selectors_epoch++;
    if (!entry->bucket)
        return;
    struct label_bucket *bucket = entry->bucket;
    uint32_t i = bucket->services.count;
    while (i > 0 && bucket->services.items[i - 1] != entry)
        i--;
    EPSIM_ASSERT(i > 0);
    vec_swap_remove(&bucket->services, i - 1);
    entry->bucket = NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = (*(struct service_entry *const *)a)->number;
    uint32_t right = (*(struct service_entry *const *)b)->number;
    return (left > right) - (left < right);
}

static void find_services(const struct label_set *set, struct service_list *out)
{
    vec_clear(&out->items);
    for (uint32_t i = 0; i < set->labels->count; i++) {
        const struct label_bucket *bucket = set->places[i].bucket;
        for (uint32_t k = 0; k < bucket->services.count; k++) {
            struct service_entry *entry = bucket->services.items[k];
            if (labels_match(entry->service->selector, set->labels))
                vec_push(&out->items, entry);
        }
    }
    if (out->items.count > 1)
        qsort(out->items.items, out->items.count, sizeof *out->items.items, compare_numbers);
}

const struct service_list *label_index_services(struct engine *engine, const struct pod_entry *pod)
{
    struct label_set *set = set_of(engine, pod_entry_pod(pod));
    struct found_services *found = found_place(engine, set->labels);
    if (found->set != set || found->epoch != engine->selectors_epoch) {
        find_services(set, &found->list);
        found->set = set;
        found->epoch = engine->selectors_epoch;
    }
    return &found->list;
}

void label_index_pods(
    struct service_entry *entry, void (*visit)(struct service_entry *entry, struct pod_entry *pod))
{
    const struct labels *selector = entry->service->selector;
    const struct label_bucket *best = NULL;
    for (uint32_t i = 0; selector && i < selector->count; i++) {
        const struct label_bucket *bucket =
            bucket_get(entry->engine, entry->namespace, &selector->items[i], false);
        if (!bucket)
            return;
        if (!best || bucket->sets.count < best->sets.count)
            best = bucket;
    }
    for (uint32_t i = 0; best && i < best->sets.count; i++) {
        struct label_set *set = best->sets.items[i];
        if (!labels_match(selector, set->labels))
            continue;
        for (uint32_t k = 0; k < set->pods.count; k++)
            visit(entry, pool_at(&entry->engine->records.pods, set->pods.items[k]));
    }
}

void label_index_fini(struct engine *engine)
{
    for (uint32_t i = 0; i < LABEL_SETS_RESTING; i++) {
        if (engine->resting[i])
            set_destroy(engine, engine->resting[i]);
    }
    for (uint32_t i = 0; i < engine->buckets.count; i++) {
        vec_fini(&engine->buckets.items[i]->sets);
        vec_fini(&engine->buckets.items[i]->services);
        free(engine->buckets.items[i]);
    }
    vec_fini(&engine->buckets);
    map_fini(&engine->label_buckets);
    vec_fini(&engine->label_sets);
}
