/*
 * import_kwok.h: KWOK's Stages as the delays of a scenario's kubelets.
 *
 * A Stage (kwok.x-k8s.io/v1alpha1, https://kwok.sigs.k8s.io/docs/user/stages-configuration/) says which
 * objects it is for, after what delay, and what becomes of them. Of those for pods three are what `pods` of a
 * scenario is: the one that gives an address (`start`), the one that makes ready (`ready`; with the address:
 * at once) and the one that deletes (`stop`). A delay is uniform from durationMilliseconds to
 * jitterDurationMilliseconds; of several stages for the same, one is drawn by weight, which makes a mixture.
 *
 * Both spellings are read: `next` and `steps`, `key` and `jq.key`. What a delay takes from a pod by an
 * expression is not known here: the fixed part counts, and a deletionTimestamp is the default grace ahead.
 */
#ifndef EPSIM_SCENARIO_IMPORT_KWOK_H
#define EPSIM_SCENARIO_IMPORT_KWOK_H

#include <stdio.h>

#include "base/status.h"
#include "scenario/import_recording.h"

enum import_kwok_role { KWOK_START, KWOK_READY, KWOK_STOP, KWOK_ROLE_COUNT };

/* A stage that counts. */
struct import_kwok_stage {
    const char *name;
    int64_t min_ns, max_ns;
    uint64_t weight;
    bool gives_ip, makes_ready, deletes;
};

struct import_kwok_stats {
    VEC(struct import_kwok_stage) stages;
    VEC(const char *) passed_over;       /* "pod-complete: ends pods", a line each */
    const char *delays[KWOK_ROLE_COUNT]; /* as written; NULL: no stage says it */
    VEC(const char *) notes;
};

/* Reads all files and writes a scenario without manifests. All mistakes go to diag, and then nothing is
 * written: STATUS_BAD_INPUT, also when there is no Stage for pods; STATUS_IO: something could not be read or
 * written. The arena keeps the texts of stats. */
enum status import_kwok(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_kwok_stats *stats);
void import_kwok_stats_fini(struct import_kwok_stats *stats);

#endif
