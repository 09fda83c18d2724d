/*
 * repack.c: see repack.h.
 *
 * Groups become subsets through their classes (subset_classes.h); any other subsets are expanded into
 * (port, address, ready) triples, as the real controller does it (E-30). Only a list of several subsets is
 * hashed: one subset needs no order (E-43).
 */
#include "engine/repack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/text.h"
#include "engine/port_key.h"
#include "engine/subset_classes.h"

/* --- the text of a subset (E-45, E-46) ------------------------------------------------------- */

static void add_sym(struct text *text, const struct catalog *catalog, const char *type, sym symbol)
{
    text_add(text, type);
    text_add_bytes(text, catalog_text(catalog, symbol), catalog_length(catalog, symbol));
}

static void add_target(struct text *text, const struct catalog *catalog, const struct target *target)
{
    if (!target) {
        text_add(text, "(*v1.ObjectReference)<nil>");
        return;
    }
    const struct target_extra *extra = target_extra_of(target);
    add_sym(text, catalog, "(*v1.ObjectReference){Kind:(string)", target_kind(target));
    add_sym(text, catalog, " Namespace:(string)", target->namespace);
    text_add(text, " Name:(string)");
    text_add(text, target_name_here(target));
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *uid = uid_text(catalog, target_uid(target), target_uid_text(target), buffer, &length);
    text_add(text, " UID:(types.UID)");
    text_add_bytes(text, uid, length);
    add_sym(text, catalog, " APIVersion:(string)", extra ? extra->api_version : SYM_EMPTY);
    add_sym(text, catalog, " ResourceVersion:(string)", extra ? extra->resource_version : SYM_EMPTY);
    add_sym(text, catalog, " FieldPath:(string)", extra ? extra->field_path : SYM_EMPTY);
    text_add_char(text, '}');
}

static void add_address(struct text *text, const struct catalog *catalog, const struct endpoint *address)
{
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *ip = endpoint_address(catalog, address, 0, buffer, &length);
    text_add(text, "{IP:(string)");
    text_add_bytes(text, ip, length);
    add_sym(text, catalog, " Hostname:(string)", endpoint_hostname(address));
    if (endpoint_flags(address) & ENDPOINT_ADDRESS_NODE_NAME)
        add_sym(text, catalog, " NodeName:(*string)", endpoint_node_name(address));
    else
        text_add(text, " NodeName:(*string)<nil>");
    text_add(text, " TargetRef:");
    add_target(text, catalog, endpoint_target(address));
    text_add_char(text, '}');
}

static void add_addresses(
    struct text *text, const struct catalog *catalog, struct endpoint *const *items, uint32_t count)
{
    text_add(text, count ? "([]v1.EndpointAddress)[" : "([]v1.EndpointAddress)<nil>");
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            text_add_char(text, ' ');
        add_address(text, catalog, items[i]);
    }
    if (count)
        text_add_char(text, ']');
}

void repack_hash_subset(
    const struct catalog *catalog, const struct subset *subset, enum order_hash hash, unsigned char out[16])
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointSubset){Addresses:");
    add_addresses(&text, catalog, subset->addresses.items, subset->addresses.count);
    text_add(&text, " NotReadyAddresses:");
    add_addresses(&text, catalog, subset->not_ready_addresses.items, subset->not_ready_addresses.count);
    uint32_t port_count = subset->ports->count;
    text_add(&text, port_count ? " Ports:([]v1.EndpointPort)[" : " Ports:([]v1.EndpointPort)<nil>");
    for (uint32_t i = 0; i < port_count; i++) {
        if (i > 0)
            text_add_char(&text, ' ');
        port_text_core(&text, catalog, &subset->ports->items[i]);
    }
    text_add(&text, port_count ? "]}" : "}");
    order_hash_text(&text, hash, out);
    text_fini(&text);
}

/* --- order of subsets (E-43) ----------------------------------------------------------------- */

struct hashed_subset {
    unsigned char hash[16];
    uint32_t place;
    struct subset subset;
};

static int compare_hashed(const void *a, const void *b)
{
    const struct hashed_subset *left = a;
    const struct hashed_subset *right = b;
    int order = memcmp(left->hash, right->hash, sizeof left->hash);
    return order ? order : (left->place > right->place) - (left->place < right->place);
}

