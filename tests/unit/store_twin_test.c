/*
 * store_twin_test.c: what the store tells its watchers on a random run, against a naive twin that keeps
 * everything in arrays.
 */
#include "model_kit.h"

#include "base/text.h"
#include "model/store.h"

static struct clock test_clock;
static struct store *store;
static struct catalog *catalog;
static sym namespace;

#define TWIN_NAMES 12

/* By name: what is there now and what watchers saw last, by uid and number of the revision (0: nothing). */
struct twin {
    uint64_t now_uid, now_revision;
    uint64_t seen_uid, seen_revision;
    uint64_t created; /* number of the creation of what is there now */
};

static struct twin twins[TWIN_NAMES];
static uint32_t twin_dirty[4096], twin_dirty_count; /* names with a change under way, first touched first */
static char twin_told[1 << 16];
static uint64_t twin_uid, twin_revision, twin_creations;

static void twin_touch(uint32_t name)
{
    for (uint32_t i = 0; i < twin_dirty_count; i++) {
        if (twin_dirty[i] == name)
            return;
    }
    twin_dirty[twin_dirty_count++] = name;
}

static void twin_say(char what, uint32_t name, uint64_t uid, uint64_t old_revision, uint64_t revision)
{
    size_t length = strlen(twin_told);
    snprintf(twin_told + length, sizeof twin_told - length, "%c%u:%" PRIu64 ":%" PRIu64 ">%" PRIu64 " ", what,
        (unsigned)name, uid, old_revision, revision);
}

static void twin_deliver(void)
{
    for (uint32_t i = 0; i < twin_dirty_count; i++) {
        struct twin *twin = &twins[twin_dirty[i]];
        if (twin->seen_uid && twin->seen_uid != twin->now_uid)
            twin_say('-', twin_dirty[i], twin->seen_uid, twin->seen_revision, 0);
        if (twin->now_uid && twin->seen_uid != twin->now_uid)
            twin_say('+', twin_dirty[i], twin->now_uid, 0, twin->now_revision);
        if (twin->now_uid && twin->seen_uid == twin->now_uid)
            twin_say('~', twin_dirty[i], twin->now_uid, twin->seen_revision, twin->now_revision);
        twin->seen_uid = twin->now_uid;
        twin->seen_revision = twin->now_revision;
    }
    twin_dirty_count = 0;
}

static char store_told[1 << 16];

/* A pod's uid is a number in its first bytes, its revision is in `owner`. */
static void say(void *self, const struct change *change)
{
    (void)self;
    const struct pod *old = change->old, *now = change->now;
    const struct pod *pod = now ? now : old;
    uint64_t uid;
    memcpy(&uid, target_uid(pod_self(pod)).bytes, sizeof uid);
    size_t length = strlen(store_told);
    snprintf(store_told + length, sizeof store_told - length, "%c%s:%" PRIu64 ":%u>%u ",
        !old   ? '+'
        : !now ? '-'
               : '~',
        target_name_here(pod_self(pod)), uid, old ? (unsigned)pod_owner(old) : 0,
        now ? (unsigned)pod_owner(now) : 0);
}

struct places {
    uint64_t created, sequence;
    uint32_t count;
};

/* The list is in the order of the twin's creations, and so are the numbers that the store gives out. */
static bool look_at_place(void *context, const void *object)
{
    struct places *places = context;
    const struct pod *pod = object;
    const struct twin *twin = &twins[atoi(target_name_here(pod_self(pod)))];
    CU_ASSERT_TRUE_FATAL(twin->created > places->created);
    CU_ASSERT_TRUE_FATAL(pod_self(pod)->sequence > places->sequence);
    *places = (struct places){twin->created, pod_self(pod)->sequence, places->count + 1};
    return true;
}

static void random_step(uint64_t *random)
{
    uint32_t name = suite_below(random, TWIN_NAMES);
    char text[8];
    snprintf(text, sizeof text, "%u", (unsigned)name);
    struct twin *twin = &twins[name];
    uint32_t what = suite_below(random, 10);
    const struct pod *now = store_pod(store, namespace, text);
    CU_ASSERT_EQUAL_FATAL(now != NULL, twin->now_uid != 0);
    if (what < 3) {
        CU_ASSERT_EQUAL_FATAL(store_remove_pod(store, namespace, text), twin->now_uid != 0);
        if (twin->now_uid)
            twin_touch(name);
        /* What nobody has seen leaves no trace: a re-creation then is a change of its own, in its own turn.
         */
        if (twin->now_uid && !twin->seen_uid) {
            for (uint32_t i = 0; i < twin_dirty_count; i++) {
                if (twin_dirty[i] == name) {
                    memmove(
                        twin_dirty + i, twin_dirty + i + 1, (twin_dirty_count - i - 1) * sizeof *twin_dirty);
                    twin_dirty_count--;
                    break;
                }
            }
        }
        twin->now_uid = twin->now_revision = 0;
        return;
    }
    bool fresh = !now || what == 3;
    struct pod *pod;
    if (fresh) {
        struct uuid uid = {{0}};
        twin->now_uid = ++twin_uid;
        twin->created = ++twin_creations;
        memcpy(uid.bytes, &twin_uid, sizeof twin_uid);
        pod = pod_create(
            catalog, target_create(catalog, namespace, text, (uint32_t)strlen(text), uid, NULL), 0);
    } else {
        pod = pod_edit(now);
    }
    twin->now_revision = ++twin_revision;
    pod_set_owner(pod, (uint32_t)twin_revision);
    store_put_pod(store, pod);
    twin_touch(name);
}

static void test_random(void)
{
    uint64_t random = suite_seed();
    for (uint32_t round = 0; round < 40; round++) {
        clock_init(&test_clock, round, 0);
        store = store_create(&test_clock, 0);
        catalog = store_catalog(store);
        namespace = catalog_sym(catalog, "default");
        store_watch(store, say, NULL);
        memset(twins, 0, sizeof twins);
        twin_dirty_count = 0;
        twin_uid = twin_revision = twin_creations = 0;
        for (uint32_t instant = 0; instant < 60; instant++) {
            store_told[0] = twin_told[0] = '\0';
            uint32_t steps = suite_below(&random, 12);
            for (uint32_t step = 0; step < steps; step++)
                random_step(&random);
            clock_run(&test_clock, clock_now(&test_clock));
            twin_deliver();
            CU_ASSERT_STRING_EQUAL_FATAL(store_told, twin_told);
            uint32_t alive = 0;
            for (uint32_t i = 0; i < TWIN_NAMES; i++)
                alive += twins[i].now_uid != 0;
            CU_ASSERT_EQUAL_FATAL(store_count(store, OBJECT_POD), alive);
            struct places places = {0};
            store_each(store, OBJECT_POD, namespace, look_at_place, &places);
            CU_ASSERT_EQUAL_FATAL(places.count, alive);
        }
        store_destroy(store);
        clock_fini(&test_clock);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {{"a random run", test_random}};
    return suite_main("store_twin", tests, sizeof tests / sizeof tests[0]);
}
