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
static bool pod_belongs(const struct pod *pod, bool terminating)
{
    if (pod->phase == POD_FAILED || pod->phase == POD_SUCCEEDED)
        return false;
    if (!pod->has_pod_ip && pod_ip_count(pod) == 0)
        return false;
    return terminating || !pod_is_terminating(pod);
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
    return pod->has_pod_ip && pod_ip_count(pod) > 0 && is_v6(pod_ip(pod, 0));
}

/* All that the two kinds of record have in common, but the addresses. */
static void fill(const struct service_entry *entry, const struct pod_entry *pod_entry, struct endpoint *draft)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    const struct service *service = entry->service;
    const struct node *node = pod_entry_node(pod_entry)->node;
    bool serving = pod_is_ready(pod), terminating = pod_is_terminating(pod);
    bool ready = service->publish_not_ready_addresses || (serving && !terminating);
    *draft = (struct endpoint){
        .ready = ready ? CONDITION_TRUE : CONDITION_FALSE,
        .serving = serving ? CONDITION_TRUE : CONDITION_FALSE,
        .terminating = terminating ? CONDITION_TRUE : CONDITION_FALSE,
        .flags = ENDPOINT_ADDRESS_NODE_NAME,
        .target = pod_self(pod),
        .node_name = pod->node_name,
    };
    if (pod->node_name != SYM_EMPTY)
        draft->flags |= ENDPOINT_SLICE_NODE_NAME;
    if (node) {
        draft->zone = node_zone(node, entry->engine->catalog);
        if (draft->zone != SYM_EMPTY)
            draft->flags |= ENDPOINT_ZONE;
    }
    /* E-14. The namespace is the Service's: else it would not be selected. */
    if (pod_hostname(pod) != SYM_EMPTY && pod_subdomain(pod) == service->meta.name) {
        draft->hostname = pod_hostname(pod);
        draft->flags |= ENDPOINT_HOSTNAME;
    }
}

bool build_address(
    const struct service_entry *entry, const struct pod_entry *pod_entry, struct endpoint *draft)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    bool publish = entry->service->publish_not_ready_addresses;
    if (!pod_belongs(pod, publish))
        return false;
    bool v6 = wants_v6(entry, pod);
    uint32_t count = pod_ip_count(pod);
    for (uint32_t i = 0; i < count; i++) {
        struct ip ip = pod_ip(pod, i);
        if (is_v6(ip) != v6)
            continue;
        fill(entry, pod_entry, draft);
        draft->ip = ip;
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
    const struct endpoint_extra *extra = endpoint->extra;
    for (uint32_t i = 1; extra && i < extra->address_count; i++) {
        if (compare_texts(catalog, extra->addresses[i], extra->addresses[i - 1]) < 0)
            return false;
    }
    return true;
}

void build_sort(const struct catalog *catalog, struct endpoint *draft)
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
 * looking for its identity leaves them in (S-33). */
static void add_addresses(
    const struct service_entry *entry, const struct pod *pod, bool v6, uint32_t count, struct endpoint *draft)
{
    struct symtab *symbols = catalog_symbols(entry->engine->catalog);
    struct endpoint_extra *extra = mem_zalloc(sizeof *extra);
    extra->addresses = mem_array(NULL, count, sizeof *extra->addresses);
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        struct ip ip = pod_ip(pod, i);
        if (is_v6(ip) != v6)
            continue;
        char text[IP_TEXT_MAX];
        extra->addresses[extra->address_count++] = sym_intern(symbols, text, ip_format(ip, text));
    }
    draft->extra = extra;
    build_sort(entry->engine->catalog, draft);
}

enum build_result build_endpoint(const struct service_entry *entry, const struct pod_entry *pod_entry,
    enum address_type type, struct endpoint *draft)
{
    const struct pod *pod = pod_entry_pod(pod_entry);
    if (!pod_belongs(pod, true))
        return BUILD_NONE;
    if (!pod_entry_node(pod_entry)->node && !entry->service->publish_not_ready_addresses)
        return BUILD_NO_NODE;
    bool v6 = type == ADDRESS_IPV6;
    uint32_t matching = 0, first = 0;
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        if (is_v6(pod_ip(pod, i)) == v6 && matching++ == 0)
            first = i;
    }
    if (matching == 0)
        return BUILD_KEY;
    fill(entry, pod_entry, draft);
    draft->ip = pod_ip(pod, first);
    if (matching > 1)
        add_addresses(entry, pod, v6, matching, draft);
    return BUILD_ENDPOINT;
}

