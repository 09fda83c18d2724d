/*
 * kube_text.h: objects and parts of them as JSON texts, by the model's encoder, without managedFields.
 * Objects are compared by them.
 */
#ifndef EPSIM_VERIFY_KUBE_TEXT_H
#define EPSIM_VERIFY_KUBE_TEXT_H

#include "base/text.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"

/* Whole objects; Endpoints in explicit form (asserted). Each appends to `text`. O(object). */
void kube_text_endpoints(struct text *text, const struct catalog *catalog, const struct endpoints *endpoints);
void kube_text_slice(struct text *text, const struct catalog *catalog, const struct endpointslice *slice);

/* Parts of a slice, for comparisons by part. */
void kube_text_slice_endpoint(
    struct text *text, const struct catalog *catalog, const struct endpoint *endpoint);
void kube_text_slice_ports(
    struct text *text, const struct catalog *catalog, const struct endpointslice *slice);
void kube_text_labels(struct text *text, const struct catalog *catalog, const struct labels *labels);
void kube_text_owners(
    struct text *text, const struct catalog *catalog, const struct owner *owners, uint32_t count);

/* The annotations as they are written, those that the model keeps as fields included. */
const struct labels *kube_annotations(struct catalog *catalog, const struct meta *meta, bool over_capacity);

#endif
