/*
 * address_group.h: the addresses of an Endpoints object whose pods resolve the ports alike, and which of them
 * come first.
 *
 * An object lists at most so many addresses (E-55): the first ones that are ready, in the order of E-41, and
 * if they are not enough, the first ones that are not. As long as all are listed nobody needs an order. Of
 * those that are cut only the *first* ones are kept in order, as many as are listed and some more: whoever is
 * not among them comes after all of them, and for an address back there a change is one comparison with the
 * last of the first. They run out, or become too many, once in many changes.
 *
 * What a change costs, of n addresses:
 *
 *     behind the first ones, or all are listed    O(1)
 *     among the first ones                        a path in a tree of, mostly, listed * 5/4 + n / 32
 *     they run out                                O(n log n) at worst, usually one look at each address; at
 *                                                 least n / 64 changes lie between two of these, so it is
 *                                                 O(log n) amortised
 */
#ifndef EPSIM_MODEL_ADDRESS_GROUP_H
#define EPSIM_MODEL_ADDRESS_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/endpoint.h"

/* Flags of a place; below them is the number of an endpoint, or for a free place the next one. */
#define PLACE_FREE (UINT32_C(1) << 31)
#define PLACE_FIRST (UINT32_C(1) << 30) /* among the first ones of its readiness */
#define PLACE_NUMBER (PLACE_FIRST - 1)

/* One reference each. An address is ready or not as its record says, and stands in one place for as long as
 * it is in the group. */
struct address_group {
    const struct port_list *ports; /* resolved ports in the order of the Service's ports */
    uint32_t counts[2];            /* by readiness: 1 is ready */
    uint64_t bytes[2];             /* sums of address_bytes */
    VEC(uint32_t) places;
    uint32_t free_place;          /* from 1; 0: none */
    struct address_order *orders; /* of each readiness; NULL: all are listed */
};
_Static_assert(sizeof(struct address_group) == ADDRESS_GROUP_BYTES, "catalog.h has their pool");

/* `catalog` must outlive the group. */
struct address_group *address_group_create(const struct catalog *catalog, const struct port_list *ports);
/* With all references it holds. */
void address_group_destroy(struct address_group *group);
/* Takes over the reference; returns the place. */
uint32_t address_group_add(struct address_group *group, struct endpoint *address);
/* Gives up the reference. */
void address_group_remove(struct address_group *group, uint32_t place);
/* Another record of the same IP and uid takes the place, ready or not. Takes over the reference. */
void address_group_replace(struct address_group *group, uint32_t place, struct endpoint *address);

/* From now on so many of the first that are ready are listed, and so many of those that are not: at most all
 * there are. Returns the bytes of those. O(1) if nothing changed among them, else O(log n); or they run out,
 * above. */
uint64_t address_group_cut(struct address_group *group, uint32_t ready, uint32_t not_ready);
/* From now on all are listed; gives up the order, which is not made again for nothing. */
void address_group_uncut(struct address_group *group);
/* For address_group_lists, of a group in order. */
bool address_group_cut_lists(const struct address_group *group, uint32_t place);
/* Whether the address there is listed: no change since it was said how many are. O(1). */
static inline bool address_group_lists(const struct address_group *group, uint32_t place)
{
    return !group->orders || address_group_cut_lists(group, place);
}

static inline bool endpoint_is_ready(const struct endpoint *endpoint)
{
    return endpoint_ready(endpoint) == CONDITION_TRUE;
}
static inline uint32_t address_group_count(const struct address_group *group)
{
    return group->counts[0] + group->counts[1];
}
static inline struct endpoint *address_group_at(const struct address_group *group, uint32_t place)
{
    const struct catalog *catalog = pool_owner_of(group);
    return pool_record(&catalog->pools->endpoints, group->places.items[place] & PLACE_NUMBER);
}

/* Addresses in order (E-41), borrowed. */
struct address_list {
    VEC(struct endpoint *) items;
};
/* Appends the first `count` that are ready, or that are not; all of them when there are no more, whatever is
 * listed. O(n log n); O(count) of no more than the first ones. */
void address_group_list(
    const struct address_group *group, bool ready, uint32_t count, struct address_list *out);
/* Puts a list into order. O(n log n). */
void address_list_sort(struct address_list *list);

#endif
