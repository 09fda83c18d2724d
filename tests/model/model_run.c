/*
 * model_run.c: see model_run.h.
 */
#include "model/model_run.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/repack.h"
#include "model/encode.h"
#include "model/program_script.h"
#include "verify/json_diff.h"
#include "verify/kube_text.h"

#define START_S INT64_C(1767225600)

/* --- one run --- */

struct request {
    enum twin_controller controller;
    enum plain_verb verb;
    bool noop;
    sym namespace, name;
    uint32_t added, removed;
};

struct harness {
    const struct program *program;
    const struct model_run *how;
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct twin twin;
    struct program_world world;
    VEC(struct request) requests;   /* the engine's, since the last comparison */
    VEC(char *) events;             /* likewise; owned */
    VEC(struct service_state) rows; /* the last one of each Service */
    struct text why;                /* what differs; empty: nothing */
    struct text *difference;        /* the same of objects, field by field; NULL: not wanted */
    struct text *description;       /* of the present event; NULL: not wanted */
    const struct program_event *event;
};

enum order_hash model_order(const struct engine_config *config)
{
    return config->kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128;
}

/* The object in explicit form, as it shows itself. `view` borrows all but its subsets. */
static void make_view(
    struct catalog *catalog, enum order_hash order, const struct endpoints *object, struct endpoints *view)
{
    *view = *object;
    view->is_explicit = true;
    view->subsets = (struct subset_list){0};
    repack_view(catalog, object, order, &view->subsets);
}

/* What a request says of its size, against the encoder. */
static void check_size(struct harness *harness, const struct write *write)
{
    struct catalog *catalog = store_catalog(harness->store);
    struct text bytes = {0};
    struct arena arena;
    arena_init(&arena);
    uint32_t count = 0;
    if (write->slice) {
        struct managed_list managed = managed_of_endpointslice(&arena, catalog, write->slice, START_S);
        encode_endpointslice(catalog, write->slice, &managed, &bytes);
        count = write->slice->endpoints.count;
    } else {
        const struct endpoints *object = store_endpoints(harness->store, write->namespace, write->object);
        struct endpoints view;
        make_view(catalog, model_order(&harness->program->config), object, &view);
        struct managed_list managed = managed_of_endpoints(&arena, catalog, object, START_S);
        encode_endpoints(catalog, object, &view.subsets, &managed, &bytes);
        count = subset_list_address_count(&view.subsets);
        subset_list_fini(&view.subsets);
    }
    if (write->bytes != bytes.length || write->endpoints != count)
        text_printf(&harness->why, "%s %s of %s: says %llu bytes and %u endpoints, has %zu and %u\n",
            controller_text(write->controller), verb_text(write->verb), catalog_text(catalog, write->object),
            (unsigned long long)write->bytes, write->endpoints, bytes.length, count);
    text_fini(&bytes);
    arena_fini(&arena);
}

static void on_write(void *self, const struct write *write)
{
    struct harness *harness = self;
    static const enum twin_controller controllers[CONTROLLER_COUNT] = {
        [CONTROLLER_ENDPOINTS] = TWIN_ENDPOINTS,
        [CONTROLLER_ENDPOINTSLICE] = TWIN_SLICES,
        [CONTROLLER_MIRRORING] = TWIN_MIRRORING,
        [CONTROLLER_GARBAGE_COLLECTOR] = TWIN_COLLECTOR,
    };
    static const enum plain_verb verbs[VERB_COUNT] = {
        [VERB_CREATE] = PLAIN_CREATE,
        [VERB_UPDATE] = PLAIN_UPDATE,
        [VERB_DELETE] = PLAIN_DELETE,
        [VERB_NOOP] = PLAIN_UPDATE,
    };
    if (write->verb != VERB_DELETE)
        check_size(harness, write);
    if (write->controller == CONTROLLER_USER)
        return;
    if (write->slice && write->verb == VERB_CREATE)
        twin_name(&harness->twin, write->object);
    else if (write->verb == VERB_CREATE)
        twin_uid(&harness->twin, store_endpoints(harness->store, write->namespace, write->object)->meta.uid);
    struct request request = {controllers[write->controller], verbs[write->verb], write->verb == VERB_NOOP,
        write->namespace, write->object, write->endpoints_added, write->endpoints_removed};
    vec_push(&harness->requests, request);
}

