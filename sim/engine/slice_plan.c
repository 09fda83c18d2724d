/*
 * slice_plan.c: see slice_plan.h.
 */
#include "engine/slice_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "engine/endpoint_build.h"
#include "engine/packing_policy.h"
#include "engine/ports.h"
#include "engine/slice_cache.h"
#include "engine/slice_hints.h"

/* --- groups ---------------------------------------------------------------------------------- */

/* Two port keys of equal hashes do not occur; two shares of equal hashes would stand in the order of sight.
 */
int slice_group_compare(const struct slice_group *a, const struct slice_group *b)
{
    int order = memcmp(a->hash, b->hash, sizeof a->hash);
    return order ? order : (a->share_hash > b->share_hash) - (a->share_hash < b->share_hash);
}

static struct slice_group *group_create(
    struct service_entry *entry, const struct port_list *ports, bool nil, sym share)
{
    struct port_keys *keys = &entry->engine->port_keys;
    const struct port_key *key = port_key_of(keys, ports);
    struct slice_group *group = pool_take(&entry->engine->records.slice_groups);
    *group = (struct slice_group){.ports = key->slice_ports, .asked = ports, .nil = nil, .share = share};
    if (nil)
        port_hash_list(keys->catalog, key->slice_ports, true, keys->order, group->hash);
    else
        memcpy(group->hash, key->hash, sizeof group->hash);
    if (share != SYM_EMPTY)
        group->share_hash =
            hash64(catalog_text(keys->catalog, share), catalog_length(keys->catalog, share)) | 1;
    ostree_init(&group->slices, NULL, NULL);
    return group;
}

struct slice_group *slice_group_get(
    struct service_entry *entry, uint32_t f, const struct port_list *ports, bool nil, sym share)
{
    struct slice_family *family = &entry->families[f];
    for (uint32_t i = 0; i < family->groups.count; i++) {
        struct slice_group *group = family->groups.items[i];
        if (group->asked == ports && group->nil == nil && group->share == share)
            return group;
    }
    const struct port_key *key = port_key_of(&entry->engine->port_keys, ports);
    for (uint32_t i = 0; i < family->groups.count; i++) {
        struct slice_group *group = family->groups.items[i];
        if (group->ports == key->slice_ports && group->nil == nil && group->share == share) {
            group->asked = ports;
            return group;
        }
    }
    struct slice_group *group = group_create(entry, ports, nil, share);
    vec_push(&family->groups, group);
    uint32_t at = family->groups.count - 1;
    for (; at > 0 && slice_group_compare(family->groups.items[at - 1], group) > 0; at--)
        family->groups.items[at] = family->groups.items[at - 1];
    family->groups.items[at] = group;
    return group;
}

struct slice_group *slice_group_of_stored(
    struct service_entry *entry, uint32_t f, const struct port_list *ports, sym share)
{
    bool nil = ports->count == 0 && entry->engine->config.kube_minor < KUBE_MINOR_NIL_IS_EMPTY;
    return slice_group_get(entry, f, ports, nil, share);
}

/* What the policy lets an endpoint share a slice with; NULL: there is no endpoint. */
static sym share_of(const struct service_entry *entry, const struct endpoint *endpoint)
{
    const struct packing_policy *policy = entry->engine->packing;
    return policy->share && endpoint ? policy->share(endpoint) : SYM_EMPTY;
}

static void group_destroy(struct slice_group *group)
{
    ostree_fini(&group->slices);
    pool_give(pool_chunk_of(group)->pool, group);
}

void slice_plan_tidy(struct service_entry *entry)
{
    for (uint32_t f = 0; f < entry->family_count; f++) {
        struct slice_family *family = &entry->families[f];
        uint32_t kept = 0;
        for (uint32_t i = 0; i < family->groups.count; i++) {
            struct slice_group *group = family->groups.items[i];
            if (group->wanted == 0 && slice_group_count(group) == 0)
                group_destroy(group);
            else
                family->groups.items[kept++] = group;
        }
        family->groups.count = kept;
    }
}

void slice_plan_unlink(struct member *member)
{
    member->first = (struct placement){0};
    if (member->flags & MEMBER_HAS_SECOND)
        *member_placement(member, 1) = (struct placement){0};
    member->flags &= (uint8_t) ~(MEMBER_SKIPPED | MEMBER_SKIPPED << 1);
}

