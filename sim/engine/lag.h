/*
 * lag.h: what the slices of a Service do not show yet: pods that turned ready and are not listed as such, and
 * endpoints listed as ready whose pods are not any more, or are gone.
 *
 * Only pods that changed since the last sync can be among them, so each change of a pod counts anew what it
 * comes to, and a sync leaves none: O(1). When nothing waits and nothing takes time, a change is synced at
 * its own instant, and nothing is counted. With two families the first stands for both. After an edit of a
 * slice by somebody else nothing is counted until the sync: where members stand is not known then.
 */
#ifndef EPSIM_ENGINE_LAG_H
#define EPSIM_ENGINE_LAG_H

#include "engine/service_entry.h"

/* When slices can be behind: the member's pod has changed, or comes or goes; it is about to be marked.
 * `seen`: the pod's revision of before that, NULL: there was none. */
void lag_note(struct member *member, const struct pod *seen);
/* A sync of slices has seen everything. */
void lag_settle(struct service_entry *entry);
/* The same when the sync took time, or one of its requests was carried out: what it has not written yet, and
 * what came meanwhile, is counted anew. `seen`: what it saw. O(marked). */
void lag_recount(struct service_entry *entry, const struct marked_list *seen);

#endif
