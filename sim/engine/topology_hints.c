/*
 * topology_hints.c: see topology_hints.h.
 */
#include "engine/topology_hints.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "engine/endpoint_build.h"
#include "engine/slice_hints.h"
#include "engine/topology.h"

/* --- the endpoints that are written ---------------------------------------------------------- */

/* Where a record of an edit is kept. */
enum slot_place { SLOT_STORED, SLOT_CHANGE, SLOT_APPENDED };

struct slot {
    struct slice_edit *edit;
    enum slot_place place;
    uint32_t index; /* among those of that place */
    struct member *member;
    struct endpoint *endpoint;
    sym hint; /* to be given; SYM_EMPTY: none */
};

/* What a zone should have (H-14), and how its hints move (H-18). */
struct allocation {
    sym zone;
    double desired;
    int32_t minimum, maximum;
    double surplus, need;
    int32_t gives, receives;
};

struct stage {
    struct slice_plan *plan;
    VEC(struct allocation) zones; /* by the bytes of the zone */
    VEC(struct slot) slots;       /* of creates, then of updates */
    struct zone_counts given;     /* A of H-15 to H-21 */
};

static bool is_ready(const struct endpoint *endpoint)
{
    return endpoint_ready(endpoint) == CONDITION_TRUE;
}

static bool has_hints(const struct endpoint *endpoint)
{
    return endpoint_extra(endpoint) && endpoint_extra(endpoint)->has_hints;
}

static void add_slot(struct stage *stage, struct slice_edit *edit, enum slot_place place, uint32_t index,
    struct member *member)
{
    const struct catalog *catalog = stage->plan->entry->engine->catalog;
    struct slot slot = {.edit = edit, .place = place, .index = index, .member = member};
    if (place == SLOT_STORED && !build_is_sorted(catalog, endpointslice_at(edit->slice->slice, index))) {
        struct endpoint *sorted = hints_sort(catalog, endpointslice_at(edit->slice->slice, index));
        struct slice_change change = {index, sorted, member};
        edit->hints_only = true;
        vec_push(&edit->changes, change);
        slot.place = place = SLOT_CHANGE;
        slot.index = index = edit->changes.count - 1;
    }
    if (place == SLOT_STORED)
        slot.endpoint = endpointslice_at(edit->slice->slice, index);
    else if (place == SLOT_CHANGE)
        slot.endpoint = edit->changes.items[index].endpoint;
    else
        slot.endpoint = edit->appended.items[index].endpoint;
    vec_push(&stage->slots, slot);
}

/* The members of a slice that keeps all as stored; NULL: it does not. */
static struct member **stored_members(const struct slice_plan *plan, const struct slice_entry *slice)
{
    uint32_t low = 0, high = plan->stored.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->stored.items[middle].slice->slice->sequence < slice->slice->sequence)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < plan->stored.count && plan->stored.items[low].slice == slice;
    /* No stored endpoint anywhere: there is no array to point into. */
    return found && plan->stored_members.count
               ? &plan->stored_members.items[plan->stored.items[low].first_member]
               : NULL;
}

/* A changed slice has a change for each stored endpoint (a full sync); another has none. */
static void add_slots(struct stage *stage, struct slice_edit *edit)
{
    struct member **members = edit->slice ? stored_members(stage->plan, edit->slice) : NULL;
    for (uint32_t i = 0; members && i < edit->slice->slice->endpoints.count; i++)
        add_slot(stage, edit, SLOT_STORED, i, members[i]);
    for (uint32_t i = 0; !members && i < edit->changes.count; i++) {
        if (edit->changes.items[i].endpoint)
            add_slot(stage, edit, SLOT_CHANGE, i, edit->changes.items[i].member);
    }
    for (uint32_t i = 0; i < edit->appended.count; i++)
        add_slot(stage, edit, SLOT_APPENDED, i, edit->appended.items[i].member);
}

