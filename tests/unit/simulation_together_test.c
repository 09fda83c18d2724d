/*
 * simulation_together_test.c: `together`: several events that controllers see as one.
 *
 * Pins: one sync a controller and Service whatever the events are; manifests of an `apply` too; what watchers
 * are told of a pod that leaves and one that comes under the same name, with and without `relist`; a failure
 * in the middle; that consequences come after the last event; `ifPresent`.
 */
#include "simulation_kit.h"

#include "engine/observe.h"

static uint64_t syncs(struct run *run, enum controller controller)
{
    return engine_totals(simulation_engine(run->simulation))->syncs[controller];
}

static uint64_t updates(struct run *run, enum controller controller)
{
    return engine_totals(simulation_engine(run->simulation))->writes[controller][VERB_UPDATE];
}

#define POD(name) "{apiVersion: v1, kind: Pod, metadata: {name: " name ", labels: {app: web}}}"

static void test_one_sync(void)
{
    struct run *run = run_begin(SERVICE_WEB POD("a") "\n---\n" POD("b") "\n---\n" POD("c") "\n---\n" SCENARIO(
        "  events:\n"
        "  - {at: 10s, delete: pod/a}\n"
        "  - {at: 10s, delete: pod/b}\n"
        "  - {at: 20s, together: [{delete: pod/c}, {create: pod/d, labels: {app: web}},\n"
        "      {apply: [" POD("e") ", " POD("f") "]}, {unready: pod/d}]}\n"));
    run_to(run, "0s");
    uint64_t before = syncs(run, CONTROLLER_ENDPOINTS), written = updates(run, CONTROLLER_ENDPOINTS);
    run_to(run, "10s");
    CU_ASSERT_EQUAL(syncs(run, CONTROLLER_ENDPOINTS), before + 2);
    CU_ASSERT_EQUAL(updates(run, CONTROLLER_ENDPOINTS), written + 2);
    before = syncs(run, CONTROLLER_ENDPOINTS);
    written = updates(run, CONTROLLER_ENDPOINTS);
    run_to(run, "20s");
    CU_ASSERT_EQUAL(syncs(run, CONTROLLER_ENDPOINTS), before + 1);
    CU_ASSERT_EQUAL(updates(run, CONTROLLER_ENDPOINTS), written + 1);
    ASSERT_TEXT(run->log.data, "20s -c 10.244.2.2 Running ready\n"
                               "20s +d 10.244.0.3 Running\n"
                               "20s +e 10.244.1.3 Running ready\n"
                               "20s +f 10.244.2.3 Running ready\n");
    run_end(run);
}

/* Alone in a `together`, too. */
static void test_manifests(void)
{
    struct run *run = run_begin(
        SERVICE_WEB SCENARIO("  events:\n"
                             "  - {at: 10s, apply: [" POD("a") ", " POD(
                                 "b") "]}\n"
                                      "  - {at: 20s, together: [{apply: [" POD("c") ", " POD("d") "]}]}\n"));
    run_to(run, "0s");
    uint64_t before = syncs(run, CONTROLLER_ENDPOINTSLICE);
    run_to(run, "10s");
    CU_ASSERT_EQUAL(syncs(run, CONTROLLER_ENDPOINTSLICE), before + 2);
    run_to(run, "20s");
    CU_ASSERT_EQUAL(syncs(run, CONTROLLER_ENDPOINTSLICE), before + 3);
    run_end(run);
}

static void test_recycled_name(void)
{
    struct run *run = run_begin(SERVICE_WEB POD("a") "\n---\n" SCENARIO(
        "  events:\n"
        "  - {at: 10s, together: [{delete: pod/a}, {create: pod/a, ip: 10.0.0.1}]}\n"
        "  - {at: 20s, relist: true, together: [{delete: pod/a}, {create: pod/a, ip: 10.0.0.2}]}\n"
        "  - {at: 30s, together: [{delete: pod/a}, {create: pod/a, ip: 10.0.0.3}, {delete: pod/a}]}\n"
        "  - {at: 40s, together: [{create: pod/b}, {delete: pod/b}]}\n"
        "  - {at: 50s, delete: pod/a, ifPresent: true}\n"));
    run_to(run, "10s");
    ASSERT_TEXT(run->log.data, "0s +a 10.244.0.2 Running ready\n"
                               "10s -a 10.244.0.2 Running ready\n"
                               "10s +a 10.0.0.1 Running ready\n");
    run_to(run, "20s");
    ASSERT_TEXT(run->log.data, "20s ~a 10.0.0.2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "30s -a 10.0.0.2 Running ready\n"); /* nobody ever saw the third, nor b */
    run_end(run);
}

static void test_failure(void)
{
    struct run *run =
        run_begin(SERVICE_WEB POD("a") "\n---\n" SCENARIO("  events:\n"
                                                          "  - at: 10s\n"
                                                          "    together:\n"
                                                          "    - {delete: pod/a}\n"
                                                          "    - {delete: pod/b, ifPresent: true}\n"
                                                          "    - {delete: pod/a}\n"
                                                          "    - {create: pod/b}\n"));
    run_fails(run, "1h", 14, "at 10s pod/a is not there");
    ASSERT_TEXT(run_pods(run), "");
    run_end(run);
}

/* A Deployment replaces what died when all have died, one after the other. */
static void test_consequences(void)
{
    struct run *run = run_begin(SERVICE_WEB DEPLOYMENT_WEB(3) SCENARIO(
        "  events:\n"
        "  - {at: 10s, together: [{delete: pod/web-0}, {delete: pod/web-1}, {delete: pod/web-2}]}\n"));
    run_to(run, "0s");
    uint64_t before = syncs(run, CONTROLLER_ENDPOINTS);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(syncs(run, CONTROLLER_ENDPOINTS), before + 1 + 3);
    struct service_state state;
    CU_ASSERT_TRUE(engine_state(
        simulation_engine(run->simulation), run_sym(run, "default"), run_sym(run, "web"), &state));
    CU_ASSERT_EQUAL(state.ep_addresses, 3);
    run_end(run);
}

static const struct suite_test tests[] = {
    {"one sync", test_one_sync},
    {"manifests", test_manifests},
    {"a name used again", test_recycled_name},
    {"failure", test_failure},
    {"consequences", test_consequences},
};

int main(void)
{
    return suite_main("together", tests, sizeof tests / sizeof tests[0]);
}
