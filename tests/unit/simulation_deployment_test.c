/*
 * simulation_deployment_test.c: Deployments and ReplicaSets: names, ordinals, replacement, scaling in and
 * out, rolling updates within their bounds at every change, Recreate, adoption and release, edits, deletion.
 */
#include "simulation_kit.h"

static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";

static bool is_live(const struct pod *pod)
{
    return !pod_is_terminating(pod) && pod->phase != POD_FAILED;
}

static const char *label_of(struct run *run, const struct pod *pod, const char *key)
{
    sym value;
    struct catalog *catalog = store_catalog(run->store);
    return labels_get(pod_labels(pod), catalog_sym(catalog, key), &value) ? catalog_text(catalog, value) : "";
}

struct tally {
    uint32_t all, live, ready;
};

static struct tally count(struct run *run)
{
    static struct pod_list list;
    struct tally tally = {0};
    run_list(run, &list);
    tally.all = list.count;
    for (uint32_t i = 0; i < list.count; i++) {
        tally.live += is_live(list.items[i]);
        tally.ready += is_live(list.items[i]) && pod_is_ready(list.items[i]);
    }
    return tally;
}

/* Live pods of a revision. */
static uint32_t count_hash(struct run *run, const char *hash)
{
    static struct pod_list list;
    uint32_t live = 0;
    run_list(run, &list);
    for (uint32_t i = 0; i < list.count; i++)
        live += is_live(list.items[i]) && !strcmp(label_of(run, list.items[i], "pod-template-hash"), hash);
    return live;
}

static void keep_hash(struct run *run, uint32_t pod, char out[16])
{
    static struct pod_list list;
    run_list(run, &list);
    CU_ASSERT_FATAL(pod < list.count);
    snprintf(out, 16, "%s", label_of(run, list.items[pod], "pod-template-hash"));
}

/* --- names and numbers ------------------------------------------------------------------------------ */

static void test_names(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(200) SCENARIO("  until: 1h\n"));
    static struct pod_list list;
    run_to(run, "1h");
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 200);
    for (uint32_t i = 0; i < list.count; i++) {
        /* web-HASH-xxxxx */
        const char *name = target_name_here(pod_self(list.items[i])), *hash = name + 4,
                   *dash = strrchr(name, '-');
        CU_ASSERT_EQUAL(strncmp(name, "web-", 4), 0);
        CU_ASSERT_EQUAL(strspn(hash, alphabet), (size_t)(dash - hash));
        CU_ASSERT_TRUE(dash - hash >= 6 && dash - hash <= 10);
        CU_ASSERT_EQUAL(strspn(dash + 1, alphabet), 5);
        CU_ASSERT_EQUAL(strlen(dash + 1), 5);
        const char *label = label_of(run, list.items[i], "pod-template-hash");
        CU_ASSERT_TRUE(strlen(label) == (size_t)(dash - hash) && !strncmp(label, hash, strlen(label)));
        CU_ASSERT_STRING_EQUAL(label_of(run, list.items[i], "app"), "web");
        CU_ASSERT_NOT_EQUAL(pod_owner(list.items[i]), 0);
        for (uint32_t k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(name, target_name_here(pod_self(list.items[k])));
    }
    run_end(run);
}

static void test_long_names_are_cut(void)
{
    struct run *run =
        run_begin("apiVersion: apps/v1\nkind: ReplicaSet\n"
                  "metadata: {name: a234567890123456789012345678901234567890123456789012345678901234567890}\n"
                  "spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: "
                  "web}}}}\n---\n" SCENARIO("  until: 1h\n"));
    static struct pod_list list;
    run_to(run, "1h");
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 1);
    CU_ASSERT_EQUAL(target_name_length(pod_self(list.items[0])), 63);
    run_end(run);
}

