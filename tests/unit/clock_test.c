/*
 * clock_test.c: the loop: what runs, when it stops, what observers see, what the digest holds, and what
 * a failed assertion inside an event says.
 */
#include "suite.h"

#include "base/check.h"
#include "base/vec.h"
#include "kernel/clock.h"

struct seen {
    sim_time at_ns;
    uint64_t argument;
};

struct world {
    struct clock clock;
    VEC(struct seen) ran;
    VEC(struct seen) observed;
    size_t ran_when_observed;
    uint64_t chain_left;
};

static void world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    clock_init(&world->clock, 42, 7);
}

static void world_fini(struct world *world)
{
    clock_fini(&world->clock);
    vec_fini(&world->ran);
    vec_fini(&world->observed);
}

static void note(void *subject, uint64_t argument)
{
    struct world *world = subject;
    struct seen seen = {clock_now(&world->clock), argument};
    vec_push(&world->ran, seen);
}

static void note_and_stop(void *subject, uint64_t argument)
{
    struct world *world = subject;
    note(subject, argument);
    clock_stop(&world->clock);
}

static void observe(void *observer, const struct event *event)
{
    struct world *world = observer;
    struct seen seen = {event->at_ns, event->argument};
    vec_push(&world->observed, seen);
    world->ran_when_observed = world->ran.count;
    CU_ASSERT_EQUAL(clock_now(&world->clock), event->at_ns);
    CU_ASSERT_EQUAL(clock_event_count(&world->clock), world->observed.count);
}

static void test_run_until(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 30, 0, 1, note, &world, 3);
    clock_after(&world.clock, 10, 0, 1, note, &world, 1);
    clock_at(&world.clock, 20, 0, 1, note, &world, 2);
    clock_run(&world.clock, 20);
    CU_ASSERT_EQUAL(world.ran.count, 2);
    CU_ASSERT_EQUAL(clock_now(&world.clock), 20); /* `until` is inclusive */
    clock_run(&world.clock, 29);
    CU_ASSERT_EQUAL(clock_now(&world.clock), 20); /* at the last event's time */
    CU_ASSERT_EQUAL(clock_event_count(&world.clock), 2);
    clock_advance(&world.clock, 29);
    clock_advance(&world.clock, 25); /* never back */
    CU_ASSERT_EQUAL(clock_now(&world.clock), 29);
    CU_ASSERT_EQUAL(clock_event_count(&world.clock), 2);
    /* What is at once is at 29, before what comes at 30. */
    clock_post(&world.clock, 0, 1, note, &world, 4);
    clock_after(&world.clock, 0, 0, 1, note, &world, 5);
    CU_ASSERT(clock_run_some(&world.clock, 30, 3));
    CU_ASSERT(!clock_run_some(&world.clock, 30, 1));
    CU_ASSERT_EQUAL_FATAL(world.ran.count, 5);
    CU_ASSERT_EQUAL(world.ran.items[3].argument, 5);
    CU_ASSERT_EQUAL(world.ran.items[3].at_ns, 29);
    CU_ASSERT_EQUAL(world.ran.items[0].argument, 1);
    CU_ASSERT_EQUAL(world.ran.items[0].at_ns, 10);
    CU_ASSERT_EQUAL(world.ran.items[2].argument, 4);
    CU_ASSERT_EQUAL(world.ran.items[2].at_ns, 29);
    CU_ASSERT_EQUAL(world.ran.items[4].argument, 3);
    CU_ASSERT_EQUAL(world.ran.items[4].at_ns, 30);
    CU_ASSERT_EQUAL(world.clock.run_number, 7);
    world_fini(&world);
}

static void chain(void *subject, uint64_t argument)
{
    struct world *world = subject;
    note(subject, argument);
    if (world->chain_left-- > 0)
        clock_after(&world->clock, 0, (uint32_t)(argument % 3), 2, chain, world, argument + 1);
}

/* Everything that an event causes with no delay is finished before time goes on. */
static void test_consequences_come_first(void)
{
    struct world world;
    world_init(&world);
    world.chain_left = 50;
    clock_at(&world.clock, 6, 0, 1, note, &world, 1000);
    clock_at(&world.clock, 5, 0, 1, chain, &world, 0);
    clock_run(&world.clock, SIM_TIME_NEVER);
    CU_ASSERT_EQUAL_FATAL(world.ran.count, 52);
    for (uint32_t i = 0; i < 51; i++) {
        CU_ASSERT_EQUAL(world.ran.items[i].at_ns, 5);
        CU_ASSERT_EQUAL(world.ran.items[i].argument, i);
    }
    CU_ASSERT_EQUAL(world.ran.items[51].argument, 1000);
    world_fini(&world);
}

static void test_some(void)
{
    struct world world;
    world_init(&world);
    for (uint64_t i = 0; i < 5; i++)
        clock_at(&world.clock, (sim_time)i, 0, 1, note, &world, i);
    CU_ASSERT(clock_run_some(&world.clock, 3, 2));
    CU_ASSERT_EQUAL(world.ran.count, 2);
    CU_ASSERT(clock_run_some(&world.clock, 3, 2)); /* all there is, but nobody has looked */
    CU_ASSERT_EQUAL(world.ran.count, 4);
    CU_ASSERT(!clock_run_some(&world.clock, 3, 2));
    CU_ASSERT(!clock_run_some(&world.clock, SIM_TIME_NEVER, 2));
    CU_ASSERT_EQUAL(world.ran.count, 5);
    CU_ASSERT_EQUAL(clock_now(&world.clock), 4);
    world_fini(&world);
}

