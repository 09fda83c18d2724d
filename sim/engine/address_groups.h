/*
 * address_groups.h: the groups of an Endpoints object (model/endpoints.h), changed one pod at a time, and the
 * numbers that follow from them: what the object shows after truncation (E-55 to E-58) and its bytes.
 */
#ifndef EPSIM_ENGINE_ADDRESS_GROUPS_H
#define EPSIM_ENGINE_ADDRESS_GROUPS_H

#include "engine/engine_private.h"

/* Puts a member that stands nowhere into the group of `ports`, as `address`, whose reference is taken over.
 */
void address_groups_insert(struct endpoints *endpoints, const struct catalog *catalog, struct member *member,
    const struct port_list *ports, struct endpoint *address);
/* Takes the member out. */
void address_groups_remove(struct member *member);
/* The same place for another record of the same IP and uid, whether it is as ready or not. */
void address_groups_replace(struct member *member, struct endpoint *address);
/* Whether an object of at most one group lists the member; it was refreshed since the last change. O(1). */
bool address_groups_list_member(const struct member *member);
/* Takes groups without addresses out of the object. */
void address_groups_tidy(struct endpoints *endpoints);
/* Brings address_count, omitted_count and subsets_bytes up to date, and cuts what is too long for the object;
 * returns whether there are more addresses than the capacity. O(groups x ports), and what it costs to cut one
 * group (model/address_group.h); O(n log n) for several. */
bool address_groups_refresh(struct engine *engine, struct endpoints *endpoints);

#endif
