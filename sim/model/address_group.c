/*
 * address_group.c: see address_group.h.
 *
 * The tree of the first ones holds places, not records: a record that takes the place of another one as ready
 * changes nothing in it.
 */
#include "model/address_group.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"
#include "base/ostree.h"

/* Of one readiness. Whoever is not among the first ones comes after the last of them. */
struct address_order {
    struct ostree first; /* places, weighted by address_bytes */
    uint64_t last_key;   /* of the last in it */
    uint32_t last;
    uint32_t first_max;    /* if they are more, the last ones are to leave */
    uint32_t listed;       /* how many of them are, as was said at last */
    bool lists_all;        /* ... which were all there are, in `first` or not */
    bool is_stale;         /* what follows: the listed ones changed since, or the first ones are too many */
    uint32_t last_listed;  /* if there is one, and not all are */
    uint64_t listed_key;   /* its */
    uint64_t listed_bytes; /* of all that are */
};

/* --- order ----------------------------------------------------------------------------------- */

/* A tree has no item that is NULL. */
static void *as_item(uint32_t place)
{
    return (void *)((uintptr_t)place + 1);
}
static uint32_t place_of(const void *item)
{
    return (uint32_t)((uintptr_t)item - 1);
}

static int compare_places(const void *a, const void *b, const void *context)
{
    const struct address_group *group = context;
    return endpoint_compare_address(
        address_group_at(group, place_of(a)), address_group_at(group, place_of(b)), pool_owner_of(group));
}

static bool comes_after(
    const struct address_group *group, uint64_t key, uint32_t place, uint64_t other_key, uint32_t other)
{
    return key != other_key ? key > other_key
                            : place != other && compare_places(as_item(place), as_item(other), group) > 0;
}

/* With how many the first ones start when so many are listed: the more there are to be looked at when they
 * run out, the less often they do. */
static uint32_t first_count(const struct address_group *group, uint32_t listed)
{
    uint64_t count = (uint64_t)listed + listed / 4 + group->places.count / 32 + 1;
    return count < UINT32_MAX / 2 ? (uint32_t)count : UINT32_MAX / 2;
}

static void set_last(struct address_group *group, struct address_order *order)
{
    if (order->first.count == 0)
        return;
    order->last = place_of(ostree_select(&order->first, order->first.count - 1));
    order->last_key = endpoint_sort_key(address_group_at(group, order->last));
}

static void first_insert(
    struct address_group *group, struct address_order *order, uint64_t key, uint32_t place)
{
    uint32_t bytes = endpoint_address_bytes(address_group_at(group, place));
    uint32_t rank = ostree_insert(&order->first, key, as_item(place), bytes);
    order->is_stale |= rank < order->listed || order->first.count > order->first_max;
    group->places.items[place] |= PLACE_FIRST;
    if (rank + 1 == order->first.count) {
        order->last = place;
        order->last_key = key;
    }
}

static void first_remove(struct address_group *group, struct address_order *order, uint32_t place)
{
    uint64_t key = endpoint_sort_key(address_group_at(group, place));
    uint32_t rank = ostree_remove(&order->first, key, as_item(place), NULL);
    order->is_stale |= rank < order->listed;
    group->places.items[place] &= ~PLACE_FIRST;
    if (rank == order->first.count)
        set_last(group, order);
}

/* An address came. If the first ones were all there were, they take it as long as they may become more. */
static void order_add(struct address_group *group, uint32_t place, const struct endpoint *address)
{
    bool ready = endpoint_is_ready(address);
    struct address_order *order = &group->orders[ready];
    uint32_t count = order->first.count;
    bool takes_all = group->counts[ready] == count + 1;
    if (count == 0 && !takes_all)
        return;
    uint64_t key = endpoint_sort_key(address);
    if (count == 0 || comes_after(group, key, place, order->last_key, order->last)) {
        if (!takes_all || order->listed == 0 || count >= first_count(group, order->listed))
            return;
    }
    first_insert(group, order, key, place);
}

/* An address is about to go. */
static void order_remove(struct address_group *group, uint32_t place)
{
    if (group->places.items[place] & PLACE_FIRST)
        first_remove(group, &group->orders[endpoint_is_ready(address_group_at(group, place))], place);
}

/* A key takes longer to make than to compare. */
struct keyed {
    uint64_t key;
    struct endpoint *address;
    uint32_t place;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return endpoint_compare_address(left->address, right->address, pool_owner_of(left->address));
}

