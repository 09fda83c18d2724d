/*
 * endpoints_controller.c: see endpoints_controller.h.
 *
 * The stored object mirrors what was last wanted, in groups. So a sync compares each marked member with its
 * own record; "the subsets are equal" (E-61) is "no member differed". An object that somebody else wrote is
 * explicit: it is compared as a whole, and becomes grouped when it is written.
 */
#include "engine/endpoints_controller.h"

#include "engine/address_groups.h"
#include "engine/difference.h"
#include "engine/endpoint_build.h"
#include "engine/endpoints_controller_private.h"
#include "engine/endpoints_metadata.h"
#include "engine/members.h"
#include "engine/ports.h"
#include "engine/repack.h"
#include "engine/requests.h"
#include "engine/state.h"
#include "engine/trigger_time.h"

void endpoints_want(
    struct service_entry *entry, const struct member *member, struct endpoint *like, struct wanted *out)
{
    out->address = NULL;
    if (!member->pod)
        return;
    const struct pod_entry *pod = member_pod(member);
    out->ports = ports_resolve(entry, pod_entry_pod(pod));
    if (out->ports->count == 0 && !ports_empty_is_listed(entry))
        return;
    out->address = build_address(entry, pod, like);
}

/* --- writing --------------------------------------------------------------------------------- */

static void put(struct sync *sync, bool subsets_changed, bool changed)
{
    struct endpoints *object = sync->object;
    if (!changed) {
        sync->engine->content_hash = 0;
        request_endpoints(sync->engine, CONTROLLER_ENDPOINTS, VERB_NOOP, object, 0, 0);
        return;
    }
    uint64_t before = object->meta.resource_version;
    store_commit_endpoints(sync->engine->store, object, subsets_changed, false, SYM_EMPTY);
    sync->entry->superseded_version = before;
    request_endpoints(sync->engine, CONTROLLER_ENDPOINTS, VERB_UPDATE, object, sync->added, sync->removed);
}

static void post(struct sync *sync, struct endpoints *object)
{
    object->meta.namespace = sync->entry->namespace;
    object->meta.name = sync->entry->name;
    store_create_endpoints(sync->engine->store, object, false);
    request_endpoints(
        sync->engine, CONTROLLER_ENDPOINTS, VERB_CREATE, object, request_address_count(object), 0);
}

/* --- telling why (decision.h) ---------------------------------------------------------------- */

static enum left_out left_out(const struct service_entry *entry, const struct member *member)
{
    if (!member->pod)
        return member_left_out(member);
    enum left_out why = build_address_left_out(entry, member_pod(member));
    return why == LEFT_OUT_NOT ? LEFT_OUT_NO_PORT : why;
}

/* What becomes of a marked member whose address was `before`, and is `now` (NULL: none). */
static void tell_member(const struct sync *sync, const struct member *member, const struct endpoint *before,
    const struct endpoint *now, enum decision_kind both)
{
    struct decision decision = {.kind = both, .pod = member_target(member), .endpoint = now ? now : before};
    if (!now) {
        decision.kind = before ? DECISION_ADDRESS_GONE : DECISION_ADDRESS_ABSENT;
        decision.left_out = left_out(sync->entry, member);
    } else {
        decision.ready = endpoint_is_ready(now);
        if (!before)
            decision.kind = DECISION_ADDRESS_ADDED;
    }
    endpoints_tell(sync, decision);
}

static void tell_omitted(const struct sync *sync)
{
    for (uint32_t i = 0; i < sync->entry->marked[SYNC_ENDPOINTS].count; i++) {
        const struct member *member = sync->entry->marked[SYNC_ENDPOINTS].items[i].member;
        if (member->group != POOL_NONE && !address_groups_list_member(member))
            endpoints_tell(sync, (struct decision){.kind = DECISION_ADDRESS_OMITTED,
                                     .pod = member_target(member),
                                     .endpoint = member_address(member)});
    }
}

/* The object as it is about to be written. */
static void tell_capacity(
    const struct sync *sync, const struct endpoints *object, bool was_over, bool is_over)
{
    uint32_t max = sync->engine->config.endpoints_capacity;
    uint32_t count = object->address_count + object->omitted_count;
    if (is_over && object->groups.count == 1)
        tell_omitted(sync);
    if (is_over)
        endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_TRUNCATED,
                                 .count = count,
                                 .length = object->address_count,
                                 .max = max});
    else if (was_over)
        endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_FIT, .count = count, .max = max});
}

