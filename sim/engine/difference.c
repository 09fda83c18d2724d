/*
 * difference.c: see difference.h.
 */
#include "engine/difference.h"

#include <string.h>

#include "base/hash.h"

void difference_fini(struct difference *difference)
{
    map_fini(&difference->counts);
}

static void before(struct difference *difference, uint64_t hash)
{
    uint64_t count = 0;
    map_get(&difference->counts, hash, &count);
    map_put(&difference->counts, hash, count + 1);
    difference->removed++;
}

static void after(struct difference *difference, uint64_t hash)
{
    uint64_t count = 0;
    map_get(&difference->counts, hash, &count);
    if (count == 0) {
        difference->added++;
        return;
    }
    map_put(&difference->counts, hash, count - 1);
    difference->removed--;
}

static uint64_t address_hash(const struct endpoint *address)
{
    uint64_t words[2];
    memcpy(words, endpoint_ip(address).bytes, sizeof words);
    uint64_t hash = hash_mix(hash_mix(words[0], words[1]), endpoint_ip(address).family);
    if (endpoint_extra(address) && endpoint_extra(address)->address_count > 0)
        hash = hash_mix(hash, endpoint_extra(address)->addresses[0]);
    if (endpoint_target(address)) {
        struct uuid uid = target_uid(endpoint_target(address));
        memcpy(words, uid.bytes, sizeof words);
        hash = hash_mix(hash_mix(hash, words[0]), words[1]);
        hash = hash_mix(hash, target_uid_text(endpoint_target(address)));
    }
    return hash;
}

void difference_address_before(struct difference *difference, const struct endpoint *address)
{
    before(difference, address_hash(address));
}

void difference_address_after(struct difference *difference, const struct endpoint *address)
{
    after(difference, address_hash(address));
}

static void each_address(struct difference *difference, const struct subset_list *list,
    void (*visit)(struct difference *difference, const struct endpoint *address))
{
    for (uint32_t i = 0; i < list->items.count; i++) {
        const struct subset *subset = &list->items.items[i];
        for (uint32_t a = 0; a < subset->addresses.count; a++)
            visit(difference, subset->addresses.items[a]);
        for (uint32_t a = 0; a < subset->not_ready_addresses.count; a++)
            visit(difference, subset->not_ready_addresses.items[a]);
    }
}

void difference_subsets_before(struct difference *difference, const struct subset_list *list)
{
    each_address(difference, list, difference_address_before);
}

void difference_subsets_after(struct difference *difference, const struct subset_list *list)
{
    each_address(difference, list, difference_address_after);
}

void difference_endpoint_before(struct difference *difference, const struct endpoint *endpoint)
{
    before(difference, endpoint_identity_hash(endpoint));
}

void difference_endpoint_after(struct difference *difference, const struct endpoint *endpoint)
{
    after(difference, endpoint_identity_hash(endpoint));
}
