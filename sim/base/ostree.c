/*
 * ostree.c: a B+ tree whose inner nodes count and weigh their children.
 *
 * Items stand only in leaves; each kind of field has an array of its own, so a search reads keys and
 * nothing else. An inner node holds for each child the key and item of its smallest entry, kept exact
 * by every operation: a removed item may be freed by its owner at once, so no separator may name it.
 * The first separator of the leftmost path is exact too, but never compared with: whatever is smaller
 * than everything goes to the first child.
 *
 * Nodes other than the root hold at least a quarter of their room. Splitting at a half and merging
 * at a quarter keeps insert-remove pairs at a border from splitting and merging each time. A node that
 * fills up shares with a neighbour before it is split, so that nodes are four fifths full and not half when
 * keys come in order.
 *
 * A node is changed on the way back up, where its place in every parent is known from the path.
 */
#include "base/ostree.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

#define ROOM 64
#define FILL_MIN (ROOM / 4)
/* A full node shares with a neighbour that has so much room, instead of being split. */
#define SHARE_ROOM_MIN (ROOM / 8)
/* 2^32 items in nodes that are a quarter full: 16^8. */
#define LEVELS_MAX 9

/* What leaves and inner nodes have in common comes first. */
struct ostree_node {
    uint32_t count;
    uint32_t level; /* 0: leaf */
    uint64_t keys[ROOM];
    void *items[ROOM];
};

struct leaf {
    struct ostree_node node;
    struct leaf *next;
    uint32_t weights[ROOM];
};

/* What is below a child. */
struct inner {
    struct ostree_node node;
    uint32_t counts[ROOM];
    uint64_t weights[ROOM];
    struct ostree_node *children[ROOM];
};

struct path {
    uint32_t depth; /* inner nodes on the way; the leaf comes after them */
    struct inner *nodes[LEVELS_MAX];
    uint32_t places[LEVELS_MAX];
    struct leaf *leaf;
    uint32_t place;
    uint32_t rank; /* how many come before */
    bool found;
};

static struct leaf *as_leaf(struct ostree_node *node)
{
    return (struct leaf *)(void *)node;
}
static struct inner *as_inner(struct ostree_node *node)
{
    return (struct inner *)(void *)node;
}
static const struct leaf *as_const_leaf(const struct ostree_node *node)
{
    return (const struct leaf *)(const void *)node;
}
static const struct inner *as_const_inner(const struct ostree_node *node)
{
    return (const struct inner *)(const void *)node;
}

/* --- searching ----------------------------------------------------------------------------------- */

/* How many keys of the node are < key: halving without branches that could be mispredicted. */
static uint32_t keys_below(const struct ostree_node *node, uint64_t key)
{
    const uint64_t *keys = node->keys;
    uint32_t base = 0, length = node->count;
    while (length > 0) {
        uint32_t half = (length + 1) / 2;
        base += keys[base + half - 1] < key ? half : 0;
        length -= half;
    }
    return base;
}

/* How many entries of the node are before (key, item); *found: an equal one stands there. */
static uint32_t entries_below(
    const struct ostree *tree, const struct ostree_node *node, uint64_t key, const void *item, bool *found)
{
    uint32_t low = keys_below(node, key);
    *found = false;
    if (low == node->count || node->keys[low] != key)
        return low;
    if (!tree->compare || node->items[low] == item) {
        *found = true;
        return low;
    }
    /* Most keys stand once: look at the next one before searching for the end of equal keys. */
    uint32_t high = low + 1;
    if (high < node->count && node->keys[high] == key)
        high = key == UINT64_MAX ? node->count : keys_below(node, key + 1);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = tree->compare(node->items[middle], item, tree->context);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t counts_before(const struct inner *inner, uint32_t place)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < place; i++)
        sum += inner->counts[i];
    return sum;
}

/* The keys that a search will look at lie in many cache lines, and in a large tree each is a miss.
 * Asked for together, they come together, while the parent's counts are being added up. */
static inline void keys_prefetch(const struct ostree_node *node)
{
    const char *at = (const char *)node;
    for (size_t line = 0; line < offsetof(struct ostree_node, items) * 3 / 4; line += 64)
        mem_prefetch_line(at + line);
}

