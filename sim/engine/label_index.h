/*
 * label_index.h: which Services select a pod, and which pods a Service selects (C-11, E-5).
 *
 * Pods with the same labels are one set. Each set stands in the bucket of each of its (namespace, key,
 * value); each Service stands in the bucket of one pair of its selector, the one with the fewest Services. So
 * a pod meets only Services that share a pair with it, and a new Service only the label sets that share one.
 * The cost follows the labels of one pod, not the number of Services.
 */
#ifndef EPSIM_ENGINE_LABEL_INDEX_H
#define EPSIM_ENGINE_LABEL_INDEX_H

#include "engine/service_entry.h"

struct label_bucket {
    sym namespace, key, value;
    VEC(struct label_set *) sets;
    VEC(struct service_entry *) services;
};

struct label_place {
    struct label_bucket *bucket;
    uint32_t index; /* in the bucket's sets */
};

struct label_set {
    sym namespace;
    const struct labels *labels;
    VEC(uint32_t) pods;         /* numbers */
    struct label_place *places; /* one for each label */
    struct label_set *next;     /* of the same labels in another namespace */
};

/* A pod enters the set of its present revision's labels, or leaves it. */
void label_index_join(struct engine *engine, struct pod_entry *pod);
void label_index_leave(struct engine *engine, struct pod_entry *pod);
/* Asks for the memory of the pod's place in its set. */
void label_index_prefetch_place(const struct engine *engine, const struct pod_entry *pod);
/* By the selector of the entry's Service; one without a selector is not in the index. */
void label_index_add_service(struct service_entry *entry);
void label_index_remove_service(struct service_entry *entry);
/* Services that select the pod, which is in its set, in the order of their numbers. The engine's list: good
 * until the next call. O(1) for labels that were asked for before, as long as no selector changes. */
const struct service_list *label_index_services(struct engine *engine, const struct pod_entry *pod);
/* Calls `visit` for each pod that the entry's Service selects, in an order that follows from history alone.
 */
void label_index_pods(
    struct service_entry *entry, void (*visit)(struct service_entry *entry, struct pod_entry *pod));
void label_index_fini(struct engine *engine);

#endif
