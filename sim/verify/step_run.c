/*
 * step_run.c: see step_run.h.
 */
#include "verify/step_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine_private.h"
#include "engine/repack.h"
#include "verify/compare.h"
#include "verify/compare_slices.h"
#include "verify/kube_text.h"
#include "verify/measure.h"

struct step_run {
    const struct step *step;
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct catalog *catalog; /* of the store */
    sym namespace, service;
    uint64_t resource_version;
    bool is_done, error;
    struct kube_writes writes; /* objects are copies, owned */
    VEC(char *) events;        /* "type reason message" */
    struct text problems;      /* what the state has that the model cannot hold */
};

/* --- what the engine tells --- */

static bool is_ours(const struct step_run *run, enum controller controller, sym namespace, sym name)
{
    return !run->is_done && controller == run->step->controller && namespace == run->namespace &&
           name == run->service;
}

static struct endpoints *copy_endpoints(struct step_run *run, const struct endpoints *object)
{
    struct endpoints *copy = endpoints_create(run->catalog);
    copy->meta = object->meta;
    copy->over_capacity = object->over_capacity;
    copy->is_explicit = true;
    repack_view(run->catalog, object, run->engine->order, &copy->subsets);
    return copy;
}

static struct endpointslice *copy_slice(struct step_run *run, const struct endpointslice *object)
{
    struct endpointslice *copy = endpointslice_create(run->catalog);
    copy->meta = object->meta;
    copy->address_type = object->address_type;
    copy->ports = object->ports;
    copy->owner_count = object->owner_count;
    copy->owners = mem_array(NULL, object->owner_count, sizeof *copy->owners);
    for (uint32_t i = 0; i < object->owner_count; i++)
        copy->owners[i] = object->owners[i];
    for (uint32_t i = 0; i < object->endpoints.count; i++)
        endpointslice_append(copy, endpoint_ref(endpointslice_at(object, i)));
    return copy;
}

static void on_write(void *self, const struct write *write)
{
    static const enum kube_verb verbs[VERB_COUNT] = {
        [VERB_CREATE] = KUBE_CREATE,
        [VERB_UPDATE] = KUBE_UPDATE,
        [VERB_DELETE] = KUBE_DELETE,
        [VERB_NOOP] = KUBE_UPDATE,
    };
    struct step_run *run = self;
    if (!is_ours(run, write->controller, write->namespace, write->service))
        return;
    struct kube_write got = {
        .verb = verbs[write->verb], .noop = write->verb == VERB_NOOP, .name = write->object};
    /* The other controllers write too: versions are counted anew. */
    if (!got.noop)
        run->resource_version++;
    if (got.verb != KUBE_DELETE && write->slice) {
        struct endpointslice *copy = copy_slice(run, write->slice);
        if (!got.noop)
            copy->meta.resource_version = run->resource_version;
        got.slice = copy;
    } else if (got.verb != KUBE_DELETE) {
        struct endpoints *copy =
            copy_endpoints(run, store_endpoints(run->store, write->namespace, write->object));
        if (!got.noop)
            copy->meta.resource_version = run->resource_version;
        got.endpoints = copy;
    }
    measure_write(run->catalog, &got);
    vec_push(&run->writes.items, got);
}

static void on_event(void *self, const struct kube_event *event)
{
    struct step_run *run = self;
    if (!is_ours(run, event->controller, event->namespace, event->name))
        return;
    struct text text = {0};
    text_printf(&text, "%s %s %s", event->is_warning ? "Warning" : "Normal", event->reason, event->message);
    vec_push(&run->events, text.data);
}

static void on_sync(void *self, const struct sync_end *sync)
{
    struct step_run *run = self;
    if (!is_ours(run, sync->controller, sync->namespace, sync->name))
        return;
    run->error = sync->failed;
    run->is_done = true;
}

/* --- a run --- */

/* Moves the state into the store. */
static void load(struct step_run *run, struct step_state *state)
{
    store_set_silent(run->store, true);
    for (uint32_t i = 0; i < state->nodes.count; i++)
        store_put_node(run->store, state->nodes.items[i]);
    for (uint32_t i = 0; i < state->pods.count; i++)
        store_put_pod(run->store, state->pods.items[i]);
    if (state->service) {
        store_put_service(run->store, state->service);
        /* The trigger time is an input. A Service that a controller has not seen before gives its time of
         * creation (C-63); so that is what it is set to, after the store has filled in what is missing. */
        state->service->meta.created_s = run->step->trigger_s;
    }
    if (state->endpoints)
        store_create_endpoints(run->store, state->endpoints, true);
    for (uint32_t i = 0; i < state->slices.count; i++)
        store_create_endpointslice(run->store, state->slices.items[i], true);
    if (store_resource_version(run->store) <= run->step->resource_version)
        store_set_resource_version(run->store, run->step->resource_version);
    else
        text_add(
            &run->problems, "server.resourceVersion: an object before the sync has a later one, or none\n");
    store_set_silent(run->store, false);
    state->service = NULL;
    state->endpoints = NULL;
    vec_clear(&state->nodes);
    vec_clear(&state->pods);
    vec_clear(&state->slices);
    step_state_fini(state);
}

