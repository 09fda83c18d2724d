/*
 * members.c: see members.h.
 */
#include "engine/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "engine/engine_private.h"
#include "engine/label_index.h"
#include "engine/lag.h"
#include "engine/state.h"
#include "engine/trigger_time.h"

/* --- the pools ------------------------------------------------------------------------------- */

void records_init(struct engine *engine)
{
    struct records *records = &engine->records;
    *records = (struct records){.engine = engine, .model = engine->catalog->pools};
    pool_init(&records->nodes, sizeof(struct node_entry), records);
    pool_init(&records->label_sets, sizeof(struct label_set), records);
    pool_init(&records->pods, sizeof(struct pod_entry), records);
    pool_init(&records->services, sizeof(struct service_entry), records);
    pool_init(&records->members, sizeof(struct member), records);
    pool_init(&records->second_placements, (sizeof(struct placement) + 7) / 8 * 8, records);
    pool_init(&records->slices, sizeof(struct slice_entry), records);
    pool_init(&records->slice_groups, sizeof(struct slice_group), records);
}

void records_fini(struct records *records)
{
    pool_fini(&records->nodes);
    pool_fini(&records->label_sets);
    pool_fini(&records->pods);
    pool_fini(&records->services);
    pool_fini(&records->members);
    pool_fini(&records->second_placements);
    pool_fini(&records->slices);
    pool_fini(&records->slice_groups);
    map_fini(&records->seconds);
    vec_fini(&records->nodes_by_name);
}

/* --- pods and nodes -------------------------------------------------------------------------- */

struct node_entry *node_entry_get(struct engine *engine, sym name)
{
    struct records *records = &engine->records;
    while (records->nodes_by_name.count <= name)
        vec_push(&records->nodes_by_name, NULL);
    struct node_entry **node = &records->nodes_by_name.items[name];
    if (!*node) {
        *node = pool_take(&records->nodes);
        **node = (struct node_entry){.name = name};
        vec_push(&engine->nodes, *node);
    }
    return *node;
}

/* The node that the pod's present revision names. */
static void node_join(struct engine *engine, struct pod_entry *pod)
{
    struct node_entry *node = node_entry_get(engine, pod_entry_pod(pod)->node_name);
    pod->index_in_node = node->pods.count;
    vec_push(&node->pods, pool_number(pod));
}

static void node_leave(struct pod_entry *pod)
{
    struct node_entry *node = pod_entry_node(pod);
    struct pod_entry *moved = node_pod(node, node->pods.count - 1);
    moved->index_in_node = pod->index_in_node;
    vec_swap_remove(&node->pods, pod->index_in_node);
}

struct pod_entry *pod_entry_of(const struct engine *engine, const struct pod *pod)
{
    return pool_at(&engine->records.pods, pod_self(pod)->informer_state);
}

struct pod_entry *pod_entry_create(struct engine *engine, const struct pod *pod)
{
    struct pod_entry *entry = pool_take(&engine->records.pods);
    *entry = (struct pod_entry){.revision = pool_number(pod_ref(pod))};
    trigger_time_note(engine, entry, NULL);
    pod_self(pod)->informer_state = pool_number(entry);
    node_join(engine, entry);
    return entry;
}

void pod_entry_destroy(struct engine *engine, struct pod_entry *pod)
{
    EPSIM_ASSERT(!pod->members);
    struct pod *revision = (struct pod *)pod_entry_pod(pod);
    node_leave(pod);
    trigger_time_drop(engine, pod);
    pod_self(revision)->informer_state = POOL_NONE;
    pod_unref(revision);
    pool_give(&engine->records.pods, pod);
}

void pod_entry_set(struct engine *engine, struct pod_entry *pod, const struct pod *revision)
{
    struct pod *old = (struct pod *)pod_entry_pod(pod);
    bool moves = old->node_name != revision->node_name;
    pod_self(old)->informer_state = POOL_NONE;
    pod_self(revision)->informer_state = pool_number(pod);
    if (moves)
        node_leave(pod);
    pod->revision = pool_number(pod_ref(revision));
    if (moves)
        node_join(engine, pod);
    trigger_time_note(engine, pod, old);
    pod_unref(old);
}

