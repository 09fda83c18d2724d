/*
 * consumer.c: the library from outside: fifteen pods at five a slice are three slices; a pod that leaves
 * takes its endpoint along. Another packing policy closes the gaps that are left, and a batch period delays
 * what the mirroring controller puts right.
 */
#include <epsim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(const char *what, long long want, long long got)
{
    if (want != got) {
        fprintf(stderr, "%s: want %lld, got %lld\n", what, want, got);
        exit(1);
    }
}

static void count_write(void *context, const struct epsim_write *write)
{
    if (strcmp(write->controller, "endpointslice") == 0 && strcmp(write->verb, "create") == 0)
        ++*(int *)context;
}

static void remove_one(void *context, struct epsim *sim)
{
    (void)context;
    expect("delete", EPSIM_OK, epsim_pod_delete(sim, NULL, "web-7"));
}

static uint64_t play(void)
{
    struct epsim_config config = epsim_config_default();
    config.endpoints_per_slice_max = 5;
    struct epsim *sim = epsim_create(&config);
    int creations = 0;
    epsim_on_write(sim, count_write, &creations);

    const struct epsim_label app = {"app", "web"};
    const struct epsim_port port = {.name = "http", .port = 80, .target_port = 8080};
    expect("node", EPSIM_OK, epsim_node_apply(sim, &(struct epsim_node){.name = "node-1", .zone = "zone-a"}));
    expect("service", EPSIM_OK,
        epsim_service_apply(
            sim, &(struct epsim_service){
                     .name = "web", .selector = &app, .selector_count = 1, .ports = &port, .port_count = 1}));
    for (int i = 0; i < 15; i++) {
        char name[16], ip[24];
        snprintf(name, sizeof name, "web-%d", i);
        snprintf(ip, sizeof ip, "10.244.0.%d", i + 2);
        expect("pod", EPSIM_OK,
            epsim_pod_apply(sim, &(struct epsim_pod){.name = name,
                                     .labels = &app,
                                     .label_count = 1,
                                     .node = "node-1",
                                     .ip = ip,
                                     .ready = true}));
    }
    expect("at", EPSIM_OK, epsim_at(sim, INT64_C(10000000000), remove_one, NULL));

    struct epsim_service_state state;
    epsim_run(sim, INT64_C(5000000000));
    expect("now", INT64_C(5000000000), epsim_now_ns(sim)); /* though the last event was at 0 */
    expect("a time before", 0, (long long)epsim_run(sim, INT64_C(4000000000)));
    expect("now", INT64_C(5000000000), epsim_now_ns(sim));
    expect("state", EPSIM_OK, epsim_service_state(sim, NULL, "web", &state));
    expect("slices", 3, state.slices);
    expect("ready", 15, state.ready);
    expect("addresses", 15, (long long)epsim_each_endpoints_address(sim, NULL, "web", NULL, NULL));
    expect("created slices", 3, creations);

    epsim_run(sim, EPSIM_TIME_END);
    expect("now", INT64_C(10000000000), epsim_now_ns(sim));
    expect("endpoints", 14, (long long)epsim_each_slice_endpoint(sim, NULL, "web", NULL, NULL));
    expect("unknown", EPSIM_NOT_FOUND, epsim_pod_delete(sim, NULL, "web-7"));
    expect("invalid", EPSIM_INVALID, epsim_pod_apply(sim, &(struct epsim_pod){.name = "Not A Name"}));
    uint64_t digest = epsim_digest(sim);
    epsim_destroy(sim);
    return digest;
}

/* Six of ten pods leave: two slices of two are left, or one of four with no slack. */
static void pack(enum epsim_packing policy, long long slices)
{
    struct epsim_config config = epsim_config_default();
    config.endpoints_per_slice_max = 5;
    config.packing_policy = policy;
    config.rebalance_slack_percent = 0;
    struct epsim *sim = epsim_create(&config);
    const struct epsim_label app = {"app", "web"};
    const struct epsim_port port = {.name = "http", .port = 80};
    epsim_node_apply(sim, &(struct epsim_node){.name = "node-1"});
    epsim_service_apply(
        sim, &(struct epsim_service){
                 .name = "web", .selector = &app, .selector_count = 1, .ports = &port, .port_count = 1});
    for (int i = 0; i < 16; i++) {
        char name[16], ip[24];
        int number = i < 10 ? i : (i - 10) / 3 * 5 + (i - 10) % 3; /* 0, 1, 2, 5, 6 and 7 leave */
        snprintf(name, sizeof name, "web-%d", number);
        snprintf(ip, sizeof ip, "10.244.0.%d", number + 2);
        const struct epsim_pod pod = {
            .name = name, .labels = &app, .label_count = 1, .node = "node-1", .ip = ip, .ready = true};
        expect("pod", EPSIM_OK, i < 10 ? epsim_pod_apply(sim, &pod) : epsim_pod_delete(sim, NULL, name));
        if (i < 10)
            epsim_run(sim, EPSIM_TIME_END);
    }
    epsim_run(sim, EPSIM_TIME_END);
    struct epsim_service_state state;
    expect("state", EPSIM_OK, epsim_service_state(sim, NULL, "web", &state));
    expect("endpoints", 4, state.slice_endpoints);
    expect("slices", slices, state.slices);
    epsim_destroy(sim);
}

static void find_slice(void *context, const struct epsim_backend *backend)
{
    snprintf(context, 64, "%s", backend->object);
}

/* Somebody deletes a mirrored slice; it is made anew when the batch period is over. */
static void mirror(void)
{
    struct epsim_config config = epsim_config_default();
    config.mirroring_endpointslice_updates_batch_period_ns = INT64_C(3000000000);
    struct epsim *sim = epsim_create(&config);
    const struct epsim_port port = {.name = "sql", .port = 5432};
    const struct epsim_address address = {.ip = "192.0.2.1", .ready = true};
    char slice[64] = "";
    expect("service", EPSIM_OK,
        epsim_service_apply(sim, &(struct epsim_service){.name = "db", .ports = &port, .port_count = 1}));
    expect("endpoints", EPSIM_OK,
        epsim_endpoints_apply(sim,
            &(struct epsim_endpoints){
                .name = "db", .addresses = &address, .address_count = 1, .ports = &port, .port_count = 1}));
    epsim_run(sim, EPSIM_TIME_END);
    expect("mirrored", 1, (long long)epsim_each_slice_endpoint(sim, NULL, "db", find_slice, slice));
    expect("delete", EPSIM_OK, epsim_endpointslice_delete(sim, NULL, slice));
    epsim_run(sim, INT64_C(2999999999));
    expect("now", INT64_C(2999999999), epsim_now_ns(sim));
    expect("deleted", 0, (long long)epsim_each_slice_endpoint(sim, NULL, "db", NULL, NULL));
    epsim_run(sim, EPSIM_TIME_END);
    expect("now", INT64_C(3000000000), epsim_now_ns(sim));
    expect("mirrored again", 1, (long long)epsim_each_slice_endpoint(sim, NULL, "db", NULL, NULL));
    epsim_destroy(sim);
}

int main(void)
{
    pack(EPSIM_PACKING_UPSTREAM, 2);
    pack(EPSIM_PACKING_REBALANCE, 1);
    mirror();
    const uint64_t first = play();
    expect("digest of a second run", (long long)first, (long long)play());
    printf("epsim %s: %016llx\n", epsim_version(), (unsigned long long)first);
    return 0;
}
