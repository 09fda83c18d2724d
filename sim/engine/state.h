/*
 * state.h: rows of the timeline. The numbers are kept as they change; a row is made when an instant is over.
 */
#ifndef EPSIM_ENGINE_STATE_H
#define EPSIM_ENGINE_STATE_H

#include "engine/service_entry.h"

/* A number of the Service may have changed: its row is due at the end of this instant. O(1). */
void state_touch(struct service_entry *entry);
/* The Service of this number is gone; there may be another one of its name by the end of the instant. */
void state_deleted(struct service_entry *entry);
/* O(port keys). */
void state_fill(const struct service_entry *entry, struct service_state *out);

#endif
