/*
 * engine_sequences_test.c: the engine against whole recorded histories of the real controllers.
 *
 * Eight histories of 150 steps from an empty cluster, watch event by watch event; the real controllers were
 * run 64 times on each.
 *
 * Pins: every Endpoints object after every step, byte for byte (trigger times included), the requests that
 * led to it, and how many syncs there were; for slices the histogram of outcomes (requests, and sizes by type
 * and ports) over as many runs; the mirroring controller's requests. Two batches of the real
 * controllers differ by 0.0105 on average, one that draws uniformly among equal candidates by 0.012 to 0.024.
 * Does not pin: how often the mirroring controller looked at Services with a selector, retries (the
 * recordings have none; they are put off here).
 */
#include "verify/golden.h"
#include "verify/kube_json.h"
#include "verify/kube_text.h"
#include "verify/measure.h"
#include "engine/engine_private.h"
#include "engine/repack.h"
#include "unit/suite.h"

#define GOLDEN "tests/conformance/golden/sequences.ndjson.gz"
#define DISTANCE_MAX 0.03
#define SERVICES_MAX 8
#define RUNS_MAX 64

/* --- a history --- */

/* Steps of one sequence, as read. */
struct history {
    VEC(json_t *) steps;
    uint32_t endpoints_per_slice_max, mirroring_endpoints_per_subset_max;
    uint32_t runs;
    char name[32];
};

/* Requests of one controller for one Service in one step. */
struct counts {
    uint32_t verbs[VERB_COUNT];
};

/* Outcomes of the slices of one Service in one step, one a run. */
struct outcomes {
    VEC(char *) items;
};

struct tally {
    uint32_t endpoints, failed, steps;
    double distance;
    uint32_t far;
};

/* One run of a history. */
struct replay {
    const struct history *history;
    struct clock clock;
    struct store *store;
    struct engine *engine;
    const json_t *step, *event;
    sym services[SERVICES_MAX];
    uint32_t service_count;
    struct counts counts[3][SERVICES_MAX]; /* by controller: Endpoints, slices, mirroring */
    uint64_t syncs_before;                 /* of the Endpoints controller */
};

static const char *get_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static uint32_t service_index(struct replay *replay, sym name)
{
    uint32_t i = 0;
    while (i < replay->service_count && replay->services[i] != name)
        i++;
    if (i == replay->service_count && i < SERVICES_MAX)
        replay->services[replay->service_count++] = name;
    return i;
}

static void on_write(void *self, const struct write *write)
{
    struct replay *replay = self;
    if (write->controller <= CONTROLLER_MIRRORING)
        replay->counts[write->controller][service_index(replay, write->service)].verbs[write->verb]++;
}

/* --- watch events --- */

static void deliver_service(struct replay *replay, const json_t *object, bool gone)
{
    struct catalog *catalog = store_catalog(replay->store);
    struct text problems = {0};
    struct service *service = kube_service(catalog, object, &problems);
    service_index(replay, service->meta.name);
    text_fini(&problems);
    if (gone)
        store_remove_service(replay->store, service->meta.namespace, service->meta.name);
    if (gone)
        service_unref(service);
    else
        store_put_service(replay->store, service);
}

static void deliver(void *subject, uint64_t argument)
{
    struct replay *replay = subject;
    struct catalog *catalog = store_catalog(replay->store);
    const json_t *event = json_array_get(json_object_get(replay->step, "watch"), argument);
    const json_t *object = json_object_get(event, "object");
    const char *kind = get_text(object, "kind");
    bool gone = strcmp(get_text(event, "type"), "DELETED") == 0;
    struct text problems = {0};
    if (strcmp(kind, "Service") == 0) {
        deliver_service(replay, object, gone);
    } else if (strcmp(kind, "Node") == 0) {
        struct node *node = kube_node(catalog, object, &problems);
        if (gone)
            store_remove_node(replay->store, node->meta.name);
        if (gone)
            node_unref(node);
        else
            store_put_node(replay->store, node);
    } else {
        struct pod *pod = kube_pod(catalog, object, &problems);
        if (gone)
            store_remove_pod(replay->store, pod->self->namespace, pod->self->name);
        if (gone)
            pod_unref(pod);
        else /* of another uid too: the recorded informer missed a deletion */
            store_replace_pod(replay->store, pod);
    }
    CU_ASSERT_EQUAL(problems.length, 0);
    text_fini(&problems);
}

