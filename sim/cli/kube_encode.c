/*
 * kube_encode.c: see kube_encode.h. The trees come from model/encode_json.h; managedFields are left out, as
 * kubectl leaves them out. Protobuf has them.
 */
#include "cli/kube_encode.h"

#include <stdlib.h>

#include "base/json_yaml.h"
#include "base/mem.h"
#include "model/encode.h"
#include "model/encode_json.h"

struct kube_encoder {
    const struct kube_view *view;
    struct arena arena;
    struct json_tree *list;
    struct json_tree *items;
};

struct kube_encoder *kube_encoder_create(const struct kube_view *view)
{
    struct kube_encoder *encoder = mem_zalloc(sizeof *encoder);
    encoder->view = view;
    arena_init(&encoder->arena);
    encoder->list = encode_list_json(&encoder->arena, &encoder->items);
    return encoder;
}

static struct json_tree *encode(struct kube_encoder *encoder, const struct kube_object *item)
{
    struct arena *arena = &encoder->arena;
    struct catalog *catalog = encoder->view->catalog;
    switch (item->kind) {
    case OBJECT_POD:
        return encode_pod_json(arena, catalog, item->object);
    case OBJECT_SERVICE:
        return encode_service_json(arena, catalog, item->object);
    case OBJECT_NODE:
        return encode_node_json(arena, catalog, item->object);
    case OBJECT_ENDPOINTSLICE:
        return encode_endpointslice_json(arena, catalog, item->object, NULL);
    case OBJECT_ENDPOINTS:
        break;
    }
    struct subset_list subsets = {0};
    repack_view(catalog, item->object, encoder->view->hash, &subsets);
    struct json_tree *json = encode_endpoints_json(arena, catalog, item->object, &subsets, NULL);
    subset_list_fini(&subsets);
    return json;
}

void kube_encoder_add(struct kube_encoder *encoder, const struct kube_object *objects, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        json_tree_add(encoder->items, encode(encoder, &objects[i]));
}

void kube_encoder_write(struct kube_encoder *encoder, bool alone, bool yaml, struct text *out)
{
    const struct json_tree *json = alone ? encoder->items->value.children.first : encoder->list;
    if (yaml)
        json_tree_write_yaml(json, out);
    else
        json_tree_write_indented(json, out);
}

static int64_t written_s(const struct meta *meta)
{
    return meta->trigger_s != TIME_NONE ? meta->trigger_s : meta->created_s;
}

void kube_encode_protobuf(const struct kube_view *view, const struct kube_object *item, struct text *out)
{
    struct catalog *catalog = view->catalog;
    struct text object = {0};
    struct arena arena;
    arena_init(&arena);
    if (item->kind == OBJECT_ENDPOINTS) {
        const struct endpoints *endpoints = item->object;
        struct managed_list managed =
            managed_of_endpoints(&arena, catalog, endpoints, written_s(&endpoints->meta));
        struct subset_list subsets = {0};
        repack_view(catalog, endpoints, view->hash, &subsets);
        encode_endpoints(catalog, endpoints, &subsets, &managed, &object);
        subset_list_fini(&subsets);
        encode_envelope("v1", "Endpoints", object.data, object.length, out);
    } else {
        const struct endpointslice *slice = item->object;
        struct managed_list managed =
            managed_of_endpointslice(&arena, catalog, slice, written_s(&slice->meta));
        encode_endpointslice(catalog, slice, &managed, &object);
        encode_envelope("discovery.k8s.io/v1", "EndpointSlice", object.data, object.length, out);
    }
    text_fini(&object);
    arena_fini(&arena);
}

void kube_encoder_destroy(struct kube_encoder *encoder)
{
    if (encoder == NULL)
        return;
    arena_fini(&encoder->arena);
    free(encoder);
}
