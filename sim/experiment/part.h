/*
 * part.h: what one worker writes: a database under a name of its own, and a note of the run it is at.
 *
 * Several short runs go into one file: making a database and waiting for the disk takes some ten
 * milliseconds, a small run takes one. A file is published (sweep_folder.h) a second after it was begun, so
 * long runs have a file each. If the process is killed in between, what is complete in its part is not lost:
 * part_collect, which every `sweep run` begins with, publishes it.
 *
 * The note is locked (flock) as long as its process lives, on whatever machine; so who finds one that can be
 * locked knows that its owner is gone.
 */
#ifndef EPSIM_EXPERIMENT_PART_H
#define EPSIM_EXPERIMENT_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "experiment/sweep_plan.h"
#include "record/recorder.h"

/* A file is published when it is so old, or has so many runs. */
#define PART_SECONDS_MAX 1.0
#define PART_RUNS_MAX 4096
#define PART_NO_RUN UINT32_MAX

/* Start from {0}. */
struct part {
    const char *folder;
    enum record_level level;
    char *stem;                /* FOLDER/part-MACHINE-PROCESS-WORKER */
    int note;                  /* open file; -1 before part_init */
    struct recorder *recorder; /* NULL: no file is open */
    double opened_s;
    uint32_t first, last, count; /* runs in it */
    uint32_t published;          /* files so far: their names differ by it */
};

/* Makes the note. The folder is borrowed. STATUS_IO, with a message for the caller to free. */
enum status part_init(
    struct part *part, const char *folder, enum record_level level, uint32_t worker, char **out_message);
/* Publishes what is there, and takes the note away. STATUS_IO: what was not published is there to be
 * collected. */
enum status part_fini(struct part *part, char **out_message);

/* Notes that `index` begins; PART_NO_RUN: nothing is under way. */
void part_note(struct part *part, uint32_t index);
/* The recorder for one more run, whose run_id is to be index + 1; makes the file if none is open. */
enum status part_open(struct part *part, double now_s, struct recorder **out, char **out_message);
/* A run was ended; the file is published when it is time. */
enum status part_add(struct part *part, uint32_t index, double now_s, char **out_message);

/* What workers are at, or were when they ended without a word. */
struct part_state {
    char *owner; /* MACHINE-PROCESS-WORKER; owned */
    bool is_alive;
    uint32_t run;     /* index in the plan; PART_NO_RUN */
    int crash_signal; /* 0: none */
};
struct part_states {
    struct part_state *items;
    uint32_t count;
    uint32_t capacity;
};
/* Looks and changes nothing. */
enum status part_list(const char *folder, struct part_states *out, char **out_message);
/* Publishes what the dead left complete, and takes the rest away; *out: the dead alone. A part that somebody
 * else collects at the same moment is left to them. */
enum status part_collect(const char *folder, struct part_states *out, char **out_message);
void part_states_fini(struct part_states *states);

#endif
