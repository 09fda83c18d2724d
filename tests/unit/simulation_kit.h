/*
 * simulation_kit.h: what the tests of the playing half of scenario/ share: a scenario from a text, run up
 * to a time, and what its pods did, as text.
 */
#ifndef EPSIM_TESTS_UNIT_SIMULATION_KIT_H
#define EPSIM_TESTS_UNIT_SIMULATION_KIT_H

#include "suite.h"

#include "base/text.h"
#include "model/store.h"
#include "simulation/simulation.h"

struct run {
    struct scenario *scenario;
    struct simulation *simulation;
    struct store *store;
    struct text log; /* a line a change of a pod, as watchers see it: "20s ~web-0 10.244.0.2 Running ready" */
    struct text view; /* scratch of run_pods and run_pod */
    bool quiet;       /* no log */
    /* Called at each change of a pod, after the log line; may be NULL. */
    void (*watch)(struct run *run, const struct change *change);
    void *context;
};

static inline void kit_pod_line(struct text *out, const struct pod *pod)
{
    static const char *const phases[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    text_add(out, target_name_here(pod_self(pod)));
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        char ip[IP_TEXT_MAX];
        ip_format(pod_ip(pod, i), ip);
        text_printf(out, " %s", ip);
    }
    text_printf(out, " %s", phases[pod->phase]);
    if (pod_is_ready(pod))
        text_add(out, " ready");
    if (pod_is_terminating(pod))
        text_add(out, " terminating");
}

static inline void kit_on_change(void *watcher, const struct change *change)
{
    struct run *run = watcher;
    if (change->kind != OBJECT_POD)
        return;
    if (!run->quiet) {
        text_add_duration(&run->log, clock_now(simulation_clock(run->simulation)));
        text_add(&run->log, !change->old ? " +" : !change->now ? " -" : " ~");
        kit_pod_line(&run->log, change->now ? change->now : change->old);
        text_add_char(&run->log, '\n');
    }
    if (run->watch)
        run->watch(run, change);
}

/* The scenario must be good; the run has not started. */
static inline struct run *run_create(const char *yaml, uint64_t seed)
{
    struct run *run = calloc(1, sizeof *run);
    struct scenario_input input = {.path = "test.yaml", .text = yaml, .text_length = strlen(yaml)};
    enum status status = scenario_load(&input, 1, NULL, 0, &run->scenario);
    if (status != STATUS_OK)
        diag_print(run->scenario->diag, stderr, true);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    run->simulation = simulation_create(run->scenario, seed, 0);
    run->store = simulation_store(run->simulation);
    store_watch(run->store, kit_on_change, run);
    text_add(&run->log, "");
    return run;
}

static inline struct run *run_begin(const char *yaml)
{
    struct run *run = run_create(yaml, 1);
    simulation_start(run->simulation);
    return run;
}

static inline void run_end(struct run *run)
{
    simulation_destroy(run->simulation);
    scenario_destroy(run->scenario);
    text_fini(&run->log);
    text_fini(&run->view);
    free(run);
}

static inline enum status run_until(struct run *run, const char *time)
{
    int64_t ns = 0;
    CU_ASSERT_FATAL(duration_parse(time, strlen(time), &ns));
    return simulation_run_until(run->simulation, ns, NULL, NULL, NULL);
}

/* Up to the time, which must succeed; the log begins anew. */
static inline void run_to(struct run *run, const char *time)
{
    text_clear(&run->log);
    text_add(&run->log, "");
    enum status status = run_until(run, time);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", simulation_failure(run->simulation, NULL));
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
}

/* The run must fail at some time up to `time`, at `line` of the text, with `message` somewhere. */
static inline void run_fails(struct run *run, const char *time, uint32_t line, const char *message)
{
    struct position at = {0};
    CU_ASSERT_EQUAL(run_until(run, time), STATUS_FAILED);
    const char *got = simulation_failure(run->simulation, &at);
    if (at.line != line || !strstr(got, message))
        fprintf(stderr, "failed at line %u: %s\n", at.line, got);
    CU_ASSERT_EQUAL(at.line, line);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, message));
}

static inline sym run_sym(struct run *run, const char *text)
{
    return catalog_sym(store_catalog(run->store), text);
}

static inline const struct pod *run_find(struct run *run, const char *name)
{
    return store_pod(run->store, run_sym(run, "default"), name);
}

/* The pod's line without its name, or "none". */
static inline const char *run_pod(struct run *run, const char *name)
{
    const struct pod *pod = run_find(run, name);
    text_clear(&run->view);
    if (!pod)
        return "none";
    kit_pod_line(&run->view, pod);
    return run->view.data + strlen(name) + 1;
}

static inline bool kit_list(void *context, const void *object)
{
    struct run *run = context;
    kit_pod_line(&run->view, object);
    text_add_char(&run->view, '\n');
    return true;
}

/* Every pod, a line each, in the order of creation. */
static inline const char *run_pods(struct run *run)
{
    text_clear(&run->view);
    text_add(&run->view, "");
    store_each(run->store, OBJECT_POD, SYM_EMPTY, kit_list, run);
    return run->view.data;
}

/* Pods in the order of creation, as they are now. */
struct pod_list {
    const struct pod *items[4096];
    uint32_t count;
};

static inline bool kit_collect(void *context, const void *object)
{
    struct pod_list *list = context;
    if (list->count < sizeof list->items / sizeof list->items[0])
        list->items[list->count++] = object;
    return true;
}

static inline void run_list(struct run *run, struct pod_list *list)
{
    list->count = 0;
    store_each(run->store, OBJECT_POD, SYM_EMPTY, kit_collect, list);
}

static inline void kit_assert_text(const char *got, const char *wanted, const char *file, int line)
{
    if (strcmp(got, wanted) != 0)
        fprintf(stderr, "%s:%d: got\n%s\nwanted\n%s\n", file, line, got, wanted);
    CU_ASSERT_STRING_EQUAL(got, wanted);
}
#define ASSERT_TEXT(got, wanted) kit_assert_text((got), (wanted), __FILE__, __LINE__)

/* Pieces of scenarios. Lines are counted in the texts of tests that look at positions. */
#define SERVICE_WEB \
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: " \
    "80}]}}\n" \
    "---\n"
#define DEPLOYMENT_WEB(replicas) \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: " #replicas "\n" \
    "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n"
#define SCENARIO(spec) "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: test}\nspec:\n" spec

#endif
