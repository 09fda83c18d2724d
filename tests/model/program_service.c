/*
 * program_service.c: what befalls Services in a random program.
 */
#include <stdlib.h>
#include <string.h>

#include "model/program_parts.h"

/* --- events of Services --- */

static const struct labels *draw_selector(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][4] = {
        {"app", "a"}, {"app", "a", "tier", "x"}, {"tier", "x"}, {"app", "b"}, {"tier", "y", "app", "a"}};
    static const uint32_t counts[] = {1, 2, 1, 1, 2};
    if (program_chance(state, 15))
        return NULL;
    uint32_t i = program_chance(state, 50) ? 0 : program_below(state, 5);
    return program_make_labels(catalog, pairs[i], counts[i]);
}

struct port_draft {
    const char *name, *protocol, *app_protocol, *target_name;
    int32_t port, target;
};

/* The Service with other ports; takes `service` over. */
static struct service *with_ports(struct catalog *catalog, uint64_t *state, struct service *service)
{
    static const struct port_draft layouts[][3] = {
        {{"http", "TCP", NULL, "", 80, 8080}},
        {{"http", "TCP", NULL, "http", 80, 0}},
        {{"http", "TCP", NULL, "http", 80, 0}, {"metrics", "TCP", NULL, "metrics", 90, 0}},
        {{"http", "TCP", "kubernetes.io/h2c", "", 80, 8080}, {"https", "TCP", NULL, "", 443, 8443}},
        {{"a", "TCP", "x", "http", 80, 0}, {"b", "TCP", "x", "http", 81, 0},
            {"dns", "UDP", NULL, "dns", 53, 0}},
        {{"none", "TCP", NULL, "nope", 80, 0}},
        {{"none", "TCP", NULL, "nope", 80, 0}, {"http", "TCP", NULL, "", 81, 8080}},
        {{NULL, NULL, NULL, NULL, 0, 0}},
    };
    uint32_t which = program_below(state, 8), count = 0;
    while (count < 3 && layouts[which][count].name)
        count++;
    struct service *edited = service_edit(service, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct port_draft *draft = &layouts[which][i];
        edited->ports[i] = (struct service_port){
            .name = catalog_sym(catalog, count == 1 ? "" : draft->name),
            .protocol = catalog_sym(catalog, draft->protocol),
            .app_protocol = catalog_sym(catalog, draft->app_protocol ? draft->app_protocol : ""),
            .has_app_protocol = draft->app_protocol != NULL,
            .target_name = catalog_sym(catalog, draft->target_name),
            .port = draft->port,
            .target_port = draft->target,
        };
    }
    service_unref(service);
    return edited;
}

static const struct labels *draw_service_labels(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][4] = {
        {"app", "web"},
        {"app", "web", "rev", "1"},
        {"rev", "2"},
        {"app", "web", "service.kubernetes.io/headless", "mine"},
        {"app", "web", "endpoints.kubernetes.io/managed-by", "me"},
        {"kubernetes.io/service-name", "other", "endpointslice.kubernetes.io/managed-by", "me"},
    };
    static const uint32_t counts[] = {1, 2, 1, 2, 2, 2};
    if (program_chance(state, 20))
        return labels_empty(catalog);
    uint32_t i = program_chance(state, 70) ? program_below(state, 3) : program_below(state, 6);
    return program_make_labels(catalog, pairs[i], counts[i]);
}

static const struct labels *draw_annotations(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][4] = {
        {"service.kubernetes.io/topology-mode", "Auto"},
        {"service.kubernetes.io/topology-aware-hints", "auto"},
        {"service.kubernetes.io/topology-mode", "Auto", "service.kubernetes.io/topology-aware-hints",
            "Disabled"},
        {"service.kubernetes.io/topology-mode", "AUTO"},
    };
    static const uint32_t counts[] = {1, 1, 2, 1};
    if (program_chance(state, 60))
        return labels_empty(catalog);
    uint32_t i = program_chance(state, 60) ? 0 : program_below(state, 4);
    return program_make_labels(catalog, pairs[i], counts[i]);
}

static void draw_flags(struct catalog *catalog, uint64_t *state, struct service *service)
{
    static const struct {
        uint8_t families[2];
        uint8_t count;
    } families[] = {{{IP_V4}, 1}, {{IP_V4, IP_V6}, 2}, {{IP_V6, IP_V4}, 2}, {{IP_V6}, 1}, {{0}, 0}};
    static const char *const cluster_ips[] = {"10.96.0.10", "None", "", "fd00:96::10"};
    uint32_t f = program_chance(state, 60) ? 0 : program_below(state, 5);
    service->families[0] = families[f].families[0];
    service->families[1] = families[f].families[1];
    service->family_count = families[f].count;
    service->cluster_ip =
        catalog_sym(catalog, cluster_ips[program_chance(state, 60) ? 0 : program_below(state, 4)]);
    static const char *const distributions[] = {"PreferClose", "PreferSameZone", "PreferSameNode", "Bogus"};
    service->traffic_distribution =
        catalog_sym(catalog, program_chance(state, 50) ? "" : distributions[program_below(state, 4)]);
    service->meta.annotations = draw_annotations(catalog, state);
    service->publish_not_ready_addresses = program_chance(state, 20);
    service->type = program_chance(state, 4) ? SERVICE_EXTERNAL_NAME : SERVICE_CLUSTER_IP;
    service->meta.deletion_s =
        program_chance(state, 4) ? service->meta.created_s : TIME_NONE; /* a finalizer */
}

