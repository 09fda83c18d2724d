/*
 * workers.h: N threads that share nothing, and jobs 0, 1, 2, ... that they take from a counter.
 *
 * Each worker has a state of its own, made and destroyed in its own thread; a job is done with that state and
 * gives a result. Results come back in the order of the jobs, in the calling thread, whoever was faster: so
 * what is printed or added up does not depend on the number of workers.
 *
 *     static const struct workers_task task = {.work = simulate, .take = add_up};
 *     workers_run(&task, &experiment, 4, 1000, interrupt_catch());
 *
 * Nobody runs further ahead of the results that were taken than WORKERS_AHEAD_MAX jobs a worker, so memory
 * stays flat however many jobs there are. Cost of a job: two passes through one lock, about a microsecond.
 */
#ifndef EPSIM_EXPERIMENT_WORKERS_H
#define EPSIM_EXPERIMENT_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* More threads than any machine has processors are a mistake of typing. */
#define WORKERS_MAX 1024
#define WORKERS_AHEAD_MAX 16
/* How often results are looked for and `idle` is called, at least, while jobs go on. */
#define WORKERS_IDLE_MS 100

/* What is to be done. All of it but `work` may be NULL. `context` is shared: whoever changes it from `work`
 * has to lock. */
struct workers_task {
    /* A worker's own state, from its number (0 and up); in its thread. */
    void *(*begin)(void *context, uint32_t worker);
    /* One job; in a worker's thread, with its own state. The result is handed to `take`. */
    void *(*work)(void *context, void *own, uint64_t job);
    void (*end)(void *context, void *own);
    /* In the calling thread, in the order of the jobs; at most WORKERS_IDLE_MS after it could be. */
    void (*take)(void *context, uint64_t job, void *result);
    /* In the calling thread, between results: for progress. */
    void (*idle)(void *context);
};

/* Does jobs 0 to job_count - 1 with 1 to WORKERS_MAX workers and returns when all are done. When *stop
 * becomes true (may be NULL; a signal handler may set it), no further job is begun; those that are under way
 * end, and their results are taken, so what was taken is always jobs 0 to k without a hole. STATUS_OK,
 * STATUS_INTERRUPTED when jobs were left, STATUS_LIMIT when not a single thread could be started. *out_done,
 * if not NULL: how many jobs were taken. */
enum status workers_run(const struct workers_task *task, void *context, uint32_t worker_count,
    uint64_t job_count, const volatile int *stop, uint64_t *out_done);

/* Processors that are there; at least 1, at most WORKERS_MAX. */
uint32_t workers_processors(void);

#endif
