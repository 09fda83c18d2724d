/*
 * queue_test.c: the event queue against an array that is scanned for its minimum: millions of random
 * operations with very many ties, stale handles kept for ever, re-arming between heap and lanes. Both
 * must hand out the same events in the same order, and agree on every handle at every time.
 */
#include "suite.h"

#include <string.h>

#include "kernel/queue.h"
#include "kernel/random.h"

static void run_nothing(void *subject, uint64_t argument)
{
    (void)subject;
    (void)argument;
}

/* --- the naive twin ------------------------------------------------------------------------------ */

#define TWIN_MAX 64
#define STALE_MAX 256

struct twin_event {
    sim_time at_ns;
    uint32_t phase;
    uint64_t sequence;
    uint64_t argument;
    struct event_handle handle;
};

struct twin {
    struct twin_event events[TWIN_MAX];
    uint32_t count;
    uint64_t sequence;
    sim_time now_ns;
    struct event_handle stale[STALE_MAX];
    uint32_t stale_count;
};

static uint32_t twin_first(const struct twin *twin)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < twin->count; i++) {
        const struct twin_event *a = &twin->events[i], *b = &twin->events[first];
        bool before = a->at_ns != b->at_ns   ? a->at_ns < b->at_ns
                      : a->phase != b->phase ? a->phase < b->phase
                                             : a->sequence < b->sequence;
        if (before)
            first = i;
    }
    return first;
}

static void twin_remove(struct twin *twin, uint32_t i, uint64_t *random)
{
    uint32_t place = twin->stale_count < STALE_MAX ? twin->stale_count++ : suite_below(random, STALE_MAX);
    twin->stale[place] = twin->events[i].handle;
    twin->events[i] = twin->events[--twin->count];
}

/* Few times and few phases, so ties are the rule; "now" is the likeliest time. */
static sim_time time_pick(const struct twin *twin, uint64_t *random, uint32_t spread)
{
    uint32_t choice = suite_below(random, spread + 2);
    return twin->now_ns + (choice > spread ? 0 : (sim_time)choice);
}

struct profile {
    uint32_t operations;
    uint32_t size_max;
    uint32_t spread;
    uint32_t phases;
    uint32_t schedules; /* of 16 operations; the rest is shared by next, cancel and re-arm */
};

static void next_compare(struct event_queue *queue, struct twin *twin, uint64_t *random)
{
    struct event event;
    sim_time at_ns = -1;
    uint32_t phase = UINT32_MAX;
    bool peeked = event_queue_peek(queue, &at_ns, &phase);
    CU_ASSERT_EQUAL_FATAL(peeked, twin->count > 0);
    if (peeked) {
        CU_ASSERT_FATAL(!event_queue_next_until(queue, at_ns - 1, &event));
    }
    CU_ASSERT_EQUAL_FATAL(event_queue_next(queue, &event), peeked);
    if (!peeked)
        return;
    uint32_t first = twin_first(twin);
    const struct twin_event *expected = &twin->events[first];
    CU_ASSERT_FATAL(event.at_ns == expected->at_ns && at_ns == expected->at_ns);
    CU_ASSERT_FATAL(event.phase == expected->phase && phase == expected->phase);
    CU_ASSERT_FATAL(event.sequence == expected->sequence);
    CU_ASSERT_FATAL(event.argument == expected->argument);
    CU_ASSERT_FATAL(event.kind == expected->argument % 1000 && event.subject == queue);
    CU_ASSERT_FATAL(event.run == run_nothing);
    twin->now_ns = event.at_ns;
    CU_ASSERT_FATAL(!event_queue_pending(queue, expected->handle));
    twin_remove(twin, first, random);
}

static void schedule_both(
    struct event_queue *queue, struct twin *twin, uint64_t *random, const struct profile *profile)
{
    struct twin_event *event = &twin->events[twin->count++];
    event->at_ns = time_pick(twin, random, profile->spread);
    event->phase = suite_below(random, profile->phases);
    event->sequence = ++twin->sequence;
    event->argument = suite_random(random);
    if (event->at_ns == twin->now_ns && suite_below(random, 2)) {
        event->handle = (struct event_handle){0};
        event_queue_post(
            queue, event->phase, (uint32_t)(event->argument % 1000), run_nothing, queue, event->argument);
        return;
    }
    event->handle = event_queue_schedule(queue, event->at_ns, event->phase,
        (uint32_t)(event->argument % 1000), run_nothing, queue, event->argument);
    CU_ASSERT_FATAL(event->handle.generation != 0);
}

