/*
 * plain_parts.c: texts, their hashes and comparisons for the plain reconciler.
 *
 * The texts are written out in full and hashed with one call, without any saved prefix.
 */
#include "model/plain_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fnv128.h"
#include "base/md5.h"

/* --- texts of an endpoint --- */

uint32_t plain_address_count(const struct endpoint *endpoint)
{
    return endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count > 0
               ? endpoint_extra(endpoint)->address_count
               : 1;
}

const char *plain_address_text(
    const struct catalog *catalog, const struct endpoint *endpoint, uint32_t i, char buffer[IP_TEXT_MAX])
{
    if (endpoint_extra(endpoint) && endpoint_extra(endpoint)->address_count > 0)
        return catalog_text(catalog, endpoint_extra(endpoint)->addresses[i]);
    ip_format(endpoint_ip(endpoint), buffer);
    return buffer;
}

const char *plain_uid_text(
    const struct catalog *catalog, const struct target *target, char buffer[UUID_TEXT_LENGTH + 1])
{
    static const struct uuid none;
    if (!target)
        return "";
    if (target_extra_of(target) && target_extra_of(target)->uid_text != SYM_EMPTY)
        return catalog_text(catalog, target_extra_of(target)->uid_text);
    struct uuid uid = target_uid(target);
    if (memcmp(&uid, &none, sizeof none) == 0)
        return "";
    uuid_format(uid, buffer);
    return buffer;
}

const char *plain_target_kind(const struct catalog *catalog, const struct target *target)
{
    return target_extra_of(target) ? catalog_text(catalog, target_extra_of(target)->kind) : "Pod";
}

/* --- the text form of E-45 --- */

static void add_pointer(struct text *text, const char *type, bool present, const char *value)
{
    text_printf(text, "(*%s)%s", type, present ? value : "<nil>");
}

static void add_core_port_fields(struct text *text, const struct catalog *catalog, const struct port *port)
{
    text_printf(text, "{Name:(string)%s Port:(int32)%d Protocol:(v1.Protocol)%s AppProtocol:",
        catalog_text(catalog, port->name), port->number, catalog_text(catalog, port->protocol));
    add_pointer(text, "string", port->set & PORT_APP_PROTOCOL, catalog_text(catalog, port->app_protocol));
    text_add(text, "}");
}

static void add_discovery_port_fields(
    struct text *text, const struct catalog *catalog, const struct port *port)
{
    char number[16];
    snprintf(number, sizeof number, "%d", port->number);
    text_add(text, "{Name:");
    add_pointer(text, "string", port->set & PORT_NAME, catalog_text(catalog, port->name));
    text_add(text, " Protocol:");
    add_pointer(text, "v1.Protocol", port->set & PORT_PROTOCOL, catalog_text(catalog, port->protocol));
    text_add(text, " Port:");
    add_pointer(text, "int32", port->set & PORT_NUMBER, number);
    text_add(text, " AppProtocol:");
    add_pointer(text, "string", port->set & PORT_APP_PROTOCOL, catalog_text(catalog, port->app_protocol));
    text_add(text, "}");
}

static void add_reference(struct text *text, const struct catalog *catalog, const struct target *target)
{
    text_add(text, "(*v1.ObjectReference)");
    if (!target) {
        text_add(text, "<nil>");
        return;
    }
    char uid[UUID_TEXT_LENGTH + 1];
    const struct target_extra *extra = target_extra_of(target);
    text_printf(text,
        "{Kind:(string)%s Namespace:(string)%s Name:(string)%s UID:(types.UID)%s APIVersion:(string)%s "
        "ResourceVersion:(string)%s FieldPath:(string)%s}",
        plain_target_kind(catalog, target), catalog_text(catalog, target->namespace),
        target_name_here(target), plain_uid_text(catalog, target, uid),
        extra ? catalog_text(catalog, extra->api_version) : "",
        extra ? catalog_text(catalog, extra->resource_version) : "",
        extra ? catalog_text(catalog, extra->field_path) : "");
}

