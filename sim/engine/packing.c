/*
 * packing.c: see packing.h.
 */
#include "engine/packing.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "engine/members.h"
#include "engine/packing_policy.h"
#include "engine/slice_cache.h"
#include "engine/topology_hints.h"

/* --- keys, edits, plans ---------------------------------------------------------------------- */

/* A list that was longer once gives its room back. */
#define ROOM_KEPT_MAX 1024

#define list_clear(list) \
    do { \
        if ((list)->capacity > ROOM_KEPT_MAX) \
            vec_fini(list); \
        vec_clear(list); \
    } while (0)

struct plan_key *plan_key_open(struct slice_plan *plan, struct slice_group *group)
{
    if (group->plan_key == 0) {
        if (plan->keys.count < plan->keys_made) {
            plan->keys.count++;
        } else {
            vec_push(&plan->keys, ((struct plan_key){0}));
            plan->keys_made++;
        }
        vec_last(&plan->keys).group = group;
        group->plan_key = plan->keys.count;
    }
    return &plan->keys.items[group->plan_key - 1];
}

static struct slice_edit *edit_open(
    struct slice_plan *plan, struct slice_entry *slice, struct slice_group *group)
{
    struct slice_edit *edit = plan->spare_edits;
    if (edit)
        plan->spare_edits = edit->next_spare;
    else
        edit = mem_zalloc(sizeof *edit);
    edit->slice = slice;
    edit->group = group;
    if (slice) {
        slice->edit = edit;
        edit->kept = slice->slice->endpoints.count;
    }
    return edit;
}

struct slice_edit *plan_edit_open(struct slice_plan *plan, struct slice_entry *slice)
{
    if (!slice->edit) {
        struct slice_edit *edit = edit_open(plan, slice, slice->group);
        edit->relabels = true;
        vec_push(&plan_key_open(plan, slice->group)->updates, edit);
    }
    return slice->edit;
}

struct slice_edit *plan_edit_move(struct slice_plan *plan, struct slice_entry *slice)
{
    plan_tell(plan, slice, (struct decision){.kind = DECISION_SLICE_HINTS});
    struct slice_edit *edit = edit_open(plan, slice, slice->group);
    vec_push(&plan->updates, edit);
    return edit;
}

void plan_edit_close(struct slice_plan *plan, struct slice_edit *edit)
{
    for (uint32_t i = 0; i < edit->changes.count; i++)
        endpoint_unref(edit->changes.items[i].endpoint);
    for (uint32_t i = 0; i < edit->appended.count; i++)
        endpoint_unref(edit->appended.items[i].endpoint);
    list_clear(&edit->changes);
    list_clear(&edit->appended);
    if (edit->slice && edit->slice->edit == edit)
        edit->slice->edit = NULL;
    edit->slice = NULL;
    edit->kept = 0;
    edit->changed = edit->relabels = edit->hints_only = edit->recycles = false;
    edit->next_spare = plan->spare_edits;
    plan->spare_edits = edit;
}

void plan_tell(const struct slice_plan *plan, const struct slice_entry *slice, struct decision decision)
{
    if (!decisions_are_watched(plan->entry->engine))
        return;
    if (slice)
        decision.slice = slice->slice;
    decision_tell(plan->entry, CONTROLLER_ENDPOINTSLICE, decision);
}

struct slice_plan *plan_open(struct service_entry *entry, uint32_t family)
{
    struct engine *engine = entry->engine;
    if (!engine->plan)
        engine->plan = mem_zalloc(sizeof *engine->plan);
    EPSIM_ASSERT(!engine->plan->entry);
    engine->plan->entry = entry;
    engine->plan->family = family;
    return engine->plan;
}

void plan_close(struct slice_plan *plan)
{
    for (uint32_t i = 0; i < plan->keys.count; i++) {
        struct plan_key *key = &plan->keys.items[i];
        for (uint32_t k = key->taken; k < key->wanted.count; k++)
            endpoint_unref(key->wanted.items[k].endpoint);
        list_clear(&key->wanted);
        list_clear(&key->updates);
        key->taken = 0;
    }
    vec_clear(&plan->keys);
    list_clear(&plan->unowned);
    list_clear(&plan->hints);
    list_clear(&plan->stored);
    list_clear(&plan->stored_members);
    list_clear(&plan->creates);
    list_clear(&plan->updates);
    list_clear(&plan->deletes);
    text_fini(&plan->event_text);
    plan->event_reason = NULL;
    plan->event_is_warning = false;
    plan->existing = 0;
    plan->asks_always = false;
    plan->entry = NULL;
}

