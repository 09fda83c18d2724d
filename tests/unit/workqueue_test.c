/*
 * workqueue_test.c: collapsing, delays, few workers, and back-off of work queues (C-20 to C-24, C-40 to
 * C-43).
 */
#include "suite.h"

#include "base/text.h"
#include "engine/workqueue.h"
#include "kernel/clock.h"

#define S NS_PER_S

struct bench {
    struct clock clock;
    struct workqueue queue;
    struct workqueue_item items[300];
    struct text log;
    bool fails;
    bool holds;                   /* work ends when the test says so */
    struct workqueue_item *again; /* is added while it is worked on */
};

static void work(void *controller, struct workqueue_item *item)
{
    struct bench *bench = controller;
    text_printf(&bench->log, "%u@%lld ", item->number, (long long)(clock_now(&bench->clock) / NS_PER_MS));
    if (bench->again == item) {
        bench->again = NULL;
        workqueue_add(item);
        workqueue_add(item);
    }
    if (!bench->holds)
        workqueue_done(item, !bench->fails);
}

static void bench_init(struct bench *bench, uint32_t workers_max)
{
    *bench = (struct bench){.fails = false};
    clock_init(&bench->clock, 1, 0);
    struct workqueue_config config = {
        .phase = 1,
        .kind = 1,
        .workers_max = workers_max,
        .backoff_base_ns = S,
        .backoff_cap_ns = 1000 * S,
    };
    workqueue_init(&bench->queue, &bench->clock, &config, work, bench);
    for (uint32_t i = 0; i < 300; i++)
        workqueue_item_init(&bench->items[i], &bench->queue, i);
}

static void bench_fini(struct bench *bench)
{
    clock_fini(&bench->clock);
    text_fini(&bench->log);
}

/* Runs up to `ms` and tells what was worked on since the last time. */
static const char *run(struct bench *bench, int64_t ms)
{
    text_clear(&bench->log);
    text_add(&bench->log, "");
    clock_run(&bench->clock, ms * NS_PER_MS);
    return bench->log.data;
}

static void collapsing(void)
{
    struct bench bench;
    bench_init(&bench, WORKQUEUE_WORKERS_ANY);
    for (int i = 0; i < 5; i++) {
        workqueue_add(&bench.items[2]);
        workqueue_add(&bench.items[1]);
    }
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "2@0 1@0 ");
    bench.again = &bench.items[1];
    workqueue_add(&bench.items[1]);
    workqueue_add(&bench.items[2]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "1@0 2@0 1@0 ");
    CU_ASSERT(workqueue_item_idle(&bench.items[1]));
    bench_fini(&bench);
}

/* C-21, C-22: the window opens at the first and is never postponed; an immediate add does not cancel it. */
static void delays(void)
{
    struct bench bench;
    bench_init(&bench, WORKQUEUE_WORKERS_ANY);
    workqueue_add_after(&bench.items[0], 5 * S);
    CU_ASSERT_STRING_EQUAL(run(&bench, 2000), "");
    clock_after(&bench.clock, 0, 2, 9, NULL, NULL, 0);
    event_queue_next(bench.clock.queue, &(struct event){0});
    workqueue_add_after(&bench.items[0], 100 * S);
    CU_ASSERT_STRING_EQUAL(run(&bench, 20000), "0@5000 ");
    workqueue_add_after(&bench.items[0], 9 * S);
    workqueue_add_after(&bench.items[0], 3 * S);
    CU_ASSERT_FALSE(workqueue_item_idle(&bench.items[0]));
    CU_ASSERT_STRING_EQUAL(run(&bench, 40000), "0@8000 ");
    workqueue_add_after(&bench.items[0], 4 * S);
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 60000), "0@8000 0@12000 ");
    workqueue_add_after(&bench.items[0], 0);
    CU_ASSERT_STRING_EQUAL(run(&bench, 60000), "0@12000 ");
    bench_fini(&bench);
}

/* C-2: two workers hold two items; others wait their turn, in order; a key is never worked on twice at once.
 */
static void few_workers(void)
{
    struct bench bench;
    bench_init(&bench, 2);
    bench.holds = true;
    for (int i = 0; i < 4; i++)
        workqueue_add(&bench.items[i]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "0@0 1@0 ");
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "");
    workqueue_done(&bench.items[1], true);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "2@0 ");
    workqueue_done(&bench.items[0], true); /* comes back behind 3 */
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "3@0 ");
    workqueue_done(&bench.items[3], true);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "0@0 ");
    workqueue_done(&bench.items[0], true);
    workqueue_done(&bench.items[2], true);
    CU_ASSERT_STRING_EQUAL(run(&bench, 0), "");
    CU_ASSERT_EQUAL(bench.queue.workers_busy, 0);
    bench_fini(&bench);
}

/* C-40, C-41: 1, 2, 4, ... 512 s, then 1000 s; after 15 retries it is dropped, and starts anew. */
static void backoff(void)
{
    struct bench bench;
    bench_init(&bench, WORKQUEUE_WORKERS_ANY);
    bench.fails = true;
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 16000), "0@0 0@1000 0@3000 0@7000 0@15000 ");
    run(&bench, INT64_C(100000000));
    CU_ASSERT_EQUAL(clock_now(&bench.clock), 6023 * S);
    CU_ASSERT(workqueue_item_idle(&bench.items[0]));
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 6025000), "0@6023000 0@6024000 ");
    /* C-43: an event does not wait, and the timer stays. Success forgets. */
    bench.fails = false;
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 6030000), "0@6024000 0@6026000 ");
    bench.fails = true;
    workqueue_add(&bench.items[0]);
    CU_ASSERT_STRING_EQUAL(run(&bench, 6027500), "0@6026000 0@6027000 ");
    bench_fini(&bench);
}

/* C-24: all retries of a queue share a bucket of 100 that gets 10 a second. */
static void bucket(void)
{
    struct bench bench;
    bench_init(&bench, WORKQUEUE_WORKERS_ANY);
    bench.queue.backoff_base_ns = NS_PER_MS;
    bench.fails = true;
    for (int i = 0; i < 300; i++)
        workqueue_add(&bench.items[i]);
    run(&bench, 0);
    bench.fails = false;
    run(&bench, 1);
    uint32_t idle = 0;
    for (int i = 0; i < 300; i++)
        idle += workqueue_item_idle(&bench.items[i]);
    CU_ASSERT_EQUAL(idle, 100);
    CU_ASSERT_STRING_EQUAL(run(&bench, 350), "100@100 101@200 102@300 ");
    run(&bench, 1000000);
    CU_ASSERT_EQUAL(clock_now(&bench.clock), 20 * S);
    bench_fini(&bench);
}

static const struct suite_test tests[] = {
    {"collapsing (C-20)", collapsing},
    {"delays (C-21)", delays},
    {"few workers (C-2)", few_workers},
    {"back-off (C-40)", backoff},
    {"shared bucket (C-24)", bucket},
};

int main(void)
{
    return suite_main("workqueue", tests, sizeof tests / sizeof tests[0]);
}