static void add_address(struct text *text, const struct catalog *catalog, const struct endpoint *address)
{
    char ip[IP_TEXT_MAX];
    text_printf(text,
        "{IP:(string)%s Hostname:(string)%s NodeName:", plain_address_text(catalog, address, 0, ip),
        catalog_text(catalog, endpoint_hostname(address)));
    add_pointer(text, "string", endpoint_flags(address) & ENDPOINT_ADDRESS_NODE_NAME,
        catalog_text(catalog, endpoint_node_name(address)));
    text_add(text, " TargetRef:");
    add_reference(text, catalog, endpoint_target(address));
    text_add(text, "}");
}

static void add_addresses(
    struct text *text, const struct catalog *catalog, struct endpoint *const *items, uint32_t count)
{
    text_add(text, "([]v1.EndpointAddress)");
    text_add(text, count ? "[" : "<nil>");
    for (uint32_t i = 0; i < count; i++) {
        text_add(text, i ? " " : "");
        add_address(text, catalog, items[i]);
    }
    text_add(text, count ? "]" : "");
}

/* --- hashes --- */

/* Hashes the text and frees it (E-44: MD5 up to 1.34, FNV-1a with 128 bits since 1.35). */
static struct plain_hash hash_and_free(struct text *text, uint32_t kube_minor)
{
    struct plain_hash hash;
    if (kube_minor <= 34)
        md5(text->data, text->length, hash.bytes);
    else
        fnv128(text->data, text->length, hash.bytes);
    text_fini(text);
    return hash;
}

int plain_hash_compare(const struct plain_hash *a, const struct plain_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

struct plain_hash plain_hash_core_port(
    const struct catalog *catalog, const struct port *port, uint32_t kube_minor)
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointPort)");
    add_core_port_fields(&text, catalog, port);
    return hash_and_free(&text, kube_minor);
}

struct plain_hash plain_hash_discovery_port(
    const struct catalog *catalog, const struct port *port, uint32_t kube_minor)
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointPort)");
    add_discovery_port_fields(&text, catalog, port);
    return hash_and_free(&text, kube_minor);
}

struct plain_hash plain_hash_subset(
    const struct catalog *catalog, const struct subset *subset, uint32_t kube_minor)
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointSubset){Addresses:");
    add_addresses(&text, catalog, subset->addresses.items, subset->addresses.count);
    text_add(&text, " NotReadyAddresses:");
    add_addresses(&text, catalog, subset->not_ready_addresses.items, subset->not_ready_addresses.count);
    text_add(&text, " Ports:([]v1.EndpointPort)");
    const struct port_list *ports = subset->ports;
    text_add(&text, ports->count ? "[" : "<nil>");
    for (uint32_t i = 0; i < ports->count; i++) {
        text_add(&text, i ? " " : "");
        add_core_port_fields(&text, catalog, &ports->items[i]);
    }
    text_add(&text, ports->count ? "]}" : "}");
    return hash_and_free(&text, kube_minor);
}

struct hashed_port {
    struct plain_hash hash;
    uint32_t place; /* keeps the sort stable; equal hashes are equal ports */
    struct port port;
};

