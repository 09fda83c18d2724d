/*
 * sweep_status.h: what is done of a sweep, what failed, what is missing, and what others are at.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_STATUS_H
#define EPSIM_EXPERIMENT_SWEEP_STATUS_H

#include <stdint.h>

#include "experiment/part.h"
#include "experiment/result_files.h"

enum run_state { RUN_DONE, RUN_FAILED, RUN_MISSING };

struct failed_run {
    uint32_t index;
    char *message; /* owned */
};

struct sweep_status {
    uint32_t done, failed, missing; /* of the plan's runs */
    uint32_t foreign;               /* results of another plan or version */
    uint8_t *states;                /* enum run_state, by index; owned */
    uint32_t run_count;
    VEC(struct failed_run) failures;
    struct part_states parts; /* at work, or ended without a word */
};

/* Looks and changes nothing. A folder that is not there has nothing done. */
enum status sweep_status_read(
    const char *folder, const struct sweep_plan *plan, struct sweep_status *out, char **out_message);
void sweep_status_fini(struct sweep_status *status);

#endif
