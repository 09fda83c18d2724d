/*
 * program_world.c: the one door through which random programs change the world: store, engine, twin, and the
 * script of what was done, when somebody wants one.
 */
#include <string.h>

#include "model/program_parts.h"
#include "model/program_script.h"

struct uuid program_new_uid(struct program_world *world)
{
    uint64_t high = program_random(&world->uids);
    return uuid_from_random(high, program_random(&world->uids));
}

/* A starting state is printed as it is when everybody starts. */
static struct program_script *script_of(const struct program_world *world)
{
    return world->engine ? world->script : NULL;
}

void program_put_pod(struct program_world *world, struct pod *pod)
{
    const struct pod *old =
        store_pod(world->store, pod_self(pod)->namespace, target_name_here(pod_self(pod)));
    script_put_pod(script_of(world), world->store, old, pod);
    store_put_pod(world->store, pod);
}

void program_replace_pod(struct program_world *world, struct pod *pod)
{
    const struct pod *old =
        store_pod(world->store, pod_self(pod)->namespace, target_name_here(pod_self(pod)));
    script_relist(script_of(world));
    script_put_pod(script_of(world), world->store, old, pod);
    store_replace_pod(world->store, pod);
}

void program_remove_pod(struct program_world *world, const struct pod *pod)
{
    sym namespace = pod_self(pod)->namespace;
    char name[16];
    snprintf(name, sizeof name, "%s", target_name_here(pod_self(pod))); /* the pod may go with its name */
    script_delete(script_of(world), store_catalog(world->store), "pod", namespace, name);
    store_remove_pod(world->store, namespace, name);
}

void program_put_service(struct program_world *world, struct service *service)
{
    script_put_service(script_of(world), store_catalog(world->store), service);
    store_put_service(world->store, service);
}

void program_remove_service(struct program_world *world, sym namespace, sym name)
{
    struct catalog *catalog = store_catalog(world->store);
    script_delete(script_of(world), catalog, "service", namespace, catalog_text(catalog, name));
    store_remove_service(world->store, namespace, name);
}

void program_put_node(struct program_world *world, struct node *node)
{
    if (uid_is_none(node->meta.uid, node->meta.uid_text))
        node->meta.uid = program_new_uid(world);
    script_put_node(script_of(world), store_catalog(world->store), node);
    store_put_node(world->store, node);
}

void program_remove_node(struct program_world *world, sym name)
{
    struct catalog *catalog = store_catalog(world->store);
    if (!store_node(world->store, name))
        return;
    script_delete(script_of(world), catalog, "node", SYM_EMPTY, catalog_text(catalog, name));
    store_remove_node(world->store, name);
}

/* An API server takes no subset without addresses, which truncation leaves now and then. */
static void tame_endpoints(struct endpoints *endpoints)
{
    struct subset_list kept = {0};
    for (uint32_t i = 0; i < endpoints->subsets.items.count; i++) {
        struct subset *subset = &endpoints->subsets.items.items[i];
        if (subset->addresses.count + subset->not_ready_addresses.count > 0)
            vec_push(&kept.items, *subset);
        else
            subset_fini(subset);
    }
    vec_fini(&endpoints->subsets.items);
    endpoints->subsets = kept;
}

/* Nor an address of another family than the slice's, or an empty hostname. */
static bool is_tame(
    const struct catalog *catalog, const struct endpointslice *slice, const struct endpoint *endpoint)
{
    enum ip_family family = slice->address_type == ADDRESS_IPV6 ? IP_V6 : IP_V4;
    bool good =
        (endpoint_flags(endpoint) & ENDPOINT_HOSTNAME) == 0 || endpoint_hostname(endpoint) != SYM_EMPTY;
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        const char *text = endpoint_address(catalog, endpoint, i, buffer, &length);
        good &= slice->address_type == ADDRESS_FQDN || ip_parse(text, length).family == family;
    }
    return good;
}

static void tame_slice(const struct catalog *catalog, struct endpointslice *slice)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        if (is_tame(catalog, slice, endpointslice_at(slice, i)))
            endpointslice_put(slice, kept++, endpointslice_at(slice, i));
        else
            endpoint_unref(endpointslice_at(slice, i));
    }
    slice->endpoints.count = kept;
}

void program_write_endpoints(struct program_world *world, struct endpoints *endpoints, sym writer)
{
    sym namespace = endpoints->meta.namespace, name = endpoints->meta.name;
    if (!world->wild)
        tame_endpoints(endpoints);
    struct endpoints *theirs = twin_copy_endpoints(world->twin, endpoints);
    endpoints->manager = writer;
    if (world->engine) {
        script_write_endpoints(world->script, store_catalog(world->store), endpoints);
        engine_apply_endpoints(world->engine, endpoints);
    } else {
        endpoints->meta.uid = program_new_uid(world);
        store_create_endpoints(world->store, endpoints, true);
    }
    theirs->meta.uid = store_endpoints(world->store, namespace, name)->meta.uid;
    twin_apply_endpoints(world->twin, theirs);
}

void program_delete_endpoints(struct program_world *world, sym namespace, sym name)
{
    struct catalog *catalog = store_catalog(world->store);
    if (store_endpoints(world->store, namespace, name))
        script_delete(world->script, catalog, "endpoints", namespace, catalog_text(catalog, name));
    twin_delete_endpoints(world->twin, namespace, name);
    engine_delete_endpoints(world->engine, namespace, name);
}

void program_write_slice(struct program_world *world, struct endpointslice *slice, sym writer)
{
    if (!world->wild)
        tame_slice(store_catalog(world->store), slice);
    slice->ports_nil = slice->ports->count == 0;
    slice->endpoints_nil = slice->endpoints.count == 0;
    /* What the list's sum was, is for the receiver to count again. */
    struct endpointslice *copy = twin_copy_slice(world->twin, slice);
    struct endpointslice *theirs = twin_copy_slice(world->twin, slice);
    endpointslice_destroy(slice);
    theirs->manager = writer;
    twin_apply_slice(world->twin, copy);
    if (world->engine) {
        script_write_slice(world->script, store_catalog(world->store), theirs);
        engine_apply_endpointslice(world->engine, theirs);
    } else {
        theirs->meta.generation = 1;
        theirs->meta.uid = program_new_uid(world);
        store_create_endpointslice(world->store, theirs, true);
    }
}

void program_delete_slice(struct program_world *world, sym namespace, sym name)
{
    struct catalog *catalog = store_catalog(world->store);
    script_delete(world->script, catalog, "endpointslice", namespace, catalog_text(catalog, name));
    twin_delete_slice(world->twin, namespace, name);
    engine_delete_endpointslice(world->engine, namespace, name);
}
