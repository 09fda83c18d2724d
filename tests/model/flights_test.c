/*
 * flights_test.c: random programs with delays drawn at random (flight.h, hearing.h). Syncs overlap, caches
 * are behind, objects are edited and deleted while requests for them are under way. When all is quiet, the
 * objects list what those of an engine list for which nothing takes time.
 *
 * It pins that nothing is lost and nothing is left behind, whatever happens in between, and that a run
 * repeats itself. It does not pin when things happen (engine_timing_test.c), nor which slice takes what.
 */
#include "model/program.h"
#include "unit/suite.h"

#include "engine/engine_private.h"
#include "engine/repack.h"

#define START_S INT64_C(1767323045)
#define PROGRAMS 40
#define EVENTS 150
/* The fifteen retries of a sync take less than that. */
#define QUIET_NS (INT64_C(12000) * NS_PER_S)

struct harness {
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct program_world world;
    const struct program_event *event;
};

static void start(struct harness *harness, const struct program *program, bool takes_time)
{
    *harness = (struct harness){.event = NULL};
    struct engine_config config = program->config;
    if (takes_time) {
        config.timing = timing_kube_defaults();
        /* As long as the time between events, so that they meet. */
        config.timing.write.a *= (double)(1 + program->seed % 200);
        config.timing.watch.a *= (double)(1 + program->seed / 2 % 100);
        config.timing.requests_per_s = program->seed % 3 ? 2000 : 20;
        config.timing.workers[TIMED_SLICES] = 1 + program->seed % 2;
    }
    clock_init(&harness->clock, program->seed, 0);
    harness->store = store_create(&harness->clock, START_S);
    harness->engine = engine_create(harness->store, &config);
    engine_start(harness->engine);
    harness->world = (struct program_world){
        .store = harness->store, .engine = harness->engine, .wild = program->wild, .uids = program->seed};
}

static void finish(struct harness *harness)
{
    engine_destroy(harness->engine);
    store_destroy(harness->store);
    clock_fini(&harness->clock);
}

/* --- what somebody else does ------------------------------------------------------------------ */

struct pick {
    const void *object;
    uint32_t left;
};

static bool pick_object(void *context, const void *object)
{
    struct pick *pick = context;
    pick->object = object;
    return pick->left-- > 0;
}

static const void *pick_one(struct harness *harness, enum object_kind kind)
{
    uint32_t count = store_count(harness->store, kind);
    struct pick pick = {NULL, count ? harness->event->subject % count : 0};
    store_each(harness->store, kind, SYM_EMPTY, pick_object, &pick);
    return pick.object;
}

/* Without every other endpoint. */
static void edit_slice(struct harness *harness, const struct endpointslice *slice)
{
    struct twin twin = {.catalog = store_catalog(harness->store)};
    struct endpointslice *edited = twin_copy_slice(&twin, slice);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < edited->endpoints.count; i++) {
        if (i % 2) {
            edited->endpoints_bytes -= endpoint_slice_bytes(endpointslice_at(edited, i));
            endpoint_unref(endpointslice_at(edited, i));
        } else {
            edited->endpoints.items[kept++] = edited->endpoints.items[i];
        }
    }
    edited->endpoints.count = kept;
    engine_apply_endpointslice(harness->engine, edited);
}

/* Of no subsets. */
static void edit_endpoints(struct harness *harness, const struct endpoints *object)
{
    struct endpoints *edited = endpoints_create(store_catalog(harness->store));
    edited->meta.namespace = object->meta.namespace;
    edited->meta.name = object->meta.name;
    edited->meta.labels = object->meta.labels;
    edited->is_explicit = true;
    engine_apply_endpoints(harness->engine, edited);
}

