/*
 * endpoint_build.h: what a pod looks like as an address of Endpoints (E-10 to E-15) and as an endpoint of a
 * slice (S-25 to S-30).
 *
 * What a pod looks like now is a fresh record, one reference, not measured yet: most of the time it equals
 * the one that there is already, and is given up again. A pod that looks the same in both objects is one
 * record with two holders.
 */
#ifndef EPSIM_ENGINE_ENDPOINT_BUILD_H
#define EPSIM_ENGINE_ENDPOINT_BUILD_H

#include <stdbool.h>

#include "engine/decision.h"
#include "engine/service_entry.h"

/* NULL: the pod contributes no address (E-10, E-11). `like`, which may be NULL, comes back with another
 * reference if it is just that. It is listed as ready if the record is (E-15: a pod that terminates
 * contributes one only where all count as ready). */
struct endpoint *build_address(
    const struct service_entry *entry, const struct pod_entry *pod, struct endpoint *like);

/* Why build_address gives none; LEFT_OUT_NOT: it gives one. */
enum left_out build_address_left_out(const struct service_entry *entry, const struct pod_entry *pod);
enum build_result {
    BUILD_NONE,    /* not even its port key is wanted (E-10) */
    BUILD_KEY,     /* the port key is wanted, but the pod has no address of the type (S-26, S-28) */
    BUILD_NO_NODE, /* the same; skipped with an error for its missing node (S-27) */
    BUILD_ENDPOINT,
};

/* *out_fresh is set with BUILD_ENDPOINT only. */
enum build_result build_endpoint(const struct service_entry *entry, const struct pod_entry *pod,
    enum address_type type, struct endpoint *like, struct endpoint **out_fresh);

/* Why build_endpoint answered as it did. */
enum left_out build_endpoint_left_out(enum build_result result, const struct pod_entry *pod);

/* Takes over the fresh record and gives one that is equal to it, to be listed: `shared` (may be NULL) if it
 * is that. */
struct endpoint *build_finish(struct endpoint *fresh, struct endpoint *shared);
/* Equal in every field, so that one can stand for the other wherever it is listed. Only of records without
 * hints or topology. */
bool build_identical(const struct endpoint *a, const struct endpoint *b);
/* A slice that lists one shows itself like one that lists the other (O-50). */
bool build_identical_in_slice(const struct endpoint *a, const struct endpoint *b);
/* Whether its addresses are in the order of their texts, in which looking for its identity leaves those of a
 * cached slice (S-33): whoever writes such a slice sends them so. */
bool build_is_sorted(const struct catalog *catalog, const struct endpoint *endpoint);
/* Puts the addresses of a draft of its own in that order. */
void build_sort(const struct catalog *catalog, struct endpoint_draft *draft);
/* A number for the digest: who the endpoint is and how it shows itself. */
uint64_t build_content_hash(const struct catalog *catalog, const struct endpoint *endpoint);

#endif
