/*
 * plain_endpoints.c: the Endpoints controller from scratch (E-*).
 */
#include "model/plain_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- repacking (E-30 to E-43) --- */

/* A port as a key: app_pointer stands for the address of the appProtocol string (E-34); 0: nil. */
struct port_key {
    struct port port;
    uint32_t app_pointer;
};

struct triple {
    struct port_key port;
    struct endpoint *address; /* borrowed */
    bool ready;
};

struct triples {
    VEC(struct triple) items;
};

static bool same_port_key(const struct port_key *a, const struct port_key *b)
{
    return a->app_pointer == b->app_pointer && plain_same_core_port(&a->port, &b->port);
}

struct address {
    struct endpoint *endpoint; /* the first full record of this identity (E-31) */
    char ip[IP_TEXT_MAX];
    const char *ip_text;
    char uid[UUID_TEXT_LENGTH + 1];
    const char *uid_text;
};

/* E-41. */
static int compare_addresses(const void *a, const void *b)
{
    const struct address *x = *(struct address *const *)a, *y = *(struct address *const *)b;
    int order = strcmp(x->ip_text, y->ip_text);
    if (order)
        return order;
    if (!endpoint_target(x->endpoint) || !endpoint_target(y->endpoint))
        return (endpoint_target(x->endpoint) != NULL) - (endpoint_target(y->endpoint) != NULL);
    return strcmp(x->uid_text, y->uid_text);
}

struct hashed_core_port {
    struct plain_hash hash;
    struct port port;
};

/* E-42. */
static int compare_core_ports(const void *a, const void *b)
{
    return plain_hash_compare(
        &((const struct hashed_core_port *)a)->hash, &((const struct hashed_core_port *)b)->hash);
}

struct hashed_subset {
    struct plain_hash hash;
    struct subset subset;
};

/* E-43. */
static int compare_subsets(const void *a, const void *b)
{
    return plain_hash_compare(
        &((const struct hashed_subset *)a)->hash, &((const struct hashed_subset *)b)->hash);
}

enum presence { NOT_THERE, READY, NOT_READY };

/* One subset of the ports that are marked, over the addresses where `presence` says so. */
static struct subset make_subset(const struct plain_input *input, const struct port_key *ports,
    const bool *in_group, uint32_t port_count, struct address *addresses, const uint8_t *presence,
    uint32_t address_count)
{
    struct subset subset = {0};
    struct address **sorted = mem_array(NULL, address_count, sizeof *sorted);
    for (int pass = READY; pass <= NOT_READY; pass++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < address_count; i++)
            if (presence[i] == pass)
                sorted[count++] = &addresses[i];
        if (count > 1)
            qsort(sorted, count, sizeof *sorted, compare_addresses);
        for (uint32_t i = 0; i < count; i++) {
            if (pass == READY)
                vec_push(&subset.addresses, endpoint_ref(sorted[i]->endpoint));
            else
                vec_push(&subset.not_ready_addresses, endpoint_ref(sorted[i]->endpoint));
        }
    }
    free(sorted);

    struct hashed_core_port *hashed = mem_array(NULL, port_count, sizeof *hashed);
    struct port *list = mem_array(NULL, port_count, sizeof *list);
    uint32_t count = 0;
    for (uint32_t i = 0; i < port_count; i++) {
        if (!in_group[i] || ports[i].port.number <= 0) /* the sentinel adds no port (E-35) */
            continue;
        hashed[count].hash = plain_hash_core_port(input->catalog, &ports[i].port, input->config.kube_minor);
        hashed[count++].port = ports[i].port;
    }
    if (count > 1)
        qsort(hashed, count, sizeof *hashed, compare_core_ports);
    for (uint32_t i = 0; i < count; i++)
        list[i] = hashed[i].port;
    subset.ports = ports_intern(input->catalog, list, count);
    free(hashed);
    free(list);
    return subset;
}

