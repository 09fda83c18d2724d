/*
 * endpointslice_controller.c: see endpointslice_controller.h. What is found is in slice_plan.c, what is
 * decided in packing.c, what is written in slice_writer.c.
 */
#include "engine/endpointslice_controller.h"

#include "engine/lag.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"
#include "engine/slice_plan.h"
#include "engine/slice_writer.h"
#include "engine/state.h"
#include "engine/trigger_time.h"

/* Tells why (decision.h). */
static void tell(struct service_entry *entry, struct decision decision)
{
    if (decisions_are_watched(entry->engine))
        decision_tell(entry, CONTROLLER_ENDPOINTSLICE, decision);
}

/* --- address types (S-10, S-11) -------------------------------------------------------------- */

static void add_family(struct service_entry *entry, uint8_t ip_family)
{
    enum address_type type = ip_family == IP_V6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
    for (uint32_t f = 0; f < entry->family_count; f++) {
        if (entry->families[f].type == type)
            return;
    }
    entry->families[entry->family_count++] = (struct slice_family){.type = type};
}

static void find_families(struct service_entry *entry)
{
    const struct service *service = entry->service;
    const struct catalog *catalog = entry->engine->catalog;
    for (uint32_t i = 0; i < service->family_count; i++)
        add_family(entry, service->families[i]);
    if (service->family_count > 0)
        return;
    if (service_is_headless(service, catalog)) {
        add_family(entry, IP_V4);
        add_family(entry, IP_V6);
        return;
    }
    sym cluster_ip = service->cluster_ip;
    add_family(
        entry, ip_parse(catalog_text(catalog, cluster_ip), catalog_length(catalog, cluster_ip)).family);
}

static bool is_supported(const struct service_entry *entry, enum address_type type)
{
    for (uint32_t f = 0; f < entry->family_count; f++) {
        if (entry->families[f].type == type)
            return true;
    }
    return false;
}

/* S-11: at once, before any type is looked at. */
static void forget_unsupported_hints(struct service_entry *entry)
{
    for (uint32_t i = 0; entry->topology && i < entry->slices.count; i++) {
        const struct slice_entry *slice = entry->slices.items[i];
        if (slice->listed && !is_supported(entry, slice->slice->address_type))
            topology_cache_forget(entry, slice->slice->address_type);
    }
}

static void delete_unsupported(struct service_entry *entry)
{
    VEC(struct slice_entry *) slices = {0};
    for (uint32_t i = 0; i < entry->slices.count; i++) {
        struct slice_entry *slice = entry->slices.items[i];
        if (slice->listed && !is_supported(entry, slice->slice->address_type))
            vec_push(&slices, slice);
    }
    slice_cache_sort(slices.items, slices.count);
    for (uint32_t i = 0; i < slices.count; i++) {
        tell(entry, (struct decision){.kind = DECISION_SLICE_TYPE, .slice = slices.items[i]->slice});
        request_delete_slice(entry->engine, CONTROLLER_ENDPOINTSLICE, slices.items[i]->slice);
    }
    vec_fini(&slices);
}

/* --- the sync -------------------------------------------------------------------------------- */

/* H-4 (a), (b). */
static void disable_topology_hints(struct slice_plan *plan)
{
    struct service_entry *entry = plan->entry;
    enum address_type type = entry->families[plan->family].type;
    if (entry->topology->had_hints) {
        text_printf(&plan->event_text, "Topology Aware Hints has been disabled, addressType: %s",
            address_type_text(type));
        plan->event_reason = "TopologyAwareHintsDisabled";
        plan->event_is_warning = true;
    }
    topology_cache_forget(entry, type);
}

/* H-8. */
static void tell_event(const struct slice_plan *plan)
{
    if (!plan->event_reason)
        return;
    struct kube_event event = {
        .controller = CONTROLLER_ENDPOINTSLICE,
        .is_warning = plan->event_is_warning,
        .namespace = plan->entry->namespace,
        .name = plan->entry->name,
        .reason = plan->event_reason,
        .message = plan->event_text.data,
    };
    request_event(plan->entry->engine, &event);
}

static void reconcile(struct service_entry *entry, uint32_t family, bool all,
    const struct member_list *members, int64_t trigger_s)
{
    struct slice_plan *plan = plan_open(entry, family);
    if (all)
        slice_plan_all(plan, members);
    else
        slice_plan_marked(plan, members);
    /* Slices without our owner are in no group; whoever still finds one has to look for all of them. */
    bool has_unowned = plan->unowned.count > 0;
    plan_decide(plan);
    if (entry->topology && entry->hints != HINTS_TOPOLOGY)
        disable_topology_hints(plan);
    slice_writer_send(plan, trigger_s);
    tell_event(plan);
    plan_close(plan);
    if (has_unowned)
        entry->rescan[SYNC_SLICES] = true;
}

