/*
 * address_groups.h: the groups of an Endpoints object (model/endpoints.h), changed one pod at a time, and the
 * numbers that follow from them: what the object shows after truncation (E-55 to E-58) and its bytes.
 */
#ifndef EPSIM_ENGINE_ADDRESS_GROUPS_H
#define EPSIM_ENGINE_ADDRESS_GROUPS_H

#include "engine/engine_private.h"

/* What an object of at most one group lists: so many of the first of each tree. */
struct shown {
    uint32_t ready, not_ready;
};
struct shown address_groups_shown(const struct endpoints *endpoints);

/* Puts a member that stands nowhere into the list `ready` of the group of `ports`, as `address`, whose
 * reference is taken over. Returns its rank there. O(log n + groups). */
uint32_t address_groups_insert(struct endpoints *endpoints, const struct catalog *catalog,
    struct member *member, const struct port_list *ports, bool ready, struct endpoint *address);
/* Takes the member out; returns the rank that it had. O(log n). */
uint32_t address_groups_remove(struct member *member);
/* The same place for another record of the same IP and uid. O(log n). */
uint32_t address_groups_replace(struct member *member, struct endpoint *address);
/* Takes groups without addresses out of the object. */
void address_groups_tidy(struct endpoints *endpoints);
/* Brings address_count, omitted_count and subsets_bytes up to date; returns whether there are more addresses
 * than the capacity. O(groups x ports); O(n log n) if there are, in several groups. */
bool address_groups_refresh(struct engine *engine, struct endpoints *endpoints);

#endif
