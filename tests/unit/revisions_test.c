/*
 * revisions_test.c: pods, services and nodes: fresh ones, copies to edit, counts, and a pod's addresses.
 * Leaks and double frees are the sanitizers' to find.
 */
#include "model_kit.h"

#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

static struct catalog *catalog;

static struct pod *make_pod(const char *name)
{
    struct target *self = target_create(
        catalog, catalog_sym(catalog, "default"), name, (uint32_t)strlen(name), kit_uid(KIT_UID), NULL);
    return pod_create(catalog, self, KIT_TIME);
}

static void test_fresh_pod(void)
{
    struct pod *pod = make_pod("web-0");
    CU_ASSERT_EQUAL(pod->refs, 1);
    CU_ASSERT_EQUAL(pod->phase, POD_PENDING);
    CU_ASSERT_EQUAL(pod->ready, CONDITION_ABSENT);
    CU_ASSERT_FALSE(pod_is_ready(pod));
    CU_ASSERT_FALSE(pod_is_terminating(pod));
    CU_ASSERT_FALSE(pod->has_pod_ip);
    CU_ASSERT_EQUAL(pod_ip_count(pod), 0);
    CU_ASSERT_PTR_EQUAL(pod_labels(pod), labels_empty(catalog));
    CU_ASSERT_PTR_EQUAL(pod_container_ports(pod), ports_empty(catalog));
    CU_ASSERT_EQUAL(pod_created_s(pod), KIT_TIME);
    CU_ASSERT_EQUAL(pod_ready_since_s(pod), TIME_NONE);
    CU_ASSERT_EQUAL(pod_deletion_s(pod), TIME_NONE);
    CU_ASSERT_EQUAL(pod->resource_version, 0);
    CU_ASSERT_TRUE(sizeof *pod <= 120); /* 1,000,000 of them */
    pod_unref(pod);
    pod_unref(NULL);
}

static void test_pod_revisions_are_apart(void)
{
    struct pod *first = make_pod("web-0");
    pod_set_ips(first, catalog, (const char *const[]){"10.0.0.1", "fd00::1"}, 2);
    struct pod *second = pod_edit(first);
    CU_ASSERT_EQUAL(second->refs, 1);
    CU_ASSERT_PTR_EQUAL(pod_self(second), pod_self(first));
    CU_ASSERT_EQUAL(pod_self(first)->refs, 2);
    CU_ASSERT_EQUAL(pod_ip_count(second), 2);
    second->ready = CONDITION_TRUE;
    pod_set_deletion(second, 5, 0);
    pod_set_ip(second, kit_ip("10.0.0.9"));
    CU_ASSERT_FALSE(pod_is_ready(first));
    CU_ASSERT_TRUE(pod_is_ready(second));
    CU_ASSERT_TRUE(pod_is_terminating(second));
    CU_ASSERT_EQUAL(pod_ip_count(first), 2);
    CU_ASSERT_TRUE(ip_equal(pod_ip(first, 1), kit_ip("fd00::1")));
    CU_ASSERT_EQUAL(pod_ip_count(second), 1);
    CU_ASSERT_PTR_EQUAL(pod_ref(first), first);
    pod_unref(first);
    pod_unref(first);
    CU_ASSERT_EQUAL(pod_self(second)->refs, 1);
    CU_ASSERT_STRING_EQUAL(target_name_here(pod_self(second)), "web-0");
    pod_unref(second);
}

/* Times that a revision has no room for stand aside, with deletion and addresses. */
static void test_pod_times(void)
{
    static const int64_t times[] = {TIME_NONE, 0, KIT_TIME, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX, -1,
        INT64_C(253402300799), INT64_MIN + 1};
    enum { TIMES = sizeof times / sizeof *times };
    struct pod *pod = make_pod("web-0");
    uint64_t random = suite_seed();
    int64_t ready = TIME_NONE, deletion = TIME_NONE, grace = 0;
    uint32_t ip_count = 0;
    static const char *const ips[] = {"10.0.0.1", "fd00::1", "10.0.0.2"};
    for (int step = 0; step < 3000; step++) {
        switch (suite_below(&random, 4)) {
        case 0:
            ready = times[suite_below(&random, TIMES)];
            pod_set_ready_since(pod, ready);
            break;
        case 1:
            deletion = times[suite_below(&random, TIMES)];
            grace = deletion == TIME_NONE ? 0 : 30;
            pod_set_deletion(pod, deletion, 30);
            break;
        case 2:
            ip_count = suite_below(&random, 4);
            pod_set_ips(pod, catalog, ips, ip_count);
            break;
        default: { /* the next revision, while somebody holds the one before */
            struct pod *next = pod_edit(pod);
            pod_set_ready_since(next, 77);
            pod_set_deletion(next, 5, 5);
            pod_set_ips(next, catalog, ips, 2);
            pod_unref(next);
        }
        }
        CU_ASSERT_EQUAL_FATAL(pod_ready_since_s(pod), ready);
        CU_ASSERT_EQUAL_FATAL(pod_deletion_s(pod), deletion);
        CU_ASSERT_EQUAL_FATAL(pod_grace_s(pod), grace);
        CU_ASSERT_EQUAL_FATAL(pod_ip_count(pod), ip_count);
        for (uint32_t i = 0; i < ip_count; i++)
            CU_ASSERT_FATAL(ip_equal(pod_ip(pod, i), kit_ip(ips[i])));
    }
    pod_unref(pod);
}

