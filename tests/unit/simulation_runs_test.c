/*
 * simulation_runs_test.c: whole runs: determinism, runs in pieces, interruption, where a run ends; and random
 * scenarios of everything at once, which must end in a state that adds up.
 */
#include "simulation_kit.h"

#include "engine/engine_private.h"

/* --- random scenarios ------------------------------------------------------------------------------- */

#define EVENTS 120

static const char *const apps[] = {"web", "api", "rs", "db", "par", "agent"};

static uint32_t pick(uint64_t *seed, uint32_t count)
{
    return suite_below(seed, count);
}

/* One of the pods that may be there. */
static void add_pod(struct text *out, uint64_t *seed)
{
    if (pick(seed, 10) == 0)
        text_printf(out, "pod/solo-%u", pick(seed, 6));
    else
        text_printf(out, "pod/%s-%u", apps[pick(seed, 6)], pick(seed, 14));
}

#define SPEC(kind, name, labels, more) \
    "{apiVersion: apps/v1, kind: " kind ", metadata: {name: " name \
    "}, spec: {selector: {matchLabels: {app: " name "}}, template: {metadata: {labels: {app: " labels \
    "}}}" more "}}"
#define WORKLOAD(kind, name, more) SPEC(kind, name, name, more) "\n---\n"
#define PAR \
    SPEC("StatefulSet", "par", "par", ", replicas: 3, serviceName: par, podManagementPolicy: Parallel")
#define NODE_4 "{apiVersion: v1, kind: Node, metadata: {name: node-4}}"

static void add_event(struct text *out, uint64_t *seed, uint32_t at_ms)
{
    static const char *const scaled[] = {
        "deployment/web", "deployment/api", "replicaset/rs", "statefulset/db", "statefulset/par"};
    static const char *const rolled[] = {
        "deployment/web", "deployment/api", "daemonset/agent", "statefulset/db", "statefulset/par"};
    static const char *const labelled[] = {"web", "api", "rs", "agent"};
    static const char *const verbs[] = {"delete", "fail", "unready", "ready", "restart", "readdress"};
    text_printf(out, "  - {at: %ums, ", at_ms);
    switch (pick(seed, 18)) {
    case 0:
    case 1:
        text_printf(out, "scale: %s, replicas: %u, ifPresent: true}\n", scaled[pick(seed, 5)], pick(seed, 9));
        return;
    case 2:
    case 3:
        text_printf(out, "rollout: %s, ifPresent: true}\n", rolled[pick(seed, 5)]);
        return;
    case 4:
        /* Not of StatefulSets: what they release keeps its name, and they wait for it. */
        text_printf(out, "label: pod/%s-%u, labels: {app: %s}, ifPresent: true}\n", labelled[pick(seed, 4)],
            pick(seed, 14), pick(seed, 2) ? "gone" : "web");
        return;
    case 5:
        text_printf(out, "%s: node/node-%u, ifPresent: true}\n", pick(seed, 2) ? "fail" : "recover",
            1 + pick(seed, 4));
        return;
    case 6:
        text_printf(out, "delete: ");
        add_pod(out, seed);
        text_printf(out, ", grace: %us, ifPresent: true}\n", pick(seed, 3));
        return;
    case 7:
        text_printf(out, "churn: %s, rate: 0.3/s, for: 20s, ifPresent: true}\n", scaled[pick(seed, 5)]);
        return;
    case 8:
        text_printf(out, "delete: node/node-4, ifPresent: true}\n");
        return;
    case 9:
        text_printf(out, "apply: " NODE_4 "}\n");
        return;
    case 10:
        text_printf(
            out, "delete: %s, ifPresent: true}\n", pick(seed, 3) ? "deployment/web" : "statefulset/par");
        return;
    case 11:
        if (pick(seed, 3))
            text_printf(out, "apply: " SPEC("Deployment", "web", "web, version: %c", ", replicas: %u") "}\n",
                'a' + (char)pick(seed, 3), 1 + pick(seed, 8));
        else
            text_printf(out, "apply: " PAR "}\n");
        return;
    default:
        break;
    }
    text_printf(out, "%s: ", verbs[pick(seed, 6)]);
    add_pod(out, seed);
    text_add(out, ", ifPresent: true}\n");
}

