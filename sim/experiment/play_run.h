/*
 * play_run.h: one run of a plan, from its scenario to its rows.
 */
#ifndef EPSIM_EXPERIMENT_PLAY_RUN_H
#define EPSIM_EXPERIMENT_PLAY_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "experiment/sweep_plan.h"
#include "record/recorder.h"

/* What a thread keeps from run to run. Set the first four, and planned_run_init the last; the rest is zero.
 */
struct run_player {
    const struct sweep_plan *plan;
    const volatile int *stop;
    double (*wall_s)(void);
    void (*add_wall_time)(struct text *out);
    struct planned_run planned;

    struct scenario *scenario; /* of the run before; the next may have the same */
    uint32_t scenario_number;
    VEC(const char *) scenario_sets;
};
void run_player_fini(struct run_player *player);

struct played_run {
    bool is_failed;
    uint64_t events;
};

/* Plays it and records it with run_id index + 1. A run has failed (and is recorded as such, with the reason)
 * when its parameters make no scenario, when an event cannot be carried out, and when an expectation is not
 * met. STATUS_OK, STATUS_INTERRUPTED (nothing of it is recorded), STATUS_IO with a message for the caller to
 * free. */
enum status play_run(struct run_player *player, uint32_t index, struct recorder *recorder,
    struct played_run *out, char **out_message);
/* Records that it failed, without playing it. */
enum status play_failed_run(struct run_player *player, uint32_t index, struct recorder *recorder,
    const char *why, char **out_message);

#endif
