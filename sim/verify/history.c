/*
 * history.c: see history.h.
 */
#include "verify/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine_private.h"
#include "engine/repack.h"
#include "model/encode.h"
#include "verify/kube_inputs.h"
#include "verify/kube_json.h"
#include "verify/kube_text.h"
#include "verify/recording.h"

#define CONTROLLERS 3

/* A retry after so long never comes within a history: 36 years. */
#define NEVER_NS (INT64_C(1) << 60)

/* --- reading --- */

bool history_read_head(struct history *history, const json_t *head, struct text *message)
{
    *history = (struct history){0};
    const char *name = recording_text(head, "sequence");
    json_int_t runs = json_integer_value(json_object_get(head, "runs"));
    if (runs < 1 || runs > UINT32_MAX) {
        text_add(message, "\"runs\" must be a number of runs, at least 1");
        return false;
    }
    history->runs = (uint32_t)runs;
    if (!recording_config(&history->config, head, message))
        return false;
    history->name = mem_strndup(name, strlen(name));
    return true;
}

static int64_t step_time(const json_t *step)
{
    struct text ignored = {0};
    int64_t ns = 0;
    recording_time(step, "time", &ns, &ignored);
    text_fini(&ignored);
    return ns;
}

static bool step_is_good(const struct history *history, const json_t *step, struct text *message)
{
    int64_t ns;
    if (!recording_time(step, "time", &ns, message))
        return false;
    if (history->steps.count && ns < step_time(vec_last(&history->steps))) {
        text_add(message, "\"time\" is before that of the last step");
        return false;
    }
    if (ns > INT64_MAX / 2) {
        text_add(message, "\"time\" is too late");
        return false;
    }
    if (!json_is_integer(json_object_get(step, "step"))) {
        text_add(message, "\"step\" must be a number");
        return false;
    }
    return true;
}

bool history_add_step(struct history *history, json_t *step, uint32_t line, struct text *message)
{
    bool good = step_is_good(history, step, message);
    if (good) {
        vec_push(&history->steps, step);
        vec_push(&history->lines, line);
    } else {
        json_decref(step);
    }
    return good;
}

void history_fini(struct history *history)
{
    for (uint32_t i = 0; i < history->steps.count; i++)
        json_decref(history->steps.items[i]);
    vec_fini(&history->steps);
    vec_fini(&history->lines);
    free(history->name);
    *history = (struct history){0};
}

/* --- a run --- */

/* What the controllers did for one Service in the present step. */
struct service_counts {
    sym namespace, name;
    uint32_t syncs[CONTROLLERS];
    uint32_t writes[CONTROLLERS][VERB_COUNT];
};

struct history_run {
    const struct history *history;
    struct clock clock;
    struct store *store;
    struct engine *engine;
    struct catalog *catalog;
    int64_t start_ns; /* calendar time of the clock's 0 */
    uint32_t step;    /* the next one */
    VEC(struct service_counts) services;
    struct text problems;
    struct text endpoints, endpoints_requests, mirroring_requests, slices; /* of the last outcome */
};

static struct service_counts *counts_of(struct history_run *run, sym namespace, sym name)
{
    for (uint32_t i = 0; i < run->services.count; i++) {
        struct service_counts *counts = &run->services.items[i];
        if (counts->name == name && counts->namespace == namespace)
            return counts;
    }
    vec_push(&run->services, ((struct service_counts){.namespace = namespace, .name = name}));
    return &vec_last(&run->services);
}

static void on_write(void *self, const struct write *write)
{
    if (write->controller < CONTROLLERS)
        counts_of(self, write->namespace, write->service)->writes[write->controller][write->verb]++;
}

static void on_sync(void *self, const struct sync_end *sync)
{
    if (sync->controller < CONTROLLERS)
        counts_of(self, sync->namespace, sync->name)->syncs[sync->controller]++;
}