static void make_scenario(struct text *out, uint64_t *seed)
{
    static const char *const delays[] = {"{}", "{start: 1s, ready: 2s, stop: 3s}", "{stop: 2s}",
        "{ready: 5s}",
        "{start: {uniform: {min: 0s, max: 3s}}, ready: {exponential: {mean: 2s}}, stop: 2500ms}"};
    text_clear(out);
    text_add(out, SERVICE_WEB);
    text_add(out, "{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}, "
                  "ports: [{port: 1}]}}\n---\n"
                  "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {clusterIP: None, selector: "
                  "{app: db}, ports: "
                  "[{port: 1}]}}\n---\n");
    text_add(out, WORKLOAD("Deployment", "web", ", replicas: 5"));
    text_add(
        out, WORKLOAD("Deployment", "api", ", replicas: 3, minReadySeconds: 1, strategy: {type: Recreate}"));
    text_add(out, WORKLOAD("ReplicaSet", "rs", ", replicas: 4"));
    text_add(out, WORKLOAD("StatefulSet", "db", ", replicas: 3, serviceName: db"));
    text_add(out, PAR "\n---\n");
    text_add(out, WORKLOAD("DaemonSet", "agent",
                      ", updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 2}}"));
    text_printf(out, SCENARIO("  nodes: {count: 4}\n  pods: %s\n  events:\n"), delays[pick(seed, 5)]);
    uint32_t at_ms = 0;
    for (uint32_t i = 0; i < 6; i++)
        text_printf(out, "  - {at: 100ms, create: pod/solo-%u, labels: {app: web}}\n", i);
    for (uint32_t i = 0; i < EVENTS; i++) {
        /* Many events share an instant. */
        at_ms += pick(seed, 3) ? 500 * pick(seed, 9) : 0;
        add_event(out, seed, at_ms + 100);
    }
    /* In the end everybody is there and may recover. */
    text_printf(out, "  - {at: 90m, apply: " NODE_4 "}\n"
                     "  - {at: 90m, apply: " SPEC(
                         "Deployment", "web", "web", ", replicas: 5") "}\n"
                                                                      "  - {at: 90m, apply: " PAR "}\n");
    for (uint32_t i = 1; i <= 4; i++)
        text_printf(out, "  - {at: 2h, recover: node/node-%u}\n", i);
    for (uint32_t i = 0; i < 6 * 80; i++)
        text_printf(out, "  - {at: 2h, ready: pod/%s-%u, ifPresent: true}\n", apps[i % 6], i / 6);
    text_printf(out, "  - {at: 3h, scale: deployment/web, replicas: 7}\n"
                     "  - {at: 3h, scale: deployment/api, replicas: 2}\n"
                     "  - {at: 3h, scale: replicaset/rs, replicas: 3}\n"
                     "  - {at: 3h, scale: statefulset/db, replicas: 4}\n"
                     "  - {at: 3h, scale: statefulset/par, replicas: 2}\n");
}