void plan_destroy(struct slice_plan *plan)
{
    if (!plan)
        return;
    while (plan->spare_edits) {
        struct slice_edit *edit = plan->spare_edits;
        plan->spare_edits = edit->next_spare;
        vec_fini(&edit->changes);
        vec_fini(&edit->appended);
        free(edit);
    }
    for (uint32_t i = 0; i < plan->keys_made; i++) {
        vec_fini(&plan->keys.items[i].wanted);
        vec_fini(&plan->keys.items[i].updates);
    }
    vec_fini(&plan->keys);
    vec_fini(&plan->unowned);
    vec_fini(&plan->hints);
    vec_fini(&plan->stored);
    vec_fini(&plan->stored_members);
    vec_fini(&plan->creates);
    vec_fini(&plan->updates);
    vec_fini(&plan->deletes);
    free(plan);
}

/* --- what policies do (packing_policy.h) ----------------------------------------------------- */

int packing_compare_age(const void *a, const void *b)
{
    uint64_t left = (*(struct slice_edit *const *)a)->slice->slice->sequence;
    uint64_t right = (*(struct slice_edit *const *)b)->slice->slice->sequence;
    return (left > right) - (left < right);
}

struct slice_entry *packing_longest(
    struct slice_plan *plan, struct plan_key *key, uint32_t length_max, uint32_t *out_tied)
{
    const struct ostree *slices = &key->group->slices;
    uint32_t after, first;
    ostree_lower_bound(slices, slice_tree_key(length_max + 1, 0), &after);
    if (after == 0)
        return NULL;
    struct slice_entry *longest = ostree_select(slices, after - 1);
    ostree_lower_bound(slices, slice_tree_key(longest->length, 0), &first);
    if (out_tied)
        *out_tied = after - first;
    uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_FILL_TIE, after - first);
    return ostree_select(slices, first + k);
}

void packing_set_aside(struct plan_key *key)
{
    for (uint32_t i = 0; i < key->updates.count; i++)
        slice_cache_set_aside(key->updates.items[i]->slice);
}

void packing_tell(const struct slice_plan *plan, const struct plan_key *key, const struct slice_edit *edit,
    enum decision_kind kind, uint32_t count, uint32_t tied)
{
    if (decisions_are_watched(plan->entry->engine))
        plan_tell(plan, edit->slice,
            (struct decision){.kind = kind,
                .count = count,
                .length = packing_length(edit),
                .max = packing_max(plan),
                .wanted = packing_left(key),
                .tied = tied});
}

void packing_append(struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit, uint32_t count)
{
    struct choices *choices = &plan->entry->engine->choices;
    vec_reserve(&edit->appended, edit->appended.count + count);
    for (uint32_t i = 0; i < count; i++) {
        struct wanted_endpoint *left = &key->wanted.items[key->taken];
        uint32_t k = choices_pick(choices, CHOICE_ENDPOINT, packing_left(key));
        vec_push(&edit->appended, left[k]);
        left[k] = left[0];
        key->taken++;
    }
}

struct slice_edit *packing_open(struct slice_plan *plan, struct plan_key *key, struct slice_entry *slice)
{
    struct slice_edit *edit = edit_open(plan, slice, key->group);
    slice_cache_set_aside(slice);
    vec_push(&key->updates, edit);
    return edit;
}

struct slice_edit *packing_create(struct slice_plan *plan, struct plan_key *key)
{
    struct slice_edit *edit = edit_open(plan, NULL, key->group);
    vec_push(&plan->creates, edit);
    return edit;
}

/* Whose stored endpoint it is. One that the engine wrote leads to its pod; another one has to be looked for.
 */