static void sort_subsets(const struct catalog *catalog, struct subset_list *list, enum order_hash hash)
{
    uint32_t count = list->items.count;
    if (count < 2)
        return;
    struct hashed_subset *hashed = mem_array(NULL, count, sizeof *hashed);
    for (uint32_t i = 0; i < count; i++) {
        hashed[i].place = i;
        hashed[i].subset = list->items.items[i];
        repack_hash_subset(catalog, &hashed[i].subset, hash, hashed[i].hash);
    }
    qsort(hashed, count, sizeof *hashed, compare_hashed);
    for (uint32_t i = 0; i < count; i++)
        list->items.items[i] = hashed[i].subset;
    free(hashed);
}

/* --- groups to subsets ----------------------------------------------------------------------- */

static void copy_list(struct subset *subset, bool ready, struct endpoint *endpoint)
{
    endpoint_ref(endpoint);
    if (ready)
        vec_push(&subset->addresses, endpoint);
    else
        vec_push(&subset->not_ready_addresses, endpoint);
}

/* Takes the list's room back. */
static void copy_addresses(struct subset *subset, bool ready, struct address_list *list)
{
    for (uint32_t i = 0; i < list->items.count; i++)
        copy_list(subset, ready, list->items.items[i]);
    vec_fini(&list->items);
}

static void copy_first(struct subset *subset, bool ready, const struct address_group *group, uint32_t count)
{
    struct address_list list = {0};
    address_group_list(group, ready, count, &list);
    copy_addresses(subset, ready, &list);
}

/* One list of a subset out of its groups, in order (E-41). */
static void merge_groups(
    struct address_group *const *groups, const struct subset_class *class, bool ready, struct subset *out)
{
    struct address_list list = {0};
    for (uint32_t i = 0; i < class->groups.count; i++)
        address_group_list(groups[class->groups.items[i]], ready, UINT32_MAX, &list);
    if (class->groups.count > 1)
        address_list_sort(&list);
    copy_addresses(out, ready, &list);
}

void repack_groups(
    struct catalog *catalog, const struct endpoints *endpoints, enum order_hash hash, struct subset_list *out)
{
    struct address_group *const *groups = endpoints->groups.items;
    struct subset_classes classes;
    subset_classes_make(groups, endpoints->groups.count, &classes);
    for (uint32_t i = 0; i < classes.items.count; i++) {
        const struct subset_class *class = &classes.items.items[i];
        struct subset subset = {0};
        merge_groups(groups, class, true, &subset);
        merge_groups(groups, class, false, &subset);
        const struct port_list *ports = ports_intern(catalog, class->ports.items, class->ports.count);
        subset.ports = port_sort_core(catalog, ports, hash);
        vec_push(&out->items, subset);
    }
    subset_classes_fini(&classes);
    sort_subsets(catalog, out, hash);
}

static void copy_subsets(const struct subset_list *in, struct subset_list *out)
{
    for (uint32_t i = 0; i < in->items.count; i++) {
        const struct subset *from = &in->items.items[i];
        struct subset subset = {.ports = from->ports};
        for (uint32_t a = 0; a < from->addresses.count; a++)
            copy_list(&subset, true, from->addresses.items[a]);
        for (uint32_t a = 0; a < from->not_ready_addresses.count; a++)
            copy_list(&subset, false, from->not_ready_addresses.items[a]);
        vec_push(&out->items, subset);
    }
}

void repack_view(
    struct catalog *catalog, const struct endpoints *endpoints, enum order_hash hash, struct subset_list *out)
{
    if (endpoints->is_explicit || endpoints->subsets.items.count > 0) {
        copy_subsets(&endpoints->subsets, out);
        return;
    }
    if (endpoints->groups.count == 1) {
        const struct address_group *group = endpoints->groups.items[0];
        struct endpoints_shown shown = endpoints_shown(endpoints);
        struct subset subset = {.ports = port_sort_core(catalog, group->ports, hash)};
        copy_first(&subset, true, group, shown.ready);
        copy_first(&subset, false, group, shown.not_ready);
        vec_push(&out->items, subset);
        return;
    }
    repack_groups(catalog, endpoints, hash, out);
}

