/*
 * collector.h: the garbage collector: deletes slices whose owners are gone, in PHASE_COLLECT (S-2, M-33).
 *
 * Slices are indexed by the uids of the Services and Endpoints that own them, whatever their labels say. An
 * owner of another kind counts as living.
 */
#ifndef EPSIM_ENGINE_COLLECTOR_H
#define EPSIM_ENGINE_COLLECTOR_H

#include "engine/engine_private.h"

/* A Service came or went. */
void collector_owner_lives(struct engine *engine, const struct meta *service);
void collector_owner_gone(struct engine *engine, const struct meta *service);
/* Endpoints went. (Whether they live is asked of the store.) */
void collector_endpoints_gone(struct engine *engine, const struct meta *endpoints);
/* A slice came (its owners may already be gone: then it is collected), or goes; before and after its owners
 * change. */
void collector_join(struct engine *engine, struct slice_entry *slice);
void collector_leave(struct engine *engine, struct slice_entry *slice);
/* All slices must have left. */
void collector_fini(struct engine *engine);

#endif