/* --- what a step left: Endpoints --- */

static bool check_endpoints(struct replay *replay, const char *service, const json_t *want, struct text *why)
{
    struct catalog *catalog = store_catalog(replay->store);
    sym namespace = catalog_word(catalog, WORD_DEFAULT);
    const struct endpoints *object = store_endpoints(replay->store, namespace, catalog_sym(catalog, service));
    const json_t *wanted = json_object_get(want, "endpoints");
    if (!object || !json_is_object(wanted)) {
        if (!object == !json_is_object(wanted))
            return true;
        text_printf(why, "Endpoints: want %s, got %s\n", json_is_object(wanted) ? "one" : "none",
            object ? "one" : "none");
        return false;
    }
    struct endpoints view = *object;
    view.is_explicit = true;
    view.subsets = (struct subset_list){0};
    view.meta.uid = (struct uuid){{0}};
    view.meta.uid_text = SYM_EMPTY;
    view.meta.resource_version = 0;
    repack_view(catalog, object, ORDER_FNV128, &view.subsets);
    struct kube_write write = {.endpoints = &view};
    struct text got = {0};
    kube_text_endpoints(&got, catalog, &view);
    measure_write(catalog, &write);
    json_t *parsed = json_loads(got.data, JSON_ALLOW_NUL, NULL);
    bool same = json_equal(parsed, wanted);
    if (!same) {
        char *text = json_dumps(wanted, JSON_COMPACT);
        text_printf(why, "Endpoints:\n  want %s\n  got  %s\n", text, got.data);
        free(text);
    }
    uint64_t bytes = (uint64_t)json_integer_value(json_object_get(want, "endpointsProtobuf"));
    if (bytes != write.protobuf_bytes) {
        text_printf(why, "protobuf bytes: want %llu, got %llu\n", (unsigned long long)bytes,
            (unsigned long long)write.protobuf_bytes);
        same = false;
    }
    json_decref(parsed);
    text_fini(&got);
    subset_list_fini(&view.subsets);
    return same;
}

/* "create=.. update=.. noop=.. delete=.." */
static void add_counts(struct text *text, const struct counts *counts)
{
    text_printf(text, "create=%u update=%u noop=%u delete=%u", counts->verbs[VERB_CREATE],
        counts->verbs[VERB_UPDATE], counts->verbs[VERB_NOOP], counts->verbs[VERB_DELETE]);
}

/* Without "syncs=.. ", which is compared for all Services together. */
static const char *without_syncs(const char *text)
{
    const char *space = strchr(text, ' ');
    return space ? space + 1 : text;
}

static uint32_t syncs_of(const char *text)
{
    return (uint32_t)strtoul(text + strlen("syncs="), NULL, 10);
}

/* --- what a step left: slices --- */

struct size_group {
    char *key; /* "IPv4[http/8080/TCP]" */
    VEC(uint32_t) sizes;
};

struct slice_walk {
    struct replay *replay;
    sym service;
    VEC(struct size_group) groups;
};

static char *group_key(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct text text = {0};
    sym manager = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY), &manager);
    bool is_mirrored = manager == catalog_word(catalog, WORD_MIRRORING_CONTROLLER);
    text_printf(&text, "%s%s[", is_mirrored ? "mirrored:" : "", address_type_text(slice->address_type));
    for (uint32_t i = 0; i < slice->ports->count; i++) {
        const struct port *port = &slice->ports->items[i];
        text_printf(&text, "%s%s/%d/%s", i ? "," : "", catalog_text(catalog, port->name), port->number,
            catalog_text(catalog, port->protocol));
        if (port->set & PORT_APP_PROTOCOL)
            text_printf(&text, "/%s", catalog_text(catalog, port->app_protocol));
    }
    text_add(&text, "]");
    return text.data;
}

