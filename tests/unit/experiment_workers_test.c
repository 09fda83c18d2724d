/*
 * experiment_workers_test.c: every job is done once, results come in order whoever was faster, and a stop
 * leaves no hole. Run it under -DEPSIM_SANITIZE=thread too.
 */
#include "suite.h"

#include <pthread.h>
#include <time.h>

#include "experiment/workers.h"

struct sums {
    uint64_t next; /* the job whose result must come next */
    uint64_t total;
    uint32_t begun, ended; /* under the lock */
    uint64_t furthest;     /* under the lock: the job that was begun last */
    uint64_t ahead_most;
    pthread_mutex_t lock;
    volatile int stop;
    uint64_t stop_at;
    uint32_t idles;
};

struct own {
    uint64_t jobs;
};

static void *begin(void *context, uint32_t worker)
{
    struct sums *sums = context;
    pthread_mutex_lock(&sums->lock);
    sums->begun += 1;
    pthread_mutex_unlock(&sums->lock);
    CU_ASSERT(worker < WORKERS_MAX);
    return calloc(1, sizeof(struct own));
}

static void end(void *context, void *own)
{
    struct sums *sums = context;
    pthread_mutex_lock(&sums->lock);
    sums->ended += 1;
    pthread_mutex_unlock(&sums->lock);
    free(own);
}

/* Every seventh job takes longer than the rest together, so that others run ahead. */
static void *work(void *context, void *own, uint64_t job)
{
    struct sums *sums = context;
    ((struct own *)own)->jobs++;
    pthread_mutex_lock(&sums->lock);
    sums->furthest = job > sums->furthest ? job : sums->furthest;
    pthread_mutex_unlock(&sums->lock);
    if (job % 7 == 0)
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    uint64_t *result = malloc(sizeof *result);
    *result = job * job;
    return result;
}

static void take(void *context, uint64_t job, void *result)
{
    struct sums *sums = context;
    CU_ASSERT_EQUAL(job, sums->next);
    CU_ASSERT_EQUAL(*(uint64_t *)result, job * job);
    sums->next = job + 1;
    sums->total += *(uint64_t *)result;
    free(result);
    pthread_mutex_lock(&sums->lock);
    uint64_t ahead = sums->furthest - job;
    pthread_mutex_unlock(&sums->lock);
    sums->ahead_most = ahead > sums->ahead_most && ahead < UINT64_MAX / 2 ? ahead : sums->ahead_most;
    if (sums->stop_at > 0 && job == sums->stop_at)
        __atomic_store_n(&sums->stop, 1, __ATOMIC_RELAXED);
}

static void idle(void *context)
{
    ((struct sums *)context)->idles++;
}

static const struct workers_task task = {begin, work, end, take, idle};

static void test_order(void)
{
    static const uint32_t counts[] = {1, 2, 3, 8, 40};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct sums sums = {.lock = PTHREAD_MUTEX_INITIALIZER};
        uint64_t done = 0;
        CU_ASSERT_EQUAL(workers_run(&task, &sums, counts[i], 200, NULL, &done), STATUS_OK);
        CU_ASSERT_EQUAL(done, 200);
        CU_ASSERT_EQUAL(sums.total, 199 * 200 * 399 / 6);
        CU_ASSERT_EQUAL(sums.begun, counts[i]);
        CU_ASSERT_EQUAL(sums.ended, counts[i]);
        CU_ASSERT(sums.idles > 0);
        CU_ASSERT(sums.ahead_most <= (counts[i] + 1) * WORKERS_AHEAD_MAX);
    }
}

/* No more threads than jobs; no job at all is all done. */
static void test_few_jobs(void)
{
    struct sums sums = {.lock = PTHREAD_MUTEX_INITIALIZER};
    uint64_t done = 1;
    CU_ASSERT_EQUAL(workers_run(&task, &sums, 8, 0, NULL, &done), STATUS_OK);
    CU_ASSERT_EQUAL(done, 0);
    CU_ASSERT_EQUAL(sums.begun, 0);
    CU_ASSERT_EQUAL(workers_run(&task, &sums, 8, 3, NULL, &done), STATUS_OK);
    CU_ASSERT_EQUAL(done, 3);
    CU_ASSERT_EQUAL(sums.begun, 3);
}

static void test_stop(void)
{
    for (uint32_t workers = 1; workers <= 4; workers++) {
        struct sums sums = {.lock = PTHREAD_MUTEX_INITIALIZER, .stop_at = 20};
        uint64_t done = 0;
        CU_ASSERT_EQUAL(
            workers_run(&task, &sums, workers, UINT64_MAX / 4, &sums.stop, &done), STATUS_INTERRUPTED);
        CU_ASSERT(done > 20);
        CU_ASSERT(done <= 21 + (workers + 1) * WORKERS_AHEAD_MAX);
        CU_ASSERT_EQUAL(sums.next, done); /* what was begun was taken: no hole, nothing lost */
        CU_ASSERT_EQUAL(sums.furthest, done - 1);
        CU_ASSERT_EQUAL(sums.ended, workers);
    }
}

static void *nothing(void *context, void *own, uint64_t job)
{
    (void)context;
    (void)own;
    return (void *)(uintptr_t)job;
}

static void test_bare(void)
{
    static const struct workers_task bare = {.work = nothing};
    uint64_t done = 0;
    CU_ASSERT_EQUAL(workers_run(&bare, NULL, 2, 20000, NULL, &done), STATUS_OK);
    CU_ASSERT_EQUAL(done, 20000);
    CU_ASSERT(workers_processors() >= 1 && workers_processors() <= WORKERS_MAX);
}

static const struct suite_test tests[] = {
    {"results in order", test_order},
    {"fewer jobs than workers", test_few_jobs},
    {"a stop leaves no hole", test_stop},
    {"only work", test_bare},
};

int main(void)
{
    return suite_main("workers", tests, sizeof tests / sizeof tests[0]);
}