void slice_plan_reset(struct service_entry *entry)
{
    for (uint32_t i = 0; i < entry->members.count; i++)
        slice_plan_unlink(service_member(entry, i));
    for (uint32_t i = 0; i < entry->marked[SYNC_SLICES].count; i++)
        slice_plan_unlink(entry->marked[SYNC_SLICES].items[i].member);
    for (uint32_t i = 0; i < entry->slices.count; i++)
        slice_cache_set_group(entry->slices.items[i], NULL);
    for (uint32_t f = 0; f < entry->family_count; f++) {
        struct slice_family *family = &entry->families[f];
        for (uint32_t i = 0; i < family->groups.count; i++)
            group_destroy(family->groups.items[i]);
        vec_fini(&family->groups);
        *family = (struct slice_family){0};
    }
    entry->family_count = 0;
}

bool slice_plan_needs_all(const struct service_entry *entry)
{
    if (entry->hints == HINTS_TOPOLOGY)
        return true;
    for (uint32_t f = 0; f < entry->family_count; f++) {
        const struct slice_family *family = &entry->families[f];
        for (uint32_t i = 0; i < family->groups.count; i++) {
            const struct slice_group *group = family->groups.items[i];
            if (entry->engine->config.kube_minor < KUBE_MINOR_NIL_IS_EMPTY && group->ports->count == 0 &&
                !group->nil && group->wanted > 0)
                return true;
        }
    }
    for (uint32_t i = 0; i < entry->marked[SYNC_SLICES].count; i++) {
        struct member *member = entry->marked[SYNC_SLICES].items[i].member;
        for (uint32_t f = 0; f < FAMILIES_MAX; f++) {
            const struct placement *placement = member_placement(member, f);
            const struct slice_entry *slice = placement ? placement_slice(placement) : NULL;
            if (slice && slice->odd)
                return true;
        }
    }
    return false;
}

/* --- one member (S-25 to S-30) --------------------------------------------------------------- */

/* The port key that the member asks for, and whether it is skipped for its node. */
static void register_member(
    struct slice_plan *plan, struct member *member, struct slice_group *group, bool is_skipped)
{
    struct placement *placement = member_placement(member, plan->family);
    struct slice_group *before = placement_group(placement);
    if (before != group) {
        if (before)
            before->wanted--;
        if (group)
            group->wanted++;
        placement->group = pool_number(group);
    }
    uint8_t bit = (uint8_t)(MEMBER_SKIPPED << plan->family);
    if (is_skipped != ((member->flags & bit) != 0)) {
        member->flags ^= bit;
        plan->entry->families[plan->family].skipped += is_skipped ? 1 : UINT32_MAX;
    }
}

/* What the member should have; *out_fresh as of build_endpoint. */
static enum build_result look_at(struct slice_plan *plan, struct member *member, struct endpoint **out_fresh)
{
    struct service_entry *entry = plan->entry;
    enum build_result result = BUILD_NONE;
    struct slice_group *group = NULL;
    if (plan->family > 0)
        member_add_second(member);
    const struct pod_entry *pod = member_pod(member);
    struct endpoint *like = entry->rescan[SYNC_ENDPOINTS] ? NULL : member_address(member);
    if (pod)
        result = build_endpoint(entry, pod, entry->families[plan->family].type, like, out_fresh);
    if (result != BUILD_NONE)
        group = slice_group_get(entry, plan->family, ports_resolve(entry, pod_entry_pod(pod)), false,
            share_of(entry, result == BUILD_ENDPOINT ? *out_fresh : NULL));
    register_member(plan, member, group, result == BUILD_NO_NODE);
    return result;
}

/* For a fresh record one to be listed, with the hints of a traffic distribution; the one in the Endpoints
 * object if that looks the same. */
static struct endpoint *make_endpoint(
    struct slice_plan *plan, const struct member *member, struct endpoint *fresh)
{
    fresh = hints_add(plan->entry->engine->catalog, plan->entry->hints, fresh);
    struct endpoint *shared = plan->entry->rescan[SYNC_ENDPOINTS] ? NULL : member_address(member);
    return build_finish(fresh, shared);
}

static void change(struct slice_edit *edit, uint32_t index, struct endpoint *endpoint, struct member *member)
{
    struct slice_change added = {index, endpoint, member};
    vec_push(&edit->changes, added);
    edit->changed = true;
}

/* Where the member's endpoint stands in its slice: where it stood last, or below, as endpoints only move up
 * when others go. Sought from both ends: often nobody went, and often the oldest go first. */
