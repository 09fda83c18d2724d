/*
 * epsim_test.c: the library's public interface: its configuration, and Endpoints and slices by hand.
 * It pins that each setting reaches its controller, and that what is wrong is refused and leaves everything
 * as it was. It does not pin what the controllers do: engine_*_test.c.
 */
#include "epsim.h"

#include "suite.h"

#define S INT64_C(1000000000)

/* What was asked of the API, as "CONTROLLER VERB ENDPOINTS@SECONDS" each. */
struct requests {
    char text[2048];
    size_t length;
    char slice[64]; /* the last slice that the mirroring controller created */
};

static void note_write(void *context, const struct epsim_write *write)
{
    struct requests *requests = context;
    size_t room = sizeof requests->text - requests->length;
    int length = snprintf(requests->text + requests->length, room, "%s %s %u@%g\n", write->controller,
        write->verb, write->endpoints, (double)write->at_ns / (double)S);
    CU_ASSERT_FATAL(length > 0 && (size_t)length < room);
    requests->length += (size_t)length;
    if (!strcmp(write->controller, "mirroring") && !strcmp(write->verb, "create"))
        snprintf(requests->slice, sizeof requests->slice, "%s", write->object);
}

static void clear(struct requests *requests)
{
    requests->length = 0;
    requests->text[0] = '\0';
}

static const struct epsim_port http = {.name = "http", .port = 8080};

/* A Service "db" without selector and its Endpoints: one address that is ready, one that is not. */
static enum epsim_status write_endpoints(struct epsim *sim, size_t count)
{
    static const struct epsim_address addresses[] = {
        {.ip = "192.0.2.1", .node = "node-1", .ready = true}, {.ip = "192.0.2.2"}, {.ip = "192.0.2.3"}};
    return epsim_endpoints_apply(sim,
        &(struct epsim_endpoints){
            .name = "db", .addresses = addresses, .address_count = count, .ports = &http, .port_count = 1});
}

static struct epsim *make_mirrored(const struct epsim_config *config, struct requests *requests)
{
    struct epsim *sim = epsim_create(config);
    CU_ASSERT_FATAL(sim != NULL);
    epsim_on_write(sim, note_write, requests);
    CU_ASSERT_EQUAL(
        epsim_service_apply(sim, &(struct epsim_service){.name = "db", .ports = &http, .port_count = 1}),
        EPSIM_OK);
    CU_ASSERT_EQUAL(write_endpoints(sim, 2), EPSIM_OK);
    epsim_run(sim, S);
    return sim;
}

/* --- Endpoints by hand -------------------------------------------------------------------------------- */

static void note_backend(void *context, const struct epsim_backend *backend)
{
    char *text = context;
    sprintf(text + strlen(text), "%s %s %s;", backend->address, backend->node, backend->ready ? "yes" : "no");
}

