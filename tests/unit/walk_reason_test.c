/*
 * walk_reason_test.c: the reasons that controllers give, in small scenarios where each is known.
 *
 * Pins: which decisions come in which order, before which request, and in which words; that every kind of
 * decision has a word and a rule; that walking and listening change nothing (the digest). What the decisions
 * lead to is pinned by the tests of the engine.
 */
#include "simulation_kit.h"

#include "walk/reason.h"
#include "walk/walk.h"

static struct scenario *load(const char *yaml)
{
    struct scenario *scenario;
    struct scenario_input input = {.path = "test.yaml", .text = yaml, .text_length = strlen(yaml)};
    enum status status = scenario_load(&input, 1, NULL, 0, &scenario);
    if (status != STATUS_OK)
        diag_print(scenario->diag, stderr, true);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    return scenario;
}

/* The notes of a step, a line each: of decisions the kind and the rule, of requests verb and endpoints. */
static void add_notes(struct text *out, const struct walk_step *step)
{
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->kind == NOTE_DECISION)
            text_printf(out, "%s %s\n", reason_kind_text(note->decision), note->rule);
        else if (note->kind == NOTE_REQUEST)
            text_printf(out, "> %s %s %u\n", controller_text(note->controller), verb_text(note->write.verb),
                note->write.endpoints);
        else
            text_printf(out, "%s\n", note_words(step, note));
    }
}