static void describe_service(
    const struct catalog *catalog, const struct service *service, const char *what, struct text *out)
{
    if (!out)
        return;
    text_printf(out, "service %s/%s %s: clusterIP '%s'%s%s%s, families [",
        catalog_text(catalog, service->meta.namespace), catalog_text(catalog, service->meta.name), what,
        catalog_text(catalog, service->cluster_ip),
        service->publish_not_ready_addresses ? ", publishNotReadyAddresses" : "",
        service->type == SERVICE_EXTERNAL_NAME ? ", ExternalName" : "",
        service->meta.deletion_s != TIME_NONE ? ", being deleted" : "");
    for (uint32_t i = 0; i < service->family_count; i++)
        text_printf(out, "%s%u", i ? " " : "", service->families[i]);
    text_printf(out, "], distribution '%s'", catalog_text(catalog, service->traffic_distribution));
    for (uint32_t i = 0; i < service->meta.annotations->count; i++)
        text_printf(out, ", %s=%s", catalog_text(catalog, service->meta.annotations->items[i].key),
            catalog_text(catalog, service->meta.annotations->items[i].value));
    text_add(out, ", selector ");
    text_add(out, service->selector ? "{" : "none");
    for (uint32_t i = 0; service->selector && i < service->selector->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, service->selector->items[i].key),
            catalog_text(catalog, service->selector->items[i].value));
    text_add(out, service->selector ? "}, ports {" : ", ports {");
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port *port = &service->ports[i];
        text_printf(out, "%s%s/%s->%s%d", i ? " " : "", catalog_text(catalog, port->name),
            catalog_text(catalog, port->protocol), catalog_text(catalog, port->target_name),
            port->target_port);
    }
    text_add(out, "}, labels {");
    for (uint32_t i = 0; i < service->meta.labels->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, service->meta.labels->items[i].key),
            catalog_text(catalog, service->meta.labels->items[i].value));
    text_add(out, "}");
}

/* As an API server would have it after `old` (NULL: new); takes `service` over. */
static struct service *tame(struct catalog *catalog, const struct service *old, struct service *service)
{
    bool external = service->type == SERVICE_EXTERNAL_NAME;
    service->external_name = external ? catalog_sym(catalog, "example.com") : SYM_EMPTY;
    if (external)
        service->cluster_ip = SYM_EMPTY;
    else if (old && old->cluster_ip != SYM_EMPTY)
        service->cluster_ip = old->cluster_ip;
    else if (service->cluster_ip == SYM_EMPTY)
        service->cluster_ip = catalog_sym(catalog, "10.96.0.10");
    if (service->traffic_distribution == catalog_sym(catalog, "Bogus"))
        service->traffic_distribution = SYM_EMPTY;
    if (service->family_count == 0) {
        service->families[0] = IP_V4;
        service->family_count = 1;
    }
    if (old && old->meta.deletion_s != TIME_NONE)
        service->meta.deletion_s = old->meta.deletion_s;
    if (service->port_count > 0 || external || service->cluster_ip == catalog_sym(catalog, "None"))
        return service;
    struct service *with_port = service_edit(service, 1);
    with_port->ports[0] =
        (struct service_port){.protocol = catalog_sym(catalog, "TCP"), .port = 80, .target_port = 8080};
    service_unref(service);
    return with_port;
}

static struct service *new_service(struct program_world *world, uint64_t *state, uint32_t number)
{
    struct catalog *catalog = store_catalog(world->store);
    struct service *service = service_create(catalog, 0);
    service->meta.namespace = program_service_namespace(catalog, number);
    service->meta.name = program_service_name(catalog, number);
    service->meta.uid = program_new_uid(world);
    service->meta.created_s = store_now_s(world->store);
    service->meta.labels = draw_service_labels(catalog, state);
    service->selector = draw_selector(catalog, state);
    draw_flags(catalog, state, service);
    service = with_ports(catalog, state, service);
    return world->wild ? service : tame(catalog, NULL, service);
}

void program_apply_service(struct program_world *world, const struct program_event *event, struct text *out)
{
    uint64_t salt = event->salt, *state = &salt;
    struct catalog *catalog = store_catalog(world->store);
    uint32_t number = event->subject % PROGRAM_SERVICES;
    sym namespace = program_service_namespace(catalog, number), name = program_service_name(catalog, number);
    const struct service *old = store_service(world->store, namespace, name);
    if (!old) {
        if (event->kind != PROGRAM_SERVICE_PUT && event->kind != PROGRAM_SERVICE_REPLACE)
            return;
        struct service *created = new_service(world, state, number);
        describe_service(catalog, created, "created", out);
        program_put_service(world, created);
        return;
    }
    if (event->kind == PROGRAM_SERVICE_DELETE || event->kind == PROGRAM_SERVICE_REPLACE) {
        if (out)
            text_printf(
                out, "service %s/%s deleted", catalog_text(catalog, namespace), catalog_text(catalog, name));
        program_remove_service(world, namespace, name);
        if (event->kind == PROGRAM_SERVICE_DELETE)
            return;
        struct service *again = new_service(world, state, number);
        if (out)
            text_add(out, "\n           and ");
        describe_service(catalog, again, "created again", out);
        program_put_service(world, again);
        return;
    }
    struct service *service = service_edit(old, old->port_count);
    for (uint32_t i = 0; i < old->port_count; i++)
        service->ports[i] = old->ports[i];
    if (event->kind == PROGRAM_SERVICE_SELECTOR)
        service->selector = draw_selector(catalog, state);
    else if (event->kind == PROGRAM_SERVICE_LABELS)
        service->meta.labels = draw_service_labels(catalog, state);
    else if (event->kind == PROGRAM_SERVICE_FLAGS)
        draw_flags(catalog, state, service);
    else if (event->kind != PROGRAM_SERVICE_TOUCH)
        service = with_ports(catalog, state, service);
    if (!world->wild)
        service = tame(catalog, old, service);
    describe_service(catalog, service, "changed", out);
    program_put_service(world, service);
}
