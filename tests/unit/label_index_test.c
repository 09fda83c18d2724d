/*
 * label_index_test.c: which Services select a pod and which pods a Service selects, while label sets fall
 * empty, rest and wake.
 *
 * Pins: a set whose last pod went is in no list, and a pod that comes back finds it as it was, with the
 * Services as they are by then; another set of the same resting place drives it out; namespaces are apart;
 * against a search through everything, after every step of random programs.
 */
#include "engine/label_index.h"

#include "engine/engine_private.h"
#include "engine_kit.h"
#include "unit/suite.h"

static struct label_set *resting(struct kit *kit, const struct labels *labels)
{
    return kit->engine->resting[labels->id % LABEL_SETS_RESTING];
}

static const struct labels *app_labels(struct kit *kit, const char *app)
{
    return labels_with(kit->catalog, labels_empty(kit->catalog), kit_sym(kit, "app"), kit_sym(kit, app));
}

/* --- one thing at a time ------------------------------------------------------------------------------ */

static void test_rest_and_wake(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 0);
    kit_node(&kit, "node-1", "");
    kit_service(&kit, "web");
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    kit_run(&kit);
    const struct labels *web = app_labels(&kit, "web");
    CU_ASSERT_PTR_NULL(resting(&kit, web));
    struct label_set *set = kit.engine->label_sets.items[web->id];
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);

    kit_relabel(&kit, "web-0", "other");
    kit_run(&kit);
    CU_ASSERT_PTR_EQUAL(resting(&kit, web), set);
    CU_ASSERT_PTR_NULL(kit.engine->label_sets.items[web->id]);
    CU_ASSERT_EQUAL(set->places[0].bucket->sets.count, 0);
    /* A Service that comes meanwhile meets no pod of a set that rests, and is found when it wakes. */
    kit_service(&kit, "late");
    kit_run(&kit);
    KIT_TEXT(kit_slices(&kit, "late", &text), "[]=");
    kit_relabel(&kit, "web-0", "web");
    kit_run(&kit);
    CU_ASSERT_PTR_EQUAL(kit.engine->label_sets.items[web->id], set); /* the same, awake */
    CU_ASSERT_PTR_NULL(resting(&kit, web));
    CU_ASSERT_EQUAL(set->pods.count, 1);
    KIT_TEXT(kit_slices(&kit, "late", &text), "[http:8080]=web-0");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[http:8080]=web-0");
    text_fini(&text);
    kit_fini(&kit);
}

/* Of two sets that share a resting place the later one stays. */
static void test_driven_out(void)
{
    struct kit kit;
    char app[16], name[16], ip[16];
    kit_init(&kit, 0);
    for (uint32_t i = 0; i < 2 * LABEL_SETS_RESTING; i++) {
        snprintf(app, sizeof app, "app-%u", i);
        snprintf(name, sizeof name, "pod-%u", i);
        snprintf(ip, sizeof ip, "10.0.0.%u", i + 1);
        store_put_pod(kit.store, kit_draft(&kit, name, ip, app, true, 0));
    }
    kit_run(&kit);
    for (uint32_t i = 0; i < 2 * LABEL_SETS_RESTING; i++) {
        snprintf(name, sizeof name, "pod-%u", i);
        kit_remove(&kit, name);
        kit_run(&kit);
        snprintf(app, sizeof app, "app-%u", i);
        const struct labels *labels = app_labels(&kit, app);
        CU_ASSERT_PTR_NOT_NULL_FATAL(resting(&kit, labels));
        CU_ASSERT_PTR_EQUAL(resting(&kit, labels)->labels, labels);
        CU_ASSERT_EQUAL(resting(&kit, labels)->pods.count, 0);
    }
    CU_ASSERT_EQUAL(kit.engine->records.label_sets.count, LABEL_SETS_RESTING);
    kit_fini(&kit);
}

/* The labels are the same object in every namespace; a set is not. */
static void test_namespaces(void)
{
    struct kit kit;
    struct text text = {0};
    kit_init(&kit, 0);
    kit_service(&kit, "web");
    kit_pod(&kit, "web-0", "10.0.0.1", true);
    kit_run(&kit);
    kit_remove(&kit, "web-0");
    kit_run(&kit);
    const struct labels *web = app_labels(&kit, "web");
    struct label_set *set = resting(&kit, web);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    kit.namespace = kit_sym(&kit, "apart");
    kit_pod(&kit, "web-0", "10.0.0.2", true);
    kit_run(&kit);
    CU_ASSERT_PTR_EQUAL(resting(&kit, web), set); /* it sleeps on: the pod is elsewhere */
    CU_ASSERT_PTR_NOT_EQUAL(kit.engine->label_sets.items[web->id], set);
    kit.namespace = kit_sym(&kit, "default");
    KIT_TEXT(kit_slices(&kit, "web", &text), "[]=");
    text_fini(&text);
    kit_fini(&kit);
}

