/*
 * import_audit.h: an API server's audit log as a scenario.
 *
 * The log has an Event of audit.k8s.io/v1 a line
 * (https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/). Those of stage ResponseComplete
 * whose request changed a pod, service, node, endpoints or endpointslice count, at their stageTimestamp. At
 * level RequestResponse the response is the object as it is now; at level Request there is what was asked
 * for: whole objects, and patches, which are understood of pods (status, labels). Level Metadata has neither.
 *
 * What was there before the log began is known from its first change on, and taken to have been so from the
 * start; or a dump of the cluster (kubectl get -o json) is read before the log.
 */
#ifndef EPSIM_SCENARIO_IMPORT_AUDIT_H
#define EPSIM_SCENARIO_IMPORT_AUDIT_H

#include "scenario/import_recording.h"

/* Reads all files; see import_recording.h for the rest. */
enum status import_audit(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_recording_stats *stats);

#endif
