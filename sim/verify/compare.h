/*
 * compare.h: holds the requests of one sync against those that the real controllers sent.
 *
 * Endpoints leave nothing open: objects are equal but for a new one's uid. Of slices what INV-1 leaves
 * determined is compared: the numbers of requests by verb; sizes by address type and ports; every endpoint's
 * content; that a stored endpoint which is still wanted stays in its slice and in its order; labels,
 * annotations, owners; generations, resource versions, generated names.
 *
 * Works on the model's structs alone; where they come from is the business of others.
 */
#ifndef EPSIM_VERIFY_COMPARE_H
#define EPSIM_VERIFY_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"

enum kube_verb { KUBE_CREATE, KUBE_UPDATE, KUBE_DELETE };

/* One request, and the object as the server has it afterwards: Endpoints in explicit form, or a slice, or
 * neither after a delete. Borrowed. */
struct kube_write {
    enum kube_verb verb;
    bool noop; /* an update that changed nothing */
    sym name;
    const struct endpoints *endpoints;
    const struct endpointslice *slice;
    uint64_t protobuf_bytes, json_bytes; /* 0: not known, not compared */
};

struct kube_writes {
    VEC(struct kube_write) items;
};

/* For writes that own their objects. */
void kube_writes_fini(struct kube_writes *writes);

/* What the slices were before the sync. */
struct slices_before {
    const struct endpointslice *const *slices;
    uint32_t count;
    uint64_t resource_version; /* the last one given out */
    bool reshuffles;           /* endpoints that stay need not keep their places (M-23) */
    bool hints_are_open;       /* only how many endpoints have which hints counts (H-19, H-20) */
};

/* Both: true when they agree; else what differs is appended to `why`. */
bool compare_endpoints(
    struct catalog *catalog, const struct kube_writes *want, const struct kube_writes *got, struct text *why);
/* Events as "type reason message": the same ones as often. Only those of topology hints word for word: texts
 * of others depend on the order of pods. `two_types`: which address type is the first to enable or disable
 * hints is open. */
bool compare_events(const char *const *want, uint32_t want_count, const char *const *got, uint32_t got_count,
    bool two_types, struct text *why);
bool compare_slices(struct catalog *catalog, const struct slices_before *before,
    const struct kube_writes *want, const struct kube_writes *got, struct text *why);

#endif
