/*
 * members.c: see members.h. Records come from the engine's arena and go back to free lists: they come and go
 * with pods, a million of them.
 */
#include "engine/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "engine/engine_private.h"
#include "engine/state.h"

/* --- pods and nodes -------------------------------------------------------------------------- */

struct node_entry *node_entry_get(struct engine *engine, sym name)
{
    struct node_entry *node = map_get_ptr(&engine->nodes_by_name, name);
    if (node)
        return node;
    node = mem_zalloc(sizeof *node);
    node->name = name;
    map_put_ptr(&engine->nodes_by_name, name, node);
    vec_push(&engine->nodes, node);
    return node;
}

static void node_join(struct engine *engine, struct pod_entry *pod)
{
    pod->node = node_entry_get(engine, pod->pod->node_name);
    pod->index_in_node = pod->node->pods.count;
    vec_push(&pod->node->pods, pod);
}

static void node_leave(struct pod_entry *pod)
{
    struct node_entry *node = pod->node;
    vec_last(&node->pods)->index_in_node = pod->index_in_node;
    vec_swap_remove(&node->pods, pod->index_in_node);
    pod->node = NULL;
}

struct pod_entry *pod_entry_create(struct engine *engine, const struct pod *pod)
{
    struct pod_entry *entry = engine->free_pods;
    if (entry)
        engine->free_pods = (struct pod_entry *)(void *)entry->members;
    else
        entry = arena_alloc(&engine->arena, sizeof *entry);
    *entry = (struct pod_entry){.pod = pod_ref(pod)};
    pod->self->informer_state = entry;
    node_join(engine, entry);
    return entry;
}

void pod_entry_destroy(struct engine *engine, struct pod_entry *pod)
{
    EPSIM_ASSERT(!pod->members && !pod->label_set);
    node_leave(pod);
    pod->pod->self->informer_state = NULL;
    pod_unref((struct pod *)pod->pod);
    pod->pod = NULL;
    pod->members = (struct member *)(void *)engine->free_pods;
    engine->free_pods = pod;
}

void pod_entry_set(struct engine *engine, struct pod_entry *pod, const struct pod *revision)
{
    const struct pod *old = pod->pod;
    old->self->informer_state = NULL;
    revision->self->informer_state = pod;
    pod->pod = pod_ref(revision);
    if (old->node_name != revision->node_name) {
        node_leave(pod);
        node_join(engine, pod);
    }
    pod_unref((struct pod *)old);
}

/* --- tombstones ------------------------------------------------------------------------------ */

static uint64_t tombstone_hash(const struct service_entry *entry, const struct target *target)
{
    return hash_mix(entry->items[0].number, hash64(target->name, target->name_length));
}

struct tombstone_key {
    const struct service_entry *entry;
    const struct target *target;
};

static bool tombstone_is(const void *value, const void *context)
{
    const struct member *member = value;
    const struct tombstone_key *wanted = context;
    return member->service == wanted->entry && member->target->name_length == wanted->target->name_length &&
           memcmp(member->target->name, wanted->target->name, wanted->target->name_length) == 0;
}

/* Takes the tombstone of the name out of the map and back to life. */
static struct member *tombstone_take(struct service_entry *entry, const struct target *target)
{
    struct engine *engine = entry->engine;
    uint64_t hash = tombstone_hash(entry, target);
    struct tombstone_key wanted = {entry, target};
    struct member *member = map_find_where(&engine->tombstones, hash, tombstone_is, &wanted);
    if (!member)
        return NULL;
    map_remove_ptr(&engine->tombstones, hash, member);
    target_unref(member->target);
    member->target = NULL;
    return member;
}

static void tombstone_free(struct member *member)
{
    struct engine *engine = member->service->engine;
    map_remove_ptr(&engine->tombstones, tombstone_hash(member->service, member->target), member);
    target_unref(member->target);
    struct placement *second = member->second;
    *member = (struct member){.second = second, .next_of_pod = engine->free_members};
    engine->free_members = member;
}

/* Something of it is still listed, counted or stored for controller c. */
static bool is_remembered(const struct member *member, enum sync_controller c)
{
    if (member->trigger_s[c] != TIME_NONE)
        return true;
    if (c == SYNC_ENDPOINTS)
        return member->group != NULL;
    return member->first.group || member->first.slice ||
           (member->second && (member->second->group || member->second->slice));
}

/* --- members --------------------------------------------------------------------------------- */

