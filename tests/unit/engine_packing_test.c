/*
 * engine_packing_test.c: packing policies in worked examples: sizes of slices and requests, counted by hand,
 * each beside what `upstream` does in the same place. What holds under any policy is in
 * model/policies_test.c.
 */
#include "engine_kit.h"

#include "engine/engine_private.h"
#include "engine/packing_policy.h"

/* Slices of these lengths, made under `upstream`; from then on the policy is another one. Each lot but the
 * first must not fit into what is there. */
static void start_with(struct kit *kit, uint32_t per_slice, const uint32_t *lots, uint32_t count,
    const struct packing_policy *policy)
{
    kit_init(kit, per_slice);
    kit->config.choices = CHOICE_FIXED;
    kit_node(kit, "node-1", "zone-a");
    kit_service(kit, "web");
    kit_run(kit);
    uint32_t pods = 0;
    for (uint32_t i = 0; i < count; i++) {
        kit_pods(kit, pods, lots[i], true);
        pods += lots[i];
        kit_run(kit);
    }
    text_clear(&kit->log);
    kit->engine->packing = policy;
}

static void remove_pods(struct kit *kit, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        char name[32];
        snprintf(name, sizeof name, "web-%u", i);
        kit_remove(kit, name);
    }
}

/* Requests of the EndpointSlice controller alone. */
static const char *slice_requests(struct kit *kit, struct text *out)
{
    text_clear(out);
    text_add(out, "");
    char *save = NULL;
    for (char *line = strtok_r(kit->log.data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, "endpointslice ", 14) == 0)
            text_printf(out, "%s%s", out->length ? ", " : "", line + 14);
    }
    text_clear(&kit->log);
    return out->data;
}

/* Six pods come to slices of 7, 6 and 9 out of 10. No unchanged slice has room for all six: upstream opens a
 * slice. best-fit-all fills the 9, then the 7, and two go to the 6. */
static void best_fit_all(void)
{
    static const uint32_t lots[] = {7, 6, 9};
    struct kit kit;
    struct text text = {0};
    start_with(&kit, 10, lots, 3, &packing_upstream);
    KIT_TEXT(kit_sizes(&kit, &text), "7 6 9");
    kit_pods(&kit, 22, 6, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "7 6 9 6");
    KIT_TEXT(slice_requests(&kit, &text), "create 6+6-0");
    kit_fini(&kit);

    start_with(&kit, 10, lots, 3, &packing_best_fit_all);
    kit_pods(&kit, 22, 6, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "10 8 10");
    KIT_TEXT(slice_requests(&kit, &text), "update 10+3-0, update 8+2-0, update 10+1-0");
    /* Two places are left, and 13 pods come: eleven need two slices. */
    kit_pods(&kit, 28, 13, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "10 10 10 10 1");
    KIT_TEXT(slice_requests(&kit, &text), "create 10+10-0, create 1+1-0, update 10+2-0");
    kit_fini(&kit);
    text_fini(&text);
}

/* A slice that is written anyway is not preferred to a fuller one, but to an equally full one it is. */
static void best_fit_all_written(void)
{
    static const uint32_t lots[] = {7, 6, 9};
    struct kit kit;
    struct text text = {0};
    start_with(&kit, 10, lots, 3, &packing_best_fit_all);
    kit_ready(&kit, "web-8", false, 5); /* in the slice of 6 */
    kit_pods(&kit, 22, 2, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "8 6 10");
    KIT_TEXT(slice_requests(&kit, &text), "update 8+1-0, update 6+0-0, update 10+1-0");
    remove_pods(&kit, 0, 2); /* 6 6 10, and the first of the sixes is written anyway */
    kit_pods(&kit, 24, 1, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "7 6 10");
    KIT_TEXT(slice_requests(&kit, &text), "update 7+1-2");
    kit_fini(&kit);
    text_fini(&text);
}

/* 7, 6 and 9 lose two endpoints of the 9: 20 are left, for which two slices are enough. With a slack of 0 %
 * the 6 is emptied: three go to the slice that is written anyway, the other three fit exactly into the first.
 * With 50 % three slices may be. */
