/*
 * difference.h: how many endpoints of an object are new, and how many are gone, by who they are: for the
 * counts of requests that rewrite a whole object. O(1) an endpoint.
 */
#ifndef EPSIM_ENGINE_DIFFERENCE_H
#define EPSIM_ENGINE_DIFFERENCE_H

#include <stdint.h>

#include "base/map.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"

/* Start from {0}; first all that was there, then all that is. */
struct difference {
    struct map counts; /* hash of who -> how often it was there, and was not met again */
    uint32_t added, removed;
};

void difference_fini(struct difference *difference);
/* Addresses are who they are by IP and uid (E-31). */
void difference_address_before(struct difference *difference, const struct endpoint *address);
void difference_address_after(struct difference *difference, const struct endpoint *address);
void difference_subsets_before(struct difference *difference, const struct subset_list *list);
void difference_subsets_after(struct difference *difference, const struct subset_list *list);
/* Endpoints of a slice by their identity (S-33). */
void difference_endpoint_before(struct difference *difference, const struct endpoint *endpoint);
void difference_endpoint_after(struct difference *difference, const struct endpoint *endpoint);

#endif