static uint32_t index_of(struct slice_plan *plan, struct member *member)
{
    const struct placement *placement = member_placement(member, plan->family);
    const struct endpointslice *slice = placement_slice(placement)->slice;
    const uint32_t *items = slice->endpoints.items;
    uint32_t low = 0, end = slice->endpoints.count;
    if (plan->family == 0 && member->first_index != UINT16_MAX && member->first_index < end)
        end = member->first_index + UINT32_C(1);
    for (; low < end; low++, end--) {
        if (items[end - 1] == placement->endpoint)
            return end - 1;
        if (items[low] == placement->endpoint)
            return low;
    }
    EPSIM_ASSERT(!"the slice lists the member");
    return 0;
}

/* --- telling why (decision.h) ---------------------------------------------------------------- */

static void tell_member(const struct slice_plan *plan, struct member *member, enum decision_kind kind,
    const struct slice_entry *slice, const struct endpoint *endpoint)
{
    if (decisions_are_watched(plan->entry->engine))
        plan_tell(
            plan, slice, (struct decision){.kind = kind, .pod = member_target(member), .endpoint = endpoint});
}

/* No endpoint is wanted. */
static void tell_left_out(const struct slice_plan *plan, struct member *member, enum build_result result,
    const struct slice_entry *slice)
{
    if (decisions_are_watched(plan->entry->engine))
        plan_tell(plan, slice,
            (struct decision){.kind = slice ? DECISION_ENDPOINT_GONE : DECISION_ENDPOINT_ABSENT,
                .pod = member_target(member),
                .endpoint = slice ? placement_endpoint(member_placement(member, plan->family)) : NULL,
                .left_out = member->pod ? build_endpoint_left_out(result, member_pod(member))
                                        : member_left_out(member)});
}

/* --- marked members -------------------------------------------------------------------------- */

static void remove_from_slice(struct slice_plan *plan, struct member *member)
{
    struct placement *placement = member_placement(member, plan->family);
    struct slice_edit *edit = plan_edit_open(plan, placement_slice(placement));
    change(edit, index_of(plan, member), NULL, NULL);
    edit->kept--;
    placement->slice = POOL_NONE;
    placement->endpoint = POOL_NONE;
}

static void plan_member(struct slice_plan *plan, struct member *member)
{
    struct endpoint *fresh;
    enum build_result result = look_at(plan, member, &fresh);
    struct placement *placement = member_placement(member, plan->family);
    struct slice_entry *slice = placement_slice(placement);
    if (result != BUILD_ENDPOINT) {
        tell_left_out(plan, member, result, slice);
        if (slice)
            remove_from_slice(plan, member);
        return;
    }
    const struct endpoint *present = placement_endpoint(placement);
    bool alike = slice && endpoint_is_alike(present, fresh);
    bool stays = slice && slice->group == placement_group(placement) &&
                 (alike || endpoint_same_identity(present, fresh));
    if (stays && (alike ? endpoint_same_conditions(present, fresh) : endpoint_same_content(present, fresh))) {
        tell_member(plan, member, DECISION_ENDPOINT_SAME, slice, present);
        endpoint_unref(fresh);
        return;
    }
    struct endpoint *endpoint = make_endpoint(plan, member, fresh);
    tell_member(plan, member,
        stays   ? DECISION_ENDPOINT_REPLACED
        : slice ? DECISION_ENDPOINT_OTHER
                : DECISION_ENDPOINT_WANTED,
        slice, endpoint);
    if (stays) {
        uint32_t index = index_of(plan, member);
        member_set_index(member, plan->family, index);
        change(plan_edit_open(plan, slice), index, endpoint, member);
        return;
    }
    if (slice)
        remove_from_slice(plan, member);
    struct wanted_endpoint wanted = {member, endpoint};
    vec_push(&plan_key_open(plan, placement_group(placement))->wanted, wanted);
}

void slice_plan_marked(struct slice_plan *plan, const struct member_list *members)
{
    const struct slice_family *family = &plan->entry->families[plan->family];
    for (uint32_t i = 0; i < family->groups.count; i++)
        plan->existing += slice_group_count(family->groups.items[i]);
    for (uint32_t i = 0; i < members->items.count; i++)
        plan_member(plan, members->items.items[i]);
}

/* --- everything ------------------------------------------------------------------------------ */

/* A wanted endpoint, and whether a slice keeps it. */
struct candidate {
    struct member *member;
    struct endpoint *endpoint; /* one reference; once it is kept, borrowed from where that went */
    bool is_kept;
};

struct candidates {
    VEC(struct candidate) items;
    struct map by_identity; /* hash -> index + 1, as a pointer */
};

struct candidate_key {
    const struct candidates *candidates;
    const struct endpoint *endpoint;
};