/* --- any subsets to canonical ones (E-30 to E-43) -------------------------------------------- */

/* A key of the map from ports to addresses (E-34). */
struct port_entry {
    struct port port;
    bool is_sentinel;
};

struct triple {
    uint32_t port, address;
    bool ready;
};

struct expansion {
    VEC(struct port_entry) ports;
    VEC(struct endpoint *) addresses; /* the first record of each identity (E-31), borrowed */
    VEC(struct triple) triples;
    struct map address_index; /* identity hash -> index + 1, as a pointer */
};

struct identity {
    struct expansion *expansion;
    const struct endpoint *endpoint;
    const struct catalog *catalog;
};

static uint64_t identity_hash(const struct catalog *catalog, const struct endpoint *endpoint)
{
    char buffer[UUID_TEXT_LENGTH + 1], ip_buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *text = endpoint_address(catalog, endpoint, 0, ip_buffer, &length);
    uint64_t hash = hash64(text, length);
    if (endpoint_target(endpoint)) {
        const char *uid = uid_text(catalog, target_uid(endpoint_target(endpoint)),
            target_uid_text(endpoint_target(endpoint)), buffer, &length);
        hash = hash_mix(hash, hash64(uid, length));
    }
    return hash;
}

static bool same_identity(const void *value, const void *context)
{
    const struct identity *wanted = context;
    const struct endpoint *a = wanted->expansion->addresses.items[(uintptr_t)value - 1];
    const struct endpoint *b = wanted->endpoint;
    char a_buffer[IP_TEXT_MAX], b_buffer[IP_TEXT_MAX];
    uint32_t a_length, b_length;
    const char *a_text = endpoint_address(wanted->catalog, a, 0, a_buffer, &a_length);
    const char *b_text = endpoint_address(wanted->catalog, b, 0, b_buffer, &b_length);
    if (a_length != b_length || memcmp(a_text, b_text, a_length) != 0)
        return false;
    static const struct uuid none;
    return uid_equal(endpoint_target(a) ? target_uid(endpoint_target(a)) : none,
        endpoint_target(a) ? target_uid_text(endpoint_target(a)) : SYM_EMPTY,
        endpoint_target(b) ? target_uid(endpoint_target(b)) : none,
        endpoint_target(b) ? target_uid_text(endpoint_target(b)) : SYM_EMPTY);
}

static uint32_t address_index(
    struct expansion *expansion, const struct catalog *catalog, struct endpoint *endpoint)
{
    uint64_t hash = identity_hash(catalog, endpoint);
    struct identity wanted = {expansion, endpoint, catalog};
    void *found = map_find_where(&expansion->address_index, hash, same_identity, &wanted);
    if (!found) {
        vec_push(&expansion->addresses, endpoint);
        found = (void *)(uintptr_t)expansion->addresses.count;
        map_add_ptr(&expansion->address_index, hash, found);
    }
    return (uint32_t)((uintptr_t)found - 1);
}

/* As decoded objects have it, each appProtocol is a pointer of its own, so such a port equals no other. */
static uint32_t port_index(struct expansion *expansion, const struct port *port)
{
    for (uint32_t i = 0; port && !(port->set & PORT_APP_PROTOCOL) && i < expansion->ports.count; i++) {
        const struct port_entry *entry = &expansion->ports.items[i];
        if (!entry->is_sentinel && port_equal(&entry->port, port))
            return i;
    }
    for (uint32_t i = 0; !port && i < expansion->ports.count; i++) {
        if (expansion->ports.items[i].is_sentinel)
            return i;
    }
    struct port_entry entry = {.is_sentinel = !port};
    if (port)
        entry.port = *port;
    vec_push(&expansion->ports, entry);
    return expansion->ports.count - 1;
}

static void expand(struct expansion *expansion, const struct catalog *catalog, const struct subset *subset)
{
    uint32_t port_count = subset->ports->count ? subset->ports->count : 1;
    for (uint32_t p = 0; p < port_count; p++) {
        uint32_t port = port_index(expansion, subset->ports->count ? &subset->ports->items[p] : NULL);
        for (uint32_t a = 0; a < subset->addresses.count; a++) {
            uint32_t address = address_index(expansion, catalog, subset->addresses.items[a]);
            struct triple triple = {port, address, true};
            vec_push(&expansion->triples, triple);
        }
        for (uint32_t a = 0; a < subset->not_ready_addresses.count; a++) {
            uint32_t address = address_index(expansion, catalog, subset->not_ready_addresses.items[a]);
            struct triple triple = {port, address, false};
            vec_push(&expansion->triples, triple);
        }
    }
}