/* --- the incremental sync -------------------------------------------------------------------- */

static bool same_identity(const struct endpoint *a, const struct endpoint *b)
{
    return ip_equal(endpoint_ip(a), endpoint_ip(b)) &&
           target_same_uid(endpoint_target(a), endpoint_target(b));
}

/* For a fresh record one to be listed; the one in a slice if that looks the same. */
static struct endpoint *make_address(
    const struct sync *sync, const struct member *member, struct endpoint *fresh)
{
    struct endpoint *shared = sync->entry->rescan[SYNC_SLICES] ? NULL : placement_endpoint(&member->first);
    return build_finish(fresh, shared);
}

static void note_shown(struct sync *sync)
{
    for (uint32_t i = 0; i < sync->entry->marked[SYNC_ENDPOINTS].count; i++) {
        struct member *member = sync->entry->marked[SYNC_ENDPOINTS].items[i].member;
        member->flags &= (uint8_t) ~(MEMBER_WAS_SHOWN | MEMBER_OTHER_ADDRESS);
        if (address_groups_list_member(member))
            member->flags |= MEMBER_WAS_SHOWN;
    }
}

/* How many addresses the object lists more and less than before: marked members one by one; what truncation
 * brought up or pushed out beside them is the rest of the difference. */
static void count_shown(struct sync *sync, uint32_t count_before)
{
    for (uint32_t i = 0; i < sync->entry->marked[SYNC_ENDPOINTS].count; i++) {
        const struct member *member = sync->entry->marked[SYNC_ENDPOINTS].items[i].member;
        bool before = member->flags & MEMBER_WAS_SHOWN;
        bool after = address_groups_list_member(member);
        bool other = member->flags & MEMBER_OTHER_ADDRESS;
        sync->added += after && (!before || other);
        sync->removed += before && (!after || other);
        sync->visible |= before != after;
    }
    int64_t rest =
        ((int64_t)sync->object->address_count - count_before) - ((int64_t)sync->added - sync->removed);
    if (rest > 0)
        sync->added += (uint32_t)rest;
    else
        sync->removed += (uint32_t)-rest;
}

/* What is listed of a member, and what is wanted of it. */
struct comparison {
    bool had, same_group, stays, alike;
    bool equal; /* nothing is to be done */
};

static inline struct comparison compare(const struct member *member, const struct wanted *wanted)
{
    struct comparison with = {.had = member->group != POOL_NONE};
    const struct endpoint *before = member_address(member);
    bool was_ready = with.had && endpoint_is_ready(before);
    bool is_ready = wanted->address && endpoint_is_ready(wanted->address);
    with.same_group = with.had && wanted->address && member_group(member)->ports == wanted->ports;
    with.stays = with.same_group && was_ready == is_ready;
    with.alike = with.had && wanted->address && endpoint_is_alike(before, wanted->address);
    with.equal = (!with.had && !wanted->address) ||
                 (with.stays && (with.alike || endpoint_same_address(before, wanted->address)));
    return with;
}

bool endpoints_member_differs(const struct member *member, const struct wanted *wanted)
{
    return !compare(member, wanted).equal;
}

/*
 * With a single group, what it shows is unchanged exactly if no member that differs was shown before this
 * sync, and none is shown after it that was not: then all that is shown are the first ones of those that did
 * not differ, and as many of them, since more or fewer would take somebody who came or went.
 */
static void apply_member(struct sync *sync, uint32_t i)
{
    struct member *member = sync->entry->marked[SYNC_ENDPOINTS].items[i].member;
    struct wanted wanted;
    if (sync->decided)
        wanted = sync->decided[i];
    else
        endpoints_want(sync->entry, member, member_address(member), &wanted);
    struct comparison with = compare(member, &wanted);
    if (decisions_are_watched(sync->engine))
        tell_member(sync, member, member_address(member), wanted.address,
            with.equal                       ? DECISION_ADDRESS_SAME
            : with.same_group && !with.stays ? DECISION_ADDRESS_READINESS
                                             : DECISION_ADDRESS_REPLACED);
    if (with.equal) {
        endpoint_unref(wanted.address);
        return;
    }
    bool had = with.had, alike = with.alike, same_group = with.same_group, stays = with.stays;
    const struct endpoint *before = member_address(member);
    sync->changed = true;
    sync->visible |= (member->flags & MEMBER_WAS_SHOWN) != 0;
    bool same = alike || (had && wanted.address && same_identity(before, wanted.address));
    if (!same)
        member->flags |= MEMBER_OTHER_ADDRESS;
    if (had && !(stays && same))
        request_content(sync->engine, before);
    struct endpoint *address = wanted.address ? make_address(sync, member, wanted.address) : NULL;
    if (address)
        request_content(sync->engine, address);
    if (same_group && same) {
        address_groups_replace(member, address);
        return;
    }
    if (had)
        address_groups_remove(member);
    if (address)
        address_groups_insert(sync->object, sync->engine->catalog, member, wanted.ports, address);
}