static void test_ordinals(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(3) SCENARIO("  events:\n"
                                             "  - {at: 10s, delete: pod/web-1}\n"
                                             "  - {at: 20s, unready: pod/web-3}\n"
                                             "  - {at: 30s, delete: pod/web-1, ifPresent: true}\n"
                                             "  - {at: 40s, ready: pod/web-3}\n"
                                             "  - {at: 50s, delete: pod/web-1}\n"));
    char second[64], fourth[64];
    static struct pod_list list;
    run_to(run, "9s");
    run_list(run, &list);
    snprintf(second, sizeof second, "%s", target_name_here(pod_self(list.items[1])));
    run_to(run, "15s");
    ASSERT_TEXT(run_pod(run, second), "none");
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 3);
    /* The replacement has another name, another IP and the next number. */
    CU_ASSERT_STRING_NOT_EQUAL(target_name_here(pod_self(list.items[2])), second);
    snprintf(fourth, sizeof fourth, "%s", target_name_here(pod_self(list.items[2])));
    CU_ASSERT_PTR_NOT_NULL(strstr(run_pods(run), " 10.244.1.3 Running ready\n"));
    run_to(run, "25s");
    CU_ASSERT_FALSE(pod_is_ready(run_find(run, fourth)));
    run_to(run, "45s");
    CU_ASSERT_TRUE(pod_is_ready(run_find(run, fourth)));
    run_fails(run, "1h", 18, "pod/web-1 is not there");
    run_end(run);
}

static void test_own_name_wins(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(3) SCENARIO("  events:\n"
                                                           "  - {at: 10s, create: pod/web-1}\n"
                                                           "  - {at: 20s, delete: pod/web-1}\n"
                                                           "  - {at: 30s, delete: pod/web-1}\n"));
    run_to(run, "15s");
    CU_ASSERT_EQUAL(count(run).all, 4);
    run_to(run, "25s");
    ASSERT_TEXT(run_pod(run, "web-1"), "none");
    CU_ASSERT_EQUAL(count(run).all, 3);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 3); /* replaced */
    run_end(run);
}

/* --- replacement and scaling ------------------------------------------------------------------------ */

static void test_failed_pods_stay_and_are_replaced(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(2) SCENARIO("  events:\n"
                                             "  - {at: 10s, fail: pod/web-0}\n"
                                             "  - {at: 20s, scale: deployment/web, replicas: 0}\n"
                                             "  - {at: 30s, delete: deployment/web}\n"));
    run_to(run, "15s");
    struct tally tally = count(run);
    CU_ASSERT_EQUAL(tally.all, 3);
    CU_ASSERT_EQUAL(tally.ready, 2);
    run_to(run, "25s");
    CU_ASSERT_EQUAL(count(run).all, 1);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 0);
    run_end(run);
}

