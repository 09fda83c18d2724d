/*
 * requests.h: every request to the API server is reported here once, after it was carried out: to the digest,
 * the totals and the observers. Sizes are arithmetic (model/size.h): O(labels + ports) a request; with size
 * model `json` O(endpoints in the object).
 */
#ifndef EPSIM_ENGINE_REQUESTS_H
#define EPSIM_ENGINE_REQUESTS_H

#include "engine/engine_private.h"

/* Adds an endpoint that the coming request changes, to what the digest is told of its content. */
void request_content(struct engine *engine, const struct endpoint *endpoint);

/* `added` and `removed`: endpoints of the object, by this request; both 0 for a no-op. */
void request_endpoints(struct engine *engine, enum controller controller, enum verb verb,
    struct endpoints *endpoints, uint32_t added, uint32_t removed);
void request_slice(struct engine *engine, enum controller controller, enum verb verb,
    struct endpointslice *slice, uint32_t added, uint32_t removed);

/* Deletes and reports. */
void request_delete_endpoints(struct engine *engine, enum controller controller, struct endpoints *endpoints);
/* `service`: for which of its Services the EndpointSlice controller does it; NULL for all others. */
void request_delete_slice(struct engine *engine, enum controller controller,
    const struct service_entry *service, struct endpointslice *slice);

/* Sends the Event to the observers; fills in the time. */
void request_event(struct engine *engine, struct kube_event *event);

/* Addresses that the object lists. O(1), O(subsets) for an explicit one. */
uint32_t request_address_count(const struct endpoints *endpoints);

#endif