static bool visit_slice(void *context, const void *object)
{
    struct slice_walk *walk = context;
    const struct endpointslice *slice = object;
    struct catalog *catalog = store_catalog(walk->replay->store);
    sym label;
    if (!labels_get(slice->meta.labels, catalog_word(catalog, WORD_SERVICE_NAME), &label) ||
        label != walk->service)
        return true;
    char *key = group_key(catalog, slice);
    uint32_t g = 0;
    while (g < walk->groups.count && strcmp(walk->groups.items[g].key, key) != 0)
        g++;
    if (g == walk->groups.count)
        vec_push(&walk->groups, ((struct size_group){.key = key}));
    else
        free(key);
    vec_push(&walk->groups.items[g].sizes, slice->endpoints.count);
    return true;
}

static int compare_groups(const void *a, const void *b)
{
    return strcmp(((const struct size_group *)a)->key, ((const struct size_group *)b)->key);
}

static int compare_sizes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y); /* the largest first */
}

/* "create=.. update=.. noop=.. delete=.. | TYPE[PORTS]=[sizes] .." */
static char *make_outcome(struct replay *replay, uint32_t service)
{
    struct slice_walk walk = {.replay = replay, .service = replay->services[service]};
    store_each(replay->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, visit_slice, &walk);
    struct text text = {0};
    add_counts(&text, &replay->counts[CONTROLLER_ENDPOINTSLICE][service]);
    text_add(&text, " |");
    if (walk.groups.count == 0)
        text_add(&text, " ");
    if (walk.groups.count > 1)
        qsort(walk.groups.items, walk.groups.count, sizeof *walk.groups.items, compare_groups);
    for (uint32_t g = 0; g < walk.groups.count; g++) {
        struct size_group *group = &walk.groups.items[g];
        qsort(group->sizes.items, group->sizes.count, sizeof *group->sizes.items, compare_sizes);
        text_printf(&text, " %s=[", group->key);
        for (uint32_t i = 0; i < group->sizes.count; i++)
            text_printf(&text, "%s%u", i ? " " : "", group->sizes.items[i]);
        text_add(&text, "]");
        vec_fini(&group->sizes);
        free(group->key);
    }
    vec_fini(&walk.groups);
    return text.data;
}

/* Half the sum of absolute differences of the two histograms. */
static double distance(const json_t *want, uint32_t want_runs, const struct outcomes *got)
{
    double sum = 0, found = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)want, key, value)
    {
        uint32_t count = 0;
        for (uint32_t i = 0; i < got->items.count; i++)
            count += strcmp(without_syncs(key), got->items.items[i]) == 0;
        double share = (double)count / got->items.count;
        double difference = (double)json_integer_value(value) / want_runs - share;
        sum += difference < 0 ? -difference : difference;
        found += share;
    }
    return (sum + (1 - found)) / 2;
}

/* --- a run --- */

static struct replay *replay_create(const struct history *history, uint64_t seed)
{
    struct replay *replay = mem_zalloc(sizeof *replay);
    struct engine_config config = engine_config_default();
    config.endpoints_per_slice_max = history->endpoints_per_slice_max;
    config.mirroring_endpoints_per_subset_max = history->mirroring_endpoints_per_subset_max;
    const char *time = get_text(history->steps.items[0], "time");
    int64_t start_ns = 0;
    CU_ASSERT_TRUE(rfc3339_parse(time, strlen(time), &start_ns));
    replay->history = history;
    clock_init(&replay->clock, seed, 0);
    replay->store = store_create(&replay->clock, start_ns / NS_PER_S);
    replay->engine = engine_create(replay->store, &config);
    for (int c = 0; c < SYNC_COUNT; c++) { /* no retries within a history */
        replay->engine->queues[c].backoff_base_ns = INT64_C(1) << 60;
        replay->engine->queues[c].backoff_cap_ns = INT64_C(1) << 60;
    }
    replay->engine->mirroring_queue.backoff_base_ns = INT64_C(1) << 60;
    replay->engine->mirroring_queue.backoff_cap_ns = INT64_C(1) << 60;
    engine_observe(replay->engine, &(struct engine_observer){.self = replay, .on_write = on_write});
    engine_start(replay->engine);
    return replay;
}

