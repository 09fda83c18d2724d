/*
 * policies_test.c: packing policies under random programs. After every event, for each policy:
 *
 * - marked syncs and syncs that look at everything come to the same slices, names and requests;
 * - the slices of a Service list what they list under `upstream`, each endpoint once, ports and types apart
 * (in the programs in which nobody else edits slices: an edit of another slice is a sync of another Service);
 * - no slice has more than M endpoints;
 * - what the policy is for: best-fit-all opens no slice while another has room, rebalance keeps to its limit,
 *   one-slice-per-zone never mixes zones.
 *
 * It does not pin which slice takes what; worked examples do (engine_packing_test.c).
 */
#include "model/program.h"
#include "unit/suite.h"

#include "engine/engine_private.h"
#include "verify/kube_text.h"

#define START_S INT64_C(1767323045)
#define PROGRAMS 60
#define EVENTS 120

struct harness {
    struct program program; /* events are borrowed */
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct program_world world;
    const struct program_event *event;
    bool looks_at_all;
    bool is_edited;       /* somebody else edits slices */
    struct text requests; /* of this event */
    /* Of the running sync: what it created. */
    VEC(const struct endpointslice *) created;
    uint32_t late; /* slices that were opened while another had room */
};

/* --- what is seen ---------------------------------------------------------------------------- */

static bool same_kind(const struct endpointslice *a, const struct endpointslice *b, sym key)
{
    sym of_a = SYM_EMPTY, of_b = SYM_EMPTY;
    labels_get(a->meta.labels, key, &of_a);
    labels_get(b->meta.labels, key, &of_b);
    return a->meta.namespace == b->meta.namespace && of_a == of_b && a->address_type == b->address_type &&
           a->ports == b->ports;
}

static void on_write(void *self, const struct write *write)
{
    struct harness *harness = self;
    if (write->controller != CONTROLLER_ENDPOINTSLICE)
        return;
    text_printf(&harness->requests, "%s %s %u+%u-%u\n", verb_text(write->verb),
        catalog_text(store_catalog(harness->store), write->object), write->endpoints, write->endpoints_added,
        write->endpoints_removed);
    if (write->verb == VERB_CREATE)
        vec_push(&harness->created, write->slice);
}

struct room_walk {
    const struct harness *harness;
    const struct endpointslice *created;
    uint32_t with_room;
};

static bool is_ours(const struct harness *harness, const struct endpointslice *slice)
{
    const struct catalog *catalog = store_catalog(harness->store);
    sym manager = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY), &manager);
    return manager == catalog_word(catalog, WORD_SLICE_CONTROLLER);
}

static bool count_room(void *context, const void *object)
{
    struct room_walk *walk = context;
    const struct endpointslice *slice = object;
    const struct catalog *catalog = store_catalog(walk->harness->store);
    walk->with_room += is_ours(walk->harness, slice) &&
                       same_kind(slice, walk->created, catalog_word(catalog, WORD_SERVICE_NAME)) &&
                       slice->endpoints.count < walk->harness->program.config.endpoints_per_slice_max;
    return true;
}

static void on_sync(void *self, const struct sync_end *sync)
{
    struct harness *harness = self;
    if (sync->controller != CONTROLLER_ENDPOINTSLICE)
        return;
    for (uint32_t i = 0; i < harness->created.count; i++) {
        struct room_walk walk = {harness, harness->created.items[i], 0};
        store_each(harness->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, count_room, &walk);
        harness->late += walk.with_room > 1;
    }
    vec_clear(&harness->created);
}

static void start(struct harness *harness, const struct program *program, enum packing_policy_kind policy,
    bool looks_at_all)
{
    *harness = (struct harness){.program = *program, .looks_at_all = looks_at_all};
    harness->program.config.packing_policy = policy;
    clock_init(&harness->clock, program->seed, 0);
    harness->store = store_create(&harness->clock, START_S);
    harness->engine = engine_create(harness->store, &harness->program.config);
    engine_observe(harness->engine,
        &(struct engine_observer){.self = harness, .on_write = on_write, .on_sync = on_sync});
    engine_start(harness->engine);
    harness->world = (struct program_world){
        .store = harness->store, .engine = harness->engine, .wild = program->wild, .uids = program->seed};
}

static void finish(struct harness *harness)
{
    vec_fini(&harness->created);
    text_fini(&harness->requests);
    engine_destroy(harness->engine);
    store_destroy(harness->store);
    clock_fini(&harness->clock);
}

/* --- what somebody else does to slices -------------------------------------------------------- */

struct pick {
    const struct endpointslice *slice;
    uint32_t left;
};

static bool pick_slice(void *context, const void *object)
{
    struct pick *pick = context;
    pick->slice = object;
    return pick->left-- > 0;
}

