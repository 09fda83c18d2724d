/*
 * endpoint.c: endpoints, their equality and their order; see endpoint.h.
 */
#include "model/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "model/size.h"

static void extra_destroy(struct endpoint_extra *extra)
{
    if (!extra)
        return;
    free(extra->addresses);
    free(extra->zone_hints);
    free(extra->node_hints);
    free(extra);
}

static sym *syms_copy(const sym *syms, uint32_t count)
{
    if (count == 0)
        return NULL;
    sym *copy = mem_array(NULL, count, sizeof *copy);
    memcpy(copy, syms, count * sizeof *copy);
    return copy;
}

struct endpoint_extra *endpoint_extra_copy(const struct endpoint_extra *extra)
{
    struct endpoint_extra *copy = mem_zalloc(sizeof *copy);
    if (!extra)
        return copy;
    *copy = *extra;
    copy->addresses = syms_copy(extra->addresses, extra->address_count);
    copy->zone_hints = syms_copy(extra->zone_hints, extra->zone_hint_count);
    copy->node_hints = syms_copy(extra->node_hints, extra->node_hint_count);
    return copy;
}

struct endpoint_extra *endpoint_extra_with_zone_hints(
    const struct endpoint_extra *extra, const sym *zones, uint32_t count)
{
    struct endpoint_extra *copy = endpoint_extra_copy(extra);
    free(copy->zone_hints);
    free(copy->node_hints);
    copy->has_hints = true;
    copy->zone_hint_count = count;
    copy->zone_hints = syms_copy(zones, count);
    copy->node_hint_count = 0;
    copy->node_hints = NULL;
    return copy;
}

/* `ip` becomes the first of the texts; if that is the only one and canonical, the texts go. What then says
 * nothing goes altogether. */
static void normalise(const struct catalog *catalog, struct endpoint *endpoint)
{
    struct endpoint_extra *extra = endpoint->extra;
    if (!extra)
        return;
    if (extra->address_count > 0) {
        const char *text = catalog_text(catalog, extra->addresses[0]);
        uint32_t length = catalog_length(catalog, extra->addresses[0]);
        char canonical[IP_TEXT_MAX];
        endpoint->ip = ip_parse(text, length);
        /* "<nil>" is canonical too: what a pod's address that is none becomes (E-12). */
        extra->first_is_canonical =
            ip_format(endpoint->ip, canonical) == length && memcmp(canonical, text, length) == 0;
        extra->sort_key = extra->first_is_canonical ? 0 : ip_text_sort_key(text, length);
        if (extra->address_count == 1 && extra->first_is_canonical) {
            free(extra->addresses);
            extra->addresses = NULL;
            extra->address_count = 0;
        }
    }
    if (extra->deprecated_topology && extra->deprecated_topology->count == 0)
        extra->deprecated_topology = NULL;
    if (extra->address_count == 0 && !extra->deprecated_topology && !extra->has_hints) {
        extra_destroy(extra);
        endpoint->extra = NULL;
    }
}

static struct endpoint *take(const struct catalog *catalog, const struct endpoint *draft)
{
    struct endpoint *endpoint = pool_take(&catalog->pools->endpoints);
    ((struct catalog *)pool_owner_of(endpoint))->endpoints_made++;
    *endpoint = *draft;
    endpoint->refs = 1;
    return endpoint;
}

struct endpoint *endpoint_create(const struct catalog *catalog, const struct endpoint *draft)
{
    struct endpoint *endpoint = take(catalog, draft);
    normalise(catalog, endpoint);
    endpoint->address_bytes = size_address(catalog, endpoint);
    endpoint->slice_bytes = size_slice_endpoint(catalog, endpoint);
    return endpoint;
}

/* A condition takes the same bytes whatever it says. */
static bool same_sizes(const struct endpoint *a, const struct endpoint *b)
{
    return !a->extra && !b->extra && a->target == b->target && ip_equal(a->ip, b->ip) &&
           a->flags == b->flags && a->node_name == b->node_name && a->zone == b->zone &&
           a->hostname == b->hostname && (a->ready == CONDITION_ABSENT) == (b->ready == CONDITION_ABSENT) &&
           (a->serving == CONDITION_ABSENT) == (b->serving == CONDITION_ABSENT) &&
           (a->terminating == CONDITION_ABSENT) == (b->terminating == CONDITION_ABSENT);
}