static void replay_destroy(struct replay *replay)
{
    engine_destroy(replay->engine);
    store_destroy(replay->store);
    clock_fini(&replay->clock);
    free(replay);
}

static void replay_step(struct replay *replay, const json_t *step)
{
    const struct engine_totals *totals = engine_totals(replay->engine);
    const char *start = get_text(replay->history->steps.items[0], "time"), *time = get_text(step, "time");
    int64_t start_ns = 0, time_ns = 0;
    rfc3339_parse(start, strlen(start), &start_ns);
    rfc3339_parse(time, strlen(time), &time_ns);
    memset(replay->counts, 0, sizeof replay->counts);
    replay->step = step;
    replay->syncs_before = totals->syncs[CONTROLLER_ENDPOINTS];
    for (size_t i = 0; i < json_array_size(json_object_get(step, "watch")); i++) {
        clock_at(&replay->clock, time_ns - start_ns, PHASE_SCENARIO, EVENT_USER, deliver, replay, i);
        clock_run(&replay->clock, time_ns - start_ns);
    }
}

static void fail(
    struct tally *tally, const struct history *history, uint32_t step, const char *service, const char *why)
{
    if (tally->failed++ < 20)
        printf("\nFAIL %s step %u %s (%.160s)\n%.3000s", history->name, step, service,
            get_text(history->steps.items[step], "about"), why);
}

/* Endpoints and their requests: the same in every run, so looked at in one. */
static void check_step(struct replay *replay, uint32_t number, struct tally *tally)
{
    const json_t *step = replay->history->steps.items[number];
    const struct engine_totals *totals = engine_totals(replay->engine);
    uint64_t syncs = 0;
    const char *service;
    json_t *want;
    json_object_foreach(json_object_get(step, "want"), service, want)
    {
        struct text why = {0}, counts = {0};
        uint32_t index = service_index(replay, catalog_sym(store_catalog(replay->store), service));
        const char *requests = get_text(json_object_get(want, "requests"), "endpoints");
        bool same = check_endpoints(replay, service, want, &why);
        add_counts(&counts, &replay->counts[CONTROLLER_ENDPOINTS][index]);
        if (strcmp(counts.data, without_syncs(requests)) != 0) {
            text_printf(&why, "requests: want %s, got %s\n", without_syncs(requests), counts.data);
            same = false;
        }
        syncs += syncs_of(requests);
        const char *mirroring = get_text(json_object_get(want, "requests"), "endpointslicemirroring");
        text_clear(&counts);
        add_counts(&counts, &replay->counts[CONTROLLER_MIRRORING][index]);
        if (strcmp(counts.data, without_syncs(mirroring)) != 0) {
            text_printf(&why, "mirroring: want %s, got %s\n", without_syncs(mirroring), counts.data);
            same = false;
        }
        tally->endpoints++;
        if (!same)
            fail(tally, replay->history, number, service, why.data);
        text_fini(&why);
        text_fini(&counts);
    }
    uint64_t got = totals->syncs[CONTROLLER_ENDPOINTS] - replay->syncs_before;
    if (syncs != got) {
        char text[64];
        snprintf(text, sizeof text, "syncs: want %u, got %u\n", (unsigned)syncs, (unsigned)got);
        fail(tally, replay->history, number, "all", text);
    }
}

/* --- a history --- */