static void on_event(void *self, const struct kube_event *event)
{
    struct harness *harness = self;
    struct text text = {0};
    text_printf(&text, "%s %s %s", event->is_warning ? "Warning" : "Normal", event->reason, event->message);
    vec_push(&harness->events, text.data);
}

static void on_state(void *self, const struct service_state *state)
{
    struct harness *harness = self;
    for (uint32_t i = 0; i < harness->rows.count; i++) {
        struct service_state *row = &harness->rows.items[i];
        if (row->namespace == state->namespace && row->name == state->name) {
            *row = *state;
            return;
        }
    }
    vec_push(&harness->rows, *state);
}

static void start(struct harness *harness, const struct program *program)
{
    *harness = (struct harness){.program = program};
    clock_init(&harness->clock, program->seed, 0);
    harness->store = store_create(&harness->clock, START_S);
    harness->engine = engine_create(harness->store, &program->config);
    engine_observe(harness->engine,
        &(struct engine_observer){
            .self = harness, .on_write = on_write, .on_state = on_state, .on_event = on_event});
    struct plain_config config = {program->config.endpoints_per_slice_max, program->config.endpoints_capacity,
        program->config.kube_minor, program->config.mirroring_endpoints_per_subset_max};
    twin_init(&harness->twin, harness->store, &config, program->config.choices, program->seed, 0);
    harness->twin.batch_period_ns[TWIN_ENDPOINTS] = program->config.endpoint_updates_batch_period_ns;
    harness->twin.batch_period_ns[TWIN_SLICES] = program->config.endpointslice_updates_batch_period_ns;
    harness->twin.batch_period_ns[TWIN_MIRRORING] =
        program->config.mirroring_endpointslice_updates_batch_period_ns;
    harness->twin.forgets = program->forgetful_twin;
    harness->world = (struct program_world){
        .store = harness->store, .twin = &harness->twin, .wild = program->wild, .uids = program->seed};
}

static void finish(struct harness *harness)
{
    vec_fini(&harness->requests);
    for (uint32_t i = 0; i < harness->events.count; i++)
        free(harness->events.items[i]);
    vec_fini(&harness->events);
    vec_fini(&harness->rows);
    text_fini(&harness->why);
    twin_fini(&harness->twin);
    engine_destroy(harness->engine);
    store_destroy(harness->store);
    clock_fini(&harness->clock);
}

/* --- comparing --- */

/* What is wrong with an object, for who reads no JSON. */
static void tell_difference(
    struct harness *harness, const char *what, const struct text *engine, const struct text *twin)
{
    json_t *got = engine->length ? json_loads(engine->data, 0, NULL) : NULL;
    json_t *want = twin->length ? json_loads(twin->data, 0, NULL) : NULL;
    json_t *metadata = json_object_get(got ? got : want, "metadata");
    struct text lines = {0};
    if (metadata && !json_diff(want, got, NULL, &lines))
        text_printf(harness->difference, "%s %s/%s (expected: the plain reconciler's; got: the engine's)\n%s",
            what, json_string_value(json_object_get(metadata, "namespace")),
            json_string_value(json_object_get(metadata, "name")), lines.data);
    text_fini(&lines);
    json_decref(got);
    json_decref(want);
}

static void compare_text(struct harness *harness, const char *what, struct text *engine, struct text *twin)
{
    text_add(engine, "");
    text_add(twin, "");
    bool same = strcmp(engine->data, twin->data) == 0;
    if (!same && harness->difference && (engine->data[0] == '{' || twin->data[0] == '{'))
        tell_difference(harness, what, engine, twin);
    if (!same)
        text_printf(&harness->why, "%s:\n  engine %s\n  twin   %s\n", what, engine->data, twin->data);
    text_fini(engine);
    text_fini(twin);
}

/* Uids and resource versions are of no interest. */
static void blank(struct meta *meta)
{
    meta->uid = (struct uuid){{0}};
    meta->uid_text = SYM_EMPTY;
    meta->resource_version = 0;
}

