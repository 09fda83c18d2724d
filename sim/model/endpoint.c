/*
 * endpoint.c: endpoints, their equality and their order; see endpoint.h.
 */
#include "model/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "model/size_field.h"

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
static void normalise(const struct catalog *catalog, struct endpoint_draft *draft)
{
    struct endpoint_extra *extra = draft->extra;
    if (!extra)
        return;
    if (extra->address_count > 0) {
        const char *text = catalog_text(catalog, extra->addresses[0]);
        uint32_t length = catalog_length(catalog, extra->addresses[0]);
        char canonical[IP_TEXT_MAX];
        draft->ip = ip_parse(text, length);
        /* "<nil>" is canonical too: what a pod's address that is none becomes (E-12). */
        extra->first_is_canonical =
            ip_format(draft->ip, canonical) == length && memcmp(canonical, text, length) == 0;
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
        draft->extra = NULL;
    }
}

/* --- sizes of records (O-10 to O-20) -------------------------------------------------------------- */

static uint32_t sym_bytes(const struct catalog *catalog, sym symbol)
{
    return size_string(catalog_length(catalog, symbol));
}

static uint32_t target_uid_bytes(const struct catalog *catalog, const struct target *target)
{
    sym text = target_uid_text(target);
    if (text != SYM_EMPTY)
        return sym_bytes(catalog, text);
    return size_string(target_uid_is_none(target) ? 0 : UUID_TEXT_LENGTH);
}

/* A targetRef field of tag one byte, or 0 for none. */
static uint32_t target_bytes(const struct catalog *catalog, const struct target *target)
{
    if (!target)
        return 0;
    const struct target_extra none = {0};
    const struct target_extra *said = target_extra_of(target), *extra = said ? said : &none;
    uint32_t payload = sym_bytes(catalog, target_kind(target)) + sym_bytes(catalog, target->namespace) +
                       size_string(target_name_length(target)) + target_uid_bytes(catalog, target) +
                       sym_bytes(catalog, extra->api_version) + sym_bytes(catalog, extra->resource_version) +
                       sym_bytes(catalog, extra->field_path);
    return (uint32_t)size_message(payload);
}

static uint32_t one_address_bytes(const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i)
{
    if (!endpoint_extra(endpoint) || !endpoint_extra(endpoint)->address_count)
        return size_string(ip_text_length(endpoint_ip(endpoint)));
    return sym_bytes(catalog, endpoint_extra(endpoint)->addresses[i]);
}

