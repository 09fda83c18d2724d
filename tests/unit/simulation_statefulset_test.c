/*
 * simulation_statefulset_test.c: StatefulSets: names and labels that last, the order of creation, deletion
 * and updates, Parallel, partitions, updates that get stuck.
 */
#include "simulation_kit.h"

/* db, with more of its spec and of the scenario's. */
#define DB(more, scenario) \
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  replicas: 3\n  serviceName: " \
    "peers\n" more \
    "  selector: {matchLabels: {app: db}}\n  template: {metadata: {labels: {app: db}}}\n---\n" SCENARIO( \
        scenario)

static const char *label_of(struct run *run, const char *pod, const char *key)
{
    sym value;
    struct catalog *catalog = store_catalog(run->store);
    const struct pod *found = run_find(run, pod);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    return labels_get(pod_labels(found), catalog_sym(catalog, key), &value) ? catalog_text(catalog, value)
                                                                            : "";
}

static void test_identity(void)
{
    struct run *run = run_begin(DB("", "  until: 1h\n"));
    run_to(run, "1h");
    const struct pod *pod = run_find(run, "db-2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(pod);
    CU_ASSERT_STRING_EQUAL(catalog_text(store_catalog(run->store), pod_hostname(pod)), "db-2");
    CU_ASSERT_STRING_EQUAL(catalog_text(store_catalog(run->store), pod_subdomain(pod)), "peers");
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-2", "statefulset.kubernetes.io/pod-name"), "db-2");
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-2", "apps.kubernetes.io/pod-index"), "2");
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-2", "app"), "db");
    CU_ASSERT_EQUAL(strncmp(label_of(run, "db-2", "controller-revision-hash"), "db-", 3), 0);
    CU_ASSERT_STRING_EQUAL(
        label_of(run, "db-2", "controller-revision-hash"), label_of(run, "db-0", "controller-revision-hash"));
    run_end(run);
}

static void test_ordered_creation_and_deletion(void)
{
    struct run *run = run_begin(DB("", "  pods: {start: 1s, ready: 4s, stop: 2s}\n"
                                       "  events:\n"
                                       "  - {at: 30s, scale: statefulset/db, replicas: 0}\n"));
    run_to(run, "29s");
    ASSERT_TEXT(run->log.data, "0s +db-0 Pending\n"
                               "1s ~db-0 10.244.0.2 Running\n"
                               "5s ~db-0 10.244.0.2 Running ready\n"
                               "5s +db-1 Pending\n"
                               "6s ~db-1 10.244.1.2 Running\n"
                               "10s ~db-1 10.244.1.2 Running ready\n"
                               "10s +db-2 Pending\n"
                               "11s ~db-2 10.244.2.2 Running\n"
                               "15s ~db-2 10.244.2.2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "30s ~db-2 10.244.2.2 Running ready terminating\n"
                               "32s -db-2 10.244.2.2 Running ready terminating\n"
                               "32s ~db-1 10.244.1.2 Running ready terminating\n"
                               "34s -db-1 10.244.1.2 Running ready terminating\n"
                               "34s ~db-0 10.244.0.2 Running ready terminating\n"
                               "36s -db-0 10.244.0.2 Running ready terminating\n");
    run_end(run);
}

static void test_parallel(void)
{
    struct run *run = run_begin(
        DB("  podManagementPolicy: Parallel\n", "  pods: {ready: 4s, stop: 2s}\n"
                                                "  events:\n"
                                                "  - {at: 30s, scale: statefulset/db, replicas: 1}\n"));
    run_to(run, "29s");
    ASSERT_TEXT(run->log.data, "0s +db-0 10.244.0.2 Running\n"
                               "0s +db-1 10.244.1.2 Running\n"
                               "0s +db-2 10.244.2.2 Running\n"
                               "4s ~db-0 10.244.0.2 Running ready\n"
                               "4s ~db-1 10.244.1.2 Running ready\n"
                               "4s ~db-2 10.244.2.2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "30s ~db-2 10.244.2.2 Running ready terminating\n"
                               "30s ~db-1 10.244.1.2 Running ready terminating\n"
                               "32s -db-2 10.244.2.2 Running ready terminating\n"
                               "32s -db-1 10.244.1.2 Running ready terminating\n");
    run_end(run);
}

static void test_pods_come_back_under_their_names(void)
{
    struct run *run = run_begin(DB("", "  pods: {stop: 2s}\n"
                                       "  events:\n"
                                       "  - {at: 10s, delete: pod/db-1}\n"
                                       "  - {at: 20s, fail: pod/db-0}\n"
                                       "  - {at: 30s, label: pod/db-1, labels: {app: x}}\n"
                                       "  - {at: 40s, delete: pod/db-2}\n"
                                       "  - {at: 50s, delete: pod/db-1}\n"));
    run_to(run, "9s");
    struct uuid uid = target_uid(pod_self(run_find(run, "db-1")));
    run_to(run, "29s");
    ASSERT_TEXT(run->log.data, "10s ~db-1 10.244.1.2 Running ready terminating\n"
                               "12s -db-1 10.244.1.2 Running ready terminating\n"
                               "12s +db-1 10.244.1.3 Running ready\n"
                               "20s ~db-0 10.244.0.2 Failed\n"
                               "20s -db-0 10.244.0.2 Failed\n"
                               "20s +db-0 10.244.0.3 Running ready\n");
    CU_ASSERT_NOT_EQUAL(memcmp(&uid, target_uid(pod_self(run_find(run, "db-1"))).bytes, sizeof uid), 0);
    /* The name of a released pod is in use: nobody takes its place, and those behind it wait. */
    run_to(run, "49s");
    ASSERT_TEXT(run->log.data, "30s ~db-1 10.244.1.3 Running ready\n"
                               "40s ~db-2 10.244.2.2 Running ready terminating\n"
                               "42s -db-2 10.244.2.2 Running ready terminating\n");
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "50s ~db-1 10.244.1.3 Running ready terminating\n"
                               "52s -db-1 10.244.1.3 Running ready terminating\n"
                               "52s +db-1 10.244.1.4 Running ready\n"
                               "52s +db-2 10.244.2.3 Running ready\n");
    run_end(run);
}