static struct member *member_of_stored(struct slice_plan *plan, const struct endpoint *endpoint)
{
    struct service_entry *entry = plan->entry;
    const struct target *target = endpoint_target(endpoint);
    struct pod_entry *pod = target ? pool_at(&entry->engine->records.pods, target->informer_state) : NULL;
    struct member *member = pod ? member_of(pod, entry) : NULL;
    if (member && placement_endpoint(member_placement(member, plan->family)) == endpoint)
        return member;
    for (uint32_t i = 0; i < entry->members.count; i++) {
        member = service_member(entry, i);
        if (placement_endpoint(member_placement(member, plan->family)) == endpoint)
            return member;
    }
    EPSIM_ASSERT(!"a stored endpoint is nobody's");
    return NULL;
}

/* D takes over the reference. */
static void want_again(struct plan_key *key, struct member *member, struct endpoint *endpoint)
{
    vec_push(&key->wanted, ((struct wanted_endpoint){member, endpoint}));
}

/* What is stored at `index` and not in the edit's changes; the hints that it should have with it. */
static void want_stored(
    struct slice_plan *plan, struct plan_key *key, struct slice_entry *slice, uint32_t index)
{
    struct endpoint *stored = endpointslice_at(slice->slice, index);
    struct member *member = member_of_stored(plan, stored);
    for (uint32_t i = 0; i < plan->hints.count; i++) {
        const struct slice_hint *hint = &plan->hints.items[i];
        if (hint->slice == slice && hint->change.index == index)
            stored = hint->change.endpoint;
    }
    want_again(key, member, endpoint_ref(stored));
}

/* No later step finds it among the slices that stay as they are. */
static void forget_stored(struct slice_plan *plan, const struct slice_entry *slice)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < plan->hints.count; i++) {
        if (plan->hints.items[i].slice == slice)
            endpoint_unref(plan->hints.items[i].change.endpoint);
        else
            plan->hints.items[kept++] = plan->hints.items[i];
    }
    plan->hints.count = kept;
    kept = 0;
    for (uint32_t i = 0; i < plan->stored.count; i++) {
        if (plan->stored.items[i].slice != slice)
            plan->stored.items[kept++] = plan->stored.items[i];
    }
    plan->stored.count = kept;
}

static void tell_emptied(const struct slice_plan *plan, const struct slice_entry *slice, uint32_t length)
{
    plan_tell(plan, slice, (struct decision){.kind = DECISION_EMPTY_BY_POLICY, .length = length});
}

void packing_empty_slice(struct slice_plan *plan, struct plan_key *key, struct slice_entry *slice)
{
    tell_emptied(plan, slice, slice->length);
    for (uint32_t i = 0; i < slice->slice->endpoints.count; i++)
        want_stored(plan, key, slice, i);
    forget_stored(plan, slice);
    slice_cache_set_aside(slice);
    vec_push(&plan->deletes, slice);
}

static void empty_written(struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit)
{
    struct slice_entry *slice = edit->slice;
    uint32_t count = slice->slice->endpoints.count;
    struct slice_change **changes = mem_zalloc((count + 1) * sizeof *changes);
    for (uint32_t i = 0; i < edit->changes.count; i++)
        changes[edit->changes.items[i].index] = &edit->changes.items[i];
    for (uint32_t i = 0; i < count; i++) {
        if (!changes[i])
            want_stored(plan, key, slice, i);
        else if (changes[i]->endpoint)
            want_again(key, changes[i]->member, endpoint_ref(changes[i]->endpoint));
    }
    free(changes);
    forget_stored(plan, slice);
    slice_cache_set_aside(slice);
    vec_push(&plan->deletes, slice);
}

void packing_empty_edit(struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit)
{
    tell_emptied(plan, edit->slice, packing_length(edit));
    if (edit->slice)
        empty_written(plan, key, edit);
    for (uint32_t i = 0; i < edit->appended.count; i++)
        want_again(key, edit->appended.items[i].member, endpoint_ref(edit->appended.items[i].endpoint));
    uint32_t kept = 0;
    if (edit->slice) {
        for (uint32_t i = 0; i < key->updates.count; i++) {
            if (key->updates.items[i] != edit)
                key->updates.items[kept++] = key->updates.items[i];
        }
        key->updates.count = kept;
    } else {
        for (uint32_t i = 0; i < plan->creates.count; i++) {
            if (plan->creates.items[i] != edit)
                plan->creates.items[kept++] = plan->creates.items[i];
        }
        plan->creates.count = kept;
    }
    plan_edit_close(plan, edit);
}

