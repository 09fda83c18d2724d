/*
 * address_groups.c: see address_groups.h.
 */
#include "engine/address_groups.h"

#include "base/check.h"
#include "engine/repack.h"
#include "engine/subset_classes.h"

static struct address_group *group_get(
    struct endpoints *endpoints, const struct catalog *catalog, const struct port_list *ports)
{
    for (uint32_t i = 0; i < endpoints->groups.count; i++) {
        if (endpoints->groups.items[i]->ports == ports)
            return endpoints->groups.items[i];
    }
    struct address_group *group = address_group_create(catalog, ports);
    vec_push(&endpoints->groups, group);
    return group;
}

void address_groups_insert(struct endpoints *endpoints, const struct catalog *catalog, struct member *member,
    const struct port_list *ports, struct endpoint *address)
{
    EPSIM_ASSERT(!member->group);
    struct address_group *group = group_get(endpoints, catalog, ports);
    member->place = address_group_add(group, address);
    member->group = pool_number(group);
}

void address_groups_remove(struct member *member)
{
    address_group_remove(member_group(member), member->place);
    member->group = POOL_NONE;
}

void address_groups_replace(struct member *member, struct endpoint *address)
{
    address_group_replace(member_group(member), member->place, address);
}

bool address_groups_list_member(const struct member *member)
{
    return member->group != POOL_NONE && address_group_lists(member_group(member), member->place);
}

void address_groups_tidy(struct endpoints *endpoints)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < endpoints->groups.count; i++) {
        struct address_group *group = endpoints->groups.items[i];
        if (address_group_count(group) == 0)
            address_group_destroy(group);
        else
            endpoints->groups.items[kept++] = group;
    }
    endpoints->groups.count = kept;
}

/* One group is one subset; its lists are the first of each readiness. A group that becomes shorter keeps its
 * order for some time, so that about the capacity it is not put into order again and again. */
static void refresh_single(struct engine *engine, struct endpoints *endpoints)
{
    struct address_group *group = endpoints->groups.items[0];
    uint32_t capacity = endpoints->capacity;
    if (group->orders && address_group_count(group) < capacity - capacity / 4)
        address_group_uncut(group);
    struct endpoints_shown shown = endpoints_shown(endpoints);
    uint64_t addresses_bytes = address_group_cut(group, shown.ready, shown.not_ready);
    endpoints->address_count = shown.ready + shown.not_ready;
    endpoints->subsets_bytes =
        size_subset(addresses_bytes, port_key_of(&engine->port_keys, group->ports)->subset_ports_bytes);
}

static uint32_t class_ports_bytes(struct engine *engine, const struct subset_class *class)
{
    const struct port_list *ports = ports_intern(engine->catalog, class->ports.items, class->ports.count);
    return port_key_of(&engine->port_keys, ports)->subset_ports_bytes;
}

/* Counts and bytes without any order; returns the addresses over all subsets. */
static uint64_t refresh_whole(struct engine *engine, struct endpoints *endpoints)
{
    for (uint32_t i = 0; i < endpoints->groups.count; i++)
        address_group_uncut(endpoints->groups.items[i]);
    struct subset_classes classes;
    subset_classes_make(endpoints->groups.items, endpoints->groups.count, &classes);
    uint64_t total = 0, bytes = 0;
    for (uint32_t i = 0; i < classes.items.count; i++) {
        const struct subset_class *class = &classes.items.items[i];
        uint64_t addresses_bytes = 0;
        for (uint32_t g = 0; g < class->groups.count; g++) {
            const struct address_group *group = endpoints->groups.items[class->groups.items[g]];
            total += address_group_count(group);
            addresses_bytes += group->bytes[0] + group->bytes[1];
        }
        bytes += size_subset(addresses_bytes, class_ports_bytes(engine, class));
    }
    subset_classes_fini(&classes);
    endpoints->address_count = (uint32_t)total;
    endpoints->subsets_bytes = bytes;
    return total;
}

/* E-57 with several subsets needs their order, which hashes all of their text (E-43). The result stays with
 * the object, for whoever looks and for the next sync. */
static void refresh_cut(struct engine *engine, struct endpoints *endpoints)
{
    uint32_t omitted;
    repack_groups(engine->catalog, endpoints, engine->order, &endpoints->subsets);
    repack_truncate(&endpoints->subsets, endpoints->capacity, &omitted);
    endpoints->address_count = subset_list_address_count(&endpoints->subsets);
    endpoints->subsets_bytes = size_subset_list(engine->catalog, &endpoints->subsets);
}

bool address_groups_refresh(struct engine *engine, struct endpoints *endpoints)
{
    uint64_t total;
    subset_list_fini(&endpoints->subsets);
    if (endpoints->groups.count == 1) {
        total = address_group_count(endpoints->groups.items[0]);
        refresh_single(engine, endpoints);
    } else {
        total = refresh_whole(engine, endpoints);
        if (endpoints->capacity != UINT32_MAX && total > endpoints->capacity)
            refresh_cut(engine, endpoints);
    }
    endpoints->omitted_count = (uint32_t)(total - endpoints->address_count);
    return endpoints->capacity != UINT32_MAX && total > endpoints->capacity;
}
