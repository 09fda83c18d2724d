/*
 * node.c: revisions of a Node; see node.h.
 */
#include "model/node.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"

struct node *node_create(const struct catalog *catalog)
{
    struct node *node = mem_zalloc(sizeof *node);
    node->refs = 1;
    meta_init(&node->meta, catalog);
    node->pods_max = UINT32_MAX;
    return node;
}

struct node *node_edit(const struct node *node)
{
    struct node *copy = mem_alloc(sizeof *copy);
    *copy = *node;
    copy->refs = 1;
    return copy;
}

struct node *node_ref(const struct node *node)
{
    struct node *counted = (struct node *)node;
    if (counted)
        counted->refs++;
    return counted;
}

void node_unref(struct node *node)
{
    if (!node)
        return;
    EPSIM_ASSERT(node->refs > 0);
    if (--node->refs == 0)
        free(node);
}

sym node_zone(const struct node *node, const struct catalog *catalog)
{
    sym zone = SYM_EMPTY;
    labels_get(node->meta.labels, catalog_word(catalog, WORD_ZONE), &zone);
    return zone;
}