/* At the end: workloads have what they want, addresses are unique, the engine counts what there is. */
static void check_end(struct run *run)
{
    static struct pod_list list;
    static const uint32_t wanted[] = {7, 2, 3, 4, 2, 4};
    uint32_t owned[6] = {0}, selected_web = 0, ready_web = 0;
    struct catalog *catalog = store_catalog(run->store);
    run_list(run, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct pod *pod = list.items[i];
        sym value;
        bool is_live = pod->phase != POD_FAILED && !pod_is_terminating(pod);
        const char *app = labels_get(pod_labels(pod), catalog_sym(catalog, "app"), &value)
                              ? catalog_text(catalog, value)
                              : "";
        for (uint32_t k = 0; k < 6; k++)
            owned[k] += is_live && pod_owner(pod) && !strcmp(app, apps[k]);
        selected_web += !strcmp(app, "web");
        ready_web += !strcmp(app, "web") && pod_is_ready(pod) && !pod_is_terminating(pod);
        CU_ASSERT_FALSE(pod_is_terminating(pod));
        CU_ASSERT_TRUE(pod->phase == POD_RUNNING || pod->phase == POD_FAILED);
        for (uint32_t k = 0; k < i; k++) {
            if (is_live && list.items[k]->phase == POD_RUNNING) {
                CU_ASSERT_FALSE(ip_equal(pod_ip(pod, 0), pod_ip(list.items[k], 0)));
            }
        }
    }
    for (uint32_t k = 0; k < 6; k++) {
        if (owned[k] != wanted[k])
            fprintf(stderr, "%s has %u pods, not %u:\n%s\n", apps[k], owned[k], wanted[k], run_pods(run));
        CU_ASSERT_EQUAL(owned[k], wanted[k]);
    }
    struct service_state state = {0};
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, "web"), &state));
    CU_ASSERT_EQUAL(state.pods, selected_web);
    CU_ASSERT_EQUAL(state.ready, ready_web);
}

static void test_random_scenarios(void)
{
    uint64_t seed = suite_seed();
    struct text yaml = {0};
    for (uint32_t round = 0; round < 40; round++) {
        make_scenario(&yaml, &seed);
        uint32_t before = CU_get_number_of_failures();
        struct run *run = run_begin(yaml.data);
        run_to(run, "4h");
        check_end(run);
        uint64_t digest = digest_value(&simulation_clock(run->simulation)->digest);
        uint64_t events = clock_event_count(simulation_clock(run->simulation));
        run_end(run);
        /* Once more, in pieces, with a log and a watcher. */
        run = run_begin(yaml.data);
        for (uint32_t ms = 1; ms < 500000; ms += 1 + pick(&seed, 20000))
            CU_ASSERT_EQUAL_FATAL(
                simulation_run_until(run->simulation, ms * NS_PER_MS, NULL, NULL, NULL), STATUS_OK);
        run_to(run, "4h");
        CU_ASSERT_EQUAL(digest_value(&simulation_clock(run->simulation)->digest), digest);
        CU_ASSERT_EQUAL(clock_event_count(simulation_clock(run->simulation)), events);
        run_end(run);
        if (CU_get_number_of_failures() != before) {
            fprintf(stderr, "round %u:\n%s\n", round, yaml.data);
            break;
        }
    }
    text_fini(&yaml);
}

/* --- determinism ------------------------------------------------------------------------------------ */

static uint64_t digest_of(const char *yaml, uint64_t seed)
{
    struct run *run = run_create(yaml, seed);
    simulation_start(run->simulation);
    run_to(run, "1h");
    uint64_t digest = digest_value(&simulation_clock(run->simulation)->digest);
    run_end(run);
    return digest;
}

static void test_digests(void)
{
    static const char *const yaml = SERVICE_WEB DEPLOYMENT_WEB(20)
        SCENARIO("  pods: {start: {exponential: {mean: 2s}}}\n"
                 "  events:\n"
                 "  - {at: 10s, churn: deployment/web, rate: 1/s, for: 100s}\n");
    CU_ASSERT_EQUAL(digest_of(yaml, 1), digest_of(yaml, 1));
    CU_ASSERT_NOT_EQUAL(digest_of(yaml, 1), digest_of(yaml, 2));
}

/* The same from how many pods on ever events are foreseen (engine/foresight.h). */
static uint64_t foreseen_digest_of(const char *yaml, uint32_t pods_min)
{
    struct run *run = run_create(yaml, 1);
    engine_foresee_from(simulation_engine(run->simulation), pods_min);
    simulation_start(run->simulation);
    run_to(run, "1h");
    uint64_t digest = digest_value(&simulation_clock(run->simulation)->digest);
    CU_ASSERT_EQUAL(engine_foresees(simulation_engine(run->simulation)), pods_min == 0);
    run_end(run);
    return digest;
}