struct endpoint *endpoint_create_like(
    const struct catalog *catalog, const struct endpoint *draft, const struct endpoint *like)
{
    if (!like || !same_sizes(draft, like))
        return endpoint_create(catalog, draft);
    struct endpoint *endpoint = take(catalog, draft);
    endpoint->address_bytes = like->address_bytes;
    endpoint->slice_bytes = like->slice_bytes;
    return endpoint;
}

struct endpoint *endpoint_ref(struct endpoint *endpoint)
{
    endpoint->refs++;
    return endpoint;
}

void endpoint_unref(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    EPSIM_ASSERT(endpoint->refs > 0);
    if (--endpoint->refs > 0)
        return;
    struct catalog *catalog = pool_owner_of(endpoint);
    if (catalog->json_bytes.count)
        map_remove(&catalog->json_bytes, pool_number(endpoint));
    target_unref(endpoint->target);
    extra_destroy(endpoint->extra);
    pool_give(pool_chunk_of(endpoint)->pool, endpoint);
}

uint32_t endpoint_address_count(const struct endpoint *endpoint)
{
    return endpoint->extra && endpoint->extra->address_count ? endpoint->extra->address_count : 1;
}

const char *endpoint_address(const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i,
    char buffer[IP_TEXT_MAX], uint32_t *out_length)
{
    EPSIM_ASSERT(i < endpoint_address_count(endpoint));
    if (endpoint->extra && endpoint->extra->address_count) {
        *out_length = catalog_length(catalog, endpoint->extra->addresses[i]);
        return catalog_text(catalog, endpoint->extra->addresses[i]);
    }
    *out_length = ip_format(endpoint->ip, buffer);
    return buffer;
}

/* --- equality ------------------------------------------------------------------------------------ */

static bool contains_as_often(const sym *syms, const sym *others, uint32_t count, sym wanted)
{
    uint32_t here = 0, there = 0;
    for (uint32_t i = 0; i < count; i++) {
        here += syms[i] == wanted;
        there += others[i] == wanted;
    }
    return here == there;
}

/* The same addresses in any order. Lists of more than one are short (at most 100, in practice 2). */
static bool same_addresses(const struct endpoint *a, const struct endpoint *b)
{
    uint32_t count = a->extra ? a->extra->address_count : 0;
    if (count != (b->extra ? b->extra->address_count : 0))
        return false;
    if (count == 0)
        return ip_equal(a->ip, b->ip);
    for (uint32_t i = 0; i < count; i++) {
        if (!contains_as_often(a->extra->addresses, b->extra->addresses, count, a->extra->addresses[i]))
            return false;
    }
    return true;
}

/* A nil hostname and an empty one are one identity (S-33). */
static sym slice_hostname(const struct endpoint *endpoint)
{
    return endpoint->flags & ENDPOINT_HOSTNAME ? endpoint->hostname : SYM_EMPTY;
}

bool endpoint_same_identity(const struct endpoint *a, const struct endpoint *b)
{
    if (a == b)
        return true;
    if (slice_hostname(a) != slice_hostname(b) || !same_addresses(a, b))
        return false;
    if (a->target == b->target)
        return true;
    sym a_namespace = a->target ? a->target->namespace : SYM_EMPTY;
    sym b_namespace = b->target ? b->target->namespace : SYM_EMPTY;
    const char *a_name = a->target ? a->target->name : "";
    const char *b_name = b->target ? b->target->name : "";
    return a_namespace == b_namespace && strcmp(a_name, b_name) == 0;
}

uint64_t endpoint_identity_hash(const struct endpoint *endpoint)
{
    uint64_t addresses = 0;
    if (endpoint->extra && endpoint->extra->address_count) {
        /* A sum: the order of the texts does not count. */
        for (uint32_t i = 0; i < endpoint->extra->address_count; i++)
            addresses += hash_u64(endpoint->extra->addresses[i]);
    } else {
        uint64_t halves[2];
        memcpy(halves, endpoint->ip.bytes, sizeof halves);
        addresses = hash_mix(halves[0], halves[1]) ^ endpoint->ip.family;
    }
    uint64_t hash = hash_mix(addresses, slice_hostname(endpoint));
    if (endpoint->target) {
        hash = hash_mix(hash, endpoint->target->namespace);
        hash = hash_mix(hash, hash64(endpoint->target->name, target_name_length(endpoint->target)));
    } else {
        hash = hash_mix(hash_mix(hash, SYM_EMPTY), hash64("", 0));
    }
    return hash;
}

