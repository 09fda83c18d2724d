/*
 * endpointslice_controller.c: see endpointslice_controller.h. What is found is in slice_plan.c, what is
 * decided in packing.c, what is written in slice_writer.c.
 */
#include "engine/endpointslice_controller.h"

#include <stdlib.h>

#include "engine/flight.h"
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

/* By age; a VEC, to be freed. */
static struct slice_list unsupported_slices(const struct service_entry *entry)
{
    struct slice_list slices = {0};
    for (uint32_t i = 0; i < entry->slices.count; i++) {
        struct slice_entry *slice = entry->slices.items[i];
        if (slice->listed && !is_supported(entry, slice->slice->address_type))
            vec_push(&slices, slice);
    }
    slice_cache_sort(slices.items, slices.count);
    return slices;
}

static void delete_unsupported(struct service_entry *entry)
{
    struct slice_list slices = unsupported_slices(entry);
    for (uint32_t i = 0; i < slices.count; i++) {
        tell(entry, (struct decision){.kind = DECISION_SLICE_TYPE, .slice = slices.items[i]->slice});
        request_delete_slice(entry->engine, CONTROLLER_ENDPOINTSLICE, entry, slices.items[i]->slice);
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

static struct slice_plan *decide_family(
    struct service_entry *entry, uint32_t family, bool all, const struct member_list *members)
{
    struct slice_plan *plan = plan_open(entry, family);
    if (all)
        slice_plan_all(plan, members);
    else
        slice_plan_marked(plan, members);
    plan_decide(plan);
    if (entry->topology && entry->hints != HINTS_TOPOLOGY)
        disable_topology_hints(plan);
    return plan;
}

static void reconcile(struct service_entry *entry, uint32_t family, bool all,
    const struct member_list *members, int64_t trigger_s)
{
    struct slice_plan *plan = decide_family(entry, family, all, members);
    /* Slices without our owner are in no group; whoever still finds one has to look for all of them. */
    bool has_unowned = plan->unowned.count > 0;
    slice_writer_send(plan, trigger_s);
    tell_event(plan);
    plan_close(plan);
    if (has_unowned)
        entry->rescan[SYNC_SLICES] = true;
}

static void tell_failed(struct service_entry *entry, const char *message)
{
    request_event(entry->engine, &(struct kube_event){
                                     .controller = CONTROLLER_ENDPOINTSLICE,
                                     .is_warning = true,
                                     .namespace = entry->namespace,
                                     .name = entry->name,
                                     .reason = "FailedToUpdateEndpointSlices",
                                     .message = message,
                                 });
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
    tell_failed(entry, text.data);
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

/* False: nothing is to be reconciled, for a good reason or (*success) a bad one. */
static bool is_reconciled(struct service_entry *entry, bool *success)
{
    *success = true;
    if (!entry->service) {
        tell(entry, (struct decision){.kind = DECISION_NO_SERVICE});
        forget(entry);
        return false;
    }
    if (entry->service->type == SERVICE_EXTERNAL_NAME || !entry->bucket) {
        tell(entry,
            (struct decision){.kind = entry->service->type == SERVICE_EXTERNAL_NAME ? DECISION_EXTERNAL_NAME
                                                                                    : DECISION_NO_SELECTOR});
        members_prune(entry, SYNC_SLICES);
        lag_settle(entry);
        return false;
    }
    *success = !slice_tracker_is_stale(entry);
    if (!*success)
        tell(entry, (struct decision){.kind = DECISION_CACHE_BEHIND});
    return *success;
}

/* Returns whether everything is looked at, not the marked members alone; lists whoever is. */
static bool list_members(struct service_entry *entry)
{
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
    return all;
}

static void unlist_members(struct engine *engine)
{
    if (engine->sync_members.items.capacity > 1024)
        vec_fini(&engine->sync_members.items);
    vec_clear(&engine->sync_members.items);
}

bool endpointslice_sync(struct service_entry *entry)
{
    bool success;
    if (!is_reconciled(entry, &success))
        return success;
    int64_t trigger_s = trigger_time_call(entry, SYNC_SLICES, &entry->engine->slice_trigger_ns);
    bool all = list_members(entry);
    for (uint32_t f = 0; f < entry->family_count; f++) {
        reconcile(entry, f, all, &entry->engine->sync_members, trigger_s);
        success &= entry->families[f].skipped == 0;
    }
    if (all)
        delete_unsupported(entry);
    unlist_members(entry->engine);
    slice_plan_tidy(entry);
    members_settle(entry, SYNC_SLICES);
    lag_settle(entry);
    state_touch(entry);
    if (!success)
        tell_failure(entry);
    return success;
}

/* --- the sync that takes time (flight.h) ------------------------------------------------------ */

/* Slices of unsupported types are a plan of their own. */
#define PLANS_MAX (FAMILIES_MAX + 1)
#define PLAN_UNSUPPORTED FAMILIES_MAX

struct slice_request {
    uint32_t plan;
    struct slice_edit *edit; /* NULL: a delete */
    bool creates;
    /* The slice as it was decided on. */
    sym name;
    uint64_t sequence, version;
    bool is_behind; /* ... and as no cache has it yet */
};

struct slices_flight {
    int64_t trigger_s;
    sim_time trigger_ns;
    bool all, is_decided;
    bool has_failed[PLANS_MAX]; /* a request: the rest of the plan is not sent (S-60) */
    struct slice_plan *plans[FAMILIES_MAX];
    VEC(struct slice_request) requests;
    uint32_t next;
    struct text errors; /* of requests */
    uint32_t error_count;
};

static void add_request(
    struct slices_flight *own, uint32_t plan, struct slice_edit *edit, const struct slice_entry *slice)
{
    struct slice_request request = {.plan = plan, .edit = edit, .creates = !slice};
    if (slice) {
        request.name = slice->slice->meta.name;
        request.sequence = slice->slice->sequence;
        request.version = slice->slice->meta.resource_version;
        request.is_behind = slice->unheard_ns > clock_now(slice->service->engine->clock);
    }
    vec_push(&own->requests, request);
}

/* In the order of S-60. */
static void add_requests(struct slices_flight *own, uint32_t f)
{
    struct slice_plan *plan = own->plans[f];
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        if (plan->entry->service->meta.deletion_s == TIME_NONE) {
            add_request(own, f, plan->creates.items[i], NULL);
            continue;
        }
        plan->entry->rescan[SYNC_SLICES] = true; /* S-64: these endpoints are nowhere */
        plan_edit_close(plan, plan->creates.items[i]);
    }
    for (uint32_t i = 0; i < plan->updates.count; i++)
        add_request(own, f, plan->updates.items[i], plan->updates.items[i]->slice);
    for (uint32_t i = 0; i < plan->deletes.count; i++)
        add_request(own, f, NULL, plan->deletes.items[i]);
}

void endpointslice_decide(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct engine *engine = entry->engine;
    struct slices_flight *own = mem_zalloc(sizeof *own);
    flight->slices = own;
    bool is_unheard = entry->unheard_ns[SYNC_SLICES] > clock_now(engine->clock);
    if (!is_reconciled(entry, &flight->success))
        return;
    if (is_unheard) { /* S-6 */
        tell(entry, (struct decision){.kind = DECISION_CACHE_BEHIND});
        flight->success = false;
        return;
    }
    own->is_decided = true;
    own->trigger_s = trigger_time_call(entry, SYNC_SLICES, &own->trigger_ns);
    own->all = list_members(entry);
    for (uint32_t f = 0; f < entry->family_count; f++) {
        own->plans[f] = decide_family(entry, f, own->all, &engine->sync_members);
        engine->plan = NULL; /* this one stays open */
        add_requests(own, f);
        flight->success &= entry->families[f].skipped == 0;
    }
    if (own->all) {
        struct slice_list slices = unsupported_slices(entry);
        for (uint32_t i = 0; i < slices.count; i++) {
            tell(entry, (struct decision){.kind = DECISION_SLICE_TYPE, .slice = slices.items[i]->slice});
            add_request(own, PLAN_UNSUPPORTED, NULL, slices.items[i]);
        }
        vec_fini(&slices);
    }
    unlist_members(engine);
    flight_pin(flight, SYNC_SLICES);
    flight->requests_left = own->requests.count;
}

static struct sent fail(struct flight *flight, const struct slice_request *request, bool is_gone)
{
    struct service_entry *entry = flight->entry;
    struct slices_flight *own = flight->slices;
    const struct catalog *catalog = entry->engine->catalog;
    const char *slice = catalog_text(catalog, request->name);
    text_printf(&own->errors,
        "%sfailed to %s %s EndpointSlice for Service %s/%s: ", own->error_count++ ? ", " : "",
        request->edit ? "update" : "delete", slice, catalog_text(catalog, entry->namespace),
        catalog_text(catalog, entry->name));
    if (is_gone)
        text_printf(&own->errors, "endpointslices.discovery.k8s.io \"%s\" not found", slice);
    else
        text_printf(&own->errors,
            "Operation cannot be fulfilled on endpointslices.discovery.k8s.io \"%s\": the object has been "
            "modified; please apply your changes to the latest version and try again",
            slice);
    own->has_failed[request->plan] = true;
    entry->rescan[SYNC_SLICES] = true;
    return (struct sent){.failed = true, .verb = request->edit ? VERB_UPDATE : VERB_DELETE};
}

static struct sent send_edit(
    struct flight *flight, const struct slice_request *request, struct endpointslice *slice)
{
    struct slices_flight *own = flight->slices;
    struct engine *engine = flight->entry->engine;
    struct slice_plan *plan = own->plans[request->plan];
    uint64_t version = slice ? slice->meta.resource_version : 0;
    int64_t generation = slice ? slice->meta.generation : 0;
    engine->slice_trigger_ns = own->trigger_ns;
    struct flight_cockpit before = flight_enter(flight, SYNC_SLICES);
    slice_writer_write(plan, request->edit, own->trigger_s);
    flight_leave(flight, SYNC_SLICES, &before);
    plan_edit_close(plan, request->edit);
    if (request->creates)
        return (struct sent){.changed = true, .is_news = true, .verb = VERB_CREATE};
    return (struct sent){.changed = slice->meta.resource_version != version,
        .is_news = slice->meta.generation != generation,
        .verb = VERB_UPDATE,
        .slice = slice_entry_of(slice)};
}

/* The rest of a plan of which a request has failed takes no time. */
static void skip_failed(struct flight *flight)
{
    struct slices_flight *own = flight->slices;
    while (own->next < own->requests.count && own->has_failed[own->requests.items[own->next].plan]) {
        const struct slice_request *request = &own->requests.items[own->next++];
        if (request->edit)
            plan_edit_close(own->plans[request->plan], request->edit);
        flight->requests_left--;
    }
}

struct sent endpointslice_send(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct slices_flight *own = flight->slices;
    const struct slice_request *request = &own->requests.items[own->next++];
    struct sent sent;
    struct endpointslice *slice =
        request->creates ? NULL : store_endpointslice(entry->engine->store, entry->namespace, request->name);
    if (slice && slice->sequence != request->sequence)
        slice = NULL;
    bool is_edit = request->edit != NULL;
    if (!request->creates && !slice) {
        sent = fail(flight, request, true);
    } else if (!request->creates && is_edit &&
               (slice->meta.resource_version != request->version ||
                   (request->is_behind && !request->edit->recycles))) {
        sent = fail(flight, request, false);
    } else if (is_edit) {
        sent = send_edit(flight, request, slice);
    } else {
        request_delete_slice(entry->engine, CONTROLLER_ENDPOINTSLICE, entry, slice);
        sent = (struct sent){.changed = true, .is_news = true, .verb = VERB_DELETE};
    }
    if (sent.failed && is_edit)
        plan_edit_close(own->plans[request->plan], request->edit);
    skip_failed(flight);
    lag_recount(entry, &flight->pinned);
    return sent;
}

/* The next sync looks at everything that it knows of, and no longer of these. */
static void unlink_tombstones(struct flight *flight)
{
    for (uint32_t i = 0; i < flight->pinned.count; i++) {
        if (!flight->pinned.items[i].member->pod)
            slice_plan_unlink(flight->pinned.items[i].member);
    }
}

void endpointslice_land(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct engine *engine = entry->engine;
    struct slices_flight *own = flight->slices;
    for (; own->next < own->requests.count; own->next++) {
        const struct slice_request *request = &own->requests.items[own->next];
        if (request->edit)
            plan_edit_close(own->plans[request->plan], request->edit);
    }
    for (uint32_t f = 0; f < FAMILIES_MAX && own->plans[f]; f++) {
        if (own->plans[f]->unowned.count > 0)
            entry->rescan[SYNC_SLICES] = true;
        tell_event(own->plans[f]);
        plan_close(own->plans[f]);
        if (engine->plan)
            plan_destroy(own->plans[f]);
        else
            engine->plan = own->plans[f];
    }
    if (own->is_decided) {
        /* Slices that were to be written, and were not, stand aside from groups that look empty then. */
        if (!entry->rescan[SYNC_SLICES])
            slice_plan_tidy(entry);
        else
            unlink_tombstones(flight);
        flight_unpin(flight, SYNC_SLICES);
        lag_recount(entry, &(struct marked_list){0});
        if (own->error_count > 0) {
            struct text text = {0};
            text_printf(&text, "Error updating Endpoint Slices for Service %s/%s: %s%s%s",
                catalog_text(engine->catalog, entry->namespace), catalog_text(engine->catalog, entry->name),
                own->error_count > 1 ? "[" : "", own->errors.data, own->error_count > 1 ? "]" : "");
            tell_failed(entry, text.data);
            text_fini(&text);
        } else if (!flight->success) {
            tell_failure(entry);
        }
    }
    text_fini(&own->errors);
    vec_fini(&own->requests);
    free(own);
}