static bool candidate_is(const void *value, const void *context)
{
    const struct candidate_key *wanted = context;
    const struct candidate *candidate = &wanted->candidates->items.items[(uintptr_t)value - 1];
    return endpoint_same_identity(candidate->endpoint, wanted->endpoint);
}

/* The wanted endpoint of the stored one's identity that no slice keeps yet, in that group (S-40). */
static struct candidate *candidate_find(struct slice_plan *plan, struct candidates *candidates,
    const struct slice_group *group, const struct endpoint *stored)
{
    struct candidate_key wanted = {candidates, stored};
    uintptr_t found = (uintptr_t)map_find_where(
        &candidates->by_identity, endpoint_identity_hash(stored), candidate_is, &wanted);
    if (!found)
        return NULL;
    struct candidate *candidate = &candidates->items.items[found - 1];
    bool is_free =
        !candidate->is_kept && placement_group(member_placement(candidate->member, plan->family)) == group;
    return is_free ? candidate : NULL;
}

static void gather(struct slice_plan *plan, const struct member_list *members, struct candidates *out)
{
    for (uint32_t i = 0; i < members->items.count; i++) {
        struct member *member = members->items.items[i];
        struct endpoint *fresh;
        enum build_result result = look_at(plan, member, &fresh);
        if (result != BUILD_ENDPOINT) {
            tell_left_out(plan, member, result, NULL);
            continue;
        }
        struct candidate candidate = {member, make_endpoint(plan, member, fresh), false};
        vec_push(&out->items, candidate);
        map_add_ptr(&out->by_identity, endpoint_identity_hash(candidate.endpoint),
            (void *)(uintptr_t)out->items.count);
    }
}

static void link_member(struct slice_plan *plan, struct member *member, struct slice_entry *slice,
    struct endpoint *endpoint, uint32_t index)
{
    struct placement *placement = member_placement(member, plan->family);
    placement->slice = pool_number(slice);
    placement->endpoint = pool_number(endpoint);
    member_set_index(member, plan->family, index);
}

/* What stays as stored may have hints that nobody wants, or lack some, or addresses out of order. The latter
 * are no reason to write the slice, but once it is written they are sent in order (S-33). */
static void judge_stored(
    struct slice_plan *plan, struct slice_entry *entry, uint32_t index, struct candidate *candidate)
{
    enum hint_mode mode = plan->entry->hints;
    const struct endpoint *stored = endpointslice_at(entry->slice, index);
    const struct catalog *catalog = plan->entry->engine->catalog;
    enum hint_verdict verdict = hints_judge(mode, stored);
    bool sorts = mode != HINTS_TOPOLOGY && !build_is_sorted(catalog, stored);
    if (verdict == HINTS_RIGHT && !sorts)
        return;
    struct endpoint *right =
        verdict == HINTS_RIGHT ? hints_sort(catalog, stored) : hints_put_right(catalog, mode, stored);
    if (build_identical_in_slice(right, candidate->endpoint)) {
        endpoint_unref(right);
        right = endpoint_ref(candidate->endpoint);
    }
    struct slice_hint hint = {entry, {index, right, candidate->member}, verdict == HINTS_WRONG};
    vec_push(&plan->hints, hint);
}

/* The slice stays as it is, but for hints. A stored record that equals ours in everything is replaced by it
 * unseen; another one stays, and makes the slice odd: once it changes, all that it keeps must be written anew
 * (S-40). */
static void keep_as_stored(struct slice_plan *plan, struct slice_entry *entry, struct candidate *const *kept)
{
    struct endpointslice *slice = entry->slice;
    entry->odd = false;
    if (plan->entry->hints == HINTS_TOPOLOGY) {
        struct stored_slice noted = {entry, plan->stored_members.count};
        vec_push(&plan->stored, noted);
        for (uint32_t i = 0; i < slice->endpoints.count; i++)
            vec_push(&plan->stored_members, kept[i]->member);
    }
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        struct candidate *candidate = kept[i];
        struct endpoint *stored = endpointslice_at(slice, i);
        if (build_identical_in_slice(stored, candidate->endpoint)) {
            endpointslice_put(slice, i, candidate->endpoint);
            endpoint_unref(stored);
        } else {
            entry->odd = true;
            judge_stored(plan, entry, i, candidate);
            endpoint_unref(candidate->endpoint);
        }
        candidate->endpoint = endpointslice_at(slice, i);
        link_member(plan, candidate->member, entry, candidate->endpoint, i);
    }
}