static int compare_triples(const void *a, const void *b)
{
    const struct triple *left = a;
    const struct triple *right = b;
    if (left->port != right->port)
        return left->port < right->port ? -1 : 1;
    if (left->address != right->address)
        return left->address < right->address ? -1 : 1;
    return (left->ready > right->ready) - (left->ready < right->ready);
}

/* Sorts by port and address; of one pair one triple stays, and it is not ready if any was (E-33). */
static void settle_triples(struct expansion *expansion)
{
    if (expansion->triples.count == 0)
        return;
    qsort(expansion->triples.items, expansion->triples.count, sizeof(struct triple), compare_triples);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < expansion->triples.count; i++) {
        const struct triple *last = &expansion->triples.items[kept - 1];
        const struct triple *next = &expansion->triples.items[i];
        if (last->port != next->port || last->address != next->address)
            expansion->triples.items[kept++] = *next;
    }
    expansion->triples.count = kept;
}

/* The triples [first, first + count) of one port. */
struct port_span {
    uint32_t first, count;
    uint64_t hash;
    bool done;
};

static bool same_span(const struct expansion *expansion, const struct port_span *a, const struct port_span *b)
{
    if (a->count != b->count || a->hash != b->hash)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct triple *x = &expansion->triples.items[a->first + i];
        const struct triple *y = &expansion->triples.items[b->first + i];
        if (x->address != y->address || x->ready != y->ready)
            return false;
    }
    return true;
}

static struct port_span *make_spans(const struct expansion *expansion)
{
    struct port_span *spans = mem_zalloc((expansion->ports.count + 1) * sizeof *spans);
    for (uint32_t i = 0; i < expansion->triples.count; i++) {
        const struct triple *triple = &expansion->triples.items[i];
        struct port_span *span = &spans[triple->port];
        if (span->count++ == 0)
            span->first = i;
        span->hash = hash_mix(span->hash, (uint64_t)triple->address << 1 | triple->ready);
    }
    return spans;
}

static void subset_of_span(
    const struct expansion *expansion, const struct port_span *span, struct subset *out)
{
    for (int ready = 0; ready < 2; ready++) {
        struct address_list list = {0};
        for (uint32_t i = 0; i < span->count; i++) {
            const struct triple *triple = &expansion->triples.items[span->first + i];
            if (triple->ready == ready)
                vec_push(&list.items, expansion->addresses.items[triple->address]);
        }
        address_list_sort(&list);
        copy_addresses(out, ready, &list);
    }
}

void repack_subsets(
    struct catalog *catalog, const struct subset_list *in, enum order_hash hash, struct subset_list *out)
{
    struct expansion expansion = {0};
    for (uint32_t i = 0; i < in->items.count; i++)
        expand(&expansion, catalog, &in->items.items[i]);
    settle_triples(&expansion);
    struct port_span *spans = make_spans(&expansion);
    for (uint32_t p = 0; p < expansion.ports.count; p++) {
        if (spans[p].done || spans[p].count == 0)
            continue;
        VEC(struct port) ports = {0};
        for (uint32_t q = p; q < expansion.ports.count; q++) {
            if (spans[q].done || !same_span(&expansion, &spans[p], &spans[q]))
                continue;
            spans[q].done = true;
            const struct port_entry *entry = &expansion.ports.items[q];
            if (!entry->is_sentinel && entry->port.number > 0)
                vec_push(&ports, entry->port);
        }
        struct subset subset = {0};
        subset_of_span(&expansion, &spans[p], &subset);
        subset.ports = port_sort_core(catalog, ports_intern(catalog, ports.items, ports.count), hash);
        vec_push(&out->items, subset);
        vec_fini(&ports);
    }
    sort_subsets(catalog, out, hash);
    free(spans);
    vec_fini(&expansion.ports);
    vec_fini(&expansion.addresses);
    vec_fini(&expansion.triples);
    map_fini(&expansion.address_index);
}

