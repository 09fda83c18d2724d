/*
 * compare_slices.h: holds the requests for slices of one sync against those that the real controllers sent.
 *
 * What INV-1 leaves determined is compared: the numbers of requests by verb; sizes by address type and ports;
 * every endpoint's content; that a stored endpoint which is still wanted stays in its slice and in its order;
 * labels, annotations, owners; generations, resource versions, generated names.
 */
#ifndef EPSIM_VERIFY_COMPARE_SLICES_H
#define EPSIM_VERIFY_COMPARE_SLICES_H

#include "verify/kube_write.h"

/* What the slices were before the sync. */
struct slices_before {
    const struct endpointslice *const *slices;
    uint32_t count;
    uint64_t resource_version; /* the last one given out */
    bool reshuffles;           /* endpoints that stay need not keep their places (M-23) */
    bool hints_are_open;       /* only how many endpoints have which hints counts (H-19, H-20) */
};

/* True when they agree; else what differs is appended to `why`. O(objects x endpoints). */
bool compare_slices(struct catalog *catalog, const struct slices_before *before,
    const struct kube_writes *want, const struct kube_writes *got, struct text *why);

#endif