static void sort_subsets(const struct plain_input *input, struct subset_list *list)
{
    struct hashed_subset *hashed = mem_array(NULL, list->items.count, sizeof *hashed);
    for (uint32_t i = 0; i < list->items.count; i++) {
        hashed[i].subset = list->items.items[i];
        hashed[i].hash = plain_hash_subset(input->catalog, &hashed[i].subset, input->config.kube_minor);
    }
    if (list->items.count > 1)
        qsort(hashed, list->items.count, sizeof *hashed, compare_subsets);
    for (uint32_t i = 0; i < list->items.count; i++)
        list->items.items[i] = hashed[i].subset;
    free(hashed);
}

static void repack(const struct plain_input *input, const struct triples *triples, struct subset_list *out)
{
    /* The different ports and the different addresses, in the order of first sight. */
    uint32_t n = triples->items.count, port_count = 0, address_count = 0;
    struct port_key *ports = mem_array(NULL, n, sizeof *ports);
    struct address *addresses = mem_array(NULL, n, sizeof *addresses);
    uint32_t *port_of = mem_array(NULL, n, sizeof *port_of);
    uint32_t *address_of = mem_array(NULL, n, sizeof *address_of);
    for (uint32_t i = 0; i < n; i++) {
        const struct triple *triple = &triples->items.items[i];
        uint32_t p = 0, a = 0;
        while (p < port_count && !same_port_key(&ports[p], &triple->port))
            p++;
        if (p == port_count)
            ports[port_count++] = triple->port;
        struct address *next = &addresses[address_count];
        next->endpoint = triple->address;
        next->ip_text = plain_address_text(input->catalog, triple->address, 0, next->ip);
        next->uid_text = plain_uid_text(input->catalog, endpoint_target(triple->address), next->uid);
        while (a < address_count && (strcmp(addresses[a].ip_text, next->ip_text) != 0 ||
                                        strcmp(addresses[a].uid_text, next->uid_text) != 0))
            a++;
        if (a == address_count)
            address_count++;
        port_of[i] = p;
        address_of[i] = a;
    }

    /* E-33: which address is there on which port; "not ready" overrides "ready". */
    uint8_t *presence = mem_zalloc((size_t)port_count * address_count);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t *there = &presence[(size_t)port_of[i] * address_count + address_of[i]];
        if (*there != NOT_READY)
            *there = triples->items.items[i].ready ? READY : NOT_READY;
    }

    /* E-35: ports with the same presence are one subset. */
    bool *done = mem_zalloc(port_count);
    bool *in_group = mem_alloc(port_count);
    for (uint32_t p = 0; p < port_count; p++) {
        if (done[p])
            continue;
        for (uint32_t q = 0; q < port_count; q++) {
            in_group[q] = memcmp(&presence[(size_t)p * address_count], &presence[(size_t)q * address_count],
                              address_count) == 0;
            done[q] |= in_group[q];
        }
        struct subset subset = make_subset(input, ports, in_group, port_count, addresses,
            &presence[(size_t)p * address_count], address_count);
        vec_push(&out->items, subset);
    }
    sort_subsets(input, out);
    free(in_group);
    free(done);
    free(presence);
    free(address_of);
    free(port_of);
    free(addresses);
    free(ports);
}

static void add_triple(struct triples *triples, struct port_key port, struct endpoint *address, bool ready)
{
    struct triple triple = {port, address, ready};
    vec_push(&triples->items, triple);
}

/* E-30. A subset without ports has the sentinel. */
static const struct port_key sentinel = {.port = {.number = -1}};

/* Stored subsets: each appProtocol is a string of its own (E-34). */
void plain_repack(const struct plain_input *input, const struct subset_list *stored, struct subset_list *out)
{
    struct triples triples = {0};
    uint32_t pointer = 0;
    for (uint32_t s = 0; s < stored->items.count; s++) {
        const struct subset *subset = &stored->items.items[s];
        uint32_t rounds = subset->ports->count ? subset->ports->count : 1;
        for (uint32_t p = 0; p < rounds; p++) {
            struct port_key port = sentinel;
            if (subset->ports->count) {
                port.port = subset->ports->items[p];
                port.app_pointer = port.port.set & PORT_APP_PROTOCOL ? ++pointer : 0;
            }
            for (uint32_t i = 0; i < subset->addresses.count; i++)
                add_triple(&triples, port, subset->addresses.items[i], true);
            for (uint32_t i = 0; i < subset->not_ready_addresses.count; i++)
                add_triple(&triples, port, subset->not_ready_addresses.items[i], false);
        }
    }
    repack(input, &triples, out);
    vec_fini(&triples.items);
}

