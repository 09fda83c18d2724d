/*
 * clock.h: the simulation loop: a clock, the queue it follows, the digest, and who watches.
 *
 * A clock belongs to one simulation and one thread. Executed events are numbered from 1, go into
 * the digest as (time, phase, kind, argument), and are shown to the observers, which only look:
 * they are called in the order of their adding and have no part in the digest. An observer sees an
 * event just before it runs, with the clock at its time and number: so the first event of an instant
 * shows it the state in which the instant before has ended.
 */
#ifndef EPSIM_KERNEL_CLOCK_H
#define EPSIM_KERNEL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "kernel/digest.h"
#include "kernel/queue.h"

typedef void event_observer(void *observer, const struct event *event);

struct clock {
    struct event_queue *queue;
    struct digest digest;
    struct check_context context; /* now, seed, event number */
    uint64_t run_number;
    bool stopped;
    struct {
        event_observer *call;
        void *observer;
    } observers[8];
    uint32_t observer_count;
};

/* `seed` is what a failed assertion prints; streams are the business of their owners. */
void clock_init(struct clock *clock, uint64_t seed, uint64_t run_number);
void clock_fini(struct clock *clock);

static inline sim_time clock_now(const struct clock *clock)
{
    return clock->context.now_ns;
}

/* delay_ns >= 0, at_ns >= now; an event at SIM_TIME_NEVER stays pending for ever. `kind` names the event in
 * the digest: a constant of the caller's module. */
struct event_handle clock_after(struct clock *clock, int64_t delay_ns, uint32_t phase, uint32_t kind,
    event_fn *run, void *subject, uint64_t argument);
struct event_handle clock_at(struct clock *clock, sim_time at_ns, uint32_t phase, uint32_t kind,
    event_fn *run, void *subject, uint64_t argument);

/* A consequence at the present time that nobody will cancel. */
static inline void clock_post(
    struct clock *clock, uint32_t phase, uint32_t kind, event_fn *run, void *subject, uint64_t argument)
{
    event_queue_post(clock->queue, phase, kind, run, subject, argument);
}

/* Runs everything up to and including `until_ns`; the clock then stands at the last event's time. */
void clock_run(struct clock *clock, sim_time until_ns);
/* The same for so many events; false when there were fewer: none is pending, the next lies after `until_ns`,
 * or the clock was stopped. */
bool clock_run_some(struct clock *clock, sim_time until_ns, uint32_t events_max);
/* After clock_run(clock, to_ns): the clock goes on to `to_ns`, if it stands before. */
void clock_advance(struct clock *clock, sim_time to_ns);
/* Ends clock_run after the present event; nothing runs on this clock from then on. */
void clock_stop(struct clock *clock);

void clock_observe(struct clock *clock, event_observer *call, void *observer);
uint64_t clock_event_count(const struct clock *clock);

#endif
