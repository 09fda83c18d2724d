/*
 * endpoints_flight.c: see endpoints_flight.h. What was decided is kept as the sync would find it by itself:
 * one `wanted` of each marked member, or, of a full sync, the object that is wanted.
 */
#include "engine/endpoints_flight.h"

#include <stdlib.h>

#include "engine/endpoints_controller_private.h"
#include "engine/endpoints_metadata.h"
#include "engine/flight.h"
#include "engine/members.h"
#include "engine/requests.h"
#include "engine/state.h"
#include "engine/trigger_time.h"

enum endpoints_request { ENDPOINTS_WRITES, ENDPOINTS_DELETES, ENDPOINTS_IS_REFUSED };

struct endpoints_flight {
    struct sync sync;
    enum endpoints_request request;
    uint64_t version; /* of the object that was decided on; 0: there was none */
    bool is_full;
    struct wanted *decided;
    uint32_t decided_count; /* that still hold their references */
};

/* False: no marked member differs, and nothing else is wrong (E-61). */
static bool decide_marked(struct endpoints_flight *flight)
{
    struct sync *sync = &flight->sync;
    struct service_entry *entry = sync->entry;
    uint32_t count = entry->marked[SYNC_ENDPOINTS].count;
    bool writes =
        sync->object->over_capacity || !endpoints_labels_are_right(entry, sync->object->meta.labels);
    flight->decided = mem_array(NULL, count + 1, sizeof *flight->decided);
    flight->decided_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const struct member *member = entry->marked[SYNC_ENDPOINTS].items[i].member;
        endpoints_want(entry, member, member_address(member), &flight->decided[i]);
        writes |= endpoints_member_differs(member, &flight->decided[i]);
    }
    sync->decided = flight->decided;
    return writes;
}

void endpoints_decide(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct engine *engine = entry->engine;
    struct endpoints_flight *own = mem_zalloc(sizeof *own);
    flight->endpoints = own;
    own->sync = (struct sync){.engine = engine, .entry = entry, .object = entry->object};
    if (!entry->service) {
        endpoints_tell(&own->sync, (struct decision){.kind = DECISION_NO_SERVICE});
        endpoints_forget(entry);
        own->request = ENDPOINTS_DELETES;
        flight->requests_left = 1;
        return;
    }
    if (entry->service->type == SERVICE_EXTERNAL_NAME || !entry->bucket) {
        endpoints_tell(&own->sync,
            (struct decision){.kind = entry->service->type == SERVICE_EXTERNAL_NAME ? DECISION_EXTERNAL_NAME
                                                                                    : DECISION_NO_SELECTOR});
        members_prune(entry, SYNC_ENDPOINTS);
        return;
    }
    sim_time trigger_ns;
    own->sync.trigger_s = trigger_time_call(entry, SYNC_ENDPOINTS, &trigger_ns);
    own->version = entry->object ? entry->object->meta.resource_version : 0;
    if (own->version && own->version == entry->superseded_version) {
        endpoints_tell(&own->sync, (struct decision){.kind = DECISION_CACHE_BEHIND});
        flight->success = false;
        return;
    }
    if (entry->unheard_ns[SYNC_ENDPOINTS] > clock_now(engine->clock)) {
        endpoints_tell(&own->sync, (struct decision){.kind = DECISION_CACHE_BEHIND});
        /* E-70 knows of updates alone; a second POST, or a PUT of what is deleted, is refused (C-51). */
        flight->success = entry->unheard_endpoints_verb != VERB_UPDATE;
        own->request = ENDPOINTS_IS_REFUSED;
        flight->requests_left = flight->success;
        return;
    }
    own->is_full = endpoints_needs_all(&own->sync);
    flight->requests_left = own->is_full ? endpoints_decide_all(&own->sync) : decide_marked(own);
    if (!own->is_full && flight->requests_left == 0)
        endpoints_tell(&own->sync, (struct decision){.kind = DECISION_ENDPOINTS_RIGHT});
    endpoints_look_away(&own->sync);
    flight_pin(flight, SYNC_ENDPOINTS);
}

/* E-68. */
static struct sent refuse(struct flight *flight, bool creates)
{
    struct service_entry *entry = flight->entry;
    const struct catalog *catalog = entry->engine->catalog;
    const char *namespace = catalog_text(catalog, entry->namespace),
               *name = catalog_text(catalog, entry->name);
    struct text text = {0};
    if (creates)
        text_printf(&text, "Failed to create endpoint for service %s/%s: endpoints \"%s\" already exists",
            namespace, name, name);
    else
        text_printf(&text,
            "Failed to update endpoint %s/%s: Operation cannot be fulfilled on endpoints \"%s\": the object "
            "has "
            "been modified; please apply your changes to the latest version and try again",
            namespace, name, name);
    request_event(entry->engine, &(struct kube_event){
                                     .controller = CONTROLLER_ENDPOINTS,
                                     .is_warning = true,
                                     .namespace = entry->namespace,
                                     .name = entry->name,
                                     .reason = creates ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint",
                                     .message = text.data,
                                 });
    text_fini(&text);
    entry->rescan[SYNC_ENDPOINTS] = true;
    return (struct sent){.failed = true, .verb = creates ? VERB_CREATE : VERB_UPDATE};
}

struct sent endpoints_send(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct endpoints_flight *own = flight->endpoints;
    struct endpoints *object = entry->object;
    if (own->request == ENDPOINTS_DELETES) {
        if (object)
            request_delete_endpoints(entry->engine, CONTROLLER_ENDPOINTS, object);
        return (struct sent){.changed = object != NULL, .verb = VERB_DELETE};
    }
    if (own->request == ENDPOINTS_IS_REFUSED)
        return refuse(flight, entry->unheard_endpoints_verb == VERB_CREATE);
    uint64_t version = object ? object->meta.resource_version : 0;
    if (object != own->sync.object || version != own->version)
        return refuse(flight, own->version == 0);
    struct flight_cockpit before = flight_enter(flight, SYNC_ENDPOINTS);
    if (!own->is_full) {
        endpoints_sync_marked(&own->sync);
        own->decided_count = 0;
    } else {
        if (object)
            endpoints_look_at_both(&own->sync);
        endpoints_write_all(&own->sync);
    }
    flight_leave(flight, SYNC_ENDPOINTS, &before);
    state_touch(entry);
    return (struct sent){.changed = entry->object->meta.resource_version != version,
        .verb = object ? VERB_UPDATE : VERB_CREATE};
}

void endpoints_land(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct endpoints_flight *own = flight->endpoints;
    if (own->sync.fresh)
        endpoints_drop_fresh(&own->sync);
    for (uint32_t i = 0; i < own->decided_count; i++)
        endpoint_unref(own->decided[i].address);
    free(own->decided);
    /* The next sync looks at everything that it knows of, and no longer of these. */
    for (uint32_t i = 0; entry->rescan[SYNC_ENDPOINTS] && i < flight->pinned.count; i++) {
        if (!flight->pinned.items[i].member->pod)
            endpoints_unlink_address(flight->pinned.items[i].member);
    }
    flight_unpin(flight, SYNC_ENDPOINTS);
    free(own);
}