static void test_foresight(void)
{
    struct text yaml = {0};
    text_add(&yaml, SERVICE_WEB DEPLOYMENT_WEB(20)
                        SCENARIO("  pods: {start: 1s, ready: 1s}\n"
                                 "  events:\n"
                                 "  - {at: 10s, churn: deployment/web, rate: 1/s, "
                                 "for: 100s}\n"
                                 "  - {at: 20s, fail: pod/row-20}\n"
                                 "  - {at: 21s, unready: pod/row-9, ifPresent: true}\n"
                                 "  - {at: 22s, delete: pod/row-9, ifPresent: true}\n"
                                 "  - {at: 30s, label: pod/web-3, labels: {app: x}}\n"
                                 "  - {at: 31s, delete: pod/web-4}\n"
                                 "  - {at: 32s, scale: deployment/web, replicas: 25}\n"
                                 "  - {at: 33s, unready: pod/web-21, ifPresent: true}\n"
                                 "  - {at: 33s, label: pod/web-22, labels: {app: y}, ifPresent: true}\n"
                                 "  - {at: 34s, apply: [{apiVersion: v1, kind: Service, metadata: {name: "
                                 "more}, spec: {selector: {app: x}, ports: [{port: 80}]}}]}\n"
                                 "  - {at: 35s, delete: pod/web-23, ifPresent: true}\n"
                                 "  - replay:\n"
                                 "      pods: |\n"
                                 "        service pod create delete\n"));
    for (int i = 0; i < 60; i++)
        text_printf(&yaml, "        web row-%d %d %d\n", i, i / 2, i / 2 + 10 + i % 7);
    CU_ASSERT_EQUAL(foreseen_digest_of(yaml.data, 0), foreseen_digest_of(yaml.data, UINT32_MAX));
    text_fini(&yaml);
}

/* Changes of pods that were there: how many, and how many of them were foreseen lately. */
struct foreseen_count {
    uint32_t all, foreseen;
};

static void count_foreseen(struct run *run, const struct change *change)
{
    struct foreseen_count *count = run->context;
    if (!change->old)
        return;
    const struct target *self = pod_self(change->old);
    uint64_t key = store_pod_key(self->namespace, target_name_hash(self));
    const struct foresight *foresight = &simulation_engine(run->simulation)->foresight;
    count->all++;
    count->foreseen += foresight->recent[key % FORESIGHT_RECENT] == key;
}

static void check_pending_are_foreseen(const char *pods, const char *churns, uint32_t least_percent)
{
    struct text yaml = {0};
    text_printf(&yaml, SERVICE_WEB DEPLOYMENT_WEB(200) SCENARIO("%s  events:\n%s"), pods, churns);
    CU_ASSERT_EQUAL(foreseen_digest_of(yaml.data, 0), foreseen_digest_of(yaml.data, UINT32_MAX));
    for (int foresees = 0; foresees < 2; foresees++) {
        struct foreseen_count count = {0};
        struct run *run = run_create(yaml.data, 1);
        engine_foresee_from(simulation_engine(run->simulation), foresees ? 0 : UINT32_MAX);
        simulation_start(run->simulation);
        run_to(run, "10s");
        run->watch = count_foreseen;
        run->context = &count;
        run_to(run, "1h");
        CU_ASSERT(count.all > 300);
        CU_ASSERT(foresees ? count.foreseen * 100 > count.all * least_percent : count.foreseen == 0);
        run_end(run);
    }
    text_fini(&yaml);
}

/* What no file tells: kubelets' timers, and who dies at random. A few are forgotten by then, or were guessed
 * wrong. */
