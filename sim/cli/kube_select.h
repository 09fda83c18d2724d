/*
 * kube_select.h: which objects somebody asks for: kinds, names, namespace, labels; kubectl's words.
 */
#ifndef EPSIM_CLI_KUBE_SELECT_H
#define EPSIM_CLI_KUBE_SELECT_H

#include "cli/kube_table.h"
#include "cli/label_selector.h"

struct kube_request {
    VEC(const struct kube_kind *) kinds;
    VEC(const char *) names; /* none: all */
    bool is_all;             /* KIND was "all" */
    const char *namespace;   /* NULL: all */
    struct label_selector selector;
};

/* One kind by any of its words, with or without capitals or the group; NULL when there is none. */
const struct kube_kind *kube_kind_find(const char *word, size_t length);
/* "pods", "po,svc" or "all". False at the first word that is no kind; it is then *out_bad (owned by the
 * caller). */
bool kube_kinds_parse(struct kube_request *request, const char *words, char **out_bad);
/* The kind that `word` may have been meant for; NULL. */
const char *kube_kind_suggest(const char *word);
void kube_request_fini(struct kube_request *request);

struct kube_objects {
    VEC(struct kube_object) items;
};

/* What the store has of one kind for this request, by namespace and name. O(n log n). Names that are not
 * there are told on standard error, as kubectl does, and counted. */
uint32_t kube_collect(const struct kube_request *request, const struct kube_kind *kind,
    const struct store *store, struct catalog *catalog, struct kube_objects *out);

#endif