static struct member *member_create(struct service_entry *entry)
{
    struct engine *engine = entry->engine;
    struct member *member = engine->free_members;
    struct placement *second = NULL;
    if (member) {
        engine->free_members = member->next_of_pod;
        second = member->second;
        if (second)
            *second = (struct placement){0};
    } else {
        member = arena_alloc(&engine->arena, sizeof *member);
    }
    *member = (struct member){.service = entry, .second = second, .trigger_s = {TIME_NONE, TIME_NONE}};
    return member;
}

struct placement *member_second(struct member *member)
{
    if (!member->second)
        member->second = arena_alloc(&member->service->engine->arena, sizeof *member->second);
    return member->second;
}

struct member *member_of(const struct pod_entry *pod, const struct service_entry *entry)
{
    for (struct member *member = pod->members; member; member = member->next_of_pod) {
        if (member->service == entry)
            return member;
    }
    return NULL;
}

void member_mark(struct member *member, uint32_t marks)
{
    for (uint32_t c = 0; c < SYNC_COUNT; c++) {
        uint8_t bit = (uint8_t)(1u << c);
        if (!(marks & bit) || (member->marks & bit))
            continue;
        member->marks |= bit;
        vec_push(&member->service->marked[c], member);
    }
}

void member_count_ready(struct member *member)
{
    struct service_entry *entry = member->service;
    bool ready = member->pod && pod_is_ready(member->pod->pod) && !pod_is_terminating(member->pod->pod);
    if (ready == ((member->flags & MEMBER_READY) != 0))
        return;
    member->flags ^= MEMBER_READY;
    entry->ready_count += ready ? 1 : UINT32_MAX;
    state_touch(entry);
}

struct member *member_add(struct service_entry *entry, struct pod_entry *pod)
{
    EPSIM_DEBUG_ASSERT(!member_of(pod, entry));
    struct member *member = tombstone_take(entry, pod->pod->self);
    if (!member)
        member = member_create(entry);
    member->pod = pod;
    struct member **link = &pod->members;
    while (*link && (*link)->service->number < entry->number)
        link = &(*link)->next_of_pod;
    member->next_of_pod = *link;
    *link = member;
    member->index_in_service = entry->members.count;
    vec_push(&entry->members, member);
    member_mark(member, MARK_ALL);
    member_count_ready(member);
    state_touch(entry);
    return member;
}

void member_remove(struct member *member)
{
    struct service_entry *entry = member->service;
    struct pod_entry *pod = member->pod;
    struct member **link = &pod->members;
    while (*link != member)
        link = &(*link)->next_of_pod;
    *link = member->next_of_pod;
    member->next_of_pod = NULL;
    vec_last(&entry->members)->index_in_service = member->index_in_service;
    vec_swap_remove(&entry->members, member->index_in_service);
    member->target = target_ref(pod->pod->self);
    member->pod = NULL;
    member_count_ready(member);
    state_touch(entry);
    map_add_ptr(&entry->engine->tombstones, tombstone_hash(entry, member->target), member);
    if (member->marks == 0 && !is_remembered(member, SYNC_ENDPOINTS) && !is_remembered(member, SYNC_SLICES))
        tombstone_free(member);
    else
        member_mark(member, MARK_ALL);
}

/* --- marks ----------------------------------------------------------------------------------- */

void members_settle(struct service_entry *entry, enum sync_controller c)
{
    for (uint32_t i = 0; i < entry->marked[c].count; i++) {
        struct member *member = entry->marked[c].items[i];
        member->marks &= (uint8_t) ~(1u << c);
        if (!member->pod && member->marks == 0)
            tombstone_free(member);
    }
    if (entry->marked[c].capacity > 1024)
        vec_fini(&entry->marked[c]);
    vec_clear(&entry->marked[c]);
}

void members_prune(struct service_entry *entry, enum sync_controller c)
{
    if (entry->marked[c].count < 16 + 2 * (uint64_t)entry->members.count)
        return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < entry->marked[c].count; i++) {
        struct member *member = entry->marked[c].items[i];
        if (member->pod || is_remembered(member, c)) {
            entry->marked[c].items[kept++] = member;
            continue;
        }
        member->marks &= (uint8_t) ~(1u << c);
        if (member->marks == 0)
            tombstone_free(member);
    }
    entry->marked[c].count = kept;
}

static int compare_sequences(const void *a, const void *b)
{
    uint64_t left = member_target(*(struct member *const *)a)->sequence;
    uint64_t right = member_target(*(struct member *const *)b)->sequence;
    return (left > right) - (left < right);
}

void members_sort(struct member_list *list)
{
    if (list->items.count > 1)
        qsort(list->items.items, list->items.count, sizeof *list->items.items, compare_sequences);
}
