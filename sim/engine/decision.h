/*
 * decision.h: why a controller does what it does, and why it does not: told to observers while it decides, in
 * the order in which it decides, each before the request that follows from it.
 *
 * A decision is facts: who was looked at, which slice was taken, how long it was, how many were equally good.
 * Whoever shows it finds the words (walk/reason.h). While nobody listens nothing of it is put together:
 * places that decide ask decisions_are_watched first.
 */
#ifndef EPSIM_ENGINE_DECISION_H
#define EPSIM_ENGINE_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sym.h"
#include "engine/observe.h"
#include "model/endpointslice.h"
#include "model/target.h"

/* Why a pod has no address, or no endpoint. */
enum left_out {
    LEFT_OUT_NOT,
    LEFT_OUT_DELETED,      /* the pod is gone */
    LEFT_OUT_UNSELECTED,   /* its labels do not match any more */
    LEFT_OUT_FINISHED,     /* E-10 (a) */
    LEFT_OUT_NO_IP,        /* E-10 (b) */
    LEFT_OUT_TERMINATING,  /* E-10 (c) */
    LEFT_OUT_OTHER_FAMILY, /* no IP of the family: E-11, S-28 */
    LEFT_OUT_NO_PORT,      /* none of the Service's ports resolves: E-20, E-21 */
    LEFT_OUT_NO_NODE,      /* S-27 */
};

/* In brackets what is said beside controller and Service. `pod` is whose endpoint it is, `slice` the slice as
 * it is stored now. */
enum decision_kind {
    /* Of a whole sync. */
    DECISION_NO_SERVICE,    /* E-2, S-2 */
    DECISION_EXTERNAL_NAME, /* E-3, S-3 */
    DECISION_NO_SELECTOR,   /* E-4, S-4 */
    DECISION_CACHE_BEHIND,  /* E-70, S-57 */
    DECISION_WAITS,         /* (until_ns) for the end of a batch period: C-11 */

    /* Of the Endpoints controller, one pod: (pod) */
    DECISION_ADDRESS_ADDED,     /* (ready) E-15 */
    DECISION_ADDRESS_READINESS, /* (ready) it goes to the other list: E-15 */
    DECISION_ADDRESS_REPLACED,  /* another IP, node, uid or ports: E-13, E-23 */
    DECISION_ADDRESS_GONE,      /* (left_out) */
    DECISION_ADDRESS_ABSENT,    /* (left_out) it was not there before either */
    DECISION_ADDRESS_SAME,      /* it looks as it is listed: E-61 */
    DECISION_ADDRESS_OMITTED,   /* it is wanted, and beyond the capacity: E-57 */
    /* Of the Endpoints controller, the object: */
    DECISION_ENDPOINTS_MISSING,   /* E-60 */
    DECISION_ENDPOINTS_COMPARED,  /* (count) all members were looked at and so many have an address: E-61 */
    DECISION_ENDPOINTS_TRUNCATED, /* (count) all addresses, (length) listed, (max): E-55 to E-57 */
    DECISION_ENDPOINTS_FIT,       /* (count, max) it was over capacity and is no more: E-64 */
    DECISION_ENDPOINTS_UNSEEN,    /* (max) over capacity, and what is listed is as before: E-63 */
    DECISION_ENDPOINTS_DIFFER,    /* (differs) it is written for that: E-61 */
    DECISION_ENDPOINTS_RIGHT,     /* nothing to write: E-61 */

    /* Of the EndpointSlice controller, one pod: (pod) */
    DECISION_ENDPOINT_WANTED,   /* no slice has it: S-42 */
    DECISION_ENDPOINT_SAME,     /* (slice) S-34 */
    DECISION_ENDPOINT_REPLACED, /* (slice) in its place: S-34, S-40 */
    DECISION_ENDPOINT_OTHER,    /* (slice) another address or port key: it leaves the slice, S-33, S-40 */
    DECISION_ENDPOINT_GONE,     /* (slice, left_out) S-40 */
    DECISION_ENDPOINT_ABSENT,   /* (left_out) */
    /* ... all slices of an address type: */
    DECISION_SLICES_COMPARED,  /* (count) endpoints wanted, (length) of them kept by a slice: S-40 */
    DECISION_SLICE_KEEPS,      /* (slice, count) of its (length): S-40 */
    DECISION_SLICE_RELABELLED, /* (slice) S-52 */
    DECISION_SLICE_NOT_OWNED,  /* (slice) S-15 */
    DECISION_SLICE_EMPTIED,    /* (slice) it keeps nothing: S-41 */
    DECISION_SLICE_PORTS,      /* (slice) nobody wants its ports any more: S-47 */
    DECISION_SLICE_TYPE,       /* (slice) nobody wants its address type any more: S-11 */
    DECISION_SLICE_HINTS,      /* (slice) it is written for its hints alone: H-6, T-3 */
    /* ... which slice takes (count) endpoints, of (wanted) that want a place; (length) as it would be
     * without, (max) a slice's: */
    DECISION_FILL_WRITTEN,    /* (slice, tied) S-43 */
    DECISION_FILL_UNCHANGED,  /* (slice, tied) S-44 */
    DECISION_FILL_NEW_FULL,   /* as many as a slice holds, or more: S-44, S-45 */
    DECISION_FILL_NEW,        /* no slice has room for all of them: S-44 */
    DECISION_FILL_BY_POLICY,  /* (slice or none) of a what-if */
    DECISION_EMPTY_BY_POLICY, /* (slice or none, length) of a what-if */
    /* ... and at last: */
    DECISION_PLACEHOLDER_WANTED, /* S-48, S-49 */
    DECISION_PLACEHOLDER_KEPT,   /* (slice) S-48 */
    DECISION_SLICE_RECYCLED,     /* (slice) it becomes one of those to be created, with (count): S-71 */
    DECISION_CREATES_REFUSED,    /* (count) the Service is being deleted: S-64 */
    DECISION_SLICES_RIGHT,       /* nothing to write: S-41 */

    /* Of the mirroring controller. */
    DECISION_MIRROR_NONE,    /* (count) slices to clean up; there is nothing to mirror: M-1, M-2 */
    DECISION_MIRROR_CAPPED,  /* (count) addresses are not mirrored, (max) a subset: M-12 */
    DECISION_MIRROR_SAME,    /* (slice) M-22 */
    DECISION_MIRROR_WRITE,   /* (slice, none if new; count) M-23 */
    DECISION_MIRROR_SURPLUS, /* (slice) it is one too many, or of ports that are gone: M-20 to M-22 */

    /* Of the garbage collector. */
    DECISION_OWNER_GONE, /* (slice) S-2, S-50 */

    DECISION_KIND_COUNT
};

/* What of a stored Endpoints object is not as it should be. */
enum differs { DIFFERS_SUBSETS = 1, DIFFERS_LABELS = 2, DIFFERS_CAPACITY = 4 };

/* What is not said is 0. Pointers are valid during the call. */
struct decision {
    enum decision_kind kind;
    enum controller controller;
    sym namespace, service;
    const struct target *pod;
    const struct endpoint *endpoint; /* its record, as it is wanted */
    const struct endpointslice *slice;
    enum left_out left_out;
    uint32_t count, length, max, wanted;
    uint32_t tied; /* so many slices were equally good, and chance took this one; 1: it alone */
    sim_time until_ns;
    bool ready;
    uint8_t differs; /* enum differs */
};

struct engine;
struct service_entry;

/* Fills in the Service and tells everybody who listens. */
void decision_tell(struct service_entry *entry, enum controller controller, struct decision decision);

#endif
