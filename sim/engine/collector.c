/*
 * collector.c: see collector.h.
 */
#include "engine/collector.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"

/* A uid that is, or was, that of a Service or of Endpoints, and the slices that name it as an owner. */
struct owner_entry {
    struct uuid uid;
    sym uid_text;
    bool lives; /* as a Service */
    bool queued;
    sim_time due_ns; /* when it is looked at */
    VEC(struct slice_entry *) slices;
};

static uint64_t uid_hash(struct uuid uid, sym text)
{
    uint64_t words[2];
    memcpy(words, uid.bytes, sizeof words);
    return hash_mix(hash_mix(words[0], words[1]), text);
}

static bool owner_is(const void *value, const void *context)
{
    const struct owner_entry *entry = value;
    const struct owner *wanted = context;
    return uid_equal(entry->uid, entry->uid_text, wanted->uid, wanted->uid_text);
}

static struct owner_entry *owner_find(struct engine *engine, struct uuid uid, sym text)
{
    struct owner wanted = {.uid = uid, .uid_text = text};
    return map_find_where(&engine->owners, uid_hash(uid, text), owner_is, &wanted);
}

static struct owner_entry *owner_get(struct engine *engine, struct uuid uid, sym text)
{
    struct owner_entry *entry = owner_find(engine, uid, text);
    if (entry)
        return entry;
    entry = mem_zalloc(sizeof *entry);
    entry->uid = uid;
    entry->uid_text = text;
    map_add_ptr(&engine->owners, uid_hash(uid, text), entry);
    return entry;
}

/* An owner that nobody names and that does not live is forgotten. */
static void owner_release(struct engine *engine, struct owner_entry *entry)
{
    if (entry->lives || entry->queued || entry->slices.count > 0)
        return;
    map_remove_ptr(&engine->owners, uid_hash(entry->uid, entry->uid_text), entry);
    vec_fini(&entry->slices);
    free(entry);
}

static bool is_service(const struct engine *engine, const struct owner *owner)
{
    return owner->kind == catalog_word(engine->catalog, WORD_SERVICE) &&
           owner->api_version == catalog_word(engine->catalog, WORD_V1);
}

static bool is_endpoints(const struct engine *engine, const struct owner *owner)
{
    return owner->kind == catalog_word(engine->catalog, WORD_ENDPOINTS) &&
           owner->api_version == catalog_word(engine->catalog, WORD_V1);
}

/* Whoever can be found missing. */
static bool is_watched(const struct engine *engine, const struct owner *owner)
{
    return is_service(engine, owner) || is_endpoints(engine, owner);
}

static bool same_uid(const struct owner *a, const struct owner *b)
{
    return uid_equal(a->uid, a->uid_text, b->uid, b->uid_text);
}

/* The i-th owner reference is one to a Service or to Endpoints, and no earlier one names the same. */
static bool is_indexed(const struct engine *engine, const struct endpointslice *slice, uint32_t i)
{
    const struct owner *owner = &slice->owners[i];
    for (uint32_t k = 0; k < i; k++) {
        const struct owner *other = &slice->owners[k];
        if (is_watched(engine, other) && same_uid(other, owner))
            return false;
    }
    return is_watched(engine, owner);
}

/* --- collecting ------------------------------------------------------------------------------ */

static bool lives(struct engine *engine, const struct endpointslice *slice, const struct owner *owner)
{
    if (is_service(engine, owner)) {
        const struct owner_entry *entry = owner_find(engine, owner->uid, owner->uid_text);
        return entry && entry->lives;
    }
    if (!is_endpoints(engine, owner))
        return true;
    const struct endpoints *endpoints = store_endpoints(engine->store, slice->meta.namespace, owner->name);
    return endpoints && uid_equal(endpoints->meta.uid, endpoints->meta.uid_text, owner->uid, owner->uid_text);
}

static bool has_living_owner(struct engine *engine, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        if (lives(engine, slice, &slice->owners[i]))
            return true;
    }
    return false;
}