static void endpoints_are_mirrored(void)
{
    struct requests requests = {.text = ""};
    struct epsim_config config = epsim_config_default();
    struct epsim *sim = make_mirrored(&config, &requests);
    CU_ASSERT_STRING_EQUAL(requests.text, "user create 2@0\nmirroring create 2@0\n");
    char seen[256] = "";
    CU_ASSERT_EQUAL(epsim_each_endpoints_address(sim, NULL, "db", note_backend, seen), 2);
    CU_ASSERT_STRING_EQUAL(seen, "192.0.2.1 node-1 yes;192.0.2.2  no;");
    seen[0] = '\0';
    CU_ASSERT_EQUAL(epsim_each_slice_endpoint(sim, NULL, "db", note_backend, seen), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(seen, "192.0.2.1 node-1 yes;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(seen, "192.0.2.2  no;"));

    clear(&requests);
    CU_ASSERT_EQUAL(write_endpoints(sim, 2), EPSIM_OK);
    epsim_run(sim, 2 * S);
    CU_ASSERT_STRING_EQUAL(requests.text, "user noop 2@1\n");
    clear(&requests);
    CU_ASSERT_EQUAL(write_endpoints(sim, 3), EPSIM_OK);
    epsim_run(sim, 3 * S);
    CU_ASSERT_STRING_EQUAL(requests.text, "user update 3@2\nmirroring update 3@2\n");
    clear(&requests);
    CU_ASSERT_EQUAL(epsim_endpoints_delete(sim, NULL, "db"), EPSIM_OK);
    CU_ASSERT_EQUAL(epsim_endpoints_delete(sim, NULL, "db"), EPSIM_NOT_FOUND);
    epsim_run(sim, 4 * S);
    CU_ASSERT_STRING_EQUAL(requests.text, "user delete 0@3\nmirroring delete 0@3\n");
    epsim_destroy(sim);
}

/* Endpoints of a Service with a selector are the controller's: it puts them right. */
static void endpoints_are_put_right(void)
{
    const struct epsim_label app = {"app", "web"};
    struct requests requests = {.text = ""};
    struct epsim_config config = epsim_config_default();
    struct epsim *sim = epsim_create(&config);
    epsim_service_apply(
        sim, &(struct epsim_service){
                 .name = "db", .selector = &app, .selector_count = 1, .ports = &http, .port_count = 1});
    epsim_run(sim, S);
    epsim_on_write(sim, note_write, &requests);
    CU_ASSERT_EQUAL(epsim_endpoints_delete(sim, NULL, "db"), EPSIM_OK);
    epsim_run(sim, 2 * S);
    CU_ASSERT_STRING_EQUAL(requests.text, "user delete 0@1\nendpoints create 0@1\n");
    epsim_destroy(sim);
}

static void wrong_endpoints_are_refused(void)
{
    struct requests requests = {.text = ""};
    struct epsim_config config = epsim_config_default();
    struct epsim *sim = make_mirrored(&config, &requests);
    uint64_t digest = epsim_digest(sim);
    const struct epsim_address no_ip = {.ip = "192.0.2"}, no_node = {.ip = "192.0.2.1", .node = "Node 1"};
    const struct epsim_port no_port = {.name = "http", .port = 0};
    const struct epsim_label no_label = {"app", "not a value"};
    const struct epsim_endpoints wrong[] = {
        {.name = NULL},
        {.name = "Not A Name"},
        {.name = "db", .namespace_name = "Not A Name"},
        {.name = "db", .addresses = &no_ip, .address_count = 1},
        {.name = "db", .addresses = &no_node, .address_count = 1},
        {.name = "db", .ports = &no_port, .port_count = 1},
        {.name = "db", .labels = &no_label, .label_count = 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_EQUAL(epsim_endpoints_apply(sim, &wrong[i]), EPSIM_INVALID);
    CU_ASSERT_EQUAL(epsim_endpoints_delete(sim, NULL, NULL), EPSIM_INVALID);
    CU_ASSERT_EQUAL(epsim_endpointslice_delete(sim, NULL, NULL), EPSIM_INVALID);
    CU_ASSERT_EQUAL(epsim_endpointslice_delete(sim, NULL, "db-xxxxx"), EPSIM_NOT_FOUND);
    CU_ASSERT_EQUAL(epsim_run(sim, 2 * S), 0);
    CU_ASSERT_EQUAL(epsim_digest(sim), digest);
    epsim_destroy(sim);
}

/* --- settings ------------------------------------------------------------------------------------------ */

/* M-42: what somebody does to a mirrored slice is put right a period later. */
static void mirroring_waits_for_its_period(void)
{
    static const struct {
        int64_t period_ns;
        const char *requests;
    } cases[] = {
        {0, "user delete 0@1\nmirroring create 2@1\n"}, {5 * S, "user delete 0@1\nmirroring create 2@6\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct requests requests = {.text = ""};
        struct epsim_config config = epsim_config_default();
        config.mirroring_endpointslice_updates_batch_period_ns = cases[i].period_ns;
        struct epsim *sim = make_mirrored(&config, &requests);
        clear(&requests);
        CU_ASSERT_EQUAL(epsim_endpointslice_delete(sim, NULL, requests.slice), EPSIM_OK);
        epsim_run(sim, EPSIM_TIME_END);
        CU_ASSERT_STRING_EQUAL(requests.text, cases[i].requests);
        epsim_destroy(sim);
    }
}

/* M-12. */
static void mirroring_has_a_limit(void)
{
    struct requests requests = {.text = ""};
    struct epsim_config config = epsim_config_default();
    config.mirroring_endpoints_per_subset_max = 1;
    struct epsim *sim = make_mirrored(&config, &requests);
    CU_ASSERT_STRING_EQUAL(requests.text, "user create 2@0\nmirroring create 1@0\n");
    epsim_destroy(sim);
}

/* Ten pods at five a slice, then six of them leave: how many slices are left. */
static uint32_t slices_after_leaving(enum epsim_packing policy, uint32_t slack_percent)
{
    const struct epsim_label app = {"app", "web"};
    struct epsim_config config = epsim_config_default();
    config.endpoints_per_slice_max = 5;
    config.choices_fixed = true;
    config.packing_policy = policy;
    config.rebalance_slack_percent = slack_percent;
    struct epsim *sim = epsim_create(&config);
    CU_ASSERT_FATAL(sim != NULL);
    epsim_node_apply(sim, &(struct epsim_node){.name = "a", .zone = "zone-a"});
    epsim_node_apply(sim, &(struct epsim_node){.name = "b", .zone = "zone-b"});
    epsim_service_apply(
        sim, &(struct epsim_service){
                 .name = "web", .selector = &app, .selector_count = 1, .ports = &http, .port_count = 1});
    char name[16], ip[24];
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "web-%d", i);
        snprintf(ip, sizeof ip, "10.0.0.%d", i + 1);
        epsim_pod_apply(sim, &(struct epsim_pod){.name = name,
                                 .labels = &app,
                                 .label_count = 1,
                                 .node = i % 2 ? "a" : "b",
                                 .ip = ip,
                                 .ready = true});
        epsim_run(sim, i * S);
    }
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "web-%d", i < 3 ? i : i + 2);
        CU_ASSERT_EQUAL(epsim_pod_delete(sim, NULL, name), EPSIM_OK);
    }
    epsim_run(sim, EPSIM_TIME_END);
    struct epsim_service_state state;
    CU_ASSERT_EQUAL_FATAL(epsim_service_state(sim, NULL, "web", &state), EPSIM_OK);
    CU_ASSERT_EQUAL(state.slice_endpoints, 4);
    epsim_destroy(sim);
    return state.slices;
}

static void policies_pack(void)
{
    CU_ASSERT_EQUAL(slices_after_leaving(EPSIM_PACKING_UPSTREAM, 0), 2);
    CU_ASSERT_EQUAL(slices_after_leaving(EPSIM_PACKING_BEST_FIT_ALL, 0), 2);
    CU_ASSERT_EQUAL(slices_after_leaving(EPSIM_PACKING_REBALANCE, 0), 1);
    CU_ASSERT_EQUAL(slices_after_leaving(EPSIM_PACKING_REBALANCE, 100), 2);
    CU_ASSERT_EQUAL(slices_after_leaving(EPSIM_PACKING_ONE_SLICE_PER_ZONE, 0), 2);
}

static void wrong_settings_are_refused(void)
{
    struct epsim_config wrong[7];
    for (int i = 0; i < 7; i++)
        wrong[i] = epsim_config_default();
    CU_ASSERT_EQUAL(wrong[0].packing_policy, EPSIM_PACKING_UPSTREAM);
    CU_ASSERT_EQUAL(wrong[0].rebalance_slack_percent, 25);
    CU_ASSERT_EQUAL(wrong[0].mirroring_endpoints_per_subset_max, 1000);
    CU_ASSERT_EQUAL(wrong[0].mirroring_endpointslice_updates_batch_period_ns, 0);
    wrong[0].packing_policy = (enum epsim_packing)4;
    wrong[1].rebalance_slack_percent = 10001;
    wrong[2].mirroring_endpoints_per_subset_max = 0;
    wrong[3].mirroring_endpointslice_updates_batch_period_ns = -1;
    wrong[4].mirroring_endpointslice_updates_batch_period_ns = 86400 * S + 1;
    wrong[5].endpoints_per_slice_max = 1001;
    wrong[6].kube_minor = 33;
    for (int i = 0; i < 7; i++)
        CU_ASSERT_PTR_NULL(epsim_create(&wrong[i]));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"Endpoints by hand are mirrored", endpoints_are_mirrored},
        {"the controller's Endpoints are put right", endpoints_are_put_right},
        {"Endpoints that are wrong change nothing", wrong_endpoints_are_refused},
        {"the mirroring controller waits for its batch period (M-42)", mirroring_waits_for_its_period},
        {"the mirroring controller has a limit (M-12)", mirroring_has_a_limit},
        {"packing policies", policies_pack},
        {"settings out of range", wrong_settings_are_refused},
    };
    return suite_main("epsim", tests, sizeof tests / sizeof tests[0]);
}