/* --- desired state --- */

/* E-11: the family that is published. */
static uint8_t wanted_family(const struct plain_input *input, const struct pod *pod)
{
    const struct service *service = input->service;
    if (service->family_count > 0)
        return service->families[0];
    if (!service_is_headless(service, input->catalog)) {
        const char *text = catalog_text(input->catalog, service->cluster_ip);
        return ip_parse(text, strlen(text)).family == IP_V6 ? IP_V6 : IP_V4;
    }
    return pod->has_pod_ip && pod_ip_count(pod) > 0 && pod_ip(pod, 0).family == IP_V6 ? IP_V6 : IP_V4;
}

/* E-11 to E-14; NULL when no IP fits. One reference. */
static struct endpoint *make_address(const struct plain_input *input, const struct pod *pod)
{
    bool want_ipv6 = wanted_family(input, pod) == IP_V6;
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        struct ip ip = pod_ip(pod, i);
        if ((ip.family == IP_V6) != want_ipv6)
            continue;
        struct endpoint_draft draft = {
            .ip = ip,
            .flags = ENDPOINT_ADDRESS_NODE_NAME,
            .node_name = pod->node_name,
            .hostname = plain_has_hostname(pod, input->service) ? pod_hostname(pod) : SYM_EMPTY,
            .target = target_ref(pod_self(pod)),
        };
        return endpoint_create(input->catalog, &draft);
    }
    return NULL;
}

/* §3 and §4: everything that the selected pods contribute, repacked. */
static void make_desired(const struct plain_input *input, struct subset_list *out)
{
    const struct service *service = input->service;
    struct triples triples = {0};
    VEC(struct endpoint *) made = {0};
    for (uint32_t i = 0; i < input->pod_count; i++) {
        const struct pod *pod = input->pods[i];
        if (!plain_selects(service, pod) || !plain_pod_belongs(pod, service->publish_not_ready_addresses))
            continue;
        struct endpoint *address = make_address(input, pod);
        if (!address)
            continue;
        vec_push(&made, address);
        bool ready = service->publish_not_ready_addresses || pod->ready == CONDITION_TRUE; /* E-15 */
        if (service->port_count == 0 &&
            service->cluster_ip == catalog_word(input->catalog, WORD_NONE)) /* E-20 */
            add_triple(&triples, sentinel, address, ready);
        for (uint32_t p = 0; p < service->port_count; p++) { /* E-21 to E-23 */
            const struct service_port *from = &service->ports[p];
            struct port_key port = {.port = {.name = from->name,
                                        .protocol = from->protocol,
                                        .app_protocol = from->app_protocol,
                                        .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER}};
            if (from->has_app_protocol) {
                port.port.set |= PORT_APP_PROTOCOL;
                port.app_pointer = p + 1;
            }
            if (plain_find_port(pod, from, &port.port.number))
                add_triple(&triples, port, address, ready);
        }
    }
    repack(input, &triples, out);
    for (uint32_t i = 0; i < made.count; i++)
        endpoint_unref(made.items[i]);
    vec_fini(&made);
    vec_fini(&triples.items);
}

/* --- truncation (E-55 to E-58) --- */

static void keep_first(struct subset *subset, bool ready, uint32_t kept)
{
    if (ready) {
        while (subset->addresses.count > kept)
            endpoint_unref(vec_pop(&subset->addresses));
    } else {
        while (subset->not_ready_addresses.count > kept)
            endpoint_unref(vec_pop(&subset->not_ready_addresses));
    }
}

