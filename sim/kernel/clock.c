/*
 * clock.c: the loop. Each event costs the queue's work, three digest steps and the call; observers
 * cost nothing while there are none.
 */
#include "kernel/clock.h"

void clock_init(struct clock *clock, uint64_t seed, uint64_t run_number)
{
    *clock = (struct clock){.queue = event_queue_create(), .context.seed = seed, .run_number = run_number};
    digest_init(&clock->digest);
}

void clock_fini(struct clock *clock)
{
    event_queue_destroy(clock->queue);
    clock->queue = NULL;
}

struct event_handle clock_at(struct clock *clock, sim_time at_ns, uint32_t phase, uint32_t kind,
    event_fn *run, void *subject, uint64_t argument)
{
    EPSIM_ASSERT(at_ns >= clock->context.now_ns);
    return event_queue_schedule(clock->queue, at_ns, phase, kind, run, subject, argument);
}

struct event_handle clock_after(struct clock *clock, int64_t delay_ns, uint32_t phase, uint32_t kind,
    event_fn *run, void *subject, uint64_t argument)
{
    EPSIM_ASSERT(delay_ns >= 0);
    /* What would come after the end of time never comes. */
    sim_time now_ns = clock->context.now_ns;
    sim_time at_ns = delay_ns > SIM_TIME_NEVER - now_ns ? SIM_TIME_NEVER : now_ns + delay_ns;
    return event_queue_schedule(clock->queue, at_ns, phase, kind, run, subject, argument);
}

/* What was put off until SIM_TIME_NEVER never comes, not even when everything shall run. */
static sim_time last_moment(sim_time until_ns)
{
    return until_ns < SIM_TIME_NEVER ? until_ns : SIM_TIME_NEVER - 1;
}

/* One event; false when there is none to run. */
static inline bool step(struct clock *clock, sim_time until_ns)
{
    struct event event;
    if (clock->stopped || !event_queue_next_until(clock->queue, until_ns, &event))
        return false;
    clock->context.now_ns = event.at_ns;
    clock->context.event_number++;
    digest_add(&clock->digest, (uint64_t)event.at_ns);
    digest_add(&clock->digest, (uint64_t)event.phase << 32 | event.kind);
    digest_add(&clock->digest, event.argument);
    for (uint32_t i = 0; i < clock->observer_count; i++)
        clock->observers[i].call(clock->observers[i].observer, &event);
    event.run(event.subject, event.argument);
    return true;
}

void clock_run(struct clock *clock, sim_time until_ns)
{
    const struct check_context *before = check_context_set(&clock->context);
    until_ns = last_moment(until_ns);
    while (step(clock, until_ns)) {
    }
    check_context_set(before);
}

bool clock_run_some(struct clock *clock, sim_time until_ns, uint32_t events_max)
{
    const struct check_context *before = check_context_set(&clock->context);
    uint32_t count = 0;
    until_ns = last_moment(until_ns);
    while (count < events_max && step(clock, until_ns))
        count++;
    check_context_set(before);
    return count == events_max;
}

void clock_advance(struct clock *clock, sim_time to_ns)
{
    if (clock->stopped || to_ns <= clock->context.now_ns)
        return;
    event_queue_advance(clock->queue, to_ns);
    clock->context.now_ns = to_ns;
}

void clock_stop(struct clock *clock)
{
    clock->stopped = true;
}

void clock_observe(struct clock *clock, event_observer *call, void *observer)
{
    EPSIM_ASSERT(clock->observer_count < sizeof clock->observers / sizeof clock->observers[0]);
    clock->observers[clock->observer_count].call = call;
    clock->observers[clock->observer_count].observer = observer;
    clock->observer_count++;
}

uint64_t clock_event_count(const struct clock *clock)
{
    return clock->context.event_number;
}