void endpoints_sync_marked(struct sync *sync)
{
    struct engine *engine = sync->engine;
    struct service_entry *entry = sync->entry;
    struct endpoints *object = sync->object;
    uint32_t groups_before = object->groups.count;
    uint32_t count_before = object->address_count;
    bool was_over = object->over_capacity;

    note_shown(sync);
    for (uint32_t i = 0; i < entry->marked[SYNC_ENDPOINTS].count; i++)
        apply_member(sync, i);
    if (!sync->changed && !was_over && endpoints_labels_are_right(entry, object->meta.labels)) {
        endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_RIGHT});
        return;
    }

    if (!sync->changed && !was_over)
        endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_DIFFER, .differs = DIFFERS_LABELS});
    bool is_over = was_over;
    bool changed = sync->changed;
    if (sync->changed) {
        struct address_group *first = groups_before ? object->groups.items[0] : NULL;
        /* With several groups only a look at the whole tells what truncation shows (E-57). */
        struct subset_list shown_before = object->subsets;
        object->subsets = (struct subset_list){0};
        address_groups_tidy(object);
        is_over = address_groups_refresh(engine, object);
        count_shown(sync, count_before);
        bool single = groups_before == 1 && object->groups.count == 1 && object->groups.items[0] == first;
        if (was_over && is_over && single) {
            changed = sync->visible;
        } else if (was_over && is_over && groups_before > 1) {
            struct subset_list shown = {0};
            repack_view(engine->catalog, object, engine->order, &shown);
            changed = !repack_identical(&shown_before, &shown);
            subset_list_fini(&shown);
        }
        subset_list_fini(&shown_before);
    }
    if (decisions_are_watched(engine)) {
        tell_capacity(sync, object, was_over, is_over);
        if (is_over && !changed)
            endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_UNSEEN,
                                     .max = engine->config.endpoints_capacity});
    }
    bool metadata_changed = endpoints_set_metadata(sync->entry, object, sync->trigger_s, is_over);
    put(sync, changed, changed || metadata_changed);
}

/* --- the full sync --------------------------------------------------------------------------- */

static void tell_content(struct engine *engine, const struct subset_list *list)
{
    for (uint32_t i = 0; i < list->items.count; i++) {
        const struct subset *subset = &list->items.items[i];
        for (uint32_t a = 0; a < subset->addresses.count; a++)
            request_content(engine, subset->addresses.items[a]);
        for (uint32_t a = 0; a < subset->not_ready_addresses.count; a++)
            request_content(engine, subset->not_ready_addresses.items[a]);
    }
}

static void count_difference(
    struct sync *sync, const struct subset_list *before, const struct subset_list *after)
{
    struct difference difference = {.added = 0};
    difference_subsets_before(&difference, before);
    difference_subsets_after(&difference, after);
    sync->added = difference.added;
    sync->removed = difference.removed;
    difference_fini(&difference);
}

