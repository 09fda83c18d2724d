/*
 * packing_rebalance.c: a what-if. Endpoints are placed as upstream does; then, while the port key has more
 * slices than
 *
 *     limit = ceil(ideal x (100 + slack) / 100),   ideal = ceil(endpoints / M), at least 1
 *
 * its emptiest slice is emptied into the others and deleted. So after every sync there are at most `limit`
 * slices, whatever went before. What is emptied goes first where this sync writes anyway, then to the
 * unchanged slice whose room is the least that is enough for all of it, else to the one with the most room.
 *
 * It always comes out: with more than `ideal` slices of at most M endpoints, the room in all but one is
 * enough for that one; a slice of more than M only leaves more room to the others.
 *
 * Worst cost: an emptied slice of e endpoints is one DELETE and at most e PUTs, of slices with room for one
 * each; mostly it is one PUT or two. Each emptied endpoint is added in one request and removed in a later one
 * (S-60), so watchers see it twice for a moment, never not at all.
 */
#include "base/check.h"
#include "engine/packing_policy.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- how many slices there may be ------------------------------------------------------------ */

static uint32_t slice_count(const struct slice_plan *plan, const struct plan_key *key)
{
    return slice_group_count(key->group) + key->updates.count + plan->creates.count - key->first_create;
}

/* What the key's slices hold when all is done. */
static uint32_t endpoint_count(const struct slice_plan *plan, const struct plan_key *key)
{
    uint32_t count = key->group->endpoint_count;
    for (uint32_t i = key->first_delete; i < plan->deletes.count; i++)
        count -= plan->deletes.items[i]->counted;
    for (uint32_t i = 0; i < key->updates.count; i++)
        count += packing_length(key->updates.items[i]) - key->updates.items[i]->slice->counted;
    for (uint32_t i = key->first_create; i < plan->creates.count; i++)
        count += packing_length(plan->creates.items[i]);
    return count;
}

static uint32_t slice_limit(const struct slice_plan *plan, const struct plan_key *key)
{
    uint32_t max = packing_max(plan), count = endpoint_count(plan, key);
    uint64_t ideal = count ? (count - 1) / max + 1 : 1;
    uint64_t percent = 100 + (uint64_t)plan->entry->engine->config.rebalance_slack_percent;
    return (uint32_t)((ideal * percent + 99) / 100);
}

/* --- emptying -------------------------------------------------------------------------------- */

/* The shortest of new and written slices, the first of equals; NULL: there are none. */
static struct slice_edit *shortest_edit(const struct slice_plan *plan, const struct plan_key *key)
{
    struct slice_edit *found = NULL;
    for (uint32_t i = key->first_create; i < plan->creates.count; i++) {
        if (!found || packing_length(plan->creates.items[i]) < packing_length(found))
            found = plan->creates.items[i];
    }
    for (uint32_t i = 0; i < key->updates.count; i++) {
        if (!found || packing_length(key->updates.items[i]) < packing_length(found))
            found = key->updates.items[i];
    }
    return found;
}

/* The emptiest slice, of equals one that is written anyway, since an unchanged one is sent for nothing else.
 * It is not full (above). */
static void empty_one(struct slice_plan *plan, struct plan_key *key)
{
    struct slice_entry *unchanged = key->group->slices.count ? ostree_select(&key->group->slices, 0) : NULL;
    struct slice_edit *edit = shortest_edit(plan, key);
    if (edit && (!unchanged || packing_length(edit) <= unchanged->length))
        packing_empty_edit(plan, key, edit);
    else
        packing_empty_slice(plan, key, unchanged);
}

/* --- where it goes --------------------------------------------------------------------------- */

static struct slice_edit *roomiest_edit(const struct slice_plan *plan, const struct plan_key *key)
{
    struct slice_edit *found = NULL;
    uint32_t room = 0;
    for (uint32_t i = key->first_create; i < plan->creates.count; i++) {
        if (packing_room(plan, plan->creates.items[i]) > room) {
            found = plan->creates.items[i];
            room = packing_room(plan, found);
        }
    }
    for (uint32_t i = 0; i < key->updates.count; i++) {
        if (packing_room(plan, key->updates.items[i]) > room) {
            found = key->updates.items[i];
            room = packing_room(plan, found);
        }
    }
    return found;
}

static void place_emptied(struct slice_plan *plan, struct plan_key *key)
{
    while (packing_left(key) > 0) {
        struct slice_edit *edit = roomiest_edit(plan, key);
        if (!edit) {
            struct slice_entry *slice = NULL;
            if (packing_left(key) < packing_max(plan))
                slice = packing_longest(plan, key, packing_max(plan) - packing_left(key), NULL);
            if (!slice && key->group->slices.count)
                slice = ostree_select(&key->group->slices, 0);
            EPSIM_ASSERT(slice && slice->length < packing_max(plan));
            edit = packing_open(plan, key, slice);
        }
        uint32_t count = min_u32(packing_room(plan, edit), packing_left(key));
        packing_tell(plan, key, edit, DECISION_FILL_BY_POLICY, count, 0);
        packing_append(plan, key, edit, count);
    }
}

static void place(struct slice_plan *plan, struct plan_key *key)
{
    packing_upstream.place(plan, key);
    packing_set_aside(key);
    uint32_t limit = slice_limit(plan, key); /* emptying changes no number of endpoints */
    while (slice_count(plan, key) > limit) {
        empty_one(plan, key);
        place_emptied(plan, key);
    }
}

const struct packing_policy packing_rebalance = {.place = place, .asks_always = true};
