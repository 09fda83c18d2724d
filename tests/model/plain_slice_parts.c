/*
 * plain_slice_parts.c: endpoints and slices for the plain reconciler: what a pod should look like, copies of
 * what is stored, and comparisons.
 */
#include "model/plain_parts.h"

#include <stdlib.h>
#include <string.h>

/* --- copies --- */

struct sortable {
    const char *text;
    sym symbol;
};

static int compare_texts(const void *a, const void *b)
{
    return strcmp(((const struct sortable *)a)->text, ((const struct sortable *)b)->text);
}

/* Addresses in the order of their texts: hashing an endpoint's identity sorts them in place (S-33). */
static void sort_addresses(const struct catalog *catalog, sym *addresses, uint32_t count)
{
    struct sortable *sorted = mem_array(NULL, count, sizeof *sorted);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (struct sortable){catalog_text(catalog, addresses[i]), addresses[i]};
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, compare_texts);
    for (uint32_t i = 0; i < count; i++)
        addresses[i] = sorted[i].symbol;
    free(sorted);
}

static sym *copy_syms(const sym *syms, uint32_t count)
{
    sym *copy = mem_array(NULL, count, sizeof *copy);
    if (count)
        memcpy(copy, syms, count * sizeof *copy);
    return copy;
}

struct endpoint *plain_copy_endpoint(
    const struct catalog *catalog, struct endpoint *endpoint, bool keep_hints)
{
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    if (!extra)
        return endpoint_ref(endpoint);
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = mem_zalloc(sizeof *draft.extra);
    draft.extra->address_count = extra->address_count;
    draft.extra->addresses = copy_syms(extra->addresses, extra->address_count);
    sort_addresses(catalog, draft.extra->addresses, extra->address_count);
    draft.extra->deprecated_topology = extra->deprecated_topology;
    if (keep_hints) {
        draft.extra->has_hints = extra->has_hints;
        draft.extra->zone_hint_count = extra->zone_hint_count;
        draft.extra->zone_hints = copy_syms(extra->zone_hints, extra->zone_hint_count);
        draft.extra->node_hint_count = extra->node_hint_count;
        draft.extra->node_hints = copy_syms(extra->node_hints, extra->node_hint_count);
    }
    return endpoint_create(catalog, &draft);
}

bool plain_has_hints(const struct endpoint *endpoint)
{
    return endpoint_extra(endpoint) && endpoint_extra(endpoint)->has_hints;
}

const struct port_list *plain_sort_ports(
    const struct plain_input *input, const struct port_list *ports, struct plain_hash *out_key)
{
    struct port *items = mem_array(NULL, ports->count, sizeof *items);
    for (uint32_t i = 0; i < ports->count; i++)
        items[i] = ports->items[i];
    /* A stored empty list has gone through the wire and is nil (S-23). */
    struct plain_hash key =
        plain_port_key(input->catalog, items, ports->count, true, input->config.kube_minor);
    if (out_key)
        *out_key = key;
    const struct port_list *sorted = ports_intern(input->catalog, items, ports->count);
    free(items);
    return sorted;
}

void plain_set_owners(struct endpointslice *to, const struct owner *owners, uint32_t count)
{
    to->owners = mem_array(NULL, count, sizeof *to->owners);
    for (uint32_t i = 0; i < count; i++)
        to->owners[i] = owners[i];
    to->owner_count = count;
}

struct endpointslice *plain_copy_frame(const struct plain_input *input, const struct endpointslice *stored)
{
    struct endpointslice *copy = endpointslice_create(input->catalog);
    copy->meta = stored->meta;
    copy->address_type = stored->address_type;
    plain_set_owners(copy, stored->owners, stored->owner_count);
    copy->ports = plain_sort_ports(input, stored->ports, NULL);
    copy->sequence = stored->sequence;
    return copy;
}

struct endpointslice *plain_copy_slice(const struct plain_input *input, const struct endpointslice *stored)
{
    struct endpointslice *copy = plain_copy_frame(input, stored);
    for (uint32_t i = 0; i < stored->endpoints.count; i++)
        endpointslice_append(copy, plain_copy_endpoint(input->catalog, endpointslice_at(stored, i), true));
    return copy;
}

/* --- comparisons --- */

static bool same_optional(const struct endpoint *a, const struct endpoint *b, uint8_t flag, sym x, sym y)
{
    return (endpoint_flags(a) & flag) == (endpoint_flags(b) & flag) &&
           (!(endpoint_flags(a) & flag) || x == y);
}