static uint32_t address_bytes_of(const struct catalog *catalog, const struct endpoint *endpoint)
{
    uint32_t payload = one_address_bytes(catalog, endpoint, 0) +
                       target_bytes(catalog, endpoint_target(endpoint)) +
                       sym_bytes(catalog, endpoint_hostname(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ADDRESS_NODE_NAME)
        payload += sym_bytes(catalog, endpoint_node_name(endpoint));
    return (uint32_t)size_message(payload);
}

static uint32_t hints_bytes(const struct catalog *catalog, const struct endpoint_extra *extra)
{
    uint64_t payload = 0;
    for (uint32_t i = 0; i < extra->zone_hint_count; i++)
        payload += size_message(sym_bytes(catalog, extra->zone_hints[i]));
    for (uint32_t i = 0; i < extra->node_hint_count; i++)
        payload += size_message(sym_bytes(catalog, extra->node_hints[i]));
    return (uint32_t)size_message(payload);
}

static uint32_t slice_bytes_of(const struct catalog *catalog, const struct endpoint *endpoint)
{
    uint32_t payload = 0;
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++)
        payload += one_address_bytes(catalog, endpoint, i);
    /* Three optional booleans of two bytes each. */
    payload += (uint32_t)size_message(2 * ((endpoint_ready(endpoint) != CONDITION_ABSENT) +
                                              (endpoint_serving(endpoint) != CONDITION_ABSENT) +
                                              (endpoint_terminating(endpoint) != CONDITION_ABSENT)));
    if (endpoint_flags(endpoint) & ENDPOINT_HOSTNAME)
        payload += sym_bytes(catalog, endpoint_hostname(endpoint));
    payload += target_bytes(catalog, endpoint_target(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_SLICE_NODE_NAME)
        payload += sym_bytes(catalog, endpoint_node_name(endpoint));
    if (endpoint_flags(endpoint) & ENDPOINT_ZONE)
        payload += sym_bytes(catalog, endpoint_zone(endpoint));
    if (endpoint_extra(endpoint) && endpoint_extra(endpoint)->deprecated_topology)
        payload += endpoint_extra(endpoint)->deprecated_topology->payload_bytes;
    if (endpoint_extra(endpoint) && endpoint_extra(endpoint)->has_hints)
        payload += hints_bytes(catalog, endpoint_extra(endpoint));
    return (uint32_t)size_message(payload);
}

/* --- records --------------------------------------------------------------------------------------- */

/* One reference, nothing else. */
static struct endpoint *take_record(const struct catalog *catalog)
{
    struct endpoint *endpoint = pool_take(&catalog->pools->endpoints);
    ((struct catalog *)pool_owner_of(endpoint))->endpoints_made++;
    *endpoint = (struct endpoint){.refs_ = 1};
    return endpoint;
}

struct endpoint *endpoint_create(const struct catalog *catalog, const struct endpoint_draft *draft)
{
    struct endpoint *endpoint = take_record(catalog);
    struct endpoint_written *written = pool_take(&catalog->pools->written);
    endpoint->look_ = LOOK_WRITTEN;
    endpoint->source_ = pool_number(written);
    *written = (struct endpoint_written){.said = *draft};
    normalise(catalog, &written->said);
    written->address_bytes = address_bytes_of(catalog, endpoint);
    written->slice_bytes = slice_bytes_of(catalog, endpoint);
    return endpoint;
}

struct endpoint *endpoint_of_pod(
    const struct catalog *catalog, const struct pod *pod, uint32_t look, sym zone, struct endpoint *like)
{
    uint32_t revision = pool_number(pod);
    if (like && like->look_ == look && like->source_ == revision && like->zone_ == zone)
        return endpoint_ref(like);
    struct endpoint *endpoint = take_record(catalog);
    pod_ref(pod);
    endpoint->source_ = revision;
    endpoint->zone_ = zone;
    endpoint->look_ = look & ((1u << LOOK_BITS) - 1);
    if (look >> LOOK_BITS == 0)
        return endpoint;
    /* The index has no room. */
    struct endpoint_draft draft = endpoint_read(endpoint);
    draft.ip = pod_ip(pod, look >> LOOK_IP_INDEX_SHIFT);
    target_ref(draft.target);
    endpoint_unref(endpoint);
    return endpoint_create(catalog, &draft);
}

struct endpoint *endpoint_measure(struct endpoint *endpoint)
{
    if (endpoint_is_written(endpoint) || endpoint->address_bytes_ > 0)
        return endpoint;
    const struct catalog *catalog = pool_owner_of(endpoint);
    uint32_t address_bytes = address_bytes_of(catalog, endpoint);
    uint32_t slice_bytes = slice_bytes_of(catalog, endpoint);
    if (address_bytes <= UINT16_MAX && slice_bytes <= UINT16_MAX) {
        endpoint->address_bytes_ = (uint16_t)address_bytes;
        endpoint->slice_bytes_ = (uint16_t)slice_bytes;
        return endpoint;
    }
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    struct endpoint *written = endpoint_create(catalog, &draft);
    endpoint_unref(endpoint);
    return written;
}

struct endpoint *endpoint_ref(struct endpoint *endpoint)
{
    EPSIM_ASSERT(endpoint->refs_ < (1u << (32 - LOOK_BITS)) - 1);
    endpoint->refs_++;
    return endpoint;
}

static void source_release(const struct catalog *catalog, const struct endpoint *endpoint)
{
    if (!endpoint_is_written(endpoint)) {
        pod_unref((struct pod *)endpoint_pod(endpoint));
        return;
    }
    struct endpoint_written *written = pool_record(&catalog->pools->written, endpoint->source_);
    target_unref(written->said.target);
    extra_destroy(written->said.extra);
    pool_give(&catalog->pools->written, written);
}

void endpoint_unref(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    EPSIM_ASSERT(endpoint->refs_ > 0);
    if (--endpoint->refs_ > 0)
        return;
    struct catalog *catalog = pool_owner_of(endpoint);
    if (catalog->json_bytes.count)
        map_remove(&catalog->json_bytes, pool_number(endpoint));
    source_release(catalog, endpoint);
    pool_give(&catalog->pools->endpoints, endpoint);
}

uint32_t endpoint_address_count(const struct endpoint *endpoint)
{
    return endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count
               ? endpoint_extra(endpoint)->address_count
               : 1;
}

const char *endpoint_address(const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i,
    char buffer[IP_TEXT_MAX], uint32_t *out_length)
{
    EPSIM_ASSERT(i < endpoint_address_count(endpoint));
    if (endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count) {
        *out_length = catalog_length(catalog, endpoint_extra(endpoint)->addresses[i]);
        return catalog_text(catalog, endpoint_extra(endpoint)->addresses[i]);
    }
    *out_length = ip_format(endpoint_ip(endpoint), buffer);
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
    uint32_t count = endpoint_extra(a) ? endpoint_extra(a)->address_count : 0;
    if (count != (endpoint_extra(b) ? endpoint_extra(b)->address_count : 0))
        return false;
    if (count == 0)
        return ip_equal(endpoint_ip(a), endpoint_ip(b));
    for (uint32_t i = 0; i < count; i++) {
        if (!contains_as_often(endpoint_extra(a)->addresses, endpoint_extra(b)->addresses, count,
                endpoint_extra(a)->addresses[i]))
            return false;
    }
    return true;
}

/* A nil hostname and an empty one are one identity (S-33). */
static sym slice_hostname(const struct endpoint *endpoint)
{
    return endpoint_flags(endpoint) & ENDPOINT_HOSTNAME ? endpoint_hostname(endpoint) : SYM_EMPTY;
}

bool endpoint_same_identity(const struct endpoint *a, const struct endpoint *b)
{
    if (a == b || endpoint_is_alike(a, b))
        return true;
    if (slice_hostname(a) != slice_hostname(b) || !same_addresses(a, b))
        return false;
    if (endpoint_target(a) == endpoint_target(b))
        return true;
    sym a_namespace = endpoint_target(a) ? endpoint_target(a)->namespace : SYM_EMPTY;
    sym b_namespace = endpoint_target(b) ? endpoint_target(b)->namespace : SYM_EMPTY;
    if (a_namespace != b_namespace)
        return false;
    if (!endpoint_target(a) || !endpoint_target(b))
        return target_name_length(endpoint_target(a) ? endpoint_target(a) : endpoint_target(b)) == 0;
    return target_same_name(endpoint_target(a), endpoint_target(b));
}

uint64_t endpoint_identity_hash(const struct endpoint *endpoint)
{
    uint64_t addresses = 0;
    if (endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count) {
        /* A sum: the order of the texts does not count. */
        for (uint32_t i = 0; i < endpoint_extra(endpoint)->address_count; i++)
            addresses += hash_u64(endpoint_extra(endpoint)->addresses[i]);
    } else {
        uint64_t halves[2];
        memcpy(halves, endpoint_ip(endpoint).bytes, sizeof halves);
        addresses = hash_mix(halves[0], halves[1]) ^ endpoint_ip(endpoint).family;
    }
    uint64_t hash = hash_mix(addresses, slice_hostname(endpoint));
    if (endpoint_target(endpoint)) {
        hash = hash_mix(hash, endpoint_target(endpoint)->namespace);
        hash = hash_mix(hash, target_name_hash(endpoint_target(endpoint)));
    } else {
        hash = hash_mix(hash_mix(hash, SYM_EMPTY), pod_name_hash("", 0));
    }
    return hash;
}

/* Two optional strings: both absent, or both there and equal. */
static bool same_optional(
    const struct endpoint *a, const struct endpoint *b, uint8_t flag, sym of_a, sym of_b)
{
    if ((endpoint_flags(a) & flag) != (endpoint_flags(b) & flag))
        return false;
    return !(endpoint_flags(a) & flag) || of_a == of_b;
}

bool endpoint_same_content(const struct endpoint *a, const struct endpoint *b)
{
    if (endpoint_is_alike(a, b))
        return endpoint_same_conditions(a, b);
    return a == b ||
           (endpoint_ready(a) == endpoint_ready(b) && endpoint_serving(a) == endpoint_serving(b) &&
               endpoint_terminating(a) == endpoint_terminating(b) &&
               same_optional(a, b, ENDPOINT_SLICE_NODE_NAME, endpoint_node_name(a), endpoint_node_name(b)) &&
               same_optional(a, b, ENDPOINT_ZONE, endpoint_zone(a), endpoint_zone(b)) &&
               target_equal(endpoint_target(a), endpoint_target(b)));
}

/* The first address is a text of its own kind, not one that `ip` stands for. */
static bool first_is_odd(const struct endpoint *endpoint)
{
    return endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count &&
           !endpoint_extra(endpoint)->first_is_canonical;
}

static bool same_first_address(const struct endpoint *a, const struct endpoint *b)
{
    bool a_is_odd = first_is_odd(a);
    if (a_is_odd != first_is_odd(b))
        return false;
    return a_is_odd ? endpoint_extra(a)->addresses[0] == endpoint_extra(b)->addresses[0]
                    : ip_equal(endpoint_ip(a), endpoint_ip(b));
}

bool endpoint_same_address(const struct endpoint *a, const struct endpoint *b)
{
    return a == b || endpoint_is_alike(a, b) ||
           (same_first_address(a, b) && endpoint_hostname(a) == endpoint_hostname(b) &&
               same_optional(
                   a, b, ENDPOINT_ADDRESS_NODE_NAME, endpoint_node_name(a), endpoint_node_name(b)) &&
               target_equal(endpoint_target(a), endpoint_target(b)));
}

static bool same_syms(const sym *a, uint32_t a_count, const sym *b, uint32_t b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof *a) == 0);
}

