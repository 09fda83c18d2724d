/*
 * repack.h: canonical subsets of an Endpoints object, their order and truncation (E-30 to E-58).
 *
 * These are whole-object operations, O(n log n): for whoever looks at an object, for comparing with one
 * that somebody edited, and for the one case that needs the order of several subsets on the way (over
 * capacity with more than one subset). The path of an ordinary pod event does not come here.
 */
#ifndef EPSIM_ENGINE_REPACK_H
#define EPSIM_ENGINE_REPACK_H

#include <stdbool.h>

#include "engine/order_hash.h"
#include "model/endpoints.h"

/* The object's subsets as it shows them: grouped objects are made into subsets, in order; explicit ones, and
 * what address_groups_refresh has truncated, are copied as they are. `out` starts empty; free with
 * subset_list_fini. */
void repack_view(struct catalog *catalog, const struct endpoints *endpoints, enum order_hash hash,
    struct subset_list *out);
/* Groups to subsets, without truncation. */
void repack_groups(struct catalog *catalog, const struct endpoints *endpoints, enum order_hash hash,
    struct subset_list *out);
/* Any subsets to canonical ones (E-30 to E-43). */
void repack_subsets(
    struct catalog *catalog, const struct subset_list *in, enum order_hash hash, struct subset_list *out);
/* E-55 to E-58, in place. Returns true when something may have been cut (R + N > capacity); *out_omitted
 * is the number of addresses left out. */
bool repack_truncate(struct subset_list *list, uint32_t capacity, uint32_t *out_omitted);
/* E-61 (1): same addresses in the same order, same ports; targetRef.resourceVersion does not count. */
bool repack_equal(const struct subset_list *a, const struct subset_list *b);
/* The same with everything counting: their encodings are equal (O-50). */
bool repack_identical(const struct subset_list *a, const struct subset_list *b);
/* Hash of a subset (E-51). */
void repack_hash_subset(
    const struct catalog *catalog, const struct subset *subset, enum order_hash hash, unsigned char out[16]);

#endif
