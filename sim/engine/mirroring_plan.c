/*
 * mirroring_plan.c: see mirroring_plan.h.
 */
#include "engine/mirroring_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/map.h"
#include "engine/repack.h"
#include "engine/slice_cache.h"

void mirrored_slices(const struct service_entry *entry, struct slice_list *out)
{
    for (uint32_t i = 0; i < entry->slices.count; i++) {
        if (entry->slices.items[i]->mirrored)
            vec_push(out, entry->slices.items[i]);
    }
    slice_cache_sort(out->items, out->count);
}

/* --- what is wanted (M-10 to M-15) ----------------------------------------------------------- */

/* Ports as a slice has them: every field but appProtocol is there (M-11). */
static const struct port_list *slice_ports(struct mirror_plan *plan, const struct port_list *ports)
{
    struct port *items = mem_array(NULL, ports->count, sizeof *items);
    for (uint32_t i = 0; i < ports->count; i++) {
        items[i] = ports->items[i];
        items[i].set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER | (ports->items[i].set & PORT_APP_PROTOCOL);
    }
    const struct port_list *list = ports_intern(plan->engine->catalog, items, ports->count);
    free(items);
    return port_key_of(&plan->engine->port_keys, list)->slice_ports;
}

static uint32_t key_index(struct mirror_plan *plan, enum address_type type, const struct port_list *ports)
{
    for (uint32_t i = 0; i < plan->keys.count; i++) {
        if (plan->keys.items[i].type == type && plan->keys.items[i].ports == ports)
            return i;
    }
    struct mirror_key key = {.type = type, .ports = ports};
    vec_push(&plan->keys, key);
    return plan->keys.count - 1;
}

/* M-13. */
static struct endpoint *make_endpoint(struct mirror_plan *plan, const struct endpoint *address, bool ready)
{
    struct endpoint_draft draft = {
        .ready = ready ? CONDITION_TRUE : CONDITION_FALSE,
        .ip = endpoint_ip(address),
        .hostname = endpoint_hostname(address),
        .target = endpoint_target(address) ? target_ref(endpoint_target(address)) : NULL,
    };
    if (endpoint_hostname(address) != SYM_EMPTY)
        draft.flags |= ENDPOINT_HOSTNAME;
    if (endpoint_flags(address) & ENDPOINT_ADDRESS_NODE_NAME) {
        draft.node_name = endpoint_node_name(address);
        draft.flags |= ENDPOINT_SLICE_NODE_NAME;
    }
    return endpoint_create(plan->engine->catalog, &draft);
}

struct walk {
    struct mirror_plan *plan;
    struct map places;   /* hash of (key, identity) -> place in the key's list + 1, as a pointer */
    uint32_t by_type[2]; /* the subset's keys */
    uint32_t taken;      /* of the subset */
};

struct place_key {
    const struct mirror_key *key;
    const struct endpoint *endpoint;
};

static bool place_is(const void *value, const void *context)
{
    const struct place_key *wanted = context;
    return endpoint_same_identity(wanted->key->endpoints.items[(uintptr_t)value - 1], wanted->endpoint);
}

/* M-14: one of the same identity is replaced. */
static void insert(struct walk *walk, uint32_t index, struct endpoint *endpoint)
{
    struct mirror_key *key = &walk->plan->keys.items[index];
    struct place_key wanted = {key, endpoint};
    uint64_t hash = endpoint_identity_hash(endpoint) + index;
    uintptr_t place = (uintptr_t)map_find_where(&walk->places, hash, place_is, &wanted);
    if (place) {
        endpoint_unref(key->endpoints.items[place - 1]);
        key->endpoints.items[place - 1] = endpoint;
        return;
    }
    vec_push(&key->endpoints, endpoint);
    map_add_ptr(&walk->places, hash, (void *)(uintptr_t)key->endpoints.count);
}

static void take_addresses(struct walk *walk, struct endpoint *const *addresses, uint32_t count, bool ready)
{
    struct mirror_plan *plan = walk->plan;
    for (uint32_t i = 0; i < count; i++) {
        if (walk->taken >= plan->engine->config.mirroring_endpoints_per_subset_max)
            return;
        if (endpoint_ip(addresses[i]).family == IP_NONE) {
            plan->invalid++;
            continue;
        }
        uint32_t index = walk->by_type[endpoint_ip(addresses[i]).family == IP_V6];
        insert(walk, index, make_endpoint(plan, addresses[i], ready));
        walk->taken++;
    }
}

static void find_wanted(struct mirror_plan *plan)
{
    struct subset_list view = {0}, subsets = {0};
    struct engine *engine = plan->engine;
    repack_view(engine->catalog, plan->endpoints, engine->order, &view);
    repack_subsets(engine->catalog, &view, engine->order, &subsets);
    struct walk walk = {.plan = plan};
    for (uint32_t i = 0; i < subsets.items.count; i++) {
        const struct subset *subset = &subsets.items.items[i];
        const struct port_list *ports = slice_ports(plan, subset->ports);
        walk.by_type[0] = key_index(plan, ADDRESS_IPV4, ports);
        walk.by_type[1] = key_index(plan, ADDRESS_IPV6, ports);
        walk.taken = 0;
        take_addresses(&walk, subset->addresses.items, subset->addresses.count, true);
        take_addresses(&walk, subset->not_ready_addresses.items, subset->not_ready_addresses.count, false);
        plan->skipped += subset->addresses.count + subset->not_ready_addresses.count - walk.taken;
    }
    map_fini(&walk.places);
    subset_list_fini(&view);
    subset_list_fini(&subsets);
}

