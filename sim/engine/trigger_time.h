/*
 * trigger_time.h: the trigger-time tracker (C-60 to C-66), over marked members alone: a pod that did not
 * change since the last call has the time that is stored for it, and so cannot be a candidate.
 */
#ifndef EPSIM_ENGINE_TRIGGER_TIME_H
#define EPSIM_ENGINE_TRIGGER_TIME_H

#include "engine/service_entry.h"

/* What a pod's revision says (C-61); NULL, a pod that is gone: TIME_NONE, which is before every time, as
 * "always after" of C-63 needs. */
int64_t trigger_time_of(const struct pod *pod);

/* The nanoseconds that belong to a time in whole seconds, if it is the present second; else 0. Whoever sees a
 * change at once knows it to the nanosecond so. */
uint32_t trigger_time_fraction_ns(const struct engine *engine, int64_t time_s);

/* Remembers those of the pod's time, if that differs from what it was in the revision `seen` (NULL: none),
 * and forgets them with the pod. */
void trigger_time_note(struct engine *engine, const struct pod_entry *pod, const struct pod *seen);
void trigger_time_drop(struct engine *engine, const struct pod_entry *pod);

/* One call (C-63) for the entry's Service, which must be there: seconds since 1970, or TIME_NONE. *out_at_ns:
 * the same in simulated time, to the nanosecond; 0 for none, and for one of before the run. The marks stay.
 * O(marked members). */
int64_t trigger_time_call(struct service_entry *entry, enum sync_controller c, sim_time *out_at_ns);
/* The Service is gone (C-62). O(marked members): all are tombstones, and marked. */
void trigger_time_forget(struct service_entry *entry, enum sync_controller c);

#endif