static int compare_hashed_ports(const void *a, const void *b)
{
    const struct hashed_port *x = a, *y = b;
    int order = plain_hash_compare(&x->hash, &y->hash);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

struct plain_hash plain_port_key(
    const struct catalog *catalog, struct port *ports, uint32_t count, bool nil, uint32_t kube_minor)
{
    struct hashed_port *hashed = mem_array(NULL, count, sizeof *hashed);
    for (uint32_t i = 0; i < count; i++)
        hashed[i] =
            (struct hashed_port){plain_hash_discovery_port(catalog, &ports[i], kube_minor), i, ports[i]};
    if (count > 1)
        qsort(hashed, count, sizeof *hashed, compare_hashed_ports);

    struct text text = {0};
    text_add(&text, "([]v1.EndpointPort)");
    if (count == 0) {
        text_add(&text, nil && kube_minor <= 35 ? "<nil>" : "[]");
    } else {
        for (uint32_t i = 0; i < count; i++) {
            ports[i] = hashed[i].port;
            text_add(&text, i ? " " : "[");
            add_discovery_port_fields(&text, catalog, &ports[i]);
        }
        text_add(&text, "]");
    }
    free(hashed);
    return hash_and_free(&text, kube_minor);
}

/* --- resolving and choosing --- */

bool plain_pod_belongs(const struct pod *pod, bool terminating)
{
    if (pod->phase == POD_FAILED || pod->phase == POD_SUCCEEDED)
        return false;
    if (!pod->has_pod_ip && pod_ip_count(pod) == 0)
        return false;
    return terminating || pod_deletion_s(pod) == TIME_NONE;
}

bool plain_find_port(const struct pod *pod, const struct service_port *port, int32_t *out_number)
{
    if (port->target_name == SYM_EMPTY) {
        *out_number = port->target_port;
        return true;
    }
    for (uint32_t i = 0; i < pod_container_ports(pod)->count; i++) {
        const struct port *candidate = &pod_container_ports(pod)->items[i];
        if (candidate->name == port->target_name && candidate->protocol == port->protocol) {
            *out_number = candidate->number;
            return true;
        }
    }
    return false;
}

bool plain_has_hostname(const struct pod *pod, const struct service *service)
{
    return pod_hostname(pod) != SYM_EMPTY && pod_subdomain(pod) == service->meta.name &&
           pod_self(pod)->namespace == service->meta.namespace;
}

/* --- comparisons --- */

static sym extra_field(const struct target *target, size_t offset)
{
    return target_extra_of(target) ? *(const sym *)((const char *)target_extra_of(target) + offset)
                                   : SYM_EMPTY;
}

bool plain_same_target(const struct catalog *catalog, const struct target *a, const struct target *b)
{
    if (!a || !b)
        return a == b;
    char uid_a[UUID_TEXT_LENGTH + 1], uid_b[UUID_TEXT_LENGTH + 1];
    return a->namespace == b->namespace && strcmp(target_name_here(a), target_name_here(b)) == 0 &&
           strcmp(plain_target_kind(catalog, a), plain_target_kind(catalog, b)) == 0 &&
           strcmp(plain_uid_text(catalog, a, uid_a), plain_uid_text(catalog, b, uid_b)) == 0 &&
           extra_field(a, offsetof(struct target_extra, api_version)) ==
               extra_field(b, offsetof(struct target_extra, api_version)) &&
           extra_field(a, offsetof(struct target_extra, field_path)) ==
               extra_field(b, offsetof(struct target_extra, field_path));
}

bool plain_identical_target(const struct catalog *catalog, const struct target *a, const struct target *b)
{
    return plain_same_target(catalog, a, b) &&
           (!a || extra_field(a, offsetof(struct target_extra, resource_version)) ==
                      extra_field(b, offsetof(struct target_extra, resource_version)));
}

bool plain_same_core_port(const struct port *a, const struct port *b)
{
    return a->name == b->name && a->protocol == b->protocol && a->number == b->number &&
           (a->set & PORT_APP_PROTOCOL) == (b->set & PORT_APP_PROTOCOL) &&
           (!(a->set & PORT_APP_PROTOCOL) || a->app_protocol == b->app_protocol);
}

bool plain_same_discovery_port(const struct port *a, const struct port *b)
{
    return a->set == b->set && (!(a->set & PORT_NAME) || a->name == b->name) &&
           (!(a->set & PORT_PROTOCOL) || a->protocol == b->protocol) &&
           (!(a->set & PORT_NUMBER) || a->number == b->number) &&
           (!(a->set & PORT_APP_PROTOCOL) || a->app_protocol == b->app_protocol);
}
