/*
 * endpoints_controller.h: one sync of the Endpoints controller (E-1 to E-77).
 */
#ifndef EPSIM_ENGINE_ENDPOINTS_CONTROLLER_H
#define EPSIM_ENGINE_ENDPOINTS_CONTROLLER_H

#include "engine/engine_private.h"

/* False: it failed and is to be tried again (C-40). O(marked members x log n); O(n log n) when the Service or
 * the object was changed by others, and when the object is over capacity and has several subsets. */
bool endpoints_sync(struct service_entry *entry);

#endif
