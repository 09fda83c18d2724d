/*
 * packing_upstream.c: the policy of the real controller. Slices that are written anyway are filled up first;
 * then one unchanged slice takes the rest, if it can take all of it; else new ones do (S-43, S-44).
 */
#include <stdlib.h>
#include <string.h>

#include "engine/packing_policy.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- step 2: update slices (S-43) ------------------------------------------------------------ */

static int compare_lengths(const void *a, const void *b)
{
    uint32_t left = (*(struct slice_edit *const *)a)->kept;
    uint32_t right = (*(struct slice_edit *const *)b)->kept;
    if (left != right)
        return left > right ? -1 : 1;
    return packing_compare_age(a, b);
}

static void fill_updates(struct slice_plan *plan, struct plan_key *key)
{
    uint32_t max = packing_max(plan);
    struct slice_edit **edits = key->updates.items;
    uint32_t count = key->updates.count;
    if (packing_left(key) == 0 || count == 0)
        return;
    qsort(edits, count, sizeof *edits, compare_lengths);
    uint32_t at = 0;
    while (at < count && edits[at]->kept >= max)
        at++;
    while (at < count && packing_left(key) > 0) {
        uint32_t tied = 1;
        while (at + tied < count && edits[at + tied]->kept == edits[at]->kept)
            tied++;
        uint32_t k = choices_pick(&plan->entry->engine->choices, CHOICE_UPDATE_TIE, tied);
        /* The others stay in the order of slices. */
        struct slice_edit *edit = edits[at + k];
        memmove(&edits[at + 1], &edits[at], k * sizeof *edits);
        edits[at++] = edit;
        uint32_t filled = min_u32(max - edit->kept, packing_left(key));
        packing_tell(plan, key, edit, DECISION_FILL_WRITTEN, filled, tied);
        packing_append(plan, key, edit, filled);
    }
}

/* --- step 3: an unchanged slice, or new ones (S-44) ------------------------------------------ */

/* The unchanged slice whose room is the least that is enough; NULL: none. A sync that places nothing leaves
 * written slices in the tree. */
static struct slice_entry *best_fit(struct slice_plan *plan, struct plan_key *key, uint32_t *out_tied)
{
    if (packing_left(key) >= packing_max(plan))
        return NULL;
    packing_set_aside(key);
    return packing_longest(plan, key, packing_max(plan) - packing_left(key), out_tied);
}

static void place(struct slice_plan *plan, struct plan_key *key)
{
    fill_updates(plan, key);
    while (packing_left(key) > 0) {
        uint32_t tied = 0;
        struct slice_entry *slice = best_fit(plan, key, &tied);
        struct slice_edit *edit = slice ? packing_open(plan, key, slice) : packing_create(plan, key);
        uint32_t count = min_u32(packing_max(plan), packing_left(key));
        packing_tell(plan, key, edit,
            slice                        ? DECISION_FILL_UNCHANGED
            : count == packing_max(plan) ? DECISION_FILL_NEW_FULL
                                         : DECISION_FILL_NEW,
            count, tied);
        packing_append(plan, key, edit, count);
    }
}

const struct packing_policy packing_upstream = {.place = place};