/* --- one port key, and all of them ----------------------------------------------------------- */

/* S-41: a changed slice that keeps nothing goes. */
static void drop_emptied(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < key->updates.count; i++) {
        struct slice_edit *edit = key->updates.items[i];
        if (edit->changed && edit->kept == 0) {
            plan_tell(plan, edit->slice, (struct decision){.kind = DECISION_SLICE_EMPTIED});
            slice_cache_set_aside(edit->slice);
            vec_push(&plan->deletes, edit->slice);
            plan_edit_close(plan, edit);
        } else {
            key->updates.items[kept++] = edit;
        }
    }
    key->updates.count = kept;
}

static void decide_key(struct slice_plan *plan, struct plan_key *key)
{
    if (key->updates.count > 1)
        qsort(key->updates.items, key->updates.count, sizeof *key->updates.items, packing_compare_age);
    key->first_create = plan->creates.count;
    key->first_delete = plan->deletes.count;
    drop_emptied(plan, key);
    plan->entry->engine->packing->place(plan, key);
    EPSIM_ASSERT(packing_left(key) == 0);
    if (key->updates.count > 1)
        qsort(key->updates.items, key->updates.count, sizeof *key->updates.items, packing_compare_age);
    for (uint32_t i = 0; i < key->updates.count; i++)
        vec_push(&plan->updates, key->updates.items[i]);
}

static int compare_keys(const void *a, const void *b)
{
    const struct plan_key *left = a;
    const struct plan_key *right = b;
    return slice_group_compare(left->group, right->group);
}

/* S-47. Slices that the plan edits are in the key's list. */
static void drop_group(struct slice_plan *plan, struct slice_group *group)
{
    uint32_t first = plan->deletes.count;
    uint32_t count = slice_group_count(group) ? plan->entry->slices.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct slice_entry *slice = plan->entry->slices.items[i];
        if (slice->group == group && slice->filed != FILED_NOWHERE && !slice->edit)
            vec_push(&plan->deletes, slice);
    }
    if (group->plan_key) {
        struct plan_key *key = &plan->keys.items[group->plan_key - 1];
        for (uint32_t i = 0; i < key->updates.count; i++) {
            vec_push(&plan->deletes, key->updates.items[i]->slice);
            plan_edit_close(plan, key->updates.items[i]);
        }
        vec_clear(&key->updates);
    }
    if (plan->deletes.count > first)
        slice_cache_sort(&plan->deletes.items[first], plan->deletes.count - first);
    for (uint32_t i = first; i < plan->deletes.count; i++)
        plan_tell(plan, plan->deletes.items[i], (struct decision){.kind = DECISION_SLICE_PORTS});
}

/* --- the placeholder (S-48) ------------------------------------------------------------------ */

/* Every entry of `a` is in `b`; a missing one is as good as an empty one. */
static bool labels_within(const struct labels *a, const struct labels *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        sym value = SYM_EMPTY;
        labels_get(b, a->items[i].key, &value);
        if (value != a->items[i].value)
            return false;
    }
    return true;
}

static bool is_placeholder(struct service_entry *entry, const struct endpointslice *slice)
{
    const struct labels *labels = slice_labels_of(entry);
    return slice->endpoints.count == 0 && slice->ports->count == 0 &&
           labels_within(labels, slice->meta.labels) && labels_within(slice->meta.labels, labels);
}

static void decide_placeholder(struct slice_plan *plan)
{
    if (plan->existing != plan->deletes.count || plan->creates.count > 0)
        return;
    struct service_entry *entry = plan->entry;
    if (plan->deletes.count == 1 && is_placeholder(entry, plan->deletes.items[0]->slice)) {
        plan_tell(plan, plan->deletes.items[0], (struct decision){.kind = DECISION_PLACEHOLDER_KEPT});
        vec_clear(&plan->deletes);
        return;
    }
    plan_tell(plan, NULL, (struct decision){.kind = DECISION_PLACEHOLDER_WANTED});
    const struct port_list *no_ports = ports_empty(entry->engine->catalog);
    struct slice_group *group = slice_group_get(entry, plan->family, no_ports, false, SYM_EMPTY);
    vec_push(&plan->creates, edit_open(plan, NULL, group));
}

