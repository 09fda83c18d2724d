/*
 * slice_hints.h: hints of endpoints: which a Service asks for, and those of a traffic distribution (H-1 to
 * H-5, T-*).
 *
 * With a traffic distribution an endpoint's hints follow from the endpoint alone, so records are made with
 * their hints, and a marked sync costs what it costs without. Only a full sync meets hints that are not as
 * they should be: it notes them (slice_hint), and plan_decide puts them right.
 */
#ifndef EPSIM_ENGINE_SLICE_HINTS_H
#define EPSIM_ENGINE_SLICE_HINTS_H

#include "engine/service_entry.h"

/* What the Service asks for now (H-1, H-2). O(annotations). */
enum hint_mode hint_mode_of(struct catalog *catalog, const struct service *service);

/* Takes over a record without hints and gives one that has those that a traffic distribution wants (T-1): the
 * same one for another mode or an endpoint that is not ready. */
struct endpoint *hints_add(const struct catalog *catalog, enum hint_mode mode, struct endpoint *fresh);

enum hint_verdict {
    HINTS_RIGHT,
    HINTS_DIFFER, /* they are put right if the slice is written anyway (T-4) */
    HINTS_WRONG,  /* the slice is written for their sake (T-3, H-4) */
};
/* A stored endpoint of a slice that is otherwise unchanged. Topology hints are not judged here. */
enum hint_verdict hints_judge(enum hint_mode mode, const struct endpoint *stored);
/* A copy of the stored endpoint with its own hints and its addresses in order (build_sort). The stored one
 * has several. */
struct endpoint *hints_sort(const struct catalog *catalog, const struct endpoint *stored);
/* The same with the hints that the mode wants. */
struct endpoint *hints_put_right(
    const struct catalog *catalog, enum hint_mode mode, const struct endpoint *stored);

#endif
