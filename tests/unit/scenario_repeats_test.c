/*
 * scenario_repeats_test.c: what repeats in events and traces has one number, and nothing else has it too.
 */
#include "scenario_kit.h"

#include "base/hash.h"

static const char text[] =
    "apiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {selector: {app: app}, ports: [{port: "
    "80}]}\n"
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
    "spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}\n"
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
    "spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}\n"
    "---\napiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: t}\nspec:\n  events:\n"
    "  - {at: 1s, label: pod/web-0, labels: {a: x, b: null}}\n"
    "  - {at: 2s, label: shop/pod/web-0, labels: {a: x}}\n"
    "  - {at: 3s, delete: shop/pod/web-12}\n"
    "  - {at: 4s, label: pod/web-4294967295, labels: {a: x, b: null}}\n"
    "  - {at: 5s, delete: pod/web-01}\n"
    "  - {at: 6s, delete: pod/web-x-1}\n"
    "  - {at: 7s, delete: pod/web-4294967296}\n"
    "  - {at: 8s, scale: deployment/web, replicas: 2}\n"
    "  - {at: 9s, create: pod/alone, labels: {b: \"\"}}\n"
    "  - at: 0s\n"
    "    replay:\n"
    "      pods: |\n"
    "        service pod create labels\n"
    "        app p-1 1 a=x\n"
    "        app p-2 2 -\n"
    "        app p-3 3 a=x\n"
    "        app p-4 4 a=y\n";

static const struct reference *target(const struct loaded *loaded, uint32_t i)
{
    return &loaded->scenario->events.items[i].target;
}

static void expect_made(const struct loaded *loaded, uint32_t i, uint32_t maker, uint32_t ordinal)
{
    CU_ASSERT_EQUAL(target(loaded, i)->maker, maker);
    CU_ASSERT_EQUAL(target(loaded, i)->ordinal, ordinal);
    CU_ASSERT_EQUAL(
        target(loaded, i)->name_hash, hash64(target(loaded, i)->name, strlen(target(loaded, i)->name)));
}

static void test_makers(void)
{
    struct loaded loaded = load_good(text);
    CU_ASSERT_EQUAL_FATAL(loaded.scenario->events.count, 9);
    expect_made(&loaded, 0, 1, 0);
    expect_made(&loaded, 1, 2, 0); /* the same name elsewhere */
    expect_made(&loaded, 2, 2, 12);
    expect_made(&loaded, 3, 1, UINT32_MAX);
    expect_made(&loaded, 4, 0, 0); /* nobody's ordinal is written like that */
    expect_made(&loaded, 5, 3, 1);
    expect_made(&loaded, 6, 0, 0); /* more pods than a workload can make */
    CU_ASSERT_EQUAL(target(&loaded, 7)->maker, 0);
    CU_ASSERT_EQUAL(target(&loaded, 7)->name_hash, 0);
    expect_made(&loaded, 8, 0, 0);
    CU_ASSERT_EQUAL_FATAL(loaded.scenario->makers.count, 3);
    CU_ASSERT_STRING_EQUAL(loaded.scenario->makers.items[0].name, "web");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->makers.items[0].namespace, "default");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->makers.items[1].namespace, "shop");
    CU_ASSERT_STRING_EQUAL(loaded.scenario->makers.items[2].name, "web-x");
    CU_ASSERT_PTR_EQUAL(target(&loaded, 1)->namespace, target(&loaded, 2)->namespace);
    unload(&loaded);
}

static void test_label_maps(void)
{
    struct loaded loaded = load_good(text);
    const struct scenario_event *events = loaded.scenario->events.items;
    const struct trace *trace = &loaded.scenario->traces.items[0];
    CU_ASSERT_EQUAL(events[0].labels.number, 1);
    CU_ASSERT_EQUAL(events[1].labels.number, 2);
    CU_ASSERT_EQUAL(events[2].labels.number, 0);
    CU_ASSERT_EQUAL(events[3].labels.number, 1);
    CU_ASSERT_EQUAL(events[8].labels.number, 3); /* an empty value is none that is taken away */
    CU_ASSERT_EQUAL_FATAL(trace->pod_count, 4);
    CU_ASSERT_EQUAL(trace->pods[0].labels.number, 2);
    CU_ASSERT_EQUAL(trace->pods[1].labels.number, 0);
    CU_ASSERT_EQUAL(trace->pods[2].labels.number, 2);
    CU_ASSERT_EQUAL(trace->pods[3].labels.number, 4);
    CU_ASSERT_EQUAL(trace->pods[3].name_hash, hash64("p-4", 3));
    unload(&loaded);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"makers of pods", test_makers},
        {"maps of labels", test_label_maps},
    };
    return suite_main("scenario_repeats", tests, sizeof tests / sizeof tests[0]);
}