bool plain_same_identity(const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b)
{
    uint32_t count = plain_address_count(a);
    if (count != plain_address_count(b))
        return false;
    sym *x = NULL, *y = NULL;
    bool same = true;
    if (count == 1) {
        char buffer_a[IP_TEXT_MAX], buffer_b[IP_TEXT_MAX];
        same = strcmp(plain_address_text(catalog, a, 0, buffer_a),
                   plain_address_text(catalog, b, 0, buffer_b)) == 0;
    } else {
        x = copy_syms(endpoint_extra(a)->addresses, count);
        y = copy_syms(endpoint_extra(b)->addresses, count);
        sort_addresses(catalog, x, count);
        sort_addresses(catalog, y, count);
        same = memcmp(x, y, count * sizeof *x) == 0;
    }
    free(x);
    free(y);
    sym hostname_a = endpoint_flags(a) & ENDPOINT_HOSTNAME ? endpoint_hostname(a) : SYM_EMPTY;
    sym hostname_b = endpoint_flags(b) & ENDPOINT_HOSTNAME ? endpoint_hostname(b) : SYM_EMPTY;
    return same && hostname_a == hostname_b &&
           (endpoint_target(a) ? endpoint_target(a)->namespace : SYM_EMPTY) ==
               (endpoint_target(b) ? endpoint_target(b)->namespace : SYM_EMPTY) &&
           strcmp(endpoint_target(a) ? target_name_here(endpoint_target(a)) : "",
               endpoint_target(b) ? target_name_here(endpoint_target(b)) : "") == 0;
}

bool plain_same_beyond_identity(
    const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b)
{
    return same_optional(a, b, ENDPOINT_SLICE_NODE_NAME, endpoint_node_name(a), endpoint_node_name(b)) &&
           same_optional(a, b, ENDPOINT_ZONE, endpoint_zone(a), endpoint_zone(b)) &&
           endpoint_ready(a) == endpoint_ready(b) && endpoint_serving(a) == endpoint_serving(b) &&
           endpoint_terminating(a) == endpoint_terminating(b) &&
           plain_same_target(catalog, endpoint_target(a), endpoint_target(b));
}