static void test_stop(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 1, 0, 1, note, &world, 1);
    clock_at(&world.clock, 2, 0, 1, note_and_stop, &world, 2);
    clock_at(&world.clock, 2, 0, 1, note, &world, 3);
    clock_run(&world.clock, 100);
    CU_ASSERT_EQUAL(world.ran.count, 2);
    CU_ASSERT(!clock_run_some(&world.clock, 100, 1));
    clock_run(&world.clock, 100);
    CU_ASSERT_EQUAL(world.ran.count, 2);
    CU_ASSERT_EQUAL(event_queue_count(world.clock.queue), 1);
    world_fini(&world);
}

static void test_never(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, SIM_TIME_NEVER, 0, 1, note, &world, 1);
    clock_at(&world.clock, 5, 0, 1, note, &world, 2);
    clock_run(&world.clock, 5);
    clock_after(&world.clock, INT64_MAX, 0, 1, note, &world, 3); /* past the end of time */
    clock_run(&world.clock, SIM_TIME_NEVER);
    CU_ASSERT(!clock_run_some(&world.clock, SIM_TIME_NEVER, 1));
    CU_ASSERT_EQUAL(world.ran.count, 1);
    CU_ASSERT_EQUAL(clock_now(&world.clock), 5);
    world_fini(&world);
}

static void count_second(void *observer, const struct event *event)
{
    struct world *world = observer;
    /* The first observer has been called already. */
    CU_ASSERT_EQUAL(world->observed.items[world->observed.count - 1].argument, event->argument);
}

static uint64_t digest_of_run(bool observed)
{
    struct world world;
    world_init(&world);
    world.chain_left = 20;
    if (observed) {
        clock_observe(&world.clock, observe, &world);
        clock_observe(&world.clock, count_second, &world);
    }
    clock_at(&world.clock, 5, 0, 1, chain, &world, 0);
    clock_run(&world.clock, 100);
    CU_ASSERT_EQUAL(world.observed.count, observed ? 21 : 0);
    if (observed) {
        CU_ASSERT_EQUAL(world.ran_when_observed, 20); /* called before the event runs */
    }
    for (uint32_t i = 0; i < world.observed.count; i++)
        CU_ASSERT_EQUAL(world.observed.items[i].argument, world.ran.items[i].argument);
    uint64_t value = digest_value(&world.clock.digest);
    world_fini(&world);
    return value;
}

static void test_observers_do_not_count(void)
{
    CU_ASSERT_EQUAL(digest_of_run(false), digest_of_run(true));
}

/* The digest is over (time, phase, kind, argument) of what ran, in order; cancelled events are not in it. */
static void test_digest(void)
{
    struct world world;
    struct digest expected;
    world_init(&world);
    clock_at(&world.clock, 9, 3, 55, note, &world, 8);
    struct event_handle gone = clock_at(&world.clock, 4, 1, 56, note, &world, 7);
    clock_at(&world.clock, 4, 2, 57, note, &world, 6);
    event_queue_cancel(world.clock.queue, gone);
    clock_run(&world.clock, 100);
    digest_init(&expected);
    static const uint64_t values[] = {4, UINT64_C(2) << 32 | 57, 6, 9, UINT64_C(3) << 32 | 55, 8};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        digest_add(&expected, values[i]);
    CU_ASSERT_EQUAL(digest_value(&world.clock.digest), digest_value(&expected));
    world_fini(&world);
}

static void fail(void *subject, uint64_t argument)
{
    (void)subject;
    EPSIM_ASSERT(argument == 0);
}

static void run_to_failure(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 5, 0, 1, note, &world, 0);
    clock_at(&world.clock, 1500, 0, 1, fail, NULL, 3);
    clock_run(&world.clock, 2000);
}

static void step_then_fail_outside(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 5, 0, 1, note, &world, 0);
    clock_run_some(&world.clock, 10, 1);
    fail(NULL, 1);
}

static void test_failure_tells_the_moment(void)
{
    char out[1024];
    int status = suite_child(run_to_failure, out, sizeof out);
    CU_ASSERT(WIFSIGNALED(status));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "argument == 0 failed at t=1500 ns, seed 42, event 2\n"));
    status = suite_child(step_then_fail_outside, out, sizeof out);
    CU_ASSERT(WIFSIGNALED(status));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "argument == 0 failed outside of a simulation\n"));
}

static void misuse_delay(void)
{
    struct world world;
    world_init(&world);
    clock_after(&world.clock, -1, 0, 1, note, &world, 0);
}
static void misuse_past(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 5, 0, 1, note, &world, 0);
    clock_run(&world.clock, 10);
    clock_at(&world.clock, 4, 0, 1, note, &world, 0);
}
static void misuse_observers(void)
{
    struct world world;
    world_init(&world);
    for (int i = 0; i < 9; i++)
        clock_observe(&world.clock, observe, &world);
}

static void misuse_advance(void)
{
    struct world world;
    world_init(&world);
    clock_at(&world.clock, 20, 0, 1, note, &world, 1);
    clock_advance(&world.clock, 20);
}

static void test_misuse_asserts(void)
{
    CU_ASSERT(suite_asserts(misuse_advance));
    CU_ASSERT(suite_asserts(misuse_delay));
    CU_ASSERT(suite_asserts(misuse_past));
    CU_ASSERT(suite_asserts(misuse_observers));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"run until", test_run_until},
        {"consequences come first", test_consequences_come_first},
        {"so many events", test_some},
        {"stop", test_stop},
        {"never", test_never},
        {"observers do not count", test_observers_do_not_count},
        {"digest", test_digest},
        {"a failure tells the moment", test_failure_tells_the_moment},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("clock", tests, sizeof tests / sizeof tests[0]);
}