static void path_find(const struct ostree *tree, uint64_t key, const void *item, struct path *path)
{
    struct ostree_node *node = tree->root;
    uint32_t rank = 0, depth = 0;
    for (uint32_t level = node->level; level > 0; level--) {
        struct inner *inner = as_inner(node);
        bool equal;
        uint32_t below = entries_below(tree, node, key, item, &equal);
        /* The child whose smallest entry is the last one not after ours. */
        uint32_t place = equal ? below : below ? below - 1 : 0;
        node = inner->children[place];
        keys_prefetch(node);
        path->nodes[depth] = inner;
        path->places[depth] = place;
        depth++;
        rank += counts_before(inner, place);
    }
    path->leaf = as_leaf(node);
    path->place = entries_below(tree, node, key, item, &path->found);
    path->depth = depth;
    path->rank = rank + path->place;
}

/* --- nodes --------------------------------------------------------------------------------------- */

static struct leaf *leaf_create(void)
{
    struct leaf *leaf = mem_alloc(sizeof *leaf);
    leaf->node.count = 0;
    leaf->node.level = 0;
    leaf->next = NULL;
    return leaf;
}

static struct inner *inner_create(uint32_t level)
{
    struct inner *inner = mem_alloc(sizeof *inner);
    inner->node.count = 0;
    inner->node.level = level;
    return inner;
}

/* Moves `count` entries between nodes of one level (or within one), all their arrays alike. */
static void entries_move(struct ostree_node *to, uint32_t to_place, const struct ostree_node *from,
    uint32_t from_place, uint32_t count)
{
#define MOVE(a, b, array) memmove((a)->array + to_place, (b)->array + from_place, count * sizeof(a)->array[0])
    MOVE(to, from, keys);
    MOVE(to, from, items);
    if (to->level == 0) {
        MOVE(as_leaf(to), as_const_leaf(from), weights);
    } else {
        MOVE(as_inner(to), as_const_inner(from), counts);
        MOVE(as_inner(to), as_const_inner(from), weights);
        MOVE(as_inner(to), as_const_inner(from), children);
    }
#undef MOVE
}

static void entries_open(struct ostree_node *node, uint32_t place)
{
    entries_move(node, place + 1, node, place, node->count - place);
    node->count++;
}

static void entries_close(struct ostree_node *node, uint32_t place)
{
    entries_move(node, place, node, place + 1, node->count - place - 1);
    node->count--;
}

/* The entry at `place` of `inner` becomes what the child now is. */
static void child_describe(struct inner *inner, uint32_t place, struct ostree_node *child)
{
    uint32_t count = 0;
    uint64_t weight = 0;
    if (child->level == 0) {
        const struct leaf *leaf = as_leaf(child);
        count = child->count;
        for (uint32_t i = 0; i < child->count; i++)
            weight += leaf->weights[i];
    } else {
        const struct inner *below = as_inner(child);
        for (uint32_t i = 0; i < child->count; i++) {
            count += below->counts[i];
            weight += below->weights[i];
        }
    }
    inner->node.keys[place] = child->keys[0];
    inner->node.items[place] = child->items[0];
    inner->counts[place] = count;
    inner->weights[place] = weight;
    inner->children[place] = child;
}

/* Moves the upper half of a full node to a new right neighbour. */
static struct ostree_node *node_split(struct ostree_node *node)
{
    struct ostree_node *right;
    if (node->level == 0) {
        struct leaf *leaf = leaf_create();
        leaf->next = as_leaf(node)->next;
        as_leaf(node)->next = leaf;
        right = &leaf->node;
    } else {
        right = &inner_create(node->level)->node;
    }
    uint32_t kept = node->count / 2;
    entries_move(right, 0, node, kept, node->count - kept);
    right->count = node->count - kept;
    node->count = kept;
    return right;
}

/* Two neighbours of which one has too few: they become one, or share evenly. True: the right one is gone. */
static bool nodes_balance(struct ostree_node *left, struct ostree_node *right)
{
    uint32_t total = left->count + right->count;
    /* Merging leaves some room, so that the next insertion does not split again. */
    if (total <= ROOM - FILL_MIN) {
        entries_move(left, left->count, right, 0, right->count);
        left->count = total;
        if (left->level == 0)
            as_leaf(left)->next = as_leaf(right)->next;
        free(right);
        return true;
    }
    uint32_t left_count = total / 2;
    if (left->count < left_count) {
        uint32_t moved = left_count - left->count;
        entries_move(left, left->count, right, 0, moved);
        entries_move(right, 0, right, moved, right->count - moved);
    } else {
        uint32_t moved = left->count - left_count;
        entries_move(right, moved, right, 0, right->count);
        entries_move(right, 0, left, left_count, moved);
    }
    left->count = left_count;
    right->count = total - left_count;
    return false;
}