/* Two optional strings: both absent, or both there and equal. */
static bool same_optional(
    const struct endpoint *a, const struct endpoint *b, uint8_t flag, sym of_a, sym of_b)
{
    if ((a->flags & flag) != (b->flags & flag))
        return false;
    return !(a->flags & flag) || of_a == of_b;
}

bool endpoint_same_content(const struct endpoint *a, const struct endpoint *b)
{
    return a == b ||
           (a->ready == b->ready && a->serving == b->serving && a->terminating == b->terminating &&
               same_optional(a, b, ENDPOINT_SLICE_NODE_NAME, a->node_name, b->node_name) &&
               same_optional(a, b, ENDPOINT_ZONE, a->zone, b->zone) && target_equal(a->target, b->target));
}

/* The first address is a text of its own kind, not one that `ip` stands for. */
static bool first_is_odd(const struct endpoint *endpoint)
{
    return endpoint->extra && endpoint->extra->address_count && !endpoint->extra->first_is_canonical;
}

static bool same_first_address(const struct endpoint *a, const struct endpoint *b)
{
    bool a_is_odd = first_is_odd(a);
    if (a_is_odd != first_is_odd(b))
        return false;
    return a_is_odd ? a->extra->addresses[0] == b->extra->addresses[0] : ip_equal(a->ip, b->ip);
}

bool endpoint_same_address(const struct endpoint *a, const struct endpoint *b)
{
    return a == b || (same_first_address(a, b) && a->hostname == b->hostname &&
                         same_optional(a, b, ENDPOINT_ADDRESS_NODE_NAME, a->node_name, b->node_name) &&
                         target_equal(a->target, b->target));
}

static bool same_syms(const sym *a, uint32_t a_count, const sym *b, uint32_t b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof *a) == 0);
}

bool endpoint_same_hints(const struct endpoint *a, const struct endpoint *b)
{
    bool a_has = a->extra && a->extra->has_hints;
    bool b_has = b->extra && b->extra->has_hints;
    if (!a_has || !b_has)
        return a_has == b_has;
    return same_syms(a->extra->zone_hints, a->extra->zone_hint_count, b->extra->zone_hints,
               b->extra->zone_hint_count) &&
           same_syms(a->extra->node_hints, a->extra->node_hint_count, b->extra->node_hints,
               b->extra->node_hint_count);
}

/* --- order ------------------------------------------------------------------------------------------ */

static int compare_bytes(const char *a, uint32_t a_length, const char *b, uint32_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_addresses(
    const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b)
{
    if (!(a->extra && a->extra->address_count) && !(b->extra && b->extra->address_count))
        return ip_compare_text(a->ip, b->ip);
    char a_buffer[IP_TEXT_MAX], b_buffer[IP_TEXT_MAX];
    uint32_t a_length, b_length;
    const char *a_text = endpoint_address(catalog, a, 0, a_buffer, &a_length);
    const char *b_text = endpoint_address(catalog, b, 0, b_buffer, &b_length);
    return compare_bytes(a_text, a_length, b_text, b_length);
}

static int compare_uids(const struct catalog *catalog, const struct target *a, const struct target *b)
{
    sym a_text = target_uid_text(a);
    sym b_text = target_uid_text(b);
    if (a_text == SYM_EMPTY && b_text == SYM_EMPTY)
        return memcmp(a->uid.bytes, b->uid.bytes, sizeof a->uid.bytes);
    char a_buffer[UUID_TEXT_LENGTH + 1], b_buffer[UUID_TEXT_LENGTH + 1];
    uint32_t a_length, b_length;
    const char *a_uid = uid_text(catalog, a->uid, a_text, a_buffer, &a_length);
    const char *b_uid = uid_text(catalog, b->uid, b_text, b_buffer, &b_length);
    return compare_bytes(a_uid, a_length, b_uid, b_length);
}

int endpoint_compare_address(const void *a, const void *b, const void *context)
{
    const struct catalog *catalog = context;
    const struct endpoint *left = a;
    const struct endpoint *right = b;
    int order = ip_equal(left->ip, right->ip) && !left->extra && !right->extra
                    ? 0
                    : compare_addresses(catalog, left, right);
    if (order)
        return order;
    if (!left->target || !right->target)
        return (left->target != NULL) - (right->target != NULL);
    order = compare_uids(catalog, left->target, right->target);
    /* No API server lets two pods have one uid; a file can, and then their names put them in order. */
    return order ? order
                 : compare_bytes(left->target->name, target_name_length(left->target), right->target->name,
                       target_name_length(right->target));
}
