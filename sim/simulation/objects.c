/*
 * objects.c: services, nodes and pods; see objects.h. Endpoints and slices stand in objects_endpoints.c.
 */
#include "simulation/objects.h"

#include <string.h>

#include "base/vec.h"
#include "simulation/cluster.h"
#include "simulation/objects_meta.h"

static sym text_sym(struct cluster *cluster, const char *text)
{
    return text ? cluster_sym(cluster, text) : SYM_EMPTY;
}

/* --- labels and metadata ------------------------------------------------------------------------- */

const struct labels *objects_labels(struct cluster *cluster, const struct text_map *map)
{
    return objects_merge(cluster, labels_empty(cluster->catalog), map);
}

static const struct labels *merge(
    struct cluster *cluster, const struct labels *labels, const struct text_map *map)
{
    VEC(struct label) items = {0};
    for (uint32_t i = 0; i < labels->count; i++)
        vec_push(&items, labels->items[i]);
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->items[i].value)
            vec_push(&items, ((struct label){cluster_sym(cluster, map->items[i].key),
                                 cluster_sym(cluster, map->items[i].value)}));
    }
    const struct labels *merged = labels_intern(cluster->catalog, items.items, items.count);
    vec_fini(&items);
    for (uint32_t i = 0; i < map->count; i++) {
        if (!map->items[i].value)
            merged = labels_without(cluster->catalog, merged, cluster_sym(cluster, map->items[i].key));
    }
    return merged;
}

const struct labels *objects_merge(
    struct cluster *cluster, const struct labels *labels, const struct text_map *map)
{
    if (map->count == 0)
        return labels;
    const struct labels *merged = bindings_merged(cluster, labels, map);
    if (!merged) {
        merged = merge(cluster, labels, map);
        bindings_keep_merged(cluster, labels, map, merged);
    }
    return merged;
}

struct uuid objects_uid(struct cluster *cluster, const char *text, sym *out_text)
{
    struct uuid uid = {{0}};
    *out_text = SYM_EMPTY;
    if (!text || !*text)
        return store_new_uid(cluster->store);
    if (!uuid_parse(text, strlen(text), &uid))
        *out_text = cluster_sym(cluster, text);
    return uid;
}

/* The trigger time stands apart when it is in canonical form (meta.h). */
static void take_trigger_time(struct cluster *cluster, struct meta *meta)
{
    sym key = catalog_word(cluster->catalog, WORD_TRIGGER_TIME), value;
    meta->trigger_s = TIME_NONE;
    if (!labels_get(meta->annotations, key, &value))
        return;
    const char *text = cluster_text(cluster, value);
    int64_t ns;
    if (!rfc3339_parse(text, strlen(text), &ns) || ns % NS_PER_S != 0)
        return;
    struct text canonical = {0};
    text_add_rfc3339(&canonical, ns);
    if (!strcmp(canonical.data, text)) {
        meta->trigger_s = ns / NS_PER_S;
        meta->annotations = labels_without(cluster->catalog, meta->annotations, key);
    }
    text_fini(&canonical);
}

void objects_meta(struct cluster *cluster, const struct metadata_spec *spec, struct meta *out)
{
    out->namespace = text_sym(cluster, spec->namespace);
    out->name = text_sym(cluster, spec->name);
    out->generate_name = text_sym(cluster, spec->generate_name);
    out->uid = objects_uid(cluster, spec->uid, &out->uid_text);
    out->resource_version = spec->resource_version;
    out->generation = spec->generation;
    out->created_s = spec->created_s == TIME_NONE ? cluster_now_s(cluster) : spec->created_s;
    out->deletion_s = spec->deletion_s;
    out->labels = objects_labels(cluster, &spec->labels);
    out->annotations = objects_labels(cluster, &spec->annotations);
    take_trigger_time(cluster, out);
}

/* What a manifest says of labels and annotations; identity and times stay. */
static void replace_meta(struct cluster *cluster, const struct metadata_spec *spec, struct meta *meta)
{
    meta->labels = objects_labels(cluster, &spec->labels);
    meta->annotations = objects_labels(cluster, &spec->annotations);
    if (spec->deletion_s != TIME_NONE) /* never taken back */
        meta->deletion_s = spec->deletion_s;
    take_trigger_time(cluster, meta);
}