static void test_each_pod_is_a_change_of_its_own(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(5) SCENARIO("  events:\n"
                                             "  - {at: 10s, scale: deployment/web, replicas: 9}\n"
                                             "  - {at: 20s, scale: deployment/web, replicas: 1}\n"));
    run_to(run, "0s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 5);
    run_to(run, "10s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 9);
    run_to(run, "20s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 17);
    CU_ASSERT_EQUAL(count(run).all, 1);
    run_end(run);
}

/* One pod of each class, and who goes next. */
static void test_order_of_scaling_in(void)
{
    static const char *const yaml =
        "{apiVersion: v1, kind: Node, metadata: {name: n}, status: {allocatable: {pods: 5}, conditions: "
        "[{type: Ready, status: \"True\"}]}}\n---\n"
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web}\nspec:\n  replicas: 3\n"
        "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n" SCENARIO(
            "  pods: {start: 4s, ready: 2s}\n"
            "  events:\n"
            "  - {at: 20s, unready: pod/web-0}\n"
            "  - {at: 20s, unready: pod/web-2}\n"
            "  - {at: 30s, ready: pod/web-2}\n" /* ready since later than web-1 */
            "  - {at: 50s, scale: replicaset/web, replicas: 6}\n"
            "  - {at: 53s, scale: replicaset/web, replicas: 5}\n"
            "  - {at: 53100ms, scale: replicaset/web, replicas: 4}\n"
            "  - {at: 53200ms, scale: replicaset/web, replicas: 3}\n"
            "  - {at: 53300ms, scale: replicaset/web, replicas: 2}\n"
            "  - {at: 53400ms, scale: replicaset/web, replicas: 1}\n");
    struct run *run = run_begin(yaml);
    static struct pod_list list;
    char names[6][64];
    run_to(run, "51s");
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 6);
    for (uint32_t i = 0; i < 6; i++)
        snprintf(names[i], sizeof names[i], "%s", target_name_here(pod_self(list.items[i])));
    /* web-5 has no node; 4 and 3 are pending; 0 is not ready; 2 became ready after 1. */
    static const uint32_t order[] = {5, 4, 3, 0, 2};
    static const char *const times[] = {"53s", "53100ms", "53200ms", "53300ms", "53400ms"};
    for (uint32_t i = 0; i < 5; i++) {
        run_to(run, times[i]);
        for (uint32_t k = 0; k < 6; k++) {
            bool gone = false;
            for (uint32_t j = 0; j <= i; j++)
                gone |= order[j] == k;
            CU_ASSERT_EQUAL(run_find(run, names[k]) == NULL, gone);
        }
    }
    run_end(run);
}

static void test_terminating_pods_are_replaced_at_once(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(3) SCENARIO("  pods: {stop: 30s}\n"
                                                           "  events:\n"
                                                           "  - {at: 10s, delete: pod/web-0}\n"));
    run_to(run, "10s");
    struct tally tally = count(run);
    CU_ASSERT_EQUAL(tally.all, 4);
    CU_ASSERT_EQUAL(tally.live, 3);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 3);
    run_end(run);
}

/* --- rolling updates -------------------------------------------------------------------------------- */

struct bounds {
    uint32_t live_max, ready_min;
    uint64_t checks;
    uint32_t live_seen, ready_seen; /* the extremes */
    bool broken;
};

static void check_bounds(struct run *run, const struct change *change)
{
    (void)change;
    struct bounds *bounds = run->context;
    struct tally tally = count(run);
    bounds->checks++;
    bounds->broken |= tally.live > bounds->live_max || tally.ready < bounds->ready_min;
    if (bounds->live_seen < tally.live)
        bounds->live_seen = tally.live;
    if (bounds->ready_seen > tally.ready)
        bounds->ready_seen = tally.ready;
}

struct update_case {
    uint32_t replicas;
    const char *surge, *unavailable, *pods;
    uint32_t surge_count, unavailable_count;
};