static void test_pending_are_foreseen(void)
{
    check_pending_are_foreseen("  pods: {start: 1s, ready: {exponential: {mean: 2s}}, stop: 1s}\n",
        "  - {at: 20s, churn: deployment/web, rate: 3/s, for: 100s}\n", 60);
    check_pending_are_foreseen("", "  - {at: 20s, churn: deployment/web, rate: 3/s, for: 200s}\n", 60);
    check_pending_are_foreseen("",
        "  - {at: 20s, churn: deployment/web, rate: 1/s, for: 200s}\n"
        "  - {at: 20s, churn: deployment/web, rate: 2/s, for: 200s}\n",
        50);
}

/* --- the run's frame -------------------------------------------------------------------------------- */

static void test_until(void)
{
    struct run *run = run_begin(SCENARIO("  until: 10s\n"
                                         "  events:\n"
                                         "  - {at: 2s, create: pod/a}\n"
                                         "  - {at: 10s, create: pod/b}\n"));
    CU_ASSERT_EQUAL(simulation_end_ns(run->simulation), 10 * NS_PER_S);
    run_to(run, "9s");
    CU_ASSERT_EQUAL(simulation_now_ns(run->simulation), 2 * NS_PER_S);
    run_to(run, "1h");
    /* `until` is inclusive. */
    CU_ASSERT_EQUAL(simulation_now_ns(run->simulation), 10 * NS_PER_S);
    ASSERT_TEXT(run->log.data, "10s +b 10.244.1.2 Running ready\n");
    run_end(run);
    run = run_begin(SCENARIO("  until: 10s\n"
                             "  events:\n"
                             "  - {at: 2s, create: pod/a}\n"));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(simulation_now_ns(run->simulation), 10 * NS_PER_S);
    run_end(run);
    run = run_begin(SCENARIO("  events:\n"
                             "  - {at: 2s, create: pod/a}\n"));
    CU_ASSERT_EQUAL(simulation_end_ns(run->simulation), 2 * NS_PER_S);
    CU_ASSERT_EQUAL(simulation_run_until(run->simulation, INT64_MAX, NULL, NULL, NULL), STATUS_OK);
    CU_ASSERT_EQUAL(simulation_now_ns(run->simulation), 2 * NS_PER_S);
    run_end(run);
}

struct interrupter {
    volatile int flag;
    uint32_t calls;
};

static void interrupt_third(void *context, const struct simulation *simulation)
{
    struct interrupter *interrupter = context;
    CU_ASSERT_TRUE(simulation_pod_event_count(simulation) > 0);
    interrupter->flag = ++interrupter->calls == 3;
}

static void test_interruption(void)
{
    struct run *run = run_begin(SERVICE_WEB DEPLOYMENT_WEB(10000) SCENARIO("  until: 1h\n"));
    run->quiet = true;
    struct interrupter interrupter = {0};
    CU_ASSERT_EQUAL(
        simulation_run_until(run->simulation, INT64_MAX, &interrupter.flag, interrupt_third, &interrupter),
        STATUS_INTERRUPTED);
    CU_ASSERT_EQUAL(interrupter.calls, 3);
    uint32_t pods = store_count(run->store, OBJECT_POD);
    CU_ASSERT_TRUE(pods > 1000 && pods < 9000);
    /* It can go on. */
    interrupter.flag = 0;
    CU_ASSERT_EQUAL(
        simulation_run_until(run->simulation, INT64_MAX, &interrupter.flag, NULL, NULL), STATUS_OK);
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 10000);
    run_end(run);
}

static void test_destroyed_before_or_amid(void)
{
    struct run *run = run_create(DEPLOYMENT_WEB(5) SCENARIO("  until: 1h\n"), 1);
    run_end(run);
    run = run_begin(DEPLOYMENT_WEB(5) SCENARIO("  pods: {start: 10s, stop: 10s}\n"
                                               "  events:\n"
                                               "  - {at: 30s, rollout: deployment/web}\n"
                                               "  - {at: 31s, delete: deployment/web}\n"));
    run_to(run, "31s");
    run_end(run);
    simulation_destroy(NULL);
}

