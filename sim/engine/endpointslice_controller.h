/*
 * endpointslice_controller.h: one sync of the EndpointSlice controller (S-1 to S-12).
 */
#ifndef EPSIM_ENGINE_ENDPOINTSLICE_CONTROLLER_H
#define EPSIM_ENGINE_ENDPOINTSLICE_CONTROLLER_H

#include "engine/engine_private.h"

/* False: it failed, or part of it did, and is to be tried again (C-40). O(marked members x (slice length +
 * log slices)); O(n log n) when the Service or a slice was changed by others. */
bool endpointslice_sync(struct service_entry *entry);

/* The same in three steps, when it takes time (flight.h). */
struct flight;
struct sent;
void endpointslice_decide(struct flight *flight);
struct sent endpointslice_send(struct flight *flight);
void endpointslice_land(struct flight *flight);

#endif