static void node_destroy(struct ostree_node *node)
{
    if (node->level > 0) {
        for (uint32_t i = 0; i < node->count; i++)
            node_destroy(as_inner(node)->children[i]);
    }
    free(node);
}

/* --- changing ------------------------------------------------------------------------------------ */

/* The smallest entry below the path's end changed: tell the parents, as far up as it is theirs too. */
static void path_tell_smallest(struct path *path)
{
    const struct ostree_node *node = &path->leaf->node;
    for (uint32_t i = path->depth; i-- > 0;) {
        struct inner *inner = path->nodes[i];
        uint32_t place = path->places[i];
        inner->node.keys[place] = node->keys[0];
        inner->node.items[place] = node->items[0];
        if (place > 0)
            break;
    }
}

/* An item came (+1) or went (-1), on the path and in the tree. */
static void path_tell_sums(
    struct ostree *tree, struct path *path, int32_t count_change, int64_t weight_change)
{
    for (uint32_t i = 0; i < path->depth; i++) {
        path->nodes[i]->counts[path->places[i]] += (uint32_t)count_change; /* wraps for -1 */
        path->nodes[i]->weights[path->places[i]] += (uint64_t)weight_change;
    }
    tree->count += (uint32_t)count_change;
    tree->weight += (uint64_t)weight_change;
}

/* A full child of `parent` shares with a neighbour that has some room. False: neither has. */
static bool node_share(struct inner *parent, uint32_t place)
{
    for (uint32_t side = 0; side < 2; side++) {
        bool has_neighbour = side == 0 ? place + 1 < parent->node.count : place > 0;
        uint32_t left = side == 0 ? place : place - 1;
        if (!has_neighbour || parent->children[side == 0 ? left + 1 : left]->count > ROOM - SHARE_ROOM_MIN)
            continue;
        nodes_balance(parent->children[left], parent->children[left + 1]);
        child_describe(parent, left, parent->children[left]);
        child_describe(parent, left + 1, parent->children[left + 1]);
        return true;
    }
    return false;
}

/* Gives full nodes room again, from the leaf up: they share with a neighbour, or are split. */
static void path_split(struct ostree *tree, struct path *path)
{
    struct ostree_node *node = &path->leaf->node;
    for (uint32_t i = path->depth; node->count == ROOM;) {
        if (i > 0 && node_share(path->nodes[i - 1], path->places[i - 1]))
            return;
        struct ostree_node *right = node_split(node);
        if (i == 0) {
            struct inner *root = inner_create(node->level + 1);
            root->node.count = 2;
            child_describe(root, 0, node);
            child_describe(root, 1, right);
            tree->root = &root->node;
            return;
        }
        i--;
        struct inner *parent = path->nodes[i];
        uint32_t place = path->places[i];
        entries_open(&parent->node, place + 1);
        child_describe(parent, place, node);
        child_describe(parent, place + 1, right);
        node = &parent->node;
    }
}

/* Merges nodes that have become too small with a neighbour, from the leaf up. */
static void path_merge(struct ostree *tree, struct path *path)
{
    struct ostree_node *node = &path->leaf->node;
    for (uint32_t i = path->depth; i-- > 0 && node->count < FILL_MIN;) {
        struct inner *parent = path->nodes[i];
        uint32_t left_place = path->places[i] ? path->places[i] - 1 : 0;
        struct ostree_node *left = parent->children[left_place];
        struct ostree_node *right = parent->children[left_place + 1];
        bool merged = nodes_balance(left, right);
        child_describe(parent, left_place, left);
        if (merged)
            entries_close(&parent->node, left_place + 1);
        else
            child_describe(parent, left_place + 1, right);
        node = &parent->node;
    }
    while (tree->root->level > 0 && tree->root->count == 1) {
        struct ostree_node *only = as_inner(tree->root)->children[0];
        free(tree->root);
        tree->root = only;
    }
}

/* --- the interface ------------------------------------------------------------------------------- */

void ostree_init(struct ostree *tree, ostree_compare *compare, const void *context)
{
    *tree = (struct ostree){.compare = compare, .context = context};
}

void ostree_fini(struct ostree *tree)
{
    ostree_clear(tree);
}

void ostree_clear(struct ostree *tree)
{
    if (tree->root)
        node_destroy(tree->root);
    ostree_init(tree, tree->compare, tree->context);
}