static void test_rolling_update(void)
{
    struct run *run = run_begin(DB("", "  pods: {ready: 3s, stop: 1s}\n"
                                       "  events:\n"
                                       "  - {at: 60s, rollout: statefulset/db}\n"));
    run_to(run, "59s");
    char before[64];
    snprintf(before, sizeof before, "%s", label_of(run, "db-0", "controller-revision-hash"));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "1m ~db-2 10.244.2.2 Running ready terminating\n"
                               "1m1s -db-2 10.244.2.2 Running ready terminating\n"
                               "1m1s +db-2 10.244.2.3 Running\n"
                               "1m4s ~db-2 10.244.2.3 Running ready\n"
                               "1m4s ~db-1 10.244.1.2 Running ready terminating\n"
                               "1m5s -db-1 10.244.1.2 Running ready terminating\n"
                               "1m5s +db-1 10.244.1.3 Running\n"
                               "1m8s ~db-1 10.244.1.3 Running ready\n"
                               "1m8s ~db-0 10.244.0.2 Running ready terminating\n"
                               "1m9s -db-0 10.244.0.2 Running ready terminating\n"
                               "1m9s +db-0 10.244.0.3 Running\n"
                               "1m12s ~db-0 10.244.0.3 Running ready\n");
    for (int i = 0; i < 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "db-%d", i);
        CU_ASSERT_STRING_NOT_EQUAL(label_of(run, name, "controller-revision-hash"), before);
    }
    run_end(run);
}

static void test_an_update_gets_stuck(void)
{
    struct run *run =
        run_begin(DB("  podManagementPolicy: Parallel\n", "  pods: {ready: 3s}\n"
                                                          "  events:\n"
                                                          "  - {at: 60s, rollout: statefulset/db}\n"
                                                          "  - {at: 61s, unready: pod/db-2}\n"
                                                          "  - {at: 100s, ready: pod/db-2}\n"));
    run_to(run, "59s");
    run_to(run, "99s");
    ASSERT_TEXT(run->log.data, "1m -db-2 10.244.2.2 Running ready\n"
                               "1m +db-2 10.244.2.3 Running\n");
    run_to(run, "101s");
    ASSERT_TEXT(run->log.data, "1m40s ~db-2 10.244.2.3 Running ready\n"
                               "1m40s -db-1 10.244.1.2 Running ready\n"
                               "1m40s +db-1 10.244.1.3 Running\n");
    run_end(run);
}

#define PARTITION "  updateStrategy: {rollingUpdate: {partition: 2}}\n"

