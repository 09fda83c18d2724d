/*
 * simulation_generators_test.c: churn (how many die, when, and who), and traces.
 */
#include "simulation_kit.h"

/* --- churn ------------------------------------------------------------------------------------------ */

struct deaths {
    uint32_t count;
    sim_time first_ns, last_ns;
    sim_time times[20000];
    uint32_t by_node[16];
};

static void count_deaths(struct run *run, const struct change *change)
{
    struct deaths *deaths = run->context;
    if (change->now)
        return;
    sim_time now_ns = clock_now(simulation_clock(run->simulation));
    if (deaths->count == 0)
        deaths->first_ns = now_ns;
    deaths->last_ns = now_ns;
    if (deaths->count < sizeof deaths->times / sizeof deaths->times[0])
        deaths->times[deaths->count] = now_ns;
    deaths->count++;
    const char *node = catalog_text(store_catalog(run->store), ((const struct pod *)change->old)->node_name);
    uint32_t number = (uint32_t)atoi(node + strlen("node-"));
    if (number < 16)
        deaths->by_node[number]++;
}

#define CHURN(rate, more) \
    DEPLOYMENT_WEB(50) \
    SCENARIO("  nodes: {count: 10}\n" \
             "  events:\n" \
             "  - {at: 100s, churn: deployment/web, rate: " rate ", for: 5000s}\n" more)

static void churn(const char *yaml, uint64_t seed, struct deaths *deaths)
{
    struct run *run = run_create(yaml, seed);
    *deaths = (struct deaths){0};
    run->watch = count_deaths;
    run->context = deaths;
    run->quiet = true;
    simulation_start(run->simulation);
    run_to(run, "10h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 50);
    run_end(run);
}

static void test_churn_rate(void)
{
    static struct deaths deaths;
    /* 10,000 expected; the standard deviation is 100. */
    churn(CHURN("2/s", ""), 7, &deaths);
    CU_ASSERT_TRUE(deaths.count > 9500 && deaths.count < 10500);
    CU_ASSERT_TRUE(deaths.first_ns > 100 * NS_PER_S);
    CU_ASSERT_TRUE(deaths.last_ns <= 5100 * NS_PER_S && deaths.last_ns > 5050 * NS_PER_S);
    /* Gaps are exponential: their mean and standard deviation are the same, and a share of exp(-1) is longer.
     */
    double mean = 0, square = 0;
    uint32_t longer = 0;
    for (uint32_t i = 1; i < deaths.count; i++) {
        double gap = (double)(deaths.times[i] - deaths.times[i - 1]) / 1e9;
        mean += gap / (deaths.count - 1);
        square += gap * gap / (deaths.count - 1);
        longer += gap > 0.5;
    }
    CU_ASSERT_DOUBLE_EQUAL(mean, 0.5, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(square - mean * mean, 0.25, 0.03);
    CU_ASSERT_DOUBLE_EQUAL((double)longer / deaths.count, 0.3679, 0.02);
    /* Victims are uniform: every node has about a tenth (chi square with 9 degrees of freedom). */
    double chi = 0, expected = deaths.count / 10.0;
    for (uint32_t i = 1; i <= 10; i++)
        chi += (deaths.by_node[i] - expected) * (deaths.by_node[i] - expected) / expected;
    CU_ASSERT_TRUE(chi < 40);
}

static void test_churn_has_streams_of_its_own(void)
{
    static struct deaths a, b, c, other_seed;
    churn(CHURN("0.1/s", ""), 7, &a);
    churn(CHURN("0.1/s", ""), 7, &b);
    churn(CHURN("0.1/s", "  - {at: 50s, delete: pod/web-3}\n  - {at: 2000s, rollout: deployment/web}\n"), 7,
        &c);
    churn(CHURN("0.1/s", ""), 8, &other_seed);
    CU_ASSERT_EQUAL(a.count, b.count);
    CU_ASSERT_EQUAL(memcmp(a.times, b.times, sizeof a.times), 0);
    /* Other events change neither the times of deaths nor their number. */
    uint32_t found = 0;
    for (uint32_t i = 0, k = 0; i < a.count; i++) {
        while (k < c.count && c.times[k] < a.times[i])
            k++;
        found += k < c.count && c.times[k] == a.times[i];
    }
    CU_ASSERT_EQUAL(found, a.count);
    CU_ASSERT_NOT_EQUAL(memcmp(a.times, other_seed.times, sizeof a.times), 0);
}

static void test_two_churns(void)
{
    static struct deaths deaths;
    churn(CHURN("1/s", "  - {at: 100s, churn: deployment/web, rate: 1/s, for: 5000s}\n"), 7, &deaths);
    CU_ASSERT_TRUE(deaths.count > 9500 && deaths.count < 10500);
    /* They are independent: hardly two at one instant. */
    uint32_t together = 0;
    for (uint32_t i = 1; i < deaths.count; i++)
        together += deaths.times[i] == deaths.times[i - 1];
    CU_ASSERT_TRUE(together < 5);
}

static void test_churn_ends_with_its_workload(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(2) SCENARIO("  events:\n"
                                             "  - {at: 1s, churn: deployment/web, rate: 1/s, for: 1h}\n"
                                             "  - {at: 10s, scale: deployment/web, replicas: 0}\n"
                                             "  - {at: 100s, scale: deployment/web, replicas: 2}\n"
                                             "  - {at: 200s, delete: deployment/web}\n"));
    run_to(run, "9s");
    run_to(run, "99s");
    uint64_t events = simulation_pod_event_count(run->simulation);
    run_to(run, "199s");
    CU_ASSERT_TRUE(simulation_pod_event_count(run->simulation) > events + 100);
    run_to(run, "10h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 0);
    CU_ASSERT_TRUE(simulation_now_ns(run->simulation) < 300 * NS_PER_S);
    run_end(run);
}

/* --- traces ----------------------------------------------------------------------------------------- */

static void test_trace(void)
{
    struct run *run =
        run_begin(SERVICE_WEB "{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: "
                              "api, tier: x}, ports: [{port: 1}]}}\n"
                              "---\n" SCENARIO("  nodes: {count: 2}\n"
                                               "  pods: {ready: 0s}\n"
                                               "  events:\n"
                                               "  - replay:\n"
                                               "      pods: |\n"
                                               "        service pod create delete ready node   labels\n"
                                               "        web     w-1 -      20     -     -      -\n"
                                               "        api     a-1 5      30s    8     node-2 team=a\n"
                                               "        web     w-2 10     -      10    node-1 -\n"
                                               "        web     w-3 -      -      12    -      -\n"
                                               "        web     w-4 15     18     -     -      -\n"));
    sym value;
    run_to(run, "0s");
    /* There from the start: loaded silently, seen by the first sync. */
    ASSERT_TEXT(run->log.data, "");
    ASSERT_TEXT(run_pods(run), "w-1 10.244.0.2 Running ready\nw-3 10.244.1.2 Running\n");
    struct service_state state;
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, "web"), &state));
    CU_ASSERT_EQUAL(state.pods, 2);
    CU_ASSERT_EQUAL(state.ready, 1);
    run_to(run, "19s");
    ASSERT_TEXT(run->log.data, "5s +a-1 10.244.1.3 Running\n"
                               "8s ~a-1 10.244.1.3 Running ready\n"
                               "10s +w-2 10.244.0.3 Running ready\n"
                               "12s ~w-3 10.244.1.2 Running ready\n"
                               "15s +w-4 10.244.0.4 Running\n" /* never ready */
                               "18s -w-4 10.244.0.4 Running\n");
    CU_ASSERT_TRUE(labels_get(pod_labels(run_find(run, "a-1")), run_sym(run, "team"), &value));
    CU_ASSERT_TRUE(labels_get(pod_labels(run_find(run, "a-1")), run_sym(run, "tier"), &value));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "20s -w-1 10.244.0.2 Running ready\n30s -a-1 10.244.1.3 Running ready\n");
    CU_ASSERT_EQUAL(simulation_end_ns(run->simulation), 30 * NS_PER_S);
    run_end(run);
}

