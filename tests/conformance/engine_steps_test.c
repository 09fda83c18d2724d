/*
 * engine_steps_test.c: the engine against recordings of the real controllers.
 *
 * The state before is loaded into a store silently, the engine starts and syncs everything once; the requests
 * of that first sync are held against those recorded.
 *
 * Pins: every request of every recorded sync of the Endpoints and EndpointSlice controllers that needs
 * neither topology hints nor mirroring (those are counted and skipped), and
 * encoded sizes. Does not pin: trigger times (the recordings give them; a Service that is new to the engine
 * reports its creation time, so that is set to what is wanted), Events, syncs by small steps
 * (engine_model_test.c).
 */
#include "conformance/golden.h"
#include "conformance/measure.h"
#include "engine/engine.h"
#include "engine/repack.h"
#include "unit/suite.h"

#define GOLDEN "tests/conformance/golden/"

struct tally {
    uint32_t endpoints, slices, failed;
    uint32_t hints, mirroring;
};

/* --- one step --- */

struct run {
    struct clock clock;
    struct store *store;
    struct engine *engine;
    enum controller controller;
    enum order_hash hash;
    uint64_t resource_version;
    struct kube_writes got; /* objects are copies, owned */
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
    if (write->controller != run->controller || engine_totals(run->engine)->syncs[run->controller] > 0)
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
    engine_destroy(run->engine);
    store_destroy(run->store);
    clock_fini(&run->clock);
}

static struct engine_config config_of(const struct golden_step *step, enum choice_mode mode)
{
    struct engine_config config = engine_config_default();
    if (step->endpoints_per_slice_max)
        config.endpoints_per_slice_max = step->endpoints_per_slice_max;
    config.kube_minor = step->kube_minor;
    config.choices = mode;
    return config;
}

static bool check_line(const json_t *line, enum choice_mode mode, struct tally *tally)
{
    /* When it is now, and what is wanted, is known before there is a store. */
    struct catalog *first = catalog_create();
    struct golden_step *peek = golden_step_create(first, line);
    const char *needs = golden_step_needs(peek, first);
    struct run run = {
        .controller =
            strcmp(peek->controller, "endpoints") == 0 ? CONTROLLER_ENDPOINTS : CONTROLLER_ENDPOINTSLICE,
        .hash = peek->kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128,
        .resource_version = peek->resource_version,
    };
    struct engine_config config = config_of(peek, mode);
    int64_t now_s = peek->now_s;
    golden_step_destroy(peek);
    catalog_destroy(first);
    if (needs) {
        tally->mirroring += strcmp(needs, "mirroring") == 0;
        tally->hints += strcmp(needs, "topology hints") == 0;
        return true;
    }
    tally->endpoints += run.controller == CONTROLLER_ENDPOINTS;
    tally->slices += run.controller == CONTROLLER_ENDPOINTSLICE;

    clock_init(&run.clock, 1, 0);
    run.store = store_create(&run.clock, now_s);
    struct catalog *catalog = store_catalog(run.store);
    struct golden_step *step = golden_step_create(catalog, line), *given = golden_step_create(catalog, line);
    run.engine = engine_create(run.store, &config);
    engine_observe(run.engine, &(struct engine_observer){.self = &run, .on_write = on_write});
    load(&run, given);
    engine_start(run.engine);
    clock_run(&run.clock, 0);

    struct text why = {0};
    const struct slices_before before = {
        (const struct endpointslice *const *)step->slices.items, step->slices.count, step->resource_version};
    bool same = run.controller == CONTROLLER_ENDPOINTS
                    ? compare_endpoints(catalog, &step->want, &run.got, &why)
                    : compare_slices(catalog, &before, &step->want, &run.got, &why);
    bool error = engine_totals(run.engine)->sync_errors[run.controller] > 0;
    if (error != step->want_error) {
        text_printf(&why, "error: want %d, got %d\n", step->want_error, error);
        same = false;
    }
    if (!same && tally->failed++ < 20)
        printf("\nFAIL %s (%.160s)\n%.3000s", step->name, step->about, why.data);
    text_fini(&why);
    golden_step_destroy(step);
    golden_step_destroy(given);
    finish(&run);
    return same;
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
    printf("%u Endpoints and %u EndpointSlice syncs held, %u failed; skipped: %u topology hints, %u "
           "mirroring ... ",
        tally.endpoints, tally.slices, tally.failed, tally.hints, tally.mirroring);
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