struct history_run *history_run_create(const struct history *history, enum choice_mode mode, uint64_t seed)
{
    struct history_run *run = mem_zalloc(sizeof *run);
    struct engine_config config = history->config;
    config.choices = mode;
    int64_t start_s = history->steps.count ? step_time(history->steps.items[0]) / NS_PER_S : 0;
    run->history = history;
    run->start_ns = start_s * NS_PER_S;
    clock_init(&run->clock, seed, 0);
    run->store = store_create(&run->clock, start_s);
    run->catalog = store_catalog(run->store);
    run->engine = engine_create(run->store, &config);
    run->engine->mirrors_idly = true;
    for (int c = 0; c < SYNC_COUNT; c++)
        run->engine->queues[c].backoff_base_ns = run->engine->queues[c].backoff_cap_ns = NEVER_NS;
    run->engine->mirroring_queue.backoff_base_ns = run->engine->mirroring_queue.backoff_cap_ns = NEVER_NS;
    engine_observe(
        run->engine, &(struct engine_observer){.self = run, .on_write = on_write, .on_sync = on_sync});
    engine_start(run->engine);
    return run;
}

void history_run_destroy(struct history_run *run)
{
    if (!run)
        return;
    engine_destroy(run->engine);
    store_destroy(run->store);
    clock_fini(&run->clock);
    vec_fini(&run->services);
    text_fini(&run->problems);
    text_fini(&run->endpoints);
    text_fini(&run->endpoints_requests);
    text_fini(&run->mirroring_requests);
    text_fini(&run->slices);
    free(run);
}

const char *history_run_problems(const struct history_run *run)
{
    return run->problems.length ? run->problems.data : "";
}

/* --- watch events --- */

static void deliver_service(struct history_run *run, const json_t *object, bool is_gone)
{
    struct service *service = kube_service(run->catalog, object, &run->problems);
    counts_of(run, service->meta.namespace, service->meta.name);
    if (!is_gone) {
        store_put_service(run->store, service);
        return;
    }
    store_remove_service(run->store, service->meta.namespace, service->meta.name);
    service_unref(service);
}

static void deliver_node(struct history_run *run, const json_t *object, bool is_gone)
{
    struct node *node = kube_node(run->catalog, object, &run->problems);
    node->meta.namespace = SYM_EMPTY;
    if (!is_gone) {
        store_put_node(run->store, node);
        return;
    }
    store_remove_node(run->store, node->meta.name);
    node_unref(node);
}

static void deliver_pod(struct history_run *run, const json_t *object, bool is_gone)
{
    struct pod *pod = kube_pod(run->catalog, object, &run->problems);
    if (!is_gone) { /* of another uid too: the recorded informer missed a deletion */
        store_replace_pod(run->store, pod);
        return;
    }
    store_remove_pod_of(run->store, pod_self(pod));
    pod_unref(pod);
}

static void deliver(void *subject, uint64_t argument)
{
    struct history_run *run = subject;
    const json_t *step = run->history->steps.items[run->step];
    const json_t *event = json_array_get(json_object_get(step, "watch"), argument);
    const json_t *object = json_object_get(event, "object");
    const char *kind = recording_text(object, "kind");
    bool is_gone = strcmp(recording_text(event, "type"), "DELETED") == 0;
    if (!recording_has_name(object, strcmp(kind, "Node") != 0, "watch", &run->problems))
        return;
    if (strcmp(kind, "Service") == 0)
        deliver_service(run, object, is_gone);
    else if (strcmp(kind, "Node") == 0)
        deliver_node(run, object, is_gone);
    else if (strcmp(kind, "Pod") == 0)
        deliver_pod(run, object, is_gone);
    else
        text_printf(&run->problems, "watch[%u]: expected a Service, a Pod or a Node, got \"%.40s\"\n",
            (unsigned)argument, kind);
}

void history_run_step(struct history_run *run)
{
    const json_t *step = run->history->steps.items[run->step];
    int64_t at_ns = step_time(step) - run->start_ns;
    for (uint32_t i = 0; i < run->services.count; i++) {
        struct service_counts *counts = &run->services.items[i];
        *counts = (struct service_counts){.namespace = counts->namespace, .name = counts->name};
    }
    /* Everything that one event causes is finished before the next is delivered. */
    for (size_t i = 0; i < json_array_size(json_object_get(step, "watch")); i++) {
        clock_at(&run->clock, at_ns, PHASE_SCENARIO, EVENT_USER, deliver, run, i);
        clock_run(&run->clock, at_ns);
    }
    run->step++;
}

/* --- what a step left --- */