static bool compare_endpoints_object(void *context, const void *object)
{
    struct harness *harness = context;
    const struct endpoints *endpoints = object;
    struct catalog *catalog = store_catalog(harness->store);
    const struct endpoints *other =
        twin_endpoints(&harness->twin, endpoints->meta.namespace, endpoints->meta.name);
    struct text engine = {0}, twin = {0};
    struct endpoints view;
    make_view(catalog, model_order(&harness->program->config), endpoints, &view);
    blank(&view.meta);
    kube_text_endpoints(&engine, catalog, &view);
    subset_list_fini(&view.subsets);
    if (other) {
        struct endpoints copy = *other; /* shallow */
        blank(&copy.meta);
        kube_text_endpoints(&twin, catalog, &copy);
    }
    compare_text(harness, "Endpoints", &engine, &twin);
    return true;
}

struct slice_walk {
    struct harness *harness;
    uint32_t index;
};

static void add_slice(struct text *text, struct catalog *catalog, const struct endpointslice *slice)
{
    struct endpointslice copy = *slice; /* shallow */
    blank(&copy.meta);
    kube_text_slice(text, catalog, &copy);
}

static bool compare_slice(void *context, const void *object)
{
    struct slice_walk *walk = context;
    struct harness *harness = walk->harness;
    struct catalog *catalog = store_catalog(harness->store);
    struct text engine = {0}, twin = {0};
    add_slice(&engine, catalog, object);
    if (walk->index < harness->twin.slices.count)
        add_slice(&twin, catalog, harness->twin.slices.items[walk->index].object);
    walk->index++;
    compare_text(harness, "slice", &engine, &twin);
    return true;
}

struct objects_walk {
    struct catalog *catalog;
    enum order_hash order;
    struct text *out;
};

static bool add_endpoints_text(void *context, const void *object)
{
    struct objects_walk *walk = context;
    struct endpoints view;
    make_view(walk->catalog, walk->order, object, &view);
    blank(&view.meta);
    text_add(walk->out, "Endpoints ");
    kube_text_endpoints(walk->out, walk->catalog, &view);
    text_add(walk->out, "\n");
    subset_list_fini(&view.subsets);
    return true;
}

static bool add_slice_text(void *context, const void *object)
{
    struct objects_walk *walk = context;
    text_add(walk->out, "EndpointSlice ");
    add_slice(walk->out, walk->catalog, object);
    text_add(walk->out, "\n");
    return true;
}

void model_objects_text(struct store *store, enum order_hash order, struct text *out)
{
    struct objects_walk walk = {store_catalog(store), order, out};
    text_add(out, "");
    store_each(store, OBJECT_ENDPOINTS, SYM_EMPTY, add_endpoints_text, &walk);
    store_each(store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, add_slice_text, &walk);
}

static void compare_objects(struct harness *harness)
{
    struct slice_walk walk = {harness, 0};
    store_each(harness->store, OBJECT_ENDPOINTS, SYM_EMPTY, compare_endpoints_object, harness);
    if (store_count(harness->store, OBJECT_ENDPOINTS) != harness->twin.endpoints.count)
        text_printf(&harness->why, "Endpoints objects: engine %u, twin %u\n",
            store_count(harness->store, OBJECT_ENDPOINTS), harness->twin.endpoints.count);
    store_each(harness->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, compare_slice, &walk);
    if (walk.index != harness->twin.slices.count)
        text_printf(&harness->why, "slices: engine %u, twin %u\n", walk.index, harness->twin.slices.count);
}

static void add_request(struct harness *harness, struct text *text, const struct request *request, bool exact)
{
    static const char *const verbs[] = {"create", "update", "delete"};
    const struct catalog *catalog = store_catalog(harness->store);
    text_printf(text, "%s %s/%s ", request->noop ? "noop" : verbs[request->verb],
        catalog_text(catalog, request->namespace), catalog_text(catalog, request->name));
    if (exact)
        text_printf(text, "+%u -%u, ", request->added, request->removed);
    else
        text_printf(text, "%+d, ", (int)request->added - (int)request->removed);
}

/* The requests of one controller, in order, and how many endpoints each added and removed. */
static void add_requests(
    struct harness *harness, enum twin_controller controller, struct text *engine, struct text *twin)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < harness->twin.requests.count; i++) {
        const struct twin_request *theirs = &harness->twin.requests.items[i];
        if (theirs->controller != controller)
            continue;
        struct request request = {theirs->controller, theirs->verb, theirs->noop, theirs->namespace,
            theirs->name, theirs->added, theirs->removed};
        add_request(harness, twin, &request, !theirs->net);
        while (at < harness->requests.count && harness->requests.items[at].controller != controller)
            at++;
        if (at < harness->requests.count)
            add_request(harness, engine, &harness->requests.items[at++], !theirs->net);
    }
    for (; at < harness->requests.count; at++)
        if (harness->requests.items[at].controller == controller)
            add_request(harness, engine, &harness->requests.items[at], true);
}

