/*
 * import_object.h: what a scenario needs of an object of a real cluster, out of the whole of it.
 *
 * Of a pod that is who it is (import_identity) and how it is (import_pod); of all others one text, a manifest
 * in flow style with only the fields that scenarios read: two states of an object are the same when their
 * texts are.
 */
#ifndef EPSIM_SCENARIO_IMPORT_OBJECT_H
#define EPSIM_SCENARIO_IMPORT_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "scenario/kinds.h"
#include "scenario/scenario.h"
#include "scenario/yaml.h"

/* In the order in which a starting state is written. */
enum import_kind {
    IMPORT_NODE,
    IMPORT_SERVICE,
    IMPORT_ENDPOINTS,
    IMPORT_SLICE,
    IMPORT_POD,
    IMPORT_KIND_COUNT,
    IMPORT_OTHER = IMPORT_KIND_COUNT,
};

/* "pod" and "pods", for references and for people. */
const char *import_kind_reference(enum import_kind kind);
const char *import_kind_plural(enum import_kind kind);
/* "Pod". */
const char *import_kind_name(enum import_kind kind);
/* By the "Pod" of a manifest or the "pods" of a request. */
enum import_kind import_kind_named(const char *name);

/* The head of an object. Texts are the tree's. */
struct import_object {
    enum import_kind kind;
    const char *kind_name;              /* as it stands there */
    const char *namespace, *name, *uid; /* "" when absent */
    uint64_t version;                   /* resourceVersion; 0: none, or no number */
    const struct yaml_node *root;
};

/* False when it is no object with a kind and a name: *out_problem says what is missing, *out_at where. The
 * kind may be given from outside ("Pod"), for objects that do not say theirs; else NULL. */
bool import_object_read(const struct yaml_node *root, const char *kind, struct import_object *out,
    const char **out_problem, struct position *out_at);

/* The latest instant, in ns since 1970, that the object says something happened to it: creation, deletion
 * (not the deadline), conditions, containers, managedFields. INT64_MIN without any. O(nodes). */
int64_t import_newest_ns(const struct yaml_node *root);

/* --- pods --------------------------------------------------------------------------------------------- */

/* How a pod is. Everything lives in the arena that it was read to. */
struct import_pod {
    struct text_map labels; /* sorted by key */
    const char *phase;
    const char *const *ips;
    uint32_t ip_count;
    const char *ready;       /* "True", "False", "Unknown"; "" without the condition */
    const char *ready_since; /* RFC 3339; "" when absent */
    const char *deleted;     /* deletionTimestamp; "" when it is not being deleted */
};

/* Reads what `root` says, a whole Pod or a part of one (a patch): `before`, or NULL, has what it does not
 * say. */
void import_pod_read(struct arena *arena, const struct yaml_node *root, const struct import_pod *before,
    struct import_pod *out);
/* Of everything but labels and readiness; of labels. O(size). */
bool import_pod_same_status(const struct import_pod *a, const struct import_pod *b);
bool import_pod_same_labels(const struct import_pod *a, const struct import_pod *b);
bool import_pod_is_ready(const struct import_pod *pod);
/* "{nodeName: "n", ...}": what does not change; "" when it says none of it. */
void import_pod_add_spec(struct text *out, const struct yaml_node *root);
/* The manifest, with its status. */
void import_pod_add(struct text *out, const struct import_pod *pod, const char *namespace, const char *name,
    const char *uid, const char *created, const char *spec);

/* --- others ------------------------------------------------------------------------------------------- */

/* Whether somebody wrote Endpoints or a slice, and no controller: these label what they write (Endpoints
 * since 1.33). */
bool import_object_is_by_hand(const struct import_object *object);
/* The manifest of anything but a pod. */
void import_object_add(struct text *out, const struct import_object *object);

/* A manifest as somebody would write it who makes the object anew: without status, uid and owners. The
 * template of a workload keeps all that is known of it, as another image is another revision. `kind` has
 * manifests. */
void import_manifest_add(struct text *out, const struct object_kind_info *kind, const char *namespace,
    const char *name, const struct yaml_node *root);

/* The text of a path such as "metadata", "uid", NULL; "" when there is none. */
const char *import_text(const struct yaml_node *root, ...) __attribute__((sentinel));

#endif
