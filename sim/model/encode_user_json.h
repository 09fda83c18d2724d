/*
 * encode_user_json.h: Pods, Services and Nodes as JSON trees, in the API server's order, with the fields that
 * the model knows. Trees live in the arena, and as long as the catalog (they borrow keys of labels).
 */
#ifndef EPSIM_MODEL_ENCODE_USER_JSON_H
#define EPSIM_MODEL_ENCODE_USER_JSON_H

#include "base/json_tree.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

struct json_tree *encode_pod_json(struct arena *arena, const struct catalog *catalog, const struct pod *pod);
struct json_tree *encode_service_json(
    struct arena *arena, const struct catalog *catalog, const struct service *service);
struct json_tree *encode_node_json(
    struct arena *arena, const struct catalog *catalog, const struct node *node);
/* A `kind: List` around objects, as kubectl prints several; objects are added to its "items". */
struct json_tree *encode_list_json(struct arena *arena, struct json_tree **out_items);

#endif
