/*
 * workqueue.c: see workqueue.h.
 */
#include "engine/workqueue.h"

#include <stddef.h>

#include "base/check.h"

/* The limiter that all retries of a queue share: 10 a second, 100 at once (C-24). */
#define BUCKET_INTERVAL_NS INT64_C(100000000)
#define BUCKET_BURST 100

void workqueue_init(struct workqueue *queue, struct clock *clock, const struct workqueue_config *config,
    workqueue_work *work, void *controller)
{
    *queue = (struct workqueue){
        .clock = clock,
        .work = work,
        .controller = controller,
        .phase = config->phase,
        .kind_take = config->kind,
        .kind_timer = config->kind + 1,
        .workers_max = config->workers_max,
        .backoff_base_ns = config->backoff_base_ns,
        .backoff_cap_ns = config->backoff_cap_ns,
        .bucket = token_bucket_full(clock_now(clock), BUCKET_INTERVAL_NS, BUCKET_BURST),
    };
}

void workqueue_item_init(struct workqueue_item *item, struct workqueue *queue, uint32_t number)
{
    *item = (struct workqueue_item){.queue = queue, .number = number};
}

static void take(void *subject, uint64_t argument)
{
    (void)argument;
    struct workqueue *queue = subject;
    struct workqueue_item *item = queue->first;
    EPSIM_ASSERT(item && item->dirty && !item->processing);
    queue->taking--;
    queue->queued--;
    queue->first = item->next;
    if (!queue->first)
        queue->last = NULL;
    item->next = NULL;
    item->processing = true;
    item->dirty = false;
    queue->work(queue->controller, item);
}

/* Sends a worker, if one is idle and there is an item that nobody is on the way to. */
static void wake(struct workqueue *queue, uint64_t number)
{
    if (queue->workers_busy == queue->workers_max || queue->taking == queue->queued)
        return;
    queue->workers_busy++;
    queue->taking++;
    clock_post(queue->clock, queue->phase, queue->kind_take, take, queue, number);
}

static void append(struct workqueue_item *item)
{
    struct workqueue *queue = item->queue;
    item->next = NULL;
    if (queue->last)
        queue->last->next = item;
    else
        queue->first = item;
    queue->last = item;
    queue->queued++;
    wake(queue, item->number);
}

void workqueue_add(struct workqueue_item *item)
{
    if (item->dirty)
        return;
    item->dirty = true;
    if (!item->processing)
        append(item);
}

static void timer_fired(void *subject, uint64_t argument)
{
    (void)argument;
    struct workqueue_item *item = subject;
    item->timer = (struct event_handle){0};
    workqueue_add(item);
}

void workqueue_add_after(struct workqueue_item *item, int64_t delay_ns)
{
    if (delay_ns <= 0) {
        workqueue_add(item);
        return;
    }
    struct workqueue *queue = item->queue;
    sim_time at_ns = clock_now(queue->clock) + delay_ns;
    if (event_queue_pending(queue->clock->queue, item->timer)) {
        if (at_ns >= item->timer_at_ns)
            return;
        event_queue_rearm(queue->clock->queue, &item->timer, at_ns);
    } else {
        item->timer =
            clock_at(queue->clock, at_ns, queue->phase, queue->kind_timer, timer_fired, item, item->number);
    }
    item->timer_at_ns = at_ns;
}

static int64_t backoff_ns(const struct workqueue *queue, uint32_t failures)
{
    int64_t delay_ns = queue->backoff_base_ns;
    for (uint32_t i = 0; i < failures && delay_ns < queue->backoff_cap_ns; i++)
        delay_ns *= 2;
    return delay_ns < queue->backoff_cap_ns ? delay_ns : queue->backoff_cap_ns;
}

void workqueue_done(struct workqueue_item *item, bool success)
{
    struct workqueue *queue = item->queue;
    EPSIM_ASSERT(item->processing);
    if (success || item->failures >= WORKQUEUE_RETRIES_MAX) {
        item->failures = 0;
    } else {
        int64_t delay_ns = backoff_ns(queue, item->failures);
        int64_t wait_ns = token_bucket_take(&queue->bucket, clock_now(queue->clock));
        item->failures++;
        workqueue_add_after(item, delay_ns > wait_ns ? delay_ns : wait_ns);
    }
    item->processing = false;
    EPSIM_ASSERT(queue->workers_busy > 0);
    queue->workers_busy--;
    if (item->dirty)
        append(item);
    else
        wake(queue, item->number);
}

bool workqueue_item_idle(const struct workqueue_item *item)
{
    return !item->dirty && !item->processing && !event_queue_pending(item->queue->clock->queue, item->timer);
}
