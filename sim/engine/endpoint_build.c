/*
 * endpoint_build.c: see endpoint_build.h.
 */
#include "engine/endpoint_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "engine/engine_private.h"

static bool is_v6(struct ip ip)
{
    return ip.family == IP_V6;
}

/* E-10; `terminating`: terminating pods belong as well. */
static inline enum left_out pod_left_out(const struct pod *pod, bool terminating)
{
    if (pod->phase == POD_FAILED || pod->phase == POD_SUCCEEDED)
        return LEFT_OUT_FINISHED;
    if (!pod->has_pod_ip && pod_ip_count(pod) == 0)
        return LEFT_OUT_NO_IP;
    return terminating || !pod_is_terminating(pod) ? LEFT_OUT_NOT : LEFT_OUT_TERMINATING;
}

/* E-11: whether addresses are IPv6. */
static bool wants_v6(const struct service_entry *entry, const struct pod *pod)
{
    const struct service *service = entry->service;
    if (service->family_count > 0)
        return service->families[0] == IP_V6;
    const struct catalog *catalog = entry->engine->catalog;
    if (!service_is_headless(service, catalog)) {
        sym cluster_ip = service->cluster_ip;
        return is_v6(ip_parse(catalog_text(catalog, cluster_ip), catalog_length(catalog, cluster_ip)));
    }
    /* status.podIP is the first of podIPs, or empty. */
    return pod->has_pod_ip && pod_ip_count(pod) > 0 && pod_ip_is_v6(pod, 0);
}

/* All that the two kinds of record have in common. */
static struct endpoint *make(const struct service_entry *entry, const struct pod_entry *pod_entry,
    uint32_t ip_index, struct endpoint *like)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    const struct service *service = entry->service;
    const struct node *node = pod_entry_node(pod_entry)->node;
    uint32_t look = ip_index << LOOK_IP_INDEX_SHIFT;
    if (pod_is_ready(pod))
        look |= LOOK_SERVING;
    if (pod_is_terminating(pod))
        look |= LOOK_TERMINATING;
    if (service->publish_not_ready_addresses || (look & LOOK_CONDITIONS) == LOOK_SERVING)
        look |= LOOK_READY;
    /* E-14. The namespace is the Service's: else it would not be selected. */
    if (pod_hostname(pod) != SYM_EMPTY && pod_subdomain(pod) == service->meta.name)
        look |= LOOK_HOSTNAME;
    sym zone = node ? node_zone(node, entry->engine->catalog) : SYM_EMPTY;
    return endpoint_of_pod(entry->engine->catalog, pod, look, zone, like);
}

struct endpoint *build_address(
    const struct service_entry *entry, const struct pod_entry *pod_entry, struct endpoint *like)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    bool publish = entry->service->publish_not_ready_addresses;
    if (pod_left_out(pod, publish) != LEFT_OUT_NOT)
        return NULL;
    bool v6 = wants_v6(entry, pod);
    uint32_t count = pod_ip_count(pod);
    for (uint32_t i = 0; i < count; i++) {
        if (pod_ip_is_v6(pod, i) != v6)
            continue;
        return make(entry, pod_entry, i, like);
    }
    return NULL;
}

static bool has_ip(const struct pod *pod, bool v6)
{
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        if (pod_ip_is_v6(pod, i) == v6)
            return true;
    }
    return false;
}

static int compare_texts(const struct catalog *catalog, sym a, sym b)
{
    return strcmp(catalog_text(catalog, a), catalog_text(catalog, b));
}

bool build_is_sorted(const struct catalog *catalog, const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    for (uint32_t i = 1; extra && i < extra->address_count; i++) {
        if (compare_texts(catalog, extra->addresses[i], extra->addresses[i - 1]) < 0)
            return false;
    }
    return true;
}

void build_sort(const struct catalog *catalog, struct endpoint_draft *draft)
{
    for (uint32_t i = 1; draft->extra && i < draft->extra->address_count; i++) {
        sym *addresses = draft->extra->addresses, moved = addresses[i];
        uint32_t at = i;
        for (; at > 0 && compare_texts(catalog, moved, addresses[at - 1]) < 0; at--)
            addresses[at] = addresses[at - 1];
        addresses[at] = moved;
    }
}

/* S-28, for the rare pod with several addresses of one family: all of them, as texts, in the order that
 * looking for its identity leaves them in (S-33). Takes over the reference. */
