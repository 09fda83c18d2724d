/*
 * engine_steps_test.c: the engine against recordings of the real controllers.
 *
 * The state before is loaded into a store silently, the engine starts and syncs everything once; the requests
 * of that first sync are held against those recorded.
 *
 * Pins: every request of every recorded sync of the Endpoints, EndpointSlice and mirroring controllers, the
 * Events of hints and of mirroring, and encoded sizes. Does not pin: trigger times (the recordings give them;
 * a Service that is new to the engine reports its creation time, so that is set to what is wanted), syncs by
 * small steps (engine_model_test.c).
 */
#include "verify/golden.h"
#include "verify/measure.h"
#include "engine/engine_private.h"
#include "engine/repack.h"
#include "unit/suite.h"

#define GOLDEN "tests/conformance/golden/"

struct tally {
    uint32_t endpoints, slices, mirroring, failed;
};

/* --- one step --- */

struct run {
    struct clock clock;
    struct store *store;
    struct engine *engine;
    enum controller controller;
    enum order_hash hash;
    uint64_t resource_version;
    sym service;            /* of the step */
    struct kube_writes got; /* objects are copies, owned */
    VEC(char *) events;     /* "type reason message" */
};

static struct endpoints *copy_endpoints(struct run *run, const struct endpoints *object)
{
    struct endpoints *copy = endpoints_create(store_catalog(run->store));
    copy->meta = object->meta;
    copy->over_capacity = object->over_capacity;
    copy->is_explicit = true;
    repack_view(store_catalog(run->store), object, run->hash, &copy->subsets);
    return copy;
}

static struct endpointslice *copy_slice(struct run *run, const struct endpointslice *object)
{
    struct endpointslice *copy = endpointslice_create(store_catalog(run->store));
    copy->meta = object->meta;
    copy->address_type = object->address_type;
    copy->ports = object->ports;
    copy->ports_nil = object->ports->count == 0;
    copy->endpoints_nil = object->endpoints.count == 0;
    copy->owner_count = object->owner_count;
    copy->owners = mem_array(NULL, object->owner_count, sizeof *copy->owners);
    for (uint32_t i = 0; i < object->owner_count; i++)
        copy->owners[i] = object->owners[i];
    for (uint32_t i = 0; i < object->endpoints.count; i++)
        endpointslice_append(copy, endpoint_ref(object->endpoints.items[i]));
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
    struct run *run = self;
    if (write->controller != run->controller || write->service != run->service ||
        engine_totals(run->engine)->syncs[run->controller] > 0)
        return;
    struct kube_write got = {
        .verb = verbs[write->verb], .noop = write->verb == VERB_NOOP, .name = write->object};
    /* The other controller writes too: versions are counted anew. */
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
    measure_write(store_catalog(run->store), &got);
    vec_push(&run->got.items, got);
}

static void on_event(void *self, const struct kube_event *event)
{
    struct run *run = self;
    if (event->controller != run->controller || engine_totals(run->engine)->syncs[run->controller] > 0)
        return;
    struct text text = {0};
    text_printf(&text, "%s %s %s", event->is_warning ? "Warning" : "Normal", event->reason, event->message);
    vec_push(&run->events, text.data);
}

/* Moves the step's state into the store. */
static void load(struct run *run, struct golden_step *step)
{
    store_set_silent(run->store, true);
    for (uint32_t i = 0; i < step->nodes.count; i++)
        store_put_node(run->store, step->nodes.items[i]);
    for (uint32_t i = 0; i < step->pods.count; i++)
        store_put_pod(run->store, step->pods.items[i]);
    if (step->service) {
        store_put_service(run->store, step->service);
        /* After the store has filled in what is missing: here it is missing on purpose. */
        step->service->meta.created_s = step->trigger_s;
    }
    if (step->endpoints)
        store_create_endpoints(run->store, step->endpoints, true);
    for (uint32_t i = 0; i < step->slices.count; i++)
        store_create_endpointslice(run->store, step->slices.items[i], true);
    store_set_resource_version(run->store, step->resource_version);
    store_set_silent(run->store, false);
    step->service = NULL;
    step->endpoints = NULL;
    vec_clear(&step->nodes);
    vec_clear(&step->pods);
    vec_clear(&step->slices);
}

static void finish(struct run *run)
{
    for (uint32_t i = 0; i < run->got.items.count; i++) {
        endpoints_destroy((struct endpoints *)run->got.items.items[i].endpoints);
        endpointslice_destroy((struct endpointslice *)run->got.items.items[i].slice);
    }
    vec_fini(&run->got.items);
    for (uint32_t i = 0; i < run->events.count; i++)
        free(run->events.items[i]);
    vec_fini(&run->events);
    engine_destroy(run->engine);
    store_destroy(run->store);
    clock_fini(&run->clock);
}

static struct engine_config config_of(const struct golden_step *step, enum choice_mode mode)
{
    struct engine_config config = engine_config_default();
    if (step->endpoints_per_slice_max)
        config.endpoints_per_slice_max = step->endpoints_per_slice_max;
    if (step->mirroring_endpoints_per_subset_max)
        config.mirroring_endpoints_per_subset_max = step->mirroring_endpoints_per_subset_max;
    config.kube_minor = step->kube_minor;
    config.choices = mode;
    return config;
}

