/*
 * collector.h: the garbage collector: deletes slices whose owner is gone, in PHASE_COLLECT (S-2).
 *
 * Slices are indexed by the uids of the Services that own them, whatever their labels say. An owner of
 * another kind counts as living.
 */
#ifndef EPSIM_ENGINE_COLLECTOR_H
#define EPSIM_ENGINE_COLLECTOR_H

#include "engine/engine_private.h"

/* A Service came or went. */
void collector_owner_lives(struct engine *engine, const struct meta *service);
void collector_owner_gone(struct engine *engine, const struct meta *service);
/* A slice came (its owners may already be gone: then it is collected), or goes; before and after its owners
 * change. */
void collector_join(struct engine *engine, struct slice_entry *slice);
void collector_leave(struct engine *engine, struct slice_entry *slice);
/* All slices must have left. */
void collector_fini(struct engine *engine);

#endif
