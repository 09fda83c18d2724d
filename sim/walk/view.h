/*
 * view.h: a Service as it stands after a step: its pods, its Endpoints object, its slices endpoint by
 * endpoint, and which of it the step touched. What it says is what the store holds, as `epsim get` prints it.
 */
#ifndef EPSIM_WALK_VIEW_H
#define EPSIM_WALK_VIEW_H

#include "walk/walk.h"

enum view_state { VIEW_READY, VIEW_NOT_READY, VIEW_TERMINATING };

struct view_slice {
    const struct endpointslice *slice; /* borrowed from the store */
    uint32_t counts[3];                /* by view_state */
    uint32_t added, removed;           /* by the step; those that came stand at its end (S-46) */
    bool is_touched, is_created;
};

struct view_service {
    sym namespace, name;
    bool is_there;              /* else what is left of it */
    bool is_touched;            /* a note of the step is about it */
    struct service_state state; /* zero when the engine does not know it */
    bool has_endpoints;         /* there is an Endpoints object: */
    uint32_t ep_ready, ep_not_ready;
    uint32_t slice_first, slice_count; /* in the view's list; by age */
};

struct view {
    VEC(struct view_service) services; /* those that are there by age, then others */
    VEC(struct view_slice) slices;
};

/* Which Services: a namespace and a name; NULL: any. */
struct view_filter {
    const char *namespace, *name;
};

bool view_note_concerns(
    const struct note *note, const struct catalog *catalog, const struct view_filter *filter);
/* Whether a note of the step is about a Service of the filter. */
bool view_concerns(
    const struct walk_step *step, const struct catalog *catalog, const struct view_filter *filter);
/* Of all Services of the filter, or only those that the last step touched. `out` starts empty or made before;
 * good until the run goes on. O(Services x slices of their namespace + endpoints). */
void view_make(struct view *out, struct walk *walk, const struct view_filter *filter, bool touched_only);
void view_fini(struct view *view);
enum view_state view_endpoint_state(const struct endpoint *endpoint);

#endif