static void run_event(void *subject, uint64_t argument)
{
    (void)argument;
    struct harness *harness = subject;
    const struct endpointslice *slice = pick_one(harness, OBJECT_ENDPOINTSLICE);
    const struct endpoints *endpoints = pick_one(harness, OBJECT_ENDPOINTS);
    switch (harness->event->kind) {
    case PROGRAM_SLICE_EDIT:
        if (slice)
            edit_slice(harness, slice);
        break;
    case PROGRAM_SLICE_DELETE:
        if (slice)
            engine_delete_endpointslice(harness->engine, slice->meta.namespace, slice->meta.name);
        break;
    case PROGRAM_ENDPOINTS_EDIT:
        if (endpoints)
            edit_endpoints(harness, endpoints);
        break;
    case PROGRAM_ENDPOINTS_DELETE:
        if (endpoints)
            engine_delete_endpoints(harness->engine, endpoints->meta.namespace, endpoints->meta.name);
        break;
    case PROGRAM_SLICE_CREATE:
        break;
    default:
        program_apply(&harness->world, harness->event, NULL);
    }
}

/* --- running ---------------------------------------------------------------------------------- */

static void run(struct harness *harness, const struct program *program)
{
    sim_time now_ns = 0;
    for (uint32_t i = 0; i < program->count; i++) {
        now_ns += program->events[i].delay_ns;
        harness->event = &program->events[i];
        clock_at(&harness->clock, now_ns, PHASE_SCENARIO, EVENT_USER, run_event, harness, i);
        clock_run(&harness->clock, now_ns);
    }
    clock_run(&harness->clock, now_ns + QUIET_NS);
    /* What nobody had to notice (E-75, S-59), as a Service's event would have it. */
    for (uint32_t i = 0; i < harness->engine->services.count; i++) {
        for (int c = 0; c < SYNC_COUNT; c++)
            workqueue_add(&harness->engine->services.items[i]->items[c]);
    }
    clock_run(&harness->clock, now_ns + 2 * QUIET_NS);
}

/* --- what is listed --------------------------------------------------------------------------- */

struct listing {
    struct harness *harness;
    VEC(char *) lines;
};

static void add_endpoint(struct listing *listing, const char *what, const struct service *service,
    const struct endpoint *endpoint, bool ready)
{
    const struct catalog *catalog = store_catalog(listing->harness->store);
    char ip[IP_TEXT_MAX];
    uint32_t length;
    struct text line = {0};
    text_printf(&line, "%s %s/%s %s %s %s", what, catalog_text(catalog, service->meta.namespace),
        catalog_text(catalog, service->meta.name), endpoint_address(catalog, endpoint, 0, ip, &length),
        endpoint_target(endpoint) ? target_name_here(endpoint_target(endpoint)) : "",
        ready ? "ready" : "not ready");
    vec_push(&listing->lines, line.data);
}

/* Whose objects follow its pods. */
static const struct service *followed(const struct harness *harness, sym namespace, sym name)
{
    const struct service *service = store_service(harness->store, namespace, name);
    bool is_followed = service && service->selector && service->selector->count > 0 &&
                       service->type != SERVICE_EXTERNAL_NAME && service->meta.deletion_s == TIME_NONE;
    return is_followed ? service : NULL;
}

static bool list_slice(void *context, const void *object)
{
    struct listing *listing = context;
    const struct endpointslice *slice = object;
    const struct catalog *catalog = store_catalog(listing->harness->store);
    sym name = SYM_EMPTY, manager = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(catalog, WORD_SERVICE_NAME), &name);
    labels_get(slice->meta.labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY), &manager);
    const struct service *service = followed(listing->harness, slice->meta.namespace, name);
    if (!service || manager != catalog_word(catalog, WORD_SLICE_CONTROLLER))
        return true;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        add_endpoint(listing, "slice", service, endpoint, endpoint_ready(endpoint) == CONDITION_TRUE);
    }
    return true;
}