/* Returns true when the object is over capacity. */
static bool truncate_subsets(struct subset_list *list, uint32_t capacity)
{
    uint64_t ready = 0, not_ready = 0;
    for (uint32_t i = 0; i < list->items.count; i++) {
        ready += list->items.items[i].addresses.count;
        not_ready += list->items.items[i].not_ready_addresses.count;
    }
    if (capacity == UINT32_MAX || ready + not_ready <= capacity)
        return false;
    bool cut_ready = ready > capacity;
    uint64_t quota = cut_ready ? capacity : capacity - ready;
    uint64_t total = cut_ready ? ready : not_ready;
    uint64_t left = quota;
    for (uint32_t i = 0; i < list->items.count; i++) {
        struct subset *subset = &list->items.items[i];
        uint64_t n = cut_ready ? subset->addresses.count : subset->not_ready_addresses.count;
        double share = ceil(((double)n / (double)total) * (double)quota);
        uint64_t kept = (uint64_t)share < left ? (uint64_t)share : left;
        kept = n < kept ? n : kept;
        keep_first(subset, cut_ready, (uint32_t)kept);
        if (cut_ready)
            keep_first(subset, false, 0);
        left -= kept;
    }
    return true;
}

/* --- when a sync writes (§8) --- */

/* Two addresses as E-61 compares them; `exactly`: as the server does, resourceVersion included. */
static bool same_address(
    const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b, bool exactly)
{
    char ip_a[IP_TEXT_MAX], ip_b[IP_TEXT_MAX];
    bool has_node = endpoint_flags(a) & ENDPOINT_ADDRESS_NODE_NAME;
    return strcmp(plain_address_text(catalog, a, 0, ip_a), plain_address_text(catalog, b, 0, ip_b)) == 0 &&
           endpoint_hostname(a) == endpoint_hostname(b) &&
           has_node == (bool)(endpoint_flags(b) & ENDPOINT_ADDRESS_NODE_NAME) &&
           (!has_node || endpoint_node_name(a) == endpoint_node_name(b)) &&
           (exactly ? plain_identical_target(catalog, endpoint_target(a), endpoint_target(b))
                    : plain_same_target(catalog, endpoint_target(a), endpoint_target(b)));
}

static bool same_subset(
    const struct catalog *catalog, const struct subset *a, const struct subset *b, bool exactly)
{
    if (a->addresses.count != b->addresses.count ||
        a->not_ready_addresses.count != b->not_ready_addresses.count || a->ports->count != b->ports->count)
        return false;
    for (uint32_t i = 0; i < a->addresses.count; i++)
        if (!same_address(catalog, a->addresses.items[i], b->addresses.items[i], exactly))
            return false;
    for (uint32_t i = 0; i < a->not_ready_addresses.count; i++)
        if (!same_address(catalog, a->not_ready_addresses.items[i], b->not_ready_addresses.items[i], exactly))
            return false;
    for (uint32_t i = 0; i < a->ports->count; i++)
        if (!plain_same_core_port(&a->ports->items[i], &b->ports->items[i]))
            return false;
    return true;
}

static bool same_subsets(
    const struct catalog *catalog, const struct subset_list *a, const struct subset_list *b, bool exactly)
{
    if (a->items.count != b->items.count)
        return false;
    for (uint32_t i = 0; i < a->items.count; i++)
        if (!same_subset(catalog, &a->items.items[i], &b->items.items[i], exactly))
            return false;
    return true;
}

/* E-61 (1). */
static bool subsets_are_right(const struct plain_input *input, const struct subset_list *desired)
{
    const struct subset_list *stored = &input->endpoints->subsets;
    if (same_subsets(input->catalog, stored, desired, false))
        return true;
    if (input->config.kube_minor <= 34)
        return false;
    struct subset_list repacked = {0};
    plain_repack(input, stored, &repacked);
    bool same = same_subsets(input->catalog, &repacked, desired, false);
    subset_list_fini(&repacked);
    return same;
}

/* E-61 (2). */
static bool labels_are_right(const struct plain_input *input)
{
    const struct labels *stored = input->endpoints->meta.labels, *wanted = input->service->meta.labels;
    sym managed_by = catalog_word(input->catalog, WORD_ENDPOINTS_MANAGED_BY);
    sym headless = catalog_word(input->catalog, WORD_HEADLESS);
    sym value;
    if (!labels_get(stored, managed_by, &value) ||
        value != catalog_word(input->catalog, WORD_ENDPOINTS_CONTROLLER))
        return false;
    uint32_t own = 0;
    for (uint32_t i = 0; i < stored->count; i++) {
        if (stored->items[i].key == managed_by || stored->items[i].key == headless)
            own++;
        else if (!labels_get(wanted, stored->items[i].key, &value) || value != stored->items[i].value)
            return false;
    }
    return wanted->count == stored->count - own;
}

