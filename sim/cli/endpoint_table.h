/*
 * endpoint_table.h: what Endpoints objects and EndpointSlices say of each backend, a line each. kubectl has
 * no such table: its own lists three addresses an object, and conditions, zones and hints only as YAML.
 */
#ifndef EPSIM_CLI_ENDPOINT_TABLE_H
#define EPSIM_CLI_ENDPOINT_TABLE_H

#include "cli/kube_table.h"

/* True for the kinds that list endpoints. */
bool endpoint_table_has(const struct kube_kind *kind);
/* A table with its header of the endpoints of `count` objects of one such kind, object by object, in the
 * order in which they stand there. O(endpoints), and O(n log n) for each
 * Endpoints object, whose subsets are made here. */
void endpoint_table(const struct kube_view *view, const struct kube_kind *kind,
    const struct kube_object *objects, uint32_t count, struct text *out);

#endif
