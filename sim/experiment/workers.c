/*
 * workers.c: see workers.h. One lock and two conditions: "a result is there" wakes the caller, "there is
 * room" wakes workers that ran ahead. Results wait in a ring until their turn comes. The caller is not woken
 * for each of them: with a worker on every processor it would have to push one aside. It comes by itself
 * every WORKERS_IDLE_MS, and is woken when as many results wait as one worker may be ahead. (Who waits for
 * room does not wait long: then at least that many are there, since the ring has a place more for each
 * worker.)
 */
#include "experiment/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mem.h"

struct slot {
    bool is_done;
    void *result;
};

struct crew {
    const struct workers_task *task;
    void *context;
    const volatile int *stop;
    uint64_t job_count;
    uint32_t ring_size;
    struct slot *ring; /* the result of job j is at j % ring_size */

    pthread_mutex_t lock;
    pthread_cond_t result_is_there, room_is_there;
    /* Under the lock. */
    uint64_t next;  /* the counter: the job that is begun next */
    uint64_t done;  /* results that are there or were handed over */
    uint64_t taken; /* results that were handed over */
    uint32_t working;
};

struct worker {
    struct crew *crew;
    uint32_t number;
    pthread_t thread;
};

static bool is_stopped(const struct crew *crew)
{
    return crew->stop != NULL && __atomic_load_n(crew->stop, __ATOMIC_RELAXED) != 0;
}

/* The next job; false when there is none for this worker any more. */
static bool next_job(struct crew *crew, uint64_t *out)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->next < crew->job_count && crew->next >= crew->taken + crew->ring_size && !is_stopped(crew))
        pthread_cond_wait(&crew->room_is_there, &crew->lock);
    bool is_one = crew->next < crew->job_count && !is_stopped(crew);
    if (is_one)
        *out = crew->next++;
    pthread_mutex_unlock(&crew->lock);
    return is_one;
}

static void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;
    const struct workers_task *task = crew->task;
    void *own = task->begin != NULL ? task->begin(crew->context, worker->number) : NULL;
    uint64_t job;
    while (next_job(crew, &job)) {
        void *result = task->work(crew->context, own, job);
        pthread_mutex_lock(&crew->lock);
        crew->ring[job % crew->ring_size] = (struct slot){true, result};
        crew->done++;
        if (crew->done - crew->taken >= WORKERS_AHEAD_MAX)
            pthread_cond_signal(&crew->result_is_there);
        pthread_mutex_unlock(&crew->lock);
    }
    if (task->end != NULL)
        task->end(crew->context, own);
    pthread_mutex_lock(&crew->lock);
    crew->working--;
    pthread_cond_signal(&crew->result_is_there);
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* Takes what is there in order; the lock is held before and after, not during `take`. */
static void take_results(struct crew *crew)
{
    struct slot *slot = &crew->ring[crew->taken % crew->ring_size];
    while (crew->taken < crew->next && slot->is_done) {
        struct slot taken = *slot;
        uint64_t job = crew->taken;
        slot->is_done = false;
        pthread_mutex_unlock(&crew->lock);
        if (crew->task->take != NULL)
            crew->task->take(crew->context, job, taken.result);
        pthread_mutex_lock(&crew->lock);
        crew->taken++;
        pthread_cond_signal(&crew->room_is_there);
        slot = &crew->ring[crew->taken % crew->ring_size];
    }
}

static void wait_for_result(struct crew *crew)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WORKERS_IDLE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&crew->result_is_there, &crew->lock, &until);
}

/* Until the last worker has gone and its last result is taken. */
static void oversee(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        take_results(crew);
        if (crew->working == 0)
            break;
        if (crew->task->idle != NULL) {
            pthread_mutex_unlock(&crew->lock);
            crew->task->idle(crew->context);
            pthread_mutex_lock(&crew->lock);
        }
        /* A stop comes without a signal of ours: who waits for room has to be told. */
        if (is_stopped(crew))
            pthread_cond_broadcast(&crew->room_is_there);
        /* Some may have come while the lock was open. */
        bool is_ready = crew->taken < crew->next && crew->ring[crew->taken % crew->ring_size].is_done;
        if (crew->working > 0 && !is_ready)
            wait_for_result(crew);
    }
    pthread_mutex_unlock(&crew->lock);
}

static void crew_init(struct crew *crew)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->result_is_there, &monotonic);
    pthread_cond_init(&crew->room_is_there, NULL);
    pthread_condattr_destroy(&monotonic);
    crew->ring = mem_zalloc(crew->ring_size * sizeof *crew->ring);
}

static void crew_fini(struct crew *crew)
{
    pthread_cond_destroy(&crew->result_is_there);
    pthread_cond_destroy(&crew->room_is_there);
    pthread_mutex_destroy(&crew->lock);
    free(crew->ring);
}

enum status workers_run(const struct workers_task *task, void *context, uint32_t worker_count,
    uint64_t job_count, const volatile int *stop, uint64_t *out_done)
{
    EPSIM_ASSERT(worker_count >= 1 && worker_count <= WORKERS_MAX);
    if (worker_count > job_count)
        worker_count = (uint32_t)job_count;
    struct crew crew = {.task = task, .context = context, .stop = stop, .job_count = job_count};
    crew.ring_size = (worker_count + 1) * WORKERS_AHEAD_MAX;
    crew_init(&crew);
    struct worker *workers = mem_zalloc(worker_count * sizeof *workers);
    uint32_t started = 0;
    for (; started < worker_count; started++) {
        workers[started] = (struct worker){.crew = &crew, .number = started};
        pthread_mutex_lock(&crew.lock);
        crew.working++;
        pthread_mutex_unlock(&crew.lock);
        if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started]) != 0)
            break;
    }
    if (started < worker_count) { /* the machine has no more: those that are there will do */
        pthread_mutex_lock(&crew.lock);
        crew.working--;
        pthread_mutex_unlock(&crew.lock);
    }
    oversee(&crew);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    uint64_t done = crew.taken;
    crew_fini(&crew);
    free(workers);
    if (out_done != NULL)
        *out_done = done;
    if (done == job_count)
        return STATUS_OK;
    return started == 0 ? STATUS_LIMIT : STATUS_INTERRUPTED;
}

uint32_t workers_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1)
        return 1;
    return count > WORKERS_MAX ? WORKERS_MAX : (uint32_t)count;
}
