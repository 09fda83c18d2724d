/*
 * kube_json.h: Kubernetes' JSON into the model's structs.
 *
 * Endpoints and EndpointSlices are read without loss: what the model cannot hold is reported, and each
 * object is printed again (kube_text.h) and held against what was read. Of Services, Pods and Nodes only
 * what the endpoint controllers look at is read.
 */
#ifndef EPSIM_VERIFY_KUBE_JSON_H
#define EPSIM_VERIFY_KUBE_JSON_H

#include <jansson.h>

#include "base/text.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/managed_fields.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

/* Each makes an object of `json`, owned by the caller (one reference). What it cannot hold or understand is
 * appended to `problems`, a line each; the object is made as well as possible all the same. */
struct service *kube_service(struct catalog *catalog, const json_t *json, struct text *problems);
struct pod *kube_pod(struct catalog *catalog, const json_t *json, struct text *problems);
struct node *kube_node(struct catalog *catalog, const json_t *json, struct text *problems);
struct endpoints *kube_endpoints(struct catalog *catalog, const json_t *json, struct text *problems);
struct endpointslice *kube_endpointslice(struct catalog *catalog, const json_t *json, struct text *problems);
/* metadata.managedFields of an object, entries and their fields in the order in which they stand (O-47). All
 * of it lives in the arena. The functions above pass over it. */
struct managed_list kube_managed_fields(
    struct arena *arena, struct catalog *catalog, const json_t *json, struct text *problems);

#endif
