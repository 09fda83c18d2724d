/*
 * flight.c: see flight.h. O(1) an event beside what the controllers do.
 */
#include "engine/flight.h"

#include <stdlib.h>

#include "base/check.h"
#include "engine/endpoints_flight.h"
#include "engine/endpointslice_controller.h"
#include "engine/members.h"
#include "engine/mirroring_controller.h"

static const enum controller controllers[TIMED_COUNT] = {
    CONTROLLER_ENDPOINTS, CONTROLLER_ENDPOINTSLICE, CONTROLLER_MIRRORING};

/* --- pins ------------------------------------------------------------------------------------ */

static uint8_t pin_of(enum sync_controller c)
{
    return (uint8_t)(MEMBER_PIN << c);
}

void flight_pin(struct flight *flight, enum sync_controller c)
{
    struct service_entry *entry = flight->entry;
    EPSIM_ASSERT(flight->pinned.count == 0);
    struct marked_list spare = flight->pinned;
    flight->pinned = entry->marked[c];
    entry->marked[c] = spare;
    for (uint32_t i = 0; i < flight->pinned.count; i++) {
        struct member *member = flight->pinned.items[i].member;
        member->marks = (uint8_t)((member->marks & ~(1u << c)) | pin_of(c));
    }
}

void flight_unpin(struct flight *flight, enum sync_controller c)
{
    for (uint32_t i = 0; i < flight->pinned.count; i++)
        member_unmark(flight->pinned.items[i].member, pin_of(c));
    vec_fini(&flight->pinned);
}

struct flight_cockpit flight_enter(struct flight *flight, enum sync_controller c)
{
    struct service_entry *entry = flight->entry;
    struct flight_cockpit before = {
        entry->service, entry->endpoints_labels, entry->slice_labels, entry->marked[c]};
    if (entry->service != flight->service) {
        entry->service = flight->service;
        entry->endpoints_labels = entry->slice_labels = NULL;
    }
    entry->marked[c] = flight->pinned;
    return before;
}

void flight_leave(struct flight *flight, enum sync_controller c, struct flight_cockpit *before)
{
    struct service_entry *entry = flight->entry;
    flight->pinned = entry->marked[c];
    entry->marked[c] = before->marked;
    if (before->service != flight->service) {
        entry->service = before->service;
        entry->endpoints_labels = before->endpoints_labels;
        entry->slice_labels = before->slice_labels;
    }
}

/* --- stages ---------------------------------------------------------------------------------- */

static void decide(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    switch (flight->controller) {
    case TIMED_ENDPOINTS:
        endpoints_decide(flight);
        break;
    case TIMED_SLICES:
        endpointslice_decide(flight);
        break;
    default: {
        /* All at once; what its requests take keeps the worker busy afterwards. */
        const uint64_t *writes = entry->engine->totals.writes[CONTROLLER_MIRRORING];
        uint64_t before = 0, after = 0;
        for (int v = 0; v < VERB_COUNT; v++)
            before += writes[v];
        flight->success = mirroring_sync(entry);
        for (int v = 0; v < VERB_COUNT; v++)
            after += writes[v];
        flight->requests_left = (uint32_t)(after - before);
        break;
    }
    }
}

static struct sent send(struct flight *flight)
{
    switch (flight->controller) {
    case TIMED_ENDPOINTS:
        return endpoints_send(flight);
    case TIMED_SLICES:
        return endpointslice_send(flight);
    default:
        return (struct sent){.verb = VERB_NOOP};
    }
}

static void unlink_flight(struct flight *flight)
{
    struct engine *engine = flight->entry->engine;
    if (flight->next)
        flight->next->previous = flight->previous;
    if (flight->previous)
        flight->previous->next = flight->next;
    else
        engine->flights = flight->next;
}

/* Lets go of everything that the sync had a hold on. */
static void land(struct flight *flight)
{
    if (flight->controller == TIMED_ENDPOINTS)
        endpoints_land(flight);
    else if (flight->controller == TIMED_SLICES)
        endpointslice_land(flight);
    unlink_flight(flight);
    service_unref((struct service *)flight->service);
}

static int64_t ask(struct flight *flight)
{
    struct engine *engine = flight->entry->engine;
    int64_t wait_ns = token_bucket_take(&engine->clients[flight->controller], clock_now(engine->clock));
    return wait_ns +
           distribution_draw(&engine->config.timing.write, &engine->write_streams[flight->controller]);
}