void build_release(struct endpoint *draft)
{
    if (!draft->extra)
        return;
    free(draft->extra->addresses);
    free(draft->extra->zone_hints);
    free(draft->extra->node_hints);
    free(draft->extra);
    draft->extra = NULL;
}

struct endpoint *build_finish(
    const struct service_entry *entry, struct endpoint *draft, struct endpoint *shared)
{
    if (shared && build_identical(shared, draft)) {
        build_release(draft);
        return endpoint_ref(shared);
    }
    target_ref(draft->target);
    return endpoint_create_like(entry->engine->catalog, draft, shared);
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
    const struct target_extra *extra = endpoint->target ? target_extra_of(endpoint->target) : NULL;
    return extra ? extra->resource_version : SYM_EMPTY;
}

bool build_identical(const struct endpoint *a, const struct endpoint *b)
{
    if (a == b)
        return true;
    return a->ready == b->ready && a->serving == b->serving && a->terminating == b->terminating &&
           a->flags == b->flags && a->hostname == b->hostname && a->node_name == b->node_name &&
           a->zone == b->zone && identical_extra(a->extra, b->extra) &&
           ((a->extra && a->extra->address_count) || ip_equal(a->ip, b->ip)) &&
           target_version(a) == target_version(b) && target_equal(a->target, b->target);
}

static bool same_addresses(const struct endpoint *a, const struct endpoint *b)
{
    uint32_t a_count = a->extra ? a->extra->address_count : 0;
    uint32_t b_count = b->extra ? b->extra->address_count : 0;
    if (a_count != b_count)
        return false;
    return a_count ? memcmp(a->extra->addresses, b->extra->addresses, a_count * sizeof(sym)) == 0
                   : ip_equal(a->ip, b->ip);
}

bool build_identical_in_slice(const struct endpoint *a, const struct endpoint *b)
{
    if (a == b)
        return true;
    const struct labels *a_topology = a->extra ? a->extra->deprecated_topology : NULL;
    const struct labels *b_topology = b->extra ? b->extra->deprecated_topology : NULL;
    bool a_has_hostname = a->flags & ENDPOINT_HOSTNAME, b_has_hostname = b->flags & ENDPOINT_HOSTNAME;
    return same_addresses(a, b) && a_has_hostname == b_has_hostname &&
           (!a_has_hostname || a->hostname == b->hostname) && endpoint_same_content(a, b) &&
           target_version(a) == target_version(b) && a_topology == b_topology && endpoint_same_hints(a, b);
}

static uint64_t text_hash(const struct catalog *catalog, sym symbol)
{
    return symbol == SYM_EMPTY ? 0 : catalog_hash(catalog, symbol);
}

uint64_t build_content_hash(const struct catalog *catalog, const struct endpoint *endpoint)
{
    uint64_t words[2];
    memcpy(words, endpoint->ip.bytes, sizeof words);
    uint64_t hash = hash_mix(words[0], words[1]);
    hash = hash_mix(hash, (uint64_t)endpoint->ip.family << 32 | (uint64_t)endpoint->ready << 24 |
                              (uint64_t)endpoint->serving << 16 | (uint64_t)endpoint->terminating << 8 |
                              endpoint->flags);
    hash = hash_mix(hash, text_hash(catalog, endpoint->node_name));
    hash = hash_mix(hash, text_hash(catalog, endpoint->zone));
    if (endpoint->target) {
        memcpy(words, endpoint->target->uid.bytes, sizeof words);
        hash = hash_mix(hash, words[0]);
        hash = hash_mix(hash, words[1]);
    }
    if (endpoint->extra && endpoint->extra->has_hints) {
        for (uint32_t i = 0; i < endpoint->extra->zone_hint_count; i++)
            hash = hash_mix(hash, text_hash(catalog, endpoint->extra->zone_hints[i]));
        for (uint32_t i = 0; i < endpoint->extra->node_hint_count; i++)
            hash = hash_mix(hash, text_hash(catalog, endpoint->extra->node_hints[i]));
    }
    return hash;
}