/* All steps at `at_ns` of a scenario. */
static void check_at(const char *yaml, const char *time, const char *expected)
{
    int64_t at_ns = 0;
    CU_ASSERT_FATAL(duration_parse(time, strlen(time), &at_ns));
    struct scenario *scenario = load(yaml);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    struct text got = {0};
    text_add(&got, "");
    while (walk_next(walk) == WALK_STEP) {
        if (walk_step(walk)->at_ns == at_ns)
            add_notes(&got, walk_step(walk));
    }
    if (strcmp(got.data, expected) != 0)
        fprintf(stderr, "at %s:\n%s--- instead of\n%s", time, got.data, expected);
    CU_ASSERT_STRING_EQUAL(got.data, expected);
    text_fini(&got);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

/* The one decision of a kind in the whole run, in words. */
static void check_words(const char *yaml, enum decision_kind kind, const char *expected)
{
    struct scenario *scenario = load(yaml);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    const char *got = NULL;
    struct text kept = {0};
    while (walk_next(walk) == WALK_STEP) {
        const struct walk_step *step = walk_step(walk);
        for (uint32_t i = 0; i < step->notes.count; i++) {
            const struct note *note = &step->notes.items[i];
            if (note->kind != NOTE_DECISION || note->decision != kind)
                continue;
            text_clear(&kept);
            text_add(&kept, note_words(step, note));
            got = kept.data;
        }
    }
    if (!got || strcmp(got, expected) != 0)
        fprintf(stderr, "%s: '%s'\n", reason_kind_text(kind), got ? got : "(none)");
    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    CU_ASSERT_STRING_EQUAL(got, expected);
    text_fini(&kept);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

#define POD(name) "{at: 1s, create: pod/" name ", labels: {app: web}}"
#define TWO_A_SLICE "  controllers: {maxEndpointsPerSlice: 2, choices: fixed}\n"

static void test_placeholder_and_first_pod(void)
{
    const char *yaml = SERVICE_WEB SCENARIO(TWO_A_SLICE "  events:\n  - " POD("a") "\n");
    check_at(yaml, "0s",
        "create service/web\n"
        "service/web is there\n"
        "endpoints-missing E-60\n"
        "> endpoints create 0\n"
        "slices-compared S-40\n"
        "placeholder-wanted S-48, S-49\n"
        "> endpointslice create 0\n");
    check_at(yaml, "1s",
        "create pod/a app=web\n"
        "pod/a is there: 10.244.0.2 on node-1, ready\n"
        "address-added E-15\n"
        "> endpoints update 1\n"
        "endpoint-wanted S-42\n"
        "fill-new S-44\n"
        "slice-ports S-47\n"
        "slice-recycled S-71\n"
        "> endpointslice update 1\n");
}

/* S-43, S-44: written slices first; else the fullest with room; a full one for as many as a slice holds. */
static void test_filling(void)
{
    const char *yaml = SERVICE_WEB SCENARIO(TWO_A_SLICE
        "  events:\n"
        "  - {at: 1s, create: pod/a, labels: {app: web}}\n"
        "  - {at: 2s, create: pod/b, labels: {app: web}}\n"
        "  - {at: 3s, together: [{create: pod/c, labels: {app: web}}, {create: pod/d, labels: {app: web}}]}\n"
        "  - {at: 4s, together: [{delete: pod/a}, {create: pod/e, labels: {app: web}}]}\n");
    check_at(yaml, "2s",
        "create pod/b app=web\n"
        "pod/b is there: 10.244.1.2 on node-2, ready\n"
        "address-added E-15\n"
        "> endpoints update 2\n"
        "endpoint-wanted S-42\n"
        "fill-unchanged S-44\n"
        "> endpointslice update 2\n");
    check_at(yaml, "3s",
        "create pod/c app=web, together with 1 more\n"
        "pod/c is there: 10.244.2.2 on node-3, ready\n"
        "pod/d is there: 10.244.0.3 on node-1, ready\n"
        "address-added E-15\n"
        "address-added E-15\n"
        "> endpoints update 4\n"
        "endpoint-wanted S-42\n"
        "endpoint-wanted S-42\n"
        "fill-new-full S-44, S-45\n"
        "> endpointslice create 2\n");
    check_at(yaml, "4s",
        "delete pod/a, together with 1 more\n"
        "pod/a is gone\n"
        "pod/e is there: 10.244.0.4 on node-1, ready\n"
        "address-gone E-5\n"
        "address-added E-15\n"
        "> endpoints update 4\n"
        "endpoint-gone S-4\n"
        "endpoint-wanted S-42\n"
        "fill-written S-43\n"
        "> endpointslice update 2\n");
    check_words(yaml, DECISION_FILL_NEW_FULL,
        "2 endpoints need a place, and a slice holds 2: a new one is filled whole");
    check_words(yaml, DECISION_ENDPOINT_WANTED, "e (10.244.0.4), ready, is in no slice: it needs a place");
}

/* Why an endpoint stays, moves within its object, or is not there. */
static void test_readiness_and_labels(void)
{
    const char *yaml = SERVICE_WEB SCENARIO(TWO_A_SLICE "  events:\n"
                                                        "  - {at: 1s, create: pod/a, labels: {app: web}}\n"
                                                        "  - {at: 2s, unready: pod/a}\n"
                                                        "  - {at: 3s, ready: pod/a}\n"
                                                        "  - {at: 4s, label: pod/a, labels: {color: red}}\n"
                                                        "  - {at: 5s, label: pod/a, labels: {app: other}}\n");
    check_at(yaml, "2s",
        "unready pod/a\n"
        "pod/a changes: not ready\n"
        "address-readiness E-15\n"
        "> endpoints update 1\n"
        "endpoint-replaced S-34, S-40\n"
        "> endpointslice update 1\n");
    /* C-17: a label that no selector names wakes nobody. */
    check_at(yaml, "4s",
        "label pod/a color=red\n"
        "pod/a changes: color=red\n");
    check_at(yaml, "5s",
        "label pod/a app=other\n"
        "pod/a changes: app=other\n"
        "address-gone E-5\n"
        "> endpoints update 0\n"
        "endpoint-gone S-4\n"
        "slice-ports S-47\n"
        "placeholder-wanted S-48, S-49\n"
        "slice-recycled S-71\n"
        "> endpointslice update 0\n");
    check_words(yaml, DECISION_ADDRESS_GONE,
        "a (10.244.0.2) leaves: the selector does not match its labels any more");
    check_words(yaml, DECISION_ADDRESS_READINESS, "a (10.244.0.2) is ready now: it moves to the addresses");
}

static void test_truncation(void)
{
    const char *yaml = SERVICE_WEB SCENARIO("  controllers: {endpointsCapacity: 1}\n"
                                            "  events:\n"
                                            "  - {at: 1s, create: pod/a, labels: {app: web}}\n"
                                            "  - {at: 2s, create: pod/b, labels: {app: web}}\n"
                                            "  - {at: 3s, create: pod/c, labels: {app: web}}\n"
                                            "  - {at: 4s, together: [{delete: pod/b}, {delete: pod/c}]}\n");
    check_at(yaml, "2s",
        "create pod/b app=web\n"
        "pod/b is there: 10.244.1.2 on node-2, ready\n"
        "address-added E-15\n"
        "address-omitted E-57\n"
        "endpoints-truncated E-56, E-57\n"
        "> endpoints update 1\n"
        "endpoint-wanted S-42\n"
        "fill-unchanged S-44\n"
        "> endpointslice update 2\n");
    /* E-63: the object is sent, though what it lists is the same; its trigger time is another. */
    check_at(yaml, "3s",
        "create pod/c app=web\n"
        "pod/c is there: 10.244.2.2 on node-3, ready\n"
        "address-added E-15\n"
        "address-omitted E-57\n"
        "endpoints-truncated E-56, E-57\n"
        "endpoints-unseen E-63\n"
        "> endpoints update 1\n"
        "endpoint-wanted S-42\n"
        "fill-unchanged S-44\n"
        "> endpointslice update 3\n");
    check_words(yaml, DECISION_ENDPOINTS_TRUNCATED,
        "3 addresses, and an Endpoints object lists at most 1: 2 are left out, first who is not ready, then "
        "who "
        "has the highest IP as a string");
    check_words(yaml, DECISION_ENDPOINTS_FIT,
        "1 address fits again: nobody is left out any more, and the over-capacity annotation goes");
}

static void test_batch_period(void)
{
    const char *yaml = SERVICE_WEB SCENARIO("  controllers: {endpointSliceUpdatesBatchPeriod: 2s}\n"
                                            "  events:\n"
                                            "  - {at: 10s, create: pod/a, labels: {app: web}}\n"
                                            "  - {at: 11s, delete: pod/a}\n");
    check_at(yaml, "10s",
        "create pod/a app=web\n"
        "pod/a is there: 10.244.0.2 on node-1, ready\n"
        "waits C-11\n"
        "address-added E-15\n"
        "> endpoints update 1\n");
    /* Nothing is left of it when the period is over. */
    check_at(yaml, "12s",
        "endpoint-absent S-4\n"
        "slice-ports S-47\n"
        "placeholder-kept S-48\n"
        "slices-right S-41\n");
    check_words(yaml, DECISION_WAITS, "the batch period is open: all that comes until 12s is looked at then");
}

static void test_service_edits(void)
{
    const char *yaml = SERVICE_WEB SCENARIO("  events:\n"
                                            "  - {at: 1s, create: pod/a, labels: {app: web}}\n"
                                            "  - {at: 2s, label: service/web, labels: {team: x}}\n"
                                            "  - {at: 3s, delete: service/web}\n");
    check_at(yaml, "2s",
        "label service/web team=x\n"
        "service/web changes, team=x\n"
        "endpoints-compared E-61\n"
        "endpoints-differ E-61\n"
        "> endpoints update 1\n"
        "slice-relabelled S-52\n"
        "slices-compared S-40\n"
        "> endpointslice update 1\n");
    check_at(yaml, "3s",
        "delete service/web\n"
        "service/web is gone\n"
        "no-service E-2\n"
        "> endpoints delete 0\n"
        "no-service S-2\n"
        "no-service E-2\n"
        "owner-gone S-2, S-50\n"
        "> garbage-collector delete 0\n");
    check_words(yaml, DECISION_ENDPOINTS_DIFFER, "its labels must change: the object is written");
}

static void test_policies(void)
{
    const char *yaml =
        SERVICE_WEB SCENARIO("  controllers: {maxEndpointsPerSlice: 2, packingPolicy: best-fit-all}\n"
                             "  events:\n  - {at: 1s, create: pod/a, labels: {app: web}}\n");
    check_words(yaml, DECISION_FILL_BY_POLICY,
        "1 endpoint needs a place; the packing policy, a what-if, takes 1 to a new slice, 0 of 2 taken");
}

static void test_mirroring(void)
{
    const char *yaml =
        "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {ports: [{port: 80}]}}\n---\n" SCENARIO(
            "  events:\n"
            "  - {at: 1s, apply: {apiVersion: v1, kind: Endpoints, metadata: {name: db},\n"
            "      subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]}}\n");
    check_at(yaml, "1s",
        "apply endpoints/db\n"
        "> user create 1\n"
        "mirror-write M-23\n"
        "> mirroring create 1\n");
}

/* A table that grew must grow everywhere. */
static void test_every_kind_has_words(void)
{
    for (int kind = 0; kind < DECISION_KIND_COUNT; kind++) {
        CU_ASSERT_PTR_NOT_NULL(reason_kind_text((enum decision_kind)kind));
        struct decision decision = {.kind = (enum decision_kind)kind, .controller = CONTROLLER_ENDPOINTS};
        const char *rule = reason_rule(&decision);
        decision.controller = CONTROLLER_ENDPOINTSLICE;
        rule = rule ? rule : reason_rule(&decision);
        decision.left_out = LEFT_OUT_NO_IP;
        rule = rule ? rule : reason_rule(&decision);
        CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
        CU_ASSERT(strlen(rule) > 2);
    }
}

/* Listening is no part of the run. */
static void test_digest(void)
{
    const char *yaml = SERVICE_WEB DEPLOYMENT_WEB(7)
        SCENARIO(TWO_A_SLICE "  until: 30s\n  events:\n  - {at: 5s, scale: deployment/web, replicas: 3}\n"
                             "  - {at: 6s, rollout: deployment/web}\n");
    struct scenario *scenario = load(yaml);
    struct walk *walk = walk_create(scenario, 1, 0, NULL);
    while (walk_next(walk) == WALK_STEP) {
    }
    struct simulation *plain = simulation_create(scenario, 1, 0);
    simulation_start(plain);
    CU_ASSERT_EQUAL(simulation_run_until(plain, INT64_MAX, NULL, NULL, NULL), STATUS_OK);
    CU_ASSERT_EQUAL(digest_value(&simulation_clock(plain)->digest),
        digest_value(&simulation_clock(walk_simulation(walk))->digest));
    CU_ASSERT_EQUAL(simulation_now_ns(plain), simulation_now_ns(walk_simulation(walk)));
    simulation_destroy(plain);
    walk_destroy(walk);
    scenario_destroy(scenario);
}

static const struct suite_test tests[] = {
    {"the empty slice, and the first pod", test_placeholder_and_first_pod},
    {"which slice is filled", test_filling},
    {"readiness and labels", test_readiness_and_labels},
    {"truncation", test_truncation},
    {"batch periods", test_batch_period},
    {"a Service is edited and deleted", test_service_edits},
    {"packing policies", test_policies},
    {"mirroring", test_mirroring},
    {"every decision has words and a rule", test_every_kind_has_words},
    {"the digest", test_digest},
};

int main(void)
{
    return suite_main("walk_reason", tests, sizeof tests / sizeof tests[0]);
}
