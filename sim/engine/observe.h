/*
 * observe.h: what the engine tells: each request to the API, each sync, the Events of the slice controllers,
 * and each Service's state when an instant is over. Observers only look; the digest does not know them.
 */
#ifndef EPSIM_ENGINE_OBSERVE_H
#define EPSIM_ENGINE_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/time.h"
#include "model/endpointslice.h"
#include "model/service.h"

enum controller {
    CONTROLLER_ENDPOINTS,
    CONTROLLER_ENDPOINTSLICE,
    CONTROLLER_MIRRORING,
    CONTROLLER_GARBAGE_COLLECTOR, /* deletes the slices of a deleted Service (S-2) */
    CONTROLLER_USER,              /* written by the scenario itself: foreign edits */
    CONTROLLER_COUNT
};
/* "endpoints", "endpointslice", "mirroring", "garbage-collector", "user". */
const char *controller_text(enum controller controller);

enum verb { VERB_CREATE, VERB_UPDATE, VERB_DELETE, VERB_NOOP, VERB_COUNT };
const char *verb_text(enum verb verb);

/* One request to the API server, after it was carried out. Pointers are valid during the call. */
struct write {
    sim_time at_ns;
    uint64_t sequence; /* from 1, over all requests of the run */
    enum controller controller;
    enum verb verb;
    sym namespace;
    sym service;                       /* name of the Service that it is for */
    sym object;                        /* name of the Endpoints or slice */
    const struct endpointslice *slice; /* as it is now (before it goes, for a delete); NULL for Endpoints */
    uint32_t endpoints;                /* addresses in the object afterwards (0 after a delete) */
    uint32_t endpoints_added;          /* by this request */
    uint32_t endpoints_removed;
    uint64_t bytes; /* of the object, by the size model; 0 for a delete's answer is the last state's size */
    uint32_t watchers;    /* who are sent the event; 0 for a no-op */
    uint64_t watch_bytes; /* watchers x frame */
    /* The change that a proxy measures its delay from (C-72): the earliest that this write of a slice is due
     * to, by the trigger times. 0: none, or from before the run. */
    sim_time trigger_ns;
};

/* An Event that a controller emits on a Service (its own, of slices) or on an Endpoints object. Texts are
 * valid during the call. */
struct kube_event {
    sim_time at_ns;
    enum controller controller;
    bool is_warning; /* else Normal */
    sym namespace, name;
    const char *reason;
    const char *message;
};

/* The end of one sync of one key. */
struct sync_end {
    enum controller controller; /* one of the first three */
    sym namespace, name;
    bool failed; /* it will be retried (C-40) */
};

/* A Service when an instant is over: one row of v_timeline. */
struct service_state {
    sim_time at_ns;
    uint32_t service_number; /* from 0, in the order of first sight; a re-created Service gets a new one */
    sym namespace;
    sym name;
    bool deleted;   /* the Service is gone: the row's numbers are what is left */
    uint32_t pods;  /* selected, until they are gone */
    uint32_t ready; /* Ready and not terminating */
    uint32_t ep_addresses;
    uint32_t ep_omitted;
    bool ep_truncated;
    uint32_t slices;
    uint32_t slices_ideal;
    uint32_t slice_endpoints; /* endpoints over all slices: fill = slice_endpoints / (slices x max) */
    /* What a batch period leaves behind: ready pods that no slice shows so yet, and endpoints that a slice
     * still shows as ready whose pods are not, or are gone. */
    uint32_t not_yet_listed, still_listed;
};

/* decision.h. */
struct decision;

struct engine_observer {
    void *self;
    void (*on_write)(void *self, const struct write *write);
    /* Only Services of which a number changed since their last row. */
    void (*on_state)(void *self, const struct service_state *state);
    void (*on_event)(void *self, const struct kube_event *event);
    void (*on_sync)(void *self, const struct sync_end *sync);
    void (*on_decision)(void *self, const struct decision *decision);
};

#endif