static void gather_slots(struct stage *stage)
{
    for (uint32_t i = 0; i < stage->plan->creates.count; i++)
        add_slots(stage, stage->plan->creates.items[i]);
    for (uint32_t i = 0; i < stage->plan->updates.count; i++)
        add_slots(stage, stage->plan->updates.items[i]);
}

static struct endpoint *with_hint(const struct catalog *catalog, const struct endpoint *endpoint, sym hint)
{
    if (hint == SYM_EMPTY)
        return hints_put_right(catalog, HINTS_NONE, endpoint);
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = endpoint_extra_with_zone_hints(endpoint_extra(endpoint), &hint, 1);
    return endpoint_create(catalog, &draft);
}

static void put_hint(struct stage *stage, struct slot *slot)
{
    if (slot->hint == SYM_EMPTY && !has_hints(slot->endpoint))
        return;
    struct endpoint *hinted = with_hint(stage->plan->entry->engine->catalog, slot->endpoint, slot->hint);
    if (endpoint_same_hints(slot->endpoint, hinted)) {
        endpoint_unref(hinted);
        return;
    }
    if (slot->place == SLOT_STORED) {
        struct slice_change change = {slot->index, hinted, slot->member};
        slot->edit->hints_only = true;
        vec_push(&slot->edit->changes, change);
        return;
    }
    struct endpoint **place = slot->place == SLOT_CHANGE ? &slot->edit->changes.items[slot->index].endpoint
                                                         : &slot->edit->appended.items[slot->index].endpoint;
    endpoint_unref(*place);
    *place = hinted;
}

/* --- failure (H-13) -------------------------------------------------------------------------- */

static void tell(struct stage *stage, bool is_warning, const char *reason)
{
    text_printf(&stage->plan->event_text, ", addressType: %s",
        address_type_text(stage->plan->entry->families[stage->plan->family].type));
    stage->plan->event_reason = reason;
    stage->plan->event_is_warning = is_warning;
}

/* The reason is in the plan's event_text. */
static void fail(struct stage *stage)
{
    struct slice_plan *plan = stage->plan;
    tell(stage, true, "TopologyAwareHintsDisabled");
    topology_cache_forget(plan->entry, plan->entry->families[plan->family].type);
    for (uint32_t i = 0; i < plan->stored.count; i++) {
        struct slice_entry *slice = plan->stored.items[i].slice;
        bool hinted = false;
        for (uint32_t e = 0; e < slice->slice->endpoints.count && !slice->edit; e++)
            hinted |= has_hints(endpointslice_at(slice->slice, e));
        if (hinted)
            plan_edit_move(plan, slice);
    }
    vec_clear(&stage->slots);
    gather_slots(stage);
    for (uint32_t i = 0; i < stage->slots.count; i++)
        put_hint(stage, &stage->slots.items[i]);
}

/* --- allocations (H-13, H-14) ---------------------------------------------------------------- */

static uint32_t count_ready(const struct stage *stage)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < stage->slots.count; i++)
        count += is_ready(stage->slots.items[i].endpoint);
    for (uint32_t i = 0; i < stage->plan->stored.count; i++) {
        const struct slice_entry *slice = stage->plan->stored.items[i].slice;
        for (uint32_t e = 0; e < slice->slice->endpoints.count && !slice->edit; e++)
            count += is_ready(endpointslice_at(slice->slice, e));
    }
    return count;
}