static void rebalance(void)
{
    static const uint32_t lots[] = {7, 6, 9};
    static const struct {
        uint32_t slack_percent;
        const char *sizes, *requests;
    } cases[] = {
        {0, "10 10", "update 10+3-0, update 10+3-2, delete 0+0-6"},
        {50, "7 6 7", "update 7+0-2"},
    };
    struct text text = {0};
    for (size_t i = 0; i < 2; i++) {
        struct kit kit;
        start_with(&kit, 10, lots, 3, &packing_rebalance);
        kit.engine->config.rebalance_slack_percent = cases[i].slack_percent;
        remove_pods(&kit, 13, 2);
        kit_run(&kit);
        KIT_TEXT(kit_sizes(&kit, &text), cases[i].sizes);
        KIT_TEXT(slice_requests(&kit, &text), cases[i].requests);
        kit_fini(&kit);
    }
    text_fini(&text);
}

/* The slice that is written is itself the emptiest, and one of its endpoints has changed: that goes along. */
static void rebalance_written(void)
{
    static const uint32_t lots[] = {7, 6, 9};
    struct kit kit;
    struct text text = {0};
    start_with(&kit, 10, lots, 3, &packing_rebalance);
    kit.engine->config.rebalance_slack_percent = 0;
    remove_pods(&kit, 9, 4); /* of the 6: web-7 and web-8 are left of it */
    kit_ready(&kit, "web-8", false, 5);
    kit_run(&kit);
    /* 18 endpoints. Two fit into the 7 alone. */
    KIT_TEXT(kit_slices(&kit, "web", &text),
        "[http:8080]=web-0,web-1,web-2,web-3,web-4,web-5,web-6,web-7,web-8-! "
        "[http:8080]=web-13,web-14,web-15,web-16,web-17,web-18,web-19,web-20,web-21");
    KIT_TEXT(slice_requests(&kit, &text), "update 9+2-0, delete 0+0-6");
    /* What was moved is found where it is now. */
    kit_remove(&kit, "web-7");
    kit_ready(&kit, "web-8", true, 9);
    kit_run(&kit);
    KIT_TEXT(slice_requests(&kit, &text), "update 8+0-1");
    /* Six pods come, and there are three places: upstream opens a slice, which is not one too many. */
    kit_pods(&kit, 30, 6, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "8 9 6");
    KIT_TEXT(slice_requests(&kit, &text), "create 6+6-0");
    kit_fini(&kit);
    text_fini(&text);
}

/* Upstream would open a slice for three; there are two places in one and one in the other, so it never comes
 * to be. */
static void rebalance_new(void)
{
    static const uint32_t lots[] = {8, 9};
    struct kit kit;
    struct text text = {0};
    start_with(&kit, 10, lots, 2, &packing_rebalance);
    kit.engine->config.rebalance_slack_percent = 0;
    kit_pods(&kit, 17, 3, true);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "10 10");
    KIT_TEXT(slice_requests(&kit, &text), "update 10+2-0, update 10+1-0");
    kit_fini(&kit);
    text_fini(&text);
}

/* A policy finds slices that upstream left, and acts at the first look at everything, be it at nothing new.
 */
static void rebalance_at_start(void)
{
    static const uint32_t lots[] = {6, 5, 7, 8};
    struct kit kit;
    struct text text = {0};
    start_with(&kit, 10, lots, 4, &packing_rebalance);
    kit.engine->config.rebalance_slack_percent = 0;
    remove_pods(&kit, 11, 6); /* one of the 7 is left */
    kit.engine->packing = &packing_upstream;
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "6 5 1 8");
    text_clear(&kit.log);
    kit.engine->packing = &packing_rebalance;
    struct service *service = kit_service_edit(&kit, "web");
    store_put_service(kit.store, service);
    kit_run(&kit);
    /* 20 need two. The 1 goes where it fits best, to the 8; the 5 to the 9 (one) and the 6 (four). */
    KIT_TEXT(kit_sizes(&kit, &text), "10 10");
    KIT_TEXT(slice_requests(&kit, &text), "update 10+4-0, update 10+2-0, delete 0+0-1, delete 0+0-5");
    kit_fini(&kit);
    text_fini(&text);
}

static void pods_on(struct kit *kit, uint32_t first, uint32_t count, const char *node)
{
    for (uint32_t i = first; i < first + count; i++) {
        char name[32], ip[32];
        snprintf(name, sizeof name, "web-%u", i);
        snprintf(ip, sizeof ip, "10.0.0.%u", i + 1);
        struct pod *pod = kit_draft(kit, name, ip, "web", true, 0);
        pod->node_name = kit_sym(kit, node);
        store_put_pod(kit->store, pod);
    }
}

