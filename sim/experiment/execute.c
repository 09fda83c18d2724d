/*
 * execute.c: see execute.h.
 */
#include "experiment/execute.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "experiment/crash_note.h"
#include "experiment/part.h"
#include "experiment/play_run.h"
#include "experiment/result_files.h"
#include "experiment/workers.h"
#include "record/database.h"

/* Runs that are to be done, of `pending` from `first` on. */
struct batch {
    uint32_t first, count;
};

struct execution {
    const struct execute_request *request;
    VEC(uint32_t) pending; /* indices in the plan, rising */
    VEC(struct batch) batches;
    pthread_mutex_t lock;
    /* Under the lock. */
    struct execute_counts counts;
    char *failure; /* the first one */
};

/* A thread's own. */
struct hand {
    struct execution *execution;
    struct part part;
    struct run_player player;
};

static bool is_stopped(const struct execution *execution)
{
    return __atomic_load_n(execution->request->stop, __ATOMIC_RELAXED) != 0;
}

/* Something cannot be written: there is no point in going on. Takes the message. */
static void give_up(struct execution *execution, char *message)
{
    pthread_mutex_lock(&execution->lock);
    if (execution->failure == NULL)
        execution->failure = message != NULL ? message : message_format("%s", status_text(STATUS_IO));
    else
        free(message);
    pthread_mutex_unlock(&execution->lock);
    execution->request->give_up();
}

/* --- one run ----------------------------------------------------------------------------------------- */

static void count_run(struct execution *execution, const struct played_run *played)
{
    pthread_mutex_lock(&execution->lock);
    execution->counts.done++;
    execution->counts.failed += played->is_failed;
    execution->counts.events += played->events;
    pthread_mutex_unlock(&execution->lock);
}

/* False when no further run is to be begun. */
static bool do_run(struct hand *hand, uint32_t index)
{
    struct execution *execution = hand->execution;
    const struct execute_request *request = execution->request;
    struct recorder *recorder;
    struct played_run played;
    char *message = NULL;
    enum status status = part_open(&hand->part, request->wall_s(), &recorder, &message);
    if (status == STATUS_OK) {
        part_note(&hand->part, index);
        status = play_run(&hand->player, index, recorder, &played, &message);
        part_note(&hand->part, PART_NO_RUN);
    }
    if (status == STATUS_OK) {
        count_run(execution, &played);
        status = part_add(&hand->part, index, request->wall_s(), &message);
    }
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        give_up(execution, message);
    return status == STATUS_OK;
}

/* --- threads ----------------------------------------------------------------------------------------- */

static void *begin_hand(void *context, uint32_t worker)
{
    struct execution *execution = context;
    const struct execute_request *request = execution->request;
    struct hand *hand = mem_zalloc(sizeof *hand);
    char *message = NULL;
    hand->execution = execution;
    hand->player = (struct run_player){.plan = request->plan,
        .stop = request->stop,
        .wall_s = request->wall_s,
        .add_wall_time = request->add_wall_time};
    planned_run_init(&hand->player.planned, request->plan);
    if (part_init(&hand->part, request->folder, request->plan->file->record, worker, &message) != STATUS_OK)
        give_up(execution, message);
    return hand;
}

static void *work_batch(void *context, void *own, uint64_t job)
{
    struct execution *execution = context;
    struct hand *hand = own;
    struct batch batch = execution->batches.items[job];
    for (uint32_t i = 0; i < batch.count && !is_stopped(execution) && hand->part.note >= 0; i++)
        if (!do_run(hand, execution->pending.items[batch.first + i]))
            break;
    return NULL;
}

static void end_hand(void *context, void *own)
{
    struct hand *hand = own;
    char *message = NULL;
    if (part_fini(&hand->part, &message) != STATUS_OK)
        give_up(context, message);
    run_player_fini(&hand->player);
    free(hand);
}

static void show_progress(void *context)
{
    struct execution *execution = context;
    if (execution->request->progress == NULL)
        return;
    pthread_mutex_lock(&execution->lock);
    struct execute_counts counts = execution->counts;
    pthread_mutex_unlock(&execution->lock);
    execution->request->progress(execution->request->context, &counts);
}

/* --- what is to be done ------------------------------------------------------------------------------ */