/* False: there is nothing to allocate, and event_text says why. */
static bool allocate(struct stage *stage, uint32_t ready)
{
    const struct topology *topology = &stage->plan->entry->engine->topology;
    struct text *why = &stage->plan->event_text;
    uint32_t zones = topology->ratios.count;
    if (zones == 0) {
        text_add(
            why, "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
        return false;
    }
    if (zones > ready) {
        text_printf(why, "Insufficient number of endpoints (%u endpoints, %u zones)", ready, zones);
        return false;
    }
    int64_t remaining = ready;
    for (uint32_t i = 0; i < zones; i++) {
        double desired = topology->ratios.items[i].ratio * (double)ready;
        int32_t minimum = (int32_t)ceil(desired * OVERLOAD_FACTOR);
        struct allocation zone = {.zone = topology->ratios.items[i].zone, .minimum = minimum};
        zone.desired = desired > (double)minimum ? desired : (double)minimum;
        remaining -= minimum;
        vec_push(&stage->zones, zone);
    }
    if (remaining < 0) {
        text_printf(why,
            "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold "
            "(%u endpoints, %u zones)",
            ready, zones);
        return false;
    }
    for (uint32_t i = 0; i < zones; i++)
        stage->zones.items[i].maximum = (int32_t)(stage->zones.items[i].minimum + remaining);
    return true;
}

static struct allocation *allocation_of(struct stage *stage, sym zone)
{
    for (uint32_t i = 0; i < stage->zones.count; i++) {
        if (stage->zones.items[i].zone == zone)
            return &stage->zones.items[i];
    }
    return NULL;
}

/* --- unchanged slices (H-15) ----------------------------------------------------------------- */

/* Counts the slice's hints; false: it must be written. */
static bool count_hints(struct stage *stage, const struct endpointslice *slice, struct zone_counts *out)
{
    for (uint32_t e = 0; e < slice->endpoints.count; e++) {
        const struct endpoint *endpoint = endpointslice_at(slice, e);
        if (!is_ready(endpoint))
            continue;
        if (!has_hints(endpoint) || endpoint_extra(endpoint)->zone_hint_count == 0)
            return false;
        for (uint32_t i = 0; i < endpoint_extra(endpoint)->zone_hint_count; i++) {
            if (!allocation_of(stage, endpoint_extra(endpoint)->zone_hints[i]))
                return false;
            ++*zone_counts_get(out, endpoint_extra(endpoint)->zone_hints[i]);
        }
    }
    for (uint32_t i = 0; i < out->items.count; i++) {
        const struct zone_count *count = &out->items.items[i];
        const struct zone_count *given = zone_counts_find(&stage->given, count->zone);
        if (count->count + (given ? given->count : 0) > allocation_of(stage, count->zone)->maximum)
            return false;
    }
    return true;
}

static void examine_unchanged(struct stage *stage)
{
    struct slice_plan *plan = stage->plan;
    for (uint32_t i = 0; i < plan->stored.count; i++) {
        struct slice_entry *slice = plan->stored.items[i].slice;
        if (slice->edit)
            continue;
        struct zone_counts counts = {0};
        if (count_hints(stage, slice->slice, &counts)) {
            for (uint32_t k = 0; k < counts.items.count; k++)
                *zone_counts_get(&stage->given, counts.items.items[k].zone) += counts.items.items[k].count;
        } else {
            add_slots(stage, plan_edit_move(plan, slice));
        }
        vec_fini(&counts.items);
    }
}

/* --- hints (H-16 to H-20) -------------------------------------------------------------------- */

static bool hint_own_zones(struct stage *stage)
{
    for (uint32_t i = 0; i < stage->slots.count; i++) {
        struct slot *slot = &stage->slots.items[i];
        if (!is_ready(slot->endpoint))
            continue;
        if (!(endpoint_flags(slot->endpoint) & ENDPOINT_ZONE) || endpoint_zone(slot->endpoint) == SYM_EMPTY)
            return false;
        slot->hint = endpoint_zone(slot->endpoint);
        ++*zone_counts_get(&stage->given, slot->hint);
    }
    return true;
}

static double amount(const struct allocation *zone, bool gives)
{
    return gives ? zone->surplus : zone->need;
}

/* The zone of the greatest surplus, or need, above 0; NULL: none. */
static struct allocation *greatest(struct stage *stage, bool gives)
{
    double most = 0;
    uint32_t tied = 0;
    for (uint32_t i = 0; i < stage->zones.count; i++) {
        double value = amount(&stage->zones.items[i], gives);
        if (value > most) {
            most = value;
            tied = 0;
        }
        tied += value > 0 && value >= most;
    }
    if (tied == 0)
        return NULL;
    uint32_t k = choices_pick(&stage->plan->entry->engine->choices, CHOICE_ZONE, tied);
    for (uint32_t i = 0;; i++) {
        if (amount(&stage->zones.items[i], gives) >= most && k-- == 0)
            return &stage->zones.items[i];
    }
}

static void find_moves(struct stage *stage)
{
    for (uint32_t i = 0; i < stage->zones.count; i++) {
        struct allocation *zone = &stage->zones.items[i];
        const struct zone_count *given = zone_counts_find(&stage->given, zone->zone);
        double has = given ? (double)given->count : 0;
        zone->surplus = has > zone->desired ? has - zone->desired : 0;
        zone->need = has < zone->desired ? zone->desired - has : 0;
    }
    for (;;) {
        struct allocation *giver = greatest(stage, true), *receiver = greatest(stage, false);
        if (!giver || !receiver || (giver->surplus < 1.0 && receiver->need < 1.0) || giver->surplus < 0.5 ||
            receiver->need < 0.5)
            return;
        giver->gives++;
        giver->surplus -= 1;
        receiver->receives++;
        receiver->need -= 1;
    }
}

/* Some zone that still receives; NULL: none. */
static struct allocation *draw_receiver(struct stage *stage)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < stage->zones.count; i++)
        count += stage->zones.items[i].receives > 0;
    if (count == 0)
        return NULL;
    uint32_t k = choices_pick(&stage->plan->entry->engine->choices, CHOICE_ZONE, count);
    for (uint32_t i = 0;; i++) {
        if (stage->zones.items[i].receives > 0 && k-- == 0)
            return &stage->zones.items[i];
    }
}