static void sort_keyed(struct keyed *items, uint32_t count)
{
    qsort(items, count, sizeof *items, compare_keyed);
}

/* The first `wanted` of those behind the first ones, in order; the caller frees them. There are so many. */
static struct keyed *find_next(const struct address_group *group, bool ready, uint32_t wanted)
{
    uint32_t behind = group->counts[ready] - group->orders[ready].first.count;
    uint32_t room = behind / 2 < wanted ? behind : 2 * wanted;
    struct keyed *found = mem_array(NULL, room, sizeof *found);
    uint32_t count = 0;
    bool is_limited = false; /* nobody behind found[wanted - 1] is needed */
    for (uint32_t place = 0; place < group->places.count; place++) {
        if (group->places.items[place] & (PLACE_FREE | PLACE_FIRST))
            continue;
        struct endpoint *address = address_group_at(group, place);
        if (endpoint_is_ready(address) != ready)
            continue;
        struct keyed one = {endpoint_sort_key(address), address, place};
        if (is_limited && compare_keyed(&one, &found[wanted - 1]) > 0)
            continue;
        found[count++] = one;
        if (count == room && room > wanted) {
            sort_keyed(found, count);
            count = wanted;
            is_limited = true;
        }
    }
    sort_keyed(found, count);
    return found;
}

/* There are to be at least `listed` first ones, and not far too many. */
static void keep_first(struct address_group *group, bool ready, uint32_t listed)
{
    struct address_order *order = &group->orders[ready];
    uint32_t count = order->first.count, usual = first_count(group, listed);
    order->first_max = 2 * usual;
    if (count < listed) {
        uint32_t behind = group->counts[ready] - count;
        uint32_t wanted = behind < usual - count ? behind : usual - count;
        struct keyed *found = find_next(group, ready, wanted);
        for (uint32_t i = 0; i < wanted; i++)
            first_insert(group, order, found[i].key, found[i].place);
        free(found);
    } else if (count > order->first_max) {
        while (order->first.count > usual)
            first_remove(group, order, order->last);
    }
}

static void cut_anew(struct address_group *group, bool ready, uint32_t listed)
{
    struct address_order *order = &group->orders[ready];
    EPSIM_ASSERT(listed <= group->counts[ready]);
    order->lists_all = listed == group->counts[ready];
    if (!order->lists_all)
        keep_first(group, ready, listed);
    order->listed = listed;
    order->is_stale = order->lists_all;
    if (order->lists_all) {
        order->listed_bytes = group->bytes[ready];
        return;
    }
    order->listed_bytes = ostree_prefix_weight(&order->first, listed);
    if (listed > 0) {
        order->last_listed = place_of(ostree_select(&order->first, listed - 1));
        order->listed_key = endpoint_sort_key(address_group_at(group, order->last_listed));
    }
}

static inline uint64_t cut_order(struct address_group *group, bool ready, uint32_t listed)
{
    const struct address_order *order = &group->orders[ready];
    if (order->is_stale || listed != order->listed || listed >= group->counts[ready])
        cut_anew(group, ready, listed);
    return order->listed_bytes;
}

uint64_t address_group_cut(struct address_group *group, uint32_t ready, uint32_t not_ready)
{
    if (!group->orders) {
        if (ready == group->counts[1] && not_ready == group->counts[0])
            return group->bytes[0] + group->bytes[1];
        group->orders = mem_zalloc(2 * sizeof *group->orders);
        for (uint32_t i = 0; i < 2; i++)
            ostree_init(&group->orders[i].first, compare_places, group);
    }
    return cut_order(group, true, ready) + cut_order(group, false, not_ready);
}

void address_group_uncut(struct address_group *group)
{
    if (!group->orders)
        return;
    for (uint32_t i = 0; i < 2; i++)
        ostree_fini(&group->orders[i].first);
    free(group->orders);
    group->orders = NULL;
    for (uint32_t i = 0; i < group->places.count; i++) {
        if (!(group->places.items[i] & PLACE_FREE))
            group->places.items[i] &= ~PLACE_FIRST;
    }
}

/* Of one that is among the first ones, or some readiness is listed as a whole. */
static bool order_lists(const struct address_group *group, uint32_t place, bool is_first)
{
    const struct address_order *order = &group->orders[endpoint_is_ready(address_group_at(group, place))];
    if (order->lists_all || order->listed == 0 || !is_first)
        return order->lists_all;
    EPSIM_ASSERT(!order->is_stale);
    uint64_t key = endpoint_sort_key(address_group_at(group, place));
    return !comes_after(group, key, place, order->listed_key, order->last_listed);
}