static void stale_compare(struct event_queue *queue, struct twin *twin, uint64_t *random)
{
    if (!twin->stale_count)
        return;
    struct event_handle stale = twin->stale[suite_below(random, twin->stale_count)];
    struct event_handle copy = stale;
    sim_time at_ns;
    CU_ASSERT_FATAL(!event_queue_pending(queue, stale));
    CU_ASSERT_FATAL(!event_queue_when(queue, stale, &at_ns));
    CU_ASSERT_FATAL(!event_queue_cancel(queue, stale));
    CU_ASSERT_FATAL(!event_queue_rearm(queue, &copy, twin->now_ns));
    CU_ASSERT_FATAL(copy.slot == stale.slot && copy.generation == stale.generation);
}

static void change_both(
    struct event_queue *queue, struct twin *twin, uint64_t *random, const struct profile *profile)
{
    uint32_t pick = suite_below(random, twin->count);
    struct twin_event *event = &twin->events[pick];
    sim_time at_ns;
    if (!event->handle.generation)
        return; /* it was posted */
    CU_ASSERT_FATAL(event_queue_pending(queue, event->handle));
    CU_ASSERT_FATAL(event_queue_when(queue, event->handle, &at_ns));
    CU_ASSERT_EQUAL_FATAL(at_ns, event->at_ns);
    if (suite_below(random, 2)) {
        CU_ASSERT_FATAL(event_queue_cancel(queue, event->handle));
        CU_ASSERT_FATAL(!event_queue_cancel(queue, event->handle));
        twin_remove(twin, pick, random);
        return;
    }
    struct event_handle before = event->handle;
    event->at_ns = time_pick(twin, random, profile->spread);
    event->sequence = ++twin->sequence;
    CU_ASSERT_FATAL(event_queue_rearm(queue, &event->handle, event->at_ns));
    CU_ASSERT_FATAL(!event_queue_pending(queue, before));
    CU_ASSERT_FATAL(event_queue_pending(queue, event->handle));
}

static void against_twin(const struct profile *profile)
{
    uint64_t random = suite_seed() ^ profile->operations;
    struct event_queue *queue = event_queue_create();
    static struct twin twin;
    memset(&twin, 0, sizeof twin);
    for (uint32_t n = 0; n < profile->operations; n++) {
        uint32_t choice = suite_below(&random, 16);
        if (choice < profile->schedules && twin.count < profile->size_max)
            schedule_both(queue, &twin, &random, profile);
        else if (choice % 4 == 0 && twin.count)
            change_both(queue, &twin, &random, profile);
        else if (choice % 4 == 1)
            stale_compare(queue, &twin, &random);
        else
            next_compare(queue, &twin, &random);
        CU_ASSERT_EQUAL_FATAL(event_queue_count(queue), twin.count);
    }
    while (twin.count)
        next_compare(queue, &twin, &random);
    next_compare(queue, &twin, &random);
    event_queue_destroy(queue);
}

static void test_ties(void)
{
    against_twin(&(struct profile){1200001, 40, 2, 3, 8});
}
static void test_spread(void)
{
    against_twin(&(struct profile){600002, 60, 40, 16, 8});
}
static void test_tiny(void)
{
    against_twin(&(struct profile){600003, 4, 1, 2, 8});
}
static void test_one_instant(void)
{
    against_twin(&(struct profile){400004, 64, 0, 4, 9});
}

/* --- named cases --------------------------------------------------------------------------------- */

static uint64_t next_argument(struct event_queue *queue)
{
    struct event event;
    return event_queue_next(queue, &event) ? event.argument : UINT64_MAX;
}

static struct event_handle add(struct event_queue *queue, sim_time at_ns, uint32_t phase, uint64_t argument)
{
    return event_queue_schedule(queue, at_ns, phase, 0, run_nothing, NULL, argument);
}

/* An event that was scheduled earlier for now (heap) and ones scheduled at now (lanes): by phase, then
 * by sequence, wherever they stand. */
static void test_heap_against_lanes(void)
{
    struct event_queue *queue = event_queue_create();
    add(queue, 10, 1, 1);
    add(queue, 10, 3, 2);
    add(queue, 10, 3, 3);
    CU_ASSERT_EQUAL(next_argument(queue), 1);
    add(queue, 10, 3, 4); /* lane, after 2 and 3 */
    add(queue, 10, 2, 5); /* lane, lower phase: before 2 */
    add(queue, 10, 4, 6);
    add(queue, 11, 0, 7);
    CU_ASSERT_EQUAL(next_argument(queue), 5);
    CU_ASSERT_EQUAL(next_argument(queue), 2);
    add(queue, 10, 0, 8); /* an earlier phase again, after later ones ran */
    CU_ASSERT_EQUAL(next_argument(queue), 8);
    CU_ASSERT_EQUAL(next_argument(queue), 3);
    CU_ASSERT_EQUAL(next_argument(queue), 4);
    CU_ASSERT_EQUAL(next_argument(queue), 6);
    CU_ASSERT_EQUAL(next_argument(queue), 7);
    CU_ASSERT_EQUAL(next_argument(queue), UINT64_MAX);
    event_queue_destroy(queue);
}