static void find_metadata(struct mirror_plan *plan)
{
    struct catalog *catalog = plan->engine->catalog;
    const struct meta *meta = &plan->endpoints->meta;
    plan->labels =
        labels_with(catalog, meta->labels, catalog_word(catalog, WORD_SERVICE_NAME), plan->entry->name);
    plan->labels = labels_with(catalog, plan->labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY),
        catalog_word(catalog, WORD_MIRRORING_CONTROLLER));
    plan->annotations = labels_without(catalog, meta->annotations, catalog_word(catalog, WORD_TRIGGER_TIME));
    plan->annotations = labels_without(catalog, plan->annotations, catalog_word(catalog, WORD_LAST_APPLIED));
    if (plan->endpoints->over_capacity)
        plan->annotations = labels_with(catalog, plan->annotations, catalog_word(catalog, WORD_OVER_CAPACITY),
            catalog_word(catalog, WORD_TRUNCATED));
}

/* --- what is there (M-20 to M-22) ------------------------------------------------------------ */

/* The slice's ports are the key's; up to 1.35 a stored list without ports is no key's (S-23). */
static bool has_key(struct mirror_plan *plan, const struct endpointslice *slice, const struct mirror_key *key)
{
    if (slice->ports->count == 0 && plan->engine->config.kube_minor < KUBE_MINOR_NIL_IS_EMPTY)
        return false;
    return slice->address_type == key->type &&
           port_key_of(&plan->engine->port_keys, slice->ports)->slice_ports == key->ports;
}

static bool has_foreign_owner(const struct mirror_plan *plan, const struct endpointslice *slice)
{
    const struct meta *meta = &plan->endpoints->meta;
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        const struct owner *owner = &slice->owners[i];
        if (owner->kind == catalog_word(plan->engine->catalog, WORD_ENDPOINTS) && owner->name == meta->name &&
            !uid_equal(owner->uid, owner->uid_text, meta->uid, meta->uid_text))
            return true;
    }
    return false;
}

/* Nothing is added, updated or removed. */
static bool has_endpoints(const struct endpointslice *slice, const struct mirror_key *key)
{
    struct map places = {0};
    bool same = slice->endpoints.count == key->endpoints.count;
    for (uint32_t i = 0; i < key->endpoints.count && same; i++)
        map_add_ptr(&places, endpoint_identity_hash(key->endpoints.items[i]), (void *)(uintptr_t)(i + 1));
    for (uint32_t i = 0; i < slice->endpoints.count && same; i++) {
        struct endpoint *stored = endpointslice_at(slice, i);
        struct place_key wanted = {key, stored};
        uintptr_t place =
            (uintptr_t)map_find_where(&places, endpoint_identity_hash(stored), place_is, &wanted);
        same = place && endpoint_same_content(key->endpoints.items[place - 1], stored);
    }
    map_fini(&places);
    return same;
}

static bool is_right(
    struct mirror_plan *plan, const struct endpointslice *slice, const struct mirror_key *key)
{
    struct catalog *catalog = plan->engine->catalog;
    const struct labels *labels =
        labels_without(catalog, slice->meta.labels, catalog_word(catalog, WORD_SERVICE_NAME));
    labels = labels_without(catalog, labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY));
    return labels == plan->endpoints->meta.labels && slice->meta.annotations == plan->annotations &&
           slice->meta.trigger_s == TIME_NONE && !has_foreign_owner(plan, slice) && has_endpoints(slice, key);
}

/* --- requests (M-20 to M-23) ----------------------------------------------------------------- */

static struct mirror_write *make_write(
    struct mirror_plan *plan, struct mirror_key *key, struct slice_entry *target)
{
    struct mirror_write *write = mem_zalloc(sizeof *write);
    write->type = key->type;
    write->ports = key->ports;
    write->target = target;
    uint32_t max = plan->engine->config.mirroring_endpoints_per_subset_max;
    for (uint32_t i = 0; i < key->endpoints.count && i < max; i++) {
        struct endpoint **left = &key->endpoints.items[i];
        uint32_t k = choices_pick(&plan->engine->choices, CHOICE_ENDPOINT, key->endpoints.count - i);
        struct endpoint *taken = left[k];
        left[k] = left[0];
        left[0] = taken;
        vec_push(&write->endpoints, endpoint_ref(taken));
    }
    vec_push(&plan->writes, write);
    return write;
}

static void tell(
    const struct mirror_plan *plan, enum decision_kind kind, const struct slice_entry *slice, uint32_t count)
{
    if (decisions_are_watched(plan->engine))
        decision_tell(plan->entry, CONTROLLER_MIRRORING,
            (struct decision){.kind = kind, .slice = slice ? slice->slice : NULL, .count = count});
}