/* --- tombstones ------------------------------------------------------------------------------ */

static uint64_t tombstone_hash(const struct service_entry *entry, const struct target *target)
{
    return hash_mix(entry->items[0].number, target_name_hash(target));
}

struct tombstone_key {
    const struct service_entry *entry;
    const struct target *target;
};

static bool tombstone_is(const void *value, const void *context)
{
    const struct member *member = value;
    const struct tombstone_key *wanted = context;
    return member_service(member) == wanted->entry && target_same_name(member->target, wanted->target);
}

static void tombstone_add(struct engine *engine, struct member *member)
{
    if (!engine->lone_tombstone)
        engine->lone_tombstone = member;
    else
        map_add_ptr(&engine->tombstones, tombstone_hash(member_service(member), member->target), member);
}

static void tombstone_remove(struct engine *engine, struct member *member)
{
    if (engine->lone_tombstone == member)
        engine->lone_tombstone = NULL;
    else
        map_remove_ptr(&engine->tombstones, tombstone_hash(member_service(member), member->target), member);
}

static struct member *tombstone_find(struct service_entry *entry, const struct target *target)
{
    struct engine *engine = entry->engine;
    struct tombstone_key wanted = {entry, target};
    if (engine->lone_tombstone && tombstone_is(engine->lone_tombstone, &wanted))
        return engine->lone_tombstone;
    if (!engine->tombstones.count)
        return NULL;
    return map_find_where(&engine->tombstones, tombstone_hash(entry, target), tombstone_is, &wanted);
}

/* Brings the tombstone of the name back to life. */
static struct member *tombstone_take(struct service_entry *entry, const struct target *target)
{
    struct member *member = tombstone_find(entry, target);
    if (!member)
        return NULL;
    tombstone_remove(entry->engine, member);
    target_unref(member->target);
    member->target = NULL;
    EPSIM_ASSERT(!member->pod);
    return member;
}

static void tombstone_free(struct member *member)
{
    struct service_entry *service = member_service(member);
    struct records *records = records_of(member);
    tombstone_remove(service->engine, member);
    target_unref(member->target);
    if (member->flags & MEMBER_HAS_SECOND) {
        pool_give(&records->second_placements, member_placement(member, 1));
        map_remove(&records->seconds, pool_number(member));
    }
    pool_give(&records->members, member);
}

static bool is_placed(const struct placement *placement)
{
    return placement && (placement->group || placement->slice);
}

/* Something of it is still listed or counted for controller c. */
static bool is_linked(struct member *member, enum sync_controller c)
{
    if (c == SYNC_ENDPOINTS)
        return member->group != POOL_NONE;
    return is_placed(member_placement(member, 0)) || is_placed(member_placement(member, 1));
}

/* --- members --------------------------------------------------------------------------------- */

static struct member *member_create(struct service_entry *entry)
{
    struct member *member = pool_take(&records_of(entry)->members);
    *member = (struct member){.service = pool_number(entry)};
    return member;
}

void member_add_second(struct member *member)
{
    if (member->flags & MEMBER_HAS_SECOND)
        return;
    struct records *records = records_of(member);
    struct placement *placement = pool_take(&records->second_placements);
    *placement = (struct placement){0};
    map_put(&records->seconds, pool_number(member), pool_number(placement));
    member->flags |= MEMBER_HAS_SECOND;
}

struct member *member_of(const struct pod_entry *pod, const struct service_entry *entry)
{
    uint32_t service = pool_number(entry);
    for (struct member *member = pod_entry_members(pod); member; member = member_next(member)) {
        if (member->service == service)
            return member;
    }
    return NULL;
}