static void compare_requests(struct harness *harness)
{
    static const char *const names[] = {"requests for Endpoints", "requests for slices",
        "requests of mirroring", "requests of the collector"};
    static const char *const syncs[] = {"syncs of Endpoints", "syncs of slices", "syncs of mirroring"};
    static const enum controller controllers[] = {
        CONTROLLER_ENDPOINTS, CONTROLLER_ENDPOINTSLICE, CONTROLLER_MIRRORING};
    const struct engine_totals *totals = engine_totals(harness->engine);
    for (int c = 0; c < TWIN_CONTROLLERS; c++) {
        struct text engine = {0}, twin = {0};
        add_requests(harness, (enum twin_controller)c, &engine, &twin);
        compare_text(harness, names[c], &engine, &twin);
    }
    for (int c = 0; c < TWIN_QUEUES; c++) {
        struct text engine = {0}, twin = {0};
        text_printf(&engine, "%llu, failed %llu", (unsigned long long)totals->syncs[controllers[c]],
            (unsigned long long)totals->sync_errors[controllers[c]]);
        text_printf(&twin, "%llu, failed %llu", (unsigned long long)harness->twin.syncs[c],
            (unsigned long long)harness->twin.sync_errors[c]);
        compare_text(harness, syncs[c], &engine, &twin);
    }
    vec_clear(&harness->requests);
    vec_clear(&harness->twin.requests);
}

/* Moves the texts to `out`. */
static void add_events(struct text *out, char **events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text_printf(out, "%s; ", events[i]);
        free(events[i]);
    }
}

static void compare_events(struct harness *harness)
{
    struct text engine = {0}, twin = {0};
    add_events(&engine, harness->events.items, harness->events.count);
    add_events(&twin, harness->twin.events.items, harness->twin.events.count);
    vec_clear(&harness->events);
    vec_clear(&harness->twin.events);
    compare_text(harness, "Events", &engine, &twin);
}

/* --- rows of the timeline --- */

struct row_walk {
    const struct service *service;
    uint32_t pods, ready;
};

static bool count_pod(void *context, const void *object)
{
    struct row_walk *walk = context;
    const struct pod *pod = object;
    if (!walk->service->selector || !plain_selects(walk->service, pod))
        return true;
    walk->pods++;
    walk->ready += pod->ready == CONDITION_TRUE && pod_deletion_s(pod) == TIME_NONE;
    return true;
}

static void add_row(struct text *text, const struct service_state *state)
{
    text_printf(text,
        "pods %u, ready %u, addresses %u, omitted %u, truncated %d, slices %u with %u endpoints", state->pods,
        state->ready, state->ep_addresses, state->ep_omitted, state->ep_truncated, state->slices,
        state->slice_endpoints);
}

/* The row as the twin's objects have it. */
static struct service_state make_row(struct harness *harness, const struct service *service)
{
    sym namespace = service->meta.namespace, name = service->meta.name;
    sym key = catalog_word(store_catalog(harness->store), WORD_SERVICE_NAME);
    struct row_walk walk = {.service = service};
    store_each(harness->store, OBJECT_POD, namespace, count_pod, &walk);
    struct service_state row = {.pods = walk.pods, .ready = walk.ready};
    const struct endpoints *endpoints = twin_endpoints(&harness->twin, namespace, name);
    if (endpoints) {
        row.ep_addresses = subset_list_address_count(&endpoints->subsets);
        row.ep_truncated = endpoints->over_capacity;
        row.ep_omitted = endpoints->omitted_count;
    }
    for (uint32_t i = 0; i < harness->twin.slices.count; i++) {
        const struct endpointslice *slice = harness->twin.slices.items[i].object;
        sym label;
        if (slice->meta.namespace != namespace || !labels_get(slice->meta.labels, key, &label) ||
            label != name)
            continue;
        row.slices++;
        row.slice_endpoints += slice->endpoints.count;
    }
    return row;
}

