/*
 * endpoints.c: lifecycles of Endpoints, subsets and groups; see endpoints.h.
 */
#include "model/endpoints.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"

void subset_fini(struct subset *subset)
{
    for (uint32_t i = 0; i < subset->addresses.count; i++)
        endpoint_unref(subset->addresses.items[i]);
    for (uint32_t i = 0; i < subset->not_ready_addresses.count; i++)
        endpoint_unref(subset->not_ready_addresses.items[i]);
    vec_fini(&subset->addresses);
    vec_fini(&subset->not_ready_addresses);
}

void subset_list_fini(struct subset_list *list)
{
    for (uint32_t i = 0; i < list->items.count; i++)
        subset_fini(&list->items.items[i]);
    vec_fini(&list->items);
}

uint32_t subset_list_address_count(const struct subset_list *list)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->items.count; i++) {
        const struct subset *subset = &list->items.items[i];
        count += subset->addresses.count + subset->not_ready_addresses.count;
    }
    return count;
}

/* --- groups ---------------------------------------------------------------------------------- */

#define PLACE_FREE (UINT32_C(1) << 31)

struct address_group *address_group_create(const struct catalog *catalog, const struct port_list *ports)
{
    struct address_group *group = pool_take(&catalog->pools->address_groups);
    *group = (struct address_group){.ports = ports};
    ostree_init(&group->order, endpoint_compare_address, catalog);
    return group;
}

void address_group_destroy(struct address_group *group)
{
    if (!group)
        return;
    for (uint32_t i = 0; i < group->places.count; i++) {
        if (!(group->places.items[i] & PLACE_FREE))
            endpoint_unref(address_group_at(group, i));
    }
    vec_fini(&group->places);
    ostree_fini(&group->order);
    pool_give(pool_chunk_of(group)->pool, group);
}

/* An address comes (+1) or goes (-1). */
static void count_address(struct address_group *group, const struct endpoint *address, int32_t change)
{
    bool ready = endpoint_is_ready(address);
    group->counts[ready] += (uint32_t)change;
    group->bytes[ready] += (uint64_t)((int64_t)change * endpoint_address_bytes(address));
}

static uint32_t order_add(struct address_group *group, struct endpoint *address)
{
    return ostree_insert_class(&group->order, endpoint_sort_key(address), address,
        endpoint_address_bytes(address), endpoint_is_ready(address));
}

static uint32_t place_number(const struct endpoint *address)
{
    uint32_t number = pool_number(address);
    /* Half of what the pool could number is 16 GiB of endpoints. */
    if (number & PLACE_FREE)
        mem_exhausted(SIZE_MAX);
    return number;
}

uint32_t address_group_add(struct address_group *group, struct endpoint *address, uint32_t *out_rank)
{
    uint32_t place = group->free_place;
    if (place) {
        place--;
        group->free_place = group->places.items[place] & ~PLACE_FREE;
        group->places.items[place] = place_number(address);
    } else {
        place = group->places.count;
        vec_push(&group->places, place_number(address));
    }
    count_address(group, address, 1);
    uint32_t rank = group->is_ordered ? order_add(group, address) : 0;
    if (out_rank)
        *out_rank = rank;
    return place;
}

uint32_t address_group_remove(struct address_group *group, uint32_t place)
{
    struct endpoint *address = address_group_at(group, place);
    uint32_t rank = 0;
    if (group->is_ordered) {
        void *removed;
        rank = ostree_remove(&group->order, endpoint_sort_key(address), address, &removed);
        EPSIM_ASSERT(removed == address);
    }
    count_address(group, address, -1);
    group->places.items[place] = PLACE_FREE | group->free_place;
    group->free_place = place + 1;
    endpoint_unref(address);
    return rank;
}

uint32_t address_group_replace(
    struct address_group *group, uint32_t place, struct endpoint *address, uint32_t *out_rank)
{
    struct endpoint *before = address_group_at(group, place);
    uint32_t rank = 0;
    *out_rank = 0;
    if (group->is_ordered) {
        void *replaced;
        rank = ostree_replace(&group->order, endpoint_sort_key(address), address,
            endpoint_address_bytes(address), endpoint_is_ready(address), &replaced, out_rank);
        EPSIM_ASSERT(replaced == before);
    }
    count_address(group, before, -1);
    count_address(group, address, 1);
    group->places.items[place] = place_number(address);
    endpoint_unref(before);
    return rank;
}

/* --- order ----------------------------------------------------------------------------------- */

/* A key takes longer to make than to compare. */
struct keyed {
    uint64_t key;
    struct endpoint *address;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return endpoint_compare_address(left->address, right->address, pool_owner_of(left->address));
}

void address_list_sort(struct address_list *list)
{
    uint32_t count = list->items.count;
    if (count < 2)
        return;
    struct keyed *keyed = mem_array(NULL, count, sizeof *keyed);
    for (uint32_t i = 0; i < count; i++)
        keyed[i] = (struct keyed){endpoint_sort_key(list->items.items[i]), list->items.items[i]};
    qsort(keyed, count, sizeof *keyed, compare_keyed);
    for (uint32_t i = 0; i < count; i++)
        list->items.items[i] = keyed[i].address;
    free(keyed);
}

void address_group_list(
    const struct address_group *group, bool ready, uint32_t count, struct address_list *out)
{
    if (group->is_ordered) {
        struct ostree_iter it;
        for (ostree_first(&it, &group->order); it.item && count > 0; ostree_next(&it)) {
            if (it.item_class != ready)
                continue;
            vec_push(&out->items, it.item);
            count--;
        }
        return;
    }
    struct address_list list = {0};
    for (uint32_t i = 0; i < group->places.count; i++) {
        if (group->places.items[i] & PLACE_FREE)
            continue;
        struct endpoint *address = address_group_at(group, i);
        if (endpoint_is_ready(address) == ready)
            vec_push(&list.items, address);
    }
    address_list_sort(&list);
    for (uint32_t i = 0; i < list.items.count && i < count; i++)
        vec_push(&out->items, list.items.items[i]);
    vec_fini(&list.items);
}

void address_group_set_ordered(struct address_group *group, bool is_ordered)
{
    if (group->is_ordered == is_ordered)
        return;
    ostree_clear(&group->order);
    struct address_list list = {0};
    for (int ready = 0; is_ordered && ready < 2; ready++)
        address_group_list(group, ready, UINT32_MAX, &list);
    for (uint32_t i = 0; i < list.items.count; i++)
        order_add(group, list.items.items[i]);
    vec_fini(&list.items);
    group->is_ordered = is_ordered;
}

/* --- the object ------------------------------------------------------------------------------ */

struct endpoints *endpoints_create(const struct catalog *catalog)
{
    struct endpoints *endpoints = mem_zalloc(sizeof *endpoints);
    meta_init(&endpoints->meta, catalog);
    endpoints->capacity = ENDPOINTS_CAPACITY_DEFAULT;
    return endpoints;
}

void endpoints_destroy(struct endpoints *endpoints)
{
    if (!endpoints)
        return;
    for (uint32_t i = 0; i < endpoints->groups.count; i++)
        address_group_destroy(endpoints->groups.items[i]);
    vec_fini(&endpoints->groups);
    subset_list_fini(&endpoints->subsets);
    field_owners_destroy(endpoints->fields);
    free(endpoints);
}

bool endpoints_has_subsets(const struct endpoints *endpoints)
{
    return (endpoints->is_explicit ? endpoints->subsets.items.count : endpoints->groups.count) > 0;
}