bool endpoint_same_hints(const struct endpoint *a, const struct endpoint *b)
{
    bool a_has = endpoint_extra(a) && endpoint_extra(a)->has_hints;
    bool b_has = endpoint_extra(b) && endpoint_extra(b)->has_hints;
    if (!a_has || !b_has)
        return a_has == b_has;
    return same_syms(endpoint_extra(a)->zone_hints, endpoint_extra(a)->zone_hint_count,
               endpoint_extra(b)->zone_hints, endpoint_extra(b)->zone_hint_count) &&
           same_syms(endpoint_extra(a)->node_hints, endpoint_extra(a)->node_hint_count,
               endpoint_extra(b)->node_hints, endpoint_extra(b)->node_hint_count);
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
    if (!(endpoint_extra(a) && endpoint_extra(a)->address_count) &&
        !(endpoint_extra(b) && endpoint_extra(b)->address_count))
        return ip_compare_text(endpoint_ip(a), endpoint_ip(b));
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
    struct uuid a_uuid = target_uid(a), b_uuid = target_uid(b);
    if (a_text == SYM_EMPTY && b_text == SYM_EMPTY)
        return memcmp(a_uuid.bytes, b_uuid.bytes, sizeof a_uuid.bytes);
    char a_buffer[UUID_TEXT_LENGTH + 1], b_buffer[UUID_TEXT_LENGTH + 1];
    uint32_t a_length, b_length;
    const char *a_uid = uid_text(catalog, a_uuid, a_text, a_buffer, &a_length);
    const char *b_uid = uid_text(catalog, b_uuid, b_text, b_buffer, &b_length);
    return compare_bytes(a_uid, a_length, b_uid, b_length);
}

int endpoint_compare_address(const void *a, const void *b, const void *context)
{
    const struct catalog *catalog = context;
    const struct endpoint *left = a;
    const struct endpoint *right = b;
    int order =
        ip_equal(endpoint_ip(left), endpoint_ip(right)) && !endpoint_extra(left) && !endpoint_extra(right)
            ? 0
            : compare_addresses(catalog, left, right);
    if (order)
        return order;
    if (!endpoint_target(left) || !endpoint_target(right))
        return (endpoint_target(left) != NULL) - (endpoint_target(right) != NULL);
    order = compare_uids(catalog, endpoint_target(left), endpoint_target(right));
    /* No API server lets two pods have one uid; a file can, and then their names put them in order. */
    return order ? order
                 : strcmp(target_name_here(endpoint_target(left)), target_name_here(endpoint_target(right)));
}