/* Returns how long the answer takes. */
static int64_t arrive(struct flight *flight)
{
    struct service_entry *entry = flight->entry;
    struct engine *engine = entry->engine;
    flight->requests_left--;
    struct sent sent = send(flight);
    flight->success &= !sent.failed;
    sim_time now_ns = clock_now(engine->clock);
    int64_t answer_ns =
        distribution_draw(&engine->config.timing.answer, &engine->answer_streams[flight->controller]);
    if (!sent.changed)
        return answer_ns;
    if (flight->controller == TIMED_ENDPOINTS) {
        entry->unheard_ns[SYNC_ENDPOINTS] = now_ns + hearing_wait_ns(engine, OBJECT_ENDPOINTS);
        entry->unheard_endpoints_verb = sent.verb;
        return answer_ns;
    }
    sim_time heard_ns = now_ns + hearing_wait_ns(engine, OBJECT_ENDPOINTSLICE);
    if (sent.slice)
        sent.slice->unheard_ns = heard_ns;
    if (!sent.is_news)
        return answer_ns;
    entry->unheard_ns[SYNC_SLICES] = heard_ns;
    /* S-58a: the tracker does not know the write yet when the watch tells of it. */
    if (heard_ns < now_ns + answer_ns)
        workqueue_add_after(&entry->items[SYNC_SLICES], heard_ns - now_ns + engine->slice_event_delay_ns);
    return answer_ns;
}

static void fly_on(void *subject, uint64_t argument)
{
    (void)argument;
    struct flight *flight = subject;
    struct engine *engine = flight->entry->engine;
    int64_t delay_ns = 0;
    while (delay_ns == 0) {
        switch (flight->stage) {
        case FLIGHT_ASKS:
            if (flight->requests_left == 0) {
                land(flight);
                engine_end_sync(
                    flight->entry, flight->item, controllers[flight->controller], flight->success);
                free(flight);
                return;
            }
            flight->stage = FLIGHT_ARRIVES;
            delay_ns = ask(flight);
            break;
        case FLIGHT_ARRIVES:
            flight->stage = FLIGHT_IS_ANSWERED;
            delay_ns = arrive(flight);
            break;
        case FLIGHT_IS_ANSWERED:
            flight->stage = FLIGHT_ASKS;
            break;
        }
    }
    clock_after(engine->clock, delay_ns, PHASE_SYNC, EVENT_FLIGHT, fly_on, flight, flight->item->number);
}

void flight_start(struct service_entry *entry, struct workqueue_item *item, enum timed_controller controller)
{
    struct engine *engine = entry->engine;
    struct flight *flight = mem_zalloc(sizeof *flight);
    *flight = (struct flight){.entry = entry,
        .item = item,
        .controller = controller,
        .success = true,
        .service = entry->service ? service_ref(entry->service) : NULL,
        .next = engine->flights};
    if (engine->flights)
        engine->flights->previous = flight;
    engine->flights = flight;
    const struct engine_timing *timing = &engine->config.timing;
    int64_t each_ns = controller == TIMED_ENDPOINTS ? timing->endpoints_sync_ns
                      : controller == TIMED_SLICES  ? timing->slices_sync_ns
                                                    : 0;
    int64_t computes_ns = each_ns * entry->members.count;
    decide(flight);
    if (computes_ns > 0)
        clock_after(engine->clock, computes_ns, PHASE_SYNC, EVENT_FLIGHT, fly_on, flight, item->number);
    else
        fly_on(flight, item->number);
}

/* Marks that are pinned go back to where the engine finds the tombstones among them. */
static void give_back(struct flight *flight)
{
    if (flight->controller == TIMED_MIRRORING)
        return;
    enum sync_controller c = flight->controller == TIMED_ENDPOINTS ? SYNC_ENDPOINTS : SYNC_SLICES;
    for (uint32_t i = 0; i < flight->pinned.count; i++) {
        struct member *member = flight->pinned.items[i].member;
        if (!(member->marks & 1u << c))
            vec_push(&flight->entry->marked[c], flight->pinned.items[i]);
        member->marks |= (uint8_t)(1u << c);
    }
    vec_fini(&flight->pinned);
}

void flights_fini(struct engine *engine)
{
    engine->observer_count = 0; /* nobody is told of what does not happen any more */
    while (engine->flights) {
        struct flight *flight = engine->flights;
        give_back(flight);
        /* Slices whose requests were not sent are filed nowhere: their groups may look empty, and stay. */
        flight->entry->rescan[SYNC_SLICES] = true;
        land(flight);
        free(flight);
    }
}