/* What the engine says when asked, and what it said last by itself. */
static void compare_row(struct harness *harness, uint32_t number)
{
    struct catalog *catalog = store_catalog(harness->store);
    sym namespace = program_service_namespace(catalog, number), name = program_service_name(catalog, number);
    const struct service *service = store_service(harness->store, namespace, name);
    struct service_state state;
    if (engine_state(harness->engine, namespace, name, &state) != (service != NULL))
        text_add(&harness->why, "row: engine and store do not agree whether there is a Service\n");
    if (!service)
        return;
    struct service_state row = make_row(harness, service);
    struct text engine = {0}, twin = {0}, told = {0}, asked = {0};
    add_row(&engine, &state);
    add_row(&twin, &row);
    compare_text(harness, "row", &engine, &twin);
    for (uint32_t i = 0; i < harness->rows.count; i++) {
        const struct service_state *last = &harness->rows.items[i];
        if (last->namespace != namespace || last->name != name)
            continue;
        add_row(&told, last);
        text_printf(&told, ", ideal %u, number %u", last->slices_ideal, last->service_number);
    }
    add_row(&asked, &state);
    text_printf(&asked, ", ideal %u, number %u", state.slices_ideal, state.service_number);
    compare_text(harness, "row as asked, as told", &asked, &told);
}

static void compare_all(struct harness *harness)
{
    compare_objects(harness);
    compare_requests(harness);
    compare_events(harness);
    for (uint32_t i = 0; i < PROGRAM_SERVICES; i++)
        compare_row(harness, i);
}

/* --- running a program --- */

/* What the event did, at once: what follows from it may crash. */
static void describe(struct harness *harness, const struct program_event *event)
{
    if (!harness->description)
        return;
    printf("  %9.3fs %s%s\n", (double)clock_now(&harness->clock) / 1e9,
        event->silent ? "(from the start) " : "",
        harness->description->data ? harness->description->data : "nothing");
    text_clear(harness->description);
    fflush(stdout);
}

static void run_event(void *subject, uint64_t argument)
{
    (void)argument;
    struct harness *harness = subject;
    program_apply(&harness->world, harness->event, harness->description);
    describe(harness, harness->event);
    script_end_event(harness->world.script, clock_now(&harness->clock));
    if (harness->how->after_change)
        harness->how->after_change(harness->how->context);
}

/* The starting state, then everybody starts. */
static uint32_t run_silent(struct harness *harness)
{
    const struct program *program = harness->program;
    uint32_t i = 0;
    store_set_silent(harness->store, true);
    for (; i < program->count && program->events[i].silent; i++) {
        program_apply(&harness->world, &program->events[i], harness->description);
        describe(harness, &program->events[i]);
    }
    store_set_silent(harness->store, false);
    script_start(harness->world.script, harness->store);
    harness->world.engine = harness->engine;
    engine_start(harness->engine);
    twin_start(&harness->twin);
    clock_run(&harness->clock, 0);
    twin_run(&harness->twin, 0);
    compare_all(harness);
    return i;
}

bool model_run(const struct program *program, const struct model_run *how)
{
    struct harness *harness = mem_alloc(sizeof *harness);
    struct text description = {0};
    start(harness, program);
    harness->how = how;
    harness->description = how->verbose ? &description : NULL;
    harness->difference = how->difference;
    harness->world.script = how->script;
    uint32_t i = run_silent(harness);
    sim_time now_ns = 0;
    for (; i < program->count && harness->why.length == 0; i++) {
        harness->event = &program->events[i];
        if (how->tells_steps && write(how->steps, &i, sizeof i) != sizeof i)
            break;
        if (program->events[i].delay_ns > 0) { /* ends of windows, and retries, first */
            now_ns += program->events[i].delay_ns;
            clock_run(&harness->clock, now_ns);
            twin_run(&harness->twin, now_ns);
        }
        clock_at(&harness->clock, now_ns, PHASE_SCENARIO, EVENT_USER, run_event, harness, i);
        clock_run(&harness->clock, now_ns);
        twin_run(&harness->twin, now_ns);
        compare_all(harness);
        if (how->after_event)
            how->after_event(how->context, now_ns, harness->store, harness->engine);
    }
    bool same = harness->why.length == 0;
    if (how->verbose && !same)
        printf("they differ:\n%.6000s\n", harness->why.data);
    if (how->difference && !same && how->difference->length == 0)
        text_printf(how->difference, "%.2000s", harness->why.data);
    finish(harness);
    free(harness);
    text_fini(&description);
    return same;
}