/* Removing the last key into a gap may need sifting up: its parent is not that of its old place. */
static void test_removal_sifts_both_ways(void)
{
    static const sim_time times[] = {1, 100, 2, 2, 2, 101, 102, 103, 104, 3, 3};
    for (uint32_t removed = 0; removed < 11; removed++) {
        struct event_queue *queue = event_queue_create();
        struct event_handle handles[11];
        for (uint32_t i = 0; i < 11; i++)
            handles[i] = add(queue, times[i], 0, i);
        CU_ASSERT(event_queue_cancel(queue, handles[removed]));
        sim_time last = 0;
        struct event event;
        uint32_t count = 0;
        while (event_queue_next(queue, &event)) {
            CU_ASSERT(event.at_ns >= last);
            CU_ASSERT(event.argument != removed);
            last = event.at_ns;
            count++;
        }
        CU_ASSERT_EQUAL(count, 10);
        event_queue_destroy(queue);
    }
}

/* A timer put off over and over within one instant leaves dead entries in its lane; they are swept. */
static void test_lane_does_not_grow_by_rearming(void)
{
    struct event_queue *queue = event_queue_create();
    add(queue, 0, 0, 1); /* stays the head */
    struct event_handle timer = add(queue, 0, 0, 2);
    for (int i = 0; i < 1000000; i++)
        CU_ASSERT_FATAL(event_queue_rearm(queue, &timer, 0));
    add(queue, 0, 0, 3);
    CU_ASSERT_EQUAL(event_queue_count(queue), 3);
    CU_ASSERT_EQUAL(next_argument(queue), 1);
    CU_ASSERT_EQUAL(next_argument(queue), 2);
    CU_ASSERT_EQUAL(next_argument(queue), 3);
    event_queue_destroy(queue);
}

static void test_no_event(void)
{
    struct event_queue *queue = event_queue_create();
    struct event_handle none = {0};
    sim_time at_ns;
    CU_ASSERT(!event_queue_pending(queue, none));
    CU_ASSERT(!event_queue_cancel(queue, none));
    CU_ASSERT(!event_queue_rearm(queue, &none, 5));
    CU_ASSERT(!event_queue_cancel(queue, (struct event_handle){99, 1}));
    CU_ASSERT(!event_queue_peek(queue, &at_ns, NULL));
    add(queue, 7, 2, 0);
    CU_ASSERT(event_queue_peek(queue, NULL, NULL));
    CU_ASSERT(!event_queue_pending(queue, none));
    event_queue_destroy(queue);
    event_queue_destroy(NULL);
}

static void test_large_heap(void)
{
    enum { COUNT = 200000 };
    struct event_queue *queue = event_queue_create();
    uint64_t random = suite_seed();
    struct event_handle *handles = malloc(COUNT * sizeof *handles);
    for (uint32_t i = 0; i < COUNT; i++)
        handles[i] = add(queue, 1 + (sim_time)suite_below(&random, 50000), suite_below(&random, 16), i);
    for (uint32_t i = 0; i < COUNT; i += 3)
        CU_ASSERT_FATAL(event_queue_cancel(queue, handles[i]));
    for (uint32_t i = 1; i < COUNT; i += 3)
        CU_ASSERT_FATAL(event_queue_rearm(queue, &handles[i], 1 + (sim_time)suite_below(&random, 50000)));
    struct event before = {0}, event;
    uint32_t count = 0;
    while (event_queue_next(queue, &event)) {
        bool ordered = event.at_ns != before.at_ns   ? event.at_ns > before.at_ns
                       : event.phase != before.phase ? event.phase > before.phase
                                                     : event.sequence > before.sequence;
        CU_ASSERT_FATAL(ordered);
        CU_ASSERT_FATAL(event.argument % 3 != 0);
        before = event;
        count++;
    }
    CU_ASSERT_EQUAL(count, COUNT - (COUNT + 2) / 3);
    free(handles);
    event_queue_destroy(queue);
}

static void misuse_past(void)
{
    struct event_queue *queue = event_queue_create();
    add(queue, 10, 0, 0);
    next_argument(queue);
    add(queue, 9, 0, 0);
}
static void misuse_phase(void)
{
    add(event_queue_create(), 0, PHASE_COUNT_MAX, 0);
}
static void misuse_rearm(void)
{
    struct event_queue *queue = event_queue_create();
    add(queue, 10, 0, 0);
    struct event_handle later = add(queue, 11, 0, 0);
    next_argument(queue);
    event_queue_rearm(queue, &later, 9);
}

/* --- who is near --------------------------------------------------------------------------------- */

