/*
 * json_yaml.h: a JSON tree as YAML, the way kubectl -o yaml writes it.
 */
#ifndef EPSIM_BASE_JSON_YAML_H
#define EPSIM_BASE_JSON_YAML_H

#include "base/json_tree.h"

/* Block style, keys in order (yaml_compare_keys), sequences at the indentation of their key, a newline at
 * the end. O(n log n). */
void json_tree_write_yaml(const struct json_tree *json, struct text *out);

#endif
