/*
 * sweep_status.c: see sweep_status.h.
 */
#include "experiment/sweep_status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "record/database.h"

static void add_failure(struct sweep_status *out, uint32_t index, const char *message)
{
    const char *text = message != NULL ? message : "no reason was recorded";
    out->states[index] = RUN_FAILED;
    vec_push(&out->failures, ((struct failed_run){index, mem_strndup(text, strlen(text))}));
}

/* Results, for each run of the plan. */
static void take_results(
    const struct sweep_plan *plan, const struct result_files *files, struct sweep_status *out)
{
    struct planned_run run;
    uint32_t found = 0;
    planned_run_init(&run, plan);
    for (uint32_t i = 0; i < plan->run_count; i++) {
        sweep_plan_run(plan, i, &run);
        const struct result *result = result_find(files, run.hash);
        found += result != NULL;
        if (result != NULL && result->is_failed)
            add_failure(out, i, result->message);
        else
            out->states[i] = result != NULL ? RUN_DONE : RUN_MISSING;
    }
    planned_run_fini(&run);
    out->foreign = files->items.count - files->duplicates - found;
}

/* A run that ended its process by a bug has failed, though nobody has recorded it yet. */
static void take_crashes(struct sweep_status *out)
{
    for (uint32_t i = 0; i < out->parts.count; i++) {
        const struct part_state *part = &out->parts.items[i];
        if (part->is_alive || part->crash_signal == 0 || part->run >= out->run_count ||
            out->states[part->run] != RUN_MISSING)
            continue;
        char *message = message_format(
            "the program crashed: signal %d (%s)", part->crash_signal, strsignal(part->crash_signal));
        add_failure(out, part->run, message);
        free(message);
    }
}

static int failure_order(const void *a, const void *b)
{
    const struct failed_run *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

enum status sweep_status_read(
    const char *folder, const struct sweep_plan *plan, struct sweep_status *out, char **out_message)
{
    struct stat found;
    struct result_files files = {0};
    enum status status = STATUS_OK;
    *out = (struct sweep_status){.run_count = plan->run_count};
    out->states = mem_alloc(plan->run_count);
    memset(out->states, RUN_MISSING, plan->run_count);
    bool is_there = stat(folder, &found) == 0 || errno != ENOENT;
    if (is_there)
        status = part_list(folder, &out->parts, out_message);
    if (is_there && status == STATUS_OK)
        status = result_files_read(folder, 0, UINT32_MAX, &files, out_message);
    if (is_there && status == STATUS_OK) {
        take_results(plan, &files, out);
        take_crashes(out);
    }
    for (uint32_t i = 0; i < plan->run_count; i++) {
        out->done += out->states[i] == RUN_DONE;
        out->failed += out->states[i] == RUN_FAILED;
        out->missing += out->states[i] == RUN_MISSING;
    }
    if (out->failures.count > 1)
        qsort(out->failures.items, out->failures.count, sizeof *out->failures.items, failure_order);
    if (files.folder != NULL)
        result_files_fini(&files);
    return status;
}

void sweep_status_fini(struct sweep_status *status)
{
    for (uint32_t i = 0; i < status->failures.count; i++)
        free(status->failures.items[i].message);
    vec_fini(&status->failures);
    free(status->states);
    part_states_fini(&status->parts);
}
