/*
 * testbed.c: see testbed.h.
 */
#include "bench/testbed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/made_name.h"

#define START_S INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define ZONE_COUNT 3
/* 10.0.0.0/8 has room for 16 million addresses; after that they come again. */
#define ADDRESS_FIRST UINT32_C(0x0a000001)
#define ADDRESS_COUNT UINT32_C(0x00fffffe)

const char *testbed_name(const char *prefix, uint32_t number, char out[TESTBED_NAME_MAX])
{
    char digits[10];
    int count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    char *end = out;
    while (*prefix)
        *end++ = *prefix++;
    *end++ = '-';
    while (count > 0)
        *end++ = digits[--count];
    *end = '\0';
    return out;
}

static void add_nodes(struct testbed *bed, uint32_t count)
{
    bed->nodes = mem_array(NULL, count, sizeof *bed->nodes);
    for (uint32_t i = 0; i < count; i++) {
        char name[TESTBED_NAME_MAX];
        char zone[] = "zone-a";
        zone[sizeof zone - 2] = (char)('a' + i % ZONE_COUNT);
        struct node *node = node_create(bed->catalog);
        node->meta.name = bed->nodes[i] = catalog_sym(bed->catalog, testbed_name("node", i, name));
        node->ready = CONDITION_TRUE;
        node->pods_max = UINT32_MAX;
        node->meta.labels = labels_with(bed->catalog, node->meta.labels,
            catalog_word(bed->catalog, WORD_ZONE), catalog_sym(bed->catalog, zone));
        store_put_node(bed->store, node);
    }
}

struct testbed *testbed_create(const struct engine_config *config, uint32_t nodes)
{
    struct testbed *bed = mem_zalloc(sizeof *bed);
    struct engine_config defaults = engine_config_default();
    clock_init(&bed->clock, 1, 0);
    random_stream_init(&bed->choices, 1, 0, "bench");
    bed->store = store_create(&bed->clock, START_S);
    bed->catalog = store_catalog(bed->store);
    bed->namespace = catalog_sym(bed->catalog, "default");
    bed->app = catalog_sym(bed->catalog, "app");
    add_nodes(bed, nodes);
    bed->engine = engine_create(bed->store, config != NULL ? config : &defaults);
    engine_start(bed->engine);
    return bed;
}

void testbed_destroy(struct testbed *bed)
{
    if (bed == NULL)
        return;
    engine_destroy(bed->engine);
    store_destroy(bed->store);
    clock_fini(&bed->clock);
    free(bed->nodes);
    free(bed);
}

sym testbed_node(const struct testbed *bed, uint32_t number)
{
    return bed->nodes[number];
}

void testbed_add_service(struct testbed *bed, const char *name, sym app, const char *target)
{
    struct service *service = service_create(bed->catalog, 1);
    service->meta.namespace = bed->namespace;
    service->meta.name = catalog_sym(bed->catalog, name);
    service->meta.created_s = store_now_s(bed->store);
    service->cluster_ip = catalog_sym(bed->catalog, "10.96.0.10");
    service->families[0] = IP_V4;
    service->family_count = 1;
    service->selector = labels_intern(bed->catalog, &(struct label){bed->app, app}, 1);
    service->ports[0] = (struct service_port){
        .protocol = catalog_word(bed->catalog, WORD_TCP),
        .port = 80,
        .target_port = 8080,
        .target_name = target != NULL ? catalog_sym(bed->catalog, target) : SYM_EMPTY,
    };
    store_put_service(bed->store, service);
}

/* --- pods ------------------------------------------------------------------------------------ */

void testbed_put_pod(struct testbed *bed, const struct testbed_pod *in)
{
    struct target *self = target_create_drawn(
        bed->catalog, bed->namespace, in->name, (uint32_t)strlen(in->name), store_draw_uid(bed->store));
    struct pod *pod = pod_create(bed->catalog, self, store_now_s(bed->store));
    pod->phase = POD_RUNNING;
    pod->ready = in->ready ? CONDITION_TRUE : CONDITION_FALSE;
    pod_set_ready_since(pod, store_now_s(bed->store));
    pod->node_name = in->node;
    pod_set_labels(pod, labels_intern(bed->catalog, &(struct label){bed->app, in->app}, 1));
    if (in->ports != NULL)
        pod_set_container_ports(pod, in->ports);
    pod_set_ip(pod, ip_from_v4(ADDRESS_FIRST + bed->address_next++ % ADDRESS_COUNT));
    store_put_pod(bed->store, pod);
}

void testbed_delete_pod(struct testbed *bed, const char *name)
{
    store_remove_pod(bed->store, bed->namespace, name);
}

void testbed_set_ready(struct testbed *bed, const char *name, bool ready)
{
    struct pod *pod = pod_edit(store_pod(bed->store, bed->namespace, name));
    pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    pod_set_ready_since(pod, store_now_s(bed->store));
    store_put_pod(bed->store, pod);
}

void testbed_set_app(struct testbed *bed, const char *name, sym app)
{
    struct pod *pod = pod_edit(store_pod(bed->store, bed->namespace, name));
    pod_set_labels(pod, labels_intern(bed->catalog, &(struct label){bed->app, app}, 1));
    store_put_pod(bed->store, pod);
}

/* --- foresight ------------------------------------------------------------------------------- */

void testbed_foresee(struct testbed *bed, const char *name, enum foreseen_kind kind)
{
    engine_foresee(bed->engine, bed->namespace, pod_name_hash(name, strlen(name)), kind);
}

void testbed_draws_init(struct testbed *bed, struct testbed_draws *draws, uint32_t below)
{
    *draws = (struct testbed_draws){.below = below};
    for (uint32_t i = 0; i < TESTBED_DRAWS; i++)
        draws->numbers[i] = random_below(&bed->choices, below);
}

uint32_t testbed_draw(struct testbed *bed, struct testbed_draws *draws)
{
    uint32_t *number = &draws->numbers[draws->next], drawn = *number;
    *number = random_below(&bed->choices, draws->below);
    draws->next = (draws->next + 1) % TESTBED_DRAWS;
    return drawn;
}

/* --- events ---------------------------------------------------------------------------------- */

static void on_step(void *subject, uint64_t number)
{
    struct testbed *bed = subject;
    bed->step(bed, bed->context, number);
    if (++bed->step_next < bed->step_count)
        clock_after(&bed->clock, TESTBED_STEP_NS, PHASE_SCENARIO, EVENT_USER, on_step, bed, bed->step_next);
}

void testbed_run(struct testbed *bed, uint64_t count, testbed_step *step, void *context)
{
    bed->step = step;
    bed->context = context;
    bed->step_count = count;
    bed->step_next = 0;
    if (count > 0)
        clock_after(&bed->clock, TESTBED_STEP_NS, PHASE_SCENARIO, EVENT_USER, on_step, bed, 0);
    clock_run(&bed->clock, SIM_TIME_NEVER);
}
