/*
 * slice_writer.h: the requests of a plan: creates, updates, deletes (S-50, S-60 to S-64).
 */
#ifndef EPSIM_ENGINE_SLICE_WRITER_H
#define EPSIM_ENGINE_SLICE_WRITER_H

#include "engine/packing.h"

/* Sends everything that was decided, in order; the plan is empty then. trigger_s: TIME_NONE removes the
 * annotation (S-61). */
void slice_writer_send(struct slice_plan *plan, int64_t trigger_s);
/* One create, update or recycling of the plan. Its edit stays open. */
void slice_writer_write(struct slice_plan *plan, struct slice_edit *edit, int64_t trigger_s);

/* S-50: the prefix of a new slice's name. */
sym slice_generate_name(const struct service_entry *entry);
/* Every field is the same. */
bool slice_same_owner(const struct owner *a, const struct owner *b);

#endif