static void test_partition(void)
{
    struct run *run = run_begin(DB(PARTITION, "  events:\n"
                                              "  - {at: 60s, rollout: statefulset/db}\n"
                                              "  - {at: 70s, delete: pod/db-0}\n"
                                              "  - {at: 80s, scale: statefulset/db, replicas: 4}\n"));
    run_to(run, "59s");
    char before[64];
    snprintf(before, sizeof before, "%s", label_of(run, "db-0", "controller-revision-hash"));
    run_to(run, "1h");
    /* Below the partition even a new pod is of the old revision. */
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-0", "controller-revision-hash"), before);
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-1", "controller-revision-hash"), before);
    CU_ASSERT_STRING_NOT_EQUAL(label_of(run, "db-2", "controller-revision-hash"), before);
    CU_ASSERT_STRING_NOT_EQUAL(label_of(run, "db-3", "controller-revision-hash"), before);
    run_end(run);
}

static void test_on_delete(void)
{
    struct run *run =
        run_begin(DB("  updateStrategy: {type: OnDelete}\n", "  events:\n"
                                                             "  - {at: 60s, rollout: statefulset/db}\n"
                                                             "  - {at: 70s, delete: pod/db-1}\n"));
    run_to(run, "59s");
    char before[64];
    snprintf(before, sizeof before, "%s", label_of(run, "db-0", "controller-revision-hash"));
    run_to(run, "1h");
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-0", "controller-revision-hash"), before);
    CU_ASSERT_STRING_NOT_EQUAL(label_of(run, "db-1", "controller-revision-hash"), before);
    CU_ASSERT_STRING_EQUAL(label_of(run, "db-2", "controller-revision-hash"), before);
    run_end(run);
}

static void test_min_ready_seconds(void)
{
    struct run *run = run_begin(DB("  minReadySeconds: 10\n", "  until: 1h\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run->log.data, "0s +db-0 10.244.0.2 Running ready\n"
                               "10s +db-1 10.244.1.2 Running ready\n"
                               "20s +db-2 10.244.2.2 Running ready\n");
    run_end(run);
}

static void test_first_ordinal(void)
{
    struct run *run =
        run_begin(DB("  ordinals: {start: 5}\n", "  events:\n"
                                                 "  - {at: 10s, scale: statefulset/db, replicas: 1}\n"));
    run_to(run, "5s");
    ASSERT_TEXT(run_pods(run), "db-5 10.244.0.2 Running ready\n"
                               "db-6 10.244.1.2 Running ready\n"
                               "db-7 10.244.2.2 Running ready\n");
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "db-5 10.244.0.2 Running ready\n");
    run_end(run);
}

static void test_adoption_by_name(void)
{
    struct run *run =
        run_begin("{apiVersion: v1, kind: Pod, metadata: {name: db-1, labels: {app: db}}}\n---\n"
                  "{apiVersion: v1, kind: Pod, metadata: {name: other, labels: {app: db}}}\n---\n"
                  "{apiVersion: v1, kind: Pod, metadata: {name: db-01, labels: {app: db}}}\n---\n" DB(
                      "", "  until: 1h\n"));
    run_to(run, "1h");
    ASSERT_TEXT(run_pods(run), "db-1 10.244.0.2 Running ready\n"
                               "other 10.244.1.2 Running ready\n"
                               "db-01 10.244.2.2 Running ready\n"
                               "db-0 10.244.0.3 Running ready\n"
                               "db-2 10.244.1.3 Running ready\n");
    CU_ASSERT_NOT_EQUAL(pod_owner(run_find(run, "db-1")), 0);
    CU_ASSERT_EQUAL(pod_owner(run_find(run, "other")), 0);
    run_end(run);
}

static void test_cascade_and_churn(void)
{
    struct run *run = run_begin(DB("", "  pods: {stop: 500ms}\n"
                                       "  events:\n"
                                       "  - {at: 10s, churn: statefulset/db, rate: 1/s, for: 100s}\n"
                                       "  - {at: 200s, delete: statefulset/db}\n"));
    run_to(run, "199s");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 3);
    CU_ASSERT_TRUE(simulation_pod_event_count(run->simulation) > 150);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(store_count(run->store, OBJECT_POD), 0);
    run_end(run);
}

static const struct suite_test tests[] = {
    {"names, hostnames and labels", test_identity},
    {"one after the other, and back", test_ordered_creation_and_deletion},
    {"Parallel", test_parallel},
    {"pods come back under their names", test_pods_come_back_under_their_names},
    {"rolling update from the highest ordinal", test_rolling_update},
    {"an update waits for a pod that is not ready", test_an_update_gets_stuck},
    {"partition", test_partition},
    {"OnDelete", test_on_delete},
    {"minReadySeconds", test_min_ready_seconds},
    {"ordinals.start", test_first_ordinal},
    {"adoption by name", test_adoption_by_name},
    {"churn and cascade", test_cascade_and_churn},
};

int main(void)
{
    return suite_main("statefulset", tests, sizeof tests / sizeof tests[0]);
}
