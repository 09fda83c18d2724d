/*
 * workqueue.h: a controller's queue of keys: collapsing, delays, workers, back-off (C-20 to C-24, C-40 to
 * C-43).
 *
 * Keys are items embedded in whatever they name. While an item waits, any number of adds collapse into one;
 * adds while it is worked on cause exactly one more run. A worker takes an item in an event of its own at the
 * present time (phase PHASE_SYNC), so with enough workers items are worked off in the order of their adding,
 * over all queues of a clock. The work may go on after that event: it ends with workqueue_done.
 *
 * | operation       | cost                    |
 * |-----------------|-------------------------|
 * | add, take, done | O(1)                    |
 * | add_after       | O(log pending events)   |
 */
#ifndef EPSIM_ENGINE_WORKQUEUE_H
#define EPSIM_ENGINE_WORKQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/token_bucket.h"

/* A failed key is tried again this often before it is dropped until its next event (C-40). */
#define WORKQUEUE_RETRIES_MAX 15
#define WORKQUEUE_WORKERS_ANY UINT32_MAX

struct workqueue;

/* Start with workqueue_item_init. */
struct workqueue_item {
    struct workqueue *queue;
    struct workqueue_item *next;
    struct event_handle timer; /* AddAfter (C-21) */
    sim_time timer_at_ns;
    uint32_t number;   /* names the item in the digest */
    uint16_t failures; /* NumRequeues */
    bool dirty, processing;
};

/* Works on an item and calls workqueue_done for it, now or later. */
typedef void workqueue_work(void *controller, struct workqueue_item *item);

struct workqueue {
    struct clock *clock;
    workqueue_work *work;
    void *controller;
    uint32_t phase;
    uint32_t kind_take, kind_timer; /* of events, for the digest */
    uint32_t workers_max;
    uint32_t workers_busy; /* on an item, or on their way to one */
    uint32_t queued;       /* items in the list below */
    uint32_t taking;       /* workers on their way */
    int64_t backoff_base_ns, backoff_cap_ns;
    struct token_bucket bucket; /* of retries (C-24) */
    struct workqueue_item *first, *last;
};

struct workqueue_config {
    uint32_t phase;
    uint32_t kind; /* this and the next number name its events */
    uint32_t workers_max;
    int64_t backoff_base_ns, backoff_cap_ns;
};

void workqueue_init(struct workqueue *queue, struct clock *clock, const struct workqueue_config *config,
    workqueue_work *work, void *controller);
void workqueue_item_init(struct workqueue_item *item, struct workqueue *queue, uint32_t number);

void workqueue_add(struct workqueue_item *item);
/* delay_ns <= 0 adds at once. Of two delays the earlier end counts (C-21). */
void workqueue_add_after(struct workqueue_item *item, int64_t delay_ns);
/* The end of the work: success forgets failures; failure backs off and tries again, or gives up (C-40). */
void workqueue_done(struct workqueue_item *item, bool success);
/* Neither waiting, nor worked on, nor on a timer. */
bool workqueue_item_idle(const struct workqueue_item *item);

#endif
