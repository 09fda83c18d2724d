/*
 * ipam.c: see ipam.h.
 */
#include "simulation/ipam.h"

#include <string.h>

#include "base/check.h"

#define CLUSTER_IPS "10.96.0.0/12"
#define CLUSTER_IPS6 "fd00:10:96::/112"
/* Of a large IPv6 range only these are used, so that its bitmap stays small. */
#define RANGE_BITS_MAX 20

static void halves(struct ip ip, uint64_t *high, uint64_t *low)
{
    *high = *low = 0;
    for (int i = 0; i < 8; i++) {
        *high = *high << 8 | ip.bytes[i];
        *low = *low << 8 | ip.bytes[8 + i];
    }
}

static uint32_t range_bits(const struct ip_range *range)
{
    return (range->base.family == IP_V4 ? 32u : 128u) - range->prefix_length;
}

/* base + (index << bits), within the family. */
static struct ip add_shifted(struct ip base, uint32_t index, uint32_t bits)
{
    if (base.family == IP_V4)
        return ip_add(base, (uint64_t)index << bits);
    uint64_t high, low;
    halves(base, &high, &low);
    uint64_t add_low = bits < 64 ? (uint64_t)index << bits : 0;
    uint64_t add_high = bits == 0   ? 0
                        : bits < 64 ? (uint64_t)index >> (64 - bits)
                                    : (uint64_t)index << (bits - 64);
    uint64_t sum = low + add_low;
    high += add_high + (sum < low);
    struct ip ip = {.family = IP_V6};
    for (int i = 0; i < 8; i++) {
        ip.bytes[i] = (uint8_t)(high >> (56 - 8 * i));
        ip.bytes[8 + i] = (uint8_t)(sum >> (56 - 8 * i));
    }
    return ip;
}

/* False when `ip` is outside, or so far inside that no pool gives it. */
static bool range_offset(const struct ip_range *range, struct ip ip, uint32_t *out)
{
    if (ip.family != range->base.family)
        return false;
    if (ip.family == IP_V4) {
        uint32_t number = ip_to_v4(ip), base = ip_to_v4(range->base), offset = number - base;
        if (number < base || (uint64_t)offset >> range_bits(range) != 0 || offset >= NUMBER_POOL_END_MAX)
            return false;
        *out = offset;
        return true;
    }
    uint64_t high, low, base_high, base_low;
    halves(ip, &high, &low);
    halves(range->base, &base_high, &base_low);
    uint64_t offset = low - base_low;
    if (high != base_high || low < base_low || offset >= NUMBER_POOL_END_MAX ||
        (range_bits(range) < 64 && offset >> range_bits(range) != 0))
        return false;
    *out = (uint32_t)offset;
    return true;
}

/* Offsets 0 (the network), 1 (the gateway) and the last (broadcast) are not for pods; of ranges that are
 * too small for that, everything is. */
static void open_range(struct address_range *addresses, struct ip_range range)
{
    uint32_t bits = range_bits(&range);
    uint32_t limit = range.base.family == IP_V4 ? 24 : RANGE_BITS_MAX;
    uint32_t size = UINT32_C(1) << (bits < limit ? bits : limit);
    addresses->range = range;
    if (size <= 2)
        number_pool_init(&addresses->pool, 0, size, false);
    else
        number_pool_init(&addresses->pool, 2, size - 1, false);
}

bool ipam_init(struct ipam *ipam, const struct scenario *scenario, struct text *problem)
{
    *ipam = (struct ipam){0};
    if (!ip_plan_make(&ipam->plan, scenario, problem))
        return false;
    _Static_assert(IP_PLAN_SHARES_MAX <= NUMBER_POOL_END_MAX, "a share is a number of the pool");
    number_pool_init(&ipam->shares, 0, ipam->plan.share_count, false);
    static const char *const ranges[2] = {CLUSTER_IPS, CLUSTER_IPS6};
    for (int i = 0; i < 2; i++) {
        struct address_range *cluster_ips = &ipam->cluster_ips[i];
        bool parsed = ip_range_parse(ranges[i], strlen(ranges[i]), &cluster_ips->range);
        EPSIM_ASSERT(parsed);
        number_pool_init(&cluster_ips->pool, 1, (UINT32_C(1) << range_bits(&cluster_ips->range)) - 1, true);
    }
    return true;
}