/* All that is wanted, in an object of its own. Links of members lead into it from now on. */
static struct endpoints *gather(struct sync *sync)
{
    struct service_entry *entry = sync->entry;
    struct endpoints *fresh = endpoints_create(sync->engine->catalog);
    fresh->capacity = sync->engine->config.endpoints_capacity;
    /* Only our own, grouped object can still hold what the links lead to. */
    bool links_are_good = sync->object && !sync->object->is_explicit;
    for (uint32_t i = 0; i < entry->marked[SYNC_ENDPOINTS].count; i++) {
        if (!entry->marked[SYNC_ENDPOINTS].items[i].member->pod)
            endpoints_unlink_address(entry->marked[SYNC_ENDPOINTS].items[i].member);
    }
    for (uint32_t i = 0; i < entry->members.count; i++) {
        struct member *member = service_member(entry, i);
        struct endpoint *old = links_are_good ? member_address(member) : NULL;
        struct wanted wanted;
        endpoints_unlink_address(member);
        endpoints_want(entry, member, old, &wanted);
        if (!wanted.address) {
            if (decisions_are_watched(sync->engine))
                tell_member(sync, member, NULL, NULL, DECISION_ADDRESS_ABSENT);
            continue;
        }
        struct endpoint *address = old && build_identical(old, wanted.address)
                                       ? build_finish(wanted.address, old)
                                       : make_address(sync, member, wanted.address);
        address_groups_insert(fresh, sync->engine->catalog, member, wanted.ports, address);
    }
    return fresh;
}

static void tell_all(const struct sync *sync, const struct endpoints *fresh)
{
    if (!decisions_are_watched(sync->engine))
        return;
    uint32_t count = 0;
    for (uint32_t i = 0; i < fresh->groups.count; i++)
        count += address_group_count(fresh->groups.items[i]);
    endpoints_tell(sync,
        (struct decision){
            .kind = sync->object ? DECISION_ENDPOINTS_COMPARED : DECISION_ENDPOINTS_MISSING, .count = count});
}

/* The stored object takes over the groups of `fresh`, which goes. */
static void adopt(struct sync *sync, struct endpoints *fresh)
{
    struct endpoints *object = sync->object;
    for (uint32_t i = 0; i < object->groups.count; i++)
        address_group_destroy(object->groups.items[i]);
    vec_clear(&object->groups);
    subset_list_fini(&object->subsets);
    object->is_explicit = false;
    object->capacity = fresh->capacity;
    for (uint32_t i = 0; i < fresh->groups.count; i++)
        vec_push(&object->groups, fresh->groups.items[i]);
    vec_clear(&fresh->groups);
    endpoints_destroy(fresh);
    address_groups_refresh(sync->engine, object);
}

static bool subsets_are_right(
    const struct sync *sync, const struct subset_list *stored, const struct subset_list *wanted)
{
    if (repack_equal(stored, wanted))
        return true;
    if (sync->engine->config.kube_minor < 35)
        return false;
    struct subset_list repacked = {0};
    repack_subsets(sync->engine->catalog, stored, sync->engine->order, &repacked);
    bool equal = repack_equal(&repacked, wanted);
    subset_list_fini(&repacked);
    return equal;
}

void endpoints_look_at_both(struct sync *sync)
{
    repack_view(sync->engine->catalog, sync->object, sync->engine->order, &sync->stored);
    repack_groups(sync->engine->catalog, sync->fresh, sync->engine->order, &sync->all_wanted);
}

void endpoints_look_away(struct sync *sync)
{
    subset_list_fini(&sync->stored);
    subset_list_fini(&sync->all_wanted);
}

void endpoints_drop_fresh(struct sync *sync)
{
    struct service_entry *entry = sync->entry;
    endpoints_destroy(sync->fresh);
    sync->fresh = NULL;
    for (uint32_t i = 0; i < entry->members.count; i++)
        endpoints_unlink_address(service_member(entry, i));
    for (uint32_t i = 0; i < entry->marked[SYNC_ENDPOINTS].count; i++)
        endpoints_unlink_address(entry->marked[SYNC_ENDPOINTS].items[i].member);
    entry->rescan[SYNC_ENDPOINTS] = true;
}

bool endpoints_decide_all(struct sync *sync)
{
    sync->fresh = gather(sync);
    sync->entry->rescan[SYNC_ENDPOINTS] = false;
    tell_all(sync, sync->fresh);
    if (!sync->object)
        return true;
    endpoints_look_at_both(sync);
    uint8_t differs =
        (uint8_t)((subsets_are_right(sync, &sync->stored, &sync->all_wanted) ? 0 : DIFFERS_SUBSETS) |
                  (endpoints_labels_are_right(sync->entry, sync->object->meta.labels) ? 0 : DIFFERS_LABELS) |
                  (endpoints_annotation_is_right(sync->engine, sync->object) ? 0 : DIFFERS_CAPACITY));
    if (differs) {
        endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_DIFFER, .differs = differs});
        return true;
    }
    endpoints_tell(sync, (struct decision){.kind = DECISION_ENDPOINTS_RIGHT});
    /* Nothing is written, so the object stays as somebody wrote it. */
    bool is_identical = repack_identical(&sync->stored, &sync->all_wanted);
    endpoints_look_away(sync);
    if (is_identical) {
        adopt(sync, sync->fresh);
        sync->fresh = NULL;
    } else {
        endpoints_drop_fresh(sync);
    }
    return false;
}