/* --- hints of endpoints that stay as stored (H-4, T-3, T-4) ---------------------------------- */

static void decide_hints(struct slice_plan *plan)
{
    for (uint32_t i = 0; i < plan->hints.count; i++) {
        struct slice_entry *slice = plan->hints.items[i].slice;
        if (plan->hints.items[i].writes && !slice->edit)
            plan_edit_move(plan, slice);
    }
    for (uint32_t i = 0; i < plan->hints.count; i++) {
        const struct slice_hint *hint = &plan->hints.items[i];
        if (hint->slice->edit) {
            hint->slice->edit->hints_only = true;
            vec_push(&hint->slice->edit->changes, hint->change);
        } else {
            /* Right enough for now; whoever writes the slice must see it again. */
            endpoint_unref(hint->change.endpoint);
            plan->entry->rescan[SYNC_SLICES] = true;
        }
    }
    vec_clear(&plan->hints);
}

/* --- recycling (S-71, ND-8) ------------------------------------------------------------------ */

static void recycle(struct slice_plan *plan)
{
    VEC(struct slice_entry *) eligible = {0};
    for (uint32_t i = 0; i < plan->deletes.count; i++) {
        if (slice_is_owned(plan->deletes.items[i]->slice, plan->entry))
            vec_push(&eligible, plan->deletes.items[i]);
    }
    uint32_t head = 0;
    while (plan->creates.count > 0 && head < eligible.count) {
        uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_RECYCLE, eligible.count - head);
        struct slice_entry *slice = eligible.items[head + k];
        eligible.items[head + k] = eligible.items[head];
        head++;
        struct slice_edit *edit = vec_pop(&plan->creates);
        plan_tell(plan, slice,
            (struct decision){.kind = DECISION_SLICE_RECYCLED,
                .count = edit->appended.count,
                .tied = eligible.count - head + 1});
        edit->slice = slice;
        edit->recycles = true;
        slice->edit = edit;
        slice_cache_set_aside(slice);
        vec_push(&plan->updates, edit);
    }
    vec_fini(&eligible);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < plan->deletes.count; i++) {
        if (!plan->deletes.items[i]->edit)
            plan->deletes.items[kept++] = plan->deletes.items[i];
    }
    plan->deletes.count = kept;
}

void plan_decide(struct slice_plan *plan)
{
    struct slice_family *family = &plan->entry->families[plan->family];
    for (uint32_t i = 0; i < plan->unowned.count; i++) {
        plan_tell(plan, plan->unowned.items[i], (struct decision){.kind = DECISION_SLICE_NOT_OWNED});
        vec_push(&plan->deletes, plan->unowned.items[i]);
    }
    for (uint32_t i = 0; plan->asks_always && i < family->groups.count; i++)
        plan_key_open(plan, family->groups.items[i]);
    if (plan->keys.count > 1)
        qsort(plan->keys.items, plan->keys.count, sizeof *plan->keys.items, compare_keys);
    for (uint32_t i = 0; i < plan->keys.count; i++)
        plan->keys.items[i].group->plan_key = i + 1;
    for (uint32_t i = 0; i < plan->keys.count; i++) {
        if (plan->keys.items[i].group->wanted > 0)
            decide_key(plan, &plan->keys.items[i]);
    }
    for (uint32_t i = 0; i < family->groups.count; i++) {
        if (family->groups.items[i]->wanted == 0)
            drop_group(plan, family->groups.items[i]);
    }
    for (uint32_t i = 0; i < plan->keys.count; i++)
        plan->keys.items[i].group->plan_key = 0;
    decide_placeholder(plan);
    decide_hints(plan);
    if (plan->entry->hints == HINTS_TOPOLOGY)
        topology_hints_decide(plan);
    recycle(plan);
    if (plan->creates.count + plan->updates.count + plan->deletes.count == 0)
        plan_tell(plan, NULL, (struct decision){.kind = DECISION_SLICES_RIGHT});
}