static struct endpoint *with_addresses(
    const struct catalog *catalog, struct endpoint *fresh, const struct pod *pod, bool v6, uint32_t count)
{
    struct endpoint_draft draft = endpoint_read(fresh);
    struct endpoint_extra *extra = mem_zalloc(sizeof *extra);
    extra->addresses = mem_array(NULL, count, sizeof *extra->addresses);
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        struct ip ip = pod_ip(pod, i);
        if (is_v6(ip) != v6)
            continue;
        char text[IP_TEXT_MAX];
        extra->addresses[extra->address_count++] = sym_intern(catalog->symbols, text, ip_format(ip, text));
    }
    draft.extra = extra;
    build_sort(catalog, &draft);
    target_ref(draft.target);
    endpoint_unref(fresh);
    return endpoint_create(catalog, &draft);
}

enum build_result build_endpoint(const struct service_entry *entry, const struct pod_entry *pod_entry,
    enum address_type type, struct endpoint *like, struct endpoint **out_fresh)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    if (pod_left_out(pod, true) != LEFT_OUT_NOT)
        return BUILD_NONE;
    if (!pod_entry_node(pod_entry)->node && !entry->service->publish_not_ready_addresses)
        return BUILD_NO_NODE;
    bool v6 = type == ADDRESS_IPV6;
    uint32_t matching = 0, first = 0;
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        if (pod_ip_is_v6(pod, i) == v6 && matching++ == 0)
            first = i;
    }
    if (matching == 0)
        return BUILD_KEY;
    *out_fresh = make(entry, pod_entry, first, like);
    if (matching > 1)
        *out_fresh = with_addresses(entry->engine->catalog, *out_fresh, pod, v6, matching);
    return BUILD_ENDPOINT;
}

enum left_out build_address_left_out(const struct service_entry *entry, const struct pod_entry *pod_entry)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    enum left_out left_out = pod_left_out(pod, entry->service->publish_not_ready_addresses);
    if (left_out == LEFT_OUT_NOT && !has_ip(pod, wants_v6(entry, pod)))
        left_out = LEFT_OUT_OTHER_FAMILY;
    return left_out;
}

enum left_out build_endpoint_left_out(enum build_result result, const struct pod_entry *pod_entry)
{
    static const enum left_out reasons[] = {[BUILD_KEY] = LEFT_OUT_OTHER_FAMILY,
        [BUILD_NO_NODE] = LEFT_OUT_NO_NODE,
        [BUILD_ENDPOINT] = LEFT_OUT_NOT};
    return result == BUILD_NONE ? pod_left_out(pod_entry_pod(pod_entry), true) : reasons[result];
}

struct endpoint *build_finish(struct endpoint *fresh, struct endpoint *shared)
{
    if (!shared || shared == fresh)
        return endpoint_measure(fresh);
    bool alike = endpoint_is_alike(shared, fresh);
    if (alike ? endpoint_same_conditions(shared, fresh) : build_identical(shared, fresh)) {
        endpoint_unref(fresh);
        return endpoint_ref(shared);
    }
    return alike ? endpoint_measure_alike(fresh, shared) : endpoint_measure(fresh);
}

static bool extra_is_addresses(const struct endpoint_extra *extra)
{
    return !extra->has_hints && (!extra->deprecated_topology || extra->deprecated_topology->count == 0);
}

/* Two records with extras are the same only if these are nothing but the same addresses: that is all that we
 * write. */
static bool identical_extra(const struct endpoint_extra *a, const struct endpoint_extra *b)
{
    if (!a || !b)
        return a == b;
    return extra_is_addresses(a) && extra_is_addresses(b) && a->address_count == b->address_count &&
           memcmp(a->addresses, b->addresses, a->address_count * sizeof *a->addresses) == 0;
}

static sym target_version(const struct endpoint *endpoint)
{
    const struct target_extra *extra =
        endpoint_target(endpoint) ? target_extra_of(endpoint_target(endpoint)) : NULL;
    return extra ? extra->resource_version : SYM_EMPTY;
}

bool build_identical(const struct endpoint *a, const struct endpoint *b)
{
    if (endpoint_is_alike(a, b))
        return endpoint_same_conditions(a, b);
    if (a == b)
        return true;
    return endpoint_ready(a) == endpoint_ready(b) && endpoint_serving(a) == endpoint_serving(b) &&
           endpoint_terminating(a) == endpoint_terminating(b) && endpoint_flags(a) == endpoint_flags(b) &&
           endpoint_hostname(a) == endpoint_hostname(b) && endpoint_node_name(a) == endpoint_node_name(b) &&
           endpoint_zone(a) == endpoint_zone(b) && identical_extra(endpoint_extra(a), endpoint_extra(b)) &&
           ((endpoint_extra(a) && endpoint_extra(a)->address_count) ||
               ip_equal(endpoint_ip(a), endpoint_ip(b))) &&
           target_version(a) == target_version(b) && target_equal(endpoint_target(a), endpoint_target(b));
}