static void redistribute(struct stage *stage)
{
    for (uint32_t i = 0; i < stage->slots.count; i++) {
        struct slot *slot = &stage->slots.items[i];
        struct allocation *giver = slot->hint != SYM_EMPTY ? allocation_of(stage, slot->hint) : NULL;
        if (!giver || giver->gives == 0)
            continue;
        struct allocation *receiver = draw_receiver(stage);
        if (!receiver)
            return;
        giver->gives--;
        receiver->receives--;
        slot->hint = receiver->zone;
        --*zone_counts_get(&stage->given, giver->zone);
        ++*zone_counts_get(&stage->given, receiver->zone);
    }
}

/* --- all ------------------------------------------------------------------------------------- */

static void succeed(struct stage *stage)
{
    struct slice_plan *plan = stage->plan;
    struct service_entry *entry = plan->entry;
    for (uint32_t i = 0; i < stage->slots.count; i++) {
        if (is_ready(stage->slots.items[i].endpoint)) /* others keep what they have (H-17) */
            put_hint(stage, &stage->slots.items[i]);
    }
    if (!entry->topology || !entry->topology->had_hints) {
        text_add(&plan->event_text, "Topology Aware Hints has been enabled");
        tell(stage, false, "TopologyAwareHintsEnabled");
    }
    topology_cache_set(entry, entry->families[plan->family].type, &stage->given);
}

void topology_hints_decide(struct slice_plan *plan)
{
    struct stage stage = {.plan = plan};
    gather_slots(&stage);
    if (!allocate(&stage, count_ready(&stage))) {
        fail(&stage);
    } else {
        examine_unchanged(&stage);
        if (!hint_own_zones(&stage)) {
            text_add(&plan->event_text, "One or more endpoints do not have a zone specified");
            fail(&stage);
        } else {
            find_moves(&stage);
            redistribute(&stage);
            if (stage.given.items.count == 0) {
                text_add(&plan->event_text, "No hints allocated for zones");
                fail(&stage);
            } else {
                succeed(&stage);
            }
        }
    }
    vec_fini(&stage.zones);
    vec_fini(&stage.slots);
    vec_fini(&stage.given.items);
}
