/*
 * kube_json.h: Kubernetes' JSON of what the endpoint controllers write into the model's structs, without
 * loss: what the model cannot hold is reported, and each object is printed again (kube_text.h) and held
 * against what was read. kube_inputs.h is for what they look at.
 */
#ifndef EPSIM_VERIFY_KUBE_JSON_H
#define EPSIM_VERIFY_KUBE_JSON_H

#include <jansson.h>

#include "base/text.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/managed_fields.h"

/* Each makes an object of `json`, owned by the caller (one reference). What it cannot hold or understand is
 * appended to `problems`, a line each; the object is made as well as possible all the same. */
struct endpoints *kube_endpoints(struct catalog *catalog, const json_t *json, struct text *problems);
struct endpointslice *kube_endpointslice(struct catalog *catalog, const json_t *json, struct text *problems);
/* metadata.managedFields of an object, entries and their fields in the order in which they stand (O-47). All
 * of it lives in the arena. The functions above pass over it. */
struct managed_list kube_managed_fields(
    struct arena *arena, struct catalog *catalog, const json_t *json, struct text *problems);

#endif
