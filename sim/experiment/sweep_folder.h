/*
 * sweep_folder.h: the folder in which a sweep's results gather, and what makes it safe on file systems that
 * several machines share.
 *
 *     plan                                   sweep file, scenarios and version: what the results belong to
 *     runs-0000000-0000063-node7-1234-0-1.db results; run_id is the number in the plan plus 1
 *     part-node7-1234-0.db                   what a worker (machine, process, worker) is writing
 *     part-node7-1234-0.run                  which run it is at; locked as long as the process lives
 *
 * A result appears by one rename, whole and on the disk, or not at all; it is never changed afterwards. So
 * whoever lists the folder at any moment, from any machine, sees only whole results. There is no write-ahead
 * log, no file that two processes write, and no lock that anybody waits for.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_FOLDER_H
#define EPSIM_EXPERIMENT_SWEEP_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "base/vec.h"
#include "experiment/sweep_plan.h"

#define SWEEP_PLAN_NAME "plan"
#define SWEEP_RESULT_PREFIX "runs-"
#define SWEEP_PART_PREFIX "part-"

/* Makes the folder if need be, and puts the plan there; *out_same: it was there already. Messages are for the
 * user; the caller frees them. */
enum status sweep_folder_make(
    const char *folder, const struct sweep_plan *plan, bool *out_same, char **out_message);
/* The plan of a folder. STATUS_NOT_FOUND: no such folder, or none of a sweep; STATUS_BAD_INPUT, STATUS_IO. */
enum status sweep_folder_plan(const char *folder, struct sweep_plan **out, char **out_message);
/* Names of files that begin with `prefix` and end with `suffix`, sorted; owned. */
struct file_names {
    char **items;
    uint32_t count;
    uint32_t capacity;
};
enum status sweep_folder_list(
    const char *folder, const char *prefix, const char *suffix, struct file_names *out, char **out_message);
void file_names_fini(struct file_names *names);

/* Waits until the file is on the disk, gives it its final name, and waits until that is on the disk too. */
enum status file_publish(const char *folder, const char *from, const char *to, char **out_message);

#endif
