/*
 * ostree.h: an ordered tree that knows ranks and sums (a B+ tree).
 *
 * It keeps items (pointers, not owned) in the order of a 64-bit key; items of equal key are put in
 * order by a comparison. Each item has a weight (a byte size); the tree answers, in O(log n),
 * "which item is the k-th?", "how many are before this one?" and "what do the first k weigh?".
 * These are the questions of truncation: the first 1,000 addresses and their bytes (E-56, O-60).
 *
 * Leaves hold up to some dozens of entries side by side, so a look-up costs a few cache lines
 * a level; 1,000,000 items are four levels deep. A tree that becomes empty keeps one of them.
 */
#ifndef EPSIM_BASE_OSTREE_H
#define EPSIM_BASE_OSTREE_H

#include <stdbool.h>
#include <stdint.h>

/* <0, 0, >0. Called only for items whose keys are equal. NULL: keys are unique. */
typedef int ostree_compare(const void *a, const void *b, const void *context);

/* Start with ostree_init. */
struct ostree {
    struct ostree_node *root;
    ostree_compare *compare;
    const void *context;
    uint32_t count;
    uint64_t weight; /* of all items */
};

void ostree_init(struct ostree *tree, ostree_compare *compare, const void *context);
/* Frees the nodes, not the items. */
void ostree_fini(struct ostree *tree);
void ostree_clear(struct ostree *tree);

/* The item must not be there yet (asserted). Returns its rank. O(log n). */
uint32_t ostree_insert(struct ostree *tree, uint64_t key, void *item, uint32_t weight);
/* Removes the item equal to `item` (same key, compare gives 0) and returns its former rank. It must be there
 * (asserted). *out_item, if not NULL, is the stored pointer. O(log n). */
uint32_t ostree_remove(struct ostree *tree, uint64_t key, const void *item, void **out_item);
/* The stored item equal to `item`, or NULL. *out_rank, if not NULL, is its rank, or where it would go. */
void *ostree_find(const struct ostree *tree, uint64_t key, const void *item, uint32_t *out_rank);
/* The first item whose key is >= `key`, or NULL. *out_rank is its rank (count when NULL). */
void *ostree_lower_bound(const struct ostree *tree, uint64_t key, uint32_t *out_rank);
/* The k-th item, from 0; k < count (asserted). O(log n). */
void *ostree_select(const struct ostree *tree, uint32_t k);
/* Sum of the weights of the first k items; k <= count. O(log n). */
uint64_t ostree_prefix_weight(const struct ostree *tree, uint32_t k);

/* Walks in order: for (ostree_first(&it, tree); it.item; ostree_next(&it)). O(1) amortised a step.
 * The tree must not change meanwhile. */
struct ostree_iter {
    void *item;
    const struct ostree_node *leaf;
    uint32_t index;
};
void ostree_first(struct ostree_iter *it, const struct ostree *tree);
void ostree_next(struct ostree_iter *it);

#endif