uint32_t ostree_insert(struct ostree *tree, uint64_t key, void *item, uint32_t weight)
{
    EPSIM_ASSERT(tree->count < UINT32_MAX);
    if (!tree->root)
        tree->root = &leaf_create()->node;
    struct path path;
    path_find(tree, key, item, &path);
    EPSIM_ASSERT(!path.found);
    struct leaf *leaf = path.leaf;
    entries_open(&leaf->node, path.place);
    leaf->node.keys[path.place] = key;
    leaf->node.items[path.place] = item;
    leaf->weights[path.place] = weight;
    path_tell_sums(tree, &path, 1, weight);
    if (path.place == 0)
        path_tell_smallest(&path);
    if (leaf->node.count == ROOM)
        path_split(tree, &path);
    return path.rank;
}

uint32_t ostree_remove(struct ostree *tree, uint64_t key, const void *item, void **out_item)
{
    EPSIM_ASSERT(tree->root);
    struct path path;
    path_find(tree, key, item, &path);
    EPSIM_ASSERT(path.found);
    struct leaf *leaf = path.leaf;
    if (out_item)
        *out_item = leaf->node.items[path.place];
    path_tell_sums(tree, &path, -1, -(int64_t)leaf->weights[path.place]);
    entries_close(&leaf->node, path.place);
    if (path.place == 0 && leaf->node.count > 0)
        path_tell_smallest(&path);
    if (leaf->node.count < FILL_MIN)
        path_merge(tree, &path);
    return path.rank;
}

void *ostree_find(const struct ostree *tree, uint64_t key, const void *item, uint32_t *out_rank)
{
    struct path path = {.found = false};
    if (tree->root)
        path_find(tree, key, item, &path);
    if (out_rank)
        *out_rank = path.rank;
    return path.found ? path.leaf->node.items[path.place] : NULL;
}

void *ostree_lower_bound(const struct ostree *tree, uint64_t key, uint32_t *out_rank)
{
    uint32_t rank = 0;
    void *item = NULL;
    const struct ostree_node *node = tree->root;
    while (node && node->level > 0) {
        const struct inner *inner = as_const_inner(node);
        uint32_t below = keys_below(node, key);
        uint32_t place = below ? below - 1 : 0;
        /* If the child holds nothing that is large enough, the answer is its right neighbour's smallest. */
        if (place + 1 < node->count)
            item = node->items[place + 1];
        rank += counts_before(inner, place);
        node = inner->children[place];
    }
    if (node) {
        uint32_t place = keys_below(node, key);
        if (place < node->count)
            item = node->items[place];
        rank += place;
    }
    if (out_rank)
        *out_rank = rank;
    return item;
}

void *ostree_select(const struct ostree *tree, uint32_t k)
{
    EPSIM_ASSERT(k < tree->count);
    const struct ostree_node *node = tree->root;
    while (node->level > 0) {
        const struct inner *inner = as_const_inner(node);
        uint32_t place = 0;
        while (k >= inner->counts[place])
            k -= inner->counts[place++];
        node = inner->children[place];
    }
    return node->items[k];
}

uint64_t ostree_prefix_weight(const struct ostree *tree, uint32_t k)
{
    EPSIM_ASSERT(k <= tree->count);
    if (k == tree->count)
        return tree->weight;
    uint64_t weight = 0;
    const struct ostree_node *node = tree->root;
    while (node->level > 0) {
        const struct inner *inner = as_const_inner(node);
        uint32_t place = 0;
        while (k >= inner->counts[place]) {
            k -= inner->counts[place];
            weight += inner->weights[place++];
        }
        node = inner->children[place];
    }
    for (uint32_t i = 0; i < k; i++)
        weight += as_const_leaf(node)->weights[i];
    return weight;
}

static void iter_set(struct ostree_iter *it)
{
    it->item = it->leaf && it->leaf->count > 0 ? it->leaf->items[it->index] : NULL;
}

void ostree_first(struct ostree_iter *it, const struct ostree *tree)
{
    const struct ostree_node *node = tree->root;
    while (node && node->level > 0)
        node = as_const_inner(node)->children[0];
    it->leaf = node;
    it->index = 0;
    iter_set(it);
}

void ostree_next(struct ostree_iter *it)
{
    EPSIM_ASSERT(it->item);
    if (++it->index == it->leaf->count) {
        const struct leaf *next = as_const_leaf(it->leaf)->next;
        it->leaf = next ? &next->node : NULL;
        it->index = 0;
    }
    iter_set(it);
}
