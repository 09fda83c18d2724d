/*
 * packing_best_fit_all.c: a what-if. Every wanted endpoint goes to the fullest slice that has room, written
 * anyway or not, before any new slice is opened. Upstream touches at most one unchanged slice, and only if
 * all of the rest fits into it (S-44); here room is never left while a slice is opened, so there are the
 * fewest slices that adding can lead to. Deletions leave gaps as they do upstream.
 *
 * Worst cost: a sync with |D| endpoints writes as many unchanged slices as it takes to hold them, up to |D|
 * of them with room for one each, where upstream writes one.
 */
#include "engine/packing_policy.h"
#include "engine/slice_cache.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The longest of the first `count` written slices that has room, drawn among equals by CHOICE_UPDATE_TIE in
 * the order of slices; NULL: none. What was an unchanged slice stands behind these and is full. */
static struct slice_edit *longest_edit(struct slice_plan *plan, const struct plan_key *key, uint32_t count)
{
    uint32_t length = 0, tied = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct slice_edit *edit = key->updates.items[i];
        if (packing_room(plan, edit) == 0 || (tied && packing_length(edit) < length))
            continue;
        tied = tied && packing_length(edit) == length ? tied + 1 : 1;
        length = packing_length(edit);
    }
    if (tied == 0)
        return NULL;
    uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_UPDATE_TIE, tied);
    for (uint32_t i = 0;; i++) {
        struct slice_edit *edit = key->updates.items[i];
        if (packing_room(plan, edit) > 0 && packing_length(edit) == length && k-- == 0)
            return edit;
    }
}

static uint32_t longest_unchanged(const struct plan_key *key, bool *out_any)
{
    const struct ostree *slices = &key->group->slices;
    *out_any = slices->count > 0;
    return *out_any ? ((const struct slice_entry *)ostree_select(slices, slices->count - 1))->length : 0;
}

static void place(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t written = key->updates.count;
    if (packing_left(key) == 0)
        return;
    packing_set_aside(key);
    while (packing_left(key) > 0) {
        bool any;
        uint32_t unchanged = longest_unchanged(key, &any);
        struct slice_edit *edit = longest_edit(plan, key, written);
        if (any && (!edit || unchanged > packing_length(edit)))
            edit = packing_open(plan, key, packing_longest(plan, key, unchanged, NULL));
        else if (!edit)
            edit = packing_create(plan, key);
        uint32_t count = min_u32(packing_room(plan, edit), packing_left(key));
        packing_tell(plan, key, edit, DECISION_FILL_BY_POLICY, count, 0);
        packing_append(plan, key, edit, count);
    }
}

const struct packing_policy packing_best_fit_all = {.place = place};