void ipam_fini(struct ipam *ipam)
{
    number_pool_fini(&ipam->shares);
    for (int i = 0; i < 2; i++)
        number_pool_fini(&ipam->cluster_ips[i].pool);
}

bool ipam_open_node(
    struct ipam *ipam, const struct ip_range *ranges, uint32_t range_count, struct node_addresses *out)
{
    *out = (struct node_addresses){.share = SHARE_NONE, .count = range_count};
    if (range_count > 0) {
        for (uint32_t i = 0; i < range_count; i++)
            open_range(&out->ranges[i], ranges[i]);
        return true;
    }
    if (!number_pool_take(&ipam->shares, &out->share))
        return false;
    const struct ip_plan *plan = &ipam->plan;
    out->count = plan->dual_stack ? 2 : 1;
    struct ip base = add_shifted(plan->range.base, out->share, 32u - plan->share_prefix);
    open_range(&out->ranges[0], (struct ip_range){base, plan->share_prefix});
    if (plan->dual_stack) {
        base = add_shifted(plan->range6.base, out->share, 128u - plan->share_prefix6);
        open_range(&out->ranges[1], (struct ip_range){base, plan->share_prefix6});
    }
    return true;
}

void ipam_close_node(struct ipam *ipam, struct node_addresses *addresses)
{
    if (addresses->share != SHARE_NONE)
        number_pool_give(&ipam->shares, addresses->share);
    for (uint32_t i = 0; i < addresses->count; i++)
        number_pool_fini(&addresses->ranges[i].pool);
    *addresses = (struct node_addresses){.share = SHARE_NONE};
}

bool ipam_take(struct node_addresses *addresses, uint32_t i, struct ip *out)
{
    EPSIM_ASSERT(i < addresses->count);
    struct address_range *range = &addresses->ranges[i];
    uint32_t offset;
    if (!number_pool_take(&range->pool, &offset))
        return false;
    *out = ip_add(range->range.base, offset);
    return true;
}

bool ipam_reserve(struct node_addresses *addresses, struct ip ip, bool go_on)
{
    uint32_t offset;
    for (uint32_t i = 0; i < addresses->count; i++) {
        struct number_pool *pool = &addresses->ranges[i].pool;
        if (!range_offset(&addresses->ranges[i].range, ip, &offset))
            continue;
        bool reserved = number_pool_reserve(pool, offset);
        if (reserved && go_on)
            number_pool_go_on_after(pool, offset);
        return reserved;
    }
    return false;
}

void ipam_give(struct node_addresses *addresses, struct ip ip)
{
    uint32_t offset;
    for (uint32_t i = 0; i < addresses->count; i++) {
        if (range_offset(&addresses->ranges[i].range, ip, &offset)) {
            number_pool_give(&addresses->ranges[i].pool, offset);
            return;
        }
    }
    EPSIM_ASSERT(!"an address of this node");
}

static struct address_range *cluster_ips(struct ipam *ipam, uint8_t family)
{
    return family == IP_V4 ? &ipam->cluster_ips[0] : family == IP_V6 ? &ipam->cluster_ips[1] : NULL;
}

bool ipam_take_cluster_ip(struct ipam *ipam, enum ip_family family, struct ip *out)
{
    struct address_range *range = cluster_ips(ipam, (uint8_t)family);
    uint32_t offset;
    if (!range || !number_pool_take(&range->pool, &offset))
        return false;
    *out = ip_add(range->range.base, offset);
    return true;
}

bool ipam_reserve_cluster_ip(struct ipam *ipam, struct ip ip)
{
    struct address_range *range = cluster_ips(ipam, ip.family);
    uint32_t offset;
    return range && range_offset(&range->range, ip, &offset) && number_pool_reserve(&range->pool, offset);
}

void ipam_give_cluster_ip(struct ipam *ipam, struct ip ip)
{
    struct address_range *range = cluster_ips(ipam, ip.family);
    uint32_t offset;
    if (range && range_offset(&range->range, ip, &offset) && number_pool_is_taken(&range->pool, offset))
        number_pool_give(&range->pool, offset);
}
