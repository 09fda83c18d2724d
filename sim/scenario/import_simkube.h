/*
 * import_simkube.h: SimKube's exported traces as scenarios.
 *
 * A trace (https://simkube.dev/simkube/docs/, "Trace File Format", versions 2 and 3) is one map in
 * MessagePack, or in JSON as converters print it: `events` lists, by Unix time, the objects that were applied
 * and deleted. The first event is what there was when the trace begins. Objects are those that own pods, so
 * their pods are made by the scenario's own workloads; statuses, uids and owners are left out.
 */
#ifndef EPSIM_SCENARIO_IMPORT_SIMKUBE_H
#define EPSIM_SCENARIO_IMPORT_SIMKUBE_H

#include <stdio.h>

#include "base/status.h"
#include "scenario/import_recording.h"

struct import_simkube_stats {
    uint64_t version;
    uint64_t objects, at_start; /* that were ever applied; by the first event */
    uint64_t services;          /* of them */
    uint64_t applies, deletions;
    uint64_t lifetimes; /* of pods, which the trace has and the scenario has not */
    int64_t start_s, last_ns;
    struct import_recording_stats others; /* only what was passed over */
};

/* Reads the one file and writes the scenario. All mistakes go to diag, and then nothing is written:
 * STATUS_BAD_INPUT; STATUS_IO: something could not be read or written. Of MessagePack the file and one event
 * are in memory, of JSON all of the tree. */
enum status import_simkube(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_simkube_stats *stats);
void import_simkube_stats_fini(struct import_simkube_stats *stats);

#endif
