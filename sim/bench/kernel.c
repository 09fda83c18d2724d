/*
 * kernel.c: the bare kernel: clock, queue, digest, random streams and distributions, no Kubernetes.
 *
 * mm1: arrivals with exponential gaps of mean 1/0.9 s, one server with exponential service of mean 1 s, a
 * first-in- first-out line, and the sum of all customers' times in the system: what Cimba's own benchmark
 * simulates. Each customer is two events and two draws. Checked against the exact mean, 10 s. hold: N events
 * are pending; each that runs schedules another, after an exponential delay of mean N us.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"
#include "bench/benchmarks.h"
#include "bench/measure.h"
#include "kernel/clock.h"
#include "kernel/distribution.h"

#define CUSTOMERS 1000000
#define HOLD_EVENTS 1000000

enum { KIND_MM1, KIND_HOLD };
enum { EVENT_ARRIVAL = 1, EVENT_DEPARTURE, EVENT_HOLD };

/* --- M/M/1 ----------------------------------------------------------------------------------- */

struct mm1 {
    struct clock clock;
    struct random_stream arrivals, services;
    struct distribution gap, service;
    sim_time *line; /* when each that waits or is served has come; a ring */
    uint32_t head, count, capacity;
    uint64_t left; /* customers that are still to come */
    uint64_t served;
    double time_ns; /* in the system, over all served */
};

static void line_push(struct mm1 *mm1, sim_time now_ns)
{
    if (mm1->count == mm1->capacity) {
        uint32_t capacity = mm1->capacity * 2;
        sim_time *line = mem_array(NULL, capacity, sizeof *line);
        for (uint32_t i = 0; i < mm1->count; i++)
            line[i] = mm1->line[(mm1->head + i) & (mm1->capacity - 1)];
        free(mm1->line);
        mm1->line = line;
        mm1->head = 0;
        mm1->capacity = capacity;
    }
    mm1->line[(mm1->head + mm1->count++) & (mm1->capacity - 1)] = now_ns;
}

static void on_departure(void *subject, uint64_t argument);

static void begin_service(struct mm1 *mm1)
{
    clock_after(&mm1->clock, distribution_draw(&mm1->service, &mm1->services), 0, EVENT_DEPARTURE,
        on_departure, mm1, 0);
}

static void on_departure(void *subject, uint64_t argument)
{
    (void)argument;
    struct mm1 *mm1 = subject;
    mm1->time_ns += (double)(clock_now(&mm1->clock) - mm1->line[mm1->head]);
    mm1->head = (mm1->head + 1) & (mm1->capacity - 1);
    mm1->served++;
    if (--mm1->count > 0)
        begin_service(mm1);
}

static void on_arrival(void *subject, uint64_t argument)
{
    (void)argument;
    struct mm1 *mm1 = subject;
    line_push(mm1, clock_now(&mm1->clock));
    if (mm1->count == 1)
        begin_service(mm1);
    if (--mm1->left > 0)
        clock_after(
            &mm1->clock, distribution_draw(&mm1->gap, &mm1->arrivals), 0, EVENT_ARRIVAL, on_arrival, mm1, 0);
}

static double sample_mm1(struct bench_plan *plan)
{
    uint64_t customers = bench_scaled(plan, CUSTOMERS);
    struct mm1 mm1 = {.left = customers, .capacity = 1024};
    double started_s = measure_now_s();
    clock_init(&mm1.clock, 1, 0);
    random_stream_init(&mm1.arrivals, 1, 0, "arrivals");
    random_stream_init(&mm1.services, 1, 0, "services");
    mm1.gap = (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = 1e9 / 0.9};
    mm1.service = (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = 1e9};
    mm1.line = mem_array(NULL, mm1.capacity, sizeof *mm1.line);
    clock_after(
        &mm1.clock, distribution_draw(&mm1.gap, &mm1.arrivals), 0, EVENT_ARRIVAL, on_arrival, &mm1, 0);
    clock_run(&mm1.clock, SIM_TIME_NEVER);
    uint64_t events = clock_event_count(&mm1.clock);
    clock_fini(&mm1.clock);
    double wall_s = measure_now_s() - started_s;
    free(mm1.line);
    double mean_s = mm1.time_ns / (double)mm1.served / 1e9;
    if (mm1.served != customers || (customers >= CUSTOMERS && fabs(mean_s - 10) > 1))
        text_printf(&plan->failure, "the mean time in the system is %.3f s, expected 10 s", mean_s);
    text_clear(&plan->work);
    text_add_grouped(&plan->work, customers);
    text_add(&plan->work, " customers, ");
    text_add_grouped(&plan->work, events);
    text_add(&plan->work, " events");
    return plan->item->unit == BENCH_MILLISECONDS ? wall_s * 1000 : (double)events / wall_s;
}

/* --- hold ------------------------------------------------------------------------------------ */

struct hold {
    struct clock clock;
    struct random_stream delays;
    struct distribution delay;
    uint64_t left;
};

static void on_hold(void *subject, uint64_t argument)
{
    struct hold *hold = subject;
    if (--hold->left == 0)
        clock_stop(&hold->clock);
    clock_after(
        &hold->clock, distribution_draw(&hold->delay, &hold->delays), 0, EVENT_HOLD, on_hold, hold, argument);
}

static double sample_hold(struct bench_plan *plan)
{
    struct hold hold = {.left = bench_scaled(plan, HOLD_EVENTS)};
    uint64_t count = hold.left;
    clock_init(&hold.clock, 1, 0);
    random_stream_init(&hold.delays, 1, 0, "delays");
    hold.delay =
        (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = 1000 * (double)plan->item->size};
    for (uint64_t i = 0; i < plan->item->size; i++)
        clock_after(
            &hold.clock, distribution_draw(&hold.delay, &hold.delays), 0, EVENT_HOLD, on_hold, &hold, i);
    double started_s = measure_now_s();
    clock_run(&hold.clock, SIM_TIME_NEVER);
    double wall_s = measure_now_s() - started_s;
    clock_fini(&hold.clock);
    if (plan->work.length == 0) {
        text_add_grouped(&plan->work, plan->item->size);
        text_add(&plan->work, " pending, ");
        text_add_grouped(&plan->work, count);
        text_add(&plan->work, " events");
    }
    return (double)count / wall_s;
}

static double sample(void *state, struct bench_plan *plan)
{
    (void)state;
    return plan->item->kind == KIND_MM1 ? sample_mm1(plan) : sample_hold(plan);
}

static const struct bench_case cases[] = {
    {"mm1", 1, KIND_MM1, BENCH_MILLISECONDS, "run"},
    {"mm1-events", 1, KIND_MM1, BENCH_PER_SECOND, "events"},
    {"hold/1", 1, KIND_HOLD, BENCH_PER_SECOND, "events"},
    {"hold/1k", 1000, KIND_HOLD, BENCH_PER_SECOND, "events"},
    {"hold/1M", 1000000, KIND_HOLD, BENCH_PER_SECOND, "events"},
};

const struct benchmark benchmark_kernel = {
    .name = "kernel",
    .about = "bare events: an M/M/1 queue; the hold model with N pending events",
    .repeats = 5,
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .sample = sample,
};
