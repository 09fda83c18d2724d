/*
 * kube_encode.c: see kube_encode.h. The trees come from model/encode_json.h; managedFields are left out, as
 * kubectl leaves them out.
 */
#include "cli/kube_encode.h"

#include <stdlib.h>

#include "base/json_yaml.h"
#include "base/mem.h"
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

void kube_encoder_destroy(struct kube_encoder *encoder)
{
    if (encoder == NULL)
        return;
    arena_fini(&encoder->arena);
    free(encoder);
}
