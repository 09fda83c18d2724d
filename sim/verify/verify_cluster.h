/*
 * verify_cluster.h: the writes of a recorded control plane, judged or answered.
 */
#ifndef EPSIM_VERIFY_VERIFY_CLUSTER_H
#define EPSIM_VERIFY_VERIFY_CLUSTER_H

#include <jansson.h>

#include "verify/verifier.h"

/* A line with "scenario": the steps after it are its. */
void verify_cluster_head(struct verifier *verifier, const json_t *line);
/* A line with "writes": each object is encoded anew. O(objects). */
void verify_cluster_step(struct verifier *verifier, const json_t *line);

#endif