/* The slices of all owners that are gone by now and whose time has come, by age. */
static void collect(void *subject, uint64_t argument)
{
    (void)argument;
    struct engine *engine = subject;
    VEC(struct slice_entry *) slices = {0};
    VEC(struct owner_entry *) owners = {0};
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < engine->ownerless.count; i++) {
        struct owner_entry *owner = engine->ownerless.items[i];
        if (owner->due_ns > clock_now(engine->clock)) {
            engine->ownerless.items[waiting++] = owner;
            continue;
        }
        vec_push(&owners, owner);
        for (uint32_t k = 0; k < owner->slices.count; k++) {
            if (!has_living_owner(engine, owner->slices.items[k]->slice))
                vec_push(&slices, owner->slices.items[k]);
        }
    }
    engine->ownerless.count = waiting;
    slice_cache_sort(slices.items, slices.count);
    uint32_t count = 0; /* without those of several owners */
    for (uint32_t i = 0; i < slices.count; i++) {
        if (i == 0 || slices.items[i] != slices.items[count - 1])
            slices.items[count++] = slices.items[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        if (decisions_are_watched(engine) && slices.items[i]->service)
            decision_tell(slices.items[i]->service, CONTROLLER_GARBAGE_COLLECTOR,
                (struct decision){.kind = DECISION_OWNER_GONE, .slice = slices.items[i]->slice});
        request_delete_slice(engine, CONTROLLER_GARBAGE_COLLECTOR, NULL, slices.items[i]->slice);
    }
    for (uint32_t i = 0; i < owners.count; i++) {
        owners.items[i]->queued = false;
        owner_release(engine, owners.items[i]);
    }
    vec_fini(&slices);
    vec_fini(&owners);
}

static void enqueue(struct engine *engine, struct owner_entry *owner)
{
    if (owner->queued)
        return;
    owner->queued = true;
    vec_push(&engine->ownerless, owner);
    int64_t delay_ns = distribution_draw(&engine->config.timing.collect, &engine->collect_stream);
    owner->due_ns = clock_now(engine->clock) + delay_ns;
    if (delay_ns > 0)
        clock_after(engine->clock, delay_ns, PHASE_COLLECT, EVENT_COLLECT, collect, engine, 0);
    else
        clock_post(engine->clock, PHASE_COLLECT, EVENT_COLLECT, collect, engine, 0);
}

/* --- owners and slices ----------------------------------------------------------------------- */

void collector_owner_lives(struct engine *engine, const struct meta *service)
{
    owner_get(engine, service->uid, service->uid_text)->lives = true;
}

void collector_owner_gone(struct engine *engine, const struct meta *service)
{
    struct owner_entry *owner = owner_find(engine, service->uid, service->uid_text);
    EPSIM_ASSERT(owner);
    owner->lives = false;
    if (owner->slices.count > 0)
        enqueue(engine, owner);
    else
        owner_release(engine, owner);
}

void collector_endpoints_gone(struct engine *engine, const struct meta *endpoints)
{
    struct owner_entry *owner = owner_find(engine, endpoints->uid, endpoints->uid_text);
    if (owner && owner->slices.count > 0)
        enqueue(engine, owner);
}

void collector_join(struct engine *engine, struct slice_entry *slice)
{
    for (uint32_t i = 0; i < slice->slice->owner_count; i++) {
        const struct owner *reference = &slice->slice->owners[i];
        if (!is_indexed(engine, slice->slice, i))
            continue;
        struct owner_entry *owner = owner_get(engine, reference->uid, reference->uid_text);
        if (i == 0)
            slice->index_in_owner = owner->slices.count;
        vec_push(&owner->slices, slice);
        if (!lives(engine, slice->slice, reference))
            enqueue(engine, owner);
    }
}

/* The first owner's list knows the place; those of further owners are searched. */
void collector_leave(struct engine *engine, struct slice_entry *slice)
{
    for (uint32_t i = 0; i < slice->slice->owner_count; i++) {
        const struct owner *reference = &slice->slice->owners[i];
        if (!is_indexed(engine, slice->slice, i))
            continue;
        struct owner_entry *owner = owner_find(engine, reference->uid, reference->uid_text);
        EPSIM_ASSERT(owner && owner->slices.count > 0);
        uint32_t at = slice->index_in_owner;
        if (at >= owner->slices.count || owner->slices.items[at] != slice) {
            for (at = 0; at < owner->slices.count && owner->slices.items[at] != slice;)
                at++;
        }
        EPSIM_ASSERT(at < owner->slices.count);
        struct slice_entry *moved = vec_last(&owner->slices);
        vec_swap_remove(&owner->slices, at);
        const struct owner *first = &moved->slice->owners[0];
        if (uid_equal(first->uid, first->uid_text, owner->uid, owner->uid_text))
            moved->index_in_owner = at;
        owner_release(engine, owner);
    }
}

void collector_fini(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->by_number.count; i++) {
        if (!engine->by_number.items[i])
            continue;
        const struct meta *meta = &engine->by_number.items[i]->service->meta;
        struct owner_entry *owner = owner_find(engine, meta->uid, meta->uid_text);
        if (owner) {
            owner->lives = false;
            owner_release(engine, owner);
        }
    }
    for (uint32_t i = 0; i < engine->ownerless.count; i++) {
        engine->ownerless.items[i]->queued = false;
        owner_release(engine, engine->ownerless.items[i]);
    }
    vec_fini(&engine->ownerless);
    map_fini(&engine->owners);
}
