/*
 * endpoints.c: lifecycles of Endpoints and subsets; see endpoints.h.
 */
#include "model/endpoints.h"

#include <stdlib.h>

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

struct endpoints_shown endpoints_shown(const struct endpoints *endpoints)
{
    struct endpoints_shown shown = {0};
    if (endpoints->groups.count == 0)
        return shown;
    const struct address_group *group = endpoints->groups.items[0];
    uint32_t capacity = endpoints->capacity;
    shown.ready = group->counts[1];
    shown.not_ready = group->counts[0];
    if (capacity == UINT32_MAX || (uint64_t)shown.ready + shown.not_ready <= capacity)
        return shown;
    if (shown.ready > capacity)
        return (struct endpoints_shown){capacity, 0};
    shown.not_ready = capacity - shown.ready;
    return shown;
}
