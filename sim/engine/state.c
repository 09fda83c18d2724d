/*
 * state.c: see state.h.
 */
#include "engine/state.h"

#include <string.h>

#include "engine/engine_private.h"
#include "engine/requests.h"

static uint32_t slices_ideal(const struct service_entry *entry)
{
    const struct service *service = entry->service;
    if (!service || !service->selector || service->type == SERVICE_EXTERNAL_NAME)
        return 0;
    uint32_t per_slice = entry->engine->config.endpoints_per_slice_max;
    uint32_t ideal = 0;
    for (uint32_t f = 0; f < entry->family_count; f++) {
        const struct slice_family *family = &entry->families[f];
        uint32_t of_family = 0, count = 0;
        for (uint32_t g = 0; g < family->groups.count; g++) {
            const struct slice_group *group = family->groups.items[g];
            count += group->endpoint_count;
            /* Shares of a port key stand side by side, and could do with one another's slices. */
            bool is_shared = g + 1 < family->groups.count &&
                             family->groups.items[g + 1]->ports == group->ports &&
                             family->groups.items[g + 1]->nil == group->nil;
            if (is_shared)
                continue;
            of_family += count / per_slice + (count % per_slice != 0);
            count = 0;
        }
        ideal += of_family ? of_family : 1;
    }
    return ideal;
}

void state_fill(const struct service_entry *entry, struct service_state *out)
{
    struct engine *engine = entry->engine;
    *out = (struct service_state){
        .at_ns = clock_now(engine->clock),
        .service_number = entry->number,
        .namespace = entry->namespace,
        .name = entry->name,
        .deleted = !entry->service,
        .pods = entry->members.count,
        .ready = entry->ready_count,
        .slices = entry->slices.count,
        .slice_endpoints = entry->slice_endpoint_count,
        .slices_ideal = slices_ideal(entry),
        .not_yet_listed = entry->not_yet_listed,
        .still_listed = entry->still_listed,
    };
    const struct endpoints *endpoints = entry->object;
    if (endpoints) {
        out->ep_addresses = request_address_count(endpoints);
        out->ep_omitted = endpoints->is_explicit ? 0 : endpoints->omitted_count;
        out->ep_truncated = endpoints->over_capacity;
    }
}

static bool same_numbers(const struct service_state *a, const struct service_state *b)
{
    return a->service_number == b->service_number && a->deleted == b->deleted && a->pods == b->pods &&
           a->ready == b->ready && a->ep_addresses == b->ep_addresses && a->ep_omitted == b->ep_omitted &&
           a->ep_truncated == b->ep_truncated && a->slices == b->slices &&
           a->slices_ideal == b->slices_ideal && a->slice_endpoints == b->slice_endpoints &&
           a->not_yet_listed == b->not_yet_listed && a->still_listed == b->still_listed;
}

static void tell(struct engine *engine, const struct service_state *state)
{
    for (uint32_t i = 0; i < engine->observer_count; i++) {
        if (engine->observers[i].on_state)
            engine->observers[i].on_state(engine->observers[i].self, state);
    }
}

static void write_rows(void *subject, uint64_t argument)
{
    (void)argument;
    struct engine *engine = subject;
    engine->rows_scheduled = false;
    for (uint32_t i = 0; i < engine->deleted_rows.count; i++) {
        struct service_state state = engine->deleted_rows.items[i];
        const struct service_entry *entry = engine_entry(engine, state.namespace, state.name, false);
        if (entry && !entry->service && entry->number == state.service_number)
            state_fill(entry, &state);
        state.at_ns = clock_now(engine->clock);
        tell(engine, &state);
    }
    vec_clear(&engine->deleted_rows);
    if (!engine->rows_are_watched) {
        for (uint32_t i = 0; i < engine->touched.count; i++)
            engine->touched.items[i]->touched = false;
        vec_clear(&engine->touched);
        return;
    }
    for (uint32_t i = 0; i < engine->touched.count; i++) {
        struct service_entry *entry = engine->touched.items[i];
        entry->touched = false;
        if (!entry->service)
            continue;
        struct service_state state;
        state_fill(entry, &state);
        if (entry->has_row && same_numbers(&state, &entry->row))
            continue;
        entry->row = state;
        entry->has_row = true;
        tell(engine, &state);
    }
    vec_clear(&engine->touched);
}

/* One event an instant, after everything else. */
static void schedule(struct engine *engine)
{
    if (engine->rows_scheduled)
        return;
    engine->rows_scheduled = true;
    clock_post(engine->clock, PHASE_OBSERVE, EVENT_ROWS, write_rows, engine, 0);
}

void state_touch(struct service_entry *entry)
{
    if (entry->touched)
        return;
    entry->touched = true;
    vec_push(&entry->engine->touched, entry);
    schedule(entry->engine);
}

void state_deleted(struct service_entry *entry)
{
    struct service_state state = {
        .service_number = entry->number,
        .namespace = entry->namespace,
        .name = entry->name,
        .deleted = true,
    };
    vec_push(&entry->engine->deleted_rows, state);
    schedule(entry->engine);
}

bool engine_state(const struct engine *engine, sym namespace, sym service, struct service_state *out)
{
    const struct service_entry *entry = engine_entry((struct engine *)engine, namespace, service, false);
    if (!entry || !entry->service)
        return false;
    state_fill(entry, out);
    return true;
}
