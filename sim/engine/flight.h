/*
 * flight.h: a sync that takes time (C-2, C-3). It is decided when a worker takes the key, from what the
 * caches hold then; its requests are sent one after the other, and each costs a token of the controller's
 * client (C-1), the way to the API server, and the way of the answer back. The worker is busy until the last
 * answer.
 *
 *     worker takes the key        ask           arrive                     answer       ask ...
 *     | decide | computes ........| token, write| the store changes, answer|            |
 *                                                 and the caches hear of it at some time
 *
 * Between decision and arrival the objects are as the API server has them. Members that a decision is about
 * are *pinned*: a bit of their marks keeps their tombstones from being freed. Whoever writes to an object
 * meanwhile makes the request fail, as the resource version does (E-67, S-62).
 *
 * What the caches have not heard of yet makes a controller's next sync fail before its first request (E-70,
 * S-57), or by its request (C-51; slices of which only annotations changed). So nothing is ever computed from
 * an object older than the store's.
 */
#ifndef EPSIM_ENGINE_FLIGHT_H
#define EPSIM_ENGINE_FLIGHT_H

#include "engine/engine_private.h"

struct endpoints_flight;
struct slices_flight;

/* What a request came to. */
struct sent {
    bool failed;
    bool changed; /* the store: the watch tells of it */
    bool is_news; /* of slices: also by its generation (S-57, S-58) */
    enum verb verb;
    struct slice_entry *slice; /* that was written; NULL: none, or it is gone */
};

enum flight_stage { FLIGHT_ASKS, FLIGHT_ARRIVES, FLIGHT_IS_ANSWERED };

struct flight {
    struct flight *next, *previous; /* of the engine */
    struct service_entry *entry;
    struct workqueue_item *item;
    enum timed_controller controller;
    enum flight_stage stage;
    bool success;
    uint32_t requests_left;
    const struct service *service; /* as the sync saw it, a reference; NULL: there was none */
    struct marked_list pinned;     /* marks that the sync has seen */
    struct endpoints_flight *endpoints;
    struct slices_flight *slices;
};

/* The worker has taken the item. Ends with engine_end_sync. */
void flight_start(struct service_entry *entry, struct workqueue_item *item, enum timed_controller controller);
/* Those that have not landed. Before slices and members go. */
void flights_fini(struct engine *engine);

/* --- for the controllers --- */

/* The sync has seen all marks: takes them over and pins their members. */
void flight_pin(struct flight *flight, enum sync_controller c);
void flight_unpin(struct flight *flight, enum sync_controller c);
/* From here to flight_leave the Service and the marks are as the sync saw them. */
struct flight_cockpit {
    const struct service *service;
    const struct labels *endpoints_labels, *slice_labels;
    struct marked_list marked;
};
struct flight_cockpit flight_enter(struct flight *flight, enum sync_controller c);
void flight_leave(struct flight *flight, enum sync_controller c, struct flight_cockpit *before);

#endif