static void test_rolling_updates_keep_their_bounds(void)
{
    static const struct update_case cases[] = {
        {40, "25%", "25%",
            "{start: {uniform: {min: 1s, max: 4s}}, ready: {logNormal: {median: 8s, sigma: 0.5}}, stop: 5s}",
            10, 10},
        {10, "3", "2", "{start: 1s, ready: 1s, stop: 10s}", 3, 2},
        {10, "25%", "25%", "{start: 1s, ready: {exponential: {mean: 5s}}}", 3, 2}, /* up and down */
        {3, "25%", "25%", "{ready: 1s}", 1, 0},
        {1, "0", "25%", "{ready: 1s}", 0, 1}, /* both nothing: one at a time */
        {7, "0", "1", "{ready: {uniform: {min: 1ms, max: 2s}}}", 0, 1},
        {7, "1", "0", "{ready: {uniform: {min: 1ms, max: 2s}}, stop: 1s}", 1, 0},
        {20, "100%", "0", "{ready: 1s}", 20, 0},
        {20, "0", "100%", "{ready: 1s}", 0, 20},
        {12, "5", "5", "{}", 5, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct update_case *c = &cases[i];
        char yaml[1024], old_hash[16], new_hash[16];
        snprintf(yaml, sizeof yaml,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: %u\n"
            "  strategy: {rollingUpdate: {maxSurge: %s, maxUnavailable: %s}}\n"
            "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: "
            "web}}}\n---\n" SCENARIO(
                "  nodes: {count: 5}\n  pods: %s\n  events:\n  - {at: 2m, rollout: deployment/web}\n"),
            c->replicas, c->surge, c->unavailable, c->pods);
        struct run *run = run_begin(yaml);
        struct bounds bounds = {
            c->replicas + c->surge_count, c->replicas - c->unavailable_count, .ready_seen = UINT32_MAX};
        run_to(run, "119s");
        CU_ASSERT_EQUAL(count(run).ready, c->replicas);
        keep_hash(run, 0, old_hash);
        run->watch = check_bounds;
        run->context = &bounds;
        run_to(run, "2h");
        CU_ASSERT_FALSE(bounds.broken);
        if (bounds.broken)
            fprintf(stderr, "case %zu: %u live of %u, %u ready of %u\n", i, bounds.live_seen, bounds.live_max,
                bounds.ready_seen, bounds.ready_min);
        CU_ASSERT_TRUE(bounds.checks >= 2 * c->replicas);
        /* All of them, and at the bounds that it may use. */
        struct tally tally = count(run);
        CU_ASSERT_EQUAL(tally.all, c->replicas);
        CU_ASSERT_EQUAL(tally.ready, c->replicas);
        keep_hash(run, 0, new_hash);
        CU_ASSERT_STRING_NOT_EQUAL(old_hash, new_hash);
        CU_ASSERT_EQUAL(count_hash(run, new_hash), c->replicas);
        CU_ASSERT_EQUAL(bounds.live_seen, bounds.live_max);
        run_end(run);
    }
}

static void test_min_ready_seconds(void)
{
    struct run *run = run_begin(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  "
        "minReadySeconds: 30\n"
        "  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n"
        "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n" SCENARIO(
            "  events:\n  - {at: 100s, rollout: deployment/web}\n"));
    run_to(run, "99s");
    run_to(run, "100s");
    CU_ASSERT_EQUAL(count(run).live, 3);
    run_to(run, "129s");
    CU_ASSERT_EQUAL(count(run).live, 3);
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 3);
    run_to(run, "130s"); /* the first is available: an old one goes, the second new one comes */
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 5);
    run_to(run, "160s");
    CU_ASSERT_EQUAL(count(run).live, 2);
    run_end(run);
}

/* The example of Kubernetes' documentation: 10 replicas, maxSurge 3, maxUnavailable 2, a new revision that
 * does not become ready, and then 15 replicas: 3 more of the old set, 2 more of the new one. */
static void test_proportional_scaling(void)
{
    struct run *run = run_begin(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 10\n"
        "  strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}\n"
        "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n" SCENARIO(
            "  pods: {ready: 10s}\n"
            "  events:\n"
            "  - {at: 60s, rollout: deployment/web}\n"
            "  - {at: 61s, unready: pod/web-10}\n"
            "  - {at: 61s, unready: pod/web-11}\n"
            "  - {at: 61s, unready: pod/web-12}\n"
            "  - {at: 61s, unready: pod/web-13}\n"
            "  - {at: 61s, unready: pod/web-14}\n"
            "  - {at: 100s, scale: deployment/web, replicas: 15}\n"
            "  - {at: 200s, scale: deployment/web, replicas: 5}\n"));
    char old_hash[16], new_hash[16];
    run_to(run, "50s");
    keep_hash(run, 0, old_hash);
    run_to(run, "99s");
    keep_hash(run, count(run).all - 1, new_hash);
    CU_ASSERT_EQUAL(count_hash(run, old_hash), 8);
    CU_ASSERT_EQUAL(count_hash(run, new_hash), 5);
    run_to(run, "100s");
    CU_ASSERT_EQUAL(count_hash(run, old_hash), 11);
    CU_ASSERT_EQUAL(count_hash(run, new_hash), 7);
    /* Two of the new set do become ready: two old ones can go. */
    run_to(run, "199s");
    CU_ASSERT_EQUAL(count(run).live, 18);
    CU_ASSERT_TRUE(count(run).ready >= 13);
    run_to(run, "1h");
    CU_ASSERT_TRUE(count(run).live <= 8);
    CU_ASSERT_TRUE(count(run).ready >= 3);
    run_end(run);
}

