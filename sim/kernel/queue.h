/*
 * queue.h: the event queue: everything that will happen, in one total order.
 *
 * Order is (time, phase, sequence): earlier times first; at one time lower phases first; within a
 * phase in the order of scheduling. The sequence number is given at scheduling, so ties are never
 * broken by an address or a hash.
 *
 * Handles are always safe: a handle names one scheduling of one event. Once that event has run or
 * was cancelled, the handle is stale, and cancelling or re-arming with it does nothing and says so.
 * Slots are reused under a new generation, so a stale handle never hits somebody else's event.
 *
 * | operation            | cost               | reason                                             |
 * |----------------------|--------------------|----------------------------------------------------|
 * | schedule, later time | O(log n), mean O(1)| sift up a 4-ary heap of 24-byte keys               |
 * | schedule, same time  | O(1)               | one first-in-first-out lane a phase                |
 * | post                 | O(1)               | as that, without a slot                            |
 * | next                 | O(log n), O(1) lane| sift down; lanes are popped from the head          |
 * | cancel               | O(1)               | the key stays behind until it comes to the front   |
 * | re-arm               | as schedule        | a new key; the old one stays behind                |
 *
 * Keys that stayed behind are taken out when there is no room, so they are never more than the rest. An event
 * that is scheduled right after one was taken (a process that goes on) costs one way down the heap for both.
 *
 * Most events of profile `instant` are consequences at the present time, hence the lanes.
 */
#ifndef EPSIM_KERNEL_QUEUE_H
#define EPSIM_KERNEL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/time.h"

/* What runs: a function, an object that it knows, and a number for it. */
typedef void event_fn(void *subject, uint64_t argument);

struct event {
    sim_time at_ns;
    uint32_t phase;
    uint32_t
        kind; /* a stable number that names what this is, up to EVENT_KIND_MAX: it goes into the digest */
    uint64_t sequence;
    event_fn *run;
    void *subject;
    uint64_t argument;
};

/* {0} is the handle of no event. */
struct event_handle {
    uint32_t slot;
    uint32_t generation;
};

#define PHASE_COUNT_MAX 16
#define EVENT_KIND_MAX ((UINT32_C(1) << 28) - 1)
/* More pending events than this end the run with a message, not with exhausted memory. */
#define PENDING_EVENTS_MAX UINT32_C(1000000000)

struct event_queue;

struct event_queue *event_queue_create(void);
void event_queue_destroy(struct event_queue *queue);

/* at_ns >= the time of the event taken last (0 before the first); phase < PHASE_COUNT_MAX; kind <=
 * EVENT_KIND_MAX (all asserted). */
struct event_handle event_queue_schedule(struct event_queue *queue, sim_time at_ns, uint32_t phase,
    uint32_t kind, event_fn *run, void *subject, uint64_t argument);
/* An event at the time of the event taken last that nobody will cancel: it needs no handle, and less work. */
void event_queue_post(struct event_queue *queue, uint32_t phase, uint32_t kind, event_fn *run, void *subject,
    uint64_t argument);
/* False, and nothing done, when the handle is stale. */
bool event_queue_cancel(struct event_queue *queue, struct event_handle handle);
/* Moves a pending event to another time (at_ns as above). It takes a new sequence number, and *handle
 * becomes the handle of this new scheduling; copies of the old one are stale. False when stale. */
bool event_queue_rearm(struct event_queue *queue, struct event_handle *handle, sim_time at_ns);
bool event_queue_pending(const struct event_queue *queue, struct event_handle handle);
/* The time of a pending event; false when the handle is stale. O(1). */
bool event_queue_when(const struct event_queue *queue, struct event_handle handle, sim_time *out_at_ns);
/* Time and phase (each may be NULL) of the event that would come next; false when there is none.
 * O(1), but for cancelled events that it puts away. */
bool event_queue_peek(struct event_queue *queue, sim_time *out_at_ns, uint32_t *out_phase);
/* Takes the next event out; false when there is none. Its handle is stale from here on. */
bool event_queue_next(struct event_queue *queue, struct event *out);
/* The same, but an event after `until_ns` stays; then false, too. */
bool event_queue_next_until(struct event_queue *queue, sim_time until_ns, struct event *out);
/* No event is pending up to and including `to_ns`, which is not before now: time goes on to there. */
void event_queue_advance(struct event_queue *queue, sim_time to_ns);
uint32_t event_queue_count(const struct event_queue *queue);

/* --- what comes soon, for whoever asks for memory ahead (engine/foresight.h). It changes no event and no
 * order, and hears of most events, not of all, in no order. */

/* The event of the handle, which is pending, is one of the next few dozen. Nothing may be scheduled or
 * cancelled meanwhile. */
typedef void event_near_fn(void *observer, struct event_handle handle);
/* `near` is called while events are taken that were not scheduled for the present time, once for each on the
 * mean: at the latest when it is the one itself that is about to be taken. NULL: no longer. */
void event_queue_watch_near(struct event_queue *queue, event_near_fn *near, void *observer);
/* What a pending event is; false when the handle is stale. O(1). */
bool event_queue_look(
    const struct event_queue *queue, struct event_handle handle, uint32_t *out_kind, void **out_subject);

#endif