/* What is known before there is a store. */
struct peek {
    struct engine_config config;
    enum controller controller;
    int64_t now_s;
    uint64_t resource_version;
};

static struct peek peek_at(const json_t *line)
{
    struct catalog *catalog = catalog_create();
    struct golden_step *step = golden_step_create(catalog, line);
    struct peek peek = {
        .config = config_of(step, CHOICE_FIXED),
        .controller = strcmp(step->controller, "endpoints") == 0       ? CONTROLLER_ENDPOINTS
                      : strcmp(step->controller, "endpointslice") == 0 ? CONTROLLER_ENDPOINTSLICE
                                                                       : CONTROLLER_MIRRORING,
        .now_s = step->now_s,
        .resource_version = step->resource_version,
    };
    golden_step_destroy(step);
    catalog_destroy(catalog);
    return peek;
}

/* One run with the choices of one seed. */
static bool check_run(const json_t *line, const struct peek *peek, uint64_t seed, struct text *why)
{
    struct run run = {
        .controller = peek->controller,
        .hash = peek->config.kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128,
        .resource_version = peek->resource_version,
    };
    clock_init(&run.clock, seed, 0);
    run.store = store_create(&run.clock, peek->now_s);
    struct catalog *catalog = store_catalog(run.store);
    struct golden_step *step = golden_step_create(catalog, line), *given = golden_step_create(catalog, line);
    run.service = step->service_name;
    run.engine = engine_create(run.store, &peek->config);
    engine_observe(
        run.engine, &(struct engine_observer){.self = &run, .on_write = on_write, .on_event = on_event});
    load(&run, given);
    if (step->had_hints)
        topology_cache_set(engine_entry(run.engine, step->namespace, step->service_name, true), ADDRESS_IPV4,
            &(struct zone_counts){.items = {0}});
    engine_start(run.engine);
    clock_run(&run.clock, 0);

    const struct slices_before before = {(const struct endpointslice *const *)step->slices.items,
        step->slices.count, step->resource_version, run.controller == CONTROLLER_MIRRORING,
        golden_step_hints_are_open(step, catalog)};
    bool same = run.controller == CONTROLLER_ENDPOINTS
                    ? compare_endpoints(catalog, &step->want, &run.got, why)
                    : compare_slices(catalog, &before, &step->want, &run.got, why);
    if (run.controller != CONTROLLER_ENDPOINTS)
        same = compare_events(step->want_events.items, step->want_events.count, run.events.items,
                   run.events.count, step->service && step->service->family_count > 1, why) &&
               same;
    bool error = engine_totals(run.engine)->sync_errors[run.controller] > 0;
    if (error != step->want_error) {
        text_printf(why, "error: want %d, got %d\n", step->want_error, error);
        same = false;
    }
    golden_step_destroy(step);
    golden_step_destroy(given);
    finish(&run);
    return same;
}

/* Whether a mirroring sync fails may be a matter of luck (M-31): then so many seeds are tried. */
#define SEEDS_MAX 64

static void check_line(const json_t *line, enum choice_mode mode, struct tally *tally)
{
    struct peek peek = peek_at(line);
    tally->endpoints += peek.controller == CONTROLLER_ENDPOINTS;
    tally->slices += peek.controller == CONTROLLER_ENDPOINTSLICE;
    tally->mirroring += peek.controller == CONTROLLER_MIRRORING;
    peek.config.choices = mode;
    struct text why = {0};
    bool same = check_run(line, &peek, 1, &why);
    if (!same && peek.controller == CONTROLLER_MIRRORING) {
        peek.config.choices = CHOICE_RANDOM;
        struct text ignored = {0};
        for (uint64_t seed = 2; seed < SEEDS_MAX && !same; seed++)
            same = check_run(line, &peek, seed, &ignored);
        text_fini(&ignored);
    }
    if (!same && tally->failed++ < 20)
        printf("\nFAIL %s (%.160s)\n%.3000s", json_string_value(json_object_get(line, "case")),
            json_string_value(json_object_get(line, "about")), why.data);
    text_fini(&why);
}

/* --- files --- */

static void check_file(const char *path, uint32_t lines_expected)
{
    struct tally tally = {0};
    uint32_t count = 0;
    struct golden_lines *lines = golden_open(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
    json_t *line;
    while ((line = golden_next(lines))) {
        check_line(line, count % 2 ? CHOICE_RANDOM : CHOICE_FIXED, &tally);
        json_decref(line);
        count++;
    }
    CU_ASSERT_FALSE(golden_failed(lines));
    golden_close(lines);
    printf("%u Endpoints, %u EndpointSlice and %u mirroring syncs held, %u failed ... ", tally.endpoints,
        tally.slices, tally.mirroring, tally.failed);
    CU_ASSERT_EQUAL(tally.failed, 0);
    CU_ASSERT_EQUAL(count, lines_expected);
}

static void curated(void)
{
    check_file(GOLDEN "steps-curated.ndjson.gz", 101);
}
static void random_programs(void)
{
    check_file(GOLDEN "steps-random.ndjson.gz", 1265);
}
static void wild(void)
{
    check_file(GOLDEN "steps-wild.ndjson.gz", 1082);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"curated", curated},
        {"random programs", random_programs},
        {"wild edits", wild},
    };
    return suite_main("engine_steps", tests, sizeof tests / sizeof tests[0]);
}