static void check_workload(
    struct run *run, uint32_t number, const struct workload_state *wanted, const char *name)
{
    struct workload_state state = {0};
    CU_ASSERT_TRUE_FATAL(simulation_workload(run->simulation, number, &state));
    CU_ASSERT_EQUAL(state.number, number);
    CU_ASSERT_EQUAL(state.owner, wanted->owner);
    CU_ASSERT_EQUAL(state.kind, wanted->kind);
    CU_ASSERT_EQUAL(strncmp(catalog_text(store_catalog(run->store), state.name), name, strlen(name)), 0);
    CU_ASSERT_EQUAL(state.replicas, wanted->replicas);
    CU_ASSERT_EQUAL(state.current, wanted->current);
    CU_ASSERT_EQUAL(state.updated, wanted->updated);
    CU_ASSERT_EQUAL(state.ready, wanted->ready);
    CU_ASSERT_EQUAL(state.available, wanted->available);
}

static void test_workload_states(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(4) SPEC(
        "DaemonSet", "agent", "agent", ", minReadySeconds: 8") "\n---\n" SPEC("StatefulSet", "db", "db",
        ", replicas: 2, serviceName: db") "\n---\n" SCENARIO("  pods: {ready: 10s}\n"
                                                             "  events:\n"
                                                             "  - {at: 60s, rollout: deployment/web}\n"
                                                             "  - {at: 60s, rollout: daemonset/agent}\n"
                                                             "  - {at: 60s, rollout: statefulset/db}\n"
                                                             "  - {at: 200s, delete: deployment/web}\n"));
    run_to(run, "59s");
    check_workload(run, 1,
        &(struct workload_state){.kind = WORKLOAD_DEPLOYMENT,
            .replicas = 4,
            .current = 4,
            .updated = 4,
            .ready = 4,
            .available = 4},
        "web");
    CU_ASSERT_EQUAL(simulation_workload_count(run->simulation), 4);
    run_to(run, "71s"); /* one of four may be missing, one more may be there */
    check_workload(run, 1,
        &(struct workload_state){.kind = WORKLOAD_DEPLOYMENT,
            .replicas = 4,
            .current = 5,
            .updated = 4,
            .ready = 3,
            .available = 3},
        "web");
    check_workload(run, 2,
        &(struct workload_state){.owner = 1,
            .kind = WORKLOAD_REPLICASET,
            .replicas = 1,
            .current = 1,
            .updated = 1,
            .ready = 1,
            .available = 1},
        "web-");
    check_workload(run, 3,
        &(struct workload_state){.kind = WORKLOAD_DAEMONSET,
            .replicas = 3,
            .current = 3,
            .updated = 1,
            .ready = 3,
            .available = 2},
        "agent");
    check_workload(run, 4,
        &(struct workload_state){.kind = WORKLOAD_STATEFULSET,
            .replicas = 2,
            .current = 2,
            .updated = 2,
            .ready = 1,
            .available = 1},
        "db");
    run_to(run, "1h");
    struct workload_state state;
    CU_ASSERT_FALSE(simulation_workload(run->simulation, 0, &state));
    CU_ASSERT_FALSE(simulation_workload(run->simulation, 1, &state));
    CU_ASSERT_FALSE(simulation_workload(run->simulation, 2, &state));
    CU_ASSERT_TRUE(simulation_workload(run->simulation, 4, &state));
    CU_ASSERT_FALSE(simulation_workload(run->simulation, 99, &state));
    run_end(run);
}

static const struct suite_test tests[] = {
    {"random scenarios add up, and run the same in pieces", test_random_scenarios},
    {"digests", test_digests},
    {"foresight", test_foresight},
    {"pending events are foreseen", test_pending_are_foreseen},
    {"until", test_until},
    {"interruption", test_interruption},
    {"states of workloads", test_workload_states},
    {"destroyed before or amid its run", test_destroyed_before_or_amid},
};

int main(void)
{
    return suite_main("runs", tests, sizeof tests / sizeof tests[0]);
}