static void test_a_rollout_overtakes_another(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(8) SCENARIO("  pods: {ready: 10s}\n"
                                                           "  events:\n"
                                                           "  - {at: 60s, rollout: deployment/web}\n"
                                                           "  - {at: 65s, rollout: deployment/web}\n"
                                                           "  - {at: 66s, rollout: deployment/web}\n"));
    struct bounds bounds = {.live_max = 10, .ready_min = 6, .ready_seen = UINT32_MAX};
    run_to(run, "59s");
    run->watch = check_bounds;
    run->context = &bounds;
    run_to(run, "1h");
    CU_ASSERT_FALSE(bounds.broken);
    CU_ASSERT_EQUAL(count(run).ready, 8);
    char hash[16];
    keep_hash(run, 0, hash);
    CU_ASSERT_EQUAL(count_hash(run, hash), 8);
    run_end(run);
}

static void test_recreate(void)
{
    struct run *run = run_begin(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n"
        "  strategy: {type: Recreate}\n"
        "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}}\n---\n" SCENARIO(
            "  pods: {stop: 5s}\n"
            "  events:\n"
            "  - {at: 60s, rollout: deployment/web}\n"));
    run_to(run, "59s");
    run_to(run, "60s");
    CU_ASSERT_EQUAL(count(run).all, 3);
    CU_ASSERT_EQUAL(count(run).live, 0);
    run_to(run, "64s");
    CU_ASSERT_EQUAL(count(run).all, 3);
    run_to(run, "65s"); /* all gone: all come */
    CU_ASSERT_EQUAL(count(run).all, 3);
    CU_ASSERT_EQUAL(count(run).ready, 3);
    run_end(run);
}

/* --- edits ------------------------------------------------------------------------------------------ */

#define APPLY(replicas, version) \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: " #replicas \
    ", selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web, version: " version \
    "}}}}}"

static void test_apply(void)
{
    struct run *run = run_begin(APPLY(3, "a") "\n---\n" SCENARIO(
        "  events:\n"
        "  - {at: 10s, apply: " APPLY(5, "a") "}\n"
                                              "  - {at: 20s, apply: " APPLY(
                                                  5, "b") "}\n"
                                                          "  - {at: 30s, apply: " APPLY(2, "a") "}\n"));
    char a[16], b[16], again[16];
    run_to(run, "9s");
    keep_hash(run, 0, a);
    run_to(run, "15s");
    CU_ASSERT_EQUAL(count_hash(run, a), 5);
    run_to(run, "25s");
    keep_hash(run, 0, b);
    CU_ASSERT_STRING_NOT_EQUAL(a, b);
    CU_ASSERT_EQUAL(count_hash(run, b), 5);
    static struct pod_list list;
    run_list(run, &list);
    CU_ASSERT_STRING_EQUAL(label_of(run, list.items[0], "version"), "b");
    /* Back again: the same ReplicaSet as before. */
    run_to(run, "1h");
    keep_hash(run, 0, again);
    CU_ASSERT_STRING_EQUAL(a, again);
    CU_ASSERT_EQUAL(count(run).all, 2);
    run_end(run);
}

#define IMAGE(image) \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: " \
    "{matchLabels: " \
    "{app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [" image "]}}}}"

