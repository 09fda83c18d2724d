/*
 * endpoints_flight.h: one sync of the Endpoints controller that takes time (flight.h): decided when a worker
 * takes the key, written when its request arrives.
 */
#ifndef EPSIM_ENGINE_ENDPOINTS_FLIGHT_H
#define EPSIM_ENGINE_ENDPOINTS_FLIGHT_H

#include "engine/flight.h"

/* Sets how many requests are to be sent: one or none. O as endpoints_sync. */
void endpoints_decide(struct flight *flight);
/* The request arrives, and fails if somebody else has written to the object meanwhile (E-67, E-68). O as
 * endpoints_sync. */
struct sent endpoints_send(struct flight *flight);
/* The last answer is here, or the simulation ends: lets go of what was decided. */
void endpoints_land(struct flight *flight);

#endif
