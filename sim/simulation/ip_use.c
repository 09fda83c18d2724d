/*
 * ip_use.c: see ip_use.h.
 */
#include "simulation/ip_use.h"

#include <string.h>

#include "base/check.h"
#include "base/hash.h"

static uint64_t key_of(struct ip ip)
{
    uint64_t halves[2];
    memcpy(halves, ip.bytes, sizeof halves);
    return hash_mix(hash_mix(halves[0], halves[1]), ip.family);
}

static void count(struct ip_use *use, const struct pod *pod, bool has)
{
    if (!pod || pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED)
        return;
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        uint64_t key = key_of(pod_ip(pod, i)), pods = 0;
        map_get(&use->counts, key, &pods);
        EPSIM_ASSERT(has || pods > 0);
        if (!has && pods == 1)
            map_remove(&use->counts, key);
        else
            map_put(&use->counts, key, has ? pods + 1 : pods - 1);
    }
}

static bool count_pod(void *context, const void *object)
{
    count(context, object, true);
    return true;
}

bool ip_use_may_have(struct ip_use *use, const struct store *store, struct ip ip)
{
    if (!use->is_kept) {
        use->is_kept = true;
        store_each(store, OBJECT_POD, SYM_EMPTY, count_pod, use);
    }
    return map_get(&use->counts, key_of(ip), NULL);
}

void ip_use_follow(struct ip_use *use, const struct pod *old, const struct pod *now)
{
    if (!use->is_kept)
        return;
    count(use, now, true);
    count(use, old, false);
}

void ip_use_fini(struct ip_use *use)
{
    map_fini(&use->counts);
}
