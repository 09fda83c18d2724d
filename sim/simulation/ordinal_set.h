/*
 * ordinal_set.h: a set of numbers that knows its first and its last: the ordinals of a StatefulSet, the
 * nodes of a DaemonSet, that somebody has to do something about. Every operation O(log n).
 */
#ifndef EPSIM_SIMULATION_ORDINAL_SET_H
#define EPSIM_SIMULATION_ORDINAL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ostree.h"

struct ordinal_set {
    struct ostree tree;
};

static inline void ordinal_set_init(struct ordinal_set *set)
{
    ostree_init(&set->tree, NULL, NULL);
}
static inline void ordinal_set_fini(struct ordinal_set *set)
{
    ostree_fini(&set->tree);
}
static inline uint32_t ordinal_set_count(const struct ordinal_set *set)
{
    return set->tree.count;
}
/* Is in the set from now on, or is not. */
void ordinal_set_put(struct ordinal_set *set, uint32_t ordinal, bool in);
/* The set is not empty (asserted). */
uint32_t ordinal_set_first(const struct ordinal_set *set);
uint32_t ordinal_set_last(const struct ordinal_set *set);

#endif