/* S-7: what the pods that have no node (S-27) come to, each told once, in the order of their creation. Looks
 * at all members: O(n), when a sync has failed. */
static void tell_failure(struct service_entry *entry)
{
    struct engine *engine = entry->engine;
    struct catalog *catalog = engine->catalog;
    struct member_list skipped = {0};
    for (uint32_t i = 0; i < entry->members.count; i++) {
        if (service_member(entry, i)->flags & (MEMBER_SKIPPED | MEMBER_SKIPPED << 1))
            vec_push(&skipped.items, service_member(entry, i));
    }
    members_sort(&skipped);
    const char *namespace = catalog_text(catalog, entry->namespace),
               *name = catalog_text(catalog, entry->name);
    struct text text = {0};
    text_printf(&text, "Error updating Endpoint Slices for Service %s/%s: %s", namespace, name,
        skipped.items.count > 1 ? "[" : "");
    for (uint32_t i = 0; i < skipped.items.count; i++)
        text_printf(&text, "%sskipping Pod %s for Service %s/%s: Node %s Not Found", i ? ", " : "",
            target_name_here(member_target(skipped.items.items[i])), namespace, name,
            catalog_text(catalog, pod_entry_pod(member_pod(skipped.items.items[i]))->node_name));
    text_add(&text, skipped.items.count > 1 ? "]" : "");
    request_event(engine, &(struct kube_event){
                              .controller = CONTROLLER_ENDPOINTSLICE,
                              .is_warning = true,
                              .namespace = entry->namespace,
                              .name = entry->name,
                              .reason = "FailedToUpdateEndpointSlices",
                              .message = text.data,
                          });
    text_fini(&text);
    vec_fini(&skipped.items);
}

/* S-2: nothing is deleted here. The collector does it (S-50). */
static void forget(struct service_entry *entry)
{
    trigger_time_forget(entry, SYNC_SLICES);
    slice_tracker_forget(entry);
    slice_plan_reset(entry);
    members_settle(entry, SYNC_SLICES);
    lag_settle(entry);
    entry->rescan[SYNC_SLICES] = true;
}

bool endpointslice_sync(struct service_entry *entry)
{
    if (!entry->service) {
        tell(entry, (struct decision){.kind = DECISION_NO_SERVICE});
        forget(entry);
        return true;
    }
    if (entry->service->type == SERVICE_EXTERNAL_NAME || !entry->bucket) {
        tell(entry,
            (struct decision){.kind = entry->service->type == SERVICE_EXTERNAL_NAME ? DECISION_EXTERNAL_NAME
                                                                                    : DECISION_NO_SELECTOR});
        members_prune(entry, SYNC_SLICES);
        lag_settle(entry);
        return true;
    }
    if (slice_tracker_is_stale(entry)) {
        tell(entry, (struct decision){.kind = DECISION_CACHE_BEHIND});
        return false;
    }
    int64_t trigger_s = trigger_time_call(entry, SYNC_SLICES, &entry->engine->slice_trigger_ns);
    bool all = entry->rescan[SYNC_SLICES] || slice_plan_needs_all(entry);
    if (all) {
        slice_plan_reset(entry);
        find_families(entry);
        forget_unsupported_hints(entry);
        entry->rescan[SYNC_SLICES] = false;
    }
    struct member_list *members = &entry->engine->sync_members;
    uint32_t count = all ? entry->members.count : entry->marked[SYNC_SLICES].count;
    vec_reserve(&members->items, count);
    for (uint32_t i = 0; i < count; i++)
        vec_push(
            &members->items, all ? service_member(entry, i) : entry->marked[SYNC_SLICES].items[i].member);
    members_sort(members);
    bool success = true;
    for (uint32_t f = 0; f < entry->family_count; f++) {
        reconcile(entry, f, all, members, trigger_s);
        success &= entry->families[f].skipped == 0;
    }
    if (all)
        delete_unsupported(entry);
    if (members->items.capacity > 1024)
        vec_fini(&members->items);
    vec_clear(&members->items);
    slice_plan_tidy(entry);
    members_settle(entry, SYNC_SLICES);
    lag_settle(entry);
    state_touch(entry);
    if (!success)
        tell_failure(entry);
    return success;
}