static void check_history(struct history *history, struct tally *tally)
{
    uint32_t steps = history->steps.count, cells = steps * SERVICES_MAX;
    struct outcomes *outcomes = mem_zalloc(cells * sizeof *outcomes);
    const char *names[SERVICES_MAX] = {0};
    for (uint32_t run = 0; run < history->runs; run++) {
        struct replay *replay = replay_create(history, run + 1);
        for (uint32_t s = 0; s < steps; s++) {
            replay_step(replay, history->steps.items[s]);
            if (run == 0)
                check_step(replay, s, tally);
            const char *service;
            json_t *want;
            json_object_foreach(json_object_get(history->steps.items[s], "want"), service, want)
            {
                uint32_t i = service_index(replay, catalog_sym(store_catalog(replay->store), service));
                names[i] = service;
                vec_push(&outcomes[s * SERVICES_MAX + i].items, make_outcome(replay, i));
            }
        }
        replay_destroy(replay);
    }
    for (uint32_t cell = 0; cell < cells; cell++) {
        uint32_t s = cell / SERVICES_MAX, i = cell % SERVICES_MAX;
        struct outcomes *got = &outcomes[cell];
        if (got->items.count > 0) {
            const json_t *want = json_object_get(
                json_object_get(json_object_get(history->steps.items[s], "want"), names[i]), "slices");
            double d = distance(want, history->runs, got);
            tally->distance += d;
            tally->steps++;
            if (d > 0.5 && tally->far++ < 10)
                printf("\nFAR  %s step %u %s (%.160s)\n  want %s\n  got  %s", history->name, s, names[i],
                    get_text(history->steps.items[s], "about"),
                    json_object_iter_key(json_object_iter((json_t *)want)), got->items.items[0]);
        }
        for (uint32_t k = 0; k < got->items.count; k++)
            free(got->items.items[k]);
        vec_fini(&got->items);
    }
    free(outcomes);
}

static void history_clear(struct history *history)
{
    for (uint32_t i = 0; i < history->steps.count; i++)
        json_decref(history->steps.items[i]);
    vec_clear(&history->steps);
}

static void sequences(void)
{
    struct tally tally = {0};
    struct history history = {0};
    struct golden_lines *lines = golden_open(GOLDEN);
    CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
    json_t *line;
    uint32_t count = 0;
    while ((line = golden_next(lines))) {
        count++;
        if (json_object_get(line, "want")) {
            vec_push(&history.steps, line);
            continue;
        }
        if (history.steps.count)
            check_history(&history, &tally);
        history_clear(&history);
        history.endpoints_per_slice_max = (uint32_t)json_integer_value(
            json_object_get(json_object_get(line, "config"), "maxEndpointsPerSlice"));
        history.mirroring_endpoints_per_subset_max = (uint32_t)json_integer_value(
            json_object_get(json_object_get(line, "config"), "mirroringMaxEndpointsPerSubset"));
        history.runs = (uint32_t)json_integer_value(json_object_get(line, "runs"));
        snprintf(history.name, sizeof history.name, "%s", get_text(line, "sequence"));
        json_decref(line);
    }
    CU_ASSERT_FALSE(golden_failed(lines));
    golden_close(lines);
    check_history(&history, &tally);
    history_clear(&history);
    vec_fini(&history.steps);
    double mean = tally.steps ? tally.distance / tally.steps : 1;
    printf("%u Endpoints after steps held, %u failed; slices: %u steps, mean distance %.4f, %u far ... ",
        tally.endpoints, tally.failed, tally.steps, mean, tally.far);
    CU_ASSERT_EQUAL(count, 1208);
    CU_ASSERT_EQUAL(tally.failed, 0);
    CU_ASSERT_EQUAL(tally.far, 0);
    CU_ASSERT_TRUE(mean <= DISTANCE_MAX);
}

int main(void)
{
    static const struct suite_test tests[] = {{"sequences", sequences}};
    return suite_main("engine_sequences", tests, sizeof tests / sizeof tests[0]);
}