/* What is not read of a template still makes it another one. */
static void test_another_image_is_a_rollout(void)
{
    struct run *run = run_begin(IMAGE("{name: a, image: x}") "\n---\n" SCENARIO(
        "  events:\n"
        "  - {at: 10s, apply: " IMAGE("{image: x, name: a}") "}\n"
                                                             "  - {at: 20s, apply: " IMAGE(
                                                                 "{name: a, image: y}") "}\n"));
    run_to(run, "15s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 2);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 6);
    CU_ASSERT_EQUAL(count(run).ready, 2);
    run_end(run);
}

static void test_selector_is_immutable(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(1) SCENARIO("  events:\n"
                                             "  - at: 10s\n"
                                             "    apply: {apiVersion: apps/v1, kind: Deployment, metadata: "
                                             "{name: web}, spec: {selector: {matchLabels: "
                                             "{app: x}}, template: {metadata: {labels: {app: x}}}}}\n"));
    run_fails(run, "1h", 15, "spec.selector of deployment 'web' is immutable");
    run_end(run);
}

static void test_many_rollouts(void)
{
    struct text yaml = {0};
    text_add(&yaml, DEPLOYMENT_WEB(4) SCENARIO("  pods: {ready: 1s}\n  events:\n"));
    for (int i = 1; i <= 60; i++)
        text_printf(&yaml, "  - {at: %dm, rollout: deployment/web}\n", i);
    struct run *run = run_begin(yaml.data);
    run_to(run, "3h");
    CU_ASSERT_EQUAL(count(run).ready, 4);
    CU_ASSERT_EQUAL(count(run).all, 4);
    run_end(run);
    text_fini(&yaml);
}

/* --- adoption --------------------------------------------------------------------------------------- */

static void test_release_and_adoption(void)
{
    struct run *run =
        run_begin(DEPLOYMENT_WEB(3) SCENARIO("  events:\n"
                                             "  - {at: 10s, label: pod/web-1, labels: {app: x}}\n"
                                             "  - {at: 20s, label: pod/web-1, labels: {app: web}}\n"));
    static struct pod_list list;
    char released[64], last[64];
    run_to(run, "5s");
    run_list(run, &list);
    snprintf(released, sizeof released, "%s", target_name_here(pod_self(list.items[1])));
    uint32_t owner = pod_owner(list.items[1]);
    run_to(run, "10s");
    run_list(run, &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 4);
    CU_ASSERT_EQUAL(pod_owner(run_find(run, released)), 0);
    snprintf(last, sizeof last, "%s", target_name_here(pod_self(list.items[3])));
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 3);
    /* Adopted again: one too many, and the youngest goes. */
    CU_ASSERT_EQUAL(pod_owner(run_find(run, released)), owner);
    ASSERT_TEXT(run_pod(run, last), "none");
    run_end(run);
}

static void test_replicaset_adopts_what_is_there(void)
{
    struct run *run =
        run_begin("{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}\n---\n"
                  "{apiVersion: v1, kind: Pod, metadata: {name: b, labels: {app: other}}}\n---\n"
                  "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web}, spec: {replicas: 3, "
                  "selector: {matchLabels: "
                  "{app: web}}, template: {metadata: {labels: {app: web}}}}}\n---\n" SCENARIO(
                      "  events:\n"
                      "  - {at: 10s, create: pod/c, labels: {app: web}}\n"
                      "  - {at: 20s, label: pod/b, labels: {app: web}}\n"
                      "  - {at: 30s, scale: replicaset/web, replicas: 4}\n"
                      "  - {at: 31s, create: pod/d, labels: {app: web}, ready: false}\n"));
    run_to(run, "5s");
    CU_ASSERT_EQUAL(count(run).all, 4); /* a, b and two of its own */
    run_to(run, "15s");
    ASSERT_TEXT(run_pod(run, "c"), "none"); /* surplus, and the youngest */
    run_to(run, "25s");
    ASSERT_TEXT(run_pod(run, "b"), "10.244.1.2 Running ready");
    CU_ASSERT_EQUAL(count(run).all, 3);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 4);
    ASSERT_TEXT(run_pod(run, "d"), "none");
    run_end(run);
}