static void mark(struct member *member, uint32_t marks, int64_t trigger_s)
{
    struct service_entry *entry = member_service(member);
    for (uint32_t c = 0; c < SYNC_COUNT; c++) {
        uint8_t bit = (uint8_t)(1u << c);
        if (!(marks & bit) || (member->marks & bit))
            continue;
        member->marks |= bit;
        struct marked_member marked = {member, trigger_s};
        vec_push(&entry->marked[c], marked);
    }
}

void member_mark(struct member *member, uint32_t marks, const struct pod *seen)
{
    if (records_of(member)->engine->may_lag && marks & 1u << SYNC_SLICES)
        lag_note(member, seen);
    if (marks & ~(uint32_t)member->marks)
        mark(member, marks, trigger_time_of(seen));
}

void member_count_ready(struct member *member)
{
    struct service_entry *entry = member_service(member);
    const struct pod *pod = member->pod ? pod_entry_pod(member_pod(member)) : NULL;
    bool ready = pod && pod_is_ready(pod) && !pod_is_terminating(pod);
    if (ready == ((member->flags & MEMBER_READY) != 0))
        return;
    member->flags ^= MEMBER_READY;
    entry->ready_count += ready ? 1 : UINT32_MAX;
    state_touch(entry);
}

struct member *member_add(struct service_entry *entry, struct pod_entry *pod)
{
    EPSIM_DEBUG_ASSERT(!member_of(pod, entry));
    struct member *member = tombstone_take(entry, pod_self(pod_entry_pod(pod)));
    if (!member)
        member = member_create(entry);
    member->pod = pool_number(pod);
    uint32_t *link = &pod->members;
    for (struct member *other; *link; link = &other->next_of_pod) {
        other = pool_at(&records_of(member)->members, *link);
        if (member_service(other)->number >= entry->number)
            break;
    }
    member->next_of_pod = *link;
    *link = pool_number(member);
    member->index_in_service = entry->members.count;
    vec_push(&entry->members, pool_number(member));
    member_mark(member, MARK_ALL, NULL);
    member_count_ready(member);
    state_touch(entry);
    return member;
}

void member_remove(struct member *member, const struct pod *seen)
{
    struct service_entry *entry = member_service(member);
    struct pod_entry *pod = member_pod(member);
    uint32_t *link = &pod->members;
    while (*link != pool_number(member))
        link = &((struct member *)pool_at(&records_of(member)->members, *link))->next_of_pod;
    *link = member->next_of_pod;
    service_member(entry, entry->members.count - 1)->index_in_service = member->index_in_service;
    vec_swap_remove(&entry->members, member->index_in_service);
    member->pod = POOL_NONE;
    member->target = target_ref(pod_self(pod_entry_pod(pod)));
    member_count_ready(member);
    state_touch(entry);
    tombstone_add(entry->engine, member);
    if (member->marks == 0 && trigger_time_of(seen) == TIME_NONE && !is_linked(member, SYNC_ENDPOINTS) &&
        !is_linked(member, SYNC_SLICES))
        tombstone_free(member);
    else
        member_mark(member, MARK_ALL, seen);
}

/* --- marks ----------------------------------------------------------------------------------- */

enum left_out member_left_out(const struct member *tombstone)
{
    EPSIM_ASSERT(!tombstone->pod);
    return tombstone->target->informer_state ? LEFT_OUT_UNSELECTED : LEFT_OUT_DELETED;
}

void member_unmark(struct member *member, uint8_t bits)
{
    member->marks &= (uint8_t)~bits;
    if (!member->pod && member->marks == 0)
        tombstone_free(member);
}

void members_settle(struct service_entry *entry, enum sync_controller c)
{
    for (uint32_t i = 0; i < entry->marked[c].count; i++)
        member_unmark(entry->marked[c].items[i].member, (uint8_t)(1u << c));
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
        struct marked_member marked = entry->marked[c].items[i];
        if (marked.member->pod || marked.trigger_s != TIME_NONE || is_linked(marked.member, c)) {
            entry->marked[c].items[kept++] = marked;
            continue;
        }
        member_unmark(marked.member, (uint8_t)(1u << c));
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
