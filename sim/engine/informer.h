/*
 * informer.h: what the controllers' caches hear, and which keys it enqueues (C-10 to C-19, E-75, S-58).
 */
#ifndef EPSIM_ENGINE_INFORMER_H
#define EPSIM_ENGINE_INFORMER_H

#include "engine/engine_private.h"

/* A store_watcher; `watcher` is the engine. */
void informer_change(void *watcher, const struct change *change);
/* What the caches hear of a pod, Service or node (hearing.h). */
void informer_hear(struct engine *engine, const struct change *change);
/* What was in the store before the engine watched it, in the order of creation; enqueues every Service, then
 * every Endpoints object (E-76). */
void informer_list(struct engine *engine);

#endif