static void test_pod_ips(void)
{
    struct pod *pod = make_pod("web-0");
    pod_set_ips(pod, catalog, (const char *const[]){"10.0.0.1"}, 1);
    CU_ASSERT_PTR_NULL(pod_extra(pod)); /* the ordinary case takes no memory of its own */
    CU_ASSERT_TRUE(pod->has_pod_ip);
    CU_ASSERT_TRUE(ip_equal(pod_ip(pod, 0), kit_ip("10.0.0.1")));

    pod_set_ips(pod, catalog, (const char *const[]){"010.0.0.1"}, 1); /* E-12: read, and not canonical */
    CU_ASSERT_EQUAL(pod_ip_count(pod), 1);
    CU_ASSERT_TRUE(ip_equal(pod_ip(pod, 0), kit_ip("10.0.0.1")));
    CU_ASSERT_PTR_NOT_NULL_FATAL(pod_extra(pod));
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, pod_ip_raw(pod, 0)), "010.0.0.1");

    pod_set_ips(pod, catalog, (const char *const[]){"10.0.0.1", "FD00::1", "nonsense"}, 3);
    CU_ASSERT_EQUAL(pod_ip_count(pod), 3);
    CU_ASSERT_EQUAL(pod_ip_raw(pod, 0), SYM_EMPTY);
    CU_ASSERT_EQUAL(pod_ip(pod, 1).family, IP_V6);
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, pod_ip_raw(pod, 1)), "FD00::1");
    CU_ASSERT_EQUAL(pod_ip(pod, 2).family, IP_NONE);
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, pod_ip_raw(pod, 2)), "nonsense");

    pod_set_ips(pod, catalog, NULL, 0);
    CU_ASSERT_EQUAL(pod_ip_count(pod), 0);
    CU_ASSERT_FALSE(pod->has_pod_ip);
    pod_set_ip(pod, kit_ip("fd00::2"));
    CU_ASSERT_TRUE(pod->has_pod_ip);
    CU_ASSERT_EQUAL(pod_ip_count(pod), 1);
    pod_set_ip(pod, (struct ip){0});
    CU_ASSERT_FALSE(pod->has_pod_ip);
    CU_ASSERT_EQUAL(pod_ip_count(pod), 0);
    pod_unref(pod);
}

static void test_service(void)
{
    struct service *first = service_create(catalog, 2);
    CU_ASSERT_PTR_NULL(first->selector);
    CU_ASSERT_EQUAL(first->type, SERVICE_CLUSTER_IP);
    CU_ASSERT_EQUAL(first->meta.created_s, TIME_NONE);
    CU_ASSERT_PTR_EQUAL(first->meta.labels, labels_empty(catalog));
    CU_ASSERT_TRUE(service_is_headless(first, catalog)); /* clusterIP "" (S-51) */
    first->cluster_ip = catalog_sym(catalog, "None");
    CU_ASSERT_TRUE(service_is_headless(first, catalog));
    first->cluster_ip = catalog_sym(catalog, "10.96.0.10");
    CU_ASSERT_FALSE(service_is_headless(first, catalog));
    CU_ASSERT_EQUAL(first->ports[1].port, 0);
    first->ports[0].port = 80;
    first->ports[1].port = 443;

    struct service *wider = service_edit(first, 3), *narrower = service_edit(first, 1);
    struct service *none = service_edit(first, 0);
    wider->ports[0].port = 8080;
    CU_ASSERT_EQUAL(first->ports[0].port, 80);
    CU_ASSERT_EQUAL(wider->ports[1].port, 443);
    CU_ASSERT_EQUAL(wider->ports[2].port, 0);
    CU_ASSERT_EQUAL(narrower->port_count, 1);
    CU_ASSERT_EQUAL(narrower->ports[0].port, 80);
    CU_ASSERT_EQUAL(none->port_count, 0);
    CU_ASSERT_PTR_EQUAL(service_ref(first), first);
    service_unref(first);
    service_unref(first);
    service_unref(wider);
    service_unref(narrower);
    service_unref(none);
    service_unref(NULL);
}

static void test_node(void)
{
    struct node *node = node_create(catalog);
    CU_ASSERT_EQUAL(node->pods_max, UINT32_MAX);
    CU_ASSERT_EQUAL(node->ready, CONDITION_ABSENT);
    CU_ASSERT_EQUAL(node_zone(node, catalog), SYM_EMPTY);
    struct node *zoned = node_edit(node);
    zoned->meta.labels =
        labels_with(catalog, node->meta.labels, word_sym(WORD_ZONE), catalog_sym(catalog, "zone-a"));
    CU_ASSERT_EQUAL(node_zone(node, catalog), SYM_EMPTY);
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, node_zone(zoned, catalog)), "zone-a");
    CU_ASSERT_PTR_EQUAL(node_ref(node), node);
    node_unref(node);
    node_unref(node);
    node_unref(zoned);
    node_unref(NULL);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a fresh pod", test_fresh_pod},
        {"an edited pod leaves the revision before alone", test_pod_revisions_are_apart},
        {"a pod's addresses", test_pod_ips},
        {"times of a pod", test_pod_times},
        {"services", test_service},
        {"nodes", test_node},
    };
    catalog = catalog_create();
    int result = suite_main("revisions", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
