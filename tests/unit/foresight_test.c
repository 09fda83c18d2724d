/*
 * foresight_test.c: events of pods that are foreseen, or are not, or never come, end in the same
 * (foresight.h).
 *
 * Guesses are about pods that are gone by then, came again, or whose Services, slices and Endpoints somebody
 * else deleted, while changes are under way. With the address sanitizer nothing that was given back may be
 * looked at. What it does not pin: that anything is faster.
 */
#include "engine_kit.h"

#include "model/made_name.h"

static struct foreseen_pods foresee(struct kit *kit, const char *name, enum foreseen_kind kind)
{
    return engine_foresee(kit->engine, kit->namespace, pod_name_hash(name, strlen(name)), kind);
}

/* --- who is foreseen ----------------------------------------------------------------------------------- */

static void test_identity(void)
{
    struct kit kit;
    kit_init(&kit, 0);
    kit_node(&kit, "node-1", "a");
    kit_pods(&kit, 0, 50, true);
    kit_run(&kit);
    CU_ASSERT_FALSE(engine_foresees(kit.engine));
    engine_foresee_from(kit.engine, 51);
    CU_ASSERT_FALSE(engine_foresees(kit.engine));
    engine_foresee_from(kit.engine, 50);
    CU_ASSERT_TRUE(engine_foresees(kit.engine));
    /* Those foreseen come nearer one by one, and at some distance they are told, each once. */
    char name[32];
    const struct target *told[50 + FORESIGHT_EVENTS];
    for (int i = 0; i < 50 + FORESIGHT_EVENTS; i++) {
        snprintf(name, sizeof name, "web-%d", i);
        struct foreseen_pods pods = foresee(&kit, name, FORESEEN_CHANGE);
        told[i] = pods.near;
        CU_ASSERT_PTR_EQUAL(pods.nearer, i > 0 ? told[i - 1] : NULL);
        CU_ASSERT_PTR_EQUAL(pods.nearest, i > 1 ? told[i - 2] : NULL);
    }
    int first = 0;
    while (first < FORESIGHT_EVENTS && !told[first])
        first++;
    CU_ASSERT_FATAL(first < FORESIGHT_EVENTS);
    /* It is a guess: two names in forty have the same bits in the index. */
    int right = 0;
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "web-%d", i);
        right += told[first + i] == pod_self(store_pod(kit.store, kit.namespace, name));
    }
    CU_ASSERT(right >= 45);
    /* One again and again: it is near after the first time. */
    const struct target *self = pod_self(store_pod(kit.store, kit.namespace, "web-1"));
    int again = 0;
    for (int i = 0; i < 4 * FORESIGHT_EVENTS; i++)
        again += foresee(&kit, "web-1", FORESEEN_CHANGE).near == self;
    CU_ASSERT(again <= 1);
    kit_fini(&kit);
}

/* --- no difference ------------------------------------------------------------------------------------- */

enum { NAMES = 40, STEPS = 3000 };

static const char *random_name(uint64_t *random, char out[32])
{
    snprintf(out, 32, "web-%u", (uint32_t)(suite_random(random) % NAMES));
    return out;
}

static void put_service(struct kit *kit, const char *name, const char *app)
{
    struct service *service = kit_service_draft(kit, name, 1);
    service->selector =
        labels_with(kit->catalog, labels_empty(kit->catalog), kit_sym(kit, "app"), kit_sym(kit, app));
    store_put_service(kit->store, service);
}

static bool first_slice(void *context, const void *object)
{
    *(sym *)context = ((const struct endpointslice *)object)->meta.name;
    return false;
}

static void delete_a_slice(struct kit *kit)
{
    sym name = SYM_EMPTY;
    store_each(kit->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, first_slice, &name);
    if (name != SYM_EMPTY)
        engine_delete_endpointslice(kit->engine, kit->namespace, name);
}

/* One change, of a kind and of a pod at random. */
static void step(struct kit *kit, uint64_t *random)
{
    static const char *const services[] = {"web", "too", "other"}, *const apps[] = {"web", "web", "other"};
    char name[32], ip[32];
    uint32_t which = (uint32_t)(suite_random(random) % 3), kind = (uint32_t)(suite_random(random) % 40);
    uint32_t address = (uint32_t)(suite_random(random) % 200) + 1;
    const struct pod *pod = store_pod(kit->store, kit->namespace, random_name(random, name));
    if (kind == 0) {
        if (!store_remove_service(kit->store, kit->namespace, kit_sym(kit, services[which])))
            put_service(kit, services[which], apps[which]);
    } else if (kind == 1) {
        delete_a_slice(kit);
    } else if (kind == 2) {
        engine_delete_endpoints(kit->engine, kit->namespace, kit_sym(kit, services[which]));
    } else if (kind == 3) {
        if (!store_remove_node(kit->store, kit_sym(kit, "node-1")))
            kit_node(kit, "node-1", "b");
    } else if (!pod) {
        snprintf(ip, sizeof ip, "10.0.0.%u", address);
        store_put_pod(kit->store, kit_draft(kit, name, ip, apps[which], address % 4 > 0, 0));
    } else if (kind < 15) {
        kit_remove(kit, name);
    } else if (kind < 20) {
        kit_relabel(kit, name, apps[which]);
    } else {
        kit_ready(kit, name, !pod_is_ready(pod), (int64_t)address);
    }
}

/* The digest of a run of random steps, several an instant, some of them foreseen. */
static uint64_t digest_of(uint64_t seed, bool foresees, struct text *out_log)
{
    struct kit kit;
    kit_init(&kit, 3);
    kit.config.endpoints_capacity = seed % 2 ? 5 : UINT32_MAX;
    kit.config.endpoint_updates_batch_period_ns = seed % 3 ? 0 : NS_PER_S;
    kit.config.endpointslice_updates_batch_period_ns = seed % 5 ? 0 : NS_PER_S / 2;
    kit_start(&kit);
    kit_node(&kit, "node-1", "a");
    put_service(&kit, "web", "web");
    put_service(&kit, "too", "web");
    uint64_t random = seed, guesses = ~seed;
    engine_foresee_from(kit.engine, foresees ? 0 : UINT32_MAX);
    for (uint32_t i = 0; i < STEPS; i++) {
        char name[32];
        for (uint32_t k = 0; k < 3 && engine_foresees(kit.engine); k++)
            foresee(&kit, random_name(&guesses, name), (enum foreseen_kind)k);
        step(&kit, &random);
        if (suite_random(&random) % 3 == 0)
            clock_run(
                &kit.clock, clock_now(&kit.clock) + (int64_t)(suite_random(&random) % 3) * NS_PER_S / 4);
    }
    kit_run(&kit);
    uint64_t digest = digest_value(&kit.clock.digest);
    text_add(out_log, kit.log.data);
    kit_fini(&kit);
    return digest;
}

static void test_no_difference(void)
{
    for (uint64_t k = 0; k < 12; k++) {
        struct text with = {0}, without = {0};
        uint64_t seed = suite_seed() + k;
        CU_ASSERT_EQUAL(digest_of(seed, true, &with), digest_of(seed, false, &without));
        CU_ASSERT_STRING_EQUAL(with.data, without.data);
        CU_ASSERT(with.length > 10 * STEPS);
        text_fini(&with);
        text_fini(&without);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"who is foreseen", test_identity},
        {"no difference", test_no_difference},
    };
    return suite_main("foresight", tests, sizeof tests / sizeof tests[0]);
}