/* Three pods in each of two zones and one on a node without a zone, five a slice: two slices would do. */
static void zones(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 5);
    kit.config.choices = CHOICE_FIXED;
    kit.config.packing_policy = PACKING_ONE_SLICE_PER_ZONE;
    kit_node(&kit, "node-1", "zone-a");
    kit_node(&kit, "node-2", "zone-b");
    kit_node(&kit, "node-3", "");
    kit_service(&kit, "web");
    kit_run(&kit);
    for (uint32_t i = 0; i < 3; i++) {
        pods_on(&kit, 2 * i, 1, "node-1");
        pods_on(&kit, 2 * i + 1, 1, "node-2");
    }
    pods_on(&kit, 6, 1, "node-3");
    kit_run(&kit);
    struct service_state state;
    CU_ASSERT(engine_state(kit.engine, kit.namespace, kit_sym(&kit, "web"), &state));
    CU_ASSERT_EQUAL(state.slices, 3);
    CU_ASSERT_EQUAL(state.slices_ideal, 2); /* it does not depend on the policy */
    KIT_TEXT(kit_sizes(&kit, &text), "3 1 3");
    text_clear(&kit.log);
    /* Three more in zone-b do not fit into its slice, though there is room in zone-a's. */
    pods_on(&kit, 7, 3, "node-2");
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "3 1 3 3");
    KIT_TEXT(slice_requests(&kit, &text), "create 3+3-0");
    /* node-3 comes to be in zone-a; the Service is looked at, and its pod moves to that zone's slice. */
    kit_node(&kit, "node-3", "zone-a");
    kit_ready(&kit, "web-6", false, 5);
    kit_run(&kit);
    KIT_TEXT(kit_sizes(&kit, &text), "3 4 3");
    KIT_TEXT(slice_requests(&kit, &text), "update 4+1-0, delete 0+0-1");
    kit_fini(&kit);
    text_fini(&text);
}

/* Pods go away altogether and come back: the placeholder is recycled as under upstream (S-49, S-71). */
static void placeholder(void)
{
    struct kit kit;
    struct text text = {0};
    for (int policy = 0; policy < PACKING_POLICY_COUNT; policy++) {
        kit_init(&kit, 5);
        kit.config.choices = CHOICE_FIXED;
        kit.config.packing_policy = (enum packing_policy_kind)policy;
        kit_node(&kit, "node-1", "zone-a");
        kit_service(&kit, "web");
        kit_run(&kit);
        kit_pods(&kit, 0, 3, true);
        kit_run(&kit);
        KIT_TEXT(slice_requests(&kit, &text), "create 0+0-0, update 3+3-0");
        remove_pods(&kit, 0, 3);
        kit_run(&kit);
        KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
        KIT_TEXT(slice_requests(&kit, &text), "update 0+0-3");
        kit_fini(&kit);
    }
    text_fini(&text);
}

static void names(void)
{
    static const char *const wanted[PACKING_POLICY_COUNT] = {
        "upstream", "best-fit-all", "rebalance", "one-slice-per-zone"};
    for (int policy = 0; policy < PACKING_POLICY_COUNT; policy++)
        CU_ASSERT_STRING_EQUAL(packing_policy_text((enum packing_policy_kind)policy), wanted[policy]);
    struct engine_config config = engine_config_default();
    CU_ASSERT_EQUAL(config.packing_policy, PACKING_UPSTREAM);
    CU_ASSERT_EQUAL(config.rebalance_slack_percent, 25);
    config.packing_policy = PACKING_POLICY_COUNT;
    CU_ASSERT_PTR_NOT_NULL(engine_config_check(&config));
    config = engine_config_default();
    config.rebalance_slack_percent = 10001;
    CU_ASSERT_PTR_NOT_NULL(engine_config_check(&config));
}

static const struct suite_test tests[] = {
    {"best-fit-all fills what is there", best_fit_all},
    {"best-fit-all, slices that are written anyway", best_fit_all_written},
    {"rebalance and its slack", rebalance},
    {"rebalance empties a slice that is written", rebalance_written},
    {"rebalance opens no slice too many", rebalance_new},
    {"rebalance of what was there before", rebalance_at_start},
    {"one slice per zone", zones},
    {"placeholders (S-49, S-71)", placeholder},
    {"names and limits", names},
};

int main(void)
{
    return suite_main("engine_packing", tests, sizeof tests / sizeof tests[0]);
}