static void test_trace_among_events(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO("  pods: {start: 1s, ready: 1s}\n"
                                                     "  events:\n"
                                                     "  - {at: 10s, delete: pod/w-1}\n"
                                                     "  - {at: 20s, fail: pod/w-2}\n"
                                                     "  - replay:\n"
                                                     "      pods: |\n"
                                                     "        service pod create delete\n"
                                                     "        web     w-1 5      20\n"
                                                     "        web     w-2 5      30\n"));
    run_to(run, "1h");
    /* What an event took away the trace cannot take once more. */
    ASSERT_TEXT(run->log.data, "5s +w-1 Pending\n"
                               "5s +w-2 Pending\n"
                               "6s ~w-1 10.244.0.2 Running\n"
                               "6s ~w-2 10.244.1.2 Running\n"
                               "7s ~w-1 10.244.0.2 Running ready\n"
                               "7s ~w-2 10.244.1.2 Running ready\n"
                               "10s -w-1 10.244.0.2 Running ready\n"
                               "20s ~w-2 10.244.1.2 Failed\n"
                               "30s -w-2 10.244.1.2 Failed\n");
    run_end(run);
}

static void test_trace_collides(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO("  events:\n"
                                                     "  - {at: 1s, create: pod/w-1}\n"
                                                     "  - at: 2s\n"
                                                     "    replay:\n"
                                                     "      pods: |\n"
                                                     "        service pod create delete\n"
                                                     "        web     w-1 3      20\n"));
    struct position at;
    CU_ASSERT_EQUAL(run_until(run, "1h"), STATUS_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(simulation_failure(run->simulation, &at), "'w-1' exists already"));
    CU_ASSERT_TRUE(at.line >= 8 && at.line <= 12);
    run_end(run);
}

/* Of 40,000 rows one is pending at a time. */
static void test_long_traces_keep_the_queue_small(void)
{
    struct text yaml = {0};
    text_add(&yaml,
        SERVICE_WEB SCENARIO("  events:\n  - replay:\n      pods: |\n        service pod create delete\n"));
    for (int i = 0; i < 20000; i++)
        text_printf(&yaml, "        web w-%d %d %d\n", i, i + 1, i + 50);
    struct run *run = run_begin(yaml.data);
    run->quiet = true;
    run_to(run, "10000s");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 49);
    CU_ASSERT_TRUE(event_queue_count(simulation_clock(run->simulation)->queue) < 10);
    run_to(run, "10h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 0);
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 40000);
    run_end(run);
    text_fini(&yaml);
}

static const struct suite_test tests[] = {
    {"churn: how many, when and who", test_churn_rate},
    {"churn has streams of its own", test_churn_has_streams_of_its_own},
    {"two churns at once", test_two_churns},
    {"churn with nobody left, and its end", test_churn_ends_with_its_workload},
    {"a trace", test_trace},
    {"a trace among other events", test_trace_among_events},
    {"a trace's pod exists already", test_trace_collides},
    {"long traces keep the queue small", test_long_traces_keep_the_queue_small},
};

int main(void)
{
    return suite_main("generators", tests, sizeof tests / sizeof tests[0]);
}
