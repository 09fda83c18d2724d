/*
 * set.h: --set PATH=VALUE: changing documents before they are bound.
 *
 *     controllers.maxEndpointsPerSlice=7           of the Scenario document (made when there is none)
 *     deployment/web.replicas=2000                 of a manifest, [NAMESPACE/]kind/name; spec may be left out
 *     service/web.metadata.labels["a.b/c"]=x       a key with dots stands in ["..."]
 *     spec.events[0].at=5s                         an item of a list, from 0
 *
 * The value is YAML: 7, true, text, {exponential: {mean: 3s}}. Only the tree changes: whether the fields
 * exist and the values make sense is found out in binding, with positions in the --set text.
 */
#ifndef EPSIM_SCENARIO_SET_H
#define EPSIM_SCENARIO_SET_H

#include <stdbool.h>

#include "scenario/bind.h"
#include "scenario/manifest.h"

/* What was set, for params_json. For the vec_* macros. */
struct set_parameter {
    const char *path;
    const char *json; /* the value */
};
struct set_parameters {
    struct set_parameter *items;
    uint32_t count;
    uint32_t capacity;
};

/* Applies one text to the documents; may append a Scenario document. `text` must outlive the diag. Mistakes
 * are told. Of equal paths the last counts. */
void set_apply(
    struct binder *binder, struct documents *documents, const char *text, struct set_parameters *parameters);

/* The other way round: params_json as it was made from sets, as PATH=VALUE texts in the same order. The texts
 * are in the arena; false when it is no such JSON. O(length). */
struct set_texts {
    const char **items;
    uint32_t count;
};
bool set_texts_of_json(struct arena *arena, const char *params_json, struct set_texts *out);

#endif
