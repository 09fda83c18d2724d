/*
 * objects_endpoints.c: Endpoints and EndpointSlices as somebody wrote them; see objects.h.
 */
#include <string.h>

#include "base/mem.h"
#include "simulation/cluster.h"
#include "simulation/objects.h"
#include "simulation/objects_meta.h"

static sym text_sym(struct cluster *cluster, const char *text)
{
    return text ? cluster_sym(cluster, text) : SYM_EMPTY;
}

static struct target *target_from(struct cluster *cluster, const struct endpoint_spec *spec)
{
    struct target_extra extra = {
        .kind = text_sym(cluster, spec->target_kind),
        .api_version = text_sym(cluster, spec->target_api_version),
        .resource_version = text_sym(cluster, spec->target_resource_version),
        .field_path = text_sym(cluster, spec->target_field_path),
    };
    struct uuid uid = {{0}};
    const char *uid_text = spec->target_uid ? spec->target_uid : "";
    if (*uid_text && !uuid_parse(uid_text, strlen(uid_text), &uid))
        extra.uid_text = cluster_sym(cluster, uid_text);
    const char *name = spec->target_name ? spec->target_name : "";
    return target_create(cluster->catalog, text_sym(cluster, spec->target_namespace), name,
        (uint32_t)strlen(name), uid, &extra);
}

static sym *sym_list(struct cluster *cluster, const char *const *texts, uint32_t count)
{
    sym *list = mem_array(NULL, count, sizeof *list);
    for (uint32_t i = 0; i < count; i++)
        list[i] = text_sym(cluster, texts[i]);
    return list;
}

/* Everything that is the same in an address and in an endpoint of a slice. */
static struct endpoint *endpoint_from(
    struct cluster *cluster, const struct endpoint_spec *spec, bool in_slice)
{
    struct endpoint_draft draft = {
        .hostname = text_sym(cluster, spec->hostname),
        .node_name = text_sym(cluster, spec->node_name),
        .zone = text_sym(cluster, spec->zone),
        .target = spec->has_target ? target_from(cluster, spec) : NULL,
    };
    if (in_slice) {
        draft.ready = spec->ready;
        draft.serving = spec->serving;
        draft.terminating = spec->terminating;
    }
    if (spec->node_name)
        draft.flags |= in_slice ? ENDPOINT_SLICE_NODE_NAME : ENDPOINT_ADDRESS_NODE_NAME;
    if (spec->hostname)
        draft.flags |= ENDPOINT_HOSTNAME;
    if (spec->zone)
        draft.flags |= ENDPOINT_ZONE;
    struct endpoint_extra *extra = mem_zalloc(sizeof *extra);
    extra->address_count = spec->address_count;
    extra->addresses = sym_list(cluster, spec->addresses, spec->address_count);
    if (spec->deprecated_topology.count > 0)
        extra->deprecated_topology = objects_labels(cluster, &spec->deprecated_topology);
    if (spec->has_hints) {
        extra->has_hints = true;
        extra->zone_hint_count = spec->zone_hint_count;
        extra->zone_hints = sym_list(cluster, spec->zone_hints, spec->zone_hint_count);
        extra->node_hint_count = spec->node_hint_count;
        extra->node_hints = sym_list(cluster, spec->node_hints, spec->node_hint_count);
    }
    draft.extra = extra;
    return endpoint_create(cluster->catalog, &draft);
}

static const struct port_list *ports_from(
    struct cluster *cluster, const struct port_spec *specs, uint32_t count)
{
    struct port *ports = mem_array(NULL, count, sizeof *ports);
    for (uint32_t i = 0; i < count; i++) {
        const struct port_spec *spec = &specs[i];
        ports[i] = (struct port){
            .name = text_sym(cluster, spec->name),
            .protocol = text_sym(cluster, spec->protocol),
            .app_protocol = text_sym(cluster, spec->app_protocol),
            .number = spec->number,
        };
        if (spec->name)
            ports[i].set |= PORT_NAME;
        if (spec->protocol)
            ports[i].set |= PORT_PROTOCOL;
        if (spec->app_protocol)
            ports[i].set |= PORT_APP_PROTOCOL;
        if (spec->has_number)
            ports[i].set |= PORT_NUMBER;
    }
    const struct port_list *list = ports_intern(cluster->catalog, ports, count);
    free(ports);
    return list;
}

struct endpoints *objects_endpoints(struct cluster *cluster, const struct manifest *manifest)
{
    const struct endpoints_spec *spec = &manifest->endpoints;
    struct endpoints *endpoints = endpoints_create(cluster->catalog);
    objects_meta(cluster, &manifest->metadata, &endpoints->meta);
    sym key = catalog_word(cluster->catalog, WORD_OVER_CAPACITY), value;
    if (labels_get(endpoints->meta.annotations, key, &value) &&
        value == catalog_word(cluster->catalog, WORD_TRUNCATED)) {
        endpoints->over_capacity = true;
        endpoints->meta.annotations = labels_without(cluster->catalog, endpoints->meta.annotations, key);
    }
    endpoints->is_explicit = true;
    for (uint32_t i = 0; i < spec->subset_count; i++) {
        const struct subset_spec *from = &spec->subsets[i];
        struct subset subset = {.ports = ports_from(cluster, from->ports, from->port_count)};
        for (uint32_t k = 0; k < from->address_count; k++)
            vec_push(&subset.addresses, endpoint_from(cluster, &from->addresses[k], false));
        for (uint32_t k = 0; k < from->not_ready_count; k++)
            vec_push(
                &subset.not_ready_addresses, endpoint_from(cluster, &from->not_ready_addresses[k], false));
        vec_push(&endpoints->subsets.items, subset);
    }
    return endpoints;
}

struct endpointslice *objects_endpointslice(struct cluster *cluster, const struct manifest *manifest)
{
    const struct endpointslice_spec *spec = &manifest->endpointslice;
    const struct metadata_spec *metadata = &manifest->metadata;
    struct endpointslice *slice = endpointslice_create(cluster->catalog);
    objects_meta(cluster, metadata, &slice->meta);
    slice->address_type = spec->address_type;
    slice->ports = ports_from(cluster, spec->ports, spec->port_count);
    slice->ports_nil = spec->ports_nil;
    slice->endpoints_nil = spec->endpoints_nil;
    slice->owner_count = metadata->owner_count;
    slice->owners = mem_array(NULL, metadata->owner_count, sizeof *slice->owners);
    for (uint32_t i = 0; i < metadata->owner_count; i++) {
        const struct owner_spec *from = &metadata->owners[i];
        slice->owners[i] = (struct owner){
            .kind = text_sym(cluster, from->kind),
            .name = text_sym(cluster, from->name),
            .api_version = text_sym(cluster, from->api_version),
            .controller = from->controller,
            .block_owner_deletion = from->block_owner_deletion,
        };
        const char *uid = from->uid ? from->uid : "";
        if (!uuid_parse(uid, strlen(uid), &slice->owners[i].uid))
            slice->owners[i].uid_text = cluster_sym(cluster, uid);
    }
    for (uint32_t i = 0; i < spec->endpoint_count; i++)
        endpointslice_append(slice, endpoint_from(cluster, &spec->endpoints[i], true));
    return slice;
}