bool address_group_cut_lists(const struct address_group *group, uint32_t place)
{
    const struct address_order *orders = group->orders;
    bool is_first = group->places.items[place] & PLACE_FIRST;
    return (is_first || orders[0].lists_all || orders[1].lists_all) && order_lists(group, place, is_first);
}

/* --- groups ---------------------------------------------------------------------------------- */

struct address_group *address_group_create(const struct catalog *catalog, const struct port_list *ports)
{
    struct address_group *group = pool_take(&catalog->pools->address_groups);
    *group = (struct address_group){.ports = ports};
    return group;
}

void address_group_destroy(struct address_group *group)
{
    if (!group)
        return;
    address_group_uncut(group);
    for (uint32_t i = 0; i < group->places.count; i++) {
        if (!(group->places.items[i] & PLACE_FREE))
            endpoint_unref(address_group_at(group, i));
    }
    vec_fini(&group->places);
    pool_give(pool_chunk_of(group)->pool, group);
}

/* An address comes (+1) or goes (-1). */
static void count_address(struct address_group *group, const struct endpoint *address, int32_t change)
{
    bool ready = endpoint_is_ready(address);
    group->counts[ready] += (uint32_t)change;
    group->bytes[ready] += (uint64_t)((int64_t)change * endpoint_address_bytes(address));
}

static uint32_t place_number(const struct endpoint *address)
{
    uint32_t number = pool_number(address);
    /* A quarter of what the pool could number is 8 GiB of endpoints. */
    if (number > PLACE_NUMBER)
        mem_exhausted(SIZE_MAX);
    return number;
}

uint32_t address_group_add(struct address_group *group, struct endpoint *address)
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
    if (group->orders)
        order_add(group, place, address);
    return place;
}

void address_group_remove(struct address_group *group, uint32_t place)
{
    struct endpoint *address = address_group_at(group, place);
    order_remove(group, place);
    count_address(group, address, -1);
    group->places.items[place] = PLACE_FREE | group->free_place;
    group->free_place = place + 1;
    endpoint_unref(address);
}

void address_group_replace(struct address_group *group, uint32_t place, struct endpoint *address)
{
    struct endpoint *before = address_group_at(group, place);
    uint32_t first = group->places.items[place] & PLACE_FIRST;
    bool stays = endpoint_is_ready(before) == endpoint_is_ready(address) &&
                 (!first || endpoint_address_bytes(before) == endpoint_address_bytes(address));
    if (!stays)
        order_remove(group, place);
    count_address(group, before, -1);
    count_address(group, address, 1);
    group->places.items[place] = place_number(address) | (stays ? first : 0);
    if (!stays && group->orders)
        order_add(group, place, address);
    endpoint_unref(before);
}

/* --- lists ----------------------------------------------------------------------------------- */

void address_list_sort(struct address_list *list)
{
    uint32_t count = list->items.count;
    if (count < 2)
        return;
    struct keyed *keyed = mem_array(NULL, count, sizeof *keyed);
    for (uint32_t i = 0; i < count; i++)
        keyed[i] = (struct keyed){endpoint_sort_key(list->items.items[i]), list->items.items[i], 0};
    sort_keyed(keyed, count);
    for (uint32_t i = 0; i < count; i++)
        list->items.items[i] = keyed[i].address;
    free(keyed);
}

/* False: they are more than the first ones. */
static bool list_first(
    const struct address_group *group, bool ready, uint32_t count, struct address_list *out)
{
    if (!group->orders || group->orders[ready].first.count < count)
        return false;
    struct ostree_iter it;
    for (ostree_first(&it, &group->orders[ready].first); it.item && count > 0; ostree_next(&it), count--)
        vec_push(&out->items, address_group_at(group, place_of(it.item)));
    return true;
}

void address_group_list(
    const struct address_group *group, bool ready, uint32_t count, struct address_list *out)
{
    if (count > group->counts[ready])
        count = group->counts[ready];
    if (list_first(group, ready, count, out))
        return;
    struct address_list list = {0};
    for (uint32_t i = 0; i < group->places.count; i++) {
        if (group->places.items[i] & PLACE_FREE)
            continue;
        struct endpoint *address = address_group_at(group, i);
        if (endpoint_is_ready(address) == ready)
            vec_push(&list.items, address);
    }
    address_list_sort(&list);
    for (uint32_t i = 0; i < count; i++)
        vec_push(&out->items, list.items.items[i]);
    vec_fini(&list.items);
}