static void find_pending(struct execution *execution, const struct result_files *files)
{
    const struct execute_request *request = execution->request;
    struct execute_counts *counts = &execution->counts;
    struct planned_run run;
    planned_run_init(&run, request->plan);
    counts->wanted = request->count;
    for (uint32_t i = 0; i < request->count; i++) {
        sweep_plan_run(request->plan, request->first + i, &run);
        const struct result *result = result_find(files, run.hash);
        if (result == NULL || (result->is_failed && request->retries)) {
            vec_push(&execution->pending, request->first + i);
        } else {
            counts->there++;
            counts->there_failed += result->is_failed;
        }
    }
    planned_run_fini(&run);
}

/* Batches shrink towards the end, so that no thread has much left when the others are done. */
static void make_batches(struct execution *execution)
{
    uint32_t count = execution->pending.count, workers = execution->request->workers;
    for (uint32_t first = 0; first < count;) {
        uint32_t size = (count - first) / (4 * workers);
        size = size < 1 ? 1 : size > EXECUTE_BATCH_MAX ? EXECUTE_BATCH_MAX : size;
        vec_push(&execution->batches, ((struct batch){first, size}));
        first += size;
    }
}

/* --- what ended a process before --------------------------------------------------------------------- */

/* Records runs whose processes crashed as failed. */
static enum status record_crashes(struct execution *execution, const struct part_states *dead,
    const struct result_files *files, char **out_message)
{
    const struct execute_request *request = execution->request;
    struct hand *hand = NULL;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < dead->count && status == STATUS_OK; i++) {
        const struct part_state *state = &dead->items[i];
        struct recorder *recorder;
        if (state->crash_signal == 0 || state->run >= request->plan->run_count || request->retries)
            continue;
        hand = hand != NULL ? hand : begin_hand(execution, request->workers);
        sweep_plan_run(request->plan, state->run, &hand->player.planned);
        if (result_find(files, hand->player.planned.hash) != NULL || hand->part.note < 0)
            continue;
        status = part_open(&hand->part, request->wall_s(), &recorder, out_message);
        struct text why = {0};
        text_printf(
            &why, "the program crashed: signal %d (%s)", state->crash_signal, strsignal(state->crash_signal));
        if (status == STATUS_OK)
            status = play_failed_run(&hand->player, state->run, recorder, why.data, out_message);
        if (status == STATUS_OK)
            status = part_add(&hand->part, state->run, request->wall_s(), out_message);
        text_fini(&why);
        execution->counts.crashed += status == STATUS_OK;
    }
    if (hand != NULL)
        end_hand(execution, hand);
    return status;
}

/* What the dead left is taken in first; then the list of results is right. */
static enum status prepare(struct execution *execution, char **out_message)
{
    const struct execute_request *request = execution->request;
    struct part_states dead = {0};
    struct result_files files = {0};
    uint32_t last = request->first + request->count - 1;
    bool same;
    enum status status = sweep_folder_make(request->folder, request->plan, &same, out_message);
    if (status == STATUS_OK)
        status = part_collect(request->folder, &dead, out_message);
    if (status == STATUS_OK)
        status = result_files_read(
            request->folder, same ? request->first : 0, same ? last : UINT32_MAX, &files, out_message);
    if (status == STATUS_OK && same)
        status = record_crashes(execution, &dead, &files, out_message);
    if (status == STATUS_OK && execution->counts.crashed > 0) {
        result_files_fini(&files);
        status = result_files_read(request->folder, request->first, last, &files, out_message);
    }
    if (status == STATUS_OK)
        find_pending(execution, &files);
    part_states_fini(&dead);
    if (files.folder != NULL)
        result_files_fini(&files);
    return status;
}

enum status execute(const struct execute_request *request, struct execute_counts *counts, char **out_message)
{
    static const struct workers_task task = {begin_hand, work_batch, end_hand, NULL, show_progress};
    struct execution execution = {.request = request};
    pthread_mutex_init(&execution.lock, NULL);
    crash_note_catch();
    enum status status = prepare(&execution, out_message);
    if (status == STATUS_OK) {
        make_batches(&execution);
        status =
            workers_run(&task, &execution, request->workers, execution.batches.count, request->stop, NULL);
        if (status == STATUS_OK && execution.counts.there + execution.counts.done < execution.counts.wanted)
            status = STATUS_INTERRUPTED;
    }
    if (execution.failure != NULL) {
        free(*out_message);
        *out_message = execution.failure;
        status = STATUS_IO;
    }
    *counts = execution.counts;
    pthread_mutex_destroy(&execution.lock);
    vec_fini(&execution.pending);
    vec_fini(&execution.batches);
    return status;
}
