/*
 * slice_cache.h: the slices as the engine knows them: whose they are by label and by owner, and what the
 * EndpointSlice controller's tracker knows of them (S-5, S-15, S-55 to S-58).
 */
#ifndef EPSIM_ENGINE_SLICE_CACHE_H
#define EPSIM_ENGINE_SLICE_CACHE_H

#include "engine/service_entry.h"

static inline struct slice_entry *slice_entry_of(const struct endpointslice *slice)
{
    return slice->controller_state;
}

/* A slice was created, or its labels or owners may have changed: files it anew. O(labels + owners). */
struct slice_entry *slice_cache_see(struct engine *engine, struct endpointslice *slice);
/* It is gone. The sync that has a hold on it must be over, or take time (flight.h). */
void slice_cache_drop(struct engine *engine, struct slice_entry *entry);
/* Its endpoints changed: keeps the sums of its Service and group. */
void slice_cache_count(struct slice_entry *entry);
/* Puts the slice into the group and files it there; NULL takes it out of both. */
void slice_cache_set_group(struct slice_entry *entry, struct slice_group *group);
/* When a sync looks for a slice with room, those that it edits stand aside from their group's tree, which
 * then holds the unchanged ones (S-44) that have room. After an edit a slice comes back, or moves, to the
 * place of its new length; O(1) where that is its old one or it is full, else O(log n), of n with room. */
void slice_cache_set_aside(struct slice_entry *entry);
void slice_cache_put_back(struct slice_entry *entry);
/* The place in a tree: by length, then by age. */
static inline uint64_t slice_tree_key(uint32_t length, uint64_t sequence)
{
    return (uint64_t)length << 40 | sequence;
}
/* Slices in the order of their creation. */
void slice_cache_sort(struct slice_entry **slices, uint32_t count);

/* S-15: an owner reference to the Service as it is now. */
bool slice_is_owned(const struct endpointslice *slice, const struct service_entry *service);

/* The tracker. A slice is tracked after a write of ours, at the generation that came back (S-56). */
void slice_tracker_set(struct service_entry *service, struct slice_entry *slice);
bool slice_tracker_has(const struct service_entry *service, const struct slice_entry *slice);
/* A slice event is news: it is untracked or newer (S-58). */
bool slice_tracker_should_sync(const struct slice_entry *slice);
/* Its delete event arrived (S-58): true when the Service is to be synced. */
bool slice_tracker_deleted(struct slice_entry *slice);
/* S-6, S-57. Caches that are never behind can only lack a slice that somebody relabelled. */
bool slice_tracker_is_stale(const struct service_entry *service);
void slice_tracker_forget(struct service_entry *service);

#endif
