/*
 * mirroring_plan.h: what the slices of hand-written Endpoints should be, and which requests make them so
 * (M-10 to M-31). Decides and changes nothing.
 */
#ifndef EPSIM_ENGINE_MIRRORING_PLAN_H
#define EPSIM_ENGINE_MIRRORING_PLAN_H

#include "engine/engine_private.h"

/* A slice to be written. */
struct mirror_write {
    enum address_type type;
    const struct port_list *ports;
    VEC(struct endpoint *) endpoints; /* one reference each */
    struct slice_entry *target;       /* under whose name; NULL: it has none yet */
    bool recycles;                    /* it was a create (M-30) */
};

/* Endpoints of one address type and port list (M-11). */
struct mirror_key {
    enum address_type type;
    const struct port_list *ports;    /* in the order of a slice */
    VEC(struct endpoint *) endpoints; /* one reference each */
};

/* Start from {0} with the first three set. */
struct mirror_plan {
    struct engine *engine;
    struct service_entry *entry;
    const struct endpoints *endpoints;

    const struct labels *labels, *annotations; /* of a mirrored slice (M-23) */
    uint32_t invalid, skipped;                 /* addresses (M-16) */
    VEC(struct mirror_key) keys;
    VEC(struct mirror_write *) writes;  /* all there are; owned */
    VEC(struct mirror_write *) creates; /* in the order sent */
    VEC(struct mirror_write *) updates;
    struct slice_list deletes;
    struct slice_list untouched;
};

/* The Service's slices of the mirroring controller, by creation, appended. */
void mirrored_slices(const struct service_entry *entry, struct slice_list *out);
/* O(addresses + slices). */
void mirror_plan_make(struct mirror_plan *plan);
void mirror_plan_fini(struct mirror_plan *plan);

#endif