/* --- deletion --------------------------------------------------------------------------------------- */

static void test_cascade(void)
{
    struct run *run = run_begin(DEPLOYMENT_WEB(4)
            SCENARIO("  pods: {stop: 10s}\n"
                     "  events:\n"
                     "  - {at: 10s, rollout: deployment/web}\n"
                     "  - {at: 15s, delete: deployment/web}\n"
                     "  - {at: 18s, apply: " APPLY(2, "a") "}\n"
                                                           "  - {at: 40s, delete: pod/web-0}\n"));
    run_to(run, "16s");
    CU_ASSERT_EQUAL(count(run).live, 0);
    run_to(run, "18s");
    CU_ASSERT_EQUAL(count(run).live, 2);
    run_to(run, "1h");
    struct tally tally = count(run);
    CU_ASSERT_EQUAL(tally.all, 2);
    CU_ASSERT_EQUAL(tally.ready, 2);
    run_end(run);
}

static void test_deployment_without_its_set(void)
{
    struct run *run = run_create(DEPLOYMENT_WEB(3) SCENARIO("  until: 1h\n"), 1);
    char hash[16], name[32], again[16];
    simulation_start(run->simulation);
    run_to(run, "1s");
    keep_hash(run, 0, hash);
    run_end(run);
    /* Somebody deletes the ReplicaSet: it comes back, and its pods with it. */
    struct text yaml = {0};
    snprintf(name, sizeof name, "web-%s", hash);
    text_printf(&yaml,
        DEPLOYMENT_WEB(3) SCENARIO("  events:\n  - {at: 10s, delete: replicaset/%s, ifPresent: true}\n"
                                   "  - {at: 20s, scale: replicaset/%s, replicas: 9, ifPresent: true}\n"),
        name, name);
    run = run_begin(yaml.data);
    run_to(run, "15s");
    CU_ASSERT_EQUAL(simulation_pod_event_count(run->simulation), 9);
    keep_hash(run, 0, again);
    CU_ASSERT_STRING_EQUAL(again, hash);
    run_to(run, "1h");
    CU_ASSERT_EQUAL(count(run).all, 3);
    run_end(run);
    text_fini(&yaml);
}

static const struct suite_test tests[] = {
    {"names as Kubernetes generates them", test_names},
    {"long names are cut", test_long_names_are_cut},
    {"NAME-ORDINAL counts over the whole life", test_ordinals},
    {"a pod's own name wins", test_own_name_wins},
    {"failed pods stay and are replaced", test_failed_pods_stay_and_are_replaced},
    {"each pod is a change of its own", test_each_pod_is_a_change_of_its_own},
    {"who goes first when scaling in", test_order_of_scaling_in},
    {"terminating pods are replaced at once", test_terminating_pods_are_replaced_at_once},
    {"rolling updates keep their bounds at every change", test_rolling_updates_keep_their_bounds},
    {"minReadySeconds", test_min_ready_seconds},
    {"proportional scaling", test_proportional_scaling},
    {"a rollout overtakes another", test_a_rollout_overtakes_another},
    {"Recreate", test_recreate},
    {"apply: replicas, template, and back", test_apply},
    {"another image is a rollout", test_another_image_is_a_rollout},
    {"the selector is immutable", test_selector_is_immutable},
    {"sixty rollouts", test_many_rollouts},
    {"release and adoption", test_release_and_adoption},
    {"a ReplicaSet adopts what is there", test_replicaset_adopts_what_is_there},
    {"deletion takes the pods along", test_cascade},
    {"a Deployment makes its ReplicaSet again", test_deployment_without_its_set},
};

int main(void)
{
    return suite_main("deployment", tests, sizeof tests / sizeof tests[0]);
}
