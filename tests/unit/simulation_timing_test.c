/*
 * simulation_timing_test.c: profile kube-defaults of a scenario: what it sets, what is set beside it wherever
 * it stands, and the end of a pod in two steps (C-19a).
 * It does not pin when controllers write (engine_timing_test.c).
 */
#include "simulation_kit.h"

static void profile_and_settings(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO("  delays: {watch: 3ms, sliceEvent: 0s}\n"
                                                     "  controllers: {kubeAPIQPS: 50}\n"
                                                     "  profile: kube-defaults\n"));
    const struct engine_timing *timing = &run->scenario->engine.timing;
    CU_ASSERT_EQUAL(timing->watch.kind, DISTRIBUTION_CONSTANT);
    CU_ASSERT_EQUAL(timing->watch.a, 3e6);
    CU_ASSERT_EQUAL(timing->write.kind, DISTRIBUTION_LOG_NORMAL);
    CU_ASSERT_EQUAL(timing->write.a, 7e6);
    CU_ASSERT_EQUAL(timing->slice_event_delay_min_ns, 0);
    CU_ASSERT_EQUAL(timing->requests_per_s, 50);
    CU_ASSERT_EQUAL(timing->requests_burst, 30);
    CU_ASSERT_EQUAL(timing->workers[TIMED_SLICES], 5);
    CU_ASSERT_EQUAL(run->scenario->pod_stop.a, 30e9);
    run_end(run);
    run = run_begin(SERVICE_WEB SCENARIO("  controllers: {kubeAPIQPS: 5}\n"));
    CU_ASSERT_EQUAL(run->scenario->engine.timing.requests_burst, 30);
    CU_ASSERT(distribution_is_zero(&run->scenario->engine.timing.write));
    CU_ASSERT(distribution_is_zero(&run->scenario->pod_stop));
    run_end(run);
    run = run_begin(SERVICE_WEB SCENARIO("  profile: instant\n"));
    CU_ASSERT(timing_is_instant(&run->scenario->engine.timing));
    run_end(run);
}

#define TWO_PODS \
    "  - {at: 0s, create: pod/a, labels: {app: web}}\n" \
    "  - {at: 0s, create: pod/b, labels: {app: web}}\n" \
    "  - {at: 10s, delete: pod/a}\n" \
    "  - {at: 20s, delete: pod/b, grace: 0s}\n"

/* C-19a: (a) with grace: it terminates, has no grace any more, is gone; (b) without: the last two. */
static void deletions(void)
{
    struct run *run = run_begin(SERVICE_WEB SCENARIO("  profile: kube-defaults\n  delays: {write: 5ms}\n"
                                                     "  pods: {stop: 2s}\n  events:\n" TWO_PODS));
    run_to(run, "5s");
    run_to(run, "1m");
    ASSERT_TEXT(run->log.data, "10s ~a 10.244.0.2 Running ready terminating\n"
                               "12s ~a 10.244.0.2 Running ready terminating\n"
                               "12.005s -a 10.244.0.2 Running ready terminating\n"
                               "20s ~b 10.244.1.2 Running ready terminating\n"
                               "20.005s -b 10.244.1.2 Running ready terminating\n");
    run_end(run);
    /* Where a write takes no time, they are two changes of one instant. */
    run = run_begin(SERVICE_WEB SCENARIO("  profile: kube-defaults\n  delays: {write: 0s}\n"
                                         "  pods: {stop: 0s}\n  events:\n" TWO_PODS));
    run_to(run, "15s");
    CU_ASSERT_PTR_NOT_NULL(strstr(run->log.data,
        "10s ~a 10.244.0.2 Running ready terminating\n10s -a 10.244.0.2 Running ready terminating\n"));
    run_end(run);
    run = run_begin(SERVICE_WEB SCENARIO("  events:\n" TWO_PODS));
    run_to(run, "15s");
    CU_ASSERT_PTR_NULL(strstr(run->log.data, "terminating"));
    run_end(run);
}

/* A workload replaces a pod when it begins to go, once. */
static void replaced_once(void)
{
    struct run *run =
        run_begin(SERVICE_WEB DEPLOYMENT_WEB(3) SCENARIO("  profile: kube-defaults\n  events:\n"
                                                         "  - {at: 10s, delete: pod/web-1}\n"
                                                         "  - {at: 15s, delete: pod/web-1, grace: 0s}\n"
                                                         "  - {at: 20s, delete: pod/web-2, grace: 0s}\n"));
    struct pod_list pods;
    run_to(run, "12s");
    run_list(run, &pods);
    CU_ASSERT_EQUAL(pods.count, 4);
    run_to(run, "19s");
    run_list(run, &pods);
    CU_ASSERT_EQUAL(pods.count, 3);
    run_to(run, "1m");
    run_list(run, &pods);
    CU_ASSERT_EQUAL(pods.count, 3);
    run_end(run);
}

int main(void)
{
    static const struct suite_test tests[] = {{"profile and settings", profile_and_settings},
        {"deletions", deletions}, {"replaced once", replaced_once}};
    return suite_main("simulation_timing", tests, sizeof tests / sizeof tests[0]);
}