static bool same_syms(const sym *a, uint32_t a_count, const sym *b, uint32_t b_count)
{
    if (a_count != b_count)
        return false;
    for (uint32_t i = 0; i < a_count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool same_hints(const struct endpoint *a, const struct endpoint *b)
{
    if (!plain_has_hints(a) || !plain_has_hints(b))
        return plain_has_hints(a) == plain_has_hints(b);
    return same_syms(endpoint_extra(a)->zone_hints, endpoint_extra(a)->zone_hint_count,
               endpoint_extra(b)->zone_hints, endpoint_extra(b)->zone_hint_count) &&
           same_syms(endpoint_extra(a)->node_hints, endpoint_extra(a)->node_hint_count,
               endpoint_extra(b)->node_hints, endpoint_extra(b)->node_hint_count);
}

static const struct labels *topology(const struct endpoint *endpoint)
{
    const struct labels *labels =
        endpoint_extra(endpoint) ? endpoint_extra(endpoint)->deprecated_topology : NULL;
    return labels && labels->count ? labels : NULL;
}

/* Every field, as a server compares two encoded objects. */
static bool identical(const struct catalog *catalog, const struct endpoint *a, const struct endpoint *b)
{
    if (plain_address_count(a) != plain_address_count(b))
        return false;
    for (uint32_t i = 0; i < plain_address_count(a); i++) {
        char buffer_a[IP_TEXT_MAX], buffer_b[IP_TEXT_MAX];
        if (strcmp(plain_address_text(catalog, a, i, buffer_a),
                plain_address_text(catalog, b, i, buffer_b)) != 0)
            return false;
    }
    return same_optional(a, b, ENDPOINT_HOSTNAME, endpoint_hostname(a), endpoint_hostname(b)) &&
           plain_same_beyond_identity(catalog, a, b) &&
           plain_identical_target(catalog, endpoint_target(a), endpoint_target(b)) &&
           topology(a) == topology(b) && same_hints(a, b);
}

bool plain_same_content(
    const struct catalog *catalog, const struct endpointslice *a, const struct endpointslice *b)
{
    if (a->endpoints.count != b->endpoints.count || a->ports->count != b->ports->count)
        return false;
    for (uint32_t i = 0; i < a->endpoints.count; i++)
        if (!identical(catalog, endpointslice_at(a, i), endpointslice_at(b, i)))
            return false;
    for (uint32_t i = 0; i < a->ports->count; i++)
        if (!plain_same_discovery_port(&a->ports->items[i], &b->ports->items[i]))
            return false;
    return true;
}

bool plain_same_owners(const struct endpointslice *a, const struct endpointslice *b)
{
    if (a->owner_count != b->owner_count)
        return false;
    for (uint32_t i = 0; i < a->owner_count; i++) {
        const struct owner *x = &a->owners[i], *y = &b->owners[i];
        if (x->kind != y->kind || x->name != y->name || x->api_version != y->api_version ||
            memcmp(&x->uid, &y->uid, sizeof x->uid) != 0 || x->uid_text != y->uid_text ||
            x->controller != y->controller || x->block_owner_deletion != y->block_owner_deletion)
            return false;
    }
    return true;
}

/* --- desired endpoints (S-25 to S-30) --- */

/* S-28: all IPs of the family. Returns false when there are none. */
static bool choose_addresses(const struct plain_input *input, const struct pod *pod, enum address_type type,
    struct endpoint_draft *draft)
{
    VEC(sym) addresses = {0};
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        struct ip ip = pod_ip(pod, i);
        if ((ip.family == IP_V6) != (type == ADDRESS_IPV6))
            continue;
        char text[IP_TEXT_MAX];
        ip_format(ip, text);
        vec_push(&addresses, catalog_sym(input->catalog, text));
        draft->ip = ip;
    }
    bool found = addresses.count > 0;
    if (addresses.count > 1) {
        sort_addresses(input->catalog, addresses.items, addresses.count);
        draft->extra = mem_zalloc(sizeof *draft->extra);
        draft->extra->addresses = copy_syms(addresses.items, addresses.count);
        draft->extra->address_count = addresses.count;
    }
    vec_fini(&addresses);
    return found;
}

struct endpoint *plain_make_endpoint(
    const struct plain_input *input, const struct pod *pod, const struct node *node, enum address_type type)
{
    struct endpoint_draft draft = {0};
    if (!choose_addresses(input, pod, type, &draft))
        return NULL;
    bool serving = pod->ready == CONDITION_TRUE;
    bool terminating = pod_deletion_s(pod) != TIME_NONE;
    bool ready = input->service->publish_not_ready_addresses || (serving && !terminating);
    draft.serving = serving ? CONDITION_TRUE : CONDITION_FALSE;
    draft.terminating = terminating ? CONDITION_TRUE : CONDITION_FALSE;
    draft.ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    if (pod->node_name != SYM_EMPTY) {
        draft.node_name = pod->node_name;
        draft.flags |= ENDPOINT_SLICE_NODE_NAME;
    }
    sym zone = SYM_EMPTY;
    if (node && labels_get(node->meta.labels, catalog_word(input->catalog, WORD_ZONE), &zone) &&
        zone != SYM_EMPTY) {
        draft.zone = zone;
        draft.flags |= ENDPOINT_ZONE;
    }
    if (plain_has_hostname(pod, input->service)) {
        draft.hostname = pod_hostname(pod);
        draft.flags |= ENDPOINT_HOSTNAME;
    }
    draft.target = target_ref(pod_self(pod));
    return endpoint_create(input->catalog, &draft);
}

const struct port_list *plain_make_ports(
    const struct plain_input *input, const struct pod *pod, struct plain_hash *out_key)
{
    const struct service *service = input->service;
    struct port *ports = mem_array(NULL, service->port_count, sizeof *ports);
    uint32_t count = 0;
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port *from = &service->ports[i];
        struct port port = {
            .name = from->name,
            .protocol = from->protocol,
            .app_protocol = from->has_app_protocol ? from->app_protocol : SYM_EMPTY,
            .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER | (from->has_app_protocol ? PORT_APP_PROTOCOL : 0),
        };
        if (plain_find_port(pod, from, &port.number))
            ports[count++] = port;
    }
    *out_key = plain_port_key(input->catalog, ports, count, false, input->config.kube_minor);
    const struct port_list *list = ports_intern(input->catalog, ports, count);
    free(ports);
    return list;
}
