/*
 * kube_table.h: objects as `kubectl get` prints them: the same columns, the same words, the same gaps.
 */
#ifndef EPSIM_CLI_KUBE_TABLE_H
#define EPSIM_CLI_KUBE_TABLE_H

#include <stdbool.h>

#include "base/text.h"
#include "engine/repack.h"
#include "model/store.h"

/* What all rows share. */
struct kube_view {
    struct catalog *catalog;
    int64_t now_unix_ns; /* for ages */
    uint32_t kube_minor;
    enum order_hash hash; /* of subsets */
    bool wide;
    bool with_labels;    /* a last column LABELS */
    bool with_namespace; /* a first column NAMESPACE */
    bool with_kind;      /* NAME is "pod/web-0" */
};

/* One object of the store, with the texts that it is sorted and found by. */
struct kube_object {
    enum object_kind kind;
    const char *namespace; /* "" for nodes */
    const char *name;
    const struct labels *labels;
    const void *object;
};

struct kube_kind {
    enum object_kind object;
    const char *plural;   /* "pods" */
    const char *singular; /* "pod" */
    const char *letters;  /* "po" */
    const char *prefix;   /* of -o name: "pod", "endpointslice.discovery.k8s.io" */
    const char *resource; /* in messages: "pods", "endpointslices.discovery.k8s.io" */
    bool is_namespaced;
};

#define KUBE_KIND_COUNT 5
/* In the order in which `get all` prints them. */
extern const struct kube_kind kube_kinds[KUBE_KIND_COUNT];

struct kube_object kube_object_of(struct catalog *catalog, enum object_kind kind, const void *object);
/* A table of objects of one kind, with its header. */
void kube_table(const struct kube_view *view, const struct kube_kind *kind, const struct kube_object *objects,
    uint32_t count, struct text *out);
/* An age as kubectl prints it: "5s", "2m30s", "3h5m", "2d". */
void text_add_age(struct text *out, int64_t ns);

#endif