static void keep_changed(struct slice_plan *plan, struct slice_entry *entry, struct candidate *const *kept)
{
    struct slice_edit *edit = plan_edit_open(plan, entry);
    edit->kept = 0;
    for (uint32_t i = 0; i < entry->slice->endpoints.count; i++) {
        struct candidate *candidate = kept[i];
        if (!candidate) {
            change(edit, i, NULL, NULL);
            continue;
        }
        edit->kept++;
        change(edit, i, candidate->endpoint, candidate->member);
        link_member(plan, candidate->member, entry, NULL, i);
    }
    edit->changed = true;
    plan_tell(plan, entry,
        (struct decision){
            .kind = DECISION_SLICE_KEEPS, .count = edit->kept, .length = entry->slice->endpoints.count});
}

/* The labels without the reserved ones differ from the Service's (S-52). */
static bool labels_changed(struct service_entry *entry, const struct labels *stored)
{
    if (stored == slice_labels_of(entry))
        return false;
    struct catalog *catalog = entry->engine->catalog;
    const struct labels *both[2] = {stored, entry->service->meta.labels};
    for (int i = 0; i < 2; i++) {
        both[i] = labels_without(catalog, both[i], catalog_word(catalog, WORD_SERVICE_NAME));
        both[i] = labels_without(catalog, both[i], catalog_word(catalog, WORD_SLICE_MANAGED_BY));
        both[i] = labels_without(catalog, both[i], catalog_word(catalog, WORD_HEADLESS));
    }
    return both[0] != both[1];
}

/* S-40, S-41 for one stored slice of a wanted key. */
static void plan_slice(struct slice_plan *plan, struct slice_entry *entry, struct candidates *candidates)
{
    const struct endpointslice *slice = entry->slice;
    uint32_t count = slice->endpoints.count;
    struct candidate **kept = mem_array(NULL, count, sizeof *kept);
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        struct endpoint *stored = endpointslice_at(slice, i);
        kept[i] = candidate_find(plan, candidates, entry->group, stored);
        if (kept[i])
            kept[i]->is_kept = true;
        changed |= !kept[i] || !endpoint_same_content(stored, kept[i]->endpoint);
    }
    if (changed) {
        keep_changed(plan, entry, kept);
    } else {
        if (labels_changed(plan->entry, slice->meta.labels)) {
            plan_tell(plan, entry, (struct decision){.kind = DECISION_SLICE_RELABELLED});
            plan_edit_open(plan, entry);
        }
        keep_as_stored(plan, entry, kept);
    }
    free(kept);
}

static void plan_slices(struct slice_plan *plan, struct candidates *candidates)
{
    struct service_entry *entry = plan->entry;
    VEC(struct slice_entry *) stored = {0};
    for (uint32_t i = 0; i < entry->slices.count; i++) {
        struct slice_entry *slice = entry->slices.items[i];
        if (slice->listed && slice->slice->address_type == entry->families[plan->family].type)
            vec_push(&stored, slice);
    }
    slice_cache_sort(stored.items, stored.count);
    plan->existing = stored.count;
    for (uint32_t i = 0; i < stored.count; i++) {
        struct slice_entry *slice = stored.items[i];
        if (!slice_is_owned(slice->slice, entry)) {
            vec_push(&plan->unowned, slice);
            continue;
        }
        const struct endpointslice *object = slice->slice;
        sym share = share_of(entry, object->endpoints.count ? endpointslice_at(object, 0) : NULL);
        slice_cache_set_group(slice, slice_group_of_stored(entry, plan->family, object->ports, share));
        if (slice->group->wanted > 0)
            plan_slice(plan, slice, candidates);
    }
    vec_fini(&stored);
}

void slice_plan_all(struct slice_plan *plan, const struct member_list *members)
{
    struct candidates candidates = {0};
    plan->asks_always = plan->entry->engine->packing->asks_always;
    gather(plan, members, &candidates);
    plan_slices(plan, &candidates);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < candidates.items.count; i++) {
        struct candidate *candidate = &candidates.items.items[i];
        kept += candidate->is_kept;
        if (candidate->is_kept)
            continue;
        struct wanted_endpoint wanted = {candidate->member, candidate->endpoint};
        struct slice_group *group = placement_group(member_placement(candidate->member, plan->family));
        vec_push(&plan_key_open(plan, group)->wanted, wanted);
    }
    plan_tell(plan, NULL,
        (struct decision){.kind = DECISION_SLICES_COMPARED, .count = candidates.items.count, .length = kept});
    vec_fini(&candidates.items);
    map_fini(&candidates.by_identity);
}