static void add_requests(struct text *text, const struct service_counts *counts, enum controller controller)
{
    const uint32_t *writes = counts->writes[controller];
    text_printf(text, "syncs=%u create=%u update=%u noop=%u delete=%u", counts->syncs[controller],
        writes[VERB_CREATE], writes[VERB_UPDATE], writes[VERB_NOOP], writes[VERB_DELETE]);
}

/* Leaves the text empty when there is no object. */
static uint64_t add_endpoints(struct history_run *run, const struct service_counts *counts)
{
    const struct endpoints *object = store_endpoints(run->store, counts->namespace, counts->name);
    if (!object)
        return 0;
    struct endpoints view = *object; /* shallow */
    view.is_explicit = true;
    view.subsets = (struct subset_list){0};
    view.meta.uid = (struct uuid){{0}};
    view.meta.uid_text = SYM_EMPTY;
    view.meta.resource_version = 0;
    repack_view(run->catalog, object, run->engine->order, &view.subsets);
    kube_text_endpoints(&run->endpoints, run->catalog, &view);
    struct text protobuf = {0};
    encode_endpoints(run->catalog, &view, &view.subsets, NULL, &protobuf);
    uint64_t bytes = protobuf.length;
    text_fini(&protobuf);
    subset_list_fini(&view.subsets);
    return bytes;
}

/* Slices of one address type, ports and manager. */
struct size_group {
    char *key; /* "IPv4[http/8080/TCP]", "mirrored:IPv4[]" */
    VEC(uint32_t) sizes;
};

struct slice_walk {
    const struct history_run *run;
    const struct service_counts *counts;
    VEC(struct size_group) groups;
};

static char *group_key(struct catalog *catalog, const struct endpointslice *slice)
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
    struct catalog *catalog = walk->run->catalog;
    sym label;
    if (!labels_get(slice->meta.labels, catalog_word(catalog, WORD_SERVICE_NAME), &label) ||
        label != walk->counts->name)
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

static void add_slices(struct history_run *run, const struct service_counts *counts, struct text *text)
{
    struct slice_walk walk = {.run = run, .counts = counts};
    store_each(run->store, OBJECT_ENDPOINTSLICE, counts->namespace, visit_slice, &walk);
    add_requests(text, counts, CONTROLLER_ENDPOINTSLICE);
    text_add(text, " |");
    text_add(text, walk.groups.count == 0 ? " " : "");
    if (walk.groups.count > 1)
        qsort(walk.groups.items, walk.groups.count, sizeof *walk.groups.items, compare_groups);
    for (uint32_t g = 0; g < walk.groups.count; g++) {
        struct size_group *group = &walk.groups.items[g];
        qsort(group->sizes.items, group->sizes.count, sizeof *group->sizes.items, compare_sizes);
        text_printf(text, " %s=[", group->key);
        for (uint32_t i = 0; i < group->sizes.count; i++)
            text_printf(text, "%s%u", i ? " " : "", group->sizes.items[i]);
        text_add(text, "]");
        vec_fini(&group->sizes);
        free(group->key);
    }
    vec_fini(&walk.groups);
}

/* Recordings name Services without their namespace: the first that was seen under the name. */
static struct service_counts *find_service(struct history_run *run, const char *name)
{
    sym symbol = catalog_sym(run->catalog, name);
    for (uint32_t i = 0; i < run->services.count; i++) {
        if (run->services.items[i].name == symbol)
            return &run->services.items[i];
    }
    return counts_of(run, catalog_word(run->catalog, WORD_DEFAULT), symbol);
}

void history_run_outcome(struct history_run *run, const char *service, struct history_outcome *out)
{
    const struct service_counts *counts = find_service(run, service);
    text_clear(&run->endpoints);
    text_clear(&run->endpoints_requests);
    text_clear(&run->mirroring_requests);
    text_clear(&run->slices);
    uint64_t bytes = add_endpoints(run, counts);
    add_requests(&run->endpoints_requests, counts, CONTROLLER_ENDPOINTS);
    add_requests(&run->mirroring_requests, counts, CONTROLLER_MIRRORING);
    add_slices(run, counts, &run->slices);
    *out = (struct history_outcome){
        .service = service,
        .endpoints_json = run->endpoints.length ? run->endpoints.data : NULL,
        .endpoints_bytes = bytes,
        .endpoints_requests = run->endpoints_requests.data,
        .mirroring_requests = run->mirroring_requests.data,
        .slices = run->slices.data,
    };
}
