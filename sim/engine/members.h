/*
 * members.h: which pods a Service selects, and what changed since each controller's last sync.
 *
 * All O(1) expected, but for pods that very many Services select: a pod's members are a list in the order of
 * Services.
 */
#ifndef EPSIM_ENGINE_MEMBERS_H
#define EPSIM_ENGINE_MEMBERS_H

#include "engine/decision.h"
#include "engine/service_entry.h"

#define MARK_ALL ((1u << SYNC_COUNT) - 1)

void records_init(struct engine *engine);
void records_fini(struct records *records);

/* NULL: the engine does not know the pod. */
struct pod_entry *pod_entry_of(const struct engine *engine, const struct pod *pod);
struct pod_entry *pod_entry_create(struct engine *engine, const struct pod *pod);
/* Its members must be gone. */
void pod_entry_destroy(struct engine *engine, struct pod_entry *pod);
/* The revision that watchers see from now on; moves the pod to its node. */
void pod_entry_set(struct engine *engine, struct pod_entry *pod, const struct pod *revision);
struct node_entry *node_entry_get(struct engine *engine, sym name);

/* The Service selects the pod from now on: takes over the tombstone of the pod's name if there is one. */
struct member *member_add(struct service_entry *entry, struct pod_entry *pod);
/* It does so no longer: the member becomes a tombstone. `seen`: the pod's revision of before this change. */
void member_remove(struct member *member, const struct pod *seen);
struct member *member_of(const struct pod_entry *pod, const struct service_entry *entry);
/* `marks`: for which controllers, bit c. `seen`: the pod's revision that those have seen for which the member
 * was not marked yet, that is the one of before this change. */
void member_mark(struct member *member, uint32_t marks, const struct pod *seen);
/* Counts the pod's readiness for the timeline. */
void member_count_ready(struct member *member);
/* A place for the second family, if it has none yet. */
void member_add_second(struct member *member);

/* Why a tombstone is one: the pod is gone, or not selected any more. */
enum left_out member_left_out(const struct member *tombstone);

/* The sync of controller c has seen everything: no member is marked for it any more. */
void members_settle(struct service_entry *entry, enum sync_controller c);
/* Without these bits of its marks: a tombstone that has none left is freed. */
void member_unmark(struct member *member, uint8_t bits);
/* The sync came to nothing (E-4); keeps the list of marks from growing with pods long gone. */
void members_prune(struct service_entry *entry, enum sync_controller c);
/* Into the order of their pods' creation. */
void members_sort(struct member_list *list);

#endif
