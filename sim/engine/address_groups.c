/*
 * address_groups.c: see address_groups.h.
 */
#include "engine/address_groups.h"

#include "base/check.h"
#include "engine/subset_classes.h"

static struct ostree *member_tree(const struct member *member)
{
    struct address_group *group = member_group(member);
    return member->flags & MEMBER_ADDRESS_READY ? &group->ready : &group->not_ready;
}

struct shown address_groups_shown(const struct endpoints *endpoints)
{
    struct shown shown = {0};
    if (endpoints->groups.count == 0)
        return shown;
    const struct address_group *group = endpoints->groups.items[0];
    uint32_t capacity = endpoints->capacity;
    shown.ready = group->ready.count;
    shown.not_ready = group->not_ready.count;
    if (capacity == UINT32_MAX || (uint64_t)shown.ready + shown.not_ready <= capacity)
        return shown;
    if (shown.ready > capacity)
        return (struct shown){capacity, 0};
    shown.not_ready = capacity - shown.ready;
    return shown;
}

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

uint32_t address_groups_insert(struct endpoints *endpoints, const struct catalog *catalog,
    struct member *member, const struct port_list *ports, bool ready, struct endpoint *address)
{
    EPSIM_ASSERT(!member->group);
    member->group = pool_number(group_get(endpoints, catalog, ports));
    member->address = pool_number(address);
    member->flags &= (uint8_t)~MEMBER_ADDRESS_READY;
    if (ready)
        member->flags |= MEMBER_ADDRESS_READY;
    return ostree_insert(member_tree(member), endpoint_sort_key(address), address, address->address_bytes);
}

uint32_t address_groups_remove(struct member *member)
{
    void *removed;
    struct endpoint *address = member_address(member);
    uint32_t rank = ostree_remove(member_tree(member), endpoint_sort_key(address), address, &removed);
    EPSIM_ASSERT(removed == address);
    endpoint_unref(address);
    member->group = POOL_NONE;
    member->address = POOL_NONE;
    return rank;
}

uint32_t address_groups_replace(struct member *member, struct endpoint *address)
{
    void *old;
    uint32_t rank = ostree_replace(
        member_tree(member), endpoint_sort_key(address), address, address->address_bytes, &old);
    EPSIM_ASSERT(old == member_address(member));
    endpoint_unref(old);
    member->address = pool_number(address);
    return rank;
}

void address_groups_tidy(struct endpoints *endpoints)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < endpoints->groups.count; i++) {
        struct address_group *group = endpoints->groups.items[i];
        if (group->ready.count == 0 && group->not_ready.count == 0)
            address_group_destroy(group);
        else
            endpoints->groups.items[kept++] = group;
    }
    endpoints->groups.count = kept;
}

/* One group is one subset; its lists are prefixes of its trees. */
static void refresh_single(struct engine *engine, struct endpoints *endpoints)
{
    const struct address_group *group = endpoints->groups.items[0];
    struct shown shown = address_groups_shown(endpoints);
    uint64_t addresses_bytes = ostree_prefix_weight(&group->ready, shown.ready) +
                               ostree_prefix_weight(&group->not_ready, shown.not_ready);
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
    struct subset_classes classes;
    subset_classes_make(endpoints->groups.items, endpoints->groups.count, &classes);
    uint64_t total = 0, bytes = 0;
    for (uint32_t i = 0; i < classes.items.count; i++) {
        const struct subset_class *class = &classes.items.items[i];
        uint64_t addresses_bytes = 0;
        for (uint32_t g = 0; g < class->groups.count; g++) {
            const struct address_group *group = endpoints->groups.items[class->groups.items[g]];
            total += (uint64_t)group->ready.count + group->not_ready.count;
            addresses_bytes += group->ready.weight + group->not_ready.weight;
        }
        bytes += size_subset(addresses_bytes, class_ports_bytes(engine, class));
    }
    subset_classes_fini(&classes);
    endpoints->address_count = (uint32_t)total;
    endpoints->subsets_bytes = bytes;
    return total;
}

/* E-57 with several subsets needs their order, which hashes all of their text (E-43). */
static void refresh_cut(struct engine *engine, struct endpoints *endpoints)
{
    struct subset_list view = {0};
    repack_view(engine->catalog, endpoints, engine->order, &view);
    endpoints->address_count = subset_list_address_count(&view);
    endpoints->subsets_bytes = size_subset_list(engine->catalog, &view);
    subset_list_fini(&view);
}

bool address_groups_refresh(struct engine *engine, struct endpoints *endpoints)
{
    uint64_t total;
    if (endpoints->groups.count == 1) {
        const struct address_group *group = endpoints->groups.items[0];
        total = (uint64_t)group->ready.count + group->not_ready.count;
        refresh_single(engine, endpoints);
    } else {
        total = refresh_whole(engine, endpoints);
        if (endpoints->capacity != UINT32_MAX && total > endpoints->capacity)
            refresh_cut(engine, endpoints);
    }
    endpoints->omitted_count = (uint32_t)(total - endpoints->address_count);
    return endpoints->capacity != UINT32_MAX && total > endpoints->capacity;
}