const struct port_list *objects_container_ports(struct cluster *cluster, const struct pod_spec *spec)
{
    VEC(struct port) ports = {0};
    for (uint32_t i = 0; i < spec->container_port_count; i++) {
        const struct container_port_spec *port = &spec->container_ports[i];
        vec_push(&ports, ((struct port){
                             .name = text_sym(cluster, port->name),
                             .protocol = text_sym(cluster, port->protocol),
                             .number = port->number,
                             .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
                         }));
    }
    const struct port_list *list = ports_intern(cluster->catalog, ports.items, ports.count);
    vec_fini(&ports);
    return list;
}

/* --- services ------------------------------------------------------------------------------------ */

static void set_service_ports(
    struct cluster *cluster, struct service *service, const struct service_spec *spec)
{
    for (uint32_t i = 0; i < spec->port_count; i++) {
        const struct service_port_spec *from = &spec->ports[i];
        struct service_port *port = &service->ports[i];
        *port = (struct service_port){
            .name = text_sym(cluster, from->name),
            .protocol = from->protocol && *from->protocol ? text_sym(cluster, from->protocol)
                                                          : catalog_word(cluster->catalog, WORD_TCP),
            .app_protocol = text_sym(cluster, from->app_protocol),
            .has_app_protocol = from->app_protocol != NULL,
            .target_name = text_sym(cluster, from->target_name),
            .port = from->port,
            .target_port = from->target_port,
            .node_port = from->node_port,
        };
        if (port->target_name == SYM_EMPTY && port->target_port == 0)
            port->target_port = port->port;
    }
}

static void set_families(struct cluster *cluster, struct service *service, const struct service_spec *spec,
    const struct service *existing)
{
    (void)cluster;
    if (spec->family_count > 0) {
        memcpy(service->families, spec->families, sizeof service->families);
        service->family_count = spec->family_count;
    } else if (!existing) {
        const char *given = spec->cluster_ip ? spec->cluster_ip : "";
        struct ip ip = ip_parse(given, strlen(given));
        service->families[0] = ip.family == IP_V6 ? IP_V6 : IP_V4;
        service->family_count = 1;
    }
}

/* False: failed. */
static bool set_cluster_ip(struct cluster *cluster, struct service *service, const struct manifest *manifest,
    const struct service *existing)
{
    const struct service_spec *spec = &manifest->service;
    const char *given = spec->cluster_ip ? spec->cluster_ip : "";
    sym before = existing ? existing->cluster_ip : SYM_EMPTY;
    if (service->type == SERVICE_EXTERNAL_NAME) {
        service->cluster_ip = SYM_EMPTY;
        return true;
    }
    if (*given) {
        service->cluster_ip = cluster_sym(cluster, given);
        if (before != SYM_EMPTY && before != service->cluster_ip) {
            cluster_fail(cluster, manifest->at, "spec.clusterIP of service '%s' is immutable: it is %s",
                manifest->metadata.name, cluster_text(cluster, before));
            return false;
        }
        ipam_reserve_cluster_ip(&cluster->ipam, ip_parse(given, strlen(given)));
        return true;
    }
    service->cluster_ip = before;
    if (before != SYM_EMPTY)
        return true;
    struct ip ip;
    char text[IP_TEXT_MAX];
    if (!ipam_take_cluster_ip(&cluster->ipam, (enum ip_family)service->families[0], &ip)) {
        cluster_fail(
            cluster, manifest->at, "no cluster IP is left for service '%s'", manifest->metadata.name);
        return false;
    }
    ip_format(ip, text);
    service->cluster_ip = cluster_sym(cluster, text);
    return true;
}

struct service *objects_service(
    struct cluster *cluster, const struct manifest *manifest, const struct service *existing)
{
    const struct service_spec *spec = &manifest->service;
    struct service *service = existing ? service_edit(existing, spec->port_count)
                                       : service_create(cluster->catalog, spec->port_count);
    if (existing)
        replace_meta(cluster, &manifest->metadata, &service->meta);
    else
        objects_meta(cluster, &manifest->metadata, &service->meta);
    service->type = spec->type;
    service->selector = spec->has_selector ? objects_labels(cluster, &spec->selector) : NULL;
    service->publish_not_ready_addresses = spec->publish_not_ready_addresses;
    service->traffic_distribution = text_sym(cluster, spec->traffic_distribution);
    service->external_name = text_sym(cluster, spec->external_name);
    set_service_ports(cluster, service, spec);
    set_families(cluster, service, spec, existing);
    if (!set_cluster_ip(cluster, service, manifest, existing)) {
        service_unref(service);
        return NULL;
    }
    return service;
}