struct step_run *step_run_create(const struct step *step, enum choice_mode mode, uint64_t seed)
{
    struct step_run *run = mem_zalloc(sizeof *run);
    run->step = step;
    run->resource_version = step->resource_version;
    clock_init(&run->clock, seed, 0);
    run->store = store_create(&run->clock, step->now_s);
    run->catalog = store_catalog(run->store);
    run->namespace = catalog_sym(run->catalog, step->namespace);
    run->service = catalog_sym(run->catalog, step->service);
    struct engine_config config = step->config;
    config.choices = mode;
    run->engine = engine_create(run->store, &config);
    engine_observe(
        run->engine, &(struct engine_observer){
                         .self = run, .on_write = on_write, .on_event = on_event, .on_sync = on_sync});
    struct step_state state;
    step_state_read(&state, run->catalog, step, &run->problems);
    load(run, &state);
    struct service_entry *entry = engine_entry(run->engine, run->namespace, run->service, true);
    if (step->had_hints)
        topology_cache_set(entry, ADDRESS_IPV4, &(struct zone_counts){.items = {0}});
    engine_start(run->engine);
    /* The step's key is synced in any case; the scan at the start passes over some Endpoints (E-76). */
    workqueue_add(step->controller == CONTROLLER_ENDPOINTS       ? &entry->items[SYNC_ENDPOINTS]
                  : step->controller == CONTROLLER_ENDPOINTSLICE ? &entry->items[SYNC_SLICES]
                                                                 : &entry->mirror_item);
    clock_run(&run->clock, 0);
    return run;
}

void step_run_destroy(struct step_run *run)
{
    if (!run)
        return;
    kube_writes_fini(&run->writes);
    for (uint32_t i = 0; i < run->events.count; i++)
        free(run->events.items[i]);
    vec_fini(&run->events);
    text_fini(&run->problems);
    engine_destroy(run->engine);
    store_destroy(run->store);
    clock_fini(&run->clock);
    free(run);
}

uint64_t step_run_signature(const struct step_run *run)
{
    uint64_t counts[3] = {0};
    for (uint32_t i = 0; i < run->writes.items.count; i++)
        counts[run->writes.items.items[i].verb]++;
    return ((counts[0] << 20 | counts[1]) << 20 | counts[2]) << 4 | (run->events.count & 7) << 1 | run->error;
}

/* --- judging and answering --- */

bool step_run_compare(struct step_run *run, struct text *why)
{
    const struct step *step = run->step;
    struct step_want want;
    struct step_state before;
    struct text problems = {0}, told_before = {0};
    text_add_bytes(&problems, run->problems.data, run->problems.length);
    step_want_read(&want, run->catalog, step, &problems);
    step_state_read(&before, run->catalog, step, &told_before);
    const struct slices_before slices = {(const struct endpointslice *const *)before.slices.items,
        before.slices.count, step->resource_version, step->controller == CONTROLLER_MIRRORING,
        step_hints_are_open(step)};
    bool same = problems.length == 0;
    if (!same)
        text_add(why, problems.data);
    bool two_types = before.service && before.service->family_count > 1;
    if (want.error != run->error) {
        text_printf(why, "the sync: expected %s, got %s\n", want.error ? "an error" : "no error",
            run->error ? "an error" : "none");
        same = false;
    }
    same = compare_events(want.events.items, want.events.count, (const char *const *)run->events.items,
               run->events.count, two_types, why) &&
           same;
    same = (step->controller == CONTROLLER_ENDPOINTS
                   ? compare_endpoints(run->catalog, &want.writes, &run->writes, why)
                   : compare_slices(run->catalog, &slices, &want.writes, &run->writes, why)) &&
           same;
    text_fini(&problems);
    text_fini(&told_before);
    step_want_fini(&want);
    step_state_fini(&before);
    return same;
}

static void add_write(struct step_run *run, struct text *out, const struct kube_write *write)
{
    static const char *const verbs[] = {"create", "update", "delete"};
    text_printf(out, "{\"verb\":\"%s\",", verbs[write->verb]);
    if (write->noop)
        text_add(out, "\"noop\":true,");
    text_add(out, "\"name\":");
    text_add_json(out, catalog_text(run->catalog, write->name), catalog_length(run->catalog, write->name));
    if (write->verb != KUBE_DELETE) {
        text_add(out, ",\"object\":");
        if (write->endpoints)
            kube_text_endpoints(out, run->catalog, write->endpoints);
        else
            kube_text_slice(out, run->catalog, write->slice);
        text_printf(out, ",\"protobuf\":%llu,\"json\":%llu", (unsigned long long)write->protobuf_bytes,
            (unsigned long long)write->json_bytes);
    }
    text_add_char(out, '}');
}

void step_run_answer(struct step_run *run, struct text *out)
{
    text_add(out, "{\"case\":");
    text_add_json(out, run->step->name, strlen(run->step->name));
    text_printf(out, ",\"error\":%s,\"events\":[", run->error ? "true" : "false");
    for (uint32_t i = 0; i < run->events.count; i++) {
        text_add(out, i ? "," : "");
        text_add_json(out, run->events.items[i], strlen(run->events.items[i]));
    }
    text_add(out, "],\"writes\":[");
    for (uint32_t i = 0; i < run->writes.items.count; i++) {
        text_add(out, i ? "," : "");
        add_write(run, out, &run->writes.items.items[i]);
    }
    text_add(out, "]}");
}