/* --- truncation (E-55 to E-58) --------------------------------------------------------------- */

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t keep_first(struct endpoint **items, uint32_t *count, uint32_t keep)
{
    uint32_t dropped = *count - keep;
    for (uint32_t i = keep; i < *count; i++)
        endpoint_unref(items[i]);
    *count = keep;
    return dropped;
}

bool repack_truncate(struct subset_list *list, uint32_t capacity, uint32_t *out_omitted)
{
    uint64_t ready = 0, not_ready = 0;
    *out_omitted = 0;
    for (uint32_t i = 0; i < list->items.count; i++) {
        ready += list->items.items[i].addresses.count;
        not_ready += list->items.items[i].not_ready_addresses.count;
    }
    if (capacity == UINT32_MAX || ready + not_ready <= capacity)
        return false;
    bool cut_ready = ready > capacity;
    uint32_t quota = cut_ready ? capacity : capacity - (uint32_t)ready;
    double total = (double)(cut_ready ? ready : not_ready);
    uint32_t left = quota;
    for (uint32_t i = 0; i < list->items.count; i++) {
        struct subset *subset = &list->items.items[i];
        uint32_t *count = cut_ready ? &subset->addresses.count : &subset->not_ready_addresses.count;
        struct endpoint **items = cut_ready ? subset->addresses.items : subset->not_ready_addresses.items;
        /* E-57 literally: divide, multiply, round up. */
        double share = ceil(((double)*count / total) * (double)quota);
        uint32_t keep = min_u32(*count, min_u32((uint32_t)share, left));
        *out_omitted += keep_first(items, count, keep);
        left -= keep;
        if (cut_ready)
            *out_omitted +=
                keep_first(subset->not_ready_addresses.items, &subset->not_ready_addresses.count, 0);
    }
    return true;
}

/* --- comparing ------------------------------------------------------------------------------- */

typedef bool same_address_fn(const struct endpoint *a, const struct endpoint *b);

static sym target_version(const struct endpoint *endpoint)
{
    const struct target_extra *extra =
        endpoint_target(endpoint) ? target_extra_of(endpoint_target(endpoint)) : NULL;
    return extra ? extra->resource_version : SYM_EMPTY;
}

static bool identical_address(const struct endpoint *a, const struct endpoint *b)
{
    return endpoint_same_address(a, b) && target_version(a) == target_version(b);
}

static bool same_addresses(
    struct endpoint *const *a, struct endpoint *const *b, uint32_t count, same_address_fn *same)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!same(a[i], b[i]))
            return false;
    }
    return true;
}

/* As core ports: a name or protocol that is absent is empty. */
static bool same_ports(const struct port_list *a, const struct port_list *b)
{
    if (a == b)
        return true;
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct port *x = &a->items[i];
        const struct port *y = &b->items[i];
        if (x->name != y->name || x->number != y->number || x->protocol != y->protocol ||
            (x->set & PORT_APP_PROTOCOL) != (y->set & PORT_APP_PROTOCOL) ||
            x->app_protocol != y->app_protocol)
            return false;
    }
    return true;
}

static bool same_subsets(const struct subset_list *a, const struct subset_list *b, same_address_fn *same)
{
    if (a->items.count != b->items.count)
        return false;
    for (uint32_t i = 0; i < a->items.count; i++) {
        const struct subset *x = &a->items.items[i];
        const struct subset *y = &b->items.items[i];
        if (x->addresses.count != y->addresses.count ||
            x->not_ready_addresses.count != y->not_ready_addresses.count || !same_ports(x->ports, y->ports) ||
            !same_addresses(x->addresses.items, y->addresses.items, x->addresses.count, same) ||
            !same_addresses(x->not_ready_addresses.items, y->not_ready_addresses.items,
                x->not_ready_addresses.count, same))
            return false;
    }
    return true;
}

bool repack_equal(const struct subset_list *a, const struct subset_list *b)
{
    return same_subsets(a, b, endpoint_same_address);
}

bool repack_identical(const struct subset_list *a, const struct subset_list *b)
{
    return same_subsets(a, b, identical_address);
}