/* --- against a search through everything --------------------------------------------------------------- */

#define PODS 12
#define SERVICES 6

/* What label_index_pods shows, which has no room for a context. */
static struct {
    uint32_t found, right;
} seen;

static void see_pod(struct service_entry *entry, struct pod_entry *pod)
{
    seen.found++;
    seen.right += labels_match(entry->service->selector, pod_labels(pod_entry_pod(pod)));
}

/* Each Service sees the pods that it selects, each once; each pod the Services that select it, in their
 * order. */
static void check(struct kit *kit)
{
    struct engine *engine = kit->engine;
    for (uint32_t s = 0; s < engine->services.count; s++) {
        struct service_entry *entry = engine->services.items[s];
        if (!entry->service || !entry->service->selector || entry->service->selector->count == 0)
            continue;
        uint32_t wanted = 0;
        for (uint32_t p = 0; p < PODS; p++) {
            char name[16];
            snprintf(name, sizeof name, "p-%u", p);
            const struct pod *pod = store_pod(kit->store, kit->namespace, name);
            if (!pod)
                continue;
            bool selects = labels_match(entry->service->selector, pod_labels(pod));
            wanted += selects;
            const struct service_list *list =
                label_index_services(engine, pool_at(&engine->records.pods, pod_self(pod)->informer_state));
            uint32_t times = 0;
            for (uint32_t i = 0; i < list->items.count; i++) {
                times += list->items.items[i] == entry;
                CU_ASSERT(i == 0 || list->items.items[i - 1]->number < list->items.items[i]->number);
            }
            CU_ASSERT_EQUAL(times, selects);
        }
        seen.found = seen.right = 0;
        label_index_pods(entry, see_pod);
        CU_ASSERT_EQUAL(seen.found, wanted);
        CU_ASSERT_EQUAL(seen.right, wanted);
    }
}

static const struct labels *some_labels(struct kit *kit, uint64_t *random, uint32_t values)
{
    static const char *const keys[] = {"app", "tier", "team"}, *const texts[] = {
                                                                   "a", "b", "c", "d", "e", "f", "g"};
    const struct labels *labels = labels_empty(kit->catalog);
    uint32_t count = 1 + suite_below(random, 2);
    for (uint32_t i = 0; i < count; i++)
        labels = labels_with(kit->catalog, labels, kit_sym(kit, keys[suite_below(random, 3)]),
            kit_sym(kit, texts[suite_below(random, values)]));
    return labels;
}

static void step(struct kit *kit, uint64_t *random)
{
    char name[16], ip[16];
    if (suite_below(random, 5) == 0) {
        snprintf(name, sizeof name, "s-%u", suite_below(random, SERVICES));
        if (store_service(kit->store, kit->namespace, kit_sym(kit, name)) && suite_below(random, 2)) {
            kit_service_remove(kit, name);
            return;
        }
        struct service *service = kit_service_draft(kit, name, 1);
        service->selector = some_labels(kit, random, 3);
        store_put_service(kit->store, service);
        return;
    }
    uint32_t number = suite_below(random, PODS);
    snprintf(name, sizeof name, "p-%u", number);
    snprintf(ip, sizeof ip, "10.0.0.%u", number + 1);
    if (!store_pod(kit->store, kit->namespace, name)) {
        struct pod *pod = kit_draft(kit, name, ip, "a", true, 0);
        pod_set_labels(pod, some_labels(kit, random, 7));
        store_put_pod(kit->store, pod);
    } else if (suite_below(random, 3) == 0) {
        kit_remove(kit, name);
    } else {
        struct pod *pod = kit_edit(kit, name);
        pod_set_labels(pod, some_labels(kit, random, 7));
        store_put_pod(kit->store, pod);
    }
}

static void test_random(void)
{
    uint64_t random = suite_seed();
    struct kit kit;
    kit_init(&kit, 0);
    kit_start(&kit);
    uint32_t woken = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t rested = 0;
        for (uint32_t k = 0; k < LABEL_SETS_RESTING; k++)
            rested += kit.engine->resting[k] != NULL;
        step(&kit, &random);
        kit_run(&kit);
        for (uint32_t k = 0; k < LABEL_SETS_RESTING; k++)
            rested -= kit.engine->resting[k] != NULL;
        woken += (int32_t)rested > 0;
        check(&kit);
    }
    CU_ASSERT(woken > 50); /* sets did wake */
    kit_fini(&kit);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a set rests and wakes", test_rest_and_wake},
        {"the later one stays", test_driven_out},
        {"namespaces are apart", test_namespaces},
        {"random programs", test_random},
    };
    return suite_main("label_index", tests, sizeof tests / sizeof tests[0]);
}