/* Deletes a slice, or takes every other endpoint out and turns the rest round. */
static void edit_slice(struct harness *harness, const struct program_event *event)
{
    uint32_t count = store_count(harness->store, OBJECT_ENDPOINTSLICE);
    if (count == 0)
        return;
    struct pick pick = {NULL, event->subject % count};
    store_each(harness->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, pick_slice, &pick);
    if (event->kind == PROGRAM_SLICE_DELETE) {
        engine_delete_endpointslice(harness->engine, pick.slice->meta.namespace, pick.slice->meta.name);
        return;
    }
    struct twin twin = {.catalog = store_catalog(harness->store)};
    struct endpointslice *copy = twin_copy_slice(&twin, pick.slice), *edited;
    edited = twin_copy_slice(&twin, pick.slice);
    for (uint32_t i = 0; i < edited->endpoints.count; i++)
        endpoint_unref(endpointslice_at(edited, i));
    vec_clear(&edited->endpoints);
    edited->endpoints_bytes = 0;
    for (uint32_t i = copy->endpoints.count; i > 0; i -= i > 1 ? 2 : 1)
        endpointslice_append(edited, endpoint_ref(endpointslice_at(copy, i - 1)));
    endpointslice_destroy(copy);
    engine_apply_endpointslice(harness->engine, edited);
}

/* --- running --------------------------------------------------------------------------------- */

static void run_event(void *subject, uint64_t argument)
{
    (void)argument;
    struct harness *harness = subject;
    switch (harness->event->kind) {
    case PROGRAM_SLICE_EDIT:
    case PROGRAM_SLICE_DELETE:
        if (harness->is_edited)
            edit_slice(harness, harness->event);
        break;
    case PROGRAM_ENDPOINTS_EDIT:
    case PROGRAM_ENDPOINTS_DELETE:
    case PROGRAM_SLICE_CREATE:
        break;
    default:
        program_apply(&harness->world, harness->event, NULL);
    }
    for (uint32_t i = 0; harness->looks_at_all && i < harness->engine->services.count; i++)
        harness->engine->services.items[i]->rescan[SYNC_SLICES] = true;
}

static void step(struct harness *harness, const struct program_event *event, sim_time now_ns)
{
    harness->event = event;
    text_clear(&harness->requests);
    clock_at(&harness->clock, now_ns, PHASE_SCENARIO, EVENT_USER, run_event, harness, 0);
    clock_run(&harness->clock, now_ns);
}

/* --- judging --------------------------------------------------------------------------------- */

/* What a Service's slices are, in one text, and what they list, as sorted lines. */
struct view {
    struct harness *harness;
    struct text slices;
    VEC(char *) lines;
    uint32_t too_long, mixed;
};

/* Without uids: these are drawn where slices' are, so they differ between policies. */
static void add_line(
    struct view *view, const struct endpointslice *slice, const struct endpoint *endpoint, sym service)
{
    const struct catalog *catalog = store_catalog(view->harness->store);
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    struct text line = {0};
    text_printf(&line, "%s/%s %s ", catalog_text(catalog, slice->meta.namespace),
        catalog_text(catalog, service), address_type_text(slice->address_type));
    for (uint32_t i = 0; i < slice->ports->count; i++)
        text_printf(&line, "%s:%d ", catalog_text(catalog, slice->ports->items[i].name),
            (int)slice->ports->items[i].number);
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++)
        text_printf(&line, "%s ", endpoint_address(catalog, endpoint, i, buffer, &length));
    text_printf(&line, "%s %d%d%d %s %s", target_name_here(endpoint_target(endpoint)),
        endpoint_ready(endpoint), endpoint_serving(endpoint), endpoint_terminating(endpoint),
        catalog_text(catalog, endpoint_node_name(endpoint)), catalog_text(catalog, endpoint_zone(endpoint)));
    vec_push(&view->lines, line.data);
}

static bool view_slice(void *context, const void *object)
{
    struct view *view = context;
    const struct endpointslice *slice = object;
    const struct catalog *catalog = store_catalog(view->harness->store);
    sym name = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(catalog, WORD_SERVICE_NAME), &name);
    const struct service *service = store_service(view->harness->store, slice->meta.namespace, name);
    /* Without a selector they are nobody's; of one that terminates nothing is created (S-64). */
    if (!is_ours(view->harness, slice) || !service || !service->selector ||
        service->type == SERVICE_EXTERNAL_NAME || service->meta.deletion_s != TIME_NONE)
        return true;
    struct endpointslice copy = *slice; /* shallow */
    copy.meta.uid = (struct uuid){{0}};
    copy.meta.resource_version = 0;
    kube_text_slice(&view->slices, catalog, &copy);
    view->too_long += slice->endpoints.count > view->harness->program.config.endpoints_per_slice_max;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        view->mixed += endpoint_zone(endpointslice_at(slice, i)) != endpoint_zone(endpointslice_at(slice, 0));
        add_line(view, slice, endpointslice_at(slice, i), name);
    }
    return true;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void look(struct harness *harness, struct view *view)
{
    *view = (struct view){.harness = harness};
    store_each(harness->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, view_slice, view);
    if (view->lines.count)
        qsort(view->lines.items, view->lines.count, sizeof *view->lines.items, compare_lines);
    text_add(&view->slices, "");
}

static void view_fini(struct view *view)
{
    for (uint32_t i = 0; i < view->lines.count; i++)
        free(view->lines.items[i]);
    vec_fini(&view->lines);
    text_fini(&view->slices);
}

