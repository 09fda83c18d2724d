/*
 * packing.c: see packing.h.
 */
#include "engine/packing.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
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

/* --- taking one (ND-5, ND-8) ----------------------------------------------------------------- */

static uint32_t remaining(const struct plan_key *key)
{
    return key->wanted.count - key->taken;
}

/* Moves `count` endpoints of D to the end of the slice. */
static void append_wanted(
    struct slice_plan *plan, struct plan_key *key, struct slice_edit *edit, uint32_t count)
{
    struct choices *choices = &plan->entry->engine->choices;
    vec_reserve(&edit->appended, edit->appended.count + count);
    for (uint32_t i = 0; i < count; i++) {
        struct wanted_endpoint *left = &key->wanted.items[key->taken];
        uint32_t k = choices_pick(choices, CHOICE_ENDPOINT, remaining(key));
        vec_push(&edit->appended, left[k]);
        left[k] = left[0];
        key->taken++;
    }
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- step 2: update slices (S-43) ------------------------------------------------------------ */

static int compare_edits_by_age(const void *a, const void *b)
{
    uint64_t left = (*(struct slice_edit *const *)a)->slice->slice->sequence;
    uint64_t right = (*(struct slice_edit *const *)b)->slice->slice->sequence;
    return (left > right) - (left < right);
}

static int compare_edits_by_length(const void *a, const void *b)
{
    uint32_t left = (*(struct slice_edit *const *)a)->kept;
    uint32_t right = (*(struct slice_edit *const *)b)->kept;
    if (left != right)
        return left > right ? -1 : 1;
    return compare_edits_by_age(a, b);
}

static void fill_updates(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t max = plan->entry->engine->config.endpoints_per_slice_max;
    struct slice_edit **edits = key->updates.items;
    uint32_t count = key->updates.count;
    if (remaining(key) == 0 || count == 0)
        return;
    qsort(edits, count, sizeof *edits, compare_edits_by_length);
    uint32_t at = 0;
    while (at < count && edits[at]->kept >= max)
        at++;
    while (at < count && remaining(key) > 0) {
        uint32_t tied = 1;
        while (at + tied < count && edits[at + tied]->kept == edits[at]->kept)
            tied++;
        uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_UPDATE_TIE, tied);
        /* The others stay in the order of slices. */
        struct slice_edit *edit = edits[at + k];
        memmove(&edits[at + 1], &edits[at], k * sizeof *edits);
        edits[at++] = edit;
        append_wanted(plan, key, edit, min_u32(max - edit->kept, remaining(key)));
    }
}

/* --- step 3: an unchanged slice, or new ones (S-44) ------------------------------------------ */

/* The unchanged slice whose room is the least that is enough; NULL: none. Those that the plan edits stand
 * aside from here on; a sync that places nothing leaves them in the tree. */
static struct slice_entry *best_fit(struct slice_plan *plan, struct plan_key *key)
{
    for (uint32_t i = 0; i < key->updates.count; i++)
        slice_cache_set_aside(key->updates.items[i]->slice);
    uint32_t max = plan->entry->engine->config.endpoints_per_slice_max;
    const struct ostree *slices = &key->group->slices;
    uint32_t after, first;
    ostree_lower_bound(slices, slice_tree_key(max - remaining(key) + 1, 0), &after);
    if (after == 0)
        return NULL;
    struct slice_entry *longest = ostree_select(slices, after - 1);
    ostree_lower_bound(slices, slice_tree_key(longest->length, 0), &first);
    uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_FILL_TIE, after - first);
    return ostree_select(slices, first + k);
}

static void place_rest(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t max = plan->entry->engine->config.endpoints_per_slice_max;
    while (remaining(key) > 0) {
        struct slice_entry *slice = remaining(key) < max ? best_fit(plan, key) : NULL;
        struct slice_edit *edit = edit_open(plan, slice, key->group);
        append_wanted(plan, key, edit, min_u32(max, remaining(key)));
        if (slice)
            vec_push(&key->updates, edit);
        else
            vec_push(&plan->creates, edit);
    }
}

/* --- one port key, and all of them ----------------------------------------------------------- */

/* S-41: a changed slice that keeps nothing goes. */
static void drop_emptied(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < key->updates.count; i++) {
        struct slice_edit *edit = key->updates.items[i];
        if (edit->changed && edit->kept == 0) {
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
        qsort(key->updates.items, key->updates.count, sizeof *key->updates.items, compare_edits_by_age);
    drop_emptied(plan, key);
    fill_updates(plan, key);
    place_rest(plan, key);
    if (key->updates.count > 1)
        qsort(key->updates.items, key->updates.count, sizeof *key->updates.items, compare_edits_by_age);
    for (uint32_t i = 0; i < key->updates.count; i++)
        vec_push(&plan->updates, key->updates.items[i]);
}

static int compare_keys(const void *a, const void *b)
{
    const struct plan_key *left = a;
    const struct plan_key *right = b;
    return memcmp(left->group->hash, right->group->hash, sizeof left->group->hash);
}

/* S-47. Of slices that the plan edits some may stand aside of the tree; they are all in the key's list. */
static void drop_group(struct slice_plan *plan, struct slice_group *group)
{
    uint32_t first = plan->deletes.count;
    struct ostree_iter it;
    for (ostree_first(&it, &group->slices); it.item; ostree_next(&it)) {
        struct slice_entry *slice = it.item;
        if (!slice->edit)
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
        vec_clear(&plan->deletes);
        return;
    }
    const struct port_list *no_ports = ports_empty(entry->engine->catalog);
    struct slice_group *group = slice_group_get(entry, plan->family, no_ports, false);
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
    for (uint32_t i = 0; i < plan->unowned.count; i++)
        vec_push(&plan->deletes, plan->unowned.items[i]);
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
}