static bool list_endpoints(void *context, const void *object)
{
    struct listing *listing = context;
    const struct endpoints *endpoints = object;
    struct harness *harness = listing->harness;
    const struct service *service = followed(harness, endpoints->meta.namespace, endpoints->meta.name);
    if (!service)
        return true;
    struct subset_list view = {0};
    repack_view(store_catalog(harness->store), endpoints, harness->engine->order, &view);
    for (uint32_t i = 0; i < view.items.count; i++) {
        const struct subset *subset = &view.items.items[i];
        for (uint32_t k = 0; k < subset->addresses.count; k++)
            add_endpoint(listing, "Endpoints", service, subset->addresses.items[k], true);
        for (uint32_t k = 0; k < subset->not_ready_addresses.count; k++)
            add_endpoint(listing, "Endpoints", service, subset->not_ready_addresses.items[k], false);
    }
    subset_list_fini(&view);
    return true;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_all(struct harness *harness, struct text *out)
{
    struct listing listing = {.harness = harness};
    store_each(harness->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, list_slice, &listing);
    store_each(harness->store, OBJECT_ENDPOINTS, SYM_EMPTY, list_endpoints, &listing);
    if (listing.lines.count)
        qsort(listing.lines.items, listing.lines.count, sizeof *listing.lines.items, compare_lines);
    text_add(out, "");
    for (uint32_t i = 0; i < listing.lines.count; i++) {
        text_printf(out, "%s\n", listing.lines.items[i]);
        free(listing.lines.items[i]);
    }
    vec_fini(&listing.lines);
}

/* --- the test --------------------------------------------------------------------------------- */

struct seen {
    uint64_t requests, failed;
};

static bool try_program(uint64_t seed, struct seen *seen)
{
    struct program program;
    program_create(&program, seed, EVENTS);
    struct text at_once = {0}, later = {0}, again = {0};
    struct harness instant, timed, repeated;
    start(&instant, &program, false);
    start(&timed, &program, true);
    start(&repeated, &program, true);
    run(&instant, &program);
    run(&timed, &program);
    run(&repeated, &program);
    list_all(&instant, &at_once);
    list_all(&timed, &later);
    list_all(&repeated, &again);
    bool same = strcmp(at_once.data, later.data) == 0 &&
                digest_value(&timed.clock.digest) == digest_value(&repeated.clock.digest);
    for (int c = 0; c < CONTROLLER_COUNT; c++) {
        seen->failed += engine_totals(timed.engine)->sync_errors[c];
        for (int v = 0; v < VERB_COUNT; v++)
            seen->requests += engine_totals(timed.engine)->writes[c][v];
    }
    CU_ASSERT_PTR_NULL(timed.engine->flights);
    if (!same)
        printf("\nprogram %llu differs. At once:\n%sLater:\n%s", (unsigned long long)seed, at_once.data,
            later.data);
    text_fini(&at_once);
    text_fini(&later);
    text_fini(&again);
    finish(&instant);
    finish(&timed);
    finish(&repeated);
    program_destroy(&program);
    return same;
}

static void random_programs(void)
{
    struct seen seen = {0, 0};
    uint32_t failed = 0, count = getenv("EPSIM_TEST_LONG") ? PROGRAMS * 30 : PROGRAMS;
    for (uint32_t i = 0; i < count && failed < 2; i++)
        failed += !try_program(suite_seed() + i, &seen);
    CU_ASSERT_EQUAL(failed, 0);
    /* They did meet. */
    CU_ASSERT(seen.requests > 50 * (uint64_t)count);
    CU_ASSERT(seen.failed > 10 * (uint64_t)count);
}

/* An engine may end at any time. */
static void ends_anywhere(void)
{
    struct program program;
    program_create(&program, suite_seed(), EVENTS);
    for (uint32_t events = 1; events < program.count; events += 7) {
        struct harness harness;
        start(&harness, &program, true);
        sim_time now_ns = 0;
        for (uint32_t i = 0; i < events; i++) {
            now_ns += program.events[i].delay_ns;
            harness.event = &program.events[i];
            clock_at(&harness.clock, now_ns, PHASE_SCENARIO, EVENT_USER, run_event, &harness, i);
            clock_run(&harness.clock, now_ns + (int64_t)(events % 5) * 2000000);
            now_ns += (int64_t)(events % 5) * 2000000;
        }
        finish(&harness);
    }
    program_destroy(&program);
    CU_PASS("nothing is left, which the sanitizers see");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"random programs", random_programs}, {"ends anywhere", ends_anywhere}};
    return suite_main("flights", tests, sizeof tests / sizeof tests[0]);
}