static bool has_capacity_annotation(const struct plain_input *input, const struct endpoints *endpoints)
{
    return endpoints->over_capacity ||
           labels_get(endpoints->meta.annotations, catalog_word(input->catalog, WORD_OVER_CAPACITY), NULL);
}

/* E-61 (3). */
static bool capacity_is_right(const struct plain_input *input)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < input->endpoints->subsets.items.count; i++)
        count += input->endpoints->subsets.items.items[i].addresses.count +
                 input->endpoints->subsets.items.items[i].not_ready_addresses.count;
    return count <= input->config.endpoints_capacity && !has_capacity_annotation(input, input->endpoints);
}

/* E-65. */
static const struct labels *wanted_labels(const struct plain_input *input)
{
    struct catalog *catalog = input->catalog;
    sym headless = catalog_word(catalog, WORD_HEADLESS);
    const struct labels *labels = input->service->meta.labels;
    if (service_is_headless(input->service, catalog))
        labels = labels_with(catalog, labels, headless, SYM_EMPTY);
    else
        labels = labels_without(catalog, labels, headless);
    return labels_with(catalog, labels, catalog_word(catalog, WORD_ENDPOINTS_MANAGED_BY),
        catalog_word(catalog, WORD_ENDPOINTS_CONTROLLER));
}

bool plain_is_noop(
    const struct catalog *catalog, const struct endpoints *stored, const struct endpoints *sent)
{
    return stored->meta.labels == sent->meta.labels && stored->meta.annotations == sent->meta.annotations &&
           stored->meta.trigger_s == sent->meta.trigger_s && stored->over_capacity == sent->over_capacity &&
           same_subsets(catalog, &stored->subsets, &sent->subsets, true);
}

void plain_sync_endpoints(const struct plain_input *input, struct plain_result *result)
{
    struct catalog *catalog = input->catalog;
    const struct endpoints *stored = input->endpoints;
    struct plain_request request = {.name = input->name};
    result->resource_version = input->resource_version;
    if (!input->service) { /* E-2; without a stored object the DELETE is answered 404 */
        if (stored) {
            request.verb = PLAIN_DELETE;
            result->resource_version++;
            vec_push(&result->requests, request);
        }
        return;
    }
    if (!plain_is_reconciled(input->service)) /* E-3, E-4 */
        return;

    struct endpoints *next = endpoints_create(catalog);
    next->is_explicit = true;
    make_desired(input, &next->subsets);
    if (stored && subsets_are_right(input, &next->subsets) && labels_are_right(input) &&
        capacity_is_right(input)) {
        endpoints_destroy(next);
        return;
    }

    next->meta.namespace = input->namespace;
    next->meta.name = input->name;
    next->meta.created_s = input->now_s;
    next->meta.deletion_s = TIME_NONE;
    next->meta.annotations = labels_empty(catalog);
    if (stored)
        next->meta = stored->meta;
    next->meta.labels = wanted_labels(input);
    next->meta.annotations =
        labels_without(catalog, next->meta.annotations, catalog_word(catalog, WORD_TRIGGER_TIME));
    next->meta.annotations =
        labels_without(catalog, next->meta.annotations, catalog_word(catalog, WORD_OVER_CAPACITY));
    next->meta.trigger_s = input->trigger_s; /* E-66 */
    uint32_t desired_count = subset_list_address_count(&next->subsets);
    next->over_capacity = truncate_subsets(&next->subsets, input->config.endpoints_capacity);
    next->omitted_count = desired_count - subset_list_address_count(&next->subsets);
    next->capacity = input->config.endpoints_capacity;

    request.verb = stored ? PLAIN_UPDATE : PLAIN_CREATE;
    request.noop = stored && plain_is_noop(catalog, stored, next);
    if (!request.noop)
        next->meta.resource_version = ++result->resource_version;
    request.endpoints = next;
    vec_push(&result->requests, request);
}
