/*
 * import_watch.h: what `kubectl get KIND -A -o json --watch` printed, as a scenario.
 *
 * The stream is the list as it was when the watch began and then each object as it changed, either by itself
 * or, with --output-watch-events, within {"type": "ADDED", "MODIFIED" or "DELETED", "object": ...}
 * (https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/; WatchEvent of meta/v1). kubectl
 * watches one kind at a time, so there is a file for each; resourceVersions, which count the whole cluster's
 * changes, put them in one order.
 *
 * When something arrived is not in the stream. An object's newest timestamp (import_newest_ns) stands for it,
 * and no change is earlier than those before it: whole seconds, and of several changes within one the order
 * alone. Without watch events a deletion is seen of pods alone, by deletionGracePeriodSeconds: 0.
 */
#ifndef EPSIM_SCENARIO_IMPORT_WATCH_H
#define EPSIM_SCENARIO_IMPORT_WATCH_H

#include <stdio.h>

#include "base/status.h"
#include "scenario/import_history.h"
#include "scenario/import_recording.h"

/* Reads all files; see import_recording.h for the rest. */
enum status import_watch(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_recording_stats *stats);

#endif