enum { NEAR_PENDING = 5000, NEAR_EVENTS = 60000 };

struct near_watch {
    struct event_queue *queue;
    uint64_t taken; /* events so far */
    uint64_t *told; /* by argument: how many had been taken when it was told, from 1; 0: never */
    uint64_t calls;
    struct event_handle latest;
};

static void on_near(void *observer, struct event_handle handle)
{
    struct near_watch *watch = observer;
    uint32_t kind;
    void *subject;
    watch->calls++;
    /* All of them are pending. */
    CU_ASSERT_FATAL(event_queue_look(watch->queue, handle, &kind, &subject));
    CU_ASSERT_EQUAL(kind, 7);
    uint64_t *told = subject;
    if (*told == 0)
        *told = watch->taken + 1;
    watch->latest = handle;
}

/* A queue of so many pending events: each that is taken schedules another one, now and then one is cancelled.
 * Fills in the arguments in the order in which they came. */
static void run_near(struct near_watch *watch, bool watches, uint64_t order[NEAR_EVENTS])
{
    struct random_stream stream;
    random_stream_init(&stream, suite_seed(), 0, "near");
    watch->queue = event_queue_create();
    uint64_t argument = 0;
    struct event_handle handle = {0};
    if (watches)
        event_queue_watch_near(watch->queue, on_near, watch);
    for (int i = 0; i < NEAR_PENDING; i++, argument++)
        handle = event_queue_schedule(watch->queue, random_below(&stream, 1000000), argument % 3, 7,
            run_nothing, &watch->told[argument], argument);
    for (int i = 0; i < NEAR_EVENTS; i++, argument++) {
        struct event event;
        CU_ASSERT_FATAL(event_queue_next(watch->queue, &event));
        order[i] = event.argument;
        watch->taken++;
        if (i % 50 == 0)
            event_queue_cancel(watch->queue, handle);
        handle = event_queue_schedule(watch->queue, event.at_ns + random_below(&stream, 1000000),
            argument % 3, 7, run_nothing, &watch->told[argument], argument);
    }
}

static void test_near(void)
{
    static uint64_t order[NEAR_EVENTS], unwatched[NEAR_EVENTS], told[NEAR_PENDING + NEAR_EVENTS],
        nobody[NEAR_PENDING + NEAR_EVENTS];
    struct near_watch watch = {.told = told}, other = {.told = nobody};
    run_near(&watch, true, order);
    run_near(&other, false, unwatched);
    CU_ASSERT_EQUAL(memcmp(order, unwatched, sizeof order), 0);
    uint32_t in_time = 0, too_early = 0;
    for (int i = NEAR_EVENTS / 10; i < NEAR_EVENTS; i++) {
        uint64_t told_at = told[order[i]];
        in_time += told_at > 0 && told_at + 14 <= (uint64_t)i;
        too_early += told_at > 0 && told_at + 400 < (uint64_t)i;
    }
    CU_ASSERT(in_time > NEAR_EVENTS * 8 / 10); /* of nine tenths that are looked at */
    CU_ASSERT(too_early < NEAR_EVENTS / 40);
    CU_ASSERT(watch.calls > NEAR_EVENTS * 9 / 10 && watch.calls < NEAR_EVENTS * 11 / 10);
    CU_ASSERT_EQUAL(other.calls, 0);
    /* Nobody is told any more. */
    uint64_t calls = watch.calls;
    uint32_t kind;
    void *subject;
    event_queue_watch_near(watch.queue, NULL, NULL);
    struct event event;
    while (event_queue_next(watch.queue, &event)) {
    }
    CU_ASSERT_EQUAL(watch.calls, calls);
    CU_ASSERT_FALSE(event_queue_look(watch.queue, watch.latest, &kind, &subject));
    CU_ASSERT_FALSE(event_queue_look(watch.queue, (struct event_handle){0}, &kind, &subject));
    event_queue_destroy(watch.queue);
    event_queue_destroy(other.queue);
}

static void test_misuse_asserts(void)
{
    CU_ASSERT(suite_asserts(misuse_past));
    CU_ASSERT(suite_asserts(misuse_phase));
    CU_ASSERT(suite_asserts(misuse_rearm));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"heap against lanes", test_heap_against_lanes},
        {"removal sifts both ways", test_removal_sifts_both_ways},
        {"a lane does not grow by re-arming", test_lane_does_not_grow_by_rearming},
        {"no event", test_no_event},
        {"large heap", test_large_heap},
        {"against a scanned array: ties", test_ties},
        {"against a scanned array: spread", test_spread},
        {"against a scanned array: tiny", test_tiny},
        {"against a scanned array: one instant", test_one_instant},
        {"who is near", test_near},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("queue", tests, sizeof tests / sizeof tests[0]);
}