static void drop(struct mirror_plan *plan, struct slice_entry *slice)
{
    tell(plan, DECISION_MIRROR_SURPLUS, slice, 0);
    vec_push(&plan->deletes, slice);
}

static void decide_key(struct mirror_plan *plan, struct mirror_key *key, const struct slice_list *existing)
{
    struct slice_entry *first = NULL;
    for (uint32_t i = 0; i < existing->count; i++) {
        if (!has_key(plan, existing->items[i]->slice, key))
            continue;
        if (!first && key->endpoints.count > 0)
            first = existing->items[i];
        else
            drop(plan, existing->items[i]);
    }
    if (key->endpoints.count == 0)
        return;
    if (first && is_right(plan, first->slice, key)) {
        tell(plan, DECISION_MIRROR_SAME, first, 0);
        vec_push(&plan->untouched, first);
        return;
    }
    struct mirror_write *write = make_write(plan, key, first);
    tell(plan, DECISION_MIRROR_WRITE, first, write->endpoints.count);
    if (first)
        vec_push(&plan->updates, write);
    else
        vec_push(&plan->creates, write);
}

static void drop_undesired(struct mirror_plan *plan, const struct slice_list *existing)
{
    for (uint32_t i = 0; i < existing->count; i++) {
        bool desired = false;
        for (uint32_t k = 0; k < plan->keys.count; k++)
            desired |= has_key(plan, existing->items[i]->slice, &plan->keys.items[k]);
        if (!desired)
            drop(plan, existing->items[i]);
    }
}

/* --- recycling (M-30, M-31) ------------------------------------------------------------------ */

/* The quirk: whichever create stands first without a name leaves the list, not the one that was paired. */
static void drop_first_unnamed(struct mirror_plan *plan)
{
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        if (plan->creates.items[i]->target)
            continue;
        for (; i + 1 < plan->creates.count; i++)
            plan->creates.items[i] = plan->creates.items[i + 1];
        plan->creates.count--;
        return;
    }
}

static void recycle_type(struct mirror_plan *plan, enum address_type type)
{
    VEC(struct mirror_write *) creates = {0};
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        if (plan->creates.items[i]->type == type)
            vec_push(&creates, plan->creates.items[i]);
    }
    uint32_t paired = 0, kept = 0;
    for (uint32_t i = 0; i < plan->deletes.count; i++) {
        struct slice_entry *slice = plan->deletes.items[i];
        if (slice->slice->address_type != type || paired == creates.count) {
            plan->deletes.items[kept++] = slice;
            continue;
        }
        struct mirror_write *write = creates.items[paired++];
        drop_first_unnamed(plan);
        tell(plan, DECISION_SLICE_RECYCLED, slice, write->endpoints.count);
        write->target = slice;
        write->recycles = true;
        vec_push(&plan->updates, write);
    }
    plan->deletes.count = kept;
    vec_fini(&creates);
}

static void recycle(struct mirror_plan *plan)
{
    enum address_type types[2];
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        enum address_type type = plan->creates.items[i]->type;
        if (count == 0 || (count == 1 && types[0] != type))
            types[count++] = type;
    }
    if (count == 0 || plan->deletes.count == 0)
        return;
    uint32_t start = choices_start(&plan->engine->choices, CHOICE_FAMILIES, count);
    for (uint32_t i = 0; i < count; i++)
        recycle_type(plan, types[(start + i) % count]);
}

/* --- all ------------------------------------------------------------------------------------- */

void mirror_plan_make(struct mirror_plan *plan)
{
    struct slice_list existing = {0};
    mirrored_slices(plan->entry, &existing);
    find_wanted(plan);
    find_metadata(plan);
    uint32_t count = plan->keys.count;
    uint32_t start = count ? choices_start(&plan->engine->choices, CHOICE_KEYS, count) : 0;
    for (uint32_t i = 0; i < count; i++)
        decide_key(plan, &plan->keys.items[(start + i) % count], &existing);
    drop_undesired(plan, &existing);
    recycle(plan);
    free(existing.items);
}

void mirror_plan_fini(struct mirror_plan *plan)
{
    for (uint32_t i = 0; i < plan->keys.count; i++) {
        struct mirror_key *key = &plan->keys.items[i];
        for (uint32_t k = 0; k < key->endpoints.count; k++)
            endpoint_unref(key->endpoints.items[k]);
        vec_fini(&key->endpoints);
    }
    for (uint32_t i = 0; i < plan->writes.count; i++) {
        struct mirror_write *write = plan->writes.items[i];
        for (uint32_t k = 0; k < write->endpoints.count; k++)
            endpoint_unref(write->endpoints.items[k]);
        vec_fini(&write->endpoints);
        free(write);
    }
    vec_fini(&plan->keys);
    vec_fini(&plan->writes);
    vec_fini(&plan->creates);
    vec_fini(&plan->updates);
    vec_fini(&plan->deletes);
    vec_fini(&plan->untouched);
}
