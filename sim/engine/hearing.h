/*
 * hearing.h: what the API server tells its watchers reaches the controllers' caches after a while (C-50).
 *
 * There is one watch a kind of object, and what comes by it keeps its order: a change that would arrive
 * before an older one arrives with it. All controllers share the caches.
 */
#ifndef EPSIM_ENGINE_HEARING_H
#define EPSIM_ENGINE_HEARING_H

#include "base/vec.h"
#include "kernel/random.h"
#include "model/store.h"

struct engine;
struct late_change;

struct hearing {
    bool is_late;                                    /* changes of users' objects are told later */
    struct random_stream streams[OBJECT_KIND_COUNT]; /* delays/watch/KIND */
    sim_time latest_ns[OBJECT_KIND_COUNT];           /* when the latest change of the kind arrives */
    struct late_change *first[OBJECT_KIND_COUNT], *last[OBJECT_KIND_COUNT]; /* on their way */
    bool is_telling;                                                        /* a change that was on its way */
    sim_time telling_ns;                                                    /* when that happened */
};

void hearing_init(struct engine *engine);
void hearing_fini(struct engine *engine);
/* When what happens now to an object of the kind reaches the caches: now or later. Each call is a change. */
sim_time hearing_arrival(struct engine *engine, enum object_kind kind);
/* How long it is until the caches hear of the latest change of the kind; 0: they have. */
int64_t hearing_wait_ns(const struct engine *engine, enum object_kind kind);
/* A pod, Service or node has changed: tells the informer (informer_hear) when that arrives. */
void hearing_change(struct engine *engine, const struct change *change);
/* When the change happened that the informer is being told of; now, if it is told of none. */
sim_time hearing_happened_ns(const struct engine *engine);

#endif
