/*
 * slice_plan.h: what a sync of the EndpointSlice controller finds: which wanted endpoints no slice keeps, and
 * which slices lose or change some (S-25 to S-41). Two ways lead to the same plan:
 *
 * marked   only members that changed since the last sync: O(marked x slice length)
 * all      members and stored slices from scratch: O(n log n), when links are not to be trusted
 */
#ifndef EPSIM_ENGINE_SLICE_PLAN_H
#define EPSIM_ENGINE_SLICE_PLAN_H

#include "engine/members.h"
#include "engine/packing.h"

/* `members`: the marked ones, in the order of pods' creation; tombstones among them. */
void slice_plan_marked(struct slice_plan *plan, const struct member_list *members);
/* `members`: all live ones, in that order. After slice_plan_reset. */
void slice_plan_all(struct slice_plan *plan, const struct member_list *members);
/* Forgets all links, groups and registrations of the Service, and the families with them. */
void slice_plan_reset(struct service_entry *entry);
/* Forgets where the member stands. */
void slice_plan_unlink(struct member *member);
/* A look at the marked members is not enough: the Service has topology hints, which depend on all; one of
 * them stands in an odd slice, or the controller is one that does not recognise its own slices without ports
 * (S-23). */
bool slice_plan_needs_all(const struct service_entry *entry);
/* Groups that nobody asks for and no slice belongs to. */
void slice_plan_tidy(struct service_entry *entry);

#endif