void endpoints_write_all(struct sync *sync)
{
    struct engine *engine = sync->engine;
    struct service_entry *entry = sync->entry;
    struct endpoints *fresh = sync->fresh;
    sync->fresh = NULL;
    if (!sync->object) {
        bool is_over = address_groups_refresh(engine, fresh);
        tell_capacity(sync, fresh, false, is_over);
        endpoints_set_metadata(entry, fresh, sync->trigger_s, is_over);
        for (uint32_t i = 0; i < entry->members.count; i++) {
            const struct member *member = service_member(entry, i);
            if (member->group)
                request_content(engine, member_address(member));
        }
        post(sync, fresh);
        return;
    }
    uint32_t omitted;
    bool is_over = repack_truncate(&sync->all_wanted, engine->config.endpoints_capacity, &omitted);
    bool changed = !repack_identical(&sync->stored, &sync->all_wanted);
    count_difference(sync, &sync->stored, &sync->all_wanted);
    tell_content(engine, &sync->all_wanted);
    bool was_over = sync->object->over_capacity;
    adopt(sync, fresh);
    tell_capacity(sync, sync->object, was_over, is_over);
    if (is_over && !changed)
        endpoints_tell(sync,
            (struct decision){.kind = DECISION_ENDPOINTS_UNSEEN, .max = engine->config.endpoints_capacity});
    bool metadata_changed = endpoints_set_metadata(entry, sync->object, sync->trigger_s, is_over);
    put(sync, changed, changed || metadata_changed);
    endpoints_look_away(sync);
}

/* --- the sync (E-1 to E-6, E-60, E-70) ------------------------------------------------------- */

void endpoints_forget(struct service_entry *entry)
{
    trigger_time_forget(entry, SYNC_ENDPOINTS);
    for (uint32_t i = 0; i < entry->marked[SYNC_ENDPOINTS].count; i++)
        endpoints_unlink_address(entry->marked[SYNC_ENDPOINTS].items[i].member);
    members_settle(entry, SYNC_ENDPOINTS);
    entry->superseded_version = 0;
    entry->rescan[SYNC_ENDPOINTS] = true;
}

bool endpoints_sync(struct service_entry *entry)
{
    struct engine *engine = entry->engine;
    struct sync sync = {
        .engine = engine,
        .entry = entry,
        .object = entry->object,
    };
    EPSIM_DEBUG_ASSERT(sync.object == store_endpoints(engine->store, entry->namespace, entry->name));
    if (!entry->service) {
        endpoints_tell(&sync, (struct decision){.kind = DECISION_NO_SERVICE});
        endpoints_forget(entry);
        if (sync.object)
            request_delete_endpoints(engine, CONTROLLER_ENDPOINTS, sync.object);
        return true;
    }
    if (entry->service->type == SERVICE_EXTERNAL_NAME || !entry->bucket) {
        endpoints_tell(&sync,
            (struct decision){.kind = entry->service->type == SERVICE_EXTERNAL_NAME ? DECISION_EXTERNAL_NAME
                                                                                    : DECISION_NO_SELECTOR});
        members_prune(entry, SYNC_ENDPOINTS);
        return true;
    }
    sim_time trigger_ns;
    sync.trigger_s = trigger_time_call(entry, SYNC_ENDPOINTS, &trigger_ns);
    if (sync.object && entry->superseded_version &&
        sync.object->meta.resource_version == entry->superseded_version) {
        endpoints_tell(&sync, (struct decision){.kind = DECISION_CACHE_BEHIND});
        return false;
    }
    if (!endpoints_needs_all(&sync))
        endpoints_sync_marked(&sync);
    else if (endpoints_decide_all(&sync))
        endpoints_write_all(&sync);
    members_settle(entry, SYNC_ENDPOINTS);
    state_touch(entry);
    return true;
}