static bool same_lines(const struct view *a, const struct view *b)
{
    if (a->lines.count != b->lines.count)
        return false;
    for (uint32_t i = 0; i < a->lines.count; i++) {
        if (strcmp(a->lines.items[i], b->lines.items[i]) != 0)
            return false;
    }
    return true;
}

static bool has_twice(const struct view *view)
{
    for (uint32_t i = 1; i < view->lines.count; i++) {
        if (strcmp(view->lines.items[i - 1], view->lines.items[i]) == 0)
            return true;
    }
    return false;
}

/* Slices of each port key against rebalance's limit, from the definition. */
static bool is_within_limit(const struct harness *harness)
{
    const struct engine_config *config = &harness->program.config;
    for (uint32_t s = 0; s < harness->engine->services.count; s++) {
        const struct service_entry *entry = harness->engine->services.items[s];
        bool is_kept = entry->service && entry->bucket && entry->service->type != SERVICE_EXTERNAL_NAME &&
                       entry->service->meta.deletion_s == TIME_NONE;
        for (uint32_t f = 0; is_kept && f < entry->family_count; f++) {
            for (uint32_t g = 0; g < entry->families[f].groups.count; g++) {
                const struct slice_group *group = entry->families[f].groups.items[g];
                uint64_t ideal = (group->endpoint_count + config->endpoints_per_slice_max - 1) /
                                 config->endpoints_per_slice_max;
                ideal = ideal ? ideal : 1;
                if (group->slices.count * UINT64_C(100) >
                    ideal * (100 + config->rebalance_slack_percent) + 99)
                    return false;
            }
        }
    }
    return true;
}

static const char *judge(
    struct harness *marked, struct harness *full, struct harness *upstream, enum packing_policy_kind policy)
{
    struct view of_marked, of_full, of_upstream;
    look(marked, &of_marked);
    look(full, &of_full);
    look(upstream, &of_upstream);
    text_add(&marked->requests, "");
    text_add(&full->requests, "");
    const char *problem = NULL;
    if (strcmp(of_marked.slices.data, of_full.slices.data) != 0)
        problem = "marked and full syncs come to different slices";
    else if (strcmp(marked->requests.data, full->requests.data) != 0)
        problem = "marked and full syncs send different requests";
    else if (has_twice(&of_marked))
        problem = "an endpoint is listed twice";
    else if (!marked->is_edited && !same_lines(&of_marked, &of_upstream))
        problem = "it lists other endpoints than upstream";
    else if (of_marked.too_long > 0)
        problem = "a slice is too long";
    else if (policy == PACKING_ONE_SLICE_PER_ZONE && of_marked.mixed > 0)
        problem = "zones are mixed in a slice";
    else if (policy == PACKING_REBALANCE && !is_within_limit(marked))
        problem = "there are more slices than the limit";
    else if (policy == PACKING_BEST_FIT_ALL && marked->late + full->late > 0)
        problem = "a slice was opened while another had room";
    view_fini(&of_marked);
    view_fini(&of_full);
    view_fini(&of_upstream);
    return problem;
}

static bool try_program(uint64_t seed, enum packing_policy_kind policy, uint32_t slack_percent)
{
    struct program program;
    program_create(&program, seed, EVENTS);
    program.config.rebalance_slack_percent = slack_percent;
    struct harness marked, full, upstream;
    start(&marked, &program, policy, false);
    start(&full, &program, policy, true);
    start(&upstream, &program, PACKING_UPSTREAM, false);
    marked.is_edited = full.is_edited = seed % 2;
    const char *problem = NULL;
    sim_time now_ns = 0;
    uint32_t i = 0;
    for (; i < program.count && !problem; i++) {
        now_ns += program.events[i].delay_ns;
        step(&marked, &program.events[i], now_ns);
        step(&full, &program.events[i], now_ns);
        step(&upstream, &program.events[i], now_ns);
        problem = judge(&marked, &full, &upstream, policy);
    }
    if (problem)
        printf("\npolicy %s, program %llu, event %u, slices of %u: %s\n%s--\n%s", packing_policy_text(policy),
            (unsigned long long)seed, i - 1, program.config.endpoints_per_slice_max, problem,
            marked.requests.data, full.requests.data);
    finish(&marked);
    finish(&full);
    finish(&upstream);
    program_destroy(&program);
    return !problem;
}

static void random_programs(void)
{
    static const uint32_t slacks[] = {0, 25, 100};
    uint32_t failed = 0, count = getenv("EPSIM_TEST_LONG") ? PROGRAMS * 50 : PROGRAMS;
    for (int policy = 0; policy < PACKING_POLICY_COUNT; policy++) {
        for (uint32_t i = 0; i < count && failed < 3; i++)
            failed += !try_program(suite_seed() + i, (enum packing_policy_kind)policy, slacks[i % 3]);
    }
    CU_ASSERT_EQUAL(failed, 0);
}

int main(void)
{
    static const struct suite_test tests[] = {{"random programs", random_programs}};
    return suite_main("policies", tests, sizeof tests / sizeof tests[0]);
}
