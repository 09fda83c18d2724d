/*
 * kube_inputs.h: Kubernetes' JSON of Services, Pods and Nodes into the model's structs: only what the
 * endpoint controllers look at is read.
 */
#ifndef EPSIM_VERIFY_KUBE_INPUTS_H
#define EPSIM_VERIFY_KUBE_INPUTS_H

#include <jansson.h>

#include "base/text.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

/* Each makes an object of `json`, owned by the caller (one reference). What is wrong is appended to
 * `problems`, a line each; the object is made as well as possible all the same. O(the object). */
struct service *kube_service(struct catalog *catalog, const json_t *json, struct text *problems);
struct pod *kube_pod(struct catalog *catalog, const json_t *json, struct text *problems);
struct node *kube_node(struct catalog *catalog, const json_t *json, struct text *problems);

#endif