/* --- nodes --------------------------------------------------------------------------------------- */

struct node *objects_node(
    struct cluster *cluster, const struct manifest *manifest, const struct node *existing)
{
    const struct node_spec *spec = &manifest->node;
    struct node *node = existing ? node_edit(existing) : node_create(cluster->catalog);
    if (existing)
        replace_meta(cluster, &manifest->metadata, &node->meta);
    else
        objects_meta(cluster, &manifest->metadata, &node->meta);
    node->meta.namespace = SYM_EMPTY;
    node->ready = spec->ready;
    node->unschedulable = spec->unschedulable;
    node->cpu_milli = spec->cpu_milli;
    node->pods_max = spec->pods_max;
    /* spec.podCIDRs cannot change once they are set. */
    for (uint32_t i = 0; !existing && i < spec->pod_range_count; i++) {
        const char *text = spec->pod_ranges[i];
        if (!ip_range_parse(text, strlen(text), &node->pod_ranges[i])) {
            cluster_fail(cluster, manifest->at, "'%s' of node '%s' is not a range of addresses", text,
                manifest->metadata.name);
            node_unref(node);
            return NULL;
        }
        if (i > 0 && node->pod_ranges[i].base.family == node->pod_ranges[0].base.family) {
            cluster_fail(cluster, manifest->at,
                "node '%s' has two ranges of one family: it may have one each", manifest->metadata.name);
            node_unref(node);
            return NULL;
        }
        node->pod_range_count = i + 1;
    }
    return node;
}

/* --- pods ---------------------------------------------------------------------------------------- */

static struct target *pod_target(struct cluster *cluster, const struct metadata_spec *metadata)
{
    sym namespace = cluster_sym(cluster, metadata->namespace);
    uint32_t length = (uint32_t)strlen(metadata->name);
    if (!metadata->uid || !*metadata->uid)
        return target_create_drawn(
            cluster->catalog, namespace, metadata->name, length, store_draw_uid(cluster->store));
    struct target_extra extra = {.kind = catalog_word(cluster->catalog, WORD_POD)};
    struct uuid uid = objects_uid(cluster, metadata->uid, &extra.uid_text);
    return target_create(cluster->catalog, namespace, metadata->name, length, uid, &extra);
}

struct pod *objects_pod(struct cluster *cluster, const struct manifest *manifest, const struct pod *existing)
{
    const struct metadata_spec *metadata = &manifest->metadata;
    const struct pod_spec *spec = &manifest->pod;
    struct pod *pod;
    if (existing) {
        pod = pod_edit(existing);
        if (metadata->deletion_s != TIME_NONE)
            pod_set_deletion(pod, metadata->deletion_s, spec->grace_s >= 0 ? spec->grace_s : 0);
    } else {
        int64_t created_s = metadata->created_s == TIME_NONE ? cluster_now_s(cluster) : metadata->created_s;
        pod = pod_create(cluster->catalog, pod_target(cluster, metadata), created_s);
        pod->resource_version = metadata->resource_version;
        pod_set_container_ports(pod, objects_container_ports(cluster, spec));
        pod->node_name = text_sym(cluster, spec->node_name);
        sym hostname = text_sym(cluster, spec->hostname);
        pod_set_hostname(pod, hostname, text_sym(cluster, spec->subdomain));
        pod_set_deletion(pod, metadata->deletion_s, spec->grace_s >= 0 ? spec->grace_s : 0);
    }
    pod_set_labels(pod, objects_labels(cluster, &metadata->labels));
    pod->phase = spec->phase;
    pod->ready = spec->ready;
    pod_set_ready_since(pod, spec->ready_since_s);
    pod_set_ips(pod, cluster->catalog, spec->ips, spec->ip_count);
    pod->has_pod_ip = spec->has_pod_ip;
    return pod;
}
