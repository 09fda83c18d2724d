/*
 * queue_limits_test.c: what takes billions of events to happen: a slot whose generations are used up, and
 * more pending events than allowed. The queue's own source is part of this program, so the test can put
 * it there at once.
 */
#include "suite.h"

#include "kernel/queue.c"

static void run_nothing(void *subject, uint64_t argument)
{
    (void)subject;
    (void)argument;
}

static struct event_handle add(struct event_queue *queue, sim_time at_ns)
{
    return event_queue_schedule(queue, at_ns, 0, 0, run_nothing, NULL, 0);
}

/* The last handle of a slot works like any other, and afterwards the slot is out of use. */
static void test_generations_end(void)
{
    for (int way = 0; way < 4; way++) {
        struct event_queue *queue = event_queue_create();
        event_queue_cancel(queue, add(queue, 5));
        queue->slots.items[0].generation = UINT32_MAX;
        struct event_handle last = add(queue, way == 1 ? 0 : 5);
        CU_ASSERT_EQUAL(last.slot, 0);
        CU_ASSERT_EQUAL(last.generation, UINT32_MAX);
        struct event_handle moved = last;
        struct event event;
        switch (way) {
        case 0:
        case 1: /* from the heap, from a lane */
            CU_ASSERT(event_queue_next(queue, &event));
            break;
        case 2:
            CU_ASSERT(event_queue_cancel(queue, last));
            break;
        default:
            CU_ASSERT(event_queue_rearm(queue, &moved, 9));
            CU_ASSERT(moved.slot != 0 && event_queue_pending(queue, moved));
            CU_ASSERT(event_queue_cancel(queue, moved));
        }
        CU_ASSERT(!event_queue_pending(queue, last));
        CU_ASSERT(!event_queue_cancel(queue, last));
        CU_ASSERT(!event_queue_pending(queue, (struct event_handle){0, 0}));
        for (int i = 0; i < 10; i++)
            CU_ASSERT(add(queue, 9).slot != 0);
        CU_ASSERT_EQUAL(event_queue_count(queue), 10);
        event_queue_destroy(queue);
    }
}

static void schedule_too_many(void)
{
    struct event_queue *queue = event_queue_create();
    queue->count = PENDING_EVENTS_MAX;
    add(queue, 1);
}

static void test_pending_max(void)
{
    char out[1024];
    int status = suite_child(schedule_too_many, out, sizeof out);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    CU_ASSERT_STRING_EQUAL(
        out, "epsim: more than 1000000000 events are pending; the scenario grows without end\n");
}

/* No key comes before its parent; a hole is at the top and nobody's; each pending event has one living key.
 */
static void check_heap(const struct event_queue *queue)
{
    uint32_t alive = 0;
    for (uint32_t k = queue->has_hole; k < queue->heap.count; k++) {
        const struct key *key = &queue->heap.items[k];
        uint32_t parent = k > 0 ? (k - 1) / 4 : 0;
        CU_ASSERT_FATAL(
            k == 0 || (queue->has_hole && parent == 0) || !key_before(key, &queue->heap.items[parent]));
        alive += key_alive(queue, key);
    }
    for (int phase = 0; phase < PHASE_COUNT_MAX; phase++)
        for (uint32_t k = queue->lanes[phase].head; k < queue->lanes[phase].end; k++)
            alive += entry_alive(queue, &queue->lanes[phase].entries[k]);
    CU_ASSERT_EQUAL_FATAL(alive, queue->count);
}

/* Re-arming, cancelling, and filling the hole that the event taken last has left, keep the heap in order;
 * keys that stay behind are put away when there is no room. */
static void test_heap_is_whole(void)
{
    enum { COUNT = 300 };
    struct event_queue *queue = event_queue_create();
    struct event_handle handles[COUNT];
    uint64_t random = suite_seed();
    for (int i = 0; i < COUNT; i++)
        handles[i] = add(queue, 1 + (sim_time)suite_below(&random, 50));
    for (int n = 0; n < 20000; n++) {
        uint32_t i = suite_below(&random, COUNT);
        sim_time at_ns = queue->now_ns + (sim_time)suite_below(&random, 50);
        switch (suite_below(&random, 3)) {
        case 0:
            CU_ASSERT_FATAL(event_queue_rearm(queue, &handles[i], at_ns));
            break;
        case 1:
            CU_ASSERT_FATAL(event_queue_cancel(queue, handles[i]));
            handles[i] = add(queue, at_ns);
            break;
        default:
            for (uint32_t taken = suite_below(&random, 3); taken > 0; taken--) {
                struct event event;
                sim_time next_ns;
                CU_ASSERT_FATAL(event_queue_peek(queue, &next_ns, NULL));
                CU_ASSERT_FATAL(event_queue_next(queue, &event));
                CU_ASSERT_EQUAL(event.at_ns, next_ns);
                check_heap(queue);
            }
            for (i = 0; i < COUNT; i++)
                if (!event_queue_pending(queue, handles[i]))
                    handles[i] = add(queue, queue->now_ns + (sim_time)suite_below(&random, 50));
        }
        check_heap(queue);
    }
    CU_ASSERT_EQUAL(queue->slots.count, COUNT);
    CU_ASSERT(queue->heap.capacity <= 4 * COUNT);
    event_queue_destroy(queue);
}

/* Events that are only ever cancelled take no more room than those that are pending at a time, in the heap
 * and in a lane. */
static void test_cancelled_take_no_room(void)
{
    struct event_queue *queue = event_queue_create();
    for (int i = 0; i < 100000; i++) {
        struct event_handle later = add(queue, 1000 + i), now = add(queue, 0);
        CU_ASSERT_FATAL(event_queue_cancel(queue, later));
        CU_ASSERT_FATAL(event_queue_cancel(queue, now));
    }
    CU_ASSERT(queue->slots.count <= 2);
    CU_ASSERT(queue->heap.capacity <= 64);
    CU_ASSERT(queue->lanes[0].capacity <= 64);
    CU_ASSERT(!event_queue_peek(queue, NULL, NULL));
    CU_ASSERT_EQUAL(queue->heap.count, 0);
    event_queue_destroy(queue);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"generations end", test_generations_end},
        {"pending at most", test_pending_max},
        {"the heap is whole", test_heap_is_whole},
        {"cancelled take no room", test_cancelled_take_no_room},
    };
    return suite_main("queue limits", tests, sizeof tests / sizeof tests[0]);
}