static bool same_addresses(const struct endpoint *a, const struct endpoint *b)
{
    uint32_t a_count = endpoint_extra(a) ? endpoint_extra(a)->address_count : 0;
    uint32_t b_count = endpoint_extra(b) ? endpoint_extra(b)->address_count : 0;
    if (a_count != b_count)
        return false;
    return a_count ? memcmp(endpoint_extra(a)->addresses, endpoint_extra(b)->addresses,
                         a_count * sizeof(sym)) == 0
                   : ip_equal(endpoint_ip(a), endpoint_ip(b));
}

bool build_identical_in_slice(const struct endpoint *a, const struct endpoint *b)
{
    if (endpoint_is_alike(a, b))
        return endpoint_same_conditions(a, b);
    if (a == b)
        return true;
    const struct labels *a_topology = endpoint_extra(a) ? endpoint_extra(a)->deprecated_topology : NULL;
    const struct labels *b_topology = endpoint_extra(b) ? endpoint_extra(b)->deprecated_topology : NULL;
    bool a_has_hostname = endpoint_flags(a) & ENDPOINT_HOSTNAME,
         b_has_hostname = endpoint_flags(b) & ENDPOINT_HOSTNAME;
    return same_addresses(a, b) && a_has_hostname == b_has_hostname &&
           (!a_has_hostname || endpoint_hostname(a) == endpoint_hostname(b)) && endpoint_same_content(a, b) &&
           target_version(a) == target_version(b) && a_topology == b_topology && endpoint_same_hints(a, b);
}

static uint64_t text_hash(const struct catalog *catalog, sym symbol)
{
    return symbol == SYM_EMPTY ? 0 : catalog_hash(catalog, symbol);
}

/* `address`: of the first address; `looks`: the rest but for names and hints. */
static inline uint64_t hash_of(const struct catalog *catalog, uint64_t address, uint64_t looks, sym node_name,
    sym zone, const struct target *target)
{
    uint64_t hash = hash_mix(address, looks);
    hash = hash_mix(hash, text_hash(catalog, node_name));
    hash = hash_mix(hash, text_hash(catalog, zone));
    if (!target)
        return hash;
    struct uuid uid = target_uid(target);
    uint64_t words[2];
    memcpy(words, uid.bytes, sizeof words);
    return hash_mix(hash_mix(hash, words[0]), words[1]);
}

static uint64_t looks_of(uint8_t family, uint8_t ready, uint8_t serving, uint8_t terminating, uint8_t flags)
{
    return (uint64_t)family << 32 | (uint64_t)ready << 24 | (uint64_t)serving << 16 |
           (uint64_t)terminating << 8 | flags;
}

static uint64_t address_hash(struct ip ip)
{
    uint64_t words[2];
    memcpy(words, ip.bytes, sizeof words);
    return hash_mix(words[0], words[1]);
}

/* Of almost all of them: the same as below, without taking anything apart first. */
static uint64_t pod_content_hash(const struct catalog *catalog, const struct endpoint *endpoint)
{
    const struct pod *pod = pool_record(&catalog->pools->pods, endpoint->source_);
    uint8_t bytes[8] = {(uint8_t)(pod->ipv4_ >> 24), (uint8_t)(pod->ipv4_ >> 16), (uint8_t)(pod->ipv4_ >> 8),
        (uint8_t)pod->ipv4_};
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    uint64_t looks = looks_of(IP_V4, endpoint_ready(endpoint), endpoint_serving(endpoint),
        endpoint_terminating(endpoint), endpoint_flags(endpoint));
    return hash_of(catalog, hash_mix(word, 0), looks, pod->node_name, endpoint->zone_,
        pool_record(&catalog->pools->targets[0], pod->self_));
}

uint64_t build_content_hash(const struct catalog *catalog, const struct endpoint *endpoint)
{
    if (!endpoint_is_written(endpoint) && endpoint_pod(endpoint)->has_ipv4_)
        return pod_content_hash(catalog, endpoint);
    const struct endpoint_draft said = endpoint_read(endpoint);
    uint64_t looks = looks_of(said.ip.family, said.ready, said.serving, said.terminating, said.flags);
    uint64_t hash = hash_of(catalog, address_hash(said.ip), looks, said.node_name, said.zone, said.target);
    if (said.extra && said.extra->has_hints) {
        for (uint32_t i = 0; i < said.extra->zone_hint_count; i++)
            hash = hash_mix(hash, text_hash(catalog, said.extra->zone_hints[i]));
        for (uint32_t i = 0; i < said.extra->node_hint_count; i++)
            hash = hash_mix(hash, text_hash(catalog, said.extra->node_hints[i]));
    }
    return hash;
}
